// Slots that run a task, by the end of it: a tournament of the slots. A task that begins where another ended plays its
// slot's way up against neighbours that are known beforehand, which takes half the time of a heap's way down.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace advise::cost {

class BusySlots {
 public:
  struct Busy {
    double end = 0;  // ms, not below 0
    std::uint32_t executor = 0;
    std::uint32_t task = 0;  // number through the schedule
  };

  // Room for slots stays.
  void Clear() {
    std::ranges::fill(ends_, kNever);
    unused_.clear();
    for (std::size_t slot = slots_.size(); slot-- > 0;) unused_.push_back(slot);
    size_ = 0;
  }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // The slot whose task ends first, of those that end at one time always the same. Not of an empty tree.
  [[nodiscard]] Busy First() const { return slots_[winners_[kRoot]]; }

  void Push(const Busy& busy) {
    if (unused_.empty()) Grow();
    const std::uint64_t slot = unused_.back();
    unused_.pop_back();
    slots_[slot] = busy;
    ++size_;
    Play(slot, Bits(busy.end));
  }
  void PopFirst() {
    const std::uint64_t slot = winners_[kRoot];
    unused_.push_back(slot);
    --size_;
    Play(slot, kNever);
  }
  void ReplaceFirst(const Busy& busy) {
    const std::uint64_t slot = winners_[kRoot];
    slots_[slot] = busy;
    Play(slot, Bits(busy.end));
  }

  template <class Use>
  void ForEach(Use use) const {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      if (ends_[slots_.size() + slot] != kNever) use(slots_[slot]);
    }
  }

 private:
  static constexpr std::size_t kRoot = 1;
  static constexpr std::uint64_t kNever = ~std::uint64_t{0} >> 1;                            // later than all times
  static std::uint64_t Bits(double end) { return std::bit_cast<std::uint64_t>(end + 0.0); }  // -0 is 0

  // Up to the root, without a branch that depends on the times: written as masks, for compilers make branches of
  // choices here, which takes more than twice the time. Of equal ends the left one wins.
  void Play(std::uint64_t slot, std::uint64_t end) {
    std::uint64_t* const ends = ends_.data();
    std::uint32_t* const winners = winners_.data();
    std::size_t at = slots_.size() + slot;
    auto winner = static_cast<std::uint32_t>(slot);
    ends[at] = end;
    winners[at] = winner;
    while (at > kRoot) {
      const std::uint64_t other = ends[at ^ 1];
      const std::uint32_t opponent = winners[at ^ 1];
      const std::uint64_t loses = std::uint64_t{0} - static_cast<std::uint64_t>(other < end + (at & 1));
      end ^= (end ^ other) & loses;
      winner ^= (winner ^ opponent) & static_cast<std::uint32_t>(loses);
      at /= 2;
      ends[at] = end;
      winners[at] = winner;
    }
  }

  // Twice the room.
  void Grow() {
    const std::size_t before = slots_.size();
    const std::vector<std::uint64_t> old(ends_.begin() + static_cast<std::ptrdiff_t>(before), ends_.end());
    slots_.resize(before == 0 ? 1 : 2 * before);
    ends_.assign(2 * slots_.size(), kNever);
    winners_.assign(2 * slots_.size(), 0);
    for (std::size_t slot = slots_.size(); slot-- > before;) unused_.push_back(slot);
    for (std::size_t slot = 0; slot < before; ++slot) Play(slot, old[slot]);
  }

  std::vector<Busy> slots_;  // as many as a power of two
  // Of the games, and of the slots behind them: the children of i are 2i and 2i + 1. Doubles that are not below 0 are
  // ordered as their bits are.
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint32_t> winners_;
  std::vector<std::uint64_t> unused_;  // slots
  std::size_t size_ = 0;
};

}  // namespace advise::cost
