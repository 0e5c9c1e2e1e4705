// Cells, links and rows as a test states them, and what follows from them alone.
#include "workbench/given_overlay.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "metrics/catalogue.h"
#include "metrics/sql_metric_values.h"
#include "model/derive/plan_nodes.h"
#include "model/task_times.h"
#include "workbench/set_cell.h"

namespace advise::workbench {
namespace {

using metrics::EdgeKind;
using metrics::Entity;
using model::kMissing;
using rules::GivenCell;
using rules::GivenLink;

constexpr std::int64_t kUsualSlots = 40;

Cell CellOf(const GivenCell& given, const std::vector<std::uint32_t>& rows) {
  Cell cell;
  cell.number = given.number;
  cell.text = given.text;
  cell.boolean = given.boolean;
  switch (given.kind) {
    case GivenCell::Kind::Missing: cell.kind = Cell::Kind::Missing; break;
    case GivenCell::Kind::Number: cell.kind = Cell::Kind::Number; break;
    case GivenCell::Kind::Text: cell.kind = Cell::Kind::Text; break;
    case GivenCell::Kind::Bool: cell.kind = Cell::Kind::Bool; break;
    case GivenCell::Kind::Given:
      cell.kind = Cell::Kind::Row;
      cell.row = rows[given.given];
      break;
  }
  return cell;
}

// Sets that derive steps append to, without a look at what is there.
bool IsAppendedTo(metrics::AttributeId attribute) {
  static const metrics::AttributeId kAfter = IdOf(Entity::Job, "after");
  static const metrics::AttributeId kExecutors = IdOf(Entity::Host, "executors");
  const metrics::Attribute& what = metrics::Get(attribute);
  const bool of_app = what.entity == Entity::App && what.kind == metrics::ValueKind::EntitySet;
  return of_app || attribute == kAfter || attribute == kExecutors;
}

template <class Row>
void AddTo(std::vector<Row>& rows, Row row) {
  const auto place = std::lower_bound(rows.begin(), rows.end(), row);
  if (place == rows.end() || *place != row) rows.insert(place, row);
}

}  // namespace

// ---------------------------------------------------------------- rows
GivenOverlay::GivenOverlay(const rules::BoundTest& test, const GivenRows& given, const GivenNames& names,
                           GivenModel& made)
    : test_(test), given_(given), names_(names), made_(made) {
  FindRows();
}

void GivenOverlay::FindRows() {
  std::map<std::pair<Entity, GivenNames::Name>, std::uint32_t> by_name;
  const auto note = [&](Entity entity, std::size_t rows, const auto& name_of) {
    for (std::uint32_t row = 0; row < rows; ++row) by_name.emplace(std::pair(entity, name_of(row)), row);
  };
  const auto text = [&](model::JobModel& m, StringId id) { return std::string(m.strings.Get(id)); };
  using Name = GivenNames::Name;
  note(Entity::Job, model_.jobs.size(), [&](auto row) { return Name{model_.jobs.id.Get(row)}; });
  note(Entity::SqlExecution, model_.sql_executions.size(),
       [&](auto row) { return Name{model_.sql_executions.id.Get(row)}; });
  note(Entity::Stage, model_.stages.size(), [&](auto row) {
    return Name{model_.stages.id.Get(row), model_.stages.attempt.Get(row)};
  });
  note(Entity::Executor, model_.executors.size(), [&](auto row) {
    return Name{kMissing, 0, text(model_, model_.executors.id.Get(row))};
  });
  note(Entity::Host, model_.hosts.size(), [&](auto row) {
    return Name{kMissing, 0, text(model_, model_.hosts.name.Get(row))};
  });
  made_.rows.assign(given_.rows.size(), 0);
  for (std::uint32_t given = 0; given < given_.rows.size(); ++given) {
    const Entity entity = given_.rows[given].type.entity;
    const auto found = by_name.find({entity, names_.names[given]});
    made_.rows[given] = found != by_name.end()   ? found->second
                        : entity == Entity::Task ? names_.task_rows[given_.task_of[given]]
                                                 : AddRow(given);
  }
}

std::uint32_t GivenOverlay::AddRow(std::uint32_t given) {
  const auto add = [](auto& table) {
    const std::size_t row = table.AddRow();
    table.id.Set(row, static_cast<std::int64_t>(row));
    return static_cast<std::uint32_t>(row);
  };
  switch (given_.rows[given].type.entity) {
    case Entity::Host: {  // nothing runs on it
      const std::size_t row = model_.hosts.AddRow();
      model_.hosts.name.Set(row, model_.strings.Intern(names_.names[given].text));
      return static_cast<std::uint32_t>(row);
    }
    case Entity::Stage: {  // nobody submitted it, and no job lists it
      const std::uint32_t row = add(model_.stages);
      model_.stages.id.Set(row, names_.names[given].id);
      model_.stages.attempt.Set(row, names_.names[given].attempt);
      model_.stages.submitted_flag.Set(row, false);
      return row;
    }
    case Entity::PlanNode: {
      model::NodeTable& nodes = model_.plan_nodes;
      const std::uint32_t row = add(nodes);
      const model::NodeKind kind = given_.rows[given].type.node_kind.value_or(model::NodeKind::Other);
      nodes.kind.Set(row, kind);
      nodes.name.Set(row, model_.strings.Intern(model::EnumName(kind)));
      nodes.engine.Set(row, model::Engine::Spark);
      nodes.final_plan.Set(row, true);
      nodes.sql_execution.Set(row, model::SqlRow(std::size_t{0}));
      nodes.stages_evidence.Set(row, model::StagesEvidence::None);
      return row;
    }
    case Entity::Gap: {
      const std::uint32_t row = add(model_.gaps);
      model_.gaps.kind.Set(row, model::GapKind::Unknown);
      return row;
    }
    case Entity::Incident: {
      const std::uint32_t row = add(model_.incidents);
      model_.incidents.kind.Set(row, model::IncidentKind::Other);
      model_.incidents.count.Set(row, 1);
      return row;
    }
    case Entity::CachedRdd: return add(model_.cached_rdds);
    default: return 0;  // the application's one row; a shuffle's is known when all edges are
  }
}

// ---------------------------------------------------------------- before the derive steps
void GivenOverlay::StateRows() {
  model_.app.first_event.Set(0, given_.start);
  model_.app.duration.Set(0, given_.end - given_.start);
  model_.app.last_event.Set(0, std::max(model_.app.last_event.Get(0), given_.end));
  for (std::size_t stage = 0; stage < model_.stages.size(); ++stage) model_.stages.is_cached.Set(stage, false);
  StateCells(false);
  for (std::size_t stage = 0; stage < model_.stages.size(); ++stage) {
    model_.stages.key.Set(stage, model_.strings.Intern(std::to_string(model_.stages.id.Get(stage)) + "." +
                                                       std::to_string(model_.stages.attempt.Get(stage))));
  }
  StateTasks();
  StateLinks();
  StateMetrics();
}

// All cells but integers of tasks.
void GivenOverlay::StateCells(bool again) {
  const auto state = [&](const GivenRow& given, std::uint32_t row) {
    for (const auto& [attribute, cell] : given.values) {
      if (!IsTaskInteger(attribute) && (again || !IsAppendedTo(attribute)))
        SetCell(model_, attribute, row, CellOf(cell, made_.rows));
    }
  };
  for (std::size_t place = 0; place < given_.tasks.size(); ++place) state(given_.tasks[place], names_.task_rows[place]);
  for (std::uint32_t given = 0; given < given_.rows.size(); ++given) {
    const Entity entity = given_.rows[given].type.entity;
    const bool known = entity != Entity::Shuffle || model_.shuffles.size() > 0;
    if (known && entity != Entity::Task) state(given_.rows[given], made_.rows[given]);
  }
}

void GivenOverlay::StateTasks() {
  std::map<metrics::AttributeId, std::vector<std::pair<std::uint32_t, std::int64_t>>> integers;
  const metrics::AttributeId delay = IdOf(Entity::Task, "scheduler_delay");
  for (std::size_t place = 0; place < given_.tasks.size(); ++place) {
    const GivenRow& task = given_.tasks[place];
    const std::uint32_t row = names_.task_rows[place];
    if (!task.Other("stage")) {  // its event had to name one
      const model::StageRow stage = model_.tasks.stage.Get(row);
      if (stage.valid()) model_.stages.submitted_flag.Set(stage.index, false);
      model_.tasks.stage.Clear(row);
    }
    if (task.Gives("getting_result_time") && !task.Gives("scheduler_delay")) {
      integers[delay].emplace_back(
          row, model::SchedulerDelay(model_.tasks.duration.Get(row), model_.tasks.run_time.Get(row),
                                     task.Number("deserialize_time"), task.Number("result_serialization_time"),
                                     task.Number("getting_result_time")));
    }
    for (const auto& [attribute, cell] : task.values) {
      if (!IsTaskInteger(attribute)) continue;
      const bool number = cell.kind == GivenCell::Kind::Number;
      integers[attribute].emplace_back(row, number ? std::llround(cell.number) : kMissing);
    }
  }
  for (const auto& [attribute, cells] : integers) SetTaskCells(model_, attribute, cells);
}

void GivenOverlay::StateLinks() {
  model::StageTable& stages = model_.stages;
  model::NodeTable& nodes = model_.plan_nodes;
  for (const GivenLink& link : test_.links) {
    const std::uint32_t from = made_.rows[link.from];
    const std::uint32_t to = made_.rows[link.to];
    switch (link.kind) {
      case EdgeKind::Runs:
        AddTo(stages.nodes.Mutable(from), model::NodeRow(std::size_t{to}));
        AddTo(nodes.stages.Mutable(to), model::StageRow(std::size_t{from}));
        nodes.stages_evidence.Set(to, model::StagesEvidence::Metric);
        break;
      case EdgeKind::Feeds: Feed(from, to); break;
      case EdgeKind::After: AddTo(model_.jobs.after.Mutable(to), model::JobRow(std::size_t{from})); break;
      case EdgeKind::Caches:
        AddTo(stages.caches.Mutable(from), model::CachedRddRow(std::size_t{to}));
        stages.is_cached.Set(from, true);
        break;
      case EdgeKind::ReadsCache:
        AddTo(stages.reads_cache.Mutable(from), model::CachedRddRow(std::size_t{to}));
        stages.is_cached.Set(from, true);
        break;
      case EdgeKind::Shuffle:       // events told it
      case EdgeKind::Retries:       // likewise
      case EdgeKind::RanOn: break;  // with the tasks, which tell it too
    }
  }
  // A stage belongs to the execution of its job, or of the nodes that ran in it.
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    if (!stages.sql_execution.Has(stage) && !stages.nodes.Get(stage).empty())
      stages.sql_execution.Set(stage, nodes.sql_execution.Get(stages.nodes.Get(stage).front().index));
  }
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    const model::SqlRow sql = nodes.sql_execution.Get(node);
    if (sql.valid()) AddTo(model_.sql_executions.nodes.Mutable(sql.index), model::NodeRow(node));
  }
}

