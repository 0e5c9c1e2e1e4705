// Which rules read which: found on the syntax tree, before bodies are bound, because a body needs the bound heads of
// the rules that it reads.
#pragma once

#include <cstddef>
#include <vector>

#include "rules/bind/symbols.h"
#include "support/diagnostics.h"

namespace advise::rules {

// The order in which to bind (and evaluate) rules: by layer, then by depth, then as declared. Rules in a circle, or
// that read a layer above theirs, are reported and marked left out (those that read them: not yet).
struct RuleOrder {
  std::vector<std::size_t> order;               // indices of Symbols::rules
  std::vector<int> depth;                       // one a rule of Symbols::rules: longest chain of reads below it
  std::vector<std::vector<std::size_t>> reads;  // one a rule: what it reads, each once
};
RuleOrder OrderRules(Symbols& symbols, Diagnostics& diagnostics);

// Whether the body of a definition mentions a rule, itself or by another definition.
bool ReadsRules(const Symbols& symbols, const DefSymbol& def);

}  // namespace advise::rules
