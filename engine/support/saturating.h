// Sums and products of what a log says: a hostile one holds values whose sum no 64 bits hold. They stop at the largest
// value instead of being undefined; a real log is far below.
#pragma once

#include <cstdint>
#include <limits>

namespace advise {

// Never the smallest value of all, which columns use for "missing".
inline constexpr std::int64_t kLeastSum = -std::numeric_limits<std::int64_t>::max();

inline std::int64_t SaturatingAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return b < 0 ? kLeastSum : std::numeric_limits<std::int64_t>::max();
  return sum < kLeastSum ? kLeastSum : sum;
}

inline std::int64_t SaturatingMultiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product))
    return (a < 0) != (b < 0) ? kLeastSum : std::numeric_limits<std::int64_t>::max();
  return product < kLeastSum ? kLeastSum : product;
}

// Whole part of a real number. Not a number: 0.
inline std::int64_t SaturatingInt(double value) {
  constexpr double kMost = 9.2e18;
  if (!(value == value)) return 0;
  return value > kMost    ? std::numeric_limits<std::int64_t>::max()
         : value < -kMost ? kLeastSum
                          : static_cast<std::int64_t>(value);
}

}  // namespace advise
