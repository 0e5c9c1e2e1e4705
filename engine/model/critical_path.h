// The critical path of an application: the chain of stage attempts and gaps that explains its wall time, and how much
// later each stage could have finished.
//
// Nodes are stage attempts from their first launch to their completion (or last finish, if that is later) and gaps (no
// task running). The path tiles start to end of the application, so the times of its parts add up to the duration:
//
//   Walk back from the end. Inside a gap, the gap has the time: nothing else was going on. Otherwise the time goes to
//   the stage that the walk is in, back to its first launch (gaps inside it cut out). From there it goes on in
//   1. the stage before it (parents, the attempt before, stages of jobs before its job) that finished last, if it was
//      still running or had finished less than kMinGapMs ago: the dependency explains the time;
//   2. else, of the stages running at that time, the one that finished first: it held the slots, or it is what the
//      application was doing meanwhile. So waiting for slots goes to the stages that held them, never to the one that
//      waited;
//   3. else the stage that finished last before: the pause between is shorter than kMinGapMs, or it would be a gap.
//   Pauses shorter than kMinGapMs go to the stage behind them.
//
// All gaps lie on it. Of all chains that tile the run it is the one whose links are best explained; their lengths are
// the same. O(n log n) in stages, gaps and edges.
#pragma once

#include <cstdint>
#include <vector>

#include "model/derive/timeline.h"
#include "model/job_graph.h"

namespace advise::model {

// Pauses of the cluster shorter than this are scheduling, not gaps (schema.def, Gap.duration).
inline constexpr std::int64_t kMinGapMs = 50;

struct PathStage {
  Interval span;                      // first launch to completion or last finish; empty: the stage ran no task
  std::int64_t finish = 0;            // when those that depend on it could go on: completion; inside the span
  std::vector<std::uint32_t> before;  // stages that had to end first
};

struct PathInput {
  Interval window;  // of the application
  std::vector<PathStage> stages;
  std::vector<Interval> gaps;  // disjoint, ascending, inside the window
};

// ms on the path, one entry a stage and a gap.
struct PathTimes {
  std::vector<std::int64_t> stages;
  std::vector<std::int64_t> gaps;
};
PathTimes FindCriticalPath(const PathInput& input);

// How much later each node could finish without delaying the application: the smallest sum of pauses on a way from it
// to the end. A pause is the time from the end of a node to the begin of its successor, to the next gap (the driver
// goes on when the cluster is idle) or to the end of the application; pauses below kMinGapMs count as none. Slots are
// not looked at: a stage that waits for them has a pause before it. Edges that go back in time or lie on a cycle are
// ignored.
std::vector<std::int64_t> FindSlack(const std::vector<Interval>& nodes, const std::vector<GraphEdge>& edges,
                                    const std::vector<Interval>& gaps, Interval window);

}  // namespace advise::model
