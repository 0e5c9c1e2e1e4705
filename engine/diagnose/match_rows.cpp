// Follows the path that the rule wrote from the rows that its variables are bound to.
#include "diagnose/match_rows.h"

#include <algorithm>

#include "metrics/evaluate.h"

namespace advise::diagnose {
namespace {

using rules::BoundExpr;
using rules::ExprKind;

class PathReader {
 public:
  PathReader(const rules::RuleSet& rules, const rules::MatchResults& results, const rules::Match& match,
             const model::JobModel& model, Narrowed narrowed)
      : rules_(rules), results_(results), match_(match), model_(model), narrowed_(narrowed) {}

  std::optional<Rows> Read(const BoundExpr& expr) const {
    switch (expr.kind) {
      case ExprKind::App: return Rows{model::Entity::App, {0}};
      case ExprKind::Slot: return RowsOfSlot(rules_, results_, match_, expr.slot);
      case ExprKind::Attribute:  // a single entity
      case ExprKind::Members:
      case ExprKind::Related:
      case ExprKind::FlatMembers: return Follow(expr);
      case ExprKind::Filter:
      case ExprKind::Pick:
        if (narrowed_ == Narrowed::Refuse) return std::nullopt;
        return Read(expr.operands[0]);
      case ExprKind::Call: {
        if (expr.function != rules::FunctionId::Rest) return std::nullopt;
        auto rows = Read(expr.operands[0]);
        if (rows && !rows->rows.empty()) rows->rows.erase(rows->rows.begin());
        return rows;
      }
      default: return std::nullopt;
    }
  }

 private:
  [[nodiscard]] std::optional<Rows> Follow(const BoundExpr& expr) const {
    const auto from = Read(expr.operands[0]);
    if (!from || !expr.type.entity) return std::nullopt;
    Rows to{expr.type.entity->entity, {}};
    const bool many = expr.kind == ExprKind::Members || expr.kind == ExprKind::FlatMembers;
    for (const std::uint32_t row : from->rows) {
      if (many) {
        const std::vector<std::uint32_t> members = metrics::EvaluateSet(model_, expr.attribute, row);
        to.rows.insert(to.rows.end(), members.begin(), members.end());
        continue;
      }
      const metrics::Value value = metrics::Evaluate(model_, expr.attribute, row);
      if (value.state == metrics::Value::State::Entity) to.rows.push_back(static_cast<std::uint32_t>(value.integer));
    }
    std::ranges::sort(to.rows);
    to.rows.erase(std::unique(to.rows.begin(), to.rows.end()), to.rows.end());
    return to;
  }

  const rules::RuleSet& rules_;
  const rules::MatchResults& results_;
  const rules::Match& match_;
  const model::JobModel& model_;
  Narrowed narrowed_;
};

}  // namespace

std::optional<Rows> RowsOf(const rules::RuleSet& rules, const rules::MatchResults& results, const rules::Match& match,
                           const model::JobModel& model, const BoundExpr& expr, Narrowed narrowed) {
  return PathReader(rules, results, match, model, narrowed).Read(expr);
}

std::optional<Rows> RowsOfSlot(const rules::RuleSet& rules, const rules::MatchResults& results,
                               const rules::Match& match, rules::SlotIndex slot) {
  const rules::BoundRule& rule = rules.rules[match.rule];
  const rules::Type& type = rule.slots[slot].type;
  if (!type.entity) return std::nullopt;
  std::uint32_t row = slot < match.witness.size() ? match.witness[slot] : rules::kUnboundSlot;
  const auto place = std::ranges::find(rule.head, slot);
  if (place != rule.head.end()) row = match.head[static_cast<std::size_t>(place - rule.head.begin())];
  if (row == rules::kUnboundSlot) return std::nullopt;
  if (type.kind == rules::TypeKind::Group) return Rows{type.entity->entity, results.groups[row].members};
  return Rows{type.entity->entity, {row}};
}

}  // namespace advise::diagnose
