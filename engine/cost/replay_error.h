// How well a replay with nothing changed explains the run: what is printed beside every prediction, and what refuses
// one.
#pragma once

#include "cost/replay.h"
#include "cost/workload.h"

namespace advise::cost {

struct ReplayError {
  double duration = 0;  // replayed, ms
  // |replayed - observed| ÷ observed; NaN: the run took no time.
  double total = 0;
  // The same over the time in which a job was active. Driver time between jobs and the start-up are taken from the log
  // and flatter the total. NaN: no job.
  double in_job = 0;
  // Time without a running task ÷ duration: what a replay copies from the log.
  double frozen_share = 0;
};
ReplayError MeasureReplay(const Workload& workload, const ReplayTimes& times);

}  // namespace advise::cost
