// What the steps that look at the driver need to know of SQL executions: their first and last jobs, whether they write,
// what the driver did for them. Private to derive/.
#pragma once

#include <cstdint>
#include <vector>

#include "model/job_model.h"

namespace advise::model {

struct SqlFacts {
  JobRow first_job;
  JobRow last_job;        // by start
  std::int64_t jobs = 0;  // that say when they began
  bool writes = false;
  bool has_broadcast = false;
  bool adaptive = false;
  std::int64_t metadata_time = 0;          // ms, of its file scans
  std::int64_t commit_time = kMissing;     // ms, of its writes; missing: no metric says it
  std::int64_t broadcast_time = kMissing;  // ms, to build and to send its broadcasts; missing: no metric says it
};

// One a row of sql_executions. Needs plan_nodes and jobs.sql_execution.
std::vector<SqlFacts> CollectSqlFacts(const JobModel& model);

// Jobs that collect a broadcast say so: as their description from 3.0, as a tag from 3.5. Before 3.0 they can only be
// told from the thread pool in which they run.
bool CollectsBroadcast(const JobModel& model, JobRow job);

}  // namespace advise::model
