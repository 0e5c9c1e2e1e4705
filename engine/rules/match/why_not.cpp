#include "rules/match/why_not.h"

#include <algorithm>
#include <map>
#include <utility>

#include "rules/match/evaluator.h"
#include "rules/match/finding_table.h"

namespace advise::rules {
namespace {

constexpr std::size_t kMostCombinations = 20'000;

// How far a combination is from being a match.
struct Distance {
  std::size_t unmet_false = 0;
  std::size_t unmet_unknown = 0;
  friend auto operator<=>(const Distance&, const Distance&) = default;
};

class Search {
 public:
  Search(const RuleSet& set, const model::JobModel& model, const MatchResults& results, RuleIndex index,
         std::vector<std::uint32_t> head)
      : set_(set),
        model_(model),
        results_(results),
        rule_(set.rules[index]),
        head_(std::move(head)),
        groups_(results.groups),
        findings_(results.findings),
        evaluator_(set, model, groups_, findings_, results.outcomes, results.matches),
        frame_(rule_.slots),
        done_(rule_.match.edges.size(), false) {}

  WhyNot Run() {
    for (std::size_t i = 0; i < head_.size(); ++i) wanted_[rule_.head[i]] = head_[i];
    Findings(0);
    if (rule_.group) Groups();
    if (too_many_) {
      miss_.kind = WhyNot::Kind::TooMany;
    } else if (best_) {
      miss_.kind = WhyNot::Kind::Conditions;
      Frame frame(rule_.slots, best_->second);
      Explain(frame);
    } else if (without_finding_ && !met_findings_) {
      miss_.kind = WhyNot::Kind::NoFinding;
      miss_.rule = *without_finding_;
    }
    return std::move(miss_);
  }

 private:
  // ---------------------------------------------------------------- combinations
  // The row that the head wants of a slot; kAnyRow: any.
  [[nodiscard]] std::uint32_t Wanted(SlotIndex slot) const {
    const auto found = wanted_.find(slot);
    return found == wanted_.end() ? kAnyRow : found->second;
  }

  // False if the row cannot stand there.
  bool Bind(SlotIndex slot, std::uint32_t row) {
    const std::uint32_t wanted = Wanted(slot);
    const Slot& variable = rule_.slots[slot];
    const bool group = variable.type.kind == TypeKind::Group;  // named by a member
    if (wanted != kAnyRow && (group ? !std::ranges::binary_search(groups_[row].members, wanted) : wanted != row))
      return false;
    if (variable.type.kind == TypeKind::Entity && evaluator_.DomainOf(variable).mask[row] == 0) return false;
    frame_.Set(slot, row);
    return true;
  }

  void Findings(std::size_t number) {
    if (number == rule_.for_atoms.size()) {
      met_findings_ = true;
      Pattern();
      return;
    }
    const BoundAtom& atom = rule_.for_atoms[number];
    FindingTable& table = findings_[atom.rule].known;
    bool any = false;
    for (std::size_t i = 0; i < table.size() && !too_many_; ++i) {
      const auto head = table.Head(i);
      std::vector<SlotIndex> fresh;
      bool fits = true;
      for (std::size_t k = 0; k < head.size() && fits; ++k) {
        if (atom.arguments[k].kind == ExprKind::Wildcard) continue;
        const SlotIndex slot = atom.arguments[k].index;
        if (frame_.At(slot) != kUnboundSlot) {
          fits = frame_.At(slot) == head[k];
          continue;
        }
        fits = Bind(slot, head[k]);
        if (fits) fresh.push_back(slot);
      }
      if (fits) {
        any = true;
        Findings(number + 1);
      }
      for (const SlotIndex slot : fresh) frame_.Set(slot, kUnboundSlot);
    }
    if (!any && !without_finding_) without_finding_ = atom.rule;
  }

  void Pattern() {
    if (too_many_) return;
    for (std::size_t i = 0; i < rule_.match.edges.size(); ++i) {
      const PatternEdge& edge = rule_.match.edges[i];
      if (done_[i]) continue;
      const bool forward = frame_.At(edge.from) != kUnboundSlot;
      if (!forward && frame_.At(edge.to) == kUnboundSlot) continue;
      Follow(i, forward);
      return;
    }
    for (const SlotIndex node : rule_.match.nodes) {
      if (frame_.At(node) != kUnboundSlot) continue;
      for (const std::uint32_t row : evaluator_.DomainOf(rule_.slots[node]).rows) {
        if (Bind(node, row)) Pattern();
      }
      frame_.Set(node, kUnboundSlot);
      return;
    }
    if (++combinations_ > kMostCombinations) too_many_ = true;
    if (rule_.group) {
      members_.push_back(frame_.rows());
    } else {
      Offer(frame_);
    }
  }

  void Follow(std::size_t number, bool forward) {
    const PatternEdge& edge = rule_.match.edges[number];
    const SlotIndex there = forward ? edge.to : edge.from;
    const std::uint32_t before = frame_.At(there);
    done_[number] = true;
    for (const Neighbour& neighbour : evaluator_.Neighbours(edge, frame_.At(forward ? edge.from : edge.to), forward)) {
      if (before != kUnboundSlot ? neighbour.row != before : !Bind(there, neighbour.row)) continue;
      if (!edge.edge || Bind(*edge.edge, neighbour.edge)) Pattern();
    }
    done_[number] = false;
    frame_.Set(there, before);
    if (edge.edge) frame_.Set(*edge.edge, kUnboundSlot);
  }

