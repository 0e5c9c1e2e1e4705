// Solves a comparison for a parameter that stands in it once: from the comparison down to the parameter each operator
// is undone on the other side.
#include "ask/limits_of_params.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "rules/comparisons.h"

namespace advise::ask {
namespace {

using rules::BoundExpr;
using rules::ExprKind;
using rules::Truth;
using rules::ast::BinaryOp;

bool Holds(BinaryOp op, double left, double right) {
  switch (op) {
    case BinaryOp::Lt: return left < right;
    case BinaryOp::Le: return left <= right;
    case BinaryOp::Gt: return left > right;
    default: return left >= right;
  }
}

std::size_t CountOf(const BoundExpr& expr, std::uint32_t param) {
  std::size_t count = 0;
  rules::ForEach(expr, [&](const BoundExpr& e) {
    if (e.kind == ExprKind::Param && e.param == param) ++count;
  });
  return count;
}

// `param op value`
struct Limit {
  BinaryOp op = BinaryOp::Lt;
  double value = 0;
};

class Solver {
 public:
  Solver(ConditionReader& reader, std::uint32_t param) : reader_(reader), param_(param) {}

  // `expr op value` for the parameter, which stands in `expr` once.
  std::optional<Limit> Solve(const BoundExpr& expr, BinaryOp op, double value) {
    if (expr.kind == ExprKind::Param) return Limit{op, value};
    if (expr.kind == ExprKind::Negate) return Solve(expr.operands[0], Mirrored(op), -value);
    if (expr.kind == ExprKind::Arithmetic) return SolveArithmetic(expr, op, value);
    const bool scalar_call = expr.kind == ExprKind::Call && expr.operands[0].type.IsNumber();
    const bool extreme = expr.function == rules::FunctionId::Min || expr.function == rules::FunctionId::Max;
    if (scalar_call && extreme) return SolveExtreme(expr, op, value);
    if (expr.kind == ExprKind::Coalesce) {
      const bool first = CountOf(expr.operands[0], param_) > 0;
      const bool known = reader_.Number(expr.operands[0]).has_value();
      if (first == known) return Solve(expr.operands[first ? 0 : 1], op, value);
    }
    return std::nullopt;
  }

 private:
  std::optional<Limit> SolveArithmetic(const BoundExpr& expr, BinaryOp op, double value) {
    const bool left = CountOf(expr.operands[0], param_) > 0;
    const BoundExpr& inner = expr.operands[left ? 0 : 1];
    const auto other = reader_.Number(expr.operands[left ? 1 : 0]);
    if (!other) return std::nullopt;
    const double k = *other;
    switch (expr.op) {
      case BinaryOp::Add: return Solve(inner, op, value - k);
      case BinaryOp::Sub: return left ? Solve(inner, op, value + k) : Solve(inner, Mirrored(op), k - value);
      case BinaryOp::Mul:
        if (k == 0) return std::nullopt;
        return Solve(inner, k > 0 ? op : Mirrored(op), value / k);
      case BinaryOp::Div:
        if (left) return k == 0 ? std::nullopt : Solve(inner, k > 0 ? op : Mirrored(op), value * k);
        // k / x is monotone where x keeps its sign: parameters are limits, which are positive.
        if (!(k > 0) || !(value > 0)) return std::nullopt;
        return Solve(inner, Mirrored(op), k / value);
      default: return std::nullopt;
    }
  }

  // max(x, k) > v needs x > v unless k > v does it; max(x, k) < v needs both.
  std::optional<Limit> SolveExtreme(const BoundExpr& expr, BinaryOp op, double value) {
    const BoundExpr* inner = nullptr;
    const bool up = op == BinaryOp::Gt || op == BinaryOp::Ge;
    const bool any = (expr.function == rules::FunctionId::Max) == up;
    for (const BoundExpr& operand : expr.operands) {
      if (CountOf(operand, param_) > 0) {
        inner = &operand;
        continue;
      }
      const auto other = reader_.Number(operand);
      if (!other || (!any && !Holds(op, *other, value))) return std::nullopt;
    }
    return inner == nullptr ? std::nullopt : Solve(*inner, op, value);
  }

