// One test of a pack: what it gives and what it expects. Used by bind.cpp only.
#pragma once

#include <cstddef>

#include "rules/bind/bind_expr.h"
#include "rules/bind/bound_test.h"

namespace advise::rules {

// What is wrong is reported, and said in `broken` of the result.
BoundTest BindTest(BindContext& context, std::size_t pack, const ast::Test& test);

}  // namespace advise::rules
