// Lays the parts of the report out in a page width.
#include "report/writers/terminal.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "report/strip.h"
#include "report/writers/text_layout.h"

namespace advise::report {
namespace {

using diagnose::Severity;
using explain::Heading;
using explain::Level;

constexpr std::size_t kMinWidth = 44;
constexpr std::size_t kNarrow = 60;  // below it: no strip, labels stand as `name: value`
constexpr std::size_t kMaxWidth = 120;
constexpr std::size_t kWidePage = 80;  // from here on the body of a finding stands below its title
constexpr std::size_t kTitleColumn = 11;
constexpr std::size_t kLabelWidth = 11;  // "explains   "
constexpr std::size_t kFootLabel = 15;   // "NOT EVALUATED  "
constexpr std::size_t kStripLabel = 8;   // "  slots "
constexpr std::size_t kNextIndent = 6;   // "NEXT  "
constexpr std::size_t kActionIndent = 3;
constexpr std::size_t kCodeIndent = 5;

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

class Terminal {
 public:
  Terminal(const Report& report, const TerminalOptions& options)
      : report_(report),
        width_(std::clamp(options.width, kMinWidth, kMaxWidth)),
        utf8_(options.utf8),
        colour_(options.colour),
        narrow_(width_ < kNarrow),
        title_(narrow_ ? kActionIndent : kTitleColumn),
        body_(narrow_               ? kActionIndent
              : width_ >= kWidePage ? kTitleColumn
                                    : kTitleColumn - 2) {}

  std::string Write() {
    Headline();
    for (const std::string& paragraph : report_.verdict) {
      Blank();
      Prose(paragraph, 0);
    }
    TimeStrip();
    Findings();
    Actions();
    Foot();
    Next();
    return std::move(out_);
  }

 private:
  // ---------------------------------------------------------------- lines
  void Put(const Line& line) { out_.append(Render(line, colour_)) += '\n'; }
  void Blank() { out_ += '\n'; }
  [[nodiscard]] Line Text(std::string_view text, Style style = Style::Plain) const { return Paint(text, utf8_, style); }
  [[nodiscard]] Line Words(std::string_view text, Style style = Style::Plain) const {
    return PaintProse(text, utf8_, style);
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
  void Prose(std::string_view text, std::size_t indent, Style style = Style::Plain) {
    Hanging({}, indent, Words(text, style));
  }

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

  void Section(std::string_view name) {
    Blank();
    Put(Text(name, Style::Bold));
  }

  // ---------------------------------------------------------------- top
  void Headline() {
    for (const std::string& line : report_.headline) {
      if (Width(Text(line)) > width_ && &line != &report_.headline.back()) continue;
      Hanging({}, 0, Text(line));
      return;
    }
  }

  void TimeStrip() {
    if (narrow_) return;
    const StripRows rows = DrawStrip(report_.strip, width_ - kStripLabel);
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

  // ---------------------------------------------------------------- findings
  void Findings() {
    const bool any = std::ranges::any_of(report_.findings, &ShownFinding::shown);
    if (any) Section("FINDINGS");
    for (const ShownFinding& finding : report_.findings) {
      if (!finding.shown) continue;
      Blank();
      if (report_.level == Level::Expert) {
        ExpertFinding(finding);
      } else {
        FindingTitle(finding);
        if (report_.level == Level::Novice)
          NoviceBody(finding);
        else
          PractitionerBody(finding);
      }
    }
    if (!report_.more_findings.empty()) {
      Blank();
      Prose(report_.more_findings, 1);
    }
  }

  [[nodiscard]] Line NumberAndSeverity(const ShownFinding& finding) const {
    const std::string number = std::to_string(finding.number);
    Line line = Text(std::string(number.size() < 2 ? 1 : 0, ' ') + number + " ", Style::Bold);
    const Severity severity = finding.finding.severity;
    Append(line, Text(Word(severity), StyleOf(severity)));
    Append(line, Text(severity == Severity::Critical ? "  " : " "));
    return line;
  }

  void FindingTitle(const ShownFinding& finding) {
    const std::string& amount = width_ >= kWidePage ? finding.amount : finding.amount_short;
    WithTail(NumberAndSeverity(finding), title_, Words(finding.finding.title, Style::Bold), Text(amount, Style::Dim));
  }

  void Labelled(std::string_view label, const std::vector<std::string>& items, Style style) {
    if (items.empty()) return;
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : " · ") + item;
    Line start;
    Pad(start, body_);
    Append(start, Text(label, style));
    if (narrow_) Append(start, Text(": ", style));
    Hanging(start, body_ + (narrow_ ? 2 : kLabelWidth), Words(text, style));
  }

  void PractitionerBody(const ShownFinding& finding) {
    std::string body = finding.finding.message;
    if (const explain::Section* why = finding.narration.Find(Level::Practitioner, Heading::WhySlow)) {
      body += (body.empty() ? "" : " ") + why->text;
    }
    if (!body.empty()) Markdown(body, body_);
    if (!finding.where.empty()) Labelled("where", {finding.where}, Style::Plain);
    if (!finding.cause.empty()) Labelled("cause", {finding.cause}, Style::Plain);
    Labelled("explains", finding.explains, Style::Plain);
    Labelled("ruled out", finding.ruled_out, Style::Dim);
  }

  void NoviceBody(const ShownFinding& finding) {
    Blank();
    const auto& sections = finding.narration.at(Level::Novice);
    if (sections.empty()) {
      PractitionerBody(finding);
      return;
    }
    for (const explain::Section& section : sections) {
      const bool list = section.text.starts_with("- ");
      Markdown(std::string(explain::HeadingText(section.heading)) + (list ? ".\n" : ". ") + section.text, body_);
    }
    if (!finding.where.empty()) Prose("Where. " + finding.where + ".", body_);
  }

  void ExpertFinding(const ShownFinding& finding) {
    WithTail(NumberAndSeverity(finding), kActionIndent, Text(finding.expert_head, Style::Cyan),
             Text(finding.expert_tail));
    for (const explain::Section& section : finding.narration.at(Level::Expert)) Markdown(section.text, kActionIndent);
    for (const std::string& line : finding.expert_lines) Prose(line, kActionIndent);
  }

  // Paragraphs, list items and fenced code.
  void Markdown(std::string_view text, std::size_t indent) {
    bool code = false;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      if (line.starts_with("```")) {
        code = !code;
      } else if (code) {
        CodeText(line, indent + 2);
      } else if (line.starts_with("- ")) {
        Line mark;
        Pad(mark, indent);
        Append(mark, Text("- "));
        Hanging(mark, indent + 2, Words(line.substr(2)));
      } else if (!line.empty()) {
        Prose(line, indent);
      }
    }
  }

