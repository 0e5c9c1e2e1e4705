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
  // Time of the run that no cause claims, longest first; empty without a ledger.
  std::vector<Unexplained> unexplained;
};

// What the findings hold of the ledger (Finding::claim, Finding::inside), in their order; returns what nobody holds.
std::vector<Unexplained> ShareLedger(const model::Ledger& ledger, std::vector<Finding>& findings);

// `times`, if given, gets the phases "match" and "findings".
Diagnosis Diagnose(const rules::RuleSet& rules, const model::JobModel& model, PhaseTimes* times = nullptr,
                   const rules::MatchOptions& options = {});

}  // namespace advise::diagnose
