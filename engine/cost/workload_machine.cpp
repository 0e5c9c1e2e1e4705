// Whether the slots of a run are processors of their own, or share those of one machine.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "cost/calibration.h"
#include "cost/workload_parts.h"
#include "support/format.h"

namespace advise::cost {
namespace {

// Above this share of unexplained time off the processor, tasks without input wait for a processor: 6 … 18 % on
// machines with a processor a slot, 35 … 60 % on two processors with three JVMs (the logs of pathological-jobs/).
constexpr double kWaitsForProcessor = 0.3;
// Below this they hardly wait: the lower half of machines with a processor a slot, and 1 % of one slot on two
// processors.
constexpr double kHardlyWaits = 0.1;

// Share of the run time of winners that nothing explains, of tasks that read no input and run no other process; NaN
// without such tasks.
double UnexplainedShare(const Workload& workload) {
  const TaskArrays& tasks = workload.tasks;
  double run = 0;
  double off = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto part = [&](Component component) { return static_cast<double>(tasks.parts[At(component)][i]); };
    if (tasks.winner[i] == 0 || part(Component::Unknown) > 0 || part(Component::External) > 0) continue;
    if (tasks.input_bytes[i] > 0) continue;
    off += part(Component::OffCpu);
    run += part(Component::OffCpu) + part(Component::Cpu) + part(Component::Gc) + part(Component::FetchWait) +
           part(Component::ShuffleWrite) + part(Component::Spill);
  }
  return run > 0 ? off / run : std::numeric_limits<double>::quiet_NaN();
}

// How many tasks ran before each stage, how many executors there were, and how quick small tasks are.
void FillWarmth(const WorkloadBuild& build, Workload& workload) {
  std::vector<double> launches;
  for (const TaskSeen& task : build.seen) launches.push_back(task.launch);
  std::ranges::sort(launches);
  for (StageWork& stage : workload.stages) {
    if (stage.tasks == 0) continue;
    stage.tasks_before = static_cast<double>(std::ranges::lower_bound(launches, stage.first_launch) - launches.begin());
  }
  std::vector<std::pair<double, int>> changes;
  for (const ExecutorWork& executor : workload.executors) {
    changes.emplace_back(executor.arrival, 1);
    if (!std::isnan(executor.removal)) changes.emplace_back(executor.removal, -1);
  }
  std::ranges::sort(changes);
  int now = 0;
  for (const auto& [time, change] : changes)
    workload.executors_at_once =
        std::max(workload.executors_at_once, static_cast<std::uint32_t>(std::max(0, now += change)));
  std::vector<double> ratios;
  for (const StageWork& stage : workload.stages) {
    for (std::uint32_t i = 0; i < stage.tasks; ++i) {
      const std::uint32_t task = stage.first_task + i;
      if (workload.tasks.winner[task] == 0 || !(workload.tasks.shuffle_read_bytes[task] > 0)) continue;
      const double run = (stage.tasks_before + i) / workload.executors_at_once;
      // The curve is steep at first, and of the very first tasks it tells little.
      constexpr double kTellsFrom = 20;
      if (run < kTellsFrom) continue;
      const double usual = calibration::kColdTask * std::pow(run, -calibration::kWarmUp);
      ratios.push_back(static_cast<double>(workload.tasks.duration[task]) / usual);
    }
  }
  constexpr std::size_t kTells = 8;
  if (ratios.size() < kTells) return;
  const auto at = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 5);
  std::ranges::nth_element(ratios, at);
  workload.cold_scale = std::clamp(*at, 0.05, 1.0);
}

}  // namespace

void FillMachine(const WorkloadBuild& build, Workload& workload) {
  FillWarmth(build, workload);
  const model::ExecutorTable& executors = build.model.executors;
  std::uint32_t driver_host = kNone;
  bool local_run = false;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (!executors.is_driver.Get(row)) continue;
    if (executors.host.Has(row)) driver_host = executors.host.Get(row).index;
    local_run = executors.runs_tasks.Get(row);
  }
  std::map<std::uint32_t, std::set<std::uint32_t>> by_host;
  for (std::size_t i = 0; i < workload.executors.size(); ++i) {
    by_host[workload.executors[i].host].insert(static_cast<std::uint32_t>(i));
  }
  workload.machine.in_driver = local_run;
  if (workload.executors.empty() || local_run || by_host.count(kNone) > 0) return;
  const std::string master(build.model.strings.Get(build.model.app.master.Get(0)));
  const double share = UnexplainedShare(workload);
  const std::string waits = std::isnan(share)
                                ? ""
                                : "; its tasks were off the processor without a reason for " + FormatShare(share) +
                                      " of their run time" +
                                      (share < kHardlyWaits ? ", so another processor is free once a JVM is warm" : "");
  if (master.starts_with("local-cluster")) {
    workload.machine = {true, share < kHardlyWaits, false,
                        "local-cluster: all executors and the driver run on one machine" + waits};
  } else if (by_host.size() == 1 && driver_host == by_host.begin()->first) {
    workload.machine = {true, share < kHardlyWaits, false, "all executors run on the driver's host" + waits};
  } else if (share >= kWaitsForProcessor) {
    const bool several = std::ranges::any_of(by_host, [](const auto& host) { return host.second.size() > 1; });
    if (several) workload.machine = {true, false, false, "several executors run on one host" + waits};
  }
}

}  // namespace advise::cost
