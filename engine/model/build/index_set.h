// A set of positions and ids that Spark gives densely from 0 on: a bitmap, which may be at most 64 times as large as
// what is in it. What a hostile or cut log has beyond that is kept one by one, so that no number allocates memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace advise::model {

class IndexSet {
 public:
  [[nodiscard]] bool Contains(std::int64_t index) const {
    if (index >= 0 && static_cast<std::size_t>(index) < bits_.size()) return bits_[static_cast<std::size_t>(index)];
    return rest_.contains(index);
  }

  // false: it is there already.
  bool Insert(std::int64_t index) {
    if (Contains(index)) return false;
    constexpr std::size_t kBitsEach = 64;
    constexpr std::size_t kFree = 16;
    const std::size_t bound = (++count_ + kFree) * kBitsEach;
    if (index < 0 || static_cast<std::size_t>(index) >= bound) return rest_.insert(index).second;
    const auto bit = static_cast<std::size_t>(index);
    if (bits_.size() <= bit) Grow(bit + 1);
    bits_[bit] = true;
    return true;
  }

 private:
  void Grow(std::size_t least) {
    bits_.resize(std::max(least, bits_.size() + bits_.size() / 2));
    // What was kept apart while the bitmap was small moves in.
    std::erase_if(rest_, [this](std::int64_t index) {
      const bool fits = index >= 0 && static_cast<std::size_t>(index) < bits_.size();
      if (fits) bits_[static_cast<std::size_t>(index)] = true;
      return fits;
    });
  }

  std::vector<bool> bits_;
  std::unordered_set<std::int64_t> rest_;
  std::size_t count_ = 0;
};

}  // namespace advise::model
