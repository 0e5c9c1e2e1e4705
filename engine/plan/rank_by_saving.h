// Findings are ranked by what their remedies save, once that is predicted: a cost that nothing shortens is not urgent.
#pragma once

#include <vector>

#include "diagnose/finding.h"
#include "diagnose/rank.h"
#include "plan/make_plan.h"
#include "recommend/recommendation.h"

namespace advise::plan {

// What bounds the changes that serve a finding: what it costs, and where.
Bound BoundOf(const diagnose::Finding& finding);

// Fills Impact::low and mid of each finding all of whose remedies have a saving, from the one that saves most, and raises
// Impact::high to the most that a remedy saves, for that may lie beside what the finding costs; then
// ranks the findings again and renumbers Recommendation::for_findings. A finding of which one remedy is not estimated
// may be worth all that it costs: it keeps its place by impact.high. A symptom without remedies has those of its cause.
void RankBySaving(std::vector<diagnose::Finding>& findings, std::vector<recommend::Recommendation>& recommendations,
                  const diagnose::RankContext& context);

}  // namespace advise::plan
