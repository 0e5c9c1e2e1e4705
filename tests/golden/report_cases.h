// Hand-made runs for goldens and tests of the report: small models and findings whose report shows one case each.
#pragma once

#include <span>
#include <string_view>

#include "report/report.h"

namespace advise::golden {

// "findings": three causes with folded symptoms and a fourth beyond --top; "nothing": a short even run; "cut": the same
// findings in a log that stops; "failed": an application that ran out of memory.
std::span<const std::string_view> ReportCases();

report::Report MakeReportCase(std::string_view name, explain::Level level, bool flat = false, bool details = false);

}  // namespace advise::golden
