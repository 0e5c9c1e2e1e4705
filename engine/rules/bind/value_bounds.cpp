// Interval arithmetic over bound expressions.
#include "rules/bind/value_bounds.h"

#include <algorithm>
#include <cmath>

namespace advise::rules {
namespace {

constexpr Bounds kNotNegative{0, kInfinity};

Bounds Hull(Bounds a, Bounds b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

// 0 times anything is 0: the infinite end is no value.
double Product(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }
Bounds Multiply(Bounds a, Bounds b) {
  const auto [low, high] =
      std::minmax({Product(a.low, b.low), Product(a.low, b.high), Product(a.high, b.low), Product(a.high, b.high)});
  return {low, high};
}
// A division by zero is missing: the divisor is one side of it.
Bounds Divide(Bounds a, Bounds b) {
  if (b.low < 0 && b.high > 0) return {};
  const auto inverse = [](double value, double at_zero) { return value == 0 ? at_zero : 1 / value; };
  return Multiply(a, b.low >= 0 ? Bounds{inverse(b.high, kInfinity), inverse(b.low, kInfinity)}
                                : Bounds{inverse(b.high, -kInfinity), inverse(b.low, -kInfinity)});
}

Bounds OfAttribute(metrics::AttributeId id) {
  const metrics::Attribute& attribute = metrics::Get(id);
  return {attribute.low.value_or(-kInfinity), attribute.high.value_or(kInfinity)};
}

// Of the members of a distribution, or the values of a series.
Bounds OfMembers(const BoundExpr& dist) {
  if (dist.kind == ExprKind::Collect) return OfAttribute(dist.attribute);
  if (dist.kind == ExprKind::CollectMetric) return kNotNegative;
  return dist.kind == ExprKind::RunningTasks ? kNotNegative : Bounds{};
}

Bounds OfCall(const BoundExpr& call, const std::vector<BoundParam>& params) {
  const BoundExpr& first = call.operands[0];
  const auto members_not_negative = [&] { return OfMembers(first).low >= 0; };
  switch (call.function) {
    case FunctionId::Count: return kNotNegative;
    case FunctionId::Sum: return members_not_negative() ? kNotNegative : Bounds{};
    case FunctionId::Mean:
    case FunctionId::Quantile: return OfMembers(first);
    case FunctionId::Min:
    case FunctionId::Max: {
      if (call.operands.size() == 1) return OfMembers(first);
      Bounds all = BoundsOf(first, params);
      for (const BoundExpr& operand : call.operands) {
        const Bounds one = BoundsOf(operand, params);
        const bool least = call.function == FunctionId::Min;
        all = least ? Bounds{std::min(all.low, one.low), std::min(all.high, one.high)}
                    : Bounds{std::max(all.low, one.low), std::max(all.high, one.high)};
      }
      return all;
    }
    case FunctionId::Sd:
    case FunctionId::Mad: return kNotNegative;
    case FunctionId::Cv: return members_not_negative() ? kNotNegative : Bounds{};
    case FunctionId::Gini:
    case FunctionId::ShareTop: return members_not_negative() ? Bounds{0, 1} : Bounds{};
    case FunctionId::Corr: return {-1, 1};
    case FunctionId::Ceil:
    case FunctionId::Floor:
    case FunctionId::Round: {
      const Bounds of = BoundsOf(first, params);
      return {std::floor(of.low), std::ceil(of.high)};
    }
    case FunctionId::Abs:
    case FunctionId::Sqrt: return kNotNegative;
    default: return {};
  }
}

}  // namespace

bool IsConstant(const BoundExpr& expr) {
  switch (expr.kind) {
    case ExprKind::Constant:
    case ExprKind::Param: return true;
    case ExprKind::Negate:
    case ExprKind::Arithmetic: return std::ranges::all_of(expr.operands, IsConstant);
    default: return false;
  }
}

Bounds BoundsOf(const BoundExpr& expr, const std::vector<BoundParam>& params) {
  if (!expr.type.IsNumber() && expr.type.kind != TypeKind::Timestamp) return {};
  switch (expr.kind) {
    case ExprKind::Constant: return {expr.number, expr.number};
    case ExprKind::Param: {
      const auto& range = params[expr.param].range;
      return range ? Bounds{range->first, range->second} : Bounds{};
    }
    case ExprKind::Negate: {
      const Bounds of = BoundsOf(expr.operands[0], params);
      return {-of.high, -of.low};
    }
    case ExprKind::Arithmetic: {
      const Bounds a = BoundsOf(expr.operands[0], params);
      const Bounds b = BoundsOf(expr.operands[1], params);
      if (expr.op == ast::BinaryOp::Add) return {a.low + b.low, a.high + b.high};
      if (expr.op == ast::BinaryOp::Sub) return {a.low - b.high, a.high - b.low};
      return expr.op == ast::BinaryOp::Mul ? Multiply(a, b) : Divide(a, b);
    }
    case ExprKind::Attribute:
    case ExprKind::GroupKey: return OfAttribute(expr.attribute);
    case ExprKind::NodeMetric: return kNotNegative;
    case ExprKind::If: return Hull(BoundsOf(expr.operands[1], params), BoundsOf(expr.operands[2], params));
    case ExprKind::Coalesce: return Hull(BoundsOf(expr.operands[0], params), BoundsOf(expr.operands[1], params));
    case ExprKind::Call: return OfCall(expr, params);
    case ExprKind::CountOf: return kNotNegative;
    default: return {};
  }
}

}  // namespace advise::rules
