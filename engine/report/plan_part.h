// What the page says of the plan: savings behind each way to remedy, the table of steps, what to check, what is not
// chosen and what would not help, all settings in one block.
#pragma once

#include "report/report.h"

namespace advise::report {

// "saves 12 s (8..15 s), class B"; of a recommendation without saving "not estimated", or empty where nothing is
// estimated in this log.
std::string SayingOf(const recommend::Recommendation& recommendation, const Report& report);

// Needs the findings numbered, the actions made and Report::plan.
PlanTexts SayPlan(const Report& report);

}  // namespace advise::report
