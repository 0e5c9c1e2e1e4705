// SQL metrics by name: the type that a log states decides the unit, and what does not fit is missing with its reason.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "metrics/sql_metric_values.h"

namespace advise::metrics {
namespace {

using model::kMissing;

void Add(model::JobModel& m, std::string_view name, std::string_view type, std::int64_t total, std::int64_t max) {
  model::NodeMetric& metric = m.node_metrics.emplace_back();
  metric.node = model::NodeRow(std::size_t{0});
  metric.name = m.strings.Intern(name);
  metric.type = m.strings.Intern(type);
  metric.total = total;
  metric.max = max;
}

// One node.
model::JobModel Example() {
  model::JobModel m;
  Add(m, "number of output rows", "sum", 1000, 600);
  Add(m, "spill size", "size", 4096, 1024);
  Add(m, "sort time", "timing", 9000, 4000);
  Add(m, "shuffle write time", "nsTiming", 7'500'000, 2'500'000);
  Add(m, "avg hash probes per key", "average", 14, 31);
  Add(m, "metadata time (ms)", "sum", 250, 250);                   // 2.x, of the driver
  Add(m, "data size (bytes)", "sum", 77, 77);                      // 2.x, of the driver
  Add(m, "peak memory total (min, med, max)", "size", 300, 200);  // 2.x
  Add(m, "scan time", "timing", kMissing, kMissing);
  Add(m, "partition data size", "sum", 5, 5);  // an accelerator's
  m.node_metric_begin = {0, static_cast<std::uint32_t>(m.node_metrics.size())};
  m.plan_nodes.AddRow();
  return m;
}

TEST_CASE("metrics: SQL metrics in the units of rules") {
  const model::JobModel m = Example();
  struct Case {
    const char* name;
    SqlMetricKind kind;
    double total;
    double largest;
  };
  const Case cases[] = {
      {"number of output rows", SqlMetricKind::Count, 1000, 600}, {"spill size", SqlMetricKind::Bytes, 4096, 1024},
      {"sort time", SqlMetricKind::TaskTime, 9000, 4000},         {"shuffle write time", SqlMetricKind::TaskTime, 7.5, 2.5},
      {"avg hash probes per key", SqlMetricKind::Average, 1.4, 3.1}, {"metadata time", SqlMetricKind::DriverTime, 250, 250},
      {"data size", SqlMetricKind::Bytes, 77, 77},                {"data size (bytes)", SqlMetricKind::Bytes, 77, 77},
      {"peak memory", SqlMetricKind::Bytes, 300, 200}};
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK(EvaluateSqlMetric(m, {one.name, one.kind, SqlMetricPart::Total}, 0) == doctest::Approx(one.total));
    CHECK(EvaluateSqlMetric(m, {one.name, one.kind, SqlMetricPart::Largest}, 0) == doctest::Approx(one.largest));
    if (const SqlMetricInfo* known = FindSqlMetric(one.name)) CHECK(known->kind == one.kind);
  }
}

TEST_CASE("metrics: a SQL metric that is missing says why") {
  const model::JobModel m = Example();
  const auto why = [](const model::JobModel& model, const char* name, SqlMetricKind kind) {
    const SqlMetric metric{name, kind, SqlMetricPart::Total};
    if (model.plan_nodes.size() > 0) CHECK(std::isnan(EvaluateSqlMetric(model, metric, 0)));
    return WhySqlMetricMissing(model, metric);
  };
  CHECK(why(m, "time to build", SqlMetricKind::DriverTime) == "the operator has no such metric");
  CHECK(why(m, "scan time", SqlMetricKind::TaskTime).starts_with("operators have it and never set it"));
  CHECK(why(m, "partition data size", SqlMetricKind::Bytes) == "this log states it as a number, the rule reads it as bytes");
  CHECK(why(m, "sort time", SqlMetricKind::Count) == "this log states it as a time, the rule reads it as a number");
  CHECK(why(model::JobModel(), "sort time", SqlMetricKind::TaskTime) == "the log holds no SQL metrics");
}

TEST_CASE("metrics: what a test states of a SQL metric is what rules read") {
  for (const SqlMetricInfo& known : KnownSqlMetrics()) {
    CAPTURE(known.name);
    model::JobModel m;
    const StatedSqlMetric stated = StateSqlMetric(known.kind, 12);
    Add(m, known.name, stated.type, stated.number, kMissing);
    m.node_metric_begin = {0, 1};
    m.plan_nodes.AddRow();
    CHECK(EvaluateSqlMetric(m, {known.name, known.kind, SqlMetricPart::Total}, 0) == 12);
    CHECK(std::isnan(EvaluateSqlMetric(m, {known.name, known.kind, SqlMetricPart::Largest}, 0)));
    CHECK_FALSE(known.doc.empty());
  }
}

}  // namespace
}  // namespace advise::metrics
