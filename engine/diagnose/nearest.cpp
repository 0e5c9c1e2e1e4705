// Chooses and words the conditions that came closest to holding, for a report that found nothing.
#include "diagnose/nearest.h"

#include <algorithm>
#include <string_view>

#include "metrics/evaluate.h"
#include "rules/match/nearest.h"
#include "support/text.h"
#include "support/typed_value.h"

namespace advise::diagnose {
namespace {

std::string EntityWord(model::Entity entity) {
  std::string name(model::EntityName(entity));
  std::string word;
  for (const char c : name) {
    if (Lower(c) != c && !word.empty()) word += ' ';
    word += Lower(c);
  }
  return word;
}

// "stage 2.0, plan node 1/7"
std::string SubjectOf(const rules::BoundRule& rule, const rules::NearMiss& miss, const model::JobModel& model) {
  std::string text;
  for (std::size_t i = 0; i < miss.head.size(); ++i) {
    const rules::Type& type = rule.slots[rule.head[i]].type;
    if (!type.entity || miss.head[i] == rules::kUnboundSlot) continue;
    const model::Entity entity = type.entity->entity;
    if (entity == model::Entity::App) continue;
    text += (text.empty() ? "" : ", ") + EntityWord(entity) + " " + metrics::EntityKey(model, entity, miss.head[i]);
  }
  return text;
}

}  // namespace

std::vector<NearMiss> NearestMisses(const rules::RuleSet& rules, const rules::MatchResults& results,
                                    const model::JobModel& model, const NearMissOptions& options) {
  std::vector<NearMiss> misses;
  for (const rules::NearMiss& miss : rules::NearestMisses(rules, results)) {
    if (misses.size() == options.most) break;
    if (miss.closeness < options.least || (!miss.measure && !options.guards)) continue;
    const auto value = PrintValue(miss.value);
    const auto limit = PrintValue(miss.limit);
    if (!value || !limit || *value == *limit) continue;  // "2 %, limit 2 %" tells nothing
    const rules::BoundRule& rule = rules.rules[miss.rule];
    misses.push_back({rule.Id(), SubjectOf(rule, miss, model), miss.condition, *value, *limit});
  }
  return misses;
}

}  // namespace advise::diagnose
