// advise [analyze] LOG…: the main job.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "cli/analyze_options.h"
#include "cli/attempts.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "report/formats.h"
#include "report/writers/text.h"
#include "support/clean_text.h"
#include "support/text.h"

namespace advise::cli {
namespace {

// Numbers of the findings at or above the severity; folded ones count with their cause.
std::vector<int> AtLeast(const report::Report& report, diagnose::Severity severity) {
  std::vector<int> numbers;
  for (const report::ShownFinding& shown : report.findings) {
    if (shown.number > 0 && shown.finding.severity >= severity) numbers.push_back(shown.number);
  }
  return numbers;
}

void PrintFailOn(const std::vector<int>& numbers, const std::string& severity, const std::string& log) {
  const std::string list = Join(numbers, ", ", [](int number) { return std::to_string(number); });
  std::fprintf(stderr, "advise: %s%zu finding%s at or above %s (--fail-on %s): %s\n",
               log.empty() ? "" : (CleanText(log) + ": ").c_str(), numbers.size(), numbers.size() == 1 ? "" : "s",
               severity.c_str(), severity.c_str(), list.c_str());
}

// One run of the command, after its options are known.
class Analysis {
 public:
  explicit Analysis(const AnalyzeOptions& options) : o_(options), color_(ParseWhen(options.color)) {}

  int Run() {
    if (const int status = Compile(); status != kDone) return status;
    Output output(o_.output, color_);
    if (!ProtectInputs(output)) return kBadInput;
    ReadingRequest request;
    request.output = &output;
    request.paths = o_.logs;
    request.options.threads = o_.threads;
    request.options.selection = {o_.sql, o_.job};
    request.anonymise = o_.anonymise;
    request.color = color_;
    request.progress = ProgressOf(o_);
    ReportOptions how;
    how.level = explain::ParseLevel(o_.level).value_or(explain::Level::Practitioner);
    how.top = o_.top;
    how.flat = o_.flat;
    const ReadingResult reading = ForEachLog(request, times_, [&](const RunLog& log, std::size_t path) {
      reports_.push_back(AnalyzeLog(log, *rules_, how, times_, &use_));
      attempts_.push_back({path, reports_.back().app.id, reports_.back().app.attempt});
    });
    int status = reading.read == 0 ? reading.Failure() : reading.bad_input ? kBadInput : kDone;
    if (reading.read > 0 && !Choose()) status = kBadInput;
    if (!reports_.empty() && status == kDone) status = FailOn();
    if (!reports_.empty() && (!output.Write(Print()) || !output.Finish())) status = kBadInput;
    if (rules_ && use_.logs > 0) {
      Diagnostics remarks;
      ReportRuleUse(*rules_, use_, remarks);
      PrintDiagnostics(sources_, remarks, color_);
    }
    if (o_.timings) std::fprintf(stderr, "%s", times_.Print().c_str());
    return status;
  }

 private:
  // Of a folder of logs only the logs are protected, when they are found: a report may lie beside them.
  [[nodiscard]] bool ProtectInputs(Output& output) const {
    return std::ranges::all_of(o_.rules, [&](const std::string& path) { return output.Protect(path); }) &&
           std::ranges::all_of(o_.logs, [&](const std::string& path) {
             std::error_code error;
             return std::filesystem::is_directory(path, error) || output.Protect(path);
           });
  }

  // Rules first: a typo in a rule must not cost the user a long log read.
  int Compile() {
    const auto parameters = ParseParameters(o_.set, color_);
    if (!parameters) return kBadInput;
    RuleOptions how;
    how.paths = o_.rules;
    how.default_packs = !o_.no_default_rules;
    how.parameters = *parameters;
    Diagnostics diagnostics;
    Result<Rules> rules = CompileRules(how, sources_, diagnostics, times_);
    PrintDiagnostics(sources_, diagnostics, color_);
    if (!rules) {
      PrintError(rules.error(), color_);
      return kBadInput;
    }
    if (o_.strict && diagnostics.CountErrors() > 0) return kBadInput;
    if (rules->size() == 0) {
      PrintError({DiagnosticCode::NoRules, "there is no rule to look with",
                  "give rule files with --rules, or leave --no-default-rules out"},
                 color_);
      return kBadInput;
    }
    rules_ = std::move(*rules);
    return kDone;
  }

