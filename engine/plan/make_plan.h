// Recommendations → plan: each is predicted alone, the best set is searched by joint prediction, and what is not in it
// says why. The one place where the report's savings come from; every number is a prediction of cost/.
#pragma once

#include <vector>

#include "model/job_model.h"
#include "plan/plan.h"
#include "recommend/recommendation.h"

namespace advise::plan {

// Fills saving, evidence class, chosen and reason of the recommendations. How much is simulated is bounded in tasks
// that are replayed, not in time: same log, same plan.
Plan MakePlan(std::vector<recommend::Recommendation>& recommendations, const model::JobModel& model,
              const PlanOptions& options);

}  // namespace advise::plan
