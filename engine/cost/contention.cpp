// Integrates the speed of tasks over the concurrency of the unchanged replay.
#include "cost/contention.h"

#include <algorithm>
#include <cmath>

#include "cost/calibration.h"

namespace advise::cost {
namespace {

double Part(const Workload& workload, Component component, std::size_t task) {
  return static_cast<double>(workload.tasks.parts[At(component)][task]);
}

// ms of a task in a process outside the JVM: Python's of a plan, and of an RDD what nothing else explains.
double Outside(const Workload& workload, const StageWork& stage, std::size_t task) {
  double ms = Part(workload, Component::External, task);
  if (stage.python) ms += Part(workload, Component::OffCpu, task) + Part(workload, Component::Input, task);
  return ms;
}

double OnProcessor(const Workload& workload, std::size_t task) {
  return Part(workload, Component::Cpu, task) + Part(workload, Component::Gc, task);
}

}  // namespace

std::vector<std::uint16_t> ProcessorNeeds(const Workload& workload, double outside) {
  std::vector<std::uint16_t> needs(workload.tasks.size(), kWholeProcessor);
  for (const StageWork& stage : workload.stages) {
    for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
      const double duration = static_cast<double>(workload.tasks.duration[task]);
      if (duration <= 0) continue;
      double waits = Part(workload, Component::FetchWait, task) + (1 - outside) * Outside(workload, stage, task);
      if (!stage.python) {
        const double off = Part(workload, Component::OffCpu, task) + Part(workload, Component::Input, task);
        waits += std::max(0.0, off - calibration::kOffPerOn * OnProcessor(workload, task));
      }
      const double need = std::clamp(1 - waits / duration, 0.0, 1.0);
      needs[task] = static_cast<std::uint16_t>(std::lround(need * kWholeProcessor));
    }
  }
  return needs;
}


std::vector<float> TimesAlone(const Workload& workload, const ReplayTrace& unchanged, double processors,
                              double contention, const std::vector<std::uint16_t>& needs) {
  struct Change {
    double time = 0;
    int tasks = 0;
    std::int64_t need = 0;
  };
  std::vector<Change> changes;
  for (std::size_t i = 0; i < unchanged.tasks.size(); ++i) {
    const TaskTrace& task = unchanged.tasks[i];
    if (task.end <= task.start) continue;
    changes.push_back({task.start, 1, needs[i]});
    changes.push_back({task.end, -1, -static_cast<std::int64_t>(needs[i])});
  }
  std::ranges::stable_sort(changes, {}, &Change::time);
  std::vector<double> times;
  std::vector<double> done;   // what a task that runs all the time has done by times[i]
  std::vector<double> speed;  // from times[i] on
  int running = 0;
  std::int64_t needed = 0;
  for (const Change& change : changes) {
    if (times.empty() || change.time != times.back()) {
      done.push_back(times.empty() ? 0 : done.back() + (change.time - times.back()) * speed.back());
      times.push_back(change.time);
      speed.push_back(1);
    }
    running += change.tasks;
    needed += change.need;
    speed.back() = SharedSpeed(processors, contention, static_cast<std::size_t>(running),
                               static_cast<std::uint64_t>(needed));
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

double ProcessorsSeen(const Workload& workload, double outside) {
  double processor = 0;
  for (const StageWork& stage : workload.stages) {
    for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task)
      processor += OnProcessor(workload, task) + outside * Outside(workload, stage, task);
  }
  const double busy = workload.duration - workload.observed_idle;
  if (busy <= 0) return 1;
  const double spare = workload.machine.has_spare ? std::max(0.0, 1 - calibration::kCompiles / busy) : 0;
  return std::max(1.0, processor / busy) + spare;
}

double ShareOutside(const Workload& workload) {
  double all = 0;
  double outside = 0;
  for (const StageWork& stage : workload.stages) {
    for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
      all += static_cast<double>(workload.tasks.duration[task]);
      outside += Outside(workload, stage, task);
    }
  }
  return all > 0 ? outside / all : 0;
}

}  // namespace advise::cost
