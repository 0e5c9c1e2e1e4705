// advise diff-rules OLD NEW LOG…: what another version of a pack finds differently on benchmark logs.
#include <CLI/CLI.hpp>
#include <sstream>

#include "cli/benchmark_logs.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "support/clean_text.h"
#include "workbench/rules_diff.h"

namespace advise::cli {
namespace {

// One version, compiled. The sources live with it.
struct Version {
  SourceManager sources;
  Diagnostics diagnostics;
  std::optional<Rulebook> book;
};

// false: nothing of it compiles (printed).
bool CompileVersion(const std::string& path, const std::vector<std::string>& others, bool alone, Version& version) {
  RuleOptions options;
  options.paths = others;
  options.paths.push_back(path);
  options.default_packs = !alone;
  options.tests = true;  // their texts count
  PhaseTimes times;
  Result<Rulebook> book = Compile(options, version.sources, version.diagnostics, times);
  PrintDiagnostics(version.sources, version.diagnostics, When::Auto);
  if (!book) {
    PrintError(book.error(), When::Auto);
    return false;
  }
  version.book = std::move(*book);
  return true;
}

}  // namespace

int RunDiffRules(const std::vector<std::string>& arguments) {
  CLI::App app(
      "What another version of a rule file or pack finds differently on these logs, and which step of its "
      "version that asks for.",
      "advise diff-rules");
  std::string old_path;
  std::string new_path;
  std::vector<std::string> others;
  BenchmarkOptions benchmark;
  std::string format = "text";
  std::string output_path;
  bool alone = false;
  bool all = false;
  bool strict = false;
  app.add_option("old", old_path, "rule file or pack folder")->required();
  app.add_option("new", new_path, "the same, as it is to be")->required();
  app.add_option("log", benchmark.paths, "event logs: files and folders")->required();
  app.add_option("--rules", others, "rule file or pack folder that both versions use (repeatable)")
      ->allow_extra_args(false);
  app.add_flag("--no-default-rules", alone, "without the built-in packs");
  app.add_option("--labels", benchmark.labels,
                 "labels of the logs below the one folder named; else its expected.yaml files")
      ->check(CLI::ExistingFile);
  app.add_flag("--all", all, "every finding that differs");
  app.add_flag("--strict", strict,
               "status 1 if the version that the pack declares is not stepped as far as its changes ask");
  app.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  app.add_option("-o,--output", output_path, "write to this file");
  app.add_option("--threads", benchmark.threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;

  Version before;
  Version after;
  if (!CompileVersion(old_path, others, alone, before) || !CompileVersion(new_path, others, alone, after))
    return kBadInput;
  Diagnostics diagnostics;
  BenchmarkLogs logs(benchmark);
  if (!logs.ReadLabels(diagnostics)) return kNoLog;
  PrintDiagnostics(SourceManager(), diagnostics, When::Auto);
  Output output(output_path, When::Auto);
  for (const std::string& path : {old_path, new_path}) {
    if (!output.Protect(path)) return kBadInput;
  }
  if (!logs.Protect(output)) return kBadInput;
  PhaseTimes times;
  workbench::RulesDiffStudy study({&*before.book, &before.sources, old_path}, {&*after.book, &after.sources, new_path});
  const ReadingResult reading =
      logs.ForEach(output, times, [&](const RunLog& log, const std::string& job, const workbench::LogLabels* labels) {
        study.Add(log, job, labels, times);
      });
  if (reading.read == 0) return reading.Failure();
  const workbench::RulesDiff diff = study.Finish();
  std::ostringstream text;
  if (format == "json") {
    WriteRulesDiffJson(diff, text);
  } else {
    WriteRulesDiffText(diff, all, text);
  }
  const std::string printed = format == "json" ? text.str() : PrintableText(text.str(), LineEnds::Keep);
  if (!output.Write(printed) || !output.Finish()) return kBadInput;
  if (before.diagnostics.CountErrors() + after.diagnostics.CountErrors() + diagnostics.CountErrors() > 0)
    return kBadInput;
  return strict && !diff.fits() ? kFound : kDone;
}

}  // namespace advise::cli
