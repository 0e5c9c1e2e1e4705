// One row of functions an attribute, made from schema.def: at run time an attribute is an index into that table, never
// a name. A getter reads one column; what only the App's sets, plan nodes and edges need stands below.
#include "metrics/evaluate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <type_traits>

#include "metrics/families.def"
#include "support/check.h"

namespace advise::metrics {
namespace {

using model::EnumColumn;
using model::FlagColumn;
using model::IntColumn;
using model::IntListColumn;
using model::JobModel;
using model::NodeKind;
using model::NodeRow;
using model::PackedColumn;
using model::RealColumn;
using model::RefColumn;
using model::SetColumn;
using model::SqlRow;
using model::StrColumn;
using model::StrListColumn;

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// ---------------------------------------------------------------- reading one cell, by column type
template <class Column>
requires(std::is_same_v<Column, IntColumn> || std::is_same_v<Column, PackedColumn>) Value
    Read(const JobModel&, const Column& column, std::uint32_t row) {
  const std::int64_t value = column.Get(row);
  if (value == model::kMissing) return {};
  return {.state = Value::State::Integer, .integer = value, .real = static_cast<double>(value)};
}
Value Read(const JobModel&, const RealColumn& column, std::uint32_t row) {
  if (!column.Has(row)) return {};
  return {.state = Value::State::Real, .real = column.Get(row)};
}
Value Read(const JobModel& model, const StrColumn& column, std::uint32_t row) {
  if (!column.Has(row)) return {};
  return {.state = Value::State::Text, .text = model.strings.Get(column.Get(row))};
}
Value Read(const JobModel&, const FlagColumn& column, std::uint32_t row) {
  if (!column.Has(row)) return {};
  return {.state = Value::State::Bool, .boolean = column.Get(row)};
}
template <class E>
Value Read(const JobModel&, const EnumColumn<E>& column, std::uint32_t row) {
  if (!column.Has(row)) return {};
  return {.state = Value::State::Text, .text = model::EnumName(column.Get(row))};
}
template <Entity E>
Value Read(const JobModel&, const RefColumn<E>& column, std::uint32_t row) {
  if (!column.Has(row)) return {};
  return {.state = Value::State::Entity, .integer = column.Get(row).index};
}

template <class Column>
inline constexpr bool kIsNumber =
    std::is_same_v<Column, IntColumn> || std::is_same_v<Column, PackedColumn> || std::is_same_v<Column, RealColumn>;
template <class Column>
inline constexpr bool kIsSet = false;
template <Entity E>
inline constexpr bool kIsSet<SetColumn<E>> = true;
template <class Column>
inline constexpr bool kIsList =
    kIsSet<Column> || std::is_same_v<Column, StrListColumn> || std::is_same_v<Column, IntListColumn>;

// A cell as a number, in the stored unit.
double Number(const RealColumn& column, std::uint32_t row) { return column.Get(row); }
template <class Column>
double Number(const Column& column, std::uint32_t row) {
  const std::int64_t value = column.Get(row);
  return value == model::kMissing ? kNoNumber : static_cast<double>(value);
}

// Many cells as numbers, in the stored unit.
template <class Column>
void Numbers(const Column& column, std::span<const std::uint32_t> rows, std::span<double> out) {
  for (std::size_t i = 0; i < rows.size(); ++i) out[i] = Number(column, rows[i]);
}
// The tasks of a stage mostly lie side by side: runs of rows are decoded at once.
void Numbers(const PackedColumn& column, std::span<const std::uint32_t> rows, std::span<double> out) {
  constexpr std::size_t kRun = 512;
  std::array<std::int64_t, kRun> values;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t run = 1;
    while (run < kRun && i + run < rows.size() && rows[i + run] == rows[i] + run) ++run;
    if (run == 1) {
      values[0] = column.Get(rows[i]);
    } else {
      column.Decode(rows[i], std::span(values).first(run));
    }
    for (std::size_t k = 0; k < run; ++k)
      out[i + k] = values[k] == model::kMissing ? kNoNumber : static_cast<double>(values[k]);
    i += run;
  }
}

// ---------------------------------------------------------------- the functions of one attribute
// Those that the attribute's kind does not have are null.
struct Access {
  Value (*value)(const JobModel&, std::uint32_t) = nullptr;
  double (*number)(const JobModel&, std::uint32_t) = nullptr;
  void (*numbers)(const JobModel&, std::span<const std::uint32_t>, std::span<double>) = nullptr;
  void (*flags)(const JobModel&, std::span<const std::uint32_t>, std::span<std::uint8_t>) = nullptr;
  std::vector<std::uint32_t> (*set)(const JobModel&, std::uint32_t) = nullptr;
  std::vector<std::string_view> (*texts)(const JobModel&, std::uint32_t) = nullptr;
  std::span<const std::int64_t> (*integers)(const JobModel&, std::uint32_t) = nullptr;
};

// ColumnOf: a captureless lambda JobModel → its column. kScale: 1e6 for Ns (rules see ms), else 1; a division, so that
// 2'000'000 ns is exactly 2 ms.
template <class ColumnOf, std::int64_t kScale>
[[gnu::noinline]] Access MakeAccess(ColumnOf) {
  using Column = std::remove_cvref_t<std::invoke_result_t<ColumnOf, const JobModel&>>;
  Access access;
  if constexpr (!kIsList<Column>) {
    access.value = [](const JobModel& model, std::uint32_t row) { return Read(model, ColumnOf{}(model), row); };
  }
  if constexpr (kIsNumber<Column>) {
    access.number = [](const JobModel& model, std::uint32_t row) {
      return Number(ColumnOf{}(model), row) / static_cast<double>(kScale);
    };
    access.numbers = [](const JobModel& model, std::span<const std::uint32_t> rows, std::span<double> out) {
      Numbers(ColumnOf{}(model), rows, out);
      if (kScale == 1) return;
      for (double& value : out) value /= static_cast<double>(kScale);
    };
  }
  if constexpr (std::is_same_v<Column, FlagColumn>) {
    access.flags = [](const JobModel& model, std::span<const std::uint32_t> rows, std::span<std::uint8_t> out) {
      const FlagColumn& column = ColumnOf{}(model);
      for (std::size_t i = 0; i < rows.size(); ++i)
        out[i] = !column.Has(rows[i]) ? std::uint8_t{2} : static_cast<std::uint8_t>(column.Get(rows[i]));
    };
  }
  if constexpr (kIsSet<Column>) {
    access.set = [](const JobModel& model, std::uint32_t row) {
      std::vector<std::uint32_t> rows;
      const auto members = ColumnOf{}(model).Get(row);
      rows.reserve(members.size());
      for (const auto member : members) rows.push_back(member.index);
      return rows;
    };
  }
  if constexpr (std::is_same_v<Column, StrListColumn>) {
    access.texts = [](const JobModel& model, std::uint32_t row) {
      std::vector<std::string_view> texts;
      for (const StringId id : ColumnOf{}(model).Get(row)) texts.push_back(model.strings.Get(id));
      return texts;
    };
  }
  if constexpr (std::is_same_v<Column, IntListColumn>) {
    access.integers = [](const JobModel& model, std::uint32_t row) { return ColumnOf{}(model).Get(row); };
  }
  return access;
}

constexpr std::int64_t ScaleOf(Unit unit) { return unit == Unit::Ns ? 1'000'000 : 1; }

// Not inlined, like MakeAccess: one function with some 400 inlined copies took the compiler minutes.
[[gnu::noinline]] void Append(std::vector<Access>& all, const Access& access) { all.push_back(access); }

// In the order of AllAttributes().
std::vector<Access> MakeAll() {
  std::vector<Access> all;
  const auto add = [&all]<std::int64_t kScale, class ColumnOf>(std::integral_constant<std::int64_t, kScale>,
                                                               ColumnOf column_of) {
    Append(all, MakeAccess<ColumnOf, kScale>(column_of));
  };
#define ADVISE_COLUMN(name, Column, unit, since, scope, missing, doc) \
  add(                                                                \
      std::integral_constant<std::int64_t, ScaleOf(Unit::unit)>(),    \
      [](const JobModel& model) -> const auto& { return Family::Table(model).name; });
#define ADVISE_TABLE(EntityName, table, COLUMNS)                              \
  {                                                                           \
    struct Family {                                                           \
      static const auto& Table(const JobModel& model) { return model.table; } \
    };                                                                        \
    COLUMNS(ADVISE_COLUMN)                                                    \
  }
#define ADVISE_PEAK(Spark, suffix, unit, since) ADVISE_COLUMN(peak_##suffix, IntColumn, unit, since, Rest, "", "")
#define ADVISE_PEAKS(EntityName, table)                                             \
  {                                                                                 \
    struct Family {                                                                 \
      static const auto& Table(const JobModel& model) { return model.table.peaks; } \
    };                                                                              \
    ADVISE_EXECUTOR_METRICS(ADVISE_PEAK)                                            \
  }
  ADVISE_FAMILIES(ADVISE_TABLE, ADVISE_PEAKS)
#undef ADVISE_COLUMN
#undef ADVISE_TABLE
#undef ADVISE_PEAK
#undef ADVISE_PEAKS
  ADVISE_CHECK(all.size() == AllAttributes().size(), "catalogue and evaluation list different attributes");
  return all;
}

const Access& AccessOf(AttributeId attribute) {
  static const std::vector<Access> kAll = MakeAll();
  return kAll[static_cast<std::size_t>(attribute)];
}

// ---------------------------------------------------------------- rows
std::vector<std::uint32_t> AllRows(const JobModel& model, Entity entity) {
  std::vector<std::uint32_t> rows(model.RowCount(entity));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint32_t>(i);
  return rows;
}

template <class Keep>
std::vector<std::uint32_t> RowsWhere(const JobModel& model, Entity entity, Keep keep) {
  std::vector<std::uint32_t> rows;
  const std::size_t count = model.RowCount(entity);
  for (std::size_t row = 0; row < count; ++row) {
    if (keep(row)) rows.push_back(static_cast<std::uint32_t>(row));
  }
  return rows;
}

std::vector<std::uint32_t> SubmittedStages(const JobModel& model) {
  return RowsWhere(model, Entity::Stage, [&model](std::size_t row) { return model.stages.submitted_flag.Get(row); });
}

// The sets of App hold all of a kind and are not stored: a list of all tasks would double their memory.
std::vector<std::uint32_t> AppSet(const JobModel& model, Entity target) {
  if (target == Entity::Stage) return SubmittedStages(model);
  if (target == Entity::Executor) {
    return RowsWhere(model, target, [&model](std::size_t row) { return model.executors.runs_tasks.Get(row); });
  }
  return AllRows(model, target);
}

// ---------------------------------------------------------------- edges
bool StageIsKnown(const JobModel& model, std::size_t node) {
  if (!model.plan_nodes.stages_evidence.Has(node)) return false;
  switch (model.plan_nodes.stages_evidence.Get(node)) {
    case model::StagesEvidence::Metric:
    case model::StagesEvidence::Cluster:
    case model::StagesEvidence::Neighbour: return true;
    case model::StagesEvidence::Scope:
    case model::StagesEvidence::Driver:
    case model::StagesEvidence::None: return false;
  }
  return false;
}

// Wrappers that a reader of Spark's plan picture does not see as operators: the edge Feeds passes over them.
bool IsWrapper(const JobModel& model, std::size_t node) {
  if (!model.plan_nodes.kind.Has(node)) return false;
  const NodeKind kind = model.plan_nodes.kind.Get(node);
  return kind == NodeKind::WholeStageCodegen || (kind == NodeKind::Other && !model.plan_nodes.id.Has(node));
}

std::vector<EdgeRow> FeedsEdges(const JobModel& model) {
  std::vector<EdgeRow> edges;
  const auto& nodes = model.plan_nodes;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    if (!nodes.final_plan.Get(node) || IsWrapper(model, node)) continue;
    NodeRow parent = nodes.parent.Get(node);
    while (parent.valid() && IsWrapper(model, parent.index)) parent = nodes.parent.Get(parent.index);
    if (parent.valid())
      edges.push_back(
          {.from = static_cast<std::uint32_t>(node), .to = parent.index, .edge = static_cast<std::uint32_t>(node)});
  }
  return edges;
}

