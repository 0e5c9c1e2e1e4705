// Which task attempts run and which have ended, by task id.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/build/index_set.h"
#include "model/raw_events.h"

namespace advise::model {

// A task attempt that has started and not ended.
struct RunningTask {
  TaskInfo info;  // without its texts: the rows stand for them
  StageRow stage;
  ExecutorRow executor;
  HostRow host;
};

class TaskAttempts {
 public:
  [[nodiscard]] bool Runs(std::int64_t id) const { return running_.contains(id); }
  [[nodiscard]] bool Ended(std::int64_t id) const { return ended_.Contains(id); }

  void Start(const RunningTask& task) { running_.emplace(task.info.id, task); }
  // Its first end. Nothing: its start is not in the log.
  std::optional<RunningTask> End(std::int64_t id);
  // One more end of an attempt that has ended: 1, 2 …
  std::int64_t EndAgain(std::int64_t id) { return ++repeats_[id]; }

  // By id.
  [[nodiscard]] std::vector<RunningTask> StillRunning() const;

 private:
  std::unordered_map<std::int64_t, RunningTask> running_;
  IndexSet ended_;
  std::unordered_map<std::int64_t, std::int64_t> repeats_;
};

}  // namespace advise::model
