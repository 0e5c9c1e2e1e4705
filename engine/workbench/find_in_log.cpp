// Diagnosis → what labels are compared with.
#include "workbench/find_in_log.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "diagnose/from_matches.h"
#include "diagnose/nearest.h"

namespace advise::workbench {
namespace {

// `findings` in the order of the diagnosis.
void AddAdvices(const std::vector<recommend::Recommendation>& recommendations, std::vector<FoundFinding>& findings) {
  for (const recommend::Recommendation& advice : recommendations) {
    if (!advice.chosen) continue;
    for (const std::size_t index : advice.for_findings) {
      FoundFinding& finding = findings[index];
      finding.advices.push_back(advice.rule);
      for (const recommend::Change& change : advice.changes)
        finding.changes.push_back({std::string(Word(change.kind)), change.key});
    }
  }
}

std::vector<Silence> WhySilent(const model::JobModel& model, const rules::RuleSet& rules,
                               const rules::MatchResults& matches) {
  std::vector<Silence> silent;
  for (const diagnose::NotEvaluated& group : diagnose::CoverageOf(rules, matches).not_evaluated) {
    for (const std::string& rule : group.rules) silent.push_back({rule, "not evaluated: " + group.because});
  }
  for (const diagnose::NearMiss& miss : diagnose::NearestMisses(rules, matches, model, {rules.rules.size(), 0, true})) {
    silent.push_back({miss.rule, "`" + miss.condition + "`: " + miss.value + ", limit " + miss.limit +
                                     (miss.subject.empty() ? "" : " (" + miss.subject + ")")});
  }
  return silent;
}

}  // namespace

FoundInLog DescribeDiagnosis(const model::JobModel& model, const rules::RuleSet& rules, const Diagnosis& diagnosis,
                             bool reasons) {
  FoundInLog found;
  if (model.app.duration.Has(0)) found.duration_ms = model.app.duration.Get(0);
  found.findings = DescribeFindings(model, diagnosis.findings);
  AddAdvices(diagnosis.recommendations, found.findings);
  if (reasons) found.silent = WhySilent(model, rules, diagnosis.matches);
  return found;
}

FoundInLog FindInLog(const model::JobModel& model, const rules::RuleSet& rules, bool reasons, PhaseTimes& times) {
  Diagnosis diagnosis = Diagnose(model, rules, times);
  Plan(model, diagnosis, {}, times);  // severities and their order rest on it
  return DescribeDiagnosis(model, rules, diagnosis, reasons);
}

Result<std::vector<CurvePoint>> DetectionCurve(const std::string& path, const rules::RuleSet& rules,
                                               const Mutation& mutation, const ingest::IngestOptions& options,
                                               PhaseTimes& times) {
  ADVISE_TRY(const std::vector<ingest::LogInput> logs, ingest::FindLogs(path, options.limits));
  ADVISE_TRY(const std::string text, ingest::ReadText(logs.front(), options.limits));
  const auto find_in = [&](std::string_view events) -> Result<FoundInLog> {
    ADVISE_TRY(const ingest::Ingested run, ingest::IngestText(events, path, options));
    return FindInLog(run.model, rules, false, times);
  };
  ADVISE_TRY(const FoundInLog healthy, find_in(text));
  std::vector<CurvePoint> curve;
  for (const double level : mutation.levels) {
    const std::optional<std::string> mutated = Mutate(text, mutation, level);
    if (!mutated) return std::vector<CurvePoint>();
    ADVISE_TRY(const FoundInLog faulty, find_in(*mutated));
    curve.push_back(Notice(healthy, faulty, mutation, level));
  }
  return curve;
}

}  // namespace advise::workbench
