// Executors as slots that come and go, and what the slots tell of a stage: how long one stays empty between two tasks,
// how fast the first wave is launched, and how long a stage waited although a slot was free.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <queue>

#include "cost/numbers.h"
#include "cost/workload_parts.h"

namespace advise::cost {
namespace {

using model::ExecutorRow;

constexpr std::size_t kSamplesForTurnaround = 5;  // fewer: the application's median

// Times in which some stage had tasks to launch: a union of intervals that grows.
class PendingTimes {
 public:
  void Add(double begin, double end) {
    if (end <= begin) return;
    auto at = intervals_.upper_bound(begin);
    if (at != intervals_.begin() && std::prev(at)->second >= begin) {
      --at;
      begin = at->first;
      end = std::max(end, at->second);
      at = intervals_.erase(at);
    }
    while (at != intervals_.end() && at->first <= end) {
      end = std::max(end, at->second);
      at = intervals_.erase(at);
    }
    intervals_.emplace(begin, end);
  }
  // How much of [begin, end) something was pending.
  [[nodiscard]] double Within(double begin, double end) const {
    double sum = 0;
    auto at = intervals_.upper_bound(begin);
    if (at != intervals_.begin()) --at;
    for (; at != intervals_.end() && at->first < end; ++at) {
      sum += std::max(0.0, std::min(end, at->second) - std::max(begin, at->first));
    }
    return sum;
  }
  // The first time from `time` on at which nothing was pending.
  [[nodiscard]] double From(double time) const {
    auto at = intervals_.upper_bound(time);
    if (at == intervals_.begin()) return time;
    --at;
    return std::max(time, at->second > time ? at->second : time);
  }

 private:
  std::map<double, double> intervals_;  // begin → end, disjoint
};

// ---------------------------------------------------------------- executors
// First launch and last end of the attempts on each executor row.
struct Use {
  double first = std::numeric_limits<double>::infinity();
  double last = -std::numeric_limits<double>::infinity();
  std::uint32_t tasks = 0;
};

std::vector<Use> UsesOf(const WorkloadBuild& build) {
  std::vector<Use> uses(build.model.executors.size());
  for (const TaskSeen& task : build.seen) {
    if (task.executor == kNone) continue;
    Use& use = uses[task.executor];
    use.first = std::min(use.first, task.launch);
    use.last = std::max(use.last, task.end);
    ++use.tasks;
  }
  return uses;
}

void AddExecutor(const WorkloadBuild& build, std::size_t row, const Use& use, std::uint32_t slots, Workload& workload) {
  const model::ExecutorTable& executors = build.model.executors;
  ExecutorWork executor;
  executor.row = static_cast<std::uint32_t>(row);
  executor.slots = slots;
  if (executors.host.Has(row)) executor.host = executors.host.Get(row).index;
  const double stated = executors.added.Has(row) ? build.At(executors.added.Get(row)) : 0;
  executor.arrival = std::clamp(stated, 0.0, std::max(0.0, workload.duration));
  executor.removal =
      executors.removed.Has(row) ? build.At(executors.removed.Get(row)) : std::numeric_limits<double>::quiet_NaN();
  if (use.tasks > 0 && (executor.arrival > use.first || executor.removal < use.last)) {
    // Times of the cluster manager against those of the driver; some logs were edited.
    if (executor.arrival > use.first + 1000 || executor.removal + 1000 < use.last) ++workload.quality.early_executors;
    executor.arrival = std::min(executor.arrival, use.first);
    executor.removal = std::max(executor.removal, use.last);
  }
  if (executor.removal >= workload.duration) executor.removal = std::numeric_limits<double>::quiet_NaN();
  executor.follows_work = workload.dynamic_allocation;
  workload.executors.push_back(executor);
}

// Most attempts that ran at once on one executor row, or on all (kNone).
std::uint32_t MostAtOnce(const WorkloadBuild& build, std::uint32_t row) {
  std::vector<std::pair<double, int>> events;
  for (const TaskSeen& task : build.seen) {
    if (row != kNone && task.executor != row) continue;
    events.emplace_back(task.launch, 1);
    events.emplace_back(task.end, -1);
  }
  std::sort(events.begin(), events.end());
  int now = 0;
  int most = 0;
  for (const auto& [time, change] : events) most = std::max(most, now += change);
  return static_cast<std::uint32_t>(std::max(most, 1));
}

// ---------------------------------------------------------------- turnaround and ramp
class TurnaroundFinder {
 public:
  TurnaroundFinder(const WorkloadBuild& build, Workload& workload)
      : build_(build), workload_(workload), free_since_(workload.executors.size()), samples_(workload.stages.size()) {}