template <class Column>
std::vector<EdgeRow> SetEdges(const Column& column) {
  std::vector<EdgeRow> edges;
  for (std::size_t row = 0; row < column.size(); ++row) {
    const auto from = static_cast<std::uint32_t>(row);
    for (const auto member : column.Get(row)) edges.push_back({.from = from, .to = member.index, .edge = from});
  }
  return edges;
}

// Those with equal rows stay in their order. Rows are small numbers, so they are counted, not compared.
void SortEdgesBy(std::uint32_t EdgeRow::* row, std::vector<EdgeRow>& edges) {
  std::uint32_t last = 0;
  for (const EdgeRow& edge : edges) last = std::max(last, edge.*row);
  std::vector<std::uint32_t> next(std::size_t{last} + 2);
  for (const EdgeRow& edge : edges) ++next[edge.*row + std::size_t{1}];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  std::vector<EdgeRow> sorted(edges.size());
  for (const EdgeRow& edge : edges) sorted[next[edge.*row]++] = edge;
  edges = std::move(sorted);
}

std::vector<EdgeRow> UnsortedEdges(const JobModel& model, EdgeKind kind) {
  std::vector<EdgeRow> edges;
  switch (kind) {
    case EdgeKind::Shuffle:
      for (std::size_t row = 0; row < model.shuffles.size(); ++row) {
        if (!model.shuffles.from.Has(row) || !model.shuffles.to.Has(row)) continue;
        edges.push_back({.from = model.shuffles.from.Get(row).index,
                         .to = model.shuffles.to.Get(row).index,
                         .edge = static_cast<std::uint32_t>(row)});
      }
      return edges;
    case EdgeKind::Runs:
      edges = SetEdges(model.stages.nodes);
      std::erase_if(edges, [&model](const EdgeRow& edge) {
        return !StageIsKnown(model, edge.to) || !model.plan_nodes.final_plan.Get(edge.to);
      });
      return edges;
    case EdgeKind::Feeds: return FeedsEdges(model);
    case EdgeKind::RanOn: return SetEdges(model.stages.executors);
    case EdgeKind::After:
      // The column holds the jobs before; the edge points from the earlier job to the later one.
      edges = SetEdges(model.jobs.after);
      for (EdgeRow& edge : edges) {
        std::swap(edge.from, edge.to);
        edge.edge = edge.from;
      }
      return edges;
    case EdgeKind::Caches: return SetEdges(model.stages.caches);
    case EdgeKind::ReadsCache: return SetEdges(model.stages.reads_cache);
    case EdgeKind::Retries:
      for (const auto& [earlier, later] : model.retries)
        edges.push_back({.from = earlier.index, .to = later.index, .edge = earlier.index});
      return edges;
  }
  return edges;
}

