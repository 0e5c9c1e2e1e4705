// `column op threshold` for all rows at once. A column that many rules test is coded once: each row stores between
// which two thresholds its value lies, in two bytes, and a test is a compare of codes, exact by construction and 8 to
// 16 rows an instruction (measured design: rule-tooling.md, section 4.2).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "rules/bind/bound_rule.h"

namespace advise::rules {

// What is known of each row of a scan; both only 0 or 1.
struct RowMask {
  std::vector<std::uint8_t> open;     // not excluded: every test so far is true or unknown
  std::vector<std::uint8_t> unknown;  // some test so far is unknown; empty: none is
};

class CodedColumn {
 public:
  // `values` must outlive it; NaN: missing. `thresholds` are those that will be asked for, in any order.
  CodedColumn(const std::vector<double>& values, std::vector<double> thresholds);

  // Clears rows for which `value op threshold` is false, marks those for which it is unknown. A NaN threshold makes
  // every row unknown. The threshold must be one of the constructor's.
  void Apply(ast::BinaryOp op, double threshold, RowMask& mask) const;

 private:
  void ApplyCodes(ast::BinaryOp op, double threshold, RowMask& mask) const;
  void ApplyValues(ast::BinaryOp op, double threshold, RowMask& mask) const;

  const std::vector<double>& values_;
  std::vector<double> thresholds_;    // ascending, each once
  std::vector<std::uint16_t> codes_;  // 2 i + 1: equal to thresholds_[i]; 2 i: between i-1 and i; empty: not coded
  bool has_missing_ = false;
};

}  // namespace advise::rules
