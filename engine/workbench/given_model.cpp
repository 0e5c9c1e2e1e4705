// Makes the rows that a test names, hangs them on each other, and lets the derive steps of real logs do the rest.
#include "workbench/given_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "metrics/catalogue.h"
#include "metrics/sql_metric_values.h"
#include "model/derive/derive.h"
#include "model/derive/plan_nodes.h"
#include "model/task_times.h"
#include "support/check.h"
#include "workbench/set_cell.h"

namespace advise::workbench {
namespace {

using metrics::AttributeId;
using model::Entity;
using model::JobModel;
using model::kMissing;
using rules::BoundTest;
using rules::GivenCell;
using rules::GivenEntity;
using rules::GivenLink;

// What a test has unless it gives something else.
constexpr std::int64_t kStart = 1'767'225'600'000;  // 2026-01-01
constexpr std::int64_t kDuration = 10 * 60 * 1000;
constexpr std::int64_t kSlots = 40;
constexpr std::string_view kSpark = "3.5.0";

AttributeId IdOf(Entity entity, std::string_view name) {
  const metrics::Attribute* attribute = metrics::Find(entity, name);
  ADVISE_CHECK(attribute != nullptr, "the catalogue lacks an attribute that tests of packs need");
  return attribute->id;
}

// What is known of one task attempt before it becomes a row.
struct TaskCells {
  std::optional<std::uint32_t> stage;
  std::map<AttributeId, GivenCell> cells;

  [[nodiscard]] const GivenCell* Find(std::string_view name) const {
    const auto found = cells.find(IdOf(Entity::Task, name));
    return found == cells.end() ? nullptr : &found->second;
  }
  [[nodiscard]] bool Has(std::string_view name) const {
    const GivenCell* cell = Find(name);
    return cell != nullptr && cell->kind != GivenCell::Kind::Missing;
  }
  [[nodiscard]] std::int64_t Number(std::string_view name) const {
    return Has(name) ? std::llround(Find(name)->number) : kMissing;
  }
  [[nodiscard]] bool IsTrue(std::string_view name) const { return Has(name) && Find(name)->boolean; }
  [[nodiscard]] bool IsFalse(std::string_view name) const { return Has(name) && !Find(name)->boolean; }
  // Unless it was given.
  void Default(std::string_view name, std::int64_t number) {
    if (number == kMissing) return;
    GivenCell cell;
    cell.kind = GivenCell::Kind::Number;
    cell.number = static_cast<double>(number);
    cells.emplace(IdOf(Entity::Task, name), std::move(cell));
  }
  void Default(std::string_view name, bool value) {
    GivenCell cell;
    cell.kind = GivenCell::Kind::Bool;
    cell.boolean = value;
    cells.emplace(IdOf(Entity::Task, name), std::move(cell));
  }
  void Default(std::string_view name, std::string_view text) {
    GivenCell cell;
    cell.kind = GivenCell::Kind::Text;
    cell.text = text;
    cells.emplace(IdOf(Entity::Task, name), std::move(cell));
  }
};

template <class Number>
void PushCell(model::PackedColumn& column, const Number& number) {
  column.Push(number());
}
// Set later.
template <class Column, class Number>
void PushCell(Column& column, const Number&) {
  column.PushMissing();
}

// Sums over the tasks of a stage, and shares of them: missing unless the tasks have these attributes.
struct StageSum {
  std::string_view stage;
  std::string_view task;
  std::string_view also{};
};
constexpr StageSum kStageSums[] = {
    {"input_bytes", "input_bytes"},
    {"input_records", "input_records"},
    {"output_bytes", "output_bytes"},
    {"output_records", "output_records"},
    {"shuffle_read_bytes", "shuffle_read"},
    {"shuffle_read_records", "shuffle_read_records"},
    {"shuffle_write_bytes", "shuffle_write"},
    {"shuffle_write_records", "shuffle_write_records"},
    {"memory_bytes_spilled", "memory_bytes_spilled"},
    {"disk_bytes_spilled", "disk_bytes_spilled"},
    {"spill_bytes", "disk_bytes_spilled"},
    {"executor_run_time", "run_time"},
    {"executor_cpu_time", "cpu_time"},
    {"jvm_gc_time", "gc_time"},
    {"result_size", "result_size"},
    {"gc_share", "gc_time", "run_time"},
    {"cpu_share", "cpu_time", "run_time"},
    {"fetch_wait_share", "fetch_wait_time", "run_time"},
};

// A relation and its other end: giving one gives both.
struct Inverse {
  Entity one;
  std::string_view to_one;
  Entity many;
  std::string_view to_many;
};
constexpr Inverse kInverses[] = {
    {Entity::Stage, "job", Entity::Job, "stages"},
    {Entity::Stage, "sql_execution", Entity::SqlExecution, "stages"},
    {Entity::Job, "sql_execution", Entity::SqlExecution, "jobs"},
    {Entity::PlanNode, "sql_execution", Entity::SqlExecution, "nodes"},
    {Entity::Executor, "host", Entity::Host, "executors"},
};

class ModelMaker {
 public:
  explicit ModelMaker(const BoundTest& test) : test_(test) { made_.rows.resize(test.givens.size(), 0); }

