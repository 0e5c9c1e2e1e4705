// JobModel: one application attempt as plain tables. The builder (job_model_builder.h) fills the raw parts while the
// log is read; the derive steps (derive/derive.h) complete it; then it is const for ever and may be shared between
// threads.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/ledger.h"
#include "model/stage_totals.h"
#include "model/tables.h"
#include "spark/effective.h"
#include "support/string_pool.h"

namespace advise::model {

// ---------------------------------------------------------------- raw parts: as the log wrote them
using spark::ParseSparkVersion;
using spark::SparkVersion;

struct RawMetric {
  StringId name = StringId::None;
  std::int64_t accumulator = 0;
  StringId type = StringId::None;  // sum size timing nsTiming average v2Custom_…
};
struct RawPlanNode {
  std::int32_t parent = -1;  // index in the same plan; -1: root. Pre-order: a parent stands before its children
  StringId name = StringId::None;
  StringId simple_string = StringId::None;
  std::vector<std::pair<StringId, StringId>> metadata;  // in the order of the log
  std::vector<RawMetric> metrics;
};
using RawPlan = std::vector<RawPlanNode>;

// What belongs to one SQL execution besides its table row.
struct RawSqlExecution {
  RawPlan initial;                     // of SQLExecutionStart; empty when that is not in the log
  std::optional<RawPlan> last_update;  // of the last SQLAdaptiveExecutionUpdate
  std::vector<RawMetric> all_metrics;  // every metric of every plan and SQLAdaptiveSQLMetricUpdates, once per
                                       // accumulator, in order of first mention
  std::vector<std::pair<std::int64_t, std::int64_t>> driver_updates;  // (accumulator, value) in log order
};

// Task updates of one SQL accumulator in one stage attempt (Accumulables of TaskEnd with Metadata "sql"), over all
// ended attempts (each end once; Resubmitted not again). Values below zero mean "unset" and are counted apart.
struct AccumulatorTotal {
  std::int64_t accumulator = 0;
  StageRow stage;
  std::int64_t sum = 0;       // of updates >= 0
  std::int64_t count = 0;     // updates >= 0
  std::int64_t negative = 0;  // updates < 0
  std::int64_t min = 0;       // of updates >= 0; meaningless when count is 0
  std::int64_t max = 0;
};

// One RDD, merged over all Stage Infos that list it (largest cached counts seen).
struct RawRdd {
  std::int64_t id = 0;
  StringId name = StringId::None;
  StringId scope_id = StringId::None;  // id and name inside the Scope JSON text
  StringId scope_name = StringId::None;
  StringId call_site = StringId::None;
  std::vector<std::int64_t> parents;
  bool use_disk = false;
  bool use_memory = false;
  bool use_off_heap = false;
  bool deserialized = false;
  bool barrier = false;
  std::int64_t replication = 0;
  std::int64_t partitions = kMissing;
  std::int64_t cached_partitions = kMissing;
  std::int64_t memory = kMissing;
  std::int64_t disk = kMissing;
  [[nodiscard]] bool has_storage_level() const { return use_disk || use_memory || use_off_heap; }
};

struct RawResource {
  StringId name = StringId::None;
  double amount = 0;  // memory amounts are MiB as in the log
};
struct RawResourceProfile {
  std::int64_t id = 0;
  std::vector<RawResource> executor;
  std::vector<RawResource> task;
};

// Sorted by key; a key stands once (a later EnvironmentUpdate replaces the whole map).
using spark::Properties;

// The value of one SQL metric of one plan node, over all stages and the driver. Units of the metric's type: sum counts,
// size bytes, timing ms, nsTiming ns, average as Spark stores it (x10).
struct NodeMetric {
  NodeRow node;
  StringId name = StringId::None;
  StringId type = StringId::None;
  std::int64_t accumulator = 0;
  // kMissing: never set. From Spark 3.4 on 0 and "never set" cannot be told apart in tasks; then kMissing too.
  std::int64_t total = kMissing;
  std::int64_t min = kMissing;  // smallest and largest single task (or driver) value
  std::int64_t max = kMissing;
  std::int64_t count = 0;  // values seen
};

// A named accumulator of a task or stage attempt that is neither internal nor a SQL metric. Texts as in the log.
struct UserAccumulator {
  std::uint32_t row = 0;  // of its task or stage
  std::int64_t id = 0;
  StringId name = StringId::None;
  StringId update = StringId::None;  // of the task; None for stages
  StringId value = StringId::None;
};

// ---------------------------------------------------------------- the model
struct JobModel {
  StringPool strings;
  SparkVersion version;

  AppTable app;
  JobTable jobs;
  StageTable stages;
  TaskTable tasks;
  ExecutorTable executors;
  HostTable hosts;
  SqlTable sql_executions;
  NodeTable plan_nodes;
  ShuffleTable shuffles;
  GapTable gaps;
  CachedRddTable cached_rdds;
  IncidentTable incidents;

  // Metrics of plan_nodes, by (node, order in the plan); node_metric_begin has one entry a node and one more.
  std::vector<NodeMetric> node_metrics;
  std::vector<std::uint32_t> node_metric_begin;

  // Sorted by (first, second). After: B directly after A. Retries: attempt n+1 of a stage after attempt n.
  std::vector<std::pair<StageRow, StageRow>> retries;

  // Where the wall time went. Its columns (wall_*) and Gap.account are made from it.
  Ledger ledger;

  // Made of what a test gives of a run (workbench/given_model.h): what no event tells is unknown. Of a whole log it is
  // 0, false or empty.
  bool excerpt = false;
  bool part_of_run = false;      // one query or job of an application, read as if it were the application (run_part.h)
  bool has_environment = false;  // an EnvironmentUpdate is in the log
  Properties spark_properties;
  Properties hadoop_properties;
  Properties system_properties;
  Properties jvm_information;

  // Raw parts, kept for the derive steps and for tests.
  std::vector<RawSqlExecution> raw_sql;        // one a row of sql_executions
  std::vector<AccumulatorTotal> accumulators;  // sorted by (accumulator, stage)
  std::vector<RawRdd> rdds;                    // sorted by id
  std::vector<StageTotals> stage_totals;       // of stages whose tasks are not in the log
  std::vector<RawResourceProfile> resource_profiles;
  std::vector<std::int64_t> unpersisted_rdds;  // in log order

  // What only REST-like output shows, read on demand (ingest::Detail::Rest); sorted by row.
  std::vector<UserAccumulator> stage_accumulators;
  std::vector<UserAccumulator> task_accumulators;

  // How many rows of an entity there are (App: 1).
  [[nodiscard]] std::size_t RowCount(Entity entity) const;
  // The value of a Spark property, or nullopt if the log does not hold it. Redacted values (`*********(redacted)`) are
  // nullopt.
  [[nodiscard]] std::optional<std::string_view> SparkProperty(std::string_view key) const ADVISE_LIFETIME_BOUND;
  // The RDD, or null.
  [[nodiscard]] const RawRdd* FindRdd(std::int64_t id) const;
  [[nodiscard]] std::span<const NodeMetric> MetricsOf(NodeRow node) const ADVISE_LIFETIME_BOUND;
};

}  // namespace advise::model
