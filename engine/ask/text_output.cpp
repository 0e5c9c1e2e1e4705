// One line a fact, under what it belongs to.
#include <algorithm>

#include "ask/outline.h"
#include "ask/output.h"
#include "support/format.h"
#include "support/text.h"

namespace advise::ask {
namespace {

using rules::Truth;

std::string PlaceText(const Place& place) {
  if (place.file.empty() || place.line == 0) return {};
  return place.file + ":" + std::to_string(place.line);
}

std::string ValueText(const std::optional<std::string>& value) { return value.value_or("missing"); }

std::string TruthText(Truth truth) {
  return truth == Truth::True ? "holds" : truth == Truth::False ? "false" : "unknown";
}

std::string VariableText(const VariableShown& variable) {
  std::string text = (variable.name.empty() ? "(" + variable.type + ")" : variable.name) + " = " + variable.what;
  if (!variable.label.empty()) text += " · " + variable.label;
  return text;
}

std::string TermsText(const std::vector<TermShown>& terms) {
  return Join(terms, ", ", [](const TermShown& term) { return term.text + " = " + ValueText(term.value); });
}

std::string ParamText(const ParamShown& param) {
  std::string text = param.name + " = " + param.value + " (parameter of " + param.pack;
  if (!param.set_by.empty()) text += ", set by " + param.set_by;
  if (!param.range.empty()) text += ", range " + param.range;
  return text + ")";
}

// "skew(r) > skew_ratio: 153.6 > 4"
std::string ConditionText(const ConditionShown& condition) {
  std::string text = condition.text;
  if (condition.of_members) return text + ": holds for each member";
  if (condition.left && condition.right) {
    text += ": " + ValueText(condition.left->value) + " " + condition.op + " " + ValueText(condition.right->value);
  } else if (condition.left) {
    text += ": it is " + ValueText(condition.left->value);
  } else if (!condition.findings.empty()) {
    text += ": " + Join(condition.findings, ", ");
  }
  return text;
}

void AddCondition(const ConditionShown& condition, Outline& under, const std::string& before = {}) {
  Outline& line = under.Add(before + ConditionText(condition), PlaceText(condition.place));
  if (!condition.terms.empty()) line.Add("with " + TermsText(condition.terms));
  for (const ParamShown& param : condition.params) line.Add(ParamText(param), PlaceText(param.place));
  for (const rules::MissingInput& missing : condition.missing) line.Add(missing.name + " is missing: " + missing.why);
  for (const ConditionShown& part : condition.parts) AddCondition(part, line, TruthText(part.truth) + ": ");
}

std::string Share(std::int64_t ms, std::optional<std::int64_t> whole) {
  if (!whole || *whole <= 0) return {};
  return " (" + FormatShare(static_cast<double>(ms) / static_cast<double>(*whole)) + " of the run)";
}

void AddCost(const Derivation& d, Outline& root) {
  if (!d.cost) return;
  const CostShown& cost = *d.cost;
  std::string head = "costs ";
  head += cost.bound_ms ? "at most " + FormatTime(*cost.bound_ms) + Share(*cost.bound_ms, d.app_ms) : "an unknown time";
  Outline& line = root.Add(head, PlaceText(cost.place));
  if (!cost.text.empty()) {
    line.Add(cost.text + ": " + ValueText(cost.value));
    if (!cost.terms.empty()) line.Add("with " + TermsText(cost.terms));
  }
  if (!cost.stated) {
    line.Add(cost.text.empty() ? "the rule states no costs: it is the time of its places on the critical path"
                               : "instead the time of its places on the critical path");
  }
  if (cost.claimed_ms) {
    std::string claims = Join(cost.claims, ", ", [](const auto& claim) {
      return claim.first + " " + FormatTime(claim.second);
    });
    line.Add("holds " + FormatTime(*cost.claimed_ms) + " of the ledger" + (claims.empty() ? "" : ": " + claims));
  }
  if (!cost.inside.empty()) line.Add("most of the rest is held by " + cost.inside);
}

std::string AdviceText(const AdviceShown& advice) {
  std::string text = advice.id + ": " + advice.text;
  if (advice.saving_ms) text += " (saves " + FormatTime(*advice.saving_ms) + " by itself)";
  if (!advice.chosen) text += "; not chosen: " + advice.reason;
  return text;
}

void AddDerivation(const Derivation& d, Outline& root, bool inner) {
  if (!d.title.empty()) root.Add(d.title);
  std::string state;
  if (d.number > 0) state = "finding " + std::to_string(d.number) + " of the report";
  if (!d.severity.empty()) state += (state.empty() ? "" : ", ") + d.severity;
  if (!d.explained_by.empty()) state += (state.empty() ? "" : ", ") + std::string("folded under ") + d.explained_by;
  if (!d.suppressed.empty()) state = "hidden: " + d.suppressed;
  if (!state.empty()) root.Add(state);
  Outline& found = root.Add(d.variables.empty() ? "found in the application as a whole" : "found at");
  for (const VariableShown& variable : d.variables) found.Add(VariableText(variable));
  if (!d.pattern.empty()) root.Add(d.pattern, PlaceText(d.pattern_place));
  if (!d.lets.empty()) {
    Outline& lets = root.Add("with these names");
    for (const LetShown& let : d.lets) {
      lets.Add(let.name + " = " + let.text + (let.value ? ": " + *let.value : std::string()), PlaceText(let.place));
    }
  }
  if (!d.conditions.empty()) {
    Outline& because = root.Add("because");
    for (const ConditionShown& condition : d.conditions) AddCondition(condition, because);
  }
  for (const Derivation& lower : d.rests_on) {
    Outline& line = root.Add("rests on " + lower.layer + " " + lower.id, PlaceText(lower.place));
    AddDerivation(lower, line, true);
  }
  if (inner) return;  // what became of it is told where it is asked for
  if (!d.explains.empty()) {
    Outline& explains = root.Add("explains");
    for (const std::string& id : d.explains) explains.Add(id);
  }
  if (!d.ruled_out.empty()) {
    Outline& out = root.Add("ruled out");
    for (const RuledOutShown& one : d.ruled_out) {
      Outline& line = out.Add(one.what + (one.because.empty() ? "" : ": " + one.because));
      for (const ConditionShown& condition : one.conditions) AddCondition(condition, line);
    }
  }
  if (d.advice || d.layer != "advice") {
    std::string confidence = "confidence " + FormatShare(d.confidence);
    if (!d.confidence_text.empty()) confidence += ", stated as `" + d.confidence_text + "`";
    Outline& line = root.Add(confidence);
    if (d.confidence_because) AddCondition(*d.confidence_because, line);
  }
  AddCost(d, root);
  for (const std::string& change : d.changes) root.Add("changes " + change);
  for (const std::string& relation : d.relations) root.Add(relation);
  if (d.advice) {
    std::string text = d.advice->chosen ? "chosen" : "not chosen: " + d.advice->reason;
    if (d.advice->saving_ms) text += "; saves " + FormatTime(*d.advice->saving_ms) + " by itself";
    root.Add(text);
  }
  if (!d.advices.empty()) {
    Outline& advices = root.Add("advice");
    for (const AdviceShown& advice : d.advices) advices.Add(AdviceText(advice));
  }
}

// ---------------------------------------------------------------- why not
std::string NeedText(const ParamNeed& need, const std::string& name) {
  return name + (need.at_most ? " <= " : " >= ") + need.literal;
}

class WhyNotWriter {
 public:
  void Add(const WhyNotAnswer& answer, Outline& root) {
    for (const ThereShown& there : answer.there) root.Add(ThereText(there));
    if (!answer.because.empty()) root.Add(answer.because);
    for (const rules::MissingInput& missing : answer.missing) root.Add(missing.name + " is missing: " + missing.why);
    if (answer.stuck) {
      Outline& line = root.Add(answer.stuck->what);
      for (const VariableShown& variable : answer.stuck->variables) line.Add(VariableText(variable));
    }
    for (const WhyNotAnswer& other : answer.waits_for) {
      Outline& line = root.Add(other.layer + " " + other.rule, PlaceText(other.place));
      WhyNotWriter().Add(other, line);
    }
    if (answer.candidates.empty()) return;
    root.Add(std::to_string(answer.heads) + (answer.heads == 1 ? " candidate" : " candidates") +
             (answer.heads > answer.candidates.size() ? ", the nearest " + std::to_string(answer.candidates.size()) + ":"
                                                      : ":"));
    for (const CandidateShown& candidate : answer.candidates) AddCandidate(candidate, root);
  }

