// Which task attempts run and which have ended, by task id.
#include "model/build/task_attempts.h"

#include <algorithm>

namespace advise::model {

bool TaskAttempts::Ended(std::int64_t id) const {
  if (id >= 0 && static_cast<std::size_t>(id) < ended_bits_.size()) return ended_bits_[static_cast<std::size_t>(id)];
  return ended_rest_.contains(id);
}

std::optional<RunningTask> TaskAttempts::End(std::int64_t id) {
  MarkEnded(id);
  const auto found = running_.find(id);
  if (found == running_.end()) return std::nullopt;
  std::optional<RunningTask> task = found->second;
  running_.erase(found);
  return task;
}

void TaskAttempts::MarkEnded(std::int64_t id) {
  // Dense ids live in a bitmap that may be at most 64 times as large as what was seen.
  const std::size_t bound = (++ended_ + 1024) * 64;
  if (id < 0 || static_cast<std::size_t>(id) >= bound) {
    ended_rest_.insert(id);
    return;
  }
  const auto i = static_cast<std::size_t>(id);
  if (ended_bits_.size() <= i) {
    const std::size_t before = ended_bits_.size();
    ended_bits_.resize(std::max(i + 1, before + before / 2 + 4096));
    // Ids that were kept apart while the bitmap was small move in.
    for (auto it = ended_rest_.begin(); it != ended_rest_.end();) {
      if (*it >= 0 && static_cast<std::size_t>(*it) < ended_bits_.size()) {
        ended_bits_[static_cast<std::size_t>(*it)] = true;
        it = ended_rest_.erase(it);
      } else {
        ++it;
      }
    }
  }
  ended_bits_[i] = true;
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
