// The JSON report: the contract `analyze`, schema 1 (analyze.schema.json beside this file). All keys are always there;
// what is unknown is null.
#pragma once

#include <ostream>

#include "report/report.h"

namespace advise::report {

struct JsonOptions {
  bool one_line = false;  // several logs: JSON Lines, one object a log
};

// Ends with a line end. Bytes that are no UTF-8 are replaced.
void WriteJson(const Report& report, std::ostream& out, const JsonOptions& options = {});

}  // namespace advise::report