  // Leaves the attempts that are reported. false: the attempt that was asked for is not there (printed).
  bool Choose() {
    several_ = reports_.size() > 1;
    const ChosenAttempts choice = ChooseAttempts(attempts_, o_.attempt);
    std::vector<report::Report> chosen;
    std::string known;
    for (std::size_t i = 0; i < reports_.size(); ++i) {
      if (attempts_[i].attempt) known += (known.empty() ? "" : ", ") + *attempts_[i].attempt;
      if (!choice.chosen[i]) continue;
      if (!choice.others[i].empty()) {
        reports_[i].log_lines.push_back(
            "attempt " + *attempts_[i].attempt + "; of this application there " +
            (choice.others[i].find(',') == std::string::npos ? "is also attempt " : "are also attempts ") +
            choice.others[i] + " (`--attempt`)");
      }
      chosen.push_back(std::move(reports_[i]));
    }
    reports_ = std::move(chosen);
    if (!o_.attempt || !reports_.empty()) return true;
    PrintError({DiagnosticCode::Usage, "no log is of attempt " + *o_.attempt,
                known.empty() ? "the logs state no attempt; only some cluster managers number them"
                              : "attempts there are: " + known},
               color_);
    return false;
  }

  int FailOn() const {
    if (o_.fail_on.empty()) return kDone;
    const auto severity = rules::ParseWord<rules::Severity>(o_.fail_on);
    int status = kDone;
    for (const report::Report& report : reports_) {
      const std::vector<int> numbers = AtLeast(report, *severity);
      if (numbers.empty()) continue;
      PrintFailOn(numbers, o_.fail_on, reports_.size() > 1 ? report.log.path : "");
      status = kFound;
    }
    return status;
  }

  [[nodiscard]] std::string Print() const {
    report::FormatOptions how;
    how.text.width = static_cast<std::size_t>(OutputWidth());
    how.text.utf8 = Utf8Output();
    how.text.colour = o_.output.empty() && UseColor(color_, 1);
    how.several_logs = several_ || o_.logs.size() > 1;
    const report::Format* format = report::FindFormat(o_.format);
    std::ostringstream text;
    if (o_.format != "text") {
      for (const report::Report& report : reports_) format->write(report, how, text);
      return text.str();
    }
    std::vector<const report::Report*> order;
    for (const report::Report& report : reports_) order.push_back(&report);
    // What does not finish first, then by what a change could save at most.
    std::ranges::stable_sort(order, [](const report::Report* a, const report::Report* b) {
      return std::pair(a->app.failed, a->worth_ms) > std::pair(b->app.failed, b->worth_ms);
    });
    const bool lines = order.size() > 1 || o_.top == 0;
    for (const report::Report* report : order) {
      if (lines) text << report::WriteOneLine(report->one_line, how.text) << '\n';
    }
    if (o_.top == 0 || (lines && !o_.top_given)) return text.str();
    if (lines) text << '\n';
    format->write(*order.front(), how, text);
    return text.str();
  }

  const AnalyzeOptions& o_;
  When color_;
  PhaseTimes times_;
  SourceManager sources_;
  RuleUse use_;
  std::optional<Rules> rules_;
  std::vector<report::Report> reports_;
  std::vector<AttemptOf> attempts_;
  bool several_ = false;
};

}  // namespace

int RunAnalyze(const std::vector<std::string>& arguments) {
  CLI::App app("Why a Spark application is slow, and what to change.", "advise");
  AnalyzeOptions options;
  DeclareAnalyzeOptions(app, options);
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  if (AsksForTextLogs(options) || !AddConfig(app, options)) return kBadInput;
  return Analysis(options).Run();
}

}  // namespace advise::cli