void GivenOverlay::Feed(std::uint32_t from, std::uint32_t to) {
  model::NodeTable& nodes = model_.plan_nodes;
  nodes.parent.Set(from, model::NodeRow(std::size_t{to}));
  const std::size_t before = nodes.children.Get(to).size();
  nodes.children.Mutable(to).push_back(model::NodeRow(std::size_t{from}));
  if (!model::IsA(nodes.kind.Get(to), model::NodeKind::Join)) return;
  if (before == 0) nodes.left.Set(to, model::NodeRow(std::size_t{from}));
  if (before == 1) nodes.right.Set(to, model::NodeRow(std::size_t{from}));
}

// SQL metrics, and the columns that the log leg makes of them.
void GivenOverlay::StateMetrics() {
  std::vector<std::map<std::string, model::NodeMetric>> of_node(model_.plan_nodes.size());
  for (std::uint32_t given = 0; given < test_.givens.size(); ++given) {
    for (const rules::GivenMetric& value : test_.givens[given].metrics) {
      const auto [type, number] = metrics::StateSqlMetric(value.kind, value.number.value_or(0));
      model::NodeMetric& metric = of_node[made_.rows[given]][value.name];
      metric.node = model::NodeRow(std::size_t{made_.rows[given]});
      metric.name = model_.strings.Intern(value.name);
      metric.type = model_.strings.Intern(type);
      (value.part == metrics::SqlMetricPart::Total ? metric.total : metric.max) = value.number ? number : kMissing;
    }
  }
  model_.node_metric_begin.assign(1, 0);
  for (const auto& of_one : of_node) {
    for (const auto& [name, metric] : of_one) model_.node_metrics.push_back(metric);
    model_.node_metric_begin.push_back(static_cast<std::uint32_t>(model_.node_metrics.size()));
  }
  for (std::size_t node = 0; node < of_node.size(); ++node) {
    if (!of_node[node].empty()) model::DeriveMetricColumns(model_, model::NodeRow(node));
  }
}

