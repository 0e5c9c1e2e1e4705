// The `effect` clause and the changes of settings of an advice that matched, as typed effects (model/effect.h).
#pragma once

#include <vector>

#include "model/effect.h"
#include "model/job_model.h"
#include "rules/match/match.h"

namespace advise::recommend {

struct AdviceEffects {
  // In the order of the clause; then the settings of `change conf` that it does not set.
  std::vector<model::Effect> effects;
  // One was left out: a value of it is missing, or its rows cannot be told from the match alone (a filter in its
  // target).
  bool incomplete = false;
};
AdviceEffects EffectsOf(const rules::RuleSet& rules, const rules::MatchResults& results, const rules::Match& match,
                        const rules::MatchReader& reader, const model::JobModel& model);

}  // namespace advise::recommend
