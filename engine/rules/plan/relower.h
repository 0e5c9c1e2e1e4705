// Lowers single rules of a set again after their bound trees were changed: for questions about changed rules (mutants).
#pragma once

#include <memory>

#include "rules/plan/rule_set.h"

namespace advise::rules {

class ExprLowerer;

// Into the set's own program, which grows. Nobody else uses the set meanwhile; it outlives this. (In lower.cpp.)
class Relowerer {
 public:
  explicit Relowerer(RuleSet& set);
  ~Relowerer();
  void Lower(RuleIndex rule);

 private:
  RuleSet& set_;
  std::unique_ptr<ExprLowerer> lowerer_;
};

}  // namespace advise::rules