// ---------------------------------------------------------------- keys
std::string Number(std::int64_t value) {
  char text[24];
  const auto end = std::to_chars(std::begin(text), std::end(text), value).ptr;
  return std::string(std::begin(text), end);
}

std::string IdOf(const IntColumn& ids, std::uint32_t row) { return ids.Has(row) ? Number(ids.Get(row)) : Number(row); }

std::string TextOf(const JobModel& model, const StrColumn& ids, std::uint32_t row) {
  return ids.Has(row) ? std::string(model.strings.Get(ids.Get(row))) : Number(row);
}

// "<sql>/<n>", "<sql>/p<pre-order>" for a node that Spark does not number; of an initial plan with "i" before.
std::string NodeKey(const JobModel& model, std::uint32_t row) {
  const auto& nodes = model.plan_nodes;
  const SqlRow sql = nodes.sql_execution.Get(row);
  std::string key = sql.valid() ? IdOf(model.sql_executions.id, sql.index) : std::string("?");
  key += '/';
  const bool in_final_plan = nodes.final_plan.Get(row);
  if (!in_final_plan) key += 'i';
  if (nodes.id.Has(row)) return key + Number(nodes.id.Get(row));
  std::uint32_t first = row;
  if (sql.valid()) {
    const auto plan =
        in_final_plan ? model.sql_executions.nodes.Get(sql.index) : model.sql_executions.initial_nodes.Get(sql.index);
    if (!plan.empty() && plan.front().index <= row) first = plan.front().index;
  }
  return key + 'p' + Number(row - first);
}

