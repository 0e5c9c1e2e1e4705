// Recommendations → plan: each is predicted alone, the best set is searched by joint prediction, and what is not in it
// says why. The one place where the report's savings come from; every number is a prediction of cost/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/job_model.h"
#include "plan/plan.h"
#include "recommend/recommendation.h"

namespace advise::plan {

// Fills saving, evidence class, chosen and reason of the recommendations. How much is simulated is bounded in tasks
// that are replayed, not in time: same log, same plan.
//
// `bounds`: what each finding costs at most, ms, by its number (Recommendation::for_findings); nullopt, or none given:
// not known. No change saves more than its findings cost, and no set of them more than all of theirs: where a
// simulation says more, it is the coarser of the two, for the ledger is measured.
Plan MakePlan(std::vector<recommend::Recommendation>& recommendations, const model::JobModel& model,
              const PlanOptions& options, std::span<const std::optional<std::int64_t>> bounds = {});

}  // namespace advise::plan
