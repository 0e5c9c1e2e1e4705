// Hosts: their executors and tasks; how fast hosts and executors are beside the others that worked on the same stages.
#include <algorithm>
#include <limits>

#include "model/derive/derive.h"
#include "model/derive/scan.h"

namespace advise::model {
namespace {

constexpr std::size_t kTasksOfStage = 5;  // winners of a stage, for its median to mean something
constexpr std::size_t kStagesNeeded = 3;
// Times are whole milliseconds: below that the clock's tick and the start of a task are what is compared.
constexpr std::int64_t kShortestUsualMs = 100;
// Attempts in one place, over all stages. A slow place wins few tasks of each: asking for several a stage would miss
// the slowest.
constexpr std::size_t kAttemptsNeeded = 10;
// Fewer do where each of them is slow: were one attempt in five slow on any machine, six in a row would be chance once
// in 15,000 times.
constexpr std::size_t kSlowAttemptsNeeded = 6;
constexpr double kSlowAttempt = 0.67;  // ratio below which an attempt is slow

// The value at index n/2 of the sorted values, as Spark's history server takes quantiles. Reorders the values.
template <class T>
T Median(std::vector<T>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A new executor compiles its code while it works: its tasks of that time take some times as long as those of a warm
// one, on whatever machine.
constexpr std::int64_t kWarmUpMs = 30'000;

// The time from which on each executor counts as warm; of one that ran nothing, the end of time.
std::vector<std::int64_t> WarmFrom(const JobModel& model) {
  std::vector<std::int64_t> from(model.executors.size(), std::numeric_limits<std::int64_t>::max());
  for (std::size_t task = 0; task < model.tasks.size(); ++task) {
    if (!model.tasks.executor.Has(task) || !model.tasks.launch.Has(task)) continue;
    std::int64_t& first = from[model.tasks.executor.Get(task).index];
    first = std::min(first, model.tasks.launch.Get(task) + kWarmUpMs);
  }
  return from;
}

// What one host or executor did beside the others.
struct Beside {
  std::vector<double> ratios;  // median of the stage / time of the attempt
  std::size_t stages = 0;
  std::size_t last_stage = static_cast<std::size_t>(-1);
};

// `places` says where each task ran.
template <Entity Place>
std::vector<Beside> Compare(const JobModel& model, const RefColumn<Place>& places, std::size_t count) {
  const std::vector<std::int64_t> run_times = AllValues(model.tasks.run_time);
  const std::vector<std::int64_t> durations = AllValues(model.tasks.duration);
  const std::vector<std::int64_t> launches = AllValues(model.tasks.launch);
  const std::vector<std::int64_t> warm_from = WarmFrom(model);
  std::vector<Beside> compared(count);
  std::vector<std::int64_t> times;
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    times.clear();
    for (const TaskRow task : model.stages.winners.Get(stage)) {
      if (run_times[task.index] != kMissing) times.push_back(run_times[task.index]);
    }
    if (times.size() < kTasksOfStage) continue;
    const std::int64_t usual = Median(times);
    if (usual < kShortestUsualMs) continue;
    const auto add = [&](TaskRow task, std::int64_t time) {
      if (time <= 0 || !places.Has(task.index)) return;  // missing is below 0
      if (!model.tasks.executor.Has(task.index)) return;
      if (launches[task.index] < warm_from[model.tasks.executor.Get(task.index).index]) return;
      Beside& here = compared[places.Get(task.index).index];
      here.ratios.push_back(static_cast<double>(usual) / static_cast<double>(time));
      if (here.last_stage != stage) ++here.stages;
      here.last_stage = stage;
    };
    for (const TaskRow task : model.stages.winners.Get(stage)) add(task, run_times[task.index]);
    // Where copies win, a slow place has few winners: its attempts that a copy overtook took at least as long as they
    // ran.
    for (const TaskRow task : model.stages.tasks.Get(stage)) {
      if (model.tasks.killed.Get(task.index) && durations[task.index] > usual) add(task, durations[task.index]);
    }
  }
  return compared;
}

bool SaysEnough(const Beside& place) {
  if (place.stages < kStagesNeeded) return false;
  if (place.ratios.size() >= kAttemptsNeeded) return true;
  return place.ratios.size() >= kSlowAttemptsNeeded &&
         std::ranges::all_of(place.ratios, [](double ratio) { return ratio < kSlowAttempt; });
}

template <Entity Place>
void SetRelativeSpeed(const JobModel& model, const RefColumn<Place>& places, std::size_t count, RealColumn& speed) {
  std::vector<Beside> compared = Compare(model, places, count);
  for (std::size_t row = 0; row < count; ++row) {
    if (SaysEnough(compared[row])) speed.Set(row, Median(compared[row].ratios));
  }
}

}  // namespace

void DeriveHosts(JobModel& model) {
  HostTable& hosts = model.hosts;
  std::vector<std::int64_t> counts(hosts.size());
  for (std::size_t task = 0; task < model.tasks.size(); ++task) {
    if (model.tasks.host.Has(task) && model.tasks.repeat.Get(task) <= 0) ++counts[model.tasks.host.Get(task).index];
  }
  for (std::size_t row = 0; row < model.executors.size(); ++row) {
    if (model.executors.host.Has(row))
      hosts.executors.Mutable(model.executors.host.Get(row).index).push_back(ExecutorRow(row));
  }
  const bool tasks_told = !model.excerpt || model.tasks.size() > 0;
  for (std::size_t host = 0; tasks_told && host < hosts.size(); ++host) hosts.task_count.Set(host, counts[host]);
  SetRelativeSpeed(model, model.tasks.host, hosts.size(), hosts.relative_speed);
  SetRelativeSpeed(model, model.tasks.executor, model.executors.size(), model.executors.relative_speed);
}

}  // namespace advise::model
