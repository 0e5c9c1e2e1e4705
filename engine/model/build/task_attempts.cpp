// Which task attempts run and which have ended, by task id.
#include "model/build/task_attempts.h"

#include <algorithm>

namespace advise::model {

std::optional<RunningTask> TaskAttempts::End(std::int64_t id) {
  ended_.Insert(id);
  const auto found = running_.find(id);
  if (found == running_.end()) return std::nullopt;
  std::optional<RunningTask> task = found->second;
  running_.erase(found);
  return task;
}

std::vector<RunningTask> TaskAttempts::StillRunning() const {
  std::vector<RunningTask> tasks;
  tasks.reserve(running_.size());
  for (const auto& [id, task] : running_) tasks.push_back(task);
  std::sort(tasks.begin(), tasks.end(),
            [](const RunningTask& a, const RunningTask& b) { return a.info.id < b.info.id; });
  return tasks;
}

}  // namespace advise::model
