// Reads a name with ids, and looks both up.
#include "ask/select.h"

#include <algorithm>
#include <charconv>

#include "metrics/evaluate.h"
#include "rules/bind/symbols.h"
#include "rules/match/finding_table.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::ask {
namespace {

bool EndsWithName(const rules::BoundRule& rule, std::string_view name) {
  const std::string id = rule.Id();
  return id == name || (id.ends_with(name) && id[id.size() - name.size() - 1] == '.');
}

// "planning", "3,x": the keys of a group.
std::string KeyOf(const rules::GroupRow& group) {
  return Join(group.keys, ",", [](const TypedValue& key) { return PrintValue(key).value_or("unknown"); });
}

}  // namespace

Result<Selector> ParseSelector(std::string_view text) {
  text = Trim(text);
  Selector selector;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number > 0) {
    selector.number = number;
    return selector;
  }
  const std::size_t open = text.find('(');
  selector.rule = std::string(Trim(text.substr(0, open)));
  if (selector.rule.empty())
    return Fail(DiagnosticCode::Usage, Quoted(text) + " names no rule",
                "write the number of a finding, or a rule as `skewed_join` or `skewed_join(12, _)`");
  if (open == std::string_view::npos) return selector;
  if (!text.ends_with(')'))
    return Fail(DiagnosticCode::Usage, Quoted(text) + " lacks its `)`", "write `skewed_join(12, _)`");
  selector.ids.emplace();
  std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  while (!Trim(inside).empty()) {
    const std::size_t comma = inside.find(',');
    std::string_view one = Trim(inside.substr(0, comma));
    if (one.size() >= 2 && one.front() == '"' && one.back() == '"') one = one.substr(1, one.size() - 2);
    selector.ids->emplace_back(one);
    if (comma == std::string_view::npos) break;
    inside.remove_prefix(comma + 1);
  }
  return selector;
}

Result<rules::RuleIndex> FindRule(const rules::RuleSet& set, std::string_view name) {
  std::vector<rules::RuleIndex> found;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < set.rules.size(); ++i) {
    const rules::BoundRule& rule = set.rules[i];
    if (rule.Id() == name) return static_cast<rules::RuleIndex>(i);
    if (EndsWithName(rule, name)) found.push_back(static_cast<rules::RuleIndex>(i));
    names.push_back(rule.name);
    names.push_back(rule.Id());
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    return Fail(DiagnosticCode::UnknownRule, "several packs have a rule " + Quoted(name),
                "write one of " + Join(found, ", ", [&](rules::RuleIndex i) { return set.rules[i].Id(); }));
  }
  for (const rules::RuleSymbol& symbol : set.symbols->rules) {
    if (symbol.bound || symbol.rule->name.text != name.substr(name.rfind('.') + 1)) continue;
    return Fail(DiagnosticCode::UnknownRule, "rule " + Quoted(name) + " is left out: it has errors",
                "`advise check` shows them");
  }
  return Fail(DiagnosticCode::UnknownRule, OrDidYouMean("there is no rule " + Quoted(name), name, names),
              "a rule is named as in the report at --level expert");
}

Result<std::vector<std::uint32_t>> HeadOf(const rules::RuleSet& set, const model::JobModel& model,
                                          rules::RuleIndex index, std::optional<std::vector<std::string>>& ids) {
  const rules::BoundRule& rule = set.rules[index];
  std::vector<std::uint32_t> head(rule.head.size(), rules::kAnyRow);
  if (!ids) return head;
  if (head.size() == 1 && ids->size() > 1) ids = std::vector<std::string>{Join(*ids, ",")};
  if (ids->size() != head.size()) {
    const std::string formals = Join(rule.head, ", ", [&](rules::SlotIndex slot) {
      return rule.slots[slot].name + ": " + TypeText(rule.slots[slot].type);
    });
    return Fail(DiagnosticCode::Usage,
                Quoted(rule.name) + " has " + std::to_string(head.size()) +
                    (head.size() == 1 ? " argument, not " : " arguments, not ") + std::to_string(ids->size()),
                "it is " + Quoted(rule.name + "(" + formals + ")") + "; `_` stands for any");
  }
  for (std::size_t i = 0; i < head.size(); ++i) {
    const std::string& id = (*ids)[i];
    const rules::Type& type = rule.slots[rule.head[i]].type;
    if (id == "_" || type.kind == rules::TypeKind::Group) continue;
    const model::Entity entity = type.entity->entity;
    const auto row = metrics::FindEntity(model, entity, id);
    if (!row) {
      return Fail(DiagnosticCode::Usage, "the log has no " + std::string(model::EntityName(entity)) + " " + Quoted(id),
                  "ids are those of `advise model LOG`; `_` stands for any");
    }
    head[i] = *row;
  }
  return head;
}

bool Agrees(const rules::RuleSet& set, const std::vector<rules::GroupRow>& groups, rules::RuleIndex index,
            const std::vector<std::uint32_t>& head, const std::vector<std::uint32_t>& wanted,
            const std::optional<std::vector<std::string>>& ids) {
  const rules::BoundRule& rule = set.rules[index];
  for (std::size_t i = 0; i < head.size(); ++i) {
    const bool group = rule.slots[rule.head[i]].type.kind == rules::TypeKind::Group;
    if (!group && wanted[i] != rules::kAnyRow && wanted[i] != head[i]) return false;
    if (group && ids && (*ids)[i] != "_" && head[i] != rules::kUnboundSlot && KeyOf(groups[head[i]]) != (*ids)[i])
      return false;
  }
  return true;
}

}  // namespace advise::ask
