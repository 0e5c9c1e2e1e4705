// Rows of task attempts: one an end, and at the end of the log one for each attempt that still runs.
#include "model/build/task_filler.h"

#include "model/build/cells.h"
#include "model/build/task_outcome.h"
#include "model/task_times.h"

namespace advise::model {

ExecutorRow TaskFiller::Start(StageRow stage, const TaskInfo& info) {
  RunningTask task;
  task.info = info;
  task.info.executor = {};
  task.info.host = {};
  task.stage = stage;
  if (!info.executor.empty()) {
    task.executor = rows_.Executor(info.executor);
    rows_.PlaceExecutor(task.executor, info.host);
  }
  if (!info.host.empty()) task.host = rows_.Host(info.host);
  attempts_.Start(task);
  SeeLaunch(stage, info.launch);
  SeeTime(model_.app, info.launch);
  model_.stages.submitted_flag.Set(stage.index, true);
  return task.executor;
}

void TaskFiller::SeeLaunch(StageRow stage, std::int64_t launch) {
  IntColumn& first = model_.stages.first_launch;
  if (launch == kMissing) return;
  if (!first.Has(stage.index) || first.Get(stage.index) > launch) first.Set(stage.index, launch);
}

ExecutorRow TaskFiller::End(StageRow stage, std::int64_t repeat, const std::optional<RunningTask>& started,
                            const TaskEnd& event, std::span<const AccumulatorUpdate> updates,
                            std::span<const ExecutorMetrics> executor_metrics,
                            std::span<const NamedAccumulator> named) {
  const TaskInfo& info = event.info;
  ExecutorRow executor;
  HostRow host;
  if (!info.executor.empty()) {
    executor = rows_.Executor(info.executor);
    rows_.PlaceExecutor(executor, info.host);
  }
  if (!info.host.empty()) {
    // Nearly always the executor's own host.
    const HostRow own = executor.valid() ? model_.executors.host.Get(executor.index) : HostRow();
    host =
        own.valid() && model_.strings.Get(model_.hosts.name.Get(own.index)) == info.host ? own : rows_.Host(info.host);
  }
  const TaskOutcome outcome = OutcomeOf(event);
  const std::int64_t finish = FinishOf(info);
  const std::int64_t duration = DurationOf(info);
  TaskInfo row_info = info;
  // 3.3+ writes the partition in both events; an end may lack it after a re-write.
  if (row_info.partition == kMissing && started) row_info.partition = started->info.partition;
  PushInfo(row_info, stage, executor, host, repeat, started.has_value());
  TaskTable& t = model_.tasks;
  t.finish.Push(finish);
  t.duration.Push(duration);
  const std::int64_t fetch =
      info.getting_result == kMissing || info.getting_result <= 0 ? kMissing : info.getting_result;
  t.getting_result.Push(fetch);
  std::int64_t getting = kMissing;
  if (duration != kMissing) getting = fetch == kMissing ? 0 : finish - fetch;
  t.status.Push(outcome.success ? TaskStatus::Success : outcome.killed ? TaskStatus::Killed : TaskStatus::Failed);
  if (event.reason == kMissingEnum)
    t.end_reason.PushMissing();
  else
    t.end_reason.Push(static_cast<EndReason>(event.reason));
  if (event.failure.empty())
    t.failure.PushMissing();
  else
    t.failure.Push(model_.strings.Intern(Shorten(event.failure)));
  t.succeeded.Push(outcome.success);
  t.failed.Push(outcome.failed());
  t.killed.Push(outcome.killed);
  t.running.Push(false);
  const ExecutorMetrics* polled = nullptr;
  if (event.executor_metrics >= 0) polled = &executor_metrics[static_cast<std::size_t>(event.executor_metrics)];
  PushMetrics(event, duration, getting, polled);
  if (polled != nullptr) {
    RaisePeaks(model_.stages.peaks, stage.index, *polled);
    if (executor.valid()) RaisePeaks(model_.executors.peaks, executor.index, *polled);
  }
  if (event.named_end > event.named_begin) {
    KeepNamed(model_.strings, model_.task_accumulators, t.size() - 1,
              named.subspan(event.named_begin, event.named_end - event.named_begin));
  }
  if (!outcome.resubmitted) {
    accumulators_.Add(stage, updates.subspan(event.updates_begin, event.updates_end - event.updates_begin));
  }
  if (!started) SeeLaunch(stage, info.launch);
  SeeTime(model_.app, finish);
  SeeTime(model_.app, info.launch);
  model_.stages.submitted_flag.Set(stage.index, true);
  return executor;
}

// The columns that a task has from its start on.
void TaskFiller::PushInfo(const TaskInfo& info, StageRow stage, ExecutorRow executor, HostRow host, std::int64_t repeat,
                          bool started) {
  TaskTable& t = model_.tasks;
  t.id.Push(info.id);
  t.repeat.Push(repeat);
  t.index.Push(info.index);
  t.attempt.Push(info.attempt);
  // -1 where Spark itself does not know the partition.
  t.partition.Push(info.partition < 0 ? kMissing : info.partition);
  t.stage.Push(stage);
  t.executor.Push(executor);
  t.host.Push(host);
  if (info.locality == kMissingEnum)
    t.locality.PushMissing();
  else
    t.locality.Push(static_cast<Locality>(info.locality));
  t.launch.Push(info.launch);
  t.speculative.Push(info.speculative);
  t.winner.Push(false);
  t.failure_class.PushMissing();
  t.failure_summary.PushMissing();
  t.started.Push(started);
}

void TaskFiller::PushMetrics(const TaskEnd& end, std::int64_t duration, std::int64_t getting,
                             const ExecutorMetrics* polled) {
  TaskTable& t = model_.tasks;
#define ADVISE_PUSH(name) t.name.Push(end.metrics[static_cast<std::size_t>(TaskMetric::name)]);
  ADVISE_TASK_METRICS(ADVISE_PUSH)
#undef ADVISE_PUSH
  const auto metric = [&end](TaskMetric which) { return end.metrics[static_cast<std::size_t>(which)]; };
  const std::int64_t remote = metric(TaskMetric::shuffle_read_remote);
  const std::int64_t local = metric(TaskMetric::shuffle_read_local);
  t.shuffle_read.Push(remote == kMissing && local == kMissing ? kMissing : KnownOrZero(remote) + KnownOrZero(local));
  const std::int64_t run = metric(TaskMetric::run_time);
  t.getting_result_time.Push(getting);
  t.scheduler_delay.Push(SchedulerDelay(duration, run, metric(TaskMetric::deserialize_time),
                                        metric(TaskMetric::result_serialization_time), getting));
  t.off_cpu_time.Push(OffCpuTime(run, metric(TaskMetric::cpu_time), metric(TaskMetric::fetch_wait_time)));
  std::int64_t heap = kMissing;
  std::int64_t rss = kMissing;
  if (polled != nullptr) {
    const auto poll = [polled](ExecutorMetric which) { return (*polled)[static_cast<std::size_t>(which)]; };
    if (KnownOrZero(poll(ExecutorMetric::JVMHeapMemory)) > 0) heap = poll(ExecutorMetric::JVMHeapMemory);
    const std::int64_t sum = KnownOrZero(poll(ExecutorMetric::ProcessTreeJVMRSSMemory)) +
                             KnownOrZero(poll(ExecutorMetric::ProcessTreePythonRSSMemory)) +
                             KnownOrZero(poll(ExecutorMetric::ProcessTreeOtherRSSMemory));
    if (sum > 0) rss = sum;
  }
  t.peak_heap.Push(heap);
  t.peak_rss.Push(rss);
}

void TaskFiller::PushRunning(const RunningTask& task) {
  TaskEnd nothing;
  nothing.metrics.fill(kMissing);
  TaskTable& t = model_.tasks;
  PushInfo(task.info, task.stage, task.executor, task.host, 0, true);
  t.finish.PushMissing();
  t.duration.PushMissing();
  t.getting_result.PushMissing();
  t.status.Push(TaskStatus::Running);
  t.end_reason.PushMissing();
  t.failure.PushMissing();
  t.succeeded.Push(false);
  t.failed.Push(false);
  t.killed.Push(false);
  t.running.Push(true);
  PushMetrics(nothing, kMissing, kMissing, nullptr);
}

void TaskFiller::Finish() {
  for (const RunningTask& task : attempts_.StillRunning()) PushRunning(task);
  model_.accumulators = accumulators_.Sorted();
}

}  // namespace advise::model
