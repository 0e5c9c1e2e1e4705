// What a value can be, whatever the job is like: from literals, the ranges of parameters and attributes, and what
// functions give. Closed intervals in base units.
#pragma once

#include <limits>
#include <vector>

#include "rules/bind/bound_rule.h"

namespace advise::rules {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Bounds {
  double low = -kInfinity;
  double high = kInfinity;
};

// Of a number or timestamp; unbounded where nothing is known. Missing values are outside of this: the bounds hold for
// those that are there. A parameter may have any value of its range, whatever it is set to.
Bounds BoundsOf(const BoundExpr& expr, const std::vector<BoundParam>& params);

// Whether it is made of literals and parameters alone.
bool IsConstant(const BoundExpr& expr);

}  // namespace advise::rules
