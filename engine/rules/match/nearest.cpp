#include "rules/match/nearest.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "rules/match/plan_walk.h"
#include "rules/match/values.h"

namespace advise::rules {
namespace {

bool IsLower(ast::BinaryOp op) { return op == ast::BinaryOp::Gt || op == ast::BinaryOp::Ge; }
bool IsUpper(ast::BinaryOp op) { return op == ast::BinaryOp::Lt || op == ast::BinaryOp::Le; }

// A comparison of numbers whose failure can be measured.
bool IsMeasured(const BoundExpr& condition) {
  return condition.kind == ExprKind::Compare && (IsLower(condition.op) || IsUpper(condition.op)) &&
         condition.operands[0].type.IsNumber() && condition.operands[1].type.IsNumber();
}

// Walks the plan of one rule like the matcher, but goes on with one condition failed.
class NearFinder : private PlanWalk<NearFinder> {
 public:
  NearFinder(const RuleSet& set, RuleIndex rule, Evaluator& evaluator, std::vector<FindingsOfRule>& findings,
             std::size_t max_combinations)
      : PlanWalk(set.rules[rule], evaluator),
        index_(rule),
        plan_(set.plans[rule]),
        findings_(findings),
        left_(max_combinations) {}

  std::optional<NearMiss> Run() {
    if (Holds(plan_.once)) Step(0);
    return left_ == 0 ? std::nullopt : std::move(best_);
  }

 private:
  friend PlanWalk<NearFinder>;

  // Tests the conditions; one may fail if none has yet. Unknown is no near miss.
  bool Holds(const std::vector<std::size_t>& conjuncts) {
    for (const std::size_t conjunct : conjuncts) {
      const Conjunct& one = rule_.conjuncts[conjunct];
      const Truth truth = evaluator_.Test(one.condition, frame_);
      if (truth == Truth::True) continue;
      if (truth == Truth::Unknown || failed_ || one.applies || !IsMeasured(one.condition)) return false;
      failed_ = conjunct;
    }
    return true;
  }

  void Continue(std::size_t number) {
    const std::optional<std::size_t> before = failed_;
    std::vector<std::size_t> conjuncts = plan_.steps[number].filters;
    for (const ColumnTest& test : plan_.steps[number].tests) conjuncts.push_back(test.conjunct);
    if (Holds(conjuncts)) Step(number + 1);
    failed_ = before;
  }

  void Step(std::size_t number) {
    if (left_ == 0) return;
    if (number == plan_.steps.size()) {
      --left_;
      if (failed_) Offer();
      return;
    }
    const PlanStep& step = plan_.steps[number];
    switch (step.kind) {
      case StepKind::Scan:
        for (const std::uint32_t row : evaluator_.DomainOf(rule_.slots[step.slot]).rows) {
          if (left_ == 0) break;
          --left_;
          frame_.Set(step.slot, row);
          Continue(number);
        }
        frame_.Set(step.slot, kUnboundSlot);
        break;
      case StepKind::Finding: {
        const BoundAtom& atom = rule_.for_atoms[step.index];
        Join(atom, findings_[atom.rule].known, Wanted(atom), number);
        break;
      }
      case StepKind::Follow: Follow(step, number); break;
      case StepKind::Check: Check(step, number); break;
    }
  }

  // A rule without evidence measures whatever it compares.
  [[nodiscard]] bool IsMeasure(const Conjunct& conjunct) const {
    return rule_.evidence.empty() || std::ranges::any_of(rule_.evidence, [&](const NamedExpr& evidence) {
             return conjunct.text.find(evidence.name) != std::string::npos;
           });
  }

  void Offer() {
    const Conjunct& conjunct = rule_.conjuncts[*failed_];
    const BoundExpr& condition = conjunct.condition;
    // The limit is the side that no row decides; of two that depend on rows the right one.
    const bool limit_left = FreeSlots(condition.operands[0]).empty() && !FreeSlots(condition.operands[1]).empty();
    const BoundExpr& value = condition.operands[limit_left ? 1 : 0];
    const BoundExpr& limit = condition.operands[limit_left ? 0 : 1];
    const bool lower = IsLower(condition.op) != limit_left;
    const double measured = evaluator_.Number(value, frame_);
    const double wanted = evaluator_.Number(limit, frame_);
    const double closeness = lower ? measured / wanted : wanted / measured;
    if (!(measured > 0) || !(wanted > 0) || !(closeness <= 1)) return;
    const bool measure = IsMeasure(conjunct);
    if (best_ && std::pair(measure, closeness) <= std::pair(best_->measure, best_->closeness)) return;
    NearMiss miss;
    miss.measure = measure;
    miss.rule = index_;
    for (const SlotIndex slot : rule_.head) miss.head.push_back(frame_.At(slot));
    miss.condition = conjunct.text;
    miss.value = evaluator_.Typed(value, frame_);
    miss.limit = evaluator_.Typed(limit, frame_);
    miss.closeness = closeness;
    best_ = std::move(miss);
  }

  RuleIndex index_;
  const RulePlan& plan_;
  std::vector<FindingsOfRule>& findings_;
  std::size_t left_;
  std::optional<std::size_t> failed_;  // the conjunct that fails in the frame
  std::optional<NearMiss> best_;
};

}  // namespace

std::vector<NearMiss> NearestMisses(const RuleSet& set, const model::JobModel& model, const MatchResults& results,
                                    std::size_t max_combinations) {
  std::vector<FindingsOfRule> findings(set.rules.size());
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) {
    findings[rule].known.Reset(set.rules[rule].head.size());
    findings[rule].unknown.Reset(set.rules[rule].head.size());
  }
  for (const Match& match : results.matches) findings[match.rule].known.Add(match.head);
  Evaluator evaluator(set, model, results.groups, findings, results.outcomes, results.matches);
  std::vector<NearMiss> misses;
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) {
    const BoundRule& bound = set.rules[rule];
    const RuleOutcome& outcome = results.outcomes[rule];
    if (bound.layer == Layer::Advice || bound.disabled || bound.group || outcome.matches > 0 ||
        outcome.kind != OutcomeKind::Evaluated) {
      continue;
    }
    NearFinder finder(set, static_cast<RuleIndex>(rule), evaluator, findings, max_combinations);
    if (std::optional<NearMiss> miss = finder.Run()) misses.push_back(std::move(*miss));
  }
  std::ranges::stable_sort(misses, std::greater<>(), &NearMiss::closeness);
  return misses;
}

}  // namespace advise::rules
