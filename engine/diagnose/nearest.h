// The nearest misses of a run in words: what a silent report names instead of a finding. Plain data.
#pragma once

#include <string>
#include <vector>

#include "model/job_model.h"
#include "rules/match/match.h"

namespace advise::diagnose {

struct NearMiss {
  std::string rule;       // qualified name
  std::string subject;    // keys of its head: "stage 2.0"; empty: the application
  std::string condition;  // as written in the rule
  std::string value;      // as printed: "3.1"
  std::string limit;
};

// Which near misses are told.
struct NearMissOptions {
  std::size_t most = 3;  // rules, the closest first
  double least = 0.8;    // how much of the way to its limit a value must have come
  bool guards = false;   // also where what the rule measures holds and a guard beside it does not
};
std::vector<NearMiss> NearestMisses(const rules::RuleSet& rules, const rules::MatchResults& results,
                                    const model::JobModel& model, const NearMissOptions& options);

}  // namespace advise::diagnose
