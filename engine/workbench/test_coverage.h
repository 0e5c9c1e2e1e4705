// Which conditions of rules their tests have seen true and false. A condition that was never false could be left out,
// one that was never true could be anything: the tests would not notice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/plan/rule_set.h"
#include "support/source.h"
#include "workbench/test_packs.h"

namespace advise::workbench {

// A conjunct of `where` or `applies when`, or what `and` and `or` join inside it. One that stands in a definition is
// one condition, whatever rules use it.
struct CoveredCondition {
  std::string rule;  // qualified name; of a definition the first rule that uses it
  std::string file;
  std::uint32_t line = 0;
  std::string text;  // as written, white space folded
  bool seen_true = false;
  bool seen_false = false;
  [[nodiscard]] bool covered() const { return seen_true && seen_false; }
};
struct Coverage {
  std::vector<CoveredCondition> conditions;  // by place
  std::size_t covered = 0;                   // seen true and false
};

// Of the rules of the chosen packs, by the tests of these.
Coverage CoverTests(const rules::RuleSet& rules, const TestChoice& choice, const SourceManager& sources);

}  // namespace advise::workbench
