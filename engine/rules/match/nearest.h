// Near misses: for rules that found nothing, the candidate that lacks only one condition, and that one a comparison of
// numbers. What a reader wants to know when a report is silent: how far from a finding was this run?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/match/match.h"

namespace advise::rules {

struct NearMiss {
  RuleIndex rule = 0;
  std::vector<std::uint32_t> head;  // one a head slot: a row of its entity
  std::string condition;            // as written: "skew(r) >= skew_ratio"
  TypedValue value;                 // of the side that depends on the run
  TypedValue limit;                 // of the other side
  // value / limit for a lower limit, limit / value for an upper one: above 0, at most 1 (a limit may be missed by its
  // own value, as with `>`).
  double closeness = 0;
  bool measure = false;  // the condition is on what the rule gives as evidence, not a guard beside it
};

// The closest candidate of each symptom and cause without a match, one on a measure before one on a guard, the closest
// rule first, then by rule. Left out: rules that group, rules that do not apply or miss an input, limits that are not
// positive, and rules that take more than `steps` (support/limits.h).
std::vector<NearMiss> NearestMisses(const RuleSet& set, const MatchResults& results, std::uint64_t steps = 1'000'000);

}  // namespace advise::rules