  GivenModel Make() {
    AddRows();
    StartApp();
    LinkEntities();
    SetAll();
    FillInverses();
    model::DeriveAppSettings(model_);
    AddTasks();
    Derive();
    SetMetrics();
    SetAll();  // what is given wins
    Follow();
    return std::move(made_);
  }

 private:
  [[nodiscard]] Entity EntityOf(std::uint32_t given) const { return test_.givens[given].type.entity; }
  [[nodiscard]] std::uint32_t RowOf(std::uint32_t given) const { return made_.rows[given]; }

  [[nodiscard]] bool IsGiven(std::uint32_t given, std::string_view name) const {
    const AttributeId id = IdOf(EntityOf(given), name);
    return std::ranges::any_of(test_.givens[given].values, [&](const auto& value) { return value.attribute == id; });
  }
  // Whether the row was given this attribute (missing counts).
  [[nodiscard]] bool IsGiven(Entity entity, std::uint32_t row, std::string_view name) const {
    for (std::uint32_t given = 0; given < test_.givens.size(); ++given) {
      if (EntityOf(given) == entity && RowOf(given) == row && IsGiven(given, name)) return true;
    }
    return false;
  }
  [[nodiscard]] bool AnyOf(Entity entity) const {
    return std::ranges::any_of(test_.givens, [&](const GivenEntity& given) { return given.type.entity == entity; });
  }

  // ---------------------------------------------------------------- rows
  void AddRows() {
    model_.app.AddRow();
    for (std::uint32_t given = 0; given < test_.givens.size(); ++given) made_.rows[given] = AddRow(test_.givens[given]);
    // Nodes belong to an execution.
    if (model_.plan_nodes.size() > 0 && model_.sql_executions.size() == 0)
      AddRow({{}, {Entity::SqlExecution, std::nullopt}, {}, {}});
    for (std::size_t node = 0; node < model_.plan_nodes.size(); ++node)
      model_.plan_nodes.sql_execution.Set(node, model::SqlRow(std::size_t{0}));
  }

  std::uint32_t AddRow(const GivenEntity& given) {
    const auto id = [](auto& table) {
      const std::size_t row = table.AddRow();
      table.id.Set(row, static_cast<std::int64_t>(row));
      return static_cast<std::uint32_t>(row);
    };
    switch (given.type.entity) {
      case Entity::App: return 0;
      case Entity::Job: {
        const std::uint32_t row = id(model_.jobs);
        model_.jobs.status.Set(row, model::JobStatus::Succeeded);
        return row;
      }
      case Entity::Stage: {
        const std::uint32_t row = id(model_.stages);
        auto& stages = model_.stages;
        stages.attempt.Set(row, 0);
        stages.submitted_flag.Set(row, true);
        stages.status.Set(row, model::StageStatus::Complete);
        stages.is_cached.Set(row, false);
        stages.barrier.Set(row, false);
        return row;
      }
      case Entity::Task: return given_tasks_++;  // the row is known when all tasks are
      case Entity::Executor: {
        auto& executors = model_.executors;
        const auto row = static_cast<std::uint32_t>(executors.AddRow());
        executors.id.Set(row, model_.strings.Intern(std::to_string(row + 1)));
        executors.is_driver.Set(row, false);
        return row;
      }
      case Entity::Host: {
        const auto row = static_cast<std::uint32_t>(model_.hosts.AddRow());
        model_.hosts.name.Set(row, model_.strings.Intern(given.name));
        return row;
      }
      case Entity::SqlExecution: {
        const std::uint32_t row = id(model_.sql_executions);
        model_.sql_executions.root_id.Set(row, row);
        model_.sql_executions.root.Set(row, model::SqlRow(std::size_t{row}));
        model_.sql_executions.status.Set(row, model::JobStatus::Succeeded);
        return row;
      }
      case Entity::PlanNode: {
        const std::uint32_t row = id(model_.plan_nodes);
        auto& nodes = model_.plan_nodes;
        const model::NodeKind kind = given.type.node_kind.value_or(model::NodeKind::Other);
        nodes.kind.Set(row, kind);
        nodes.name.Set(row, model_.strings.Intern(model::EnumName(kind)));
        nodes.engine.Set(row, model::Engine::Spark);
        nodes.final_plan.Set(row, true);
        nodes.stages_evidence.Set(row, model::StagesEvidence::None);
        return row;
      }
      case Entity::Shuffle: return 0;  // known when all edges are
      case Entity::Gap: {
        const std::uint32_t row = id(model_.gaps);
        model_.gaps.kind.Set(row, model::GapKind::Unknown);
        return row;
      }
      case Entity::CachedRdd: return id(model_.cached_rdds);
      case Entity::Incident: {
        const std::uint32_t row = id(model_.incidents);
        model_.incidents.kind.Set(row, model::IncidentKind::Other);
        model_.incidents.count.Set(row, 1);
        return row;
      }
    }
    return 0;
  }