  void Run() {
    std::vector<std::uint32_t> order(build_.seen.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return build_.seen[a].launch != build_.seen[b].launch ? build_.seen[a].launch < build_.seen[b].launch : a < b;
    });
    for (const std::uint32_t task : order) Launch(task);
    std::vector<float> all;
    for (const std::vector<float>& of_stage : samples_) all.insert(all.end(), of_stage.begin(), of_stage.end());
    const float common = all.empty() ? 0 : Median(std::move(all));
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const bool enough = samples_[i].size() >= kSamplesForTurnaround;
      workload_.stages[i].turnaround = enough ? Median(std::move(samples_[i])) : common;
    }
  }

 private:
  using Ends = std::priority_queue<double, std::vector<double>, std::greater<>>;

  void Launch(std::uint32_t task) {
    const TaskSeen& seen = build_.seen[task];
    StageWork& stage = workload_.stages[seen.stage];
    const std::uint32_t executor = ExecutorOf(seen);
    bool first_use = true;
    double free_since = 0;
    if (executor != kNone && workload_.executors[executor].slots > 0) {
      Ends& ends = free_since_[executor];
      if (ends.size() >= workload_.executors[executor].slots) {
        first_use = false;
        free_since = ends.top();
        ends.pop();
      } else {
        free_since = workload_.executors[executor].arrival;
      }
      ends.push(seen.end);
    }
    const double first_launch = build_.seen[stage.first_task].launch;
    const bool in_stage = free_since >= first_launch;
    if (in_stage && !first_use) samples_[seen.stage].push_back(static_cast<float>(seen.launch - free_since));
    // The first wave: launches in unbroken order onto slots that were free before the stage began.
    const std::uint32_t position = task - stage.first_task;
    if (!in_stage && position == stage.first_wave) {
      ++stage.first_wave;
      if (position > 0) stage.ramp = static_cast<float>((seen.launch - first_launch) / position);
    }
  }

  [[nodiscard]] std::uint32_t ExecutorOf(const TaskSeen& seen) const {
    if (workload_.quality.slots_observed) return 0;
    return seen.executor == kNone ? kNone : build_.executor_of_row[seen.executor];
  }

  const WorkloadBuild& build_;
  Workload& workload_;
  std::vector<Ends> free_since_;
  std::vector<std::vector<float>> samples_;  // by stage
};

// ---------------------------------------------------------------- launch lag
// Free slots over time as a step function, and when the next one was free.
class FreeSlots {
 public:
  FreeSlots(const WorkloadBuild& build, const Workload& workload) {
    std::vector<std::pair<double, std::int64_t>> changes;
    for (const ExecutorWork& executor : workload.executors) {
      changes.emplace_back(executor.arrival, executor.slots);
      if (!std::isnan(executor.removal))
        changes.emplace_back(executor.removal, -static_cast<std::int64_t>(executor.slots));
    }
    for (const TaskSeen& task : build.seen) {
      if (task.end <= task.launch) continue;
      changes.emplace_back(task.launch, -1);
      changes.emplace_back(task.end, 1);
    }
    std::sort(changes.begin(), changes.end());
    std::int64_t free = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      free += changes[i].second;
      if (i + 1 < changes.size() && changes[i + 1].first == changes[i].first) continue;
      times_.push_back(changes[i].first);
      next_free_.push_back(free > 0 ? changes[i].first : std::numeric_limits<double>::infinity());
    }
    for (std::size_t i = next_free_.size(); i-- > 1;) {
      if (std::isinf(next_free_[i - 1])) next_free_[i - 1] = next_free_[i];
    }
  }

  // The first time from `time` on at which a slot was free; infinity: never again.
  [[nodiscard]] double From(double time) const {
    const auto after = std::upper_bound(times_.begin(), times_.end(), time);
    if (after == times_.begin())
      return next_free_.empty() ? std::numeric_limits<double>::infinity() : next_free_.front();
    return std::max(time, next_free_[static_cast<std::size_t>(after - times_.begin()) - 1]);
  }

 private:
  std::vector<double> times_;
  std::vector<double> next_free_;
};

// A pause of a slot that is full all the time is its turnaround, not one of the stage.
constexpr double kTurnarounds = 3;
constexpr double kShortPause = 20;  // ms

