// Settings of a run and of its queries, read out of a log's model (spark/effective.h decides which value counts).
#pragma once

#include <optional>
#include <string_view>

#include "model/job_model.h"
#include "spark/effective.h"

namespace advise::model {

// The value in force in a query where one is given (what its session had set when it started), else in the application.
// Of queries whose log does not hold their session's settings (before Spark 3.3, or without their start) it is the
// application's. Views into the model and the catalogue of settings.
spark::EffectiveValue EffectiveSetting(const JobModel& model ADVISE_LIFETIME_BOUND, std::string_view key,
                                       std::optional<SqlRow> query = std::nullopt);

}  // namespace advise::model
