// Conditions that no job can meet: a warning, because the rule is legal and useless. Two simple cases; anything that
// needs reasoning over several conditions is lint's business.
#include <cmath>
#include <string>

#include "rules/bind/bind_expr.h"
#include "rules/comparisons.h"
#include "support/format.h"

namespace advise::rules {
namespace {

using ast::BinaryOp;

// `value op constant` where value lies in low..high.
bool Impossible(BinaryOp op, double constant, std::optional<double> low, std::optional<double> high) {
  switch (op) {
    case BinaryOp::Gt: return high && constant >= *high;
    case BinaryOp::Ge: return high && constant > *high;
    case BinaryOp::Lt: return low && constant <= *low;
    case BinaryOp::Le: return low && constant < *low;
    case BinaryOp::Eq: return (high && constant > *high) || (low && constant < *low);
    case BinaryOp::Or:
    case BinaryOp::And:
    case BinaryOp::Ne:
    case BinaryOp::Add:
    case BinaryOp::Sub:
    case BinaryOp::Mul:
    case BinaryOp::Div:
    case BinaryOp::Of:
    case BinaryOp::Coalesce:
    case BinaryOp::Range: return false;
  }
  return false;
}

// A literal: parameters may be changed later, so they prove nothing.
std::optional<double> Literal(const BoundExpr& expr) {
  if (expr.kind == ExprKind::Constant && expr.type.IsNumber()) return expr.number;
  return std::nullopt;
}

// Where a value lies within its distribution: p50 is 0.5, min 0, max 1. `factor` for `80% of p50(d)`.
struct Position {
  double at = 0;
  double factor = 1;
  const BoundExpr* dist = nullptr;
  std::string name;
};
std::optional<Position> PositionOf(const BoundExpr& expr) {
  if (expr.kind == ExprKind::Arithmetic && expr.op == BinaryOp::Mul) {
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      const auto factor = Literal(expr.operands[side]);
      auto position = PositionOf(expr.operands[1 - side]);
      if (!factor || !position) continue;
      position->factor *= *factor;
      return position;
    }
    return std::nullopt;
  }
  if (expr.kind != ExprKind::Call || expr.operands.size() != 1 ||
      (expr.operands[0].kind != ExprKind::Collect && expr.operands[0].kind != ExprKind::CollectMetric))
    return std::nullopt;
  const BoundExpr* dist = &expr.operands[0];
  if (expr.function == FunctionId::Min) return Position{0, 1, dist, "min"};
  if (expr.function == FunctionId::Max) return Position{1, 1, dist, "max"};
  if (expr.function != FunctionId::Quantile) return std::nullopt;
  return Position{expr.number, 1, dist, "p" + std::to_string(static_cast<int>(expr.number * 100))};
}

bool NeverNegative(const BoundExpr& dist) {
  if (dist.kind == ExprKind::CollectMetric) return true;
  const metrics::Attribute& attribute = metrics::Get(dist.attribute);
  return attribute.low && *attribute.low >= 0;
}

void CheckAttributeRange(const BoundExpr& value, BinaryOp op, const BoundExpr& constant, const BoundExpr& whole,
                         Diagnostics& diagnostics) {
  const auto number = Literal(constant);
  if (value.kind != ExprKind::Attribute || !number) return;
  const metrics::Attribute& attribute = metrics::Get(value.attribute);
  if (!Impossible(op, *number, attribute.low, attribute.high)) return;
  std::string range = attribute.low ? "never below " + FormatRatio(*attribute.low) : "";
  if (attribute.high)
    range = (range.empty() ? "" : range + " and ") + std::string("never above ") + FormatRatio(*attribute.high);
  diagnostics.Report(DiagnosticCode::NeverTrue, whole.span, "this condition can never hold").labels = {
      {value.span, "`" + std::string(attribute.name) + "` is " + range}};
}

// The smaller side of a comparison `smaller < larger` with both from one distribution.
// Only strict comparisons: `<=` may still hold, with equal values.
void CheckPositions(const BoundExpr& smaller, const BoundExpr& larger, const BoundExpr& whole,
                    Diagnostics& diagnostics) {
  const auto low = PositionOf(smaller);
  const auto high = PositionOf(larger);
  if (!low || !high || !NeverNegative(*low->dist) || high->factor < 0) return;
  if (!SameValue(*low->dist, *high->dist)) return;
  if (low->at < high->at || low->factor < high->factor) return;
  Diagnostic& d = diagnostics.Report(DiagnosticCode::NeverTrue, whole.span, "this condition can never hold");
  d.labels = {{smaller.span, low->name + " is never below " + high->name + " of the same distribution"}};
  if (high->factor != 1) d.labels.push_back({larger.span, "at most " + FormatRatio(high->factor) + " × " + high->name});
}

}  // namespace

void CheckNeverTrue(const BoundExpr& comparison, Diagnostics& diagnostics) {
  const BoundExpr& left = comparison.operands[0];
  const BoundExpr& right = comparison.operands[1];
  CheckAttributeRange(left, comparison.op, right, comparison, diagnostics);
  CheckAttributeRange(right, Mirrored(comparison.op), left, comparison, diagnostics);
  if (comparison.op == BinaryOp::Lt) CheckPositions(left, right, comparison, diagnostics);
  if (comparison.op == BinaryOp::Gt) CheckPositions(right, left, comparison, diagnostics);
}

}  // namespace advise::rules
