// One rule: head, patterns, conditions, texts, metadata. Used by bind.cpp only.
#pragma once

#include <optional>
#include <vector>

#include "rules/bind/bind_expr.h"

namespace advise::rules {

// nullopt: has errors, all reported (or it names an item that did not parse). Relations to other advices are not bound
// yet: they may name rules that come later.
std::optional<BoundRule> BindRule(BindContext& context, const RuleSymbol& symbol);

// requires, conflicts with, supersedes, overlaps with, in the scope of the bound rule. Reported atoms are left out.
std::vector<BoundRelation> BindRelations(BindContext& context, const RuleSymbol& symbol, NameScope& scope);

// `group by g.kind as k`: adds the group to the scope, and single members are out of sight. nullopt: reported.
std::optional<BoundGroup> BindGroupBy(ExprBinder& binder, NameScope& scope, const ast::GroupBy& group_by,
                                      Diagnostics& diagnostics);

// The words low, medium, high and shares.
std::optional<BoundExpr> BindConfidenceValue(ExprBinder& binder, const ast::Expr& expr);
std::optional<Severity> BindSeverityValue(const ast::Expr& expr, Diagnostics& diagnostics);

}  // namespace advise::rules
