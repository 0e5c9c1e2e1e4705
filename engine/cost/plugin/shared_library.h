// Cost models in shared libraries (advise_cost.h). Private to cost/plugin.
#pragma once

#include "cost/plugin/cost_model.h"

namespace advise::cost {

Result<std::unique_ptr<CostModel>> OpenSharedLibrary(const std::string& path);

}  // namespace advise::cost
