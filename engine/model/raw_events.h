// What the builder is told: one struct an event, plain data. Texts are views that live only for the length of the call
// (ingest owns the bytes); the builder interns what it keeps. kMissing and empty optionals mean "not in the event".
// Field names follow Spark's JsonProtocol.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "model/column.h"
#include "model/enums.h"
#include "model/stage_totals.h"
#include "model/tables.h"

namespace advise::model {

using Text = std::optional<std::string_view>;
using TextPairs = std::vector<std::pair<std::string_view, std::string_view>>;

// Task metrics in the order of kTaskMetricColumns (job_model_builder.cpp): V(Name).
#define ADVISE_TASK_METRICS(V)                                                                                   \
  V(run_time)                                                                                                    \
  V(cpu_time)                                                                                                    \
  V(deserialize_time) V(deserialize_cpu_time) V(gc_time) V(result_serialization_time) V(result_size)             \
      V(peak_execution_memory) V(peak_on_heap_execution_memory) V(peak_off_heap_execution_memory)                \
          V(memory_bytes_spilled) V(disk_bytes_spilled) V(input_bytes) V(input_records) V(output_bytes)          \
              V(output_records) V(shuffle_read_remote) V(shuffle_read_local) V(shuffle_read_records)             \
                  V(fetch_wait_time) V(shuffle_remote_blocks_fetched) V(shuffle_local_blocks_fetched)            \
                      V(shuffle_remote_bytes_read_to_disk) V(shuffle_remote_reqs_duration)                       \
                          V(shuffle_corrupt_merged_block_chunks) V(shuffle_merged_fetch_fallback_count)          \
                              V(shuffle_merged_remote_blocks_fetched) V(shuffle_merged_local_blocks_fetched)     \
                                  V(shuffle_merged_remote_chunks_fetched) V(shuffle_merged_local_chunks_fetched) \
                                      V(shuffle_merged_remote_bytes_read) V(shuffle_merged_local_bytes_read)     \
                                          V(shuffle_merged_remote_reqs_duration) V(shuffle_write)                \
                                              V(shuffle_write_time) V(shuffle_write_records)

enum class TaskMetric : std::uint8_t {
#define ADVISE_ENUMERATOR(name) name,
  ADVISE_TASK_METRICS(ADVISE_ENUMERATOR)
#undef ADVISE_ENUMERATOR
      Count
};
inline constexpr std::size_t kTaskMetricCount = static_cast<std::size_t>(TaskMetric::Count);

enum class ExecutorMetric : std::uint8_t {
#define ADVISE_ENUMERATOR(Spark, suffix, unit, since) Spark,
  ADVISE_EXECUTOR_METRICS(ADVISE_ENUMERATOR)
#undef ADVISE_ENUMERATOR
      Count
};
inline constexpr std::size_t kExecutorMetricCount = static_cast<std::size_t>(ExecutorMetric::Count);
// Values of one poll; kMissing where the version does not write a metric.
using ExecutorMetrics = std::array<std::int64_t, kExecutorMetricCount>;

struct TaskInfo {
  std::int64_t stage_id = kMissing;
  std::int64_t stage_attempt = 0;  // absent before Spark 1.1: 0
  std::int64_t id = kMissing;
  std::int64_t index = kMissing;
  std::int64_t attempt = kMissing;
  std::int64_t partition = kMissing;
  std::int64_t launch = kMissing;
  std::int64_t getting_result = kMissing;  // 0: none
  std::int64_t finish = kMissing;          // 0: running
  std::int64_t duration = kMissing;        // of an excerpt that does not say when the attempt ran; no log states it
  std::string_view executor{};
  std::string_view host{};
  std::uint8_t locality = kMissingEnum;  // Locality
  bool speculative = false;
  bool failed = false;
  bool killed = false;
};

struct AccumulatorUpdate {
  std::int64_t accumulator = 0;
  std::int64_t value = 0;
};

// A named accumulator of the user's code or a library (not internal, no SQL metric), as the history server shows it.
struct NamedAccumulator {
  std::int64_t id = kMissing;
  std::string_view name{};
  std::string_view update{};  // of the task; empty for stages
  std::string_view value{};
};

struct TaskEnd {
  TaskInfo info;
  std::uint8_t reason = kMissingEnum;  // EndReason; kMissingEnum: a reason that we do not know, counts as failed
  std::string_view failure{};          // message, empty when there is none
  std::string_view kill_reason{};      // of TaskKilled and TaskCommitDenied, as the history server words it
  bool has_metrics = false;
  bool has_block_updates = false;
  std::array<std::int64_t, kTaskMetricCount> metrics{};  // kMissing where absent; all kMissing without metrics
  // Into the caller's array: not internal, integer-valued Updates of Task Info.Accumulables.
  std::uint32_t updates_begin = 0;
  std::uint32_t updates_end = 0;
  // Into the caller's array, as `updates`; empty unless Detail::Rest is read.
  std::uint32_t named_begin = 0;
  std::uint32_t named_end = 0;
  std::int32_t executor_metrics = -1;  // index into the caller's array; -1: absent or all zero
};

struct RddInfo {
  std::int64_t id = kMissing;
  std::string_view name{};
  std::string_view scope_id{};
  std::string_view scope_name{};
  std::string_view call_site{};
  std::vector<std::int64_t> parents{};
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
};

struct StageInfo {
  std::int64_t id = kMissing;
  std::int64_t attempt = 0;
  std::string_view name{};
  std::string_view details{};
  std::int64_t task_count = kMissing;
  std::vector<RddInfo> rdds{};
  std::vector<std::int64_t> parent_ids{};
  std::int64_t submitted = kMissing;
  std::int64_t completed = kMissing;
  Text failure{};
  std::int64_t resource_profile = kMissing;
  std::optional<bool> push_enabled{};
  std::int64_t mergers = kMissing;
  std::vector<NamedAccumulator> accumulators{};  // Detail::Rest
  StageTotalValues totals{};                     // of StageCompleted
};

struct LogStart {
  std::string_view version{};
};
struct ApplicationStart {
  Text name{};
  Text id{};
  Text attempt{};
  Text user{};
  std::int64_t time = kMissing;
  TextPairs driver_logs{};
  TextPairs driver_attributes{};
};
struct ApplicationEnd {
  std::int64_t time = kMissing;
  std::int64_t exit_code = kMissing;
};
struct EnvironmentUpdate {
  TextPairs spark{};
  TextPairs hadoop{};
  TextPairs system{};
  TextPairs jvm{};
};
struct ResourceProfileAdded {
  std::int64_t id = kMissing;
  std::vector<std::pair<std::string_view, double>> executor{};
  std::vector<std::pair<std::string_view, double>> task{};
};
struct ExecutorAdded {
  std::int64_t time = kMissing;
  std::string_view id{};
  std::string_view host{};
  std::int64_t cores = kMissing;
  TextPairs log_urls{};
  TextPairs attributes{};
  std::int64_t resource_profile = kMissing;
  std::int64_t registration_time = kMissing;
  std::int64_t request_time = kMissing;
  std::vector<std::pair<std::string_view, std::string_view>> resources{};  // name → addresses, joined by commas
};
struct ExecutorRemoved {
  std::int64_t time = kMissing;
  std::string_view id{};
  Text reason{};
};
struct BlockManagerAdded {
  std::int64_t time = kMissing;
  std::string_view executor{};
  std::string_view host{};
  std::int64_t port = kMissing;
  std::int64_t memory = kMissing;
  std::int64_t on_heap = kMissing;
  std::int64_t off_heap = kMissing;
};
// Executor or node, excluded or not, for the application or for one stage. 3.1+ writes the old and the new event name.
struct Exclusion {
  std::int64_t time = kMissing;
  Text executor{};
  Text host{};
  std::int64_t stage_id = kMissing;  // kMissing: for the application
  std::int64_t stage_attempt = 0;
  bool excluded = true;
};
struct JobStart {
  std::int64_t id = kMissing;
  std::int64_t time = kMissing;
  std::vector<StageInfo> stages{};
  std::vector<std::int64_t> stage_ids{};
  bool has_stage_infos = false;  // absent before 1.2
  Text description{};
  Text group{};
  Text tags{};
  Text pool{};
  Text call_site{};
  std::int64_t sql_execution = kMissing;
};
struct JobEnd {
  std::int64_t id = kMissing;
  std::int64_t time = kMissing;
  bool succeeded = false;
  bool has_result = false;
  std::string_view failure{};
};
struct StageSubmitted {
  StageInfo info;
  Text description{};
  Text pool{};
};
struct StageCompleted {
  StageInfo info;
};
struct TaskStart {
  TaskInfo info;
};
// StageExecutorMetrics, and each entry of an ExecutorMetricsUpdate (which the log has for the driver only).
struct StageExecutorMetrics {
  std::string_view executor{};
  std::int64_t stage_id = kMissing;
  std::int64_t stage_attempt = 0;
  ExecutorMetrics metrics{};
};
struct UnpersistRdd {
  std::int64_t rdd = kMissing;
};
struct BlockUpdated {
  std::string_view executor{};
  std::int64_t rdd = kMissing;  // kMissing: not an RDD block
  std::string_view block{};
  bool broadcast = false;
  bool use_memory = false;
  bool use_disk = false;
  bool use_off_heap = false;
  std::int64_t memory = 0;
  std::int64_t disk = 0;
};
struct PlanMetric {
  std::string_view name{};
  std::int64_t accumulator = kMissing;
  std::string_view type{};
};
struct PlanNodeInfo {
  std::int32_t parent = -1;
  std::string_view name{};
  std::string_view simple_string{};
  TextPairs metadata{};
  std::vector<PlanMetric> metrics{};
};
struct SqlStart {
  std::int64_t id = kMissing;
  std::int64_t root_id = kMissing;
  std::int64_t time = kMissing;
  Text description{};
  Text details{};
  Text plan_description{};  // Detail::Rest
  std::vector<PlanNodeInfo> plan{};
  TextPairs modified_conf{};
};
struct SqlEnd {
  std::int64_t id = kMissing;
  std::int64_t time = kMissing;
  Text error{};  // empty text: success
};
struct SqlPlanUpdate {
  std::int64_t id = kMissing;
  Text plan_description{};  // Detail::Rest
  std::vector<PlanNodeInfo> plan{};
};
struct SqlMetricUpdates {
  std::int64_t id = kMissing;
  std::vector<PlanMetric> metrics{};
};
struct DriverAccumUpdates {
  std::int64_t id = kMissing;
  std::vector<AccumulatorUpdate> updates{};
};
// What an environment wrote that only tells where the log comes from (Databricks' first line, EMR's events).
struct PlatformHint {
  Environment environment = Environment::Unknown;
  std::string_view version{};
};

}  // namespace advise::model
