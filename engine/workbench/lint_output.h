// Formats of `advise lint`.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "workbench/lint.h"

namespace advise::workbench {

struct LintReport {
  const LintFacts* facts = nullptr;
  std::vector<LintProblem> problems;
  std::vector<std::string> stale;  // entries of the baseline
  bool all = false;                // every rule and the notes, not only rules with problems
};

// One line a rule, then what is wrong and what to do.
void WriteLintText(const LintReport& report, std::ostream& out);
void WriteLintJson(const LintReport& report, std::ostream& out);
// SARIF 2.1.0; what the rule allows, or the baseline has, is suppressed.
void WriteLintSarif(const LintReport& report, std::ostream& out);
// Workflow commands of GitHub: an annotation a problem.
void WriteLintGithub(const LintReport& report, std::ostream& out);

}  // namespace advise::workbench
