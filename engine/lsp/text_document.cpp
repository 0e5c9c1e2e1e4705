// Lines, UTF-16 units and URIs.
#include "lsp/text_document.h"

#include <algorithm>

namespace advise::lsp {
namespace {

std::size_t LengthAt(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  return std::min(length, text.size() - at);
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::size_t OffsetOf(std::string_view text, Position position, Encoding encoding) {
  std::size_t at = 0;
  for (std::size_t line = 0; line < position.line; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  std::size_t units = 0;
  while (at < text.size() && text[at] != '\n' && units < position.character) {
    const std::size_t length = LengthAt(text, at);
    units += encoding == Encoding::Utf8 ? length : length == 4 ? 2U : 1U;
    at += length;
  }
  return at;
}

Position PositionOf(std::string_view text, std::size_t offset, Encoding encoding) {
  offset = std::min(offset, text.size());
  Position position;
  std::size_t at = 0;
  for (std::size_t end = text.find('\n'); end < offset; end = text.find('\n', at)) {
    ++position.line;
    at = end + 1;
  }
  while (at < offset) {
    const std::size_t length = LengthAt(text, at);
    position.character += encoding == Encoding::Utf8 ? length : length == 4 ? 2U : 1U;
    at += length;
  }
  return position;
}

Range RangeOf(std::string_view text, std::size_t begin, std::size_t end, Encoding encoding) {
  return {PositionOf(text, begin, encoding), PositionOf(text, end, encoding)};
}

std::string PathOf(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme)) return std::string(uri);
  uri.remove_prefix(kScheme.size());
  uri.remove_prefix(std::min(uri.find('/'), uri.size()));  // the host
  std::string path;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const int high = uri[i] == '%' && i + 2 < uri.size() ? HexDigit(uri[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(uri[i + 2]) : -1;
    if (low < 0) {
      path += uri[i];
      continue;
    }
    path += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return path;
}

std::string UriOf(std::string_view path) {
  if (!path.starts_with('/')) return std::string(path);
  std::string uri = "file://";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/-._~").find(c) != std::string_view::npos;
    if (plain) {
      uri += c;
      continue;
    }
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    uri += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return uri;
}

}  // namespace advise::lsp
