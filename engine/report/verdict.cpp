#include "report/verdict.h"

#include <algorithm>
#include <map>
#include <set>

#include "report/words.h"
#include "support/format.h"

namespace advise::report {
namespace {

using findings::Severity;

std::string Duration(const Report& report) { return FormatTimeShort(report.app.duration_ms.value_or(0)); }

std::uint64_t NoteCount(const LogInfo& log, std::string_view code) {
  const auto it = std::ranges::find(log.notes, code, &IngestNote::code);
  return it == log.notes.end() ? 0 : it->count;
}

std::string CountOf(std::uint64_t n, std::string_view one, std::string_view many) {
  return FormatCount(static_cast<std::int64_t>(n)) + " " + std::string(n == 1 ? one : many);
}

// ---------------------------------------------------------------- failure
std::string FailureParagraph(const VerdictInput& input) {
  const Failure& failure = *input.failure;
  std::string text = "The application failed";
  if (!failure.job.empty()) {
    text += ": " + failure.job + " stopped";
    if (failure.at_ms) text += " at " + FormatTimeShort(*failure.at_ms);
    if (!failure.task.empty()) text += " because " + failure.task;
    text +=
        failure.reason.empty() ? "; the log does not say why." : ": " + std::string(WithoutStop(failure.reason)) + ".";
  } else if (failure.exit_code) {
    text += ": it ended with exit code " + std::to_string(*failure.exit_code) + ", and no job of it failed.";
  } else {
    text += "; the log does not say why.";
  }
  if (!failure.job.empty() && failure.cancelled_jobs > 0) {
    text += " " + CountOf(static_cast<std::uint64_t>(failure.cancelled_jobs), "more job was", "more jobs were") +
            " cancelled with it.";
  }
  if (failure.failed_tasks > 1) {
    text +=
        " " + CountOf(static_cast<std::uint64_t>(failure.failed_tasks), "task attempt", "task attempts") + " failed";
    const auto end = input.report.app.duration_ms;
    if (failure.first_failed_ms && end && *end > *failure.first_failed_ms) {
      text += ", the first at " + FormatTimeShort(*failure.first_failed_ms) + ", " +
              FormatTimeShort(*end - *failure.first_failed_ms) + " before the end";
    }
    text += ".";
  }
  return text + " Make it finish first; speed comes after.";
}

// ---------------------------------------------------------------- completeness
std::string OpenThings(const LogInfo& log) {
  std::vector<std::string> open;
  if (const auto jobs = NoteCount(log, "job-without-end")) open.push_back(CountOf(jobs, "job", "jobs"));
  if (const auto stages = NoteCount(log, "stage-without-end"); stages > 0 && open.empty())
    open.push_back(CountOf(stages, "stage", "stages"));
  if (const auto tasks = NoteCount(log, "start-without-end")) open.push_back(CountOf(tasks, "task", "tasks"));
  if (open.empty()) return {};
  return " with " + open.front() + (open.size() > 1 ? " and " + open.back() : "") + " open";
}

std::string CutParagraph(const Report& report) {
  std::string text = "The log stops";
  if (report.app.duration_ms) text += " at " + Duration(report);
  if (NoteCount(report.log, "torn-line") > 0)
    text += " in the middle of a line";
  else if (NoteCount(report.log, "cut-container") > 0)
    text += " in the middle of a compressed block";
  if (const std::string open = OpenThings(report.log); !open.empty()) text += "," + open;
  text += NoteCount(report.log, "interrupted") > 0 ? ": reading it was interrupted."
                                                   : ": it was copied while the application ran, or the driver died.";
  return text + " What follows covers the part that is there; totals are lower bounds, shares are not shown.";
}

std::string IncompleteParagraph(const VerdictInput& input) {
  std::string text = "The log is not complete";
  if (input.completeness && *input.completeness < 1) {
    text += ": it holds " + FormatShare(*input.completeness) + " of the tasks that its stages announce";
  } else if (const std::string open = OpenThings(input.report.log); !open.empty()) {
    text += ": it ends" + open;
  }
  return text + ". Numbers about stages that lack tasks are lower bounds; LOG below says what is missing.";
}

// ---------------------------------------------------------------- findings
// Time of the critical path that the findings cover, each piece once.
std::int64_t CoveredTime(const Report& report, const std::vector<const ShownFinding*>& findings) {
  std::set<findings::PathPiece> pieces;
  for (const ShownFinding* finding : findings)
    pieces.insert(finding->finding.path.begin(), finding->finding.path.end());
  std::int64_t covered = 0;
  for (const PathSegment& segment : report.strip.path) {
    if (pieces.contains(segment.piece)) covered += segment.end_ms - segment.start_ms;
  }
  return covered;
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
  const std::int64_t covered = report.state == RunState::Failed ? 0 : CoveredTime(report, named);
  const bool causes =
      std::ranges::all_of(named, [](const ShownFinding* f) { return f->finding.layer == findings::Layer::Cause; });
  std::string text = causes ? Counted(named.size(), "cause lies", "causes lie")
                            : Counted(named.size(), "finding lies", "findings lie");
  if (covered > 0) {
    text += " on **" + FormatTimeShort(covered) + "** of the " + Duration(report);
    if (report.state == RunState::Cut)
      text += " that the log holds";
    else if (report.app.duration_ms.value_or(0) > 0) {
      text += " (" + FormatShare(static_cast<double>(covered) / static_cast<double>(*report.app.duration_ms)) + ")";
    }
  } else {
    text = causes ? Counted(named.size(), "cause was", "causes were") + " found"
                  : Counted(named.size(), "finding", "findings");
  }
  text += ".";
  for (std::size_t i = 0; i < std::min(kNamed, named.size()); ++i) {
    const findings::Finding& finding = named[i]->finding;
    text += " " + finding.title;
    if (named.size() > 1 && covered > 0 && finding.impact.high)
      text += " (" + FormatTimeShort(*finding.impact.high) + ")";
    text += ".";
  }
  text += FirstStep(report, named);
  if (covered > 0) text += " The times are upper bounds: what a change saves lies below them.";
  // The popular remedy, where the log shows that it cannot help.
  constexpr double kIdle = 0.5;
  if (report.state == RunState::Complete && input.utilisation && *input.utilisation < kIdle &&
      report.app.slots.value_or(0) > 1) {
    text += " More executors would not help: the slots were busy " + FormatShare(*input.utilisation) + " of the time.";
  }
  return text;
}

// ---------------------------------------------------------------- nothing found
// The longest parts of the path by name: "stage 0 (5.4 s) and start-up (3.0 s)".
std::string LongestParts(const Report& report) {
  std::map<std::string, std::int64_t> by_name;
  for (const PathSegment& segment : report.strip.path) by_name[segment.name] += segment.end_ms - segment.start_ms;
  std::vector<std::pair<std::string, std::int64_t>> parts(by_name.begin(), by_name.end());
  std::ranges::stable_sort(parts, std::greater<>(), &std::pair<std::string, std::int64_t>::second);
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, parts.size()); ++i) {
    text += (i == 0 ? "" : " and ") + parts[i].first + " (" + FormatTime(parts[i].second) + ")";
  }
  return text;
}

