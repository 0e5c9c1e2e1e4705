// Ranks candidates by what they lack, and tries the parameters that would make them findings.
#include "ask/why_not.h"

#include <algorithm>

#include "ask/conditions.h"
#include "ask/entities.h"
#include "metrics/evaluate.h"
#include "rules/match/finding_table.h"
#include "rules/match/why_not.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::ask {
namespace {

using rules::BoundRule;
using rules::RuleIndex;
using rules::RuleSet;
using rules::Truth;
using Ids = std::optional<std::vector<std::string>>;

constexpr std::size_t kTried = 3;     // candidates for which parameters are tried: each matches all rules once more
constexpr std::size_t kMoreThanShown = 200;  // candidates that are searched for ids of groups
constexpr int kMostWaitingDepth = 4;  // of rules that wait for rules

std::string Names(const std::vector<metrics::EdgeKind>& kinds) {
  std::string names;
  for (const metrics::EdgeInfo& info : metrics::AllEdges()) {
    if (std::ranges::find(kinds, info.kind) != kinds.end())
      names += (names.empty() ? "" : "|") + std::string(info.name);
  }
  return Quoted(names);
}

class Asker {
 public:
  explicit Asker(const AskedRun& run)
      : run_(run), set_(run.book.rules), model_(run.log.model), results_(run.diagnosis.matches) {}

  WhyNotAnswer Ask(RuleIndex index, const std::vector<std::uint32_t>& wanted, const Ids& ids, std::size_t most,
                   int depth = 0) {
    const BoundRule& rule = set_.rules[index];
    WhyNotAnswer answer;
    answer.rule = rule.Id();
    answer.layer = std::string(Word(rule.layer));
    answer.place = PlaceOf(set_, run_.sources, rule.name_span);
    AddThere(index, wanted, ids, answer);
    if (rule.disabled && !answer.there.empty()) answer.because = "the rule is disabled: " + rule.disabled_because;
    const bool named = std::ranges::none_of(wanted, [](std::uint32_t row) { return row == rules::kAnyRow; });
    if (!answer.there.empty() && named && !wanted.empty()) return answer;
    const bool groups = ids && std::ranges::any_of(rule.head, [&](rules::SlotIndex slot) {
                          return rule.slots[slot].type.kind == rules::TypeKind::Group;
                        });
    rules::NearCandidates near =
        rules::FindNearCandidates(set_, results_, index, wanted, groups ? kMoreThanShown : most);
    if (groups) {
      std::erase_if(near.candidates, [&](const rules::NearCandidate& one) {
        return !Agrees(set_, near.groups, index, one.head, wanted, ids);
      });
      if (near.candidates.size() > most) near.candidates.resize(most);
    }
    answer.heads = near.heads;
    AddParams(rule, answer);
    Explain(index, near, answer, depth);
    for (const rules::NearCandidate& one : near.candidates) answer.candidates.push_back(Show(index, one, near.groups));
    for (std::size_t i = 0; i < std::min(kTried, answer.candidates.size()) && depth == 0; ++i)
      Try(index, near.candidates[i], near.groups, answer.candidates[i]);
    return answer;
  }

 private:
  // ---------------------------------------------------------------- what is there
  void AddThere(RuleIndex index, const std::vector<std::uint32_t>& wanted, const Ids& ids, WhyNotAnswer& answer) {
    for (std::size_t i = 0; i < results_.matches.size(); ++i) {
      const rules::Match& match = results_.matches[i];
      if (match.rule != index || !Agrees(set_, results_.groups, index, match.head, wanted, ids)) continue;
      ThereShown there;
      there.id = HeadText(set_, model_, results_.groups, index, match.head);
      if (match.is_suppressed) there.suppressed = match.suppressed;
      for (const report::ShownFinding& shown : run_.report.findings) {
        if (shown.finding.match != i) continue;
        there.number = shown.number;
        there.explained_by = shown.finding.explained_by.value_or("");
      }
      for (const recommend::Recommendation& advice : run_.diagnosis.recommendations) {
        if (advice.match == i && !advice.chosen) there.not_chosen = advice.reason;
      }
      answer.there.push_back(std::move(there));
    }
  }

