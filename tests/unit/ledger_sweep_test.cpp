// The sweep of the ledger beside an obvious twin that looks at every millisecond anew, on random input; and the order
// of events of one millisecond, which must not show.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "model/derive/ledger_sweep.h"
#include "unit/random.h"

namespace advise::test {
namespace {

using namespace advise::model;
using namespace advise::model::ledger;

// ---------------------------------------------------------------- random input
SweepInput RandomSweepInput(Random& random) {
  SweepInput input;
  input.window = {1000, 1000 + Draw(random, 1, 400)};
  const auto time = [&] { return Draw(random, input.window.begin, input.window.end); };
  const auto stages = static_cast<std::uint32_t>(Draw(random, 1, 4));
  for (std::uint32_t stage = 0; stage < stages; ++stage) {
    constexpr LedgerPart kWave[] = {LedgerPart::FewTasks, LedgerPart::FewSerial};
    constexpr LedgerPart kWaves[] = {LedgerPart::PartialWave, LedgerPart::TailRetry};
    const bool one = Chance(random, 50);
    input.stages.push_back({one, (one ? kWave : kWaves)[Draw(random, 0, 1)]});
  }
  std::map<std::pair<std::uint32_t, TaskLife::Pending>, std::vector<std::int64_t>> announced;
  const std::int64_t tasks = Draw(random, 0, 30);
  for (std::int64_t i = 0; i < tasks; ++i) {
    TaskLife task;
    task.ran = Chance(random, 90);
    task.begin = time();
    task.end = Chance(random, 10) ? task.begin : std::min(input.window.end, task.begin + Draw(random, 1, 150));
    if (Chance(random, 95)) task.stage = static_cast<std::uint32_t>(Draw(random, 0, stages - 1));
    if (task.stage != kNone && task.ran) task.pending = static_cast<TaskLife::Pending>(Draw(random, 0, 2));
    task.has_place = Chance(random, 40);
    task.late = Chance(random, 20);
    const auto row = static_cast<std::uint32_t>(input.tasks.size());
    if (task.ran && Chance(random, 25)) {
      constexpr LedgerPart kWhy[] = {LedgerPart::TailSkew, LedgerPart::TailRetry, LedgerPart::TailUnexplained};
      input.long_tasks.push_back({Draw(random, task.begin, task.end + 5), row, kWhy[Draw(random, 0, 2)]});
    }
    if (task.pending != TaskLife::Pending::None) announced[{task.stage, task.pending}].push_back(task.begin);
    input.tasks.push_back(task);
  }
  for (const auto& [what, launches] : announced) {
    const auto kind = what.second == TaskLife::Pending::First ? PendingChange::Kind::First : PendingChange::Kind::Retry;
    for (const std::int64_t launch : launches)
      input.pending.push_back({Draw(random, input.window.begin, launch), what.first, kind, 1});
  }
  for (std::int64_t i = Draw(random, 0, 2); i > 0; --i) {
    const auto stage = static_cast<std::uint32_t>(Draw(random, 0, stages - 1));
    const auto kind = Chance(random, 50) ? PendingChange::Kind::Missing : PendingChange::Kind::First;
    const std::int64_t from = time();
    const std::int64_t amount = Draw(random, 1, 3);
    input.pending.push_back({from, stage, kind, amount});
    input.pending.push_back({Draw(random, from, input.window.end), stage, kind, -amount});
  }
  const auto draw_times = [&](std::int64_t most) {
    std::vector<std::int64_t> times{input.window.begin};
    for (std::int64_t i = Draw(random, 0, most); i > 0; --i) times.push_back(time());
    std::ranges::sort(times);
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
  };
  const auto draw_slots = [&] {
    std::vector<SlotStep> steps;
    for (const std::int64_t at : draw_times(4)) {
      constexpr LedgerPart kWaits[] = {LedgerPart::WaitCold, LedgerPart::WaitLost};
      const std::int64_t slots = Draw(random, 0, 6);
      steps.push_back({at, slots, slots + Draw(random, 0, 4), Draw(random, 0, 3), kWaits[Draw(random, 0, 1)]});
    }
    return steps;
  };
  input.slots = draw_slots();
  const std::int64_t profiles = Chance(random, 50) ? Draw(random, 2, 3) : 0;
  for (std::int64_t i = 0; i < profiles; ++i) input.profile_slots.push_back(draw_slots());
  for (StageIdle& stage : input.stages) {
    if (profiles > 0 && Chance(random, 80)) stage.profile = static_cast<std::uint32_t>(Draw(random, 0, profiles - 1));
  }
  for (const std::int64_t at : draw_times(8)) {
    constexpr LedgerPart kParts[] = {LedgerPart::BetweenJobs, LedgerPart::Planning, LedgerPart::UserIdle};
    DriverStep step{.time = at, .active = Chance(random, 70), .part = kParts[Draw(random, 0, 2)]};
    step.waiting = step.active && Chance(random, 70);
    step.first = LedgerPart::Listing;
    if (Chance(random, 30)) step.budget = static_cast<std::uint32_t>(Draw(random, 0, 1));
    input.driver.push_back(step);
  }
  input.budgets = {Draw(random, 0, 60), Draw(random, 0, 60)};
  for (std::int64_t at = input.window.begin + Draw(random, 0, 100); at < input.window.end;) {
    const std::int64_t end = std::min(input.window.end, at + Draw(random, 1, 60));
    input.gaps.push_back({at, end});
    at = end + Draw(random, 0, 80);
  }
  return input;
}

// ---------------------------------------------------------------- the twin
using Amounts = std::map<PauseKey, double>;  // ms

struct TwinResult {
  Amounts amounts;
  std::vector<double> tasks;  // ms
};

// Looks at one millisecond after another and counts everything anew in each.
class Twin {
 public:
  explicit Twin(const SweepInput& input) : in_(input), result_{{}, std::vector<double>(input.tasks.size())} {
    for (const std::int64_t ms : in_.budgets) budgets_.push_back(static_cast<double>(ms));
  }

