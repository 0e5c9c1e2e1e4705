// What a change does to a run, as data: the operators that a scenario composes. A setting, a number of executors or a
// rule's effect clause is resolved to a list of these (changes.h); nothing here knows where it came from.
//
// Phases, so that a set of effects has no order: 1 what runs (drop, add), 2 how it is divided (partitions, split),
// 3 components (cap, then scale), 4 slots, 5 the scheduler, 6 gaps and driver time. Same operator, same target: caps
// take the smallest, scales multiply, partitions and slots must be equal (else a contradiction), dropped work absorbs
// the rest.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cost/components.h"

namespace advise::cost {

// A number that is not known exactly: a triangular distribution. low <= mid <= high; all equal: exact.
struct Range {
  double low = 0;
  double mid = 0;
  double high = 0;
  friend bool operator==(const Range&, const Range&) = default;
};
inline Range Exactly(double value) { return {value, value, value}; }
// The value below which the share u (0..1) of the distribution lies.
double QuantileOf(const Range& range, double u);

using ComponentSet = std::bitset<kComponents>;
ComponentSet Components(std::initializer_list<Component> components);
// What a task's time depends on other tasks of its machine for: all that happens while it runs.
ComponentSet RunComponents();

using StageList = std::vector<std::uint32_t>;  // of Workload::stages, ascending

// ---------------------------------------------------------------- 1 what runs
// The stage, its lags and its tasks are gone; what depends on it goes on at once.
struct DropStages {
  StageList stages;
  friend bool operator==(const DropStages&, const DropStages&) = default;
};
// Work that the run did not have, as `tasks` further tasks of the stage, evenly.
struct AddWork {
  std::uint32_t stage = 0;
  double tasks = 1;
  Range slot_time;  // ms, of all of them together
  friend bool operator==(const AddWork&, const AddWork&) = default;
};
// Bytes that are written or read more (or less, below 0) than in the run; of the volumes alone, not of the time.
struct ChangeVolume {
  Range shuffle_bytes;
  Range spill_bytes;
  friend bool operator==(const ChangeVolume&, const ChangeVolume&) = default;
};

// ---------------------------------------------------------------- 2 how it is divided
// The stages read their shuffle in another number of partitions. Keys stay whole: what one partition has beyond twice
// the median is taken for one key.
struct SetPartitions {
  StageList stages;
  double partitions = 1;
  friend bool operator==(const SetPartitions&, const SetPartitions&) = default;
};
// Neighbouring partitions are read by one task up to `target` bytes, so that `least` tasks could come out and none need
// read less than `smallest` bytes: what adaptive execution does (CoalesceShufflePartitions).
struct CoalescePartitions {
  StageList stages;
  double target_bytes = 0;
  double least = 1;
  double smallest_bytes = 0;
  friend bool operator==(const CoalescePartitions&, const CoalescePartitions&) = default;
};
// Tasks that read more than `above` bytes become pieces of about `piece` bytes, at most `pieces` a task.
struct SplitTasks {
  StageList stages;
  double above_bytes = 0;
  double piece_bytes = 0;
  double most_pieces = 1e9;
  friend bool operator==(const SplitTasks&, const SplitTasks&) = default;
};

// ---------------------------------------------------------------- 3 components
struct CapComponent {
  StageList stages;
  Component component = Component::Cpu;
  double ms = 0;
  friend bool operator==(const CapComponent&, const CapComponent&) = default;
};
struct ScaleComponents {
  StageList stages;
  ComponentSet components;
  Range factor;
  friend bool operator==(const ScaleComponents&, const ScaleComponents&) = default;
};

// Single attempts (numbers of Workload::tasks, ascending): failed ones that would not be, those of a slow machine. Left
// out where their stage is divided otherwise: there they are other tasks.
struct ScaleTasks {
  std::vector<std::uint32_t> tasks;
  ComponentSet components;
  Range factor;
  friend bool operator==(const ScaleTasks&, const ScaleTasks&) = default;
};
// No task of the stages takes longer than this, all of its parts together; ms.
struct CapTasks {
  StageList stages;
  Range ms;
  friend bool operator==(const CapTasks&, const CapTasks&) = default;
};

// ---------------------------------------------------------------- 4 slots
// Executors come as the observed ones came (more of them: several at a time). Slots of each; 0: as observed.
struct SetSlots {
  double executors = 0;  // 0: as observed
  double slots = 0;      // of each executor
  friend bool operator==(const SetSlots&, const SetSlots&) = default;
};

// Executors (of Workload::executors, ascending) come after this share of the time that passed since they were asked for:
// since the start, or since the job before where they follow the work.
struct ScaleArrivals {
  std::vector<std::uint32_t> arrivals;
  Range factor;
  friend bool operator==(const ScaleArrivals&, const ScaleArrivals&) = default;
};
// An executor that was given back stays, until `last` was given back; those that came in its place do not come.
struct KeepExecutor {
  std::uint32_t executor = 0;
  std::uint32_t last = 0;               // of `replaced`
  std::vector<std::uint32_t> replaced;  // of Workload::executors
  friend bool operator==(const KeepExecutor&, const KeepExecutor&) = default;
};

// ---------------------------------------------------------------- 5 the scheduler
struct SetFair {
  bool fair = true;
  friend bool operator==(const SetFair&, const SetFair&) = default;
};

// ---------------------------------------------------------------- 6 gaps and driver time
struct ScaleGaps {
  std::vector<std::uint32_t> gaps;  // of Workload::gaps, ascending
  Range factor;
  friend bool operator==(const ScaleGaps&, const ScaleGaps&) = default;
};
// ms more before a point; below 0 less, but never less than the lag that it has.
struct AddLag {
  std::uint32_t point = 0;
  Range ms;
  friend bool operator==(const AddLag&, const AddLag&) = default;
};

using Effect = std::variant<DropStages, AddWork, ChangeVolume, SetPartitions, CoalescePartitions, SplitTasks,
                            CapComponent, ScaleComponents, ScaleTasks, CapTasks, SetSlots, ScaleArrivals, KeepExecutor,
                            SetFair, ScaleGaps, AddLag>;

}  // namespace advise::cost
