// Values of SQL metrics.
//
// A metric is an accumulator: tasks send updates (JobModel::accumulators, by stage attempt), the driver posts values of
// its own (SparkListenerDriverAccumUpdates; some metrics post one value a partition, so posts add up, as in
// SQLAppStatusListener). `total` adds the last attempt of every stage of the execution, as Spark's user interface does,
// and the driver's posts.
//
// "Never set" in the versions (SQLMetrics.scala):
//   2.0–2.4   size, timing and nsTiming start at -1 and add() adds to that: a task's update is 1 too small, -1 is unset
//   3.0–3.3   start at -1, but the first add() starts from 0: values below 0 are unset
//   3.4+      a task whose value is 0 sends nothing: for these types 0 and unset are one
// sum and average start at 0 everywhere.
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

#include "model/derive/plan_nodes.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

bool StartsUnset(std::string_view type) { return type == "size" || type == "timing" || type == "nsTiming"; }

// The values of one execution's metrics.
class MetricReader {
 public:
  MetricReader(const JobModel& model, const ExecutionStages& stages, SqlRow sql)
      : m_(model), stages_(stages), sql_(sql), driver_(model.raw_sql[sql.index].driver_updates) {
    std::stable_sort(driver_.begin(), driver_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  [[nodiscard]] NodeMetric Read(NodeRow node, const RawMetric& raw) {
    NodeMetric metric = Value(raw);
    metric.node = node;
    metric.name = raw.name;
    return metric;
  }

 private:
  // What many stages updated is kept: nodes may share it.
  [[nodiscard]] NodeMetric Value(const RawMetric& raw) {
    constexpr std::size_t kMany = 8;
    const std::pair key(raw.accumulator, raw.type);
    if (!shared_.empty()) {
      const auto known = shared_.find(key);
      if (known != shared_.end()) return known->second;
    }
    std::size_t totals = 0;
    NodeMetric metric = Sum(raw, totals);
    if (totals >= kMany) shared_.emplace(key, metric);
    return metric;
  }

  // Without node and name.
  [[nodiscard]] NodeMetric Sum(const RawMetric& raw, std::size_t& totals) const {
    NodeMetric metric;
    metric.type = raw.type;
    metric.accumulator = raw.accumulator;
    const std::string_view type = m_.strings.Get(raw.type);
    const bool starts_unset = StartsUnset(type);
    const std::int64_t too_small = starts_unset && m_.version.known && m_.version.major == 2 ? 1 : 0;
    stages_.ForEachTotal(raw.accumulator, sql_, [&](const AccumulatorTotal& total) {
      ++totals;
      if (total.count == 0 || !stages_.IsLastAttempt(total.stage)) return;
      Take(metric, SaturatingAdd(total.sum, too_small * total.count), total.count, total.min + too_small,
           total.max + too_small);
    });
    const bool zero_is_unset = starts_unset && m_.version.known && m_.version.since_code() >= 34;
    if (zero_is_unset && metric.max == 0) metric = Unset(metric);
    const auto [first, last] =
        std::equal_range(driver_.begin(), driver_.end(), std::pair(raw.accumulator, std::int64_t{0}),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto post = first; post != last; ++post) {
      if (post->second >= 0) Take(metric, post->second, 1, post->second, post->second);
    }
    // An average's parts are averages themselves: their mean, not their sum.
    if (type == "average" && metric.count > 0) metric.total /= metric.count;
    return metric;
  }

  static void Take(NodeMetric& metric, std::int64_t sum, std::int64_t count, std::int64_t min, std::int64_t max) {
    metric.total = metric.total == kMissing ? sum : SaturatingAdd(metric.total, sum);
    metric.min = metric.min == kMissing ? min : std::min(metric.min, min);
    metric.max = std::max(metric.max, max);  // kMissing is the smallest integer
    metric.count += count;
  }

  static NodeMetric Unset(const NodeMetric& metric) {
    NodeMetric unset;
    unset.type = metric.type;
    unset.accumulator = metric.accumulator;
    return unset;
  }

  const JobModel& m_;
  const ExecutionStages& stages_;
  const SqlRow sql_;
  std::vector<std::pair<std::int64_t, std::int64_t>> driver_;  // by accumulator, posts in log order
  std::map<std::pair<std::int64_t, StringId>, NodeMetric> shared_;  // by accumulator and type
};

// ---------------------------------------------------------------- columns
// The metrics of one node, asked by plain name.
class NodeValues {
 public:
  NodeValues(const JobModel& model, std::size_t row) : m_(model), metrics_(model.MetricsOf(NodeRow(row))) {}

  // The first of the names that the node has a value for.
  [[nodiscard]] const NodeMetric* Find(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      for (const NodeMetric& metric : metrics_) {
        if (metric.total != kMissing && PlainMetricName(m_.strings.Get(metric.name)) == name) return &metric;
      }
    }
    return nullptr;
  }
  [[nodiscard]] std::int64_t Value(std::initializer_list<std::string_view> names) const {
    const NodeMetric* const metric = Find(names);
    return metric == nullptr ? kMissing : metric->total;
  }
  [[nodiscard]] std::int64_t Millis(std::initializer_list<std::string_view> names) const {
    const NodeMetric* const metric = Find(names);
    return metric == nullptr ? kMissing : InMillis(*metric);
  }
  // All times of the node.
  [[nodiscard]] std::int64_t MillisOfAll() const {
    std::int64_t sum = kMissing;
    for (const NodeMetric& metric : metrics_) {
      if (metric.total == kMissing || !IsTime(metric)) continue;
      sum = sum == kMissing ? InMillis(metric) : SaturatingAdd(sum, InMillis(metric));
    }
    return sum;
  }

 private:
  // Before 3.0 driver times were counts named "… (ms)".
  [[nodiscard]] bool IsTime(const NodeMetric& metric) const {
    const std::string_view type = m_.strings.Get(metric.type);
    return type == "timing" || type == "nsTiming" || m_.strings.Get(metric.name).ends_with(" (ms)");
  }
  [[nodiscard]] std::int64_t InMillis(const NodeMetric& metric) const {
    return m_.strings.Get(metric.type) == "nsTiming" ? metric.total / 1'000'000 : metric.total;
  }

  const JobModel& m_;
  std::span<const NodeMetric> metrics_;
};

void SetValue(IntColumn& column, std::size_t row, std::int64_t value) {
  if (value != kMissing) column.Set(row, value);
}

// Names: SQLMetrics of each operator in Spark, then those of RAPIDS (GpuMetric) and Photon.
void SetColumns(JobModel& m, std::size_t row) {
  NodeTable& t = m.plan_nodes;
  const NodeValues values(m, row);
  const NodeKind kind = t.kind.Get(row);
  SetValue(t.output_rows, row,
           values.Value({"number of output rows", "output rows", "join output rows", "rows output"}));
  SetValue(t.time, row, values.MillisOfAll());
  SetValue(t.spill, row,
           values.Value({"spill size", "bytes spilled to disk", "num bytes spilled to disk due to memory pressure"}));

  if (IsA(kind, NodeKind::Scan)) {
    // With dynamic partition pruning "static …" counts before the pruning and stays a metric only.
    SetValue(t.files_read, row, values.Value({"number of files read", "number of files"}));
    SetValue(t.bytes_read, row, values.Value({"size of files read", "total size of files read"}));
    SetValue(t.partitions_read, row, values.Value({"number of partitions read"}));
    SetValue(t.metadata_time, row, values.Millis({"metadata time"}));
    SetValue(t.scan_time, row, values.Millis({"scan time"}));
    SetValue(t.bytes, row, t.bytes_read.Get(row));
  } else if (kind == NodeKind::Exchange) {
    SetValue(t.data_size, row, values.Value({"data size", "partition data size"}));
    SetValue(t.records_read, row, values.Value({"records read"}));
    SetValue(t.bytes, row, t.data_size.Get(row));
    if (!t.partitions.Has(row)) SetValue(t.partitions, row, values.Value({"number of partitions", "partitions"}));
  } else if (kind == NodeKind::BroadcastExchange) {
    SetValue(t.data_size, row, values.Value({"data size"}));
    SetValue(t.collect_time, row, values.Millis({"time to collect", "collect time", "collect batch time"}));
    SetValue(t.build_time, row, values.Millis({"time to build", "build time"}));
    SetValue(t.broadcast_time, row, values.Millis({"time to broadcast", "broadcast time"}));
    SetValue(t.bytes, row, t.data_size.Get(row));
  } else if (kind == NodeKind::AqeShuffleRead) {
    SetValue(t.bytes, row, values.Value({"partition data size"}));
  } else if (kind == NodeKind::Write) {
    SetValue(t.files_written, row, values.Value({"number of written files"}));
    SetValue(t.commit_time, row, values.Millis({"job commit time"}));
    SetValue(t.bytes, row, values.Value({"written output", "bytes of written output"}));
  }
}

}  // namespace

