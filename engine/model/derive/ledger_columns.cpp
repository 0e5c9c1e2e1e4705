// Entries of the ledger summed into columns. What a log cannot say stays missing: time that no attempt measures is no
// 0.
#include "model/derive/ledger_columns.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "model/derive/scan.h"

namespace advise::model::ledger {
namespace {

constexpr double kUsPerMs = 1000;
double Ms(std::int64_t us) { return static_cast<double>(us) / kUsPerMs; }

// What has to be measured for the time of an account to be known.
enum class Needs : std::uint8_t { Nothing, Metrics, CpuTimes };

template <class Table>
struct OfAccount {
  Account account;
  RealColumn Table::*column;
  Needs needs = Needs::Nothing;
};
template <class Table>
struct OfPart {
  LedgerPart part;
  RealColumn Table::*column;
  Needs needs = Needs::Nothing;
};

constexpr OfAccount<AppTable> kAppAccounts[] = {
    {Account::UserIdle, &AppTable::wall_user_idle},
    {Account::StartUp, &AppTable::wall_start_up},
    {Account::Driver, &AppTable::wall_driver},
    {Account::WaitExecutors, &AppTable::wall_wait_executors},
    {Account::WaitScheduler, &AppTable::wall_wait_scheduler},
    {Account::FewTasks, &AppTable::wall_few_tasks},
    {Account::PartialWave, &AppTable::wall_partial_wave},
    {Account::Tail, &AppTable::wall_tail},
    {Account::RampUp, &AppTable::wall_ramp_up},
    {Account::LostSlots, &AppTable::wall_lost_slots},
    {Account::Overhead, &AppTable::wall_overhead, Needs::Metrics},
    {Account::Wasted, &AppTable::wall_wasted},
    {Account::Gc, &AppTable::wall_gc, Needs::Metrics},
    {Account::FetchWait, &AppTable::wall_fetch_wait, Needs::Metrics},
    {Account::ShuffleWrite, &AppTable::wall_shuffle_write, Needs::Metrics},
    {Account::Spill, &AppTable::wall_spill, Needs::CpuTimes},
    {Account::Python, &AppTable::wall_python, Needs::CpuTimes},
    {Account::Input, &AppTable::wall_input, Needs::CpuTimes},
    {Account::Output, &AppTable::wall_output, Needs::CpuTimes},
    {Account::Work, &AppTable::wall_work, Needs::Metrics},
    {Account::UnknownIo, &AppTable::wall_unknown_io, Needs::CpuTimes},
    {Account::Unknown, &AppTable::wall_unknown},
};
static_assert(std::size(kAppAccounts) == kAccounts);

constexpr OfPart<AppTable> kAppParts[] = {
    {LedgerPart::StartContext, &AppTable::wall_start_up_context},
    {LedgerPart::StartSetUp, &AppTable::wall_start_up_set_up},
    {LedgerPart::Planning, &AppTable::wall_driver_planning},
    {LedgerPart::Listing, &AppTable::wall_driver_listing},
    {LedgerPart::Collect, &AppTable::wall_driver_collect},
    {LedgerPart::Commit, &AppTable::wall_driver_commit},
    {LedgerPart::Broadcast, &AppTable::wall_driver_broadcast},
    {LedgerPart::BetweenJobs, &AppTable::wall_driver_between_jobs},
    {LedgerPart::BetweenBatches, &AppTable::wall_driver_between_batches},
    {LedgerPart::End, &AppTable::wall_driver_end},
    {LedgerPart::WaitCold, &AppTable::wall_wait_executors_cold},
    {LedgerPart::WaitAllocation, &AppTable::wall_wait_executors_allocation},
    {LedgerPart::WaitLost, &AppTable::wall_wait_executors_lost},
};

constexpr OfAccount<StageTable> kStageAccounts[] = {
    {Account::Work, &StageTable::wall_work, Needs::Metrics},
    {Account::UnknownIo, &StageTable::wall_unknown_io, Needs::CpuTimes},
    {Account::Unknown, &StageTable::wall_unknown},
    {Account::Gc, &StageTable::wall_gc, Needs::Metrics},
    {Account::FetchWait, &StageTable::wall_fetch_wait, Needs::Metrics},
    {Account::ShuffleWrite, &StageTable::wall_shuffle_write, Needs::Metrics},
    {Account::Spill, &StageTable::wall_spill, Needs::CpuTimes},
    {Account::Python, &StageTable::wall_python, Needs::CpuTimes},
    {Account::Input, &StageTable::wall_input, Needs::CpuTimes},
    {Account::Output, &StageTable::wall_output, Needs::CpuTimes},
    {Account::Overhead, &StageTable::wall_overhead, Needs::Metrics},
    {Account::Wasted, &StageTable::wall_wasted},
    {Account::Tail, &StageTable::wall_tail},
    {Account::FewTasks, &StageTable::wall_few_tasks},
    {Account::PartialWave, &StageTable::wall_partial_wave},
    {Account::RampUp, &StageTable::wall_ramp_up},
    {Account::LostSlots, &StageTable::wall_lost_slots},
    {Account::WaitScheduler, &StageTable::wall_wait_scheduler},
    {Account::WaitExecutors, &StageTable::wall_wait_executors},
};

// What a stage does even if nothing goes wrong.
constexpr Account kDoing[] = {Account::Work,  Account::UnknownIo, Account::Python,
                              Account::Input, Account::Output,    Account::Unknown};

constexpr OfPart<StageTable> kStageParts[] = {
    {LedgerPart::TailSkew, &StageTable::wall_tail_skew},
    {LedgerPart::TailSlowPlace, &StageTable::wall_tail_slow_place},
    {LedgerPart::TailRetry, &StageTable::wall_tail_retry},
    {LedgerPart::FewSerial, &StageTable::wall_few_tasks_serial},
    {LedgerPart::SchedulerDelay, &StageTable::wall_scheduler_delay, Needs::Metrics},
    {LedgerPart::Deserialisation, &StageTable::wall_deserialisation, Needs::Metrics},
    {LedgerPart::Result, &StageTable::wall_result, Needs::Metrics},
    {LedgerPart::LocalityWait, &StageTable::wall_locality_wait},
};

// What the tasks of a stage measure.
struct Measured {
  bool any_task = false;
  bool metrics = false;  // of a winner
  bool cpu_times = false;
  [[nodiscard]] bool Has(Needs needs) const {
    if (!any_task || needs == Needs::Nothing) return true;  // no task took no time
    return needs == Needs::Metrics ? metrics : cpu_times;
  }
};

std::vector<Measured> WhatIsMeasured(const JobModel& model) {
  const TaskTable& tasks = model.tasks;
  std::vector<Measured> stages(model.stages.size());
  const auto of = [&](std::size_t row) { return tasks.stage.Has(row) ? &stages[tasks.stage.Get(row).index] : nullptr; };
  ForEachValue(tasks.run_time, [&](std::size_t row, std::int64_t value) {
    Measured* const stage = of(row);
    if (stage == nullptr) return;
    stage->any_task = true;
    stage->metrics = stage->metrics || (value != kMissing && tasks.winner.Get(row));
  });
  ForEachValue(tasks.cpu_time, [&](std::size_t row, std::int64_t value) {
    Measured* const stage = of(row);
    if (stage != nullptr && value != kMissing && tasks.winner.Get(row)) stage->cpu_times = true;
  });
  return stages;
}

// ms; the longest winner of each stage that read one record: no partitioning makes two tasks of it.
std::vector<std::int64_t> LongestOfOneRecord(const JobModel& model) {
  const TaskTable& tasks = model.tasks;
  std::vector<std::int64_t> records(tasks.size());
  const auto add = [&](std::size_t row, std::int64_t value) {
    if (value != kMissing) records[row] += value;
  };
  ForEachValue(tasks.input_records, add);
  ForEachValue(tasks.shuffle_read_records, add);
  std::vector<std::int64_t> longest(model.stages.size());
  ForEachValue(tasks.duration, [&](std::size_t row, std::int64_t duration) {
    if (records[row] != 1 || !tasks.winner.Get(row) || !tasks.stage.Has(row)) return;
    std::int64_t& most = longest[tasks.stage.Get(row).index];
    most = std::max(most, duration);
  });
  return longest;
}

struct Sums {
  std::array<std::int64_t, kAccounts> accounts{};
  std::array<std::int64_t, kLedgerParts> parts{};
  void Add(const LedgerEntry& entry) {
    accounts[static_cast<std::size_t>(AccountOf(entry.part))] += entry.us;
    parts[static_cast<std::size_t>(entry.part)] += entry.us;
  }
  [[nodiscard]] std::int64_t Of(Account account) const { return accounts[static_cast<std::size_t>(account)]; }
  [[nodiscard]] std::int64_t Of(LedgerPart part) const { return parts[static_cast<std::size_t>(part)]; }
};

template <class Table>
void FillRow(Table& table, std::size_t row, const Sums& sums, const Measured& measured,
             std::span<const OfAccount<Table>> accounts, std::span<const OfPart<Table>> parts) {
  for (const OfAccount<Table>& one : accounts) {
    if (measured.Has(one.needs)) (table.*one.column).Set(row, Ms(sums.Of(one.account)));
  }
  for (const OfPart<Table>& one : parts) {
    if (measured.Has(one.needs)) (table.*one.column).Set(row, Ms(sums.Of(one.part)));
  }
}

// Entries in the order of their stage, or gap.
template <class Where>
std::vector<LedgerEntry> EntriesBy(const Ledger& ledger, Where where) {
  std::vector<LedgerEntry> entries;
  std::ranges::copy_if(ledger.entries, std::back_inserter(entries),
                       [&](const LedgerEntry& entry) { return (entry.*where).valid(); });
  std::ranges::stable_sort(entries, {}, [&](const LedgerEntry& entry) { return (entry.*where).index; });
  return entries;
}

void FillStages(JobModel& model, const std::vector<Measured>& measured) {
  StageTable& stages = model.stages;
  const std::vector<LedgerEntry> entries = EntriesBy(model.ledger, &LedgerEntry::stage);
  const std::vector<std::int64_t> one_record = LongestOfOneRecord(model);
  auto at = entries.begin();
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    Sums sums;
    std::int64_t wall = 0;
    for (; at != entries.end() && at->stage.index == stage; ++at) {
      sums.Add(*at);
      wall += at->us;
    }
    FillRow<StageTable>(stages, stage, sums, measured[stage], kStageAccounts, kStageParts);
    stages.wall.Set(stage, Ms(wall));
    std::int64_t work = 0;
    for (const Account account : kDoing) work += sums.Of(account);
    stages.recoverable.Set(stage, Ms(std::max<std::int64_t>(0, wall - std::max(work, one_record[stage] * 1000))));
  }
}

void FillGaps(JobModel& model) {
  GapTable& gaps = model.gaps;
  const std::vector<LedgerEntry> entries = EntriesBy(model.ledger, &LedgerEntry::gap);
  auto at = entries.begin();
  for (std::size_t gap = 0; gap < gaps.size(); ++gap) {
    Sums sums;
    for (; at != entries.end() && at->gap.index == gap; ++at) sums.Add(*at);
    const auto most = std::ranges::max_element(sums.accounts);  // of equal ones the first
    if (*most == 0) continue;
    const auto account = static_cast<Account>(most - sums.accounts.begin());
    gaps.account.Set(gap, account);
    gaps.account_time.Set(gap, Ms(*most));
    std::optional<LedgerPart> part;
    for (std::size_t i = 0; i < kLedgerParts; ++i) {
      const auto one = static_cast<LedgerPart>(i);
      if (AccountOf(one) == account && sums.Of(one) > (part ? sums.Of(*part) : 0)) part = one;
    }
    if (part && !InfoOf(*part).name.empty()) gaps.account_part.Set(gap, model.strings.Intern(InfoOf(*part).name));
  }
}

}  // namespace

void FillColumns(JobModel& model) {
  const std::vector<Measured> measured = WhatIsMeasured(model);
  Measured all;
  for (const Measured& stage : measured) {
    all.any_task = all.any_task || stage.any_task;
    all.metrics = all.metrics || stage.metrics;
    all.cpu_times = all.cpu_times || stage.cpu_times;
  }
  Sums sums;
  for (const LedgerEntry& entry : model.ledger.entries) sums.Add(entry);
  FillRow<AppTable>(model.app, 0, sums, all, kAppAccounts, kAppParts);
  model.app.active_duration.Set(0, Ms(model.ledger.duration_us - sums.Of(Account::UserIdle)));
  FillStages(model, measured);
  FillGaps(model);
}

}  // namespace advise::model::ledger
