// Sets of indices, and sums at the edge of 64 bits.
#include <doctest/doctest.h>

#include <limits>

#include "model/build/index_set.h"
#include "support/saturating.h"

namespace advise {
namespace {

TEST_CASE("model/index_set: dense, sparse and negative numbers") {
  model::IndexSet set;
  for (std::int64_t i = 0; i < 100'000; ++i) CHECK(set.Insert(i));
  CHECK_FALSE(set.Insert(5));
  CHECK(set.Insert(-1));
  CHECK_FALSE(set.Insert(-1));
  CHECK(set.Insert(std::numeric_limits<std::int64_t>::max()));
  CHECK(set.Contains(std::numeric_limits<std::int64_t>::max()));
  CHECK_FALSE(set.Contains(100'000));
  model::IndexSet late;  // of a log that was cut: ids begin high
  for (std::int64_t i = 1'000'000; i < 1'100'000; ++i) CHECK(late.Insert(i));
  for (std::int64_t i = 1'000'000; i < 1'100'000; ++i) CHECK(late.Contains(i));
  CHECK_FALSE(late.Contains(0));
}

TEST_CASE("support/saturating: sums, products and whole parts stop at the largest value") {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(SaturatingAdd(1, 2) == 3);
  CHECK(SaturatingAdd(kMost, 1) == kMost);
  CHECK(SaturatingAdd(-kMost, -1) == -kMost);
  CHECK(SaturatingAdd(-kMost, -kMost) == -kMost);
  CHECK(SaturatingMultiply(3, -4) == -12);
  CHECK(SaturatingMultiply(kMost, 2) == kMost);
  CHECK(SaturatingMultiply(kMost, -2) == -kMost);
  CHECK(SaturatingMultiply(-kMost, -2) == kMost);
  CHECK(SaturatingInt(2.9) == 2);
  CHECK(SaturatingInt(1e300) == kMost);
  CHECK(SaturatingInt(-1e300) == -kMost);
  CHECK(SaturatingInt(std::numeric_limits<double>::quiet_NaN()) == 0);
}

}  // namespace
}  // namespace advise
