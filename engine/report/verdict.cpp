// Chooses and words the paragraphs of the verdict: failure, end of the log, findings with the first step, what
// would not help.
#include "report/verdict.h"

#include <algorithm>

#include "report/log_state.h"
#include "report/verdict_nothing.h"
#include "report/words.h"
#include "support/format.h"

namespace advise::report {
namespace {

using diagnose::Severity;

std::string Duration(const Report& report) { return FormatTimeShort(report.app.duration_ms.value_or(0)); }

// Without the time in which nobody asked an interactive application for anything, if that is 1 % or more.
std::int64_t ActiveTime(const Report& report) {
  const std::int64_t duration = report.app.duration_ms.value_or(0);
  const std::int64_t idle = report.ledger ? report.ledger->user_idle_ms : 0;
  return 100 * idle >= duration ? duration - idle : duration;
}

// ---------------------------------------------------------------- failure
std::string WhyStopped(const Failure& failure) {
  if (failure.stopped) return " because the driver ended while it ran (SparkContext was shut down).";
  std::string text;
  if (!failure.task.empty()) text += " because " + failure.task;
  if (failure.reason.empty()) return text + "; the log does not say why.";
  return text + ": " + std::string(WithoutStop(failure.reason)) + ".";
}

// "112 task attempts failed, 111 of them the same way (OutOfMemoryError, in 3 stages), the first at 42 s, 1m34s before
// the end."
std::string FailedAttempts(const Failure& failure, std::optional<std::int64_t> end) {
  if (failure.failed_tasks < 2) return {};
  const auto count = [](std::int64_t n) { return FormatCount(n); };
  std::string text = " " + count(failure.failed_tasks) + " task attempts failed";
  if (failure.same_kind > 1 && failure.same_kind * 2 >= failure.failed_tasks) {
    text += failure.same_kind == failure.failed_tasks ? ", all the same way ("
                                                      : ", " + count(failure.same_kind) + " of them the same way (";
    text += failure.kind;
    if (failure.stages_of_kind > 1) text += ", in " + count(failure.stages_of_kind) + " stages";
    text += ")";
  }
  if (failure.first_failed_ms && end && *end > *failure.first_failed_ms) {
    text += ", the first at " + FormatTimeShort(*failure.first_failed_ms) + ", " +
            FormatTimeShort(*end - *failure.first_failed_ms) + " before the end";
  }
  return text + ".";
}

std::string FailureParagraph(const VerdictInput& input) {
  const Failure& failure = *input.failure;
  const std::string& selected = input.report.log.selected;
  std::string text = (selected.empty() ? "The application" : UpperFirst(selected)) + " failed";
  if (!failure.job.empty()) {
    text += ": " + failure.job + " stopped";
    if (failure.at_ms) text += " at " + FormatTimeShort(*failure.at_ms);
    text += WhyStopped(failure);
  } else if (!failure.reason.empty()) {
    text += ": " + std::string(WithoutStop(failure.reason)) + ".";
  } else if (failure.exit_code) {
    text += ": it ended with exit code " + std::to_string(*failure.exit_code) + ", and no job of it failed.";
  } else {
    text += "; the log does not say why.";
  }
  if (!failure.job.empty() && failure.cancelled_jobs > 0) {
    text += " " + CountOf(static_cast<std::uint64_t>(failure.cancelled_jobs), "more job was", "more jobs were") +
            " cancelled with it.";
  }
  return text + FailedAttempts(failure, input.report.app.duration_ms) + " Make it finish first; speed comes after.";
}

// ---------------------------------------------------------------- completeness
std::string CutParagraph(const Report& report) {
  const std::int64_t duration = report.app.duration_ms.value_or(0);
  if (LogStateOf(report) == LogState::Open) {
    return "The log has no end of the application, but all that was started in it has ended: the driver went on when "
           "the log was copied (a notebook, a shell, a server), or it died between two jobs. Totals are lower bounds, "
           "shares are of what the log holds.";
  }
  std::string text = "The log stops";
  if (duration > 0) text += " at " + Duration(report);
  if (NoteCount(report.log, "torn-line") > 0)
    text += " in the middle of a line";
  else if (NoteCount(report.log, "cut-container") > 0)
    text += " in the middle of a compressed block";
  if (const std::string open = OpenThings(report.log); !open.empty()) text += "," + open;
  text += NoteCount(report.log, "interrupted") > 0 ? ": reading it was interrupted."
                                                   : ": it was copied while the application ran, or the driver died.";
  return text + " What follows covers the part that is there; totals are lower bounds, shares are of that part.";
}

std::string IncompleteParagraph(const VerdictInput& input) {
  const Report& report = input.report;
  if (NoteCount(report.log, "compacted") > 0) {
    return "The log was compacted by the history server: jobs that had ended are no longer in it. What looks like idle "
           "time before the first job that is left is their time, and totals of the application are lower bounds.";
  }
  std::string text = "The log is not complete";
  if (input.completeness && *input.completeness < 1) {
    text += ": it holds " + FormatShare(*input.completeness) + " of the tasks that its stages announce";
  } else if (const std::string open = OpenThings(report.log); !open.empty()) {
    text += ": it ends" + open;
  } else if (NoteCount(report.log, "no-application-start") > 0) {
    text += ": the start of the application is not in it";
  }
  if (report.app.tasks == 0 && report.app.stages == 0) return text + "; LOG below says what is missing.";
  return text + ". Numbers about stages that lack tasks are lower bounds; LOG below says what is missing.";
}

// ---------------------------------------------------------------- on the way
std::string FailedJobsSentence(const FailedJobs& jobs) {
  if (jobs.count == 0) return {};
  std::string text = jobs.count == 1 ? " One job failed on the way: "
                                     : " " + FormatCount(jobs.count) + " jobs failed on the way, the first was ";
  text += jobs.first;
  if (!jobs.reason.empty()) text += ": " + std::string(WithoutStop(jobs.reason));
  return text + ".";
}

// A server or a notebook: no query decides the run, so each is looked at by itself.
std::string ManyQueries(const VerdictInput& input) {
  constexpr std::int64_t kMany = 20;
  const Report& report = input.report;
  if (report.app.sql_executions < kMany || !input.longest_sql) return {};
  const LongestSql& longest = *input.longest_sql;
  if (longest.duration_ms * 2 > report.app.duration_ms.value_or(0)) return {};
  std::string text = "The log holds " + FormatCount(report.app.sql_executions) + " SQL executions; the longest is " +
                     std::to_string(longest.id) + " (" + FormatTimeShort(longest.duration_ms);
  if (!longest.description.empty()) text += ", " + longest.description;
  return text + "). `--sql " + std::to_string(longest.id) + "` reports on it alone.";
}

// ---------------------------------------------------------------- findings
std::vector<const ShownFinding*> NamedFindings(const Report& report) {
  std::vector<const ShownFinding*> named;
  for (const ShownFinding& finding : report.findings) {
    if (finding.number > 0 && !finding.like && finding.finding.severity > Severity::Info) named.push_back(&finding);
  }
  return named;
}

std::string FirstStep(const Report& report, const std::vector<const ShownFinding*>& named) {
  for (const ShownFinding* finding : named) {
    const auto it = std::ranges::find(report.actions, finding->number, &Action::number);
    if (it == report.actions.end()) continue;
    const std::string place = named.size() > 1 ? " with " + std::to_string(finding->number) : "";
    return " Start" + place + ": " + LowerFirst(WithoutStop(it->title)) +
           (it->tags.empty() ? "" : " (" + it->tags + ")") + ".";
  }
  return {};
}

std::string FindingsParagraph(const VerdictInput& input, const std::vector<const ShownFinding*>& named) {
  constexpr std::size_t kNamed = 2;
  const Report& report = input.report;
  // A run that fails has no time to save.
  const std::int64_t covered = report.state == RunState::Failed ? 0 : CoveredTime(report);
  const bool causes =
      std::ranges::all_of(named, [](const ShownFinding* f) { return f->finding.layer == diagnose::Layer::Cause; });
  std::string text = causes ? Counted(named.size(), "cause takes", "causes take")
                            : Counted(named.size(), "finding takes", "findings take");
  if (covered > 0) {
    const std::int64_t active = ActiveTime(report);
    text += " **" + FormatTimeShort(covered) + "** of the " + FormatTimeShort(active);
    if (active < report.app.duration_ms.value_or(0)) text += " in which something was asked for";
    if (report.state == RunState::Cut)
      text += active < report.app.duration_ms.value_or(0) ? "" : " that the log holds";
    else if (active > 0) {
      text += " (" + FormatShare(static_cast<double>(covered) / static_cast<double>(active)) + ")";
    }
  } else {
    text = causes ? Counted(named.size(), "cause was", "causes were") + " found"
                  : Counted(named.size(), "finding", "findings");
  }
  text += ".";
  for (std::size_t i = 0; i < std::min(kNamed, named.size()); ++i) {
    const diagnose::Finding& finding = named[i]->finding;
    text += " " + finding.title;
    if (named.size() > 1 && covered > 0 && finding.impact.high)
      text += " (" + FormatTimeShort(*finding.impact.high) + ")";
    text += ".";
  }
  text += FirstStep(report, named);
  if (!report.plan_texts.summary.empty()) {
    text += " " + report.plan_texts.summary + ".";
  } else if (covered > 0) {
    text += " The times are upper bounds: what a change saves lies below them.";
  }
  // The popular remedy, where the log shows that it cannot help. Of a session most idle slots are nobody's asking.
  constexpr double kIdle = 0.5;
  const bool session = report.ledger && report.ledger->user_idle_ms > 0;
  if (!session && report.state == RunState::Complete && input.utilisation && *input.utilisation < kIdle &&
      report.app.slots.value_or(0) > 1) {
    text += " More executors would not help: the slots were busy " + FormatShare(*input.utilisation) + " of the time.";
  }
  return text;
}

}  // namespace

std::int64_t CoveredTime(const Report& report) {
  std::int64_t us = 0;
  for (const ShownFinding& finding : report.findings) {
    const bool named = finding.number > 0 && finding.finding.severity > Severity::Info;
    if (named && finding.finding.claim) us += finding.finding.claim->us;
  }
  return us / 1000;
}

std::vector<std::string> MakeVerdict(const VerdictInput& input) {
  const Report& report = input.report;
  std::vector<std::string> paragraphs;
  if (input.failure) paragraphs.push_back(FailureParagraph(input));
  if (report.state == RunState::Cut || (report.state == RunState::Failed && !report.app.end_ms)) {
    paragraphs.push_back(CutParagraph(report));
  } else if (!report.log.complete) {
    paragraphs.push_back(IncompleteParagraph(input));
  }
  const std::vector<const ShownFinding*> named = NamedFindings(report);
  if (!named.empty()) {
    paragraphs.push_back(UpperFirst(FindingsParagraph(input, named)));
  } else if (!input.failure) {
    paragraphs.push_back(NothingParagraph(input));
  }
  if (!input.failure && !paragraphs.empty()) paragraphs.back() += FailedJobsSentence(input.failed_jobs);
  if (const std::string queries = ManyQueries(input); !queries.empty()) paragraphs.push_back(queries);
  return paragraphs;
}

}  // namespace advise::report
