// What conditions say is kept as facts `a ≥ k·b` between values that are never negative (1 is one of them), and closed
// over chains: a ≥ 2·b and b ≥ 3·c make a ≥ 6·c. A circle a > 1·a has no solution. Values of other kinds have a range
// each.
#include "rules/bind/check_conditions.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "rules/bind/value_bounds.h"
#include "rules/comparisons.h"

namespace advise::rules {
namespace {

using ast::BinaryOp;

constexpr double kRounding = 1e-9;

// Which conditions a fact comes from, one bit each; the topmost bits: what everybody knows.
using Sources = std::uint64_t;
constexpr std::size_t kMaxConditions = 60;
constexpr Sources kOrderFact = Sources{1} << 63;

bool IsDivision(const BoundExpr& expr) { return expr.kind == ExprKind::Arithmetic && expr.op == BinaryOp::Div; }
bool IsOperation(const BoundExpr& expr, BinaryOp op) { return expr.kind == ExprKind::Arithmetic && expr.op == op; }

// The values a constant stands for: of `v3.1` all patches.
Bounds ConstantValues(const BoundExpr& expr, const std::vector<BoundParam>& params) {
  if (expr.type.kind != TypeKind::Version) return BoundsOf(expr, params);
  if (expr.kind != ExprKind::Constant) return {};
  const double rest = expr.version_parts <= 1 ? 999'999 : expr.version_parts == 2 ? 999 : 0;
  return {expr.number, expr.number + rest};
}

// Where a value lies within its distribution, as `a(d) <= b(d)` follows from it.
struct OrderStatistic {
  double at = 0;
  const BoundExpr* dist = nullptr;
};
// Smallest, percentile and largest.
std::optional<OrderStatistic> OrderStatisticOf(const BoundExpr& expr) {
  if (expr.kind != ExprKind::Call || expr.operands.size() != 1) return std::nullopt;
  const BoundExpr* dist = &expr.operands[0];
  if (dist->type.kind != TypeKind::Dist && dist->type.kind != TypeKind::Series) return std::nullopt;
  switch (expr.function) {
    case FunctionId::Min: return OrderStatistic{0, dist};
    case FunctionId::Max: return OrderStatistic{1, dist};
    case FunctionId::Quantile: return OrderStatistic{expr.number, dist};
    default: return std::nullopt;
  }
}
bool IsCall(const BoundExpr& expr, FunctionId function) {
  return expr.kind == ExprKind::Call && expr.function == function && expr.operands.size() == 1;
}
// `part` is `whole` with some members filtered out.
bool IsFiltered(const BoundExpr& part, const BoundExpr& whole) {
  if (part.kind == ExprKind::Filter) return SameValue(part.operands[0], whole);
  return part.kind == ExprKind::Collect && whole.kind == ExprKind::Collect && part.attribute == whole.attribute &&
         IsFiltered(part.operands[0], whole.operands[0]);
}
// Whether a ≥ b follows from what the two are.
bool AlwaysAtLeast(const BoundExpr& a, const BoundExpr& b) {
  const auto x = OrderStatisticOf(a);
  const auto y = OrderStatisticOf(b);
  if (x && y) return x->at >= y->at && SameValue(*x->dist, *y->dist);
  if (a.kind != ExprKind::Call || b.kind != ExprKind::Call || a.operands.size() != 1 || b.operands.size() != 1)
    return false;
  const bool same = SameValue(a.operands[0], b.operands[0]);
  if (same && IsCall(a, FunctionId::Max) && IsCall(b, FunctionId::Mean)) return true;
  if (same && IsCall(a, FunctionId::Mean) && IsCall(b, FunctionId::Min)) return true;
  if (same && IsCall(a, FunctionId::Sum)) return y.has_value() || IsCall(b, FunctionId::Mean);
  const bool adds_up = (IsCall(a, FunctionId::Count) && IsCall(b, FunctionId::Count)) ||
                       (IsCall(a, FunctionId::Sum) && IsCall(b, FunctionId::Sum));
  return adds_up && IsFiltered(b.operands[0], a.operands[0]);
}

// What is known of a list of conditions that hold together.
class Facts {
 public:
  Facts(const std::vector<BoundParam>& params, const NameScope& scope) : params_(params), scope_(scope) {}

