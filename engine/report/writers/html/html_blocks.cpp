// Elements that need no script: lists are lists, tables have heads, code can be reached by the keyboard.
#include "report/writers/html/html_blocks.h"

#include "report/writers/html/html_text.h"
#include "report/writers/html/svg.h"

namespace advise::report {

std::string NumberHtml(int number) {
  return number > 0 ? "<span class=\"number\">" + std::to_string(number) + "</span>" : "";
}

std::string SeverityHtml(diagnose::Severity severity) {
  return "<span class=\"severity\">" + std::string(rules::Word(severity)) + "</span>";
}

void HtmlBlocks::BeginSection(std::string_view id, std::string_view heading) {
  EndSection();
  std::string own(id);
  int copies = 1;
  for (const Section& section : sections_) copies += section.id == own ? 1 : 0;
  if (copies > 1) own += "-" + std::to_string(copies);
  sections_.push_back({own, std::string(heading)});
  out_ += "<section id=\"" + own + "\" aria-labelledby=\"h-" + own + "\">\n<h2 id=\"h-" + own + "\">" +
          EscapeHtml(heading) + "</h2>\n";
  open_ = true;
}

void HtmlBlocks::EndSection() {
  if (open_) out_ += "</section>\n";
  open_ = false;
}

// The columns of the first form stand apart by two spaces, which no name holds: the file and the application are the
// heading, the others facts.
void HtmlBlocks::Of(const TitleBlock& title) {
  std::vector<std::string> columns;
  std::string_view rest = title.forms.front();
  while (!rest.empty()) {
    const std::size_t end = rest.find("  ");
    columns.emplace_back(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
  }
  if (columns.empty()) columns.emplace_back();
  out_ += "<h1>" + EscapeHtml(columns.front()) + "</h1>\n";
  if (columns.size() == 1) return;
  out_ += "<p class=\"facts\">";
  for (std::size_t i = 1; i < columns.size(); ++i) out_ += "<span>" + EscapeHtml(columns[i]) + "</span> ";
  out_ += "</p>\n";
}

void HtmlBlocks::Of(const HeadingBlock& heading) { BeginSection(Slug(heading.text), SentenceCase(heading.text)); }

void HtmlBlocks::Of(const ParagraphBlock& paragraph) {
  out_ += (paragraph.aside ? "<p class=\"aside\">" : "<p>") + InlineHtml(paragraph.text) + "</p>\n";
}

void HtmlBlocks::Of(const ListBlock& list) {
  out_ += "<ul>\n";
  for (const InlineText& item : list.items) out_ += "<li>" + InlineHtml(item) + "</li>\n";
  out_ += "</ul>\n";
}

void HtmlBlocks::Of(const CodeBlock& code) {
  out_ += "<div class=\"code\"><pre tabindex=\"0\" role=\"group\" aria-label=\"code\"><code>";
  for (const CodeLine& line : code.lines) {
    out_ += EscapeHtml(line.code);
    if (!line.note.empty()) out_ += "<span class=\"note\">  # " + EscapeHtml(line.note) + "</span>";
    out_ += '\n';
  }
  out_ += "</code></pre></div>\n";
}

void HtmlBlocks::Of(const KeyValueBlock& block) {
  if (block.rows.empty()) return;
  out_ += "<dl class=\"values\">\n";
  for (const KeyValueBlock::Row& row : block.rows) {
    const std::string quiet = row.quiet ? " class=\"quiet\"" : "";
    out_ += "<dt" + quiet + ">" + EscapeHtml(row.label) + "</dt>";
    for (const InlineText& value : row.values) out_ += "<dd" + quiet + ">" + InlineHtml(value) + "</dd>";
    out_ += '\n';
  }
  out_ += "</dl>\n";
}

void HtmlBlocks::Of(const TableBlock& table) {
  out_ += "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"table\"><table><thead><tr>";
  for (const TableBlock::Column& column : table.columns) {
    if (column.name.empty()) {  // a head that says nothing is none
      out_ += "<td></td>";
      continue;
    }
    out_ += (column.right ? "<th scope=\"col\" class=\"right\">" : "<th scope=\"col\">") + EscapeHtml(column.name) +
            "</th>";
  }
  out_ += "</tr></thead><tbody>\n";
  for (const std::vector<InlineText>& row : table.rows) {
    out_ += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool right = c < table.columns.size() && table.columns[c].right;
      const std::string_view cell = c == 0 ? "th scope=\"row\"" : "td";
      out_ += "<" + std::string(cell) + (right ? " class=\"right\">" : ">") + InlineHtml(row[c]) +
              (c == 0 ? "</th>" : "</td>");
    }
    out_ += "</tr>\n";
  }
  out_ += "</tbody></table></div>\n";
}

void HtmlBlocks::Of(const StripBlock& strip) { out_ += DrawTimeline(strip.strip, {}, PathPlaces(Report())); }

void HtmlBlocks::Of(const CommandsBlock& commands) {
  BeginSection(Slug(commands.label), SentenceCase(commands.label));
  out_ += "<ul class=\"commands\">\n";
  for (const NextStep& step : commands.steps) {
    std::string command;
    for (const std::string& part : step.command) command += (command.empty() ? "" : " ") + part;
    out_ += "<li><code>" + EscapeHtml(command) + "</code> " + InlineHtml(ParseInline(step.what)) + "</li>\n";
  }
  out_ += "</ul>\n";
}

void HtmlBlocks::Of(const CardBlock& card) {
  out_ += "<div class=\"card\"><h3>" + NumberHtml(card.number);
  if (card.severity) out_ += SeverityHtml(*card.severity) + " ";
  out_ += "<span class=\"card-title\">" + InlineHtml(card.title) + "</span></h3>\n";
  if (!card.note.empty()) out_ += "<p class=\"tags\">" + EscapeHtml(card.note) + "</p>\n";
  Body(card.body);
  out_ += "</div>\n";
}

void HtmlBlocks::Body(const std::vector<BodyBlock>& blocks) {
  for (const BodyBlock& block : blocks) std::visit([this](const auto& b) { Of(b); }, block);
}

}  // namespace advise::report
