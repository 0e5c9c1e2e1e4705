// Decoding of UTF-8 code point by code point, and what of it may reach a terminal.
#include "support/clean_text.h"

#include <vector>

namespace advise {
namespace {

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029; }

// Zero-width characters, marks that change the direction of the line, variation selectors, the byte order mark, and the
// tags of plane 14, in which a text can hide whole sentences from people but not from programs.
bool IsInvisible(char32_t c) {
  return c == 0x00AD || c == 0x061C || c == 0x180E || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF) ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0x0300 && c <= 0x036F);
}

std::size_t SequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

}  // namespace

char32_t Printable(char32_t c) {
  if (IsInvisible(c)) return 0;
  return IsControl(c) || c == 0xA0 ? U' ' : c;
}

char32_t NextCodePoint(std::string_view text, std::size_t& pos) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = SequenceLength(byte(pos));
  if (length == 1) return byte(pos++);
  if (length == 0 || pos + length > text.size()) {
    ++pos;
    return kReplacement;
  }
  char32_t c = byte(pos) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(pos + i) & 0xC0U) != 0x80) {
      ++pos;
      return kReplacement;
    }
    c = (c << 6) | (byte(pos + i) & 0x3FU);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  if (overlong || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
    ++pos;
    return kReplacement;
  }
  pos += length;
  return c;
}

void AppendUtf8(std::string& text, char32_t c) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::string CleanText(std::string_view text) {
  std::string clean;
  for (std::size_t pos = 0; pos < text.size();) {
    const char32_t c = Printable(NextCodePoint(text, pos));
    if (c == 0) continue;
    if (c == ' ') {
      if (!clean.empty() && !clean.ends_with(' ')) clean += ' ';
      continue;
    }
    AppendUtf8(clean, c);
  }
  if (clean.ends_with(' ')) clean.pop_back();
  return clean;
}

std::string PrintableText(std::string_view text, LineEnds line_ends) {
  std::string printable;
  printable.reserve(text.size());
  for (std::size_t pos = 0; pos < text.size();) {
    const char32_t raw = NextCodePoint(text, pos);
    const char32_t c = raw == '\n' && line_ends == LineEnds::Keep ? raw : Printable(raw);
    if (c != 0) AppendUtf8(printable, c);
  }
  return printable;
}

std::string Shorten(std::string_view text, std::size_t columns) {
  std::vector<char32_t> points;
  for (std::size_t pos = 0; pos < text.size();) points.push_back(NextCodePoint(text, pos));
  if (points.size() <= columns) return std::string(text);
  const std::size_t kept = columns - 1;
  const std::size_t head = kept - kept / 2;
  std::string cut;
  for (std::size_t i = 0; i < head; ++i) AppendUtf8(cut, points[i]);
  cut += "…";
  for (std::size_t i = points.size() - kept / 2; i < points.size(); ++i) AppendUtf8(cut, points[i]);
  return cut;
}

std::string ShortCallSite(std::string_view text) {
  constexpr std::string_view kAt = " at /";
  const std::size_t at = text.find(kAt);
  if (at == std::string_view::npos || text.find(' ') != at) return std::string(text);  // "action at /path/file:line"
  const std::size_t path = at + kAt.size() - 1;
  const std::size_t name = text.rfind('/') + 1;
  if (text.find(' ', path) != std::string_view::npos || text.find(':', name) == std::string_view::npos)
    return std::string(text);
  return std::string(text.substr(0, path)) + std::string(text.substr(name));
}

std::string CleanText(std::string_view text, std::size_t columns) { return Shorten(CleanText(text), columns); }

}  // namespace advise
