// One function a part of the report, and the table of parts. To add a part: a function that adds blocks, a row of
// kParts, and a case of tests/golden/report.
#include "report/make_page.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace advise::report {
namespace {

using explain::Level;

void Add(auto& blocks, auto block) { blocks.push_back(std::move(block)); }

void AddParagraph(auto& blocks, std::string_view text) { Add(blocks, ParagraphBlock{ParseInline(text)}); }

// Narrated Markdown: paragraphs, list items and fenced code; empty lines only part them.
void AddMarkdown(std::vector<BodyBlock>& blocks, std::string_view text) {
  bool code = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.starts_with("```")) {
      code = !code;
      if (code) Add(blocks, CodeBlock{{}, true});
    } else if (code) {
      std::get<CodeBlock>(blocks.back()).lines.push_back({std::string(line), "", {}});
    } else if (line.starts_with("- ")) {
      const bool goes_on = !blocks.empty() && std::holds_alternative<ListBlock>(blocks.back());
      if (!goes_on) Add(blocks, ListBlock{});
      std::get<ListBlock>(blocks.back()).items.push_back(ParseInline(line.substr(2)));
    } else if (!line.empty()) {
      AddParagraph(blocks, line);
    }
  }
}

std::vector<InlineText> ParseAll(const std::vector<std::string>& texts) {
  std::vector<InlineText> parsed;
  for (const std::string& text : texts) parsed.push_back(ParseInline(text));
  return parsed;
}

void AddRow(KeyValueBlock& block, std::string_view label, const std::vector<std::string>& values, bool quiet = false) {
  if (!values.empty() && !values.front().empty()) block.rows.push_back({std::string(label), ParseAll(values), quiet});
}

// ---------------------------------------------------------------- parts
void Headline(const Report& report, Page& page) { Add(page.blocks, TitleBlock{report.headline}); }

void Verdict(const Report& report, Page& page) {
  for (const std::string& paragraph : report.verdict) AddParagraph(page.blocks, paragraph);
}

void TimeStrip(const Report& report, Page& page) { Add(page.blocks, StripBlock{report.strip}); }

void TimeShares(const Report& report, Page& page) {
  KeyValueBlock line;
  AddRow(line, "TIME", report.time.values);
  if (!line.rows.empty()) Add(page.blocks, std::move(line));
  if (!report.time.sentence.empty()) AddParagraph(page.blocks, report.time.sentence);
  if (report.time.table.empty()) return;
  TableBlock table;
  table.columns = {{"TIME"}, {"wall", true}, {"share", true}, {"stages"}};
  for (const std::vector<std::string>& row : report.time.table) table.rows.push_back(ParseAll(row));
  Add(page.blocks, std::move(table));
}

void PractitionerBody(const ShownFinding& finding, std::vector<BodyBlock>& body) {
  std::string text = finding.finding.message;
  if (const explain::Section* why = finding.narration.Find(Level::Practitioner, explain::Heading::WhySlow))
    text += (text.empty() ? "" : " ") + why->text;
  AddMarkdown(body, text);
  KeyValueBlock rows;
  AddRow(rows, "where", {finding.where});
  AddRow(rows, "cause", {finding.cause});
  AddRow(rows, "explains", finding.explains);
  AddRow(rows, "ruled out", finding.ruled_out, true);
  if (!rows.rows.empty()) Add(body, std::move(rows));
}

void NoviceBody(const ShownFinding& finding, std::vector<BodyBlock>& body) {
  const std::vector<explain::Section>& sections = finding.narration.at(Level::Novice);
  if (sections.empty()) return PractitionerBody(finding, body);
  for (const explain::Section& section : sections) {
    const bool list = section.text.starts_with("- ");
    AddMarkdown(body, std::string(explain::HeadingText(section.heading)) + (list ? ".\n" : ". ") + section.text);
  }
  if (!finding.where.empty()) AddParagraph(body, "Where. " + finding.where + ".");
}

void ExpertBody(const ShownFinding& finding, std::vector<BodyBlock>& body) {
  for (const explain::Section& section : finding.narration.at(Level::Expert)) AddMarkdown(body, section.text);
  for (const std::string& line : finding.expert_lines) AddParagraph(body, line);
}

CardBlock FindingCard(const ShownFinding& finding, Level level) {
  CardBlock card;
  card.number = finding.number;
  card.severity = finding.finding.severity;
  if (level == Level::Expert) {
    card.shape = CardBlock::Shape::Dense;
    card.title = CodeInline(finding.expert_head);
    card.note = finding.expert_tail;
    ExpertBody(finding, card.body);
    return card;
  }
  card.title = ParseInline(finding.finding.title);
  card.note = finding.amount;
  card.note_short = finding.amount_short;
  card.spaced = level == Level::Novice;
  if (level == Level::Novice)
    NoviceBody(finding, card.body);
  else
    PractitionerBody(finding, card.body);
  return card;
}

void Findings(const Report& report, Page& page) {
  if (std::ranges::any_of(report.findings, &ShownFinding::shown)) Add(page.blocks, HeadingBlock{"FINDINGS"});
  for (CardBlock& card : FindingCards(report, report.level)) Add(page.blocks, std::move(card));
  if (!report.more_findings.empty()) Add(page.blocks, ParagraphBlock{ParseInline(report.more_findings), true});
}

void WhatToDo(const Report& report, Page& page) {
  if (!report.actions.empty()) Add(page.blocks, HeadingBlock{"WHAT TO DO"});
  for (const Action& action : report.actions) {
    CardBlock card;
    card.shape = CardBlock::Shape::Step;
    card.number = action.first ? action.number : 0;
    card.title = ParseInline(action.title);
    card.note = action.tags;
    for (const std::string& remark : action.remarks) AddParagraph(card.body, remark);
    if (!action.code.empty()) Add(card.body, CodeBlock{action.code});
    Add(page.blocks, std::move(card));
  }
}

void Foot(const Report& report, Page& page) {
  KeyValueBlock rows;
  rows.line_each = true;
  AddRow(rows, "CHECKED", report.checked);
  AddRow(rows, "NEAREST", report.nearest);
  AddRow(rows, "NOT EVALUATED", report.not_evaluated_lines);
  AddRow(rows, "LOG", report.log_lines);
  Add(page.blocks, std::move(rows));
}

void Next(const Report& report, Page& page) {
  if (!report.next.empty()) Add(page.blocks, CommandsBlock{"NEXT", report.next});
}

using Part = void (*)(const Report& report, Page& page);
constexpr Part kParts[] = {Headline, Verdict, TimeStrip, TimeShares, Findings, WhatToDo, Foot, Next};

}  // namespace

std::vector<CardBlock> FindingCards(const Report& report, Level level) {
  std::vector<CardBlock> cards;
  for (const ShownFinding& finding : report.findings) {
    if (finding.shown) cards.push_back(FindingCard(finding, level));
  }
  return cards;
}

Page MakePage(const Report& report) {
  Page page;
  for (const Part part : kParts) part(report, page);
  return page;
}

}  // namespace advise::report
