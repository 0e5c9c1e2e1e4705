// Rows of executors: what was added, removed and excluded, and the peaks that the driver wrote.
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "model/build/live_counts.h"
#include "model/build/rows_by_id.h"
#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

class ExecutorFiller {
 public:
  ExecutorFiller(JobModel& model, RowsById& rows, const LiveCounts& live) : model_(model), rows_(rows), live_(live) {}

  void Fill(ExecutorRow row, const ExecutorAdded& event);
  void Fill(ExecutorRow row, const ExecutorRemoved& event);
  void Fill(ExecutorRow row, const BlockManagerAdded& event);
  // Only live executors count for a stage or a host.
  void Fill(const Exclusion& event);
  // Exclusions from a stage end with it.
  void CompleteStage(std::int64_t stage_id) { excluded_.erase(stage_id); }
  // Peaks of the executor, and of the stage while it is live.
  void Fill(const StageExecutorMetrics& event);

  // With all events told.
  void Finish();

 private:
  void AddedAt(ExecutorRow row, std::int64_t time);
  void Exclude(ExecutorRow row, const Exclusion& event);

  JobModel& model_;
  RowsById& rows_;
  const LiveCounts& live_;
  std::map<std::int64_t, std::set<ExecutorRow>> excluded_;  // stage id → executors
};

}  // namespace advise::model
