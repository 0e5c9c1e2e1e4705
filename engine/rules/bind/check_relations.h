// Relations between advices that their effects settle: what a rule file states must not contradict them.
#pragma once

#include "rules/bind/bound_rule.h"
#include "support/diagnostics.h"

namespace advise::rules {

// Reports every stated relation that cannot be: two advices that set one thing to two different constants exclude each
// other, so neither may require or overlap with the other; an advice that drops what the other changes replaces it, so
// it may not require it. A bad relation is removed; its rule stays. Effects whose values depend on the job settle
// nothing here.
void CheckRelations(BoundRules& set, Diagnostics& diagnostics);

}  // namespace advise::rules
