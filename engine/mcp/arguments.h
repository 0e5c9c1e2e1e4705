// Arguments of a call against the schema that the tool publishes: the part of JSON Schema that the tools use. Private
// to mcp/.
#pragma once

#include <optional>
#include <string>

#include "mcp/json.h"

namespace advise::mcp {

// What is wrong, for instance "`limit` is not within 1 and 200"; nullopt: nothing. Knows type (also several), enum,
// minimum, maximum, maxLength, maxItems, items, properties, required and additionalProperties.
std::optional<std::string> CheckArguments(const Json& schema, const Json& value);

// Builders of schemas.
Json Text(const std::string& description);
Json Whole(const std::string& description, std::int64_t least, std::int64_t most);
Json Flag(const std::string& description);
Json OneOf(const std::string& description, const Json& words);
// An object; `required` names those of `properties` that must be there.
Json Object(const Json& properties, const Json& required = Json::array());

}  // namespace advise::mcp
