// advise [analyze] LOG…: the main job.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include "cli/analyze_options.h"
#include "cli/attempts.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "report/formats.h"
#include "report/writers/text.h"
#include "rules/match/rule_use.h"
#include "support/clean_text.h"
#include "support/text.h"

namespace advise::cli {
namespace {

// From so many logs on, reading all templates once is cheaper than reading those of each report.
constexpr std::size_t kManyLogs = 32;

// Numbers of the findings at or above the severity; folded ones count with their cause.
std::vector<int> AtLeast(const report::Report& report, rules::Severity severity) {
  std::vector<int> numbers;
  for (const report::ShownFinding& shown : report.findings) {
    if (shown.number > 0 && !shown.like && shown.finding.severity >= severity) numbers.push_back(shown.number);
  }
  return numbers;
}

void PrintFailOn(const std::vector<int>& numbers, const std::string& severity, const std::string& log) {
  const std::string list = Join(numbers, ", ", [](int number) { return std::to_string(number); });
  std::fprintf(stderr, "advise: %s%zu finding%s at or above %s (--fail-on %s): %s\n",
               log.empty() ? "" : (CleanText(log) + ": ").c_str(), numbers.size(), numbers.size() == 1 ? "" : "s",
               severity.c_str(), severity.c_str(), list.c_str());
}

// What is kept of a report once it is made.
struct Told {
  std::string path;
  std::string line;
  bool failed = false;
  std::int64_t worth_ms = 0;
  std::vector<int> fail_on;  // numbers of its findings at or above --fail-on

  // What does not finish first, then by what a change could save at most.
  [[nodiscard]] bool Outranks(const Told& other) const {
    return std::pair(failed, worth_ms) > std::pair(other.failed, other.worth_ms);
  }
};

// The rules live as long as the program: to take their trees apart at its end would cost a tenth of the time that a
// small log takes.
struct Kept {
  SourceManager sources;
  std::optional<Rulebook> book;
};
Kept& Keep() {
  static auto& all = *new std::deque<Kept>;
  return all.emplace_back();
}

// One run of the command, after its options are known. Reports are written as they are made, and none is kept but one:
// the text of the worst log comes last.
class Analysis {
 public:
  explicit Analysis(const AnalyzeOptions& options)
      : o_(options),
        color_(ParseWhen(options.color)),
        format_(*report::FindFormat(options.format)),
        out_(o_.output, color_) {}

  int Run() {
    if (const int status = CompileRules(); status != kDone) return status;
    if (!ProtectInputs()) return kBadInput;
    ReadingRequest request;
    request.output = &out_;
    request.paths = o_.logs;
    request.options.threads = o_.threads;
    request.options.selection = {o_.sql, o_.job};
    request.anonymise = o_.anonymise;
    request.color = color_;
    request.progress = ProgressOf(o_);
    how_.text.width = static_cast<std::size_t>(OutputWidth());
    how_.text.utf8 = Utf8Output();
    how_.text.colour = o_.output.empty() && UseColor(color_, 1);
    const ReadingResult reading =
        ForEachLog(request, times_, [&](const RunLog& log, const LogPlace& place) { Take(log, place); });
    TellGroup();
    int status = reading.read == 0 ? reading.Failure() : reading.bad_input ? kBadInput : kDone;
    if (reading.read > 0 && o_.attempt && told_.empty()) status = NoSuchAttempt();
    if (!told_.empty() && status == kDone) status = FailOn();
    if (!told_.empty() && IsText()) TellText();
    if (!told_.empty() && format_.one_log) TellWorst();
    if (!told_.empty() && !out_.Finish()) status = kBadInput;
    ReportUse(book_->rules, use_, remarks_);
    PrintDiagnostics(sources_, remarks_, color_);
    if (o_.timings) std::fprintf(stderr, "%s", times_.Print().c_str());
    return status;
  }

 private:
  // Of a folder of logs only the logs are protected, when they are found: a report may lie beside them.
  [[nodiscard]] bool ProtectInputs() {
    return std::ranges::all_of(o_.rules, [this](const std::string& path) { return out_.Protect(path); }) &&
           (o_.prices.empty() || out_.Protect(o_.prices)) &&
           (o_.plan.model == nullptr || out_.Protect(o_.cost_model)) &&
           std::ranges::all_of(o_.logs, [this](const std::string& path) {
             std::error_code error;
             return std::filesystem::is_directory(path, error) || out_.Protect(path);
           });
  }

  // Rules first: a typo in a rule must not cost the user a long log read.
  int CompileRules() {
    RuleOptions how;
    how.paths = o_.rules;
    how.default_packs = !o_.no_default_rules;
    how.parameters = o_.parameters;
    how.all_templates = o_.logs.size() >= kManyLogs;
    Diagnostics diagnostics;
    Result<Rulebook> book = Compile(how, sources_, diagnostics, times_);
    PrintDiagnostics(sources_, diagnostics, color_);
    if (!book) {
      PrintError(book.error(), color_);
      return kBadInput;
    }
    if (o_.strict && diagnostics.CountErrors() > 0) return kBadInput;
    // The report would be one of other rules than were asked for.
    if (book->rules.wrong_settings > 0 && !o_.lenient) {
      PrintError({DiagnosticCode::Usage, "a parameter or override of the rules is wrong, so nothing was analysed",
                  "correct it, or go on without it: --lenient"},
                 color_);
      return kBadInput;
    }
    if (book->rules.rules.empty()) {
      PrintError({DiagnosticCode::NoRules, "there is no rule to look with",
                  "give rule files with --rules, or leave --no-default-rules out"},
                 color_);
      return kBadInput;
    }
    book_ = std::move(*book);
    return kDone;
  }

