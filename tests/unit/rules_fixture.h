// Hand-made models and compiled rule texts for tests of rules/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctest/doctest.h"
#include "model/job_model.h"
#include "rules/match/match.h"
#include "rules/packs/load.h"
#include "support/diagnostic_render.h"

namespace advise::test {

// A rule text and what became of it.
struct Compiled {
  SourceManager sources;
  Diagnostics diagnostics;
  rules::RuleSet set;

  [[nodiscard]] std::string Messages() const {
    std::string text;
    for (const Diagnostic& d : diagnostics.Sorted()) {
      text += std::string(Info(d.code).code) + ": " + d.message + "\n";
    }
    return text;
  }
};
inline std::unique_ptr<Compiled> CompileRules(std::string text, std::vector<rules::ParamSetting> params = {}) {
  auto compiled = std::make_unique<Compiled>();
  rules::CompileOptions options;
  options.params = std::move(params);
  options.tests = true;
  compiled->set =
      rules::CompileTexts(compiled->sources, {{"demo.rules", std::move(text)}}, options, compiled->diagnostics);
  return compiled;
}

inline constexpr std::int64_t kMiB = 1024 * 1024;

struct TaskRowCells {
  std::size_t stage = 0;
  std::optional<std::int64_t> duration{};
  std::optional<std::int64_t> shuffle_read{};
  std::optional<std::int64_t> disk_bytes_spilled{};
  std::optional<std::int64_t> memory_bytes_spilled{};
  std::optional<bool> failed{};
  bool speculative = false;
  bool winner = true;
  std::optional<std::size_t> executor{};
  std::int64_t launch = 1000;
};

inline std::size_t AddTask(model::JobModel& m, const TaskRowCells& cells) {
  auto& tasks = m.tasks;
  const std::size_t row = tasks.size();
  const auto push = [](auto& column, const auto& value) {
    if (value) {
      column.Push(*value);
    } else {
      column.PushMissing();
    }
  };
  tasks.id.Push(static_cast<std::int64_t>(row));
  tasks.stage.Push(model::StageRow(cells.stage));
  if (cells.executor) tasks.executor.Push(model::ExecutorRow(*cells.executor));
  tasks.launch.Push(cells.launch);
  push(tasks.duration, cells.duration);
  push(tasks.run_time, cells.duration);
  push(tasks.shuffle_read, cells.shuffle_read);
  push(tasks.disk_bytes_spilled, cells.disk_bytes_spilled);
  push(tasks.memory_bytes_spilled, cells.memory_bytes_spilled);
  push(tasks.failed, cells.failed);
  tasks.speculative.Push(cells.speculative);
  tasks.winner.Push(cells.winner);
#define ADVISE_FILL(name, Column, unit, since, scope, missing, doc) \
  if (tasks.name.size() <= row) tasks.name.PushMissing();
  ADVISE_TASK_COLUMNS(ADVISE_FILL)
#undef ADVISE_FILL
  m.stages.tasks.Mutable(cells.stage).push_back(model::TaskRow(row));
  if (cells.winner) m.stages.winners.Mutable(cells.stage).push_back(model::TaskRow(row));
  return row;
}

inline std::size_t AddStage(model::JobModel& m, std::int64_t id) {
  const std::size_t row = m.stages.AddRow();
  m.stages.id.Set(row, id);
  m.stages.attempt.Set(row, 0);
  m.stages.key.Set(row, m.strings.Intern(std::to_string(id) + ".0"));
  m.stages.submitted_flag.Set(row, true);
  m.stages.status.Set(row, model::StageStatus::Complete);
  return row;
}

inline std::size_t AddNode(model::JobModel& m, model::NodeKind kind, std::int64_t id) {
  if (m.sql_executions.size() == 0) m.sql_executions.id.Set(m.sql_executions.AddRow(), 0);
  const std::size_t row = m.plan_nodes.AddRow();
  m.plan_nodes.id.Set(row, id);
  m.plan_nodes.name.Set(row, m.strings.Intern(model::EnumName(kind)));
  m.plan_nodes.kind.Set(row, kind);
  m.plan_nodes.final_plan.Set(row, true);
  m.plan_nodes.sql_execution.Set(row, model::SqlRow(std::size_t{0}));
  m.plan_nodes.stages_evidence.Set(row, model::StagesEvidence::Metric);
  return row;
}

// Plan node `node` ran in stage `stage`.
inline void Runs(model::JobModel& m, std::size_t stage, std::size_t node) {
  m.stages.nodes.Mutable(stage).push_back(model::NodeRow(node));
  m.plan_nodes.stages.Mutable(node).push_back(model::StageRow(stage));
}

inline std::size_t AddShuffle(model::JobModel& m, std::size_t from, std::size_t to, std::optional<std::int64_t> bytes) {
  const std::size_t row = m.shuffles.AddRow();
  m.shuffles.id.Set(row, static_cast<std::int64_t>(row));
  m.shuffles.from.Set(row, model::StageRow(from));
  m.shuffles.to.Set(row, model::StageRow(to));
  if (bytes) m.shuffles.bytes.Set(row, *bytes);
  return row;
}

inline model::JobModel EmptyApp(std::string_view version = "3.5.3") {
  model::JobModel m;
  m.version = model::ParseSparkVersion(version);
  m.app.AddRow();
  m.app.id.Set(0, m.strings.Intern("app-1"));
  if (m.version.known) m.app.spark.Set(0, m.strings.Intern(version));
  m.app.duration.Set(0, 100'000);
  m.app.slots.Set(0, 4);
  m.has_environment = true;
  return m;
}

// The stage of the functions' examples: see rules/functions/function_table.cpp.
inline model::JobModel ExampleStage() {
  model::JobModel m = EmptyApp();
  const std::size_t stage = AddStage(m, 0);
  m.stages.duration.Set(stage, 12'000);
  for (const std::int64_t seconds : {1, 2, 3, 4, 10}) {
    AddTask(m, {.stage = stage,
                .duration = seconds * 1000,
                .shuffle_read = seconds * 10 * kMiB,
                .failed = false,
                .speculative = seconds == 10});
  }
  return m;
}

}  // namespace advise::test
