#include "rules/bind/bound_rule.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "rules/bind/symbols.h"
#include "rules/plan/plan.h"

namespace advise::rules {

double VersionCode(int major, int minor, int patch) { return major * 1e6 + minor * 1e3 + patch; }

double CutVersion(double code, int parts) {
  const auto number = static_cast<std::int64_t>(code);
  if (parts <= 1) return static_cast<double>(number - number % 1'000'000);
  if (parts == 2) return static_cast<double>(number - number % 1'000);
  return code;
}

RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;

std::optional<RuleIndex> RuleSet::Find(std::string_view name) const {
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
    if (e.kind == ExprKind::Slot) used.push_back(e.index);
    if (e.kind == ExprKind::Filter || e.kind == ExprKind::Pick) bound.push_back(e.index);
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

// ---------------------------------------------------------------- structural keys
namespace {

class KeyWriter {
 public:
  explicit KeyWriter(std::optional<SlotIndex> self) : self_(self) {}

  void Write(const BoundExpr& e) {
    Number(static_cast<std::uint64_t>(e.kind));
    switch (e.kind) {
      case ExprKind::Constant: WriteConstant(e); break;
      case ExprKind::Slot: WriteSlot(e.index); break;
      case ExprKind::Param:
      case ExprKind::GroupKey:
      case ExprKind::Atom: Number(e.index); break;
      case ExprKind::Witness:
        Number(e.rule);
        Number(e.index);
        break;
      case ExprKind::Attribute:
      case ExprKind::Members:
      case ExprKind::Related:
      case ExprKind::FlatMembers:
      case ExprKind::Collect: Number(static_cast<std::uint64_t>(e.attribute)); break;
      case ExprKind::Conf:
      case ExprKind::ConfIsSet:
      case ExprKind::Matches: Text(e.text); break;
      case ExprKind::Filter: inner_.push_back(e.index); break;
      case ExprKind::Pick:
        inner_.push_back(e.index);
        Number(static_cast<std::uint64_t>(e.function));
        break;
      case ExprKind::Compare:
      case ExprKind::Arithmetic: Number(static_cast<std::uint64_t>(e.op)); break;
      case ExprKind::Call:
        Number(static_cast<std::uint64_t>(e.function));
        Real(e.number);
        break;
      case ExprKind::Exists:
      case ExprKind::CountOf: WritePattern(e.pattern.front()); break;
      case ExprKind::App:
      case ExprKind::Wildcard:
      case ExprKind::RunningTasks:
      case ExprKind::Not:
      case ExprKind::And:
      case ExprKind::Or:
      case ExprKind::Negate:
      case ExprKind::Coalesce:
      case ExprKind::If:
      case ExprKind::Range:
      case ExprKind::In:
      case ExprKind::IsMissing: break;
    }
    key_ += '(';
    for (const BoundExpr& operand : e.operands) Write(operand);
    key_ += ')';
  }
  std::string Take() { return std::move(key_); }

 private:
  void Number(std::uint64_t number) { key_ += std::to_string(number) + ','; }
  void Real(double number) {
    std::array<char, 32> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    key_.append(buffer.data(), result.ptr);
    key_ += ',';
  }
  void Text(std::string_view text) {
    Number(text.size());
    key_ += text;
  }
  void WriteConstant(const BoundExpr& e) {
    Number(static_cast<std::uint64_t>(e.type.kind));
    Number(static_cast<std::uint64_t>(e.version_parts));
    Real(e.number);
    Text(e.text);
  }
  // The row itself is @; members and inner slots are numbered from outside in; other slots keep their number.
  void WriteSlot(SlotIndex slot) {
    const auto inner = std::find(inner_.rbegin(), inner_.rend(), slot);
    if (slot == self_) {
      key_ += '@';
    } else if (inner != inner_.rend()) {
      key_ += 'e' + std::to_string(inner_.rend() - inner);
    } else {
      key_ += '$' + std::to_string(slot);
    }
  }
  void WritePattern(const BoundPattern& pattern) {
    inner_.insert(inner_.end(), pattern.nodes.begin(), pattern.nodes.end());
    for (const PatternEdge& edge : pattern.edges) {
      if (edge.edge) inner_.push_back(*edge.edge);
      WriteSlot(edge.from);
      for (const metrics::EdgeKind kind : edge.kinds) Number(static_cast<std::uint64_t>(kind));
      if (edge.hops) Number(std::uint64_t{edge.hops->first} << 32U | edge.hops->second);
      WriteSlot(edge.to);
    }
    for (const BoundExpr& condition : pattern.conditions) Write(condition);
  }

  std::optional<SlotIndex> self_;
  std::vector<SlotIndex> inner_;
  std::string key_;
};

}  // namespace

std::string StructuralKey(const BoundExpr& expr, std::optional<SlotIndex> self) {
  KeyWriter writer(self);
  writer.Write(expr);
  return writer.Take();
}

}  // namespace advise::rules
