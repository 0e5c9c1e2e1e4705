// Finds what is meant, and resolves its effects.
#include "plan/step_change.h"

#include "cost/resolve.h"
#include "support/format.h"

namespace advise::plan {

cost::Change ChangeOfStep(const model::JobModel& model, const cost::Workload& run,
                          const std::vector<recommend::Recommendation>& recommendations,
                          const std::vector<PlanStep>& steps, const std::string& step) {
  const recommend::Recommendation* found = nullptr;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (std::to_string(i + 1) == step) found = &recommendations[steps[i].recommendation];
  }
  for (const recommend::Recommendation& recommendation : recommendations) {
    if (recommendation.id == step) found = &recommendation;
  }
  cost::Change change;
  if (found == nullptr) {
    change.text = step;
    change.refused = cost::Refusal{"no-such-step", "The plan of the report has no step `" + step + "`: it has " +
                                                       FormatCount(static_cast<std::int64_t>(steps.size())) + "."};
  } else if (found->effects.empty()) {
    change.refused = cost::Refusal{"not-modelled", "Not estimated: " + found->not_estimated + "."};
  } else {
    change = cost::ResolveEffects(model, run, found->effects);
  }
  change.kind = "recommendation";
  change.key = found != nullptr ? found->id : step;
  if (found != nullptr) change.text = NameOf(*found);
  return change;
}

}  // namespace advise::plan
