// What comparisons are to one another. Operators that compare nothing stay what they are.
#pragma once

#include "rules/ast.h"

namespace advise::rules::ast {

[[nodiscard]] constexpr bool IsOrder(BinaryOp op) {
  return op == BinaryOp::Lt || op == BinaryOp::Le || op == BinaryOp::Gt || op == BinaryOp::Ge;
}

// `a op b` is `b Mirrored(op) a`.
[[nodiscard]] constexpr BinaryOp Mirrored(BinaryOp op) {
  switch (op) {
    case BinaryOp::Lt: return BinaryOp::Gt;
    case BinaryOp::Le: return BinaryOp::Ge;
    case BinaryOp::Gt: return BinaryOp::Lt;
    case BinaryOp::Ge: return BinaryOp::Le;
    default: return op;
  }
}

// The comparison that holds where this one does not, of values that are there.
[[nodiscard]] constexpr BinaryOp Opposite(BinaryOp op) {
  switch (op) {
    case BinaryOp::Lt: return BinaryOp::Ge;
    case BinaryOp::Le: return BinaryOp::Gt;
    case BinaryOp::Gt: return BinaryOp::Le;
    case BinaryOp::Ge: return BinaryOp::Lt;
    case BinaryOp::Eq: return BinaryOp::Ne;
    case BinaryOp::Ne: return BinaryOp::Eq;
    default: return op;
  }
}

}  // namespace advise::rules::ast
