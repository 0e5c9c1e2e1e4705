// Which events count: the one place that looks for missing ids, duplicates and limits.
#include "model/build/event_guard.h"

#include <algorithm>

#include "model/build/task_outcome.h"

namespace advise::model {

bool EventGuard::HasId(std::int64_t id) {
  if (id != kMissing) return true;
  ++counts_.malformed;
  return false;
}

ExecutorRow EventGuard::Executor(std::string_view id) {
  if (!id.empty()) return rows_.Executor(id);
  ++counts_.malformed;
  return {};
}

StageRow EventGuard::Stage(std::int64_t id, std::int64_t attempt) {
  const StageRow row = rows_.Stage(id, attempt);
  if (!row.valid()) ++(rows_.HasAllAttempts(id) ? counts_.too_many_attempts : counts_.too_many_stages);
  return row;
}

SqlRow EventGuard::Sql(std::int64_t id) { return HasId(id) ? rows_.Sql(id) : SqlRow(); }

bool EventGuard::Take(const ApplicationStart& /*event*/) {
  if (!model_.app.start.Has(0)) return true;
  ++counts_.duplicates;
  return false;
}

ExecutorRow EventGuard::Take(const BlockUpdated& event) {
  if (event.executor.empty() || (event.rdd == kMissing && !event.broadcast)) return {};
  return rows_.Executor(event.executor);
}

// ---------------------------------------------------------------- jobs and stages
JobRow EventGuard::Take(const JobStart& event) {
  if (!HasId(event.id)) return {};
  if (rows_.FindJob(event.id).valid()) {
    ++counts_.duplicates;
    return {};
  }
  for (const std::int64_t stage : event.stage_ids) {
    if (live_.LiveJobsOf(stage) < limits_.jobs_of_stage) continue;
    ++counts_.crowded_stages;
    return {};
  }
  return rows_.Job(event.id);
}

JobRow EventGuard::Take(const JobEnd& event) {
  if (!HasId(event.id)) return {};
  const JobRow known = rows_.FindJob(event.id);
  if (!known.valid() || live_.IsLive(known)) return rows_.Job(event.id);
  ++counts_.duplicates;
  return {};
}

StageRow EventGuard::Take(const StageInfo& info) {
  return info.id == kMissing ? StageRow() : Stage(info.id, info.attempt);
}

StageRow EventGuard::Take(const StageSubmitted& event) {
  if (!HasId(event.info.id)) return {};
  const StageRow row = Stage(event.info.id, event.info.attempt);
  if (!row.valid()) return row;
  const StageStatus status = live_.Status(row);
  if (status == StageStatus::Pending || status == StageStatus::Skipped) return row;
  ++counts_.duplicates;
  return {};
}

StageRow EventGuard::Take(const StageCompleted& event) {
  if (!HasId(event.info.id)) return {};
  const StageRow row = Stage(event.info.id, event.info.attempt);
  if (!row.valid()) return row;
  const StageStatus status = live_.Status(row);
  if (status != StageStatus::Complete && status != StageStatus::Failed) return row;
  ++counts_.duplicates;
  return {};
}

// ---------------------------------------------------------------- tasks
StageRow EventGuard::Take(const TaskStart& event) {
  const TaskInfo& info = event.info;
  if (!HasId(info.id) || !HasId(info.stage_id)) return {};
  const StageRow row = Stage(info.stage_id, info.stage_attempt);
  if (!row.valid() || (!attempts_.Ended(info.id) && !attempts_.Runs(info.id))) return row;
  ++counts_.duplicates;
  return {};
}

std::optional<EventGuard::TaskEndTaken> EventGuard::Take(const TaskEnd& event) {
  const TaskInfo& info = event.info;
  if (!HasId(info.id) || !HasId(info.stage_id)) return std::nullopt;
  TaskEndTaken taken;
  taken.stage = Stage(info.stage_id, info.stage_attempt);
  if (!taken.stage.valid()) return std::nullopt;
  if (model_.tasks.size() >= limits_.tasks) {
    ++counts_.too_many_tasks;
    return std::nullopt;
  }
  const bool resubmitted = OutcomeOf(event).resubmitted;
  if (attempts_.Ended(info.id)) {
    if (resubmitted) {
      taken.repeat = attempts_.EndAgain(info.id);
      return taken;
    }
    ++counts_.duplicates;
    return std::nullopt;
  }
  taken.started = attempts_.End(info.id);
  if (!taken.started && !resubmitted) ++counts_.ends_without_start;
  return taken;
}

// ---------------------------------------------------------------- SQL
SqlRow EventGuard::Take(const SqlStart& event) {
  const SqlRow row = Sql(event.id);
  if (!row.valid() || !model_.sql_executions.start.Has(row.index)) return row;
  ++counts_.duplicates;
  return {};
}

// ---------------------------------------------------------------- the end
void EventGuard::LeaveOut(std::uint64_t job_edges, std::uint64_t stage_edges, std::uint64_t node_stages) {
  counts_.job_edges += job_edges;
  counts_.stage_edges += stage_edges;
  counts_.node_stages += node_stages;
}

void EventGuard::Finish() {
  counts_.starts_without_end = attempts_.StillRunning().size();
  if (!model_.app.start.Has(0)) return;
  const std::int64_t start = model_.app.start.Get(0);
  const ExecutorTable& executors = model_.executors;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    const bool before = executors.added.Has(row) && executors.added.Get(row) < start;
    if (before && !executors.is_driver.Get(row)) ++counts_.executors_before_application;
    const bool after = model_.app.end.Has(0) && executors.added.Has(row) &&
                       executors.added.Get(row) > std::max(start, model_.app.end.Get(0));
    if (after && !executors.is_driver.Get(row)) ++counts_.executors_after_application;
  }
}

}  // namespace advise::model