std::string NothingParagraph(const VerdictInput& input) {
  const Report& report = input.report;
  std::string text = "Nothing worth changing was found by the " + CountOf(input.rules_evaluated, "rule", "rules") +
                     " that looked at this run.";
  if (const std::string parts = LongestParts(report); !parts.empty())
    text += " The longest parts of the run are " + parts + ".";
  if (report.state == RunState::Complete && input.utilisation) {
    text += " The slots were busy " + FormatShare(*input.utilisation) + " of the time.";
  }
  constexpr std::int64_t kShort = 30'000;
  const std::int64_t duration = report.app.duration_ms.value_or(0);
  if (input.startup_ms && duration > 0 && duration < kShort && *input.startup_ms * 4 >= duration) {
    text += " With an application this short, start-up decides (" + FormatTime(*input.startup_ms) +
            " until the first task); no setting of Spark changes that.";
  }
  return text;
}

}  // namespace

std::vector<std::string> MakeVerdict(const VerdictInput& input) {
  const Report& report = input.report;
  std::vector<std::string> paragraphs;
  if (input.failure) paragraphs.push_back(FailureParagraph(input));
  if (report.state == RunState::Cut || (report.state == RunState::Failed && !report.app.end_ms)) {
    paragraphs.push_back(CutParagraph(report));
  } else if (!report.log.complete) {
    paragraphs.push_back(IncompleteParagraph(input));
  }
  std::vector<const ShownFinding*> named;
  for (const ShownFinding& finding : report.findings) {
    if (finding.number > 0 && finding.finding.severity > Severity::Info) named.push_back(&finding);
  }
  if (!named.empty()) {
    paragraphs.push_back(UpperFirst(FindingsParagraph(input, named)));
  } else if (!input.failure) {
    paragraphs.push_back(NothingParagraph(input));
  }
  return paragraphs;
}

}  // namespace advise::report
