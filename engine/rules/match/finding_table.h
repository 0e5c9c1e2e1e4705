// Heads of one rule's findings, looked up with some arguments given and others open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace advise::rules {

inline constexpr std::uint32_t kAnyRow = 0xfffffffe;  // `_`

class FindingTable {
 public:
  void Reset(std::size_t width) {
    width_ = width;
    count_ = 0;
    rows_.clear();
    by_argument_.assign(width, {});
  }
  void Add(std::span<const std::uint32_t> head) {
    rows_.insert(rows_.end(), head.begin(), head.end());
    ++count_;
    for (auto& index : by_argument_) index.clear();
  }
  // Of a rule with one argument: a head each.
  void AddAll(std::span<const std::uint32_t> rows) {
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    count_ += rows.size();
    for (auto& index : by_argument_) index.clear();
  }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::span<const std::uint32_t> Head(std::size_t i) const {
    return std::span(rows_).subspan(i * width_, width_);
  }

  // Numbers of the heads that agree with `arguments` where these are not kAnyRow, ascending. Adds to `looked_at` how
  // many heads were looked at.
  std::vector<std::uint32_t> Find(std::span<const std::uint32_t> arguments, std::uint64_t& looked_at);
  bool Contains(std::span<const std::uint32_t> arguments, std::uint64_t& looked_at);

 private:
  [[nodiscard]] bool Agrees(std::size_t i, std::span<const std::uint32_t> arguments) const;
  // (row, head) pairs with this row as argument number `argument`; with the given argument that leaves the fewest.
  using Pairs = std::span<const std::pair<std::uint32_t, std::uint32_t>>;
  Pairs With(std::size_t argument, std::uint32_t row);
  Pairs Fewest(std::span<const std::uint32_t> arguments);

  std::size_t width_ = 0;
  std::size_t count_ = 0;
  std::vector<std::uint32_t> rows_;
  std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> by_argument_;  // sorted, made when first asked for
};

// Heads of one rule's findings.
struct FindingsOfRule {
  FindingTable known;
  FindingTable unknown;      // heads for which the rule could not be evaluated
  bool all_unknown = false;  // the rule as a whole could not
};

}  // namespace advise::rules