  // Never wrapped: it must paste.
  void CodeText(std::string_view code, std::size_t indent, std::string_view note = {}) {
    Line line;
    Pad(line, indent);
    Append(line, Text(code));
    if (!note.empty()) Append(line, Text(note, Style::Dim));
    Put(line);
  }

  // ---------------------------------------------------------------- what to do
  void Actions() {
    if (report_.actions.empty()) return;
    Section("WHAT TO DO");
    for (const Action& action : report_.actions) {
      if (action.first) Blank();
      Line start =
          Text(action.first ? (action.number < 10 ? " " : "") + std::to_string(action.number) + " " : "", Style::Bold);
      WithTail(start, kActionIndent, Words(action.title), Text(action.tags, Style::Dim));
      for (const std::string& remark : action.remarks) Prose(remark, kCodeIndent);
      Code(action.code);
    }
  }

  // Notes stand in one column behind the code, or above it where they do not fit.
  void Code(const std::vector<CodeLine>& lines) {
    const std::size_t room = width_ - kCodeIndent;
    std::size_t column = 0;
    for (const CodeLine& line : lines) {
      const std::size_t code = Width(Text(line.code));
      if (code + 4 + Width(Text(line.note)) <= room) column = std::max(column, code + 2);
    }
    for (const CodeLine& line : lines) {
      const std::size_t code = Width(Text(line.code));
      const std::string note = line.note.empty() ? "" : "# " + line.note;
      const bool beside = std::max(column, code + 2) + Width(Text(note)) <= room;
      if (!note.empty() && !beside) CodeText(note, kCodeIndent);
      if (code > room && !line.broken.empty()) {
        for (const std::string& part : line.broken) CodeText(part, kCodeIndent);
        continue;
      }
      const std::string gap(note.empty() || !beside ? 0 : std::max(column, code + 2) - code, ' ');
      CodeText(line.code, kCodeIndent, beside ? gap + note : "");
    }
  }

  // ---------------------------------------------------------------- foot
  void Foot() {
    Blank();
    FootLines("CHECKED", report_.checked);
    FootLines("NEAREST", report_.nearest);
    FootLines("NOT EVALUATED", report_.not_evaluated_lines);
    FootLines("LOG", report_.log_lines);
  }

  void FootLines(std::string_view label, const std::vector<std::string>& lines) {
    if (narrow_ && !lines.empty()) {
      Put(Text(label, Style::Bold));
      for (const std::string& text : lines) Prose(text, 2);
      return;
    }
    for (const std::string& text : lines) {
      Hanging(&text == &lines.front() ? Text(label, Style::Bold) : Line(), kFootLabel, Words(text));
    }
  }

  void Next() {
    if (report_.next.empty()) return;
    Blank();
    std::size_t column = 0;
    for (const NextStep& step : report_.next) column = std::max(column, Width(OnOneLine(step)));
    for (const NextStep& step : report_.next) {
      Line line = &step == &report_.next.front() ? Text("NEXT", Style::Bold) : Line();
      Pad(line, kNextIndent);
      if (kNextIndent + column + 4 + Width(Text(step.what)) <= width_) {
        Append(line, OnOneLine(step));
        Pad(line, kNextIndent + column + 4);
        Append(line, Text(step.what));
        Put(line);
      } else {
        Command(std::move(line), step.command);
        Prose(step.what, kNextIndent + 4);
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

  const Report& report_;
  std::size_t width_;
  bool utf8_;
  bool colour_;
  bool narrow_;
  std::size_t title_;
  std::size_t body_;
  std::string out_;
};

}  // namespace

std::string WriteTerminal(const Report& report, const TerminalOptions& options) {
  return Terminal(report, options).Write();
}

std::string WriteOneLine(const Report& report, const TerminalOptions& options) {
  return Render(Paint(report.one_line, options.utf8), false);
}

}  // namespace advise::report
