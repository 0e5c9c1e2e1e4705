// Finds the first byte that is not UTF-8.
#include "rules/syntax/utf8.h"

namespace advise::rules::syntax {

std::size_t Utf8Length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continuation = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(at);
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first <= 0xDFU) return continuation(at + 1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    const bool overlong = first == 0xE0U && byte(at + 1) < 0xA0U;
    const bool surrogate = first == 0xEDU && byte(at + 1) >= 0xA0U;
    return continuation(at + 1) && continuation(at + 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    const bool overlong = first == 0xF0U && byte(at + 1) < 0x90U;
    const bool beyond = first == 0xF4U && byte(at + 1) >= 0x90U;
    return continuation(at + 1) && continuation(at + 2) && continuation(at + 3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

std::optional<std::size_t> RepairUtf8(std::string& text) {
  std::optional<std::size_t> first_bad;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8Length(text, i);
    if (length == 0) {
      if (!first_bad) first_bad = i;
      text[i] = '?';
    }
    i += length == 0 ? 1 : length;
  }
  return first_bad;
}

}  // namespace advise::rules::syntax
