// Walks a trace backwards: point after point, task after task on the same slot.
#include "cost/critical_stages.h"

#include <algorithm>

namespace advise::cost {

std::vector<double> CriticalStages(const Workload& workload, const ReplayTrace& trace) {
  const PointNumbers& points = workload.points;
  std::vector<double> critical(workload.stages.size(), 0);
  const auto stage_of = [&](std::uint32_t task) {
    const auto after = std::ranges::upper_bound(trace.first_task, task);
    return static_cast<std::uint32_t>(after - trace.first_task.begin()) - 1;
  };
  std::uint32_t point = points.AppEnd();
  // Each step goes back in time; the limit is against a trace that does not.
  for (std::size_t steps = trace.tasks.size() + points.size(); steps > 0 && point != kNone; --steps) {
    std::uint32_t task = kNone;
    if (points.IsStageEnd(point)) task = trace.last_task[point - points.StageEnd(0)];
    if (task == kNone) {
      point = points.IsStageEnd(point) ? points.StageReady(point - points.StageEnd(0)) : trace.point_after[point];
      continue;
    }
    while (true) {
      const TaskTrace& of = trace.tasks[task];
      critical[stage_of(task)] += std::max(0.0, of.end - of.start);
      if (of.after_task == kNone) {
        point = of.after_point;
        break;
      }
      task = of.after_task;
    }
  }
  return critical;
}

}  // namespace advise::cost
