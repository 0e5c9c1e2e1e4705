// What is printed of one finding besides its own title and message: the bound on its time, what it explains, what was
// ruled out, where it is, and the experts' lines.
#pragma once

#include <string>
#include <vector>

#include "explain/narration.h"
#include "model/job_model.h"
#include "report/report.h"

namespace advise::report {

// The findings as they are shown, without numbers, in their order. Needs report.app and report.state.
std::vector<ShownFinding> ShowFindings(const Report& report, const model::JobModel& model,
                                       std::vector<diagnose::Finding> findings,
                                       const std::vector<explain::Narration>& narrations);

}  // namespace advise::report
