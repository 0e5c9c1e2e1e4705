// Every constant of the effect model that is no fact of Spark: what it is, and where it comes from. "Pairs": fitted on
// the half of the measured pairs that tests/accuracy/backtest.json names, and judged on the other half there.
#pragma once

#include "cost/effect.h"

namespace advise::cost::calibration {

// ---------------------------------------------------------------- partitions
// Part of a task's run time that does not shrink with its data: code generation, allocation, opening of blocks; ms, at
// most. Pairs.
inline constexpr Range kFixedRun{40, 120, 250};
// What one slot reads and works up; the rest of a short task's run time is fixed. Bytes of shuffle a ms (10, 30, 100
// MB/s) and records a ms. Pairs.
inline constexpr Range kBytesPerMs{10'000, 30'000, 100'000};
inline constexpr Range kRecordsPerMs{500, 2'000, 6'000};
// A further task against the average of those at the end of the stage: the JVM is warm by then. Pairs.
inline constexpr Range kFurtherTask{0.1, 0.4, 1.1};
// A partition larger than this many medians has one key that cannot be divided. whatif, "Repartition N→M".
inline constexpr double kHeavyKey = 2;
// Time of the pieces of a split task together against that of the whole: the other side is read for each, and they run
// beside others where the whole ran alone at the end. Pairs.
inline constexpr Range kSplitPiece{1, 1.1, 1.4};
// Share of the processor time of a spilling task that goes into sorting and serialising again, x its spilled share.
// whatif 2b, remove_spill.
inline constexpr Range kSpillCpu{0, 0.15, 0.5};

// ---------------------------------------------------------------- adaptive execution
// ms until a query stage starts after the one before it: a job of its own, planned again. The logs of whatif/ have 65
// to 300 ms of it.
inline constexpr Range kAdaptivePlanning{40, 120, 300};
// Pauses between query stages that stay when they are stages of one job.
inline constexpr Range kPlanningWithoutAdaptive{0.1, 0.3, 0.8};

// ---------------------------------------------------------------- joins
// ms x slots a row that is written to a shuffle, read and sorted for a join. Pairs.
inline constexpr Range kSortMergeRow{0.0006, 0.002, 0.006};
// ms x slots of a task that has next to nothing to do. The logs of whatif/: 50 to 230.
inline constexpr Range kSmallTask{30, 80, 180};
// Bytes of a row in a shuffle, compressed, where nothing tells: long keys and a few columns.
inline constexpr Range kRowBytes{12, 40, 100};
// Gaps for the collection of a broadcast that stay when there is none.
inline constexpr Range kWithoutBroadcast{0.1, 0.4, 1};
// Of a stage that fed a sort-merge join, when it probes a broadcast instead of writing a shuffle. whatif 2b: keeps its
// processor time minus serialisation and partitioning, gains the probe.
inline constexpr Range kMapWithoutShuffle{0.6, 0.8, 1.0};
// Of a join's stage when neither side is sorted. whatif 2b: sorts take 10 … 50 %; reading goes as well.
inline constexpr Range kJoinWithoutSort{0.25, 0.5, 0.85};
// Bytes of a small side that come to the driver a ms (50 … 200 MB/s). whatif 2b.
inline constexpr double kCollectBytesPerMs = 100'000;

// ---------------------------------------------------------------- memory
// GC share of the run time of a stage from which it counts as evidence. Cold JVMs of short runs have 4 … 7 %.
inline constexpr double kGcBinds = 0.1;
// Live objects ÷ heap. whatif 2b, gc_model.
inline constexpr Range kLiveShare{0.1, 0.4, 0.8};
// Without evidence that memory binds: nothing, give or take. whatif 0.3 (610 pairs).
inline constexpr Range kMemoryWithoutEvidence{0.94, 1, 1.06};

// ---------------------------------------------------------------- the driver
// Gaps after a job whose result came to the driver. Pairs.
inline constexpr Range kCollectWithArrow{0.02, 0.2, 0.6};
inline constexpr Range kCollectWithoutArrow{1.5, 4, 10};

// ---------------------------------------------------------------- slots
// Task times x (slots' ÷ slots) ^ this, when slots are processors: memory bandwidth, disks, network. whatif 0.4, 2b.
inline constexpr Range kCrowding{0, 0.1, 0.5};
// Beyond twice the observed slots. whatif 2b.
inline constexpr Range kCrowdingFar{0, 0.25, 1};
// Slots that share processors: speed of a task beside n others, min(1, processors ÷ n) ^ this. Above 1: a further JVM
// brings its own compilation and collection. Pairs.
inline constexpr Range kContention{0.9, 1.3, 1.7};
// ms until the first task, more for each executor that starts on a shared machine. Pairs.
inline constexpr Range kStartOnShared{300, 1'500, 3'000};

// ---------------------------------------------------------------- runs
// Standard deviation of the logarithm of the duration from run to run with nothing changed. 0.02 on quiet clusters
// (whatif 2d); of runs below a minute on a shared machine: pairs.
inline constexpr double kNoise = 0.02;
inline constexpr double kNoiseOnShared = 0.05;

}  // namespace advise::cost::calibration
