// The sweep of the ledger: one pass over the run in time order that gives every instant away (model/ledger.h).
// Plain data in and out, so that an obvious twin can be held beside it. Private to derive/.
//
// Times are epoch ms. Wall time is counted in units of 1/2^bits ms, as integers: the order of events of one millisecond
// cannot show in a sum, and what an uneven division leaves over goes to the next instant.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "model/derive/timeline.h"
#include "model/ledger.h"

namespace advise::model::ledger {

inline constexpr std::uint32_t kNone = 0xffffffff;

// One task attempt, clipped to the window. An empty one counts as launched, and takes no time.
struct TaskLife {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::uint32_t stage = kNone;
  // What its launch takes from the pending tasks of its stage: a first attempt, an attempt after a failure that
  // `pending` announces, or nothing (copies, attempts of unknown origin).
  enum class Pending : std::uint8_t { None, First, Retry };
  Pending pending = Pending::None;
  bool has_place = false;  // its locality says that it prefers some executors
  bool late = false;       // launched later than the others of its stage's only wave
  bool ran = true;         // false: no attempt (a repeated end), or one without any time
};

// How slots that idle beside the tasks of a stage are called while none of the running ones is long.
struct StageIdle {
  bool one_wave = false;                      // it has no more tasks than there were slots
  LedgerPart part = LedgerPart::PartialWave;  // of slots that had no task of its only wave, or of the last wave
  std::uint32_t profile = kNone;              // its place in SweepInput::profile_slots; kNone: any slot will do
};

// From `from` on slots that idle beside the task belong to `part`. At most one a task.
struct LongTask {
  std::int64_t from = 0;
  std::uint32_t task = 0;
  LedgerPart part = LedgerPart::TailUnexplained;
};

// Tasks of a stage that wait to be launched (First, Retry), and tasks of which the log says nothing (Missing).
struct PendingChange {
  enum class Kind : std::uint8_t { First, Retry, Missing };
  std::int64_t time = 0;
  std::uint32_t stage = kNone;
  Kind kind = Kind::First;
  std::int64_t amount = 0;
};

// Slots from `time` on, until the next step.
struct SlotStep {
  std::int64_t time = 0;
  std::int64_t slots = 0;
  std::int64_t ahead = 0;                        // most slots from now on (of an interactive run: until it rests)
  std::int64_t lost = 0;                         // slots of executors that were lost and not replaced
  LedgerPart wait = LedgerPart::WaitAllocation;  // why there is none, where slots are 0
};

// What the driver is at, whatever the tasks do.
struct DriverStep {
  std::int64_t time = 0;
  bool active = false;   // a job is open
  bool waiting = false;  // … that still has tasks to run
  // Where time goes in which no task runs, unless a job waits. `budget` limits what goes to `first`; the rest goes to
  // `part`.
  LedgerPart part = LedgerPart::BetweenJobs;
  LedgerPart first = LedgerPart::BetweenJobs;
  std::uint32_t budget = kNone;  // kNone: all to `part`
};

struct SweepInput {
  Interval window;
  std::vector<TaskLife> tasks;
  std::vector<StageIdle> stages;
  std::vector<LongTask> long_tasks;
  std::vector<PendingChange> pending;
  std::vector<SlotStep> slots;        // by time, at least one, the first at or before the window's begin
  // The same of the executors of one resource profile each; empty where all executors have the same.
  std::vector<std::vector<SlotStep>> profile_slots;
  std::vector<DriverStep> driver;     // likewise
  std::vector<Interval> gaps;         // disjoint, ascending
  std::vector<std::int64_t> budgets;  // ms
};

// Wall time by stage and part. Adding is cheap for runs of the same stage.
class StageCells {
 public:
  explicit StageCells(std::size_t stages) : cells_(stages) {}
  void Add(std::uint32_t stage, LedgerPart part, std::int64_t units);
  // Of one stage, by part; each part at most once. Ends the adding.
  using Cell = std::pair<LedgerPart, std::int64_t>;
  [[nodiscard]] const std::vector<Cell>& Of(std::uint32_t stage);
  [[nodiscard]] std::size_t stages() const { return cells_.size(); }

 private:
  void Flush();
  std::vector<std::vector<Cell>> cells_;
  std::uint32_t current_ = kNone;
  std::array<std::int64_t, kLedgerParts> sums_{};
  std::vector<LedgerPart> touched_;
};

// Time of no stage, and time of pauses long enough to be gaps.
struct PauseKey {
  LedgerPart part = LedgerPart::BetweenJobs;
  std::uint32_t stage = kNone;
  std::uint32_t gap = kNone;
  friend auto operator<=>(const PauseKey&, const PauseKey&) = default;
};

struct SweepResult {
  int bits = 0;                          // units of 1/2^bits ms
  std::vector<std::int64_t> task_units;  // one a task: its share of the time in which it ran
  StageCells stages{0};                  // the reasons why slots idled
  std::map<PauseKey, std::int64_t> pauses;
  std::int64_t rest = 0;  // what the last instant left over: less than a unit a slot
};

// Units such that the length of the window fits twice into 63 bits.
int UnitBits(std::int64_t window_ms);

// The sum over task_units, stages, pauses and rest is the length of the window. O(n log n).
SweepResult RunSweep(const SweepInput& input);

}  // namespace advise::model::ledger
