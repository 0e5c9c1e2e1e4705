// Rows of SQL executions and their plans as the log wrote them.
#include "model/build/sql_filler.h"

#include <utility>

#include "model/build/cells.h"
#include "model/task_times.h"

namespace advise::model {

void SqlFiller::Fill(SqlRow sql, const SqlStart& event) {
  const std::size_t row = sql.index;
  StringPool& strings = model_.strings;
  SqlTable& t = model_.sql_executions;
  // Before 3.4 the log does not say it; Spark's own server shows the execution itself.
  t.root_id.Set(row, event.root_id == kMissing ? event.id : event.root_id);
  SetKnown(t.start, row, event.time);
  SetKnown(strings, t.description, row, event.description);
  if (event.details) t.details.Set(row, strings.Intern(Shorten(*event.details)));
  model_.raw_sql[row].initial = Plan(sql, event.plan);
  SetKnown(strings, t.plan_description, row, event.plan_description);
  SetPairs(strings, t.modified_conf.Mutable(row), event.modified_conf);
  SeeTime(model_.app, event.time);
}

void SqlFiller::Fill(SqlRow sql, const SqlEnd& event) {
  SqlTable& t = model_.sql_executions;
  SetKnown(t.end, sql.index, event.time);
  if (event.error && !event.error->empty()) t.error.Set(sql.index, model_.strings.Intern(Shorten(*event.error)));
  SeeTime(model_.app, event.time);
}

void SqlFiller::Fill(SqlRow sql, const SqlPlanUpdate& event) {
  SqlTable& t = model_.sql_executions;
  t.plan_changes.Set(sql.index, KnownOrZero(t.plan_changes.Get(sql.index)) + 1);
  RawPlan plan = Plan(sql, event.plan);
  if (!plan.empty()) model_.raw_sql[sql.index].last_update = std::move(plan);
  SetKnown(model_.strings, t.plan_description, sql.index, event.plan_description);
}

void SqlFiller::Fill(SqlRow row, const SqlMetricUpdates& event) {
  for (const PlanMetric& metric : event.metrics) {
    if (metric.accumulator != kMissing) KnowMetric(row, Metric(metric));
  }
}

void SqlFiller::Fill(SqlRow row, const DriverAccumUpdates& event) {
  for (const AccumulatorUpdate& update : event.updates) {
    model_.raw_sql[row.index].driver_updates.emplace_back(update.accumulator, update.value);
  }
}

RawMetric SqlFiller::Metric(const PlanMetric& metric) {
  return {model_.strings.Intern(metric.name), metric.accumulator, model_.strings.Intern(metric.type)};
}

void SqlFiller::KnowMetric(SqlRow row, const RawMetric& metric) {
  if (known_metrics_.size() <= row.index) known_metrics_.resize(row.index + 1);
  if (known_metrics_[row.index].insert(metric.accumulator).second)
    model_.raw_sql[row.index].all_metrics.push_back(metric);
}

RawPlan SqlFiller::Plan(SqlRow row, const std::vector<PlanNodeInfo>& nodes) {
  StringPool& strings = model_.strings;
  RawPlan plan;
  plan.reserve(nodes.size());
  for (const PlanNodeInfo& node : nodes) {
    RawPlanNode raw;
    raw.parent = node.parent;
    raw.name = strings.Intern(node.name);
    raw.simple_string = strings.Intern(node.simple_string);
    for (const auto& [key, value] : node.metadata)
      raw.metadata.emplace_back(strings.Intern(key), strings.Intern(value));
    for (const PlanMetric& metric : node.metrics) {
      if (metric.accumulator == kMissing) continue;
      raw.metrics.push_back(Metric(metric));
      KnowMetric(row, raw.metrics.back());
    }
    plan.push_back(std::move(raw));
  }
  return plan;
}

void SqlFiller::Finish() {
  SqlTable& t = model_.sql_executions;
  for (std::size_t row = 0; row < t.size(); ++row) {
    if (t.start.Has(row) && t.end.Has(row)) t.duration.Set(row, t.end.Get(row) - t.start.Get(row));
  }
}

}  // namespace advise::model