  // ---------------------------------------------------------------- the application
  [[nodiscard]] const GivenCell* AppCell(std::string_view name) const {
    const AttributeId id = IdOf(Entity::App, name);
    for (const GivenEntity& given : test_.givens) {
      if (given.type.entity != Entity::App) continue;
      for (const auto& value : given.values) {
        if (value.attribute == id) return &value.cell;
      }
    }
    return nullptr;
  }

  void StartApp() {
    model::AppTable& app = model_.app;
    app.id.Set(0, model_.strings.Intern("app"));
    app.complete.Set(0, true);
    app.failed.Set(0, false);
    app.environment.Set(0, model::Environment::Unknown);
    const GivenCell* spark = AppCell("spark");
    if (spark == nullptr || spark->kind == GivenCell::Kind::Text) {
      const std::string_view text = spark != nullptr ? std::string_view(spark->text) : kSpark;
      model_.version = model::ParseSparkVersion(text);
      app.spark.Set(0, model_.strings.Intern(text));
    }
    const GivenCell* start = AppCell("start");
    if (start != nullptr && start->kind == GivenCell::Kind::Number && !start->since_start)
      start_ = std::llround(start->number);
    const GivenCell* duration = AppCell("duration");
    const GivenCell* end = AppCell("end");
    std::int64_t length = kDuration;
    if (end != nullptr && end->kind == GivenCell::Kind::Number) length = Time(*end) - start_;
    if (duration != nullptr && duration->kind == GivenCell::Kind::Number) length = std::llround(duration->number);
    app.start.Set(0, start_);
    app.first_event.Set(0, start_);
    app.duration.Set(0, length);
    app.end.Set(0, start_ + length);
    app.last_event.Set(0, start_ + length);
    if (const GivenCell* master = AppCell("master"); master != nullptr && master->kind == GivenCell::Kind::Text)
      app.master.Set(0, model_.strings.Intern(master->text));
    model_.has_environment = true;
    for (const auto& [key, value] : test_.settings) model_.spark_properties[key] = value;
  }

  [[nodiscard]] std::int64_t Time(const GivenCell& cell) const {
    return std::llround(cell.number) + (cell.since_start ? start_ : 0);
  }

  // ---------------------------------------------------------------- cells
  [[nodiscard]] Cell CellOf(const GivenCell& given) const {
    Cell cell;
    switch (given.kind) {
      case GivenCell::Kind::Missing: break;
      case GivenCell::Kind::Number:
        cell.kind = Cell::Kind::Number;
        cell.number = given.since_start ? static_cast<double>(Time(given)) : given.number;
        break;
      case GivenCell::Kind::Text:
        cell.kind = Cell::Kind::Text;
        cell.text = given.text;
        break;
      case GivenCell::Kind::Bool:
        cell.kind = Cell::Kind::Bool;
        cell.boolean = given.boolean;
        break;
      case GivenCell::Kind::Given:
        cell.kind = Cell::Kind::Row;
        cell.row = RowOf(given.given);
        break;
    }
    return cell;
  }

  void SetAll() {
    for (std::uint32_t given = 0; given < test_.givens.size(); ++given) {
      if (EntityOf(given) == Entity::Task) continue;
      if (EntityOf(given) == Entity::Shuffle && model_.shuffles.size() == 0) continue;
      for (const auto& value : test_.givens[given].values)
        SetCell(model_, value.attribute, RowOf(given), CellOf(value.cell));
    }
    for (std::size_t stage = 0; stage < model_.stages.size(); ++stage) {
      model_.stages.key.Set(stage, model_.strings.Intern(std::to_string(model_.stages.id.Get(stage)) + "." +
                                                         std::to_string(model_.stages.attempt.Get(stage))));
    }
  }

