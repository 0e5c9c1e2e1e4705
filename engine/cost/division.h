// The tasks of a stage when its data is divided otherwise: another number of partitions, small ones read together,
// large ones split.
#pragma once

#include <limits>
#include <vector>

#include "cost/effect.h"
#include "cost/workload.h"

namespace advise::cost {

// In this order: partitions, coalesce, split. The defaults change nothing.
struct Division {
  double partitions = 0;      // 0: as they are
  double coalesce_bytes = 0;  // 0: not
  double least_tasks = 1;
  double smallest_bytes = 0;                                     // of a task, whatever `least_tasks` says
  double split_above = std::numeric_limits<double>::infinity();  // bytes
  double piece_bytes = 0;
  double most_pieces = 1;
  friend bool operator==(const Division&, const Division&) = default;
};

// What calibration.h has as ranges, drawn.
struct DivisionNumbers {
  double fixed_run = 0;
  double bytes_per_ms = 1;
  double records_per_ms = 1;
  // ms of a task beyond those that the stage had, with next to no data, after its executor has run m tasks:
  // further_task x m ^ -kWarmUp.
  double further_task = 0;
  double spill_cpu = 0;
  double split_piece = 1;
  double cold_records_per_ms = 1e9;  // of the first kColdRecords of a task
  double tasks_before = 1;           // m of the first task of the stage
  double executors = 1;              // so many further tasks make m larger by one
  double commit_share = 0;           // of the time off the processor in tasks that write small files: not by data
  // Where the stage had later tasks (a slot's second and on), a further one takes at most so many times what they took.
  double further_ratio = 1;
};

struct DividedTasks {
  std::vector<Parts> parts;  // ms, in the order of launch
  double spilled_bytes = 0;  // on disk
  double largest_bytes = 0;  // read by one task
};

// From the winners of the stage. What a task does is its overhead (scheduling, deserialising, serialising), a fixed
// part of its run time, and the rest, which follows the bytes it reads; what a task took beyond that stays with its
// data. What the first tasks of each slot took beyond the later ones is the slot's: tasks put together pay it once a slot,
// and no more often when the data is divided further. Heavy keys (beyond kHeavyKey medians) stay whole. A stage without
// winners, or whose division is as it was, comes back as it is.
DividedTasks Divide(const Workload& workload, const StageWork& stage, const Division& division,
                    const DivisionNumbers& numbers);

// Sizes of neighbours read together as ShufflePartitionsUtil does: a task ends where the next partition would pass the
// target; the target is lowered so that `least` tasks could come out, but not below `smallest`. Returns the number of
// partitions of each task.
std::vector<std::uint32_t> CoalesceSizes(const std::vector<double>& bytes, double target, double least,
                                         double smallest);

}  // namespace advise::cost
