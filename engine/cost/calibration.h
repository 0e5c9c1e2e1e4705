// Every constant of the effect model that is no fact of Spark: what it is, and where it comes from. "Pairs": fitted on
// the half of the measured pairs that tests/accuracy/backtest.json names, and judged on the other half there.
#pragma once

#include "cost/effect.h"

namespace advise::cost::calibration {

// ---------------------------------------------------------------- partitions
// Part of a task's run time that does not shrink with its data: code generation, allocation, opening of blocks; ms, at
// most. Pairs.
inline constexpr Range kFixedRun{40, 120, 250};
// Of the time off the processor in a task that writes a file of its own of less than kSmallFile: opening, closing and
// committing it takes that long whatever is in it. Argued from logs of writes to object stores, where tasks of 2 KB and
// of 20 KB take the same time; no pair measures it.
inline constexpr Range kCommitShare{0.5, 0.8, 1};
inline constexpr double kSmallFile = 1 << 20;  // bytes
// What one slot reads and works up; the rest of a short task's run time is fixed. Bytes of shuffle a ms (10, 30, 100
// MB/s) and records a ms. Pairs.
inline constexpr Range kBytesPerMs{10'000, 30'000, 100'000};
inline constexpr Range kRecordsPerMs{500, 2'000, 6'000};
// The first so many records of a task are worked up by code that is not compiled yet; records a ms. Pairs: 9,735 records a
// task at 187 a ms, 1,947 at 150, 243,378 at 1,776.
inline constexpr double kColdRecords = 10'000;
inline constexpr Range kColdRecordsPerMs{150, 300, 1'500};
// ms of a task with next to no data, after its executor has run m: kColdTask x m ^ -kWarmUp. JVMs load and compile less the
// more they have run: 189, 134, 113 ms at m = 18, 24, 35; 88, 42, 36, 28 at 65, 165, 265, 365. Pairs.
inline constexpr double kColdTask = 760;
inline constexpr double kWarmUp = 0.55;
// A further task of a stage against that curve. Pairs: 0.9 … 1.1 without data, 1.6 in aggregates.
inline constexpr Range kFurtherTask{0.6, 1.1, 1.9};
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
// ms x slots a row that is written to a shuffle, read and sorted for a join, where tasks are on the processor for this
// share of their run time; more where they wait for it more. Pairs: 45 to 53 %, and 15 to 30 % in missed-broadcast.
inline constexpr Range kSortMergeRow{0.0005, 0.0012, 0.004};
inline constexpr double kSortMergeCpuShare = 0.5;
// ms x slots of a task that has next to nothing to do. The logs of whatif/: 50 to 230.
inline constexpr Range kSmallTask{30, 80, 180};
// Bytes of a row in a shuffle, compressed, where nothing tells: long keys and a few columns.
inline constexpr Range kRowBytes{12, 40, 100};
// Gaps for the collection of a broadcast that stay when there is none.
inline constexpr Range kWithoutBroadcast{0.1, 0.4, 1};
// Of a stage that fed a sort-merge join, when it probes a broadcast instead of writing a shuffle. whatif 2b: keeps its
// processor time minus serialisation and partitioning, gains the probe.
inline constexpr Range kMapWithoutShuffle{0.6, 0.9, 1.1};
// Of a join's stage when neither side is sorted, where its rows are not in the log: what is left is what comes after the
// join. whatif 2b.
inline constexpr Range kJoinWithoutSort{0.1, 0.4, 0.85};
// ms that a broadcast takes whatever its size: a job of its own, the table, its way to the executors. The logs of whatif/.
inline constexpr Range kBroadcast{20, 60, 200};
// Bytes of a small side that come to the driver a ms (50 … 200 MB/s). whatif 2b.
inline constexpr double kCollectBytesPerMs = 100'000;

// ---------------------------------------------------------------- caches
// Run time of tasks that fill a cache, and of tasks that read it, against that of tasks that compute it. whatif 2b
// (cache): reading decodes, 0 … 0.3.
inline constexpr Range kFillCache{1, 1.05, 1.2};
inline constexpr Range kReadCache{0.02, 0.1, 0.3};
// Bytes in memory ÷ bytes read. whatif 2b.
inline constexpr Range kInMemory{1.5, 2.5, 4};

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
// What a task was off the processor without a reason counts as a wait for one up to this many times what it was on it:
// compilers, collectors and the other JVMs of a cold run take that much. 0.5 to 1.5 in the stages of whatif/ that only
// compute, so 2 leaves room; in tasks that sleep it is 10 and more.
inline constexpr double kOffPerOn = 2;
// Share of their time for which processes outside the JVM (Python) need a processor. No log tells: some compute, some
// ask a service. So all of it, but more do wait than not where somebody asks for more slots.
inline constexpr Range kOutsideNeeds{0, 0.3, 1};
// ms for which the compilers of a JVM keep a processor beside its tasks busy. Pairs: where tasks ran for 8 and 18 s and
// never waited, a second executor gained nothing; where they ran for 160 s, a second slot took 43 % off.
inline constexpr double kCompiles = 20'000;
// ms until the first task, more for each executor that starts on a shared machine. Pairs.
inline constexpr Range kStartOnShared{300, 1'500, 3'000};

// ---------------------------------------------------------------- the model itself
// Power to which the change of the duration is raised, for what the model leaves out, by evidence class; A and B are
// arithmetic and measured bounds. Of 39 changes of class D and E in the back-test that were predicted and measured beyond
// a tenth, in one direction, predicted over measured (of logarithms) has a standard deviation of 0.27 by its median, and
// the draws of the other constants explain a part of that.
inline constexpr Range kModelFormC{0.8, 1, 1.25};
inline constexpr Range kModelFormD{0.6, 1, 1.5};
inline constexpr Range kModelFormE{0.5, 1, 1.7};

// ---------------------------------------------------------------- runs
// Standard deviation of the logarithm of the duration from run to run with nothing changed. 0.02 on quiet clusters
// (whatif 2d). Where driver and tasks share one machine, from the repeats of the trial (128 degrees of freedom): 0.06 in
// one JVM, 0.08 with executors beside the driver; 0.10 of work below 8 s, 0.06 above 15 s.
inline constexpr double kNoise = 0.02;
inline constexpr double kNoiseOnShared = 0.07;

}  // namespace advise::cost::calibration
