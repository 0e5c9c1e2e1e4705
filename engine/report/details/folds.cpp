// Runs of very many parts in few rows: streams by micro-batch, applications of days by day. Each row is a range of time
// that the page can filter by.
#include <algorithm>
#include <map>

#include "report/details/read_details.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using model::JobModel;

constexpr std::size_t kMostRows = 60;
constexpr std::int64_t kDay = std::int64_t{24} * 3'600'000;
constexpr std::int64_t kDaysLong = 2 * kDay;

// Sums over what a row holds.
struct Sums {
  std::int64_t tasks = 0;
  std::int64_t failed = 0;
  std::int64_t input = 0;
  std::int64_t spill = 0;
};
void Add(const JobModel& model, std::size_t stage, Sums& sums) {
  const model::StageTable& stages = model.stages;
  const auto value = [&](const model::IntColumn& column) { return column.Has(stage) ? column.Get(stage) : 0; };
  sums.tasks += value(stages.completed_tasks) + value(stages.failed_tasks) + value(stages.killed_tasks);
  sums.failed += value(stages.failed_tasks);
  sums.input += value(stages.input_bytes);
  sums.spill += value(stages.spill_bytes);
}
std::string CountOrNothing(std::int64_t count) { return count > 0 ? FormatCount(count) : ""; }
std::string BytesOrNothing(std::int64_t bytes) { return bytes > 0 ? FormatBytes(bytes) : ""; }

void Put(const Sums& sums, FoldRow& row) {
  row.tasks = FormatCount(sums.tasks);
  row.failed = CountOrNothing(sums.failed);
  row.read = BytesOrNothing(sums.input);
  row.spill = BytesOrNothing(sums.spill);
}

// The n-th of so many parts that share `rows` rows begins here.
std::size_t Begin(std::size_t n, std::size_t rows, std::size_t parts) { return parts * n / rows; }

// ---------------------------------------------------------------- micro-batches
FoldRow FoldBatches(const DetailsInput& input, const std::vector<std::size_t>& queries, std::size_t from,
                    std::size_t to) {
  const JobModel& model = input.model;
  const model::SqlTable& table = model.sql_executions;
  FoldRow row;
  std::vector<std::int64_t> durations;
  Sums sums;
  std::size_t slowest = queries[from];
  for (std::size_t i = from; i < to; ++i) {
    const std::size_t query = queries[i];
    const std::int64_t start = Since(input, table.start, query).value_or(0);
    row.start_ms = i == from ? start : std::min(row.start_ms, start);
    row.end_ms = std::max(row.end_ms, Since(input, table.end, query).value_or(start));
    if (table.duration.Has(query)) {
      durations.push_back(table.duration.Get(query));
      if (!table.duration.Has(slowest) || table.duration.Get(query) > table.duration.Get(slowest)) slowest = query;
    }
    for (const model::StageRow stage : table.stages.Get(query)) Add(model, stage.index, sums);
  }
  row.label = "batch " + std::to_string(table.batch.Get(queries[from]));
  if (to - from > 1) row.label += " to " + std::to_string(table.batch.Get(queries[to - 1]));
  row.parts = FormatCount(static_cast<std::int64_t>(to - from));
  if (!durations.empty()) {
    std::ranges::sort(durations);
    row.median = FormatTime(durations[durations.size() / 2]);
    row.longest = FormatTime(durations.back());
    row.query = "q" + std::to_string(table.id.Get(slowest));
  }
  Put(sums, row);
  return row;
}

void ReadBatches(const DetailsInput& input, std::vector<FoldDetail>& folds) {
  const model::SqlTable& table = input.model.sql_executions;
  std::map<std::string, std::vector<std::size_t>> streams;
  for (std::size_t query = 0; query < table.size(); ++query) {
    if (!table.stream.Has(query) || !table.batch.Has(query)) continue;
    streams[CleanText(input.model.strings.Get(table.stream.Get(query)), 60)].push_back(query);
  }
  for (auto& [name, queries] : streams) {
    if (queries.size() < 2) continue;
    std::ranges::stable_sort(queries, {}, [&](std::size_t query) { return table.batch.Get(query); });
    FoldDetail fold;
    fold.title = "Micro-batches of " + name;
    fold.of = "batches";
    const std::size_t rows = std::min(kMostRows, queries.size());
    for (std::size_t n = 0; n < rows; ++n) {
      fold.rows.push_back(
          FoldBatches(input, queries, Begin(n, rows, queries.size()), Begin(n + 1, rows, queries.size())));
    }
    folds.push_back(std::move(fold));
  }
}

// ---------------------------------------------------------------- days
void ReadDays(const DetailsInput& input, std::vector<FoldDetail>& folds) {
  const JobModel& model = input.model;
  if (!model.app.duration.Has(0) || model.app.duration.Get(0) < kDaysLong) return;
  // Clocks that disagree make runs of centuries: rows stay few.
  const auto days = static_cast<std::size_t>((model.app.duration.Get(0) + kDay - 1) / kDay);
  const std::size_t rows = std::min(kMostRows, days);
  struct Day {
    Sums sums;
    std::vector<std::int64_t> jobs;  // durations
    std::int64_t count = 0;
  };
  std::vector<Day> all(rows);
  const auto row_of = [&](std::int64_t since) {
    const auto day = static_cast<std::size_t>(std::max<std::int64_t>(since, 0) / kDay);
    return std::min(rows - 1, day * rows / days);
  };
  for (std::size_t job = 0; job < model.jobs.size(); ++job) {
    const auto start = Since(input, model.jobs.start, job);
    if (!start) continue;
    Day& day = all[row_of(*start)];
    ++day.count;
    if (model.jobs.duration.Has(job)) day.jobs.push_back(model.jobs.duration.Get(job));
  }
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    const auto start = Since(input, model.stages.submitted, stage);
    if (start) Add(model, stage, all[row_of(*start)].sums);
  }
  FoldDetail fold;
  fold.title = "Day by day";
  fold.of = "jobs";
  for (std::size_t n = 0; n < rows; ++n) {
    const std::size_t from = (n * days + rows - 1) / rows;
    const std::size_t to = ((n + 1) * days + rows - 1) / rows;
    FoldRow row;
    row.label = "day " + std::to_string(from + 1) + (to - from > 1 ? " to " + std::to_string(to) : "");
    row.start_ms = static_cast<std::int64_t>(from) * kDay;
    row.end_ms = std::min(static_cast<std::int64_t>(to) * kDay, model.app.duration.Get(0));
    row.parts = FormatCount(all[n].count);
    if (!all[n].jobs.empty()) {
      std::ranges::sort(all[n].jobs);
      row.median = FormatTime(all[n].jobs[all[n].jobs.size() / 2]);
      row.longest = FormatTime(all[n].jobs.back());
    }
    Put(all[n].sums, row);
    fold.rows.push_back(std::move(row));
  }
  folds.push_back(std::move(fold));
}

}  // namespace

void ReadFolds(const DetailsInput& input, Details& details) {
  ReadBatches(input, details.folds);
  ReadDays(input, details.folds);
  // Links lead to what the page shows.
  for (FoldDetail& fold : details.folds) {
    for (FoldRow& row : fold.rows) {
      if (std::ranges::find(details.queries, row.query, &QueryDetail::anchor) == details.queries.end())
        row.query.clear();
    }
  }
}

}  // namespace advise::report