 private:
  static std::string ThereText(const ThereShown& there) {
    std::string text = there.id + " was found";
    if (!there.suppressed.empty()) return text + ", but is hidden: " + there.suppressed;
    if (!there.explained_by.empty()) return text + ": it is folded under " + there.explained_by;
    if (!there.not_chosen.empty()) return text + ", but is not chosen: " + there.not_chosen;
    if (there.number > 0) text += ": finding " + std::to_string(there.number) + " of the report";
    return text;
  }

  void AddCandidate(const CandidateShown& candidate, Outline& root) {
    const std::size_t held = candidate.conditions - candidate.unmet.size();
    std::string head = candidate.member ? "a member that is in no group" : candidate.id;
    head += ": " + std::to_string(held) + " of " + std::to_string(candidate.conditions) + " conditions hold";
    Outline& line = root.Add(head);
    for (const VariableShown& variable : candidate.variables) line.Add(VariableText(variable));
    for (const UnmetShown& unmet : candidate.unmet) AddUnmet(unmet, line);
    if (candidate.unmet.empty()) line.Add("all conditions hold, but not the `for` or `group by` of the rule");
    if (candidate.would_fire.empty()) return;
    std::string sets;
    for (const ParamNeed& need : candidate.would_fire)
      sets += (sets.empty() ? "" : " and ") + std::string("`") + NeedText(need, NameOf(need, candidate)) + "`";
    const bool allowed = std::ranges::all_of(candidate.would_fire, &ParamNeed::in_range);
    if (!allowed) {
      line.Add("would fire if " + sets + ", which its range does not allow");
    } else if (candidate.tried == std::optional(false)) {
      line.Add("with " + sets + " these conditions hold, but then another rule keeps it from firing");
    } else {
      line.Add("would fire if " + sets);
    }
  }

