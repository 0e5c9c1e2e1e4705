// What two advices set and drop must allow that one `requires` or `overlaps with` the other.
#include "rules/bind/check_relations.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "support/quoted.h"

namespace advise::rules {
namespace {

// The slots of one rule as arguments of another see them.
using SlotNames = std::map<SlotIndex, std::string>;

// A path such as `s.partitions` or a setting, the same text for the same thing in both rules; nothing for an expression
// whose subject the relation does not name.
std::optional<std::string> PathOf(const BoundExpr& target, const SlotNames& names) {
  switch (target.kind) {
    case ExprKind::Conf: return "conf \"" + target.text + "\"";
    case ExprKind::App: return "app";
    case ExprKind::Slot: {
      const auto name = names.find(target.slot);
      if (name == names.end()) return std::nullopt;
      return name->second;
    }
    case ExprKind::Attribute:
    case ExprKind::Members:
    case ExprKind::Related:
    case ExprKind::FlatMembers:
    case ExprKind::Collect: {
      const std::optional<std::string> of = PathOf(target.operands[0], names);
      if (!of) return std::nullopt;
      return *of + "." + std::string(metrics::Get(target.attribute).name);
    }
    default: return std::nullopt;
  }
}

bool DifferentConstants(const BoundExpr& a, const BoundExpr& b) {
  if (a.kind != ExprKind::Constant || b.kind != ExprKind::Constant) return false;
  return a.number != b.number || a.text != b.text;
}

// Why the first rule cannot stand beside the second in the way stated; empty: nothing says so.
std::string Contradiction(ast::Relation relation, const BoundRule& first, const SlotNames& first_names,
                          const BoundRule& second, const SlotNames& second_names) {
  if (relation != ast::Relation::Requires && relation != ast::Relation::OverlapsWith) return "";
  for (const BoundEffect& ours : first.effects) {
    if (!ours.target) continue;
    const std::optional<std::string> path = PathOf(*ours.target, first_names);
    if (!path) continue;
    for (const BoundEffect& theirs : second.effects) {
      if (!theirs.target) continue;
      const std::optional<std::string> other = PathOf(*theirs.target, second_names);
      if (!other) continue;
      const bool both_set = ours.kind == ast::EffectKind::Set && theirs.kind == ast::EffectKind::Set;
      if (both_set && *path == *other && DifferentConstants(*ours.value, *theirs.value)) {
        return "both set " + *path + ", to different values: they exclude each other";
      }
      const bool below = *other == *path || other->starts_with(*path + ".");
      if (relation == ast::Relation::Requires && ours.kind == ast::EffectKind::Drop && below) {
        return Quoted(first.name) + " drops " + *path + ", which " + Quoted(second.name) + " changes: it replaces it";
      }
    }
  }
  return "";
}

std::string_view WordsOf(ast::Relation relation) {
  return relation == ast::Relation::Requires ? "requires" : "overlaps with";
}

// Names the slots of both rules after the variables of the first, as far as the relation's arguments bind them.
void NameSlots(const BoundRule& first, const BoundAtom& atom, const BoundRule& second, SlotNames& first_names,
               SlotNames& second_names) {
  for (SlotIndex slot = 0; slot < first.slots.size(); ++slot) {
    if (!first.slots[slot].name.empty()) first_names[slot] = first.slots[slot].name;
  }
  for (std::size_t i = 0; i < atom.arguments.size() && i < second.head.size(); ++i) {
    const BoundExpr& argument = atom.arguments[i];
    if (argument.kind != ExprKind::Slot) continue;
    const auto name = first_names.find(argument.slot);
    if (name != first_names.end()) second_names[second.head[i]] = name->second;
  }
}

}  // namespace

void CheckRelations(BoundRules& set, Diagnostics& diagnostics) {
  for (BoundRule& rule : set.rules) {
    std::erase_if(rule.relations, [&](const BoundRelation& stated) {
      const BoundRule& other = set.rules[stated.atom.rule];
      SlotNames names;
      SlotNames other_names;
      NameSlots(rule, stated.atom, other, names, other_names);
      const std::string why = Contradiction(stated.relation, rule, names, other, other_names);
      if (why.empty()) return false;
      Diagnostic& diagnostic = diagnostics.Report(
          DiagnosticCode::RelationContradicts, stated.atom.span,
          Quoted(rule.name) + " " + std::string(WordsOf(stated.relation)) + " " + Quoted(other.name) + ", but " + why);
      diagnostic.helps.push_back("leave the relation out: what holds follows from the effects");
      return true;
    });
  }
}

}  // namespace advise::rules
