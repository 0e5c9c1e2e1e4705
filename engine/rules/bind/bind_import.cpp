// What an advice sees of the cause that it is `for`: its `let`s and variables, with the values that they have in the
// best witness of the finding.
#include <algorithm>

#include "rules/bind/bind_expr.h"
#include "support/quoted.h"

namespace advise::rules {
namespace {

// A name that the witness has a row for: after `group by` no single member.
bool IsVariable(const BoundRule& rule, const Slot& slot) {
  if (slot.name.empty() || slot.role == SlotRole::Element || slot.role == SlotRole::Inner) return false;
  return !rule.group || slot.role == SlotRole::Group || slot.role == SlotRole::Atom;
}

std::optional<SlotIndex> FindSlot(const BoundRule& rule, std::string_view name) {
  for (SlotIndex slot = 0; slot < rule.slots.size(); ++slot) {
    if (rule.slots[slot].name == name && IsVariable(rule, rule.slots[slot])) return slot;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> ExprBinder::ImportedNames() const {
  std::vector<std::string> names;
  if (!scope_.sees_findings) return names;
  for (const BoundAtom& atom : scope_.for_atoms) {
    const BoundRule& rule = context_.set.rules[atom.rule];
    for (const Slot& slot : rule.slots) {
      if (IsVariable(rule, slot)) names.push_back(slot.name);
    }
    for (const NamedExpr& let : rule.lets) names.push_back(let.name);
  }
  return names;
}

// A variable of the head that the atom names is that argument; others are looked up in the finding.
BoundExpr ExprBinder::WitnessOf(const BoundAtom& atom, SlotIndex of, SourceSpan span) {
  const BoundRule& rule = context_.set.rules[atom.rule];
  const auto head = std::ranges::find(rule.head, of);
  if (head != rule.head.end()) {
    const BoundExpr& argument = atom.arguments[static_cast<std::size_t>(head - rule.head.begin())];
    if (argument.kind == ExprKind::Slot) return MakeSlot(argument.slot, span);
  }
  BoundExpr witness;
  witness.kind = ExprKind::Witness;
  witness.type = rule.slots[of].type;
  witness.span = span;
  witness.operands = atom.arguments;
  witness.rule = atom.rule;
  witness.slot = of;
  return witness;
}

// An expression of the atom's rule as one of this rule. Members that a filter looks at become slots of this one.
BoundExpr ExprBinder::Moved(const BoundExpr& value, const BoundAtom& atom) {
  const BoundRule& rule = context_.set.rules[atom.rule];
  std::map<SlotIndex, SlotIndex> inner;
  const auto move = [&](SlotIndex& slot) {
    const auto [known, fresh] = inner.emplace(slot, 0);
    if (fresh) {
      known->second = AddSlot({}, rule.slots[slot].type, rule.slots[slot].role);
      scope_.slots[known->second].any_of = rule.slots[slot].any_of;
    }
    slot = known->second;
  };
  const auto is_inner = [&](SlotIndex slot) {
    return rule.slots[slot].role == SlotRole::Element || rule.slots[slot].role == SlotRole::Inner;
  };
  const std::function<void(BoundExpr&)> walk = [&](BoundExpr& expr) {
    if (expr.kind == ExprKind::Slot && !is_inner(expr.slot)) {
      expr = WitnessOf(atom, expr.slot, expr.span);
      return;
    }
    if (expr.kind == ExprKind::Slot || expr.kind == ExprKind::Filter || expr.kind == ExprKind::Pick) move(expr.slot);
    for (BoundExpr& operand : expr.operands) walk(operand);
    for (BoundPattern& pattern : expr.pattern) {
      for (SlotIndex& node : pattern.nodes) move(node);
      for (PatternEdge& edge : pattern.edges) {
        // The pattern of an `exists` begins at a variable outside: that has to be a variable here, too.
        for (SlotIndex* const end : {&edge.from, &edge.to}) {
          if (is_inner(*end)) {
            move(*end);
          } else if (const BoundExpr outer = WitnessOf(atom, *end, expr.span); outer.kind == ExprKind::Slot) {
            *end = outer.slot;
          } else {
            Report(DiagnosticCode::UnknownName, expr.span,
                   "a pattern of " + Quoted(rule.name) + " begins at " + Quoted(rule.slots[*end].name) +
                       ", which is no argument of it")
                .helps.emplace_back("write the pattern here, with `match`");
            return;
          }
        }
        if (edge.edge) move(*edge.edge);
      }
      for (BoundExpr& condition : pattern.conditions) walk(condition);
    }
  };
  BoundExpr moved = value;
  walk(moved);
  return moved;
}

std::optional<BoundExpr> ExprBinder::BindImported(const ast::Name& name) {
  if (!scope_.sees_findings) return std::nullopt;
  std::optional<BoundExpr> found;
  const BoundRule* owner = nullptr;
  for (const BoundAtom& atom : scope_.for_atoms) {
    const BoundRule& rule = context_.set.rules[atom.rule];
    const auto let = std::ranges::find(rule.lets, name.text, &NamedExpr::name);
    const auto slot = FindSlot(rule, name.text);
    if (let == rule.lets.end() && !slot) continue;
    if (owner != nullptr) {
      Report(DiagnosticCode::UnknownName, name.span,
             Quoted(name.text) + " is a name of " + Quoted(owner->name) + " and of " + Quoted(rule.name))
          .helps.emplace_back("give the one that is meant a name of its own there");
      return Error(name.span);
    }
    owner = &rule;
    const BoundAtom joined = atom;  // slots may be added
    found = slot ? WitnessOf(joined, *slot, name.span) : Moved(Copy(let->value), joined);
  }
  return found;
}

}  // namespace advise::rules
