// `advise why-not`: why a rule did not report something, by the candidates that come nearest.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ask/limits_of_params.h"
#include "ask/select.h"
#include "ask/shown.h"
#include "ask/why.h"

namespace advise::ask {

// A condition that does not hold, and the values of parameters with which it would.
struct UnmetShown {
  ConditionShown condition;
  std::vector<ParamNeed> needs;  // any of them
};

struct CandidateShown {
  std::string id;  // "spark.core.skewed_join(12.0,3/7)"
  std::vector<VariableShown> variables;
  bool member = false;  // of a rule that groups: a member that makes no group
  std::size_t conditions = 0;  // that were asked
  std::vector<UnmetShown> unmet;
  // What would make it a finding: one parameter each, all together. Empty: something else is needed.
  std::vector<ParamNeed> would_fire;
  // Whether it was tried with these values. Only for the first candidates, and values in the range of the parameter.
  std::optional<bool> tried;
};

// A finding that is there after all.
struct ThereShown {
  std::string id;
  int number = 0;            // in the report; 0: it has none
  std::string explained_by;  // the finding that it is folded under
  std::string suppressed;    // why it is hidden
  std::string not_chosen;    // of an advice that is not taken: why
};

// The edge, or the row, that the pattern has no partner for.
struct StuckShown {
  std::string what;  // "no `Runs` edge leads from stage 12 attempt 0 to a SortMergeJoin"
  std::vector<VariableShown> variables;  // what was found until then
};

struct WhyNotAnswer {
  std::string rule;
  std::string layer;
  Place place;
  std::vector<ThereShown> there;
  // Why there is nothing to rank, in words; empty: `candidates` say it.
  std::string because;
  std::vector<rules::MissingInput> missing;  // of the rule as a whole
  std::optional<StuckShown> stuck;
  std::vector<CandidateShown> candidates;  // nearest first
  std::size_t heads = 0;                   // candidates in all
  std::vector<WhyNotAnswer> waits_for;     // a rule that it starts from and that found nothing; at most one
  std::vector<ParamShown> params;          // all that its conditions speak of
};

// At most `most` candidates. Errors: no such rule or id.
Result<WhyNotAnswer> AskWhyNot(const AskedRun& run, const Selector& selector, std::size_t most);

}  // namespace advise::ask
