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

struct Bound {
  std::optional<std::int64_t> most;   // ms; nullopt: not known
  std::vector<std::uint32_t> stages;  // rows of the model in which the finding lies; none: of the whole run
};

// Fills saving, evidence class, chosen and reason of the recommendations. How much is simulated is bounded in tasks
// that are replayed, not in time: same log, same plan.
//
// `bounds`: of each finding, by its number (Recommendation::for_findings); none given: not known. A change of the stages
// in which its findings lie saves no more than they cost, and a set of such changes no more than all of theirs: where a
// simulation says more, it is the coarser of the two, for the ledger is measured. What a change spares beside these
// stages (the shuffle before them, another step) is no part of what they cost, so nothing bounds it.
Plan MakePlan(std::vector<recommend::Recommendation>& recommendations, const model::JobModel& model,
              const PlanOptions& options, std::span<const Bound> bounds = {});

}  // namespace advise::plan
