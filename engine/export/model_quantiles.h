// Distributions of task metrics of a stage attempt, as Spark's REST API (taskSummary) names and cuts them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "metrics/attribute.h"
#include "model/job_model.h"

namespace advise::exports {

inline constexpr std::array<double, 5> kQuantiles = {0.05, 0.25, 0.5, 0.75, 0.95};

// Names of the REST API ("shuffleReadMetrics.readBytes"), in the order in which they are printed.
std::span<const std::string_view> QuantileMetricNames();
// The task attribute behind the metric (of a sum of two, the first): says since when and why it may be missing.
const metrics::Attribute& QuantileMetricSource(std::size_t metric);

// Quantiles of one metric over the successful tasks of the stage attempt that have it and whose TaskStart is in the log
// (as the sums of stages): value number min(floor(q·n), n - 1) of the n ascending values. nullopt: no such task.
std::optional<std::array<std::int64_t, 5>> StageQuantiles(const model::JobModel& model, model::StageRow stage,
                                                          std::size_t metric);
// True if a task of the stage attempt counts for its quantiles.
bool HasSuccess(const model::JobModel& model, model::StageRow stage);

}  // namespace advise::exports
