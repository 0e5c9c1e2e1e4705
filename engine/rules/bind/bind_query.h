// A query of `advise query`: match … group by … let … where … return … order by … limit …
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "rules/ast.h"
#include "rules/bind/bound_rule.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules {

struct BoundQuery {
  // Pattern, group and conditions as those of a rule. Its head are the variables that have a name, or the group: each
  // way to bind them is one row. Its evidence are the columns, then what the rows are ordered by.
  BoundRule rule;
  std::size_t columns = 0;
  struct Order {
    std::size_t value = 0;  // in rule.evidence
    bool descending = false;
  };
  std::vector<Order> order;
  std::optional<std::size_t> limit;
};

// Names of all packs are known: parameters, definitions and rules by their bare name where only one pack has it, else
// as core.skew_ratio. nullopt: reported.
std::optional<BoundQuery> BindQuery(const BoundRules& set, const ast::Query& query, const SourceManager& sources,
                                    const Limits& limits, Diagnostics& diagnostics);

}  // namespace advise::rules