  // ---------------------------------------------------------------- group by
  // The groups of what the pattern has, with the conditions on single members left out if they leave nothing.
  void Groups() {
    const BoundGroup& group = *rule_.group;
    std::map<std::vector<std::string>, std::vector<std::uint32_t>> by_keys;
    std::optional<std::vector<std::uint32_t>> nearest;
    for (const std::vector<std::uint32_t>& rows : members_) {
      Frame frame(rule_.slots, rows);
      if (Measure(frame, true) != Distance{}) {
        Offer(frame, true);
        continue;
      }
      std::vector<std::string> keys;
      for (const BoundExpr& key : group.keys) keys.push_back(evaluator_.Typed(key, frame).text);
      by_keys[keys].push_back(rows[group.member]);
    }
    bool any = false;
    for (auto& [keys, members] : by_keys) {
      std::ranges::sort(members);
      members.erase(std::unique(members.begin(), members.end()), members.end());
      if (!GroupIsWanted(members)) continue;
      if (!any) best_.reset();
      any = true;
      Frame frame(rule_.slots);
      frame.Set(group.group, static_cast<std::uint32_t>(groups_.size()));
      groups_.push_back({rule_.slots[group.member].type.entity->entity, {}, members});
      Offer(frame);
    }
  }

  // An argument that is a group may be named by one of its members.
  [[nodiscard]] bool GroupIsWanted(const std::vector<std::uint32_t>& members) const {
    for (std::size_t i = 0; i < head_.size(); ++i) {
      if (rule_.slots[rule_.head[i]].type.kind != TypeKind::Group || head_[i] == kAnyRow) continue;
      if (!std::ranges::binary_search(members, head_[i])) return false;
    }
    return true;
  }

  // ---------------------------------------------------------------- the nearest
  // Of a rule with groups: `members` looks at the conditions on single members, else at the others.
  Distance Measure(Frame& frame, bool members) {
    Distance distance;
    for (const Conjunct& conjunct : rule_.conjuncts) {
      if (rule_.group && conjunct.before_group != members) continue;
      const Truth truth = evaluator_.Test(conjunct.condition, frame);
      if (truth == Truth::False) ++distance.unmet_false;
      if (truth == Truth::Unknown) ++distance.unmet_unknown;
    }
    return distance;
  }

  void Offer(Frame& frame, bool members = false) {
    const Distance distance = Measure(frame, members);
    if (best_ && best_->first <= distance) return;
    best_ = {distance, frame.rows()};
    best_members_ = members;
  }

  void Explain(Frame& frame) {
    evaluator_.CollectMissing(&miss_.missing);
    for (std::size_t i = 0; i < rule_.conjuncts.size(); ++i) {
      const Conjunct& conjunct = rule_.conjuncts[i];
      if (rule_.group && conjunct.before_group != best_members_) continue;
      const std::size_t before = miss_.missing.size();
      const Truth truth = evaluator_.Test(conjunct.condition, frame);
      if (truth != Truth::Unknown) miss_.missing.resize(before);
      if (truth != Truth::True) Unmet(conjunct.condition, truth, i, frame);
    }
    evaluator_.CollectMissing(nullptr);
  }

  // Of `a and b` the parts that fail, of `a or b` all; a comparison with its values.
  void Unmet(const BoundExpr& condition, Truth truth, std::size_t conjunct, Frame& frame) {
    if (condition.kind == ExprKind::And || condition.kind == ExprKind::Or) {
      for (const BoundExpr& part : condition.operands) {
        const Truth of_part = evaluator_.Test(part, frame);
        if (of_part != Truth::True) Unmet(part, of_part, conjunct, frame);
      }
      return;
    }
    UnmetCondition unmet{condition.span, truth == Truth::Unknown, conjunct, std::nullopt, std::nullopt};
    if (condition.kind == ExprKind::Compare) {
      unmet.left = evaluator_.Typed(condition.operands[0], frame);
      unmet.right = evaluator_.Typed(condition.operands[1], frame);
    } else if (condition.kind == ExprKind::In || condition.kind == ExprKind::Matches) {
      unmet.left = evaluator_.Typed(condition.operands[0], frame);
    }
    miss_.unmet.push_back(std::move(unmet));
  }

  const RuleSet& set_;
  const model::JobModel& model_;
  const MatchResults& results_;
  const BoundRule& rule_;
  std::vector<std::uint32_t> head_;
  std::vector<GroupRow> groups_;
  std::vector<FindingsOfRule> findings_;
  Evaluator evaluator_;
  Frame frame_;
  std::vector<bool> done_;  // edges of the pattern
  std::map<SlotIndex, std::uint32_t> wanted_;
  std::vector<std::vector<std::uint32_t>> members_;
  std::optional<std::pair<Distance, std::vector<std::uint32_t>>> best_;
  bool best_members_ = false;
  std::size_t combinations_ = 0;
  bool too_many_ = false;
  bool met_findings_ = false;
  std::optional<RuleIndex> without_finding_;
  WhyNot miss_;
};

}  // namespace

WhyNot ExplainWhyNot(const RuleSet& set, const model::JobModel& model, const MatchResults& results, RuleIndex rule,
                     const std::vector<std::uint32_t>& head) {
  const RuleOutcome& outcome = results.outcomes[rule];
  if (outcome.kind == OutcomeKind::NeedsMissing) return {WhyNot::Kind::Needs, {}, 0, outcome.missing};
  if (outcome.kind == OutcomeKind::TooMany) return {WhyNot::Kind::TooMany, {}, 0, {}};
  return Search(set, model, results, rule, head).Run();
}

}  // namespace advise::rules
