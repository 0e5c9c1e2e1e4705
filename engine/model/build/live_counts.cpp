// The counts of jobs, stages and executors that Spark's AppStatusListener.scala keeps.
#include "model/build/live_counts.h"

#include <algorithm>

#include "model/build/task_outcome.h"
#include "model/task_times.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

template <class State, Entity E>
State& Grown(std::vector<State>& states, Row<E> row) {
  if (states.size() <= row.index) states.resize(row.index + 1);
  return states[row.index];
}

// Of a task that states its index, the first time that it succeeds.
bool SetOnce(IndexSet& done, std::int64_t index) { return index >= 0 && done.Insert(index); }

void SetCounts(StringPool& strings, std::vector<StringId>& list,
               const std::map<std::string, std::int64_t, std::less<>>& summary) {
  for (const auto& [reason, count] : summary) list.push_back(strings.Intern(reason + "=" + std::to_string(count)));
}

}  // namespace

LiveCounts::StageState& LiveCounts::At(StageRow row) { return Grown(stages_, row); }
LiveCounts::JobState& LiveCounts::At(JobRow row) { return Grown(jobs_, row); }
LiveCounts::ExecutorState& LiveCounts::At(ExecutorRow row) { return Grown(executors_, row); }

bool LiveCounts::IsLive(StageRow stage) const {
  return stage.index >= stages_.size() ? StageState().live : stages_[stage.index].live;
}
StageStatus LiveCounts::Status(StageRow stage) const {
  return stage.index >= stages_.size() ? StageState().status : stages_[stage.index].status;
}
bool LiveCounts::IsLive(JobRow job) const {
  return job.index >= jobs_.size() ? JobState().live : jobs_[job.index].live;
}
bool LiveCounts::IsLive(ExecutorRow executor) const {
  return executor.index >= executors_.size() ? ExecutorState().live : executors_[executor.index].live;
}

std::size_t LiveCounts::LiveJobsOf(std::int64_t stage_id) const {
  const auto found = live_jobs_of_stage_.find(stage_id);
  return found == live_jobs_of_stage_.end() ? 0 : found->second.size();
}

// ---------------------------------------------------------------- jobs and stages
void LiveCounts::StartJob(JobRow row, const JobStart& event) {
  JobState& job = At(row);
  job.live = true;
  job.stage_ids.insert(event.stage_ids.begin(), event.stage_ids.end());
  for (const std::int64_t stage : job.stage_ids) live_jobs_of_stage_[stage].push_back(row);
}

void LiveCounts::Announce(JobRow job, StageRow row, const StageInfo& info) {
  StageState& stage = At(row);
  if (stage.live) {
    stage.jobs.push_back(job);
  } else {
    At(job).done_before.emplace_back(info.id, KnownOrZero(info.task_count));
  }
}

void LiveCounts::EndJob(JobRow row) {
  JobState& job = At(row);
  job.live = false;
  for (const std::int64_t id : job.stage_ids) {
    const auto live = live_jobs_of_stage_.find(id);
    if (live != live_jobs_of_stage_.end()) std::erase(live->second, row);
    rows_.ForEachAttempt(id, [&](StageRow stage_row) {
      StageState& stage = At(stage_row);
      const bool submitted = model_.stages.submitted_flag.Get(stage_row.index);
      if (!stage.live || stage.status != StageStatus::Pending || submitted) return;
      stage.status = StageStatus::Skipped;
      stage.live = false;
      job.skipped_stages.insert(id);
      job.skipped_tasks = SaturatingAdd(job.skipped_tasks, KnownOrZero(model_.stages.task_count.Get(stage_row.index)));
    });
  }
  for (const auto& [id, tasks] : job.done_before) {
    job.skipped_stages.insert(id);
    job.skipped_tasks = SaturatingAdd(job.skipped_tasks, tasks);
  }
}

