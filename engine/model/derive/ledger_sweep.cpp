// The sweep of the ledger. At every instant: which tasks run, how many slots there are, which tasks are pending, what
// the driver is at. The instant is divided into busy + absent equal shares, one a slot; each running task takes one,
// and each idle one goes, in this order, to
//   1. pending tasks that the driver has not launched though slots are free (wait_scheduler),
//   2. tasks of which the log says nothing (unknown),
//   3. the driver, where no job is open,
//   4. the running tasks, in equal parts: to long ones as tails, else as few tasks, partial wave or uneven ends;
// `absent` are slots that pending tasks would use, had they come already or not been lost.
// An instant at which nothing runs goes as a whole to what a job waits for, or to the driver.
//
// What a task gets is an integral over its life: W of the share of one slot, V of the idle time beside one task, F of
// the part of V that slots have which had a task of the same wave. The sweep keeps the three integrals, and each task
// the values at its launch: O(1) an event.
#include "model/derive/ledger_sweep.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <set>

#include "support/check.h"

namespace advise::model::ledger {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
// Slots that stay free this long beside pending tasks wait for something; below it the driver is sending tasks.
constexpr std::int64_t kSendingMs = 100;

// Task rows by time, of one time by row: a radix sort, 11 bits a pass, of the distance from the smallest time and the
// row in one word. Times further apart than 49 days do not fit and are sorted as they are.
std::vector<std::uint32_t> OrderBy(const std::vector<TaskLife>& tasks, std::int64_t TaskLife::*time) {
  constexpr int kRowBits = 32;
  std::int64_t low = kNever;
  std::int64_t high = std::numeric_limits<std::int64_t>::min();
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < tasks.size(); ++row) {
    if (!tasks[row].ran) continue;
    rows.push_back(row);
    low = std::min(low, tasks[row].*time);
    high = std::max(high, tasks[row].*time);
  }
  if (rows.empty()) return rows;
  const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (range >> kRowBits != 0) {
    std::ranges::stable_sort(rows, {}, [&](std::uint32_t row) { return tasks[row].*time; });
    return rows;
  }
  std::vector<std::uint64_t> words;
  words.reserve(rows.size());
  for (const std::uint32_t row : rows)
    words.push_back((static_cast<std::uint64_t>(tasks[row].*time) - static_cast<std::uint64_t>(low)) << kRowBits | row);
  constexpr int kDigitBits = 11;
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kDigitBits) - 1;
  std::vector<std::uint64_t> other(words.size());
  for (int shift = kRowBits; shift < kRowBits + static_cast<int>(std::bit_width(range)); shift += kDigitBits) {
    std::array<std::size_t, kMask + 1> begin{};
    for (const std::uint64_t word : words) ++begin[word >> shift & kMask];
    std::size_t sum = 0;
    for (std::size_t& count : begin) sum += std::exchange(count, sum);
    for (const std::uint64_t word : words) other[begin[word >> shift & kMask]++] = word;
    words.swap(other);
  }
  std::ranges::transform(words, rows.begin(), [](std::uint64_t word) { return static_cast<std::uint32_t>(word); });
  return rows;
}

// A step function read in time order.
template <class Step>
class StepReader {
 public:
  explicit StepReader(const std::vector<Step>& steps) : steps_(steps) {
    ADVISE_CHECK(!steps.empty(), "a step function of the ledger has no step");
  }
  [[nodiscard]] std::int64_t Next() const { return at_ + 1 < steps_.size() ? steps_[at_ + 1].time : kNever; }
  void MoveTo(std::int64_t time) {
    while (Next() <= time) ++at_;
  }
  [[nodiscard]] const Step& Now() const { return steps_[at_]; }

 private:
  const std::vector<Step>& steps_;
  std::size_t at_ = 0;
};

