// Lays a diagnostic out with its source lines, labels and helps; tabs, wide and broken characters keep their columns.
#include "support/diagnostic_render.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "support/clean_text.h"

namespace advise {
namespace {

using std::string;

constexpr std::size_t kTabWidth = 4;
constexpr std::string_view kCut = "…";

std::string_view Word(Severity severity) {
  switch (severity) {
    case Severity::Note: return "note";
    case Severity::Warning: return "warning";
    case Severity::Error: return "error";
  }
  return {};
}

std::string_view Color(Severity severity) {
  switch (severity) {
    case Severity::Note: return "\x1b[1;36m";
    case Severity::Warning: return "\x1b[1;33m";
    case Severity::Error: return "\x1b[1;31m";
  }
  return {};
}

string Paint(const RenderOptions& options, std::string_view color, std::string_view text) {
  if (!options.color) return string(text);
  string painted(color);
  painted += text;
  painted += "\x1b[0m";
  return painted;
}

// Length of the UTF-8 sequence that begins at `at`, 1 for anything broken.
std::size_t SequenceLength(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = first < 0xC0U ? 1 : first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
  if (at + length > text.size()) return 1;
  for (std::size_t i = at + 1; i < at + length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return 1;
  }
  return length;
}

// One printable cell for the character at `at` of length `length`.
std::string_view Cell(std::string_view text, std::size_t at, std::size_t length) {
  const auto first = static_cast<unsigned char>(text[at]);
  const bool control = first < 0x20U || first == 0x7fU || (length == 1 && first >= 0x80U) ||
                       (length == 2 && first == 0xC2U && static_cast<unsigned char>(text[at + 1]) < 0xA0U);
  return control ? kReplacementText : text.substr(at, length);
}

// A message on one line, without control characters.
string Printable(std::string_view text) {
  string clean;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = SequenceLength(text, at);
    clean += text[at] == '\n' || text[at] == '\t' ? std::string_view(" ") : Cell(text, at, length);
    at += length;
  }
  return clean;
}

// A source line as it is shown, and where its bytes are.
struct ShownLine {
  std::vector<string> cells;           // one per column: tabs are several, a wide character is one
  std::vector<std::size_t> column_of;  // of each byte, and one past the end
};

ShownLine Show(std::string_view line) {
  ShownLine shown;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t length = SequenceLength(line, at);
    const std::size_t column = shown.cells.size();
    shown.column_of.insert(shown.column_of.end(), length, column);
    if (line[at] == '\t') {
      do {
        shown.cells.emplace_back(" ");
      } while (shown.cells.size() % kTabWidth != 0);
    } else {
      shown.cells.emplace_back(Cell(line, at, length));
    }
    at += length;
  }
  shown.column_of.push_back(shown.cells.size());
  return shown;
}

// A label on its line, in columns.
struct Mark {
  std::size_t begin = 0;
  std::size_t end = 0;
  string text;
};

struct MarkedLine {
  SourceId source = SourceId::None;
  std::uint32_t number = 0;
  ShownLine line;
  std::vector<Mark> marks;  // by begin
};

