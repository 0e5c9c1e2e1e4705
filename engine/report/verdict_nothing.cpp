// Words why a run cannot be made faster: busy slots, even tasks, the longest parts of the path, start-up.
#include "report/verdict_nothing.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "report/explained.h"
#include "report/log_state.h"
#include "report/words.h"
#include "support/format.h"

namespace advise::report {
namespace {

std::string NoTasks(const Report& report) {
  if (report.app.jobs == 0 && !report.app.start_ms)
    return " It holds no job, stage or task: there is nothing to look at.";
  // Stages that ended had tasks: only their events are missing.
  if (const std::uint64_t missing = NoteCount(report.log, "missing-tasks"); missing > 0) {
    return " It holds no task, although stages that ended announce " + FormatCount(static_cast<std::int64_t>(missing)) +
           ": what they did cannot be judged.";
  }
  if (report.app.jobs == 0)
    return " No task ran: the application started no job, so its time is the driver's own, and Spark has nothing to "
           "speed up.";
  std::string text = " No task ran, although " +
                     Counted(static_cast<std::size_t>(report.app.jobs), "job was", "jobs were") + " started";
  return text + (report.app.executors == 0 ? ": no executor was there." : ".");
}

// "All 4 slots were busy from the first task to the last (3.0 s to 8.4 s); the tasks of each stage are even (p95 at most
// 2.1 × p50)."
std::string BusyAndEven(const Report& report, const RunShape& shape) {
  constexpr double kBusy = 0.8;
  constexpr double kEven = 3;
  std::string text;
  if (shape.busy && shape.first_launch_ms && shape.last_finish_ms && report.app.slots.value_or(0) > 0) {
    const std::string span =
        " (" + FormatTime(*shape.first_launch_ms) + " to " + FormatTime(*shape.last_finish_ms) + ")";
    const std::int64_t slots = *report.app.slots;
    if (*shape.busy >= kBusy) {
      const std::string who = slots == 1 ? "The only slot was" : "All " + FormatCount(slots) + " slots were";
      text = " " + who + " busy from the first task to the last" + span;
    } else {
      text = " From the first task to the last" + span + " the " +
             (slots == 1 ? std::string("only slot was") : FormatCount(slots) + " slots were") + " busy " +
             FormatShare(*shape.busy) + " of the time";
    }
  }
  if (shape.spread && *shape.spread <= kEven) {
    const std::string even = "the tasks of each stage are even (p95 at most " + FormatRatio(*shape.spread) + " × p50)";
    text += text.empty() ? " " + UpperFirst(even) : "; " + even;
  }
  return text.empty() ? text : text + ".";
}

// Where next to all was work and the slots were full: what is left to do.
std::string WorkAlone(const Report& report, const RunShape& shape) {
  if (!report.ledger || !shape.busy) return {};
  const LedgerInfo& ledger = *report.ledger;
  const std::int64_t active = ledger.duration_ms - ledger.user_idle_ms;
  constexpr double kBusy = 0.8;
  if (*shape.busy < kBusy || 10 * (ledger.outside_work_ms + ledger.unknown_ms) > active) return {};
  return " The run is as long as its work: less work or more slots would shorten it.";
}

// The longest parts of the path by name: "stage 0 (5.4 s) and start-up (3.0 s)".
std::string LongestParts(const Report& report) {
  std::map<std::string, std::int64_t> by_name;
  for (const PathSegment& segment : report.strip.path) by_name[segment.name] += segment.end_ms - segment.start_ms;
  std::vector<std::pair<std::string, std::int64_t>> parts(by_name.begin(), by_name.end());
  std::ranges::stable_sort(parts, std::greater<>(), &std::pair<std::string, std::int64_t>::second);
  if (parts.empty()) return {};
  const auto part = [&](std::size_t i) { return parts[i].first + " (" + FormatTime(parts[i].second) + ")"; };
  if (parts.size() == 1) return " The whole run is " + part(0) + ".";
  return " The longest parts of the run are " + part(0) + " and " + part(1) + ".";
}

std::string StartUp(const VerdictInput& input) {
  constexpr std::int64_t kShort = 30'000;
  const std::int64_t duration = input.report.app.duration_ms.value_or(0);
  if (!input.startup_ms || duration <= 0 || *input.startup_ms * 5 < duration) return {};
  std::string text = " Until the first task passed " + FormatTime(*input.startup_ms);
  if (input.report.state == RunState::Complete) {
    text += ", " + FormatShare(static_cast<double>(*input.startup_ms) / static_cast<double>(duration)) + " of the run";
  }
  if (duration >= kShort) return text + ".";
  return text + ": with an application this short, start-up decides, and no setting of Spark changes that.";
}

// "Of 47 s, 50 % was not work of tasks: scheduling (29 %), tails of stages 3 and 5 (21 %)." Empty: what was not work
// and could be avoided is less than a tenth.
std::string NotWork(const Report& report) {
  if (!report.ledger) return {};
  const LedgerInfo& ledger = *report.ledger;
  const std::int64_t active = ledger.duration_ms - ledger.user_idle_ms;
  constexpr std::int64_t kTenth = 10;
  if (active <= 0 || kTenth * (ledger.outside_work_ms - ledger.unavoidable_ms) < active) return {};
  const auto share = [&](std::int64_t ms) { return FormatShare(static_cast<double>(ms) / static_cast<double>(active)); };
  const bool session = ledger.user_idle_ms > 0;
  std::string text = (session ? " Of the other " : " Of ") + FormatTimeShort(active) + ", " +
                     share(ledger.outside_work_ms) + " was not work of tasks";
  std::vector<std::string> parts;
  for (const UnexplainedTime& time : ledger.unexplained) {
    constexpr std::size_t kNamed = 3;
    const bool unknown = time.account == model::EnumName(model::Account::Unknown);
    if (time.outside_work && !unknown && parts.size() < kNamed) parts.push_back(SayUnexplained(time));
  }
  if (!parts.empty()) text += ": " + Joined(parts, ", ");
  constexpr std::int64_t kWorthSaying = 20;  // one in so many parts
  if (kWorthSaying * ledger.unknown_ms >= active)
    text += "; of " + share(ledger.unknown_ms) + " the log does not say what happened";
  return text + ".";
}

}  // namespace

std::string NothingParagraph(const VerdictInput& input) {
  const Report& report = input.report;
  const LogState state = LogStateOf(report);
  const bool remarks = std::ranges::any_of(report.findings, [](const ShownFinding& f) { return f.number > 0; });
  const std::string not_work = NotWork(report);
  std::string text = remarks            ? "Nothing of weight was found"
                     : not_work.empty() ? "Nothing worth changing was found"
                                        : "No rule found a cause to change";
  if (state == LogState::Cut || state == LogState::Incomplete) text += " in the part that the log holds";
  text += remarks ? "; the remarks below cost little." : ".";
  const RunShape& shape = input.shape;
  if (shape.tasks == 0) return text + NoTasks(report);
  // Of a session the path and the slots from first to last task hold what nobody waited for.
  const bool idle = report.ledger && report.ledger->user_idle_ms > 0;
  if (idle) {
    text += " For " + FormatTimeShort(report.ledger->user_idle_ms) + " of the " +
            FormatTimeShort(report.ledger->duration_ms) + " nobody asked for anything.";
  }
  text += not_work;
  // Stages whose tasks are not all there do not show how busy the slots were.
  if (const std::uint64_t missing = NoteCount(report.log, "missing-tasks"); missing > 0) {
    return text + " " + FormatCount(static_cast<std::int64_t>(missing)) +
           " tasks that its stages announce are not in the log: what these stages did cannot be judged.";
  }
  if (idle) return text;
  return text + BusyAndEven(report, shape) + WorkAlone(report, shape) + LongestParts(report) + StartUp(input);
}

}  // namespace advise::report
