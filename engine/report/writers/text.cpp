// Lays blocks out in a page width: one function a block. An empty line stands before each block of the page, none
// between the blocks of a card.
#include "report/writers/text.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "report/strip.h"
#include "report/writers/text_layout.h"

namespace advise::report {
namespace {

using diagnose::Severity;

constexpr std::size_t kMinWidth = 44;
constexpr std::size_t kNarrow = 60;  // below it: no strip, labels and tables stand as `name: value`
constexpr std::size_t kMaxWidth = 120;
constexpr std::size_t kWidePage = 80;  // from here on the body of a finding stands below its title
constexpr std::size_t kTitleColumn = 11;
constexpr std::size_t kLabelWidth = 11;  // "explains   "
constexpr std::size_t kFootLabel = 15;   // "NOT EVALUATED  "
constexpr std::size_t kStripLabel = 8;   // "  slots "
constexpr std::size_t kNextIndent = 6;   // "NEXT  "
constexpr std::size_t kStepIndent = 3;
constexpr std::size_t kStepBody = 5;
constexpr std::size_t kTableIndent = 3;

Style StyleOf(Severity severity) {
  switch (severity) {
    case Severity::Critical:
    case Severity::High: return Style::RedBold;
    case Severity::Medium: return Style::Yellow;
    case Severity::Low:
    case Severity::Info: return Style::Plain;
  }
  return Style::Plain;
}

class TextPage {
 public:
  explicit TextPage(const TextOptions& options)
      : width_(std::clamp(options.width, kMinWidth, kMaxWidth)),
        utf8_(options.utf8),
        colour_(options.colour),
        narrow_(width_ < kNarrow) {}

  std::string Write(const Page& page) {
    for (const Block& block : page.blocks) std::visit([this](const auto& b) { OfPage(b); }, block);
    return std::move(out_);
  }

 private:
  // ---------------------------------------------------------------- lines
  void Put(const Line& line) { out_.append(Render(line, colour_)) += '\n'; }
  void Blank() { out_ += '\n'; }
  [[nodiscard]] Line Text(std::string_view text, Style style = Style::Plain) const { return Paint(text, utf8_, style); }
  [[nodiscard]] Line Words(const InlineText& text, Style style = Style::Plain) const {
    return PaintInline(text, utf8_, style);
  }

  // Wrapped lines behind `start` (on the first line), the others at `indent`.
  void Hanging(Line start, std::size_t indent, const Line& text) {
    const std::size_t taken = std::max(Width(start), indent);
    Pad(start, taken);
    const std::vector<Line> lines = Wrap(text, width_ - indent, taken - indent);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      Line line = i == 0 ? start : Line();
      Pad(line, i == 0 ? taken : indent);
      Append(line, lines[i]);
      Put(line);
    }
  }
  void Prose(const InlineText& text, std::size_t indent) { Hanging({}, indent, Words(text)); }

  // `start` and the text, and at the right edge of the last line `tail`; on a line of its own if there is no room.
  void WithTail(Line start, std::size_t indent, const Line& text, const Line& tail) {
    Pad(start, indent);
    const std::size_t taken = Width(start);
    std::vector<Line> lines = Wrap(text, width_ - indent, taken - indent);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      Line line = i == 0 ? start : Line();
      Pad(line, i == 0 ? taken : indent);
      Append(line, lines[i]);
      lines[i] = std::move(line);
    }
    if (!tail.empty()) {
      if (Width(lines.back()) + 2 + Width(tail) > width_) lines.emplace_back();
      Pad(lines.back(), width_ - std::min(width_, Width(tail)));
      Append(lines.back(), tail);
    }
    for (const Line& line : lines) Put(line);
  }

  // ---------------------------------------------------------------- blocks of the page
  void OfPage(const TitleBlock& title) {
    for (const std::string& form : title.forms) {
      if (Width(Text(form)) > width_ && &form != &title.forms.back()) continue;
      Hanging({}, 0, Text(form));
      return;
    }
  }
  void OfPage(const HeadingBlock& heading) {
    Blank();
    Put(Text(heading.text, Style::Bold));
  }
  void OfPage(const ParagraphBlock& paragraph) {
    Blank();
    Prose(paragraph.text, paragraph.aside ? 1 : 0);
  }
  void OfPage(const StripBlock& block) {
    if (narrow_) return;
    const StripRows rows = DrawStrip(block.strip, width_ - kStripLabel);
    if (rows.path.empty()) return;
    Blank();
    const auto row = [&](std::string_view label, std::string_view text, Style style) {
      if (text.empty()) return;
      Line line = Text(label);
      Pad(line, kStripLabel);
      Append(line, Text(text, style));
      Put(line);
    };
    row("", rows.axis, Style::Dim);
    row("  slots", rows.slots, Style::Blue);
    row("  path", rows.path, Style::Plain);
    row("  find", rows.find, Style::Bold);
  }
  void OfPage(const CardBlock& card) {
    if (card.number > 0) Blank();
    Card(card);
  }
  void OfPage(const CommandsBlock& commands) {
    Blank();
    Commands(commands);
  }
  void OfPage(const KeyValueBlock& block) {
    Blank();
    KeyValues(block, 0, kFootLabel, Style::Bold);
  }
  void OfPage(const ListBlock& list) {
    Blank();
    InCard(list, 0);
  }
  void OfPage(const CodeBlock& code) {
    Blank();
    InCard(code, 0);
  }
  void OfPage(const TableBlock& table) {
    Blank();
    InCard(table, kTableIndent);
  }

