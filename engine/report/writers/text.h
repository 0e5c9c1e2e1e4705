// The text report. Lays out what Report says; computes nothing.
#pragma once

#include <cstddef>
#include <string>

#include "report/report.h"

namespace advise::report {

struct TerminalOptions {
  std::size_t width = 100;  // used between 44 and 120; below 60 without the time strip
  bool utf8 = true;
  bool colour = false;
};

// Ends with a line end. No line is wider than the width, except code that cannot be broken legally.
std::string WriteTerminal(const Report& report, const TerminalOptions& options);

// Report::one_line in the charset of the terminal, without line end.
std::string WriteOneLine(const Report& report, const TerminalOptions& options);

}  // namespace advise::report
