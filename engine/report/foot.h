// What stands below the findings: what was checked and what could not be, the log, commands that go on, and the one
// line for CI.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/coverage.h"
#include "diagnose/in_force.h"
#include "diagnose/nearest.h"
#include "report/report.h"
#include "report/run_shape.h"

namespace advise::report {

std::vector<std::string> CheckedLines(const diagnose::Coverage& coverage);
std::vector<std::string> NotEvaluatedLines(const Report& report, std::size_t evaluated);
// "skew_ratio = 90 (default 4, set by --set)", "small_files: severity info (team.rules:8)".
std::vector<std::string> ParameterLines(const diagnose::InForce& in_force);
std::vector<std::string> OverrideLines(const diagnose::InForce& in_force);
std::vector<std::string> LogLines(const Report& report);
// One line a rule that came close to a finding.
std::vector<std::string> NearestLines(const std::vector<diagnose::NearMiss>& nearest);
std::vector<NextStep> NextSteps(const Report& report, const std::optional<LongestSql>& longest_sql);
std::string OneLine(const Report& report);

}  // namespace advise::report