  // The condition (or its opposite) holds. `number` is its own, for Contradiction.
  void Assume(const BoundExpr& condition, bool holds, std::size_t number) {
    const Sources from = Sources{1} << number;
    switch (condition.kind) {
      case ExprKind::Not: Assume(condition.operands[0], !holds, number); return;
      case ExprKind::And:
      case ExprKind::Or:
        if ((condition.kind == ExprKind::And) != holds) return;
        for (const BoundExpr& operand : condition.operands) Assume(operand, holds, number);
        return;
      case ExprKind::Compare:
        Compare(condition.operands[0], holds ? condition.op : Opposite(condition.op), condition.operands[1], from);
        return;
      case ExprKind::In: AssumeIn(condition, holds, from); return;
      default: AssumeTruth(condition, holds, from); return;
    }
  }

  // The conditions that cannot hold together. 0: nothing speaks against them.
  Sources Contradiction() {
    if (contradiction_ != 0) return contradiction_;
    Close();
    return contradiction_;
  }

  // Whether `condition` follows from these facts for all values of the parameters; if so, from which.
  std::optional<Sources> Implies(const BoundExpr& condition) {
    if (condition.kind != ExprKind::Compare) return std::nullopt;
    const bool less = condition.op == BinaryOp::Lt || condition.op == BinaryOp::Le;
    const bool greater = condition.op == BinaryOp::Gt || condition.op == BinaryOp::Ge;
    if (!less && !greater) return std::nullopt;
    const auto high = OfTerm(condition.operands[less ? 1 : 0]);
    const auto low = OfTerm(condition.operands[less ? 0 : 1]);
    if (!high || !low || !(high->coefficient.low > 0) || !(low->coefficient.high < kInfinity)) return std::nullopt;
    Close();
    const Fact& known = facts_[high->term][low->term];
    const double wanted = low->coefficient.high / high->coefficient.low;
    const bool strict = condition.op == BinaryOp::Lt || condition.op == BinaryOp::Gt;
    // 2·x is not above x where x is 0: but the number 1 is not.
    const bool positive = low->term == 0;
    if (known.factor > wanted * (1 + kRounding) && (!strict || known.strict || positive)) return known.sources;
    if (known.factor >= wanted * (1 - kRounding) && (known.strict || !strict) && known.factor > 0) return known.sources;
    return std::nullopt;
  }

 private:
  // term[i] ≥ factor · term[j]; above it if strict. 0: nothing is known.
  struct Fact {
    double factor = 0;
    bool strict = false;
    Sources sources = 0;
  };
  // coefficient · term
  struct Multiple {
    Bounds coefficient{1, 1};
    std::size_t term = 0;
  };
  struct Range {
    const BoundExpr* of = nullptr;
    Bounds bounds;
    bool above_low = false;
    bool below_high = false;
    Sources low = 0;
    Sources high = 0;
  };
  struct Texts {
    const BoundExpr* of = nullptr;
    std::optional<std::vector<std::string>> allowed;
    std::vector<std::pair<std::string, Sources>> excluded;
    Sources from = 0;
  };
  struct TruthOf {
    const BoundExpr* of = nullptr;
    bool holds = false;
    Sources from = 0;
  };

  void Contradict(Sources sources) {
    if (contradiction_ == 0) contradiction_ = sources;
  }

  // ---------------------------------------------------------------- one condition
  void Compare(const BoundExpr& left, BinaryOp op, const BoundExpr& right, Sources from) {
    if (!left.type.IsNumber() && left.type.kind != TypeKind::Timestamp && left.type.kind != TypeKind::Version) {
      CompareTexts(left, op, right, from);
      return;
    }
    if (op == BinaryOp::Lt || op == BinaryOp::Le) {
      Compare(right, Mirrored(op), left, from);
      return;
    }
    if (op == BinaryOp::Ne) return;
    if (left.type.IsNumber()) {
      AtLeast(left, right, op == BinaryOp::Gt, from);
      if (op == BinaryOp::Eq) AtLeast(right, left, false, from);
    }
    Narrow(left, op, right, from);
    Narrow(right, Mirrored(op), left, from);
  }