std::string VersionText(int since) { return Number(since / 10) + "." + Number(since % 10); }

}  // namespace

Value Evaluate(const JobModel& model, AttributeId attribute, std::uint32_t row) {
  const Access& access = AccessOf(attribute);
  ADVISE_CHECK(access.value != nullptr, "Evaluate of a set or list");
  return access.value(model, row);
}

double EvaluateNumber(const JobModel& model, AttributeId attribute, std::uint32_t row) {
  const Access& access = AccessOf(attribute);
  ADVISE_CHECK(access.number != nullptr, "EvaluateNumber of an attribute that is no number");
  return access.number(model, row);
}

void EvaluateNumbers(const JobModel& model, AttributeId attribute, std::span<const std::uint32_t> rows,
                     std::span<double> out) {
  const Access& access = AccessOf(attribute);
  ADVISE_CHECK(access.numbers != nullptr, "EvaluateNumbers of an attribute that is no number");
  ADVISE_CHECK(rows.size() == out.size(), "EvaluateNumbers needs one place a row");
  access.numbers(model, rows, out);
}

void EvaluateFlags(const JobModel& model, AttributeId attribute, std::span<const std::uint32_t> rows,
                   std::span<std::uint8_t> out) {
  const Access& access = AccessOf(attribute);
  ADVISE_CHECK(access.flags != nullptr, "EvaluateFlags of an attribute that is no flag");
  ADVISE_CHECK(rows.size() == out.size(), "EvaluateFlags needs one place a row");
  access.flags(model, rows, out);
}

