// What each condition of a rule did on a run: how many combinations of rows reached it and passed, where it alone stood
// in the way, whether its terms were seen true and false, and which comparisons of numbers a tenth more or less would
// decide otherwise. For those who judge rules (workbench/), not for reports: unlike the matcher it looks at every
// combination.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/match/match.h"
#include "support/source.h"

namespace advise::rules {

// Of one conjunct. Of a rule with `group by`, conditions on single members count members, the others groups.
struct ConditionUse {
  std::uint64_t reached = 0;  // combinations for which every condition written before it holds
  std::uint64_t passed = 0;   // of these, for how many it holds
  std::uint64_t unknown = 0;  // … for how many it is unknown
  std::uint64_t alone = 0;    // combinations for which all others hold and it is false
  bool seen_true = false;
  bool seen_false = false;
};

// What `and` and `or` join inside a conjunct; of a conjunct without them, the conjunct itself.
struct TermUse {
  SourceSpan span;
  std::size_t conjunct = 0;  // of BoundRule::conjuncts
  bool seen_true = false;
  bool seen_false = false;
  // Of an ordering of numbers with a parameter or a number of the rule in it: heads that are findings and would be
  // none, and heads that are none and would be, if one of the two sides were a tenth more or less.
  std::uint64_t lost = 0;
  std::uint64_t gained = 0;
};

struct RuleSurvey {
  std::uint64_t candidates = 0;  // combinations of rows that have the shape of the pattern
  std::vector<ConditionUse> conditions;
  std::vector<TermUse> terms;
  bool given_up = false;  // it took more steps than allowed: the counts are those until then
};

// By how much a comparison is decided that a tenth would decide otherwise.
inline constexpr double kEdge = 1.1;

// `results` are those of MatchAll. `all_terms`: every term of every combination is looked at (seen_true, seen_false);
// else only those that decide. A rule that misses an input has no candidates. `steps`: support/limits.h.
RuleSurvey SurveyRule(const RuleSet& set, const MatchResults& results, RuleIndex rule, bool all_terms,
                      std::uint64_t steps = 2'000'000);

// What the matcher took for each rule, in steps: one a rule of the set.
std::vector<std::uint64_t> StepsOfRules(const MatchResults& results);

}  // namespace advise::rules
