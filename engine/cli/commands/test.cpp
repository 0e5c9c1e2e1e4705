// advise test [--rules FILE|DIR]… [PACK]…: runs the tests of rule packs, and says what they leave open.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <optional>
#include <sstream>

#include "cli/commands/test_from.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "support/annotations.h"
#include "support/clean_text.h"
#include "support/diagnostic_export.h"
#include "support/json_stream.h"
#include "workbench/test_packs.h"
#include "workbench/test_quality_output.h"

namespace advise::cli {
namespace {

using workbench::TestFailure;
using workbench::TestResult;

// One pack's tests in numbers.
struct Tally {
  std::string pack;
  std::size_t tests = 0;
  std::size_t failed = 0;
  std::size_t unchecked = 0;
};

std::vector<Tally> TallyOf(const std::vector<TestResult>& results) {
  std::vector<Tally> tallies;
  for (const TestResult& result : results) {
    auto tally = std::ranges::find(tallies, result.pack, &Tally::pack);
    if (tally == tallies.end()) tally = tallies.insert(tally, Tally{result.pack, 0, 0, 0});
    ++tally->tests;
    if (!result.failures.empty()) ++tally->failed;
    tally->unchecked += result.unchecked;
  }
  return tallies;
}

// Names and texts of rule files are printed as they are written, but for what a terminal could obey.
void PrintText(const std::vector<TestResult>& results, const std::vector<Tally>& tallies) {
  std::ostringstream out;
  for (const TestResult& result : results) {
    for (const TestFailure& failure : result.failures) {
      out << failure.file << ':' << failure.line << ": \"" << result.name << "\": expected " << failure.expected
          << ", found " << failure.found << (failure.reason.empty() ? "" : ": ") << failure.reason << '\n';
    }
  }
  for (const Tally& tally : tallies) {
    out << tally.tests << (tally.tests == 1 ? " test of " : " tests of ") << tally.pack << ": "
        << tally.tests - tally.failed << " passed, " << tally.failed << " failed";
    if (tally.unchecked > 0) {
      out << "; " << tally.unchecked << (tally.unchecked == 1 ? " saving" : " savings")
          << " not checked: savings come with the cost model";
    }
    out << '\n';
  }
  std::cout << PrintableText(out.str(), LineEnds::Keep);
}

// For a pull request: what failed, at its line.
void PrintGithub(const std::vector<TestResult>& results, const Diagnostics& diagnostics, const SourceManager& sources) {
  std::ostringstream problems;
  WriteGitHubAnnotations(sources, diagnostics, problems);
  std::string text = problems.str();
  for (const TestResult& result : results) {
    for (const TestFailure& failure : result.failures) {
      text += Annotation("error", {failure.file, failure.line}, "advise test: " + result.name,
                         "expected " + failure.expected + ", found " + failure.found +
                             (failure.reason.empty() ? "" : ": " + failure.reason));
    }
  }
  std::cout << PrintableText(text, LineEnds::Keep);
}

void WriteFailure(JsonStream& json, const TestFailure& failure) {
  json.BeginObject();
  json.Count("line", failure.line);
  json.String("expected", failure.expected);
  json.String("found", failure.found);
  json.String("reason", failure.reason);
  json.EndObject();
}

void WriteResult(JsonStream& json, const TestResult& result) {
  json.BeginObject();
  json.String("pack", result.pack);
  json.String("name", result.name);
  json.String("file", result.file);
  json.Count("line", result.line);
  json.Bool("passed", result.failures.empty());
  json.Count("not_checked", result.unchecked);
  json.BeginArray("failures");
  for (const TestFailure& failure : result.failures) WriteFailure(json, failure);
  json.EndArray();
  json.EndObject();
}

// What `--cover` and `--mutate` add; null: not asked for.
struct Quality {
  std::optional<workbench::Coverage> coverage;
  std::optional<workbench::Mutants> mutants;
};

void PrintJson(const std::vector<TestResult>& results, const std::vector<Tally>& tallies, std::size_t problems,
               const Quality& quality) {
  {
    JsonStream json(std::cout);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
    json.Count("problems", problems);
    json.BeginArray("packs", JsonLayout::LinePerMember);
    for (const Tally& tally : tallies) {
      json.BeginObject();
      json.String("pack", tally.pack);
      json.Count("tests", tally.tests);
      json.Count("passed", tally.tests - tally.failed);
      json.Count("failed", tally.failed);
      json.Count("not_checked", tally.unchecked);
      json.EndObject();
    }
    json.EndArray();
    json.BeginArray("tests", JsonLayout::LinePerMember);
    for (const TestResult& result : results) WriteResult(json, result);
    json.EndArray();
    if (quality.coverage) WriteCoverageJson(*quality.coverage, json);
    if (quality.mutants) WriteMutantsJson(*quality.mutants, json);
    json.EndObject();
  }
  std::cout << '\n';
}

void PrintQuality(const Quality& quality) {
  std::ostringstream out;
  if (quality.coverage) WriteCoverageText(*quality.coverage, out);
  if (quality.mutants) WriteMutantsText(*quality.mutants, out);
  std::cout << PrintableText(out.str(), LineEnds::Keep);
}

// `95` and `95%` are one.
std::string ReadPercent(std::string& text) {
  if (text.ends_with('%')) text.pop_back();
  return CLI::Range(0.0, 100.0)(text);
}

// Whether `some` of `all` are less than the per cent that are wanted.
bool Below(std::size_t some, std::size_t all, double percent) {
  return static_cast<double>(some) * 100 < percent * static_cast<double>(all);
}

}  // namespace

int RunTest(const std::vector<std::string>& arguments) {
  CLI::App app("Run the tests of rule packs. Problems in the rule files and tests that fail give status 1.",
               "advise test");
  RuleOptions options;
  std::vector<std::string> packs;
  std::string format = "text";
  bool alone = false;
  bool fail_on_empty = false;
  bool cover = false;
  bool mutate = false;
  double min_covered = 0;
  double min_killed = 0;
  app.add_option("pack", packs, "packs to test; none: those of --rules, or the built-in ones");
  app.add_option("--rules", options.paths, "rule file or pack folder (repeatable)")->allow_extra_args(false);
  app.add_flag("--no-default-rules", alone, "without the built-in packs");
  app.add_flag("--fail-on-empty", fail_on_empty, "status 1 if there is no test");
  app.add_flag("--cover", cover, "also list the conditions that no test sees true, or none sees false");
  app.add_flag("--mutate", mutate,
               "also halve and double each threshold and leave out each condition, and list what no test notices");
  const CLI::Validator percent(ReadPercent, "PERCENT");
  app.add_option("--min-covered", min_covered, "status 1 if fewer conditions are covered (with --cover)")
      ->transform(percent);
  app.add_option("--min-killed", min_killed, "status 1 if fewer changes are noticed (with --mutate)")
      ->transform(percent);
  TestFromOptions from;
  app.add_option("--from", from.log, "write a test from this event log: with --finding");
  app.add_option("--finding", from.finding, "number of a finding in the report, or a rule: 'skewed_join(12, _)'");
  app.add_option("--format", format, "text, json, or github (annotations of what failed)")
      ->check(CLI::IsMember({"text", "json", "github"}))
      ->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  options.default_packs = !alone;
  if (!from.log.empty() || !from.finding.empty()) return WriteTestFrom(from, options);
  options.tests = true;

  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  Result<Rulebook> book = Compile(options, sources, diagnostics, times);
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!book) {
    PrintError(book.error(), When::Auto);
    // As `advise check`: a file of which nothing is left is a problem of the file.
    return book.error().code == DiagnosticCode::NoRules ? kFound : kBadInput;
  }
  const auto choice = workbench::ChooseTests(book->rules, packs, ingest::IngestOptions());
  if (!choice) {
    PrintError(choice.error(), When::Auto);
    return kBadInput;
  }
  const std::vector<TestResult> results = workbench::TestPacks(book->rules, *choice, sources);
  const std::vector<Tally> tallies = TallyOf(results);
  const std::size_t problems = diagnostics.CountErrors();
  Quality quality;
  if (cover) quality.coverage = workbench::CoverTests(book->rules, *choice, sources);
  if (mutate) quality.mutants = workbench::MutateRules(book->rules, *choice, sources);
  if (format == "json") {
    PrintJson(results, tallies, problems, quality);
  } else if (format == "github") {
    PrintGithub(results, diagnostics, sources);
  } else {
    PrintText(results, tallies);
    if (tallies.empty()) std::cout << "no tests\n";
    PrintQuality(quality);
    if (problems > 0) {
      std::cout << problems << (problems == 1 ? " problem" : " problems")
                << " in the rule files: what has one was left out\n";
    }
  }
  std::cout.flush();
  bool failed = problems > 0 || (fail_on_empty && results.empty()) ||
                std::ranges::any_of(tallies, [](const Tally& tally) { return tally.failed > 0; });
  if (quality.coverage)
    failed = failed || Below(quality.coverage->covered, quality.coverage->conditions.size(), min_covered);
  if (quality.mutants) failed = failed || Below(quality.mutants->killed, quality.mutants->mutants.size(), min_killed);
  return failed ? kFound : kDone;
}

}  // namespace advise::cli
