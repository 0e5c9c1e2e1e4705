// Coded columns against the comparison that they stand for.
#include "rules/match/row_mask.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "doctest/doctest.h"

namespace advise::test {
namespace {

using namespace advise::rules;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool Holds(ast::BinaryOp op, double left, double right) {
  if (op == ast::BinaryOp::Eq) return left == right;
  if (op == ast::BinaryOp::Ne) return left != right;
  if (op == ast::BinaryOp::Lt) return left < right;
  if (op == ast::BinaryOp::Le) return left <= right;
  return op == ast::BinaryOp::Gt ? left > right : left >= right;
}

TEST_CASE("rules/row_mask: a test of a coded column is the comparison of its values") {
  constexpr ast::BinaryOp kOps[] = {ast::BinaryOp::Eq, ast::BinaryOp::Ne, ast::BinaryOp::Lt,
                                    ast::BinaryOp::Le, ast::BinaryOp::Gt, ast::BinaryOp::Ge};
  std::mt19937_64 random(3);
  for (const std::size_t rows : {1U, 63U, 64U, 65U, 200U, 1000U}) {
    for (const int missing_percent : {0, 20, 100}) {
      std::vector<double> values;
      for (std::size_t row = 0; row < rows; ++row) {
        const bool missing = static_cast<int>(random() % 100) < missing_percent;
        values.push_back(missing ? kNaN : static_cast<double>(random() % 12) - 3);
      }
      values[random() % rows] = missing_percent == 100 ? kNaN : std::numeric_limits<double>::infinity();
      const std::vector<double> thresholds = {7, -2.5, 0, 3, 3, kNaN, 1e300};
      const CodedColumn column(values, thresholds);
      for (const ast::BinaryOp op : kOps) {
        for (const double threshold : thresholds) {
          RowMask mask{NoBits(rows), {}};
          for (std::uint32_t row = 0; row < rows; ++row) {
            if (row % 7 != 0) SetBit(mask.open, row);
          }
          column.Apply(op, threshold, mask);
          for (std::uint32_t row = 0; row < rows; ++row) {
            const bool unknown = std::isnan(values[row]) || std::isnan(threshold);
            const bool open = row % 7 != 0 && (unknown || Holds(op, values[row], threshold));
            REQUIRE(HasBit(mask.open, row) == open);
            if (open) REQUIRE((!mask.unknown.empty() && HasBit(mask.unknown, row)) == unknown);
          }
        }
      }
    }
  }
}

TEST_CASE("rules/row_mask: bits are visited in order, and the visitor may clear them") {
  Bits bits = NoBits(130);
  for (const std::uint32_t row : {0U, 63U, 64U, 129U}) SetBit(bits, row);
  std::vector<std::uint32_t> seen;
  ForEachBit(bits, [&](std::uint32_t row) {
    seen.push_back(row);
    ClearBit(bits, row);
  });
  CHECK(seen == std::vector<std::uint32_t>{0, 63, 64, 129});
  CHECK(bits == NoBits(130));
}

}  // namespace
}  // namespace advise::test