  void AddParams(const BoundRule& rule, WhyNotAnswer& answer) {
    ConditionReader reader(set_, model_, results_, results_.groups, run_.sources);
    for (const rules::Conjunct& conjunct : rule.conjuncts) {
      for (ParamShown& param : reader.Params(conjunct.condition)) {
        if (std::ranges::find(answer.params, param.param, &ParamShown::param) == answer.params.end())
          answer.params.push_back(std::move(param));
      }
    }
  }

  // ---------------------------------------------------------------- why there is no candidate
  void Explain(RuleIndex index, const rules::NearCandidates& near, WhyNotAnswer& answer, int depth) {
    switch (near.kind) {
      case rules::WhyNot::Kind::Conditions: return;
      case rules::WhyNot::Kind::Needs:
        answer.because = "not evaluated: the rule needs what this log does not hold";
        answer.missing = near.missing;
        return;
      case rules::WhyNot::Kind::TooMany:
        answer.because = results_.outcomes[index].kind == rules::OutcomeKind::TooMany
                             ? "given up: the rule takes more work on this log than a rule may"
                             : "there are too many combinations to look for the nearest; name some of the ids";
        return;
      case rules::WhyNot::Kind::NoFinding: {
        const BoundRule& other = set_.rules[near.rule];
        const rules::RuleOutcome& outcome = results_.outcomes[near.rule];
        answer.because = "it starts from findings of " + Quoted(other.Id()) +
                         (outcome.matches > 0 ? ", none of which fits" : ", which found nothing");
        if (outcome.matches == 0 && depth < kMostWaitingDepth) {
          const std::vector<std::uint32_t> any(other.head.size(), rules::kAnyRow);
          answer.waits_for.push_back(Ask(near.rule, any, std::nullopt, 1, depth + 1));
        }
        return;
      }
      case rules::WhyNot::Kind::NoPattern:
        if (!answer.there.empty()) {
          answer.because = "nothing else in this log has the shape of its pattern";
          return;
        }
        answer.because = "nothing in this log has the shape of its pattern";
        if (near.stuck) answer.stuck = ShowStuck(index, near);
        return;
    }
  }

  // Which edge has no partner: the step of the plan that found none.
  StuckShown ShowStuck(RuleIndex index, const rules::NearCandidates& near) {
    const BoundRule& rule = set_.rules[index];
    const rules::Step& step = set_.program.rules[index].plan.steps[*near.stuck];
    StuckShown stuck;
    stuck.variables = ShowVariables(model_, near.groups, rule, near.stuck_rows);
    const auto row_of = [&](rules::SlotIndex slot) {
      return slot < near.stuck_rows.size() ? near.stuck_rows[slot] : rules::kUnboundSlot;
    };
    const auto type_of = [&](rules::SlotIndex slot) {
      const rules::Slot& variable = rule.slots[slot];
      if (variable.any_of.empty()) return TypeText(variable.type);
      return Join(variable.any_of, "|", [](const metrics::EntityType& type) { return rules::EntityTypeText(type); });
    };
    if (step.kind == rules::StepKind::Scan) {
      stuck.what = "no " + type_of(step.variable) + " of this log can be `" + rule.slots[step.variable].name + "`";
      return stuck;
    }
    for (const rules::PatternEdge& edge : rule.match.edges) {
      const rules::SlotIndex here = step.forward ? edge.from : edge.to;
      const rules::SlotIndex there = step.forward ? edge.to : edge.from;
      const bool follows = step.kind == rules::StepKind::Follow && step.variable == there;
      const bool checks = step.kind == rules::StepKind::Check && row_of(there) != rules::kUnboundSlot;
      if (row_of(here) == rules::kUnboundSlot || edge.kinds != step.kinds || (!follows && !checks)) continue;
      const std::string from = EntityText(model_, rule.slots[here].type.entity->entity, row_of(here));
      const std::string to = checks ? EntityText(model_, rule.slots[there].type.entity->entity, row_of(there))
                                    : "a " + type_of(there);
      const std::string hops =
          edge.hops ? " in " + std::to_string(edge.hops->first) + " to " + std::to_string(edge.hops->second) + " steps"
                    : std::string();
      stuck.what = "no " + Names(step.kinds) + " edge leads from " + (step.forward ? from : to) + " to " +
                   (step.forward ? to : from) + hops;
      return stuck;
    }
    stuck.what = "the pattern ends there";
    return stuck;
  }

