// How the workbench shows pieces of rule files.
#pragma once

#include <string>
#include <string_view>

namespace advise::workbench {

// The source text on one line: runs of white space are a space, comments are gone; brackets that it closes
// and did not open stand at its beginning.
std::string OneLine(std::string_view text);

// 16 digits that tell one source text from another, whatever its white space and comments.
std::string FingerprintOf(std::string_view text);

}  // namespace advise::workbench
