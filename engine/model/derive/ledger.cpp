// The ledger (model/ledger.h): reads what the sweep needs, runs it, divides the time of tasks, rounds, and fills the
// columns that rules ask.
//
//   ledger_stages      lives of tasks; waves, long tasks and their causes, pending tasks
//   ledger_slots       slots over time
//   ledger_driver      what the driver is at
//   ledger_sweep       every instant given to a task or to a reason why slots idle
//   ledger_components  the time of tasks divided among what they did
//   ledger_round       whole microseconds that add up
//   ledger_columns     App.wall_*, Stage.wall_*, Gap.account
#include <algorithm>
#include <map>
#include <utility>

#include "model/derive/derive.h"
#include "model/derive/ledger_columns.h"
#include "model/derive/ledger_components.h"
#include "model/derive/ledger_driver.h"
#include "model/derive/ledger_round.h"
#include "model/derive/ledger_slots.h"
#include "model/derive/ledger_stages.h"
#include "model/derive/ledger_sweep.h"

namespace advise::model {

namespace {

using ledger::kNone;

// Times further apart are no times; µs of them would not fit.
constexpr std::int64_t kLongestMs = std::int64_t{1} << 50;

std::vector<Interval> GapIntervals(const JobModel& model) {
  std::vector<Interval> gaps;
  for (std::size_t gap = 0; gap < model.gaps.size(); ++gap) {
    const std::int64_t start = model.gaps.start.Get(gap);
    gaps.push_back({start, start + model.gaps.duration.Get(gap)});
  }
  return gaps;
}

// All cells in one order: by (part, stage, gap).
struct Cells {
  std::vector<LedgerEntry> entries;  // `us` not yet set
  std::vector<std::int64_t> units;
};

Cells InOrder(ledger::StageCells& stages, const std::map<ledger::PauseKey, std::int64_t>& pauses) {
  std::vector<std::pair<ledger::PauseKey, std::int64_t>> all(pauses.begin(), pauses.end());
  for (std::uint32_t stage = 0; stage < stages.stages(); ++stage) {
    for (const auto& [part, units] : stages.Of(stage)) all.push_back({{part, stage, kNone}, units});
  }
  std::ranges::sort(all);
  Cells cells;
  for (const auto& [key, units] : all) {
    LedgerEntry entry;
    entry.part = key.part;
    if (key.stage != kNone) entry.stage = StageRow(std::size_t{key.stage});
    if (key.gap != kNone) entry.gap = GapRow(std::size_t{key.gap});
    cells.entries.push_back(entry);
    cells.units.push_back(units);
  }
  return cells;
}

void FillTotals(Ledger& ledger, const ledger::MostUnits& most, int bits) {
  for (const LedgerEntry& entry : ledger.entries)
    ledger.accounts[static_cast<std::size_t>(AccountOf(entry.part))].us += entry.us;
  for (AccountTotal& account : ledger.accounts) account.most_us = account.us;
  for (std::size_t part = 0; part < kLedgerParts; ++part) {
    AccountTotal& account = ledger.accounts[static_cast<std::size_t>(AccountOf(static_cast<LedgerPart>(part)))];
    const std::int64_t per_ms = std::int64_t{1} << bits;
    account.most_us = std::max(account.most_us, most[part] / per_ms * 1000 + most[part] % per_ms * 1000 / per_ms);
  }
}

Ledger MakeLedger(const JobModel& model, Interval window) {
  ledger::SweepInput input;
  input.window = window;
  input.tasks = ledger::ReadLives(model, TaskSpans(model), window);
  const std::vector<std::int64_t> last_ends = ledger::LastEnds(model, input.tasks, window);
  ledger::DriverTimes driver = ledger::ReadDriver(model, ledger::FindWorkPeriods(model, last_ends, window), window);
  ledger::SlotsOverTime slots = ledger::ReadSlots(model, input.tasks, driver.rests, window);
  input.slots = std::move(slots.steps);
  input.driver = std::move(driver.steps);
  input.budgets = std::move(driver.budgets);
  input.gaps = GapIntervals(model);
  ledger::ReadStages(model, last_ends, input);
  for (std::size_t stage = 0; stage < input.stages.size() && !slots.profiles.empty(); ++stage) {
    if (!model.stages.resource_profile.Has(stage)) continue;
    const auto profile = slots.profiles.find(model.stages.resource_profile.Get(stage));
    if (profile == slots.profiles.end()) continue;  // it has no task
    input.stages[stage].profile = static_cast<std::uint32_t>(std::distance(slots.profiles.begin(), profile));
  }
  for (auto& [profile, steps] : slots.profiles) input.profile_slots.push_back(std::move(steps));

  ledger::SweepResult swept = ledger::RunSweep(input);
  std::array<std::int64_t, kLedgerParts> stageless{};
  const ledger::MostUnits most = ledger::AddComponents(model, swept.task_units, swept.stages, stageless);
  for (std::size_t part = 0; part < kLedgerParts; ++part) {
    if (stageless[part] > 0) swept.pauses[{static_cast<LedgerPart>(part), kNone, kNone}] += stageless[part];
  }

  Ledger ledger;
  ledger.known = true;
  ledger.duration_us = window.length() * 1000;
  ledger.slots_observed = slots.observed;
  Cells cells = InOrder(swept.stages, swept.pauses);
  if (swept.rest > 0 && cells.units.empty()) cells = {{LedgerEntry()}, {0}};
  if (swept.rest > 0) *std::ranges::max_element(cells.units) += swept.rest;
  const std::vector<std::int64_t> us =
      ledger::RoundToMicroseconds(std::move(cells.units), swept.bits, ledger.duration_us);
  for (std::size_t i = 0; i < us.size(); ++i) {
    if (us[i] == 0) continue;
    ledger.entries.push_back(cells.entries[i]);
    ledger.entries.back().us = us[i];
  }
  FillTotals(ledger, most, swept.bits);
  return ledger;
}

}  // namespace

void DeriveLedger(JobModel& model) {
  const std::optional<Interval> window = AppWindow(model);
  if (!window || window->length() > kLongestMs) return;
  model.ledger = MakeLedger(model, *window);
  ledger::FillColumns(model);
}

}  // namespace advise::model
