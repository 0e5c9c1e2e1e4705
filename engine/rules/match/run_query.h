// The rows of a query: every way to bind its named variables for which the conditions are true.
#pragma once

#include <cstddef>
#include <vector>

#include "rules/bind/bind_query.h"
#include "rules/match/match.h"

namespace advise::rules {

struct QueryResult {
  std::vector<std::vector<TypedValue>> rows{};  // one value a column; ordered and cut as the query says
  std::size_t found = 0;                        // rows before the limit
  std::size_t unknown = 0;                      // ways for which the conditions are unknown: not in the rows
  std::vector<MissingInput> missing{};          // what these lack, by name
  bool given_up = false;                        // more work, or rows, than a query may take; then there are no rows
};

// `results`: those of all rules on the log, whose findings the query may ask for.
QueryResult RunQuery(const RuleSet& set, const MatchResults& results, const BoundQuery& query);

}  // namespace advise::rules
