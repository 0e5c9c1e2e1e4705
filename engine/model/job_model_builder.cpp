// Tells each event to the concerns that it is for: the guard says whether it counts, fillers write rows, LiveCounts and
// BlockCounts keep what depends on the order of events.
#include "model/job_model_builder.h"

#include <optional>
#include <utility>

#include "model/build/application_filler.h"
#include "model/build/block_counts.h"
#include "model/build/event_guard.h"
#include "model/build/executor_filler.h"
#include "model/build/live_counts.h"
#include "model/build/rows_by_id.h"
#include "model/build/sql_filler.h"
#include "model/build/stage_filler.h"
#include "model/build/task_attempts.h"
#include "model/build/task_filler.h"
#include "model/derive/derive.h"

namespace advise::model {

struct JobModelBuilder::Impl {
  explicit Impl(const Limits& given) : limits(given), rows(m, limits) { m.app.AddRow(); }

  Limits limits;
  JobModel m;
  RowsById rows;
  TaskAttempts attempts;
  LiveCounts live{m, rows};
  BlockCounts blocks{m};
  EventGuard guard{limits, m, rows, attempts, live};
  ApplicationFiller application{m, rows};
  ExecutorFiller executors{m, rows, live};
  StageFiller stages{m, rows};
  TaskFiller tasks{m, rows, attempts};
  SqlFiller sql{m};
  std::optional<RunPart> part;
};

JobModelBuilder::JobModelBuilder(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
JobModelBuilder::~JobModelBuilder() = default;

const JobModel& JobModelBuilder::model() const { return impl_->m; }
const BuilderCounts& JobModelBuilder::counts() const { return impl_->guard.counts(); }
void JobModelBuilder::SetPart(RunPart part) { impl_->part = std::move(part); }
void JobModelBuilder::SetExcerpt() { impl_->m.excerpt = true; }

void JobModelBuilder::SetEnvironment(Environment environment, std::string_view platform_version) {
  impl_->application.SetEnvironment(environment, platform_version);
}
void JobModelBuilder::SetVersionHint(std::string_view version) { impl_->application.SetVersionHint(version); }

// ---------------------------------------------------------------- application
void JobModelBuilder::On(const LogStart& event) { impl_->application.Fill(event); }
void JobModelBuilder::On(const PlatformHint& event) {
  // A version of the vendor's first line stands for the LogStart that the log does not have.
  if (!event.version.empty()) SetVersionHint(event.version);
}
void JobModelBuilder::On(const ApplicationStart& event) {
  if (impl_->guard.Take(event)) impl_->application.Fill(event);
}
void JobModelBuilder::On(const ApplicationEnd& event) { impl_->application.Fill(event); }
void JobModelBuilder::On(const EnvironmentUpdate& event) { impl_->application.Fill(event); }
void JobModelBuilder::On(const ResourceProfileAdded& event) {
  if (impl_->guard.Take(event)) impl_->application.Fill(event);
}

// ---------------------------------------------------------------- executors
void JobModelBuilder::On(const ExecutorAdded& event) {
  const ExecutorRow row = impl_->guard.Take(event);
  if (!row.valid()) return;
  impl_->executors.Fill(row, event);
  impl_->live.AddExecutor(row);
}
void JobModelBuilder::On(const ExecutorRemoved& event) {
  const ExecutorRow row = impl_->guard.Take(event);
  if (!row.valid()) return;
  impl_->executors.Fill(row, event);
  impl_->live.RemoveExecutor(row);
}
void JobModelBuilder::On(const BlockManagerAdded& event) {
  const ExecutorRow row = impl_->guard.Take(event);
  if (!row.valid()) return;
  impl_->executors.Fill(row, event);
  impl_->blocks.AddBlockManager(row, event);
}
void JobModelBuilder::On(const Exclusion& event) {
  impl_->guard.CrowdHost(impl_->executors.Fill(event, impl_->limits.executors_of_host));
}
void JobModelBuilder::On(const StageExecutorMetrics& event) { impl_->executors.Fill(event); }

// ---------------------------------------------------------------- blocks
void JobModelBuilder::On(const UnpersistRdd& event) {
  if (!impl_->guard.Take(event)) return;
  impl_->m.unpersisted_rdds.push_back(event.rdd);
  impl_->blocks.Unpersist(event.rdd);
}
void JobModelBuilder::On(const BlockUpdated& event) {
  impl_->blocks.SeeUpdates();
  const ExecutorRow row = impl_->guard.Take(event);
  if (row.valid()) impl_->blocks.Update(row, event);
}

// ---------------------------------------------------------------- jobs and stages
void JobModelBuilder::On(const JobStart& event) {
  const JobRow job = impl_->guard.Take(event);
  if (!job.valid()) return;
  impl_->stages.Fill(job, event);
  impl_->live.StartJob(job, event);
  for (const StageInfo& info : event.stages) {
    const StageRow stage = impl_->guard.Take(info);
    if (!stage.valid()) continue;
    if (impl_->live.IsLive(stage)) impl_->stages.Announce(job, stage, info);
    impl_->live.Announce(job, stage, info);
  }
}
void JobModelBuilder::On(const JobEnd& event) {
  const JobRow job = impl_->guard.Take(event);
  if (!job.valid()) return;
  impl_->live.EndJob(job);
  impl_->stages.Fill(job, event);
}
void JobModelBuilder::On(const StageSubmitted& event) {
  const StageRow stage = impl_->guard.Take(event);
  if (!stage.valid()) return;
  impl_->stages.Fill(stage, event, impl_->live.SubmitStage(stage, event.info));
  impl_->blocks.SubmitStage(event.info);
}
void JobModelBuilder::On(const StageCompleted& event) {
  const StageRow stage = impl_->guard.Take(event);
  if (!stage.valid()) return;
  impl_->stages.Fill(stage, event);
  impl_->live.CompleteStage(stage, event.info);
  impl_->executors.CompleteStage(event.info.id);
}

// ---------------------------------------------------------------- tasks
void JobModelBuilder::On(const TaskStart& event) {
  const StageRow stage = impl_->guard.Take(event);
  if (!stage.valid()) return;
  const ExecutorRow executor = impl_->tasks.Start(stage, event.info);
  impl_->live.StartTask(stage, executor);
}
void JobModelBuilder::On(const TaskEnd& event, std::span<const AccumulatorUpdate> updates,
                         std::span<const ExecutorMetrics> executor_metrics, std::span<const NamedAccumulator> named) {
  const std::optional<EventGuard::TaskEndTaken> taken = impl_->guard.Take(event);
  if (!taken) return;
  const ExecutorRow executor =
      impl_->tasks.End(taken->stage, taken->repeat, taken->started, event, updates, executor_metrics, named);
  impl_->live.EndTask(taken->stage, executor, event);
}

// ---------------------------------------------------------------- SQL
void JobModelBuilder::On(const SqlStart& event) {
  if (const SqlRow row = impl_->guard.Take(event); row.valid()) impl_->sql.Fill(row, event);
}
void JobModelBuilder::On(const SqlEnd& event) {
  if (const SqlRow row = impl_->guard.Take(event); row.valid()) impl_->sql.Fill(row, event);
}
void JobModelBuilder::On(const SqlPlanUpdate& event) {
  if (const SqlRow row = impl_->guard.Take(event); row.valid()) impl_->sql.Fill(row, event);
}
void JobModelBuilder::On(const SqlMetricUpdates& event) {
  if (const SqlRow row = impl_->guard.Take(event); row.valid()) impl_->sql.Fill(row, event);
}
void JobModelBuilder::On(const DriverAccumUpdates& event) {
  if (const SqlRow row = impl_->guard.Take(event); row.valid()) impl_->sql.Fill(row, event);
}

// ---------------------------------------------------------------- the end
JobModel JobModelBuilder::BuildRows() {
  Impl& i = *impl_;
  i.guard.Finish();
  i.tasks.Finish();
  i.live.Write();
  i.stages.Finish();
  i.executors.Finish();
  i.blocks.Write();
  i.sql.Finish();
  i.application.Finish();
  return std::move(i.m);
}

JobModel JobModelBuilder::Build() {
  Impl& i = *impl_;
  JobModel model = BuildRows();
  if (i.part) CutToPart(model, *i.part);
  const DeriveCounts left_out = DeriveAll(model, i.limits);
  i.guard.LeaveOut(left_out.job_edges, left_out.stage_edges, left_out.node_stages);
  if (i.part) RenameFirstGap(model);
  return model;
}

}  // namespace advise::model
