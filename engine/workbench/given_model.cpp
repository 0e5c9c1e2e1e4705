// The order of steps: events → rows → what is stated → derive steps → what is stated again.
#include "workbench/given_model.h"

#include <limits>

#include "model/derive/derive.h"
#include "model/derive/timeline.h"
#include "workbench/given_overlay.h"

namespace advise::workbench {
namespace {

using metrics::Entity;

// Of jobs whose times are unknown any may lie between two others.
bool OrderFollows(const rules::BoundTest& test, const model::JobModel& model) {
  for (const rules::GivenLink& link : test.links) {
    if (link.kind == metrics::EdgeKind::After) return false;
  }
  for (std::size_t job = 0; job < model.jobs.size(); ++job) {
    if (!model.jobs.start.Has(job) || !model.jobs.end.Has(job)) return false;
  }
  return true;
}

// Gaps and the critical path need the times of everything that ran.
bool PathFollows(const GivenRows& given, const model::JobModel& model) {
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    if (model.stages.tasks.Get(stage).empty()) return false;
  }
  return model.stages.size() > 0 && model::AllTimed(model) && !given.Has(Entity::Gap);
}

}  // namespace

GivenModel MakeModel(const rules::BoundTest& test) {
  const GivenRows given = LayOut(test);
  Limits limits;  // against growth with the square of a log; a test is as long as its author writes it
  limits.stage_attempts = limits.jobs_of_stage = std::numeric_limits<std::size_t>::max();
  model::JobModelBuilder builder{limits};
  builder.SetExcerpt();
  const GivenNames names = TellEvents(test, given, builder);
  GivenModel made{builder.BuildRows(), {}};
  model::JobModel& model = made.model;
  GivenOverlay overlay(test, given, names, made);
  overlay.StateRows();
  // As DeriveAll, but for the rows that a test states itself and for the ledger: times that it leaves out would be
  // accounts of it.
  model::DeriveAppSettings(model);
  model::DeriveTasksOfStages(model);
  overlay.StateWinners();
  model::DeriveResources(model);
  model::DeriveFailures(model);
  model::DeriveGcPauses(model);
  model::DeriveHosts(model);
  if (OrderFollows(test, model)) model::DeriveJobOrder(model);
  model::DeriveStageGraph(model);
  overlay.StateParents();
  model::DeriveShuffles(model);
  overlay.StateShuffles();
  model::DeriveExecutions(model);
  model::DeriveShuffleSides(model);
  if (PathFollows(given, model)) {
    model::DeriveGaps(model);
    model::DeriveCriticalPath(model);
  }
  model::DeriveCompleteness(model);
  overlay.StateAgain();
  return made;
}

}  // namespace advise::workbench
