// One rule after the other, in the order of the set.
#include "rules/plan/lower.h"

#include <algorithm>
#include <memory>

#include "rules/plan/lower_expr.h"
#include "rules/plan/relower.h"

namespace advise::rules {
namespace {

// The slots of a rule are its first variables, each under its own number; members and patterns come after them.
LowerScope ScopeOf(const std::vector<Slot>& slots) {
  LowerScope scope;
  for (const Slot& slot : slots) {
    const SlotIndex number = scope.next++;
    if (slot.role != SlotRole::Element && slot.role != SlotRole::Inner) scope.variables.emplace_back(number, number);
  }
  return scope;
}

class RuleLowerer {
 public:
  RuleLowerer(ExprLowerer& lowerer, const std::vector<Slot>& slots) : lowerer_(lowerer), scope_(ScopeOf(slots)) {
    lowerer.Enter(slots, scope_);
  }

  RuleCode Rule(const BoundRule& rule) {
    RuleCode code;
    PlanInput input{rule.match, rule.for_atoms};
    for (const auto& [slot, variable] : scope_.variables) input.own.push_back(slot);
    for (const Conjunct& conjunct : rule.conjuncts) {
      input.conditions.push_back(&conjunct.condition);
      code.conditions.push_back(Condition(conjunct.condition));
    }
    code.plan = BuildPlan(lowerer_, input, scope_);
    code.plan.count = scope_.next;
    if (rule.group) {
      for (const BoundExpr& key : rule.group->keys) code.group_keys.push_back(Print(key));
    }
    for (const BoundAtom& atom : rule.explains) code.explains.push_back(Atom(atom));
    for (const BoundRelation& relation : rule.relations) code.relations.push_back(Atom(relation.atom));
    for (const ConfidenceCase& one : rule.confidence)
      code.confidence.push_back({Value(one.value), Test(one.condition)});
    for (const SeverityCase& one : rule.severity) code.severity.push_back(Test(one.condition));
    for (const NamedExpr& value : rule.evidence) code.evidence.push_back(Print(value.value));
    code.costs = Test(rule.costs);
    for (const BoundRuledOut& other : rule.rules_out) {
      code.rules_out.push_back({{}, lowerer_.Print(other.because, scope_)});
      for (const NamedExpr& condition : other.conditions)
        code.rules_out.back().conditions.push_back(Condition(condition.value));
    }
    code.title = lowerer_.Print(rule.title, scope_);
    code.message = lowerer_.Print(rule.message, scope_);
    code.fix = lowerer_.Print(rule.fix, scope_);
    for (const BoundChange& change : rule.changes) {
      code.changes.emplace_back();
      if (change.value) code.changes.back().value = Print(*change.value);
      if (change.text) code.changes.back().text = lowerer_.Print(*change.text, scope_);
    }
    return code;
  }

  Ref Value(const BoundExpr& expr) { return lowerer_.Value(expr, scope_); }
  Output Print(const BoundExpr& expr) { return lowerer_.Print(expr, scope_); }

 private:
  Ref Test(const std::optional<BoundExpr>& expr) { return expr ? Value(*expr) : kNone; }

  ConditionCode Condition(const BoundExpr& expr) {
    ConditionCode code;
    code.test = Value(expr);
    code.span = expr.span;
    if (expr.kind == ExprKind::And || expr.kind == ExprKind::Or) {
      for (const BoundExpr& part : expr.operands) code.parts.push_back(Condition(part));
    } else if (expr.kind == ExprKind::Compare) {
      code.compare = expr.op;
      code.measured = expr.operands[0].type.IsNumber() && expr.operands[1].type.IsNumber();
      code.left = Print(expr.operands[0]);
      code.right = Print(expr.operands[1]);
    } else if (expr.kind == ExprKind::In || expr.kind == ExprKind::Matches) {
      code.left = Print(expr.operands[0]);
    }
    return code;
  }

  AtomCode Atom(const BoundAtom& atom) {
    AtomCode code{atom.rule, {}};
    for (const BoundExpr& argument : atom.arguments)
      code.arguments.push_back(argument.kind == ExprKind::Wildcard ? kNone : lowerer_.Row(argument, scope_));
    return code;
  }

  ExprLowerer& lowerer_;
  LowerScope scope_;
};

}  // namespace

RuleSet Lower(BoundRules bound) {
  RuleSet set{std::move(bound), {}};
  Program& program = set.program;
  ExprLowerer lowerer(set, program.code);
  program.rules.reserve(set.rules.size());
  for (const BoundRule& rule : set.rules) program.rules.push_back(RuleLowerer(lowerer, rule.slots).Rule(rule));
  for (const BoundSuppression& suppression : set.suppressions) {
    RuleLowerer small(lowerer, suppression.slots);
    program.suppressions.emplace_back();
    for (const Conjunct& conjunct : suppression.conditions)
      program.suppressions.back().push_back(small.Value(conjunct.condition));
  }
  return set;
}

LateLowerer::LateLowerer(const RuleSet& set)
    : code_(std::make_unique<Code>(set.program.code)), lowerer_(std::make_unique<ExprLowerer>(set, *code_)) {}
LateLowerer::~LateLowerer() = default;

RuleCode LateLowerer::Rule(const BoundRule& rule) { return RuleLowerer(*lowerer_, rule.slots).Rule(rule); }

Output LateLowerer::Print(const BoundExpr& expr, const std::vector<Slot>& slots) {
  return RuleLowerer(*lowerer_, slots).Print(expr);
}

Relowerer::Relowerer(RuleSet& set) : set_(set), lowerer_(std::make_unique<ExprLowerer>(set, set.program.code)) {}
Relowerer::~Relowerer() = default;

void Relowerer::Lower(RuleIndex rule) {
  const BoundRule& changed = set_.rules[rule];
  set_.program.rules[rule] = RuleLowerer(*lowerer_, changed.slots).Rule(changed);
}

}  // namespace advise::rules