// ---------------------------------------------------------------- between them
void GivenOverlay::StateWinners() {
  std::set<std::uint32_t> told;
  for (const GivenRow& task : given_.tasks) {
    if (const auto stage = task.Other("stage"); stage && task.Flag("winner")) told.insert(made_.rows[*stage]);
  }
  for (const std::uint32_t stage : told) model_.stages.winners.Mutable(stage).clear();
  for (std::size_t place = 0; place < given_.tasks.size(); ++place) {
    const std::uint32_t row = names_.task_rows[place];
    const model::StageRow stage = model_.tasks.stage.Get(row);
    if (!stage.valid() || !told.contains(stage.index)) continue;
    const bool wins = given_.tasks[place].Flag("winner").value_or(false);
    model_.tasks.winner.Set(row, wins);
    if (wins) AddTo(model_.stages.winners.Mutable(stage.index), model::TaskRow(std::size_t{row}));
  }
  for (const GivenLink& link : test_.links) {
    if (link.kind != EdgeKind::RanOn) continue;
    AddTo(model_.stages.executors.Mutable(made_.rows[link.from]), model::ExecutorRow(std::size_t{made_.rows[link.to]}));
  }
}

// Also where the times of the stages contradict it, or the tasks that they announce.
void GivenOverlay::StateParents() {
  for (std::uint32_t given = 0; given < given_.rows.size(); ++given) {
    const GivenRow& row = given_.rows[given];
    if (row.type.entity == Entity::Stage && row.Gives("partitions"))
      model_.stages.partitions.Set(made_.rows[given], row.Number("partitions"));
  }
  for (const GivenLink& link : test_.links) {
    if (link.kind != EdgeKind::Shuffle) continue;
    const model::StageRow from(std::size_t{made_.rows[link.from]});
    const model::StageRow to(std::size_t{made_.rows[link.to]});
    AddTo(model_.stages.parents.Mutable(to.index), from);
  }
  // Parents or children may also be given as sets.
  model::StageTable& stages = model_.stages;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    for (const model::StageRow parent : stages.parents.Get(stage))
      AddTo(stages.children.Mutable(parent.index), model::StageRow(stage));
    for (const model::StageRow child : stages.children.Get(stage))
      AddTo(stages.parents.Mutable(child.index), model::StageRow(stage));
  }
}