  // SQL metrics, and the columns that the log leg makes of them.
  void SetMetrics() {
    std::vector<std::vector<model::NodeMetric>> of_node(model_.plan_nodes.size());
    for (std::uint32_t given = 0; given < test_.givens.size(); ++given) {
      std::map<std::string, model::NodeMetric> metrics;
      for (const rules::GivenMetric& value : test_.givens[given].metrics) {
        const auto [type, number] = metrics::StateSqlMetric(value.kind, value.number.value_or(0));
        model::NodeMetric& metric = metrics[value.name];
        metric.node = model::NodeRow(std::size_t{RowOf(given)});
        metric.name = model_.strings.Intern(value.name);
        metric.type = model_.strings.Intern(type);
        (value.part == metrics::SqlMetricPart::Total ? metric.total : metric.max) = value.number ? number : kMissing;
      }
      for (const auto& [name, metric] : metrics) of_node[metric.node.index].push_back(metric);
    }
    model_.node_metric_begin.assign(1, 0);
    for (const std::vector<model::NodeMetric>& metrics : of_node) {
      model_.node_metrics.insert(model_.node_metrics.end(), metrics.begin(), metrics.end());
      model_.node_metric_begin.push_back(static_cast<std::uint32_t>(model_.node_metrics.size()));
    }
    for (std::size_t node = 0; node < of_node.size(); ++node) {
      if (!of_node[node].empty()) model::DeriveMetricColumns(model_, model::NodeRow(node));
    }
  }

  void FillInverses() {
    for (const Inverse& inverse : kInverses) {
      const AttributeId one = IdOf(inverse.one, inverse.to_one);
      const AttributeId many = IdOf(inverse.many, inverse.to_many);
      for (std::uint32_t given = 0; given < test_.givens.size(); ++given) {
        for (const auto& value : test_.givens[given].values) {
          if (value.cell.kind != GivenCell::Kind::Given) continue;
          const Cell self{Cell::Kind::Row, 0, {}, false, RowOf(given)};
          if (value.attribute == one) SetCell(model_, many, RowOf(value.cell.given), self);
          if (value.attribute == many) SetCell(model_, one, RowOf(value.cell.given), self);
        }
      }
    }
    for (std::size_t node = 0; node < model_.plan_nodes.size(); ++node) {
      const model::SqlRow sql = model_.plan_nodes.sql_execution.Get(node);
      if (sql.valid()) Add(model_.sql_executions.nodes.Mutable(sql.index), model::NodeRow(node));
    }
    // A stage belongs to the execution of its job, or of the nodes that ran in it.
    for (std::size_t stage = 0; stage < model_.stages.size(); ++stage) {
      if (model_.stages.sql_execution.Has(stage)) continue;
      const model::JobRow job = model_.stages.job.Get(stage);
      model::SqlRow sql = job.valid() ? model_.jobs.sql_execution.Get(job.index) : model::SqlRow();
      if (!sql.valid() && !model_.stages.nodes.Get(stage).empty())
        sql = model_.plan_nodes.sql_execution.Get(model_.stages.nodes.Get(stage).front().index);
      if (!sql.valid()) continue;
      model_.stages.sql_execution.Set(stage, sql);
      Add(model_.sql_executions.stages.Mutable(sql.index), model::StageRow(stage));
    }
  }

  template <class Row>
  static void Add(std::vector<Row>& rows, Row row) {
    const auto place = std::lower_bound(rows.begin(), rows.end(), row);
    if (place == rows.end() || *place != row) rows.insert(place, row);
  }

  // ---------------------------------------------------------------- edges
  void LinkEntities() {
    for (std::size_t stage = 0; stage < model_.stages.size(); ++stage)
      model_.stages.attempts.Mutable(stage).push_back(model::StageRow(stage));
    for (const GivenLink& link : test_.links) {
      const std::size_t from = RowOf(link.from);
      const std::size_t to = RowOf(link.to);
      switch (link.kind) {
        case metrics::EdgeKind::Shuffle:
          Add(model_.stages.parents.Mutable(to), model::StageRow(from));
          Add(model_.stages.children.Mutable(from), model::StageRow(to));
          break;
        case metrics::EdgeKind::Runs:
          Add(model_.stages.nodes.Mutable(from), model::NodeRow(to));
          Add(model_.plan_nodes.stages.Mutable(to), model::StageRow(from));
          model_.plan_nodes.stages_evidence.Set(to, model::StagesEvidence::Metric);
          break;
        case metrics::EdgeKind::Feeds: Feed(from, to); break;
        case metrics::EdgeKind::RanOn: break;  // after the tasks, which tell it too
        case metrics::EdgeKind::After: Add(model_.jobs.after.Mutable(to), model::JobRow(from)); break;
        case metrics::EdgeKind::Caches:
          Add(model_.stages.caches.Mutable(from), model::CachedRddRow(to));
          model_.stages.is_cached.Set(from, true);
          break;
        case metrics::EdgeKind::ReadsCache:
          Add(model_.stages.reads_cache.Mutable(from), model::CachedRddRow(to));
          model_.stages.is_cached.Set(from, true);
          break;
        case metrics::EdgeKind::Retries: Retry(from, to); break;
      }
    }
    std::ranges::sort(model_.retries);
  }

