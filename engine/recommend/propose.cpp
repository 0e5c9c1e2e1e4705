// Turns matched advices into recommendations: changes spelled as Spark spells them, equal ones merged, those that the
// log's Spark version does not have or that contradict a better one not chosen, with the reason.
#include "recommend/propose.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>

#include "diagnose/from_matches.h"
#include "model/effective_setting.h"
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

// The value as Spark spells it. Empty: missing.
std::string Spelled(std::string_view key, const TypedValue& value) {
  if (value.form == ValueForm::Missing) return {};
  if (IsText(value.form)) return value.text;
  if (value.form == ValueForm::Bool) return value.number != 0 ? "true" : "false";
  const spark::Setting* setting = spark::FindSetting(key);
  return spark::SpellNumber(setting != nullptr ? setting->type : spark::SettingType::Text, value.number);
}

// ---------------------------------------------------------------- drafts from rules
// The language of a text to paste is told by its kind alone; a number ("executors = 20") is a cluster change.
Change FromClause(const rules::ChangeValue& clause) {
  Change change;
  change.key = clause.key;
  const bool is_conf = clause.kind == rules::ChangeKind::Conf;
  change.kind = Word(clause.kind);
  if (clause.value)
    change.to = is_conf ? Spelled(clause.key, *clause.value) : PrintValue(*clause.value).value_or("");
  else
    change.to = PrintWholeText(clause.text).value_or("");
  if (clause.scope != rules::Scope::Unstated)
    change.scope = Word(clause.scope);
  else if (change.kind == "cluster")
    change.scope = "cluster";
  return change;
}

std::vector<Change> ChangesOf(const BoundRule& rule, const rules::RuleCode& code, const rules::Match& match,
                              const rules::MatchReader& reader) {
  std::vector<Change> changes;
  const auto add = [&changes](Change change) {
    const bool known = std::ranges::any_of(
        changes, [&](const Change& c) { return c.kind == "conf" && c.kind == change.kind && c.key == change.key; });
    if (!change.to.empty() && !known) changes.push_back(std::move(change));
  };
  for (std::size_t i = 0; i < rule.effects.size(); ++i) {
    const rules::BoundEffect& effect = rule.effects[i];
    if (effect.kind != rules::ast::EffectKind::Set || !effect.target || !effect.value ||
        effect.target->kind != rules::ExprKind::Conf)
      continue;
    const std::string& key = effect.target->text;
    add({.kind = "conf",
         .key = key,
         .from = std::nullopt,
         .to = Spelled(key, reader.Value(match, *code.effects[i].low)),
         .scope = std::nullopt});
  }
  for (const rules::ChangeValue& clause : match.changes) add(FromClause(clause));
  return changes;
}

int Weight(std::string_view word) {
  constexpr std::array<std::string_view, 4> kWords = {"low", "medium", "", "high"};
  return static_cast<int>(std::ranges::find(kWords, word) - kWords.begin());
}

// One recommendation for several findings instead of several equal ones.
void Join(std::vector<Recommendation>& drafts) {
  const auto same = [](const Recommendation& a, const Recommendation& b) {
    const auto equal = [](const Change& x, const Change& y) {
      return std::tie(x.kind, x.key, x.to, x.scope) == std::tie(y.kind, y.key, y.to, y.scope);
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
    for (std::string& id : draft.for_findings) {
      if (std::ranges::find(it->for_findings, id) == it->for_findings.end()) it->for_findings.push_back(std::move(id));
    }
  }
  drafts = std::move(joined);
}

// ---------------------------------------------------------------- settling
std::string_view ScopeName(spark::SettingScope scope) {
  return scope == spark::SettingScope::Session ? "session" : "submit";
}

// What the log says, else the default of its version.
void ReadOldValue(Change& change, const JobModel& model) {
  const spark::EffectiveValue value = model::EffectiveSetting(model, change.key);
  if (!value.text) return;
  change.from = std::string(*value.text);
  change.from_is_default = value.origin == spark::ValueOrigin::Default;
}

bool SameValue(const Change& change) {
  if (!change.from) return false;
  if (*change.from == change.to) return true;
  const spark::Setting* setting = spark::FindSetting(change.key);
  if (setting == nullptr) return false;
  const auto from = spark::ParseValue(*setting, *change.from);
  const auto to = spark::ParseValue(*setting, change.to);
  return from && to && *from == *to;
}

// Fills the change; the reason if it cannot be made.
std::optional<std::string> SettleChange(Change& change, const JobModel& model) {
  if (change.kind != "conf") return std::nullopt;
  const spark::Setting* setting = spark::FindSetting(change.key);
  if (!change.scope) change.scope = setting == nullptr ? "submit" : std::string(ScopeName(setting->scope));
  ReadOldValue(change, model);
  return spark::CheckValue(change.key, change.to, model.version.known ? model.version.since_code() : 0);
}

void Reject(Recommendation& recommendation, std::string reason) {
  recommendation.chosen = false;
  recommendation.reason = std::move(reason);
}

}  // namespace

std::vector<Recommendation> Settle(std::vector<Recommendation> drafts, const JobModel& model) {
  // Which recommendation set a key first, and to what.
  std::map<std::string, std::pair<std::string, std::string>, std::less<>> taken;
  for (Recommendation& recommendation : drafts) {
    const bool had_conf = std::ranges::any_of(recommendation.changes, [](const Change& c) { return c.kind == "conf"; });
    for (Change& change : recommendation.changes) {
      if (auto problem = SettleChange(change, model); problem && recommendation.chosen)
        Reject(recommendation, std::move(*problem));
    }
    if (recommendation.chosen) {
      std::erase_if(recommendation.changes,
                    [](const Change& change) { return change.kind == "conf" && SameValue(change); });
      if (had_conf && recommendation.changes.empty()) Reject(recommendation, "the run has these settings already");
    }
    for (const Change& change : recommendation.changes) {
      if (change.kind != "conf" || !recommendation.chosen) continue;
      const auto it = taken.find(change.key);
      if (it != taken.end() && it->second.first != change.to) {
        Reject(recommendation,
               change.key + "=" + change.to + " contradicts " + it->second.first + " of " + it->second.second);
      }
    }
    for (const Change& change : recommendation.changes) {
      if (change.kind == "conf" && recommendation.chosen)
        taken.emplace(change.key, std::pair(change.to, recommendation.id));
    }
  }
  return drafts;
}

std::vector<Recommendation> Propose(const rules::RuleSet& rules, const diagnose::Diagnosis& diagnosis,
                                    const rules::MatchReader& reader, const JobModel& model) {
  const rules::MatchResults& results = diagnosis.matches;
  const std::vector<diagnose::Finding>& findings = diagnosis.findings;
  std::map<std::size_t, std::size_t> rank_of_match;
  for (std::size_t i = 0; i < findings.size(); ++i) rank_of_match.emplace(findings[i].match, i);

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
      draft.for_findings.push_back(findings[it->second].id);
    }
    if (draft.for_findings.empty()) continue;
    draft.match = i;
    draft.id = diagnose::FindingId(rules, model, results, match);
    draft.rule = rule.Id();
    draft.title = PrintText(match.title);
    draft.fix = PrintText(match.fix);
    draft.effort = Word(rule.effort);
    draft.risk = Word(rule.risk);
    draft.changes = ChangesOf(rule, rules.program->rules[match.rule], match, reader);
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
