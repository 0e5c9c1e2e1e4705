// Executors as a step function of slots. Stated cores count; where no executor states any, the largest number of
// attempts seen at once on each stands for them.
#include "model/derive/ledger_slots.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace advise::model::ledger {
namespace {

// The largest number of attempts at once, by executor; the last entry is over all of them.
std::vector<std::int64_t> MostAtOnce(const JobModel& model, const std::vector<TaskLife>& tasks) {
  struct End {
    std::int64_t time = 0;
    int change = 0;  // ends stand before begins of the same time
    std::uint32_t executor = 0;
    auto operator<=>(const End&) const = default;
  };
  const auto all = static_cast<std::uint32_t>(model.executors.size());
  std::vector<End> ends;
  for (std::size_t row = 0; row < tasks.size(); ++row) {
    if (tasks[row].end <= tasks[row].begin) continue;
    const ExecutorRow executor = model.tasks.executor.Get(row);
    const std::uint32_t place = executor.valid() ? executor.index : all;
    ends.push_back({tasks[row].begin, 1, place});
    ends.push_back({tasks[row].end, -1, place});
  }
  std::ranges::sort(ends);
  std::vector<std::int64_t> now(all + 1);
  std::vector<std::int64_t> most(all + 1);
  std::int64_t running = 0;
  for (const End& end : ends) {
    now[end.executor] += end.change;
    running += end.change;
    if (end.executor != all) most[end.executor] = std::max(most[end.executor], now[end.executor]);
    most[all] = std::max(most[all], running);
  }
  return most;
}

// Executors that went because there was nothing to do, or because somebody wished it, are no loss.
bool IsLoss(const JobModel& model, std::size_t row) {
  if (!model.executors.removal_class.Has(row)) return false;
  const RemovalClass why = model.executors.removal_class.Get(row);
  return why != RemovalClass::Idle && why != RemovalClass::User;
}

// Where the log states none, the default one, which has id 0 (ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID).
template <class Table>
std::int64_t ProfileOf(const Table& table, std::size_t row) {
  return table.resource_profile.Has(row) ? table.resource_profile.Get(row) : 0;
}

struct Change {
  std::int64_t time = 0;
  std::int64_t slots = 0;  // below zero: an executor went
  bool loss = false;
  auto operator<=>(const Change&) const = default;
};

std::vector<SlotStep> Accumulate(std::vector<Change> changes, const std::vector<std::int64_t>& rests, bool may_wait,
                                 Interval window) {
  std::ranges::sort(changes);
  std::vector<SlotStep> steps;
  SlotStep now{.time = window.begin, .wait = may_wait ? LedgerPart::WaitCold : LedgerPart::BeforeLog};
  std::vector<bool> rest_here;  // a step at which an interactive run began to work again
  std::size_t rest = 0;
  const auto step_at = [&](std::int64_t time, bool is_rest) {
    if (steps.empty() || steps.back().time != time) {
      now.time = time;
      steps.push_back(now);
      rest_here.push_back(false);
    }
    steps.back() = now;
    steps.back().time = time;
    if (is_rest) rest_here.back() = true;
  };
  step_at(window.begin, false);
  for (const Change& change : changes) {
    for (; rest < rests.size() && rests[rest] <= change.time; ++rest) step_at(rests[rest], true);
    now.slots += change.slots;
    if (change.slots > 0) now.lost = std::max<std::int64_t>(0, now.lost - change.slots);
    if (change.loss) now.lost -= change.slots;
    if (may_wait && change.slots < 0) now.wait = change.loss ? LedgerPart::WaitLost : LedgerPart::WaitAllocation;
    step_at(change.time, false);
  }
  for (; rest < rests.size(); ++rest) step_at(rests[rest], true);
  std::int64_t ahead = 0;
  for (std::size_t at = steps.size(); at-- > 0;) {
    ahead = std::max(ahead, steps[at].slots);
    steps[at].ahead = ahead;
    if (rest_here[at]) ahead = 0;
  }
  return steps;
}

}  // namespace

SlotsOverTime ReadSlots(const JobModel& model, const std::vector<TaskLife>& tasks,
                        const std::vector<std::int64_t>& rests, Interval window) {
  const ExecutorTable& executors = model.executors;
  SlotsOverTime slots;
  bool any_event = false;  // of an executor that came
  slots.observed = true;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (executors.runs_tasks.Get(row) && executors.slots.Has(row) && executors.slots.Get(row) > 0)
      slots.observed = false;
  }
  std::vector<std::int64_t> most;
  std::vector<Change> changes;
  std::map<std::int64_t, std::vector<Change>> by_profile;
  for (std::size_t row = 0; row < model.stages.size(); ++row) {
    if (model.stages.task_count.Get(row) > 0) by_profile[ProfileOf(model.stages, row)];
  }
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (!executors.runs_tasks.Get(row)) continue;
    // ExecutorAdded states cores, BlockManagerAdded memory; without either `added` is but the first task.
    const bool stated = executors.added.Has(row) && (executors.cores.Has(row) || executors.memory.Has(row));
    if (!stated && executors.tasks.Get(row).empty()) continue;  // only its removal is in the log
    any_event = any_event || stated;
    // Spark counts cores in 32 bits; more is no number of slots, and their sum must fit.
    constexpr std::int64_t kMostSlots = std::numeric_limits<std::int32_t>::max();
    std::int64_t count = executors.slots.Has(row) ? std::min(executors.slots.Get(row), kMostSlots) : 0;
    if (count <= 0) {
      if (most.empty()) most = MostAtOnce(model, tasks);
      count = most[row];
    }
    if (count <= 0) continue;
    const std::int64_t added = stated ? std::clamp(executors.added.Get(row), window.begin, window.end) : window.begin;
    const std::int64_t removed = executors.removed.Has(row) ? executors.removed.Get(row) : window.end;
    std::vector<Change>& of_profile = by_profile[ProfileOf(executors, row)];
    for (std::vector<Change>* const some : {&changes, &of_profile}) {
      some->push_back({added, count, false});
      if (removed < window.end) some->push_back({std::max(added, removed), -count, IsLoss(model, row)});
    }
  }
  if (changes.empty()) {  // tasks that name no executor, or no task at all
    most = MostAtOnce(model, tasks);
    if (most.back() > 0) changes.push_back({window.begin, most.back(), false});
  }
  const bool may_wait = any_event && model.app.start.Has(0);
  slots.steps = Accumulate(std::move(changes), rests, may_wait, window);
  if (by_profile.size() > 1 && by_profile.size() <= kMostProfiles && may_wait) {
    for (auto& [profile, some] : by_profile)
      slots.profiles[profile] = Accumulate(std::move(some), rests, may_wait, window);
  }
  return slots;
}

std::int64_t SlotsAt(const std::vector<SlotStep>& steps, std::int64_t time) {
  const auto after = std::ranges::upper_bound(steps, time, {}, &SlotStep::time);
  return after == steps.begin() ? 0 : (after - 1)->slots;
}

}  // namespace advise::model::ledger