  void Feed(std::size_t from, std::size_t to) {
    auto& nodes = model_.plan_nodes;
    nodes.parent.Set(from, model::NodeRow(to));
    const std::size_t before = nodes.children.Get(to).size();
    nodes.children.Mutable(to).push_back(model::NodeRow(from));
    if (!model::IsA(nodes.kind.Get(to), model::NodeKind::Join)) return;
    if (before == 0) nodes.left.Set(to, model::NodeRow(from));
    if (before == 1) nodes.right.Set(to, model::NodeRow(from));
  }

  // The later attempt has the id of the earlier one.
  void Retry(std::size_t earlier, std::size_t later) {
    auto& stages = model_.stages;
    model_.retries.emplace_back(model::StageRow(earlier), model::StageRow(later));
    stages.id.Set(later, stages.id.Get(earlier));
    stages.attempt.Set(later, stages.attempt.Get(earlier) + 1);
    std::vector<model::StageRow> all(stages.attempts.Get(earlier).begin(), stages.attempts.Get(earlier).end());
    for (const model::StageRow one : stages.attempts.Get(later)) Add(all, one);
    for (const model::StageRow one : all) stages.attempts.Set(one.index, all);
  }

  // ---------------------------------------------------------------- tasks
  void AddTasks() {
    std::vector<TaskCells> tasks;
    for (std::uint32_t given = 0; given < test_.givens.size(); ++given) {
      if (EntityOf(given) == Entity::Stage) AddSamples(test_.givens[given], RowOf(given), tasks);
    }
    for (std::uint32_t given = 0; given < test_.givens.size(); ++given) {
      if (EntityOf(given) != Entity::Task) continue;
      TaskCells task;
      for (const auto& value : test_.givens[given].values) {
        if (value.attribute == IdOf(Entity::Task, "stage")) {
          task.stage = RowOf(value.cell.given);
        } else {
          task.cells[value.attribute] = value.cell;
        }
      }
      made_.rows[given] = static_cast<std::uint32_t>(tasks.size());
      tasks.push_back(std::move(task));
    }
    std::map<std::uint32_t, std::int64_t> next_index;
    for (std::size_t row = 0; row < tasks.size(); ++row) {
      TaskCells& task = tasks[row];
      task.Default("id", static_cast<std::int64_t>(row));
      if (task.stage) task.Default("index", next_index[*task.stage]++);
      Complete(task);
      Push(task);
    }
    for (std::size_t stage = 0; stage < model_.stages.size(); ++stage) CountTasks(stage, tasks);
    tasks_ = std::move(tasks);
  }

  static void AddSamples(const GivenEntity& stage, std::uint32_t row, std::vector<TaskCells>& tasks) {
    if (stage.tasks.empty()) return;
    std::int64_t count = 1;
    for (const rules::GivenSample& sample : stage.tasks) {
      if (sample.every) continue;
      count = 0;
      for (const auto& [cell, times] : sample.runs) count += times;
    }
    const std::size_t first = tasks.size();
    for (std::int64_t i = 0; i < count; ++i) tasks.push_back({row, {}});
    for (const rules::GivenSample& sample : stage.tasks) {
      std::size_t at = first;
      for (const auto& [cell, times] : sample.runs) {
        const std::int64_t repeat = sample.every ? count : times;
        for (std::int64_t i = 0; i < repeat; ++i) tasks[at++].cells[sample.attribute] = cell;
      }
    }
  }

  // How the attempt ended, and the times that follow from others.
  void Complete(TaskCells& task) const {
    const GivenCell* status = task.Has("status") ? task.Find("status") : nullptr;
    const bool running = task.IsTrue("running") || (status != nullptr && status->text == "RUNNING");
    const bool killed = task.IsTrue("killed") || (status != nullptr && status->text == "KILLED");
    const bool failed = !killed && (task.IsTrue("failed") || (status != nullptr && status->text == "FAILED") ||
                                    (task.IsFalse("succeeded") && !running));
    const bool succeeded = !running && !killed && !failed;
    task.Default("running", running);
    task.Default("killed", killed);
    task.Default("failed", failed);
    task.Default("succeeded", succeeded);
    task.Default("status", std::string_view(running ? "RUNNING" : killed ? "KILLED" : failed ? "FAILED" : "SUCCESS"));
    if (succeeded) task.Default("end_reason", std::string_view("Success"));
    task.Default("speculative", false);
    task.Default("attempt", std::int64_t{0});
    task.Default("repeat", std::int64_t{0});
    task.Default("started", true);
    const std::int64_t launch = Stamp(task, "launch");
    const std::int64_t finish = Stamp(task, "finish");
    if (launch != kMissing && finish != kMissing) task.Default("duration", std::max<std::int64_t>(0, finish - launch));
    const std::int64_t duration = task.Number("duration");
    if (launch != kMissing && duration != kMissing) task.Default("finish", launch + duration);
    if (finish != kMissing && duration != kMissing) task.Default("launch", finish - duration);
    task.Default("scheduler_delay",
                 model::SchedulerDelay(duration, task.Number("run_time"), task.Number("deserialize_time"),
                                       task.Number("result_serialization_time"), task.Number("getting_result_time")));
    task.Default("off_cpu_time",
                 model::OffCpuTime(task.Number("run_time"), task.Number("cpu_time"), task.Number("fetch_wait_time")));
  }

