// One function a block, and what keeps a name of the log from being read as markup.
#include "report/writers/markdown.h"

#include <algorithm>
#include <utility>

#include "report/strip.h"
#include "support/clean_text.h"
#include "support/text.h"

namespace advise::report {
namespace {

constexpr std::size_t kStripColumns = 88;  // fits the column of a pull request

bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t LongestRun(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// A mention, an address, an issue: what a forge links by itself, escaped or not. Only code is left alone.
bool IsLinkedByItself(std::string_view word) {
  const std::size_t number = word.find('#');
  const bool issue = number != std::string_view::npos && number + 1 < word.size() && IsDigit(word[number + 1]) &&
                     (number == 0 || !IsWordChar(word[number - 1]));
  return issue || word.find('@') != std::string_view::npos || word.find("://") != std::string_view::npos ||
         word.find("www.") != std::string_view::npos;
}

// "-", "+", "=", "12." and "12)" are markup at the start of a line alone.
std::size_t LineMark(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+') || text.starts_with('=')) return 0;
  std::size_t at = 0;
  while (at < text.size() && IsDigit(text[at])) ++at;
  const bool mark = at > 0 && at < text.size() && (text[at] == '.' || text[at] == ')') &&
                    (at + 1 == text.size() || text[at + 1] == ' ');
  return mark ? at : std::string_view::npos;
}

// One word; what stands around it is a space or nothing.
std::string EscapeWord(std::string_view word) {
  constexpr std::string_view kMarks = "\\`*[]<>|~&$";
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    // Between letters a "_" begins no emphasis, and names are full of them.
    const bool inside = i > 0 && i + 1 < word.size() && IsWordChar(word[i - 1]) && IsWordChar(word[i + 1]);
    const bool mark =
        kMarks.find(word[i]) != std::string_view::npos || (word[i] == '_' && !inside) || (word[i] == '#' && i == 0);
    if (mark) out += '\\';
    out += word[i];
  }
  return out;
}

class MarkdownPage {
 public:
  std::string Write(const Page& page) {
    for (const Block& block : page.blocks) std::visit([this](const auto& b) { Of(b); }, block);
    return std::move(out_);
  }

 private:
  // A block of its own: an empty line before it.
  void Put(std::string_view text) {
    if (!out_.empty()) out_ += '\n';
    out_.append(text) += '\n';
  }

  static std::string Inline(const InlineText& text) {
    std::string out;
    for (const Span& span : text) {
      const std::string clean = PrintableText(span.text, LineEnds::Replace);
      switch (span.kind) {
        case SpanKind::Plain: out += EscapeMarkdown(clean, out.empty()); break;
        case SpanKind::Code: out += CodeSpan(clean); break;
        case SpanKind::Strong: out += Strong(clean); break;
      }
    }
    return out;
  }
  // Spaces inside the marks would make them plain asterisks.
  static std::string Strong(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return std::string(text);
    const std::size_t end = text.find_last_not_of(' ') + 1;
    return std::string(text.substr(0, begin)) + "**" + EscapeMarkdown(text.substr(begin, end - begin), false) + "**" +
           std::string(text.substr(end));
  }

  void Of(const TitleBlock& title) {
    Put("## " + EscapeMarkdown(PrintableText(title.forms.front(), LineEnds::Replace), false));
  }
  void Of(const HeadingBlock& heading) { Put("### " + EscapeMarkdown(heading.text, false)); }
  void Of(const ParagraphBlock& paragraph) { Put(Inline(paragraph.text)); }

  void Of(const ListBlock& list) {
    std::string text;
    for (const InlineText& item : list.items) text += (text.empty() ? "- " : "\n- ") + Inline(item);
    Put(text);
  }

  void Of(const CodeBlock& block) {
    std::string text;
    for (const CodeLine& line : block.lines) {
      text += PrintableText(line.code, LineEnds::Replace);
      if (!line.note.empty()) text += "  # " + PrintableText(line.note, LineEnds::Replace);
      text += '\n';
    }
    Fenced(text);
  }
  void Fenced(const std::string& lines) {
    const std::string fence(std::max<std::size_t>(3, LongestRun(lines, '`') + 1), '`');
    Put(fence + "\n" + lines + fence);
  }

