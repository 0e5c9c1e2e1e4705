// What stands below the findings: what was checked and what could not be, the log, commands that go on, and the one
// line for CI.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "findings/coverage.h"
#include "report/report.h"

namespace advise::report {

std::vector<std::string> CheckedLines(const findings::Coverage& coverage);
std::vector<std::string> NotEvaluatedLines(const Report& report, std::size_t evaluated);
std::vector<std::string> LogLines(const Report& report);
std::vector<NextStep> NextSteps(const Report& report);
std::string OneLine(const Report& report);

}  // namespace advise::report
