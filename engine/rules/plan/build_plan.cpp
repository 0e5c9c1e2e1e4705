// How the candidates of a pattern are enumerated. Findings of lower rules first (they are few), else the variable whose
// type has few rows and whose own conditions are many; then always the edge that leads from what is bound. Patterns are
// small (four edges and less), so a greedy choice is as good as a search.
#include <algorithm>
#include <optional>
#include <set>

#include "rules/plan/lower_expr.h"

namespace advise::rules {
namespace {

// Rough numbers of rows in a large application; only their order matters.
double ExpectedRows(metrics::Entity entity) {
  switch (entity) {
    case metrics::Entity::App: return 1;
    case metrics::Entity::Gap: return 30;
    case metrics::Entity::Host: return 50;
    case metrics::Entity::CachedRdd: return 20;
    case metrics::Entity::Incident: return 100;
    case metrics::Entity::Executor: return 200;
    case metrics::Entity::SqlExecution: return 200;
    case metrics::Entity::Job: return 500;
    case metrics::Entity::Stage: return 1'000;
    case metrics::Entity::Shuffle: return 1'200;
    case metrics::Entity::PlanNode: return 5'000;
    case metrics::Entity::Task: return 100'000;
  }
  return 1;
}
constexpr double kPassCheap = 0.15;  // guessed share of rows that pass one condition
constexpr double kPassCostly = 0.5;  // a costly one reduces later work only
constexpr double kPassEqual = 0.01;  // one that asks for equality with what is bound

class Planner {
 public:
  Planner(ExprLowerer& lowerer, const PlanInput& input, const LowerScope& scope)
      : lowerer_(lowerer), input_(input), scope_(scope), open_(input.own.begin(), input.own.end()) {
    for (const BoundExpr* condition : input.conditions) plan_.conditions.push_back(lowerer.Value(*condition, scope));
    pending_.resize(plan_.conditions.size(), true);
    for (std::size_t i = 0; i < plan_.conditions.size(); ++i) by_cost_.push_back(i);
    std::ranges::stable_sort(by_cost_, [&](std::size_t a, std::size_t b) { return IsCheap(a) > IsCheap(b); });
    for (std::size_t i = 0; i < input.pattern.edges.size(); ++i) edges_.push_back(i);
  }

  Plan Run() {
    plan_.once = Take();
    for (const BoundAtom& atom : input_.atoms) JoinFindings(atom);
    while (FollowEdge() || ScanNode()) {
    }
    for (const std::size_t condition : by_cost_) {
      if (pending_[condition]) plan_.after_group.push_back(condition);
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] bool IsBound(SlotIndex slot) const { return !open_.contains(slot); }
  [[nodiscard]] bool IsCheap(std::size_t condition) const { return lowerer_[plan_.conditions[condition]].cheap; }
  [[nodiscard]] const std::vector<Root>& RowsOf(std::size_t condition) const {
    return lowerer_.RootsOf(*input_.conditions[condition]).rows;
  }

  // Conditions that can be tested now.
  std::vector<std::size_t> Take() {
    std::vector<std::size_t> ready;
    for (const std::size_t condition : by_cost_) {
      const bool known = std::ranges::all_of(RowsOf(condition), [&](const Root& root) { return IsBound(root.slot); });
      if (!pending_[condition] || !known) continue;
      pending_[condition] = false;
      ready.push_back(condition);
    }
    return ready;
  }
  void Add(Step step, SlotIndex slot) {
    step.filters = Take();
    if (step.kind == StepKind::Scan) MoveTests(step, slot);
    if (step.kind == StepKind::Follow) CopyTests(step, slot);
    plan_.steps.push_back(std::move(step));
  }

  [[nodiscard]] bool IsOf(std::size_t condition, SlotIndex slot) const {
    const std::vector<Root>& rows = RowsOf(condition);
    return IsCheap(condition) && rows.size() == 1 && rows[0].slot == slot;
  }
  void AddTest(Step& step, std::size_t condition, SlotIndex slot) {
    step.tests.push_back(lowerer_.Value(*input_.conditions[condition], {Root{slot}}));
    step.tested.push_back(condition);
  }

  // Cheap conditions on the scanned row alone leave the filters and become tests.
  void MoveTests(Step& step, SlotIndex slot) {
    std::erase_if(step.filters, [&](std::size_t condition) {
      if (!IsOf(condition, slot)) return false;
      AddTest(step, condition, slot);
      return true;
    });
  }
  // Whether a test of all rows is cheaper shows in the log, so the filters stay; only comparisons with a threshold can
  // be. An inner pattern meets few rows each time.
  void CopyTests(Step& step, SlotIndex slot) {
    if (input_.inner) return;
    for (const std::size_t condition : step.filters) {
      const bool threshold = lowerer_.code().ThresholdOf(lowerer_[plan_.conditions[condition]]).has_value();
      if (threshold && IsOf(condition, slot)) {
        AddTest(step, condition, slot);
      } else {
        step.rest.push_back(condition);
      }
    }
  }

  // Of a condition `x = y` where one side is a number, text or row of `slot` alone and the other depends on bound rows:
  // which side is the slot's.
  [[nodiscard]] std::optional<std::size_t> JoinSide(std::size_t condition, SlotIndex slot) const {
    const BoundExpr& compare = *input_.conditions[condition];
    if (compare.kind != ExprKind::Compare || compare.op != ast::BinaryOp::Eq) return std::nullopt;
    const TypeKind kind = compare.operands[0].type.kind;
    if (kind == TypeKind::Version || kind == TypeKind::Bool || !IsCheap(condition)) return std::nullopt;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      const std::vector<Root>& here = lowerer_.RootsOf(compare.operands[side]).rows;
      const std::vector<Root>& there = lowerer_.RootsOf(compare.operands[1 - side]).rows;
      const auto bound = [&](const Root& root) { return root.slot != slot && IsBound(root.slot); };
      if (here.size() == 1 && here[0].slot == slot && !there.empty() && std::ranges::all_of(there, bound)) return side;
    }
    return std::nullopt;
  }

