// advise lint [--rules FILE|DIR]… LOG…: the quality of rules, measured on benchmark logs.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/benchmark_logs.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "support/clean_text.h"
#include "support/quoted.h"
#include "support/read_file.h"
#include "workbench/lint_output.h"

namespace advise::cli {
namespace {

constexpr std::size_t kBaselineBytes = std::size_t{16} << 20;  // a rule file may have as many

struct LintOptions {
  RuleOptions rules;
  BenchmarkOptions logs;
  std::string format = "text";
  std::string output;
  std::string baseline;
  bool write_baseline = false;
  bool strict = false;
  bool all = false;
};

// The rules of the packs that are named; of none, all.
std::vector<bool> WantedRules(const rules::RuleSet& set) {
  const bool own = std::ranges::any_of(set.packs, [](const rules::PackInfo& pack) { return !pack.built_in; });
  std::vector<bool> wanted;
  for (const rules::BoundRule& rule : set.rules) {
    const auto pack = std::ranges::find(set.packs, rule.pack, &rules::PackInfo::name);
    wanted.push_back(!own || (pack != set.packs.end() && !pack->built_in));
  }
  return wanted;
}

std::string Format(const workbench::LintReport& report, const std::string& format) {
  std::ostringstream text;
  if (format == "json") {
    WriteLintJson(report, text);
  } else if (format == "sarif") {
    WriteLintSarif(report, text);
  } else if (format == "github") {
    WriteLintGithub(report, text);
  } else {
    WriteLintText(report, text);
  }
  // Texts of rules and names of logs are printed as they are written, but for what a terminal could obey.
  const bool plain = format == "text" || format == "github";
  return plain ? PrintableText(text.str(), LineEnds::Keep) : text.str();
}

// false: it cannot be read (printed).
bool UseBaseline(const LintOptions& options, workbench::LintReport& report) {
  if (options.baseline.empty() || options.write_baseline) return true;
  const SmallFile file = ReadSmallFile(options.baseline, std::filesystem::path(), kBaselineBytes);
  if (!file.text) {
    PrintError({DiagnosticCode::Usage, "the baseline " + Quoted(options.baseline) + " " + std::string(file.why),
                "write it with `--baseline FILE --write-baseline`"},
               When::Auto);
    return false;
  }
  report.stale = workbench::ApplyBaseline(*file.text, report.problems);
  return true;
}

}  // namespace

int RunLint(const std::vector<std::string>& arguments) {
  CLI::App app(
      "The quality of rules, measured on logs: what is silent, noisy, on edge, said twice, contradictory, "
      "unreadable, untested, or wrong after labels.",
      "advise lint");
  LintOptions o;
  bool alone = false;
  std::vector<std::string> settings;
  app.add_option("log", o.logs.paths, "event logs: files and folders")->required();
  app.add_option("--rules", o.rules.paths, "rule file or pack folder to judge (repeatable); none: the built-in packs")
      ->allow_extra_args(false);
  app.add_flag("--no-default-rules", alone, "without the built-in packs");
  app.add_option("--set", settings, "PARAM=VALUE: a parameter of the rules (repeatable)")->allow_extra_args(false);
  app.add_option("--labels", o.logs.labels,
                 "labels of the logs below the one folder named; else its expected.yaml files")
      ->check(CLI::ExistingFile);
  app.add_flag("--all", o.all, "every rule and note, not only the rules with problems");
  app.add_flag("--strict", o.strict, "status 1 if there is a problem");
  app.add_option("--baseline", o.baseline, "file of problems that are known: only new ones count");
  app.add_flag("--write-baseline", o.write_baseline, "write that file: all problems of now are known");
  app.add_option("--format", o.format, "text, json, sarif, or github (annotations)")
      ->check(CLI::IsMember({"text", "json", "sarif", "github"}))
      ->capture_default_str();
  app.add_option("-o,--output", o.output, "write to this file");
  app.add_option("--threads", o.logs.threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  if (o.write_baseline && o.baseline.empty()) {
    PrintError({DiagnosticCode::Usage, "--write-baseline needs --baseline FILE", ""}, When::Auto);
    return kBadInput;
  }
  o.rules.default_packs = !alone;
  o.rules.tests = true;
  for (const std::string& setting : settings) {
    const auto parsed = rules::ParseParamSetting(setting);
    if (!parsed) {
      PrintError({DiagnosticCode::Usage, "--set " + Quoted(setting) + " is not PARAM=VALUE", ""}, When::Auto);
      return kBadInput;
    }
    o.rules.parameters.push_back(*parsed);
  }

  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rulebook> book = Compile(o.rules, sources, diagnostics, times);
  BenchmarkLogs logs(o.logs);
  if (!logs.ReadLabels(diagnostics)) return kNoLog;
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!book) {
    PrintError(book.error(), When::Auto);
    return book.error().code == DiagnosticCode::NoRules ? kFound : kBadInput;
  }
  Output output(o.output, When::Auto);
  for (const std::string& path : o.rules.paths) {
    if (!output.Protect(path)) return kBadInput;
  }
  if (!logs.Protect(output)) return kBadInput;
  workbench::LintStudy study(*book, sources, WantedRules(book->rules));
  const ReadingResult reading =
      logs.ForEach(output, times, [&](const RunLog& log, const std::string& job, const workbench::LogLabels* labels) {
        study.Add(log, job, labels, times);
      });
  if (reading.read == 0) return reading.Failure();
  const workbench::LintFacts facts = study.Finish();
  workbench::LintReport report{&facts, workbench::FindProblems(facts), {}, o.all};
  if (!UseBaseline(o, report)) return kBadInput;
  if (o.write_baseline) {
    Output file(o.baseline, When::Auto);
    if (!file.Write(workbench::WriteBaseline(report.problems)) || !file.Finish()) return kBadInput;
    for (workbench::LintProblem& problem : report.problems) problem.known = !problem.note;
  }
  if (!output.Write(Format(report, o.format)) || !output.Finish()) return kBadInput;
  // Rules that do not compile are problems of the rules, whatever is asked for.
  if (diagnostics.CountErrors() > 0) return kFound;
  const bool any = std::ranges::any_of(report.problems, &workbench::LintProblem::counts);
  return o.strict && any ? kFound : kDone;
}

}  // namespace advise::cli