  [[nodiscard]] std::int64_t Stamp(const TaskCells& task, std::string_view name) const {
    return task.Has(name) ? Time(*task.Find(name)) : kMissing;
  }

  void Push(const TaskCells& task) {
    const auto row = static_cast<std::uint32_t>(model_.tasks.size());
    const auto number = [&](std::string_view name) {
      const GivenCell* cell = task.Find(name);
      if (cell == nullptr || cell->kind != GivenCell::Kind::Number) return kMissing;
      return Time(*cell);
    };
    auto& tasks = model_.tasks;
#define ADVISE_PUSH(name, Column, unit, since, scope, missing, doc) PushCell(tasks.name, [&] { return number(#name); });
    ADVISE_TASK_COLUMNS(ADVISE_PUSH)
#undef ADVISE_PUSH
    if (task.stage) tasks.stage.Set(row, model::StageRow(std::size_t{*task.stage}));
    tasks.winner.Set(row, false);
    for (const auto& [attribute, cell] : task.cells) {
      if (!IsAppended(attribute)) SetCell(model_, attribute, row, CellOf(cell));
    }
  }

  // What the events of a log would have counted.
  void CountTasks(std::size_t stage, const std::vector<TaskCells>& tasks) {
    auto& stages = model_.stages;
    std::set<std::int64_t> indices;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t killed = 0;
    bool launches = true;
    std::int64_t first = kMissing;
    for (const TaskCells& task : tasks) {
      if (task.stage != stage) continue;
      indices.insert(task.Number("index"));
      completed += task.IsTrue("succeeded") ? 1 : 0;
      failed += task.IsTrue("failed") ? 1 : 0;
      killed += task.IsTrue("killed") ? 1 : 0;
      const std::int64_t launch = Stamp(task, "launch");
      launches = launches && launch != kMissing;
      if (launch != kMissing) first = first == kMissing ? launch : std::min(first, launch);
    }
    if (indices.empty()) return;
    const auto row = static_cast<std::uint32_t>(stage);
    const auto set = [&](model::IntColumn& column, std::string_view name, std::int64_t value) {
      if (!IsGiven(Entity::Stage, row, name)) column.Set(stage, value);
    };
    set(stages.task_count, "task_count", static_cast<std::int64_t>(indices.size()));
    set(stages.completed_tasks, "completed_tasks", completed);
    set(stages.failed_tasks, "failed_tasks", failed);
    set(stages.killed_tasks, "killed_tasks", killed);
    if (launches) set(stages.first_launch, "first_launch", first);
  }

  // ---------------------------------------------------------------- what follows, as on a log
  void Derive() {
    FillPartitions();
    for (std::size_t executor = 0; executor < model_.executors.size(); ++executor) {
      if (!model_.executors.added.Has(executor) &&
          !IsGiven(Entity::Executor, static_cast<std::uint32_t>(executor), "added"))
        model_.executors.added.Set(executor, start_);
    }
    model::DeriveTasksOfStages(model_);
    KeepGivenWinners();
    for (const GivenLink& link : test_.links) {
      if (link.kind == metrics::EdgeKind::RanOn)
        Add(model_.stages.executors.Mutable(RowOf(link.from)), model::ExecutorRow(std::size_t{RowOf(link.to)}));
    }
    ForgetSums();
    model::DeriveResources(model_);
    ForgetResources();
    for (std::size_t host = 0; host < model_.hosts.size(); ++host) model_.hosts.executors.Mutable(host).clear();
    model::DeriveHosts(model_);
    DeriveOrder();
    DeriveShuffles();
    DerivePath();
    CountAll();
  }

  // Number of tasks of attempt 0; the same for all attempts.
  void FillPartitions() {
    auto& stages = model_.stages;
    for (std::size_t stage = 0; stage < stages.size(); ++stage) {
      const std::size_t first = stages.attempts.Get(stage).front().index;
      if (!stages.partitions.Has(stage)) stages.partitions.Set(stage, stages.task_count.Get(first));
    }
  }