  // high ≥ low
  void AtLeast(const BoundExpr& high, const BoundExpr& low, bool strict, Sources from) {
    const auto not_negative = [this](const BoundExpr& expr) { return BoundsOf(expr, params_).low >= 0; };
    // x - y ≥ z says x ≥ z and x ≥ y; x ≥ y + z says x ≥ y and x ≥ z.
    if (IsOperation(high, BinaryOp::Sub)) {
      if (not_negative(high.operands[1])) AtLeast(high.operands[0], low, strict, from);
      if (not_negative(low)) AtLeast(high.operands[0], high.operands[1], strict, from);
      return;
    }
    if (IsOperation(low, BinaryOp::Add)) {
      for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        if (not_negative(low.operands[1 - side])) AtLeast(high, low.operands[side], strict, from);
      }
      return;
    }
    // x / y ≥ 3 says x ≥ 3·y.
    if (IsDivision(high) && !IsConstant(high.operands[1]) && IsConstant(low)) {
      const auto above = OfTerm(high.operands[0]);
      const auto below = OfTerm(high.operands[1]);
      if (above && below) Add(*above, Scaled(*below, BoundsOf(low, params_)), strict, from);
      return;
    }
    if (IsDivision(low) && !IsConstant(low.operands[1]) && IsConstant(high)) {
      const auto above = OfTerm(low.operands[1]);
      const auto below = OfTerm(low.operands[0]);
      if (above && below) Add(Scaled(*above, BoundsOf(high, params_)), *below, strict, from);
      return;
    }
    const auto above = OfTerm(high);
    const auto below = OfTerm(low);
    if (above && below) Add(*above, *below, strict, from);
  }

  static Multiple Scaled(Multiple of, Bounds by) {
    return {{of.coefficient.low * by.low, of.coefficient.high * by.high}, of.term};
  }

  void Add(const Multiple& high, const Multiple& low, bool strict, Sources from) {
    const double factor = low.coefficient.low / high.coefficient.high;
    if (!(factor > 0) || !(factor < kInfinity)) return;
    Improve(high.term, low.term, {factor, strict, from});
  }

  void Improve(std::size_t i, std::size_t j, const Fact& fact) {
    Fact& known = facts_[i][j];
    const bool more = fact.factor > known.factor * (1 + kRounding);
    const bool as_much = fact.factor >= known.factor * (1 - kRounding);
    if (!more && !(as_much && fact.strict && !known.strict)) return;
    known = fact;
    closed_ = false;
  }

  // A literal times a value that is never negative. nullopt: it may be negative, or is a sum.
  std::optional<Multiple> OfTerm(const BoundExpr& expr) {
    if (IsConstant(expr)) {
      const Bounds bounds = BoundsOf(expr, params_);
      if (!(bounds.low > 0)) return std::nullopt;
      return Multiple{bounds, One()};
    }
    if (IsOperation(expr, BinaryOp::Mul)) {
      for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        const Bounds by = BoundsOf(expr.operands[side], params_);
        if (!IsConstant(expr.operands[side]) || !(by.low > 0)) continue;
        if (const auto rest = OfTerm(expr.operands[1 - side])) return Scaled(*rest, by);
        return std::nullopt;
      }
    }
    if (IsDivision(expr) && IsConstant(expr.operands[1])) {
      const Bounds by = BoundsOf(expr.operands[1], params_);
      if (!(by.low > 0)) return std::nullopt;
      if (const auto rest = OfTerm(expr.operands[0])) return Scaled(*rest, {1 / by.high, 1 / by.low});
      return std::nullopt;
    }
    const Bounds bounds = BoundsOf(expr, params_);
    if (!expr.type.IsNumber() || !(bounds.low >= 0)) return std::nullopt;
    return Multiple{{1, 1}, Term(expr, bounds)};
  }

