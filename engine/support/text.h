// Small things done with texts everywhere. ASCII alone: bytes above 127 stay as they are.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace advise {

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = Lower(c);
  return lower;
}

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Digits and nothing else, at least one.
constexpr bool AllDigits(std::string_view text) {
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  return !text.empty();
}

constexpr bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Without the spaces, tabs and line ends at both ends.
constexpr std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  while (!text.empty() && kBlanks.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (!text.empty() && kBlanks.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

// The parts with the separator between them. `text_of` gives the text of a part: a function, or a member such as
// &PackInfo::name.
template <class Range, class TextOf = std::identity>
std::string Join(const Range& parts, std::string_view separator, TextOf text_of = {}) {
  std::string joined;
  bool first = true;
  for (const auto& part : parts) {
    if (!first) joined += separator;
    first = false;
    joined += std::invoke(text_of, part);
  }
  return joined;
}

}  // namespace advise