std::span<const JobRow> LiveCounts::SubmitStage(StageRow row, const StageInfo& info) {
  StageState& stage = At(row);
  // A stage that was skipped in one job and is computed for another (its output was lost) lives again.
  if (stage.status == StageStatus::Skipped) stage.live = true;
  stage.status = StageStatus::Active;
  const auto jobs = live_jobs_of_stage_.find(info.id);
  stage.jobs = jobs != live_jobs_of_stage_.end() ? jobs->second : std::vector<JobRow>();
  for (const JobRow job_row : stage.jobs) {
    JobState& job = At(job_row);
    job.completed_stages.erase(info.id);
    ++job.active_stages;
  }
  return stage.jobs;
}

void LiveCounts::CompleteStage(StageRow row, const StageInfo& info) {
  StageState& stage = At(row);
  const bool submitted = info.submitted != kMissing || model_.excerpt;  // which need not say when
  stage.status = info.failure ? StageStatus::Failed : submitted ? StageStatus::Complete : StageStatus::Skipped;
  for (const JobRow job_row : stage.jobs) {
    JobState& job = At(job_row);
    if (stage.status == StageStatus::Complete) {
      job.completed_stages.insert(info.id);
    } else if (stage.status == StageStatus::Skipped) {
      job.skipped_stages.insert(info.id);
      job.skipped_tasks = SaturatingAdd(job.skipped_tasks, KnownOrZero(info.task_count));
    } else {
      ++job.failed_stages;
    }
    --job.active_stages;
  }
  EndStageIfDone(stage);
}

void LiveCounts::EndStageIfDone(StageState& stage) {
  if (stage.active != 0) return;
  if (stage.status != StageStatus::Complete && stage.status != StageStatus::Failed &&
      stage.status != StageStatus::Skipped)
    return;
  stage.live = false;
  stage.index_done = {};
}

// ---------------------------------------------------------------- tasks
void LiveCounts::StartTask(StageRow stage_row, ExecutorRow executor_row) {
  if (executor_row.valid()) {
    ExecutorState& executor = At(executor_row);
    if (executor.live) {
      ++executor.active;
      ++executor.total;
    }
  }
  StageState& stage = At(stage_row);
  if (!stage.live) return;
  ++stage.active;
  stage.has_tasks = true;
  for (const JobRow job : stage.jobs) {
    ++At(job).active_tasks;
    At(job).has_tasks = true;
  }
}

void LiveCounts::EndTask(StageRow stage_row, ExecutorRow executor_row, const TaskEnd& event) {
  const TaskOutcome outcome = OutcomeOf(event);
  const std::int64_t active_delta = outcome.resubmitted ? 0 : 1;  // SPARK-41187: it has no TaskStart of its own
  StageState& stage = At(stage_row);
  if (stage.live) {
    stage.active -= active_delta;
    if (outcome.success) {
      ++stage.completed;
      if (SetOnce(stage.index_done, event.info.index)) ++stage.completed_indices;
    } else if (outcome.killed) {
      ++stage.killed;
      ++stage.killed_summary[std::string(event.kill_reason)];
    } else {
      ++stage.failed;
    }
    for (const JobRow job_row : stage.jobs) {
      JobState& job = At(job_row);
      job.active_tasks -= active_delta;
      if (outcome.success) {
        ++job.completed_tasks;
        if (SetOnce(job.index_done[event.info.stage_id], event.info.index)) ++job.completed_indices;
      } else if (outcome.killed) {
        ++job.killed_tasks;
        ++job.killed_summary[std::string(event.kill_reason)];
      } else {
        ++job.failed_tasks;
      }
    }
    EndStageIfDone(stage);
  }
  if (!executor_row.valid()) return;
  ExecutorState& executor = At(executor_row);
  if (!executor.live) return;
  executor.active -= active_delta;
  if (outcome.success) ++executor.completed;
  if (outcome.failed()) ++executor.failed;
  if (outcome.resubmitted) return;
  const auto add = [](std::int64_t& sum, std::int64_t value) {
    if (value != kMissing) sum = SaturatingAdd(KnownOrZero(sum), value);
  };
  const auto metric = [&event](TaskMetric which) { return event.metrics[static_cast<std::size_t>(which)]; };
  add(executor.duration, DurationOf(event.info));
  add(executor.gc, metric(TaskMetric::gc_time));
  add(executor.input, metric(TaskMetric::input_bytes));
  add(executor.shuffle_read, metric(TaskMetric::shuffle_read_remote));
  add(executor.shuffle_read, metric(TaskMetric::shuffle_read_local));
  add(executor.shuffle_write, metric(TaskMetric::shuffle_write));
}