  // The term that is the number 1.
  std::size_t One() {
    if (terms_.empty()) AddRow(nullptr);
    return 0;
  }
  void AddRow(const BoundExpr* term) {
    terms_.push_back(term);
    for (std::vector<Fact>& row : facts_) row.emplace_back();
    facts_.emplace_back(terms_.size());
  }
  std::size_t Term(const BoundExpr& expr, Bounds bounds) {
    One();
    for (std::size_t i = 1; i < terms_.size(); ++i) {
      if (SameValue(*terms_[i], expr, &scope_)) return i;
    }
    const std::size_t added = terms_.size();
    AddRow(&expr);
    for (std::size_t i = 1; i < added; ++i) {
      if (AlwaysAtLeast(*terms_[i], expr)) Improve(i, added, {1, false, kOrderFact});
      if (AlwaysAtLeast(expr, *terms_[i])) Improve(added, i, {1, false, kOrderFact});
    }
    if (bounds.low > 0) Improve(added, 0, {bounds.low, false, 0});
    if (bounds.high > 0 && bounds.high < kInfinity) Improve(0, added, {1 / bounds.high, false, 0});
    return added;
  }

  void Close() {
    if (closed_) return;
    closed_ = true;
    const std::size_t n = terms_.size();
    for (std::size_t via = 0; via < n; ++via) {
      for (std::size_t i = 0; i < n; ++i) {
        const Fact to = facts_[i][via];
        if (!(to.factor > 0) || i == via) continue;
        for (std::size_t j = 0; j < n; ++j) {
          const Fact on = facts_[via][j];
          if (!(on.factor > 0) || j == via) continue;
          const Fact chain{to.factor * on.factor, to.strict || on.strict, to.sources | on.sources};
          if (i == j) {
            CheckCircle(i, chain);
          } else {
            Improve(i, j, chain);
          }
        }
      }
      closed_ = true;
    }
  }
  // A value above itself. One that is at least twice itself may still be 0, but 1 is not.
  void CheckCircle(std::size_t term, const Fact& circle) {
    const bool grows = circle.factor > 1 + kRounding;
    const bool strict = circle.strict && circle.factor >= 1 - kRounding;
    if (strict || (grows && term == 0)) Contradict(circle.sources);
  }

  // ---------------------------------------------------------------- values that may be negative, versions, times
  void Narrow(const BoundExpr& of, BinaryOp op, const BoundExpr& constant, Sources from) {
    if (!IsConstant(constant) || IsConstant(of)) return;
    const Bounds values = ConstantValues(constant, params_);
    const bool version = of.type.kind == TypeKind::Version;
    switch (op) {
      case BinaryOp::Gt: Raise(of, version ? values.high : values.low, true, from); break;
      case BinaryOp::Ge: Raise(of, values.low, false, from); break;
      case BinaryOp::Lt: Lower(of, version ? values.low : values.high, true, from); break;
      case BinaryOp::Le: Lower(of, values.high, false, from); break;
      case BinaryOp::Eq:
        Raise(of, values.low, false, from);
        Lower(of, values.high, false, from);
        break;
      default: break;
    }
  }
  Range& RangeOf(const BoundExpr& of) {
    for (Range& range : ranges_) {
      if (SameValue(*range.of, of, &scope_)) return range;
    }
    ranges_.push_back({&of, BoundsOf(of, params_)});
    return ranges_.back();
  }
  void Raise(const BoundExpr& of, double low, bool above, Sources from) {
    Range& range = RangeOf(of);
    if (low > range.bounds.low || (low == range.bounds.low && above && !range.above_low)) {
      range.bounds.low = low;
      range.above_low = above;
      range.low = from;
    }
    CheckRange(range);
  }
  void Lower(const BoundExpr& of, double high, bool below, Sources from) {
    Range& range = RangeOf(of);
    if (high < range.bounds.high || (high == range.bounds.high && below && !range.below_high)) {
      range.bounds.high = high;
      range.below_high = below;
      range.high = from;
    }
    CheckRange(range);
  }
  void CheckRange(const Range& range) {
    const bool empty = range.bounds.low > range.bounds.high ||
                       (range.bounds.low == range.bounds.high && (range.above_low || range.below_high));
    if (empty) Contradict(range.low | range.high);
  }