  void JoinFindings(const BoundAtom& atom) {
    Step step;
    step.kind = StepKind::Finding;
    step.rule = atom.rule;
    std::set<SlotIndex> fresh;
    for (const BoundExpr& argument : atom.arguments) {
      JoinArgument join;
      if (argument.kind != ExprKind::Wildcard) {
        const SlotIndex slot = argument.slot;
        const Slot& variable = lowerer_.slots()[slot];
        join.variable = scope_.At(slot);
        join.kind = JoinArgument::Kind::Given;
        if (fresh.contains(slot)) join.kind = JoinArgument::Kind::Same;
        if (open_.erase(slot) > 0) {
          join.kind = JoinArgument::Kind::New;
          fresh.insert(slot);
          // The head of a lower rule's finding may have a wider type than the variable here.
          if (variable.type.kind == TypeKind::Entity) join.domain = lowerer_.DomainOf(variable);
        }
      }
      step.arguments.push_back(join);
    }
    Add(std::move(step), 0);
  }

  // How many rows are left of a node once its own conditions hold.
  [[nodiscard]] double Expected(SlotIndex slot) const {
    const Type& type = lowerer_.slots()[slot].type;
    double rows = ExpectedRows(type.entity->entity);
    if (type.entity->node_kind) rows *= 0.1;
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      if (pending_[i] && RowsOf(i).size() == 1 && RowsOf(i)[0].slot == slot)
        rows *= IsCheap(i) ? kPassCheap : kPassCostly;
      if (pending_[i] && JoinSide(i, slot)) rows *= kPassEqual;
    }
    return rows;
  }

  // Edges between bound ends first (they only reduce), then the one to the fewest rows.
  bool FollowEdge() {
    std::optional<std::size_t> best;
    double best_rows = 0;
    for (const std::size_t index : edges_) {
      const PatternEdge& edge = input_.pattern.edges[index];
      const bool from = IsBound(edge.from);
      const bool to = IsBound(edge.to);
      if (!from && !to) continue;
      const double rows = from && to ? -1 : Expected(from ? edge.to : edge.from);
      if (!best || rows < best_rows) {
        best = index;
        best_rows = rows;
      }
    }
    if (!best) return false;
    const PatternEdge& edge = input_.pattern.edges[*best];
    std::erase(edges_, *best);
    Step step;
    step.forward = IsBound(edge.from);
    const SlotIndex here = step.forward ? edge.from : edge.to;
    const SlotIndex there = step.forward ? edge.to : edge.from;
    step.here = lowerer_.RowOfSlot(here, scope_);
    step.kinds = edge.kinds;
    step.hops = edge.hops;
    if (edge.edge) step.edge = scope_.At(*edge.edge);
    if (IsBound(there)) {
      step.kind = StepKind::Check;
      step.there = lowerer_.RowOfSlot(there, scope_);
    } else {
      step.kind = StepKind::Follow;
      step.variable = scope_.At(there);
      step.domain = lowerer_.DomainOf(lowerer_.slots()[there]);
    }
    open_.erase(there);
    if (edge.edge) open_.erase(*edge.edge);
    Add(std::move(step), there);
    return true;
  }

  bool ScanNode() {
    std::optional<SlotIndex> best;
    for (const SlotIndex slot : input_.pattern.nodes) {
      if (IsBound(slot)) continue;
      if (!best || Expected(slot) < Expected(*best)) best = slot;
    }
    if (!best) return false;
    Step step;
    for (std::size_t i = 0; i < pending_.size() && step.key == kNone; ++i) {
      const auto side = pending_[i] ? JoinSide(i, *best) : std::nullopt;
      if (!side) continue;
      step.key = lowerer_.Value(input_.conditions[i]->operands[*side], {Root{*best}});
      step.equals = lowerer_.Value(input_.conditions[i]->operands[1 - *side], scope_);
    }
    open_.erase(*best);
    step.variable = scope_.At(*best);
    step.domain = lowerer_.DomainOf(lowerer_.slots()[*best]);
    Add(std::move(step), *best);
    return true;
  }

  ExprLowerer& lowerer_;
  const PlanInput& input_;
  const LowerScope& scope_;
  Plan plan_;
  std::set<SlotIndex> open_;   // not bound yet
  std::vector<bool> pending_;  // conditions that are not tested yet
  std::vector<std::size_t> by_cost_;
  std::vector<std::size_t> edges_;  // not followed yet
};

}  // namespace

Plan BuildPlan(ExprLowerer& lowerer, const PlanInput& input, const LowerScope& scope) {
  return Planner(lowerer, input, scope).Run();
}

}  // namespace advise::rules
