// What each query has of the run's wall time: the ledger's entries of its stages, and of the pauses inside it. What is
// not the work of tasks is lost.
#include <algorithm>
#include <functional>
#include <map>

#include "report/details/read_details.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using model::Account;
using model::LedgerEntry;
using model::LedgerPart;

constexpr std::size_t kQueries = 200;
constexpr std::size_t kPlans = 20;

// Time of tasks that do what the query asks for. Time that the log does not explain is not called lost.
bool IsLost(LedgerPart part) {
  const AccountWords words = WordsOf(model::AccountOf(part));
  return words.role == AccountRole::Driver || words.role == AccountRole::Idle || words.role == AccountRole::Waste;
}

struct Wall {
  std::int64_t us = 0;
  std::int64_t lost_us = 0;
  std::map<LedgerPart, std::int64_t> lost;
  std::map<model::StageRow, std::int64_t> stages;
};

std::vector<Wall> ReadWalls(const model::JobModel& model) {
  std::vector<Wall> walls(model.sql_executions.size());
  for (const LedgerEntry& entry : model.ledger.entries) {
    model::SqlRow query;
    if (entry.stage.valid() && model.stages.sql_execution.Has(entry.stage.index))
      query = model.stages.sql_execution.Get(entry.stage.index);
    else if (!entry.stage.valid() && entry.gap.valid() && model.gaps.sql_execution.Has(entry.gap.index))
      query = model.gaps.sql_execution.Get(entry.gap.index);
    if (!query.valid()) continue;
    Wall& wall = walls[query.index];
    wall.us += entry.us;
    if (entry.stage.valid()) wall.stages[entry.stage] += entry.us;
    if (!IsLost(entry.part)) continue;
    wall.lost_us += entry.us;
    wall.lost[entry.part] += entry.us;
  }
  return walls;
}

template <class Key>
std::vector<std::pair<Key, std::int64_t>> LargestFirst(const std::map<Key, std::int64_t>& times) {
  std::vector<std::pair<Key, std::int64_t>> sorted(times.begin(), times.end());
  std::ranges::stable_sort(sorted, std::greater(), &std::pair<Key, std::int64_t>::second);
  return sorted;
}

// "tails (skew) 12.0 s, driver (planning) 8.0 s": the parts that are worth a look.
std::string Verdict(const Wall& wall) {
  constexpr std::size_t kNamed = 3;
  constexpr std::int64_t kOneIn = 20;  // of its wall time
  std::string text;
  std::size_t named = 0;
  for (const auto& [part, us] : LargestFirst(wall.lost)) {
    if (named == kNamed || us * kOneIn < wall.us || us < 1000) break;
    const model::LedgerPartInfo& info = model::InfoOf(part);
    text += (named++ == 0 ? "" : ", ") + std::string(WordsOf(info.account).label);
    if (!info.name.empty()) {
      std::string name(info.name);
      std::ranges::replace(name, '_', ' ');
      text += " (" + name + ")";
    }
    text += " " + FormatTime(us / 1000);
  }
  if (text.empty() && wall.us > 0) text = "its slots were at work";
  return text;
}

std::string Status(const model::SqlTable& queries, std::size_t row) {
  switch (queries.status.Get(row)) {
    case model::JobStatus::Failed: return "failed";
    case model::JobStatus::Running: return "no end in the log";
    default: return "";
  }
}

}  // namespace

void ReadQueries(const DetailsInput& input, Details& details) {
  constexpr std::size_t kDescription = 100;
  constexpr std::size_t kStages = 4;
  const model::JobModel& model = input.model;
  const model::SqlTable& queries = model.sql_executions;
  const std::vector<Wall> walls = ReadWalls(model);
  struct Ranked {
    std::size_t row = 0;
    std::int64_t wall_us = 0;
    QueryDetail query;
  };
  std::vector<Ranked> ranked;
  for (std::size_t row = 0; row < queries.size(); ++row) {
    const Wall& wall = walls[row];
    // A view that is registered is an SQL execution too: nobody looks for it here.
    const bool told = !model.ledger.known || wall.us >= 1000 || !input.query_findings[row].empty() ||
                      queries.status.Get(row) == model::JobStatus::Failed;
    if (!told) {
      ++details.short_queries;
      continue;
    }
    QueryDetail query;
    query.id = queries.id.Get(row);
    query.anchor = "q" + std::to_string(query.id);
    if (queries.description.Has(row))
      query.description = CleanText(ShortCallSite(model.strings.Get(queries.description.Get(row))), kDescription);
    query.status = Status(queries, row);
    query.start_ms = Since(input, queries.start, row);
    query.end_ms = Since(input, queries.end, row);
    query.time = PrintTime(queries.duration, row);
    query.lost_ms = wall.lost_us / 1000;
    if (model.ledger.known) {
      query.wall = FormatTime(wall.us / 1000);
      query.lost = FormatTime(query.lost_ms);
      query.verdict = Verdict(wall);
    }
    for (const auto& [stage, us] : LargestFirst(wall.stages)) {
      if (query.stages.size() == kStages) {
        query.more_stages = wall.stages.size() - kStages;
        break;
      }
      const auto shown = std::ranges::find(details.stages, stage.index, &StageDetail::row);
      query.stages.push_back({std::string(model.strings.Get(model.stages.key.Get(stage.index))),
                              shown == details.stages.end() ? "" : shown->anchor, FormatTime(us / 1000)});
    }
    query.findings = input.query_findings[row];
    ranked.push_back({row, wall.us, std::move(query)});
  }
  std::ranges::stable_sort(ranked, std::greater(),
                           [](const Ranked& r) { return std::pair(r.query.lost_ms, r.wall_us); });
  if (ranked.size() > kQueries) {
    details.more_queries = ranked.size() - kQueries;
    ranked.resize(kQueries);
  }
  std::size_t plans = 0;
  for (Ranked& entry : ranked) {
    if (plans < kPlans || !entry.query.findings.empty()) {
      ReadPlan(input, entry.row, details.stages, entry.query);
      if (!entry.query.plan.empty()) entry.query.rank = plans++;
    }
    details.queries.push_back(std::move(entry.query));
  }
}

}  // namespace advise::report
