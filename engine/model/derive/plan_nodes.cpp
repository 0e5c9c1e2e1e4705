// SQL plans become rows of plan_nodes: per execution the final plan (the last SQLAdaptiveExecutionUpdate, else the plan
// of SQLExecutionStart), then, where AQE changed it, the initial plan, each in pre-order.
//
// Two views of one tree: rules think of operators, so `parent` and `children` see through wrappers (WholeStageCodegen,
// InputAdapter, query stages, AdaptiveSparkPlan); a wrapper's own row points to the operator above it and to the row
// right below it, and operators tell their WholeStageCodegen block in `cluster`. A reused exchange stands once, with
// all its readers above it, as Spark draws it.
#include "model/derive/plan_nodes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "model/derive/derive.h"
#include "model/derive/node_kinds.h"
#include "model/derive/plan_text.h"

namespace advise::model {
namespace {

class PlanRows {
 public:
  explicit PlanRows(JobModel& model) : m_(model), t_(model.plan_nodes) {}

  void AddExecution(std::size_t sql) {
    const RawSqlExecution& raw = m_.raw_sql[sql];
    AddPlan(raw.last_update ? *raw.last_update : raw.initial, sql, true);
    if (raw.last_update && !raw.initial.empty() && !SamePlan(raw.initial, *raw.last_update))
      AddPlan(raw.initial, sql, false);
  }

  [[nodiscard]] std::span<const RawPlanNode* const> raw_nodes() const { return raw_; }

 private:
  static bool SamePlan(const RawPlan& a, const RawPlan& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const RawPlanNode& x, const RawPlanNode& y) {
      return x.parent == y.parent && x.name == y.name && x.simple_string == y.simple_string;
    });
  }

  void AddPlan(const RawPlan& plan, std::size_t sql, bool final_plan) {
    const std::vector<LaidOutNode> layout = LayOutPlan(plan, m_.strings);
    const std::size_t first = t_.size();
    for (const LaidOutNode& node : layout) AddNode(node, plan[node.raw], first, sql, final_plan);
    for (std::size_t i = 0; i < layout.size(); ++i) ReadInputs(layout[i], first, first + i);
    DecideAggregateModes(first);
    if (HasAdaptivePlan(first)) m_.sql_executions.adaptive.Set(sql, true);
    std::vector<NodeRow>& rows =
        final_plan ? m_.sql_executions.nodes.Mutable(sql) : m_.sql_executions.initial_nodes.Mutable(sql);
    for (std::size_t row = first; row < t_.size(); ++row) rows.push_back(NodeRow(row));
  }

  void AddNode(const LaidOutNode& node, const RawPlanNode& raw, std::size_t first, std::size_t sql, bool final_plan) {
    const std::size_t row = t_.AddRow();
    raw_.push_back(&raw);
    no_functions_.push_back(false);
    const std::string_view name = m_.strings.Get(raw.name);
    const std::string_view text = m_.strings.Get(raw.simple_string);
    const NodeKind kind = KindOf(name, text);
    if (node.number != kMissing) t_.id.Set(row, node.number);
    t_.name.Set(row, raw.name);
    t_.simple_string.Set(row, raw.simple_string);
    t_.kind.Set(row, kind);
    t_.engine.Set(row, EngineOf(name));
    t_.final_plan.Set(row, final_plan);
    t_.sql_execution.Set(row, SqlRow(sql));
    t_.stages_evidence.Set(row, StagesEvidence::None);  // until node_stages.cpp knows better
    if (node.parent >= 0) t_.parent.Set(row, NodeRow(first + static_cast<std::size_t>(node.parent)));
    if (node.cluster >= 0) t_.cluster.Set(row, NodeRow(first + static_cast<std::size_t>(node.cluster)));
    if (IsA(kind, NodeKind::Exchange) || IsA(kind, NodeKind::BroadcastExchange)) t_.reused.Set(row, node.reused);
    for (const RawMetric& metric : raw.metrics) t_.metric_names.Mutable(row).push_back(metric.name);
    ReadText(row, kind, name, text, raw);
  }

  // ------------------------------------------------------------ what the text says, by kind
  void ReadText(std::size_t row, NodeKind kind, std::string_view name, std::string_view text, const RawPlanNode& raw) {
    if (IsA(kind, NodeKind::Join)) return ReadJoin(row, kind, name, text);
    if (IsA(kind, NodeKind::Scan)) return ReadScan(row, kind, name, text, raw);
    switch (kind) {
      case NodeKind::Exchange: {
        const ExchangeText exchange = ParseExchange(text, name);
        SetText(t_.partitioning, row, exchange.partitioning);
        SetText(t_.keys, row, exchange.keys);
        if (exchange.partitions != kMissing) t_.partitions.Set(row, exchange.partitions);
        return;
      }
      case NodeKind::Aggregate: {
        const AggregateText aggregate = ParseAggregate(text);
        SetText(t_.keys, row, aggregate.keys);
        if (!aggregate.mode.empty()) t_.mode.Set(row, m_.strings.Intern(aggregate.mode));
        no_functions_.back() = aggregate.functions == "";
        return;
      }
      case NodeKind::Sort: return SetText(t_.keys, row, ParseSortKeys(text, name));
      case NodeKind::Limit: return SetText(t_.keys, row, ParseOrderBy(text));
      case NodeKind::Window: return SetText(t_.keys, row, ParseWindowPartition(text, name));
      case NodeKind::Filter: {
        const std::optional<std::string> condition = ParseFilter(text, name);
        if (condition) SetText(t_.condition, row, WithoutExpressionIds(*condition));
        return;
      }
      default: return;
    }
  }