ExecutionStages::ExecutionStages(const JobModel& model) : model_(model), last_attempt_(model.stages.size(), true) {
  std::unordered_map<std::int64_t, std::size_t> last;
  for (std::size_t row = 0; row < model.stages.size(); ++row) {
    const auto [found, fresh] = last.try_emplace(model.stages.id.Get(row), row);
    if (fresh) continue;
    const bool later = model.stages.attempt.Get(row) > model.stages.attempt.Get(found->second);
    last_attempt_[later ? found->second : row] = false;
    if (later) found->second = row;
  }
  totals_.resize(model.accumulators.size());
  std::iota(totals_.begin(), totals_.end(), 0U);
  // By stage within an execution: they are so already.
  std::ranges::stable_sort(totals_, {}, [&model](std::uint32_t i) {
    const AccumulatorTotal& total = model.accumulators[i];
    return std::pair(total.accumulator, model.stages.sql_execution.Get(total.stage.index));
  });
}

std::span<const std::uint32_t> ExecutionStages::Range(std::int64_t accumulator, SqlRow of_stage) const {
  const auto key = [this](std::uint32_t i) {
    const AccumulatorTotal& total = model_.accumulators[i];
    return std::pair(total.accumulator, model_.stages.sql_execution.Get(total.stage.index));
  };
  const std::pair wanted(accumulator, of_stage);
  const auto first = std::lower_bound(totals_.begin(), totals_.end(), wanted,
                                      [&key](std::uint32_t i, const auto& value) { return key(i) < value; });
  const auto last = std::upper_bound(first, totals_.end(), wanted,
                                     [&key](const auto& value, std::uint32_t i) { return value < key(i); });
  return std::span(first, last);
}

std::string_view PlainMetricName(std::string_view name) {
  for (const std::string_view suffix : {" (min, med, max)", " (ms)", " (bytes)", " total"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  return name;
}

void DeriveNodeMetrics(JobModel& model, std::span<const RawPlanNode* const> raw_nodes) {
  const ExecutionStages stages(model);
  model.node_metrics.clear();
  model.node_metric_begin.assign(1, 0);
  std::optional<MetricReader> reader;
  SqlRow sql;
  for (std::size_t row = 0; row < raw_nodes.size(); ++row) {
    if (model.plan_nodes.sql_execution.Get(row) != sql) {
      sql = model.plan_nodes.sql_execution.Get(row);
      reader.emplace(model, stages, sql);
    }
    for (const RawMetric& metric : raw_nodes[row]->metrics)
      model.node_metrics.push_back(reader->Read(NodeRow(row), metric));
    model.node_metric_begin.push_back(static_cast<std::uint32_t>(model.node_metrics.size()));
  }
  for (std::size_t row = 0; row < raw_nodes.size(); ++row) SetColumns(model, row);
}

void DeriveMetricColumns(JobModel& model, NodeRow node) { SetColumns(model, node.index); }

}  // namespace advise::model
