// Match, fold, rank; then the causes that are left share the ledger out.
#include "diagnose/diagnose.h"

#include <utility>

#include "diagnose/from_matches.h"
#include "diagnose/merge.h"
#include "diagnose/rank.h"

namespace advise::diagnose {
namespace {

// Folded findings claim nothing: the time is that of the cause above them. A symptom without a cause claims what it
// sees.
bool HoldsTime(const Finding& finding) { return !finding.explained_by && finding.cost.has_value(); }

}  // namespace

std::vector<Unexplained> ShareLedger(const model::Ledger& ledger, std::vector<Finding>& findings) {
  if (!ledger.known) return {};
  std::vector<std::size_t> numbers;
  std::vector<Cost> costs;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!HoldsTime(findings[i])) continue;
    numbers.push_back(i);
    costs.push_back(*findings[i].cost);
  }
  Claims claims = ShareClaims(ledger, costs);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Finding& finding = findings[numbers[i]];
    if (claims.costs[i].inside) finding.inside = findings[numbers[*claims.costs[i].inside]].id;
    finding.claim = std::move(claims.costs[i]);
  }
  return std::move(claims.unexplained);
}

Diagnosis Diagnose(const rules::RuleSet& rules, const model::JobModel& model, PhaseTimes* times,
                   const rules::MatchOptions& options) {
  PhaseTimes unread;
  PhaseTimes& phases = times != nullptr ? *times : unread;
  Diagnosis diagnosis;
  {
    const PhaseTimer timer(phases, "match");
    diagnosis.matches = rules::MatchAll(rules, model, options);
  }
  const PhaseTimer timer(phases, "findings");
  std::vector<Finding> findings = FromMatches(rules, diagnosis.matches, model);
  // Several symptoms describe one cause: fold before ranking, so that a cause is ranked once.
  findings = Merge(std::move(findings));
  diagnosis.findings = Rank(std::move(findings), ContextOf(model));
  diagnosis.unexplained = ShareLedger(model.ledger, diagnosis.findings);
  return diagnosis;
}

}  // namespace advise::diagnose
