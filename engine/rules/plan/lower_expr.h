// Lowers the expressions of one rule after the other to instructions. Used by lower.cpp and build_plan.cpp only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/plan/program.h"

namespace advise::rules {

// A row on which an expression depends: that of a slot, or what a chain of to-one attributes leads to from there
// (`t.stage.job`).
struct Root {
  SlotIndex slot = 0;
  std::vector<metrics::AttributeId> path{};
  friend bool operator==(const Root&, const Root&) = default;
};
// One a slot, ascending by slot, with the longest chain that all uses of the slot share.
struct Roots {
  std::vector<Root> rows;
  bool app = false;  // depends on the application too
};

// What the slots of the rule are where an expression stands.
struct LowerScope {
  std::optional<Root> self{};                                    // what Self is
  std::vector<std::pair<SlotIndex, VariableIndex>> variables{};  // of the others
  VariableIndex next = 0;                                        // first variable that is free for members and patterns

  [[nodiscard]] VariableIndex At(SlotIndex slot) const;
  VariableIndex Bind(SlotIndex slot);
};

// Written in braces: then they are made from left to right by every compiler.
struct Operands {
  Ref a = kNone;
  Ref b = kNone;
  Ref c = kNone;
};

class ExprLowerer {
 public:
  ExprLowerer(const BoundRules& set, Code& code);

  // The slots of the expressions that come next, and the scope in which most of them stand. All of them must stay where
  // they are until the next call.
  void Enter(const std::vector<Slot>& slots, const LowerScope& scope);

  Ref Value(const BoundExpr& expr, const LowerScope& scope);
  // A slot, group or entity expression as a row.
  Ref Row(const BoundExpr& expr, const LowerScope& scope);
  Ref RowOfSlot(SlotIndex slot, const LowerScope& scope);
  Output Print(const BoundExpr& expr, const LowerScope& scope);
  OutputText Print(const BoundText& text, const LowerScope& scope);

  const Roots& RootsOf(const BoundExpr& expr);
  std::uint32_t DomainOf(const Slot& slot);
  [[nodiscard]] const std::vector<Slot>& slots() const { return *slots_; }
  [[nodiscard]] const Instruction& operator[](Ref ref) const { return code_.instructions[ref]; }
  [[nodiscard]] const Code& code() const { return code_; }

 private:
  [[nodiscard]] std::optional<metrics::Entity> EntityOf(const Root& root) const;
  Ref FreshValue(const BoundExpr& expr, const LowerScope& scope);
  Ref Node(const BoundExpr& expr, const LowerScope& scope);
  Ref Setting(const BoundExpr& expr, Op op, const LowerScope& scope);
  Ref Call(const BoundExpr& expr, const LowerScope& scope);
  Ref Constant(const BoundExpr& expr);
  Ref Compare(ast::BinaryOp op, const BoundExpr& left, const BoundExpr& right, const LowerScope& scope);
  Ref In(const BoundExpr& expr, const LowerScope& scope);
  Ref Version(const BoundExpr& expr, int parts, const LowerScope& scope);
  Ref OfMembers(const BoundExpr& expr, Op op, const LowerScope& scope);
  Ref RowOf(const Root& root, const LowerScope& scope);
  Ref Column(const BoundExpr& expr, const LowerScope& scope);
  std::uint32_t Distribution(Ref values, std::uint32_t column);
  std::uint32_t Pattern(const BoundPattern& pattern, const LowerScope& scope);
  Ref Make(Instruction instruction, Operands operands = {});
  Ref Add(Instruction instruction);
  Ref& PlaceOf(const Instruction& instruction);
  void GrowKnown();
  std::uint32_t Text(const std::string& text);
  std::uint32_t Number(double number);

  const BoundRules& set_;
  Code& code_;
  const std::vector<Slot>* slots_ = nullptr;
  const LowerScope* scope_ = nullptr;
  std::unordered_map<const BoundExpr*, Roots> roots_;
  std::unordered_map<const BoundExpr*, Ref> values_;  // in scope_: plans, conditions and texts ask for the same again
  std::vector<Ref> known_;                            // a hash table of all instructions; kNone: free
  std::unordered_map<std::string, std::uint32_t> texts_;
  std::map<double, std::uint32_t> numbers_;
};

// What a plan enumerates.
struct PlanInput {
  const BoundPattern& pattern;
  const std::vector<BoundAtom>& atoms;  // joined findings
  std::vector<const BoundExpr*> conditions{};
  std::vector<SlotIndex> own{};  // slots that are not bound from the beginning
  bool inner = false;            // of exists { } or count { }
};
Plan BuildPlan(ExprLowerer& lowerer, const PlanInput& input, const LowerScope& scope);

}  // namespace advise::rules
