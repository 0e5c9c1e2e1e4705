// Names an entity by its kind and key, and by a text of the log that the user wrote.
#include "ask/entities.h"

#include <algorithm>

#include "metrics/evaluate.h"
#include "report/facts.h"
#include "rules/bind/names.h"
#include "support/clean_text.h"
#include "support/text.h"

namespace advise::ask {
namespace {

using model::Entity;

constexpr std::size_t kLabelWidth = 70;
constexpr std::size_t kListedMembers = 6;

// "SqlExecution" is "sql execution".
std::string WordOf(Entity entity) {
  std::string word;
  for (const char c : model::EntityName(entity)) {
    if (Lower(c) != c && !word.empty()) word += ' ';
    word += Lower(c);
  }
  return word;
}

std::string TextOfAttribute(const model::JobModel& model, Entity entity, std::string_view name, std::uint32_t row) {
  const metrics::Attribute* attribute = metrics::Find(entity, name);
  if (attribute == nullptr) return {};
  const metrics::Value value = metrics::Evaluate(model, attribute->id, row);
  return value.state == metrics::Value::State::Text ? std::string(value.text) : std::string();
}

std::string RowOfAttribute(const model::JobModel& model, std::string_view name, std::uint32_t shuffle) {
  const metrics::Attribute* attribute = metrics::Find(Entity::Shuffle, name);
  if (attribute == nullptr) return {};
  const metrics::Value value = metrics::Evaluate(model, attribute->id, shuffle);
  if (value.state != metrics::Value::State::Entity) return {};
  return metrics::EntityKey(model, attribute->target, static_cast<std::uint32_t>(value.integer));
}

// The place of an expression does not hold the brackets around it: those that its parts need come back.
std::string Balanced(std::string text) {
  std::size_t open = 0;
  std::size_t missing = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (quoted) continue;
    if (text[i] == '(') ++open;
    if (text[i] == ')' && open > 0) {
      --open;
    } else if (text[i] == ')') {
      ++missing;
    }
  }
  return std::string(missing, '(') + std::move(text) + std::string(open, ')');
}

std::string KeyOfGroup(const rules::GroupRow& group) {
  return Join(group.keys, ",", [](const TypedValue& key) { return PrintValue(key).value_or("unknown"); });
}

}  // namespace

std::string EntityText(const model::JobModel& model, Entity entity, std::uint32_t row) {
  if (entity == Entity::App) return "the application";
  const std::string key = metrics::EntityKey(model, entity, row);
  if (entity == Entity::Stage) {
    const std::size_t dot = key.rfind('.');
    if (dot != std::string::npos) return "stage " + key.substr(0, dot) + " attempt " + key.substr(dot + 1);
  }
  std::string text = WordOf(entity) + " " + CleanText(key, kLabelWidth);
  if (entity == Entity::Shuffle) {
    const std::string from = RowOfAttribute(model, "from", row);
    const std::string to = RowOfAttribute(model, "to", row);
    if (!from.empty() && !to.empty()) text += " from stage " + from + " to stage " + to;
  }
  return text;
}

std::string EntityLabel(const model::JobModel& model, Entity entity, std::uint32_t row) {
  std::string label;
  if (entity == Entity::Stage) {
    label = report::StagePurpose(model, model::StageRow(std::size_t{row}));
  } else if (entity != Entity::App && entity != Entity::Host) {
    for (const std::string_view name : {"description", "name", "kind"}) {
      if (label.empty()) label = TextOfAttribute(model, entity, name, row);
    }
  }
  label = CleanText(ShortCallSite(label), kLabelWidth);
  std::ranges::replace(label, '`', '\'');
  return label;
}

VariableShown ShowVariable(const model::JobModel& model, const std::vector<rules::GroupRow>& groups,
                           const rules::Slot& slot, std::uint32_t row) {
  VariableShown shown;
  shown.name = slot.name;
  shown.type = TypeText(slot.type);
  if (slot.type.kind != rules::TypeKind::Group) {
    const Entity entity = slot.type.entity->entity;
    shown.what = EntityText(model, entity, row);
    shown.key = metrics::EntityKey(model, entity, row);
    shown.label = EntityLabel(model, entity, row);
    return shown;
  }
  const rules::GroupRow& group = groups[row];
  shown.key = KeyOfGroup(group);
  shown.what = std::to_string(group.members.size()) + (group.members.size() == 1 ? " member: " : " members: ");
  for (std::size_t i = 0; i < std::min(group.members.size(), kListedMembers); ++i) {
    shown.what +=
        (i == 0 ? "" : ", ") + CleanText(metrics::EntityKey(model, group.entity, group.members[i]), kLabelWidth);
  }
  if (group.members.size() > kListedMembers) shown.what += " …";
  return shown;
}

std::vector<VariableShown> ShowVariables(const model::JobModel& model, const std::vector<rules::GroupRow>& groups,
                                         const rules::BoundRule& rule, std::span<const std::uint32_t> rows) {
  std::vector<VariableShown> shown;
  for (std::size_t i = 0; i < rule.slots.size() && i < rows.size(); ++i) {
    const rules::Slot& slot = rule.slots[i];
    const bool variable = slot.role != rules::SlotRole::Element && slot.role != rules::SlotRole::Inner;
    if (variable && slot.type.entity && rows[i] != rules::kUnboundSlot)
      shown.push_back(ShowVariable(model, groups, slot, rows[i]));
  }
  return shown;
}

Place PlaceOf(const rules::RuleSet& set, const SourceManager& sources, SourceSpan span) {
  if (!span.valid()) return {};
  return {rules::ShownFile(set.packs, sources.name(span.source)), sources.Place(span.source, span.begin).line};
}

std::string TextOf(const SourceManager& sources, SourceSpan span) {
  if (!span.valid()) return {};
  std::string line;
  bool comment = false;
  for (const char c : sources.text(span)) {
    if (c == '\n') comment = false;
    comment = comment || c == '#';
    if (comment) continue;
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return Balanced(std::string(Trim(line)));
}

std::string HeadText(const rules::RuleSet& set, const model::JobModel& model,
                     const std::vector<rules::GroupRow>& groups, rules::RuleIndex index,
                     const std::vector<std::uint32_t>& head) {
  const rules::BoundRule& rule = set.rules[index];
  std::string text = rule.Id() + "(";
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (i > 0) text += ",";
    const rules::Type& type = rule.slots[rule.head[i]].type;
    if (head[i] == rules::kUnboundSlot) {
      text += "_";
    } else if (type.kind == rules::TypeKind::Group) {
      text += KeyOfGroup(groups[head[i]]);
    } else {
      text += metrics::EntityKey(model, type.entity->entity, head[i]);
    }
  }
  return text + ")";
}

}  // namespace advise::ask
