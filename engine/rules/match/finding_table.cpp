// Finds by the argument with the fewest pairs and checks the others.
#include "rules/match/finding_table.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace advise::rules {

bool FindingTable::Agrees(std::size_t i, std::span<const std::uint32_t> arguments) const {
  for (std::size_t k = 0; k < width_; ++k) {
    if (arguments[k] != kAnyRow && arguments[k] != rows_[i * width_ + k]) return false;
  }
  return true;
}

FindingTable::Pairs FindingTable::With(std::size_t argument, std::uint32_t row) {
  auto& index = by_argument_[argument];
  if (index.empty()) {
    for (std::size_t i = 0; i < count_; ++i)
      index.emplace_back(rows_[i * width_ + argument], static_cast<std::uint32_t>(i));
    std::ranges::sort(index);
  }
  const auto low = std::ranges::lower_bound(index, std::pair(row, 0U));
  return {low, std::find_if(low, index.end(), [row](const auto& pair) { return pair.first != row; })};
}

FindingTable::Pairs FindingTable::Fewest(std::span<const std::uint32_t> arguments) {
  std::optional<Pairs> fewest;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == kAnyRow) continue;
    const Pairs pairs = With(i, arguments[i]);
    if (!fewest || pairs.size() < fewest->size()) fewest = pairs;
  }
  return *fewest;
}

std::vector<std::uint32_t> FindingTable::Find(std::span<const std::uint32_t> arguments, std::uint64_t& looked_at) {
  std::vector<std::uint32_t> found;
  if (std::ranges::all_of(arguments, [](std::uint32_t row) { return row == kAnyRow; })) {
    found.resize(count_);
    std::iota(found.begin(), found.end(), 0U);
    looked_at += count_;
    return found;
  }
  for (const auto& [row, head] : Fewest(arguments)) {
    ++looked_at;
    if (Agrees(head, arguments)) found.push_back(head);
  }
  return found;
}

bool FindingTable::Contains(std::span<const std::uint32_t> arguments, std::uint64_t& looked_at) {
  ++looked_at;
  if (std::ranges::all_of(arguments, [](std::uint32_t row) { return row == kAnyRow; })) return count_ > 0;
  return std::ranges::any_of(Fewest(arguments), [&](const auto& pair) {
    ++looked_at;
    return Agrees(pair.second, arguments);
  });
}

}  // namespace advise::rules
