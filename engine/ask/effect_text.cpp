// Wraps the text in a cause and an advice, lets the rule leg compile them, and resolves what the advice matches.
#include "ask/effect_text.h"

#include <algorithm>
#include <regex>

#include "cost/resolve.h"
#include "recommend/effects.h"
#include "rules/match/match.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::ask {
namespace {

// The rules that stand for a text: what is matched is a cause, what it does the effect of an advice. The words of the
// user stand on lines of their own, so that messages show them as they are.
std::string RulesOf(const std::string& text) {
  std::string pattern = "where true";
  std::string effects(Trim(text));
  std::string formals;
  std::string names;
  static const std::regex kEffect(R"(\beffect\b)");
  std::smatch found;
  if (effects.starts_with("match") && std::regex_search(effects, found, kEffect)) {
    pattern = effects.substr(0, static_cast<std::size_t>(found.position()));
    effects = std::string(Trim(found.suffix().str()));
    static const std::regex kNode(R"(\(\s*([A-Za-z_]\w*)\s*:\s*([A-Za-z_]\w*))");
    std::vector<std::string> seen;
    for (std::sregex_iterator node(pattern.begin(), pattern.end(), kNode), end; node != end; ++node) {
      const std::string name = (*node)[1];
      if (std::ranges::find(seen, name) != seen.end()) continue;
      seen.push_back(name);
      formals += (formals.empty() ? "" : ", ") + name + ": " + std::string((*node)[2]);
      names += (names.empty() ? "" : ", ") + name;
    }
  }
  if (!effects.starts_with("{")) effects = "{ " + effects + " }";
  return "cause asked(" + formals + ") {\n" + pattern + "\nmessage \"asked\"\n}\nadvice change(" + formals +
         ") {\nfor asked(" + names + ")\neffect " + effects + "\nfix \"asked\"\n}\n";
}

}  // namespace

Result<EffectTexts> EffectTexts::Compile(const std::vector<std::string>& texts, SourceManager& sources,
                                         Diagnostics& diagnostics) {
  EffectTexts all;
  for (const std::string& text : texts) {
    Diagnostics of_text;
    rules::RuleSet set =
        rules::CompileTexts(sources, std::vector<rules::PackText>{{"<effect>", RulesOf(text)}}, {}, of_text);
    const bool whole =
        std::ranges::any_of(set.rules, [](const auto& rule) { return rule.name == "change" && !rule.effects.empty(); });
    if (of_text.CountErrors() > 0 || !whole) {
      const DiagnosticCode code = of_text.empty() ? DiagnosticCode::Usage : of_text.all().front().code;
      diagnostics = std::move(of_text);
      return Fail(code, Quoted(text) + " is no effect of the rule language",
                  "for instance `match (s:Stage) where s.id = 3 effect { scale s.tasks.gc_time by 50% }`");
    }
    all.texts_.emplace_back(Trim(text));
    all.sets_.push_back(std::move(set));
  }
  return all;
}

std::vector<cost::Change> EffectTexts::Changes(const model::JobModel& model, const cost::Workload& workload) const {
  std::vector<cost::Change> changes;
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    const rules::RuleSet& set = sets_[i];
    const rules::MatchResults results = rules::MatchAll(set, model);
    const rules::MatchReader reader(results);
    std::vector<model::Effect> effects;
    bool matched = false;
    bool incomplete = false;
    for (const rules::Match& match : results.matches) {
      if (set.rules[match.rule].name != "change") continue;
      matched = true;
      recommend::AdviceEffects of = recommend::EffectsOf(set, results, match, reader, model);
      incomplete = incomplete || of.incomplete;
      for (model::Effect& effect : of.effects) {
        if (std::ranges::find(effects, effect) == effects.end()) effects.push_back(std::move(effect));
      }
    }
    cost::Change change;
    if (!matched) {
      change.refused = cost::Refusal{"no-match", "The run has nothing that " + Quoted(texts_[i]) + " speaks of."};
    } else if (incomplete) {
      change.refused = cost::Refusal{"not-modelled", "A value of " + Quoted(texts_[i]) +
                                                         " is not in the log, or its target is narrowed by a "
                                                         "condition: name the rows in a pattern before it."};
    } else {
      change = cost::ResolveEffects(model, workload, effects);
    }
    change.kind = "effect";
    change.key = texts_[i];
    change.text = texts_[i];
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace advise::ask
