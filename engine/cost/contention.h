// Slots that share processors: what a task would take alone, from what it took beside others.
#pragma once

#include <vector>

#include "cost/replay.h"

namespace advise::cost {

// What each task of the workload needs of a processor (kWholeProcessor). A log does not tell waiting for a processor from
// waiting for anything else; what a task was off the processor counts as the former up to kOffPerOn times what it was on
// it, and all the rest, with the wait for shuffle data, as the latter. `outside`: the share that processes outside the
// JVM need of the time that they take, of which no log tells (0..1).
std::vector<std::uint16_t> ProcessorNeeds(const Workload& workload, double outside);

// ms of each task of the workload at full speed: its time in the replay of the unchanged workload, weighted by the
// speed of a task at each instant (SharedSpeed). Played with the same contention and the same slots, they come out as
// they were. `needs`: one a task.
std::vector<float> TimesAlone(const Workload& workload, const ReplayTrace& unchanged, double processors,
                              double contention, const std::vector<std::uint16_t>& needs);

// How many processors the run shows: time on the processor (and in garbage collection, and `outside` of that in other
// processes) ÷ time in which a task ran, at least 1; where tasks hardly waited, one more once the compilers of a
// further JVM have done with it (kCompiles).
double ProcessorsSeen(const Workload& workload, double outside);

// Share of the time of all tasks in processes of whose need the log does not tell.
double ShareOutside(const Workload& workload);

}  // namespace advise::cost
