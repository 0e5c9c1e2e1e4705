// Draws diagnostics for a terminal:
//
//   error[unit-mismatch]: cannot compare SlotTime with Duration
//     --> team.rules:14:9
//      |
//   14 |   where sum(s.tasks.run_time) > 20% of s.duration
//      |         ---------------------   ----------------- this is wall time (Duration)
//      |         |
//      |         this adds up the run time of all tasks: SlotTime
//      = help: divide by the slots, `sum(s.tasks.run_time) / app.slots`
//
// Control characters of messages and sources never reach the terminal; columns count code points.
#pragma once

#include <cstddef>
#include <string>

#include "support/diagnostics.h"
#include "support/source.h"

namespace advise {

struct RenderOptions {
  bool color = false;       // ANSI escapes
  std::size_t max = 20;     // diagnostics shown; the rest is counted in a last line
  std::size_t width = 140;  // of a source line in code points; longer lines are cut around their first label
};

// One diagnostic, ending with a line break. Without a label: message, notes and helps only.
std::string Render(const SourceManager& sources, const Diagnostic& diagnostic, const RenderOptions& options = {});

// All of them, sorted by place, an empty line between each two; empty when there are none.
std::string Render(const SourceManager& sources, const Diagnostics& diagnostics, const RenderOptions& options = {});

// `team.rules:14:9: error[unit-mismatch]: cannot compare …`, without a line break: for editors and logs.
std::string RenderOneLine(const SourceManager& sources, const Diagnostic& diagnostic);

}  // namespace advise
