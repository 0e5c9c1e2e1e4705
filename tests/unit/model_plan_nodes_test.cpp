// SQL plans: Spark's node numbers, kinds, what plan texts say in all dialects, metric encodings, stages of nodes.
#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "model/derive/derive.h"
#include "model/derive/node_kinds.h"
#include "model/derive/plan_nodes.h"
#include "model/derive/plan_text.h"

namespace advise::model {
namespace {

// ---------------------------------------------------------------- a plan as text
// One node a line, two blanks a level: "name | simpleString | metric = accumulator type; …"; without simpleString it
// is the name, without type it is sum.
std::string_view TakeField(std::string_view& line, std::string_view separator) {
  const std::size_t at = line.find(separator);
  const std::string_view field = line.substr(0, at);
  line = at == std::string_view::npos ? std::string_view() : line.substr(at + separator.size());
  return field;
}

void AddMetrics(JobModel& m, RawPlanNode& node, std::string_view text) {
  while (!text.empty()) {
    std::string_view metric = TakeField(text, "; ");
    const std::string_view name = TakeField(metric, " = ");
    const std::string_view accumulator = TakeField(metric, " ");
    node.metrics.push_back({m.strings.Intern(name), std::stoll(std::string(accumulator)),
                            m.strings.Intern(metric.empty() ? "sum" : metric)});
  }
}

RawPlan Plan(JobModel& m, std::string_view text) {
  RawPlan plan;
  std::vector<std::int32_t> open;  // the last node of each depth
  while (!text.empty()) {
    std::string_view line = TakeField(text, "\n");
    const std::size_t depth = std::min(line.find_first_not_of(' '), line.size()) / 2;
    line.remove_prefix(depth * 2);
    if (line.empty()) continue;
    RawPlanNode node;
    open.resize(depth);
    node.parent = depth == 0 ? -1 : open[depth - 1];
    const std::string_view name = TakeField(line, " | ");
    const std::string_view simple_string = TakeField(line, "| ");
    node.name = m.strings.Intern(name);
    node.simple_string = m.strings.Intern(simple_string.find_last_not_of(' ') == std::string_view::npos
                                              ? name
                                              : simple_string.substr(0, simple_string.find_last_not_of(' ') + 1));
    AddMetrics(m, node, line);
    open.push_back(static_cast<std::int32_t>(plan.size()));
    plan.push_back(std::move(node));
  }
  return plan;
}

// A model with one execution and one job of it; stages by AddStage.
struct Fixture {
  JobModel m;

  explicit Fixture(std::string_view version = "3.5.0") {
    m.version = ParseSparkVersion(version);
    m.app.AddRow();
    AddExecution();
  }
  std::size_t AddExecution() {
    const std::size_t row = m.sql_executions.AddRow();
    m.sql_executions.id.Set(row, static_cast<std::int64_t>(row));
    m.sql_executions.end.Set(row, 100);
    m.raw_sql.emplace_back();
    const std::size_t job = m.jobs.AddRow();
    m.jobs.id.Set(job, static_cast<std::int64_t>(job));
    m.jobs.status.Set(job, JobStatus::Succeeded);
    m.jobs.sql_execution.Set(job, SqlRow(row));
    return row;
  }
  StageRow AddStage(std::int64_t id, std::int64_t attempt = 0, std::size_t sql = 0) {
    const std::size_t row = m.stages.AddRow();
    m.stages.id.Set(row, id);
    m.stages.attempt.Set(row, attempt);
    m.stages.submitted_flag.Set(row, true);
    m.stages.job.Set(row, JobRow(sql));
    m.stages.sql_execution.Set(row, SqlRow(sql));
    m.jobs.stage_ids.Mutable(sql).push_back(id);
    return StageRow(row);
  }
  // One update of each value.
  void Tasks(std::int64_t accumulator, StageRow stage, std::initializer_list<std::int64_t> values) {
    AccumulatorTotal total{accumulator, stage};
    for (const std::int64_t value : values) {
      if (value < 0) {
        ++total.negative;
        continue;
      }
      total.min = total.count == 0 ? value : std::min(total.min, value);
      total.max = total.count == 0 ? value : std::max(total.max, value);
      total.sum += value;
      ++total.count;
    }
    m.accumulators.push_back(total);
  }
  void Derive() {
    std::sort(m.accumulators.begin(), m.accumulators.end(), [](const AccumulatorTotal& a, const AccumulatorTotal& b) {
      return std::pair(a.accumulator, a.stage) < std::pair(b.accumulator, b.stage);
    });
    DeriveExecutions(m);
    DerivePlanNodes(m);
  }