  void AssumeIn(const BoundExpr& in, bool holds, Sources from) {
    const BoundExpr& of = in.operands[0];
    const BoundExpr& first = in.operands[1];
    if (in.operands.size() == 2 && first.kind == ExprKind::Range) {
      if (!holds) return;
      Compare(of, BinaryOp::Ge, first.operands[0], from);
      Compare(of, BinaryOp::Le, first.operands[1], from);
      return;
    }
    std::vector<std::string> texts;
    for (std::size_t i = 1; i < in.operands.size(); ++i) {
      const BoundExpr& choice = in.operands[i];
      if (choice.kind != ExprKind::Constant || choice.type.kind != TypeKind::String) return;
      texts.push_back(choice.text);
    }
    if (holds) {
      Allow(of, std::move(texts), from);
    } else {
      for (const std::string& text : texts) Exclude(of, text, from);
    }
  }

  // ---------------------------------------------------------------- texts and truths
  void CompareTexts(const BoundExpr& left, BinaryOp op, const BoundExpr& right, Sources from) {
    if (right.kind != ExprKind::Constant) {
      if (left.kind == ExprKind::Constant) CompareTexts(right, op, left, from);
      return;
    }
    if (left.kind == ExprKind::Constant) return;
    if (right.type.kind == TypeKind::Bool) {
      AssumeTruth(left, (right.number != 0) == (op == BinaryOp::Eq), from);
    } else if (right.type.kind == TypeKind::String || right.type.kind == TypeKind::Enum) {
      if (op == BinaryOp::Eq) Allow(left, {right.text}, from);
      if (op == BinaryOp::Ne) Exclude(left, right.text, from);
    }
  }
  Texts& TextsOf(const BoundExpr& of) {
    for (Texts& texts : texts_) {
      if (SameValue(*texts.of, of, &scope_)) return texts;
    }
    texts_.push_back({&of, std::nullopt, {}, 0});
    return texts_.back();
  }
  void Allow(const BoundExpr& of, std::vector<std::string> texts, Sources from) {
    Texts& known = TextsOf(of);
    if (known.allowed) {
      std::erase_if(texts, [&](const std::string& text) {
        return std::ranges::find(*known.allowed, text) == known.allowed->end();
      });
    }
    known.allowed = std::move(texts);
    known.from |= from;
    CheckTexts(known);
  }
  void Exclude(const BoundExpr& of, const std::string& text, Sources from) {
    Texts& known = TextsOf(of);
    known.excluded.emplace_back(text, from);
    CheckTexts(known);
  }
  void CheckTexts(const Texts& known) {
    if (!known.allowed) return;
    Sources sources = known.from;
    for (const std::string& text : *known.allowed) {
      const auto out = std::ranges::find(known.excluded, text, &std::pair<std::string, Sources>::first);
      if (out == known.excluded.end()) return;
      sources |= out->second;
    }
    Contradict(sources);
  }

  void AssumeTruth(const BoundExpr& of, bool holds, Sources from) {
    if (of.type.kind != TypeKind::Bool || of.kind == ExprKind::Constant) return;
    for (const TruthOf& known : truths_) {
      if (known.holds != holds && SameValue(*known.of, of, &scope_)) Contradict(known.from | from);
    }
    truths_.push_back({&of, holds, from});
  }

  const std::vector<BoundParam>& params_;
  const NameScope& scope_;
  std::vector<const BoundExpr*> terms_;  // the first one: 1
  std::vector<std::vector<Fact>> facts_;
  std::vector<Range> ranges_;
  std::vector<Texts> texts_;
  std::vector<TruthOf> truths_;
  bool closed_ = false;
  Sources contradiction_ = 0;
};

