// The closed enums of the model. Each list exists once; rules compare them as strings and are checked against it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace advise::model {

// ADVISE_ENUM(Type, (Enumerator, "printed")…)
#define ADVISE_JOB_STATUS(V) V(Running, "RUNNING") V(Succeeded, "SUCCEEDED") V(Failed, "FAILED") V(Unknown, "UNKNOWN")
#define ADVISE_STAGE_STATUS(V) \
  V(Complete, "COMPLETE") V(Active, "ACTIVE") V(Failed, "FAILED") V(Skipped, "SKIPPED") V(Pending, "PENDING")
// As Spark's REST API.
#define ADVISE_TASK_STATUS(V) V(Running, "RUNNING") V(Success, "SUCCESS") V(Failed, "FAILED") V(Killed, "KILLED")
// Task End Reason.Reason (JsonProtocol.scala).
#define ADVISE_END_REASON(V)                                                                        \
  V(Success, "Success")                                                                             \
  V(Resubmitted, "Resubmitted")                                                                     \
  V(FetchFailed, "FetchFailed") V(ExceptionFailure, "ExceptionFailure") V(TaskKilled, "TaskKilled") \
      V(TaskCommitDenied, "TaskCommitDenied") V(ExecutorLostFailure, "ExecutorLostFailure")         \
          V(TaskResultLost, "TaskResultLost") V(UnknownReason, "UnknownReason")
#define ADVISE_LOCALITY(V)         \
  V(ProcessLocal, "PROCESS_LOCAL") \
  V(NodeLocal, "NODE_LOCAL") V(NoPref, "NO_PREF") V(RackLocal, "RACK_LOCAL") V(Any, "ANY")
#define ADVISE_REMOVAL_CLASS(V)                                                                           \
  V(Oom, "oom")                                                                                           \
  V(ContainerKilled, "container_killed")                                                                  \
  V(Preempted, "preempted") V(Decommissioned, "decommissioned") V(Idle, "idle") V(Heartbeat, "heartbeat") \
      V(LostNode, "lost_node") V(User, "user") V(Unknown, "unknown")
// Why a task attempt or a job failed (model/derive/failures).
#define ADVISE_FAILURE_CLASS(V)                                                                                     \
  V(Memory, "memory")                                                                                               \
  V(GpuMemory, "gpu_memory")                                                                                        \
  V(ContainerKilled, "container_killed") V(PythonWorker, "python_worker") V(Disk, "disk") V(Throttled, "throttled") \
      V(Fetch, "fetch") V(ExecutorLost, "executor_lost") V(Preempted, "preempted") V(ResultSize, "result_size")     \
          V(Broadcast, "broadcast") V(Timeout, "timeout") V(Cancelled, "cancelled") V(Resubmitted, "resubmitted")   \
              V(Exception, "exception") V(Unknown, "unknown")
#define ADVISE_GAP_KIND(V)                                                                  \
  V(Startup, "startup")                                                                     \
  V(Planning, "planning")                                                                   \
  V(Listing, "listing") V(Collect, "collect") V(Commit, "commit") V(Broadcast, "broadcast") \
      V(BetweenJobs, "between_jobs") V(Tail, "tail") V(Unknown, "unknown")
// Where a piece of the run's wall time went (model/ledger.h says what each holds).
#define ADVISE_ACCOUNT(V)                                                                                         \
  V(UserIdle, "user_idle")                                                                                        \
  V(StartUp, "start_up")                                                                                          \
  V(Driver, "driver")                                                                                             \
  V(WaitExecutors, "wait_executors")                                                                              \
  V(WaitScheduler, "wait_scheduler") V(FewTasks, "few_tasks") V(PartialWave, "partial_wave") V(Tail, "tail")      \
      V(RampUp, "ramp_up") V(LostSlots, "lost_slots") V(Overhead, "overhead") V(Wasted, "wasted") V(Gc, "gc")     \
          V(FetchWait, "fetch_wait") V(ShuffleWrite, "shuffle_write") V(Spill, "spill") V(Python, "python")       \
              V(Input, "input") V(Output, "output") V(Work, "work") V(UnknownIo, "unknown_io") V(Unknown, "unknown")
// Where the application ran (ingest/environments/).
#define ADVISE_ENVIRONMENT(V)                                                                                       \
  V(Emr, "emr")                                                                                                     \
  V(Databricks, "databricks")                                                                                       \
  V(Dataproc, "dataproc") V(Yarn, "yarn") V(Kubernetes, "kubernetes") V(Standalone, "standalone") V(Local, "local") \
      V(Unknown, "unknown")
#define ADVISE_ENGINE(V) V(Spark, "spark") V(Photon, "photon") V(Rapids, "rapids") V(Comet, "comet") V(Gluten, "gluten")
// How we know in which stages a plan node ran; patterns bind only the first three.
#define ADVISE_STAGES_EVIDENCE(V) \
  V(Metric, "metric")             \
  V(Cluster, "cluster") V(Neighbour, "neighbour") V(Scope, "scope") V(Driver, "driver") V(None, "none")
