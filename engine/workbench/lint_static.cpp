// Rules compared by what is written in them.
#include "workbench/lint_static.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <set>
#include <string_view>

#include "support/text.h"

namespace advise::workbench {
namespace {

using rules::BoundExpr;
using rules::BoundRule;
using rules::ExprKind;
using rules::FunctionId;
using rules::RuleIndex;
using rules::RuleSet;
using rules::SlotIndex;
using rules::ast::BinaryOp;

// Members from which spread and correlation are more than chance.
constexpr std::size_t kSampleMembers = 10;
// From p90 on, and up to p10.
constexpr double kFinePercentile = 0.101;

bool SpeaksOf(const RuleSet& set, const BoundRule& rule, RuleIndex other) {
  const auto names = [&](const rules::BoundAtom& atom) { return atom.rule == other; };
  if (std::ranges::any_of(rule.for_atoms, names) || std::ranges::any_of(rule.explains, names)) return true;
  for (const rules::BoundRelation& relation : rule.relations) {
    if (relation.atom.rule == other) return true;
  }
  for (const rules::BoundRuledOut& out : rule.rules_out) {
    if (out.rule == set.rules[other].Id()) return true;
  }
  bool found = false;
  for (const rules::Conjunct& conjunct : rule.conjuncts) {
    rules::ForEach(conjunct.condition, [&](const BoundExpr& part) {
      found = found || (part.kind == ExprKind::Atom && part.rule == other);
    });
  }
  return found;
}

// ---------------------------------------------------------------- implication
std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

// Expressions as texts that are equal if the expressions are, whatever variables are called.
class Canon {
 public:
  explicit Canon(const BoundRule& rule) : rule_(rule) {
    for (const SlotIndex slot : rule.head) Name(slot);
    for (const SlotIndex slot : rule.match.nodes) Name(slot);
  }

  std::string Text(const BoundExpr& expr) {
    std::string text = std::to_string(static_cast<int>(expr.kind));
    switch (expr.kind) {
      case ExprKind::Constant: text += ":" + Number(expr.number) + expr.text; break;
      case ExprKind::Param: text += ":" + std::to_string(expr.param); break;
      case ExprKind::Slot: text += ":" + Name(expr.slot); break;
      case ExprKind::Compare:
      case ExprKind::Arithmetic: text += ":" + std::to_string(static_cast<int>(expr.op)); break;
      case ExprKind::Call:
        text += ":" + std::to_string(static_cast<int>(expr.function)) + "," + Number(expr.number);
        break;
      case ExprKind::Filter: text += ":" + Name(expr.slot); break;
      case ExprKind::Pick: text += ":" + std::to_string(static_cast<int>(expr.function)) + Name(expr.slot); break;
      case ExprKind::Atom:
      case ExprKind::Witness: text += ":" + std::to_string(expr.rule) + "," + std::to_string(expr.slot); break;
      case ExprKind::Conf:
      case ExprKind::ConfIsSet:
      case ExprKind::Matches: text += ":" + expr.text; break;
      case ExprKind::NodeMetric:
      case ExprKind::CollectMetric:
        text += ":" + std::to_string(static_cast<int>(expr.metric_part)) + expr.text;
        break;
      case ExprKind::Chain:
        text += ":" + std::to_string(static_cast<int>(expr.edge)) + "{" + std::to_string(expr.hops.first) + "," +
                std::to_string(expr.hops.second) + "}";
        break;
      case ExprKind::Attribute:
      case ExprKind::GroupKey:
      case ExprKind::Members:
      case ExprKind::Related:
      case ExprKind::FlatMembers:
      case ExprKind::Collect: text += ":" + std::to_string(static_cast<int>(expr.attribute)); break;
      default: break;
    }
    text += '(';
    for (const BoundExpr& operand : expr.operands) text += Text(operand) + ",";
    for (const rules::BoundPattern& pattern : expr.pattern) {
      text += Text(pattern);
      for (const BoundExpr& condition : pattern.conditions) text += Text(condition) + ",";
    }
    return text + ")";
  }

  std::string Text(const rules::BoundPattern& pattern) {
    std::string text = "[";
    for (const SlotIndex slot : pattern.nodes) text += Name(slot) + Type(slot) + ",";
    for (const rules::PatternEdge& edge : pattern.edges) {
      text += Name(edge.from) + ">" + Name(edge.to);
      for (const metrics::EdgeKind kind : edge.kinds) text += ":" + std::to_string(static_cast<int>(kind));
      if (edge.edge) text += Name(*edge.edge);
      if (edge.hops) text += "{" + std::to_string(edge.hops->first) + "," + std::to_string(edge.hops->second) + "}";
    }
    return text + "]";
  }