// ---------------------------------------------------------------- the sweep
class Sweep {
 public:
  explicit Sweep(const SweepInput& input)
      : in_(input),
        begins_(OrderBy(input.tasks, &TaskLife::begin)),
        ends_(OrderBy(input.tasks, &TaskLife::end)),
        long_(input.long_tasks),
        pending_changes_(input.pending),
        slots_(input.slots),
        driver_(input.driver),
        place_(input.tasks.size(), kNone),
        stages_(input.stages.size()),
        now_(input.window.begin) {
    const auto by_time = [](const auto& a, const auto& b) { return a.time < b.time; };
    std::ranges::stable_sort(long_, [](const LongTask& a, const LongTask& b) { return a.from < b.from; });
    std::ranges::stable_sort(pending_changes_, by_time);
    out_.bits = UnitBits(input.window.length());
    out_.task_units.assign(input.tasks.size(), 0);
    out_.stages = StageCells(input.stages.size());
    for (const std::vector<SlotStep>& steps : input.profile_slots) profiles_.push_back({StepReader(steps), 0});
    for (const std::int64_t ms : input.budgets) budgets_.push_back(Units(std::clamp<std::int64_t>(ms, 0, Length())));
  }

  SweepResult Run() {
    while (now_ < in_.window.end) {
      Apply(now_);
      Advance(std::min(NextTime(), in_.window.end));
    }
    Apply(now_);  // everything ends
    Settle();
    out_.rest = carry_;
    return std::move(out_);
  }

 private:
  struct Running {
    std::int64_t share = 0;  // W at its launch …
    std::int64_t idle = 0;   // V …
    std::int64_t freed = 0;  // F; the last two until it became long
    bool is_long = false;
    LedgerPart part = LedgerPart::TailUnexplained;
    std::int64_t long_since = 0;  // V then
  };
  struct Stage {
    std::int64_t running = 0;
    std::int64_t ended = 0;
    std::int64_t pending = 0;
    std::int64_t missing = 0;
    bool launched = false;
  };
  struct Profile {
    StepReader<SlotStep> slots;
    std::int64_t pending = 0;  // stages that have tasks pending
  };
  // Time in which a job or free slots wait: which stage waited, and for what, is known when the next task is launched.
  struct Waiting {
    LedgerPart part = LedgerPart::Submission;  // Submission: not yet decided
    std::uint32_t gap = kNone;
    std::int64_t units = 0;
  };

  [[nodiscard]] std::int64_t Length() const { return in_.window.length(); }
  [[nodiscard]] std::int64_t Units(std::int64_t ms) const { return ms * (std::int64_t{1} << out_.bits); }

  // ---------------------------------------------------------------- events
  [[nodiscard]] std::int64_t NextTime() const {
    std::int64_t next = std::min(slots_.Next(), driver_.Next());
    for (const Profile& profile : profiles_) next = std::min(next, profile.slots.Next());
    if (begun_ < begins_.size()) next = std::min(next, in_.tasks[begins_[begun_]].begin);
    if (ended_ < ends_.size()) next = std::min(next, in_.tasks[ends_[ended_]].end);
    if (became_long_ < long_.size()) next = std::min(next, long_[became_long_].from);
    if (changed_ < pending_changes_.size()) next = std::min(next, pending_changes_[changed_].time);
    if (gap_ < in_.gaps.size()) next = std::min(next, InGap() ? in_.gaps[gap_].end : in_.gaps[gap_].begin);
    return std::max(next, now_ + 1);
  }
  [[nodiscard]] bool InGap() const { return gap_ < in_.gaps.size() && in_.gaps[gap_].begin <= now_; }
  [[nodiscard]] std::uint32_t Gap() const { return InGap() ? static_cast<std::uint32_t>(gap_) : kNone; }

  // Everything of this moment, or before it.
  void Apply(std::int64_t time) {
    slots_.MoveTo(time);
    for (Profile& profile : profiles_) profile.slots.MoveTo(time);
    driver_.MoveTo(time);
    while (gap_ < in_.gaps.size() && in_.gaps[gap_].end <= time) ++gap_;
    for (; changed_ < pending_changes_.size() && pending_changes_[changed_].time <= time; ++changed_)
      Change(pending_changes_[changed_]);
    launched_stage_ = kNone;
    for (; begun_ < begins_.size() && in_.tasks[begins_[begun_]].begin <= time; ++begun_) Begin(begins_[begun_]);
    for (; became_long_ < long_.size() && long_[became_long_].from <= time; ++became_long_)
      BecomeLong(long_[became_long_]);
    for (; ended_ < ends_.size() && in_.tasks[ends_[ended_]].end <= time; ++ended_) End(ends_[ended_]);
    if (launched_stage_ != kNone) Launched();
  }

