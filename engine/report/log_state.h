// How a log ends, told from its counters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "report/report.h"

namespace advise::report {

// Complete: all is there. Incomplete: the application's end is there, other events are missing. Open: no end, but all
// that was started has ended. Cut: no end, and something was open.
enum class LogState : std::uint8_t { Complete, Incomplete, Open, Cut };
LogState LogStateOf(const Report& report);
// "complete", "incomplete", "without end", "cut"
std::string_view LogStateName(LogState state);

// Count of a note of the log by its code ("torn-line"); 0: no such note.
std::uint64_t NoteCount(const model::LogInfo& log, std::string_view code);

// What was running when the log stops: " with 2 jobs and 108 tasks open". Empty: nothing.
std::string OpenThings(const model::LogInfo& log);

}  // namespace advise::report