std::vector<std::uint32_t> EvaluateSet(const JobModel& model, AttributeId attribute, std::uint32_t row) {
  const Attribute& info = Get(attribute);
  ADVISE_CHECK(info.kind == ValueKind::EntitySet, "EvaluateSet of an attribute that is no set");
  if (info.entity == Entity::App) return AppSet(model, info.target);
  return AccessOf(attribute).set(model, row);
}

std::vector<std::string_view> EvaluateTextList(const JobModel& model, AttributeId attribute, std::uint32_t row) {
  const Access& access = AccessOf(attribute);
  ADVISE_CHECK(access.texts != nullptr, "EvaluateTextList of an attribute that is no list of texts");
  return access.texts(model, row);
}

std::span<const std::int64_t> EvaluateNumberList(const JobModel& model, AttributeId attribute, std::uint32_t row) {
  const Access& access = AccessOf(attribute);
  ADVISE_CHECK(access.integers != nullptr, "EvaluateNumberList of an attribute that is no list of numbers");
  return access.integers(model, row);
}

std::string WhyMissing(const JobModel& model, AttributeId attribute) {
  const Attribute& info = Get(attribute);
  if (info.since > 0 && model.version.known && model.version.since_code() < info.since) {
    const auto& app = model.app;
    std::string version = app.size() > 0 && app.spark.Has(0)
                              ? std::string(model.strings.Get(app.spark.Get(0)))
                              : Number(model.version.major) + "." + Number(model.version.minor);
    return "Spark " + version + " does not write it (since " + VersionText(info.since) + ")";
  }
  std::string why(info.missing_because);
  if (why.empty()) why = "the log does not hold it";
  if (info.since > 10 && !model.version.known) {
    why += "; or the log is older than Spark " + VersionText(info.since) +
           ", which writes it first (the log does not state its version)";
  }
  return why;
}

