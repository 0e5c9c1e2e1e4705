// Adds up the ended attempts of a stage by executor; the table of summed columns is here.
#include "export/model_executor_summary.h"

#include <algorithm>
#include <map>

namespace advise::exports {
namespace {

using model::JobModel;
using model::kMissing;
using model::PackedColumn;
using model::TaskTable;

// Counts come first, then sums of task columns. A task without metrics adds nothing, as in Spark's own server.
enum Count : std::size_t { kSucceeded, kFailed, kKilled, kCounts };
struct Sum {
  std::string_view name;
  const PackedColumn TaskTable::*column;
};
constexpr Sum kSums[] = {
    {"taskTime", &TaskTable::duration},
    {"inputBytes", &TaskTable::input_bytes},
    {"inputRecords", &TaskTable::input_records},
    {"outputBytes", &TaskTable::output_bytes},
    {"outputRecords", &TaskTable::output_records},
    {"shuffleRead", &TaskTable::shuffle_read},
    {"shuffleReadRecords", &TaskTable::shuffle_read_records},
    {"shuffleWrite", &TaskTable::shuffle_write},
    {"shuffleWriteRecords", &TaskTable::shuffle_write_records},
    {"memoryBytesSpilled", &TaskTable::memory_bytes_spilled},
    {"diskBytesSpilled", &TaskTable::disk_bytes_spilled},
};

void AddTask(const TaskTable& tasks, std::size_t row, std::vector<std::int64_t>& values) {
  ++values[tasks.succeeded.Get(row) ? kSucceeded : tasks.killed.Get(row) ? kKilled : kFailed];
  for (std::size_t i = 0; i < std::size(kSums); ++i) {
    const std::int64_t value = (tasks.*kSums[i].column).Get(row);
    if (value != kMissing) values[kCounts + i] += value;
  }
}

}  // namespace

std::span<const std::string_view> ExecutorSummaryNames() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names = {"succeededTasks", "failedTasks", "killedTasks"};
    for (const Sum& sum : kSums) names.push_back(sum.name);
    return names;
  }();
  return kNames;
}

std::vector<ExecutorSummary> ExecutorSummaries(const JobModel& model, model::StageRow stage) {
  const TaskTable& tasks = model.tasks;
  std::map<std::uint32_t, std::vector<std::int64_t>> by_executor;
  for (const model::TaskRow task : model.stages.tasks.Get(stage.index)) {
    if (tasks.running.Get(task.index) || !tasks.started.Get(task.index) || !tasks.executor.Has(task.index)) continue;
    std::vector<std::int64_t>& values = by_executor[tasks.executor.Get(task.index).index];
    values.resize(ExecutorSummaryNames().size());
    AddTask(tasks, task.index, values);
  }
  std::vector<ExecutorSummary> summaries;
  for (auto& [executor, values] : by_executor) {
    const auto excluded = model.executors.excluded_in_stages.Get(executor);
    summaries.push_back({model::ExecutorRow(executor), std::move(values),
                         std::ranges::find(excluded, model.stages.id.Get(stage.index)) != excluded.end()});
  }
  return summaries;
}

}  // namespace advise::exports
