#include "rules/match/finding_table.h"

#include <algorithm>

namespace advise::rules {

bool FindingTable::Agrees(std::size_t i, std::span<const std::uint32_t> arguments) const {
  for (std::size_t k = 0; k < width_; ++k) {
    if (arguments[k] != kAnyRow && arguments[k] != rows_[i * width_ + k]) return false;
  }
  return true;
}

std::span<const std::pair<std::uint32_t, std::uint32_t>> FindingTable::With(std::size_t argument, std::uint32_t row) {
  auto& index = by_argument_[argument];
  if (index.empty()) {
    for (std::size_t i = 0; i < count_; ++i)
      index.emplace_back(rows_[i * width_ + argument], static_cast<std::uint32_t>(i));
    std::sort(index.begin(), index.end());
  }
  const auto low = std::lower_bound(index.begin(), index.end(), std::pair(row, 0U));
  auto high = low;
  while (high != index.end() && high->first == row) ++high;
  return {low, high};
}

std::vector<std::uint32_t> FindingTable::Find(std::span<const std::uint32_t> arguments) {
  std::vector<std::uint32_t> found;
  const auto given = std::find_if(arguments.begin(), arguments.end(), [](std::uint32_t row) { return row != kAnyRow; });
  if (given == arguments.end()) {
    for (std::size_t i = 0; i < count_; ++i) found.push_back(static_cast<std::uint32_t>(i));
    return found;
  }
  for (const auto& [row, head] : With(static_cast<std::size_t>(given - arguments.begin()), *given)) {
    if (Agrees(head, arguments)) found.push_back(head);
  }
  return found;
}

bool FindingTable::Contains(std::span<const std::uint32_t> arguments) {
  const auto given = std::find_if(arguments.begin(), arguments.end(), [](std::uint32_t row) { return row != kAnyRow; });
  if (given == arguments.end()) return count_ > 0;
  const auto candidates = With(static_cast<std::size_t>(given - arguments.begin()), *given);
  return std::any_of(candidates.begin(), candidates.end(),
                     [&](const auto& pair) { return Agrees(pair.second, arguments); });
}

}  // namespace advise::rules
