// Blocks in the executors' storage, as Spark's AppStatusListener counts them; logs have them only with
// spark.eventLog.logBlockUpdates.enabled.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

class BlockCounts {
 public:
  explicit BlockCounts(JobModel& model) : model_(model) {}

  void SubmitStage(const StageInfo& info);
  void AddBlockManager(ExecutorRow executor, const BlockManagerAdded& event);
  // Some BlockUpdated stands in the log: the columns are known.
  void SeeUpdates() { known_ = true; }
  void Update(ExecutorRow executor, const BlockUpdated& event);
  void Unpersist(std::int64_t rdd) { live_rdds_.erase(rdd); }

  // Into the columns of the model, with all events told.
  void Write();

 private:
  struct State {
    std::int64_t rdd_blocks = 0;
    std::int64_t memory_used = 0;
    std::int64_t disk_used = 0;
    std::int64_t used_on_heap = 0;
    std::int64_t used_off_heap = 0;
  };
  State& At(ExecutorRow row);

  JobModel& model_;
  bool known_ = false;
  std::vector<State> executors_;  // by row
  std::unordered_set<std::int64_t> live_rdds_;
  std::map<std::pair<std::int64_t, std::string>, std::vector<ExecutorRow>> blocks_;  // (RDD, block) → who has it
};

}  // namespace advise::model
