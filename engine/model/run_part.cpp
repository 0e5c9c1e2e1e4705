// Cuts a model down to one SQL execution or job: rows that are kept, and references renamed to their new places.
#include "model/run_part.h"

#include <algorithm>
#include <utility>

namespace advise::model {
namespace {

template <class Column>
concept HasLists = requires(Column column) {
  column.Mutable(0);
};

// The value of one row becomes that of another row of another table of the same kind.
template <class Column>
void CopyCell(Column& to, std::size_t to_row, const Column& from, std::size_t from_row) {
  if constexpr (HasLists<Column>) {
    const auto cell = from.Get(from_row);
    to.Mutable(to_row).assign(cell.begin(), cell.end());
  } else {
    if (from.Has(from_row)) to.Set(to_row, from.Get(from_row));
  }
}

#define ADVISE_COPY(name, Column, unit, since, scope, missing, doc) CopyCell(to.name, to_row, from.name, from_row);
#define ADVISE_COPY_PEAK(Spark, suffix, unit, since) \
  CopyCell(to.peaks.peak_##suffix, to_row, from.peaks.peak_##suffix, from_row);

void CopyRow(SqlTable& to, const SqlTable& from, std::size_t from_row) {
  const std::size_t to_row = to.AddRow();
  ADVISE_SQL_COLUMNS(ADVISE_COPY)
}
void CopyRow(ExecutorTable& to, const ExecutorTable& from, std::size_t from_row) {
  const std::size_t to_row = to.AddRow();
  ADVISE_EXECUTOR_COLUMNS(ADVISE_COPY)
  ADVISE_EXECUTOR_METRICS(ADVISE_COPY_PEAK)
}
#undef ADVISE_COPY
#undef ADVISE_COPY_PEAK

// The rows to keep, and for each old row its new one (none: dropped).
template <Entity E>
struct Kept {
  std::vector<std::size_t> rows;
  std::vector<Row<E>> renamed;
};

template <Entity E, class Keeps>
Kept<E> Choose(std::size_t rows, const Keeps& keeps) {
  Kept<E> kept;
  kept.renamed.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if (!keeps(row)) continue;
    kept.renamed[row] = Row<E>(kept.rows.size());
    kept.rows.push_back(row);
  }
  return kept;
}

template <Entity E>
void Rename(RefColumn<E>& column, const Kept<E>& kept) {
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.Has(row)) column.Set(row, kept.renamed[column.Get(row).index]);
  }
}

void KeepSqlExecutions(JobModel& model, const std::vector<std::int64_t>& ids) {
  const SqlTable& all = model.sql_executions;
  const auto kept = Choose<Entity::SqlExecution>(
      all.size(), [&](std::size_t row) { return std::ranges::find(ids, all.id.Get(row)) != ids.end(); });
  SqlTable table;
  std::vector<RawSqlExecution> raw;
  for (const std::size_t row : kept.rows) {
    CopyRow(table, all, row);
    raw.push_back(std::move(model.raw_sql[row]));
  }
  model.sql_executions = std::move(table);
  model.raw_sql = std::move(raw);
  Rename(model.jobs.sql_execution, kept);
  Rename(model.stages.sql_execution, kept);
}

void KeepExecutors(JobModel& model, const RunPart& part) {
  const ExecutorTable& all = model.executors;
  std::vector<bool> used(all.size());
  for (std::size_t task = 0; task < model.tasks.size(); ++task) {
    if (model.tasks.executor.Has(task)) used[model.tasks.executor.Get(task).index] = true;
  }
  const auto kept = Choose<Entity::Executor>(all.size(), [&](std::size_t row) {
    if (used[row] || all.is_driver.Get(row)) return true;
    const bool gone = all.removed.Has(row) && part.start != kMissing && all.removed.Get(row) <= part.start;
    const bool later = all.added.Has(row) && part.end != kMissing && all.added.Get(row) >= part.end;
    return !gone && !later;
  });
  ExecutorTable table;
  for (const std::size_t row : kept.rows) CopyRow(table, all, row);
  model.executors = std::move(table);
  Rename(model.tasks.executor, kept);
}

}  // namespace

void CutToPart(JobModel& model, const RunPart& part) {
  model.part_of_run = true;
  AppTable& app = model.app;
  if (part.start != kMissing) {
    app.start.Set(0, part.start);
    app.first_event.Set(0, part.start);
  }
  app.exit_code.Clear(0);
  app.end.Clear(0);
  if (part.end != kMissing) app.end.Set(0, part.end);
  KeepSqlExecutions(model, part.sql_executions);
  KeepExecutors(model, part);
}

void RenameFirstGap(JobModel& model) {
  model.app.startup_time.Clear(0);
  for (std::size_t row = 0; row < model.gaps.size(); ++row) {
    if (model.gaps.kind.Get(row) != GapKind::Startup) continue;
    model.gaps.kind.Set(row, GapKind::Planning);
    model.gaps.evidence.Set(row, model.strings.Intern("before the first task of the query or job"));
  }
}

}  // namespace advise::model
