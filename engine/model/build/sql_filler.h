// Rows of SQL executions and their plans as the log wrote them.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

class SqlFiller {
 public:
  explicit SqlFiller(JobModel& model) : model_(model) {}

  void Fill(SqlRow row, const SqlStart& event);
  void Fill(SqlRow row, const SqlEnd& event);
  void Fill(SqlRow row, const SqlPlanUpdate& event);
  void Fill(SqlRow row, const SqlMetricUpdates& event);
  void Fill(SqlRow row, const DriverAccumUpdates& event);

  // With all events told.
  void Finish();

 private:
  RawMetric Metric(const PlanMetric& metric);
  RawPlan Plan(SqlRow row, const std::vector<PlanNodeInfo>& nodes);
  // Into all_metrics, once an accumulator.
  void KnowMetric(SqlRow row, const RawMetric& metric);

  JobModel& model_;
  std::vector<std::unordered_set<std::int64_t>> known_metrics_;  // by row: accumulators
};

}  // namespace advise::model
