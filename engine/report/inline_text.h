// Text with the little markup that sentences of the report may hold: `code` and **bold**. Parsed once, when the page is
// made; writers see spans and never look for marks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace advise::report {

enum class SpanKind : std::uint8_t { Plain, Code, Strong };

struct Span {
  std::string text;  // UTF-8 on one line, without marks; may hold anything else
  SpanKind kind = SpanKind::Plain;
  friend bool operator==(const Span&, const Span&) = default;
};
using InlineText = std::vector<Span>;

// "**Stage 5** reads `orders`": a mark without its counterpart holds to the end. Inside code there is no bold.
InlineText ParseInline(std::string_view text);
// As it is, without looking for marks.
InlineText PlainInline(std::string_view text);
InlineText CodeInline(std::string_view text);

// Those that are not empty one behind the other, `separator` between them.
InlineText JoinInline(const std::vector<InlineText>& texts, std::string_view separator);

}  // namespace advise::report
