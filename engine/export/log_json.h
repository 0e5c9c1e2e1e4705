// The members `advise` and `log` that all JSON outputs share.
#pragma once

#include "model/log_info.h"
#include "support/json_stream.h"

namespace advise::exports {

// {"version": …, "schema": …}
void WriteAdviseJson(JsonStream& json);
// The object of the JSON contract.
void WriteLogJson(const model::LogInfo& log, JsonStream& json);

}  // namespace advise::exports
