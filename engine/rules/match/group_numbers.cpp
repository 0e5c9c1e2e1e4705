// Equal groups have the same entity, keys and members.
#include "rules/match/group_numbers.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

namespace advise::rules {

namespace {

// Whole numbers as people write them, others so that two different ones have different texts.
std::string KeyNumber(double number) {
  std::array<char, 32> text{};
  constexpr double kWhole = 9e15;
  const bool whole = number == std::trunc(number) && std::abs(number) < kWhole;
  const std::to_chars_result result = whole
                                          ? std::to_chars(text.begin(), text.end(), static_cast<std::int64_t>(number))
                                          : std::to_chars(text.begin(), text.end(), number);
  return {text.begin(), result.ptr};
}

}  // namespace

GroupKey ReadGroupKey(Evaluation& evaluation, const Output& output) {
  const Value value = evaluation.Eval(output.value);
  GroupKey key{evaluation.Typed(output), value.missing()};
  if (value.kind == Value::Kind::Number) key.value.text = KeyNumber(value.number);
  if (value.kind == Value::Kind::Bool) key.value.text = value.boolean ? "true" : "false";
  return key;
}

GroupNumbers::GroupNumbers(const std::vector<GroupRow>& known) : rows_(known) {
  for (std::size_t i = 0; i < rows_.size(); ++i)
    by_first_member_.emplace(rows_[i].members.front(), static_cast<std::uint32_t>(i));
}

std::uint32_t GroupNumbers::Of(GroupRow group) {
  const auto [begin, end] = by_first_member_.equal_range(group.members.front());
  for (auto known = begin; known != end; ++known) {
    const GroupRow& row = rows_[known->second];
    if (row.entity == group.entity && row.members == group.members && row.keys == group.keys) return known->second;
  }
  const auto number = static_cast<std::uint32_t>(rows_.size());
  by_first_member_.emplace(group.members.front(), number);
  rows_.push_back(std::move(group));
  return number;
}

}  // namespace advise::rules
