// The members `advise` and `log` that all JSON outputs share.
#pragma once

#include "report/log_info.h"
#include "report/writers/json_stream.h"

namespace advise::report {

// {"version": …, "schema": …}
void WriteAdviseJson(JsonStream& json);
// The object of the JSON contract.
void WriteLogJson(const LogInfo& log, JsonStream& json);

}  // namespace advise::report
