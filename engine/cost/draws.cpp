// Latin hypercube draws with common random numbers, triangular distributions.
#include "cost/draws.h"

#include <cmath>
#include <numeric>
#include <utility>

namespace advise::cost {

std::uint64_t MixHash(std::uint64_t a, std::uint64_t b) {  // splitmix64
  std::uint64_t x = a + 0x9e3779b97f4a7c15U * (b + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

std::uint64_t HashOf(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

double QuantileOf(const Range& range, double u) {
  const double width = range.high - range.low;
  if (width <= 0) return range.mid;
  const double left = (range.mid - range.low) / width;
  if (u < left) return range.low + std::sqrt(u * width * (range.mid - range.low));
  return range.high - std::sqrt((1 - u) * width * (range.high - range.mid));
}

double Draws::Uniform(std::string_view name, std::uint64_t instance, std::uint32_t draw) {
  const std::uint64_t key = MixHash(HashOf(name), instance);
  const auto [entry, is_new] = strata_.try_emplace(key);
  if (is_new) {
    Strata& strata = entry->second;
    std::iota(strata.begin(), strata.end(), std::uint8_t{0});
    for (std::uint32_t i = count_; i-- > 1;) std::swap(strata[i], strata[MixHash(key, i) % (i + 1)]);
  }
  return (entry->second[draw] + 0.5) / count_;
}

double Draws::Value(const Range& range, std::string_view name, std::uint64_t instance, std::uint32_t draw) {
  if (draw == kMid || range.low == range.high) return range.mid;
  return QuantileOf(range, Uniform(name, instance, draw));
}

}  // namespace advise::cost
