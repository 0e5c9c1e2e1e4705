// What each executor did for a stage attempt, as Spark's REST API shows it (executorSummary of a stage).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/job_model.h"

namespace advise::exports {

// Names of the REST API ("taskTime"), in the order in which they are printed.
std::span<const std::string_view> ExecutorSummaryNames();

struct ExecutorSummary {
  model::ExecutorRow executor;
  std::vector<std::int64_t>
      values;             // as ExecutorSummaryNames(); sums over ended attempts whose TaskStart is in the log
  bool excluded = false;  // excluded for this stage when the log ends
};

// One entry an executor on which an attempt of the stage ended, in the order of the executor table.
std::vector<ExecutorSummary> ExecutorSummaries(const model::JobModel& model, model::StageRow stage);

}  // namespace advise::exports
