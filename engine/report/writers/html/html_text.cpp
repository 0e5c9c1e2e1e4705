// Characters that mean something in HTML become entities; what no reader should see never gets here (PrintableText).
#include "report/writers/html/html_text.h"

#include <cstdint>

#include "support/clean_text.h"

namespace advise::report {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
char Lower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
bool IsPlain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::uint32_t HexDigit(char c) { return static_cast<std::uint32_t>(c <= '9' ? c - '0' : Lower(c) - 'a' + 10); }

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : PrintableText(text, LineEnds::Replace)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string InlineHtml(const InlineText& text) {
  std::string out;
  for (const Span& span : text) {
    const std::string escaped = EscapeHtml(span.text);
    switch (span.kind) {
      case SpanKind::Plain: out += escaped; break;
      case SpanKind::Code: out += "<code>" + escaped + "</code>"; break;
      case SpanKind::Strong: out += "<strong>" + escaped + "</strong>"; break;
    }
  }
  return out;
}

std::string SentenceCase(std::string_view text) {
  std::string out;
  for (const char c : text) out += out.empty() ? c : Lower(c);
  return out;
}

std::string Slug(std::string_view text) {
  std::string out;
  for (const char raw : text) {
    const char c = Lower(raw);
    if (IsPlain(c))
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::string PolicyHash(std::string_view sha256_hex) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string base64;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : sha256_hex) {
    bits = (bits << 4U) | HexDigit(c);
    held += 4;
    if (held < 6) continue;
    held -= 6;
    base64 += kDigits[(bits >> static_cast<std::uint32_t>(held)) & 63U];
  }
  if (held > 0) base64 += kDigits[(bits << static_cast<std::uint32_t>(6 - held)) & 63U];
  while (base64.size() % 4 != 0) base64 += '=';
  return "'sha256-" + base64 + "'";
}

}  // namespace advise::report
