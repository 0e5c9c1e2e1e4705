// What lint knows of rules without a log.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rules/plan/rule_set.h"
#include "support/source.h"

namespace advise::workbench {

// Whether one of the two speaks of the other: joins or negates its findings, explains it, rules it out, or states a
// relation.
bool SpeakOfEachOther(const rules::RuleSet& rules, rules::RuleIndex a, rules::RuleIndex b);

// Pairs (a, b) of rules of one layer with the same pattern, where each condition of b is one of a's, or follows from
// one whose threshold is stricter: wherever a is found, b is, too. Groups are not compared. Both orders: the rules are
// equal.
std::vector<std::pair<rules::RuleIndex, rules::RuleIndex>> ImpliedPairs(const rules::RuleSet& rules,
                                                                        const std::vector<bool>& wanted);

// Codes that the rule allows: `# lint: allow noisy because every stream has one` inside it or above it → the reason.
std::map<std::string, std::string> AllowedCodes(const rules::BoundRule& rule, const SourceManager& sources);

// A statistic of the rule's conditions or evidence that means nothing with few members: percentiles from p90 on (and
// their mirror images), cv, sd, gini, mad, corr. `members` counts them: the expression has the rule's slots alone.
struct SampledStatistic {
  SourceSpan span;
  rules::BoundExpr members;
  std::size_t needed = 0;
  bool percentile = false;
};
std::vector<SampledStatistic> StatisticsOf(const rules::BoundRule& rule);

// Whether a condition of the rule asks how many members there are.
bool CountsMembers(const rules::BoundRule& rule);

}  // namespace advise::workbench
