// Layout of the text report: characters with a style, wrapped to a width. What is printed is decided elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/inline_text.h"

namespace advise::report {

// Roles of the report design; which colour a role has is decided in one place (text_layout.cpp).
enum class Style : std::uint8_t { Plain, Bold, Red, RedBold, Yellow, Green, Cyan, Dim, Blue };

struct Glyph {
  char32_t code = ' ';
  std::uint8_t width = 1;  // columns: 2 for wide characters
  Style style = Style::Plain;
  bool glued = false;  // no line may end before or at it, though it is a space
};
using Line = std::vector<Glyph>;

// A text as it is. `utf8` false: characters outside ASCII become their stand-ins ("├" is "|", "…" is "...").
Line Paint(std::string_view text, bool utf8, Style style = Style::Plain);
// Spans: code is glued. Numbers are glued to their units ("8.4 s"), entities to
// their numbers ("stage 5"), a "·" to the word before it.
Line PaintInline(const InlineText& text, bool utf8, Style style = Style::Plain);

std::size_t Width(const Line& line);

// Breaks at spaces that are not glued, and after "·"; a single word longer than the width is cut. `first` columns of
// the first line are taken already. At least one line.
std::vector<Line> Wrap(const Line& text, std::size_t width, std::size_t first = 0);

void Append(Line& line, const Line& more);
void Pad(Line& line, std::size_t columns);  // spaces up to this width; nothing if the line is as long

// UTF-8, without spaces at the end; with ANSI colours if asked for. No line end.
std::string Render(const Line& line, bool colour);

}  // namespace advise::report