  TwinResult Run() {
    for (std::int64_t now = in_.window.begin; now < in_.window.end; ++now) {
      EndWaiting(now);
      Millisecond(now);
    }
    EndWaiting(in_.window.end);
    if (!waiting_.empty()) GiveWaiting(kNone, false, false, in_.window.end);
    return std::move(result_);
  }

 private:
  struct Waiting {
    std::int64_t time = 0;
    LedgerPart part = LedgerPart::Submission;
    double ms = 0;
    bool only_retries = false;
    std::uint32_t stage = kNone;  // first that has tasks pending
  };

  template <class Step>
  static const Step& At(const std::vector<Step>& steps, std::int64_t now) {
    const Step* last = nullptr;
    for (const Step& step : steps) {
      if (step.time <= now) last = &step;
    }
    return *last;
  }
  [[nodiscard]] std::uint32_t GapAt(std::int64_t now) const {
    for (std::uint32_t gap = 0; gap < in_.gaps.size(); ++gap) {
      if (in_.gaps[gap].begin <= now && now < in_.gaps[gap].end) return gap;
    }
    return kNone;
  }
  [[nodiscard]] std::int64_t Pending(std::int64_t now, std::uint32_t stage, bool retries_only) const {
    std::int64_t count = 0;
    for (const PendingChange& change : in_.pending) {
      if (change.kind == PendingChange::Kind::Missing || change.time > now || change.stage != stage) continue;
      if (!retries_only || change.kind == PendingChange::Kind::Retry) count += change.amount;
    }
    for (const TaskLife& task : in_.tasks) {
      if (!task.ran || task.begin > now || task.stage != stage || task.pending == TaskLife::Pending::None) continue;
      if (!retries_only || task.pending == TaskLife::Pending::Retry) --count;
    }
    return count;
  }
  [[nodiscard]] std::int64_t Missing(std::int64_t now, std::uint32_t stage) const {
    std::int64_t count = 0;
    for (const PendingChange& change : in_.pending) {
      if (change.kind == PendingChange::Kind::Missing && change.time <= now && change.stage == stage)
        count += change.amount;
    }
    return count;
  }
  [[nodiscard]] bool LaunchedBefore(std::uint32_t stage, std::int64_t now) const {
    return std::ranges::any_of(in_.tasks,
                               [&](const TaskLife& t) { return t.ran && t.stage == stage && t.begin < now; });
  }

