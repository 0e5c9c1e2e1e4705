// Order of the steps: findings of lower rules first (they are few), else the variable whose type has few rows and whose
// own conditions are many; then always the edge that leads from what is bound. Patterns are small (four edges and
// less), so a greedy choice is as good as a search.
#include <algorithm>
#include <map>
#include <set>

#include "rules/plan/plan.h"

namespace advise::rules {
namespace {

// ---------------------------------------------------------------- derived columns
// Nothing below it visits members or findings: the cost is a few array reads.
bool IsCheap(const BoundExpr& expr) {
  bool cheap = true;
  ForEach(expr, [&](const BoundExpr& e) {
    switch (e.kind) {
      case ExprKind::Constant:
      case ExprKind::Param:
      case ExprKind::App:
      case ExprKind::Slot:
      case ExprKind::Attribute:
      case ExprKind::GroupKey:
      case ExprKind::Conf:
      case ExprKind::ConfIsSet:
      case ExprKind::Not:
      case ExprKind::And:
      case ExprKind::Or:
      case ExprKind::Negate:
      case ExprKind::Compare:
      case ExprKind::Arithmetic:
      case ExprKind::Coalesce:
      case ExprKind::If:
      case ExprKind::Range:
      case ExprKind::In:
      case ExprKind::IsMissing: return;
      case ExprKind::Call: {
        // Functions of plain numbers: ceil(…), max(a, b).
        const bool numbers = std::ranges::all_of(e.operands, [](const BoundExpr& o) { return o.type.IsNumber(); });
        cheap = cheap && numbers;
        return;
      }
      case ExprKind::Matches:
      case ExprKind::Wildcard:
      case ExprKind::RunningTasks:
      case ExprKind::Members:
      case ExprKind::Related:
      case ExprKind::FlatMembers:
      case ExprKind::Filter:
      case ExprKind::Collect:
      case ExprKind::Pick:
      case ExprKind::Exists:
      case ExprKind::CountOf:
      case ExprKind::Atom:
      case ExprKind::Witness: cheap = false; return;
    }
  });
  return cheap;
}

bool IsNumeric(const Type& type) { return (type.IsNumber() && !type.interval) || type.kind == TypeKind::Timestamp; }

// Gives expressions their column and dist numbers; the same expression over the same kind of row gets the same number.
class ColumnSharer {
 public:
  explicit ColumnSharer(RuleSet& set) : set_(set) {}

  void Visit(BoundExpr& expr, const std::vector<Slot>& slots) {
    slots_ = &slots;
    Walk(expr, false);
  }

 private:
  // `side`: an operand of a comparison, whose whole value is worth a column if it is cheap.
  void Walk(BoundExpr& expr, bool side) {
    const bool aggregate = expr.kind == ExprKind::Call && !expr.operands[0].type.IsNumber();
    const bool leaf = expr.kind == ExprKind::Attribute && expr.operands[0].kind == ExprKind::Slot;
    const bool composite =
        side && (expr.kind == ExprKind::Arithmetic || expr.kind == ExprKind::Negate) && IsCheap(expr);
    const bool compares = expr.kind == ExprKind::Compare;
    for (BoundExpr& operand : expr.operands) Walk(operand, compares);
    for (BoundPattern& pattern : expr.pattern) {
      for (BoundExpr& condition : pattern.conditions) Walk(condition, false);
    }
    // After the operands, so that the column's own expression can use theirs.
    const bool column = IsNumeric(expr.type) && (aggregate || leaf || composite);
    const auto slot = column || expr.kind == ExprKind::Collect ? OnlySlot(expr) : std::nullopt;
    if (!slot) return;
    if (column) expr.column = ColumnOf(expr, *slot);
    if (expr.kind == ExprKind::Collect) expr.dist = DistOf(expr, *slot);
    expr.index = *slot;
  }

  // The one slot that the value depends on.
  static std::optional<SlotIndex> OnlySlot(const BoundExpr& expr) {
    bool patterns = false;  // these have no structural key
    ForEach(expr, [&](const BoundExpr& e) { patterns = patterns || !e.pattern.empty(); });
    if (patterns) return std::nullopt;
    const std::vector<SlotIndex> free = FreeSlots(expr);
    if (free.size() != 1) return std::nullopt;
    return free[0];
  }