  // Head, pattern and joined findings: what the conditions are about.
  std::string Shape() {
    std::string text = std::to_string(static_cast<int>(rule_.layer));
    for (const SlotIndex slot : rule_.head) text += Type(slot) + ",";
    text += Text(rule_.match);
    for (const rules::BoundAtom& atom : rule_.for_atoms) {
      text += "for" + std::to_string(atom.rule);
      for (const BoundExpr& argument : atom.arguments) text += Text(argument);
    }
    return text;
  }

 private:
  std::string Name(SlotIndex slot) {
    const auto known = std::ranges::find(names_, slot);
    const auto number = known - names_.begin();
    if (known == names_.end()) names_.push_back(slot);
    return "$" + std::to_string(number);
  }
  [[nodiscard]] std::string Type(SlotIndex slot) const {
    const rules::Slot& one = rule_.slots[slot];
    std::string text = rules::TypeText(one.type);
    for (const metrics::EntityType& type : one.any_of) text += "|" + rules::EntityTypeText(type);
    return text;
  }

  const BoundRule& rule_;
  std::vector<SlotIndex> names_;
};

// A condition; of an ordering against a number, its sides apart.
struct CanonCondition {
  std::string text;
  std::string value{};  // of an ordering: what is compared, and in which direction
  double limit = 0;
  bool lower = false;   // it must be above the limit
  bool strict = false;  // the limit itself is not enough
};

std::optional<double> Constant(const BoundExpr& expr, const RuleSet& set) {
  if (!expr.type.IsNumber()) return std::nullopt;
  if (expr.kind == ExprKind::Constant) return expr.number;
  if (expr.kind == ExprKind::Param) return set.params[expr.param].value.number;
  return std::nullopt;
}

CanonCondition ConditionOf(const BoundExpr& expr, const RuleSet& set, Canon& canon) {
  CanonCondition condition{canon.Text(expr)};
  if (expr.kind != ExprKind::Compare) return condition;
  const bool greater = expr.op == BinaryOp::Gt || expr.op == BinaryOp::Ge;
  if (!greater && expr.op != BinaryOp::Lt && expr.op != BinaryOp::Le) return condition;
  const std::optional<double> left = Constant(expr.operands[0], set);
  const std::optional<double> right = Constant(expr.operands[1], set);
  if (left.has_value() == right.has_value()) return condition;
  condition.lower = greater == right.has_value();
  condition.strict = expr.op == BinaryOp::Gt || expr.op == BinaryOp::Lt;
  condition.limit = right ? *right : *left;
  condition.value = canon.Text(expr.operands[right ? 0 : 1]) + (condition.lower ? ">" : "<");
  return condition;
}

bool Implies(const CanonCondition& a, const CanonCondition& b) {
  if (a.text == b.text) return true;
  if (a.value.empty() || a.value != b.value) return false;
  if (a.limit == b.limit) return a.strict || !b.strict;
  return a.lower ? a.limit > b.limit : a.limit < b.limit;
}

struct CanonRule {
  RuleIndex rule = 0;
  std::vector<CanonCondition> conditions;
};

bool Implies(const CanonRule& a, const CanonRule& b) {
  return std::ranges::all_of(b.conditions, [&](const CanonCondition& wanted) {
    return std::ranges::any_of(a.conditions, [&](const CanonCondition& has) { return Implies(has, wanted); });
  });
}

}  // namespace

bool SpeakOfEachOther(const RuleSet& rules, RuleIndex a, RuleIndex b) {
  return SpeaksOf(rules, rules.rules[a], b) || SpeaksOf(rules, rules.rules[b], a);
}

std::vector<std::pair<RuleIndex, RuleIndex>> ImpliedPairs(const RuleSet& rules, const std::vector<bool>& wanted) {
  std::map<std::string, std::vector<CanonRule>> by_shape;
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    const BoundRule& rule = rules.rules[i];
    if (!wanted[i] || rule.group || rule.conjuncts.empty()) continue;
    Canon canon(rule);
    std::string shape = canon.Shape();
    CanonRule form{static_cast<RuleIndex>(i), {}};
    for (const rules::Conjunct& conjunct : rule.conjuncts)
      form.conditions.push_back(ConditionOf(conjunct.condition, rules, canon));
    by_shape[std::move(shape)].push_back(std::move(form));
  }
  std::vector<std::pair<RuleIndex, RuleIndex>> pairs;
  for (const auto& [shape, all] : by_shape) {
    for (const CanonRule& a : all) {
      for (const CanonRule& b : all) {
        if (a.rule != b.rule && Implies(a, b)) pairs.emplace_back(a.rule, b.rule);
      }
    }
  }
  std::ranges::sort(pairs);
  return pairs;
}

