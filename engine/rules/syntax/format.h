// Rule files in the house layout: what `advise fmt` and editors write. Like gofmt it leaves line breaks to the author
// and does the rest: order of clauses, indentation, spaces, empty lines.
#pragma once

#include <optional>
#include <string>

#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules::syntax {

// The whole file. Comments stay where they stand: above their clause or item, or behind it. The tree stays the same but
// for the order of clauses, and Format(Format(x)) is Format(x). nullopt: the file does not parse (reported).
std::optional<std::string> Format(const SourceManager& sources, SourceId id, const Limits& limits,
                                  Diagnostics& diagnostics);

}  // namespace advise::rules::syntax
