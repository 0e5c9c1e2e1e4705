// Random numbers for tests: of one seed always the same.
#pragma once

#include <cstdint>
#include <random>

namespace advise::test {

using Random = std::mt19937_64;

// Both bounds may be drawn.
inline std::int64_t Draw(Random& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}
inline bool Chance(Random& random, int percent) { return Draw(random, 1, 100) <= percent; }

}  // namespace advise::test
