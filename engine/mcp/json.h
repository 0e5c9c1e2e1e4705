// JSON documents of the protocol; members keep the order in which they were set. Private to mcp/.
#pragma once

#include <nlohmann/json.hpp>

namespace advise::mcp {

using Json = nlohmann::ordered_json;

}  // namespace advise::mcp