  void Of(const KeyValueBlock& block) {
    std::string text;
    for (const KeyValueBlock::Row& row : block.rows) {
      if (row.label.empty() && !text.empty()) {  // goes on from the row before
        text += "\n  " + Inline(JoinInline(row.values, " · "));
        continue;
      }
      text += (text.empty() ? "- **" : "\n- **") + EscapeMarkdown(row.label, false) + "**";
      if (!block.line_each || row.values.size() == 1) {
        text += " " + Inline(JoinInline(row.values, " · "));
        continue;
      }
      for (const InlineText& value : row.values) text += "\n  - " + Inline(value);
    }
    Put(text);
  }

  void Of(const TableBlock& table) {
    std::string head = "|";
    std::string rule = "|";
    for (const TableBlock::Column& column : table.columns) {
      head += " " + Cell(PlainInline(column.name)) + " |";
      rule += column.right ? " ---: |" : " --- |";
    }
    std::string text = head + "\n" + rule;
    for (const std::vector<InlineText>& row : table.rows) {
      text += "\n|";
      for (const InlineText& cell : row) text += " " + Cell(cell) + " |";
    }
    Put(text);
  }
  // A pipe ends a cell even inside code.
  static std::string Cell(const InlineText& text) {
    std::string cell = Inline(text);
    for (std::size_t at = cell.find('|'); at != std::string::npos; at = cell.find('|', at + 1)) {
      if (at == 0 || cell[at - 1] != '\\') cell.insert(at++, "\\");
    }
    return cell;
  }

  void Of(const StripBlock& block) {
    const StripRows rows = DrawStrip(block.strip, kStripColumns);
    if (rows.path.empty()) return;
    std::string text;
    const auto row = [&text](std::string_view label, std::string_view cells) {
      if (!cells.empty()) text.append(label).append(cells) += '\n';
    };
    row("      ", rows.axis);
    row("slots ", rows.slots);
    row("path  ", rows.path);
    row("find  ", rows.find);
    Fenced(text);
  }

  void Of(const CommandsBlock& block) {
    std::string text = "### " + EscapeMarkdown(block.label, false) + "\n";
    for (const NextStep& step : block.steps) {
      std::string command;
      for (const std::string& part : step.command) command += (command.empty() ? "" : " ") + part;
      text += "\n- " + CodeSpan(PrintableText(command, LineEnds::Replace)) + ": " + Inline(ParseInline(step.what));
    }
    Put(text);
  }

  void Of(const CardBlock& card) {
    std::string title = "####";
    if (card.number > 0) title += " " + std::to_string(card.number) + ".";
    if (card.severity) title += " " + std::string(Word(*card.severity)) + ":";
    Put(title + " " + Inline(card.title));
    if (!card.note.empty()) Put("*" + EscapeMarkdown(PrintableText(card.note, LineEnds::Replace), false) + "*");
    for (const BodyBlock& block : card.body) std::visit([this](const auto& b) { Of(b); }, block);
  }

  std::string out_;
};

}  // namespace

std::string EscapeMarkdown(std::string_view text, bool at_line_start) {
  while (at_line_start && text.starts_with(' ')) text.remove_prefix(1);
  std::string out;
  if (const std::size_t mark = at_line_start ? LineMark(text) : std::string_view::npos;
      mark != std::string_view::npos) {
    out.append(text.substr(0, mark)).append("\\").append(text.substr(mark, 1));
    text.remove_prefix(mark + 1);
  }
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      out += text[at++];
      continue;
    }
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    out += IsLinkedByItself(word) ? CodeSpan(word) : EscapeWord(word);
    at = end;
  }
  return out;
}

std::string CodeSpan(std::string_view code) {
  const std::string fence(LongestRun(code, '`') + 1, '`');
  // A space is taken off at both ends where there is one at both.
  const bool padded =
      code.empty() || code.front() == '`' || code.back() == '`' || (code.front() == ' ' && code.back() == ' ');
  const std::string pad(padded ? 1 : 0, ' ');
  return fence + pad + std::string(code) + pad + fence;
}

std::string WriteMarkdown(const Page& page) { return MarkdownPage().Write(page); }

}  // namespace advise::report
