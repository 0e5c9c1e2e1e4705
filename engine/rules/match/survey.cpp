// The walk of the matcher with no condition tested on the way, as `why not` walks, counting instead of searching.
#include "rules/match/survey.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "rules/comparisons.h"
#include "rules/match/group_numbers.h"
#include "rules/match/walk.h"

namespace advise::rules {
namespace {

constexpr double kSmallCount = 10;  // a tenth of fewer things is less than one of them
constexpr std::size_t kMostMembers = 1'000'000;

bool HasLimit(const BoundExpr& expr) {
  bool found = false;
  ForEach(expr, [&](const BoundExpr& part) {
    found = found || part.kind == ExprKind::Param || (part.kind == ExprKind::Constant && part.type.IsNumber());
  });
  return found;
}

bool IsShare(const BoundExpr& expr) { return expr.type.form == NumberForm::Share; }
bool IsCount(const BoundExpr& expr) {
  return expr.type.form == NumberForm::Count || expr.type.form == NumberForm::Slots;
}

// A conjunct as a tree of terms.
struct Node {
  enum class Kind : std::uint8_t { Term, And, Or };
  Kind kind = Kind::Term;
  std::vector<Node> parts{};
  std::size_t term = 0;
};

class Surveyor : public WalkVisitor {
 public:
  Surveyor(const RuleSet& set, const MatchResults& results, RuleIndex index, bool all_terms)
      : results_(results),
        rule_(set.rules[index]),
        code_(set.program.rules[index]),
        evaluation_(*results.evaluation),
        groups_(results.groups),
        all_terms_(all_terms) {
    survey_.conditions.resize(rule_.conjuncts.size());
    for (std::size_t i = 0; i < rule_.conjuncts.size(); ++i)
      trees_.push_back(Tree(rule_.conjuncts[i].condition, code_.conditions[i], i));
    truths_.resize(terms_.size());
  }

  // Nothing was looked at.
  RuleSurvey Empty() { return std::move(survey_); }

  RuleSurvey Run(std::uint64_t steps) {
    evaluation_.Read(groups_.rows(), results_);
    evaluation_.Allow(steps);
    evaluation_.Bind({});
    try {
      Walk(evaluation_, code_.plan, kUnboundSlot, *this).Run();
      if (rule_.group) Groups();
    } catch (const GivenUp&) {
      survey_.given_up = true;
    }
    evaluation_.Read(results_.groups, results_);
    AddHeads();
    return std::move(survey_);
  }

  // ---------------------------------------------------------------- on the walk
  bool Holds(const std::vector<std::size_t>&) { return true; }

  void Found() {
    ++survey_.candidates;
    if (!rule_.group) return Look(false);
    const std::span<const std::uint32_t> rows = evaluation_.Bound(rule_.slots.size());
    if (members_.size() == kMostMembers) throw GivenUp();
    members_.emplace_back(rows.begin(), rows.end());
  }

 private:
  Node Tree(const BoundExpr& expr, const ConditionCode& code, std::size_t conjunct) {
    Node node;
    if (expr.kind == ExprKind::And || expr.kind == ExprKind::Or) {
      node.kind = expr.kind == ExprKind::And ? Node::Kind::And : Node::Kind::Or;
      for (std::size_t i = 0; i < expr.operands.size(); ++i)
        node.parts.push_back(Tree(expr.operands[i], code.parts[i], conjunct));
      return node;
    }
    node.term = terms_.size();
    survey_.terms.push_back({code.span, conjunct});
    terms_.push_back({&code});
    if (code.measured && IsOrder(code.compare)) {
      terms_.back().limited = HasLimit(expr.operands[0]) || HasLimit(expr.operands[1]);
      terms_.back().shares = IsShare(expr.operands[0]) || IsShare(expr.operands[1]);
      terms_.back().counts = IsCount(expr.operands[0]) || IsCount(expr.operands[1]);
    }
    return node;
  }

