// Hosts: their executors and tasks; how fast hosts and executors are beside the others that worked on the same stages.
#include <algorithm>

#include "model/derive/derive.h"
#include "model/derive/scan.h"

namespace advise::model {
namespace {

constexpr std::size_t kWinnersNeeded = 5;  // of one stage in one place, for its median to mean something
constexpr std::size_t kStagesNeeded = 3;

// The value at index n/2 of the sorted values, as Spark's history server takes quantiles. Reorders the values.
template <class T>
T Median(std::vector<T>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// For every host or executor the ratios (stage median / median there) of the stages with enough winners on it. `places`
// says where each task ran.
template <Entity Place>
std::vector<std::vector<double>> SpeedRatios(const JobModel& model, const RefColumn<Place>& places, std::size_t count) {
  const std::vector<std::int64_t> run_times = AllValues(model.tasks.run_time);
  std::vector<std::vector<double>> ratios(count);
  std::vector<std::pair<Row<Place>, std::int64_t>> in_places;
  std::vector<std::int64_t> times;
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    in_places.clear();
    times.clear();
    for (const TaskRow task : model.stages.winners.Get(stage)) {
      if (run_times[task.index] == kMissing || !places.Has(task.index)) continue;
      in_places.emplace_back(places.Get(task.index), run_times[task.index]);
      times.push_back(run_times[task.index]);
    }
    if (times.size() < kWinnersNeeded) continue;
    const std::int64_t of_stage = Median(times);
    std::sort(in_places.begin(), in_places.end());
    for (std::size_t begin = 0, end = 0; begin < in_places.size(); begin = end) {
      const Row<Place> place = in_places[begin].first;
      while (end < in_places.size() && in_places[end].first == place) ++end;
      const std::int64_t here = in_places[begin + (end - begin) / 2].second;
      if (end - begin < kWinnersNeeded || here <= 0) continue;
      ratios[place.index].push_back(static_cast<double>(of_stage) / static_cast<double>(here));
    }
  }
  return ratios;
}

template <Entity Place>
void SetRelativeSpeed(const JobModel& model, const RefColumn<Place>& places, std::size_t count, RealColumn& speed) {
  std::vector<std::vector<double>> ratios = SpeedRatios(model, places, count);
  for (std::size_t row = 0; row < count; ++row) {
    if (ratios[row].size() >= kStagesNeeded) speed.Set(row, Median(ratios[row]));
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
  for (std::size_t host = 0; host < hosts.size(); ++host) hosts.task_count.Set(host, counts[host]);
  SetRelativeSpeed(model, model.tasks.host, hosts.size(), hosts.relative_speed);
  SetRelativeSpeed(model, model.tasks.executor, model.executors.size(), model.executors.relative_speed);
}

}  // namespace advise::model
