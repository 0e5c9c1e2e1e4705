// Intervals of task attempts, and from them how many ran at any time. Unfinished ones end when
// their executor or stage does.
#include "model/derive/timeline.h"

#include <algorithm>
#include <limits>

#include "model/derive/scan.h"
#include "support/saturating.h"

namespace advise::model {

Interval Clip(Interval interval, Interval window) {
  const std::int64_t begin = std::clamp(interval.begin, window.begin, window.end);
  return {begin, std::clamp(interval.end, begin, window.end)};
}

std::optional<Interval> AppWindow(const JobModel& model) {
  const AppTable& app = model.app;
  const std::int64_t begin = app.start.Has(0) ? app.start.Get(0) : app.first_event.Get(0);
  const std::int64_t end = app.end.Has(0) ? app.end.Get(0) : app.last_event.Get(0);
  if (begin == kMissing || end == kMissing) return std::nullopt;
  return Interval{begin, std::max(begin, end)};
}

std::vector<std::optional<Interval>> TaskSpans(const JobModel& model) {
  const TaskTable& tasks = model.tasks;
  std::vector<std::optional<Interval>> spans(tasks.size());
  ForEachValue(tasks.launch, [&](std::size_t row, std::int64_t launch) {
    if (launch != kMissing) spans[row] = Interval{launch, kMissing};
  });
  ForEachValue(tasks.repeat, [&](std::size_t row, std::int64_t repeat) {
    if (repeat > 0) spans[row].reset();
  });
  const auto end_of_unfinished = [&](std::size_t row) {
    std::int64_t end = std::numeric_limits<std::int64_t>::max();
    const ExecutorRow executor = tasks.executor.Get(row);
    const StageRow stage = tasks.stage.Get(row);
    if (executor.valid() && model.executors.removed.Has(executor.index))
      end = model.executors.removed.Get(executor.index);
    if (stage.valid() && model.stages.completed.Has(stage.index))
      end = std::min(end, model.stages.completed.Get(stage.index));
    if (model.app.last_event.Has(0)) end = std::min(end, model.app.last_event.Get(0));
    return end == std::numeric_limits<std::int64_t>::max() ? kMissing : end;
  };
  ForEachValue(tasks.finish, [&](std::size_t row, std::int64_t finish) {
    std::optional<Interval>& span = spans[row];
    if (!span) return;
    if (finish == kMissing) finish = end_of_unfinished(row);
    span->end = std::max(span->begin, finish);
  });
  return spans;
}

bool AllTimed(const JobModel& model) {
  for (std::size_t row = 0; row < model.tasks.size(); ++row) {
    if (!model.tasks.launch.Has(row)) return false;
    if (!model.tasks.finish.Has(row) && !model.tasks.running.Get(row)) return false;
  }
  return model.tasks.size() > 0;
}

std::vector<std::optional<Interval>> SpansWithoutTasks(const JobModel& model) {
  const StageTable& stages = model.stages;
  std::vector<std::optional<Interval>> spans(stages.size());
  for (std::size_t row = 0; row < stages.size(); ++row) {
    const bool ended = stages.submitted_flag.Get(row) && stages.submitted.Has(row) && stages.completed.Has(row);
    const bool announced = stages.task_count.Has(row) && stages.task_count.Get(row) > 0;
    if (!ended || !announced || !stages.tasks.Get(row).empty()) continue;
    const std::int64_t begin = stages.submitted.Get(row);
    spans[row] = Interval{begin, std::max(begin, stages.completed.Get(row))};
  }
  return spans;
}

BusyTimes FindBusyTimes(const std::vector<std::optional<Interval>>& task_spans) {
  // Sorting begins and ends apart is enough to know how many run at any time, and cheaper than sorting pairs: the table
  // is in the order of the ends.
  std::vector<std::int64_t> begins;
  std::vector<std::int64_t> ends;
  BusyTimes busy;
  for (const std::optional<Interval>& span : task_spans) {
    if (!span) continue;
    busy.max_running = 1;
    if (span->length() == 0) continue;
    begins.push_back(span->begin);
    ends.push_back(span->end);
  }
  std::sort(begins.begin(), begins.end());
  std::sort(ends.begin(), ends.end());
  std::size_t ended = 0;
  for (std::size_t begun = 0; begun < begins.size(); ++begun) {
    const std::int64_t now = begins[begun];
    while (ends[ended] <= now) ++ended;  // stops: this attempt ends after now
    const auto running = static_cast<std::int64_t>(begun + 1 - ended);
    busy.max_running = std::max(busy.max_running, running);
    // Everything that began before has ended: a new stretch, unless it goes on where the last one ended.
    if (running == 1) {
      if (begun > 0) busy.spans.back().end = ends[begun - 1];
      if (begun == 0 || busy.spans.back().end < now) busy.spans.push_back({now, now});
    }
  }
  if (!busy.spans.empty()) busy.spans.back().end = ends.back();
  return busy;
}

// Slots of one executor; the sum over all of a log stays in range.
constexpr std::int64_t kMostWeight = std::int64_t{1} << 32;

LevelTimeline::LevelTimeline(const std::vector<Presence>& presences) {
  std::vector<std::pair<std::int64_t, std::int64_t>> changes;  // (time, change of the level)
  for (const Presence& presence : presences) {
    const std::int64_t weight = std::clamp(presence.weight, -kMostWeight, kMostWeight);
    changes.emplace_back(presence.when.begin, weight);
    changes.emplace_back(std::max(presence.when.end, presence.when.begin + 1), -weight);
  }
  std::sort(changes.begin(), changes.end());
  for (const auto& [time, change] : changes) {
    if (steps_.empty()) {
      steps_.push_back({time, change, 0});
    } else if (steps_.back().time == time) {
      steps_.back().level += change;
    } else {
      const Step last = steps_.back();
      const double area = static_cast<double>(last.level) * static_cast<double>(time - last.time);
      steps_.push_back({time, last.level + change, last.integral_before + area});
    }
  }
}

std::int64_t LevelTimeline::max() const {
  std::int64_t largest = 0;
  for (const Step& step : steps_) largest = std::max(largest, step.level);
  return largest;
}

double LevelTimeline::IntegralUntil(std::int64_t time) const {
  const auto after = std::upper_bound(steps_.begin(), steps_.end(), time,
                                      [](std::int64_t t, const Step& step) { return t < step.time; });
  if (after == steps_.begin()) return 0;
  const Step& step = *(after - 1);
  return step.integral_before + static_cast<double>(step.level) * static_cast<double>(time - step.time);
}

double LevelTimeline::Mean(Interval interval) const {
  if (interval.length() <= 0) interval.end = interval.begin + 1;
  return (IntegralUntil(interval.end) - IntegralUntil(interval.begin)) / static_cast<double>(interval.length());
}

}  // namespace advise::model
