// The first line of the report: which log, which application, where it ran, how long.
#pragma once

#include <string>
#include <vector>

#include "model/job_model.h"
#include "report/report.h"

namespace advise::report {

// The same line in falling length; needs report.log and report.app.
std::vector<std::string> MakeHeadline(const Report& report, const model::JobModel& model);

}  // namespace advise::report
