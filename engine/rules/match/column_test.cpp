#include "rules/match/column_test.h"

#include <algorithm>
#include <cmath>

#include "support/check.h"

namespace advise::rules {
namespace {

constexpr std::uint16_t kMissingCode = 0xffff;
// With fewer tests than this, comparing doubles is cheaper than coding the column first.
constexpr std::size_t kWorthCoding = 4;
constexpr std::size_t kMaxThresholds = 0x7ff0;

struct CodeRange {
  std::uint16_t low = 0;
  std::uint16_t width = 0;  // codes low … low + width pass
  bool inverted = false;    // … or all others
};

CodeRange RangeOf(ast::BinaryOp op, std::size_t index, std::size_t count) {
  const auto at = static_cast<std::uint16_t>(2 * index + 1);
  const auto last = static_cast<std::uint16_t>(2 * count);
  const auto range = [](int low, int high) {
    return CodeRange{static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high - low), false};
  };
  switch (op) {
    case ast::BinaryOp::Gt: return range(at + 1, last);
    case ast::BinaryOp::Ge: return range(at, last);
    case ast::BinaryOp::Lt: return range(0, at - 1);
    case ast::BinaryOp::Le: return range(0, at);
    case ast::BinaryOp::Eq: return range(at, at);
    case ast::BinaryOp::Ne: return {at, 0, true};
    case ast::BinaryOp::Or:
    case ast::BinaryOp::And:
    case ast::BinaryOp::Add:
    case ast::BinaryOp::Sub:
    case ast::BinaryOp::Mul:
    case ast::BinaryOp::Div:
    case ast::BinaryOp::Of:
    case ast::BinaryOp::Coalesce:
    case ast::BinaryOp::Range: break;
  }
  ADVISE_CHECK(false, "not a comparison");
  return {};
}

bool Holds(ast::BinaryOp op, double value, double threshold) {
  if (op == ast::BinaryOp::Gt) return value > threshold;
  if (op == ast::BinaryOp::Ge) return value >= threshold;
  if (op == ast::BinaryOp::Lt) return value < threshold;
  if (op == ast::BinaryOp::Le) return value <= threshold;
  return (value == threshold) == (op == ast::BinaryOp::Eq);
}

}  // namespace

CodedColumn::CodedColumn(const std::vector<double>& values, std::vector<double> thresholds)
    : values_(values), thresholds_(std::move(thresholds)) {
  std::erase_if(thresholds_, [](double t) { return std::isnan(t); });
  const std::size_t tests = thresholds_.size();
  std::sort(thresholds_.begin(), thresholds_.end());
  thresholds_.erase(std::unique(thresholds_.begin(), thresholds_.end()), thresholds_.end());
  has_missing_ = std::any_of(values_.begin(), values_.end(), [](double value) { return std::isnan(value); });
  if (tests < kWorthCoding || thresholds_.size() > kMaxThresholds) return;
  codes_.resize(values_.size());
  for (std::size_t row = 0; row < values_.size(); ++row) {
    const double value = values_[row];
    if (std::isnan(value)) {
      codes_[row] = kMissingCode;
      continue;
    }
    // Branch-free search for the first threshold that is not below the value.
    const double* base = thresholds_.data();
    std::size_t count = thresholds_.size();
    while (count > 1) {
      const std::size_t half = count / 2;
      base += base[half - 1] < value ? half : 0;
      count -= half;
    }
    const auto below = static_cast<std::size_t>(base - thresholds_.data()) + (*base < value ? 1U : 0U);
    const bool equal = below < thresholds_.size() && thresholds_[below] == value;
    codes_[row] = static_cast<std::uint16_t>(2 * below + (equal ? 1 : 0));
  }
}

void CodedColumn::Apply(ast::BinaryOp op, double threshold, RowMask& mask) const {
  if ((has_missing_ || std::isnan(threshold)) && mask.unknown.empty()) mask.unknown.resize(mask.open.size());
  if (std::isnan(threshold)) {
    std::fill(mask.unknown.begin(), mask.unknown.end(), std::uint8_t{1});
  } else if (codes_.empty()) {
    ApplyValues(op, threshold, mask);
  } else {
    ApplyCodes(op, threshold, mask);
  }
}

void CodedColumn::ApplyCodes(ast::BinaryOp op, double threshold, RowMask& mask) const {
  const auto index = std::lower_bound(thresholds_.begin(), thresholds_.end(), threshold) - thresholds_.begin();
  const CodeRange range = RangeOf(op, static_cast<std::size_t>(index), thresholds_.size());
  const std::uint16_t* const codes = codes_.data();
  std::uint8_t* const open = mask.open.data();
  const std::size_t rows = codes_.size();
  const auto inverted = static_cast<std::uint8_t>(range.inverted ? 1 : 0);
  if (!has_missing_) {
    for (std::size_t i = 0; i < rows; ++i) {
      const auto inside =
          static_cast<std::uint8_t>(static_cast<std::uint16_t>(codes[i] - range.low) <= range.width ? 1 : 0);
      open[i] = static_cast<std::uint8_t>(open[i] & (inside ^ inverted));
    }
    return;
  }
  std::uint8_t* const unknown = mask.unknown.data();
  for (std::size_t i = 0; i < rows; ++i) {
    const auto missing = static_cast<std::uint8_t>(codes[i] == kMissingCode ? 1 : 0);
    const auto inside =
        static_cast<std::uint8_t>(static_cast<std::uint16_t>(codes[i] - range.low) <= range.width ? 1 : 0);
    open[i] = static_cast<std::uint8_t>(open[i] & ((inside ^ inverted) | missing));
    unknown[i] = static_cast<std::uint8_t>(unknown[i] | missing);
  }
}

void CodedColumn::ApplyValues(ast::BinaryOp op, double threshold, RowMask& mask) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (std::isnan(values_[i])) {
      mask.unknown[i] = 1;
    } else if (!Holds(op, values_[i], threshold)) {
      mask.open[i] = 0;
    }
  }
}

}  // namespace advise::rules
