// Walks the bound tree of a condition down to its comparisons and asks for the value of each side.
#include "ask/conditions.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ask/entities.h"
#include "rules/functions/function.h"
#include "support/text.h"
#include "support/typed_value.h"

namespace advise::ask {
namespace {

using rules::BoundExpr;
using rules::ExprKind;
using rules::Truth;

constexpr std::size_t kMostFindings = 5;

// Without the `not`s around it.
const BoundExpr& Core(const BoundExpr& expr) {
  const BoundExpr* core = &expr;
  while (core->kind == ExprKind::Not) core = &core->operands[0];
  return *core;
}

// `a and b and c` is one list.
void Flatten(const BoundExpr& expr, ExprKind kind, std::vector<const BoundExpr*>& parts) {
  if (expr.kind != kind) return parts.push_back(&expr);
  for (const BoundExpr& operand : expr.operands) Flatten(operand, kind, parts);
}

// "p50", "p99_9"
std::string NameOf(const BoundExpr& call) {
  if (call.function == rules::FunctionId::Quantile) {
    char text[32];
    std::snprintf(text, sizeof text, "p%g", call.number * 100);
    std::string name = text;
    std::ranges::replace(name, '.', '_');
    return name;
  }
  for (const rules::RuleFunction& function : rules::AllFunctions()) {
    if (function.id == call.function) return std::string(function.name);
  }
  return {};
}

}  // namespace

std::string_view OpText(rules::ast::BinaryOp op) {
  switch (op) {
    case rules::ast::BinaryOp::Eq: return "=";
    case rules::ast::BinaryOp::Ne: return "!=";
    case rules::ast::BinaryOp::Lt: return "<";
    case rules::ast::BinaryOp::Le: return "<=";
    case rules::ast::BinaryOp::Gt: return ">";
    case rules::ast::BinaryOp::Ge: return ">=";
    default: return "";
  }
}

bool IsLimit(const BoundExpr& expr) {
  bool limit = true;
  rules::ForEach(expr, [&](const BoundExpr& e) {
    const bool constant = e.kind == ExprKind::Constant || e.kind == ExprKind::Param ||
                          e.kind == ExprKind::Arithmetic || e.kind == ExprKind::Negate || e.kind == ExprKind::Conf ||
                          (e.kind == ExprKind::Call && e.operands[0].type.IsNumber());
    limit = limit && constant;
  });
  return limit;
}

ConditionReader::ConditionReader(const rules::RuleSet& set, const model::JobModel& model,
                                 const rules::MatchResults& results, const std::vector<rules::GroupRow>& groups,
                                 const SourceManager& sources)
    : set_(set), model_(model), results_(results), sources_(sources), reader_(results, groups) {}

void ConditionReader::Look(const rules::BoundRule& rule, std::span<const std::uint32_t> rows) {
  rule_ = &rule;
  rows_.assign(rows.begin(), rows.end());
}

std::optional<std::string> ConditionReader::Value(const BoundExpr& expr) {
  return PrintValue(reader_.Value(rows_, expr, rule_->slots));
}
std::optional<double> ConditionReader::Number(const BoundExpr& expr) {
  return reader_.Number(rows_, expr, rule_->slots);
}
Truth ConditionReader::Test(const BoundExpr& expr) { return reader_.Test(rows_, expr, rule_->slots); }

// A call names what it is applied to, for inside a definition its argument has another name.
std::string ConditionReader::Text(const BoundExpr& expr) const {
  if (expr.kind == ExprKind::Call)
    return NameOf(expr) + "(" + Join(expr.operands, ", ", [this](const BoundExpr& e) { return Text(e); }) + ")";
  return TextOf(sources_, expr.span);
}

std::vector<ParamShown> ConditionReader::Params(const BoundExpr& expr) {
  std::vector<ParamShown> shown;
  rules::ForEach(expr, [&](const BoundExpr& e) {
    if (e.kind != ExprKind::Param || std::ranges::find(shown, e.param, &ParamShown::param) != shown.end()) return;
    const rules::BoundParam& param = set_.params[e.param];
    TypedValue value{FormOf(param.type), param.value.number, param.value.text};
    shown.push_back({e.param, param.name, param.pack, PrintValue(value).value_or(""), param.range_text,
                     param.set_by, PlaceOf(set_, sources_, param.span)});
  });
  return shown;
}

void ConditionReader::AddTerms(const BoundExpr& expr, std::vector<TermShown>& terms, bool top) {
  switch (expr.kind) {
    case ExprKind::Constant:
    case ExprKind::Param: return;
    case ExprKind::Arithmetic:
    case ExprKind::Negate:
    case ExprKind::Coalesce:
      for (const BoundExpr& operand : expr.operands) AddTerms(operand, terms, false);
      return;
    case ExprKind::Call:
      if (expr.operands[0].type.IsNumber()) {
        for (const BoundExpr& operand : expr.operands) AddTerms(operand, terms, false);
        return;
      }
      break;
    default: break;
  }
  if (top) return;  // its value is told already
  std::string text = Text(expr);
  if (std::ranges::find(terms, text, &TermShown::text) == terms.end()) terms.push_back({std::move(text), Value(expr)});
}

std::vector<TermShown> ConditionReader::Terms(const BoundExpr& expr) {
  std::vector<TermShown> terms;
  AddTerms(expr, terms, true);
  return terms;
}

void ConditionReader::AddFindings(const BoundExpr& atom, ConditionShown& shown) {
  shown.asks_rule = true;
  shown.asked = set_.rules[atom.rule].Id();
  for (const rules::Match& match : results_.matches) {
    if (match.rule != atom.rule) continue;
    bool agrees = true;
    for (std::size_t i = 0; i < match.head.size(); ++i) {
      const BoundExpr& argument = atom.operands[i];
      if (argument.kind == ExprKind::Slot) agrees = agrees && rows_[argument.slot] == match.head[i];
    }
    if (!agrees) continue;
    if (shown.findings.size() == kMostFindings) {
      shown.findings.emplace_back("…");
      return;
    }
    shown.findings.push_back(HeadText(set_, model_, results_.groups, match.rule, match.head));
  }
}

ConditionShown ConditionReader::Condition(const BoundExpr& expr, std::string text) {
  ConditionShown shown;
  shown.text = text.empty() ? TextOf(sources_, expr.span) : std::move(text);
  shown.place = PlaceOf(set_, sources_, expr.span);
  shown.truth = Test(expr);
  shown.params = Params(expr);
  const BoundExpr& core = Core(expr);
  switch (core.kind) {
    case ExprKind::And:
    case ExprKind::Or: {
      std::vector<const BoundExpr*> parts;
      Flatten(core, core.kind, parts);
      for (const BoundExpr* part : parts) shown.parts.push_back(Condition(*part));
      shown.op = core.kind == ExprKind::And ? "and" : "or";
      shown.params.clear();  // the parts tell them
      break;
    }
    case ExprKind::If:
      shown.op = "if";
      shown.parts.push_back(Condition(core.operands[0]));
      if (shown.parts[0].truth != Truth::Unknown)
        shown.parts.push_back(Condition(core.operands[shown.parts[0].truth == Truth::True ? 1 : 2]));
      shown.params.clear();
      break;
    case ExprKind::Compare: {
      const BoundExpr& left = core.operands[0];
      const BoundExpr& right = core.operands[1];
      shown.left = TermShown{Text(left), Value(left)};
      shown.right = TermShown{Text(right), Value(right)};
      shown.op = OpText(core.op);
      AddTerms(left, shown.terms, true);
      AddTerms(right, shown.terms, true);
      const auto a = Number(left);
      const auto b = Number(right);
      const auto limit = IsLimit(left) && !IsLimit(right) ? a : b;
      if (a && b && *limit != 0 && left.type.IsNumber()) shown.margin = std::abs(*a - *b) / std::abs(*limit);
      break;
    }
    case ExprKind::In:
    case ExprKind::Matches:
    case ExprKind::IsMissing:
      shown.left = TermShown{Text(core.operands[0]), Value(core.operands[0])};
      AddTerms(core.operands[0], shown.terms, true);
      break;
    case ExprKind::Atom: AddFindings(core, shown); break;
    default: break;
  }
  if (shown.truth == Truth::Unknown) shown.missing = reader_.Missing(rows_, expr, rule_->slots);
  return shown;
}

std::vector<ConditionShown> ConditionReader::Conditions(bool member) {
  std::vector<ConditionShown> shown;
  for (const rules::Conjunct& conjunct : rule_->conjuncts) {
    if (!rule_->group || conjunct.before_group == member) {
      shown.push_back(Condition(conjunct.condition, conjunct.text));
    } else if (!member) {
      ConditionShown& of_members = shown.emplace_back();
      of_members.text = conjunct.text;
      of_members.place = PlaceOf(set_, sources_, conjunct.condition.span);
      of_members.truth = Truth::True;
      of_members.of_members = true;
      of_members.params = Params(conjunct.condition);
    }
  }
  return shown;
}

}  // namespace advise::ask
