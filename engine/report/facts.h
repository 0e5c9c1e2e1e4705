// What the report says about the run as a whole, read from the model once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/job_model.h"
#include "report/report.h"

namespace advise::report {

AppInfo ReadAppInfo(const model::JobModel& model);

// Busy slots over time and the pieces of the critical path.
Strip ReadStrip(const model::JobModel& model);

// Why the application failed, in words for the user.
struct Failure {
  std::string job;                    // "job 32 (query9)"; empty: no job failed
  std::int64_t cancelled_jobs = 0;    // that went down with it
  std::optional<std::int64_t> at_ms;  // from the start of the application
  std::string reason;                 // first line, without Spark's frame of words; empty: not in the log
  std::string task;                   // "task 51 of stage 34 failed 4 times"; empty: not told
  std::int64_t failed_tasks = 0;
  std::optional<std::int64_t> first_failed_ms;  // of the first failed attempt, from the start
  std::optional<std::int64_t> exit_code;
};
// nullopt: it did not fail.
std::optional<Failure> ReadFailure(const model::JobModel& model);

// "Stage 5", and of a later attempt "Stage 5.1".
std::string StageLabel(const model::JobModel& model, model::StageRow stage);
// What a user knows the stage by: the description of its SQL execution or job where its name is a call site inside
// Spark
// ("$anonfun$withThreadLocalCaptured$1 at FutureTask.java:317"), else its name. Empty: unknown.
std::string StagePurpose(const model::JobModel& model, model::StageRow stage);

}  // namespace advise::report
