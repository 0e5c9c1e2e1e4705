// The output of `advise whatif`: text, and the JSON of the contract.
#pragma once

#include <iosfwd>

#include "cost/whatif.h"
#include "model/job_model.h"
#include "model/log_info.h"

namespace advise::exports {

struct WhatIfOutput {
  const model::JobModel& model;
  const model::LogInfo& log;
  const cost::WhatIf& answer;
};
void WriteWhatIfJson(const WhatIfOutput& output, std::ostream& out);
// `unicode`: the plot of a sweep may use block characters.
void WriteWhatIfText(const WhatIfOutput& output, bool unicode, std::ostream& out);

}  // namespace advise::exports
