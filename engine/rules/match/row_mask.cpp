// The coding of a column, and the compare of codes, 64 rows a word.
#include "rules/match/row_mask.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "support/check.h"

namespace advise::rules {
namespace {

constexpr std::size_t kMaxThresholds = 0x7ff0;

// Codes that pass: low … low + width, or all others.
struct CodeRange {
  std::uint16_t low = 0;
  std::uint16_t width = 0;
  bool inverted = false;
};

CodeRange RangeOf(ast::BinaryOp op, std::size_t index, std::size_t count) {
  const auto at = static_cast<int>(2 * index + 1);
  const auto last = static_cast<int>(2 * count);
  const auto range = [](int low, int high) {
    return CodeRange{static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high - low), false};
  };
  switch (op) {
    case ast::BinaryOp::Gt: return range(at + 1, last);
    case ast::BinaryOp::Ge: return range(at, last);
    case ast::BinaryOp::Lt: return range(0, at - 1);
    case ast::BinaryOp::Le: return range(0, at);
    case ast::BinaryOp::Eq: return range(at, at);
    case ast::BinaryOp::Ne: return {static_cast<std::uint16_t>(at), 0, true};
    default: ADVISE_CHECK(false, "not a comparison"); return {};
  }
}

// 64 bytes of 0 and 1 as bits: the multiplication gathers eight of them in the highest byte.
std::uint64_t Pack(const std::array<std::uint8_t, 64>& bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data() + 8 * i, 8);
    if constexpr (std::endian::native == std::endian::big) eight = __builtin_bswap64(eight);
    word |= (eight * 0x0102040810204080ULL >> 56U) << 8 * i;
  }
  return word;
}

}  // namespace

CodedColumn::CodedColumn(const std::vector<double>& values, std::vector<double> thresholds)
    : thresholds_(std::move(thresholds)) {
  std::erase_if(thresholds_, [](double t) { return std::isnan(t); });
  std::ranges::sort(thresholds_);
  thresholds_.erase(std::unique(thresholds_.begin(), thresholds_.end()), thresholds_.end());
  ADVISE_CHECK(thresholds_.size() <= kMaxThresholds, "too many thresholds for two bytes");
  codes_.resize((values.size() + 63) / 64 * 64);
  if (thresholds_.empty()) return;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const double value = values[row];
    if (std::isnan(value)) {
      if (missing_.empty()) missing_ = NoBits(values.size());
      SetBit(missing_, static_cast<std::uint32_t>(row));
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
  if (mask.unknown.empty() && (!missing_.empty() || std::isnan(threshold))) mask.unknown.resize(mask.open.size());
  if (std::isnan(threshold)) {
    std::ranges::fill(mask.unknown, ~std::uint64_t{0});
    return;
  }
  const auto index = std::ranges::lower_bound(thresholds_, threshold) - thresholds_.begin();
  const CodeRange range = RangeOf(op, static_cast<std::size_t>(index), thresholds_.size());
  const std::uint64_t inverted = range.inverted ? ~std::uint64_t{0} : 0;
  std::array<std::uint8_t, 64> bytes{};
  for (std::size_t word = 0; word < mask.open.size(); ++word) {
    const std::uint16_t* const codes = codes_.data() + 64 * word;
    for (std::size_t i = 0; i < 64; ++i)
      bytes[i] = static_cast<std::uint16_t>(codes[i] - range.low) <= range.width ? 1 : 0;
    const std::uint64_t inside = Pack(bytes) ^ inverted;
    const std::uint64_t missing = missing_.empty() ? 0 : missing_[word];
    mask.open[word] &= inside | missing;
    if (missing != 0) mask.unknown[word] |= missing;
  }
}

}  // namespace advise::rules
