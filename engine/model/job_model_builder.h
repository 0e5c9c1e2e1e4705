// The only writer of a JobModel: takes events in log order and keeps what Spark's own AppStatusListener keeps (counts
// of jobs, stages and executors depend on that order), then Build() derives the rest.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/job_model.h"
#include "model/raw_events.h"
#include "model/run_part.h"
#include "support/limits.h"

namespace advise::model {

// What the builder noticed about the log; ingest turns them into its statistics.
struct BuilderCounts {
  std::uint64_t malformed = 0;           // events without an id that they need
  std::uint64_t duplicates = 0;          // events that were there already
  std::uint64_t ends_without_start = 0;  // task ends
  std::uint64_t starts_without_end = 0;  // tasks running when the log ends
  std::uint64_t too_many_tasks = 0;
  std::uint64_t too_many_stages = 0;
  std::uint64_t too_many_attempts = 0;  // of one stage
  std::uint64_t crowded_stages = 0;     // job starts that list a stage which too many live jobs list
  std::uint64_t crowded_hosts = 0;      // exclusions of a host with too many executors
  std::uint64_t job_edges = 0;          // edges of After
  std::uint64_t stage_edges = 0;        // parents
  std::uint64_t node_stages = 0;        // plan nodes without their stages
  std::uint64_t executors_before_application = 0;
  std::uint64_t executors_after_application = 0;
};

class JobModelBuilder {
 public:
  explicit JobModelBuilder(const Limits& limits);
  ~JobModelBuilder();
  JobModelBuilder(const JobModelBuilder&) = delete;
  JobModelBuilder& operator=(const JobModelBuilder&) = delete;

  void On(const LogStart&);
  void On(const ApplicationStart&);
  void On(const ApplicationEnd&);
  void On(const EnvironmentUpdate&);
  void On(const ResourceProfileAdded&);
  void On(const ExecutorAdded&);
  void On(const ExecutorRemoved&);
  void On(const BlockManagerAdded&);
  void On(const Exclusion&);
  void On(const JobStart&);
  void On(const JobEnd&);
  void On(const StageSubmitted&);
  void On(const StageCompleted&);
  void On(const TaskStart&);
  // `updates`, `executor_metrics` and `named` are the arrays that the task's indices point into.
  void On(const TaskEnd&, std::span<const AccumulatorUpdate> updates, std::span<const ExecutorMetrics> executor_metrics,
          std::span<const NamedAccumulator> named = {});
  void On(const StageExecutorMetrics&);
  void On(const UnpersistRdd&);
  void On(const BlockUpdated&);
  void On(const SqlStart&);
  void On(const SqlEnd&);
  void On(const SqlPlanUpdate&);
  void On(const SqlMetricUpdates&);
  void On(const DriverAccumUpdates&);
  void On(const PlatformHint&);

  // For ingest/environments: what is known so far.
  [[nodiscard]] const JobModel& model() const;
  void SetEnvironment(Environment environment, std::string_view platform_version);
  // A version told by something other than LogStart (a SPARK_VERSION_1.2.0 file). LogStart wins.
  void SetVersionHint(std::string_view version);

  // The model is to hold this part of the application alone; the caller has left out the events of the rest.
  void SetPart(RunPart part);

  // The events are an excerpt (JobModel::excerpt). Before the first of them.
  void SetExcerpt();

  // Ends the reading: running tasks become rows, all columns are derived. The builder must not be used after it.
  [[nodiscard]] JobModel Build();
  // Build() without the derive steps, for who states more than events carry.
  [[nodiscard]] JobModel BuildRows();
  // Valid after either.
  [[nodiscard]] const BuilderCounts& counts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace advise::model