// Whether a comparison is decided by what its two sides can be, alone.
enum class Verdict : std::uint8_t { Open, Never, Always };
Verdict Decide(const BoundExpr& comparison, const std::vector<BoundParam>& params) {
  if (!comparison.operands[0].type.IsNumber()) return Verdict::Open;
  const Bounds a = BoundsOf(comparison.operands[0], params);
  const Bounds b = BoundsOf(comparison.operands[1], params);
  const auto less = [](Bounds x, Bounds y, bool or_equal) {
    if (or_equal ? x.high <= y.low : x.high < y.low) return Verdict::Always;
    if (or_equal ? x.low > y.high : x.low >= y.high) return Verdict::Never;
    return Verdict::Open;
  };
  const bool apart = a.high < b.low || b.high < a.low;
  const bool one_value = a.low == a.high && b.low == b.high && a.low == b.low;
  switch (comparison.op) {
    case BinaryOp::Lt: return less(a, b, false);
    case BinaryOp::Le: return less(a, b, true);
    case BinaryOp::Gt: return less(b, a, false);
    case BinaryOp::Ge: return less(b, a, true);
    case BinaryOp::Eq: return apart ? Verdict::Never : one_value ? Verdict::Always : Verdict::Open;
    case BinaryOp::Ne: return apart ? Verdict::Always : one_value ? Verdict::Never : Verdict::Open;
    default: return Verdict::Open;
  }
}

class ConditionChecker {
 public:
  ConditionChecker(const std::vector<BoundParam>& params, const NameScope& scope, Diagnostics& diagnostics)
      : params_(params), scope_(scope), diagnostics_(diagnostics) {}

  // Conditions that must all hold; then those inside of them.
  void CheckAll(const std::vector<const BoundExpr*>& list) {
    std::vector<const BoundExpr*> parts;
    for (const BoundExpr* condition : list) Split(*condition, parts);
    if (parts.size() > kMaxConditions) parts.resize(kMaxConditions);
    for (const BoundExpr* part : parts) CheckAlone(*part);
    CheckTogether(parts);
    for (const BoundExpr* part : parts) CheckInside(*part);
  }

 private:
  static void Split(const BoundExpr& condition, std::vector<const BoundExpr*>& into) {
    if (condition.kind != ExprKind::And) {
      into.push_back(&condition);
      return;
    }
    for (const BoundExpr& operand : condition.operands) Split(operand, into);
  }

  void CheckAlone(const BoundExpr& condition) {
    if (condition.kind == ExprKind::Not && condition.operands[0].span == condition.span) return;  // `not in`, …
    if (condition.kind == ExprKind::Or || condition.kind == ExprKind::Not) {
      for (const BoundExpr& operand : condition.operands) CheckAlone(operand);
      return;
    }
    if (condition.kind != ExprKind::Compare) return;
    const Verdict verdict = Decide(condition, params_);
    if (verdict == Verdict::Open || Known(condition.span)) return;
    Diagnostic& d = diagnostics_.Report(
        verdict == Verdict::Never ? DiagnosticCode::NeverTrue : DiagnosticCode::AlwaysTrue, condition.span,
        verdict == Verdict::Never ? "this condition can never hold" : "this condition always holds");
    for (const BoundExpr& side : condition.operands) {
      if (side.kind == ExprKind::Constant || side.span == condition.span) continue;
      std::string range = RangeText(BoundsOf(side, params_));
      if (range.empty()) continue;
      if (d.labels.size() == 1 && d.labels[0].span == condition.span) d.labels.clear();
      d.labels.push_back({side.span, "this is " + range});
    }
  }

  static std::string RangeText(Bounds bounds) {
    const auto number = [](double value) {
      std::string text = std::to_string(value);
      text.erase(text.find_last_not_of('0') + 1);
      if (text.ends_with('.')) text.pop_back();
      return text;
    };
    if (bounds.low > -kInfinity && bounds.high < kInfinity && bounds.low < bounds.high)
      return "from " + number(bounds.low) + " to " + number(bounds.high);
    if (bounds.low == 0 && bounds.high == kInfinity) return "never below 0";
    return "";
  }

  // Said already of this place.
  [[nodiscard]] bool Known(SourceSpan span) const {
    return std::ranges::any_of(diagnostics_.all(), [&](const Diagnostic& d) {
      if (d.code != DiagnosticCode::NeverTrue && d.code != DiagnosticCode::AlwaysTrue) return false;
      return std::ranges::any_of(d.labels, [&](const DiagnosticLabel& label) {
        return label.span.source == span.source && label.span.begin >= span.begin && label.span.end <= span.end;
      });
    });
  }

