// Hosts: their executors and tasks, and how fast they are beside the others that worked on the same stages.
#include <algorithm>

#include "model/derive/derive.h"
#include "model/derive/scan.h"

namespace advise::model {
namespace {

constexpr std::size_t kWinnersNeeded = 5;  // of one stage on one host, for its median to mean something
constexpr std::size_t kStagesNeeded = 3;

// The value at index n/2 of the sorted values, as Spark's history server takes quantiles. Reorders the values.
template <class T>
T Median(std::vector<T>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// For every host the ratios (stage median / host median) of the stages with enough winners on it.
std::vector<std::vector<double>> SpeedRatios(const JobModel& model) {
  const TaskTable& tasks = model.tasks;
  const std::vector<std::int64_t> run_times = AllValues(tasks.run_time);
  std::vector<std::vector<double>> ratios(model.hosts.size());
  std::vector<std::pair<HostRow, std::int64_t>> on_hosts;
  std::vector<std::int64_t> times;
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    on_hosts.clear();
    times.clear();
    for (const TaskRow task : model.stages.winners.Get(stage)) {
      if (run_times[task.index] == kMissing || !tasks.host.Has(task.index)) continue;
      on_hosts.emplace_back(tasks.host.Get(task.index), run_times[task.index]);
      times.push_back(run_times[task.index]);
    }
    if (times.size() < kWinnersNeeded) continue;
    const std::int64_t of_stage = Median(times);
    std::sort(on_hosts.begin(), on_hosts.end());
    for (std::size_t begin = 0, end = 0; begin < on_hosts.size(); begin = end) {
      const HostRow host = on_hosts[begin].first;
      while (end < on_hosts.size() && on_hosts[end].first == host) ++end;
      const std::int64_t of_host = on_hosts[begin + (end - begin) / 2].second;
      if (end - begin < kWinnersNeeded || of_host <= 0) continue;
      ratios[host.index].push_back(static_cast<double>(of_stage) / static_cast<double>(of_host));
    }
  }
  return ratios;
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
  std::vector<std::vector<double>> ratios = SpeedRatios(model);
  for (std::size_t host = 0; host < hosts.size(); ++host) {
    hosts.task_count.Set(host, counts[host]);
    if (ratios[host].size() >= kStagesNeeded) hosts.relative_speed.Set(host, Median(ratios[host]));
  }
}

}  // namespace advise::model