// The labels of one diagnostic by line: the primary's source first, then by place. Labels over several lines are shown
// on their first one.
std::vector<MarkedLine> Arrange(const SourceManager& sources, const Diagnostic& diagnostic) {
  std::vector<MarkedLine> lines;
  for (const DiagnosticLabel& label : diagnostic.labels) {
    if (!label.span.valid()) continue;
    const SourcePlace place = sources.Place(label.span.source, label.span.begin);
    auto found = std::find_if(lines.begin(), lines.end(), [&](const MarkedLine& line) {
      return line.source == label.span.source && line.number == place.line;
    });
    if (found == lines.end()) {
      MarkedLine line;
      line.source = label.span.source;
      line.number = place.line;
      line.line = Show(sources.Line(label.span.source, place.line));
      found = lines.insert(lines.end(), std::move(line));
    }
    const std::string_view text = sources.Line(label.span.source, place.line);
    const auto line_begin = static_cast<std::size_t>(text.data() - sources.text(label.span.source).data());
    const std::size_t begin = std::min<std::size_t>(label.span.begin - line_begin, text.size());
    const std::size_t end = std::clamp<std::size_t>(label.span.end - line_begin, begin, text.size());
    Mark mark{found->line.column_of[begin], found->line.column_of[end], Printable(label.text)};
    mark.end = std::max(mark.end, mark.begin + 1);
    found->marks.push_back(std::move(mark));
  }
  const SourceId first = lines.empty() ? SourceId::None : lines.front().source;
  std::stable_sort(lines.begin(), lines.end(), [&](const MarkedLine& a, const MarkedLine& b) {
    if (a.source != b.source) return a.source == first || (b.source != first && a.source < b.source);
    return a.number < b.number;
  });
  for (MarkedLine& line : lines) {
    std::stable_sort(line.marks.begin(), line.marks.end(),
                     [](const Mark& a, const Mark& b) { return a.begin < b.begin; });
  }
  return lines;
}

// Cuts a line that is too long to a window that begins a little before its first mark.
void Cut(MarkedLine& line, std::size_t width) {
  std::vector<string>& cells = line.line.cells;
  if (cells.size() <= width || width == 0) return;
  const std::size_t lead = width / 4;
  const std::size_t mark = line.marks.front().begin;
  const std::size_t begin = std::min(mark > lead ? mark - lead : 0, cells.size() - width);
  const std::size_t end = begin + width;
  const bool cut_end = end < cells.size();
  cells = std::vector<string>(cells.begin() + static_cast<std::ptrdiff_t>(begin),
                              cells.begin() + static_cast<std::ptrdiff_t>(end));
  if (begin > 0) cells.front() = kCut;
  if (cut_end) cells.back() = kCut;
  for (Mark& each : line.marks) {
    each.begin = std::clamp(each.begin, begin, end - 1) - begin;
    each.end = std::clamp(each.end, begin + each.begin + 1, end) - begin;
  }
}

