// What the report says about the run as a whole, read from the model once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/job_model.h"
#include "report/report.h"

namespace advise::report {

AppInfo ReadAppInfo(const model::JobModel& model);

// Busy slots over time and the pieces of the critical path.
Strip ReadStrip(const model::JobModel& model);

// "5.0": its id and the number of its attempt.
std::string StageKey(const model::JobModel& model, model::StageRow stage);
// "Stage 5", and of a later attempt "Stage 5.1".
std::string StageLabel(const model::JobModel& model, model::StageRow stage);
// What a user knows the stage by: the description of its SQL execution or job where its name is a call site inside
// Spark
// ("$anonfun$withThreadLocalCaptured$1 at FutureTask.java:317"), else its name. Empty: unknown.
std::string StagePurpose(const model::JobModel& model, model::StageRow stage);

}  // namespace advise::report
