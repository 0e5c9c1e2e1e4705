// Painting, gluing and wrapping of styled text; the table of ASCII stand-ins and the colours are here.
#include "report/writers/text_layout.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "support/clean_text.h"
#include "support/text.h"

namespace advise::report {
namespace {

// ---------------------------------------------------------------- ASCII
struct StandIn {
  char32_t code;
  std::string_view ascii;
};
constexpr StandIn kStandIns[] = {
    {U'▁', "."},  {U'▂', ":"},  {U'▃', "-"},   {U'▄', "="},    {U'▅', "+"},   {U'▆', "*"}, {U'▇', "%"}, {U'█', "#"},
    {U'├', "|"},  {U'─', "-"},  {U'┤', "|"},   {U'│', "|"},    {U'└', "^"},   {U'·', ";"}, {U'×', "x"}, {U'→', "->"},
    {U'−', "-"},  {U'≥', ">="}, {U'≤', "<="},  {U'¬', "not "}, {U'…', "..."}, {U'–', "-"}, {U'—', "-"}, {U'’', "'"},
    {U'“', "\""}, {U'”', "\""}, {U'Σ', "sum"}, {U'±', "+-"},   {U'≈', "~"},
};

// Wide in a terminal: CJK, Hangul, full-width forms, emoji.
bool IsWide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

void Put(Line& line, char32_t raw, bool utf8, Style style, bool glued) {
  const char32_t code = Printable(raw);
  if (code == 0) return;
  if (code < 0x80 || utf8) {
    line.push_back({code, static_cast<std::uint8_t>(IsWide(code) ? 2 : 1), style, glued});
    return;
  }
  const auto it = std::ranges::find(kStandIns, code, &StandIn::code);
  const std::string_view ascii = it == std::end(kStandIns) ? "?" : it->ascii;
  for (const char c : ascii) line.push_back({static_cast<unsigned char>(c), 1, style, glued});
}

// ---------------------------------------------------------------- what may not be torn apart
constexpr std::string_view kUnits[] = {"ms",  "s",   "min", "h", "d",       "B",      "KiB",
                                       "MiB", "GiB", "TiB", "%", "million", "billion"};
constexpr std::string_view kEntities[] = {"stage", "stages",   "job",      "jobs",      "task",
                                          "tasks", "executor", "Stage",    "Stages",    "Job",
                                          "Task",  "query",    "Executor", "partition", "Spark"};

// The word between two positions as ASCII, without punctuation at its end; other characters as '?'.
std::string WordText(const Line& line, std::size_t begin, std::size_t end) {
  std::string word;
  for (std::size_t i = begin; i < end; ++i) word += line[i].code < 0x80 ? static_cast<char>(line[i].code) : '?';
  while (!word.empty() &&
         (word.back() == '.' || word.back() == ',' || word.back() == ')' || word.back() == ';' || word.back() == ':')) {
    word.pop_back();
  }
  while (!word.empty() && word.front() == '(') word.erase(0, 1);
  return word;
}

bool IsOneOf(const auto& list, std::string_view word) { return std::ranges::find(list, word) != std::end(list); }

// Marks the spaces that hold a number and its unit, or an entity and its number, together.
void Glue(Line& line) {
  std::size_t begin = 0;  // of the word before the space
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i].code != ' ') continue;
    const auto is_space = [](const Glyph& g) { return g.code == ' '; };
    const auto end = static_cast<std::size_t>(
        std::find_if(line.begin() + static_cast<std::ptrdiff_t>(i) + 1, line.end(), is_space) - line.begin());
    const std::string left = WordText(line, begin, i);
    const std::string right = WordText(line, i + 1, end);
    const bool number_unit =
        !left.empty() && IsDigit(left.back()) && IsOneOf(kUnits, right);
    const bool entity_number =
        !right.empty() && IsDigit(right.front()) && IsOneOf(kEntities, left);
    const bool separator =
        i + 1 < line.size() && (line[i + 1].code == U'·' || line[i + 1].code == U'→' || line[i + 1].code == U'–');
    const bool lone_mark = end == i + 2 && (line[i + 1].code == ';' || line[i + 1].code == '-');  // their ASCII forms
    const bool after_bound = i > 0 && (line[i - 1].code == U'≥' || line[i - 1].code == U'≤');
    if (number_unit || entity_number || separator || lone_mark || after_bound) line[i].glued = true;
    begin = i + 1;
  }
}