// The rows under a source line. The rightmost label's text stands beside its underline, the others' below, from right
// to left, each hanging on a line of bars.
std::vector<string> MarkRows(const std::vector<Mark>& marks) {
  std::vector<string> rows;
  const auto put = [](string& row, std::size_t column, std::string_view text) {
    if (row.size() < column + text.size()) row.resize(column + text.size(), ' ');
    std::copy(text.begin(), text.end(), row.begin() + static_cast<std::ptrdiff_t>(column));
  };
  string underline;
  for (const Mark& mark : marks) put(underline, mark.begin, string(mark.end - mark.begin, '-'));
  // Beside the underline only when no other mark begins or ends further right.
  const Mark& last = marks.back();
  const bool beside = std::all_of(marks.begin(), marks.end(), [&](const Mark& mark) { return mark.end <= last.end; });
  std::vector<const Mark*> hanging;
  for (const Mark& mark : marks) {
    if (&mark == &last && beside) continue;
    if (!mark.text.empty()) hanging.push_back(&mark);
  }
  rows.push_back(underline);
  if (beside && !last.text.empty()) rows.back().append(" ").append(last.text);
  if (hanging.empty()) return rows;
  string bars;
  for (const Mark* mark : hanging) put(bars, mark->begin, "|");
  rows.push_back(bars);
  while (!hanging.empty()) {
    const Mark* mark = hanging.back();
    hanging.pop_back();
    string row;
    for (const Mark* other : hanging) {
      if (other->begin != mark->begin) put(row, other->begin, "|");
    }
    put(row, mark->begin, mark->text);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string Render(const SourceManager& sources, const Diagnostic& diagnostic, const RenderOptions& options) {
  constexpr std::string_view kGutterColor = "\x1b[1;34m";
  constexpr std::string_view kBold = "\x1b[1m";
  const std::string_view color = Color(diagnostic.severity);
  string head(Word(diagnostic.severity));
  head += "[";
  head += Info(diagnostic.code).code;
  head += "]";
  string out = Paint(options, color, head) + Paint(options, kBold, ": " + Printable(diagnostic.message)) + "\n";

  std::vector<MarkedLine> lines = Arrange(sources, diagnostic);
  std::size_t gutter = 0;
  for (const MarkedLine& line : lines) gutter = std::max(gutter, std::to_string(line.number).size());
  const string margin(gutter, ' ');
  const string bar = margin + " " + Paint(options, kGutterColor, "|");
  const MarkedLine* before = nullptr;
  for (MarkedLine& line : lines) {
    if (before == nullptr || before->source != line.source) {
      // The header names the primary label's place, for another source the first place in it.
      const auto label = std::find_if(diagnostic.labels.begin(), diagnostic.labels.end(),
                                      [&](const DiagnosticLabel& each) { return each.span.source == line.source; });
      const SourcePlace place = sources.Place(line.source, label->span.begin);
      out += margin + Paint(options, kGutterColor, "-->") + " " + Printable(sources.name(line.source)) + ":" +
             std::to_string(place.line) + ":" + std::to_string(place.column) + "\n";
      out += bar + "\n";
    } else if (line.number > before->number + 1) {
      out += Paint(options, kGutterColor, "...") + "\n";
    }
    Cut(line, options.width);
    string number = std::to_string(line.number);
    number.insert(0, gutter - number.size(), ' ');
    string source_text;
    for (const string& cell : line.line.cells) source_text += cell;
    source_text.erase(source_text.find_last_not_of(' ') + 1);
    out += Paint(options, kGutterColor, number + " |") + (source_text.empty() ? "" : " ") + source_text + "\n";
    for (const string& row : MarkRows(line.marks)) out += bar + " " + Paint(options, color, row) + "\n";
    before = &line;
  }
  for (const string& note : diagnostic.notes)
    out += margin + " " + Paint(options, kGutterColor, "=") + " note: " + Printable(note) + "\n";
  for (const string& help : diagnostic.helps)
    out += margin + " " + Paint(options, kGutterColor, "=") + " help: " + Printable(help) + "\n";
  return out;
}

std::string Render(const SourceManager& sources, const Diagnostics& diagnostics, const RenderOptions& options) {
  string out;
  std::size_t shown = 0;
  std::size_t errors = 0;
  std::size_t others = 0;
  for (const Diagnostic& diagnostic : diagnostics.Sorted()) {
    if (shown == options.max) {
      ++(diagnostic.severity == Severity::Error ? errors : others);
      continue;
    }
    if (shown > 0) out += '\n';
    out += Render(sources, diagnostic, options);
    ++shown;
  }
  if (errors + others == 0) return out;
  const auto count = [](std::size_t number, string word) {
    return std::to_string(number) + " more " + word + (number == 1 ? "" : "s");
  };
  if (shown > 0) out += '\n';
  out += "… and ";
  if (errors > 0) out += count(errors, "error");
  if (errors > 0 && others > 0) out += ", ";
  if (others > 0) out += count(others, "warning");
  return out + "\n";
}

std::string RenderOneLine(const SourceManager& sources, const Diagnostic& diagnostic) {
  string out;
  if (!diagnostic.labels.empty() && diagnostic.labels.front().span.valid()) {
    const SourceSpan span = diagnostic.labels.front().span;
    const SourcePlace place = sources.Place(span.source, span.begin);
    out += Printable(sources.name(span.source)) + ":" + std::to_string(place.line) + ":" +
           std::to_string(place.column) + ": ";
  }
  out += Word(diagnostic.severity);
  out += "[";
  out += Info(diagnostic.code).code;
  out += "]: ";
  return out + Printable(diagnostic.message);
}

}  // namespace advise
