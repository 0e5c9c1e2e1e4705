// The table of Spark's distribution metrics with the task columns behind them, and the quantiles as Spark cuts them.
#include "export/model_quantiles.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "metrics/catalogue.h"
#include "support/check.h"

namespace advise::exports {
namespace {

using model::JobModel;
using model::kMissing;
using model::PackedColumn;

// A REST metric is one column of tasks, or the sum of two.
struct Metric {
  std::string_view name;
  std::string_view attribute;
  const PackedColumn model::TaskTable::*column;
  const PackedColumn model::TaskTable::*second = nullptr;
};

#define ADVISE_METRIC(name, column) \
  Metric { name, #column, &model::TaskTable::column }
constexpr Metric kMetrics[] = {
    ADVISE_METRIC("duration", duration),
    ADVISE_METRIC("executorDeserializeTime", deserialize_time),
    ADVISE_METRIC("executorDeserializeCpuTime", deserialize_cpu_time),
    ADVISE_METRIC("executorRunTime", run_time),
    ADVISE_METRIC("executorCpuTime", cpu_time),
    ADVISE_METRIC("resultSize", result_size),
    ADVISE_METRIC("jvmGcTime", gc_time),
    ADVISE_METRIC("resultSerializationTime", result_serialization_time),
    ADVISE_METRIC("gettingResultTime", getting_result_time),
    ADVISE_METRIC("schedulerDelay", scheduler_delay),
    ADVISE_METRIC("peakExecutionMemory", peak_execution_memory),
    ADVISE_METRIC("memoryBytesSpilled", memory_bytes_spilled),
    ADVISE_METRIC("diskBytesSpilled", disk_bytes_spilled),
    ADVISE_METRIC("inputMetrics.bytesRead", input_bytes),
    ADVISE_METRIC("inputMetrics.recordsRead", input_records),
    ADVISE_METRIC("outputMetrics.bytesWritten", output_bytes),
    ADVISE_METRIC("outputMetrics.recordsWritten", output_records),
    ADVISE_METRIC("shuffleReadMetrics.readBytes", shuffle_read),
    ADVISE_METRIC("shuffleReadMetrics.readRecords", shuffle_read_records),
    ADVISE_METRIC("shuffleReadMetrics.remoteBlocksFetched", shuffle_remote_blocks_fetched),
    ADVISE_METRIC("shuffleReadMetrics.localBlocksFetched", shuffle_local_blocks_fetched),
    {"shuffleReadMetrics.totalBlocksFetched", "shuffle_local_blocks_fetched",
     &model::TaskTable::shuffle_local_blocks_fetched, &model::TaskTable::shuffle_remote_blocks_fetched},
    ADVISE_METRIC("shuffleReadMetrics.fetchWaitTime", fetch_wait_time),
    ADVISE_METRIC("shuffleReadMetrics.remoteBytesRead", shuffle_read_remote),
    ADVISE_METRIC("shuffleReadMetrics.remoteBytesReadToDisk", shuffle_remote_bytes_read_to_disk),
    ADVISE_METRIC("shuffleReadMetrics.remoteReqsDuration", shuffle_remote_reqs_duration),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.corruptMergedBlockChunks",
                  shuffle_corrupt_merged_block_chunks),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.mergedFetchFallbackCount",
                  shuffle_merged_fetch_fallback_count),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.remoteMergedBlocksFetched",
                  shuffle_merged_remote_blocks_fetched),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.localMergedBlocksFetched",
                  shuffle_merged_local_blocks_fetched),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.remoteMergedChunksFetched",
                  shuffle_merged_remote_chunks_fetched),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.localMergedChunksFetched",
                  shuffle_merged_local_chunks_fetched),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.remoteMergedBytesRead",
                  shuffle_merged_remote_bytes_read),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.localMergedBytesRead",
                  shuffle_merged_local_bytes_read),
    ADVISE_METRIC("shuffleReadMetrics.shufflePushReadMetricsDist.remoteMergedReqsDuration",
                  shuffle_merged_remote_reqs_duration),
    ADVISE_METRIC("shuffleWriteMetrics.writeBytes", shuffle_write),
    ADVISE_METRIC("shuffleWriteMetrics.writeRecords", shuffle_write_records),
    ADVISE_METRIC("shuffleWriteMetrics.writeTime", shuffle_write_time),
};
#undef ADVISE_METRIC

std::int64_t ValueOf(const JobModel& model, const Metric& metric, std::size_t task) {
  const std::int64_t value = (model.tasks.*metric.column).Get(task);
  if (metric.second == nullptr || value == kMissing) return value;
  const std::int64_t second = (model.tasks.*metric.second).Get(task);
  return second == kMissing ? kMissing : value + second;
}

bool Counts(const JobModel& model, model::TaskRow task) {
  return model.tasks.succeeded.Get(task.index) && model.tasks.started.Get(task.index);
}

}  // namespace

std::span<const std::string_view> QuantileMetricNames() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const Metric& metric : kMetrics) names.push_back(metric.name);
    return names;
  }();
  return kNames;
}

const metrics::Attribute& QuantileMetricSource(std::size_t metric) {
  const metrics::Attribute* attribute = metrics::Find(model::Entity::Task, kMetrics[metric].attribute);
  ADVISE_CHECK(attribute != nullptr, "a quantile metric without task attribute");
  return *attribute;
}

std::optional<std::array<std::int64_t, 5>> StageQuantiles(const JobModel& model, model::StageRow stage,
                                                          std::size_t metric) {
  std::vector<std::int64_t> values;
  for (const model::TaskRow task : model.stages.tasks.Get(stage.index)) {
    if (!Counts(model, task)) continue;
    const std::int64_t value = ValueOf(model, kMetrics[metric], task.index);
    if (value != kMissing) values.push_back(value);
  }
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  std::array<std::int64_t, 5> quantiles{};
  for (std::size_t i = 0; i < kQuantiles.size(); ++i) {
    const auto index = static_cast<std::size_t>(std::floor(kQuantiles[i] * static_cast<double>(values.size())));
    quantiles[i] = values[std::min(index, values.size() - 1)];
  }
  return quantiles;
}

bool HasSuccess(const JobModel& model, model::StageRow stage) {
  return std::ranges::any_of(model.stages.tasks.Get(stage.index),
                             [&model](model::TaskRow task) { return Counts(model, task); });
}

}  // namespace advise::exports
