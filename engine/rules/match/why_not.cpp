// The search for the nearest combinations: the walk of the matcher with no condition tested on the way.
#include "rules/match/why_not.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "rules/match/group_numbers.h"
#include "rules/match/walk.h"

namespace advise::rules {
namespace {

constexpr std::size_t kMostHeads = 200'000;   // kept; of more those that fail more than the nearest are counted only
constexpr std::size_t kMostRanked = 2'000;  // heads whose distances are measured; all of them fail few conditions

// How far a combination is from being a match.
struct Distance {
  std::size_t unmet_false = 0;
  std::size_t unmet_unknown = 0;
  friend auto operator<=>(const Distance&, const Distance&) = default;
};
// With its rows: of equally near ones the one with the smallest, in whatever order the walk meets them.
using Near = std::pair<Distance, std::vector<std::uint32_t>>;

class Search : public WalkVisitor {
 public:
  // `found`: heads that are findings already, which are left out.
  Search(const RuleSet& set, const MatchResults& results, RuleIndex index, const std::vector<std::uint32_t>& head,
         const std::set<std::vector<std::uint32_t>>& found)
      : rule_(set.rules[index]),
        code_(set.program.rules[index]),
        evaluation_(*results.evaluation),
        results_(results),
        groups_(results.groups),
        head_(head),
        found_(found) {
    evaluation_.Read(groups_.rows(), results);
  }
  // The groups end with the search.
  ~Search() { evaluation_.Read(results_.groups, results_); }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  WhyNot Nearest() {
    WhyNot miss;
    miss.kind = Run();
    if (miss.kind == WhyNot::Kind::NoFinding) miss.rule = *without_finding_;
    if (miss.kind == WhyNot::Kind::Conditions) Explain(miss);
    return miss;
  }

  NearCandidates Candidates(std::size_t most) {
    NearCandidates near;
    near.kind = Run();
    if (near.kind == WhyNot::Kind::NoFinding) near.rule = *without_finding_;
    if (near.kind == WhyNot::Kind::NoPattern && deepest_ < code_.plan.steps.size()) {
      near.stuck = deepest_;
      near.stuck_rows = deepest_rows_;
    }
    if (near.kind == WhyNot::Kind::Conditions) Rank(most, near);
    near.groups = groups_.rows();
    return near;
  }

  // ---------------------------------------------------------------- on the walk
  // Tests nothing; it is called once a step has bound its rows.
  bool Holds(const std::vector<std::size_t>& conditions) {
    for (std::size_t i = deepest_; i < code_.plan.steps.size(); ++i) {
      if (&conditions != &code_.plan.steps[i].filters) continue;
      deepest_ = i + 1;
      const std::span<const std::uint32_t> rows = evaluation_.Bound(rule_.slots.size());
      deepest_rows_.assign(rows.begin(), rows.end());
    }
    return true;
  }

  // Whether the row may stand for an argument; an argument that is a group may be named by one of its members.
  [[nodiscard]] bool Admits(VariableIndex variable, std::uint32_t row) const {
    for (std::size_t i = 0; i < head_.size(); ++i) {
      if (rule_.head[i] != variable || head_[i] == kAnyRow) continue;
      const bool group = rule_.slots[variable].type.kind == TypeKind::Group;
      if (group ? !std::ranges::binary_search(groups_.rows()[row].members, head_[i]) : head_[i] != row) return false;
    }
    return true;
  }

  void Joined(const Step& step, bool any) {
    const bool last = &step == &code_.plan.steps[rule_.for_atoms.size() - 1];  // findings are joined first
    met_findings_ = met_findings_ || (any && last);
    if (!any && !without_finding_) without_finding_ = step.rule;
  }

  void Found() {
    const std::span<const std::uint32_t> rows = evaluation_.Bound(rule_.slots.size());
    if (rule_.group) {
      members_.emplace_back(rows.begin(), rows.end());
    } else {
      Offer(false);
    }
  }

 private:
  WhyNot::Kind Run() {
    evaluation_.Allow(kQuestionSteps);
    evaluation_.Bind({});
    try {
      Walk(evaluation_, code_.plan, kUnboundSlot, *this).Run();
      if (rule_.group) Groups();
    } catch (const GivenUp&) {
      return WhyNot::Kind::TooMany;
    }
    if (!near_.empty()) return WhyNot::Kind::Conditions;
    return without_finding_ && !met_findings_ ? WhyNot::Kind::NoFinding : WhyNot::Kind::NoPattern;
  }