  // Whether some, or all, tasks of a stage were given the attribute.
  [[nodiscard]] bool TasksHave(std::size_t stage, std::string_view name) const {
    return std::ranges::any_of(tasks_, [&](const TaskCells& task) { return task.stage == stage && task.Has(name); });
  }
  [[nodiscard]] bool AllTimed(std::optional<std::size_t> stage) const {
    return std::ranges::all_of(tasks_, [&](const TaskCells& task) {
      if (stage && task.stage != *stage) return true;
      return task.Has("launch") && (task.Has("finish") || task.IsTrue("running"));
    });
  }

  void KeepGivenWinners() {
    std::set<std::uint32_t> stages;
    for (const TaskCells& task : tasks_) {
      if (task.stage && task.Has("winner")) stages.insert(*task.stage);
    }
    for (const std::uint32_t stage : stages) {
      std::vector<model::TaskRow>& winners = model_.stages.winners.Mutable(stage);
      winners.clear();
      for (const model::TaskRow task : model_.stages.tasks.Get(stage)) {
        const bool wins = tasks_[task.index].IsTrue("winner");
        model_.tasks.winner.Set(task.index, wins);
        if (wins) winners.push_back(task);
      }
    }
  }

  void ForgetSums() {
    for (std::size_t stage = 0; stage < model_.stages.size(); ++stage) {
      for (const StageSum& sum : kStageSums) {
        const bool known = TasksHave(stage, sum.task) && (sum.also.empty() || TasksHave(stage, sum.also));
        if (!known) Forget(Entity::Stage, sum.stage, stage);
      }
      if (model_.stages.tasks.Get(stage).empty()) Forget(Entity::Stage, "speculative_tasks", stage);
    }
  }

  void Forget(Entity entity, std::string_view name, std::size_t row) {
    SetCell(model_, IdOf(entity, name), static_cast<std::uint32_t>(row), Cell{});
  }

  // Without tasks with times nobody knows how busy slots were; without executors nothing is known of them.
  void ForgetResources() {
    const bool timed = !tasks_.empty() && AllTimed(std::nullopt);
    if (!timed) {
      for (const std::string_view name :
           {"busy_slot_time", "utilisation", "driver_time", "max_running", "startup_time"})
        Forget(Entity::App, name, 0);
    }
    for (std::size_t executor = 0; executor < model_.executors.size(); ++executor) {
      if (!timed || model_.executors.tasks.Get(executor).empty()) {
        Forget(Entity::Executor, "busy_time", executor);
        Forget(Entity::Executor, "idle_time", executor);
      }
    }
    const bool executors = AnyOf(Entity::Executor);
    if (!executors) {
      for (const std::string_view name : {"executors", "max_executors", "slots"}) Forget(Entity::App, name, 0);
      for (std::size_t stage = 0; stage < model_.stages.size(); ++stage) Forget(Entity::Stage, "lost_executors", stage);
      model_.app.slots.Set(0, kSlots);
    }
  }

  void DeriveOrder() {
    bool timed = model_.jobs.size() > 0;
    for (std::size_t job = 0; job < model_.jobs.size(); ++job)
      timed = timed && model_.jobs.start.Has(job) && model_.jobs.end.Has(job);
    const bool given =
        std::ranges::any_of(test_.links, [](const GivenLink& link) { return link.kind == metrics::EdgeKind::After; });
    if (timed && !given) model::DeriveJobOrder(model_);
  }

  void DeriveShuffles() {
    model::DeriveShuffles(model_);
    for (const GivenLink& link : test_.links) {
      if (!link.as) continue;
      for (std::size_t row = 0; row < model_.shuffles.size(); ++row) {
        if (model_.shuffles.from.Get(row).index == RowOf(link.from) &&
            model_.shuffles.to.Get(row).index == RowOf(link.to))
          made_.rows[*link.as] = static_cast<std::uint32_t>(row);
      }
    }
    model::DeriveShuffleSides(model_);
  }

  // The critical path, and gaps, where every stage has tasks with times.
  void DerivePath() {
    bool timed = model_.stages.size() > 0 && AllTimed(std::nullopt);
    for (std::size_t stage = 0; stage < model_.stages.size(); ++stage)
      timed = timed && !model_.stages.tasks.Get(stage).empty();
    if (!timed || AnyOf(Entity::Gap)) return;
    model::DeriveGaps(model_);
    model::DeriveCriticalPath(model_);
  }

