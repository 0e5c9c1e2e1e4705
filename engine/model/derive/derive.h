// The derive steps: each completes columns of a JobModel from columns that are already there. They run in this order,
// once, after the whole log was read (the last line may still add a stage or an edge). One file each.
#pragma once

#include <cstdint>

#include "model/job_model.h"
#include "support/limits.h"

namespace advise::model {

// sql_executions.{jobs,stages,stage_ids,root,status,adaptive}. Needs jobs.sql_execution, stages.sql_execution.
void DeriveExecutions(JobModel& model);  // derive/plan_nodes.cpp

// SQL plans → plan_nodes, node_metrics, and the stages in which each node ran. Needs DeriveExecutions, rdd_ids,
// accumulators. Fills sql_executions.{nodes,initial_nodes,adaptive} and stages.nodes.
// derive/plan_nodes.cpp (numbering, kinds, details), derive/node_stages.cpp. Returns how many nodes the limit left
// without their stages.
std::uint64_t DerivePlanNodes(JobModel& model, const Limits& limits = {});

// What the settings say: app.{task_cpus,executor_heap,executor_memory_overhead,driver_heap,dynamic_allocation,aqe}.
void DeriveAppSettings(JobModel& model);  // derive/app_settings.cpp

// Failed tasks, jobs and stages: failure_class, failure_summary. Needs executors.removal_class.
void DeriveFailures(JobModel& model);  // derive/failures.cpp

// app.interactive (needs stages.name), sql_executions.{stream,batch}.
void DeriveSessions(JobModel& model);  // derive/sessions.cpp

// stages.gc_pause, executors.gc_pause. Needs stages.tasks.
void DeriveGcPauses(JobModel& model);  // derive/gc_pauses.cpp

// stages.call_site.
void DeriveCallSites(JobModel& model);  // derive/call_sites.cpp

// Tasks → stages and executors: winners, members, sums, shares, times; executors.tasks.
void DeriveTasksOfStages(JobModel& model);  // derive/stage_tasks.cpp

// Executors: slots, lifetimes, removal classes, busy and idle time; stages.{slots_available,waves,lost_executors};
// app.slots … app.utilisation, duration, driver_time, startup_time. Needs DeriveTasksOfStages.
void DeriveResources(JobModel& model);  // derive/resources.cpp over slots.cpp, removal_reasons.cpp, timeline.cpp

// Hosts: executors, task_count, relative_speed; executors.relative_speed. Needs winners.
void DeriveHosts(JobModel& model);  // derive/hosts.cpp

// jobs.after. Returns how many edges the limit left out.
std::uint64_t DeriveJobOrder(JobModel& model, const Limits& limits = {});  // derive/job_order.cpp

// Stage graph: computed_by, parents (AQE repair), children, attempts, retries. Needs the sums of stages. Returns how
// many edges the limit left out. derive/stage_graph.cpp over job_graph.cpp (Boost.Graph)
std::uint64_t DeriveStageGraph(JobModel& model, const Limits& limits = {});

// The shuffles table without side and exchange; then these, from plan nodes.
void DeriveShuffles(JobModel& model);      // derive/shuffles.cpp
void DeriveShuffleSides(JobModel& model);  // derive/shuffles.cpp

// stages.{lineage_fingerprint, source_rdd, source_fingerprint}; the last needs the stage graph.
void DeriveLineage(JobModel& model);  // derive/lineage.cpp

// The cached_rdds table, stages.{caches,reads_cache,is_cached}.
void DeriveCachedRdds(JobModel& model);  // derive/cached_rdds.cpp

// Gaps with kinds (from plan nodes too); then the critical path: stages.critical_time, slack, gaps.critical_time,
// app.critical_path.
void DeriveGaps(JobModel& model);          // derive/gaps.cpp
void DeriveCriticalPath(JobModel& model);  // critical_path.cpp over job_graph.cpp

// model.ledger; app.wall_*, stages.{wall, wall_*, recoverable}, gaps.{account, account_part, account_time}. Needs all
// of the above.
void DeriveLedger(JobModel& model);  // derive/ledger.cpp, which names its parts

// app.complete, completeness, stages.missing_tasks, app counts and lists.
void DeriveCompleteness(JobModel& model);  // derive/completeness.cpp

// What a limit on the growth of the model left out.
struct DeriveCounts {
  std::uint64_t job_edges = 0;
  std::uint64_t stage_edges = 0;
  std::uint64_t node_stages = 0;
};

// All of the above, in order.
DeriveCounts DeriveAll(JobModel& model, const Limits& limits = {});

}  // namespace advise::model
