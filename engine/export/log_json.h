// The member `log` that the JSON of a report and of a model share.
#pragma once

#include "model/log_info.h"
#include "support/json_stream.h"

namespace advise::exports {

// The object of the JSON contract.
void WriteLogJson(const model::LogInfo& log, JsonStream& json);

}  // namespace advise::exports
