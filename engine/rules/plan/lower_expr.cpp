// Bound trees to instructions. A costly part that depends on one row becomes a derived column, wherever it stands: then
// its body is written with that row as Self, and equal bodies of different rules meet in one column.
#include "rules/plan/lower_expr.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "support/check.h"

namespace advise::rules {
namespace {

// Members, findings or matches are visited for one value.
bool IsCostly(const BoundExpr& expr) {
  switch (expr.kind) {
    case ExprKind::Pick: return expr.type.kind == TypeKind::Entity;
    case ExprKind::Exists:
    case ExprKind::CountOf: return true;
    case ExprKind::Call:
      return !expr.operands[0].type.IsNumber() && !expr.type.IsSet() && expr.function != FunctionId::Hist;
    default: return false;
  }
}

bool IsPath(const BoundExpr& expr) {
  if (expr.kind == ExprKind::Slot) return true;
  return expr.kind == ExprKind::Attribute && expr.type.kind == TypeKind::Entity && IsPath(expr.operands[0]);
}

Yield YieldOf(const Type& type) {
  switch (type.kind) {
    case TypeKind::Bool: return Yield::Truth;
    case TypeKind::String:
    case TypeKind::Enum: return Yield::Text;
    case TypeKind::Entity: return Yield::Row;
    case TypeKind::EntitySet:
    case TypeKind::Group: return Yield::Rows;
    case TypeKind::Dist: return Yield::Dist;
    case TypeKind::Error:
    case TypeKind::Number:
    case TypeKind::Timestamp:
    case TypeKind::Version:
    case TypeKind::Series:
    case TypeKind::Wildcard: return Yield::Number;
  }
  return Yield::Number;
}

// What visits members or findings whenever it is evaluated.
bool Visits(Op op) {
  switch (op) {
    case Op::Column:
    case Op::Pick:
    case Op::First:
    case Op::Exists:
    case Op::Atom:
    case Op::Any:
    case Op::All:
    case Op::Matches:
    case Op::CountRows:
    case Op::CountValues:
    case Op::CountMatches:
    case Op::Aggregate:
    case Op::ShareTop:
    case Op::Correlation:
    case Op::Series:
    case Op::Histogram: return true;
    default: return false;
  }
}

// How many parts of a version count in a comparison; 0: all.
int VersionParts(const BoundExpr& expr, const RuleSet& set) {
  if (expr.kind == ExprKind::Param) return VersionParts(set.params[expr.param].value, set);
  return expr.kind == ExprKind::Constant ? expr.version_parts : 0;
}

// Keeps of `root` what both share.
void Shorten(Root& root, const Root& other) {
  const auto end = std::mismatch(root.path.begin(), root.path.end(), other.path.begin(), other.path.end()).first;
  root.path.erase(end, root.path.end());
}

void Merge(Roots& into, const Roots& from) {
  into.app = into.app || from.app;
  for (const Root& root : from.rows) {
    const auto place = std::ranges::lower_bound(into.rows, root.slot, {}, &Root::slot);
    if (place != into.rows.end() && place->slot == root.slot) {
      Shorten(*place, root);
    } else {
      into.rows.insert(place, root);
    }
  }
}

void Drop(Roots& from, SlotIndex slot) {
  std::erase_if(from.rows, [slot](const Root& root) { return root.slot == slot; });
}

}  // namespace

VariableIndex LowerScope::At(SlotIndex slot) const {
  const auto found = std::ranges::find(variables, slot, &std::pair<SlotIndex, VariableIndex>::first);
  ADVISE_CHECK(found != variables.end(), "a slot that is not in scope");
  return found->second;
}

VariableIndex LowerScope::Bind(SlotIndex slot) {
  variables.emplace_back(slot, next);
  return next++;
}

// ---------------------------------------------------------------- the arena
std::size_t ExprLowerer::Hash::operator()(const Instruction& i) const {
  std::size_t hash = 1469598103934665603ULL;  // FNV-1a over the fields
  const auto add = [&hash](std::size_t value) { hash = (hash ^ value) * 1099511628211ULL; };
  add(static_cast<std::size_t>(i.op) << 24U | static_cast<std::size_t>(i.yield) << 16U |
      static_cast<std::size_t>(i.compare) << 8U | static_cast<std::size_t>(i.function));
  add(static_cast<std::size_t>(i.attribute) << 8U | i.version_parts);
  for (const Ref operand : i.operands) add(operand);
  for (const std::uint32_t part : {i.variable, i.number, i.text, i.param, i.rule, i.list, i.pattern, i.column})
    add(part);
  return hash ^ hash >> 32U;
}

ExprLowerer::ExprLowerer(const RuleSet& set, Code& code) : set_(set), code_(code) {
  for (std::size_t i = 0; i < code.instructions.size(); ++i) known_.emplace(code.instructions[i], static_cast<Ref>(i));
  for (std::size_t i = 0; i < code.texts.size(); ++i) texts_.emplace(code.texts[i], static_cast<std::uint32_t>(i));
}

void ExprLowerer::Enter(const std::vector<Slot>& slots, VariableIndex variables) {
  slots_ = &slots;
  code_.variables = std::max(code_.variables, variables);
  roots_.clear();
}

Ref ExprLowerer::Add(Instruction instruction) {
  const Op op = instruction.op;
  const bool anything = op == Op::Exists || op == Op::CountMatches || op == Op::Atom;
  instruction.cheap = !Visits(op);
  instruction.on_self = op == Op::Self || anything;
  instruction.on_variable = instruction.variable != kNone || anything;
  for (std::size_t i = 0; i < instruction.operands.size(); ++i) {
    if (instruction.operands[i] == kNone) continue;
    const Instruction& operand = code_.instructions[instruction.operands[i]];
    instruction.cheap = instruction.cheap && operand.cheap && operand.yield != Yield::Rows;
    // In a function of the members Self is the member.
    const bool of_member = i == 1 && (op == Op::Filter || op == Op::Pick || op == Op::Top);
    instruction.on_self = instruction.on_self || (operand.on_self && !(of_member && instruction.variable == kNone));
    instruction.on_variable = instruction.on_variable || operand.on_variable;
  }
  const auto [place, fresh] = known_.emplace(instruction, static_cast<Ref>(code_.instructions.size()));
  if (fresh) code_.instructions.push_back(instruction);
  return place->second;
}

Ref ExprLowerer::Make(Op op, Yield yield, Ref a, Ref b, Ref c) {
  Instruction instruction;
  instruction.op = op;
  instruction.yield = yield;
  instruction.operands = {a, b, c};
  return Add(instruction);
}

std::uint32_t ExprLowerer::Text(const std::string& text) {
  const auto [place, fresh] = texts_.emplace(text, static_cast<std::uint32_t>(code_.texts.size()));
  if (fresh) code_.texts.push_back(text);
  return place->second;
}

std::uint32_t ExprLowerer::Number(double number) {
  const auto same = [number](double other) {
    return std::bit_cast<std::uint64_t>(number) == std::bit_cast<std::uint64_t>(other);
  };
  const auto found = std::ranges::find_if(code_.numbers, same);
  if (found == code_.numbers.end()) {
    code_.numbers.push_back(number);
    return static_cast<std::uint32_t>(code_.numbers.size() - 1);
  }
  return static_cast<std::uint32_t>(found - code_.numbers.begin());
}

std::uint32_t ExprLowerer::DomainOf(const Slot& slot) {
  const Domain domain = slot.any_of.empty() ? Domain{*slot.type.entity} : slot.any_of;
  const auto found = std::ranges::find(code_.domains, domain);
  if (found == code_.domains.end()) code_.domains.push_back(domain);
  return static_cast<std::uint32_t>(found - code_.domains.begin());
}

// ---------------------------------------------------------------- which rows an expression depends on
const Roots& ExprLowerer::RootsOf(const BoundExpr& expr) {
  const auto found = roots_.find(&expr);
  if (found != roots_.end()) return found->second;
  return roots_.emplace(&expr, FindRoots(expr)).first->second;
}

Roots ExprLowerer::FindRoots(const BoundExpr& expr) {
  Roots roots;
  if (expr.kind == ExprKind::Slot) roots.rows.push_back({expr.slot});
  if (expr.kind == ExprKind::App || expr.kind == ExprKind::RunningTasks) roots.app = true;
  for (const BoundExpr& operand : expr.operands) Merge(roots, RootsOf(operand));
  for (const BoundPattern& pattern : expr.pattern) {
    for (const BoundExpr& condition : pattern.conditions) Merge(roots, RootsOf(condition));
    for (const PatternEdge& edge : pattern.edges) {
      for (const SlotIndex end : {edge.from, edge.to}) Merge(roots, {{Root{end}}, false});
      if (edge.edge) Drop(roots, *edge.edge);
    }
    for (const SlotIndex node : pattern.nodes) Drop(roots, node);
  }
  if (expr.kind == ExprKind::Filter || expr.kind == ExprKind::Pick) Drop(roots, expr.slot);
  if (expr.kind == ExprKind::Attribute && IsPath(expr)) roots.rows[0].path.push_back(expr.attribute);
  return roots;
}

// nullopt: a group.
std::optional<metrics::Entity> ExprLowerer::EntityOf(const Root& root) const {
  if (!root.path.empty()) return metrics::Get(root.path.back()).target;
  const Type& type = (*slots_)[root.slot].type;
  return type.kind == TypeKind::Entity ? std::optional(type.entity->entity) : std::nullopt;
}

// ---------------------------------------------------------------- values
Ref ExprLowerer::Value(const BoundExpr& expr, const LowerScope& scope) {
  if (expr.type.kind == TypeKind::Group) return Make(Op::GroupMembers, Yield::Rows, Row(expr, scope));
  if (IsPath(expr)) return Row(expr, scope);
  return IsCostly(expr) ? Column(expr, scope) : Node(expr, scope);
}

Ref ExprLowerer::RowOfSlot(SlotIndex slot, const LowerScope& scope) {
  if (scope.self && scope.self->slot == slot && scope.self->path.empty()) return Make(Op::Self, Yield::Row);
  Instruction variable;
  variable.op = Op::Variable;
  variable.yield = Yield::Row;
  variable.variable = scope.At(slot);
  return Add(variable);
}

Ref ExprLowerer::Row(const BoundExpr& expr, const LowerScope& scope) {
  if (IsPath(expr) && scope.self && RootsOf(expr).rows[0] == *scope.self) return Make(Op::Self, Yield::Row);
  return expr.kind == ExprKind::Slot ? RowOfSlot(expr.slot, scope) : Node(expr, scope);
}

// What depends on several rows, or on one task, is evaluated where it stands.
Ref ExprLowerer::Column(const BoundExpr& expr, const LowerScope& scope) {
  const Roots& roots = RootsOf(expr);
  if (roots.rows.size() > 1) return Node(expr, scope);
  DerivedColumn column;
  LowerScope inside;
  Ref row = kNone;
  if (roots.rows.empty()) {
    column.entity = metrics::Entity::App;
    row = Make(Op::App, Yield::Row);
  } else {
    const Root& root = roots.rows[0];
    column.entity = EntityOf(root);
    if (column.entity == metrics::Entity::Task) return Node(expr, scope);
    inside.self = root;
    row = RowOf(root, scope);
  }
  column.body = Node(expr, inside);
  const auto found = std::ranges::find_if(code_.columns, [&](const DerivedColumn& known) {
    return known.body == column.body && known.entity == column.entity;
  });
  Instruction instruction;
  instruction.op = Op::Column;
  instruction.yield = code_.instructions[column.body].yield;
  instruction.operands[0] = row;
  instruction.column = static_cast<std::uint32_t>(found - code_.columns.begin());
  if (found == code_.columns.end()) {
    if (code_.instructions[column.body].op == Op::Aggregate)
      column.distribution = Distribution(code_.instructions[column.body].operands[0], instruction.column);
    code_.columns.push_back(column);
  }
  return Add(instruction);
}

std::uint32_t ExprLowerer::Distribution(Ref values, std::uint32_t column) {
  auto& all = code_.distributions;
  const auto found = std::ranges::find(all, values, &rules::Distribution::values);
  const auto number = static_cast<std::uint32_t>(found - all.begin());
  if (found == all.end()) all.push_back({values, {}});
  all[number].columns.push_back(column);
  return number;
}

// The row to which the chain leads; Self may stand at any place of it.
Ref ExprLowerer::RowOf(const Root& root, const LowerScope& scope) {
  if (scope.self && *scope.self == root) return Make(Op::Self, Yield::Row);
  if (root.path.empty()) return RowOfSlot(root.slot, scope);
  Root before = root;
  before.path.pop_back();
  Instruction instruction;
  instruction.op = Op::Attribute;
  instruction.yield = Yield::Row;
  instruction.attribute = root.path.back();
  instruction.operands[0] = RowOf(before, scope);
  return Add(instruction);
}

Ref ExprLowerer::Constant(const BoundExpr& expr) {
  Instruction constant;
  constant.yield = YieldOf(expr.type);
  if (constant.yield == Yield::Text) {
    constant.text = Text(expr.text);
  } else {
    constant.number = Number(expr.number);
  }
  return Add(constant);
}

Ref ExprLowerer::Version(const BoundExpr& expr, int parts, const LowerScope& scope) {
  const Ref code = Value(expr, scope);
  if (parts == 0) return code;
  Instruction cut;
  cut.op = Op::CutVersion;
  cut.version_parts = static_cast<std::uint8_t>(parts);
  cut.operands[0] = code;
  return Add(cut);
}

Ref ExprLowerer::Compare(ast::BinaryOp op, const BoundExpr& left, const BoundExpr& right, const LowerScope& scope) {
  Instruction compare;
  compare.op = Op::Compare;
  compare.yield = Yield::Truth;
  compare.compare = op;
  int parts = 0;
  if (left.type.kind == TypeKind::Version) {
    parts = VersionParts(left, set_);
    if (parts == 0) parts = VersionParts(right, set_);
  }
  compare.operands[0] = Version(left, parts, scope);
  compare.operands[1] = Version(right, parts, scope);
  return Add(compare);
}

// x in (a, b) is x = a or x = b; x in a..b is x >= a and x <= b.
Ref ExprLowerer::In(const BoundExpr& expr, const LowerScope& scope) {
  const BoundExpr& value = expr.operands[0];
  Ref any = kNone;
  for (std::size_t i = 1; i < expr.operands.size(); ++i) {
    const BoundExpr& choice = expr.operands[i];
    Ref one = kNone;
    if (choice.kind == ExprKind::Range) {
      one = Make(Op::And, Yield::Truth, Compare(ast::BinaryOp::Ge, value, choice.operands[0], scope),
                 Compare(ast::BinaryOp::Le, value, choice.operands[1], scope));
    } else {
      one = Compare(ast::BinaryOp::Eq, value, choice, scope);
    }
    any = any == kNone ? one : Make(Op::Or, Yield::Truth, any, one);
  }
  return any;
}

// Filter, Pick, Top: what looks at one member after the other.
Ref ExprLowerer::OfMembers(const BoundExpr& expr, Op op, const LowerScope& scope) {
  const Roots& roots = RootsOf(expr.operands[1]);
  const bool alone = std::ranges::all_of(roots.rows, [&](const Root& root) { return root.slot == expr.slot; });
  Instruction instruction;
  instruction.op = op;
  instruction.yield = YieldOf(expr.type);
  instruction.operands[0] = Value(expr.operands[0], scope);
  LowerScope inside;
  if (alone) {
    inside.self = Root{expr.slot};
  } else {
    inside = scope;
    instruction.variable = inside.Bind(expr.slot);
    code_.variables = std::max(code_.variables, inside.next);
  }
  instruction.operands[1] = Value(expr.operands[1], inside);
  if (op == Op::Top) instruction.operands[2] = Value(expr.operands[2], scope);
  if (op == Op::Pick) instruction.function = expr.function;
  return Add(instruction);
}

std::uint32_t ExprLowerer::Pattern(const BoundPattern& pattern, const LowerScope& scope) {
  static const std::vector<BoundAtom> kNoAtoms;
  PlanInput input{pattern, kNoAtoms};
  LowerScope inside = scope;
  for (const SlotIndex node : pattern.nodes) input.own.push_back(node);
  for (const PatternEdge& edge : pattern.edges) {
    if (edge.edge) input.own.push_back(*edge.edge);
  }
  for (const SlotIndex slot : input.own) inside.Bind(slot);
  for (const BoundExpr& condition : pattern.conditions) input.conditions.push_back(&condition);
  code_.variables = std::max(code_.variables, inside.next);
  Plan plan = BuildPlan(*this, input, inside);
  plan.first = scope.next;
  plan.count = inside.next - scope.next;
  const auto found = std::ranges::find(code_.patterns, plan);
  const auto number = static_cast<std::uint32_t>(found - code_.patterns.begin());
  if (found == code_.patterns.end()) code_.patterns.push_back(std::move(plan));
  return number;
}

Ref ExprLowerer::Node(const BoundExpr& expr, const LowerScope& scope) {
  const Yield yield = YieldOf(expr.type);
  const auto operand = [&](std::size_t i) { return Value(expr.operands[i], scope); };
  const auto with_text = [&](Op op, Ref a) {
    Instruction instruction;
    instruction.op = op;
    instruction.yield = yield;
    instruction.operands[0] = a;
    instruction.text = Text(expr.text);
    return Add(instruction);
  };
  const auto with_attribute = [&](Op op, Ref a) {
    Instruction instruction;
    instruction.op = op;
    instruction.yield = yield;
    instruction.operands[0] = a;
    instruction.attribute = expr.attribute;
    return Add(instruction);
  };
  switch (expr.kind) {
    case ExprKind::Constant: return Constant(expr);
    case ExprKind::Param: {
      Instruction param;
      param.op = Op::Param;
      param.yield = yield;
      param.param = expr.param;
      return Add(param);
    }
    case ExprKind::App: return Make(Op::App, Yield::Row);
    case ExprKind::Attribute: {
      const Ref row = Row(expr.operands[0], scope);
      if (expr.type.kind == TypeKind::Version) return with_attribute(Op::SparkVersion, row);
      return with_attribute(Op::Attribute, row);
    }
    case ExprKind::GroupKey: return with_attribute(Op::GroupKey, Row(expr.operands[0], scope));
    case ExprKind::Conf: return with_text(Op::Setting, kNone);
    case ExprKind::ConfIsSet: return with_text(Op::SettingIsSet, kNone);
    case ExprKind::Members: return with_attribute(Op::Members, Row(expr.operands[0], scope));
    case ExprKind::Related: return with_attribute(Op::Related, operand(0));
    case ExprKind::FlatMembers: return with_attribute(Op::FlatMembers, operand(0));
    case ExprKind::Collect: return with_attribute(Op::Collect, operand(0));
    case ExprKind::Filter: return OfMembers(expr, Op::Filter, scope);
    case ExprKind::Pick: return OfMembers(expr, yield == Yield::Row ? Op::Pick : Op::Top, scope);
    case ExprKind::Not: return Make(Op::Not, yield, operand(0));
    case ExprKind::And: return Make(Op::And, yield, operand(0), operand(1));
    case ExprKind::Or: return Make(Op::Or, yield, operand(0), operand(1));
    case ExprKind::Compare: return Compare(expr.op, expr.operands[0], expr.operands[1], scope);
    case ExprKind::In: return In(expr, scope);
    case ExprKind::IsMissing: return Make(Op::IsMissing, yield, operand(0));
    case ExprKind::Matches: return with_text(Op::Matches, operand(0));
    case ExprKind::Coalesce: return Make(Op::Coalesce, yield, operand(0), operand(1));
    case ExprKind::If: return Make(Op::If, yield, operand(0), operand(1), operand(2));
    case ExprKind::Range: return operand(high_ ? 1 : 0);
    case ExprKind::Negate: {
      high_ = !high_;
      const Ref value = operand(0);
      high_ = !high_;
      return Make(Op::Negate, yield, value);
    }
    case ExprKind::Arithmetic: {
      const Ref left = operand(0);
      const bool flips = expr.op == ast::BinaryOp::Sub || expr.op == ast::BinaryOp::Div;
      high_ = high_ != flips;
      const Ref right = operand(1);
      high_ = high_ != flips;
      if (expr.op == ast::BinaryOp::Add) return Make(Op::Add, yield, left, right);
      if (expr.op == ast::BinaryOp::Sub) return Make(Op::Subtract, yield, left, right);
      return Make(expr.op == ast::BinaryOp::Mul ? Op::Multiply : Op::Divide, yield, left, right);
    }
    case ExprKind::Call: return Call(expr, scope);
    case ExprKind::Exists:
    case ExprKind::CountOf: {
      Instruction instruction;
      instruction.op = expr.kind == ExprKind::Exists ? Op::Exists : Op::CountMatches;
      instruction.yield = yield;
      instruction.pattern = Pattern(expr.pattern.front(), scope);
      return Add(instruction);
    }
    case ExprKind::Atom: {
      Instruction atom;
      atom.op = Op::Atom;
      atom.yield = yield;
      atom.rule = expr.rule;
      std::vector<Ref> arguments;
      for (const BoundExpr& argument : expr.operands)
        arguments.push_back(argument.kind == ExprKind::Wildcard ? kNone : Row(argument, scope));
      const auto found = std::ranges::find(code_.lists, arguments);
      atom.list = static_cast<std::uint32_t>(found - code_.lists.begin());
      if (found == code_.lists.end()) code_.lists.push_back(std::move(arguments));
      return Add(atom);
    }
    case ExprKind::Slot:
    case ExprKind::Wildcard:
    case ExprKind::RunningTasks: break;
  }
  ADVISE_CHECK(false, "an expression without a value");
  return kNone;
}

Ref ExprLowerer::Call(const BoundExpr& expr, const LowerScope& scope) {
  const Yield yield = YieldOf(expr.type);
  const TypeKind of = expr.operands[0].type.kind;
  Instruction call;
  call.yield = yield;
  call.function = expr.function;
  if (of == TypeKind::Series) {
    call.op = Op::Series;
    call.number = Number(expr.number);
    return Add(call);
  }
  const Ref first = Value(expr.operands[0], scope);
  switch (expr.function) {
    case FunctionId::Count:
      if (of != TypeKind::Dist) return Make(Op::CountRows, yield, first);
      if (expr.operands[0].type.element != TypeKind::Number) return Make(Op::CountValues, yield, first);
      break;
    case FunctionId::Any: return Make(Op::Any, yield, first);
    case FunctionId::All: return Make(Op::All, yield, first);
    case FunctionId::First: return Make(Op::First, yield, first);
    case FunctionId::Rest: return Make(Op::Rest, yield, first);
    case FunctionId::Hist: return Make(Op::Histogram, yield, first);
    case FunctionId::Corr: return Make(Op::Correlation, yield, first, Value(expr.operands[1], scope));
    case FunctionId::ShareTop: return Make(Op::ShareTop, yield, first, Value(expr.operands[1], scope));
    default: break;
  }
  call.operands[0] = first;
  if (of == TypeKind::Dist) {
    call.op = Op::Aggregate;
    if (expr.function == FunctionId::Quantile) call.number = Number(expr.number);
    return Add(call);
  }
  if (expr.function == FunctionId::Min || expr.function == FunctionId::Max) {
    const Op op = expr.function == FunctionId::Min ? Op::Smaller : Op::Larger;
    Ref best = first;
    for (std::size_t i = 1; i < expr.operands.size(); ++i) best = Make(op, yield, best, Value(expr.operands[i], scope));
    return best;
  }
  call.op = Op::Round;
  return Add(call);
}

// ---------------------------------------------------------------- what is printed
Output ExprLowerer::Print(const BoundExpr& expr, const LowerScope& scope) {
  return expr.type.interval ? Output() : PrintEnd(expr, scope, false);
}

Output ExprLowerer::PrintEnd(const BoundExpr& expr, const LowerScope& scope, bool high) {
  high_ = high;
  Output output;
  output.form = FormOf(expr.type);
  if (expr.type.entity) output.entity = expr.type.entity->entity;
  switch (expr.type.kind) {
    case TypeKind::Group:
      output.group = true;
      output.value = Row(expr, scope);
      break;
    case TypeKind::Error:
    case TypeKind::Series:
    case TypeKind::Wildcard: break;  // nothing to print
    default: output.value = Value(expr, scope);
  }
  high_ = false;
  return output;
}

OutputText ExprLowerer::Print(const BoundText& text, const LowerScope& scope) {
  OutputText output;
  for (const TextPiece& piece : text) {
    output.push_back({piece.literal, {}});
    if (piece.hole) output.back().value = Print(*piece.hole, scope);
  }
  return output;
}

}  // namespace advise::rules
