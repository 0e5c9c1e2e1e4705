// What the rules say of one run, before anything is worded: the one place where they are matched and their matches
// become findings. The report, `advise test` and `advise eval` all start here; recommendations come after (recommend/).
#pragma once

#include <vector>

#include "diagnose/finding.h"
#include "model/job_model.h"
#include "rules/match/match.h"
#include "support/phase_timer.h"

namespace advise::diagnose {

struct Diagnosis {
  rules::MatchResults matches;
  std::vector<Finding> findings;  // of `matches`: symptoms folded under causes, ranked
};

// `times`, if given, gets the phases "match" and "findings".
Diagnosis Diagnose(const rules::RuleSet& rules, const model::JobModel& model, PhaseTimes* times = nullptr);

}  // namespace advise::diagnose
