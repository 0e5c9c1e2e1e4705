// The order of the derive steps, and what each needs of those before it.
#include "model/derive/derive.h"

namespace advise::model {

DeriveCounts DeriveAll(JobModel& model, const Limits& limits) {
  DeriveCounts left_out;
  // Settings and call sites need nothing else.
  DeriveAppSettings(model);
  DeriveCallSites(model);
  // Members, winners and sums come first: everything below counts tasks, and a driver runs tasks or not by its members.
  DeriveTasksOfStages(model);
  DeriveResources(model);  // slots need executors.tasks; waves need winners
  DeriveFailures(model);   // removal classes
  DeriveSessions(model);
  DeriveGcPauses(model);  // members
  DeriveHosts(model);     // winners
  left_out.job_edges = DeriveJobOrder(model, limits);
  // Needs shuffle_write_bytes: it tells map stages from result stages with the same RDD.
  left_out.stage_edges = DeriveStageGraph(model, limits);
  DeriveShuffles(model);  // needs parents and winners
  DeriveLineage(model);
  DeriveCachedRdds(model);
  DeriveExecutions(model);
  left_out.node_stages = DerivePlanNodes(model, limits);  // may look at stages and RDDs
  DeriveShuffleSides(model);                              // needs plan nodes with their stages
  DeriveGaps(model);                                      // writes and broadcasts are told from plan nodes
  DeriveCriticalPath(model);                              // needs gaps, parents, retries, After
  DeriveLedger(model);                                    // gaps, plan nodes, relative speeds
  DeriveCompleteness(model);                              // lists all rows of all tables, gaps included
  return left_out;
}

}  // namespace advise::model
