// What an advice sees of the cause that it is `for`: names of another rule, whose values are those of the finding's
// best witness.
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

}  // namespace

void ExprBinder::ImportNames() {
  for (std::size_t atom = 0; atom < scope_.for_atoms.size(); ++atom) {
    const BoundRule& rule = context_.set.rules[scope_.for_atoms[atom].rule];
    for (SlotIndex of = 0; of < rule.slots.size(); ++of) {
      const auto head = std::ranges::find(rule.head, of);
      // A variable of the head that the atom names is that argument.
      if (head != rule.head.end()) {
        const auto argument = static_cast<std::size_t>(head - rule.head.begin());
        if (scope_.for_atoms[atom].arguments[argument].kind == ExprKind::Slot) continue;
      }
      if (!IsVariable(rule, rule.slots[of])) continue;
      const SlotIndex slot = AddSlot({}, rule.slots[of].type, SlotRole::Import);
      scope_.slots[slot].any_of = rule.slots[of].any_of;
      scope_.imports.push_back({rule.slots[of].name, slot, atom, of});
    }
  }
}

std::optional<SlotIndex> ExprBinder::FindImport(std::string_view name) const {
  const auto import = std::ranges::find(scope_.imports, name, &Import::name);
  return import == scope_.imports.end() ? std::nullopt : std::optional(import->slot);
}

// The slot here that stands for a slot of the atom's rule.
SlotIndex ExprBinder::SlotOf(std::size_t atom, SlotIndex of, std::map<SlotIndex, SlotIndex>& inner) {
  const BoundAtom& joined = scope_.for_atoms[atom];
  const BoundRule& rule = context_.set.rules[joined.rule];
  const auto head = std::ranges::find(rule.head, of);
  if (head != rule.head.end()) {
    const BoundExpr& argument = joined.arguments[static_cast<std::size_t>(head - rule.head.begin())];
    if (argument.kind == ExprKind::Slot) return argument.index;
  }
  const auto import =
      std::ranges::find_if(scope_.imports, [&](const Import& known) { return known.atom == atom && known.of == of; });
  if (import != scope_.imports.end()) return import->slot;
  // A member that a filter looks at, or a node of an inner pattern.
  const auto [known, fresh] = inner.emplace(of, 0);
  if (fresh) {
    known->second = AddSlot({}, rule.slots[of].type, rule.slots[of].role);
    scope_.slots[known->second].any_of = rule.slots[of].any_of;
  }
  return known->second;
}

BoundExpr ExprBinder::Moved(const BoundExpr& value, std::size_t atom) {
  BoundExpr moved = value;
  std::map<SlotIndex, SlotIndex> inner;
  ForEachSlot(moved, [&](SlotIndex& slot) { slot = SlotOf(atom, slot, inner); });
  return moved;
}

std::optional<BoundExpr> ExprBinder::BindImported(const ast::Name& name) {
  std::optional<BoundExpr> found;
  std::optional<std::size_t> owner;
  for (std::size_t atom = 0; atom < scope_.for_atoms.size(); ++atom) {
    const BoundRule& rule = context_.set.rules[scope_.for_atoms[atom].rule];
    const auto let = std::ranges::find(rule.lets, name.text, &NamedExpr::name);
    const auto import = std::ranges::find_if(
        scope_.imports, [&](const Import& known) { return known.atom == atom && known.name == name.text; });
    if (let == rule.lets.end() && import == scope_.imports.end()) continue;
    if (owner) {
      const auto other = [&](std::size_t of) { return Quoted(context_.set.rules[scope_.for_atoms[of].rule].name); };
      Report(DiagnosticCode::UnknownName, name.span,
             Quoted(name.text) + " is a name of " + other(*owner) + " and of " + other(atom))
          .helps.push_back("give the one that is meant a name of its own there");
      return Error(name.span);
    }
    owner = atom;
    found = let != rule.lets.end() ? Moved(let->value, atom) : MakeSlot(import->slot, name.span);
  }
  return found;
}

}  // namespace advise::rules
