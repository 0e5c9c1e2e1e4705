// advise test [--rules FILE|DIR]… [PACK]…: runs the tests of rule packs.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <sstream>

#include "cli/commands/test_from.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "support/clean_text.h"
#include "support/json_stream.h"
#include "workbench/test_packs.h"

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

void PrintJson(const std::vector<TestResult>& results, const std::vector<Tally>& tallies) {
  {
    JsonStream json(std::cout);
    json.BeginObject(JsonLayout::LinePerMember);
    WriteAdviseMember(json);
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
    json.EndObject();
  }
  std::cout << '\n';
}

}  // namespace

int RunTest(const std::vector<std::string>& arguments) {
  CLI::App app("Run the tests of rule packs.", "advise test");
  RuleOptions options;
  std::vector<std::string> packs;
  std::string format = "text";
  bool alone = false;
  bool fail_on_empty = false;
  app.add_option("pack", packs, "packs to test; none: those of --rules, or the built-in ones");
  app.add_option("--rules", options.paths, "rule file or pack folder (repeatable)")->allow_extra_args(false);
  app.add_flag("--no-default-rules", alone, "without the built-in packs");
  app.add_flag("--fail-on-empty", fail_on_empty, "status 1 if there is no test");
  TestFromOptions from;
  app.add_option("--from", from.log, "write a test from this event log: with --finding");
  app.add_option("--finding", from.finding, "number of a finding in the report, or a rule: 'skewed_join(12, _)'");
  app.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  options.default_packs = !alone;
  if (!from.log.empty() || !from.finding.empty()) return WriteTestFrom(from, options);
  options.tests = true;

  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rulebook> book = Compile(options, sources, diagnostics, times);
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!book) {
    PrintError(book.error(), When::Auto);
    return kBadInput;
  }
  const auto results = workbench::TestPacks(book->rules, packs, sources, ingest::IngestOptions());
  if (!results) {
    PrintError(results.error(), When::Auto);
    return kBadInput;
  }
  const std::vector<Tally> tallies = TallyOf(*results);
  if (format == "json") {
    PrintJson(*results, tallies);
  } else {
    PrintText(*results, tallies);
    if (tallies.empty()) std::cout << "no tests\n";
  }
  std::cout.flush();
  const bool failed = std::ranges::any_of(tallies, [](const Tally& tally) { return tally.failed > 0; });
  return failed || (fail_on_empty && results->empty()) ? kFound : kDone;
}

}  // namespace advise::cli