  void Add(LedgerPart part, std::uint32_t stage, std::uint32_t gap, double ms) {
    if (ms > 0) result_.amounts[{part, stage, gap}] += ms;
  }
  void AddDriver(const DriverStep& driver, std::uint32_t gap, double ms) {
    if (driver.budget != kNone) {
      const double first = std::min(ms, budgets_[driver.budget]);
      budgets_[driver.budget] -= first;
      Add(driver.first, kNone, gap, first);
      ms -= first;
    }
    Add(driver.part, kNone, gap, ms);
  }

  void Millisecond(std::int64_t now) {
    const SlotStep& slots = At(in_.slots, now);
    const DriverStep& driver = At(in_.driver, now);
    const auto stages = static_cast<std::uint32_t>(in_.stages.size());
    std::vector<std::uint32_t> running;
    for (std::uint32_t row = 0; row < in_.tasks.size(); ++row) {
      if (in_.tasks[row].ran && in_.tasks[row].begin <= now && now < in_.tasks[row].end) running.push_back(row);
    }
    std::int64_t pending = 0;
    std::int64_t retries = 0;
    std::int64_t missing = 0;
    std::uint32_t first_pending = kNone;
    std::uint32_t first_missing = kNone;
    for (std::uint32_t stage = 0; stage < stages; ++stage) {
      const std::int64_t here = Pending(now, stage, false);
      pending += here;
      retries += Pending(now, stage, true);
      if (here > 0) first_pending = std::min(first_pending, stage);
      missing += Missing(now, stage);
      if (Missing(now, stage) > 0) first_missing = std::min(first_missing, stage);
    }
    const auto wait = [&](LedgerPart part, double ms) {
      waiting_.push_back({now, part, ms, pending > 0 && pending == retries, first_pending});
    };
    if (running.empty()) {
      if (!driver.waiting && (!driver.active || pending == 0)) return AddDriver(driver, GapAt(now), 1);
      if (missing > 0) return Add(LedgerPart::MissingTasks, first_missing, GapAt(now), 1);
      return wait(WhatWaits(now, slots), 1);
    }
    const auto run = static_cast<std::int64_t>(running.size());
    const std::int64_t busy = std::max(slots.slots, run);
    const std::int64_t idle = busy - run;
    const std::int64_t waits = driver.active ? std::min(idle, pending) : 0;
    const std::int64_t holes = std::min(idle - waits, missing);
    std::int64_t absent = 0;
    if (driver.active)
      absent =
          std::min(pending - waits, std::max<std::int64_t>(0, std::max(slots.ahead, slots.slots + slots.lost) - busy));
    const double unit = 1.0 / static_cast<double>(busy + absent);
    for (const std::uint32_t row : running) result_.tasks[row] += unit;
    if (waits > 0) wait(LedgerPart::Submission, static_cast<double>(waits) * unit);
    Add(LedgerPart::MissingTasks, first_missing, kNone, static_cast<double>(holes) * unit);
    const std::int64_t lost = std::min(slots.lost, absent);
    Add(LedgerPart::LostSlots, first_pending, kNone, static_cast<double>(lost) * unit);
    Add(LedgerPart::RampUp, first_pending, kNone, static_cast<double>(absent - lost) * unit);
    const std::int64_t rest = idle - waits - holes;
    if (!driver.active) return AddDriver(driver, kNone, static_cast<double>(rest) * unit);
    const double beside = static_cast<double>(rest) * unit / static_cast<double>(run);
    const double freed =
        static_cast<double>(std::min(rest, EndedOfWaves(now, running))) * unit / static_cast<double>(run);
    for (const std::uint32_t row : running) Beside(row, now, beside, freed);
  }

