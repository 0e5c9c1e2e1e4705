// What several commands share: reading logs, printing diagnostics, writing results.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "advise.h"
#include "cli/terminal.h"

namespace advise::cli {

// Prints to standard error, sorted by place.
void PrintDiagnostics(const SourceManager& sources, const Diagnostics& diagnostics, When color);
void PrintError(const Error& error, When color);

// Ctrl-C sets it once; a second Ctrl-C ends the program.
const std::atomic<bool>& StopOnInterrupt();

// Finds and reads every log of `paths` in input order and hands each to `use`. A log that cannot be read is one
// diagnostic. Returns how many were read.
int ForEachLog(const std::vector<std::string>& paths, ReadOptions options, PhaseTimes& times, When color, When progress,
               const std::function<void(const RunLog&)>& use);

// Writes to `path`, or to standard output if it is empty. false: it could not be written (the reason is printed).
bool WriteOutput(const std::string& path, const std::string& text);

}  // namespace advise::cli