  // ---------------------------------------------------------------- group by
  // The groups of what the pattern has, with the conditions on single members left out if they leave nothing.
  void Groups() {
    const BoundGroup& group = *rule_.group;
    std::map<std::vector<std::string>, std::pair<std::vector<TypedValue>, std::vector<std::uint32_t>>> by_keys;
    for (const std::vector<std::uint32_t>& rows : members_) {
      evaluation_.Bind(rows);
      if (Measure(true) != Distance{}) {
        Offer(true);
        continue;
      }
      std::vector<std::string> texts;
      std::vector<TypedValue> keys;
      for (const Output& output : code_.group_keys) {
        keys.push_back(ReadGroupKey(evaluation_, output).value);
        texts.push_back(keys.back().text);
      }
      auto& [values, members] = by_keys[std::move(texts)];
      values = std::move(keys);
      members.push_back(rows[group.member]);
    }
    bool any = false;
    for (auto& [texts, group_rows] : by_keys) {
      auto& [keys, members] = group_rows;
      std::ranges::sort(members);
      members.erase(std::unique(members.begin(), members.end()), members.end());
      const metrics::Entity entity = rule_.slots[group.member].type.entity->entity;
      const std::uint32_t number = groups_.Of({entity, std::move(keys), std::move(members)});
      if (!Admits(group.group, number)) continue;
      if (!any) near_.clear();
      any = true;
      evaluation_.Bind({});
      evaluation_.At(group.group) = number;
      Offer(false);
    }
  }

  // ---------------------------------------------------------------- the nearest
  // Of a rule with groups: `members` looks at the conditions on single members, else at the others.
  [[nodiscard]] bool Counts(std::size_t condition, bool members) const {
    return !rule_.group || rule_.conjuncts[condition].before_group == members;
  }

  Distance Measure(bool members) {
    Distance distance;
    for (std::size_t i = 0; i < code_.plan.conditions.size(); ++i) {
      if (!Counts(i, members)) continue;
      const Truth truth = evaluation_.Test(code_.plan.conditions[i]);
      if (truth == Truth::False) ++distance.unmet_false;
      if (truth == Truth::Unknown) ++distance.unmet_unknown;
    }
    return distance;
  }

  // Members that make no group are one head for all.
  void Offer(bool members) {
    const std::span<const std::uint32_t> bound = evaluation_.Bound(rule_.slots.size());
    std::vector<std::uint32_t> head;
    for (const SlotIndex slot : rule_.head) head.push_back(bound[slot]);
    if (found_.contains(head)) return;
    Near next{Measure(members), {bound.begin(), bound.end()}};
    members_offered_ = members;
    if (near_.empty() || next.first < fewest_) fewest_ = next.first;
    if (near_.size() >= kMostHeads && fewest_ < next.first && !near_.contains(head)) {
      ++further_;
      return;
    }
    const auto [place, fresh] = near_.try_emplace(std::move(head), next);
    if (!fresh && next < place->second) place->second = std::move(next);
  }

  void Explain(WhyNot& miss) {
    const auto smaller = [](const auto& a, const auto& b) { return a.second < b.second; };
    const Near& best = std::ranges::min_element(near_, smaller)->second;
    evaluation_.Bind(best.second);
    evaluation_.CollectMissing(&miss.missing);
    for (std::size_t i = 0; i < code_.conditions.size(); ++i) {
      if (!Counts(i, members_offered_)) continue;
      const std::size_t before = miss.missing.size();
      const Truth truth = evaluation_.Test(code_.conditions[i].test);
      if (truth != Truth::Unknown) miss.missing.resize(before);
      if (truth != Truth::True) Unmet(code_.conditions[i], truth, i, miss);
    }
    evaluation_.CollectMissing(nullptr);
  }

  // Of `a and b` the parts that fail, of `a or b` all; a comparison with its values.
  void Unmet(const ConditionCode& condition, Truth truth, std::size_t conjunct, WhyNot& miss) {
    for (const ConditionCode& part : condition.parts) {
      const Truth of_part = evaluation_.Test(part.test);
      if (of_part != Truth::True) Unmet(part, of_part, conjunct, miss);
    }
    if (!condition.parts.empty()) return;
    UnmetCondition unmet{condition.span, truth == Truth::Unknown, conjunct};
    if (condition.left) unmet.left = evaluation_.Typed(*condition.left);
    if (condition.right) unmet.right = evaluation_.Typed(*condition.right);
    miss.unmet.push_back(std::move(unmet));
  }

