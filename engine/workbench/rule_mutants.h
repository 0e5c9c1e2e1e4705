// Mutation testing of rules: each threshold halved and doubled, each condition left out. A mutant that no test notices
// is killed by none: the tests would not notice the same mistake either.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/plan/rule_set.h"
#include "support/source.h"
#include "workbench/test_packs.h"

namespace advise::workbench {

// One place of the rule text, changed. What stands in a definition changes for all rules that use it.
struct RuleMutant {
  std::string rule;  // qualified name; of a definition the first rule that uses it
  std::string file;
  std::uint32_t line = 0;
  std::string change;     // "`skew_ratio` halved: 2.5", "`count(d) >= 4` left out"
  std::string killed_by;  // the name of the first test that fails; empty: it lives
};
struct Mutants {
  std::vector<RuleMutant> mutants;  // by place
  std::size_t killed = 0;
  // Tests that fail without a mutation kill nothing.
  std::size_t failing_tests = 0;
};

// Of the conditions of the rules of the chosen packs, against the tests of these. The rules are changed and put back:
// nobody else uses them meanwhile; their program grows.
Mutants MutateRules(rules::RuleSet& rules, const TestChoice& choice, const SourceManager& sources);

}  // namespace advise::workbench
