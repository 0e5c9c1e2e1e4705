// The tasks of one stage attempt, folded: quantiles, a grid of dots, a box an executor, the longest and the failed
// ones. No more is kept of a task, so that the page of a stage has the same size whatever its tasks are.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

#include "report/details/read_details.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using model::JobModel;
using model::kMissing;
using model::PackedColumn;
using model::TaskTable;

struct Task {
  std::size_t row = 0;
  std::int64_t duration = 0;
  std::int64_t read = kMissing;     // input and shuffle
  std::int64_t written = kMissing;  // output and shuffle
  bool succeeded = false;
  bool failed = false;
};

std::int64_t Sum(const PackedColumn& a, const PackedColumn& b, std::size_t row) {
  const std::int64_t x = a.Get(row);
  const std::int64_t y = b.Get(row);
  if (x == kMissing) return y;
  return y == kMissing ? x : x + y;
}

std::vector<Task> EndedTasks(const JobModel& model, model::StageRow stage) {
  const TaskTable& tasks = model.tasks;
  std::vector<Task> ended;
  for (const model::TaskRow task : model.stages.tasks.Get(stage.index)) {
    const std::size_t row = task.index;
    if (!tasks.duration.Has(row)) continue;
    ended.push_back({row, tasks.duration.Get(row), Sum(tasks.input_bytes, tasks.shuffle_read, row),
                     Sum(tasks.output_bytes, tasks.shuffle_write, row), tasks.succeeded.Get(row),
                     tasks.failed.Get(row)});
  }
  return ended;
}

// Value number min(floor(q·n), n - 1) of n ascending values, as Spark cuts its quantiles.
std::int64_t Quantile(const std::vector<std::int64_t>& ascending, double q) {
  const auto index = static_cast<std::size_t>(std::floor(q * static_cast<double>(ascending.size())));
  return ascending[std::min(index, ascending.size() - 1)];
}

// ---------------------------------------------------------------- quantiles
enum class Printed : std::uint8_t { Ms, Ns, Bytes, Count };
std::string Print(std::int64_t value, Printed as) {
  switch (as) {
    case Printed::Ms: return FormatTime(value);
    case Printed::Ns: return FormatTime(value / 1'000'000);
    case Printed::Bytes: return FormatBytes(value);
    case Printed::Count: return FormatCount(value);
  }
  return {};
}

struct Metric {
  std::string_view name;
  const PackedColumn TaskTable::*column;
  Printed as;
  bool always = false;  // else only if a task has more than 0
};
constexpr Metric kMetrics[] = {
    {"duration", &TaskTable::duration, Printed::Ms, true},
    {"run time", &TaskTable::run_time, Printed::Ms, true},
    {"CPU time", &TaskTable::cpu_time, Printed::Ns},
    {"GC time", &TaskTable::gc_time, Printed::Ms},
    {"fetch wait", &TaskTable::fetch_wait_time, Printed::Ms},
    {"scheduler delay", &TaskTable::scheduler_delay, Printed::Ms},
    {"input", &TaskTable::input_bytes, Printed::Bytes},
    {"input rows", &TaskTable::input_records, Printed::Count},
    {"shuffle read", &TaskTable::shuffle_read, Printed::Bytes},
    {"shuffle rows read", &TaskTable::shuffle_read_records, Printed::Count},
    {"shuffle written", &TaskTable::shuffle_write, Printed::Bytes},
    {"output", &TaskTable::output_bytes, Printed::Bytes},
    {"spilled to disk", &TaskTable::disk_bytes_spilled, Printed::Bytes},
    {"peak execution memory", &TaskTable::peak_execution_memory, Printed::Bytes},
};

