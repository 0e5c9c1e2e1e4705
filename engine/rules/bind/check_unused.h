// Names that nothing reads: lets, parameters and definitions. Asked once all rules and all templates are bound, and
// only where an author wants to know (check, test, editors): templates of rules that did not fire are not read in a
// run.
#pragma once

#include "rules/bind/bound_rule.h"
#include "support/diagnostics.h"

namespace advise::rules {

// Conservative: a name that is mentioned where it could be meant counts as used. Names of the built-in packs only where
// nobody asks about a pack of their own.
void CheckUnused(const BoundRules& set, bool built_in_too, Diagnostics& diagnostics);

}  // namespace advise::rules
