// A small hand-made model for tests of what stands on it: two jobs, four stage attempts (one skipped), six task ends,
// two executors, one SQL execution with an AQE plan. Spark 2.0.1 can be had by the argument.
#pragma once

#include <string_view>

#include "model/job_model.h"

namespace advise::test {

inline StringId Text(model::JobModel& model, std::string_view text) { return model.strings.Intern(text); }

struct TaskCells {
  std::int64_t id = 0;
  std::int64_t repeat = 0;
  std::size_t stage = 0;
  std::size_t executor = 0;
  std::int64_t launch = 0;
  std::int64_t finish = model::kMissing;
  bool succeeded = true;
  std::int64_t run_time = model::kMissing;
  std::int64_t cpu_time = model::kMissing;
  std::int64_t shuffle_read = model::kMissing;
};

inline void AddTask(model::JobModel& model, const TaskCells& cells) {
  auto& tasks = model.tasks;
  const std::size_t row = tasks.size();
  tasks.id.Push(cells.id);
  tasks.repeat.Push(cells.repeat);
  tasks.stage.Push(model::StageRow(cells.stage));
  tasks.executor.Push(model::ExecutorRow(cells.executor));
  tasks.launch.Push(cells.launch);
  tasks.finish.Push(cells.finish);
  tasks.duration.Push(cells.finish == model::kMissing ? model::kMissing : cells.finish - cells.launch);
  tasks.succeeded.Push(cells.succeeded);
  tasks.started.Push(true);
  tasks.running.Push(cells.finish == model::kMissing);
  tasks.run_time.Push(cells.run_time);
  tasks.cpu_time.Push(cells.cpu_time);
  tasks.shuffle_read.Push(cells.shuffle_read);
#define ADVISE_FILL(name, Column, unit, since, scope, missing, doc) \
  if (tasks.name.size() <= row) tasks.name.PushMissing();
  ADVISE_TASK_COLUMNS(ADVISE_FILL)
#undef ADVISE_FILL
  model.stages.tasks.Mutable(cells.stage).push_back(model::TaskRow(row));
  model.executors.tasks.Mutable(cells.executor).push_back(model::TaskRow(row));
}

inline model::JobModel SmallModel(std::string_view version = "3.5.3") {
  using namespace model;
  JobModel m;
  m.version = ParseSparkVersion(version);
  m.app.AddRow();
  m.app.id.Set(0, Text(m, "app-1"));
  if (m.version.known) m.app.spark.Set(0, Text(m, version));
  m.app.environment.Set(0, Environment::Standalone);
  m.app.first_event.Set(0, 1000);
  m.app.last_event.Set(0, 2000);
  m.app.utilisation.Set(0, 0.25);

  for (std::int64_t id = 0; id < 2; ++id) {
    const std::size_t row = m.jobs.AddRow();
    m.jobs.id.Set(row, id + 10);
    m.jobs.status.Set(row, JobStatus::Succeeded);
    m.jobs.stage_ids.Mutable(row) = {id, id + 1};
  }
  m.jobs.after.Set(1, {JobRow(0)});

  // Rows 0..3: stages 0.0, 1.0 (skipped), 2.0 (failed), 2.1.
  const struct {
    std::int64_t id;
    std::int64_t attempt;
    StageStatus status;
    bool submitted;
  } stages[] = {{0, 0, StageStatus::Complete, true},
                {1, 0, StageStatus::Skipped, false},
                {2, 0, StageStatus::Failed, true},
                {2, 1, StageStatus::Complete, true}};
  for (const auto& stage : stages) {
    const std::size_t row = m.stages.AddRow();
    m.stages.id.Set(row, stage.id);
    m.stages.attempt.Set(row, stage.attempt);
    m.stages.key.Set(row, Text(m, std::to_string(stage.id) + "." + std::to_string(stage.attempt)));
    m.stages.status.Set(row, stage.status);
    m.stages.submitted_flag.Set(row, stage.submitted);
    m.stages.job.Set(row, JobRow(stage.id == 2 ? 1 : 0));
  }
  m.stages.peaks.peak_jvm_heap_memory.Set(3, 777);
  m.retries.emplace_back(StageRow(2), StageRow(3));
  m.jobs.stages.Set(1, {StageRow(2), StageRow(3)});

  for (const std::string_view id : {"driver", "1"}) {
    const std::size_t row = m.executors.AddRow();
    m.executors.id.Set(row, Text(m, id));
    m.executors.is_driver.Set(row, id == "driver");
    m.executors.runs_tasks.Set(row, id != "driver");
  }
  m.stages.executors.Set(0, {ExecutorRow(1)});

  AddTask(m, {.id = 0,
              .stage = 0,
              .executor = 1,
              .launch = 1100,
              .finish = 1200,
              .run_time = 90,
              .cpu_time = 2'500'000,
              .shuffle_read = 0});
  AddTask(m, {.id = 1,
              .stage = 0,
              .executor = 1,
              .launch = 1100,
              .finish = 1300,
              .run_time = 190,
              .cpu_time = 5'000'000,
              .shuffle_read = 10});
  AddTask(m, {.id = 2, .stage = 2, .executor = 1, .launch = 1300, .finish = 1350, .succeeded = false});
  AddTask(m, {.id = 3,
              .stage = 3,
              .executor = 1,
              .launch = 1400,
              .finish = 1900,
              .run_time = 400,
              .cpu_time = 1,
              .shuffle_read = 30});
  AddTask(m, {.id = 3, .repeat = 1, .stage = 3, .executor = 1, .launch = 1400, .finish = 1950, .succeeded = false});
  AddTask(m, {.id = 4, .stage = 3, .executor = 1, .launch = 1500});

  const std::size_t sql = m.sql_executions.AddRow();
  m.sql_executions.id.Set(sql, 7);
  // Final plan: 0 AdaptiveSparkPlan ← 1 WholeStageCodegen ← 2 SortMergeJoin ← 3 a query stage (not drawn) ← 4 Exchange;
  // 5: initial plan.
  const struct {
    std::string_view name;
    NodeKind kind;
    std::int64_t id;
    std::int64_t parent;
    bool final_plan;
  } nodes[] = {{"AdaptiveSparkPlan", NodeKind::AdaptivePlan, 0, -1, true},
               {"WholeStageCodegen (1)", NodeKind::WholeStageCodegen, 1, 0, true},
               {"SortMergeJoin", NodeKind::SortMergeJoin, 2, 1, true},
               {"ShuffleQueryStage", NodeKind::Other, kMissing, 2, true},
               {"Exchange", NodeKind::Exchange, 3, 3, true},
               {"SortMergeJoin", NodeKind::SortMergeJoin, 0, -1, false}};
  m.node_metric_begin.push_back(0);
  for (const auto& node : nodes) {
    const std::size_t row = m.plan_nodes.AddRow();
    m.plan_nodes.name.Set(row, Text(m, node.name));
    m.plan_nodes.kind.Set(row, node.kind);
    if (node.id != kMissing) m.plan_nodes.id.Set(row, node.id);
    if (node.parent >= 0) m.plan_nodes.parent.Set(row, NodeRow(static_cast<std::size_t>(node.parent)));
    m.plan_nodes.final_plan.Set(row, node.final_plan);
    m.plan_nodes.sql_execution.Set(row, SqlRow(sql));
    m.plan_nodes.stages_evidence.Set(row, node.name == "Exchange" ? StagesEvidence::Metric : StagesEvidence::Scope);
    if (node.final_plan) {
      m.sql_executions.nodes.Mutable(sql).push_back(NodeRow(row));
    } else {
      m.sql_executions.initial_nodes.Mutable(sql).push_back(NodeRow(row));
    }
    if (node.name == "Exchange") {
      m.node_metrics.push_back({.node = NodeRow(row),
                                .name = Text(m, "data size"),
                                .type = Text(m, "size"),
                                .accumulator = 55,
                                .total = 123,
                                .min = 1,
                                .max = 100,
                                .count = 2});
      m.node_metrics.push_back(
          {.node = NodeRow(row), .name = Text(m, "fetch wait time"), .type = Text(m, "timing"), .accumulator = 56});
    }
    m.node_metric_begin.push_back(static_cast<std::uint32_t>(m.node_metrics.size()));
  }
  m.stages.nodes.Set(3, {NodeRow(2), NodeRow(4)});

  const std::size_t shuffle = m.shuffles.AddRow();
  m.shuffles.id.Set(shuffle, 0);
  m.shuffles.from.Set(shuffle, StageRow(0));
  m.shuffles.to.Set(shuffle, StageRow(3));
  m.shuffles.bytes.Set(shuffle, 4096);
  return m;
}

}  // namespace advise::test
