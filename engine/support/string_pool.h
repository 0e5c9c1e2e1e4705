// Strings of the model, stored once. A StringId is 4 bytes; None means missing, and the empty string is a string.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "support/check.h"

namespace advise {

enum class StringId : std::uint32_t { None = 0xffffffff };

class StringPool {
 public:
  StringPool() = default;
  StringPool(const StringPool&) = delete;
  StringPool& operator=(const StringPool&) = delete;
  StringPool(StringPool&&) = default;
  StringPool& operator=(StringPool&&) = default;

  // Copies the text unless it is already there. Ids are dense, in order of first appearance.
  StringId Intern(std::string_view text);
  // None if the text was never interned.
  [[nodiscard]] StringId Find(std::string_view text) const;
  // The view lives as long as the pool. None gives the empty view: ask the column whether a value is missing.
  [[nodiscard]] std::string_view Get(StringId id) const ADVISE_LIFETIME_BOUND;
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;  // a deque: views into elements stay valid when it grows
  std::unordered_map<std::string_view, StringId> ids_;
};

}  // namespace advise
