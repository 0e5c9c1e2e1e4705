// Whole columns of the task table, decoded block after block (PackedColumn::Get decodes one value at a time).
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "model/column.h"

namespace advise::model {

// Calls visit(row, value) for every row in order; value may be kMissing.
template <class Visit>
void ForEachValue(const PackedColumn& column, Visit visit) {
  std::array<std::int64_t, PackedColumn::kBlockRows> block;
  for (std::size_t begin = 0; begin < column.size(); begin += block.size()) {
    const std::size_t count = std::min(block.size(), column.size() - begin);
    column.Decode(begin, std::span(block).first(count));
    for (std::size_t i = 0; i < count; ++i) visit(begin + i, block[i]);
  }
}

// A plain copy: 8 bytes a row, for steps that read the same column in another order.
inline std::vector<std::int64_t> AllValues(const PackedColumn& column) {
  std::vector<std::int64_t> values(column.size());
  column.Decode(0, values);
  return values;
}

}  // namespace advise::model
