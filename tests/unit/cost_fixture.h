// Random workloads and an obvious replay, for the tests of cost/.
#pragma once

#include <cstdint>

#include "cost/replay.h"
#include "cost/workload.h"
#include "unit/random.h"

namespace advise::test {

struct RandomShape {
  int max_stages = 6;
  int max_tasks = 12;  // a stage
  bool chain = false;  // each stage after the one before, so that no two run at once
  bool fair = false;
  bool links = false;      // retries and speculative copies, attempts that nobody waits for
  bool removals = false;   // executors that go
  bool turnaround = true;  // pauses between tasks, and a ramp
};
// Jobs of stages with tasks of components, lags, executors that come at different times. Times have fractions, so that
// no two things happen at once by chance.
cost::Workload RandomWorkload(Random& random, const RandomShape& shape);

// For workloads made by hand: the points of its jobs, stages (a stage waits for its job and its parents), executors
// (from the start to `removal`, if there is one); all lags 0.
void SetChainEdges(cost::Workload& workload);

// The same run with its stages in another order in the tables: stage i goes to new_place[i].
cost::Workload MoveStages(const cost::Workload& workload, const std::vector<std::uint32_t>& new_place);

// The longest way through the points, a stage taking its longest task.
double LongestChain(const cost::Workload& workload);

// The durations of all points and the busy slot time by looking at everything at each step.
cost::ReplayTimes ObviousReplay(const cost::Workload& workload, const cost::Schedule& schedule);

}  // namespace advise::test
