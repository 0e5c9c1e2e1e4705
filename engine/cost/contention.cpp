// Integrates the speed of tasks over the concurrency of the unchanged replay.
#include "cost/contention.h"

#include <algorithm>
#include <cmath>

namespace advise::cost {

std::vector<float> TimesAlone(const Workload& workload, const ReplayTrace& unchanged, double processors,
                              double contention) {
  std::vector<std::pair<double, int>> changes;
  for (const TaskTrace& task : unchanged.tasks) {
    if (task.end <= task.start) continue;
    changes.emplace_back(task.start, 1);
    changes.emplace_back(task.end, -1);
  }
  std::sort(changes.begin(), changes.end());
  std::vector<double> times;
  std::vector<double> done;   // what a task that runs all the time has done by times[i]
  std::vector<double> speed;  // from times[i] on
  int running = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (times.empty() || changes[i].first != times.back()) {
      done.push_back(times.empty() ? 0 : done.back() + (changes[i].first - times.back()) * speed.back());
      times.push_back(changes[i].first);
      speed.push_back(1);
    }
    running += changes[i].second;
    const double share = processors / std::max(1, running);
    speed.back() = share >= 1 ? 1 : std::pow(share, contention);
  }
  const auto done_at = [&](double time) {
    const auto at = static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time) - times.begin()) - 1;
    return done[at] + (time - times[at]) * speed[at];
  };
  std::vector<float> alone(workload.tasks.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    const TaskTrace& task = unchanged.tasks[i];
    const bool played = task.end > task.start;
    alone[i] = played ? static_cast<float>(done_at(task.end) - done_at(task.start)) : workload.tasks.duration[i];
  }
  return alone;
}

double ProcessorsSeen(const Workload& workload) {
  double processor = 0;
  for (std::size_t i = 0; i < workload.tasks.size(); ++i) {
    processor += static_cast<double>(workload.tasks.parts[At(Component::Cpu)][i]) +
                 static_cast<double>(workload.tasks.parts[At(Component::Gc)][i]);
  }
  const double busy = workload.duration - workload.observed_idle;
  return busy > 0 ? std::max(1.0, processor / busy) : 1;
}

}  // namespace advise::cost
