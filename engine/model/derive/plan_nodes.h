// The parts of DerivePlanNodes, in the order in which they run. Private to derive/.
//
//   plan_graph.cpp     raw plan → which nodes get a row, Spark's numbers, parents and children
//   plan_nodes.cpp     the rows; kinds and what the plan text says (node_kinds.h, plan_text.h); sql_executions
//   node_metrics.cpp   values of SQL metrics and the columns that sum them up
//   node_inputs.cpp    rows that enter each node, and what it computes as a hash
//   node_stages.cpp    the stages in which each node ran
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/job_model.h"
#include "support/limits.h"

namespace advise::model {

// ---------------------------------------------------------------- plan_graph.cpp
// One row of plan_nodes to be; indices are positions in the layout.
struct LaidOutNode {
  std::uint32_t raw = 0;           // index in the RawPlan
  std::int64_t number = kMissing;  // in Spark's SparkPlanGraph; missing: not drawn
  std::int32_t parent = -1;        // operator that it feeds, seen through wrappers; -1: none
  std::int32_t cluster = -1;       // WholeStageCodegen node around it; -1: none
  bool wrapper = false;            // IsWrapper, or a ReusedExchange that Spark does not draw
  bool reused = false;             // read from more than one place of the plan
  // An operator's inputs in plan order, seen through wrappers, subqueries last; an exchange that is read twice stands
  // in two lists (or twice in one). A wrapper's: the row right below it.
  std::vector<std::int32_t> children;
};

// Rows of a plan in pre-order with the numbers of SparkPlanGraph.scala. A subtree that stands in the plan again because
// its exchange or subquery is reused gets rows only once. Linear but for a map of distinct subtrees; no recursion.
std::vector<LaidOutNode> LayOutPlan(const RawPlan& plan, const StringPool& strings);

// ---------------------------------------------------------------- node_metrics.cpp
// Which stages count for which execution. A cached plan shows the same accumulators in every execution that reads the
// cache, and a nested execution those of the outer one: like Spark's SQLAppStatusListener we only count stages of the
// execution's own jobs, and those that belong to no execution (their JobStart is not in the log).
class ExecutionStages {
 public:
  explicit ExecutionStages(const JobModel& model);
  // Calls f(total) for the task updates of the accumulator in each stage that counts for the execution.
  template <class F>
  void ForEachTotal(std::int64_t accumulator, SqlRow execution, const F& f) const {
    for (const SqlRow of_stage : {execution, SqlRow()}) {
      for (const std::uint32_t i : Range(accumulator, of_stage)) f(model_.accumulators[i]);
      if (!execution.valid()) return;
    }
  }
  // False for an attempt of a stage that was retried.
  [[nodiscard]] bool IsLastAttempt(StageRow stage) const { return last_attempt_[stage.index]; }

 private:
  [[nodiscard]] std::span<const std::uint32_t> Range(std::int64_t accumulator, SqlRow of_stage) const;

  const JobModel& model_;
  std::vector<bool> last_attempt_;
  std::vector<std::uint32_t> totals_;  // of model.accumulators, by (accumulator, execution of the stage, stage)
};

// A metric's name without what old versions append: "duration total (min, med, max)", "data size (bytes)", "metadata
// time (ms)".
std::string_view PlainMetricName(std::string_view name);

// Fills model.node_metrics and node_metric_begin for all rows of plan_nodes (whose raw nodes are given, one a row), and
// the columns that come from metrics.
void DeriveNodeMetrics(JobModel& model, std::span<const RawPlanNode* const> raw_nodes);
// Those columns of one node: output_rows, bytes, times, files …
void DeriveMetricColumns(JobModel& model, NodeRow node);

// ---------------------------------------------------------------- node_inputs.cpp
// plan_nodes.{left_rows, right_rows, input_rows, subtree}, sql_executions.plan_shape. Needs the rows of the plans with their metrics.
void DeriveNodeInputs(JobModel& model);

// ---------------------------------------------------------------- node_stages.cpp
// plan_nodes.{stages, read_stages, stages_evidence} of final plans, and stages.nodes. Needs everything above. Returns
// how many nodes the limit left without stages.
std::uint64_t DeriveNodeStages(JobModel& model, const Limits& limits);

}  // namespace advise::model
