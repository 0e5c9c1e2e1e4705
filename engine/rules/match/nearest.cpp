// The search for near misses: the walk of the matcher, but one condition may fail on the way.
#include "rules/match/nearest.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "rules/match/walk.h"

namespace advise::rules {
namespace {

bool IsLower(ast::BinaryOp op) { return op == ast::BinaryOp::Gt || op == ast::BinaryOp::Ge; }
bool IsUpper(ast::BinaryOp op) { return op == ast::BinaryOp::Lt || op == ast::BinaryOp::Le; }

// A comparison of numbers whose failure can be measured.
bool IsMeasured(const ConditionCode& condition) {
  return condition.measured && (IsLower(condition.compare) || IsUpper(condition.compare));
}

// Goes on with one condition failed.
class NearFinder : public WalkVisitor {
 public:
  NearFinder(const RuleSet& set, RuleIndex rule, Evaluation& evaluation)
      : index_(rule),
        rule_(set.rules[rule]),
        code_(set.program.rules[rule]),
        instructions_(set.program.code.instructions),
        evaluation_(evaluation) {}

  std::optional<NearMiss> Run(std::uint64_t steps) {
    evaluation_.Allow(steps);
    evaluation_.Bind({});
    try {
      Walk(evaluation_, code_.plan, kUnboundSlot, *this).Run();
    } catch (const GivenUp&) {
      return std::nullopt;
    }
    return std::move(best_);
  }

  // One may fail if none has yet. Unknown is no near miss.
  bool Holds(const std::vector<std::size_t>& conditions) {
    for (const std::size_t condition : conditions) {
      const Truth truth = evaluation_.Test(code_.plan.conditions[condition]);
      if (truth == Truth::True) continue;
      const bool measured = IsMeasured(code_.conditions[condition]) && !rule_.conjuncts[condition].applies;
      if (truth == Truth::Unknown || failed_ || !measured) return false;
      failed_ = condition;
    }
    return true;
  }
  [[nodiscard]] std::optional<std::size_t> Mark() const { return failed_; }
  void Reset(std::optional<std::size_t> failed) { failed_ = failed; }
  void Found() {
    if (failed_) Offer();
  }

 private:
  // A rule without evidence measures whatever it compares.
  [[nodiscard]] bool IsMeasure(const Conjunct& conjunct) const {
    return rule_.evidence.empty() || std::ranges::any_of(rule_.evidence, [&](const NamedExpr& evidence) {
             return conjunct.text.find(evidence.name) != std::string::npos;
           });
  }

  void Offer() {
    const Conjunct& conjunct = rule_.conjuncts[*failed_];
    const ConditionCode& condition = code_.conditions[*failed_];
    // The limit is the side that no row decides; of two that depend on rows the right one.
    const bool limit_left =
        instructions_[condition.left->value].fixed() && !instructions_[condition.right->value].fixed();
    const Output& value = limit_left ? *condition.right : *condition.left;
    const Output& limit = limit_left ? *condition.left : *condition.right;
    const bool lower = IsLower(condition.compare) != limit_left;
    const double measured = evaluation_.Number(value.value);
    const double wanted = evaluation_.Number(limit.value);
    const double closeness = lower ? measured / wanted : wanted / measured;
    if (!(measured > 0) || !(wanted > 0) || !(closeness <= 1)) return;
    const bool measure = IsMeasure(conjunct);
    if (best_ && std::pair(measure, closeness) <= std::pair(best_->measure, best_->closeness)) return;
    NearMiss miss;
    miss.measure = measure;
    miss.rule = index_;
    for (const SlotIndex slot : rule_.head) miss.head.push_back(evaluation_.At(slot));
    miss.condition = conjunct.text;
    miss.value = evaluation_.Typed(value);
    miss.limit = evaluation_.Typed(limit);
    miss.closeness = closeness;
    best_ = std::move(miss);
  }

  RuleIndex index_;
  const BoundRule& rule_;
  const RuleCode& code_;
  const std::vector<Instruction>& instructions_;
  Evaluation& evaluation_;
  std::optional<std::size_t> failed_;  // the condition that fails for the rows of the variables
  std::optional<NearMiss> best_;
};

}  // namespace

std::vector<NearMiss> NearestMisses(const RuleSet& set, const MatchResults& results, std::uint64_t steps) {
  results.evaluation->Read(results.groups, results);
  std::vector<NearMiss> misses;
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule) {
    const BoundRule& bound = set.rules[rule];
    const RuleOutcome& outcome = results.outcomes[rule];
    if (bound.layer == Layer::Advice || bound.disabled || bound.group || outcome.matches > 0 ||
        outcome.kind != OutcomeKind::Evaluated) {
      continue;
    }
    NearFinder finder(set, static_cast<RuleIndex>(rule), *results.evaluation);
    if (std::optional<NearMiss> miss = finder.Run(steps)) misses.push_back(std::move(*miss));
  }
  std::ranges::stable_sort(misses, std::greater<>(), &NearMiss::closeness);
  return misses;
}

}  // namespace advise::rules
