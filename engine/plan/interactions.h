// Why two changes save less, or more, together than each alone: by the stages that decide when the run ends.
#pragma once

#include <string>
#include <vector>

#include "cost/workload.h"
#include "plan/footprint.h"

namespace advise::plan {

// ms on the way that decides when the run ends, by stage (cost::CriticalStages): as it was, and after each alone.
struct CriticalTimes {
  std::vector<double> before;
  std::vector<double> after_a;
  std::vector<double> after_b;
};

// "both shorten stage 12; after either, stage 9 decides"; without full stop. `tolerance`: ms that count.
std::string WhyOverlap(const cost::Workload& workload, const Footprint& a, const Footprint& b,
                       const CriticalTimes& times, double tolerance);
std::string WhySynergy(const cost::Workload& workload, const Footprint& a, const Footprint& b,
                       const CriticalTimes& times, double tolerance);

}  // namespace advise::plan
