// SQL executions as the driver's work sees them: jobs in order, writes, broadcasts, times out of the plan's metrics.
#include "model/derive/sql_facts.h"

#include <string_view>
#include <utility>

#include "support/text.h"

namespace advise::model {
namespace {

void AddKnown(std::int64_t& sum, const IntColumn& column, std::size_t row) {
  if (column.Has(row)) sum = (sum == kMissing ? 0 : sum) + column.Get(row);
}

}  // namespace

std::vector<SqlFacts> CollectSqlFacts(const JobModel& model) {
  std::vector<SqlFacts> facts(model.sql_executions.size());
  const JobTable& jobs = model.jobs;
  const auto starts_before = [&](JobRow a, JobRow b) {
    return std::pair(jobs.start.Get(a.index), a) < std::pair(jobs.start.Get(b.index), b);
  };
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    if (!jobs.sql_execution.Has(job) || !jobs.start.Has(job)) continue;
    SqlFacts& sql = facts[jobs.sql_execution.Get(job).index];
    ++sql.jobs;
    if (!sql.first_job.valid() || starts_before(JobRow(job), sql.first_job)) sql.first_job = JobRow(job);
    if (!sql.last_job.valid() || starts_before(sql.last_job, JobRow(job))) sql.last_job = JobRow(job);
  }
  const NodeTable& nodes = model.plan_nodes;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    if (!nodes.sql_execution.Has(node) || !nodes.final_plan.Get(node)) continue;
    SqlFacts& sql = facts[nodes.sql_execution.Get(node).index];
    sql.writes = sql.writes || IsA(nodes.kind.Get(node), NodeKind::Write);
    sql.has_broadcast = sql.has_broadcast || IsA(nodes.kind.Get(node), NodeKind::BroadcastExchange);
    if (nodes.metadata_time.Has(node)) sql.metadata_time += nodes.metadata_time.Get(node);
    AddKnown(sql.commit_time, nodes.commit_time, node);
    AddKnown(sql.broadcast_time, nodes.build_time, node);
    AddKnown(sql.broadcast_time, nodes.broadcast_time, node);
  }
  for (std::size_t sql = 0; sql < facts.size(); ++sql) facts[sql].adaptive = model.sql_executions.adaptive.Get(sql);
  return facts;
}

bool CollectsBroadcast(const JobModel& model, JobRow job) {
  if (Contains(model.strings.Get(model.jobs.description.Get(job.index)), "broadcast exchange")) return true;
  for (const StringId tag : model.jobs.tags.Get(job.index)) {
    if (Contains(model.strings.Get(tag), "broadcast exchange")) return true;
  }
  return Contains(model.strings.Get(model.jobs.name.Get(job.index)), "ThreadPoolExecutor.java");
}

}  // namespace advise::model
