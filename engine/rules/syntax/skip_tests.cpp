// Finds the braces of inline tests, over strings and comments, and blanks what stands between them.
#include "rules/syntax/skip_tests.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace advise::rules::syntax {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool IsWord(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// Behind the string that opens at `at`, or npos without its end. As STRING of the lexer.
std::size_t BehindString(std::string_view text, std::size_t at) {
  constexpr std::string_view kLong = "\"\"\"";
  if (text.substr(at, 3) == kLong) {
    const std::size_t end = text.find(kLong, at + 3);
    return end == kNowhere ? kNowhere : end + 3;
  }
  for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return kNowhere;
}

std::size_t BehindLine(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return end == kNowhere ? text.size() : end + 1;
}

// What says nothing about where a block ends: most of a text.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  plain.fill(true);
  for (const char c : {'"', '#', '{', '}'}) plain[static_cast<unsigned char>(c)] = false;
  return plain;
}();

// Behind the `}` that closes the first `{` from `at` on, or npos.
std::size_t BehindBlock(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (kPlain[static_cast<unsigned char>(c)]) {
      ++at;
      continue;
    }
    if (c == '"') {
      at = BehindString(text, at);
      if (at == kNowhere) return kNowhere;
      continue;
    }
    if (c == '#') {
      at = BehindLine(text, at);
      continue;
    }
    if (c == '{') ++depth;
    if (c == '}') {
      if (depth == 0) return kNowhere;
      if (--depth == 0) return at + 1;
    }
    ++at;
  }
  return kNowhere;
}

// `test` as a word of its own, followed by a string.
bool StartsTest(std::string_view text, std::size_t at) {
  constexpr std::string_view kTest = "test";
  if (text.substr(at, kTest.size()) != kTest || (at > 0 && IsWord(text[at - 1]))) return false;
  const std::size_t next = text.find_first_not_of(" \t\r\n", at + kTest.size());
  return next != kNowhere && next > at + kTest.size() - 1 && text[next] == '"';
}

}  // namespace

std::string WithoutTests(std::string text) {
  std::size_t at = 0;
  std::optional<std::size_t> doc;  // start of the doc comment that ends where we stand
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
    } else if (c == '#') {
      if (text.compare(at, 2, "##") == 0) doc = doc.value_or(at);
      at = BehindLine(text, at);
    } else if (StartsTest(text, at)) {
      const std::size_t end = BehindBlock(text, at);
      if (end == kNowhere) return text;
      std::replace_if(
          text.begin() + static_cast<std::ptrdiff_t>(doc.value_or(at)), text.begin() + static_cast<std::ptrdiff_t>(end),
          [](char x) { return x != '\n'; }, ' ');
      doc.reset();
      at = end;
    } else {
      doc.reset();
      if (c == '"') {
        at = BehindString(text, at);
      } else if (c == '{') {
        at = BehindBlock(text, at);
      } else {
        ++at;
      }
      if (at == kNowhere) return text;
    }
  }
  return text;
}

}  // namespace advise::rules::syntax