  [[nodiscard]] LedgerPart WhatWaits(std::int64_t now, const SlotStep& slots) const {
    bool anywhere = true;
    bool launchable = false;
    std::optional<LedgerPart> first;
    for (std::uint32_t stage = static_cast<std::uint32_t>(in_.stages.size()); stage-- > 0;) {
      if (Pending(now, stage, false) <= 0) continue;
      if (!first) anywhere = false;
      const std::uint32_t profile = in_.stages[stage].profile;
      anywhere = anywhere || profile == kNone;
      const SlotStep& own = profile == kNone ? slots : At(in_.profile_slots[profile], now);
      launchable = launchable || own.slots > 0;
      first = own.wait;
    }
    if (anywhere) return slots.slots > 0 ? LedgerPart::Submission : slots.wait;
    return launchable ? LedgerPart::Submission : *first;
  }

  [[nodiscard]] std::int64_t EndedOfWaves(std::int64_t now, const std::vector<std::uint32_t>& running) const {
    std::int64_t ended = 0;
    for (std::uint32_t stage = 0; stage < in_.stages.size(); ++stage) {
      const bool runs = std::ranges::any_of(running, [&](std::uint32_t row) { return in_.tasks[row].stage == stage; });
      if (!in_.stages[stage].one_wave || !runs) continue;
      for (const TaskLife& task : in_.tasks) {
        if (task.ran && task.stage == stage && task.end > task.begin && task.end <= now) ++ended;
      }
    }
    return ended;
  }

  void Beside(std::uint32_t row, std::int64_t now, double idle, double freed) {
    const TaskLife& task = in_.tasks[row];
    for (const LongTask& one : in_.long_tasks) {
      if (one.task == row && one.from <= now) return Add(one.part, task.stage, kNone, idle);
    }
    if (task.stage == kNone) return Add(LedgerPart::TailUnexplained, kNone, kNone, idle);
    const StageIdle& stage = in_.stages[task.stage];
    if (!stage.one_wave) return Add(stage.part, task.stage, kNone, idle);
    Add(task.late ? LedgerPart::TailLateStart : LedgerPart::TailUneven, task.stage, kNone, freed);
    Add(stage.part, task.stage, kNone, idle - freed);
  }

  // What waited until now, if a task is launched now or nothing waited in the millisecond before.
  void EndWaiting(std::int64_t now) {
    if (waiting_.empty()) return;
    std::uint32_t stage = kNone;
    bool any = false;
    for (const TaskLife& task : in_.tasks) {
      if (!task.ran || task.begin != now) continue;
      stage = std::min(stage, task.stage);
      any = any || task.stage != kNone;
    }
    // Nothing waited any more: settled before a launch of now is looked at.
    if (waiting_.back().time != now - 1) return GiveWaiting(kNone, false, false, now);
    if (!any) return;
    bool place = false;
    for (const TaskLife& task : in_.tasks)
      place = place || (task.ran && task.begin == now && task.stage == stage && task.has_place);
    GiveWaiting(stage, true, place, now);
  }

  void GiveWaiting(std::uint32_t stage, bool launched, bool place, std::int64_t now) {
    bool only_retries = true;
    std::uint32_t first = kNone;
    for (const Waiting& one : waiting_) {
      only_retries = only_retries && one.only_retries;
      if (first == kNone) first = one.stage;
    }
    LedgerPart why = LedgerPart::Launch;
    if (!launched) {
      stage = first;
      // As seen when it no longer waited.
      if (stage == kNone || !LaunchedBefore(stage, waiting_.back().time + 1)) why = LedgerPart::Submission;
    } else if (!LaunchedBefore(stage, now)) {
      why = LedgerPart::Submission;
    } else if (only_retries) {
      why = LedgerPart::RetryWait;
    } else if (place && now - waiting_.front().time >= 100) {
      why = LedgerPart::LocalityWait;
    }
    for (const Waiting& one : waiting_)
      Add(one.part == LedgerPart::Submission ? why : one.part, stage, GapAt(one.time), one.ms);
    waiting_.clear();
  }

