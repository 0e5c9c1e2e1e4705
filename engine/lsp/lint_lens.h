// A line above each rule of a file: in how many logs it fired when it was linted last.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lsp/lint_result.h"
#include "lsp/workspace.h"

namespace advise::lsp {

struct Lens {
  std::string text;       // "fires in 3 of 214 logs"
  std::size_t begin = 0;  // the name of the rule
  std::size_t end = 0;
};

// A rule that changed since, or that the result does not have, says so. A result of other packs has nothing to say; one
// that cannot be read says why, at the first rule.
std::vector<Lens> LintLenses(const Analysis& analysis, const LintResult& result);

}  // namespace advise::lsp
