// A parsed template as bytes of the image of the built-in packs, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "explain/template.h"
#include "support/source.h"

namespace advise::explain {

// Empty: it nests too deep.
std::string TemplateBytes(const ParsedTemplate& parsed);

// With every place in `source`. nullopt: these bytes are none that TemplateBytes made.
std::optional<ParsedTemplate> ReadTemplate(std::string_view bytes, SourceId source);

}  // namespace advise::explain