  // Tasks are too many for columns of their own, and their attributes are columns already. Groups are few.
  std::int32_t ColumnOf(const BoundExpr& expr, SlotIndex slot) {
    const Type& type = (*slots_)[slot].type;
    if (type.kind != TypeKind::Entity || type.entity->entity == metrics::Entity::Task) return -1;
    const metrics::Entity entity = type.entity->entity;
    const std::string key = std::to_string(static_cast<int>(entity)) + ":" + StructuralKey(expr, slot);
    const auto [known, fresh] = columns_.emplace(key, static_cast<std::int32_t>(set_.columns.size()));
    if (fresh) set_.columns.push_back({entity, slot, expr, IsCheap(expr)});
    return known->second;
  }

  std::int32_t DistOf(const BoundExpr& expr, SlotIndex slot) {
    const Slot& variable = (*slots_)[slot];
    if (variable.role == SlotRole::Element || variable.role == SlotRole::Inner) return -1;
    const std::string key = TypeText(variable.type) + ":" + StructuralKey(expr, slot);
    const auto [known, fresh] = dists_.emplace(key, static_cast<std::int32_t>(set_.dist_count));
    if (fresh) ++set_.dist_count;
    return known->second;
  }

  RuleSet& set_;
  const std::vector<Slot>* slots_ = nullptr;
  std::map<std::string, std::int32_t> columns_;
  std::map<std::string, std::int32_t> dists_;
};

void ShareColumns(RuleSet& set) {
  ColumnSharer sharer(set);
  for (BoundRule& rule : set.rules) {
    for (Conjunct& conjunct : rule.conjuncts) sharer.Visit(conjunct.condition, rule.slots);
    for (NamedExpr& value : rule.evidence) sharer.Visit(value.value, rule.slots);
    for (ConfidenceCase& one : rule.confidence) {
      if (one.condition) sharer.Visit(*one.condition, rule.slots);
    }
    for (SeverityCase& one : rule.severity) {
      if (one.condition) sharer.Visit(*one.condition, rule.slots);
    }
    for (BoundText* const text : {&rule.title, &rule.message, &rule.fix}) {
      for (TextPiece& piece : *text) {
        if (piece.hole) sharer.Visit(*piece.hole, rule.slots);
      }
    }
  }
}

// ---------------------------------------------------------------- steps
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

ast::BinaryOp Mirrored(ast::BinaryOp op) {
  if (op == ast::BinaryOp::Lt) return ast::BinaryOp::Gt;
  if (op == ast::BinaryOp::Le) return ast::BinaryOp::Ge;
  if (op == ast::BinaryOp::Gt) return ast::BinaryOp::Lt;
  if (op == ast::BinaryOp::Ge) return ast::BinaryOp::Le;
  return op;
}

class Planner {
 public:
  Planner(const RuleSet& set, const BoundRule& rule) : set_(set), rule_(rule) {
    for (const Conjunct& conjunct : rule.conjuncts) {
      free_.push_back(FreeSlots(conjunct.condition));
      cheap_.push_back(IsCheap(conjunct.condition));
    }
    pending_.resize(rule.conjuncts.size(), true);
    for (std::size_t i = 0; i < rule.conjuncts.size(); ++i) by_cost_.push_back(i);
    std::stable_sort(by_cost_.begin(), by_cost_.end(),
                     [&](std::size_t a, std::size_t b) { return cheap_[a] > cheap_[b]; });
    for (std::size_t i = 0; i < rule.match.edges.size(); ++i) edges_.push_back(i);
  }

  RulePlan Run() {
    plan_.once = Take();
    for (std::size_t i = 0; i < rule_.for_atoms.size(); ++i) {
      for (const BoundExpr& argument : rule_.for_atoms[i].arguments) {
        if (argument.kind == ExprKind::Slot) bound_.insert(argument.index);
      }
      Add({StepKind::Finding, 0, i});
    }
    while (FollowEdge() || ScanNode()) {
    }
    for (const std::size_t conjunct : by_cost_) {
      if (pending_[conjunct]) plan_.after_group.push_back(conjunct);
    }
    return std::move(plan_);
  }

