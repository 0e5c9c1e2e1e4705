// Lowers bound rules to their program.
#pragma once

#include <memory>
#include <vector>

#include "rules/plan/rule_set.h"

namespace advise::rules {

// All rules and suppressions.
RuleSet Lower(BoundRules bound);

class ExprLowerer;

// Lowers expressions that were bound later (explain templates) into a copy of the set's code, which they extend: what
// was computed for the one is good for the other.
class LateLowerer {
 public:
  explicit LateLowerer(const RuleSet& set);
  ~LateLowerer();

  // `slots`: those of the rule to which the expression belongs, and what it added.
  Output Print(const BoundExpr& expr, const std::vector<Slot>& slots);
  // A whole rule that is none of the set: a query.
  RuleCode Rule(const BoundRule& rule);
  [[nodiscard]] const Code& code() const { return *code_; }

 private:
  std::unique_ptr<Code> code_;
  std::unique_ptr<ExprLowerer> lowerer_;
};

}  // namespace advise::rules
