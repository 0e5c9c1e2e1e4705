// The parts of MakeWorkload, in the order in which they run. Private to cost/.
//
//   workload_tasks.cpp     stages, attempts, components, links between attempts
//   workload_slots.cpp     executors; turnaround, ramp and launch lag of stages
//   workload_points.cpp    jobs, points and lags, gaps
//   workload_machine.cpp   whether slots are processors
#pragma once

#include <vector>

#include "cost/workload.h"
#include "model/derive/timeline.h"
#include "model/job_graph.h"

namespace advise::cost {

// One attempt of Workload::tasks as the log saw it, ms since the application's start. Same order as the task arrays.
struct TaskSeen {
  double launch = 0;
  double end = 0;
  std::uint32_t stage = 0;
  std::uint32_t executor = kNone;  // row of the model; kNone: the event names none
};

struct WorkloadBuild {
  const model::JobModel& model;
  model::Interval window;                      // epoch ms
  std::vector<std::uint32_t> stage_of_row;     // model row → Workload::stages; kNone: not submitted
  std::vector<std::uint32_t> executor_of_row;  // model row → Workload::executors; kNone: gives no slots
  std::vector<TaskSeen> seen;
  [[nodiscard]] double At(std::int64_t epoch_ms) const { return static_cast<double>(epoch_ms - window.begin); }
};

void FillTasks(WorkloadBuild& build, Workload& workload);
void FillExecutors(WorkloadBuild& build, Workload& workload);
void FillSlotLags(const WorkloadBuild& build, Workload& workload);
void FillPoints(const WorkloadBuild& build, Workload& workload);
void FillMachine(const WorkloadBuild& build, Workload& workload);

// Sets points_before and the CSR of the points after each. Edges to the ends of stages are left out: a replay goes
// there through the tasks. Points that nothing leads to hang on the application's start, but for `never` ones. Edges on
// a cycle are dropped. Returns the edges that are left, sorted.
std::vector<model::GraphEdge> SetEdges(std::vector<model::GraphEdge> edges, const std::vector<bool>& never,
                                       Workload& workload);

}  // namespace advise::cost
