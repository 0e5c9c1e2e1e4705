// One sweep over the starts and ends of tasks and the slots that are there.
#include "cost/accounts.h"

#include <algorithm>
#include <cmath>

namespace advise::cost {

std::string_view AccountName(Component component) {
  switch (component) {
    case Component::Scheduler:
    case Component::GettingResult:
    case Component::Deserialize:
    case Component::ResultSerialization: return "overhead";
    case Component::Cpu: return "work";
    case Component::Gc: return "gc";
    case Component::FetchWait: return "fetch_wait";
    case Component::ShuffleWrite: return "shuffle_write";
    case Component::Spill: return "spill";
    case Component::Input: return "input";
    case Component::External: return "python";
    case Component::OffCpu: return "unknown_io";
    case Component::Unknown: return "unknown";
  }
  return "unknown";
}

WallAccounts AccountsOf(const Workload& workload, const Schedule& schedule, const ReplayTimes& times,
                        const ReplayTrace& trace, const std::array<double, kComponents>& components) {
  struct Change {
    double time = 0;
    double running = 0;
    double slots = 0;
  };
  std::vector<Change> changes;
  for (std::uint32_t i = 0; i < schedule.slots.size(); ++i) {
    const double slots = schedule.slots[i];
    const double from = times.point[workload.points.Arrival(i)];
    const double until = times.point[workload.points.Removal(i)];
    if (std::isnan(from)) continue;
    changes.push_back({from, 0, slots});
    if (!std::isnan(until)) changes.push_back({until, 0, -slots});
  }
  double first = times.duration;
  for (const TaskTrace& task : trace.tasks) {
    if (task.end <= task.start) continue;
    changes.push_back({task.start, 1, 0});
    changes.push_back({task.end, -1, 0});
    first = std::min(first, task.start);
  }
  std::ranges::stable_sort(changes, {}, &Change::time);
  WallAccounts accounts;
  double now = 0;
  double running = 0;
  double slots = 0;
  double busy = 0;
  const auto advance = [&](double time) {
    time = std::clamp(time, 0.0, times.duration);
    const double length = time - now;
    if (length <= 0) return;
    if (running < 0.5) {
      // An interval never spans the first start: that is a change.
      (now < first ? accounts.start_up : accounts.driver) += length;
    } else {
      const double share = std::min(1.0, running / std::max(slots, running));
      busy += length * share;
      accounts.idle_slots += length * (1 - share);
    }
    now = time;
  };
  for (const Change& change : changes) {
    advance(change.time);
    running += change.running;
    slots += change.slots;
  }
  advance(times.duration);
  double sum = 0;
  for (const double part : components) sum += std::max(0.0, part);
  for (std::size_t c = 0; c < kComponents; ++c) {
    accounts.components[c] = sum > 0 ? busy * std::max(0.0, components[c]) / sum : 0;
  }
  if (sum <= 0) accounts.components[At(Component::Unknown)] = busy;
  return accounts;
}

}  // namespace advise::cost
