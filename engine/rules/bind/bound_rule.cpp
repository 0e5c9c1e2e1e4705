// Walks over bound expressions: free slots, the slot whose query is asked, whether two always have the same value.
#include "rules/bind/bound_rule.h"

#include <algorithm>

#include "rules/bind/symbols.h"

namespace advise::rules {

double VersionCode(int major, int minor, int patch) { return major * 1e6 + minor * 1e3 + patch; }

double CutVersion(double code, int parts) {
  const auto number = static_cast<std::int64_t>(code);
  if (parts <= 1) return static_cast<double>(number - number % 1'000'000);
  if (parts == 2) return static_cast<double>(number - number % 1'000);
  return code;
}

BoundRules::BoundRules() = default;
BoundRules::~BoundRules() = default;
BoundRules::BoundRules(BoundRules&&) noexcept = default;
BoundRules& BoundRules::operator=(BoundRules&&) noexcept = default;

std::optional<RuleIndex> BoundRules::Find(std::string_view name) const {
  std::optional<RuleIndex> found;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].Id() == name) return static_cast<RuleIndex>(i);
    if (rules[i].name != name) continue;
    if (found) return std::nullopt;
    found = static_cast<RuleIndex>(i);
  }
  return found;
}

// ---------------------------------------------------------------- free slots
namespace {

void CollectSlots(const BoundExpr& expr, std::vector<SlotIndex>& used, std::vector<SlotIndex>& bound) {
  ForEach(expr, [&](const BoundExpr& e) {
    if (e.kind == ExprKind::Slot) used.push_back(e.slot);
    if (e.kind == ExprKind::Filter || e.kind == ExprKind::Pick) bound.push_back(e.slot);
    for (const BoundPattern& pattern : e.pattern) {
      bound.insert(bound.end(), pattern.nodes.begin(), pattern.nodes.end());
      for (const PatternEdge& edge : pattern.edges) {
        used.push_back(edge.from);
        used.push_back(edge.to);
        if (edge.edge) bound.push_back(*edge.edge);
      }
    }
  });
}

}  // namespace

std::vector<SlotIndex> FreeSlots(const BoundExpr& expr) {
  std::vector<SlotIndex> used;
  std::vector<SlotIndex> bound;
  CollectSlots(expr, used, bound);
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  std::erase_if(used, [&](SlotIndex slot) { return std::find(bound.begin(), bound.end(), slot) != bound.end(); });
  return used;
}

std::optional<SlotIndex> QuerySlot(const BoundRule& rule) {
  for (const SlotIndex slot : rule.head) {
    const std::optional<metrics::EntityType>& type = rule.slots[slot].type.entity;
    if (type && model::IsOfQueries(type->entity)) return slot;
  }
  return std::nullopt;
}

// ---------------------------------------------------------------- the same twice
namespace {

class Comparer {
 public:
  explicit Comparer(const NameScope* scope) : scope_(scope) {}

  bool Same(const BoundExpr& a, const BoundExpr& b) {
    if (a.kind != b.kind || a.op != b.op || a.function != b.function || a.attribute != b.attribute ||
        a.number != b.number || a.text != b.text || a.version_parts != b.version_parts || a.param != b.param ||
        a.rule != b.rule || a.metric != b.metric || a.metric_part != b.metric_part || a.edge != b.edge ||
        a.hops != b.hops || a.type.kind != b.type.kind || a.operands.size() != b.operands.size() ||
        a.pattern.size() != b.pattern.size())
      return false;
    if (a.kind == ExprKind::Slot) return SameSlot(a.slot, b.slot);
    if (a.kind == ExprKind::Witness && a.slot != b.slot) return false;
    const std::size_t depth = inner_.size();
    if (a.kind == ExprKind::Filter || a.kind == ExprKind::Pick) inner_.emplace_back(a.slot, b.slot);
    bool same = true;
    for (std::size_t i = 0; i < a.pattern.size(); ++i) same = same && SamePattern(a.pattern[i], b.pattern[i]);
    for (std::size_t i = 0; i < a.operands.size(); ++i) same = same && Same(a.operands[i], b.operands[i]);
    inner_.resize(depth);
    return same;
  }

 private:
  // Members and the nodes of inner patterns have slots of their own in both.
  [[nodiscard]] bool SameSlot(SlotIndex a, SlotIndex b) const {
    for (auto pair = inner_.rbegin(); pair != inner_.rend(); ++pair) {
      if (pair->first == a) return pair->second == b;
    }
    return a == b;
  }
  [[nodiscard]] bool OfSameKinds(SlotIndex a, SlotIndex b) const {
    if (scope_ == nullptr) return a == b;
    const Slot& one = scope_->slots[a];
    const Slot& other = scope_->slots[b];
    return one.type.entity == other.type.entity && one.any_of == other.any_of;
  }
  bool SamePattern(const BoundPattern& a, const BoundPattern& b) {
    if (a.nodes.size() != b.nodes.size() || a.edges.size() != b.edges.size() ||
        a.conditions.size() != b.conditions.size())
      return false;
    bool same = true;
    for (std::size_t i = 0; i < a.nodes.size(); ++i) {
      same = same && OfSameKinds(a.nodes[i], b.nodes[i]);
      inner_.emplace_back(a.nodes[i], b.nodes[i]);
    }
    for (std::size_t i = 0; i < a.edges.size(); ++i) {
      const PatternEdge& one = a.edges[i];
      const PatternEdge& other = b.edges[i];
      same = same && one.kinds == other.kinds && one.hops == other.hops && SameSlot(one.from, other.from) &&
             SameSlot(one.to, other.to) && one.edge.has_value() == other.edge.has_value();
      if (one.edge && other.edge) inner_.emplace_back(*one.edge, *other.edge);
    }
    for (std::size_t i = 0; i < a.conditions.size(); ++i) same = same && Same(a.conditions[i], b.conditions[i]);
    return same;
  }

  const NameScope* scope_;
  std::vector<std::pair<SlotIndex, SlotIndex>> inner_;  // those that mean the same
};

}  // namespace

bool SameValue(const BoundExpr& a, const BoundExpr& b, const NameScope* scope) { return Comparer(scope).Same(a, b); }

}  // namespace advise::rules