std::vector<QuantileRow> ReadQuantiles(const JobModel& model, const std::vector<Task>& tasks) {
  constexpr std::array<double, 7> kCuts = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
  std::vector<QuantileRow> rows;
  std::vector<std::int64_t> values;
  for (const Metric& metric : kMetrics) {
    values.clear();
    for (const Task& task : tasks) {
      if (!task.succeeded) continue;
      const std::int64_t value = (model.tasks.*metric.column).Get(task.row);
      if (value != kMissing) values.push_back(value);
    }
    if (values.empty()) continue;
    std::ranges::sort(values);
    if (!metric.always && values.back() <= 0) continue;
    QuantileRow row{std::string(metric.name), {}};
    for (std::size_t i = 0; i < kCuts.size(); ++i) row.values[i] = Print(Quantile(values, kCuts[i]), metric.as);
    rows.push_back(std::move(row));
  }
  return rows;
}

// ---------------------------------------------------------------- dots
// What tasks have in common on the x axis, as far as the log says it of them.
struct Axis {
  std::string name;
  std::function<std::int64_t(const Task&)> value;
  Printed as = Printed::Bytes;
};

std::int64_t LargestOf(const std::vector<Task>& tasks, const std::function<std::int64_t(const Task&)>& value) {
  std::int64_t largest = 0;
  for (const Task& task : tasks) {
    if (value(task) != kMissing) largest = std::max(largest, value(task));
  }
  return largest;
}

Axis ChooseAxis(const JobModel& model, const std::vector<Task>& tasks) {
  const auto read = [](const Task& task) { return task.read; };
  if (LargestOf(tasks, read) > 0) return {"bytes that the task read", read};
  const auto written = [](const Task& task) { return task.written; };
  if (LargestOf(tasks, written) > 0) return {"bytes that the task wrote", written};
  std::int64_t first = kMissing;
  for (const Task& task : tasks) {
    const std::int64_t launch = model.tasks.launch.Get(task.row);
    if (first == kMissing || launch < first) first = launch;
  }
  return {"when the task was launched, after the first",
          [&model, first](const Task& task) { return model.tasks.launch.Get(task.row) - first; }, Printed::Ms};
}

int CellOf(std::int64_t value, std::int64_t largest, int cells) {
  if (largest <= 0) return 0;
  const double share = static_cast<double>(std::max<std::int64_t>(0, value)) / static_cast<double>(largest);
  return std::clamp(static_cast<int>(std::floor(share * cells + 0.5)), 0, cells);
}

std::optional<Scatter> ReadScatter(const JobModel& model, const std::vector<Task>& tasks) {
  if (tasks.size() < 2) return std::nullopt;
  const Axis axis = ChooseAxis(model, tasks);
  const std::int64_t widest = LargestOf(tasks, axis.value);
  const std::int64_t longest = LargestOf(tasks, [](const Task& task) { return task.duration; });
  std::map<std::tuple<bool, int, int>, std::int64_t> cells;
  std::size_t without = 0;
  for (const Task& task : tasks) {
    const std::int64_t x = axis.value(task);
    if (x == kMissing) {
      ++without;
      if (!task.failed) continue;
    }
    ++cells[{task.failed, CellOf(task.duration, longest, Scatter::kRows),
             x == kMissing ? 0 : CellOf(x, widest, Scatter::kColumns)}];
  }
  Scatter scatter;
  for (const auto& [cell, count] : cells)
    scatter.dots.push_back({std::get<2>(cell), std::get<1>(cell), count, std::get<0>(cell)});
  scatter.x_name = axis.name;
  scatter.x_max = Print(widest, axis.as);
  scatter.y_max = FormatTime(longest);
  scatter.summary = "Up: how long it ran, from 0 to " + scatter.y_max + "; to the right: " + axis.name +
                    ", from 0 to " + scatter.x_max + ".";
  if (without > 0)
    scatter.summary += " Of " + FormatCount(static_cast<std::int64_t>(without)) + " the log does not say the latter.";
  return scatter;
}

// ---------------------------------------------------------------- executors
std::string ExecutorName(const JobModel& model, std::size_t task) {
  if (!model.tasks.executor.Has(task)) return {};
  return CleanText(model.strings.Get(model.executors.id.Get(model.tasks.executor.Get(task).index)), 24);
}

