// A query is bound like the body of a rule, in a pack of its own that uses all others.
#include "rules/bind/bind_query.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rules/bind/bind_expr.h"
#include "rules/bind/bind_rule.h"
#include "support/quoted.h"

namespace advise::rules {
namespace {

// Adds a pack that sees what all packs declare.
Symbols WithQueryPack(const Symbols& symbols) {
  Symbols all = symbols;
  PackSymbols query;
  query.name = "query";
  std::vector<std::string> shared;  // names that several packs have
  const auto add = [&](auto& into, const auto& from) {
    for (const auto& [name, index] : from) {
      if (!into.emplace(name, index).second) shared.push_back(name);
    }
  };
  for (std::size_t i = 0; i < symbols.packs.size(); ++i) {
    const PackSymbols& pack = symbols.packs[i];
    add(query.params, pack.params);
    add(query.defs, pack.defs);
    add(query.rules, pack.rules);
    query.uses[pack.name] = i;
    // The last part of its name stands for it too: core for spark.core.
    query.uses.emplace(pack.name.substr(pack.name.rfind('.') + 1), i);
  }
  for (const std::string& name : shared) {
    query.params.erase(name);
    query.defs.erase(name);
    query.rules.erase(name);
  }
  all.packs.push_back(std::move(query));
  return all;
}

class QueryBinder {
 public:
  QueryBinder(BindContext& context, const ast::Query& query)
      : context_(context), ast_(query), expr_(context, context.symbols.packs.size() - 1, "query", bound_.rule) {
    bound_.rule.name = "query";
    bound_.rule.layer = Layer::Cause;
  }

  std::optional<BoundQuery> Run() {
    BoundRule& rule = bound_.rule;
    for (const ast::Pattern& pattern : ast_.patterns)
      expr_.BindPattern(pattern, SlotRole::Node, SlotRole::Edge, rule.match);
    if (ast_.group_by && !expr_.failed()) rule.group = BindGroupBy(expr_, rule, *ast_.group_by, context_.diagnostics);
    if (expr_.failed()) return std::nullopt;
    SetHead();
    for (const auto& step : ast_.steps) {
      if (const auto* let = std::get_if<ast::LetClause>(&step)) {
        BoundExpr value = expr_.Bind(*let->value);
        expr_.AddLet(let->name, std::move(value));
      } else {
        expr_.BindConjuncts(*std::get<ast::WhereClause>(step).condition, false, rule.conjuncts);
      }
    }
    if (rule.group) expr_.HideMembers(rule.group->group);
    for (const ast::Query::Column& column : ast_.columns) {
      NamedExpr value = BindValue(*column.value, "a column");
      if (column.name) value.name = column.name->text;
      rule.evidence.push_back(std::move(value));
    }
    bound_.columns = rule.evidence.size();
    for (const ast::Query::Order& order : ast_.order) BindOrder(order);
    if (ast_.limit) bound_.limit = static_cast<std::size_t>(*ast_.limit);
    if (expr_.failed()) return std::nullopt;
    return std::move(bound_);
  }

 private:
  void SetHead() {
    BoundRule& rule = bound_.rule;
    if (rule.group) {
      rule.head.push_back(rule.group->group);
    } else {
      for (SlotIndex slot = 0; slot < rule.slots.size(); ++slot) {
        if (!rule.slots[slot].name.empty()) rule.head.push_back(slot);
      }
    }
    rule.query = QuerySlot(rule);
    if (rule.group && rule.query == rule.group->group) rule.query_member = rule.group->member;
  }

  // `what` names it in messages: "a column".
  NamedExpr BindValue(const ast::Expr& expr, const std::string& what) {
    NamedExpr bound = expr_.BindNamed(expr);
    const Type& type = bound.value.type;
    const bool numbers = type.kind == TypeKind::Dist && type.element == TypeKind::Number && type.form != NumberForm::Id;
    if (!numbers && type.kind != TypeKind::Series && type.kind != TypeKind::Wildcard && !type.interval) return bound;
    expr_.Fail();
    Diagnostic& d = context_.diagnostics.Report(DiagnosticCode::TypeMismatch, expr.span,
                                                what + " is one value, not " +
                                                    (type.interval ? "an interval" : TypeText(type)));
    if (numbers || type.kind == TypeKind::Series)
      d.helps.push_back("take one number of it, such as `p50(" + bound.name + ")`");
    return bound;
  }

  // The name of a column, or a value of its own.
  void BindOrder(const ast::Query::Order& order) {
    BoundRule& rule = bound_.rule;
    if (const auto* name = std::get_if<ast::Identifier>(&order.value->node)) {
      for (std::size_t i = 0; i < bound_.columns; ++i) {
        if (rule.evidence[i].name != name->name.text) continue;
        bound_.order.push_back({i, order.descending});
        return;
      }
    }
    bound_.order.push_back({rule.evidence.size(), order.descending});
    rule.evidence.push_back(BindValue(*order.value, "what rows are ordered by"));
  }

  BindContext& context_;
  const ast::Query& ast_;
  BoundQuery bound_;
  ExprBinder expr_;
};

}  // namespace

std::optional<BoundQuery> BindQuery(const BoundRules& set, const ast::Query& query, const SourceManager& sources,
                                    const Limits& limits, Diagnostics& diagnostics) {
  const Symbols symbols = WithQueryPack(*set.symbols);
  BindContext context{sources, limits, symbols, set, diagnostics};
  return QueryBinder(context, query).Run();
}

}  // namespace advise::rules
