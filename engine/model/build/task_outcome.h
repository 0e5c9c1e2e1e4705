// How a task attempt ended and how long it took, as its TaskEnd says.
#pragma once

#include <cstdint>

#include "model/raw_events.h"

namespace advise::model {

struct TaskOutcome {
  bool success = false;
  bool killed = false;       // TaskKilled and TaskCommitDenied
  bool resubmitted = false;  // its output was lost: the second end of an attempt that had succeeded
  [[nodiscard]] bool failed() const { return !success && !killed; }
};

// A reason that we do not know counts as failed.
inline TaskOutcome OutcomeOf(const TaskEnd& event) {
  TaskOutcome outcome;
  if (event.reason == kMissingEnum) return outcome;
  const auto reason = static_cast<EndReason>(event.reason);
  outcome.success = reason == EndReason::Success;
  outcome.killed = reason == EndReason::TaskKilled || reason == EndReason::TaskCommitDenied;
  outcome.resubmitted = reason == EndReason::Resubmitted;
  return outcome;
}

// Epoch ms; the event of a running attempt has 0.
inline std::int64_t FinishOf(const TaskInfo& info) {
  return info.finish == kMissing || info.finish <= 0 ? kMissing : info.finish;
}

// ms from launch to finish.
inline std::int64_t DurationOf(const TaskInfo& info) {
  const std::int64_t finish = FinishOf(info);
  return finish == kMissing || info.launch == kMissing ? info.duration : finish - info.launch;
}

}  // namespace advise::model
