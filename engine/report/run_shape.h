// How the tasks of a run lie in time, for the verdict of a run in which nothing was found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/job_model.h"
#include "report/report.h"

namespace advise::report {

struct RunShape {
  std::int64_t tasks = 0;  // attempts that were started
  // ms from the start of the application; nullopt: no task, or no times.
  std::optional<std::int64_t> first_launch_ms;
  std::optional<std::int64_t> last_finish_ms;
  std::optional<double> busy;  // mean share of the slots in use between the two
  // p95 ÷ p50 of the winners' durations, the largest over the stages of ten winners or more that have 5 % of the time of
  // all tasks or more. nullopt: such stages have less than four fifths of it.
  std::optional<double> spread;
};
RunShape ReadRunShape(const model::JobModel& model, const Strip& strip);

// The longest SQL execution; nullopt: none has a start and an end.
struct LongestSql {
  std::int64_t id = 0;
  std::int64_t duration_ms = 0;
  std::string description;  // on one line; empty: unknown
};
std::optional<LongestSql> ReadLongestSql(const model::JobModel& model);

}  // namespace advise::report
