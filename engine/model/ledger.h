// The ledger: every instant of the run given to one or more accounts, so that they add up to its duration exactly.
// It says where the wall time went; how to have less of it is for rules to say.
//
// An instant at which r of S slots run goes for r/S to what those tasks do (a task spreads its components evenly over
// its life) and for 1 - r/S to the reason why the other slots idle. Stages that run at once share it by the slots that
// they hold. Made by derive/ledger.cpp, which says how each account is told.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/entity.h"
#include "model/enums.h"

namespace advise::model {

// The parts of the accounts: V(LedgerPart, Account, "name inside the account", "what it holds"). An account that the
// log does not divide further has one part without a name.
#define ADVISE_LEDGER_PARTS(V)                                                                                        \
  V(UserIdle, UserIdle, "", "an interactive application, no job or query open: nobody asked for anything")            \
  V(StartContext, StartUp, "context", "from the start of the application until its block manager was registered")     \
  V(StartSetUp, StartUp, "set_up", "what the program did then, until it submitted its first job")                     \
  V(StartPlanning, StartUp, "planning", "the first query was open, its first job not yet submitted")                  \
  V(Planning, Driver, "planning", "a query was open, its next job not yet submitted")                                 \
  V(Listing, Driver, "listing", "of planning, what the scans of the query report as metadata time")                   \
  V(Collect, Driver, "collect", "the last task of a job or query had ended, the job or query not yet")                \
  V(Commit, Driver, "commit", "the last task of a query that writes had ended, the query not yet")                    \
  V(Broadcast, Driver, "broadcast", "a broadcast that a job had collected was built and sent")                        \
  V(BetweenJobs, Driver, "between_jobs", "no job and no query open: code of the program outside Spark")               \
  V(BetweenBatches, Driver, "between_batches", "the same in an application with a stream: it may wait for a trigger") \
  V(End, Driver, "end", "after the last job")                                                                         \
  V(WaitCold, WaitExecutors, "cold", "a job waited, no executor had come yet")                                        \
  V(WaitAllocation, WaitExecutors, "allocation", "a job waited, all executors had been given back")                   \
  V(WaitLost, WaitExecutors, "lost", "a job waited, all executors had been lost")                                     \
  V(Submission, WaitScheduler, "submission", "a job was open, the stage's first task not yet launched")               \
  V(Launch, WaitScheduler, "launch", "slots free and tasks pending: the driver had not launched them yet")            \
  V(LocalityWait, WaitScheduler, "locality", "the same for 100 ms or more, and the task then launched had a place")   \
  V(RetryWait, WaitScheduler, "retry", "the same, only tasks that had failed before were pending")                    \
  V(FewTasks, FewTasks, "", "slots that the stage has no task for")                                                   \
  V(FewSerial, FewTasks, "serial", "the same, and the query after it reads nothing that this one wrote or cached")    \
  V(PartialWave, PartialWave, "", "the last wave of a stage with more tasks than slots, its tasks even")              \
  V(TailSkew, Tail, "skew", "a long task that read or wrote more than the others")                                    \
  V(TailSlowPlace, Tail, "slow_place", "a long task where all tasks take longer, or that its copy overtook")          \
  V(TailRetry, Tail, "retry", "a task or stage that ran again")                                                       \
  V(TailLateStart, Tail, "late_start", "a task that was launched later than the others of its only wave")             \
  V(TailUneven, Tail, "uneven", "tasks of one wave, none of them long, that did not end at once")                     \
  V(TailUnexplained, Tail, "unexplained", "a long task that none of these explains")                                  \
  V(RampUp, RampUp, "", "tasks pending, slots that came later not there yet")                                         \
  V(LostSlots, LostSlots, "", "tasks pending, slots of lost executors not there any more")                            \
  V(SchedulerDelay, Overhead, "scheduler_delay", "of a task: sending it, starting it, hearing of its end")            \
  V(Deserialisation, Overhead, "deserialisation", "of a task: its closure, its classes")                              \
  V(Result, Overhead, "result", "of a task: packing its result, and the driver fetching it")                          \
  V(WastedFailed, Wasted, "failed", "attempts that failed")                                                           \
  V(WastedKilled, Wasted, "killed", "attempts that were killed")                                                      \
  V(WastedSpeculation, Wasted, "speculation", "attempts that lost against a copy, or copies that lost")               \
  V(WastedRecomputed, Wasted, "recomputed", "partitions computed again, or whose result was lost")                    \
  V(Gc, Gc, "", "pauses of the executor's JVM, as the tasks in it saw them")                                          \
  V(FetchWait, FetchWait, "", "tasks waiting for shuffle blocks of other executors")                                  \
  V(ShuffleWrite, ShuffleWrite, "", "tasks writing shuffle files, as far as it kept them off the CPU")                \
  V(Spill, Spill, "", "inferred: off the CPU, in proportion to what was spilled")                                     \
  V(Python, Python, "", "inferred: off the CPU in a stage that runs Python")                                          \
  V(Input, Input, "", "inferred: off the CPU, in proportion to the bytes read")                                       \
  V(Output, Output, "", "inferred: off the CPU, in proportion to the bytes written")                                  \
  V(Cpu, Work, "cpu", "on the CPU")                                                                                   \
  V(Native, Work, "native", "off the CPU of the task's thread in a stage that runs on GPUs")                          \
  V(Undivided, Work, "undivided", "running; the log has no CPU times to divide it")                                   \
  V(UnknownIo, UnknownIo, "", "off the CPU, and nothing says why: reads, locks, stolen cores")                        \
  V(NoMetrics, Unknown, "no_metrics", "attempts that succeeded without metrics")                                      \
  V(Unfinished, Unknown, "unfinished", "attempts whose end is not in the log")                                        \
  V(MissingTasks, Unknown, "missing_tasks", "slots that seem idle in a stage of which the log lacks tasks")           \
  V(BeforeLog, Unknown, "before_log", "the log does not hold the start of the application, or its executors")

#define ADVISE_PART_ENUMERATOR(part, account, text, doc) part,
enum class LedgerPart : std::uint8_t { ADVISE_LEDGER_PARTS(ADVISE_PART_ENUMERATOR) };
#undef ADVISE_PART_ENUMERATOR
#define ADVISE_PART_COUNT(part, account, text, doc) +1
inline constexpr std::size_t kLedgerParts = 0 ADVISE_LEDGER_PARTS(ADVISE_PART_COUNT);
#undef ADVISE_PART_COUNT
#define ADVISE_ACCOUNT_COUNT(name, text) +1
inline constexpr std::size_t kAccounts = 0 ADVISE_ACCOUNT(ADVISE_ACCOUNT_COUNT);
#undef ADVISE_ACCOUNT_COUNT

struct LedgerPartInfo {
  Account account;
  std::string_view name;  // inside the account; empty: the account is not divided
  std::string_view doc;
};
const LedgerPartInfo& InfoOf(LedgerPart part);
inline Account AccountOf(LedgerPart part) { return InfoOf(part).account; }

// Wall time of one part in one place.
struct LedgerEntry {
  LedgerPart part = LedgerPart::NoMetrics;
  StageRow stage;       // none: time in which no stage had a part
  GapRow gap;           // of time in which no task ran: the gap; none: tasks ran, or the pause is shorter than a gap
  std::int64_t us = 0;  // > 0
};

// Totals of one account. What is inferred or bounded has a range: `us` is the value that the entries have.
struct AccountTotal {
  std::int64_t us = 0;
  std::int64_t most_us = 0;  // at most this much, with what else the log allows; equal to us where it is measured
};

struct Ledger {
  // False: the log holds no time, or times further apart than 35,000 years; then there are no entries.
  bool known = false;
  std::int64_t duration_us = 0;  // of the application (App.duration); the sum of all entries
  // No executor states its cores: the largest number of attempts seen at once stands for the slots, so that slots which
  // were never used are not seen.
  bool slots_observed = false;
  std::vector<LedgerEntry> entries;  // by (part, stage, gap), each at most once
  std::array<AccountTotal, kAccounts> accounts{};

  [[nodiscard]] const AccountTotal& operator[](Account account) const {
    return accounts[static_cast<std::size_t>(account)];
  }
};

}  // namespace advise::model
