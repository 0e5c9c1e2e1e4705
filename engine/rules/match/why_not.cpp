// The search for the nearest combination: the walk of the matcher with no condition tested on the way.
#include "rules/match/why_not.h"

#include <algorithm>
#include <map>
#include <utility>

#include "rules/match/walk.h"

namespace advise::rules {
namespace {

constexpr std::uint64_t kMostSteps = 10'000'000;

// How far a combination is from being a match.
struct Distance {
  std::size_t unmet_false = 0;
  std::size_t unmet_unknown = 0;
  friend auto operator<=>(const Distance&, const Distance&) = default;
};

class Search : public WalkVisitor {
 public:
  Search(const RuleSet& set, const MatchResults& results, RuleIndex index, const std::vector<std::uint32_t>& head)
      : rule_(set.rules[index]),
        code_(set.program.rules[index]),
        evaluation_(*results.evaluation),
        groups_(results.groups),
        head_(head) {
    evaluation_.Read(groups_, results);
  }

  WhyNot Run() {
    evaluation_.Allow(kMostSteps);
    evaluation_.Bind({});
    try {
      Walk(evaluation_, code_.plan, kUnboundSlot, *this).Run();
      if (rule_.group) Groups();
    } catch (const GivenUp&) {
      return {WhyNot::Kind::TooMany};
    }
    if (best_) {
      miss_.kind = WhyNot::Kind::Conditions;
      Explain();
    } else if (without_finding_ && !met_findings_) {
      miss_.kind = WhyNot::Kind::NoFinding;
      miss_.rule = *without_finding_;
    }
    return std::move(miss_);
  }

  // ---------------------------------------------------------------- on the walk
  bool Holds(const std::vector<std::size_t>&) { return true; }

  // Whether the row may stand for an argument; an argument that is a group may be named by one of its members.
  [[nodiscard]] bool Admits(VariableIndex variable, std::uint32_t row) const {
    for (std::size_t i = 0; i < head_.size(); ++i) {
      if (rule_.head[i] != variable || head_[i] == kAnyRow) continue;
      const bool group = rule_.slots[variable].type.kind == TypeKind::Group;
      if (group ? !std::ranges::binary_search(groups_[row].members, head_[i]) : head_[i] != row) return false;
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
  // ---------------------------------------------------------------- group by
  // The groups of what the pattern has, with the conditions on single members left out if they leave nothing.
  void Groups() {
    const BoundGroup& group = *rule_.group;
    std::map<std::vector<std::string>, std::vector<std::uint32_t>> by_keys;
    for (const std::vector<std::uint32_t>& rows : members_) {
      evaluation_.Bind(rows);
      if (Measure(true) != Distance{}) {
        Offer(true);
        continue;
      }
      std::vector<std::string> keys;
      for (const Output& key : code_.group_keys) keys.push_back(evaluation_.Typed(key).text);
      by_keys[keys].push_back(rows[group.member]);
    }
    bool any = false;
    for (auto& [keys, members] : by_keys) {
      std::ranges::sort(members);
      members.erase(std::unique(members.begin(), members.end()), members.end());
      groups_.push_back({rule_.slots[group.member].type.entity->entity, {}, members});
      const auto number = static_cast<std::uint32_t>(groups_.size() - 1);
      if (!Admits(group.group, number)) continue;
      if (!any) best_.reset();
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

  // Of equally near ones the one with the smallest rows, in whatever order the walk meets them.
  void Offer(bool members) {
    const std::span<const std::uint32_t> bound = evaluation_.Bound(rule_.slots.size());
    std::pair<Distance, std::vector<std::uint32_t>> next{Measure(members), {bound.begin(), bound.end()}};
    if (best_ && *best_ <= next) return;
    best_ = std::move(next);
    best_members_ = members;
  }

  void Explain() {
    evaluation_.Bind(best_->second);
    evaluation_.CollectMissing(&miss_.missing);
    for (std::size_t i = 0; i < code_.conditions.size(); ++i) {
      if (!Counts(i, best_members_)) continue;
      const std::size_t before = miss_.missing.size();
      const Truth truth = evaluation_.Test(code_.conditions[i].test);
      if (truth != Truth::Unknown) miss_.missing.resize(before);
      if (truth != Truth::True) Unmet(code_.conditions[i], truth, i);
    }
    evaluation_.CollectMissing(nullptr);
  }

  // Of `a and b` the parts that fail, of `a or b` all; a comparison with its values.
  void Unmet(const ConditionCode& condition, Truth truth, std::size_t conjunct) {
    for (const ConditionCode& part : condition.parts) {
      const Truth of_part = evaluation_.Test(part.test);
      if (of_part != Truth::True) Unmet(part, of_part, conjunct);
    }
    if (!condition.parts.empty()) return;
    UnmetCondition unmet{condition.span, truth == Truth::Unknown, conjunct};
    if (condition.left) unmet.left = evaluation_.Typed(*condition.left);
    if (condition.right) unmet.right = evaluation_.Typed(*condition.right);
    miss_.unmet.push_back(std::move(unmet));
  }

  const BoundRule& rule_;
  const RuleCode& code_;
  Evaluation& evaluation_;
  std::vector<GroupRow> groups_;
  const std::vector<std::uint32_t>& head_;
  std::vector<std::vector<std::uint32_t>> members_;
  std::optional<std::pair<Distance, std::vector<std::uint32_t>>> best_;
  bool best_members_ = false;
  bool met_findings_ = false;
  std::optional<RuleIndex> without_finding_;
  WhyNot miss_;
};

}  // namespace

WhyNot ExplainWhyNot(const RuleSet& set, const MatchResults& results, RuleIndex rule,
                     const std::vector<std::uint32_t>& head) {
  const RuleOutcome& outcome = results.outcomes[rule];
  if (outcome.kind == OutcomeKind::NeedsMissing) return {WhyNot::Kind::Needs, {}, 0, outcome.missing};
  if (outcome.kind == OutcomeKind::TooMany) return {WhyNot::Kind::TooMany, {}, 0, {}};
  return Search(set, results, rule, head).Run();
}

}  // namespace advise::rules
