// Bytes that live as long as one batch of events: texts copied out of the parser's buffer.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "support/check.h"

namespace advise::ingest {

class Arena {
 public:
  // A copy that lives until Clear().
  std::string_view Copy(std::string_view text) ADVISE_LIFETIME_BOUND {
    if (text.empty()) return {};
    char* at = Allocate(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

  // The same for short texts that come again and again (executor ids, hosts): one copy serves many.
  std::string_view CopyShared(std::string_view text) ADVISE_LIFETIME_BOUND {
    if (text.empty()) return {};
    const auto first = static_cast<unsigned char>(text.front());
    const auto last = static_cast<unsigned char>(text.back());
    std::string_view& slot = shared_[(text.size() * 131U + first * 31U + last) % shared_.size()];
    if (slot != text) slot = Copy(text);
    return slot;
  }

  // Forgets everything; keeps the open block for the next batch.
  void Clear() {
    shared_.fill({});
    used_ = 0;
    if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
  }

 private:
  static constexpr std::size_t kBlock = std::size_t{256} << 10;

  char* Allocate(std::size_t bytes) {
    if (blocks_.empty() || used_ + bytes > size_) {
      if (bytes > kBlock / 4 && !blocks_.empty()) {
        // A large text gets a block of its own, put behind the first so that the open block stays open.
        blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(blocks_.size() - 1),
                       std::make_unique<char[]>(bytes));
        return blocks_[blocks_.size() - 2].get();
      }
      size_ = std::max(kBlock, bytes);
      blocks_.push_back(std::make_unique<char[]>(size_));
      used_ = 0;
    }
    char* at = blocks_.back().get() + used_;
    used_ += bytes;
    return at;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;  // the last one is open
  std::size_t used_ = 0;
  std::size_t size_ = 0;
  std::array<std::string_view, 64> shared_{};
};

}  // namespace advise::ingest
