// Garbage collection as time that passed. Each task reports the pauses of the whole JVM while it ran, so tasks that run
// at the same time report the same pause, and their sum says nothing. Tasks that follow one another report different
// pauses: the time of an executor is the largest sum over tasks that do not overlap. A pause between or across such
// tasks is missed, so it is a lower bound.
#include <algorithm>
#include <vector>

#include "model/derive/derive.h"
#include "model/derive/scan.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

struct TaskPause {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t gc = 0;
};

// The largest sum of `gc` over tasks that do not overlap. Drops tasks without a pause and sorts the others.
std::int64_t LargestSum(std::vector<TaskPause>& tasks) {
  std::erase_if(tasks, [](const TaskPause& task) { return task.gc == 0; });
  std::ranges::sort(tasks, [](const TaskPause& a, const TaskPause& b) {
    return std::pair(a.end, a.begin) < std::pair(b.end, b.begin);
  });
  std::vector<std::int64_t> best(tasks.size() + 1);  // of the first i tasks
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto first = tasks.begin();
    const auto free = std::upper_bound(first, first + static_cast<std::ptrdiff_t>(i), tasks[i].begin,
                                       [](std::int64_t begin, const TaskPause& task) { return begin < task.end; });
    best[i + 1] = std::max(best[i], SaturatingAdd(best[static_cast<std::size_t>(free - first)], tasks[i].gc));
  }
  return best.back();
}

}  // namespace

void DeriveGcPauses(JobModel& model) {
  const TaskTable& tasks = model.tasks;
  const std::vector<std::int64_t> gc = AllValues(tasks.gc_time);
  const std::vector<std::int64_t> begins = AllValues(tasks.launch);
  const std::vector<std::int64_t> ends = AllValues(tasks.finish);
  const std::vector<std::int64_t> runs = AllValues(tasks.run_time);
  const std::vector<std::int64_t> deserialize = AllValues(tasks.deserialize_time);
  const auto known = [&](TaskRow task) {
    return gc[task.index] != kMissing && begins[task.index] != kMissing && ends[task.index] != kMissing &&
           tasks.repeat.Get(task.index) <= 0;
  };
  const auto pause_of = [&](TaskRow task) {
    // A task cannot have seen more than its own time. That ends before its finish time: the driver frees the slot when
    // it hears of the end, launches the next task, and stamps the finish when it has read the result
    // (TaskResultGetter).
    std::int64_t length = std::max<std::int64_t>(0, ends[task.index] - begins[task.index]);
    if (runs[task.index] != kMissing) {
      const std::int64_t before = std::max<std::int64_t>(0, deserialize[task.index]);  // missing is below 0
      length = std::min(length, before + std::max<std::int64_t>(0, runs[task.index]));
    }
    return TaskPause{begins[task.index], begins[task.index] + length,
                     std::clamp<std::int64_t>(gc[task.index], 0, length)};
  };

  std::vector<TaskPause> pauses;
  for (std::size_t row = 0; row < model.executors.size(); ++row) {
    pauses.clear();
    for (const TaskRow task : model.executors.tasks.Get(row)) {
      if (known(task)) pauses.push_back(pause_of(task));
    }
    if (!pauses.empty()) model.executors.gc_pause.Set(row, LargestSum(pauses));
  }

  std::vector<std::pair<ExecutorRow, TaskRow>> members;
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    members.clear();
    for (const TaskRow task : model.stages.tasks.Get(stage)) {
      if (known(task)) members.emplace_back(tasks.executor.Get(task.index), task);
    }
    if (members.empty()) continue;
    std::ranges::sort(members);
    std::int64_t sum = 0;
    std::int64_t executors = 0;
    for (std::size_t begin = 0, end = 0; begin < members.size(); begin = end, ++executors) {
      pauses.clear();
      for (; end < members.size() && members[end].first == members[begin].first; ++end)
        pauses.push_back(pause_of(members[end].second));
      sum = SaturatingAdd(sum, LargestSum(pauses));
    }
    model.stages.gc_pause.Set(stage, SaturatingAdd(sum, executors / 2) / executors);
  }
}

}  // namespace advise::model
