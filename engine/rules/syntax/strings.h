// What stands between the quotes of a string, and behind the marks of a doc comment. Inside rules/syntax only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace advise::rules::syntax {

struct UnescapedString {
  std::string value;
  // offsets[i] is where value[i] stands in the literal; one entry more than value, for the end.
  std::vector<std::uint32_t> offsets;
  std::vector<std::uint32_t> bad_escapes;  // offsets of backslashes that begin no known escape
};

// `literal` with its quotes. "…" knows \" \\ \n \t \r. """…""" is raw; when its first line is empty, the line breaks
// next to the quotes and the indentation common to all lines are not part of the value (as in Java's text blocks).
UnescapedString Unescape(std::string_view literal);

// The inverse, with quotes: `"…"`; a value of several lines as a """ block whose lines are indented by `indent` spaces,
// where that gives the same value back.
std::string Quote(std::string_view value, std::size_t indent);

// The lines of a `##` comment without marks, the one space behind them, and spaces at the ends.
std::string DocText(std::string_view comment);

}  // namespace advise::rules::syntax
