// What several commands share: reading logs, printing diagnostics.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "advise.h"
#include "cli/output.h"
#include "cli/tty.h"

namespace advise::cli {

// Prints to standard error, sorted by place.
void PrintDiagnostics(const SourceManager& sources, const Diagnostics& diagnostics, When color);
void PrintError(const Error& error, When color);

// While it lives, the first Ctrl-C sets stop() and the second ends the program. Before and after, the first does.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  static const std::atomic<bool>& stop();

 private:
  void (*before_)(int);
};

// How logs are read by a command.
struct ReadingRequest {
  std::vector<std::string> paths;
  ingest::IngestOptions options;
  bool anonymise = false;
  Output* output = nullptr;    // is not written over a file that is read
  When color = When::Auto;     // of diagnostics
  When progress = When::Auto;  // of the bar
};
struct ReadingResult {
  int read = 0;
  bool bad_input = false;  // a log could be read, but does not have what the command line names
  // The exit status when nothing was read.
  [[nodiscard]] int Failure() const;
};

// Where a log was found.
struct LogPlace {
  std::size_t path = 0;     // number of the path
  std::size_t of_path = 1;  // how many logs that path has
};

// Finds and reads every log of the paths in input order and hands each to `use`. A log that cannot be read is one
// diagnostic. Ctrl-C while a log is read: what was read of it is handed on, later logs are left out and counted.
ReadingResult ForEachLog(const ReadingRequest& request, PhaseTimes& times,
                         const std::function<void(const RunLog&, const LogPlace&)>& use);

}  // namespace advise::cli
