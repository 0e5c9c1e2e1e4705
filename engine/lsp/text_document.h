// A file that is open in an editor, and places in it as the protocol counts them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace advise::lsp {

// 0-based; `character` counts UTF-16 units, or bytes if the client agreed to UTF-8.
struct Position {
  std::size_t line = 0;
  std::size_t character = 0;
};
struct Range {
  Position begin;
  Position end;
};
enum class Encoding : std::uint8_t { Utf16, Utf8 };

// Beyond the end of a line is its end, beyond the text its end.
std::size_t OffsetOf(std::string_view text, Position position, Encoding encoding);
Position PositionOf(std::string_view text, std::size_t offset, Encoding encoding);
Range RangeOf(std::string_view text, std::size_t begin, std::size_t end, Encoding encoding);

// "file:///a%20b" is "/a b". Of another scheme: the URI itself, which is no file.
std::string PathOf(std::string_view uri);
std::string UriOf(std::string_view path);

}  // namespace advise::lsp
