// advise [analyze] LOG…: the main job.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "report/registry.h"

namespace advise::cli {
namespace {

struct Options {
  std::vector<std::string> logs;
  std::vector<std::string> rules;
  bool no_default_rules = false;
  std::vector<std::string> set;
  std::string level = "practitioner";
  std::string format = "text";
  std::string output;
  int top = 3;
  bool flat = false;
  bool strict = false;
  std::string fail_on;
  bool timings = false;
  unsigned threads = 0;
  std::string color = "auto";
  std::string progress = "auto";
};

When ParseWhen(const std::string& text) {
  if (text == "always") return When::Always;
  if (text == "never") return When::Never;
  return When::Auto;
}

void Declare(CLI::App& app, Options& o) {
  const auto when = CLI::IsMember({"auto", "always", "never"});
  std::vector<std::string> formats;
  for (const report::Format& format : report::Formats()) formats.emplace_back(format.name);
  app.add_option("log", o.logs, "event logs: files, folders, or - for standard input")->required();
  app.add_option("--rules", o.rules, "rule file or pack folder, added to the built-in packs (repeatable)");
  app.add_flag("--no-default-rules", o.no_default_rules, "leave the built-in packs out");
  app.add_option("--set", o.set, "PARAM=VALUE: a parameter of the rules (repeatable)");
  app.add_option("--level", o.level, "novice, practitioner or expert")
      ->check(CLI::IsMember({"novice", "practitioner", "expert"}))
      ->capture_default_str();
  app.add_option("--format", o.format, "output format")->check(CLI::IsMember(formats))->capture_default_str();
  app.add_option("-o,--output", o.output, "write the report to this file");
  app.add_option("--top", o.top, "findings shown; 0: one line a log")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_flag("--flat", o.flat, "do not fold symptoms under their causes");
  app.add_flag("--strict", o.strict, "any error in a rule file ends the run (status 2)");
  app.add_option("--fail-on", o.fail_on, "exit status 1 if a finding has at least this severity")
      ->check(CLI::IsMember({"info", "low", "medium", "high", "critical"}));
  app.add_flag("--timings", o.timings, "times of the phases, on standard error");
  app.add_option("--threads", o.threads, "threads that read; 0: by the machine")->capture_default_str();
  app.add_option("--color", o.color, "auto, always or never")->check(when)->capture_default_str();
  app.add_option("--progress", o.progress, "auto, always or never")->check(when)->capture_default_str();
}

// Numbers of the findings at or above the severity; folded ones count with their cause.
std::vector<int> AtLeast(const report::Report& report, findings::Severity severity) {
  std::vector<int> numbers;
  for (const report::ShownFinding& shown : report.findings) {
    if (shown.number > 0 && shown.finding.severity >= severity) numbers.push_back(shown.number);
  }
  return numbers;
}

void PrintFailOn(const std::vector<int>& numbers, const std::string& severity) {
  std::string list;
  for (const int number : numbers) list += (list.empty() ? "" : ", ") + std::to_string(number);
  std::fprintf(stderr, "advise: %zu finding%s at or above %s (--fail-on %s): %s\n", numbers.size(),
               numbers.size() == 1 ? "" : "s", severity.c_str(), severity.c_str(), list.c_str());
}

}  // namespace

int RunAnalyze(const std::vector<std::string>& arguments) {
  CLI::App app("Why a Spark application is slow, and what to change.", "advise");
  Options o;
  Declare(app, o);
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  const When color = ParseWhen(o.color);

  RuleOptions rule_options;
  rule_options.paths = o.rules;
  rule_options.default_packs = !o.no_default_rules;
  for (const std::string& setting : o.set) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      PrintError({DiagnosticCode::Usage, "`--set " + setting + "` has no value",
                  "write --set PARAM=VALUE, as --set skew_ratio=6"},
                 color);
      return kBadInput;
    }
    rule_options.parameters.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }

  // Rules first: a typo in a rule must not cost the user a long log read.
  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rules> rules = CompileRules(rule_options, sources, diagnostics, times);
  PrintDiagnostics(sources, diagnostics, color);
  if (!rules) {
    PrintError(rules.error(), color);
    return kBadInput;
  }
  if (o.strict && diagnostics.CountErrors() > 0) return kBadInput;
  if (rules->size() == 0) {
    PrintError({DiagnosticCode::NoRules, "there is no rule to look with",
                "give rule files with --rules, or leave --no-default-rules out"},
               color);
    return kBadInput;
  }

  ReportOptions report_options;
  report_options.level = explain::ParseLevel(o.level).value_or(explain::Level::Practitioner);
  report_options.top = o.top;
  report_options.flat = o.flat;
  report::FormatOptions format_options;
  format_options.terminal.width = static_cast<std::size_t>(OutputWidth());
  format_options.terminal.utf8 = Utf8Output();
  format_options.terminal.colour = o.output.empty() && UseColor(color, 1);
  const report::Format* format = report::FindFormat(o.format);
  std::optional<findings::Severity> fail_on;
  if (!o.fail_on.empty()) fail_on = findings::ParseSeverity(o.fail_on);

  std::ostringstream text;
  int status = kDone;
  bool several = o.logs.size() > 1;
  for (const std::string& path : o.logs) {
    const Result<std::vector<ingest::LogInput>> found = ingest::FindLogs(path, Limits());
    several |= found && found->size() > 1;
  }
  format_options.several_logs = several;
  ReadOptions read_options;
  read_options.threads = o.threads;
  const int read = ForEachLog(o.logs, read_options, times, color, ParseWhen(o.progress), [&](const RunLog& log) {
    const report::Report report = AnalyzeLog(log, *rules, report_options, times);
    if (o.format == "text" && o.top == 0) {
      text << report.one_line << '\n';
    } else {
      if (several && o.format == "text" && text.tellp() > 0) text << '\n';
      format->write(report, format_options, text);
    }
    if (!fail_on) return;
    const std::vector<int> numbers = AtLeast(report, *fail_on);
    if (numbers.empty()) return;
    PrintFailOn(numbers, o.fail_on);
    status = kFound;
  });
  if (!WriteOutput(o.output, text.str())) status = kBadInput;
  if (o.timings) std::fprintf(stderr, "%s", times.Print().c_str());
  if (read == 0) return kNoLog;
  return status;
}

}  // namespace advise::cli
