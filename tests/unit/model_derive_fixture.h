// Raw tables by hand, for the tests of the derive steps: only what a step reads needs to be set.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/job_model.h"

namespace advise::test {

using namespace advise::model;  // the fixture is for tests of the model

// A model with an App row: 0 … end.
inline JobModel EmptyModel(std::int64_t end, std::string_view version = "3.5.3") {
  JobModel m;
  m.version = ParseSparkVersion(version);
  m.app.AddRow();
  m.app.start.Set(0, 0);
  m.app.first_event.Set(0, 0);
  m.app.end.Set(0, end);
  m.app.last_event.Set(0, end);
  return m;
}

struct JobCells {
  std::int64_t id = 0;
  std::int64_t start = kMissing;
  std::int64_t end = kMissing;
  JobStatus status = JobStatus::Succeeded;
  std::string_view description{};
  std::string_view name{};
};

inline JobRow PutJob(JobModel& m, const JobCells& cells) {
  const std::size_t row = m.jobs.AddRow();
  m.jobs.id.Set(row, cells.id);
  m.jobs.start.Set(row, cells.start);
  m.jobs.end.Set(row, cells.end);
  m.jobs.status.Set(row, cells.status);
  if (!cells.description.empty()) m.jobs.description.Set(row, m.strings.Intern(cells.description));
  if (!cells.name.empty()) m.jobs.name.Set(row, m.strings.Intern(cells.name));
  return JobRow(row);
}

struct StageCells {
  std::int64_t id = 0;
  std::int64_t attempt = 0;
  std::int64_t tasks = 1;
  std::int64_t submitted = kMissing;
  std::int64_t completed = kMissing;
  StageStatus status = StageStatus::Complete;
  std::vector<std::int64_t> parents{};
  std::vector<std::int64_t> rdds{};
  JobRow job{};
};

inline StageRow PutStage(JobModel& m, const StageCells& cells) {
  const std::size_t row = m.stages.AddRow();
  StageTable& s = m.stages;
  s.id.Set(row, cells.id);
  s.attempt.Set(row, cells.attempt);
  s.key.Set(row, m.strings.Intern(std::to_string(cells.id) + "." + std::to_string(cells.attempt)));
  s.task_count.Set(row, cells.tasks);
  s.submitted.Set(row, cells.submitted);
  s.completed.Set(row, cells.completed);
  s.status.Set(row, cells.status);
  s.submitted_flag.Set(row, cells.status != StageStatus::Skipped && cells.status != StageStatus::Pending);
  s.parent_ids.Mutable(row) = cells.parents;
  s.rdd_ids.Mutable(row) = cells.rdds;
  s.job.Set(row, cells.job);
  return StageRow(row);
}

inline ExecutorRow PutExecutor(JobModel& m, std::string_view id, std::int64_t cores, std::int64_t added,
                               std::int64_t removed = kMissing, std::string_view reason = {}) {
  const std::size_t row = m.executors.AddRow();
  m.executors.id.Set(row, m.strings.Intern(id));
  m.executors.is_driver.Set(row, id == "driver");
  m.executors.cores.Set(row, cores);
  m.executors.added.Set(row, added);
  m.executors.removed.Set(row, removed);
  if (!reason.empty()) m.executors.remove_reason.Set(row, m.strings.Intern(reason));
  return ExecutorRow(row);
}

struct AttemptCells {
  std::int64_t id = 0;
  std::int64_t repeat = 0;
  std::int64_t index = 0;
  std::int64_t attempt = kMissing;
  StageRow stage{};
  ExecutorRow executor{};
  HostRow host{};
  std::int64_t launch = 0;
  std::int64_t finish = kMissing;  // missing: running
  EndReason reason = EndReason::Success;
  bool started = true;
  bool speculative = false;
  std::int64_t run_time = kMissing;
  std::int64_t cpu_time = kMissing;
  std::int64_t gc_time = kMissing;
  std::int64_t fetch_wait_time = kMissing;
  std::int64_t scheduler_delay = kMissing;
  std::int64_t shuffle_write = kMissing;
  std::int64_t shuffle_write_time = kMissing;
  std::int64_t disk_bytes_spilled = kMissing;
  std::int64_t input_bytes = kMissing;
  std::optional<Locality> locality{};
};

// As the builder pushes it.
inline TaskRow PutTask(JobModel& m, const AttemptCells& cells) {
  TaskTable& t = m.tasks;
  const std::size_t row = t.size();
  const bool running = cells.finish == kMissing;
  const bool killed = cells.reason == EndReason::TaskKilled || cells.reason == EndReason::TaskCommitDenied;
  const bool success = !running && cells.reason == EndReason::Success;
  t.id.Push(cells.id);
  t.repeat.Push(cells.repeat);
  t.index.Push(cells.index);
  t.attempt.Push(cells.attempt);
  t.stage.Push(cells.stage);
  t.executor.Push(cells.executor);
  t.host.Push(cells.host);
  t.launch.Push(cells.launch);
  t.finish.Push(cells.finish);
  t.duration.Push(running ? kMissing : cells.finish - cells.launch);
  if (running) {
    t.end_reason.PushMissing();
  } else {
    t.end_reason.Push(cells.reason);
  }
  t.speculative.Push(cells.speculative);
  t.succeeded.Push(success);
  t.failed.Push(!running && !success && !killed);
  t.killed.Push(!running && killed);
  t.running.Push(running);
  t.winner.Push(false);
  t.failure_class.PushMissing();
  t.failure_summary.PushMissing();
  t.started.Push(cells.started);
  t.run_time.Push(cells.run_time);
  t.cpu_time.Push(cells.cpu_time);
  t.gc_time.Push(cells.gc_time);
  t.fetch_wait_time.Push(cells.fetch_wait_time);
  t.scheduler_delay.Push(cells.scheduler_delay);
  t.shuffle_write.Push(cells.shuffle_write);
  t.shuffle_write_time.Push(cells.shuffle_write_time);
  t.disk_bytes_spilled.Push(cells.disk_bytes_spilled);
  t.input_bytes.Push(cells.input_bytes);
  if (cells.locality) t.locality.Push(*cells.locality);
#define ADVISE_FILL(name, Column, unit, since, scope, missing, doc) \
  if (t.name.size() <= row) t.name.PushMissing();
  ADVISE_TASK_COLUMNS(ADVISE_FILL)
#undef ADVISE_FILL
  if (cells.stage.valid()) {
    std::int64_t first = m.stages.first_launch.Get(cells.stage.index);
    if (first == kMissing || cells.launch < first) m.stages.first_launch.Set(cells.stage.index, cells.launch);
  }
  return TaskRow(row);
}

inline void PutRdd(JobModel& m, std::int64_t id, std::string_view name, std::vector<std::int64_t> parents = {},
                   bool cached = false) {
  RawRdd rdd;
  rdd.id = id;
  rdd.name = m.strings.Intern(name);
  rdd.parents = std::move(parents);
  rdd.partitions = 4;
  rdd.use_memory = cached;
  rdd.deserialized = cached;
  rdd.replication = 1;
  m.rdds.push_back(std::move(rdd));
}

inline void SetProperties(JobModel& m, std::initializer_list<std::pair<std::string, std::string>> properties) {
  m.has_environment = true;
  for (const auto& [key, value] : properties) m.spark_properties[key] = value;
  if (const auto master = m.SparkProperty("spark.master")) m.app.master.Set(0, m.strings.Intern(*master));
}

template <Entity E>
std::vector<std::size_t> Indices(std::span<const Row<E>> rows) {
  std::vector<std::size_t> indices;
  for (const Row<E> row : rows) indices.push_back(row.index);
  return indices;
}
using Rows = std::vector<std::size_t>;

}  // namespace advise::test
