// advise tune PARAM LOG…: what a parameter of the rules decides, over its values, on benchmark logs.
#include <CLI/CLI.hpp>
#include <sstream>

#include "cli/benchmark_logs.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "support/clean_text.h"
#include "support/quoted.h"
#include "workbench/tune.h"

namespace advise::cli {
namespace {

// The numbers of values as a rule would write them: each is compiled as `--set PARAM=VALUE` is. nullopt: one is wrong
// (printed).
std::optional<std::vector<double>> ReadValues(const RuleOptions& options, const std::string& param,
                                              std::uint32_t number, const std::vector<std::string>& texts) {
  std::vector<double> values;
  for (const std::string& text : texts) {
    RuleOptions with = options;
    with.parameters.push_back({param, text});
    PhaseTimes times;
    SourceManager sources;
    Diagnostics diagnostics;
    const Result<Rulebook> book = Compile(with, sources, diagnostics, times);
    if (!book || diagnostics.CountErrors() > 0) {
      PrintDiagnostics(sources, diagnostics, When::Auto);
      return std::nullopt;
    }
    values.push_back(book->rules.params[number].value.number);
  }
  return values;
}

}  // namespace

int RunTune(const std::vector<std::string>& arguments) {
  CLI::App app(
      "How many findings the rules have on these logs for each value of a parameter, and where that hardly changes.",
      "advise tune");
  RuleOptions options;
  BenchmarkOptions benchmark;
  std::string param;
  std::vector<std::string> texts;
  std::string format = "text";
  std::string output_path;
  bool alone = false;
  app.add_option("param", param, "parameter: skew_ratio, spark.core.skew_ratio")->required();
  app.add_option("log", benchmark.paths, "event logs: files and folders")->required();
  app.add_option("--values", texts,
                 "values to try, as rules write them (3,4,5 or 64MiB,128MiB); none: around the one in force")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--rules", options.paths, "rule file or pack folder (repeatable)")->allow_extra_args(false);
  app.add_flag("--no-default-rules", alone, "without the built-in packs");
  app.add_option("--labels", benchmark.labels,
                 "labels of the logs below the one folder named; else its expected.yaml files")
      ->check(CLI::ExistingFile);
  app.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  app.add_option("-o,--output", output_path, "write to this file");
  app.add_option("--threads", benchmark.threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  options.default_packs = !alone;

  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  Result<Rulebook> book = Compile(options, sources, diagnostics, times);
  BenchmarkLogs logs(benchmark);
  if (!logs.ReadLabels(diagnostics)) return kNoLog;
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!book) {
    PrintError(book.error(), When::Auto);
    return kBadInput;
  }
  const Result<std::uint32_t> number = workbench::FindTunable(book->rules, param);
  if (!number) {
    PrintError(number.error(), When::Auto);
    return kBadInput;
  }
  std::vector<double> values;
  if (texts.empty()) {
    values = workbench::ValuesAround(book->rules.params[*number]);
  } else {
    const auto read = ReadValues(options, param, *number, texts);
    if (!read) return kBadInput;
    values = *read;
  }
  Output output(output_path, When::Auto);
  for (const std::string& path : options.paths) {
    if (!output.Protect(path)) return kBadInput;
  }
  if (!logs.Protect(output)) return kBadInput;
  workbench::TuneStudy study(book->rules, *number, std::move(values));
  const ReadingResult reading =
      logs.ForEach(output, times, [&](const RunLog& log, const std::string& job, const workbench::LogLabels* labels) {
        study.Add(log, job, labels, times);
      });
  if (reading.read == 0) return reading.Failure();
  const workbench::TuneCurve curve = study.Finish();
  std::ostringstream text;
  if (format == "json") {
    WriteTuneJson(curve, text);
  } else {
    WriteTuneText(curve, text);
  }
  const std::string printed = format == "json" ? text.str() : PrintableText(text.str(), LineEnds::Keep);
  if (!output.Write(printed) || !output.Finish()) return kBadInput;
  return diagnostics.CountErrors() > 0 ? kBadInput : kDone;
}

}  // namespace advise::cli
