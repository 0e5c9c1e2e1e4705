// What the tests of a pack leave open, place by place.
#include "workbench/test_quality_output.h"

#include <cmath>
#include <string>

#include "support/format.h"

namespace advise::workbench {
namespace {

std::string Part(std::size_t some, std::size_t all) {
  if (all == 0) return "none";
  return FormatCount(static_cast<std::int64_t>(some)) + " of " + FormatCount(static_cast<std::int64_t>(all)) + " (" +
         FormatShare(static_cast<double>(some) / static_cast<double>(all)) + ")";
}

std::string_view What(const CoveredCondition& condition) {
  if (condition.seen_true) return "never false";
  return condition.seen_false ? "never true" : "never asked";
}

}  // namespace

void WriteCoverageText(const Coverage& coverage, std::ostream& out) {
  for (const CoveredCondition& condition : coverage.conditions) {
    if (condition.covered()) continue;
    out << condition.file << ':' << condition.line << ": " << condition.rule << ": " << What(condition) << ": `"
        << condition.text << "`\n";
  }
  out << "conditions that the tests saw true and false: " << Part(coverage.covered, coverage.conditions.size()) << '\n';
}

void WriteMutantsText(const Mutants& mutants, std::ostream& out) {
  for (const RuleMutant& mutant : mutants.mutants) {
    if (!mutant.killed_by.empty()) continue;
    out << mutant.file << ':' << mutant.line << ": " << mutant.rule << ": no test notices " << mutant.change << '\n';
  }
  if (mutants.failing_tests > 0) {
    out << mutants.failing_tests << (mutants.failing_tests == 1 ? " test fails" : " tests fail")
        << " as the rules are and can notice nothing\n";
  }
  out << "changes of a rule that the tests notice: " << Part(mutants.killed, mutants.mutants.size()) << '\n';
}

void WriteCoverageJson(const Coverage& coverage, JsonStream& json) {
  json.BeginObject("coverage", JsonLayout::LinePerMember);
  json.Count("conditions", coverage.conditions.size());
  json.Count("covered", coverage.covered);
  json.BeginArray("open", JsonLayout::LinePerMember);
  for (const CoveredCondition& condition : coverage.conditions) {
    if (condition.covered()) continue;
    json.BeginObject();
    json.String("rule", condition.rule);
    json.String("file", condition.file);
    json.Count("line", condition.line);
    json.String("condition", condition.text);
    json.Bool("seen_true", condition.seen_true);
    json.Bool("seen_false", condition.seen_false);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WriteMutantsJson(const Mutants& mutants, JsonStream& json) {
  json.BeginObject("mutants", JsonLayout::LinePerMember);
  json.Count("all", mutants.mutants.size());
  json.Count("killed", mutants.killed);
  json.Count("failing_tests", mutants.failing_tests);
  json.BeginArray("changes", JsonLayout::LinePerMember);
  for (const RuleMutant& mutant : mutants.mutants) {
    json.BeginObject();
    json.String("rule", mutant.rule);
    json.String("file", mutant.file);
    json.Count("line", mutant.line);
    json.String("change", mutant.change);
    json.StringOrNull("killed_by", mutant.killed_by);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

}  // namespace advise::workbench
