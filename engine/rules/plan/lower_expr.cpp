// Bound trees to instructions. A costly part that depends on one row becomes a derived column, wherever it stands: then
// its body is written with that row as Self, and equal bodies of different rules meet in one column.
#include "rules/plan/lower_expr.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "support/check.h"

namespace advise::rules {
namespace {

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

// Members, findings or matches are visited for one value.
bool IsCostly(const BoundExpr& expr) {
  switch (expr.kind) {
    case ExprKind::Pick: return expr.type.kind == TypeKind::Entity;
    case ExprKind::NodeMetric:
    case ExprKind::Exists:
    case ExprKind::CountOf: return true;
    case ExprKind::Call:
      return !expr.operands[0].type.IsNumber() && !expr.type.IsSet() && YieldOf(expr.type) != Yield::Text;
    default: return false;
  }
}

bool IsPath(const BoundExpr& expr) {
  if (expr.kind == ExprKind::Slot) return true;
  return expr.kind == ExprKind::Attribute && expr.type.kind == TypeKind::Entity && IsPath(expr.operands[0]);
}

// What visits members or findings whenever it is evaluated.
bool Visits(Op op) {
  switch (op) {
    case Op::Column:
    case Op::Pick:
    case Op::First:
    case Op::Last:
    case Op::Exists:
    case Op::Atom:
    case Op::Witness:
    case Op::Any:
    case Op::All:
    case Op::Matches:
    case Op::Metric:
    case Op::CountRows:
    case Op::CountValues:
    case Op::CountMatches:
    case Op::Chain:
    case Op::CountDistinct:
    case Op::Slope:
    case Op::LowerText:
    case Op::Aggregate:
    case Op::ShareTop:
    case Op::Correlation:
    case Op::Series:
    case Op::Histogram: return true;
    default: return false;
  }
}

// How many parts of a version count in a comparison; 0: all.
int VersionParts(const BoundExpr& expr, const BoundRules& set) {
  if (expr.kind == ExprKind::Param) return VersionParts(set.params[expr.param].value, set);
  return expr.kind == ExprKind::Constant ? expr.version_parts : 0;
}

// The place of `value` in the pool, where it is put if it is new.
template <class T>
std::uint32_t Intern(std::vector<T>& pool, const T& value) {
  const auto found = std::ranges::find(pool, value);
  const auto number = static_cast<std::uint32_t>(found - pool.begin());
  if (found == pool.end()) pool.push_back(value);
  return number;
}

// Keeps of `root` what both share.
void Shorten(Root& root, const Root& other) {
  const auto end = std::mismatch(root.path.begin(), root.path.end(), other.path.begin(), other.path.end()).first;
  root.path.erase(end, root.path.end());
}

void Merge(Roots& into, Root root) {
  const auto place = std::ranges::lower_bound(into.rows, root.slot, {}, &Root::slot);
  if (place != into.rows.end() && place->slot == root.slot) {
    Shorten(*place, root);
  } else {
    into.rows.insert(place, std::move(root));
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
namespace {

std::size_t HashOf(const Instruction& i) {
  std::size_t hash = 1469598103934665603ULL;  // FNV-1a over the fields
  const auto add = [&hash](std::size_t value) { hash = (hash ^ value) * 1099511628211ULL; };
  add(static_cast<std::size_t>(i.op) << 24U | static_cast<std::size_t>(i.yield) << 16U |
      static_cast<std::size_t>(i.compare) << 8U | static_cast<std::size_t>(i.function));
  add(static_cast<std::size_t>(i.attribute) << 8U | i.version_parts);
  const auto add_two = [&add](std::uint32_t a, std::uint32_t b) { add(std::size_t{a} << 32U | b); };
  add_two(i.operands[0], i.operands[1]);
  add_two(i.operands[2], i.variable);
  add_two(i.number, i.text);
  add_two(i.param, i.column);
  add_two(i.rule, i.list);
  add_two(i.witness, i.pattern);
  return hash ^ hash >> 32U ^ hash >> 47U;
}

}  // namespace

// Where the instruction stands in the table, or is to be put.
Ref& ExprLowerer::PlaceOf(const Instruction& instruction) {
  std::size_t at = HashOf(instruction) & (known_.size() - 1);
  while (known_[at] != kNone && !(code_.instructions[known_[at]] == instruction)) at = (at + 1) & (known_.size() - 1);
  return known_[at];
}

// At most half of the table is used, and its size is a power of two.
void ExprLowerer::GrowKnown() {
  known_.assign(std::bit_ceil(4 * code_.instructions.size() + 1024), kNone);
  for (std::size_t i = 0; i < code_.instructions.size(); ++i) PlaceOf(code_.instructions[i]) = static_cast<Ref>(i);
}

ExprLowerer::ExprLowerer(const BoundRules& set, Code& code) : set_(set), code_(code) {
  GrowKnown();
  for (std::size_t i = 0; i < code.texts.size(); ++i) texts_.emplace(code.texts[i], static_cast<std::uint32_t>(i));
  for (std::size_t i = 0; i < code.numbers.size(); ++i)
    numbers_.emplace(code.numbers[i], static_cast<std::uint32_t>(i));
}

void ExprLowerer::Enter(const std::vector<Slot>& slots, const LowerScope& scope) {
  slots_ = &slots;
  scope_ = &scope;
  code_.variables = std::max(code_.variables, scope.next);
  roots_.clear();
  values_.clear();
}

Ref ExprLowerer::Add(Instruction instruction) {
  const Op op = instruction.op;
  const bool anything = op == Op::Exists || op == Op::CountMatches || op == Op::Atom || op == Op::Witness;
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
  Ref& place = PlaceOf(instruction);
  if (place != kNone) return place;
  const auto ref = static_cast<Ref>(code_.instructions.size());
  place = ref;
  code_.instructions.push_back(instruction);
  if (2 * code_.instructions.size() > known_.size()) GrowKnown();
  return ref;
}

Ref ExprLowerer::Make(Instruction instruction, Operands operands) {
  instruction.operands = {operands.a, operands.b, operands.c};
  return Add(instruction);
}

std::uint32_t ExprLowerer::Text(const std::string& text) {
  const auto [place, fresh] = texts_.try_emplace(text, static_cast<std::uint32_t>(code_.texts.size()));
  if (fresh) code_.texts.push_back(text);
  return place->second;
}

std::uint32_t ExprLowerer::Number(double number) {
  const auto [place, fresh] = numbers_.emplace(number, static_cast<std::uint32_t>(code_.numbers.size()));
  if (fresh) code_.numbers.push_back(number);
  return place->second;
}

std::uint32_t ExprLowerer::DomainOf(const Slot& slot) {
  const Domain domain = slot.any_of.empty() ? Domain{*slot.type.entity} : slot.any_of;
  return Intern(code_.domains, domain);
}

// ---------------------------------------------------------------- which rows an expression depends on
namespace {

Root RootOfPath(const BoundExpr& path) {
  if (path.kind == ExprKind::Slot) return {path.slot};
  Root root = RootOfPath(path.operands[0]);
  root.path.push_back(path.attribute);
  return root;
}

// The slots that an expression binds itself stand nowhere else: they are dropped once it is complete.
void CollectRoots(const BoundExpr& expr, Roots& into) {
  if (IsPath(expr)) {
    Merge(into, RootOfPath(expr));
    return;
  }
  if (expr.kind == ExprKind::App || expr.kind == ExprKind::RunningTasks) into.app = true;
  for (const BoundExpr& operand : expr.operands) CollectRoots(operand, into);
  for (const BoundPattern& pattern : expr.pattern) {
    for (const BoundExpr& condition : pattern.conditions) CollectRoots(condition, into);
    for (const PatternEdge& edge : pattern.edges) {
      for (const SlotIndex end : {edge.from, edge.to}) Merge(into, Root{end});
      if (edge.edge) Drop(into, *edge.edge);
    }
    for (const SlotIndex node : pattern.nodes) Drop(into, node);
  }
  if (expr.kind == ExprKind::Filter || expr.kind == ExprKind::Pick) Drop(into, expr.slot);
}

}  // namespace

const Roots& ExprLowerer::RootsOf(const BoundExpr& expr) {
  const auto [place, fresh] = roots_.try_emplace(&expr);
  if (fresh) CollectRoots(expr, place->second);
  return place->second;
}

// nullopt: a group.
std::optional<metrics::Entity> ExprLowerer::EntityOf(const Root& root) const {
  if (!root.path.empty()) return metrics::Get(root.path.back()).target;
  const Type& type = (*slots_)[root.slot].type;
  return type.kind == TypeKind::Entity ? std::optional(type.entity->entity) : std::nullopt;
}

// ---------------------------------------------------------------- values
Ref ExprLowerer::Value(const BoundExpr& expr, const LowerScope& scope) {
  if (&scope != scope_) return FreshValue(expr, scope);
  if (const auto known = values_.find(&expr); known != values_.end()) return known->second;
  const Ref value = FreshValue(expr, scope);
  values_.emplace(&expr, value);
  return value;
}

Ref ExprLowerer::FreshValue(const BoundExpr& expr, const LowerScope& scope) {
  if (expr.type.kind == TypeKind::Group)
    return Make({.op = Op::GroupMembers, .yield = Yield::Rows}, {Row(expr, scope)});
  if (IsPath(expr)) return Row(expr, scope);
  return IsCostly(expr) ? Column(expr, scope) : Node(expr, scope);
}

Ref ExprLowerer::RowOfSlot(SlotIndex slot, const LowerScope& scope) {
  if (scope.self == Root{slot}) return Make({.op = Op::Self, .yield = Yield::Row});
  return Make({.op = Op::Variable, .yield = Yield::Row, .variable = scope.At(slot)});
}

Ref ExprLowerer::Row(const BoundExpr& expr, const LowerScope& scope) {
  if (scope.self && IsPath(expr) && scope.self == RootsOf(expr).rows[0])
    return Make({.op = Op::Self, .yield = Yield::Row});
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
    row = Make({.op = Op::App, .yield = Yield::Row});
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
  const auto number = static_cast<std::uint32_t>(found - code_.columns.begin());
  const Instruction& body = code_.instructions[column.body];
  if (found == code_.columns.end()) {
    if (body.op == Op::Aggregate) column.distribution = Distribution(body.operands[0], number);
    code_.columns.push_back(column);
  }
  return Make({.op = Op::Column, .yield = body.yield, .column = number}, {row});
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
  if (scope.self == root) return Make({.op = Op::Self, .yield = Yield::Row});
  if (root.path.empty()) return RowOfSlot(root.slot, scope);
  Root before = root;
  before.path.pop_back();
  return Make({.op = Op::Attribute, .yield = Yield::Row, .attribute = root.path.back()}, {RowOf(before, scope)});
}

Ref ExprLowerer::Constant(const BoundExpr& expr) {
  const Yield yield = YieldOf(expr.type);
  return yield == Yield::Text ? Make({.yield = yield, .text = Text(expr.text)})
                              : Make({.yield = yield, .number = Number(expr.number)});
}

Ref ExprLowerer::Version(const BoundExpr& expr, int parts, const LowerScope& scope) {
  const Ref code = Value(expr, scope);
  if (parts == 0) return code;
  return Make({.op = Op::CutVersion, .version_parts = static_cast<std::uint8_t>(parts)}, {code});
}

Ref ExprLowerer::Compare(ast::BinaryOp op, const BoundExpr& left, const BoundExpr& right, const LowerScope& scope) {
  int parts = 0;
  if (left.type.kind == TypeKind::Version) {
    parts = VersionParts(left, set_);
    if (parts == 0) parts = VersionParts(right, set_);
  }
  return Make({.op = Op::Compare, .yield = Yield::Truth, .compare = op},
              {Version(left, parts, scope), Version(right, parts, scope)});
}

// x in (a, b) is x = a or x = b; x in a..b is x >= a and x <= b.
Ref ExprLowerer::In(const BoundExpr& expr, const LowerScope& scope) {
  const BoundExpr& value = expr.operands[0];
  Ref any = kNone;
  for (std::size_t i = 1; i < expr.operands.size(); ++i) {
    const BoundExpr& choice = expr.operands[i];
    Ref one = kNone;
    if (choice.kind == ExprKind::Range) {
      one =
          Make({.op = Op::And, .yield = Yield::Truth}, {Compare(ast::BinaryOp::Ge, value, choice.operands[0], scope),
                                                        Compare(ast::BinaryOp::Le, value, choice.operands[1], scope)});
    } else {
      one = Compare(ast::BinaryOp::Eq, value, choice, scope);
    }
    any = any == kNone ? one : Make({.op = Op::Or, .yield = Yield::Truth}, {any, one});
  }
  return any;
}

// Filter, Pick, Top: what looks at one member after the other.
Ref ExprLowerer::OfMembers(const BoundExpr& expr, Op op, const LowerScope& scope) {
  const Roots& roots = RootsOf(expr.operands[1]);
  const bool alone = std::ranges::all_of(roots.rows, [&](const Root& root) { return root.slot == expr.slot; });
  Instruction instruction{.op = op, .yield = YieldOf(expr.type), .function = expr.function};
  LowerScope inside{Root{expr.slot}};
  if (!alone) {
    inside = scope;
    instruction.variable = inside.Bind(expr.slot);
    code_.variables = std::max(code_.variables, inside.next);
  }
  return Make(instruction, {Value(expr.operands[0], scope), Value(expr.operands[1], inside),
                            op == Op::Top ? Value(expr.operands[2], scope) : kNone});
}

std::uint32_t ExprLowerer::Pattern(const BoundPattern& pattern, const LowerScope& scope) {
  static const std::vector<BoundAtom> kNoAtoms;
  PlanInput input{pattern, kNoAtoms};
  input.inner = true;
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
  return Intern(code_.patterns, plan);
}

Ref ExprLowerer::Node(const BoundExpr& expr, const LowerScope& scope) {
  const Yield yield = YieldOf(expr.type);
  const auto operand = [&](std::size_t i) { return Value(expr.operands[i], scope); };
  const auto plain = [&](Op op, std::size_t operands) {
    return Make({.op = op, .yield = yield},
                {operand(0), operands > 1 ? operand(1) : kNone, operands > 2 ? operand(2) : kNone});
  };
  const auto of_row = [&](Op op) {
    return Make({.op = op, .yield = yield, .attribute = expr.attribute}, {Row(expr.operands[0], scope)});
  };
  const auto of_set = [&](Op op) {
    return Make({.op = op, .yield = yield, .attribute = expr.attribute}, {operand(0)});
  };
  switch (expr.kind) {
    case ExprKind::Constant: return Constant(expr);
    case ExprKind::Param: return Make({.op = Op::Param, .yield = yield, .param = expr.param});
    case ExprKind::App: return Make({.op = Op::App, .yield = yield});
    case ExprKind::Attribute: return of_row(expr.type.kind == TypeKind::Version ? Op::SparkVersion : Op::Attribute);
    case ExprKind::GroupKey: return of_row(Op::GroupKey);
    case ExprKind::Members: return of_row(Op::Members);
    case ExprKind::Related: return of_set(Op::Related);
    case ExprKind::FlatMembers: return of_set(Op::FlatMembers);
    case ExprKind::Collect: return of_set(Op::Collect);
    case ExprKind::NodeMetric:
    case ExprKind::CollectMetric: {
      const bool single = expr.kind == ExprKind::NodeMetric;
      return Make({.op = single ? Op::Metric : Op::CollectMetric,
                   .yield = yield,
                   .text = Text(expr.text),
                   .metric = expr.metric,
                   .metric_part = expr.metric_part},
                  {single ? Row(expr.operands[0], scope) : operand(0)});
    }
    case ExprKind::Chain: {
      Step step;
      step.kind = StepKind::Check;
      step.kinds = {expr.edge};
      step.hops = expr.hops;
      step.here = Row(expr.operands[0], scope);
      step.there = Row(expr.operands[1], scope);
      Plan plan;
      plan.steps.push_back(step);
      return Make({.op = Op::Chain, .yield = yield, .pattern = Intern(code_.patterns, plan)}, {step.here, step.there});
    }
    case ExprKind::Filter: return OfMembers(expr, Op::Filter, scope);
    case ExprKind::Pick: return OfMembers(expr, yield == Yield::Row ? Op::Pick : Op::Top, scope);
    case ExprKind::Conf: return Setting(expr, Op::Setting, scope);
    case ExprKind::ConfIsSet: return Setting(expr, Op::SettingIsSet, scope);
    case ExprKind::Matches: return Make({.op = Op::Matches, .yield = yield, .text = Text(expr.text)}, {operand(0)});
    case ExprKind::Not: return plain(Op::Not, 1);
    case ExprKind::And: return plain(Op::And, 2);
    case ExprKind::Or: return plain(Op::Or, 2);
    case ExprKind::Compare: return Compare(expr.op, expr.operands[0], expr.operands[1], scope);
    case ExprKind::In: return In(expr, scope);
    case ExprKind::IsMissing: return plain(Op::IsMissing, 1);
    case ExprKind::Coalesce: return plain(Op::Coalesce, 2);
    case ExprKind::If: return plain(Op::If, 3);
    case ExprKind::Negate: return plain(Op::Negate, 1);
    case ExprKind::Arithmetic:
      if (expr.op == ast::BinaryOp::Add) return plain(Op::Add, 2);
      if (expr.op == ast::BinaryOp::Sub) return plain(Op::Subtract, 2);
      return plain(expr.op == ast::BinaryOp::Mul ? Op::Multiply : Op::Divide, 2);
    case ExprKind::Call: return Call(expr, scope);
    case ExprKind::Exists:
    case ExprKind::CountOf:
      return Make({.op = expr.kind == ExprKind::Exists ? Op::Exists : Op::CountMatches,
                   .yield = yield,
                   .pattern = Pattern(expr.pattern.front(), scope)});
    case ExprKind::Atom:
    case ExprKind::Witness: {
      std::vector<Ref> arguments;
      for (const BoundExpr& argument : expr.operands)
        arguments.push_back(argument.kind == ExprKind::Wildcard ? kNone : Row(argument, scope));
      const std::uint32_t list = Intern(code_.lists, arguments);
      if (expr.kind == ExprKind::Atom) return Make({.op = Op::Atom, .yield = yield, .rule = expr.rule, .list = list});
      return Make({.op = Op::Witness, .yield = Yield::Row, .rule = expr.rule, .list = list, .witness = expr.slot});
    }
    case ExprKind::Range:
    case ExprKind::Slot:
    case ExprKind::Wildcard:
    case ExprKind::RunningTasks: break;
  }
  ADVISE_CHECK(false, "an expression without a value");
  return kNone;
}

Ref ExprLowerer::Setting(const BoundExpr& expr, Op op, const LowerScope& scope) {
  Instruction setting{.op = op, .yield = YieldOf(expr.type), .text = Text(expr.text)};
  if (expr.operands.empty()) return Make(setting);
  const Type& type = expr.operands[0].type;
  setting.entity = type.entity->entity;
  setting.group = type.kind == TypeKind::Group;
  return Make(setting, {Row(expr.operands[0], scope)});
}

Ref ExprLowerer::Call(const BoundExpr& expr, const LowerScope& scope) {
  const Yield yield = YieldOf(expr.type);
  const TypeKind of = expr.operands[0].type.kind;
  if (of == TypeKind::Series) return Make({.op = Op::Series, .function = expr.function, .number = Number(expr.number)});
  const Ref first = Value(expr.operands[0], scope);
  const auto plain = [&](Op op) {
    return Make({.op = op, .yield = yield}, {first, expr.operands.size() > 1 ? Value(expr.operands[1], scope) : kNone});
  };
  switch (expr.function) {
    case FunctionId::Any: return plain(Op::Any);
    case FunctionId::All: return plain(Op::All);
    case FunctionId::First: return plain(Op::First);
    case FunctionId::Last: return plain(Op::Last);
    case FunctionId::Rest: return plain(Op::Rest);
    case FunctionId::Distinct: return plain(Op::CountDistinct);
    case FunctionId::Trend: return plain(Op::Slope);
    case FunctionId::Lower: return plain(Op::LowerText);
    case FunctionId::Hist: return plain(Op::Histogram);
    case FunctionId::Corr: return plain(Op::Correlation);
    case FunctionId::ShareTop: return plain(Op::ShareTop);
    case FunctionId::Count:
      if (of != TypeKind::Dist) return plain(Op::CountRows);
      if (expr.operands[0].type.element != TypeKind::Number) return plain(Op::CountValues);
      break;
    default: break;
  }
  if (of == TypeKind::Dist) {
    const bool quantile = expr.function == FunctionId::Quantile;
    return Make({.op = Op::Aggregate, .function = expr.function, .number = quantile ? Number(expr.number) : kNone},
                {first});
  }
  if (expr.function != FunctionId::Min && expr.function != FunctionId::Max)
    return Make({.op = Op::Round, .function = expr.function}, {first});
  Ref best = first;
  for (std::size_t i = 1; i < expr.operands.size(); ++i) {
    best = Make({.op = expr.function == FunctionId::Min ? Op::Smaller : Op::Larger},
                {best, Value(expr.operands[i], scope)});
  }
  return best;
}

// ---------------------------------------------------------------- what is printed
Output ExprLowerer::Print(const BoundExpr& expr, const LowerScope& scope) {
  Output output;
  if (expr.type.interval) return output;
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