// ---------------------------------------------------------------- colours
// 16 ANSI colours only, so that the user's theme stays right.
std::string_view Escape(Style style) {
  switch (style) {
    case Style::Plain: return "\x1b[0m";
    case Style::Bold: return "\x1b[0;1m";
    case Style::Red: return "\x1b[0;31m";
    case Style::RedBold: return "\x1b[0;1;31m";
    case Style::Yellow: return "\x1b[0;33m";
    case Style::Green: return "\x1b[0;32m";
    case Style::Cyan: return "\x1b[0;36m";
    case Style::Dim: return "\x1b[0;2m";
    case Style::Blue: return "\x1b[0;34m";
  }
  return "";
}

}  // namespace

Line Paint(std::string_view text, bool utf8, Style style) {
  Line line;
  for (std::size_t pos = 0; pos < text.size();) Put(line, NextCodePoint(text, pos), utf8, style, false);
  return line;
}

Line PaintInline(const InlineText& text, bool utf8, Style style) {
  Line line;
  for (const Span& span : text) {
    const bool code = span.kind == SpanKind::Code;
    const Style now = code ? Style::Cyan : span.kind == SpanKind::Strong ? Style::Bold : style;
    for (std::size_t pos = 0; pos < span.text.size();) Put(line, NextCodePoint(span.text, pos), utf8, now, code);
  }
  Glue(line);
  return line;
}

std::size_t Width(const Line& line) {
  std::size_t width = 0;
  for (const Glyph& glyph : line) width += glyph.width;
  return width;
}

std::vector<Line> Wrap(const Line& text, std::size_t width, std::size_t first) {
  std::vector<Line> lines;
  std::size_t begin = 0;
  while (begin < text.size() || lines.empty()) {
    const std::size_t room = lines.empty() ? width - std::min(first, width - 1) : width;
    // How far the line may reach, and its last free and last glued space.
    std::size_t end = begin;
    std::optional<std::size_t> space;
    std::optional<std::size_t> glued;
    for (std::size_t used = 0; end < text.size() && used + text[end].width <= room; ++end) {
      used += text[end].width;
      if (text[end].code == ' ') (text[end].glued ? glued : space) = end;
    }
    if (end < text.size() && text[end].code == ' ') (text[end].glued ? glued : space) = end;
    // What does not fit beside a narrow start goes to the next line whole.
    if (end < text.size() && !space && lines.empty() && first > 0) {
      lines.emplace_back();
      continue;
    }
    // Something glued is torn only if it fills the line from its start.
    std::size_t stop = end;
    if (end < text.size() && space)
      stop = *space;
    else if (end < text.size() && glued && *glued > begin)
      stop = *glued;
    if (stop == begin && begin < text.size()) stop = begin + 1;
    lines.emplace_back(text.begin() + static_cast<std::ptrdiff_t>(begin),
                       text.begin() + static_cast<std::ptrdiff_t>(stop));
    begin = stop;
    while (begin < text.size() && text[begin].code == ' ') ++begin;
  }
  return lines;
}

void Append(Line& line, const Line& more) { line.insert(line.end(), more.begin(), more.end()); }

void Pad(Line& line, std::size_t columns) {
  for (std::size_t width = Width(line); width < columns; ++width) line.push_back({});
}

std::string Render(const Line& line, bool colour) {
  std::size_t end = line.size();
  while (end > 0 && line[end - 1].code == ' ') --end;
  std::string text;
  Style style = Style::Plain;
  for (std::size_t i = 0; i < end; ++i) {
    if (colour && line[i].style != style) text += Escape(style = line[i].style);
    AppendUtf8(text, line[i].code);
  }
  if (style != Style::Plain) text += Escape(Style::Plain);
  return text;
}

}  // namespace advise::report
