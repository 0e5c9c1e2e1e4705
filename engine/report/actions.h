// WHAT TO DO: recommendations as titles, tags and lines to paste.
#pragma once

#include <vector>

#include "explain/narration.h"
#include "report/report.h"

namespace advise::report {

// For the findings that are shown, in their order; needs report.findings (numbered) and report.recommendations.
std::vector<Action> MakeActions(const Report& report, const std::vector<explain::Narration>& narrations);

// spark.conf.set("KEY", "VALUE"), also broken over lines.
CodeLine SessionLine(const std::string& key, const std::string& value);

}  // namespace advise::report
