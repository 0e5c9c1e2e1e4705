// Conditions that no job can meet, alone or together, and conditions that every job meets: warnings, because such a
// rule is legal and useless. Called once for a bound rule.
#pragma once

#include <vector>

#include "rules/bind/bound_rule.h"
#include "support/diagnostics.h"

namespace advise::rules {

// Reasons over the rule's conditions, those of its filters and of its `exists`: intervals, order facts (min ≤ p50 ≤ p99
// ≤ max, mean ≤ max ≤ sum of values that are not negative), shares, closed lists of texts. What it reports is certain
// for every value of the parameters within their ranges; what it does not report may be impossible all the same.
void CheckConditions(const BoundRule& rule, const std::vector<BoundParam>& params, Diagnostics& diagnostics);

}  // namespace advise::rules
