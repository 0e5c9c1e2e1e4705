// The numbers behind the rule functions. `values` are the known values of a distribution; NaN means missing throughout.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "rules/functions/function.h"

namespace advise::rules {

// Spark's own percentile (TaskMetricDistributions): index min(floor(q*n), n-1) of the ascending values, no
// interpolation.
std::size_t QuantileIndex(double quantile, std::size_t count);

double Sum(std::span<const double> values);
double Mean(std::span<const double> values);
double StandardDeviation(std::span<const double> values);

// These change the order of the values.
double Quantile(std::span<double> values, double quantile);
double Gini(std::span<double> values);
double MedianAbsoluteDeviation(std::span<double> values);
// The largest max(1, floor(share * n)) values over the sum.
double ShareTop(std::span<double> values, double share);

// Theil and Sen's slope a step of the values, which stand in their order: the median of (v[j] - v[i]) / (j - i) over all
// pairs i < j, of more than kAllPairs values over those half the values apart. NaN below three.
inline constexpr std::size_t kAllPairs = 1000;
double Slope(std::span<const double> values);

// How many lie in each of `parts` equal parts from the smallest to the largest.
std::vector<std::size_t> Histogram(std::span<const double> values, std::size_t parts);

// Pairs in which one is NaN are left out.
double Correlation(std::span<const double> a, std::span<const double> b);

// Ceil, Floor, Round, Abs, Sqrt, Log.
double ApplyNumberFunction(FunctionId function, double value);

}  // namespace advise::rules
