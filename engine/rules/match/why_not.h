// Why a rule did not report a finding: the combinations of rows that come nearest, and the conditions that they do not
// meet.
#pragma once

#include <cstddef>
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

// The nearest combination of one head.
struct NearCandidate {
  std::vector<std::uint32_t> head;  // one an argument
  std::vector<std::uint32_t> rows;  // one a slot of the rule; kUnboundSlot where it has none of its own
  // It fails conditions on single members, so that there is no group: only these conditions can be asked.
  bool member = false;
  std::size_t unmet_false = 0;
  std::size_t unmet_unknown = 0;
  // How far the values of the false comparisons are from their limits, as shares of the limits, added up; what is no
  // comparison of numbers counts 1.
  double slack = 0;
};
struct NearCandidates {
  WhyNot::Kind kind = WhyNot::Kind::NoPattern;
  // Fewest conditions that fail, then the smallest slack, then the largest share of the application's time, then rows.
  std::vector<NearCandidate> candidates{};
  std::size_t heads = 0;            // how many there are in all
  std::vector<GroupRow> groups{};   // those of the results, then those of the candidates
  RuleIndex rule = 0;               // NoFinding
  std::vector<MissingInput> missing{};  // Needs
  // NoPattern: the step of the plan (RuleCode::plan) that had no partner for the rows bound until then.
  std::optional<std::size_t> stuck{};
  std::vector<std::uint32_t> stuck_rows{};
};

// As ExplainWhyNot, for at most `most` heads that are no finding.
NearCandidates FindNearCandidates(const RuleSet& set, const MatchResults& results, RuleIndex rule,
                                  const std::vector<std::uint32_t>& head, std::size_t most);

}  // namespace advise::rules