  void ReadJoin(std::size_t row, NodeKind kind, std::string_view name, std::string_view text) {
    const JoinText join = ParseJoin(text, name);
    SetText(t_.keys, row, join.keys);
    SetText(t_.type, row, join.type);
    if (join.condition) SetText(t_.condition, row, WithoutExpressionIds(*join.condition));
    if (kind != NodeKind::SortMergeJoin) SetText(t_.build_side, row, join.build_side);
  }

  void ReadScan(std::size_t row, NodeKind kind, std::string_view name, std::string_view text, const RawPlanNode& raw) {
    if (kind != NodeKind::FileScan && kind != NodeKind::JdbcScan) return;
    std::vector<std::pair<std::string_view, std::string_view>> metadata;
    for (const auto& [key, value] : raw.metadata) metadata.emplace_back(m_.strings.Get(key), m_.strings.Get(value));
    const ScanText scan = ParseScan(text, name, metadata);
    SetText(t_.pushed_filters, row, scan.pushed_filters);
    SetText(t_.partition_filters, row, scan.partition_filters);
    SetText(t_.read_schema, row, scan.read_schema);
    if (scan.partitions != kMissing) t_.partitions.Set(row, scan.partitions);
    if (kind != NodeKind::FileScan) return;
    SetText(t_.format, row, scan.format);
    SetText(t_.location, row, scan.location);
  }

  void SetText(StrColumn& column, std::size_t row, const std::optional<std::string>& text) {
    if (text) column.Set(row, m_.strings.Intern(*text));
  }

  // ------------------------------------------------------------ what the tree says
  void ReadInputs(const LaidOutNode& node, std::size_t first, std::size_t row) {
    std::vector<NodeRow> inputs;  // without subqueries
    std::unordered_set<std::int32_t> seen;
    for (const std::int32_t child : node.children) {
      const NodeRow child_row(first + static_cast<std::size_t>(child));
      if (t_.kind.Get(child_row.index) != NodeKind::Subquery) inputs.push_back(child_row);
      // A self-join may read one exchange on both sides; as a child it stands once.
      if (seen.insert(child).second) t_.children.Mutable(row).push_back(child_row);
    }
    const NodeKind kind = t_.kind.Get(row);
    if (IsA(kind, NodeKind::Join)) {
      if (!inputs.empty()) t_.left.Set(row, inputs[0]);
      if (inputs.size() > 1) t_.right.Set(row, inputs[1]);
    }
    if (kind == NodeKind::AqeShuffleRead && !inputs.empty()) ReadShuffleRead(row, inputs[0].index);
  }

  // The flags stand on the exchange that is read (several reads: any of them) and on the read itself.
  void ReadShuffleRead(std::size_t row, std::size_t exchange) {
    const ShuffleReadText read = ParseShuffleRead(m_.strings.Get(t_.simple_string.Get(row)));
    const auto mark = [&](std::size_t marked) {
      t_.coalesced.Set(marked, read.coalesced || t_.coalesced.Get(marked));
      t_.skewed.Set(marked, read.skewed || t_.skewed.Get(marked));
    };
    mark(row);
    // A ReusedExchange has a row of its own where Spark draws it; its input is the exchange.
    const std::span<const NodeRow> below = t_.children.Get(exchange);
    mark(t_.kind.Get(exchange) == NodeKind::ReusedExchange && !below.empty() ? below[0].index : exchange);
  }

  // An aggregate whose functions have no prefix is "final" above a partial one, else "complete". One without functions
  // (distinct) has no prefix in any phase: of two with an exchange between, or with the same keys, the upper is final
  // and the lower partial.
  void DecideAggregateModes(std::size_t first) {
    const StringId partial = m_.strings.Intern("partial");
    const StringId merge = m_.strings.Intern("merge");
    for (std::size_t row = first; row < t_.size(); ++row) {
      if (t_.kind.Get(row) != NodeKind::Aggregate || t_.mode.Has(row) || !t_.keys.Has(row)) continue;
      const Below below = AggregateBelow(row);
      const bool distinct = below.found && no_functions_[row] && no_functions_[below.row] &&
                            (below.exchanged || t_.keys.Get(below.row) == t_.keys.Get(row));
      const bool phased = below.found && (t_.mode.Get(below.row) == partial || t_.mode.Get(below.row) == merge);
      t_.mode.Set(row, m_.strings.Intern(distinct || phased ? "final" : "complete"));
      if (distinct && !t_.mode.Has(below.row)) t_.mode.Set(below.row, partial);
    }
  }