// How long stages waited for their first launch, and between two launches, although a slot was free and, with FIFO,
// nobody before them in the queue had a task to launch.
void FillPauses(const WorkloadBuild& build, Workload& workload) {
  const FreeSlots free(build, workload);
  PendingTimes pending;
  std::vector<std::uint32_t> order(workload.stages.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const StageWork& x = workload.stages[a];
    const StageWork& y = workload.stages[b];
    if (x.job != y.job) return x.job < y.job;
    return x.id != y.id ? x.id < y.id : x.attempt < y.attempt;
  });
  const auto could_launch = [&](double from, double until) {
    double time = from;
    while (time < until) {
      double later = free.From(time);
      if (!workload.fair) later = pending.From(later);
      if (later <= time) break;
      time = later;
    }
    return time;
  };
  for (const std::uint32_t index : order) {
    StageWork& stage = workload.stages[index];
    if (stage.tasks == 0) continue;
    const double could = could_launch(stage.submitted, stage.first_launch);
    stage.launch_lag = static_cast<float>(std::max(0.0, stage.first_launch - std::max(could, stage.submitted)));
    double before = stage.first_launch;
    for (std::uint32_t i = 1; i < stage.tasks; ++i) {
      const double launch = build.seen[stage.first_task + i].launch;
      const double pause = launch - could_launch(before, launch);
      before = launch;
      const bool first_wave = i < stage.first_wave;
      const double least = first_wave ? 0 : std::max(kShortPause, kTurnarounds * static_cast<double>(stage.turnaround));
      if (pause <= least) continue;
      workload.tasks.pause[stage.first_task + i] = static_cast<float>(pause);
      stage.paused = true;
      if (!first_wave) workload.quality.held_back += pause;
    }
    pending.Add(stage.first_launch, build.seen[stage.first_task + stage.tasks - 1].launch);
  }
}

}  // namespace

void FillExecutors(WorkloadBuild& build, Workload& workload) {
  const model::ExecutorTable& executors = build.model.executors;
  build.executor_of_row.assign(executors.size(), kNone);
  const std::vector<Use> uses = UsesOf(build);
  const model::IntColumn& common = build.model.app.slots_per_executor;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (!executors.runs_tasks.Get(row)) continue;
    if (!executors.added.Has(row) && uses[row].tasks == 0) continue;  // only its removal is in the log
    // Times of another clock: it came after the end, and took no part.
    const bool late = executors.added.Has(row) && build.At(executors.added.Get(row)) > workload.duration;
    if (late && uses[row].tasks == 0) continue;
    std::int64_t slots = executors.slots.Has(row) ? executors.slots.Get(row) : 0;
    if (!executors.slots.Has(row) && common.Has(0)) slots = common.Get(0);
    if (slots <= 0 && uses[row].tasks > 0 && executors.slots.Has(row)) slots = 1;  // it ran tasks all the same
    if (slots <= 0) continue;
    build.executor_of_row[row] = static_cast<std::uint32_t>(workload.executors.size());
    AddExecutor(build, row, uses[row], static_cast<std::uint32_t>(slots), workload);
  }
  if (workload.executors.empty() && !build.seen.empty()) {
    workload.quality.slots_observed = true;
    ExecutorWork all;
    all.row = kNone;
    all.slots = MostAtOnce(build, kNone);
    all.removal = std::numeric_limits<double>::quiet_NaN();
    workload.executors.push_back(all);
  }
}

// An executor that came while tasks waited and took none, or took its first only later, was held back: by locality, or
// while it got ready. What it waited so is part of its arrival; one that took none at all gives no slots.
void DelayExecutors(const WorkloadBuild& build, const std::vector<Use>& uses, Workload& workload) {
  PendingTimes pending;
  for (const StageWork& stage : workload.stages) {
    if (stage.tasks > 0) pending.Add(stage.first_launch, build.seen[stage.first_task + stage.tasks - 1].launch);
  }
  for (ExecutorWork& executor : workload.executors) {
    if (executor.row == kNone) continue;
    const Use& use = uses[executor.row];
    const double end = std::isnan(executor.removal) ? workload.duration : executor.removal;
    const double waited = pending.Within(executor.arrival, use.tasks > 0 ? use.first : end);
    if (use.tasks > 0) {
      executor.arrival += waited;
    } else if (waited > 0) {
      executor.slots = 0;
      ++workload.quality.unused_executors;
    }
  }
}

void FillSlotLags(const WorkloadBuild& build, Workload& workload) {
  if (build.seen.empty()) return;
  DelayExecutors(build, UsesOf(build), workload);
  TurnaroundFinder(build, workload).Run();
  FillPauses(build, workload);
}

}  // namespace advise::cost
