// Compiled rules: what every stage behind the compiler reads. Const once it is made, and shared by threads.
#pragma once

#include <string>

#include "rules/bind/bound_rule.h"
#include "rules/plan/program.h"

namespace advise::rules {

struct RuleSet : BoundRules {
  Program program;  // what match/ runs; the bound trees stay as they are
};

// For people: `advise rule`, tests. The program with all its instructions; how the candidates of one rule are
// enumerated.
std::string PrintProgram(const RuleSet& set);
std::string PrintPlan(const RuleSet& set, RuleIndex rule);

}  // namespace advise::rules
