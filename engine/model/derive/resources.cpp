// Executors over time: slots, lifetimes, busy and idle time, why they went; and the same for the application.
#include <algorithm>
#include <map>

#include "model/derive/derive.h"
#include "model/derive/removal_reasons.h"
#include "model/derive/scan.h"
#include "model/derive/slots.h"
#include "model/derive/timeline.h"
#include "model/task_times.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

// The most common value; of equally common ones the largest. Nothing if there is none.
std::optional<std::int64_t> MostCommon(const std::vector<std::int64_t>& values) {
  std::map<std::int64_t, std::size_t> counts;
  for (const std::int64_t value : values) ++counts[value];
  std::optional<std::int64_t> best;
  for (const auto& [value, count] : counts) {
    if (!best || count >= counts[*best]) best = value;
  }
  return best;
}

bool IsLocalRun(const JobModel& model) {
  if (IsLocalMaster(model.strings.Get(model.app.master.Get(0)))) return true;
  for (std::size_t row = 0; row < model.executors.size(); ++row) {
    if (model.executors.is_driver.Get(row) && !model.executors.tasks.Get(row).empty()) return true;
  }
  return false;
}

// As stated, not clamped to the application: from added to removed, or to the end of the log.
std::optional<Interval> StatedLife(const JobModel& model, std::size_t row, Interval window) {
  const ExecutorTable& executors = model.executors;
  if (!executors.added.Has(row)) return std::nullopt;
  const std::int64_t added = executors.added.Get(row);
  const std::int64_t end = executors.removed.Has(row) ? executors.removed.Get(row) : window.end;
  return Interval{added, std::max(added, end)};
}

// ---------------------------------------------------------------- one executor
void FillSlotsAndClasses(JobModel& model) {
  ExecutorTable& executors = model.executors;
  const std::optional<std::int64_t> local_cores = CoresOfLocalMaster(model.strings.Get(model.app.master.Get(0)));
  for (std::size_t row = 0; row < executors.size(); ++row) {
    const bool driver = executors.is_driver.Get(row);
    executors.runs_tasks.Set(row, !driver || !executors.tasks.Get(row).empty());
    if (driver && local_cores && !executors.cores.Has(row)) executors.cores.Set(row, *local_cores);
    if (const std::optional<std::int64_t> slots = SlotsOf(model, ExecutorRow(row))) executors.slots.Set(row, *slots);
    if (executors.removed.Has(row) || executors.remove_reason.Has(row)) {
      executors.removal_class.Set(row, ClassifyRemoval(model.strings.Get(executors.remove_reason.Get(row))));
    }
  }
}

void FillLifetimes(JobModel& model, Interval window) {
  for (std::size_t row = 0; row < model.executors.size(); ++row) {
    if (const std::optional<Interval> life = StatedLife(model, row, window)) {
      model.executors.lifetime.Set(row, Clip(*life, window).length());
    }
  }
}

// Σ of the attempts' durations, clipped to the life of their executor; of the application where that is not known.
// Returns the sum over all of them, those that name no executor included.
std::int64_t FillBusyTimes(JobModel& model, const std::vector<std::optional<Interval>>& spans, Interval window) {
  ExecutorTable& executors = model.executors;
  std::vector<Interval> lives(executors.size());
  std::vector<std::int64_t> busy(executors.size());
  for (std::size_t row = 0; row < executors.size(); ++row) {
    lives[row] = Clip(StatedLife(model, row, window).value_or(window), window);
  }
  std::int64_t all = 0;
  for (std::size_t task = 0; task < spans.size(); ++task) {
    if (!spans[task] || model.tasks.running.Get(task)) continue;
    const ExecutorRow executor = model.tasks.executor.Get(task);
    const std::int64_t length = Clip(*spans[task], executor.valid() ? lives[executor.index] : window).length();
    if (executor.valid()) busy[executor.index] = SaturatingAdd(busy[executor.index], length);
    all = SaturatingAdd(all, length);
  }
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (model.excerpt && executors.tasks.Get(row).empty()) continue;
    executors.busy_time.Set(row, busy[row]);
    if (!executors.slots.Has(row) || !executors.lifetime.Has(row)) continue;
    const std::int64_t slot_time = SaturatingMultiply(executors.slots.Get(row), executors.lifetime.Get(row));
    executors.idle_time.Set(row, std::max<std::int64_t>(0, SaturatingAdd(slot_time, -busy[row])));
  }
  return all;
}

void FillGcShares(JobModel& model) {
  const TaskTable& tasks = model.tasks;
  ExecutorTable& executors = model.executors;
  std::vector<std::int64_t> gc(executors.size(), kMissing);
  std::vector<std::int64_t> run(executors.size(), kMissing);
  const auto add_to = [&](std::vector<std::int64_t>& sums) {
    return [&](std::size_t row, std::int64_t value) {
      const ExecutorRow executor = tasks.executor.Get(row);
      if (value == kMissing || !executor.valid() || tasks.repeat.Get(row) > 0) return;
      sums[executor.index] = SaturatingAdd(KnownOrZero(sums[executor.index]), value);
    };
  };
  ForEachValue(tasks.gc_time, add_to(gc));
  ForEachValue(tasks.run_time, add_to(run));
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (run[row] > 0 && gc[row] != kMissing)
      executors.gc_share.Set(row, std::min(1.0, static_cast<double>(gc[row]) / static_cast<double>(run[row])));
  }
}

