// Small look-ups in the model: rows of a table, settings, RDDs, metrics of a node.
#include "model/job_model.h"

#include <algorithm>

namespace advise::model {

std::size_t JobModel::RowCount(Entity entity) const {
  switch (entity) {
    case Entity::App: return app.size();
    case Entity::Job: return jobs.size();
    case Entity::Stage: return stages.size();
    case Entity::Task: return tasks.size();
    case Entity::Executor: return executors.size();
    case Entity::Host: return hosts.size();
    case Entity::SqlExecution: return sql_executions.size();
    case Entity::PlanNode: return plan_nodes.size();
    case Entity::Shuffle: return shuffles.size();
    case Entity::Gap: return gaps.size();
    case Entity::CachedRdd: return cached_rdds.size();
    case Entity::Incident: return incidents.size();
  }
  return 0;
}

std::optional<std::string_view> JobModel::SparkProperty(std::string_view key) const {
  const auto found = spark_properties.find(key);
  if (found == spark_properties.end()) return std::nullopt;
  if (spark::IsRedacted(found->second)) return std::nullopt;
  return found->second;
}

const RawRdd* JobModel::FindRdd(std::int64_t id) const {
  const auto found = std::lower_bound(rdds.begin(), rdds.end(), id,
                                      [](const RawRdd& rdd, std::int64_t wanted) { return rdd.id < wanted; });
  return found != rdds.end() && found->id == id ? &*found : nullptr;
}

std::span<const NodeMetric> JobModel::MetricsOf(NodeRow node) const {
  if (node.index + 1 >= node_metric_begin.size()) return {};
  const std::uint32_t begin = node_metric_begin[node.index];
  const std::uint32_t end = node_metric_begin[node.index + 1];
  return std::span(node_metrics).subspan(begin, end - begin);
}

}  // namespace advise::model