  // ---------------------------------------------------------------- blocks that may stand in a card
  void InCard(const ParagraphBlock& paragraph, std::size_t indent) { Prose(paragraph.text, indent); }
  void InCard(const ListBlock& list, std::size_t indent) {
    for (const InlineText& item : list.items) {
      Line mark;
      Pad(mark, indent);
      Append(mark, Text("- "));
      Hanging(mark, indent + 2, Words(item));
    }
  }
  void InCard(const KeyValueBlock& block, std::size_t indent) { KeyValues(block, indent, kLabelWidth, Style::Plain); }

  // Notes stand in one column behind the code, or above it where they do not fit.
  void InCard(const CodeBlock& block, std::size_t around) {
    const std::size_t indent = around + (block.inset ? 2 : 0);
    const std::size_t room = width_ - indent;
    std::size_t column = 0;
    for (const CodeLine& line : block.lines) {
      const std::size_t code = Width(Text(line.code));
      if (code + 4 + Width(Text(line.note)) <= room) column = std::max(column, code + 2);
    }
    for (const CodeLine& line : block.lines) {
      const std::size_t code = Width(Text(line.code));
      const std::string note = line.note.empty() ? "" : "# " + line.note;
      const bool beside = std::max(column, code + 2) + Width(Text(note)) <= room;
      if (!note.empty() && !beside) Code(note, indent);
      if (code > room && !line.broken.empty()) {
        for (const std::string& part : line.broken) Code(part, indent);
        continue;
      }
      const std::string gap(note.empty() || !beside ? 0 : std::max(column, code + 2) - code, ' ');
      Code(line.code, indent, beside ? gap + note : "");
    }
  }
  // Never wrapped: it must paste.
  void Code(std::string_view code, std::size_t indent, std::string_view note = {}) {
    Line line;
    Pad(line, indent);
    Append(line, Text(code));
    if (!note.empty()) Append(line, Text(note, Style::Dim));
    Put(line);
  }

