// Reads when tasks ran, how full the slots were meanwhile, and how even the tasks are.
#include "report/run_shape.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "support/clean_text.h"

namespace advise::report {
namespace {

constexpr std::size_t kEnoughTasks = 10;

// Mean of the bins between two shares of the run.
std::optional<double> MeanBusy(const Strip& strip, std::int64_t from_ms, std::int64_t to_ms) {
  if (strip.busy.empty() || strip.duration_ms <= 0 || to_ms <= from_ms) return std::nullopt;
  const auto bin = [&](std::int64_t ms) {
    const double share = static_cast<double>(ms) / static_cast<double>(strip.duration_ms);
    return static_cast<std::size_t>(
        std::clamp(share * static_cast<double>(strip.busy.size()), 0.0, static_cast<double>(strip.busy.size() - 1)));
  };
  const std::size_t first = bin(from_ms);
  const std::size_t last = bin(to_ms);
  double sum = 0;
  for (std::size_t i = first; i <= last; ++i) sum += strip.busy[i];
  return sum / static_cast<double>(last - first + 1);
}

// RunShape::spread. Stages are compared each with itself: what one reads says nothing about the next.
std::optional<double> WidestSpread(const model::JobModel& model) {
  std::vector<std::vector<std::int64_t>> by_stage;
  double all = 0;
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    std::vector<std::int64_t>& durations = by_stage.emplace_back();
    for (const model::TaskRow task : model.stages.winners.Get(stage)) {
      if (!model.tasks.duration.Has(task.index)) continue;
      durations.push_back(model.tasks.duration.Get(task.index));
      all += static_cast<double>(durations.back());
    }
  }
  constexpr double kWorthLooking = 0.05;
  constexpr double kMost = 0.8;
  double looked_at = 0;
  double widest = 0;
  for (std::vector<std::int64_t>& durations : by_stage) {
    const double time = std::accumulate(durations.begin(), durations.end(), 0.0);
    if (durations.size() < kEnoughTasks || time < kWorthLooking * all) continue;
    std::ranges::sort(durations);
    const std::int64_t p50 = durations[durations.size() / 2];
    const std::int64_t p95 = durations[std::min(durations.size() - 1, durations.size() * 95 / 100)];
    widest = std::max(widest, static_cast<double>(p95) / static_cast<double>(std::max<std::int64_t>(1, p50)));
    looked_at += time;
  }
  if (all <= 0 || looked_at < kMost * all) return std::nullopt;
  return widest;
}

}  // namespace

RunShape ReadRunShape(const model::JobModel& model, const Strip& strip) {
  RunShape shape;
  const model::TaskTable& tasks = model.tasks;
  const std::int64_t start = model.app.first_event.Has(0) ? model.app.first_event.Get(0) : 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    ++shape.tasks;
    if (tasks.launch.Has(i)) {
      const std::int64_t at = std::max<std::int64_t>(0, tasks.launch.Get(i) - start);
      shape.first_launch_ms = std::min(shape.first_launch_ms.value_or(at), at);
    }
    if (tasks.finish.Has(i)) {
      const std::int64_t at = std::max<std::int64_t>(0, tasks.finish.Get(i) - start);
      shape.last_finish_ms = std::max(shape.last_finish_ms.value_or(at), at);
    }
  }
  if (shape.first_launch_ms && shape.last_finish_ms)
    shape.busy = MeanBusy(strip, *shape.first_launch_ms, *shape.last_finish_ms);
  shape.spread = WidestSpread(model);
  return shape;
}

std::optional<LongestSql> ReadLongestSql(const model::JobModel& model) {
  std::optional<LongestSql> longest;
  const model::SqlTable& sql = model.sql_executions;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (!sql.duration.Has(i) || (longest && sql.duration.Get(i) <= longest->duration_ms)) continue;
    constexpr std::size_t kColumns = 60;
    longest = LongestSql{sql.id.Get(i), sql.duration.Get(i), ""};
    if (sql.description.Has(i)) longest->description = CleanText(model.strings.Get(sql.description.Get(i)), kColumns);
  }
  return longest;
}

}  // namespace advise::report
