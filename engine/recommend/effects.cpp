// Targets become rows by following the path that the rule wrote; values are read at both ends of their interval.
#include "recommend/effects.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "diagnose/match_rows.h"
#include "metrics/catalogue.h"
#include "spark/settings.h"

namespace advise::recommend {
namespace {

using model::Effect;
using model::EffectRange;
using rules::BoundExpr;
using rules::ExprKind;

using diagnose::Rows;

class EffectReader {
 public:
  EffectReader(const rules::RuleSet& rules, const rules::MatchResults& results, const rules::Match& match,
               const rules::MatchReader& reader, const model::JobModel& model)
      : rules_(rules),
        rule_(rules.rules[match.rule]),
        results_(results),
        match_(match),
        reader_(reader),
        model_(model) {}

  AdviceEffects All() {
    bool incomplete = false;
    const auto take = [&](std::optional<Effect> read) {
      incomplete = incomplete || !read;
      if (read) effects_.push_back(std::move(*read));
    };
    for (const rules::BoundEffect& effect : rule_.effects) take(Read(effect));
    for (const rules::BoundChange& change : rule_.changes) {
      if (change.kind == rules::ChangeKind::Conf && change.value && !Sets(change.key))
        take(Setting(change.key, *change.value));
    }
    return {std::move(effects_), incomplete};
  }

 private:
  [[nodiscard]] bool Sets(std::string_view key) const {
    return std::ranges::any_of(effects_, [&](const Effect& effect) {
      const auto* setting = std::get_if<model::SetSetting>(&effect);
      return setting != nullptr && setting->key == key;
    });
  }

  std::optional<Effect> Read(const rules::BoundEffect& effect) {
    using enum rules::ast::EffectKind;
    if (effect.kind == Replace) return Replacement(effect);
    if (!effect.target) return std::nullopt;
    if (effect.kind == Drop) {
      auto rows = RowsOf(*effect.target);
      if (!rows) return std::nullopt;
      return model::DropRows{rows->entity, std::move(rows->rows)};
    }
    if (!effect.value) return std::nullopt;
    if (effect.target->kind == ExprKind::Conf) return Setting(effect.target->text, *effect.value);
    auto target = TargetOf(*effect.target);
    const auto value = RangeOf(*effect.value);
    if (!target || !value) return std::nullopt;
    switch (effect.kind) {
      case Set: return model::SetAttribute{std::move(*target), *value};
      case Cap: return model::CapAttribute{std::move(*target), *value};
      case Scale: return model::ScaleAttribute{std::move(*target), *value};
      case Drop:
      case Replace: break;
    }
    return std::nullopt;
  }

  std::optional<Effect> Replacement(const rules::BoundEffect& effect) {
    if (!effect.replacement || !effect.replacement->node_kind) return std::nullopt;
    const auto rows = RowsOfSlot(effect.replaced);
    if (!rows || rows->rows.size() != 1) return std::nullopt;
    model::ReplaceNode replace{model::NodeRow(std::size_t{rows->rows[0]}), *effect.replacement->node_kind, {}};
    for (const rules::NamedExpr& argument : effect.arguments) {
      if (const auto value = RangeOf(argument.value)) replace.arguments.emplace_back(argument.name, *value);
    }
    return replace;
  }

  // The value as Spark spells it, for the queries of the rule's subject where sessions have a say.
  std::optional<Effect> Setting(const std::string& key, const BoundExpr& value) {
    const TypedValue typed = reader_.Value(match_, value, rule_.slots);
    if (typed.form == ValueForm::Missing) return std::nullopt;
    const spark::Setting* known = spark::FindByAnyName(key);
    model::SetSetting set;
    set.key = key;
    set.value.type = known != nullptr ? known->type : spark::SettingType::Text;
    const bool text = typed.form == ValueForm::Text || typed.form == ValueForm::Word;
    set.value.text = text
                         ? typed.text
                         : spark::SpellNumber(typed.form == ValueForm::Bool ? spark::SettingType::Bool : set.value.type,
                                              typed.number);
    if (known != nullptr) set.value.number = spark::ParseValue(*known, set.value.text);
    const auto slot = rules::QuerySlot(rule_);
    if (slot && known != nullptr && known->scope == spark::SettingScope::Session) {
      if (auto rows = RowsOfSlot(*slot)) {
        set.subject = rows->entity;
        set.subject_rows = std::move(rows->rows);
      }
    }
    return set;
  }

  // ---------------------------------------------------------------- targets
  std::optional<model::EffectTarget> TargetOf(const BoundExpr& path) {
    if (path.kind != ExprKind::Attribute && path.kind != ExprKind::Collect) return std::nullopt;
    auto rows = RowsOf(path.operands[0]);
    if (!rows) return std::nullopt;
    return model::EffectTarget{rows->entity, std::move(rows->rows), metrics::Get(path.attribute).name};
  }

  [[nodiscard]] std::optional<Rows> RowsOf(const BoundExpr& expr) const {
    return diagnose::RowsOf(rules_, results_, match_, model_, expr, diagnose::Narrowed::Refuse);
  }
  [[nodiscard]] std::optional<Rows> RowsOfSlot(rules::SlotIndex slot) const {
    return diagnose::RowsOfSlot(rules_, results_, match_, slot);
  }

  // ---------------------------------------------------------------- values
  std::optional<EffectRange> RangeOf(const BoundExpr& value) {
    const auto low = NumberAt(value, 0);
    const auto high = NumberAt(value, 1);
    if (!low || !high) return std::nullopt;
    return EffectRange{low->form, std::min(low->number, high->number), std::max(low->number, high->number)};
  }

  // At one end of every interval inside: `(1.5..2.5) * p50(d)` is 1.5 * p50(d), or 2.5 * p50(d).
  std::optional<TypedValue> NumberAt(const BoundExpr& value, std::size_t end) {
    BoundExpr one = value;
    const auto take = [&](auto& self, BoundExpr& expr) -> void {
      if (expr.kind == ExprKind::Range) expr = BoundExpr(expr.operands[end]);
      expr.type.interval = false;
      for (BoundExpr& operand : expr.operands) self(self, operand);
    };
    if (value.type.interval) take(take, one);
    TypedValue typed = reader_.Value(match_, one, rule_.slots);
    if (typed.form == ValueForm::Missing || typed.form == ValueForm::Text) return std::nullopt;
    return typed;
  }

  const rules::RuleSet& rules_;
  const rules::BoundRule& rule_;
  const rules::MatchResults& results_;
  const rules::Match& match_;
  const rules::MatchReader& reader_;
  const model::JobModel& model_;
  std::vector<Effect> effects_;
};

}  // namespace

AdviceEffects EffectsOf(const rules::RuleSet& rules, const rules::MatchResults& results, const rules::Match& match,
                        const rules::MatchReader& reader, const model::JobModel& model) {
  return EffectReader(rules, results, match, reader, model).All();
}

}  // namespace advise::recommend