  // "number:name" of the final plan, "-" for nodes that Spark does not draw.
  [[nodiscard]] std::vector<std::string> Numbers(std::size_t sql = 0) const {
    std::vector<std::string> out;
    for (const NodeRow row : m.sql_executions.nodes.Get(sql)) {
      const std::string number = m.plan_nodes.id.Has(row.index) ? std::to_string(m.plan_nodes.id.Get(row.index)) : "-";
      out.push_back(number + ":" + Name(row));
    }
    return out;
  }
  [[nodiscard]] std::string Name(NodeRow row) const {
    return std::string(m.strings.Get(m.plan_nodes.name.Get(row.index)));
  }
  [[nodiscard]] NodeRow Find(std::string_view name) const {
    for (std::size_t row = 0; row < m.plan_nodes.size(); ++row) {
      if (m.strings.Get(m.plan_nodes.name.Get(row)) == name) return NodeRow(row);
    }
    return {};
  }
  [[nodiscard]] std::vector<std::string> Children(std::string_view name) const {
    std::vector<std::string> out;
    for (const NodeRow child : m.plan_nodes.children.Get(Find(name).index)) out.push_back(Name(child));
    return out;
  }
  // "1.0 2.0 metric"
  [[nodiscard]] std::string Stages(std::string_view name) const {
    const NodeRow row = Find(name);
    return Keys(m.plan_nodes.stages.Get(row.index)) +
           std::string(EnumName(m.plan_nodes.stages_evidence.Get(row.index)));
  }
  [[nodiscard]] std::string ReadStages(std::string_view name) const {
    return Keys(m.plan_nodes.read_stages.Get(Find(name).index));
  }
  [[nodiscard]] std::string Keys(std::span<const StageRow> stages) const {
    std::string out;
    for (const StageRow stage : stages) {
      out +=
          std::to_string(m.stages.id.Get(stage.index)) + "." + std::to_string(m.stages.attempt.Get(stage.index)) + " ";
    }
    return out;
  }
  [[nodiscard]] std::vector<std::string> NodesOf(StageRow stage) const {
    std::vector<std::string> out;
    for (const NodeRow row : m.stages.nodes.Get(stage.index)) out.push_back(Name(row));
    return out;
  }
  [[nodiscard]] const NodeMetric& MetricOf(std::string_view name, std::size_t index = 0) const {
    return m.MetricsOf(Find(name))[index];
  }
};

using Texts = std::vector<std::string>;

}  // namespace

// ---------------------------------------------------------------- numbers and tree (SparkPlanGraph.scala)
TEST_CASE("model/plan_nodes: frames and query stages take no number, code generation blocks do") {
  Fixture f;
  f.m.raw_sql[0].initial = Plan(f.m, R"(
AdaptiveSparkPlan
  WholeStageCodegen (2)
    HashAggregate
      InputAdapter
        AQEShuffleRead | AQEShuffleRead coalesced and skewed
          ShuffleQueryStage
            Exchange | Exchange hashpartitioning(a#1, 200), ENSURE_REQUIREMENTS, [plan_id=7]
              WholeStageCodegen (1)
                Range
)");
  f.Derive();
  CHECK(f.Numbers() == Texts{"0:AdaptiveSparkPlan", "1:WholeStageCodegen (2)", "2:HashAggregate", "-:InputAdapter",
                             "3:AQEShuffleRead", "-:ShuffleQueryStage", "4:Exchange", "5:WholeStageCodegen (1)",
                             "6:Range"});
  // Operators see each other through the frames; a frame sees the row right below it.
  CHECK(f.Children("HashAggregate") == Texts{"AQEShuffleRead"});
  CHECK(f.Children("AQEShuffleRead") == Texts{"Exchange"});
  CHECK(f.Children("Exchange") == Texts{"Range"});
  CHECK(f.Children("InputAdapter") == Texts{"AQEShuffleRead"});
  CHECK_FALSE(f.m.plan_nodes.parent.Has(f.Find("HashAggregate").index));
  CHECK(f.m.plan_nodes.parent.Get(f.Find("Range").index) == f.Find("Exchange"));
  CHECK(f.m.plan_nodes.cluster.Get(f.Find("HashAggregate").index) == f.Find("WholeStageCodegen (2)"));
  CHECK_FALSE(f.m.plan_nodes.cluster.Has(f.Find("Exchange").index));
  CHECK(f.m.plan_nodes.coalesced.Get(f.Find("Exchange").index));
  CHECK(f.m.plan_nodes.skewed.Get(f.Find("Exchange").index));
  CHECK_FALSE(f.m.plan_nodes.reused.Get(f.Find("Exchange").index));
  CHECK(f.m.sql_executions.adaptive.Get(0));
}

TEST_CASE("model/plan_nodes: a reused exchange stands once, with two readers") {
  Fixture f;
  const std::string exchange = R"(
      Exchange | Exchange hashpartitioning(a#1, 200)
        Scan parquet t | FileScan parquet t[a#1]
)";
  std::string plan = R"(
SortMergeJoin | SortMergeJoin [a#1], [a#2], Inner
  Sort
    ShuffleQueryStage)" +
                     exchange + "  Project\n";
  SUBCASE("by ReusedExchange") { plan += "    ReusedExchange"; }
  SUBCASE("by a query stage of the same exchange") { plan += "    ShuffleQueryStage"; }
  f.m.raw_sql[0].initial = Plan(f.m, plan + exchange);
  f.Derive();
  CHECK(f.Numbers().size() == 7);  // the second exchange and scan are the first
  CHECK(f.Numbers()[3] == "2:Exchange");
  CHECK(f.Numbers()[5] == "4:Project");
  CHECK(f.Numbers()[6].starts_with("-:"));
  CHECK(f.Children("Sort") == Texts{"Exchange"});
  CHECK(f.Children("Project") == Texts{"Exchange"});
  CHECK(f.m.plan_nodes.reused.Get(f.Find("Exchange").index));
  CHECK(f.m.plan_nodes.parent.Get(f.Find("Exchange").index) == f.Find("Sort"));
}

TEST_CASE("model/plan_nodes: a ReusedExchange whose exchange stands nowhere else is drawn") {
  Fixture f;
  f.m.raw_sql[0].initial = Plan(f.m, R"(
SubqueryBroadcast
  AdaptiveSparkPlan
    BroadcastQueryStage
      ReusedExchange
        BroadcastExchange
          Range
)");
  f.Derive();
  CHECK(f.Numbers() == Texts{"0:SubqueryBroadcast", "1:AdaptiveSparkPlan", "-:BroadcastQueryStage", "2:ReusedExchange",
                             "3:BroadcastExchange", "4:Range"});
}

TEST_CASE("model/plan_nodes: a subquery leaves the code generation block, and its copies are not drawn") {
  Fixture f;
  f.m.raw_sql[0].initial = Plan(f.m, R"(
WholeStageCodegen (1)
  Filter
    Project
    Subquery | Subquery subquery#1
      Range
    ReusedSubquery
      Subquery | Subquery subquery#1
        Range
)");
  f.Derive();
  CHECK(f.Numbers() ==
        Texts{"0:WholeStageCodegen (1)", "1:Filter", "2:Project", "3:Subquery", "4:Range", "-:ReusedSubquery"});
  CHECK(f.Children("Filter") == Texts{"Project", "Subquery"});
  CHECK_FALSE(f.m.plan_nodes.cluster.Has(f.Find("Subquery").index));
  CHECK(f.m.plan_nodes.cluster.Has(f.Find("Project").index));
}

TEST_CASE("model/plan_nodes: a self-join reads one exchange on both sides") {
  Fixture f;
  f.m.raw_sql[0].initial = Plan(f.m, R"(
SortMergeJoin
  ShuffleQueryStage
    Exchange
  ShuffleQueryStage
    Exchange
)");
  f.Derive();
  CHECK(f.Children("SortMergeJoin") == Texts{"Exchange"});
  CHECK(f.m.plan_nodes.left.Get(0) == f.Find("Exchange"));
  CHECK(f.m.plan_nodes.right.Get(0) == f.Find("Exchange"));
}

TEST_CASE(
    "model/plan_nodes: the last plan update is the final plan, the first stays as initial plan where it differs") {
  Fixture f;
  f.m.raw_sql[0].initial = Plan(f.m, R"(
AdaptiveSparkPlan | AdaptiveSparkPlan isFinalPlan=false
  SortMergeJoin
)");
  SUBCASE("it changed") {
    f.m.raw_sql[0].last_update = Plan(f.m, R"(
AdaptiveSparkPlan | AdaptiveSparkPlan isFinalPlan=true
  BroadcastHashJoin
)");
    f.Derive();
    CHECK(f.Numbers() == Texts{"0:AdaptiveSparkPlan", "1:BroadcastHashJoin"});
    REQUIRE(f.m.sql_executions.initial_nodes.Get(0).size() == 2);
    const std::size_t initial = f.m.sql_executions.initial_nodes.Get(0)[1].index;
    CHECK_FALSE(f.m.plan_nodes.final_plan.Get(initial));
    CHECK(f.m.plan_nodes.id.Get(initial) == 1);
  }
  SUBCASE("it did not") {
    f.m.raw_sql[0].last_update = f.m.raw_sql[0].initial;
    f.Derive();
    CHECK(f.m.plan_nodes.size() == 2);
    CHECK(f.m.sql_executions.initial_nodes.Get(0).empty());
  }
}

TEST_CASE("model/plan_nodes: empty, deep, wide and broken plans") {
  Fixture f;
  SUBCASE("empty") {
    f.Derive();
    CHECK(f.m.plan_nodes.size() == 0);
    CHECK(f.m.node_metric_begin.size() == 1);
    CHECK_FALSE(f.m.sql_executions.adaptive.Get(0));
  }
  SUBCASE("frames without content") {
    f.m.raw_sql[0].initial = Plan(f.m, R"(
WholeStageCodegen (1)
InputAdapter
ShuffleQueryStage
ReusedExchange
)");
    f.Derive();
    CHECK(f.Numbers() == Texts{"0:WholeStageCodegen (1)", "-:InputAdapter", "-:ShuffleQueryStage", "1:ReusedExchange"});
  }
  SUBCASE("a parent that comes later") {
    RawPlan plan = Plan(f.m, R"(
Project
  Range
)");
    plan[0].parent = 1;
    plan[1].parent = 99;
    f.m.raw_sql[0].initial = plan;
    f.Derive();
    CHECK(f.Numbers() == Texts{"0:Project", "1:Range"});
  }
  SUBCASE("100,000 nodes deep") {
    RawPlan plan(100000);
    const StringId names[] = {f.m.strings.Intern("InputAdapter"), f.m.strings.Intern("HashAggregate"),
                              f.m.strings.Intern("Exchange")};
    for (std::size_t i = 0; i < plan.size(); ++i) {
      plan[i].parent = static_cast<std::int32_t>(i) - 1;
      plan[i].name = plan[i].simple_string = names[i % 3];
    }
    f.m.raw_sql[0].initial = std::move(plan);
    f.Derive();
    CHECK(f.m.plan_nodes.size() == 100000);
  }
  SUBCASE("100,000 nodes wide") {
    RawPlan plan = Plan(f.m, "Union");
    for (int i = 0; i < 100000; ++i) {
      RawPlanNode node;
      node.parent = 0;
      node.name = f.m.strings.Intern("Exchange");
      node.simple_string = f.m.strings.Intern("Exchange SinglePartition, [id=#" + std::to_string(i / 2) + "]");
      plan.push_back(node);
    }
    f.m.raw_sql[0].initial = std::move(plan);
    f.Derive();
    CHECK(f.m.plan_nodes.size() == 100001);  // equal exchanges right under an operator are drawn twice, as in Spark
  }
}

// ---------------------------------------------------------------- kinds
TEST_CASE("model/plan_nodes: kinds and engines by name") {
  struct Row {
    std::string_view name;
    NodeKind kind = NodeKind::Other;
    Engine engine = Engine::Spark;
    std::string_view text{};
  };
  static constexpr Row kRows[] = {
      {"Filter", NodeKind::Filter},
      {"Project", NodeKind::Project, Engine::Spark, "Project [a#1]"},
      {"Project", NodeKind::ScalaUdf, Engine::Spark, "Project [UDF(a#1) AS b#2]"},
      {"Project", NodeKind::Project, Engine::Spark, "Project [HiveGenericUDF#com.x.Udf(value#1) AS d#4L]"},
      {"SortMergeJoin(skew=true)", NodeKind::SortMergeJoin},
      {"PhotonBroadcastHashJoin", NodeKind::BroadcastHashJoin, Engine::Photon},
      {"GpuShuffledSymmetricHashJoin", NodeKind::ShuffledHashJoin, Engine::Rapids},
      {"CometHashJoin", NodeKind::ShuffledHashJoin, Engine::Comet},
      {"ShuffledHashJoinExecTransformer", NodeKind::ShuffledHashJoin, Engine::Gluten},
      {"StreamingSymmetricHashJoin", NodeKind::Join},
      {"Exchange", NodeKind::Exchange},
      {"GpuColumnarExchange", NodeKind::Exchange, Engine::Rapids},
      {"ColumnarExchange", NodeKind::Exchange, Engine::Gluten},
      {"CometColumnarExchange", NodeKind::Exchange, Engine::Comet},
      {"PhotonShuffleExchangeSink", NodeKind::Exchange, Engine::Photon},
      {"PhotonShuffleExchangeSource", NodeKind::Transition, Engine::Photon},
      {"PhotonShuffleMapStage", NodeKind::WholeStageCodegen, Engine::Photon},
      {"GpuBroadcastExchange", NodeKind::BroadcastExchange, Engine::Rapids},
      {"ColumnarBroadcastExchange", NodeKind::BroadcastExchange, Engine::Gluten},
      {"CustomShuffleReader", NodeKind::AqeShuffleRead},
      {"GpuCustomShuffleReader", NodeKind::AqeShuffleRead, Engine::Rapids},
      {"PhotonGroupingAgg", NodeKind::Aggregate, Engine::Photon},
      {"RegularHashAggregateExecTransformer", NodeKind::Aggregate, Engine::Gluten},
      {"RunningWindowFunction", NodeKind::Window},
      {"WindowGroupLimit", NodeKind::Limit},
      {"GpuTopN", NodeKind::Limit, Engine::Rapids},
      {"BatchEvalPython", NodeKind::PythonUdf},
      {"ArrowEvalPython", NodeKind::PythonUdf},
      {"FlatMapGroupsInPandas", NodeKind::PythonUdf},
      {"WindowInPandas", NodeKind::PythonUdf},
      {"GpuArrowEvalPython", NodeKind::PythonUdf, Engine::Rapids},
      {"MapElements", NodeKind::MapPartitions},
      {"SerializeFromObject", NodeKind::Transition},
      {"ColumnarToRow", NodeKind::Transition},
      {"VeloxColumnarToRow", NodeKind::Transition, Engine::Gluten},
      {"CometNativeColumnarToRow", NodeKind::Transition, Engine::Comet},
      {"GpuRowToColumnar", NodeKind::Transition, Engine::Rapids},
      {"Scan parquet ", NodeKind::FileScan, Engine::Spark, "FileScan parquet [a#1] Batched: true"},
      {"PhotonScan parquet db.t", NodeKind::FileScan, Engine::Photon,
       "PhotonScan parquet db.t[a#1] DataFilters: [], Format: parquet"},
      {"GpuScan orc ", NodeKind::FileScan, Engine::Rapids, "GpuFileGpuScan orc [a#1] Batched: true"},
      {"CometScan parquet db.t", NodeKind::FileScan, Engine::Comet,
       "CometScan parquet db.t[a#1] Format: CometParquet, Location: x[y]"},
      {"NativeFileScan parquet db.t", NodeKind::FileScan, Engine::Gluten},
      {"Scan hive default.t", NodeKind::FileScan, Engine::Spark,
       "Scan hive default.t [a#1], HiveTableRelation [`default`.`t`]"},
      {"BatchScan", NodeKind::FileScan, Engine::Spark, "BatchScan[a#1] ParquetScan DataFilters: [], Format: parquet"},
      {"BatchScan local.db.t", NodeKind::FileScan, Engine::Spark,
       "BatchScan local.db.t[id#1L] local.db.t (branch=null) [filters=id = 1, groupedBy=]"},
      {"BatchScan jdbc.t", NodeKind::JdbcScan, Engine::Spark,
       "BatchScan jdbc.t[a#1] org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCScan@1"},
      {"MicroBatchScan", NodeKind::Scan},
      {"Scan JDBCRelation(t) [numPartitions=1] ", NodeKind::JdbcScan},
      {"Scan ExistingRDD", NodeKind::RddScan},
      {"Scan OneRowRelation", NodeKind::RddScan},
      {"Scan", NodeKind::RddScan, Engine::Spark, "Scan[obj#3]"},
      {"Scan In-memory table t", NodeKind::TableCacheScan},
      {"InMemoryTableScan", NodeKind::TableCacheScan},
      {"LocalTableScan", NodeKind::LocalTableScan},
      {"Range", NodeKind::RangeScan},
      {"Execute InsertIntoHadoopFsRelationCommand", NodeKind::Write},
      {"Execute GpuInsertIntoHadoopFsRelationCommand", NodeKind::Write, Engine::Rapids},
      {"Execute CreateViewCommand", NodeKind::Command},
      {"WriteToDataSourceV2", NodeKind::Write},
      {"AppendData", NodeKind::Write},
      {"WriteFiles", NodeKind::Write},
      {"VeloxColumnarWriteFiles", NodeKind::Write, Engine::Gluten},
      {"ShowTables", NodeKind::Command},
      {"GpuSubqueryBroadcast", NodeKind::Subquery, Engine::Rapids},
      {"WholeStageCodegen (12)", NodeKind::WholeStageCodegen},
      {"WholeStageCodegenTransformer (1)", NodeKind::WholeStageCodegen, Engine::Gluten},
      {"InputAdapter", NodeKind::Other},
      {"StateStoreSave", NodeKind::Other},
      {"", NodeKind::Other},
  };
  for (const Row& row : kRows) {
    CAPTURE(std::string(row.name));
    CAPTURE(std::string(row.text));
    CHECK(std::string(EnumName(KindOf(row.name, row.text.empty() ? row.name : row.text))) == EnumName(row.kind));
    CHECK(std::string(EnumName(EngineOf(row.name))) == EnumName(row.engine));
  }
}

// ---------------------------------------------------------------- plan texts
TEST_CASE("model/plan_nodes: joins in all dialects") {
  struct Row {
    std::string_view name;
    std::string_view text;
    std::string_view keys;
    std::string_view type;
    std::string_view side;
    std::string_view condition;
  };
  static constexpr std::string_view none = "(missing)";
  static constexpr Row kRows[] = {
      {"BroadcastHashJoin", "BroadcastHashJoin [a#1], [b#2], Inner, BuildRight", "a = b", "Inner", "right", none},
      {"BroadcastHashJoin", "BroadcastHashJoin [col1#1], [desc#48], LeftOuter, BuildRight, false", "col1 = desc",
       "LeftOuter", "right", none},
      {"BroadcastHashJoin",
       "BroadcastHashJoin [a#1L, cast(b#2 as bigint)], [c#3L, d#4L], LeftSemi, BuildLeft, (x#5 > y#6), false",
       "a = c, cast(b as bigint) = d", "LeftSemi", "left", "(x#5 > y#6)"},
      {"BroadcastHashJoin",
       "BroadcastHashJoin [OP#19], [OP#180], Inner, BuildRight, AtLeastNNulls(n, month(cast(D#18 as date)),id#123), "
       "false",
       "OP = OP", "Inner", "right", "AtLeastNNulls(n, month(cast(D#18 as date)),id#123)"},
      {"SortMergeJoin", "SortMergeJoin [a#1], [b#2], FullOuter", "a = b", "FullOuter", none, none},
      {"SortMergeJoin(skew=true)", "SortMergeJoin(skew=true) [a#1], [b#2], Inner", "a = b", "Inner", none, none},
      {"SortMergeJoin", "SortMergeJoin [a#1], [b#2], ExistenceJoin(exists#7)", "a = b", "ExistenceJoin", none, none},
      {"ShuffledHashJoin", "ShuffledHashJoin [a#1], [b#2], LeftAnti, BuildRight", "a = b", "LeftAnti", "right", none},
      {"GpuShuffledHashJoin", "GpuShuffledHashJoin [a#12], [b#14], Inner, GpuBuildRight, false", "a = b", "Inner",
       "right", none},
      {"BroadcastNestedLoopJoin", "BroadcastNestedLoopJoin BuildLeft, Cross", none, "Cross", "left", none},
      {"BroadcastNestedLoopJoin", "BroadcastNestedLoopJoin BuildRight, LeftOuter, ((a#1 < b#2) AND c#3)", none,
       "LeftOuter", "right", "((a#1 < b#2) AND c#3)"},
      {"CartesianProduct", "CartesianProduct (a#1 < b#2)", none, none, none, "(a#1 < b#2)"},
      {"CartesianProduct", "CartesianProduct", none, none, none, none},
      {"SortMergeJoin", "SortMergeJoin [a#1, b#2, ... 3 more fields], [c#1, d#2, ... 3 more fields], Inner",
       "a = c, b = d, ... 3 more fields", "Inner", none, none},
      {"SortMergeJoin", "SortMergeJoin [a#1, b#2", none, none, none, "[a#1, b#2"},
  };
  const auto text = [](const std::optional<std::string>& value) { return value.value_or(std::string(none)); };
  for (const Row& row : kRows) {
    CAPTURE(std::string(row.text));
    const JoinText join = ParseJoin(row.text, row.name);
    CHECK(text(join.keys) == row.keys);
    CHECK(text(join.type) == row.type);
    CHECK(text(join.build_side) == row.side);
    CHECK(text(join.condition) == row.condition);
  }
}

TEST_CASE("model/plan_nodes: exchanges in all dialects") {
  struct Row {
    std::string_view name;
    std::string_view text;
    std::string_view partitioning;
    std::string_view keys;
    std::int64_t partitions = kMissing;
  };
  static constexpr Row kRows[] = {
      {"Exchange", "Exchange hashpartitioning(a#1, 200)", "hashpartitioning", "a", 200},
      {"Exchange", "Exchange hashpartitioning(a#1, 200), coordinator[target post-shuffle partition size: 67108864]",
       "hashpartitioning", "a", 200},
      {"Exchange", "Exchange hashpartitioning(a#1L, b#2, 5), true, [id=#12]", "hashpartitioning", "a, b", 5},
      {"Exchange", "Exchange hashpartitioning(coalesce(a#1, 0), b#2, 8), ENSURE_REQUIREMENTS, [plan_id=3]",
       "hashpartitioning", "coalesce(a, 0), b", 8},
      {"Exchange", "Exchange rangepartitioning(a#1 ASC NULLS FIRST, 8), ENSURE_REQUIREMENTS, [plan_id=459]",
       "rangepartitioning", "a ASC NULLS FIRST", 8},
      {"Exchange", "Exchange SinglePartition, ENSURE_REQUIREMENTS, [id=#71]", "SinglePartition", "(missing)", 1},
      {"Exchange", "Exchange SinglePartition", "SinglePartition", "(missing)", 1},
      {"Exchange", "Exchange RoundRobinPartitioning(10), REPARTITION_BY_NUM, [id=#7]", "RoundRobinPartitioning",
       "(missing)", 10},
      {"GpuColumnarExchange", "GpuColumnarExchange gpuhashpartitioning(a#12, 200), ENSURE_REQUIREMENTS, [id=#89]",
       "hashpartitioning", "a", 200},
      {"GpuColumnarExchange", "GpuColumnarExchange gpusinglepartitioning$(), ENSURE_REQUIREMENTS, [id=#89]",
       "SinglePartition", "(missing)", 1},
      {"PhotonShuffleExchangeSink", "PhotonShuffleExchangeSink hashpartitioning(a#1, 200)", "hashpartitioning", "a",
       200},
      {"ColumnarExchange",
       "ColumnarExchange hashpartitioning(a#1, 7), ENSURE_REQUIREMENTS, [a#1], [plan_id=1], [shuffle_writer_type=hash]",
       "hashpartitioning", "a", 7},
      {"Exchange", "Exchange hashpartitioning(a#1, b#2, ... 5 more fields), ENSURE_REQUIREMENTS, [id=#431]",
       "hashpartitioning", "a, b, ... 5 more fields", kMissing},
      {"Exchange", "Exchange hashpartitioning(a#1, b", "hashpartitioning", "a, b", kMissing},
      {"Exchange", "Exchange", "(missing)", "(missing)", kMissing},
  };
  for (const Row& row : kRows) {
    CAPTURE(std::string(row.text));
    const ExchangeText exchange = ParseExchange(row.text, row.name);
    CHECK(exchange.partitioning.value_or("(missing)") == row.partitioning);
    CHECK(exchange.keys.value_or("(missing)") == row.keys);
    CHECK(exchange.partitions == row.partitions);
  }
}

TEST_CASE("model/plan_nodes: scans by metadata and by text") {
  struct Row {
    std::string name;
    std::string text;
    std::vector<std::pair<std::string_view, std::string_view>> metadata;
    std::string format;
    std::string location;
    std::string pushed;
    std::string partition_filters;
    std::string schema;
  };
  const std::string none = "(missing)";
  const std::string text =
      "FileScan parquet [a#1] Batched: true, DataFilters: [isnotnull(a#1), (a#1 = 1)], Format: Parquet, Location: "
      "InMemoryFileIndex(1 paths)[hdfs://host:9000/data/sf1..., PartitionFilters: [], PushedFilters: [IsNotNull(a), "
      "EqualTo(a,1)], ReadSchema: struct<a:int>";
  const std::vector<Row> rows = {
      {"Scan parquet ",
       text,
       {},
       "parquet",
       "hdfs://host:9000/data/sf1...",
       "IsNotNull(a), EqualTo(a,1)",
       "",
       "struct<a:int>"},
      {"Scan parquet ",
       text,
       {{"Location", "InMemoryFileIndex(1 paths)[hdfs://host:9000/data/sf10]"},
        {"Format", "Parquet"},
        {"PushedFilters", "[]"},
        {"PartitionFilters", "[(d#1 = 2)]"},
        {"ReadSchema", "struct<a:int,b:int>"}},
       "parquet",
       "hdfs://host:9000/data/sf10",
       "",
       "(d#1 = 2)",
       "struct<a:int,b:int>"},
      {"Scan csv ",
       "FileScan csv [_c0#2] Batched: false, Format: CSV, Location: InMemoryFileIndex[s3://b/k], PushedFilters: [], "
       "ReadSchema: struct<>",
       {},
       "csv",
       "s3://b/k",
       "",
       none,
       "struct<>"},
      {"BatchScan",
       "BatchScan[a#0] ParquetScan DataFilters: [], Format: parquet, Location: InMemoryFileIndex[file:/t], "
       "PartitionFilters: [], PushedFilers: [IsNotNull(a)], ReadSchema: struct<a:string>, PushedFilters: []",
       {},
       "parquet",
       "file:/t",
       "IsNotNull(a)",
       "",
       "struct<a:string>"},
      {"GpuBatchScan",
       "GpuBatchScan[_c0#16] GpuCSVScan DataFilters: [], Format: gpucsv, Location: InMemoryFileIndex[file:/x], "
       "PartitionFilters: [], ReadSchema: struct<_c0:string>",
       {},
       "csv",
       "file:/x",
       none,
       "",
       "struct<_c0:string>"},
      {"BatchScan db.t",
       "BatchScan db.t[id#1L] db.t (branch=null) [filters=id IS NOT NULL, id = 1, groupedBy=] RuntimeFilters: []",
       {},
       "iceberg",
       none,
       "id IS NOT NULL, id = 1",
       none,
       none},
      {"Scan hive default.t",
       "Scan hive default.t [a#1], HiveTableRelation [`default`.`t`, "
       "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe]",
       {},
       "hive",
       none,
       none,
       none,
       none},
      {"Scan parquet db.t",
       "FileScan parquet db.t[a#1] Batched: true, Format: ParquetFormat, InputPaths: hdfs://a/b, PushedFilters: []",
       {},
       "parquet",
       "hdfs://a/b",
       "",
       none,
       none},
      {"BatchScan", "BatchScan", {}, none, none, none, none, none},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const ScanText scan = ParseScan(row.text, row.name, row.metadata);
    CHECK(scan.format.value_or(none) == row.format);
    CHECK(scan.location.value_or(none) == row.location);
    CHECK(scan.pushed_filters.value_or(none) == row.pushed);
    CHECK(scan.partition_filters.value_or(none) == row.partition_filters);
    CHECK(scan.read_schema.value_or(none) == row.schema);
  }
  CHECK(ParseScan("Scan JDBCRelation((select 1) t) [numPartitions=4] [a#1] PushedFilters: []",
                  "Scan JDBCRelation((select 1) t) [numPartitions=4] ", {})
            .partitions == 4);
}

TEST_CASE("model/plan_nodes: sorts, windows, filters, aggregates") {
  const std::string none = "(missing)";
  CHECK(ParseSortKeys("Sort [a#51 ASC NULLS FIRST, b#2 DESC NULLS LAST], false, 0", "Sort").value_or(none) ==
        "a ASC NULLS FIRST, b DESC NULLS LAST");
  CHECK(ParseOrderBy("TakeOrderedAndProject(limit=21, orderBy=[a#1 ASC NULLS FIRST], output=[a#1])").value_or(none) ==
        "a ASC NULLS FIRST");
  CHECK(ParseOrderBy("CollectLimit 21").value_or(none) == none);
  const std::string window =
      "Window [rank(a#1) windowspecdefinition(r#17L, a#1 DESC NULLS LAST, specifiedwindowframe(RowFrame, "
      "unboundedpreceding$(), currentrow$())) AS k#3]";
  CHECK(ParseWindowPartition(window + ", [r#17L, s#18], [a#1 DESC NULLS LAST]", "Window").value_or(none) == "r, s");
  CHECK(ParseWindowPartition(window + ", [a#1 DESC NULLS LAST], 21", "Window").value_or(none).empty());
  CHECK(ParseWindowPartition(window + ", [r#17L]", "Window").value_or(none) == "r");
  CHECK(ParseWindowPartition(window, "Window").value_or(none).empty());
  CHECK(ParseWindowPartition("Window", "Window").value_or(none) == none);
  CHECK(ParseFilter("Filter (a#1 INSET 1, 2)", "Filter").value_or(none) == "(a#1 INSET 1, 2)");
  CHECK(ParseFilter("Filter a#1 INSET 1, 2", "Filter").value_or(none) == "a#1 INSET 1, 2");
  CHECK(
      ParseFilter("GpuFilter (gpuisnotnull(r#160) AND (r#160 = 1)), true, [loreId=118]", "GpuFilter").value_or(none) ==
      "(gpuisnotnull(r#160) AND (r#160 = 1))");
  CHECK(ParseFilter("CometFilter [a#1, b#2], isnotnull(a#1)", "CometFilter").value_or(none) == "isnotnull(a#1)");
  CHECK(ParseFilter("Filter", "Filter").value_or(none) == none);
  const AggregateText partial = ParseAggregate(
      "HashAggregate(keys=[a#1, b[0]#2L], functions=[partial_sum(c#3), partial_count(1)], output=[x#1])");
  CHECK(partial.keys.value_or(none) == "a, b[0]");
  CHECK(partial.functions.value_or(none) == "partial_sum(c), partial_count(1)");
  CHECK(partial.mode == "partial");
  CHECK(ParseAggregate("HashAggregate(keys=[], functions=[merge_count(distinct a#1), partial_sum(b#2)])").mode ==
        "partial");
  CHECK(ParseAggregate("HashAggregate(keys=[], functions=[merge_sum(b#2)])").mode == "merge");
  CHECK(ParseAggregate("PhotonGroupingAgg(keys=[a#1], functions=[finalmerge_sum(merge sum#12L) AS s#13])").mode ==
        "final");
  CHECK(ParseAggregate("HashAggregate(keys=[], functions=[sum(b#2)])").mode.empty());
  CHECK(ParseShuffleRead("AQEShuffleRead coalesced and skewed").skewed);
  CHECK_FALSE(ParseShuffleRead("CustomShuffleReader local").coalesced);
  CHECK(WithoutExpressionIds("a#12L = b#7 AND c#8Lx AND #d AND e#") == "a = b AND cLx AND #d AND e#");
}

TEST_CASE("model/plan_nodes: phases of aggregates by the plan around them") {
  Fixture f;
  f.m.raw_sql[0].initial = Plan(f.m, R"(
HashAggregate | HashAggregate(keys=[x#1], functions=[count(1)])
  Project
    HashAggregate | HashAggregate(keys=[a#1], functions=[sum(b#2)])
      Exchange | Exchange hashpartitioning(a#1, 200)
        HashAggregate | HashAggregate(keys=[a#1], functions=[partial_sum(b#2)])
          HashAggregate | HashAggregate(keys=[a#1, b#2], functions=[])
            Exchange | Exchange hashpartitioning(a#1, b#2, 200)
              HashAggregate | HashAggregate(keys=[knownfloatingpointnormalized(a#1) AS a#1, b#2], functions=[])
)");
  f.Derive();
  Texts modes;
  for (std::size_t row = 0; row < f.m.plan_nodes.size(); ++row) {
    if (f.m.plan_nodes.mode.Has(row)) modes.push_back(std::string(f.m.strings.Get(f.m.plan_nodes.mode.Get(row))));
  }
  CHECK(modes == Texts{"complete", "final", "partial", "final", "partial"});
}

// ---------------------------------------------------------------- metrics
TEST_CASE("model/plan_nodes: values of metrics in each version's encoding") {
  struct Row {
    std::string name;
    std::string version;
    std::string type;
    std::vector<std::int64_t> updates;
    std::int64_t total = kMissing;
    std::int64_t min = kMissing;
    std::int64_t max = kMissing;
    std::int64_t count = 0;
  };
  const std::vector<Row> rows = {
      {"2.x sizes are one too small a task, -1 is unset",
       "2.4.5",
       "size",
       {65535, 131071, -1},
       196608,
       65536,
       131072,
       2},
      {"2.x sums are exact", "2.4.5", "sum", {10, 0}, 10, 0, 10, 2},
      {"3.0 sizes are exact", "3.0.1", "size", {65536, -1}, 65536, 65536, 65536, 1},
      {"3.x zero is a value", "3.3.0", "timing", {0}, 0, 0, 0, 1},
      {"3.4 zero may be unset", "3.4.0", "timing", {0}, kMissing, kMissing, kMissing, 0},
      {"3.4 zero of a sum is a value", "3.4.0", "sum", {0}, 0, 0, 0, 1},
      {"3.4 zero among others", "3.4.0", "nsTiming", {0, 5}, 5, 0, 5, 2},
      {"all unset", "3.0.0", "size", {-1, -1}, kMissing, kMissing, kMissing, 0},
      {"an average's mean", "3.1.1", "average", {10, 30}, 20, 10, 30, 2},
      {"no version", "", "size", {7}, 7, 7, 7, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Fixture f(row.version);
    const StageRow stage = f.AddStage(0);
    f.m.raw_sql[0].initial = Plan(f.m, "HashAggregate | | m = 1 " + row.type);
    for (const std::int64_t value : row.updates) {
      if (f.m.accumulators.empty()) f.Tasks(1, stage, {});
      AccumulatorTotal& total = f.m.accumulators[0];
      if (value < 0) {
        ++total.negative;
        continue;
      }
      total.min = total.count == 0 ? value : std::min(total.min, value);
      total.max = std::max(total.max, value);
      total.sum += value;
      ++total.count;
    }
    f.Derive();
    const NodeMetric& metric = f.MetricOf("HashAggregate");
    CHECK(metric.total == row.total);
    CHECK(metric.min == row.min);
    CHECK(metric.max == row.max);
    CHECK(metric.count == row.count);
  }
}

TEST_CASE(
    "model/plan_nodes: totals take the last attempt of a stage, only stages of the execution, and every driver post") {
  Fixture f;
  const std::size_t other = f.AddExecution();
  const StageRow failed = f.AddStage(1, 0);
  const StageRow retry = f.AddStage(1, 1);
  const StageRow foreign = f.AddStage(2, 0, other);
  f.m.raw_sql[0].initial = Plan(f.m, R"(
Filter | Filter a#1 | number of output rows = 1; partition data size = 2 size
)");
  f.m.raw_sql[other].initial = f.m.raw_sql[0].initial;
  f.Tasks(1, failed, {100});
  f.Tasks(1, retry, {7, 8});
  f.Tasks(1, foreign, {1000});
  f.m.raw_sql[0].driver_updates = {{2, 30}, {5, 1}, {2, 12}, {2, -1}};
  f.Derive();
  CHECK(f.MetricOf("Filter").total == 15);
  CHECK(f.MetricOf("Filter", 1).total == 42);
  CHECK(f.MetricOf("Filter", 1).min == 12);
  CHECK(f.MetricOf("Filter", 1).count == 2);
  CHECK(f.m.plan_nodes.output_rows.Get(0) == 15);
  CHECK(f.m.plan_nodes.output_rows.Get(1) == 1000);  // the other execution's row
  CHECK(f.Stages("Filter") == "1.0 1.1 metric");
}

TEST_CASE("model/plan_nodes: nodes that share an accumulator of many stages read it each by its own type") {
  for (const int stages : {3, 30}) {
    CAPTURE(stages);
    Fixture f("3.1.1");
    f.m.raw_sql[0].initial = Plan(f.m, R"(
Union
  Filter | | m = 1 sum
  HashAggregate | | m = 1 average
  Sort | | n = 1 sum
)");
    for (int i = 0; i < stages; ++i) f.Tasks(1, f.AddStage(i), {10, 30});
    f.Derive();
    CHECK(f.MetricOf("Filter").total == 40 * stages);
    CHECK(f.MetricOf("HashAggregate").total == 20);
    CHECK(f.MetricOf("HashAggregate").node == f.Find("HashAggregate"));
    CHECK(f.MetricOf("Sort").total == 40 * stages);
    CHECK(f.m.strings.Get(f.MetricOf("Sort").name) == "n");
    for (const char* name : {"Filter", "HashAggregate", "Sort"})
      CHECK(f.m.plan_nodes.stages.Get(f.Find(name).index).size() == static_cast<std::size_t>(stages));
  }
}

TEST_CASE("model/plan_nodes: columns by the metric names of all versions") {
  SUBCASE("file scan") {
    Fixture f("3.3.0");
    f.m.raw_sql[0].initial = Plan(f.m, R"(
Scan parquet t | FileScan parquet t[a#1] | number of files read = 1; static number of files read = 2; size of files read = 3 size; metadata time = 4 timing; number of partitions read = 5; scan time = 6 timing
)");
    f.m.raw_sql[0].driver_updates = {{1, 3}, {2, 90}, {3, 4096}, {4, 12}, {5, 2}, {6, 30}};
    f.Derive();
    const NodeTable& t = f.m.plan_nodes;
    CHECK(t.files_read.Get(0) == 3);
    CHECK(t.bytes_read.Get(0) == 4096);
    CHECK(t.bytes.Get(0) == 4096);
    CHECK(t.metadata_time.Get(0) == 12);
    CHECK(t.partitions_read.Get(0) == 2);
    CHECK(t.scan_time.Get(0) == 30);
    CHECK(t.time.Get(0) == 42);
    CHECK_FALSE(t.output_rows.Has(0));
    CHECK(t.metric_names.Get(0).size() == 6);
  }
  SUBCASE("file scan and broadcast of 2.x") {
    Fixture f("2.2.3");
    const StageRow stage = f.AddStage(0);
    f.m.raw_sql[0].initial = Plan(f.m, R"(
BroadcastExchange | | data size (bytes) = 1; time to collect (ms) = 2; time to build (ms) = 3; time to broadcast (ms) = 4
  Scan csv  | FileScan csv [a#1] | number of files = 5; metadata time (ms) = 6; scan time total (min, med, max) = 7 timing
)");
    f.m.raw_sql[0].driver_updates = {{1, 1000}, {2, 5}, {3, 6}, {4, 7}, {5, 2}, {6, 9}};
    f.Tasks(7, stage, {99, 49});
    f.Derive();
    const NodeTable& t = f.m.plan_nodes;
    CHECK(t.data_size.Get(0) == 1000);
    CHECK(t.collect_time.Get(0) == 5);
    CHECK(t.build_time.Get(0) == 6);
    CHECK(t.broadcast_time.Get(0) == 7);
    CHECK(t.time.Get(0) == 18);
    CHECK(t.files_read.Get(1) == 2);
    CHECK(t.metadata_time.Get(1) == 9);
    CHECK(t.scan_time.Get(1) == 150);
  }
  SUBCASE("exchange and write") {
    Fixture f;
    const StageRow stage = f.AddStage(0);
    f.m.raw_sql[0].initial = Plan(f.m, R"(
Execute InsertIntoHadoopFsRelationCommand | | number of written files = 1; written output = 2 size; job commit time = 3 timing
  Exchange | Exchange hashpartitioning(a#1, ... 5 more fields) | data size = 4 size; records read = 5; number of partitions = 6; shuffle write time = 7 nsTiming; fetch wait time = 8 timing
)");
    f.m.raw_sql[0].driver_updates = {{1, 4}, {2, 777}, {3, 21}, {6, 64}};
    f.Tasks(4, stage, {10});
    f.Tasks(5, stage, {20});
    f.Tasks(7, stage, {2'500'000});
    f.Tasks(8, stage, {3});
    f.Derive();
    const NodeTable& t = f.m.plan_nodes;
    CHECK(t.files_written.Get(0) == 4);
    CHECK(t.bytes.Get(0) == 777);
    CHECK(t.commit_time.Get(0) == 21);
    CHECK(t.data_size.Get(1) == 10);
    CHECK(t.records_read.Get(1) == 20);
    CHECK(t.partitions.Get(1) == 64);
    CHECK(t.time.Get(1) == 5);
  }
}

// ---------------------------------------------------------------- stages
namespace {
// A join of a shuffled aggregate and a broadcast, written to files; accumulators 1 … 9.
RawPlan JoinPlan(JobModel& m) {
  return Plan(m, R"(
Execute InsertIntoHadoopFsRelationCommand | | number of written files = 1
  WholeStageCodegen (2) | | duration = 2 timing
    Project
      BroadcastHashJoin | | number of output rows = 3
        InputAdapter
          AQEShuffleRead | AQEShuffleRead coalesced
            ShuffleQueryStage
              Exchange | Exchange hashpartitioning(a#1, 8) | shuffle bytes written = 4 size; records read = 5; local bytes read = 6 size
                HashAggregate
                  Scan parquet t | FileScan parquet t[a#1] | number of output rows = 7
        BroadcastQueryStage
          BroadcastExchange | | data size = 8 size
            Range | | number of output rows = 9
)");
}
}  // namespace

// ---------------------------------------------------------------- what enters a node
TEST_CASE("model/plan_nodes: rows of inputs come from the nearest operators that count them") {
  Fixture f;
  const StageRow stage = f.AddStage(0);
  f.m.raw_sql[0].initial = Plan(f.m, R"(
Filter | Filter (a#1 > 3) | number of output rows = 1
  SortMergeJoin | SortMergeJoin [a#1], [b#2], Inner | number of output rows = 2
    Sort
      Exchange | Exchange hashpartitioning(a#1, 8), ENSURE_REQUIREMENTS, [plan_id=7]
        Filter | Filter isnotnull(a#1) | number of output rows = 3
          Scan parquet t | FileScan parquet [a#1] | number of output rows = 4
    Sort
      Union
        Scan parquet u | FileScan parquet [b#2] | number of output rows = 5
        Project
          Scan parquet u | FileScan parquet [b#9] | number of output rows = 6
)");
  for (const auto& [accumulator, rows] : {std::pair{1, 40}, {2, 90}, {3, 30}, {4, 70}, {5, 8}, {6, 9}})
    f.Tasks(accumulator, stage, {rows});
  f.Derive();
  const NodeTable& t = f.m.plan_nodes;
  const std::size_t join = f.Find("SortMergeJoin").index;
  CHECK(t.left_rows.Get(join) == 30);
  CHECK(t.right_rows.Get(join) == 17);
  CHECK(t.input_rows.Get(join) == 47);
  CHECK(t.input_rows.Get(f.Find("Filter").index) == 90);
  CHECK(t.input_rows.Get(f.Find("Union").index) == 17);
  CHECK_FALSE(t.input_rows.Has(f.Find("Scan parquet t").index));
  CHECK_FALSE(t.left_rows.Has(f.Find("Union").index));
}

TEST_CASE("model/plan_nodes: an operator that may change the rows uncounted leaves them unknown") {
  Fixture f;
  const StageRow stage = f.AddStage(0);
  f.m.raw_sql[0].initial = Plan(f.m, R"(
BroadcastHashJoin | BroadcastHashJoin [a#1], [b#2], Inner, BuildRight | number of output rows = 1
  MapPartitions
    Scan parquet t | FileScan parquet [a#1] | number of output rows = 2
  BroadcastExchange
    ArrowEvalPython
      Scan parquet u | FileScan parquet [b#2] | number of output rows = 3
)");
  for (const int accumulator : {1, 2, 3}) f.Tasks(accumulator, stage, {10});
  f.Derive();
  const NodeTable& t = f.m.plan_nodes;
  const std::size_t join = f.Find("BroadcastHashJoin").index;
  CHECK_FALSE(t.left_rows.Has(join));
  CHECK(t.right_rows.Get(join) == 10);
  CHECK_FALSE(t.input_rows.Has(join));
}

TEST_CASE("model/plan_nodes: an exchange that a self-join reads twice counts on both sides") {
  Fixture f;
  const StageRow stage = f.AddStage(0);
  f.m.raw_sql[0].initial = Plan(f.m, R"(
SortMergeJoin | SortMergeJoin [a#1], [a#2], Inner | number of output rows = 1
  Sort | Sort [a#1 ASC]
    Exchange | Exchange hashpartitioning(a#1, 8), [plan_id=7]
      Scan parquet t | FileScan parquet [a#1] | number of output rows = 2
  Sort | Sort [a#2 ASC]
    ReusedExchange | ReusedExchange [a#2], Exchange hashpartitioning(a#1, 8), [plan_id=7]
      Exchange | Exchange hashpartitioning(a#1, 8), [plan_id=7]
        Scan parquet t | FileScan parquet [a#1] | number of output rows = 2
)");
  f.Tasks(1, stage, {50});
  f.Tasks(2, stage, {20});
  f.Derive();
  const NodeTable& t = f.m.plan_nodes;
  const std::size_t join = f.Find("SortMergeJoin").index;
  CHECK(t.left_rows.Get(join) == 20);
  CHECK(t.right_rows.Get(join) == 20);
  CHECK(t.input_rows.Get(join) == 40);
}

TEST_CASE("model/plan_nodes: equal subtrees differ in ids only") {
  Fixture f;
  f.AddStage(0);
  f.m.raw_sql[0].initial = Plan(f.m, R"(
Union
  Exchange | Exchange hashpartitioning(a#1L, 8), ENSURE_REQUIREMENTS, [plan_id=7]
    Scan parquet t | FileScan parquet [a#1L] Location: InMemoryFileIndex[/data/t1]
  Exchange | Exchange hashpartitioning(a#22L, 8), ENSURE_REQUIREMENTS, [plan_id=311]
    Scan parquet t | FileScan parquet [a#22L] Location: InMemoryFileIndex[/data/t1]
  Exchange | Exchange hashpartitioning(a#1L, 8), ENSURE_REQUIREMENTS, [plan_id=7]
    Scan parquet t | FileScan parquet [a#1L] Location: InMemoryFileIndex[/data/t2]
)");
  f.Derive();
  const NodeTable& t = f.m.plan_nodes;
  std::vector<std::string_view> exchanges;
  for (std::size_t row = 0; row < t.size(); ++row) {
    if (t.kind.Get(row) == NodeKind::Exchange) exchanges.push_back(f.m.strings.Get(t.subtree.Get(row)));
  }
  REQUIRE(exchanges.size() == 3);
  CHECK(exchanges[0] == exchanges[1]);
  CHECK(exchanges[0] != exchanges[2]);
  CHECK(exchanges[0].size() == 16);
}

TEST_CASE("model/plan_nodes: queries of one shape do the same with other values") {
  const auto shape = [](const std::string& plan) {
    Fixture f;
    f.AddStage(0);
    f.m.raw_sql[0].initial = Plan(f.m, plan);
    f.Derive();
    return std::string(f.m.strings.Get(f.m.sql_executions.plan_shape.Get(0)));
  };
  // Ids, a value, and where the rows come from differ.
  const auto plan = [](const std::string& function, const std::string& value, const std::string& location) {
    return "\nHashAggregate | HashAggregate(keys=[], functions=[" + function + "(v#" + value + "L)])\n" +
           "  Exchange | Exchange SinglePartition, ENSURE_REQUIREMENTS, [plan_id=" + value + "]\n" +
           "    Filter | Filter (isnotnull(k#2L) AND (pmod(k#2L, 12) = " + value + "))\n" +
           "      Scan parquet t | FileScan parquet [k#2L,v#" + value + "L] Batched: true, DataFilters: [(pmod(k#2L, 12) = " +
           value + ")], Location: InMemoryFileIndex[" + location + "], ReadSchema: struct<k:bigint,v:bigint>\n";
  };
  const std::string first = shape(plan("sum", "3", "/data/t1/day=3"));
  CHECK(first.size() == 16);
  CHECK(first == shape(plan("sum", "14", "/data/t1/day=14")));
  CHECK(first != shape(plan("sum", "3", "/data/t2/day=3")));
  CHECK(first != shape(plan("max", "3", "/data/t1/day=3")));
  // What adaptive execution puts around it.
  CHECK(first == shape(R"(
AdaptiveSparkPlan | AdaptiveSparkPlan isFinalPlan=true
  HashAggregate | HashAggregate(keys=[], functions=[sum(v#71L)])
    ShuffleQueryStage | ShuffleQueryStage 0
      Exchange | Exchange SinglePartition, ENSURE_REQUIREMENTS, [plan_id=99]
        Filter | Filter (isnotnull(k#72L) AND (pmod(k#72L, 12) = 4))
          Scan parquet t | FileScan parquet [k#72L,v#71L] Batched: true, DataFilters: [(pmod(k#72L, 12) = 4)], Location: InMemoryFileIndex[/data/t1/day=14], ReadSchema: struct<k:bigint,v:bigint>
)"));
}

// ---------------------------------------------------------------- stages
TEST_CASE("model/plan_nodes: stages by metric, cluster and neighbour") {
  Fixture f;
  const StageRow map = f.AddStage(0);
  const StageRow broadcast = f.AddStage(1);
  f.AddStage(2);
  const StageRow reduce = f.AddStage(3);
  f.m.raw_sql[0].initial = JoinPlan(f.m);
  f.m.raw_sql[0].driver_updates = {{1, 3}, {8, 100}};
  f.Tasks(7, map, {10});
  f.Tasks(4, map, {10});
  f.Tasks(9, broadcast, {10});
  f.Tasks(5, reduce, {10});
  SUBCASE("the block's duration fired") { f.Tasks(2, reduce, {5}); }
  SUBCASE("only the join fired") { f.Tasks(3, reduce, {5}); }
  f.Derive();
  CHECK(f.Stages("Project") == "3.0 cluster");
  CHECK(f.Stages("AQEShuffleRead") == "3.0 neighbour");
  CHECK(f.Stages("Execute InsertIntoHadoopFsRelationCommand") == "3.0 neighbour");
  CHECK(f.Stages("Exchange") == "0.0 metric");
  CHECK(f.ReadStages("Exchange") == "3.0 ");
  CHECK(f.Stages("HashAggregate") == "0.0 neighbour");
  CHECK(f.Stages("Scan parquet t") == "0.0 metric");
  CHECK(f.Stages("BroadcastExchange") == "1.0 neighbour");
  CHECK(f.ReadStages("BroadcastExchange") == "3.0 ");
  CHECK(f.Stages("InputAdapter") == "none");
  CHECK(f.NodesOf(map) == Texts{"Exchange", "HashAggregate", "Scan parquet t"});
  CHECK(f.NodesOf(reduce) == Texts{"Execute InsertIntoHadoopFsRelationCommand", "WholeStageCodegen (2)", "Project",
                                   "BroadcastHashJoin", "AQEShuffleRead"});
  CHECK(f.m.sql_executions.stage_ids.Get(0).size() == 4);
}

TEST_CASE("model/plan_nodes: read metrics alone place the operators above the exchange") {
  Fixture f;
  const StageRow reduce = f.AddStage(3);
  f.m.raw_sql[0].initial = JoinPlan(f.m);
  f.Tasks(5, reduce, {10});
  f.Derive();
  CHECK(f.Stages("BroadcastHashJoin") == "3.0 neighbour");
  CHECK(f.Stages("Exchange") == "none");
  CHECK(f.ReadStages("Exchange") == "3.0 ");
}

TEST_CASE("model/plan_nodes: scopes and driver metrics are weaker evidence and make no edges") {
  Fixture f;
  const StageRow stage = f.AddStage(0);
  f.m.raw_sql[0].initial = JoinPlan(f.m);
  f.m.raw_sql[0].driver_updates = {{8, 100}};
  RawRdd rdd;
  rdd.id = 5;
  rdd.scope_name = f.m.strings.Intern("WholeStageCodegen (2)");
  f.m.rdds.push_back(rdd);
  f.m.stages.rdd_ids.Mutable(stage.index) = {5};
  f.Derive();
  CHECK(f.Stages("Project") == "0.0 scope");
  CHECK(f.Stages("BroadcastExchange") == "driver");
  CHECK(f.Stages("Range") == "none");
  CHECK(f.NodesOf(stage).empty());
}

TEST_CASE("model/plan_nodes: a cached plan ran in the execution that filled the cache") {
  Fixture f;
  const std::size_t second = f.AddExecution();
  const StageRow fill = f.AddStage(0);
  const StageRow read = f.AddStage(1, 0, second);
  f.m.raw_sql[0].initial = Plan(f.m, R"(
InMemoryTableScan | | number of output rows = 1
  Range | | number of output rows = 2
)");
  f.m.raw_sql[second].initial = Plan(f.m, R"(
InMemoryTableScan | | number of output rows = 3
  Project
    Range | | number of output rows = 2
)");
  f.Tasks(1, fill, {5});
  f.Tasks(2, fill, {5});
  f.Tasks(3, read, {5});
  f.Derive();
  CHECK(f.NodesOf(fill) == Texts{"InMemoryTableScan", "Range"});
  CHECK(f.NodesOf(read) == Texts{"InMemoryTableScan"});
  CHECK(f.Stages("Project") == "none");
  CHECK_FALSE(f.m.plan_nodes.output_rows.Has(4));  // the second Range
}

TEST_CASE("model/plan_nodes: executions know their status, jobs, stages and root") {
  Fixture f;
  const std::size_t failed = f.AddExecution();
  const std::size_t running = f.AddExecution();
  f.m.jobs.status.Set(failed, JobStatus::Failed);
  f.m.jobs.failure.Set(failed, f.m.strings.Intern("boom"));
  f.m.sql_executions.end.Clear(running);
  f.m.sql_executions.root_id.Set(failed, 0);
  f.m.sql_executions.root_id.Set(running, 77);
  f.AddStage(4, 0, failed);
  f.AddStage(3, 0, failed);
  f.Derive();
  const SqlTable& t = f.m.sql_executions;
  CHECK(t.status.Get(0) == JobStatus::Succeeded);
  CHECK(t.status.Get(failed) == JobStatus::Failed);
  CHECK(f.m.strings.Get(t.error.Get(failed)) == "boom");
  CHECK(t.status.Get(running) == JobStatus::Running);
  CHECK(t.root.Get(failed) == SqlRow(0));
  CHECK_FALSE(t.root.Has(running));
  CHECK(t.stage_ids.Get(failed).size() == 2);
  CHECK(t.stage_ids.Get(failed)[0] == 3);
  CHECK(t.stages.Get(failed).size() == 2);
  CHECK(t.jobs.Get(failed).size() == 1);
}

}  // namespace advise::model
