// The moves of a plan's steps, for those who look for different things on the way: the matcher keeps what holds, exists
// and count look for matches of an inner pattern, near misses go on with one condition failed, `why not` with all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/match/evaluation.h"

namespace advise::rules {

// Bindings whose missing inputs are looked at, a rule or query: the same inputs are missing in most of them.
inline constexpr std::size_t kMissingSamples = 32;

// What a visitor may do on a walk, and what it need not.
struct WalkVisitor {
  // Rows are scanned by masks: rows that fail a cheap test are not visited at all.
  static constexpr bool kMasks = false;
  // Findings that may be there are joined too.
  static constexpr bool kUnknownFindings = false;
  std::size_t unknown = 0;  // conditions and findings of the current binding that are unknown

  // Marks what is remembered of the binding so far, before a variable is bound.
  [[nodiscard]] std::size_t Mark() const { return unknown; }
  void Reset(std::size_t mark) { unknown = mark; }
  [[nodiscard]] bool Admits(VariableIndex, std::uint32_t) const { return true; }
  [[nodiscard]] bool Done() const { return false; }
  void Joined(const Step&, bool) {}  // after the findings of a step; whether there were any
};

// Visitor has besides `bool Holds(conditions)`, which tests conditions of the plan whose rows are all bound (false:
// this binding leads nowhere), and `void Found()`, called once a binding of all variables.
template <class Visitor>
class Walk {
 public:
  // `self`: the row of which a plan of an inner pattern is a function.
  Walk(Evaluation& evaluation, const Plan& plan, std::uint32_t self, Visitor& visitor)
      : evaluation_(evaluation), plan_(plan), self_(self), visitor_(visitor) {}

  void Run() {
    if (visitor_.Holds(plan_.once)) Next(plan_.steps.data());
  }

 private:
  void Next(const Step* step) {
    if (step == plan_.steps.data() + plan_.steps.size()) return visitor_.Found();
    switch (step->kind) {
      case StepKind::Scan: return Scan(*step);
      case StepKind::Finding: return Join(*step);
      case StepKind::Follow:
      case StepKind::Check: return Follow(*step);
    }
  }

  // With the variables of the step bound. `filters`: those of its conditions that are not tested yet.
  void Continue(const Step& step, const std::vector<std::size_t>& filters) {
    evaluation_.Take(1);
    const auto mark = visitor_.Mark();
    if (visitor_.Holds(filters)) Next(&step + 1);
    visitor_.Reset(mark);
  }

  void Scan(const Step& step) {
    std::uint32_t& row = evaluation_.At(step.variable);
    const std::uint32_t before = row;
    if (Visitor::kMasks && !evaluation_.collects_missing()) {
      const RowMask& mask = evaluation_.Candidates(step);
      const auto visit = [&](std::uint32_t candidate) {
        if (visitor_.Done()) return;
        const bool unknown = !mask.unknown.empty() && HasBit(mask.unknown, candidate);
        if (unknown) ++visitor_.unknown;
        row = candidate;
        Continue(step, step.filters);
        if (unknown) --visitor_.unknown;
      };
      const auto joined = step.key == kNone ? std::nullopt : evaluation_.Joined(step, self_);
      if (joined) {
        for (const std::uint32_t candidate : *joined) {
          if (HasBit(mask.open, candidate)) visit(candidate);
        }
      } else {
        ForEachBit(mask.open, visit);
      }
    } else {
      for (const std::uint32_t candidate : evaluation_.DomainOf(step.domain).rows) {
        if (visitor_.Done()) break;
        evaluation_.Take(1);
        if (!visitor_.Admits(step.variable, candidate)) continue;
        row = candidate;
        const auto mark = visitor_.Mark();
        if (visitor_.Holds(step.tested)) Continue(step, step.filters);
        visitor_.Reset(mark);
      }
    }
    row = before;
  }

