// Prints the times of `--timings`.
#include "support/phase_timer.h"

#include <cstdio>

namespace advise {

std::string PhaseTimes::Print() const {
  std::string text;
  double total = 0;
  const auto line = [&text](std::string_view name, double milliseconds) {
    char buffer[80];
    std::snprintf(buffer, sizeof buffer, "%-12.*s %9.1f ms\n", static_cast<int>(name.size()), name.data(),
                  milliseconds);
    text += buffer;
  };
  for (const Phase& phase : phases_) {
    line(phase.name, phase.milliseconds);
    total += phase.milliseconds;
  }
  line("total", total);
  return text;
}

}  // namespace advise
