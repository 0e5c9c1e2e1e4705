// Tells a log that was cut from one whose application simply went on, by what was open at its end.
#include "report/log_state.h"

#include <algorithm>
#include <array>
#include <vector>

#include "report/words.h"
#include "support/format.h"

namespace advise::report {
std::uint64_t NoteCount(const model::LogInfo& log, std::string_view code) {
  const auto it = std::ranges::find(log.notes, code, &model::IngestNote::code);
  return it == log.notes.end() ? 0 : it->count;
}

LogState LogStateOf(const Report& report) {
  if (report.log.complete) return LogState::Complete;
  if (report.app.end_ms) return LogState::Incomplete;
  constexpr std::array<std::string_view, 8> kOpen = {"cut-container",     "torn-line",       "interrupted",
                                                     "start-without-end", "job-without-end", "stage-without-end",
                                                     "sql-without-end",   "damaged-block"};
  const bool open = std::ranges::any_of(kOpen, [&](std::string_view code) { return NoteCount(report.log, code) > 0; });
  return open ? LogState::Cut : LogState::Open;
}

std::string_view LogStateName(LogState state) {
  switch (state) {
    case LogState::Complete: return "complete";
    case LogState::Incomplete: return "incomplete";
    case LogState::Open: return "without end";
    case LogState::Cut: return "cut";
  }
  return "";
}

std::string OpenThings(const model::LogInfo& log) {
  std::vector<std::string> open;
  if (const auto jobs = NoteCount(log, "job-without-end")) open.push_back(CountOf(jobs, "job", "jobs"));
  if (const auto stages = NoteCount(log, "stage-without-end"); stages > 0 && open.empty())
    open.push_back(CountOf(stages, "stage", "stages"));
  if (const auto tasks = NoteCount(log, "start-without-end")) open.push_back(CountOf(tasks, "task", "tasks"));
  if (open.empty()) return {};
  return " with " + open.front() + (open.size() > 1 ? " and " + open.back() : "") + " open";
}

}  // namespace advise::report