  static std::string NameOf(const ParamNeed& need, const CandidateShown& candidate) {
    for (const UnmetShown& unmet : candidate.unmet) {
      if (const std::string name = NameOf(need, unmet.condition); !name.empty()) return name;
    }
    return {};
  }
  static std::string NameOf(const ParamNeed& need, const ConditionShown& condition) {
    const auto param = std::ranges::find(condition.params, need.param, &ParamShown::param);
    if (param != condition.params.end()) return param->name;
    for (const ConditionShown& part : condition.parts) {
      if (std::string name = NameOf(need, part); !name.empty()) return name;
    }
    return {};
  }

  static void AddUnmet(const UnmetShown& unmet, Outline& under) {
    const ConditionShown& condition = unmet.condition;
    const bool unknown = condition.truth == Truth::Unknown;
    std::string text = unknown ? "unknown: " : "false: ";
    text += ConditionText(condition);
    if (condition.margin && !unknown) text += " (" + FormatShare(*condition.margin) + " off)";
    if (condition.asks_rule && !condition.findings.empty()) text += " excludes it";
    Outline& line = under.Add(text, PlaceText(condition.place));
    if (!condition.terms.empty()) line.Add("with " + TermsText(condition.terms));
    for (const ParamShown& param : condition.params) line.Add(ParamText(param), PlaceText(param.place));
    for (const rules::MissingInput& missing : condition.missing) line.Add(missing.name + " is missing: " + missing.why);
    for (const ConditionShown& part : condition.parts) AddCondition(part, line, TruthText(part.truth) + ": ");
    for (const ParamNeed& need : unmet.needs) {
      if (!need.in_range) {
        line.Add("no value of `" + NameOf(need, condition) + "` in its range makes it true: it would take `" +
                 NeedText(need, NameOf(need, condition)) + "`");
      }
    }
  }
};

}  // namespace

std::string WhyText(const WhyAnswer& answer, const TextStyle& style) {
  const Derivation& d = answer.found;
  Outline root{d.layer + " " + d.id, PlaceText(d.place), {}};
  AddDerivation(d, root, false);
  if (!answer.others.empty()) {
    Outline& others = root.Add("found in " + std::to_string(answer.others.size()) +
                               (answer.others.size() == 1 ? " other place" : " other places") +
                               ", each to be asked for by its id");
    constexpr std::size_t kMost = 12;
    for (std::size_t i = 0; i < std::min(kMost, answer.others.size()); ++i) others.Add(answer.others[i]);
    if (answer.others.size() > kMost) others.Add("and " + std::to_string(answer.others.size() - kMost) + " more");
  }
  return Draw(root, style.width, style.utf8);
}

std::string WhyNotText(const WhyNotAnswer& answer, const TextStyle& style) {
  Outline root{answer.layer + " " + answer.rule, PlaceText(answer.place), {}};
  WhyNotWriter().Add(answer, root);
  return Draw(root, style.width, style.utf8);
}

}  // namespace advise::ask