// Named attributes out of the peak_* columns. 0 of a process-tree or storage peak cannot be told from "not measured".
void FillPeaks(ExecutorTable& executors) {
  const auto& peaks = executors.peaks;
  const auto sum = [](std::initializer_list<std::int64_t> values) {
    std::int64_t total = kMissing;
    for (const std::int64_t value : values) {
      if (value != kMissing) total = total == kMissing ? value : SaturatingAdd(total, value);
    }
    return total;
  };
  for (std::size_t row = 0; row < executors.size(); ++row) {
    executors.major_gc_time.Set(row, peaks.peak_major_gc_time.Get(row));
    executors.minor_gc_time.Set(row, peaks.peak_minor_gc_time.Get(row));
    executors.peak_heap_used.Set(row, peaks.peak_jvm_heap_memory.Get(row));
    executors.peak_storage.Set(
        row, sum({peaks.peak_on_heap_storage_memory.Get(row), peaks.peak_off_heap_storage_memory.Get(row)}));
    const std::int64_t rss =
        sum({peaks.peak_process_tree_jvm_rss_memory.Get(row), peaks.peak_process_tree_python_rss_memory.Get(row),
             peaks.peak_process_tree_other_rss_memory.Get(row)});
    if (rss > 0) executors.peak_rss.Set(row, rss);
  }
}

// Totals as the REST API shows them: in the driver's row they are not about tasks once the application's start is
// known.
void FillRestTotals(JobModel& model, Interval window) {
  ExecutorTable& executors = model.executors;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    const bool driver = executors.is_driver.Get(row);
    if (driver && model.app.start.Has(0)) executors.total_duration.Set(row, window.length());
    executors.total_gc_time.Set(row, driver ? executors.peaks.peak_total_gc_time.Get(row) : executors.gc_time.Get(row));
  }
}

// ---------------------------------------------------------------- stages
// An executor is lost to a stage if one of its attempts was running there when it was removed, or ended because of it
// (the driver ends the attempts a moment before it reports the removal). Executors that were given back do not count.
void FillLostExecutors(JobModel& model, const std::vector<std::optional<Interval>>& spans) {
  const TaskTable& tasks = model.tasks;
  const ExecutorTable& executors = model.executors;
  const auto loses_executor = [&](std::size_t task) {
    const ExecutorRow executor = tasks.executor.Get(task);
    if (!executor.valid()) return false;
    const bool removed = executors.removed.Has(executor.index);
    if (removed && executors.removal_class.Get(executor.index) == RemovalClass::Idle) return false;
    if (tasks.end_reason.Has(task) && tasks.end_reason.Get(task) == EndReason::ExecutorLostFailure) return true;
    if (!removed || !spans[task]) return false;
    const std::int64_t when = executors.removed.Get(executor.index);
    return spans[task]->begin <= when && when <= spans[task]->end;
  };
  std::vector<std::pair<StageRow, ExecutorRow>> lost;
  for (std::size_t task = 0; task < tasks.size(); ++task) {
    if (loses_executor(task)) lost.emplace_back(tasks.stage.Get(task), tasks.executor.Get(task));
  }
  std::sort(lost.begin(), lost.end());
  lost.erase(std::unique(lost.begin(), lost.end()), lost.end());
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) model.stages.lost_executors.Set(stage, 0);
  for (const auto& [stage, executor] : lost) {
    if (stage.valid()) model.stages.lost_executors.Set(stage.index, model.stages.lost_executors.Get(stage.index) + 1);
  }
}

void FillWaves(StageTable& stages, const LevelTimeline& slots) {
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    if (!stages.first_launch.Has(stage) || !stages.last_finish.Has(stage)) continue;
    const double mean = slots.Mean({stages.first_launch.Get(stage), stages.last_finish.Get(stage)});
    if (mean <= 0) continue;  // executor times that contradict the tasks: unknown
    stages.slots_available.Set(stage, mean);
    stages.waves.Set(stage, static_cast<double>(stages.winners.Get(stage).size()) / mean);
  }
}

// ---------------------------------------------------------------- the application
// Executors that count: all but a driver on which no task ran, and those of which the log has only the removal (a
// cluster manager that shuts down may remove executors that never registered).
void FillExecutorCounts(JobModel& model, Interval window) {
  const ExecutorTable& executors = model.executors;
  const bool local = IsLocalRun(model);
  std::vector<LevelTimeline::Presence> present;
  std::int64_t ever = local ? 1 : 0;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (executors.runs_tasks.Get(row)) model.app.executor_list.Mutable(0).push_back(ExecutorRow(row));
    if (executors.is_driver.Get(row)) continue;
    if (!executors.added.Has(row) && executors.tasks.Get(row).empty()) continue;
    ++ever;
    const std::optional<Interval> life = StatedLife(model, row, window);
    if (life && life->begin <= window.end) present.push_back({*life, 1});
  }
  model.app.executors.Set(0, ever);
  model.app.max_executors.Set(0, std::max<std::int64_t>(local ? 1 : 0, LevelTimeline(present).max()));
}

