// What overrides and suppressions did over the logs of a run.
#pragma once

#include <cstddef>
#include <vector>

#include "rules/match/match.h"
#include "rules/plan/rule_set.h"
#include "support/diagnostics.h"

namespace advise::rules {

struct RuleUse {
  std::size_t logs = 0;
  std::vector<std::size_t> hidden;       // findings, one number a suppression
  std::vector<bool> lapsed;              // in some log, one a suppression
  std::vector<bool> given_up;            // in some log, because it took too much work; one a suppression
  std::vector<RuleIndex> enabled_again;  // rules whose `disable … until` has lapsed, ascending

  // The results of one more log.
  void Add(const MatchResults& results);
};

// Suppressions that hid nothing in any log, and what has lapsed: a note each.
void ReportUse(const RuleSet& rules, const RuleUse& use, Diagnostics& diagnostics);

}  // namespace advise::rules
