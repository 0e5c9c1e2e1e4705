// Commas, line breaks and quoting of JSON; what is no UTF-8 is replaced on the way out.
#include "support/json_stream.h"

#include <charconv>
#include <cmath>

#include "support/check.h"
#include "support/clean_text.h"
#include "support/version.h"

namespace advise {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10;

// Length of the valid UTF-8 sequence at text[at], or 0; then `broken` is the number of bytes to replace by one U+FFFD
// (the maximal subpart, as the Unicode standard advises, table 3-7).
std::size_t SequenceLength(std::string_view text, std::size_t at, std::size_t& broken) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  broken = 1;
  std::size_t length = 0;
  unsigned low = 0x80;  // bounds of the second byte
  unsigned high = 0xbf;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    length = 3;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;  // surrogates
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  } else {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (at + i >= text.size() || byte(at + i) < low || byte(at + i) > high) {
      broken = i;
      return 0;
    }
    low = 0x80;
    high = 0xbf;
  }
  return length;
}

}  // namespace

std::string ValidUtf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t broken = 0;
    const std::size_t length = SequenceLength(text, at, broken);
    valid += length == 0 ? kReplacementText : text.substr(at, length);
    at += length == 0 ? broken : length;
  }
  return valid;
}

void JsonStream::Flush() {
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

void JsonStream::NextMember() {
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty) buffer_ += ',';
  if (level.layout == JsonLayout::LinePerMember) {
    buffer_ += '\n';
    for (const Level& outer : levels_) buffer_ += outer.layout == JsonLayout::LinePerMember ? " " : "";
  } else if (!level.empty) {
    buffer_ += ' ';
  }
  level.empty = false;
  if (buffer_.size() > kBufferBytes) Flush();
}

void JsonStream::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
  } else {
    NextMember();
  }
}

void JsonStream::Begin(char bracket, JsonLayout layout) {
  BeforeValue();
  buffer_ += bracket;
  levels_.push_back({.layout = layout, .empty = true});
}

void JsonStream::End(char bracket) {
  ADVISE_CHECK(!levels_.empty() && !after_key_, "unbalanced JSON");
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.layout == JsonLayout::LinePerMember && !level.empty) {
    buffer_ += '\n';
    for (const Level& outer : levels_) buffer_ += outer.layout == JsonLayout::LinePerMember ? " " : "";
  }
  buffer_ += bracket;
}

void JsonStream::Key(std::string_view name) {
  NextMember();
  Quote(name);
  buffer_ += ": ";
  after_key_ = true;
}

void JsonStream::Null() {
  BeforeValue();
  buffer_ += "null";
}

void JsonStream::Bool(bool value) {
  BeforeValue();
  buffer_ += value ? "true" : "false";
}

void JsonStream::Integer(std::int64_t value) {
  BeforeValue();
  char text[24];
  buffer_.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void JsonStream::Count(std::uint64_t value) {
  BeforeValue();
  char text[24];
  buffer_.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void JsonStream::Real(double value) {
  if (!std::isfinite(value)) return Null();
  BeforeValue();
  char text[40];
  buffer_.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void JsonStream::String(std::string_view text) {
  BeforeValue();
  Quote(text);
}

void JsonStream::Integer(std::string_view key, std::optional<std::int64_t> value) {
  Key(key);
  return value ? Integer(*value) : Null();
}

void JsonStream::Real(std::string_view key, std::optional<double> value) {
  Key(key);
  return value ? Real(*value) : Null();
}

void JsonStream::StringOrNull(std::string_view key, std::string_view text) {
  Key(key);
  return text.empty() ? Null() : String(text);
}

void JsonStream::Strings(std::string_view key, std::span<const std::string> texts) {
  BeginArray(key);
  for (const std::string& text : texts) String(text);
  EndArray();
}

void JsonStream::Quote(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  buffer_ += '"';
  std::size_t plain = 0;  // begin of the part that needs no change
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
      ++at;
      continue;
    }
    std::size_t broken = 0;
    const std::size_t length = byte < 0x80 ? 0 : SequenceLength(text, at, broken);
    // A terminal takes U+0080 to U+009F for controls, as it does the first 32.
    const bool control = length == 2 && byte == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0;
    if (length > 0 && !control) {
      at += length;
      continue;
    }
    buffer_ += text.substr(plain, at - plain);
    if (control) {
      const auto code = static_cast<unsigned char>(text[at + 1]);
      buffer_ += "\\u00";
      buffer_ += kHex[code >> 4];
      buffer_ += kHex[code & 15];
      at += length;
      plain = at;
      continue;
    }
    if (byte >= 0x80) {
      buffer_ += kReplacementText;
      at += broken;
      plain = at;
      continue;
    }
    switch (text[at]) {
      case '"': buffer_ += "\\\""; break;
      case '\\': buffer_ += "\\\\"; break;
      case '\n': buffer_ += "\\n"; break;
      case '\r': buffer_ += "\\r"; break;
      case '\t': buffer_ += "\\t"; break;
      default:
        buffer_ += "\\u00";
        buffer_ += kHex[byte >> 4];
        buffer_ += kHex[byte & 15];
    }
    plain = ++at;
  }
  buffer_ += text.substr(plain);
  buffer_ += '"';
}

void WriteAdviseMember(JsonStream& json) {
  json.BeginObject("advise");
  json.String("version", kVersion);
  json.Integer("schema", kJsonSchema);
  json.EndObject();
}

}  // namespace advise
