// Rows of task attempts: one an end, and at the end of the log one for each attempt that still runs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "model/build/accumulator_totals.h"
#include "model/build/rows_by_id.h"
#include "model/build/task_attempts.h"
#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

class TaskFiller {
 public:
  TaskFiller(JobModel& model, RowsById& rows, TaskAttempts& attempts)
      : model_(model), rows_(rows), attempts_(attempts) {}

  // Returns its executor; invalid: the event names none.
  ExecutorRow Start(StageRow stage, const TaskInfo& info);

  // Appends the row. `started`: from its TaskStart, if that is in the log. `executor_metrics` and `named` are the
  // arrays that the event's indices point into. Returns its executor.
  ExecutorRow End(StageRow stage, std::int64_t repeat, const std::optional<RunningTask>& started, const TaskEnd& event,
                  std::span<const AccumulatorUpdate> updates, std::span<const ExecutorMetrics> executor_metrics,
                  std::span<const NamedAccumulator> named);

  // With all events told.
  void Finish();

 private:
  void PushInfo(const TaskInfo& info, StageRow stage, ExecutorRow executor, HostRow host, std::int64_t repeat,
                bool started);
  void PushMetrics(const TaskEnd& end, std::int64_t duration, std::int64_t getting, const ExecutorMetrics* polled);
  void SeeLaunch(StageRow stage, std::int64_t launch);
  void PushRunning(const RunningTask& task);

  JobModel& model_;
  RowsById& rows_;
  TaskAttempts& attempts_;
  AccumulatorTotals accumulators_;
};

}  // namespace advise::model
