// The coding of a column: a counting sort of its rows, and sets of rows above so many thresholds that between two of them
// lie few rows.
#include "rules/match/row_mask.h"

#include <algorithm>
#include <cmath>

#include "support/check.h"

namespace advise::rules {
namespace {

constexpr std::size_t kMaxThresholds = 0x7ff0;
// Sets that are kept of a column, at least: a test moves no more than this part of the rows.
constexpr std::size_t kKeptSets = 32;

}  // namespace

CodedColumn::CodedColumn(const std::vector<double>& values, std::vector<double> thresholds)
    : thresholds_(std::move(thresholds)), words_((values.size() + 63) / 64) {
  std::erase_if(thresholds_, [](double t) { return std::isnan(t); });
  std::ranges::sort(thresholds_);
  thresholds_.erase(std::unique(thresholds_.begin(), thresholds_.end()), thresholds_.end());
  ADVISE_CHECK(thresholds_.size() <= kMaxThresholds, "too many thresholds for two bytes");
  const std::size_t codes = 2 * thresholds_.size() + 1;
  constexpr std::uint16_t kNoCode = 0xffff;
  std::vector<std::uint16_t> code_of(values.size(), kNoCode);
  begin_.assign(codes + 1, 0);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (std::isnan(values[row])) {
      if (missing_.empty()) missing_ = NoBits(values.size());
      SetBit(missing_, static_cast<std::uint32_t>(row));
      continue;
    }
    code_of[row] = static_cast<std::uint16_t>(CodeOf(values[row]));
    ++begin_[code_of[row] + 1];
  }
  for (std::size_t code = 0; code < codes; ++code) begin_[code + 1] += begin_[code];
  rows_.resize(begin_.back());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (code_of[row] != kNoCode) rows_[next[code_of[row]]++] = static_cast<std::uint32_t>(row);
  }
  Bits from = NoBits(values.size());
  for (const std::uint32_t row : rows_) SetBit(from, row);
  kept_.push_back({0, from});
  const std::size_t few = rows_.size() / kKeptSets + 1;
  for (std::size_t code = 1; code < codes; ++code) {
    for (std::uint32_t i = begin_[code - 1]; i < begin_[code]; ++i) ClearBit(from, rows_[i]);
    if (begin_[code] - begin_[kept_.back().code] >= few) kept_.push_back({code, from});
  }
}

std::size_t CodedColumn::CodeOf(double value) const {
  if (thresholds_.empty()) return 0;
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
  return 2 * below + (equal ? 1 : 0);
}

Bits CodedColumn::From(std::size_t code) const {
  const auto above = std::ranges::upper_bound(kept_, code, {}, &Kept::code);
  const Kept& nearest = *(above - 1);
  Bits from = nearest.from;
  for (std::uint32_t i = begin_[nearest.code]; i < begin_[code]; ++i) ClearBit(from, rows_[i]);
  return from;
}

void CodedColumn::Apply(ast::BinaryOp op, double threshold, RowMask& mask) const {
  if (mask.unknown.empty() && (!missing_.empty() || std::isnan(threshold))) mask.unknown.resize(mask.open.size());
  if (std::isnan(threshold)) {
    std::ranges::fill(mask.unknown, ~std::uint64_t{0});
    return;
  }
  const auto index = static_cast<std::size_t>(std::ranges::lower_bound(thresholds_, threshold) - thresholds_.begin());
  const std::size_t equal = 2 * index + 1;
  const bool compares_equal = op == ast::BinaryOp::Eq || op == ast::BinaryOp::Ne;
  const bool negated = op == ast::BinaryOp::Lt || op == ast::BinaryOp::Le || op == ast::BinaryOp::Ne;
  Bits passes = From(op == ast::BinaryOp::Gt || op == ast::BinaryOp::Le ? equal + 1 : equal);
  if (compares_equal) {
    const Bits larger = From(equal + 1);
    for (std::size_t word = 0; word < words_; ++word) passes[word] &= ~larger[word];
  }
  const std::uint64_t flip = negated ? ~std::uint64_t{0} : 0;
  for (std::size_t word = 0; word < words_; ++word) {
    const std::uint64_t missing = missing_.empty() ? 0 : missing_[word];
    mask.open[word] &= (passes[word] ^ flip) | missing;
    if (missing != 0) mask.unknown[word] |= missing;
  }
}

}  // namespace advise::rules
