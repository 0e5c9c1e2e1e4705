// The type that a log states for a metric decides its unit: size bytes, timing ms, nsTiming ns, average ten times the
// value, sum (of EMR: count) a number; before Spark 3.0 driver metrics were sums with their unit in the name.
#include "metrics/sql_metric_values.h"

#include <cmath>
#include <limits>
#include <optional>

#include "model/derive/plan_nodes.h"

namespace advise::metrics {
namespace {

using model::JobModel;
using model::kMissing;
using model::NodeMetric;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kNsPerMs = 1e6;
constexpr double kStoredPerAverage = 10;

// What the log says that the metric is, and how many stored units are one of the rules'.
struct Stated {
  SqlMetricKind kind = SqlMetricKind::Count;  // of times TaskTime
  double scale = 1;
};
Stated StatedBy(std::string_view name, std::string_view type) {
  if (type == "size") return {SqlMetricKind::Bytes, 1};
  if (type == "timing") return {SqlMetricKind::TaskTime, 1};
  if (type == "nsTiming") return {SqlMetricKind::TaskTime, kNsPerMs};
  if (type == "average") return {SqlMetricKind::Average, kStoredPerAverage};
  if (name.ends_with(" (ms)")) return {SqlMetricKind::TaskTime, 1};
  if (name.ends_with(" (bytes)")) return {SqlMetricKind::Bytes, 1};
  return {SqlMetricKind::Count, 1};
}

bool Agree(SqlMetricKind stated, SqlMetricKind wanted) {
  return stated == (wanted == SqlMetricKind::DriverTime ? SqlMetricKind::TaskTime : wanted);
}

bool HasName(std::string_view stated, std::string_view wanted) {
  return stated == wanted || model::PlainMetricName(stated) == wanted;
}

}  // namespace

double EvaluateSqlMetric(const JobModel& model, const SqlMetric& metric, std::uint32_t node) {
  for (const NodeMetric& known : model.MetricsOf(model::NodeRow(std::size_t{node}))) {
    const std::string_view name = model.strings.Get(known.name);
    if (!HasName(name, metric.name)) continue;
    const std::int64_t number = metric.part == SqlMetricPart::Total ? known.total : known.max;
    const Stated stated = StatedBy(name, model.strings.Get(known.type));
    if (number == kMissing || !Agree(stated.kind, metric.kind)) continue;
    return static_cast<double>(number) / stated.scale;
  }
  return kNone;
}

void EvaluateSqlMetric(const JobModel& model, const SqlMetric& metric, std::span<const std::uint32_t> nodes,
                       std::span<double> out) {
  for (std::size_t i = 0; i < nodes.size(); ++i) out[i] = EvaluateSqlMetric(model, metric, nodes[i]);
}

std::string WhySqlMetricMissing(const JobModel& model, const SqlMetric& metric) {
  std::optional<Stated> other;
  bool unset = false;
  for (const NodeMetric& known : model.node_metrics) {
    const std::string_view name = model.strings.Get(known.name);
    if (!HasName(name, metric.name)) continue;
    const Stated stated = StatedBy(name, model.strings.Get(known.type));
    if (!Agree(stated.kind, metric.kind)) {
      other = stated;
    } else {
      unset = unset || known.total == kMissing;
    }
  }
  if (unset) {
    return "operators have it and never set it (from Spark 3.4 on tasks do not tell a size or time of 0 from that)";
  }
  if (other) {
    return "this log states it as " + std::string(SqlMetricKindWords(other->kind)) + ", the rule reads it as " +
           std::string(SqlMetricKindWords(metric.kind));
  }
  const bool any = !model.node_metrics.empty();
  return any ? "the operator has no such metric" : "the log holds no SQL metrics";
}

StatedSqlMetric StateSqlMetric(SqlMetricKind kind, double value) {
  switch (kind) {
    case SqlMetricKind::Count: return {"sum", std::llround(value)};
    case SqlMetricKind::Bytes: return {"size", std::llround(value)};
    case SqlMetricKind::TaskTime:
    case SqlMetricKind::DriverTime: return {"timing", std::llround(value)};
    case SqlMetricKind::Average: return {"average", std::llround(value * kStoredPerAverage)};
  }
  return {};
}

}  // namespace advise::metrics
