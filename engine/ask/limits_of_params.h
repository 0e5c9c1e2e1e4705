// Which value of a parameter would make a condition true: exact where the condition is monotone in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ask/conditions.h"

namespace advise::ask {

// "`skew_ratio` <= 3.66": every value up to `number` (from it on, if `at_most` is false) makes the condition true.
// `number` lies on the safe side of the exact limit, with four digits, so that `literal` can be pasted into --set.
struct ParamNeed {
  std::uint32_t param = 0;
  bool at_most = true;
  double number = 0;    // base units
  std::string literal;  // "3.66", "128.5MiB"
  bool in_range = true;  // the parameter's declared range has it
};

// For a condition that is false for the rows that the reader looks at: what each parameter in it would have to be, all
// others being as they are. Of `a and b` the needs of all parts that are false, each parameter once; of `a or b` those
// of the first part that has one. Empty: no parameter alone can do it, or it cannot be told.
std::vector<ParamNeed> NeedsOf(const rules::BoundExpr& condition, const rules::RuleSet& set, ConditionReader& reader);

}  // namespace advise::ask
