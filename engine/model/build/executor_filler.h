// Rows of executors: what was added, removed and excluded, and the peaks that the driver wrote.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

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
  // Only live executors count for a stage or a host, of a host `most` of them. Returns how many are left out.
  std::size_t Fill(const Exclusion& event, std::size_t most);
  // Exclusions from a stage end with it.
  void CompleteStage(std::int64_t stage_id) { excluded_.erase(stage_id); }
  // Peaks of the executor, and of the stage while it is live.
  void Fill(const StageExecutorMetrics& event);

  // With all events told.
  void Finish();

 private:
  // A set of 4 bytes a member: sorted whenever it has doubled.
  class Executors {
   public:
    void Insert(ExecutorRow row) {
      if (!rows_.empty() && rows_.back() == row) return;
      rows_.push_back(row);
      if (rows_.size() < room_) return;
      Sorted();
      room_ = 2 * rows_.size() + 16;
    }
    const std::vector<ExecutorRow>& Sorted() {
      std::sort(rows_.begin(), rows_.end());
      rows_.erase(std::unique(rows_.begin(), rows_.end()), rows_.end());
      return rows_;
    }

   private:
    std::vector<ExecutorRow> rows_;
    std::size_t room_ = 16;
  };

  void AddedAt(ExecutorRow row, std::int64_t time);
  void Exclude(ExecutorRow row, const Exclusion& event);

  JobModel& model_;
  RowsById& rows_;
  const LiveCounts& live_;
  std::map<std::int64_t, Executors> excluded_;  // stage id → executors
};

}  // namespace advise::model
