// The models that advise brings: replay, amdahl, none. Private to cost/plugin.
#pragma once

#include <memory>

#include "cost/plugin/cost_model.h"

namespace advise::cost {

std::unique_ptr<CostModel> MakeReplayModel();
std::unique_ptr<CostModel> MakeAmdahlModel();
std::unique_ptr<CostModel> MakeNoModel();

}  // namespace advise::cost
