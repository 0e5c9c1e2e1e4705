// The nearest misses of a run in words: what a silent report names instead of a finding. Plain data.
#pragma once

#include <string>
#include <vector>

#include "model/job_model.h"
#include "rules/match/match.h"

namespace advise::findings {

struct NearMiss {
  std::string rule;       // qualified name
  std::string subject;    // keys of its head: "stage 2.0"; empty: the application
  std::string condition;  // as written in the rule
  std::string value;      // as printed: "3.1"
  std::string limit;
};

// At most `count` rules, the closest first; only those that came at least half-way to their limit.
std::vector<NearMiss> NearestMisses(const rules::RuleSet& rules, const rules::MatchResults& results,
                                    const model::JobModel& model, std::size_t count);

}  // namespace advise::findings
