// The matcher's twin for tests: walks the bound rules over the cartesian product of all rows, one row at a time,
// without plans, columns, indexes or caches. Slow and obvious; MatchAll must agree with it.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "model/job_model.h"
#include "rules/plan/rule_set.h"

namespace advise::test {

struct NaiveMatch {
  rules::RuleIndex rule = 0;
  // One a head slot: the row, or for a group its members.
  std::vector<std::vector<std::uint32_t>> head;
  std::vector<std::uint32_t> witness;  // one a slot of match and for; groups and inner slots: kUnboundSlot
  double confidence = 0;
  // What it explains: rule and head, as above.
  std::vector<std::pair<rules::RuleIndex, std::vector<std::vector<std::uint32_t>>>> explains;
};
struct NaiveResults {
  std::vector<NaiveMatch> matches;   // by rule, then head rows
  std::vector<std::size_t> unknown;  // heads for which it is unknown, one a rule; groups: not counted
};
NaiveResults MatchNaively(const rules::RuleSet& set, const model::JobModel& model);

}  // namespace advise::test