void FillSlots(JobModel& model, Interval window) {
  AppTable& app = model.app;
  const ExecutorTable& executors = model.executors;
  std::vector<LevelTimeline::Presence> present;
  std::vector<std::int64_t> slots;
  std::vector<std::int64_t> cores;
  std::int64_t slot_time = 0;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (!executors.runs_tasks.Get(row) || !executors.slots.Has(row)) continue;
    // Times of another clock: what came after the end took no part.
    const std::optional<Interval> life = StatedLife(model, row, window);
    if (life && life->begin > window.end) continue;
    slots.push_back(executors.slots.Get(row));
    cores.push_back(executors.cores.Get(row));
    if (executors.lifetime.Has(row))
      slot_time = SaturatingAdd(slot_time, SaturatingMultiply(executors.slots.Get(row), executors.lifetime.Get(row)));
    if (life) present.push_back({*life, slots.back()});
  }
  if (slots.empty()) {
    // No executor states its cores: the concurrency seen is all there is. It is never used to raise a stated number:
    // finish times are the driver's and late, so more attempts seem to run than there are slots.
    if (app.max_running.Has(0)) app.slots.Set(0, app.max_running.Get(0));
    return;
  }
  const LevelTimeline timeline(present);
  app.slots.Set(0, timeline.max());
  app.slots_per_executor.Set(0, *MostCommon(slots));
  app.executor_cores.Set(0, *MostCommon(cores));
  app.executor_slot_time.Set(0, slot_time);
  if (app.busy_slot_time.Has(0) && slot_time > 0) {
    app.utilisation.Set(0,
                        std::min(1.0, static_cast<double>(app.busy_slot_time.Get(0)) / static_cast<double>(slot_time)));
  }
  FillWaves(model.stages, timeline);
}

void FillStorage(JobModel& model) {
  const ExecutorTable& executors = model.executors;
  std::vector<std::int64_t> per_slot;
  std::optional<std::int64_t> storage;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (!executors.runs_tasks.Get(row) || !executors.memory.Has(row)) continue;
    storage = SaturatingAdd(storage.value_or(0), executors.memory.Get(row));
    if (executors.slots.Has(row) && executors.slots.Get(row) > 0) {
      per_slot.push_back(executors.memory.Get(row) / executors.slots.Get(row));
    }
  }
  if (storage) model.app.storage_memory.Set(0, *storage);
  if (const std::optional<std::int64_t> common = MostCommon(per_slot))
    model.app.execution_memory_per_slot.Set(0, *common);
}

void FillTimes(JobModel& model, const std::vector<std::optional<Interval>>& spans, Interval window) {
  AppTable& app = model.app;
  const BusyTimes busy = FindBusyTimes(spans);
  // Stages whose tasks are not in the log were no time of the driver's.
  std::vector<std::optional<Interval>> worked(busy.spans.begin(), busy.spans.end());
  const std::vector<std::optional<Interval>> without_tasks = SpansWithoutTasks(model);
  worked.insert(worked.end(), without_tasks.begin(), without_tasks.end());
  std::int64_t running = 0;
  for (const Interval& span : FindBusyTimes(worked).spans) running += Clip(span, window).length();
  app.driver_time.Set(0, window.length() - running);
  app.duration.Set(0, window.length());
  if (busy.max_running > 0) app.max_running.Set(0, busy.max_running);
  std::optional<std::int64_t> first;
  for (const std::optional<Interval>& span : spans) {
    if (span) first = std::min(first.value_or(span->begin), span->begin);
  }
  if (first) app.startup_time.Set(0, std::max<std::int64_t>(0, *first - window.begin));
}

}  // namespace

void DeriveResources(JobModel& model) {
  FillSlotsAndClasses(model);
  FillGcShares(model);
  FillPeaks(model.executors);
  FillStorage(model);
  const std::vector<std::optional<Interval>> spans = TaskSpans(model);
  const bool executors_told = !model.excerpt || model.executors.size() > 0;
  if (executors_told) FillLostExecutors(model, spans);
  // Without any time there are neither tasks nor executors with times: an empty window serves the counts.
  const std::optional<Interval> known_window = AppWindow(model);
  const Interval window = known_window.value_or(Interval{});
  if (executors_told) FillExecutorCounts(model, window);
  FillRestTotals(model, window);
  if (known_window) FillLifetimes(model, window);
  if (known_window && (!model.excerpt || AllTimed(model))) {
    FillTimes(model, spans, window);
    const std::int64_t busy = FillBusyTimes(model, spans, window);
    bool any_end = false;
    for (std::size_t task = 0; task < model.tasks.size() && !any_end; ++task) any_end = !model.tasks.running.Get(task);
    if (any_end) model.app.busy_slot_time.Set(0, busy);
  }
  FillSlots(model, window);
}

}  // namespace advise::model