  // ---------------------------------------------------------------- candidates
  CandidateShown Show(RuleIndex index, const rules::NearCandidate& one, const std::vector<rules::GroupRow>& groups) {
    const BoundRule& rule = set_.rules[index];
    ConditionReader reader(set_, model_, results_, groups, run_.sources);
    reader.Look(rule, one.rows);
    CandidateShown shown;
    shown.id = HeadText(set_, model_, groups, index, one.head);
    shown.variables = ShowVariables(model_, groups, rule, one.rows);
    shown.member = one.member;
    bool solved = true;
    for (const rules::Conjunct& conjunct : rule.conjuncts) {
      if (rule.group && conjunct.before_group != one.member) continue;
      ++shown.conditions;
      if (reader.Test(conjunct.condition) == Truth::True) continue;
      UnmetShown& unmet = shown.unmet.emplace_back();
      unmet.condition = reader.Condition(conjunct.condition, conjunct.text);
      if (unmet.condition.truth == Truth::False) unmet.needs = NeedsOf(conjunct.condition, set_, reader);
      solved = solved && Add(unmet.needs, conjunct.condition, shown.would_fire);
    }
    if (!solved || one.member) shown.would_fire.clear();
    return shown;
  }

  // Of a comparison any of its parameters will do, of `a and b` all are needed. The first in the range, else the first.
  static bool Add(const std::vector<ParamNeed>& needs, const rules::BoundExpr& condition,
                  std::vector<ParamNeed>& into) {
    if (needs.empty()) return false;
    std::vector<ParamNeed> chosen = needs;
    if (condition.kind != rules::ExprKind::And) {
      const auto fits = std::ranges::find(needs, true, &ParamNeed::in_range);
      chosen = {fits != needs.end() ? *fits : needs.front()};
    }
    for (const ParamNeed& need : chosen) {
      const auto same = std::ranges::find(into, need.param, &ParamNeed::param);
      if (same == into.end()) {
        into.push_back(need);
      } else if (same->at_most != need.at_most) {
        return false;  // one value cannot be both
      } else if (need.at_most ? need.number < same->number : need.number > same->number) {
        *same = need;
      }
    }
    return true;
  }

  // Whether the finding is there with these values.
  void Try(RuleIndex index, const rules::NearCandidate& one, const std::vector<rules::GroupRow>& groups,
           CandidateShown& shown) {
    const bool allowed = std::ranges::all_of(shown.would_fire, &ParamNeed::in_range);
    if (shown.would_fire.empty() || !allowed) return;
    rules::MatchOptions options;
    options.texts = false;
    for (const ParamNeed& need : shown.would_fire) options.params.push_back({need.param, need.number, {}});
    const rules::MatchResults results = rules::MatchAll(set_, model_, options);
    shown.tried = std::ranges::any_of(results.matches, [&](const rules::Match& match) {
      return match.rule == index && SameHead(index, match.head, results.groups, one.head, groups);
    });
  }

  [[nodiscard]] bool SameHead(RuleIndex index, const std::vector<std::uint32_t>& a,
                              const std::vector<rules::GroupRow>& groups_a, const std::vector<std::uint32_t>& b,
                              const std::vector<rules::GroupRow>& groups_b) const {
    const BoundRule& rule = set_.rules[index];
    for (std::size_t i = 0; i < a.size(); ++i) {
      const bool group = rule.slots[rule.head[i]].type.kind == rules::TypeKind::Group;
      if (group ? groups_a[a[i]].members != groups_b[b[i]].members : a[i] != b[i]) return false;
    }
    return true;
  }

  const AskedRun& run_;
  const RuleSet& set_;
  const model::JobModel& model_;
  const rules::MatchResults& results_;
};

}  // namespace

Result<WhyNotAnswer> AskWhyNot(const AskedRun& run, const Selector& selector, std::size_t most) {
  const RuleSet& set = run.book.rules;
  if (selector.number)
    return Fail(DiagnosticCode::Usage, "`" + std::to_string(*selector.number) + "` is no rule",
                "`advise why-not LOG RULE` or `advise why-not LOG 'RULE(ids)'`; `advise why LOG NUMBER` tells why a "
                "finding is there");
  ADVISE_TRY(const RuleIndex rule, FindRule(set, selector.rule));
  Ids ids = selector.ids;
  ADVISE_TRY(const std::vector<std::uint32_t> wanted, HeadOf(set, run.log.model, rule, ids));
  return Asker(run).Ask(rule, wanted, ids, most);
}

}  // namespace advise::ask
