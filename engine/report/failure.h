// Why an application failed, read from the failures of its jobs, stages, SQL executions and tasks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/job_model.h"

namespace advise::report {

// Words for the user. Times are ms from the start of the application.
struct Failure {
  std::string job;                    // "job 32 (query9)"; empty: no job failed
  std::int64_t cancelled_jobs = 0;    // that went down with it
  std::optional<std::int64_t> at_ms;  // when that job ended
  std::string reason;                 // first line, without Spark's frame of words; empty: not in the log
  std::string task;                   // "task 51 of stage 34 failed 4 times"; empty: not told
  bool stopped = false;               // the reason is that the driver ended, not that work failed
  std::optional<std::int64_t> exit_code;

  std::int64_t failed_tasks = 0;                // attempts
  std::string kind;                             // the most common reason of the failed attempts: "GpuSplitAndRetryOOM"
  std::int64_t same_kind = 0;                   // attempts that failed so
  std::int64_t stages_of_kind = 0;              // in so many stages
  std::optional<std::int64_t> first_failed_ms;  // of the first failed attempt
};

// nullopt: it did not fail.
std::optional<Failure> ReadFailure(const model::JobModel& model);

// Jobs that failed in a run that ended well all the same: "job 3 (load): reason". Empty: none.
struct FailedJobs {
  std::int64_t count = 0;
  std::string first;   // "job 3 (load)"
  std::string reason;  // of the first; empty: unknown
};
FailedJobs ReadFailedJobs(const model::JobModel& model);

}  // namespace advise::report