  const SweepInput& in_;
  std::vector<double> budgets_;
  std::vector<Waiting> waiting_;
  TwinResult result_;
};

// ---------------------------------------------------------------- the sweep, in ms
TwinResult Swept(const SweepInput& input) {
  SweepResult swept = RunSweep(input);
  const double unit = std::ldexp(1.0, -swept.bits);
  TwinResult result;
  for (const auto& [key, units] : swept.pauses) result.amounts[key] += static_cast<double>(units) * unit;
  for (std::uint32_t stage = 0; stage < swept.stages.stages(); ++stage) {
    for (const auto& [part, units] : swept.stages.Of(stage))
      result.amounts[{part, stage, kNone}] += static_cast<double>(units) * unit;
  }
  for (const std::int64_t units : swept.task_units) result.tasks.push_back(static_cast<double>(units) * unit);
  return result;
}

std::int64_t SumOfUnits(const SweepInput& input) {
  SweepResult swept = RunSweep(input);
  std::int64_t sum = swept.rest;
  for (const auto& [key, units] : swept.pauses) sum += units;
  for (std::uint32_t stage = 0; stage < swept.stages.stages(); ++stage) {
    for (const auto& [part, units] : swept.stages.Of(stage)) sum += units;
  }
  for (const std::int64_t units : swept.task_units) sum += units;
  return sum;
}

constexpr double kRoundingMs = 1e-5;

void CheckSame(const TwinResult& a, const TwinResult& b) {
  Amounts all = a.amounts;
  for (const auto& [key, ms] : b.amounts) all[key] -= ms;
  for (const auto& one : all) {
    CAPTURE(InfoOf(one.first.part).doc);
    CAPTURE(one.first.stage);
    CAPTURE(one.first.gap);
    CHECK(std::abs(one.second) < kRoundingMs);
  }
  for (std::size_t task = 0; task < a.tasks.size(); ++task) {
    CAPTURE(task);
    CHECK(std::abs(a.tasks[task] - b.tasks[task]) < kRoundingMs);
  }
}

}  // namespace

TEST_CASE("ledger: the sweep gives every millisecond as a twin does that looks at each anew") {
  Random random(12);
  for (int round = 0; round < 400; ++round) {
    CAPTURE(round);
    const SweepInput input = RandomSweepInput(random);
    CheckSame(Swept(input), Twin(input).Run());
    CHECK(SumOfUnits(input) == input.window.length() * (std::int64_t{1} << UnitBits(input.window.length())));
  }
}

TEST_CASE("ledger: the order of what happens in one millisecond does not show") {
  Random random(13);
  for (int round = 0; round < 100; ++round) {
    CAPTURE(round);
    const SweepInput input = RandomSweepInput(random);
    SweepInput shuffled = input;
    std::vector<std::uint32_t> order(input.tasks.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::shuffle(order, random);
    std::vector<std::uint32_t> place(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      shuffled.tasks[i] = input.tasks[order[i]];
      place[order[i]] = i;
    }
    for (LongTask& task : shuffled.long_tasks) task.task = place[task.task];
    std::ranges::shuffle(shuffled.long_tasks, random);
    std::ranges::shuffle(shuffled.pending, random);
    SweepResult one = RunSweep(input);
    SweepResult other = RunSweep(shuffled);
    CHECK(one.pauses == other.pauses);
    CHECK(one.rest == other.rest);
    for (std::uint32_t stage = 0; stage < input.stages.size(); ++stage)
      CHECK(one.stages.Of(stage) == other.stages.Of(stage));
    for (std::uint32_t i = 0; i < order.size(); ++i) CHECK(other.task_units[i] == one.task_units[order[i]]);
  }
}

TEST_CASE("ledger: units fit windows of any length") {
  for (const std::int64_t ms :
       {std::int64_t{1}, std::int64_t{86'400'000}, std::int64_t{1} << 40, std::int64_t{1} << 50}) {
    CAPTURE(ms);
    const int bits = UnitBits(ms);
    CHECK(bits >= 10);
    CHECK(ms <= (std::int64_t{1} << 61) >> bits);
    SweepInput input;
    input.window = {5, 5 + ms};
    input.stages = {{false, LedgerPart::PartialWave}};
    input.tasks = {{5, 5 + ms, 0}, {5, 5 + ms / 2, 0}};
    input.slots = {{5, 3, 3, 0, LedgerPart::WaitCold}};
    input.driver = {{.time = 5, .active = true, .waiting = true}};
    CHECK(SumOfUnits(input) == ms * (std::int64_t{1} << bits));
  }
}

}  // namespace advise::test
