// The counts of jobs, stages and executors that Spark's AppStatusListener.scala keeps (Spark 4.x: what its history
// server shows). They depend on the order of events: a stage is "live" from its first mention until it completed and
// its last task ended; only live stages count tasks for their jobs.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/build/index_set.h"
#include "model/build/rows_by_id.h"
#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

class LiveCounts {
 public:
  LiveCounts(JobModel& model, const RowsById& rows) : model_(model), rows_(rows) {}

  // ---- what decides which events count and which jobs a stage belongs to
  [[nodiscard]] bool IsLive(StageRow stage) const;
  [[nodiscard]] StageStatus Status(StageRow stage) const;
  // Its start is in the log and its end is not.
  [[nodiscard]] bool IsLive(JobRow job) const;
  [[nodiscard]] bool IsLive(ExecutorRow executor) const;
  // How many live jobs list the stage.
  [[nodiscard]] std::size_t LiveJobsOf(std::int64_t stage_id) const;

  // ---- events in log order; rows are there already
  void StartJob(JobRow job, const JobStart& event);
  // A stage that the job's start describes.
  void Announce(JobRow job, StageRow stage, const StageInfo& info);
  // Stages that it announced and that nobody submitted are skipped: their output existed.
  void EndJob(JobRow job);
  // Returns the live jobs that list the stage; valid until the next event.
  std::span<const JobRow> SubmitStage(StageRow stage, const StageInfo& info);
  void CompleteStage(StageRow stage, const StageInfo& info);
  void StartTask(StageRow stage, ExecutorRow executor);
  void EndTask(StageRow stage, ExecutorRow executor, const TaskEnd& event);
  void AddExecutor(ExecutorRow executor);
  void RemoveExecutor(ExecutorRow executor);

  // Into the columns of the model, with all events told.
  void Write();

 private:
  struct StageState {
    bool live = true;
    bool has_tasks = false;  // a task event was told
    StageStatus status = StageStatus::Pending;
    std::int64_t active = 0;
    std::int64_t completed = 0;
    std::int64_t completed_indices = 0;
    std::int64_t failed = 0;
    std::int64_t killed = 0;
    IndexSet index_done;  // freed when the stage is no longer live
    std::vector<JobRow> jobs;
    std::map<std::string, std::int64_t, std::less<>> killed_summary;
  };
  struct JobState {
    bool live = false;
    bool has_tasks = false;  // of one of its stages
    std::unordered_set<std::int64_t> stage_ids;
    std::set<std::int64_t> completed_stages;
    std::set<std::int64_t> skipped_stages;
    std::int64_t active_tasks = 0;
    std::int64_t completed_tasks = 0;
    std::int64_t skipped_tasks = 0;
    std::int64_t failed_tasks = 0;
    std::int64_t killed_tasks = 0;
    std::int64_t completed_indices = 0;
    std::int64_t active_stages = 0;
    std::int64_t failed_stages = 0;
    std::unordered_map<std::int64_t, IndexSet> index_done;  // by stage id
    std::map<std::string, std::int64_t, std::less<>> killed_summary;
    // Stages that it lists although they had completed before: Spark shows them as skipped in this job.
    std::vector<std::pair<std::int64_t, std::int64_t>> done_before;  // (stage id, tasks)
  };
  struct ExecutorState {
    bool live = true;
    std::int64_t active = 0;
    std::int64_t total = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t duration = kMissing;  // these five: where no attempt told it
    std::int64_t gc = kMissing;
    std::int64_t input = kMissing;
    std::int64_t shuffle_read = kMissing;
    std::int64_t shuffle_write = kMissing;
  };

  StageState& At(StageRow row);
  JobState& At(JobRow row);
  ExecutorState& At(ExecutorRow row);
  static void EndStageIfDone(StageState& stage);
  void WriteJobs();
  void WriteStages();
  void WriteExecutors();

  JobModel& model_;
  const RowsById& rows_;
  std::vector<StageState> stages_;  // by row; rows without a state have a new one
  std::vector<JobState> jobs_;
  std::vector<ExecutorState> executors_;
  std::unordered_map<std::int64_t, std::vector<JobRow>> live_jobs_of_stage_;  // stage id → live jobs that list it
};

}  // namespace advise::model
