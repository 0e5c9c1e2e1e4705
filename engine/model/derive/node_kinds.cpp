// Names of plan nodes. Spark's are the classes of sql/core/…/execution without "Exec" (SparkPlan.nodeName), some with
// arguments: "WholeStageCodegen (3)", "SortMergeJoin(skew=true)", "Scan parquet db.table", "Execute CreateViewCommand".
// Other engines keep these names and mark them: Photon… (Databricks), Gpu… (RAPIDS), Comet… (DataFusion Comet),
// …ExecTransformer, Columnar…, Velox… (Gluten). So marks are taken off first, then one table decides.
#include "model/derive/node_kinds.h"

#include <initializer_list>

#include "support/text.h"

namespace advise::model {
namespace {

using enum NodeKind;

bool StartsWithAny(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (text.starts_with(prefix)) return true;
  }
  return false;
}

std::string_view FirstWord(std::string_view text) { return text.substr(0, text.find_first_of(" ([")); }

bool IsPhotonStage(std::string_view name) {
  return name == "PhotonShuffleMapStage" || name == "PhotonResultStage" || name == "PhotonWriteStage";
}

struct KindOfName {
  std::string_view name;
  NodeKind kind;
};

// Whole names, after OperatorName.
constexpr KindOfName kKinds[] = {
    {"Filter", Filter},
    {"Project", Project},
    {"SortMergeJoin", SortMergeJoin},
    {"BroadcastHashJoin", BroadcastHashJoin},
    {"ShuffledHashJoin", ShuffledHashJoin},
    {"ShuffledSymmetricHashJoin", ShuffledHashJoin},  // RAPIDS
    {"ShuffledAsymmetricHashJoin", ShuffledHashJoin},
    {"ShuffledSizedHashJoin", ShuffledHashJoin},
    {"HashJoin", ShuffledHashJoin},  // Comet
    {"BroadcastNestedLoopJoin", BroadcastNestedLoopJoin},
    {"CartesianProduct", CartesianProduct},
    {"Exchange", Exchange},
    {"ShuffleExchange", Exchange},
    {"ShuffleExchangeSink", Exchange},      // Photon: the map side
    {"ShuffleExchangeSource", Transition},  // and the reduce side of it
    {"BroadcastExchange", BroadcastExchange},
    {"ReusedExchange", ReusedExchange},
    {"AQEShuffleRead", AqeShuffleRead},       // 3.2+
    {"CustomShuffleReader", AqeShuffleRead},  // 3.0, 3.1
    {"HashAggregate", Aggregate},
    {"ObjectHashAggregate", Aggregate},
    {"SortAggregate", Aggregate},
    {"Agg", Aggregate},  // Photon
    {"GroupingAgg", Aggregate},
    {"GroupingAggWithRollup", Aggregate},
    {"Sort", Sort},
    {"Window", Window},
    {"Generate", Generate},
    {"Expand", Expand},
    {"Union", Union},
    {"CollectLimit", Limit},
    {"CollectTail", Limit},
    {"GlobalLimit", Limit},
    {"LocalLimit", Limit},
    {"Limit", Limit},
    {"TakeOrderedAndProject", Limit},
    {"TopN", Limit},  // RAPIDS
    {"TopK", Limit},  // Photon
    {"GroupingPartialTopK", Limit},
    {"WindowGroupLimit", Limit},  // 3.5
    {"StreamingGlobalLimit", Limit},
    {"StreamingLocalLimit", Limit},
    {"MapElements", MapPartitions},
    {"MapPartitions", MapPartitions},
    {"MapGroups", MapPartitions},
    {"CoGroup", MapPartitions},
    {"AppendColumns", MapPartitions},
    {"AppendColumnsWithObject", MapPartitions},
    {"FlatMapGroupsWithState", MapPartitions},
    {"TransformWithState", MapPartitions},
    {"MapPartitionsInR", MapPartitions},
    {"FlatMapGroupsInR", MapPartitions},
    // Rows to objects and back: conversions, like those between rows and columns.
    {"DeserializeToObject", Transition},
    {"SerializeFromObject", Transition},
    {"CoalesceBatches", Transition},  // RAPIDS
    {"ShuffleCoalesce", Transition},
    {"BringBackToHost", Transition},
    {"ResizeBatches", Transition},  // Gluten
    {"InputIterator", Transition},
    {"AppendData", Write},
    {"OverwriteByExpression", Write},
    {"OverwritePartitionsDynamic", Write},
    {"AppendDataExecV1", Write},
    {"AppendDataV1", Write},
    {"OverwriteByExpressionExecV1", Write},
    {"OverwriteByExpressionV1", Write},
    {"WriteToDataSourceV2", Write},
    {"WriteToContinuousDataSource", Write},
    {"WriteFiles", Write},
    {"ReplaceData", Write},
    {"WriteDelta", Write},
    {"CreateTableAsSelect", Write},
    {"AtomicCreateTableAsSelect", Write},
    {"ReplaceTableAsSelect", Write},
    {"AtomicReplaceTableAsSelect", Write},
    {"ParquetWriter", Write},  // Photon
    {"Subquery", Subquery},
    {"SubqueryBroadcast", Subquery},
    {"SubqueryAdaptiveBroadcast", Subquery},
    {"ReusedSubquery", Subquery},
    {"ScalarSubquery", Subquery},
    {"AdaptiveSparkPlan", AdaptivePlan},
    {"InMemoryTableScan", TableCacheScan},
    {"LocalTableScan", LocalTableScan},
    {"EmptyRelation", LocalTableScan},  // 4.0
    {"CommandResult", LocalTableScan},  // 3.2: rows of a command that ran before
    {"Range", RangeScan},
    {"HiveTableScan", FileScan},  // 2.x
    {"MicroBatchScan", Scan},
    {"ContinuousScan", Scan},
    {"StreamingRelation", Scan},
    {"ExecutedCommand", Command},
};

// "Scan …" in all forms; `name` is an OperatorName.
NodeKind ScanKind(std::string_view name, std::string_view simple_string) {
  const std::string_view source = name.substr(FirstWord(name).size());
  if (StartsWithAny(source, {" In-memory table"})) return TableCacheScan;  // InMemoryTableScanExec of a named table
  if (StartsWithAny(source, {" JDBC", " jdbc"})) return JdbcScan;
  if (StartsWithAny(source, {" ExistingRDD", " OneRowRelation"})) return RddScan;  // RDDScanExec
  if (StartsWithAny(source, {" hive "})) return FileScan;
  if (StartsWithAny(simple_string, {"Scan[", "Scan ["})) return RddScan;  // ExternalRDDScanExec
  if (FirstWord(simple_string).ends_with("FileScan") || StartsWithAny(simple_string, {"GpuFileGpuScan"}))
    return FileScan;
  if (FirstWord(name) == "FileScan") return FileScan;
  // Data source V2: what the Scan object describes. File sources name a location, Iceberg filters and groupedBy.
  if (Contains(simple_string, "JDBCScan") || Contains(simple_string, "JDBCRelation")) return JdbcScan;
  if (Contains(simple_string, "Location: ") || Contains(simple_string, "Format: ") ||
      Contains(simple_string, "InputPaths: ") ||
      (Contains(simple_string, "[filters=") && Contains(simple_string, "groupedBy="))) {
    return FileScan;
  }
  return Scan;
}

// "Execute <command>": DataWritingCommandExec and ExecutedCommandExec.
NodeKind CommandKind(std::string_view command) {
  if (command.starts_with("Gpu")) command.remove_prefix(3);
  if (command.starts_with("Optimized")) command.remove_prefix(9);
  const bool writes = StartsWithAny(command, {"InsertInto", "SaveIntoDataSource", "CreateDataSourceTableAsSelect",
                                              "CreateHiveTableAsSelect", "WriteIntoDelta", "MergeInto"});
  return writes ? Write : Command;
}

bool RunsPython(std::string_view name) {
  return Contains(name, "Python") || Contains(name, "Pandas") || Contains(name, "PySpark") ||
         name.starts_with("ArrowEval") || name == "MapInArrow" || name == "FlatMapGroupsInArrow" ||
         name == "FlatMapCoGroupsInArrow";
}

// An unnamed Scala or Java UDF prints as "UDF(…)"; a named one cannot be told from a function (ScalaUDF.toString).
bool CallsScalaUdf(std::string_view text) {
  for (std::size_t at = text.find("UDF("); at != std::string_view::npos; at = text.find("UDF(", at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    if (before == ' ' || before == '(' || before == '[' || before == ',') return true;
  }
  return false;
}

// DDL of the V2 catalogue: V2CommandExec classes, one node plans.
bool IsCatalogCommand(std::string_view name) {
  return StartsWithAny(name, {"Show", "Describe", "Create", "Drop", "Alter", "Set", "Rename", "Refresh", "Truncate",
                              "DeleteFromTable", "Replace", "AddPartition", "CacheTable", "UncacheTable"});
}

}  // namespace

Engine EngineOf(std::string_view node_name) {
  if (node_name.starts_with("Execute ")) node_name.remove_prefix(8);
  const std::string_view word = FirstWord(node_name);
  if (word.starts_with("Photon")) return Engine::Photon;
  if (word.starts_with("Comet")) return Engine::Comet;
  if (Contains(word, "Gpu")) return Engine::Rapids;  // HostColumnarToGpu too
  if (word.ends_with("Transformer") || Contains(word, "Velox") || word.starts_with("Native")) return Engine::Gluten;
  // Gluten's own exchanges and writers; ColumnarToRow alone is Spark's.
  if (word.starts_with("Columnar") && word != "ColumnarToRow") return Engine::Gluten;
  return Engine::Spark;
}

std::string_view OperatorName(std::string_view name) {
  for (const std::string_view mark : {"Photon", "Gpu", "Comet", "Velox", "Native"}) {
    if (name.starts_with(mark)) name.remove_prefix(mark.size());
  }
  if (name.starts_with("Columnar") && !name.starts_with("ColumnarToRow")) name.remove_prefix(8);
  // Scans keep what they scan.
  if (FirstWord(name).ends_with("Scan")) return name;
  name = FirstWord(name);
  for (const std::string_view mark : {"Transformer", "Exec"}) {
    if (name.ends_with(mark)) name.remove_suffix(mark.size());
  }
  return name;
}

bool IsWrapper(std::string_view name) {
  return name.starts_with("WholeStageCodegen") || name == "InputAdapter" || name.ends_with("QueryStage") ||
         name == "AdaptiveSparkPlan" || name == "ReusedSubquery" || IsPhotonStage(name);
}

NodeKind KindOf(std::string_view node_name, std::string_view simple_string) {
  if (node_name.starts_with("WholeStageCodegen") || IsPhotonStage(node_name)) return WholeStageCodegen;
  if (node_name.starts_with("Execute ")) return CommandKind(node_name.substr(8));
  const std::string_view name = OperatorName(node_name);
  if (name == "Project" && CallsScalaUdf(simple_string)) return ScalaUdf;
  for (const KindOfName& row : kKinds) {
    if (row.name == name) return row.kind;
  }
  const std::string_view word = FirstWord(name);
  if (word == "Scan" || word == "FileScan" || word == "BatchScan" || word == "BatchedScan")
    return ScanKind(name, simple_string);
  if (RunsPython(name)) return PythonUdf;
  // Families with many members: what the name contains decides.
  if (name.starts_with("FileSourceScan") || name.starts_with("HiveTableScan")) return FileScan;
  if (name.ends_with("QueryStage") || name == "InputAdapter") return Other;
  if (Contains(name, "ColumnarToRow") || Contains(name, "RowToColumnar") || Contains(name, "RowToVelox") ||
      Contains(name, "ToGpu") || Contains(name, "ToRow")) {
    return Transition;
  }
  if (Contains(name, "BroadcastExchange")) return BroadcastExchange;
  if (Contains(name, "ShuffleReader") || Contains(name, "ShuffleRead")) return AqeShuffleRead;
  if (Contains(name, "Exchange")) return Exchange;
  if (Contains(name, "Join")) return Join;
  if (Contains(name, "Aggregate")) return Aggregate;
  if (Contains(name, "Window")) return Window;
  if (name.ends_with("WriteFiles") || name.ends_with("Writer")) return Write;
  if (Contains(name, "TableScan") || name.ends_with("Scan")) return Scan;
  if (IsCatalogCommand(name)) return Command;
  return Other;
}

}  // namespace advise::model
