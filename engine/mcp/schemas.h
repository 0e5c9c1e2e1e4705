// The JSON Schema of a report, as it stands in report/writers/analyze.schema.json.
#pragma once

#include <string_view>

namespace advise::mcp {

extern const std::string_view kAnalyzeSchema;

}  // namespace advise::mcp
