// A step of the plan, or a recommendation, as a change that `advise whatif` and servers predict.
#pragma once

#include <string>
#include <vector>

#include "cost/changes.h"
#include "cost/workload.h"
#include "model/job_model.h"
#include "plan/plan.h"
#include "recommend/recommendation.h"

namespace advise::plan {

// `step`: the number of a step of the plan, or the id of a recommendation. An unknown one, and one that is not
// estimated, is a change that is refused. `steps` are those of the plan of these recommendations.
cost::Change ChangeOfStep(const model::JobModel& model, const cost::Workload& run,
                          const std::vector<recommend::Recommendation>& recommendations,
                          const std::vector<PlanStep>& steps, const std::string& step);

}  // namespace advise::plan
