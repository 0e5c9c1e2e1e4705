// Which events count: the one place that looks for missing ids, duplicates and limits, and counts what is left out. An
// event that it does not take changes nothing in the model but the rows of the ids that it names.
#pragma once

#include <cstdint>
#include <optional>

#include "model/build/live_counts.h"
#include "model/build/rows_by_id.h"
#include "model/build/task_attempts.h"
#include "model/job_model_builder.h"
#include "model/raw_events.h"
#include "support/limits.h"

namespace advise::model {

class EventGuard {
 public:
  EventGuard(const Limits& limits, const JobModel& model, RowsById& rows, TaskAttempts& attempts,
             const LiveCounts& live)
      : limits_(limits), model_(model), rows_(rows), attempts_(attempts), live_(live) {}

  // An end of a task attempt that counts.
  struct TaskEndTaken {
    StageRow stage;
    std::int64_t repeat = 0;             // n: it is the n-th end after the first (Resubmitted)
    std::optional<RunningTask> started;  // nothing: its start is not in the log, or it had ended before
  };

  // false: left out.
  bool Take(const ApplicationStart& event);
  bool Take(const ResourceProfileAdded& event) { return HasId(event.id); }
  bool Take(const UnpersistRdd& event) { return HasId(event.rdd); }
  // The row; invalid: left out.
  ExecutorRow Take(const ExecutorAdded& event) { return Executor(event.id); }
  ExecutorRow Take(const ExecutorRemoved& event) { return Executor(event.id); }
  ExecutorRow Take(const BlockManagerAdded& event) { return Executor(event.executor); }
  // Blocks of RDDs and broadcasts; others are none of ours and not malformed.
  ExecutorRow Take(const BlockUpdated& event);
  JobRow Take(const JobStart& event);
  JobRow Take(const JobEnd& event);
  // A stage that a JobStart describes.
  StageRow Take(const StageInfo& info);
  StageRow Take(const StageSubmitted& event);
  StageRow Take(const StageCompleted& event);
  StageRow Take(const TaskStart& event);
  std::optional<TaskEndTaken> Take(const TaskEnd& event);
  SqlRow Take(const SqlStart& event);
  SqlRow Take(const SqlEnd& event) { return Sql(event.id); }
  SqlRow Take(const SqlPlanUpdate& event) { return Sql(event.id); }
  SqlRow Take(const SqlMetricUpdates& event) { return Sql(event.id); }
  SqlRow Take(const DriverAccumUpdates& event) { return Sql(event.id); }

  void CrowdHost(std::size_t executors) { counts_.crowded_hosts += executors; }
  void LeaveOut(std::uint64_t job_edges, std::uint64_t stage_edges, std::uint64_t node_stages);
  // With all events told: executors that were there before the application, starts without end.
  void Finish();

  [[nodiscard]] const BuilderCounts& counts() const { return counts_; }

 private:
  bool HasId(std::int64_t id);
  ExecutorRow Executor(std::string_view id);
  // Invalid beyond the limit.
  StageRow Stage(std::int64_t id, std::int64_t attempt);
  SqlRow Sql(std::int64_t id);

  const Limits& limits_;
  const JobModel& model_;
  RowsById& rows_;
  TaskAttempts& attempts_;
  const LiveCounts& live_;
  BuilderCounts counts_;
};

}  // namespace advise::model
