// The coding of a column: a counting sort of its rows, and sets of rows above so many thresholds that between two of them
// lie few rows.
#include "rules/match/row_mask.h"

#include <algorithm>
#include <array>
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
  const std::vector<std::uint16_t> code_of = Codes(values);
  const std::size_t missing = Missing();
  begin_.assign(missing + 2, 0);
  for (const std::uint16_t code : code_of) ++begin_[code + std::size_t{1}];
  for (std::size_t code = 0; code <= missing; ++code) begin_[code + 1] += begin_[code];
  rows_.resize(values.size());
  std::vector<std::uint32_t> next = begin_;
  for (std::size_t row = 0; row < values.size(); ++row) rows_[next[code_of[row]]++] = static_cast<std::uint32_t>(row);

  Bits from = NoBits(values.size());
  for (std::uint32_t i = 0; i < begin_[missing]; ++i) SetBit(from, rows_[i]);
  kept_.push_back({0, from});
  const std::size_t few = begin_[missing] / kKeptSets + 1;
  for (std::size_t code = 1; code < missing; ++code) {
    for (std::uint32_t i = begin_[code - 1]; i < begin_[code]; ++i) ClearBit(from, rows_[i]);
    if (begin_[code] - begin_[kept_.back().code] >= few) kept_.push_back({code, from});
  }
  kept_.push_back({missing, NoBits(values.size())});
  if (begin_[missing] == rows_.size()) return;
  missing_ = NoBits(values.size());
  for (std::uint32_t i = begin_[missing]; i < rows_.size(); ++i) SetBit(missing_, rows_[i]);
}

// Binary searches without a branch that depends on a value, some side by side: they are equally long, and none waits
// for the others.
std::vector<std::uint16_t> CodedColumn::Codes(const std::vector<double>& values) const {
  constexpr std::size_t kLanes = 8;
  const std::size_t count = thresholds_.size();
  std::vector<std::uint16_t> codes(values.size());
  for (std::size_t first = 0; first < values.size(); first += kLanes) {
    const std::size_t lanes = std::min(kLanes, values.size() - first);
    std::array<double, kLanes> value{};
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first), lanes, value.begin());
    std::array<std::size_t, kLanes> below{};  // thresholds that are smaller than the value
    for (std::size_t left = count; left > 0;) {
      const std::size_t half = (left + 1) / 2;
      for (std::size_t k = 0; k < kLanes; ++k) {
        const bool larger = thresholds_[below[k] + half - 1] < value[k];
        below[k] += half & (std::size_t{0} - static_cast<std::size_t>(larger));
      }
      left -= half;
    }
    for (std::size_t k = 0; k < lanes; ++k) {
      const bool equal = below[k] < count && thresholds_[below[k]] == value[k];
      const std::size_t code = 2 * below[k] + (equal ? 1 : 0);
      codes[first + k] = static_cast<std::uint16_t>(std::isnan(value[k]) ? Missing() : code);
    }
  }
  return codes;
}

void CodedColumn::CloseRows(std::size_t begin, std::size_t end, Bits& open) const {
  for (std::uint32_t i = begin_[begin]; i < begin_[end]; ++i) ClearBit(open, rows_[i]);
}

void CodedColumn::CloseBelow(std::size_t code, Bits& open) const {
  const Kept& nearest = *(std::ranges::upper_bound(kept_, code, {}, &Kept::code) - 1);
  for (std::size_t word = 0; word < words_; ++word)
    open[word] &= nearest.from[word] | (missing_.empty() ? 0 : missing_[word]);
  CloseRows(nearest.code, code, open);
}

void CodedColumn::CloseFrom(std::size_t code, Bits& open) const {
  const Kept& nearest = *std::ranges::lower_bound(kept_, code, {}, &Kept::code);
  for (std::size_t word = 0; word < words_; ++word) open[word] &= ~nearest.from[word];
  CloseRows(code, nearest.code, open);
}

void CodedColumn::Apply(ast::BinaryOp op, double threshold, RowMask& mask) const {
  if (mask.unknown.empty() && (!missing_.empty() || std::isnan(threshold))) mask.unknown.resize(mask.open.size());
  if (std::isnan(threshold)) {
    std::ranges::fill(mask.unknown, ~std::uint64_t{0});
    return;
  }
  for (std::size_t word = 0; word < missing_.size(); ++word) mask.unknown[word] |= missing_[word];
  const auto index = static_cast<std::size_t>(std::ranges::lower_bound(thresholds_, threshold) - thresholds_.begin());
  const std::size_t equal = 2 * index + 1;
  switch (op) {
    case ast::BinaryOp::Lt: return CloseFrom(equal, mask.open);
    case ast::BinaryOp::Le: return CloseFrom(equal + 1, mask.open);
    case ast::BinaryOp::Gt: return CloseBelow(equal + 1, mask.open);
    case ast::BinaryOp::Ge: return CloseBelow(equal, mask.open);
    case ast::BinaryOp::Ne: return CloseRows(equal, equal + 1, mask.open);
    default: break;
  }
  CloseBelow(equal, mask.open);
  CloseFrom(equal + 1, mask.open);
}

}  // namespace advise::rules
