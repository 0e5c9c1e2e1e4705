// One function a part of the report, and the table of parts. To add a part: a function that adds blocks, a row of
// kParts, and a case of tests/golden/report.
#include "report/make_page.h"

#include "report/words.h"

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
  const TimeTexts& time = report.time;
  if (!time.values.empty()) {
    KeyValueBlock line;
    AddRow(line, "TIME", time.values);
    AddRow(line, "", {time.explained});
    Add(page.blocks, std::move(line));
    return;
  }
  if (!time.table.empty()) {
    TableBlock table;
    table.columns = {{"TIME"}, {"wall", true}, {"share", true}, {"stages"}};
    for (const std::vector<std::string>& row : time.table) table.rows.push_back(ParseAll(row));
    Add(page.blocks, std::move(table));
  }
  const std::string explained = time.explained.empty() ? "" : UpperFirst(time.explained) + ".";
  const std::string text = time.sentence + (time.sentence.empty() || explained.empty() ? "" : " ") + explained;
  if (!text.empty()) AddParagraph(page.blocks, text);
}

void PractitionerBody(const ShownFinding& finding, std::vector<BodyBlock>& body) {
  std::string text = finding.finding.message;
  if (const explain::Section* why = finding.narration.Find(Level::Practitioner, explain::Heading::WhySlow))
    text += (text.empty() ? "" : " ") + why->text;
  AddMarkdown(body, text);
  KeyValueBlock rows;
  AddRow(rows, "where", {finding.where});
  AddRow(rows, "also", finding.also);
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
  if (!finding.also.empty()) AddParagraph(body, "Also in. " + Joined(finding.also, ", ") + ".");
}

void ExpertBody(const ShownFinding& finding, std::vector<BodyBlock>& body) {
  for (const explain::Section& section : finding.narration.at(Level::Expert)) AddMarkdown(body, section.text);
  for (const std::string& line : finding.expert_lines) AddParagraph(body, line);
  if (!finding.also.empty()) AddParagraph(body, "also " + Joined(finding.also, "  "));
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
    if (!action.saving.empty()) AddParagraph(card.body, UpperFirst(action.saving) + ".");
    for (const std::string& remark : action.remarks) AddParagraph(card.body, remark);
    if (!action.code.empty()) Add(card.body, CodeBlock{action.code});
    Add(page.blocks, std::move(card));
  }
}

void PlanPart(const Report& report, Page& page) {
  const PlanTexts& texts = report.plan_texts;
  if (!texts.heading.empty()) Add(page.blocks, HeadingBlock{texts.heading});
  if (!texts.summary.empty()) AddParagraph(page.blocks, texts.summary + ".");
  if (!texts.remark.empty()) AddParagraph(page.blocks, texts.remark);
  if (!texts.steps.empty()) {
    TableBlock table;
    table.columns = {{"", true}, {"step"}, {"alone", true}, {"in plan", true}, {"if dropped", true}, {"basis"}};
    for (const std::vector<std::string>& row : texts.steps) {
      table.rows.emplace_back();
      for (const std::string& cell : row) table.rows.back().push_back(PlainInline(cell));
    }
    Add(page.blocks, std::move(table));
  }
  KeyValueBlock rows;
  rows.line_each = true;
  AddRow(rows, "together", texts.sum);
  AddRow(rows, "money", texts.money);
  AddRow(rows, "measure first", texts.measure);
  AddRow(rows, "check", texts.checks);
  AddRow(rows, "not chosen", texts.not_chosen, true);
  AddRow(rows, "no help", texts.no_help, true);
  if (!rows.rows.empty()) Add(page.blocks, std::move(rows));
  if (texts.paste.empty()) return;
  Add(page.blocks, HeadingBlock{"ALL SETTINGS"});
  Add(page.blocks, CodeBlock{texts.paste, true});
}

void Foot(const Report& report, Page& page) {
  KeyValueBlock rows;
  rows.line_each = true;
  AddRow(rows, "CHECKED", report.checked);
  AddRow(rows, "NEAREST", report.nearest);
  AddRow(rows, "PARAMETERS", report.parameter_lines);
  AddRow(rows, "OVERRIDES", report.override_lines);
  AddRow(rows, "NOT EVALUATED", report.not_evaluated_lines);
  AddRow(rows, "LOG", report.log_lines);
  Add(page.blocks, std::move(rows));
}

void Next(const Report& report, Page& page) {
  if (!report.next.empty()) Add(page.blocks, CommandsBlock{"NEXT", report.next});
}

using Part = void (*)(const Report& report, Page& page);
constexpr Part kParts[] = {Headline, Verdict, TimeStrip, TimeShares, Findings, WhatToDo, PlanPart, Foot, Next};

}  // namespace

std::vector<CardBlock> FindingCards(const Report& report, Level level) {
  std::vector<CardBlock> cards;
  for (const ShownFinding& finding : report.findings) {
    if (finding.shown && !finding.like) cards.push_back(FindingCard(finding, level));
  }
  return cards;
}

Page MakePage(const Report& report) {
  Page page;
  for (const Part part : kParts) part(report, page);
  return page;
}

}  // namespace advise::report