 private:
  // Conjuncts that can be tested now.
  std::vector<std::size_t> Take() {
    std::vector<std::size_t> ready;
    for (const std::size_t conjunct : by_cost_) {
      const bool known = std::ranges::all_of(free_[conjunct], [&](SlotIndex slot) { return bound_.contains(slot); });
      if (!pending_[conjunct] || !known) continue;
      pending_[conjunct] = false;
      ready.push_back(conjunct);
    }
    return ready;
  }
  void Add(PlanStep step) {
    step.filters = Take();
    if (step.kind == StepKind::Scan) MoveTests(step);
    plan_.steps.push_back(std::move(step));
  }

  // Conditions `column op threshold` on the scanned variable leave the filters and become tests.
  void MoveTests(PlanStep& step) {
    std::erase_if(step.filters, [&](std::size_t conjunct) {
      const BoundExpr& condition = rule_.conjuncts[conjunct].condition;
      if (condition.kind != ExprKind::Compare || !IsNumeric(condition.operands[0].type)) return false;
      for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        const std::int32_t column = condition.operands[side].column;
        const BoundExpr& other = condition.operands[1 - side];
        if (column < 0 || !set_.columns[static_cast<std::size_t>(column)].cheap || !FreeSlots(other).empty()) continue;
        step.tests.push_back(
            {conjunct, static_cast<std::size_t>(column), side == 0 ? condition.op : Mirrored(condition.op), side == 1});
        return true;
      }
      return false;
    });
  }

  // How many rows are left of a node once its own conditions hold.
  [[nodiscard]] double Expected(SlotIndex slot) const {
    const Type& type = rule_.slots[slot].type;
    double rows = ExpectedRows(type.entity->entity);
    if (type.entity->node_kind) rows *= 0.1;
    for (std::size_t i = 0; i < free_.size(); ++i) {
      if (pending_[i] && free_[i].size() == 1 && free_[i][0] == slot) rows *= cheap_[i] ? kPassCheap : kPassCostly;
    }
    return rows;
  }

  // Edges between bound ends first (they only reduce), then the one to the fewest rows.
  bool FollowEdge() {
    std::optional<std::size_t> best;
    double best_rows = 0;
    for (const std::size_t index : edges_) {
      const PatternEdge& edge = rule_.match.edges[index];
      const bool from = bound_.contains(edge.from);
      const bool to = bound_.contains(edge.to);
      if (!from && !to) continue;
      const double rows = from && to ? -1 : Expected(from ? edge.to : edge.from);
      if (!best || rows < best_rows) {
        best = index;
        best_rows = rows;
      }
    }
    if (!best) return false;
    const PatternEdge& edge = rule_.match.edges[*best];
    std::erase(edges_, *best);
    const bool from = bound_.contains(edge.from);
    const bool both = from && bound_.contains(edge.to);
    PlanStep step{both ? StepKind::Check : StepKind::Follow, from ? edge.to : edge.from, *best, from};
    bound_.insert(edge.from);
    bound_.insert(edge.to);
    if (edge.edge) bound_.insert(*edge.edge);
    Add(std::move(step));
    return true;
  }

  bool ScanNode() {
    std::optional<SlotIndex> best;
    for (const SlotIndex slot : rule_.match.nodes) {
      if (bound_.contains(slot)) continue;
      if (!best || Expected(slot) < Expected(*best)) best = slot;
    }
    if (!best) return false;
    bound_.insert(*best);
    Add({StepKind::Scan, *best, 0});
    return true;
  }

  const RuleSet& set_;
  const BoundRule& rule_;
  RulePlan plan_;
  std::vector<std::vector<SlotIndex>> free_;  // one a conjunct
  std::vector<bool> cheap_;
  std::vector<bool> pending_;
  std::vector<std::size_t> by_cost_;
  std::vector<std::size_t> edges_;  // not followed yet
  std::set<SlotIndex> bound_;
};

}  // namespace

void BuildPlans(RuleSet& set) {
  set.columns.clear();
  set.dist_count = 0;
  ShareColumns(set);
  set.plans.clear();
  for (const BoundRule& rule : set.rules) set.plans.push_back(Planner(set, rule).Run());
}

}  // namespace advise::rules
