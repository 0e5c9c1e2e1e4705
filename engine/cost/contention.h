// Slots that share processors: what a task would take alone, from what it took beside others.
#pragma once

#include <vector>

#include "cost/replay.h"

namespace advise::cost {

// ms of each task of the workload at full speed: its time in the replay of the unchanged workload, weighted by the
// speed of a task at each instant, min(1, processors ÷ tasks running) ^ contention. Played with the same contention and
// the same slots, they come out as they were.
std::vector<float> TimesAlone(const Workload& workload, const ReplayTrace& unchanged, double processors,
                              double contention);

// How many processors the run shows: time on the processor (and in garbage collection) ÷ time in which a task ran; at
// least 1.
double ProcessorsSeen(const Workload& workload);

}  // namespace advise::cost
