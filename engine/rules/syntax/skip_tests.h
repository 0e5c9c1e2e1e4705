// Inline tests are half of a pack's text and are not needed to run its rules.
#pragma once

#include <string>

namespace advise::rules::syntax {

// The text of a rule file with every `test … { … }` and its doc comment replaced by blanks, so that places in the rest
// stay the same. Knows only comments, strings and braces; a test whose end is not found is left for the parser.
std::string WithoutTests(std::string text);

}  // namespace advise::rules::syntax
