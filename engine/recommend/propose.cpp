// Turns matched advices into recommendations: changes spelled as Spark spells them, equal ones merged, those that the
// log's Spark version does not have or that contradict a better one not chosen, with the reason.
#include "recommend/propose.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "diagnose/from_matches.h"
#include "model/effective_setting.h"
#include "recommend/effects.h"
#include "spark/settings.h"
#include "support/typed_value.h"

namespace advise::recommend {
namespace {

using model::JobModel;
using rules::BoundRule;

// ---------------------------------------------------------------- values
bool IsText(ValueForm form) {
  return form == ValueForm::Text || form == ValueForm::Word || form == ValueForm::Version || form == ValueForm::Entity;
}

spark::SettingValue Read(const spark::Setting* setting, std::string text) {
  spark::SettingValue value;
  value.text = std::move(text);
  if (setting == nullptr) return value;
  value.type = setting->type;
  value.number = spark::ParseValue(*setting, value.text);
  return value;
}

// The value as Spark spells it. Empty text: missing.
spark::SettingValue Spelled(std::string_view key, const TypedValue& value) {
  if (value.form == ValueForm::Missing) return {};
  const spark::Setting* setting = spark::FindByAnyName(key);
  if (IsText(value.form)) return Read(setting, value.text);
  if (value.form == ValueForm::Bool) return Read(setting, value.number != 0 ? "true" : "false");
  return Read(setting, spark::SpellNumber(setting != nullptr ? setting->type : spark::SettingType::Text, value.number));
}

// ---------------------------------------------------------------- drafts from rules
// The language of a text to paste is told by its kind alone; a number ("executors = 20") is a cluster change.
Change FromClause(const rules::ChangeValue& clause) {
  Change change;
  change.kind = clause.kind;
  change.key = clause.key;
  if (clause.value && clause.kind == ChangeKind::Conf)
    change.to = Spelled(clause.key, *clause.value);
  else if (clause.value)
    change.to.text = PrintValue(*clause.value).value_or("");
  else
    change.to.text = PrintWholeText(clause.text).value_or("");
  change.scope = clause.scope;
  if (change.scope == Scope::Unstated && change.kind == ChangeKind::Cluster) change.scope = Scope::Cluster;
  return change;
}

// What has no value is left out; of two changes of one setting the first counts.
std::vector<Change> ChangesOf(const rules::Match& match) {
  std::vector<Change> changes;
  for (const rules::ChangeValue& clause : match.changes) {
    Change change = FromClause(clause);
    const bool known = change.kind == ChangeKind::Conf && std::ranges::any_of(changes, [&](const Change& other) {
                         return other.kind == ChangeKind::Conf && other.key == change.key;
                       });
    if (!change.to.text.empty() && !known) changes.push_back(std::move(change));
  }
  return changes;
}

// Whose settings the advice speaks of, as `conf` in its rule does.
void TakeSubject(Recommendation& draft, const BoundRule& rule, const rules::Match& match,
                 const rules::MatchResults& results) {
  const std::optional<rules::SlotIndex> slot = rules::QuerySlot(rule);
  if (!slot) return;
  const auto place = std::ranges::find(rule.head, *slot) - rule.head.begin();
  const rules::Type& type = rule.slots[*slot].type;
  const std::uint32_t row = match.head[static_cast<std::size_t>(place)];
  draft.subject = type.entity->entity;
  draft.subject_rows = {row};
  if (type.kind == rules::TypeKind::Group) draft.subject_rows = results.groups[row].members;
}

// What is not stated stands before the high ones.
int Weight(Grade grade) {
  switch (grade) {
    case Grade::Low: return 0;
    case Grade::Medium: return 1;
    case Grade::Unstated: return 2;
    case Grade::High: return 3;
  }
  return 2;
}

// What it would do to the run, or why that is not known.
void TakeEffects(Recommendation& draft, const rules::RuleSet& rules, const rules::MatchResults& results,
                 const rules::Match& match, const rules::MatchReader& reader, const JobModel& model) {
  const BoundRule& rule = rules.rules[match.rule];
  AdviceEffects read = EffectsOf(rules, results, match, reader, model);
  if (read.incomplete) {
    draft.not_estimated = "a value that its effect needs is not in the log";
  } else if (read.effects.empty()) {
    draft.not_estimated =
        rule.no_effect_because.empty() ? "the rule does not say what it would do to the run" : rule.no_effect_because;
  } else {
    draft.effects = std::move(read.effects);
  }
}

// Effects on the same thing are one: the same setting for further queries, the same change of further tasks.
void JoinEffects(const Recommendation& from, Recommendation& to) {
  if (to.not_estimated.empty()) to.not_estimated = from.not_estimated;
  for (const model::Effect& effect : from.effects) {
    const auto* setting = std::get_if<model::SetSetting>(&effect);
    const auto known = std::ranges::find_if(to.effects, [&](const model::Effect& other) {
      const auto* same = std::get_if<model::SetSetting>(&other);
      if (setting == nullptr || same == nullptr) return effect == other;
      return setting->key == same->key && setting->value == same->value && setting->subject == same->subject &&
             setting->subject_rows.empty() == same->subject_rows.empty();
    });
    if (known == to.effects.end()) {
      to.effects.push_back(effect);
    } else if (setting != nullptr) {
      std::vector<std::uint32_t>& rows = std::get<model::SetSetting>(*known).subject_rows;
      rows.insert(rows.end(), setting->subject_rows.begin(), setting->subject_rows.end());
      std::ranges::sort(rows);
      rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    }
  }
  if (!to.not_estimated.empty()) to.effects.clear();
}

// One recommendation for several findings instead of several equal ones.
void Join(std::vector<Recommendation>& drafts) {
  const auto same = [](const Recommendation& a, const Recommendation& b) {
    const auto equal = [](const Change& x, const Change& y) {
      return std::tie(x.kind, x.key, x.to.text, x.scope) == std::tie(y.kind, y.key, y.to.text, y.scope);
    };
    return a.rule == b.rule && a.fix == b.fix && a.title == b.title && std::ranges::equal(a.changes, b.changes, equal);
  };
  std::vector<Recommendation> joined;
  for (Recommendation& draft : drafts) {
    const auto it = std::ranges::find_if(joined, [&](const Recommendation& r) { return same(r, draft); });
    if (it == joined.end()) {
      joined.push_back(std::move(draft));
      continue;
    }
    for (const std::size_t finding : draft.for_findings) {
      if (std::ranges::find(it->for_findings, finding) == it->for_findings.end()) it->for_findings.push_back(finding);
    }
    JoinEffects(draft, *it);
    // Of one rule, so of one kind.
    it->subject_rows.insert(it->subject_rows.end(), draft.subject_rows.begin(), draft.subject_rows.end());
  }
  drafts = std::move(joined);
}

// ---------------------------------------------------------------- settling
bool IsConf(const Change& change) { return change.kind == ChangeKind::Conf; }

// What is in force where the advice's subject ran.
void ReadOldValue(Change& change, const Recommendation& recommendation, const JobModel& model) {
  const spark::EffectiveValue value =
      recommendation.subject_rows.empty()
          ? model::EffectiveSetting(model, change.key)
          : model::EffectiveSetting(model, change.key, recommendation.subject, recommendation.subject_rows);
  change.origin = value.origin;
  // A guess that it is so already is wrong: the query does not behave so.
  if (value.guessed && value.text == change.to.text) return;
  if (value.text) change.from = Read(spark::FindByAnyName(change.key), std::string(*value.text));
}

// What a session sets is changed there: it would win over what spark-submit says.
Scope ScopeOf(const Change& change, const spark::Setting* setting) {
  if (change.origin == spark::ValueOrigin::Session) return Scope::Session;
  if (change.scope != Scope::Unstated) return change.scope;
  return setting != nullptr && setting->scope == spark::SettingScope::Session ? Scope::Session : Scope::Submit;
}

bool SameValue(const Change& change) {
  if (!change.from) return false;
  if (change.from->text == change.to.text) return true;
  return change.from->number && change.from->number == change.to.number;
}

// Fills the change; the reason if it cannot be made.
std::optional<std::string> SettleChange(Change& change, const Recommendation& recommendation, const JobModel& model) {
  if (!IsConf(change)) return std::nullopt;
  const spark::Setting* setting = spark::FindByAnyName(change.key);
  change.to = Read(setting, std::move(change.to.text));
  ReadOldValue(change, recommendation, model);
  change.scope = ScopeOf(change, setting);
  return spark::CheckValue(change.key, change.to.text, model.version.known ? model.version.since_code() : 0);
}

void Reject(Recommendation& recommendation, std::string reason, Rejection why = Rejection::Impossible) {
  recommendation.chosen = false;
  recommendation.rejection = why;
  recommendation.reason = std::move(reason);
}

}  // namespace

std::vector<Recommendation> Settle(std::vector<Recommendation> drafts, const JobModel& model) {
  // Which recommendation set a key first, and to what.
  std::map<std::string, std::pair<std::string, std::string>, std::less<>> taken;
  for (Recommendation& recommendation : drafts) {
    const bool had_conf = std::ranges::any_of(recommendation.changes, IsConf);
    for (Change& change : recommendation.changes) {
      if (auto problem = SettleChange(change, recommendation, model); problem && recommendation.chosen)
        Reject(recommendation, std::move(*problem));
    }
    if (recommendation.chosen) {
      std::erase_if(recommendation.changes, [](const Change& change) { return IsConf(change) && SameValue(change); });
      if (had_conf && recommendation.changes.empty()) Reject(recommendation, "the run has these settings already");
    }
    for (const Change& change : recommendation.changes) {
      if (!IsConf(change) || !recommendation.chosen) continue;
      const auto it = taken.find(change.key);
      if (it != taken.end() && it->second.first != change.to.text) {
        Reject(recommendation,
               change.key + "=" + change.to.text + " contradicts " + it->second.first + " of " + it->second.second,
               Rejection::Contradicts);
      }
    }
    for (const Change& change : recommendation.changes) {
      if (IsConf(change) && recommendation.chosen)
        taken.emplace(change.key, std::pair(change.to.text, recommendation.id));
    }
  }
  return drafts;
}

std::vector<Recommendation> Propose(const rules::RuleSet& rules, const diagnose::Diagnosis& diagnosis,
                                    const JobModel& model) {
  const rules::MatchResults& results = diagnosis.matches;
  const std::vector<diagnose::Finding>& findings = diagnosis.findings;
  std::map<std::size_t, std::size_t> rank_of_match;
  for (std::size_t i = 0; i < findings.size(); ++i) rank_of_match.emplace(findings[i].match, i);

  const rules::MatchReader reader(results);
  std::vector<std::pair<std::size_t, Recommendation>> ranked;
  for (std::size_t i = 0; i < results.matches.size(); ++i) {
    const rules::Match& match = results.matches[i];
    const BoundRule& rule = rules.rules[match.rule];
    if (rule.layer != rules::Layer::Advice || match.is_suppressed) continue;
    Recommendation draft;
    std::size_t rank = std::numeric_limits<std::size_t>::max();
    for (const std::uint32_t read : match.reads) {
      const auto it = rank_of_match.find(read);
      if (it == rank_of_match.end()) continue;
      rank = std::min(rank, it->second);
      draft.for_findings.push_back(it->second);
    }
    if (draft.for_findings.empty()) continue;
    draft.match = i;
    draft.id = diagnose::FindingId(rules, model, results, match);
    draft.rule = rule.Id();
    draft.title = PrintText(match.title);
    draft.fix = PrintText(match.fix);
    draft.effort = rule.effort;
    draft.risk = rule.risk;
    draft.changes = ChangesOf(match);
    TakeSubject(draft, rule, match, results);
    TakeEffects(draft, rules, results, match, reader, model);
    draft.for_cost = rule.objective == rules::Objective::Cost;
    if (draft.fix.empty() && draft.title.empty() && draft.changes.empty()) continue;
    ranked.emplace_back(rank, std::move(draft));
  }
  std::ranges::stable_sort(ranked, [](const auto& a, const auto& b) {
    const auto key = [](const auto& x) {
      return std::tuple(x.first, Weight(x.second.effort), Weight(x.second.risk), std::string_view(x.second.id));
    };
    return key(a) < key(b);
  });
  std::vector<Recommendation> drafts;
  for (auto& [rank, draft] : ranked) drafts.push_back(std::move(draft));
  Join(drafts);
  return Settle(std::move(drafts), model);
}

}  // namespace advise::recommend
