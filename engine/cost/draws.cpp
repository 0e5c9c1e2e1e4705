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

// Acklam's rational approximation, relative error 1e-9.
double NormalQuantile(double p) {
  static constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                                 1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  static constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                                 6.680131188771972e+01, -1.328068155288572e+01};
  static constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                                 -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  static constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                                 3.754408661907416e+00};
  if (p < 0.02425 || p > 1 - 0.02425) {
    const double q = std::sqrt(-2 * std::log(p < 0.5 ? p : 1 - p));
    const double x = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
                     ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    return p < 0.5 ? x : -x;
  }
  const double q = p - 0.5;
  const double r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

}  // namespace advise::cost
