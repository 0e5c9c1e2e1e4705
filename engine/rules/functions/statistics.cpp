// Sums, quantiles and shares; each works on what it is given, sorting it where that is needed.
#include "rules/functions/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "support/check.h"

namespace advise::rules {
namespace {
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
}

std::size_t QuantileIndex(double quantile, std::size_t count) {
  const auto index = static_cast<std::size_t>(std::floor(quantile * static_cast<double>(count)));
  return std::min(index, count - 1);
}

// Four sums side by side: an addition need not wait for the one before.
double Sum(std::span<const double> values) {
  std::array<double, 4> sums{};
  std::size_t i = 0;
  for (; i + 4 <= values.size(); i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += values[i + k];
  }
  for (; i < values.size(); ++i) sums[0] += values[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

double Mean(std::span<const double> values) {
  if (values.empty()) return kMissing;
  return Sum(values) / static_cast<double>(values.size());
}

double StandardDeviation(std::span<const double> values) {
  if (values.empty()) return kMissing;
  const double mean = Mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

double Quantile(std::span<double> values, double quantile) {
  if (values.empty()) return kMissing;
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(QuantileIndex(quantile, values.size()));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

double Gini(std::span<double> values) {
  const double sum = Sum(values);
  if (!(sum > 0)) return kMissing;
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  double weighted = 0;
  for (std::size_t i = 0; i < values.size(); ++i) weighted += (static_cast<double>(i) + 1) * values[i];
  return 2 * weighted / (n * sum) - (n + 1) / n;
}

double MedianAbsoluteDeviation(std::span<double> values) {
  const double median = Quantile(values, 0.5);
  std::vector<double> deviations(values.begin(), values.end());
  for (double& deviation : deviations) deviation = std::abs(deviation - median);
  return Quantile(deviations, 0.5);
}

double Slope(std::span<const double> values) {
  const std::size_t n = values.size();
  if (n < 3) return kMissing;
  std::vector<double> slopes;
  const auto add = [&](std::size_t i, std::size_t j) {
    slopes.push_back((values[j] - values[i]) / static_cast<double>(j - i));
  };
  if (n > kAllPairs) {
    for (std::size_t i = 0; i + n / 2 < n; ++i) add(i, i + n / 2);
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) add(i, j);
    }
  }
  return Quantile(slopes, 0.5);
}

double ShareTop(std::span<double> values, double share) {
  const double sum = Sum(values);
  if (!(sum > 0) || !(share >= 0)) return kMissing;
  const double wanted = std::floor(std::min(share, 1.0) * static_cast<double>(values.size()));
  const std::size_t count = std::max<std::size_t>(1, static_cast<std::size_t>(wanted));
  std::nth_element(values.begin(), values.end() - static_cast<std::ptrdiff_t>(count), values.end());
  return Sum(values.last(count)) / sum;
}

std::vector<std::size_t> Histogram(std::span<const double> values, std::size_t parts) {
  std::vector<std::size_t> counts(parts);
  if (values.empty()) return counts;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double width = (*high - *low) / static_cast<double>(parts);
  for (const double value : values) {
    const double part = width > 0 ? std::floor((value - *low) / width) : 0;
    ++counts[std::min(parts - 1, static_cast<std::size_t>(part))];
  }
  return counts;
}

double Correlation(std::span<const double> a, std::span<const double> b) {
  ADVISE_CHECK(a.size() == b.size(), "corr needs two values a member");
  double n = 0;
  double sum_a = 0;
  double sum_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    n += 1;
    sum_a += a[i];
    sum_b += b[i];
  }
  if (n < 3) return kMissing;
  double aa = 0;
  double bb = 0;
  double ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    const double da = a[i] - sum_a / n;
    const double db = b[i] - sum_b / n;
    aa += da * da;
    bb += db * db;
    ab += da * db;
  }
  if (!(aa > 0) || !(bb > 0)) return kMissing;
  return ab / std::sqrt(aa * bb);
}

double ApplyNumberFunction(FunctionId function, double value) {
  switch (function) {
    case FunctionId::Ceil: return std::ceil(value);
    case FunctionId::Floor: return std::floor(value);
    case FunctionId::Round: return std::round(value);
    case FunctionId::Abs: return std::abs(value);
    case FunctionId::Sqrt: return value < 0 ? kMissing : std::sqrt(value);
    case FunctionId::Log: return value > 0 ? std::log(value) : kMissing;
    case FunctionId::Count:
    case FunctionId::Sum:
    case FunctionId::Mean:
    case FunctionId::Min:
    case FunctionId::Max:
    case FunctionId::Quantile:
    case FunctionId::Sd:
    case FunctionId::Cv:
    case FunctionId::Gini:
    case FunctionId::Mad:
    case FunctionId::ShareTop:
    case FunctionId::Hist:
    case FunctionId::Any:
    case FunctionId::All:
    case FunctionId::Corr:
    case FunctionId::ArgMax:
    case FunctionId::ArgMin:
    case FunctionId::Top:
    case FunctionId::First:
    case FunctionId::Last:
    case FunctionId::Rest:
    case FunctionId::Distinct:
    case FunctionId::Trend:
    case FunctionId::Lower:
    case FunctionId::Metric:
    case FunctionId::MetricMax:
    case FunctionId::ConfIsSet: break;
  }
  ADVISE_CHECK(false, "not a function of one number");
  return kMissing;
}

}  // namespace advise::rules
