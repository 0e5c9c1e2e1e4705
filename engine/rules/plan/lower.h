// Lowers the rules of a set to its program.
#pragma once

#include <vector>

#include "rules/plan/program.h"

namespace advise::rules {

// All rules and suppressions of the set, into set.program.
void Lower(RuleSet& set);

// A text that stands elsewhere (BindRuleText), into the same program; its expressions share what the rules have.
// `slots`: those of its rule, and what the text added.
OutputText LowerText(RuleSet& set, const std::vector<Slot>& slots, const BoundText& text);

}  // namespace advise::rules
