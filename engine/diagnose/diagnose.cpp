// Match, fold, rank.
#include "diagnose/diagnose.h"

#include <utility>

#include "diagnose/from_matches.h"
#include "diagnose/merge.h"
#include "diagnose/rank.h"

namespace advise::diagnose {
namespace {

RankContext ContextOf(const model::AppTable& app) {
  RankContext context;
  if (app.duration.Has(0)) context.app_duration = app.duration.Get(0);
  context.app_failed = app.failed.Has(0) && app.failed.Get(0);
  return context;
}

}  // namespace

Diagnosis Diagnose(const rules::RuleSet& rules, const model::JobModel& model, PhaseTimes* times) {
  PhaseTimes unread;
  PhaseTimes& phases = times != nullptr ? *times : unread;
  Diagnosis diagnosis;
  {
    const PhaseTimer timer(phases, "match");
    diagnosis.matches = rules::MatchAll(rules, model);
  }
  const PhaseTimer timer(phases, "findings");
  std::vector<Finding> findings = FromMatches(rules, diagnosis.matches, model);
  // Several symptoms describe one cause: fold before ranking, so that a cause is ranked once.
  findings = Merge(std::move(findings));
  diagnosis.findings = Rank(std::move(findings), ContextOf(model.app));
  return diagnosis;
}

}  // namespace advise::diagnose