  // ---------------------------------------------------------------- group by
  // The groups of the members for which the conditions on single ones hold.
  void Groups() {
    const BoundGroup& group = *rule_.group;
    struct Members {
      std::vector<TypedValue> keys;
      std::vector<std::uint32_t> rows;
    };
    std::map<std::vector<std::string>, Members> by_keys;
    for (const std::vector<std::uint32_t>& rows : members_) {
      evaluation_.Bind(rows);
      Look(true);
      if (!all_hold_) continue;
      std::vector<std::string> texts;
      std::vector<TypedValue> keys;
      bool missing = false;
      for (const Output& output : code_.group_keys) {
        GroupKey key = ReadGroupKey(evaluation_, output);
        missing = missing || key.missing;
        texts.push_back(key.value.text);
        keys.push_back(std::move(key.value));
      }
      if (missing) continue;
      Members& members = by_keys[std::move(texts)];
      members.keys = std::move(keys);
      members.rows.push_back(rows[group.member]);
    }
    for (auto& [texts, members] : by_keys) {
      std::ranges::sort(members.rows);
      members.rows.erase(std::unique(members.rows.begin(), members.rows.end()), members.rows.end());
      const metrics::Entity entity = rule_.slots[group.member].type.entity->entity;
      const std::uint32_t number = groups_.Of({entity, std::move(members.keys), std::move(members.rows)});
      evaluation_.Bind({});
      evaluation_.At(group.group) = number;
      Look(false);
    }
  }

  // ---------------------------------------------------------------- one combination
  [[nodiscard]] bool Counts(std::size_t condition, bool members) const {
    return !rule_.group || rule_.conjuncts[condition].before_group == members;
  }

  void Look(bool members) {
    std::optional<std::size_t> failed;
    std::size_t unmet = 0;
    std::size_t unknown_here = 0;
    bool reached = true;
    for (std::size_t i = 0; i < trees_.size(); ++i) {
      if (!Counts(i, members)) continue;
      if (unmet > 1 && !all_terms_) break;  // neither found nor near
      ConditionUse& use = survey_.conditions[i];
      const Truth truth = evaluation_.Test(code_.plan.conditions[i]);
      if (reached) ++use.reached;
      if (reached && truth == Truth::True) ++use.passed;
      if (reached && truth == Truth::Unknown) ++use.unknown;
      use.seen_true = use.seen_true || truth == Truth::True;
      use.seen_false = use.seen_false || truth == Truth::False;
      reached = reached && truth == Truth::True;
      if (truth == Truth::Unknown) ++unknown_here;
      if (truth != Truth::False) continue;
      ++unmet;
      failed = i;
    }
    all_hold_ = reached;
    if (unmet == 1 && unknown_here == 0) ++survey_.conditions[*failed].alone;
    if (all_terms_) SeeTerms(members);
    if (members || unknown_here > 0 || unmet > 1) return;
    Head& head = HeadOf();
    if (unmet == 0) {
      ++head.found;
      for (std::size_t i = 0; i < trees_.size(); ++i) {
        if (Counts(i, false)) Flip(i, Truth::True, head.edge);
      }
    } else {
      Flip(*failed, Truth::False, head.near);
    }
  }

  void SeeTerms(bool members) {
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      TermUse& use = survey_.terms[i];
      if (!Counts(use.conjunct, members)) continue;
      const Truth truth = evaluation_.Test(terms_[i].code->test);
      use.seen_true = use.seen_true || truth == Truth::True;
      use.seen_false = use.seen_false || truth == Truth::False;
    }
  }

  // ---------------------------------------------------------------- what a tenth would decide
  struct Head {
    std::uint32_t found = 0;          // combinations for which all conditions hold
    std::vector<std::uint32_t> edge;  // one a term: for how many of them it decides by less than a tenth
    std::vector<std::uint32_t> near;  // … for how many others it would make them hold
  };

