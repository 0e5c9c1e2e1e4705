// What-if questions as servers get them: the changes of `advise whatif`, as JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/analyst.h"

namespace advise::service {

struct WhatIfRequest {
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<double> executors;  // several: one after the other; so may partitions, but not both
  std::vector<double> partitions;
  std::vector<std::int64_t> dropped_stages;
  std::vector<std::string> steps;  // of the report's plan: numbers from 1, or ids of recommendations
};

// {"conf": {"spark.executor.memory": "16g"}, "executors": 20, "partitions": [8, 96], "drop_stages": [3], "apply": [1]};
// each may be missing, not all. Errors (Usage): no JSON object, an unknown member, a value of another type or range.
Result<WhatIfRequest> ParseWhatIf(std::string_view json);

// The JSON of the contract `whatif`. An unknown step is a change that is refused.
std::string AnswerWhatIf(const Analysis& analysis, const WhatIfRequest& request);

}  // namespace advise::service