  void CountAll() {
    auto& executors = model_.executors;
    for (std::size_t row = 0; row < executors.size(); ++row) {
      if (executors.tasks.Get(row).empty()) continue;
      std::int64_t completed = 0;
      std::int64_t failed = 0;
      std::int64_t gc = 0;
      bool has_gc = false;
      for (const model::TaskRow task : executors.tasks.Get(row)) {
        const TaskCells& cells = tasks_[task.index];
        completed += cells.IsTrue("succeeded") ? 1 : 0;
        failed += cells.IsTrue("failed") ? 1 : 0;
        has_gc = has_gc || cells.Has("gc_time");
        gc += model::KnownOrZero(cells.Number("gc_time"));
      }
      executors.completed_tasks.Set(row, completed);
      executors.failed_tasks.Set(row, failed);
      if (has_gc) executors.gc_time.Set(row, gc);
    }
    for (std::size_t host = 0; host < model_.hosts.size(); ++host) {
      if (tasks_.empty()) Forget(Entity::Host, "task_count", host);
    }
    if (!tasks_.empty()) {
      std::int64_t failed = 0;
      std::int64_t ended = 0;
      for (const TaskCells& task : tasks_) {
        failed += task.IsTrue("failed") ? 1 : 0;
        ended += task.IsTrue("running") ? 0 : 1;
      }
      model_.app.failed_tasks.Set(0, failed);
      model_.app.task_count.Set(0, ended);
    }
  }

  // ---------------------------------------------------------------- what follows from what is given of an entity
  void Follow() {
    const auto length = [](const model::IntColumn& from, const model::IntColumn& to, model::IntColumn& into,
                           std::size_t row) {
      if (!into.Has(row) && from.Has(row) && to.Has(row)) into.Set(row, to.Get(row) - from.Get(row));
    };
    auto& jobs = model_.jobs;
    for (std::size_t row = 0; row < jobs.size(); ++row) length(jobs.start, jobs.end, jobs.duration, row);
    auto& sql = model_.sql_executions;
    for (std::size_t row = 0; row < sql.size(); ++row) {
      length(sql.start, sql.end, sql.duration, row);
      if (!sql.adaptive.Has(row) && model_.app.aqe.Has(0) && !IsGiven(Entity::SqlExecution, Row(row), "adaptive"))
        sql.adaptive.Set(row, model_.app.aqe.Get(0));
    }
    auto& stages = model_.stages;
    for (std::size_t row = 0; row < stages.size(); ++row) {
      length(stages.submitted, stages.completed, stages.duration, row);
      if (stages.disk_bytes_spilled.Has(row) && !stages.spill_bytes.Has(row))
        stages.spill_bytes.Set(row, stages.disk_bytes_spilled.Get(row));
      Share(Entity::Stage, row, stages.critical_time, stages.share_of_app);
      if (stages.critical_time.Has(row) && !IsGiven(Entity::Stage, Row(row), "on_critical_path"))
        stages.on_critical_path.Set(row, stages.critical_time.Get(row) > 0);
    }
    auto& gaps = model_.gaps;
    for (std::size_t row = 0; row < gaps.size(); ++row) {
      // No task runs in a gap: all of it is on the critical path.
      const bool open = !IsGiven(Entity::Gap, Row(row), "critical_time") && !gaps.share_of_app.Has(row);
      if (open && !gaps.critical_time.Has(row)) gaps.critical_time.Set(row, gaps.duration.Get(row));
      Share(Entity::Gap, row, gaps.critical_time, gaps.share_of_app);
    }
    auto& app = model_.app;
    if (app.busy_slot_time.Has(0) && app.executor_slot_time.Has(0) && app.executor_slot_time.Get(0) > 0 &&
        !IsGiven(Entity::App, 0, "utilisation")) {
      app.utilisation.Set(0, std::min(1.0, static_cast<double>(app.busy_slot_time.Get(0)) /
                                               static_cast<double>(app.executor_slot_time.Get(0))));
    }
  }
  static std::uint32_t Row(std::size_t row) { return static_cast<std::uint32_t>(row); }

  // critical_time and share_of_app say the same: one gives the other.
  void Share(Entity entity, std::size_t row, model::IntColumn& time, model::RealColumn& share) {
    if (!model_.app.duration.Has(0) || model_.app.duration.Get(0) <= 0) return;
    const auto whole = static_cast<double>(model_.app.duration.Get(0));
    const bool time_given = IsGiven(entity, Row(row), "critical_time");
    const bool share_given = IsGiven(entity, Row(row), "share_of_app");
    if (share_given && !time_given && share.Has(row)) {
      time.Set(row, std::llround(share.Get(row) * whole));
    } else if (!share_given && time.Has(row)) {
      share.Set(row, static_cast<double>(time.Get(row)) / whole);
    }
  }

  const BoundTest& test_;
  GivenModel made_;
  JobModel& model_ = made_.model;
  std::int64_t start_ = kStart;
  std::uint32_t given_tasks_ = 0;
  std::vector<TaskCells> tasks_;  // one a row of the task table
};

}  // namespace

GivenModel MakeModel(const BoundTest& test) { return ModelMaker(test).Make(); }

}  // namespace advise::workbench
