// Cost models in programs of their own that speak JSON lines. Private to cost/plugin.
#pragma once

#include "cost/plugin/cost_model.h"

namespace advise::cost {

Result<std::unique_ptr<CostModel>> OpenSubprocess(const std::string& path, const ModelLimits& limits);

}  // namespace advise::cost
