// How much of the run the log holds, and the counts of the application.
#include <algorithm>

#include "model/derive/derive.h"
#include "model/derive/scan.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

// Distinct indices of the stage's tasks whose end is in the log. Attempts would not do: retries hide what is missing.
std::vector<std::int64_t> EndedIndices(const JobModel& model) {
  const std::vector<std::int64_t> indices = AllValues(model.tasks.index);
  std::vector<std::int64_t> ended(model.stages.size());
  std::vector<std::int64_t> of_stage;
  for (std::size_t stage = 0; stage < ended.size(); ++stage) {
    of_stage.clear();
    for (const TaskRow task : model.stages.tasks.Get(stage)) {
      if (!model.tasks.running.Get(task.index)) of_stage.push_back(indices[task.index]);
    }
    std::sort(of_stage.begin(), of_stage.end());
    ended[stage] = std::unique(of_stage.begin(), of_stage.end()) - of_stage.begin();
  }
  return ended;
}

// Spark kills the tasks of a stage that failed and hears of their ends some seconds later. Where the application ended
// before that, no log holds these ends.
constexpr std::int64_t kEndsComeWithinMs = 60'000;

// A completed attempt announces Number of Tasks and ended them all. One that failed stopped where it was: missing are
// only those of its tasks that were started, and none if the application went with it.
void FillMissingTasks(JobModel& model, const std::vector<std::int64_t>& ended) {
  StageTable& stages = model.stages;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    if (!stages.completed.Has(stage) || !stages.task_count.Has(stage) || !stages.submitted_flag.Get(stage)) continue;
    std::int64_t missing = stages.task_count.Get(stage) - ended[stage];
    if (stages.status.Get(stage) != StageStatus::Complete) {
      const bool went_with_it =
          model.app.end.Has(0) && model.app.end.Get(0) - stages.completed.Get(stage) < kEndsComeWithinMs;
      const std::span<const TaskRow> tasks = stages.tasks.Get(stage);
      missing = went_with_it ? 0 : std::count_if(tasks.begin(), tasks.end(), [&](TaskRow task) {
        return model.tasks.running.Get(task.index);
      });
    }
    stages.missing_tasks.Set(stage, std::max<std::int64_t>(0, missing));
  }
}

void FillCompleteness(JobModel& model) {
  const StageTable& stages = model.stages;
  std::int64_t announced = 0;
  std::int64_t missing = 0;
  bool complete = model.app.start.Has(0) && model.app.end.Has(0);
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    if (!stages.submitted_flag.Get(stage)) continue;
    if (!stages.missing_tasks.Has(stage)) {  // never completed, or no Stage Info
      complete = false;
    } else if (stages.status.Get(stage) == StageStatus::Complete) {
      announced = SaturatingAdd(announced, stages.task_count.Get(stage));
      missing = SaturatingAdd(missing, std::min(stages.missing_tasks.Get(stage), stages.task_count.Get(stage)));
    } else if (stages.missing_tasks.Get(stage) > 0) {
      complete = false;
    }
  }
  for (std::size_t job = 0; job < model.jobs.size(); ++job) {
    complete = complete && model.jobs.status.Get(job) != JobStatus::Running;
  }
  model.app.complete.Set(0, complete && missing == 0);
  if (announced == 0) return;
  model.app.completeness.Set(0, static_cast<double>(announced - missing) / static_cast<double>(announced));
}

void FillCounts(JobModel& model) {
  const TaskTable& tasks = model.tasks;
  std::int64_t failed = 0;
  std::int64_t ended = 0;
  for (std::size_t row = 0; row < tasks.size(); ++row) failed += tasks.failed.Get(row) ? 1 : 0;
  ForEachValue(tasks.repeat, [&](std::size_t row, std::int64_t repeat) {
    if (repeat <= 0 && !tasks.running.Get(row)) ++ended;
  });
  model.app.failed_tasks.Set(0, failed);
  model.app.task_count.Set(0, ended);
}

template <Entity E>
void FillAll(SetColumn<E>& column, std::size_t rows) {
  std::vector<Row<E>>& all = column.Mutable(0);
  all.clear();
  for (std::size_t row = 0; row < rows; ++row) all.push_back(Row<E>(row));
}

void FillLists(JobModel& model) {
  AppTable& app = model.app;
  FillAll(app.jobs, model.jobs.size());
  FillAll(app.sql_executions, model.sql_executions.size());
  FillAll(app.gaps, model.gaps.size());
  FillAll(app.cached_rdds, model.cached_rdds.size());
  FillAll(app.incidents, model.incidents.size());
  app.stages.Mutable(0).clear();
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    if (model.stages.submitted_flag.Get(stage)) app.stages.Mutable(0).push_back(StageRow(stage));
  }
}

// The last job failed, or the process ended with another code than 0.
void FillFailed(JobModel& model) {
  const JobTable& jobs = model.jobs;
  std::optional<std::size_t> last;
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    if (!last || jobs.id.Get(job) > jobs.id.Get(*last)) last = job;
  }
  const bool last_failed = last && jobs.status.Get(*last) == JobStatus::Failed;
  const bool bad_exit = model.app.exit_code.Has(0) && model.app.exit_code.Get(0) != 0;
  model.app.failed.Set(0, last_failed || bad_exit);
}

}  // namespace

void DeriveCompleteness(JobModel& model) {
  // What an excerpt does not tell is not missing in a log.
  if (!model.excerpt) {
    FillMissingTasks(model, EndedIndices(model));
    FillCompleteness(model);
  }
  if (!model.excerpt || model.tasks.size() > 0) FillCounts(model);
  FillLists(model);
  FillFailed(model);
}

}  // namespace advise::model
