// Lint for machines: JSON of all facts, SARIF, and annotations of GitHub.
#include <algorithm>
#include <string>
#include <string_view>

#include "support/json_stream.h"
#include "support/version.h"
#include "workbench/annotations.h"
#include "workbench/lint_output.h"

namespace advise::workbench {
namespace {

void WriteShare(JsonStream& json, std::string_view key, const Share& share) {
  json.Key(key);
  if (share.of == 0) return json.Null();
  const auto thousandths = [](double value) { return static_cast<std::int64_t>(value * 1000 + 0.5); };
  json.BeginObject();
  json.Count("hits", share.hits);
  json.Count("of", share.of);
  json.Integer("low_permille", thousandths(share.low()));
  json.Integer("high_permille", thousandths(share.high()));
  json.EndObject();
}

void WritePlace(JsonStream& json, const RulePlace& place) {
  json.String("file", place.file);
  json.Count("line", place.line);
}

void WriteRule(JsonStream& json, const LintRule& rule) {
  json.BeginObject();
  json.String("rule", rule.rule);
  json.String("layer", Word(rule.layer));
  WritePlace(json, rule.place);
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

// A path as the reference of a URI.
std::string UriOf(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += '%';
      uri += kHex[byte >> 4U];
      uri += kHex[byte & 15U];
    }
  }
  return uri;
}

void WriteText(JsonStream& json, std::string_view key, std::string_view text) {
  json.BeginObject(key);
  json.String("text", text);
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
  WriteText(json, "message",
            problem.rule + " " + problem.message + (problem.help.empty() ? "" : ". To do: " + problem.help));
  json.BeginArray("locations");
  json.BeginObject();
  json.BeginObject("physicalLocation");
  json.BeginObject("artifactLocation");
  json.String("uri", UriOf(problem.place.file));
  json.EndObject();
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
    json.BeginObject(JsonLayout::LinePerMember);
    json.String("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json.String("version", "2.1.0");
    json.BeginArray("runs");
    json.BeginObject(JsonLayout::LinePerMember);
    json.BeginObject("tool");
    json.BeginObject("driver", JsonLayout::LinePerMember);
    json.String("name", "advise lint");
    json.String("version", kVersion);
    json.BeginArray("rules", JsonLayout::LinePerMember);
    for (const std::string_view code : LintCodes()) {
      json.BeginObject();
      json.String("id", code);
      WriteText(json, "shortDescription", LintCodeText(code));
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    json.EndObject();
    json.BeginArray("results", JsonLayout::LinePerMember);
    for (const LintProblem& problem : report.problems) WriteResult(json, problem);
    json.EndArray();
    json.EndObject();
    json.EndArray();
    json.EndObject();
  }
  out << '\n';
}

void WriteLintGithub(const LintReport& report, std::ostream& out) {
  for (const LintProblem& problem : report.problems) {
    if (!problem.counts() && !(report.all && problem.note)) continue;
    out << Annotation(problem.note ? "notice" : "warning", problem.place.file, problem.place.line,
                      "advise lint: " + problem.code,
                      problem.rule + " " + problem.message + (problem.help.empty() ? "" : "\n" + problem.help));
  }
}

}  // namespace advise::workbench