  Head& HeadOf() {
    std::vector<std::uint32_t> rows;
    for (const SlotIndex slot : rule_.head) rows.push_back(evaluation_.At(slot));
    Head& head = heads_[std::move(rows)];
    head.edge.resize(terms_.size());
    head.near.resize(terms_.size());
    return head;
  }

  [[nodiscard]] Truth Fold(const Node& node, std::optional<std::size_t> flipped) const {
    if (node.kind == Node::Kind::Term) return flipped == node.term ? NotTruth(truths_[node.term]) : truths_[node.term];
    const bool all = node.kind == Node::Kind::And;
    Truth truth = all ? Truth::True : Truth::False;
    for (const Node& part : node.parts) {
      const Truth of_part = Fold(part, flipped);
      truth = all ? std::min(truth, of_part) : std::max(truth, of_part);
    }
    return truth;
  }

  // Counts the terms of the conjunct, which is `now`, that a tenth would turn, and the conjunct with them.
  void Flip(std::size_t conjunct, Truth now, std::vector<std::uint32_t>& counts) {
    bool any = false;
    for (std::size_t i = 0; i < terms_.size(); ++i) any = any || (InConjunct(i, conjunct) && terms_[i].limited);
    if (!any) return;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (InConjunct(i, conjunct)) truths_[i] = evaluation_.Test(terms_[i].code->test);
    }
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (!InConjunct(i, conjunct) || truths_[i] == Truth::Unknown || !IsOnEdge(terms_[i])) continue;
      const Truth then = Fold(trees_[conjunct], i);
      if ((now == Truth::True) != (then == Truth::True)) ++counts[i];
    }
  }
  [[nodiscard]] bool InConjunct(std::size_t term, std::size_t conjunct) const {
    return survey_.terms[term].conjunct == conjunct;
  }

  struct Term {
    const ConditionCode* code = nullptr;
    bool limited = false;  // an ordering with a number or parameter in it
    bool counts = false;   // … of whole things
    bool shares = false;   // … of parts of a whole
  };
  bool IsOnEdge(const Term& term) {
    if (!term.limited) return false;
    double left = evaluation_.Number(term.code->left->value);
    double right = evaluation_.Number(term.code->right->value);
    if (!(left > 0) || !(right > 0)) return false;
    // Near the whole it is the rest that counts: 96 % are not nearly 99 %.
    if (term.shares && std::min(left, right) > 0.5 && std::max(left, right) < 1) {
      left = 1 - left;
      right = 1 - right;
    }
    if (term.counts && std::min(left, right) < kSmallCount) return false;
    return std::max(left / right, right / left) <= kEdge;
  }

  void AddHeads() {
    for (const auto& [rows, head] : heads_) {
      for (std::size_t i = 0; i < head.edge.size(); ++i) {
        if (head.found > 0 && head.edge[i] == head.found) ++survey_.terms[i].lost;
        if (head.found == 0 && head.near[i] > 0) ++survey_.terms[i].gained;
      }
    }
  }

  const MatchResults& results_;
  const BoundRule& rule_;
  const RuleCode& code_;
  Evaluation& evaluation_;
  GroupNumbers groups_;
  bool all_terms_;
  RuleSurvey survey_;
  std::vector<Node> trees_;  // one a conjunct
  std::vector<Term> terms_;
  std::vector<Truth> truths_;  // scratch, one a term
  std::vector<std::vector<std::uint32_t>> members_;
  std::map<std::vector<std::uint32_t>, Head> heads_;
  bool all_hold_ = false;  // of the last combination
};

}  // namespace

RuleSurvey SurveyRule(const RuleSet& set, const MatchResults& results, RuleIndex rule, bool all_terms,
                      std::uint64_t steps) {
  Surveyor surveyor(set, results, rule, all_terms);
  return results.outcomes[rule].kind == OutcomeKind::NeedsMissing ? surveyor.Empty() : surveyor.Run(steps);
}

std::vector<std::uint64_t> StepsOfRules(const MatchResults& results) { return results.evaluation->steps_of_rules(); }

}  // namespace advise::rules