void GivenOverlay::StateShuffles() {
  for (const GivenLink& link : test_.links) {
    if (!link.as) continue;
    for (std::uint32_t row = 0; row < model_.shuffles.size(); ++row) {
      if (model_.shuffles.from.Get(row).index == made_.rows[link.from] &&
          model_.shuffles.to.Get(row).index == made_.rows[link.to])
        made_.rows[*link.as] = row;
    }
  }
}

// ---------------------------------------------------------------- after them
void GivenOverlay::StateAgain() {
  model_.app.complete.Set(0, true);
  if (!given_.Has(Entity::Executor)) model_.app.slots.Set(0, kUsualSlots);
  StateCells(true);
  Follow();
}

bool GivenOverlay::Gives(Entity entity, std::uint32_t row, std::string_view name) const {
  for (std::uint32_t given = 0; given < given_.rows.size(); ++given) {
    const bool same = given_.rows[given].type.entity == entity && made_.rows[given] == row;
    if (same && given_.rows[given].Gives(name)) return true;
  }
  return false;
}

void GivenOverlay::Follow() {
  model::AppTable& app = model_.app;
  model::SqlTable& sql = model_.sql_executions;
  for (std::uint32_t row = 0; row < sql.size(); ++row) {
    if (Gives(Entity::SqlExecution, row, "adaptive")) continue;
    app.aqe.Has(0) ? sql.adaptive.Set(row, app.aqe.Get(0)) : sql.adaptive.Clear(row);
  }
  model::StageTable& stages = model_.stages;
  for (std::uint32_t row = 0; row < stages.size(); ++row) {
    if (!stages.spill_bytes.Has(row)) stages.spill_bytes.Set(row, stages.disk_bytes_spilled.Get(row));
    FollowShare(Entity::Stage, row, stages.critical_time, stages.share_of_app);
    if (stages.critical_time.Has(row) && !Gives(Entity::Stage, row, "on_critical_path"))
      stages.on_critical_path.Set(row, stages.critical_time.Get(row) > 0);
  }
  model::GapTable& gaps = model_.gaps;
  for (std::uint32_t row = 0; row < gaps.size(); ++row) {
    // No task runs in a gap: all of it is on the critical path.
    const bool open = !Gives(Entity::Gap, row, "critical_time") && !gaps.share_of_app.Has(row);
    if (open && !gaps.critical_time.Has(row)) gaps.critical_time.Set(row, gaps.duration.Get(row));
    FollowShare(Entity::Gap, row, gaps.critical_time, gaps.share_of_app);
  }
  const bool busy = app.busy_slot_time.Has(0) && app.executor_slot_time.Has(0) && app.executor_slot_time.Get(0) > 0;
  if (busy && !given_.app.Gives("utilisation")) {
    app.utilisation.Set(0, std::min(1.0, static_cast<double>(app.busy_slot_time.Get(0)) /
                                             static_cast<double>(app.executor_slot_time.Get(0))));
  }
}

// critical_time and share_of_app say the same: one gives the other.
void GivenOverlay::FollowShare(Entity entity, std::uint32_t row, model::IntColumn& time, model::RealColumn& share) {
  if (!model_.app.duration.Has(0) || model_.app.duration.Get(0) <= 0) return;
  const auto whole = static_cast<double>(model_.app.duration.Get(0));
  const bool time_given = Gives(entity, row, "critical_time");
  const bool share_given = Gives(entity, row, "share_of_app");
  if (share_given && !time_given && share.Has(row)) {
    time.Set(row, std::llround(share.Get(row) * whole));
  } else if (!share_given && time.Has(row)) {
    share.Set(row, static_cast<double>(time.Get(row)) / whole);
  }
}

}  // namespace advise::workbench