  void Change(const PendingChange& change) {
    Stage& stage = stages_[change.stage];
    if (change.kind == PendingChange::Kind::Missing) {
      missing_ += change.amount;
      stage.missing += change.amount;
      Keep(missing_stages_, change.stage, stage.missing > 0);
      return;
    }
    ChangePending(change.stage, change.amount);
    if (change.kind == PendingChange::Kind::Retry) retries_ += change.amount;
  }

  void ChangePending(std::uint32_t row, std::int64_t by) {
    pending_ += by;
    std::int64_t& pending = stages_[row].pending;
    const bool before = pending > 0;
    pending += by;
    if (before == (pending > 0)) return;
    Keep(pending_stages_, row, pending > 0);
    const std::uint32_t profile = in_.stages[row].profile;
    std::int64_t& stages = profile == kNone ? pending_anywhere_ : profiles_[profile].pending;
    stages += pending > 0 ? 1 : -1;
  }

  static void Keep(std::set<std::uint32_t>& set, std::uint32_t row, bool keep) {
    if (keep) {
      set.insert(row);
    } else {
      set.erase(row);
    }
  }

  void Begin(std::uint32_t row) {
    const TaskLife& task = in_.tasks[row];
    if (task.pending != TaskLife::Pending::None) ChangePending(task.stage, -1);
    if (task.pending == TaskLife::Pending::Retry) --retries_;
    if (task.stage < launched_stage_ || (task.stage == launched_stage_ && task.has_place))
      launched_place_ = task.has_place;
    launched_stage_ = std::min(launched_stage_, task.stage);
    if (task.stage != kNone && !stages_[task.stage].launched) launched_first_.push_back(task.stage);
    if (task.end <= task.begin) return;
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(running_tasks_.size()));
      running_tasks_.emplace_back();
    }
    place_[row] = free_.back();
    free_.pop_back();
    running_tasks_[place_[row]] = {.share = share_, .idle = idle_, .freed = freed_};
    ++running_;
    if (task.stage == kNone) return;
    Stage& stage = stages_[task.stage];
    if (stage.running++ == 0 && in_.stages[task.stage].one_wave) wave_ended_ += stage.ended;
  }

  void BecomeLong(const LongTask& task) {
    if (place_[task.task] == kNone) return;  // it has ended, or took no time
    Running& running = running_tasks_[place_[task.task]];
    GiveIdle(task.task, running);
    running.is_long = true;
    running.part = task.part;
    running.long_since = idle_;
  }

  void End(std::uint32_t row) {
    if (place_[row] == kNone) return;
    const TaskLife& task = in_.tasks[row];
    const Running& running = running_tasks_[place_[row]];
    out_.task_units[row] = share_ - running.share;
    GiveIdle(row, running);
    free_.push_back(std::exchange(place_[row], kNone));
    --running_;
    if (task.stage == kNone) return;
    Stage& stage = stages_[task.stage];
    --stage.running;
    ++stage.ended;
    if (!in_.stages[task.stage].one_wave) return;
    wave_ended_ += stage.running > 0 ? 1 : 1 - stage.ended;
  }

  // The idle time beside the task since its launch, or since it became long.
  void GiveIdle(std::uint32_t row, const Running& running) {
    const TaskLife& task = in_.tasks[row];
    if (running.is_long) return AddIdle(task.stage, running.part, idle_ - running.long_since);
    const std::int64_t idle = idle_ - running.idle;
    if (task.stage == kNone || !in_.stages[task.stage].one_wave) {
      const LedgerPart part = task.stage == kNone ? LedgerPart::TailUnexplained : in_.stages[task.stage].part;
      return AddIdle(task.stage, part, idle);
    }
    const std::int64_t freed = std::min(idle, freed_ - running.freed);
    AddIdle(task.stage, task.late ? LedgerPart::TailLateStart : LedgerPart::TailUneven, freed);
    AddIdle(task.stage, in_.stages[task.stage].part, idle - freed);
  }

  // ---------------------------------------------------------------- time
  void Advance(std::int64_t to) {
    const std::int64_t total = Units(to - now_) + std::exchange(carry_, 0);
    if (running_ == 0) {
      Pause(total);
    } else {
      Busy(total);
    }
    now_ = to;
  }

  // An instant at which nothing runs.
  void Pause(std::int64_t total) {
    const DriverStep& driver = driver_.Now();
    if (!driver.waiting && (!driver.active || pending_ == 0)) {
      Settle();
      return AddDriver(total, Gap());
    }
    if (missing_ > 0) {
      Settle();
      return AddPause(LedgerPart::MissingTasks, *missing_stages_.begin(), Gap(), total);
    }
    Wait(WhatWaits(), total);
  }

  // No task runs, though a job waits: for slots that its stages may use, or for the scheduler.
  [[nodiscard]] LedgerPart WhatWaits() const {
    if (pending_stages_.empty() || pending_anywhere_ > 0)
      return slots_.Now().slots > 0 ? LedgerPart::Submission : slots_.Now().wait;
    for (const Profile& profile : profiles_) {
      if (profile.pending > 0 && profile.slots.Now().slots > 0) return LedgerPart::Submission;
    }
    return profiles_[in_.stages[*pending_stages_.begin()].profile].slots.Now().wait;
  }

  // An instant at which tasks run.
  void Busy(std::int64_t total) {
    const SlotStep& slots = slots_.Now();
    const DriverStep& driver = driver_.Now();
    const std::int64_t busy = std::max(slots.slots, running_);
    const std::int64_t idle = busy - running_;
    const std::int64_t wait = driver.active ? std::min(idle, pending_) : 0;
    const std::int64_t unknown = std::min(idle - wait, missing_);
    const std::int64_t may_come = std::max(slots.ahead, slots.slots + slots.lost) - busy;
    const std::int64_t absent = driver.active ? std::clamp<std::int64_t>(may_come, 0, pending_ - wait) : 0;

    const std::int64_t unit = total / (busy + absent);
    carry_ = total - unit * (busy + absent);
    share_ += unit;
    if (wait > 0) {
      Wait(LedgerPart::Submission, wait * unit);
    } else {
      Settle();
    }
    if (unknown > 0) AddIdle(*missing_stages_.begin(), LedgerPart::MissingTasks, unknown * unit);
    if (absent > 0) {
      const std::int64_t lost = std::min(slots.lost, absent);
      AddIdle(*pending_stages_.begin(), LedgerPart::LostSlots, lost * unit);
      AddIdle(*pending_stages_.begin(), LedgerPart::RampUp, (absent - lost) * unit);
    }
    const std::int64_t rest = idle - wait - unknown;
    if (rest == 0) return;
    if (!driver.active) return AddDriver(rest * unit, kNone);
    idle_ += rest * unit / running_;
    carry_ += rest * unit % running_;
    freed_ += std::min(rest, wave_ended_) * unit / running_;
  }

  // ---------------------------------------------------------------- waiting
  void Wait(LedgerPart part, std::int64_t units) {
    if (waiting_.empty()) {
      waiting_since_ = now_;
      waiting_retries_ = true;
      waiting_stage_ = kNone;
    }
    waiting_retries_ = waiting_retries_ && pending_ > 0 && pending_ == retries_;
    if (waiting_stage_ == kNone && !pending_stages_.empty()) waiting_stage_ = *pending_stages_.begin();
    if (waiting_.empty() || waiting_.back().part != part || waiting_.back().gap != Gap())
      waiting_.push_back({part, Gap(), 0});
    waiting_.back().units += units;
  }

  // Tasks of launched_stage_ were launched now.
  void Launched() {
    const bool first = !stages_[launched_stage_].launched;
    for (const std::uint32_t stage : launched_first_) stages_[stage].launched = true;
    launched_first_.clear();
    if (waiting_.empty()) return;
    LedgerPart why = LedgerPart::Launch;
    if (first) {
      why = LedgerPart::Submission;
    } else if (waiting_retries_) {
      why = LedgerPart::RetryWait;
    } else if (launched_place_ && now_ - waiting_since_ >= kSendingMs) {
      why = LedgerPart::LocalityWait;
    }
    GiveWaiting(launched_stage_, why);
  }

  // Nothing waits any more, and no launch ended it.
  void Settle() {
    if (waiting_.empty()) return;
    const bool begun = waiting_stage_ != kNone && stages_[waiting_stage_].launched;
    GiveWaiting(waiting_stage_, begun ? LedgerPart::Launch : LedgerPart::Submission);
  }

  void GiveWaiting(std::uint32_t stage, LedgerPart why) {
    for (const Waiting& waiting : waiting_)
      AddPause(waiting.part == LedgerPart::Submission ? why : waiting.part, stage, waiting.gap, waiting.units);
    waiting_.clear();
  }

  // ---------------------------------------------------------------- giving
  void AddDriver(std::int64_t units, std::uint32_t gap) {
    const DriverStep& driver = driver_.Now();
    std::int64_t first = 0;
    if (driver.budget != kNone) {
      first = std::min(units, budgets_[driver.budget]);
      budgets_[driver.budget] -= first;
      AddPause(driver.first, kNone, gap, first);
    }
    AddPause(driver.part, kNone, gap, units - first);
  }

  void AddPause(LedgerPart part, std::uint32_t stage, std::uint32_t gap, std::int64_t units) {
    if (units == 0) return;
    if (gap == kNone && stage != kNone) return AddIdle(stage, part, units);
    out_.pauses[{part, stage, gap}] += units;
  }

  void AddIdle(std::uint32_t stage, LedgerPart part, std::int64_t units) {
    if (units == 0) return;
    if (stage == kNone) {
      out_.pauses[{part, kNone, kNone}] += units;
    } else {
      out_.stages.Add(stage, part, units);
    }
  }

  const SweepInput& in_;
  std::vector<std::uint32_t> begins_;  // rows by begin, then by end
  std::vector<std::uint32_t> ends_;
  std::vector<LongTask> long_;
  std::vector<PendingChange> pending_changes_;
  StepReader<SlotStep> slots_;
  StepReader<DriverStep> driver_;
  std::vector<std::int64_t> budgets_;  // units
  std::size_t begun_ = 0;              // events before these have been applied
  std::size_t ended_ = 0;
  std::size_t became_long_ = 0;
  std::size_t changed_ = 0;
  std::size_t gap_ = 0;  // gaps before this one are over

  std::vector<Running> running_tasks_;
  std::vector<std::uint32_t> free_;   // places in running_tasks_
  std::vector<std::uint32_t> place_;  // of a task that runs
  std::vector<Stage> stages_;
  std::set<std::uint32_t> pending_stages_;
  std::vector<Profile> profiles_;      // as SweepInput::profile_slots
  std::int64_t pending_anywhere_ = 0;  // stages with pending tasks that any slot may run
  std::set<std::uint32_t> missing_stages_;
  std::int64_t running_ = 0;
  std::int64_t pending_ = 0;
  std::int64_t retries_ = 0;  // of pending_
  std::int64_t missing_ = 0;
  std::int64_t wave_ended_ = 0;  // ended tasks of the stages that run in one wave
  std::uint32_t launched_stage_ = kNone;
  bool launched_place_ = false;
  std::vector<std::uint32_t> launched_first_;  // stages that launched nothing before

  std::int64_t now_;
  std::int64_t carry_ = 0;
  std::int64_t share_ = 0;  // W
  std::int64_t idle_ = 0;   // V
  std::int64_t freed_ = 0;  // F
  std::vector<Waiting> waiting_;
  std::int64_t waiting_since_ = 0;
  bool waiting_retries_ = false;
  std::uint32_t waiting_stage_ = kNone;
  SweepResult out_;
};

}  // namespace

