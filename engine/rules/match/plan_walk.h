// The moves of a plan's steps, for walkers that differ in what they do with a binding: the matcher keeps the matches,
// the search for near misses goes on with one condition failed.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/bind/bound_rule.h"
#include "rules/match/evaluator.h"
#include "rules/match/finding_table.h"
#include "rules/plan/plan.h"

namespace advise::rules {

// Walker has `void Continue(std::size_t step)`, called once a binding with the slots of that step set in frame_; after
// each move they are unbound again.
template <class Walker>
class PlanWalk {
 protected:
  PlanWalk(const BoundRule& rule, Evaluator& evaluator) : rule_(rule), evaluator_(evaluator), frame_(rule.slots) {}

  // What the atom asks of each argument of a finding: the row that is bound already, or kAnyRow.
  [[nodiscard]] std::vector<std::uint32_t> Wanted(const BoundAtom& atom) const {
    std::vector<std::uint32_t> wanted;
    for (const BoundExpr& argument : atom.arguments) {
      const bool open = argument.kind == ExprKind::Wildcard || frame_.At(argument.index) == kUnboundSlot;
      wanted.push_back(open ? kAnyRow : frame_.At(argument.index));
    }
    return wanted;
  }

  void Join(const BoundAtom& atom, FindingTable& table, const std::vector<std::uint32_t>& wanted, std::size_t number) {
    for (const std::uint32_t found : table.Find(wanted)) {
      const auto head = table.Head(found);
      std::vector<SlotIndex> fresh;
      bool fits = true;
      for (std::size_t i = 0; i < head.size() && fits; ++i) {
        if (wanted[i] != kAnyRow || atom.arguments[i].kind == ExprKind::Wildcard) continue;
        const SlotIndex slot = atom.arguments[i].index;
        const std::uint32_t bound = frame_.At(slot);
        fits = bound == kUnboundSlot ? Fits(slot, head[i]) : bound == head[i];  // bound: f(x, x)
        if (!fits || bound != kUnboundSlot) continue;
        frame_.Set(slot, head[i]);
        fresh.push_back(slot);
      }
      if (fits) Self().Continue(number);
      for (const SlotIndex slot : fresh) frame_.Set(slot, kUnboundSlot);
    }
  }

  void Follow(const PlanStep& step, std::size_t number) {
    const PatternEdge& edge = rule_.match.edges[step.index];
    const std::uint32_t here = frame_.At(step.forward ? edge.from : edge.to);
    const Domain& domain = evaluator_.DomainOf(rule_.slots[step.slot]);
    for (const Neighbour& neighbour : evaluator_.Neighbours(edge, here, step.forward)) {
      if (domain.mask[neighbour.row] == 0) continue;
      frame_.Set(step.slot, neighbour.row);
      if (edge.edge) frame_.Set(*edge.edge, neighbour.edge);
      Self().Continue(number);
    }
    frame_.Set(step.slot, kUnboundSlot);
    if (edge.edge) frame_.Set(*edge.edge, kUnboundSlot);
  }

  void Check(const PlanStep& step, std::size_t number) {
    const PatternEdge& edge = rule_.match.edges[step.index];
    for (const Neighbour& neighbour : evaluator_.Neighbours(edge, frame_.At(edge.from), true)) {
      if (neighbour.row != frame_.At(edge.to)) continue;
      if (edge.edge) frame_.Set(*edge.edge, neighbour.edge);
      Self().Continue(number);
    }
    if (edge.edge) frame_.Set(*edge.edge, kUnboundSlot);
  }

  const BoundRule& rule_;
  Evaluator& evaluator_;
  Frame frame_;

 private:
  Walker& Self() { return static_cast<Walker&>(*this); }

  // The head of a lower rule's finding may have a wider type than the variable here.
  [[nodiscard]] bool Fits(SlotIndex slot, std::uint32_t row) {
    const Slot& variable = rule_.slots[slot];
    return variable.type.kind != TypeKind::Entity || evaluator_.DomainOf(variable).mask[row] != 0;
  }
};

}  // namespace advise::rules