  // Makes the report of one log. It waits while the next log may be another attempt of its application.
  void Take(const RunLog& log, const LogPlace& place) {
    ReportOptions how;
    how.level = explain::ParseLevel(o_.level).value_or(explain::Level::Practitioner);
    how.top = o_.top;
    how.flat = o_.flat;
    how.details = format_.details;
    Diagnosis diagnosis = Diagnose(log.model, book_->rules, times_);
    use_.Add(diagnosis.matches);
    plan::PlanOptions plan = o_.plan;
    plan.subsets = format_.details;
    Plan(log.model, diagnosis, plan, times_);
    report::Report report = Assemble(log, *book_, std::move(diagnosis), how, sources_, remarks_, times_);
    how_.several_logs = place.of_path > 1 || o_.logs.size() > 1;
    AttemptOf attempt{place.path, report.app.id, report.app.attempt};
    if (attempt.attempt) attempts_.push_back(*attempt.attempt);
    if (!group_.empty() && !SameApplication(group_.back(), attempt)) TellGroup();
    const bool wanted = o_.attempt ? attempt.attempt == o_.attempt
                                   : waiting_.empty() || !IsEarlier(*attempt.attempt, *waiting_.front().app.attempt);
    if (wanted && !waiting_.empty() && !o_.attempt && IsEarlier(*waiting_.front().app.attempt, *attempt.attempt))
      waiting_.clear();
    if (wanted) waiting_.push_back(std::move(report));
    group_.push_back(std::move(attempt));
  }

  // The attempts of one application are complete.
  void TellGroup() {
    for (report::Report& report : waiting_) {
      const std::string others = report.app.attempt ? OtherAttempts(group_, *report.app.attempt) : std::string();
      if (!others.empty()) {
        report.log_lines.push_back("attempt " + *report.app.attempt + "; of this application there " +
                                   (others.find(',') == std::string::npos ? "is also attempt " : "are also attempts ") +
                                   others + " (`--attempt`)");
      }
      Tell(std::move(report));
    }
    waiting_.clear();
    group_.clear();
  }

  void Tell(report::Report report) {
    Told told{report.log.path, {}, report.app.failed, report.worth_ms, {}};
    if (!o_.fail_on.empty()) told.fail_on = AtLeast(report, *rules::ParseWord<rules::Severity>(o_.fail_on));
    if (IsText() || format_.one_log) {
      told.line = report::WriteOneLine(report.one_line, how_.text);
      if (!worst_ || told.Outranks(worst_->first)) worst_.emplace(told, std::move(report));
    } else {
      Write(report);
    }
    told_.push_back(std::move(told));
  }

  // One line a log, then the report of the first.
  void TellText() {
    std::ranges::stable_sort(told_, [](const Told& a, const Told& b) { return a.Outranks(b); });
    const bool lines = told_.size() > 1 || o_.top == 0;
    for (const Told& told : told_) {
      if (lines) out_.Write(told.line + "\n");
    }
    if (o_.top == 0 || (lines && !o_.top_given)) return;
    if (lines) out_.Write("\n");
    Write(worst_->second);
  }

  // Of a format that holds one report. Which of the logs it is stands in the report.
  void TellWorst() {
    if (told_.size() > 1) {
      std::fprintf(stderr, "advise: of %zu logs --format %s holds the one where most could be saved: %s\n",
                   told_.size(), o_.format.c_str(), worst_->first.line.c_str());
    }
    Write(worst_->second);
  }

  // Whether that worked, Finish() says.
  void Write(const report::Report& report) {
    std::ostringstream text;
    format_.write(report, how_, text);
    out_.Write(text.str());
  }

  int FailOn() const {
    int status = kDone;
    for (const Told& told : told_) {
      if (told.fail_on.empty()) continue;
      PrintFailOn(told.fail_on, o_.fail_on, told_.size() > 1 ? told.path : "");
      status = kFound;
    }
    return status;
  }

  int NoSuchAttempt() const {
    PrintError({DiagnosticCode::Usage, "no log is of attempt " + *o_.attempt,
                attempts_.empty() ? "the logs state no attempt; only some cluster managers number them"
                                  : "attempts there are: " + Join(attempts_, ", ")},
               color_);
    return kBadInput;
  }

  [[nodiscard]] bool IsText() const { return format_.name == "text"; }

  const AnalyzeOptions& o_;
  When color_;
  const report::Format& format_;
  report::FormatOptions how_;
  Output out_;
  PhaseTimes times_;
  Kept& kept_ = Keep();
  SourceManager& sources_ = kept_.sources;
  std::optional<Rulebook>& book_ = kept_.book;
  rules::RuleUse use_;
  Diagnostics remarks_;                  // about overrides, suppressions and templates
  std::vector<AttemptOf> group_;         // logs of one application, read so far
  std::vector<report::Report> waiting_;  // of them: those of the attempt to report
  std::vector<std::string> attempts_;    // of all logs
  std::vector<Told> told_;
  std::optional<std::pair<Told, report::Report>> worst_;  // the first of those that nothing outranks
};

}  // namespace

int RunAnalyze(const std::vector<std::string>& arguments) {
  CLI::App app("Why a Spark application is slow, and what to change.", "advise");
  AnalyzeOptions options;
  DeclareAnalyzeOptions(app, options);
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  if (AsksForTextLogs(options) || !ParseSettings(options) || !AddConfig(app, options) ||
      !ReadPriceTable(options))
    return kBadInput;
  const auto model = OpenNamedModel(options);
  return model ? Analysis(options).Run() : kBadInput;
}

}  // namespace advise::cli