void StageCells::Add(std::uint32_t stage, LedgerPart part, std::int64_t units) {
  if (units == 0) return;
  if (stage != current_) {
    Flush();
    current_ = stage;
  }
  std::int64_t& sum = sums_[static_cast<std::size_t>(part)];
  if (sum == 0) touched_.push_back(part);
  sum += units;
}

void StageCells::Flush() {
  for (const LedgerPart part : touched_) {
    std::vector<Cell>& cells = cells_[current_];
    const auto found = std::ranges::find(cells, part, &Cell::first);
    const std::int64_t units = std::exchange(sums_[static_cast<std::size_t>(part)], 0);
    if (found == cells.end()) {
      cells.emplace_back(part, units);
    } else {
      found->second += units;
    }
  }
  touched_.clear();
}

const std::vector<StageCells::Cell>& StageCells::Of(std::uint32_t stage) {
  Flush();
  std::ranges::sort(cells_[stage]);
  return cells_[stage];
}

int UnitBits(std::int64_t window_ms) {
  constexpr int kMostBits = 32;
  return std::clamp(61 - static_cast<int>(std::bit_width(static_cast<std::uint64_t>(window_ms))), 0, kMostBits);
}

SweepResult RunSweep(const SweepInput& input) { return Sweep(input).Run(); }

}  // namespace advise::model::ledger