void ReadBoxes(const JobModel& model, const std::vector<Task>& tasks, StageTasks& inside) {
  constexpr std::size_t kBoxes = 16;
  std::map<model::ExecutorRow, std::vector<std::int64_t>> by_executor;
  for (const Task& task : tasks) {
    if (task.succeeded && model.tasks.executor.Has(task.row))
      by_executor[model.tasks.executor.Get(task.row)].push_back(task.duration);
  }
  if (by_executor.size() < 2) return;
  for (auto& [executor, values] : by_executor) {
    std::ranges::sort(values);
    ExecutorBox box;
    box.executor = CleanText(model.strings.Get(model.executors.id.Get(executor.index)), 12);
    box.tasks = static_cast<std::int64_t>(values.size());
    box.min = values.front();
    box.p25 = Quantile(values, 0.25);
    box.p50 = Quantile(values, 0.5);
    box.p75 = Quantile(values, 0.75);
    box.max = values.back();
    box.text = FormatCount(box.tasks) + (box.tasks == 1 ? " task" : " tasks") + ", p50 " + FormatTime(box.p50) +
               ", longest " + FormatTime(box.max);
    inside.boxes.push_back(std::move(box));
  }
  std::ranges::stable_sort(inside.boxes, std::greater(), &ExecutorBox::p50);
  if (inside.boxes.size() > kBoxes) {
    inside.more_boxes = inside.boxes.size() - kBoxes;
    inside.boxes.resize(kBoxes);
  }
}

// ---------------------------------------------------------------- single tasks
TailTask DescribeTask(const JobModel& model, const Task& task) {
  constexpr std::size_t kRemark = 100;
  TailTask tail;
  tail.id = std::to_string(model.tasks.id.Get(task.row));
  tail.executor = ExecutorName(model, task.row);
  tail.duration = FormatTime(task.duration);
  if (task.read != kMissing) tail.read = FormatBytes(task.read);
  if (task.written != kMissing) tail.written = FormatBytes(task.written);
  if (task.failed) {
    tail.remark = "failed";
    const bool summary = model.tasks.failure_summary.Has(task.row);
    if (summary || model.tasks.failure.Has(task.row)) {
      const StringId text = summary ? model.tasks.failure_summary.Get(task.row) : model.tasks.failure.Get(task.row);
      tail.remark += ": " + CleanText(model.strings.Get(text), kRemark);
    }
  } else if (model.tasks.killed.Get(task.row)) {
    tail.remark = "killed";
  } else if (model.tasks.speculative.Get(task.row)) {
    tail.remark = "speculative copy";
  }
  return tail;
}

void ReadTail(const JobModel& model, std::vector<Task> tasks, StageTasks& inside) {
  constexpr std::size_t kLongest = 8;
  constexpr std::size_t kFailed = 12;
  std::ranges::stable_sort(tasks, std::greater(), &Task::duration);
  for (std::size_t i = 0; i < std::min(kLongest, tasks.size()); ++i)
    inside.tail.push_back(DescribeTask(model, tasks[i]));
  std::size_t failed = 0;
  for (std::size_t i = kLongest; i < tasks.size(); ++i) {
    if (!tasks[i].failed) continue;
    if (failed++ < kFailed)
      inside.tail.push_back(DescribeTask(model, tasks[i]));
    else
      ++inside.more_failed;
  }
}

}  // namespace

std::optional<StageTasks> ReadStageTasks(const JobModel& model, model::StageRow stage) {
  const std::vector<Task> tasks = EndedTasks(model, stage);
  if (tasks.empty()) return std::nullopt;
  StageTasks inside;
  inside.quantiles = ReadQuantiles(model, tasks);
  inside.scatter = ReadScatter(model, tasks);
  ReadBoxes(model, tasks, inside);
  ReadTail(model, tasks, inside);
  return inside;
}

}  // namespace advise::report
