// Values of SQL metrics in one model, in the units that rules see.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "metrics/sql_metrics.h"
#include "model/job_model.h"

namespace advise::metrics {

// A metric of plan nodes, as a rule names it: with what old versions append to the name or without.
struct SqlMetric {
  std::string_view name;
  SqlMetricKind kind = SqlMetricKind::Count;
  SqlMetricPart part = SqlMetricPart::Total;
};

// Times in ms, averages as they are. NaN, missing: the node has no such metric, it was never set (from Spark 3.4 on 0
// of a size or a time is not told from that), or the log states another type than the kind.
double EvaluateSqlMetric(const model::JobModel& model, const SqlMetric& metric, std::uint32_t node);
void EvaluateSqlMetric(const model::JobModel& model, const SqlMetric& metric, std::span<const std::uint32_t> nodes,
                       std::span<double> out);

// Why it is missing somewhere in this log, in words for the user. Walks all metrics.
std::string WhySqlMetricMissing(const model::JobModel& model, const SqlMetric& metric);

// How a log states the value: the type of the metric and the number in its unit. For models that are made for tests.
struct StatedSqlMetric {
  std::string_view type;
  std::int64_t number = 0;
};
StatedSqlMetric StateSqlMetric(SqlMetricKind kind, double value);

}  // namespace advise::metrics
