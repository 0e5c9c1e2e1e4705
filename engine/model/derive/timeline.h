// Points in time shared by several derive steps: when the application ran, when each task attempt ran, when any ran.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/job_model.h"

namespace advise::model {

// A half-open stretch of time, epoch ms.
struct Interval {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  [[nodiscard]] std::int64_t length() const { return end - begin; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

// The part of `interval` inside `window`; empty (begin == end, inside the window) if they do not meet.
Interval Clip(Interval interval, Interval window);

// Start to end of the application; what is missing is replaced by the first and last time seen in the log. Nothing if
// the log holds no time at all.
std::optional<Interval> AppWindow(const JobModel& model);

// One interval a task row. Rows that repeat the end of an attempt (Resubmitted: old times again) have none. An attempt
// whose end is not in the log ran until the first of: its executor was removed, its stage completed, the log ended. The
// stage counts because both ways to such a row end there: its TaskEnd was dropped (queue overflow), or it was
// abandoned; without that rule one dropped event would make the driver look busy for the rest of the run.
std::vector<std::optional<Interval>> TaskSpans(const JobModel& model);

// There are attempts, and each says when it ran: so in every log, not in every excerpt.
bool AllTimed(const JobModel& model);

// One interval a stage row: submission to completion of the attempts that ended and announced tasks of which none is in
// the log. Nothing for all others, whose tasks tell.
std::vector<std::optional<Interval>> SpansWithoutTasks(const JobModel& model);

// Times in which at least one attempt ran: disjoint, not touching, ascending; and the largest number at once. An
// attempt of 0 ms does not make the driver busy, but max_running is at least 1 if there is any attempt.
struct BusyTimes {
  std::vector<Interval> spans;
  std::int64_t max_running = 0;
};
BusyTimes FindBusyTimes(const std::vector<std::optional<Interval>>& task_spans);

// The sum of weights that are present over time, as a step function.
class LevelTimeline {
 public:
  struct Presence {
    Interval when;
    std::int64_t weight = 0;
  };
  // An empty interval counts as present for 1 ms: an executor that came and went in one millisecond was there.
  explicit LevelTimeline(const std::vector<Presence>& presences);
  // Largest level; 0 without presences.
  [[nodiscard]] std::int64_t max() const;
  // Time-weighted mean over the interval (at its beginning if it is empty). O(log n).
  [[nodiscard]] double Mean(Interval interval) const;

 private:
  struct Step {
    std::int64_t time = 0;
    std::int64_t level = 0;      // from here to the next step
    double integral_before = 0;  // of the level, from the first step to here
  };
  [[nodiscard]] double IntegralUntil(std::int64_t time) const;
  std::vector<Step> steps_;
};

}  // namespace advise::model
