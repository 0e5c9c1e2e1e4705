// How the candidates of a rule are enumerated: which variable first, along which edges, and what is tested when. Needs
// no log. Also shares work between rules: every expression over one row becomes one derived column of the whole pack.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rules/bind/bound_rule.h"

namespace advise::rules {

enum class StepKind : std::uint8_t {
  Scan,     // binds `slot` to every row of its type
  Finding,  // joins the findings of for_atoms[index]; binds the variables that are new
  Follow,   // from a bound end of match.edges[index] to the other; binds it, and the edge's own variable
  Check,    // both ends of match.edges[index] are bound; binds the edge's own variable
};

// `column op threshold`, where the threshold depends on no row: tested for all rows of a scan at once.
struct ColumnTest {
  std::size_t conjunct = 0;  // of BoundRule::conjuncts
  std::size_t column = 0;    // of RuleSet::columns
  ast::BinaryOp op = ast::BinaryOp::Gt;
  bool threshold_left = false;  // which operand of the condition is the threshold; `op` is as if it stood right
};

struct PlanStep {
  StepKind kind = StepKind::Scan;
  SlotIndex slot = 0;  // Scan, Follow: what is bound
  std::size_t index = 0;
  bool forward = true;                 // Follow: from `from` to `to`
  std::vector<ColumnTest> tests{};     // Scan only
  std::vector<std::size_t> filters{};  // conjuncts whose variables are all bound now, cheap ones first
};

struct RulePlan {
  std::vector<std::size_t> once{};  // conjuncts that depend on no variable
  std::vector<PlanStep> steps{};    // empty: one candidate without variables
  std::vector<std::size_t> after_group{};
};

// Fills set.plans, set.columns and the column and dist numbers in the expressions of all rules.
void BuildPlans(RuleSet& set);

// For people: `advise rule`, tests.
std::string PrintPlan(const RuleSet& set, RuleIndex rule);

}  // namespace advise::rules
