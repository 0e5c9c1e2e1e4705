// Small things done with the numbers of tasks, of which a log may leave some unknown (NaN). Private to cost/.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace advise::cost {

inline double OrZero(float value) { return std::isnan(value) ? 0 : static_cast<double>(value); }

// The upper one of two in the middle; 0 without values.
template <class T>
T Median(std::vector<T> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace advise::cost