// ---------------------------------------------------------------- executors
void LiveCounts::AddExecutor(ExecutorRow executor) { At(executor).live = true; }
void LiveCounts::RemoveExecutor(ExecutorRow executor) { At(executor).live = false; }

// ---------------------------------------------------------------- the end
void LiveCounts::Write() {
  WriteJobs();
  WriteStages();
  WriteExecutors();
}

// Of an excerpt only what something was told of.
void LiveCounts::WriteJobs() {
  JobTable& t = model_.jobs;
  jobs_.resize(t.size());
  for (std::size_t row = 0; row < t.size(); ++row) {
    const JobState& job = jobs_[row];
    if (job.has_tasks || !model_.excerpt) {
      t.active_tasks.Set(row, job.active_tasks);
      t.completed_tasks.Set(row, job.completed_tasks);
      t.failed_tasks.Set(row, job.failed_tasks);
      t.killed_tasks.Set(row, job.killed_tasks);
      t.completed_indices.Set(row, job.completed_indices);
    }
    SetCounts(model_.strings, t.killed_tasks_summary.Mutable(row), job.killed_summary);
    if (job.stage_ids.empty() && model_.excerpt) continue;
    t.skipped_tasks.Set(row, job.skipped_tasks);
    t.active_stages.Set(row, job.active_stages);
    t.completed_stages.Set(row, static_cast<std::int64_t>(job.completed_stages.size()));
    t.skipped_stages.Set(row, static_cast<std::int64_t>(job.skipped_stages.size()));
    t.failed_stages.Set(row, job.failed_stages);
  }
}

void LiveCounts::WriteStages() {
  StageTable& t = model_.stages;
  stages_.resize(t.size());
  for (std::size_t row = 0; row < t.size(); ++row) {
    const StageState& stage = stages_[row];
    t.status.Set(row, stage.status);
    SetCounts(model_.strings, t.killed_tasks_summary.Mutable(row), stage.killed_summary);
    if (!stage.has_tasks && model_.excerpt) continue;
    t.active_tasks.Set(row, stage.active);
    t.completed_tasks.Set(row, stage.completed);
    t.completed_indices.Set(row, stage.completed_indices);
    t.failed_tasks.Set(row, stage.failed);
    t.killed_tasks.Set(row, stage.killed);
  }
}

void LiveCounts::WriteExecutors() {
  ExecutorTable& t = model_.executors;
  executors_.resize(t.size());
  const auto sum = [this](std::int64_t value) { return model_.excerpt ? value : KnownOrZero(value); };
  for (std::size_t row = 0; row < t.size(); ++row) {
    const ExecutorState& executor = executors_[row];
    if (executor.total == 0 && model_.excerpt) continue;
    t.active_tasks.Set(row, std::max<std::int64_t>(0, executor.active));
    t.total_tasks.Set(row, executor.total);
    t.completed_tasks.Set(row, executor.completed);
    t.failed_tasks.Set(row, executor.failed);
    t.total_duration.Set(row, sum(executor.duration));
    t.gc_time.Set(row, sum(executor.gc));
    t.input_bytes.Set(row, sum(executor.input));
    t.shuffle_read_bytes.Set(row, sum(executor.shuffle_read));
    t.shuffle_write_bytes.Set(row, sum(executor.shuffle_write));
  }
}

}  // namespace advise::model