  ConditionReader& reader_;
  std::uint32_t param_;
};

std::string Digits(double number) {
  std::array<char, 64> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  return std::string(text.data(), end);
}

// The value as a literal of the language, on the safe side of the limit with about four digits.
std::optional<std::pair<double, std::string>> SafeLiteral(const rules::Type& type, const Limit& limit) {
  const bool down = limit.op == BinaryOp::Lt || limit.op == BinaryOp::Le;
  const bool strict = limit.op == BinaryOp::Lt || limit.op == BinaryOp::Gt;
  struct Unit {
    double size;
    std::string_view name;
  };
  static constexpr std::array<Unit, 4> kTimes = {{{3'600'000, "h"}, {60'000, "min"}, {1000, "s"}, {1, "ms"}}};
  static constexpr std::array<Unit, 5> kBytes = {
      {{1099511627776.0, "TiB"}, {1073741824.0, "GiB"}, {1048576.0, "MiB"}, {1024.0, "KiB"}, {1, "B"}}};
  double unit = 1;
  std::string_view name;
  const auto choose = [&](const auto& units) {
    for (const Unit& one : units) {
      unit = one.size;
      name = one.name;
      if (std::abs(limit.value) >= one.size) break;
    }
  };
  if (type.dimension == rules::kTime) {
    choose(kTimes);
  } else if (type.dimension == rules::kBytes) {
    choose(kBytes);
  } else if (!type.dimension.none()) {
    return std::nullopt;
  } else if (type.form == rules::NumberForm::Share) {
    unit = 0.01;
    name = "%";
  }
  const double value = limit.value / unit;
  const bool whole = type.form == rules::NumberForm::Count || type.form == rules::NumberForm::Slots ||
                     type.form == rules::NumberForm::Id || name == "ms" || name == "B";
  double steps = 1;  // so many a unit
  if (!whole) {
    constexpr int kDigits = 4;
    const double size = std::abs(value) > 0 ? std::floor(std::log10(std::abs(value))) : 0;
    steps = std::pow(10.0, std::clamp(kDigits - 1 - size, 0.0, 9.0));
  }
  double rounded = down ? std::floor(value * steps) : std::ceil(value * steps);
  if (strict && rounded / steps * unit == limit.value) rounded += down ? -1 : 1;
  const double result = rounded / steps;
  return std::pair(result * unit, Digits(result) + std::string(name));
}

std::optional<ParamNeed> Need(std::uint32_t index, const Limit& limit, const rules::RuleSet& set) {
  const rules::BoundParam& param = set.params[index];
  const auto literal = SafeLiteral(param.type, limit);
  if (!literal || !std::isfinite(literal->first)) return std::nullopt;
  ParamNeed need{index, limit.op == BinaryOp::Lt || limit.op == BinaryOp::Le, literal->first, literal->second, true};
  need.in_range = !param.range || (need.number >= param.range->first && need.number <= param.range->second);
  return need;
}

void AddNeed(std::vector<ParamNeed>& needs, ParamNeed need) {
  const auto same = std::ranges::find_if(
      needs, [&](const ParamNeed& other) { return other.param == need.param && other.at_most == need.at_most; });
  if (same == needs.end()) {
    needs.push_back(std::move(need));
  } else if (need.at_most ? need.number < same->number : need.number > same->number) {
    *same = std::move(need);
  }
}

// The parameters of one comparison `left op right` that should hold.
std::vector<ParamNeed> NeedsOfCompare(const BoundExpr& left, BinaryOp op, const BoundExpr& right,
                                      const rules::RuleSet& set, ConditionReader& reader) {
  std::vector<ParamNeed> needs;
  if (!IsOrder(op) || !left.type.IsNumber()) return needs;
  std::vector<ParamShown> params = reader.Params(left);
  for (ParamShown& param : reader.Params(right)) params.push_back(std::move(param));
  for (const ParamShown& param : params) {
    const std::size_t in_left = CountOf(left, param.param);
    if (in_left + CountOf(right, param.param) != 1) continue;
    const BoundExpr& with = in_left == 1 ? left : right;
    const auto value = reader.Number(in_left == 1 ? right : left);
    if (!value) continue;
    const auto limit = Solver(reader, param.param).Solve(with, in_left == 1 ? op : Mirrored(op), *value);
    const auto need = limit ? Need(param.param, *limit, set) : std::nullopt;
    if (need) needs.push_back(*need);
  }
  return needs;
}

}  // namespace

std::vector<ParamNeed> NeedsOf(const BoundExpr& condition, const rules::RuleSet& set, ConditionReader& reader) {
  switch (condition.kind) {
    case ExprKind::Compare:
      return NeedsOfCompare(condition.operands[0], condition.op, condition.operands[1], set, reader);
    case ExprKind::Not: {
      const BoundExpr& inner = condition.operands[0];
      if (inner.kind != ExprKind::Compare) return {};
      return NeedsOfCompare(inner.operands[0], Opposite(inner.op), inner.operands[1], set, reader);
    }
    case ExprKind::In: {
      if (condition.operands[1].kind != ExprKind::Range) return {};
      const BoundExpr& range = condition.operands[1];
      const auto value = reader.Number(condition.operands[0]);
      const auto low = reader.Number(range.operands[0]);
      if (!value || !low) return {};
      const bool below = *value < *low;
      return NeedsOfCompare(condition.operands[0], below ? BinaryOp::Ge : BinaryOp::Le, range.operands[below ? 0 : 1],
                            set, reader);
    }
    case ExprKind::And: {
      std::vector<ParamNeed> needs;
      for (const BoundExpr& part : condition.operands) {
        if (reader.Test(part) == Truth::True) continue;
        const std::vector<ParamNeed> one = NeedsOf(part, set, reader);
        if (one.empty()) return {};
        AddNeed(needs, one.front());
      }
      return needs;
    }
    case ExprKind::Or:
      for (const BoundExpr& part : condition.operands) {
        std::vector<ParamNeed> needs = NeedsOf(part, set, reader);
        if (!needs.empty()) return needs;
      }
      return {};
    default: return {};
  }
}

}  // namespace advise::ask