std::vector<EdgeRow> EdgesOf(const JobModel& model, EdgeKind kind) {
  std::vector<EdgeRow> edges = UnsortedEdges(model, kind);
  for (const auto row : {&EdgeRow::edge, &EdgeRow::to, &EdgeRow::from}) SortEdgesBy(row, edges);
  return edges;
}

std::string EntityKey(const JobModel& model, Entity entity, std::uint32_t row) {
  switch (entity) {
    case Entity::App: return model.app.id.Has(row) ? TextOf(model, model.app.id, row) : "app";
    case Entity::Job: return IdOf(model.jobs.id, row);
    case Entity::Stage:
      return IdOf(model.stages.id, row) + "." +
             (model.stages.attempt.Has(row) ? Number(model.stages.attempt.Get(row)) : "0");
    case Entity::Task: {
      std::string key = Number(model.tasks.id.Get(row));
      const std::int64_t repeat = model.tasks.repeat.Get(row);
      if (repeat != model::kMissing && repeat != 0) key += "#" + Number(repeat);
      return key;
    }
    case Entity::Executor: return TextOf(model, model.executors.id, row);
    case Entity::Host: return TextOf(model, model.hosts.name, row);
    case Entity::SqlExecution: return IdOf(model.sql_executions.id, row);
    case Entity::PlanNode: return NodeKey(model, row);
    case Entity::Shuffle: return IdOf(model.shuffles.id, row);
    case Entity::Gap: return IdOf(model.gaps.id, row);
    case Entity::CachedRdd: return IdOf(model.cached_rdds.id, row);
    case Entity::Incident: return IdOf(model.incidents.id, row);
  }
  return {};
}

std::optional<std::uint32_t> FindEntity(const JobModel& model, Entity entity, std::string_view key) {
  const std::size_t count = model.RowCount(entity);
  for (std::uint32_t row = 0; row < count; ++row) {
    if (EntityKey(model, entity, row) == key) return row;
  }
  if (entity == Entity::Stage && key.find('.') == std::string_view::npos)
    return FindEntity(model, entity, std::string(key) + ".0");
  return std::nullopt;
}

std::vector<std::uint32_t> RowsOfType(const JobModel& model, const EntityType& type) {
  if (type.entity == Entity::Stage) return SubmittedStages(model);
  if (type.entity != Entity::PlanNode) return AllRows(model, type.entity);
  const auto& nodes = model.plan_nodes;
  return RowsWhere(model, Entity::PlanNode, [&](std::size_t row) {
    return nodes.final_plan.Get(row) &&
           (!type.node_kind || (nodes.kind.Has(row) && model::IsA(nodes.kind.Get(row), *type.node_kind)));
  });
}

StepSeries RunningTasks(const JobModel& model) {
  StepSeries series;
  if (model.app.size() == 0 || !model.app.first_event.Has(0) || !model.app.last_event.Has(0)) return series;
  const std::int64_t begin = model.app.first_event.Get(0);
  const std::int64_t end = std::max(begin, model.app.last_event.Get(0));
  // One point in time with the change of the number of running attempts; an attempt without end runs to the log's end.
  std::vector<std::pair<std::int64_t, int>> changes;
  for (std::size_t task = 0; task < model.tasks.size(); ++task) {
    if (!model.tasks.launch.Has(task)) continue;
    const std::int64_t launch = std::clamp(model.tasks.launch.Get(task), begin, end);
    const std::int64_t finish =
        model.tasks.finish.Has(task) ? std::clamp(model.tasks.finish.Get(task), launch, end) : end;
    if (finish == launch) continue;
    changes.emplace_back(launch, 1);
    changes.emplace_back(finish, -1);
  }
  std::ranges::sort(changes);
  series.times.push_back(begin);
  series.values.push_back(0);
  double running = 0;
  for (const auto& [time, change] : changes) {
    running += change;
    if (series.times.back() != time) {
      series.times.push_back(time);
      series.values.push_back(running);
    } else {
      series.values.back() = running;
    }
  }
  if (series.times.back() != end) {
    series.times.push_back(end);
    series.values.push_back(running);
  }
  return series;
}

}  // namespace advise::metrics
