// Which stages decide when a replay ends.
#pragma once

#include <vector>

#include "cost/replay.h"

namespace advise::cost {

// ms of the way from the end of the application back to its start on which a task of each stage (Workload::stages) ran:
// always the last that was waited for. The rest of the way is lags.
std::vector<double> CriticalStages(const Workload& workload, const ReplayTrace& trace);

}  // namespace advise::cost