  void CheckTogether(const std::vector<const BoundExpr*>& parts) {
    Facts facts(params_, scope_);
    for (std::size_t i = 0; i < parts.size(); ++i) facts.Assume(*parts[i], true, i);
    if (const Sources sources = facts.Contradiction(); sources != 0) {
      ReportNever(parts, sources);
      return;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i]->kind == ExprKind::Or) CheckBranches(parts, i);
    }
    for (std::size_t i = 0; i < parts.size(); ++i) CheckImplied(parts, i);
  }

  void ReportNever(const std::vector<const BoundExpr*>& parts, Sources sources, const BoundExpr* branch = nullptr,
                   std::size_t branch_of = 0) {
    std::vector<SourceSpan> spans;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if ((sources >> i & 1) != 0) spans.push_back(branch != nullptr && i == branch_of ? branch->span : parts[i]->span);
    }
    std::erase_if(spans, [](SourceSpan span) { return !span.valid(); });
    if (spans.empty() || std::ranges::any_of(spans, [this](SourceSpan span) { return Known(span); })) return;
    Diagnostic& d = diagnostics_.Report(
        DiagnosticCode::NeverTrue, spans.front(),
        spans.size() == 1 ? "this condition can never hold" : "these conditions can never hold together");
    for (std::size_t i = 1; i < spans.size(); ++i) d.labels.push_back({spans[i], ""});
    if ((sources & kOrderFact) != 0)
      d.notes.emplace_back(
          "of one distribution min ≤ p50 ≤ p99 ≤ max, min ≤ mean ≤ max ≤ sum, and a part is never more "
          "than the whole");
  }

  // An alternative of an `or` that the other conditions exclude.
  void CheckBranches(const std::vector<const BoundExpr*>& parts, std::size_t at) {
    std::vector<const BoundExpr*> branches;
    const auto split = [&](auto& self, const BoundExpr& expr) -> void {
      if (expr.kind != ExprKind::Or) {
        branches.push_back(&expr);
        return;
      }
      for (const BoundExpr& operand : expr.operands) self(self, operand);
    };
    split(split, *parts[at]);
    for (const BoundExpr* branch : branches) {
      Facts facts(params_, scope_);
      for (std::size_t i = 0; i < parts.size(); ++i) facts.Assume(i == at ? *branch : *parts[i], true, i);
      if (const Sources sources = facts.Contradiction(); sources != 0) ReportNever(parts, sources, branch, at);
    }
  }

  void CheckImplied(const std::vector<const BoundExpr*>& parts, std::size_t at) {
    const BoundExpr& condition = *parts[at];
    if (condition.kind != ExprKind::Compare || Known(condition.span)) return;
    Facts facts(params_, scope_);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i != at) facts.Assume(*parts[i], true, i);
    }
    const std::optional<Sources> sources = facts.Implies(condition);
    if (!sources) return;
    Diagnostic& d = diagnostics_.Report(DiagnosticCode::AlwaysTrue, condition.span,
                                        "this condition adds nothing: the others make it true", "true anyway");
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if ((*sources >> i & 1) != 0) d.labels.push_back({parts[i]->span, "because of this"});
    }
    if (d.labels.size() == 1) d.message = "this condition always holds";
  }

  void CheckInside(const BoundExpr& condition) {
    ForEach(condition, [this](const BoundExpr& e) {
      if (e.kind == ExprKind::Filter) CheckAll({&e.operands[1]});
      for (const BoundPattern& pattern : e.pattern) {
        std::vector<const BoundExpr*> inner;
        for (const BoundExpr& one : pattern.conditions) inner.push_back(&one);
        CheckAll(inner);
      }
    });
  }

  const std::vector<BoundParam>& params_;
  const NameScope& scope_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckConditions(const BoundRule& rule, const std::vector<BoundParam>& params, Diagnostics& diagnostics) {
  std::vector<const BoundExpr*> conditions;
  for (const Conjunct& conjunct : rule.conjuncts) conditions.push_back(&conjunct.condition);
  ConditionChecker(params, rule, diagnostics).CheckAll(conditions);
}

}  // namespace advise::rules
