// Why a rule did not report a finding: the nearest combination of rows and the conditions that it does not meet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/match/match.h"
#include "support/source.h"

namespace advise::rules {

// A condition that is not true, or a comparison inside it.
struct UnmetCondition {
  SourceSpan span;
  bool unknown = false;              // not false, but unknown
  std::size_t conjunct = 0;          // of BoundRule::conjuncts
  std::optional<TypedValue> left{};  // of a comparison
  std::optional<TypedValue> right{};
};

struct WhyNot {
  enum class Kind : std::uint8_t {
    Conditions,  // `unmet` of the nearest combination
    NoFinding,   // `for` joins a rule that has no such finding: `rule`
    NoPattern,   // nothing in the run has the shape of the pattern
    Needs,       // an attribute of `needs` is in no row: `missing`
    TooMany,     // the rule, or this search, was given up
  };
  Kind kind = Kind::NoPattern;
  std::vector<UnmetCondition> unmet{};
  RuleIndex rule = 0;
  std::vector<MissingInput> missing{};
};

// `head`: one row an argument, or kAnyRow (finding_table.h); of a group any of its members. `results` are those of
// MatchAll, in which the rule has no such finding.
WhyNot ExplainWhyNot(const RuleSet& set, const MatchResults& results, RuleIndex rule,
                     const std::vector<std::uint32_t>& head);

}  // namespace advise::rules