std::map<std::string, std::string> AllowedCodes(const BoundRule& rule, const SourceManager& sources) {
  std::map<std::string, std::string> allowed;
  const SourceId source = rule.name_span.source;
  if (source == SourceId::None) return allowed;
  const std::uint32_t head = sources.Place(source, rule.name_span.begin).line;
  std::uint32_t first = head;
  while (first > 1 && Trim(sources.Line(source, first - 1)).starts_with('#')) --first;
  const std::size_t size = sources.text(source).size();
  const std::uint32_t last = sources.Place(source, static_cast<std::uint32_t>(size)).line;
  constexpr std::string_view kMark = "# lint: allow ";
  for (std::uint32_t line = first; line <= last; ++line) {
    const std::string_view text = sources.Line(source, line);
    if (line > head && text.starts_with('}')) break;
    const std::size_t mark = text.find(kMark);
    if (mark == std::string_view::npos) continue;
    const std::string_view rest = text.substr(mark + kMark.size());
    const std::size_t because = rest.find(" because ");
    if (because == std::string_view::npos) continue;
    std::string codes(rest.substr(0, because));
    std::ranges::replace(codes, ',', ' ');
    const std::string reason(Trim(rest.substr(because + std::string_view(" because ").size())));
    std::size_t begin = 0;
    while ((begin = codes.find_first_not_of(' ', begin)) != std::string::npos) {
      const std::size_t end = std::min(codes.find(' ', begin), codes.size());
      allowed[codes.substr(begin, end - begin)] = reason;
      begin = end;
    }
  }
  return allowed;
}

std::vector<SampledStatistic> StatisticsOf(const BoundRule& rule) {
  std::vector<SampledStatistic> found;
  const auto look = [&](const BoundExpr& expr) {
    rules::ForEach(expr, [&](const BoundExpr& part) {
      if (part.kind != ExprKind::Call || part.operands.empty()) return;
      if (part.operands[0].type.kind != rules::TypeKind::Dist) return;
      std::size_t needed = 0;
      const bool percentile = part.function == FunctionId::Quantile;
      if (percentile) {
        // pNN is the value at floor(q * n): of fewer members that is the largest (the smallest) itself.
        const bool high = part.number > 0.5;
        const double rest = high ? 1 - part.number : part.number;
        const double steps = std::floor(1 / rest + 1e-6);
        if (rest > 0 && rest < kFinePercentile) needed = static_cast<std::size_t>(steps) + (high ? 1 : 0);
      } else if (part.function == FunctionId::Cv || part.function == FunctionId::Sd ||
                 part.function == FunctionId::Gini || part.function == FunctionId::Mad ||
                 part.function == FunctionId::Corr) {
        needed = kSampleMembers;
      }
      if (needed == 0) return;
      // Of a member inside a filter or an inner pattern, the rule has no row.
      for (const SlotIndex slot : rules::FreeSlots(part)) {
        const rules::SlotRole role = rule.slots[slot].role;
        if (role == rules::SlotRole::Element || role == rules::SlotRole::Inner) return;
      }
      if (std::ranges::any_of(found, [&](const SampledStatistic& known) { return known.span == part.span; })) return;
      BoundExpr members;
      members.kind = ExprKind::Call;
      members.type = rules::NumberType({}, rules::NumberForm::Count);
      members.span = part.span;
      members.function = FunctionId::Count;
      members.operands.push_back(part.operands[0]);
      found.push_back({part.span, std::move(members), needed, percentile});
    });
  };
  for (const rules::Conjunct& conjunct : rule.conjuncts) {
    if (!conjunct.before_group) look(conjunct.condition);
  }
  for (const rules::NamedExpr& evidence : rule.evidence) look(evidence.value);
  return found;
}

bool CountsMembers(const BoundRule& rule) {
  bool counts = false;
  for (const rules::Conjunct& conjunct : rule.conjuncts) {
    rules::ForEach(conjunct.condition, [&](const BoundExpr& part) {
      if (part.kind != ExprKind::Compare) return;
      for (const BoundExpr& side : part.operands) {
        rules::ForEach(side, [&](const BoundExpr& inner) {
          counts = counts || (inner.kind == ExprKind::Call && inner.function == FunctionId::Count);
          counts = counts || (inner.kind == ExprKind::Attribute && metrics::Get(inner.attribute).name == "partitions");
        });
      }
    });
  }
  return counts;
}

}  // namespace advise::workbench
