// Lint for machines: JSON of all facts, SARIF, and annotations of GitHub.
#include <algorithm>
#include <string>
#include <string_view>

#include "support/annotations.h"
#include "support/json_stream.h"
#include "support/sarif.h"
#include "workbench/lint_output.h"
#include "workbench/share_output.h"

namespace advise::workbench {
namespace {

void WritePlace(JsonStream& json, const RulePlace& place) {
  json.String("file", place.file);
  json.Count("line", place.line);
}

void WriteRule(JsonStream& json, const LintRule& rule) {
  json.BeginObject();
  json.String("rule", rule.rule);
  json.String("layer", Word(rule.layer));
  WritePlace(json, rule.place);
  json.String("fingerprint", rule.fingerprint);
  json.Count("applicable_logs", rule.applicable);
  json.Count("fired_logs", rule.fired);
  json.Count("shown_logs", rule.shown);
  json.Count("findings", rule.findings);
  json.Count("undecided_logs", rule.not_evaluated);
  json.BeginArray("missing");
  for (const auto& [name, missing] : rule.missing) {
    json.BeginObject();
    json.String("input", name);
    json.Count("logs", missing.logs);
    json.String("why", missing.why);
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("conditions");
  for (const LintCondition& condition : rule.funnel) {
    json.BeginObject();
    json.String("condition", condition.text);
    json.Count("line", condition.place.line);
    json.Count("reached", condition.reached);
    json.Count("passed", condition.passed);
    json.Count("unknown", condition.unknown);
    json.Count("alone", condition.alone);
    json.EndObject();
  }
  json.EndArray();
  json.Count("logs_not_counted", rule.not_counted);
  json.BeginArray("edges");
  for (const LintEdge& edge : rule.edges) {
    json.BeginObject();
    json.String("condition", edge.text);
    WritePlace(json, edge.place);
    json.Count("lost", edge.lost);
    json.Count("gained", edge.gained);
    json.EndObject();
  }
  json.EndArray();
  json.Count("steps", rule.steps);
  json.Count("firing_tests", rule.firing_tests);
  json.Count("silent_tests", rule.silent_tests);
  json.Real("confidence_low", rule.confidence_low);
  json.Real("confidence_high", rule.confidence_high);
  WriteShare(json, "precision", rule.score.precision);
  WriteShare(json, "recall", rule.score.recall);
  json.EndObject();
}

void WriteProblem(JsonStream& json, const LintProblem& problem) {
  json.BeginObject();
  json.String("code", problem.code);
  json.String("level", problem.note ? "note" : "warning");
  json.String("rule", problem.rule);
  WritePlace(json, problem.place);
  json.StringOrNull("about", problem.about);
  json.String("message", problem.message);
  json.StringOrNull("help", problem.help);
  json.StringOrNull("log", problem.log);
  json.StringOrNull("allowed", problem.allowed);
  json.Bool("known", problem.known);
  json.EndObject();
}

void WriteSuppression(JsonStream& json, std::string_view kind, std::string_view reason) {
  json.BeginArray("suppressions");
  json.BeginObject();
  json.String("kind", kind);
  json.String("justification", reason);
  json.EndObject();
  json.EndArray();
}

void WriteResult(JsonStream& json, const LintProblem& problem) {
  json.BeginObject();
  json.String("ruleId", problem.code);
  json.String("level", problem.note ? "note" : "warning");
  SarifText(json, "message",
            problem.rule + " " + problem.message + (problem.help.empty() ? "" : ". To do: " + problem.help));
  json.BeginArray("locations");
  json.BeginObject();
  json.BeginObject("physicalLocation");
  SarifArtifact(json, problem.place.file);
  json.BeginObject("region");
  json.Count("startLine", std::max<std::uint32_t>(problem.place.line, 1));
  json.EndObject();
  json.EndObject();
  json.EndObject();
  json.EndArray();
  json.BeginObject("partialFingerprints");
  json.String("problem/v1", problem.Key());
  json.EndObject();
  if (!problem.allowed.empty()) {
    WriteSuppression(json, "inSource", problem.allowed);
  } else if (problem.known) {
    WriteSuppression(json, "external", "it is in the baseline");
  }
  json.EndObject();
}

}  // namespace

void WriteLintJson(const LintReport& report, std::ostream& out) {
  {
    JsonStream json(out);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
    json.Count("logs", report.facts->logs);
    json.Count("labelled_logs", report.facts->labelled);
    json.Count("held_out_logs", report.facts->held_out);
    json.Count("steps", report.facts->steps);
    json.BeginArray("rules", JsonLayout::LinePerMember);
    for (const LintRule& rule : report.facts->rules) WriteRule(json, rule);
    json.EndArray();
    json.BeginArray("problems", JsonLayout::LinePerMember);
    for (const LintProblem& problem : report.problems) WriteProblem(json, problem);
    json.EndArray();
    json.Strings("stale_baseline", report.stale);
    json.EndObject();
  }
  out << '\n';
}

void WriteLintSarif(const LintReport& report, std::ostream& out) {
  {
    JsonStream json(out);
    std::vector<SarifRule> codes;
    for (const std::string_view code : LintCodes()) codes.push_back({code, LintCodeText(code)});
    BeginSarif(json, "advise lint", codes);
    for (const LintProblem& problem : report.problems) WriteResult(json, problem);
    EndSarif(json);
  }
  out << '\n';
}

void WriteLintGithub(const LintReport& report, std::ostream& out) {
  for (const LintProblem& problem : report.problems) {
    if (!problem.counts() && !(report.all && problem.note)) continue;
    out << Annotation(problem.note ? "notice" : "warning", {problem.place.file, problem.place.line},
                      "advise lint: " + problem.code,
                      problem.rule + " " + problem.message + (problem.help.empty() ? "" : "\n" + problem.help));
  }
}

}  // namespace advise::workbench