  // Columns as wide as their widest cell, two spaces between; where the page is too narrow, `name: value`.
  void InCard(const TableBlock& table, std::size_t indent) {
    std::vector<std::size_t> widths;
    for (const TableBlock::Column& column : table.columns) widths.push_back(Width(Text(column.name)));
    for (const std::vector<InlineText>& row : table.rows) {
      for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], Width(Words(row[c])));
    }
    std::size_t total = indent;
    for (const std::size_t width : widths) total += width + 2;
    if (total - 2 > width_) return TableAsLines(table, indent);
    const auto put = [&](const auto& cell_of) {
      Line line;
      std::size_t at = indent;
      for (std::size_t c = 0; c < widths.size(); ++c) {
        const Line cell = cell_of(c);
        Pad(line, at + (table.columns[c].right ? widths[c] - Width(cell) : 0));
        Append(line, cell);
        at += widths[c] + 2;
      }
      Put(line);
    };
    put([&](std::size_t c) { return Text(table.columns[c].name, Style::Dim); });
    for (const std::vector<InlineText>& row : table.rows) put([&](std::size_t c) { return Words(row[c]); });
  }
  void TableAsLines(const TableBlock& table, std::size_t indent) {
    for (const std::vector<InlineText>& row : table.rows) {
      Prose(row.front(), indent);
      for (std::size_t c = 1; c < row.size(); ++c) {
        if (row[c].empty()) continue;
        Line start;
        Pad(start, indent + 2);
        Append(start, Text(table.columns[c].name + ": ", Style::Dim));
        Hanging(start, indent + 4, Words(row[c]));
      }
    }
  }

  void KeyValues(const KeyValueBlock& block, std::size_t indent, std::size_t label_width, Style label_style) {
    for (const KeyValueBlock::Row& row : block.rows) {
      const Style style = row.quiet ? Style::Dim : Style::Plain;
      if (block.line_each) {
        ValueLines(row, indent, label_width, label_style, style);
        continue;
      }
      Line start;
      Pad(start, indent);
      Append(start, Text(row.label, row.quiet ? Style::Dim : label_style));
      if (narrow_) Append(start, Text(": ", style));
      Hanging(start, indent + (narrow_ ? 2 : label_width), Words(JoinInline(row.values, " · "), style));
    }
  }
  void ValueLines(const KeyValueBlock::Row& row, std::size_t indent, std::size_t label_width, Style label_style,
                  Style style) {
    Line start;
    Pad(start, indent);
    Append(start, Text(row.label, label_style));
    if (narrow_) {
      Put(start);
      for (const InlineText& value : row.values) Prose(value, indent + 2);
      return;
    }
    for (const InlineText& value : row.values)
      Hanging(&value == &row.values.front() ? start : Line(), indent + label_width, Words(value, style));
  }

  // ---------------------------------------------------------------- cards
  void Card(const CardBlock& card) {
    const std::string number = card.number > 0 ? std::to_string(card.number) + " " : "";
    Line start = Text((card.number > 0 && card.number < 10 ? " " : "") + number, Style::Bold);
    if (card.severity) {
      Append(start, Text(Word(*card.severity), StyleOf(*card.severity)));
      Append(start, Text(*card.severity == Severity::Critical ? "  " : " "));
    }
    const std::string& note = width_ >= kWidePage || card.note_short.empty() ? card.note : card.note_short;
    std::size_t body = kStepBody;
    switch (card.shape) {
      case CardBlock::Shape::Finding:
        body = narrow_ ? kStepIndent : width_ >= kWidePage ? kTitleColumn : kTitleColumn - 2;
        WithTail(start, narrow_ ? kStepIndent : kTitleColumn, Words(card.title, Style::Bold), Text(note, Style::Dim));
        break;
      case CardBlock::Shape::Dense:
        body = kStepIndent;
        WithTail(start, kStepIndent, Verbatim(card.title, Style::Cyan), Text(note));
        break;
      case CardBlock::Shape::Step: WithTail(start, kStepIndent, Words(card.title), Text(note, Style::Dim)); break;
    }
    if (card.spaced) Blank();
    for (const BodyBlock& block : card.body) std::visit([&](const auto& b) { InCard(b, body); }, block);
  }
  // Names of the model, for which lines may break at every space.
  [[nodiscard]] Line Verbatim(const InlineText& text, Style style) const {
    Line line;
    for (const Span& span : text) Append(line, Text(span.text, style));
    return line;
  }

  // ---------------------------------------------------------------- commands
  void Commands(const CommandsBlock& block) {
    std::size_t column = 0;
    for (const NextStep& step : block.steps) column = std::max(column, Width(OnOneLine(step)));
    for (const NextStep& step : block.steps) {
      Line line = &step == &block.steps.front() ? Text(block.label, Style::Bold) : Line();
      Pad(line, kNextIndent);
      if (kNextIndent + column + 4 + Width(Text(step.what)) <= width_) {
        Append(line, OnOneLine(step));
        Pad(line, kNextIndent + column + 4);
        Append(line, Text(step.what));
        Put(line);
      } else {
        Command(std::move(line), step.command);
        Prose(ParseInline(step.what), kNextIndent + 4);
      }
    }
  }

  [[nodiscard]] Line OnOneLine(const NextStep& step) const {
    std::string command;
    for (const std::string& part : step.command) command += (command.empty() ? "" : " ") + part;
    return Text(command, Style::Cyan);
  }

  // A command that is too long goes on in the next line as a shell reads it: behind a backslash.
  void Command(Line line, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) {
      const bool last = &part == &parts.back();
      const Line words = Text(part, Style::Cyan);
      const bool begun = &part != &parts.front();
      if (begun && Width(line) + 1 + Width(words) + (last ? 0 : 2) > width_) {
        Append(line, Text(" \\", Style::Cyan));
        Put(line);
        line = Line();
        Pad(line, kNextIndent + 2);
      } else if (begun) {
        Append(line, Text(" "));
      }
      Append(line, words);
    }
    Put(line);
  }

  std::size_t width_;
  bool utf8_;
  bool colour_;
  bool narrow_;
  std::string out_;
};

}  // namespace

std::string WriteText(const Page& page, const TextOptions& options) { return TextPage(options).Write(page); }

std::string WriteOneLine(std::string_view line, const TextOptions& options) {
  return Render(Paint(line, options.utf8), false);
}

}  // namespace advise::report