#define ADVISE_INCIDENT_KIND(V) V(OutOfMemory, "out_of_memory") V(Gc, "gc") V(Lost, "lost") V(Other, "other")

// Kinds of plan nodes with their supertype: a pattern label matches the kind and all kinds below it.
// V(Kind, "printed", Parent); a root is its own parent.
#define ADVISE_NODE_KIND(V)                                    \
  V(Other, "Other", Other)                                     \
  V(Scan, "Scan", Scan)                                        \
  V(FileScan, "FileScan", Scan)                                \
  V(JdbcScan, "JdbcScan", Scan)                                \
  V(TableCacheScan, "TableCacheScan", Scan)                    \
  V(RddScan, "RddScan", Scan)                                  \
  V(LocalTableScan, "LocalTableScan", Scan)                    \
  V(RangeScan, "RangeScan", Scan)                              \
  V(Filter, "Filter", Filter)                                  \
  V(Project, "Project", Project)                               \
  V(Join, "Join", Join)                                        \
  V(SortMergeJoin, "SortMergeJoin", Join)                      \
  V(BroadcastHashJoin, "BroadcastHashJoin", Join)              \
  V(ShuffledHashJoin, "ShuffledHashJoin", Join)                \
  V(BroadcastNestedLoopJoin, "BroadcastNestedLoopJoin", Join)  \
  V(CartesianProduct, "CartesianProduct", Join)                \
  V(Exchange, "Exchange", Exchange)                            \
  V(BroadcastExchange, "BroadcastExchange", BroadcastExchange) \
  V(ReusedExchange, "ReusedExchange", ReusedExchange)          \
  V(AqeShuffleRead, "AQEShuffleRead", AqeShuffleRead)          \
  V(Aggregate, "Aggregate", Aggregate)                         \
  V(Sort, "Sort", Sort)                                        \
  V(Window, "Window", Window)                                  \
  V(Generate, "Generate", Generate)                            \
  V(Expand, "Expand", Expand)                                  \
  V(Union, "Union", Union)                                     \
  V(Limit, "Limit", Limit)                                     \
  V(PythonUdf, "PythonUDF", PythonUdf)                         \
  V(ScalaUdf, "ScalaUDF", ScalaUdf)                            \
  V(MapPartitions, "MapPartitions", MapPartitions)             \
  V(Write, "Write", Write)                                     \
  V(Command, "Command", Command)                               \
  V(Subquery, "Subquery", Subquery)                            \
  V(WholeStageCodegen, "WholeStageCodegen", WholeStageCodegen) \
  V(AdaptivePlan, "AdaptiveSparkPlan", AdaptivePlan)           \
  V(Transition, "Transition", Transition)

#define ADVISE_ENUMERATOR(name, text) name,
enum class JobStatus : std::uint8_t { ADVISE_JOB_STATUS(ADVISE_ENUMERATOR) };
enum class StageStatus : std::uint8_t { ADVISE_STAGE_STATUS(ADVISE_ENUMERATOR) };
enum class TaskStatus : std::uint8_t { ADVISE_TASK_STATUS(ADVISE_ENUMERATOR) };
enum class EndReason : std::uint8_t { ADVISE_END_REASON(ADVISE_ENUMERATOR) };
enum class Locality : std::uint8_t { ADVISE_LOCALITY(ADVISE_ENUMERATOR) };
enum class RemovalClass : std::uint8_t { ADVISE_REMOVAL_CLASS(ADVISE_ENUMERATOR) };
enum class FailureClass : std::uint8_t { ADVISE_FAILURE_CLASS(ADVISE_ENUMERATOR) };
enum class GapKind : std::uint8_t { ADVISE_GAP_KIND(ADVISE_ENUMERATOR) };
enum class Account : std::uint8_t { ADVISE_ACCOUNT(ADVISE_ENUMERATOR) };
enum class Environment : std::uint8_t { ADVISE_ENVIRONMENT(ADVISE_ENUMERATOR) };
enum class Engine : std::uint8_t { ADVISE_ENGINE(ADVISE_ENUMERATOR) };
enum class StagesEvidence : std::uint8_t { ADVISE_STAGES_EVIDENCE(ADVISE_ENUMERATOR) };
enum class IncidentKind : std::uint8_t { ADVISE_INCIDENT_KIND(ADVISE_ENUMERATOR) };
#undef ADVISE_ENUMERATOR
#define ADVISE_ENUMERATOR(name, text, parent) name,
enum class NodeKind : std::uint8_t { ADVISE_NODE_KIND(ADVISE_ENUMERATOR) };
#undef ADVISE_ENUMERATOR

// Printed names by value, for every enum E above.
template <class E>
std::span<const std::string_view> EnumNames();
template <class E>
std::string_view EnumName(E value) {
  return EnumNames<E>()[static_cast<std::size_t>(value)];
}
// The supertype of a node kind; a root's parent is itself.
NodeKind ParentKind(NodeKind kind);
// True if kind is `super` or below it.
bool IsA(NodeKind kind, NodeKind super);

}  // namespace advise::model
