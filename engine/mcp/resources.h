// What a client may read by an address: reports, schemas, rules. Private to mcp/.
#pragma once

#include "mcp/session.h"

namespace advise::mcp {

// resources/list, resources/templates/list, resources/read. Throw RpcError.
Json ListResources(const Session& session, const Json& params);
Json ListResourceTemplates();
Json ReadResource(const Session& session, const Json& params);

// A text as a part of an address, and back; nullopt: it is broken.
std::string PercentEncode(std::string_view text);
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace advise::mcp