  void Join(const Step& step) {
    FindingsOfRule& findings = evaluation_.FindingsOf(step.rule);
    std::vector<std::uint32_t> wanted;
    for (const JoinArgument& argument : step.arguments)
      wanted.push_back(argument.kind == JoinArgument::Kind::Given ? evaluation_.At(argument.variable) : kAnyRow);
    bool any = Join(step, findings.known, wanted);
    if (Visitor::kUnknownFindings) {
      // A finding that may be there makes what is built on it unknown.
      ++visitor_.unknown;
      any = Join(step, findings.unknown, wanted) || any;
      --visitor_.unknown;
    }
    visitor_.Joined(step, any);
  }

  bool Join(const Step& step, FindingTable& table, const std::vector<std::uint32_t>& wanted) {
    bool any = false;
    for (const std::uint32_t found : evaluation_.Find(table, wanted)) {
      if (visitor_.Done()) break;
      const auto head = table.Head(found);
      bool fits = true;
      for (std::size_t i = 0; i < head.size() && fits; ++i) {
        const JoinArgument& argument = step.arguments[i];
        if (argument.kind == JoinArgument::Kind::Same) fits = evaluation_.At(argument.variable) == head[i];
        if (argument.kind != JoinArgument::Kind::New) continue;
        fits = (argument.domain == kNone || HasBit(evaluation_.DomainOf(argument.domain).bits, head[i])) &&
               visitor_.Admits(argument.variable, head[i]);
        evaluation_.At(argument.variable) = head[i];
      }
      any = any || fits;
      if (fits) Continue(step, step.filters);
    }
    for (const JoinArgument& argument : step.arguments) {
      if (argument.kind == JoinArgument::Kind::New) evaluation_.At(argument.variable) = kUnboundSlot;
    }
    return any;
  }

  // The other end is bound by the step, or must be the row that it is already.
  void Follow(const Step& step) {
    const std::uint32_t here = evaluation_.Row(step.here, self_);
    if (here == kUnboundSlot) return;
    const bool check = step.kind == StepKind::Check;
    const std::uint32_t there = check ? evaluation_.Row(step.there, self_) : kUnboundSlot;
    const std::uint32_t before = check ? kUnboundSlot : evaluation_.At(step.variable);
    const std::uint32_t edge_before = step.edge == kNone ? kUnboundSlot : evaluation_.At(step.edge);
    const bool masks = Visitor::kMasks && !check && !evaluation_.collects_missing();
    const RowMask* const targets = masks ? evaluation_.Targets(step) : nullptr;
    const Bits* const open = targets != nullptr ? &targets->open
                             : check            ? nullptr
                                                : &evaluation_.DomainOf(step.domain).bits;
    const std::vector<std::size_t>& filters = targets != nullptr ? step.rest : step.filters;
    std::uint32_t last = kUnboundSlot;
    for (const Neighbour& neighbour : evaluation_.Neighbours(step, here)) {
      if (visitor_.Done()) break;
      // Each row once, unless the edge has a variable of its own.
      if (step.edge == kNone && neighbour.row == last) continue;
      last = neighbour.row;
      evaluation_.Take(1);
      if (check) {
        if (neighbour.row != there) continue;
      } else {
        if (!HasBit(*open, neighbour.row)) continue;
        if (!visitor_.Admits(step.variable, neighbour.row)) continue;
        evaluation_.At(step.variable) = neighbour.row;
      }
      if (step.edge != kNone) {
        if (!visitor_.Admits(step.edge, neighbour.edge)) continue;
        evaluation_.At(step.edge) = neighbour.edge;
      }
      const bool unknown = targets != nullptr && !targets->unknown.empty() && HasBit(targets->unknown, neighbour.row);
      if (unknown) ++visitor_.unknown;
      Continue(step, filters);
      if (unknown) --visitor_.unknown;
    }
    if (!check) evaluation_.At(step.variable) = before;
    if (step.edge != kNone) evaluation_.At(step.edge) = edge_before;
  }

  Evaluation& evaluation_;
  const Plan& plan_;
  std::uint32_t self_;
  Visitor& visitor_;
};

}  // namespace advise::rules
