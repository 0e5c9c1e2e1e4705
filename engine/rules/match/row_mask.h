// Sets of rows as bits, and `column op threshold` for all rows at once. A column that many rules test is coded once:
// the rows are sorted by the thresholds between which their values lie, and for some thresholds the set of all rows
// above is kept. A test takes the nearest of these sets and closes the few rows between, exact by construction: a word
// of rows costs an operation on bits, not 64 comparisons.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/ast.h"

namespace advise::rules {

// One bit a row, 64 a word.
using Bits = std::vector<std::uint64_t>;
inline Bits NoBits(std::size_t rows) { return Bits((rows + 63) / 64); }
inline bool HasBit(const Bits& bits, std::uint32_t row) { return (bits[row / 64] >> row % 64 & 1U) != 0; }
inline void SetBit(Bits& bits, std::uint32_t row) { bits[row / 64] |= std::uint64_t{1} << row % 64; }
inline void ClearBit(Bits& bits, std::uint32_t row) { bits[row / 64] &= ~(std::uint64_t{1} << row % 64); }
// Calls visit(row) for each bit of a word that is set, ascending.
template <class Visit>
void ForEachBitOf(std::uint64_t bits, std::size_t word, const Visit& visit) {
  for (std::uint64_t left = bits; left != 0; left &= left - 1)
    visit(static_cast<std::uint32_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(left))));
}
// The same of all words. A visit may clear bits of rows up to its own.
template <class Visit>
void ForEachBit(const Bits& bits, const Visit& visit) {
  for (std::size_t word = 0; word < bits.size(); ++word) ForEachBitOf(bits[word], word, visit);
}

// What is known of each row of a scan.
struct RowMask {
  Bits open;     // not excluded: every test so far is true or unknown
  Bits unknown;  // some test so far is unknown; empty: none is
};

class CodedColumn {
 public:
  // NaN: missing. `thresholds` are those that will be asked for, in any order.
  CodedColumn(const std::vector<double>& values, std::vector<double> thresholds);

  // Closes rows for which `value op threshold` is false, marks those for which it is unknown. A NaN threshold makes
  // every row unknown. The threshold must be one of the constructor's.
  void Apply(ast::BinaryOp op, double threshold, RowMask& mask) const;

 private:
  // Codes: 2 i + 1: equal to thresholds_[i]; 2 i: between thresholds i-1 and i; the last: missing.
  [[nodiscard]] std::vector<std::uint16_t> Codes(const std::vector<double>& values) const;
  [[nodiscard]] std::size_t Missing() const { return 2 * thresholds_.size() + 1; }
  // Closes rows whose code is smaller; is this or a larger one; is `begin` up to `end`. None closes missing ones.
  void CloseBelow(std::size_t code, Bits& open) const;
  void CloseFrom(std::size_t code, Bits& open) const;
  void CloseRows(std::size_t begin, std::size_t end, Bits& open) const;

  std::vector<double> thresholds_;    // ascending, each once
  std::vector<std::uint32_t> rows_;   // by code, then ascending
  std::vector<std::uint32_t> begin_;  // where the rows of a code begin in rows_; one more than codes
  struct Kept {
    std::size_t code = 0;
    Bits from;  // rows whose code is this or a larger one, without missing ones
  };
  std::vector<Kept> kept_;  // ascending by code; the first is that of code 0, the last that of missing
  Bits missing_;            // empty: no value is
  std::size_t words_ = 0;
};

}  // namespace advise::rules
