// The Model Context Protocol over standard input and output: JSON-RPC 2.0, one message a line. Requests are answered
// one after the other; `ping` and cancellation are heard while one is worked on.
#pragma once

#include <string>

#include "service/analyst.h"
#include "service/log_library.h"

namespace advise::mcp {

// Reads requests from descriptor `in` and writes answers to `out` until `in` ends and all are answered, or `out` is
// closed. No request ends it: what is wrong with one is its answer.
void Serve(service::LogLibrary& logs, service::Analyst& analyst, int in, int out);

}  // namespace advise::mcp
