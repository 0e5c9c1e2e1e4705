// Settings of a run and of its queries, read out of a log's model (spark/effective.h decides which value counts).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/job_model.h"
#include "spark/effective.h"

namespace advise::model {

// The value in force in a query where one is given (what its session had set when it started), else in the application.
// Of queries whose log does not hold their session's settings (before Spark 3.3, or without their start) it is the
// application's. Views into the model, the catalogue of settings and `key`.
spark::EffectiveValue EffectiveSetting(const JobModel& model ADVISE_LIFETIME_BOUND, std::string_view key,
                                       std::optional<SqlRow> query = std::nullopt);

// The query that a row belongs to: a SqlExecution itself; of a PlanNode, Stage, Job, Task or Shuffle (its reading
// stage) the one that it ran for. nullopt: none, as of RDD jobs.
std::optional<SqlRow> QueryOf(const JobModel& model, Entity entity, std::uint32_t row);

// The value in force where the rows ran: that of their queries, if these agree, and of the application for rows of no
// query. Different ones: no value (Differs).
spark::EffectiveValue EffectiveSetting(const JobModel& model ADVISE_LIFETIME_BOUND, std::string_view key, Entity entity,
                                       std::span<const std::uint32_t> rows);

}  // namespace advise::model
