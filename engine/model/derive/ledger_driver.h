// What the driver is at over time, for the ledger: jobs open or not, queries open or not. Private to derive/.
#pragma once

#include <cstdint>
#include <vector>

#include "model/derive/ledger_sweep.h"
#include "model/job_model.h"

namespace advise::model::ledger {

// A stretch in which the application had work for its slots: a job, or the run of a stage whose job the log does not
// time.
struct WorkPeriod {
  std::int64_t begin = 0;
  std::int64_t last_task = 0;  // when its last task had ended; what follows is the driver's
  std::int64_t end = 0;
  JobRow job;  // none: of a stage
};

struct DriverTimes {
  std::vector<DriverStep> steps;
  std::vector<std::int64_t> budgets;  // ms
  std::vector<std::int64_t> rests;    // of an interactive run: times at which it began to work after it had not
};

// Jobs and what stands for jobs. `last_end` is the last moment of a task of each stage (kMissing: it has none), or
// later where the log says that the stage still had tasks to run. A job without end in the log ends with its last
// stage, or with the window where it has none.
std::vector<WorkPeriod> FindWorkPeriods(const JobModel& model, const std::vector<std::int64_t>& last_end,
                                        Interval window);

DriverTimes ReadDriver(const JobModel& model, const std::vector<WorkPeriod>& work, Interval window);

}  // namespace advise::model::ledger