  // ---------------------------------------------------------------- several, ranked
  void Rank(std::size_t most, NearCandidates& near) {
    std::vector<std::pair<Near, std::vector<std::uint32_t>>> all;
    for (const auto& [head, one] : near_) all.emplace_back(one, head);
    near.heads = all.size() + further_;
    const std::size_t ranked = std::min(all.size(), kMostRanked);
    std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(ranked));
    struct Ranked {
      NearCandidate candidate;
      double share = 0;
    };
    std::vector<Ranked> kept;
    for (std::size_t i = 0; i < ranked; ++i) {
      const auto& [distance, rows] = all[i].first;
      // Those that fail more than the last one kept by that count alone are not looked at.
      if (i >= most && all[most - 1].first.first < distance) break;
      NearCandidate one{all[i].second, rows, rule_.group && members_offered_, distance.unmet_false,
                        distance.unmet_unknown, 0};
      evaluation_.Allow(kQuestionSteps);
      evaluation_.Bind(rows);
      try {
        for (std::size_t k = 0; k < code_.conditions.size(); ++k) {
          if (Counts(k, one.member)) one.slack += Slack(rule_.conjuncts[k].condition, code_.conditions[k]);
        }
      } catch (const GivenUp&) {
        one.slack = HUGE_VAL;
      }
      kept.push_back({std::move(one), ShareOf(rows)});
    }
    const auto key = [](const Ranked& r) {
      const NearCandidate& c = r.candidate;
      return std::tuple(c.unmet_false, c.unmet_unknown, c.slack, -r.share);
    };
    std::ranges::stable_sort(kept, {}, key);
    for (Ranked& one : kept) {
      if (near.candidates.size() < most) near.candidates.push_back(std::move(one.candidate));
    }
  }

  // 0 unless the condition is false. Of `a and b` all that fail must go, of `a or b` one: the nearest.
  double Slack(const BoundExpr& expr, const ConditionCode& condition) {
    if (evaluation_.Test(condition.test) != Truth::False) return 0;
    if (!condition.parts.empty()) {
      double sum = 0;
      double least = HUGE_VAL;
      for (std::size_t i = 0; i < condition.parts.size(); ++i) {
        const double one = Slack(expr.operands[i], condition.parts[i]);
        sum += one;
        if (one > 0) least = std::min(least, one);
      }
      return expr.kind == ExprKind::Or && std::isfinite(least) ? least : sum;
    }
    if (!condition.measured) return 1;
    const double left = evaluation_.Number(condition.left->value);
    const double right = evaluation_.Number(condition.right->value);
    const double whole = std::max(std::abs(left), std::abs(right));
    return whole > 0 ? std::min(std::abs(left - right) / whole, 1.0) : 1;
  }

  // Of the application's time, by the first argument that has such a share; 0: none has.
  double ShareOf(const std::vector<std::uint32_t>& rows) const {
    for (const SlotIndex slot : rule_.head) {
      const Type& type = rule_.slots[slot].type;
      if (type.kind != TypeKind::Entity || rows[slot] == kUnboundSlot) continue;
      const metrics::Attribute* share = metrics::Find(type.entity->entity, "share_of_app");
      if (share == nullptr) continue;
      const double value = metrics::EvaluateNumber(evaluation_.model(), share->id, rows[slot]);
      return std::isnan(value) ? 0 : value;
    }
    return 0;
  }

  const BoundRule& rule_;
  const RuleCode& code_;
  Evaluation& evaluation_;
  const MatchResults& results_;
  GroupNumbers groups_;
  const std::vector<std::uint32_t>& head_;
  const std::set<std::vector<std::uint32_t>>& found_;
  std::vector<std::vector<std::uint32_t>> members_;
  std::map<std::vector<std::uint32_t>, Near> near_;  // by head
  bool members_offered_ = false;
  Distance fewest_;           // of those offered
  std::size_t further_ = 0;   // heads that were not kept
  std::size_t deepest_ = 0;  // how many steps found rows
  std::vector<std::uint32_t> deepest_rows_;
  bool met_findings_ = false;
  std::optional<RuleIndex> without_finding_;
};

}  // namespace

WhyNot ExplainWhyNot(const RuleSet& set, const MatchResults& results, RuleIndex rule,
                     const std::vector<std::uint32_t>& head) {
  const RuleOutcome& outcome = results.outcomes[rule];
  if (outcome.kind == OutcomeKind::NeedsMissing) return {WhyNot::Kind::Needs, {}, 0, outcome.missing};
  if (outcome.kind == OutcomeKind::TooMany) return {WhyNot::Kind::TooMany, {}, 0, {}};
  const std::set<std::vector<std::uint32_t>> none;
  return Search(set, results, rule, head, none).Nearest();
}

NearCandidates FindNearCandidates(const RuleSet& set, const MatchResults& results, RuleIndex rule,
                                  const std::vector<std::uint32_t>& head, std::size_t most) {
  const RuleOutcome& outcome = results.outcomes[rule];
  NearCandidates near;
  near.groups = results.groups;
  if (outcome.kind == OutcomeKind::NeedsMissing) {
    near.kind = WhyNot::Kind::Needs;
    near.missing = outcome.missing;
    return near;
  }
  if (outcome.kind == OutcomeKind::TooMany) {
    near.kind = WhyNot::Kind::TooMany;
    return near;
  }
  std::set<std::vector<std::uint32_t>> found;
  for (const Match& match : results.matches) {
    if (match.rule == rule) found.insert(match.head);
  }
  return Search(set, results, rule, head, found).Candidates(most);
}

}  // namespace advise::rules
