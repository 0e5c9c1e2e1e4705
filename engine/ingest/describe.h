// What a log was like, in the words of every output.
#pragma once

#include "ingest/ingest.h"
#include "ingest/log_source.h"
#include "model/log_info.h"

namespace advise::ingest {

model::LogInfo Describe(const LogInput& input, const Ingested& run, const Selection& selection);

}  // namespace advise::ingest
