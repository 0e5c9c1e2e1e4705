// The tree of a rule file as bytes of the image, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/ast.h"
#include "support/source.h"

namespace advise::rules {

// Empty: it nests too deep.
std::string TreeBytes(const ast::File& file);

// With every place in `source`. nullopt: these bytes are none that TreeBytes made.
std::optional<ast::File> ReadTree(std::string_view bytes, SourceId source);

}  // namespace advise::rules
