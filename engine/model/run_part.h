// A report about one query or job of an application that runs many: the model holds that part alone, as if it were the
// application.
#pragma once

#include <cstdint>
#include <vector>

#include "model/job_model.h"

namespace advise::model {

struct RunPart {
  std::int64_t start = kMissing;             // epoch ms; kMissing: no event says it
  std::int64_t end = kMissing;               // kMissing: its end is not in the log
  std::vector<std::int64_t> sql_executions;  // ids that belong to it
};

// Before the derive steps, with all events read: the application's times become those of the part; SQL executions that
// do not belong to it and executors that were there before or after it alone are dropped. Jobs, stages and tasks of
// others must not have been told to the builder.
void CutToPart(JobModel& model, const RunPart& part);

// After them: the first gap of a part is no start-up of an application.
void RenameFirstGap(JobModel& model);

}  // namespace advise::model
