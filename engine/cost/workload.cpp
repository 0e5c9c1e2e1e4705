// JobModel → Workload: the order of the parts.
#include "cost/workload.h"

#include <algorithm>

#include "cost/workload_parts.h"

namespace advise::cost {

std::optional<Workload> MakeWorkload(const model::JobModel& model) {
  const std::optional<model::Interval> window = model::AppWindow(model);
  if (!window) return std::nullopt;
  Workload workload;
  workload.duration = static_cast<double>(window->length());
  workload.fair = model.SparkProperty("spark.scheduler.mode").value_or("FIFO") == "FAIR";
  workload.dynamic_allocation = model.app.dynamic_allocation.Get(0);
  WorkloadBuild build{model, *window, {}, {}, {}};
  FillTasks(build, workload);
  FillExecutors(build, workload);
  FillSlotLags(build, workload);
  FillPoints(build, workload);
  FillMachine(build, workload);
  return workload;
}

double LengthOfUnion(std::vector<std::pair<double, double>> intervals) {
  std::sort(intervals.begin(), intervals.end());
  double length = 0;
  double until = -std::numeric_limits<double>::infinity();
  for (const auto& [begin, end] : intervals) {
    if (end <= until) continue;
    length += end - std::max(begin, until);
    until = end;
  }
  return length;
}

}  // namespace advise::cost