  struct Below {
    std::size_t row = 0;
    bool found = false;
    bool exchanged = false;
  };
  // The aggregate that feeds this one through nothing but exchanges, sorts and conversions.
  [[nodiscard]] Below AggregateBelow(std::size_t row) const {
    Below below;
    for (below.row = row;;) {
      const std::span<const NodeRow> children = t_.children.Get(below.row);
      if (children.size() != 1) return below;
      below.row = children[0].index;
      switch (t_.kind.Get(below.row)) {
        case NodeKind::Aggregate: below.found = true; return below;
        case NodeKind::Exchange: below.exchanged = true; break;
        case NodeKind::AqeShuffleRead:
        case NodeKind::Sort:
        case NodeKind::Transition: break;
        default: return below;
      }
    }
  }

  [[nodiscard]] bool HasAdaptivePlan(std::size_t first) const {
    for (std::size_t row = first; row < t_.size(); ++row) {
      if (t_.kind.Get(row) == NodeKind::AdaptivePlan) return true;
    }
    return false;
  }

  JobModel& m_;
  NodeTable& t_;
  std::vector<const RawPlanNode*> raw_;  // one a row
  std::vector<bool> no_functions_;       // one a row: an aggregate with an empty list of functions
};

// ---------------------------------------------------------------- sql_executions
void AddJobs(JobModel& m) {
  SqlTable& t = m.sql_executions;
  for (std::size_t row = 0; row < m.jobs.size(); ++row) {
    const SqlRow sql = m.jobs.sql_execution.Get(row);
    if (!sql.valid()) continue;
    t.jobs.Mutable(sql.index).push_back(JobRow(row));
    std::vector<std::int64_t>& ids = t.stage_ids.Mutable(sql.index);
    for (const std::int64_t id : m.jobs.stage_ids.Get(row)) ids.push_back(id);
    std::vector<StageRow>& stages = t.stages.Mutable(sql.index);
    for (const StageRow stage : m.jobs.stages.Get(row)) stages.push_back(stage);
  }
  for (std::size_t row = 0; row < m.stages.size(); ++row) {
    const SqlRow sql = m.stages.sql_execution.Get(row);
    if (sql.valid() && m.stages.submitted_flag.Get(row)) t.stages.Mutable(sql.index).push_back(StageRow(row));
  }
}

template <class T>
void SortUnique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// RUNNING without an end, FAILED with an error or a failed job (the only sign before 3.4), else SUCCEEDED.
void DecideStatus(JobModel& m, std::size_t row) {
  SqlTable& t = m.sql_executions;
  for (const JobRow job : t.jobs.Get(row)) {
    if (m.jobs.status.Get(job.index) != JobStatus::Failed) continue;
    t.status.Set(row, JobStatus::Failed);
    if (!t.error.Has(row) && m.jobs.failure.Has(job.index)) t.error.Set(row, m.jobs.failure.Get(job.index));
  }
  if (t.error.Has(row)) t.status.Set(row, JobStatus::Failed);
  if (!t.end.Has(row) && !m.excerpt) {
    t.status.Set(row, JobStatus::Running);
  } else if (!t.status.Has(row)) {
    t.status.Set(row, JobStatus::Succeeded);
  }
}

}  // namespace

void DeriveExecutions(JobModel& m) {
  SqlTable& t = m.sql_executions;
  std::unordered_map<std::int64_t, std::size_t> rows;
  for (std::size_t row = 0; row < t.size(); ++row) rows.emplace(t.id.Get(row), row);
  AddJobs(m);
  for (std::size_t row = 0; row < t.size(); ++row) {
    SortUnique(t.jobs.Mutable(row));
    SortUnique(t.stages.Mutable(row));
    SortUnique(t.stage_ids.Mutable(row));
    DecideStatus(m, row);
    const auto root = t.root_id.Has(row) ? rows.find(t.root_id.Get(row)) : rows.end();
    if (root != rows.end()) t.root.Set(row, SqlRow(root->second));
    t.adaptive.Set(row, m.raw_sql[row].last_update.has_value());  // or an AdaptiveSparkPlan node, see AddPlan
  }
}

std::uint64_t DerivePlanNodes(JobModel& model, const Limits& limits) {
  PlanRows rows(model);
  for (std::size_t sql = 0; sql < model.raw_sql.size(); ++sql) rows.AddExecution(sql);
  DeriveNodeMetrics(model, rows.raw_nodes());
  DeriveNodeInputs(model);
  return DeriveNodeStages(model, limits);
}

}  // namespace advise::model
