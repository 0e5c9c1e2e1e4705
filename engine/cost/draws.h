// Numbers that are not known, drawn so that scenarios can be compared: the same number has the same draw in every
// scenario (common random numbers), and the draws of one number cover its distribution evenly (Latin hypercube).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>

#include "cost/effect.h"

namespace advise::cost {

inline constexpr std::uint32_t kDraws = 64;
// Not a draw: every number at its most likely value.
inline constexpr std::uint32_t kMid = kDraws;

class Draws {
 public:
  // How many there will be, at most kDraws: so many cover the distribution evenly.
  explicit Draws(std::uint32_t count = kDraws) : count_(count) {}
  // In (0, 1): the draw of the number that `name` and `instance` stand for. Not for kMid.
  [[nodiscard]] double Uniform(std::string_view name, std::uint64_t instance, std::uint32_t draw);
  // The value of a number in a draw, or its `mid` for kMid.
  [[nodiscard]] double Value(const Range& range, std::string_view name, std::uint64_t instance, std::uint32_t draw);

 private:
  using Strata = std::array<std::uint8_t, kDraws>;
  std::uint32_t count_;
  std::map<std::uint64_t, Strata> strata_;  // by hash of name and instance
};

// A hash that is the same on every machine.
std::uint64_t MixHash(std::uint64_t a, std::uint64_t b);
std::uint64_t HashOf(std::string_view text);

// The inverse of the standard normal distribution function; `p` in (0, 1).
double NormalQuantile(double p);

}  // namespace advise::cost
