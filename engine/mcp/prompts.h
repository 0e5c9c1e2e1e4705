// Prompts that a user may pick: why a run was slow, told for one of three levels. Private to mcp/.
#pragma once

#include "mcp/session.h"

namespace advise::mcp {

// prompts/list and prompts/get. GetPrompt throws RpcError.
Json ListPrompts();
Json GetPrompt(const Json& params);

}  // namespace advise::mcp
