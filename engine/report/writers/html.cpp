// The frame of the page and the order of its sections: what the page of blocks says, in its order; the details of the
// run between the findings and the foot.
#include "report/writers/html.h"

#include <algorithm>
#include <array>

#include "report/make_page.h"
#include "report/words.h"
#include "report/writers/html/html_blocks.h"
#include "report/writers/html/html_details.h"
#include "report/writers/html/html_text.h"
#include "report/writers/html/page_assets.h"
#include "report/writers/html/svg.h"
#include "support/version.h"

namespace advise::report {
namespace {

using explain::Level;

constexpr std::array<Level, explain::kLevels> kAllLevels = {Level::Novice, Level::Practitioner, Level::Expert};

class HtmlPage {
 public:
  HtmlPage(const Report& report, std::size_t inside) : report_(report), inside_(inside) {
    for (const Level level : kAllLevels) cards_[static_cast<std::size_t>(level)] = FindingCards(report, level);
  }

  std::string Write() {
    const Page page = MakePage(report_);
    const Block* foot = Foot(page);
    for (const Block& block : page.blocks) {
      at_foot_ = at_foot_ || &block == foot;
      if (&block == foot) AddDetails();
      std::visit([this](const auto& b) { Of(b); }, block);
    }
    if (foot == nullptr) AddDetails();
    EndTime();
    blocks_.EndSection();
    return Frame();
  }

 private:
  // The last lines of the page are about the log: what came before them is about the run.
  static const Block* Foot(const Page& page) {
    const Block* foot = nullptr;
    for (const Block& block : page.blocks) {
      const auto* values = std::get_if<KeyValueBlock>(&block);
      if (values != nullptr && values->line_each) foot = &block;
    }
    return foot;
  }

  void Of(const auto& block) { blocks_.Of(block); }
  void Of(const HeadingBlock& heading) {
    EndTime();
    blocks_.Of(heading);
  }
  void Of(const StripBlock& block) {
    if (block.strip.duration_ms <= 0 && !report_.details) return;
    blocks_.BeginSection("time", "Where the time went");
    in_time_ = true;
    if (block.strip.duration_ms <= 0) return;
    static const std::vector<Lane> kNoLanes;
    blocks_.Put("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"timeline\">\n");
    blocks_.Put(DrawTimeline(block.strip, report_.details ? report_.details->lanes : kNoLanes, PathPlaces(report_)));
    blocks_.Put("</div>\n<p class=\"legend\">");
    for (const auto& [of_class, text] :
         std::initializer_list<std::pair<std::string, std::string>>{{"k-driver", "driver alone"},
                                                                    {"k-scan", "stages that read sources"},
                                                                    {"k-shuffle", "stages that read a shuffle"},
                                                                    {"k-mixed", "short pieces"},
                                                                    {"k-idle", "start-up, end, no executor"}}) {
      blocks_.Put("<span><svg class=\"swatch\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"" + of_class +
                  "\" width=\"12\" height=\"12\"/></svg> " + text + "</span> ");
    }
    blocks_.Put("</p>\n");
  }
  void Of(const KeyValueBlock& block) {
    if (!block.line_each) return blocks_.Of(block);
    EndTime();
    for (const KeyValueBlock::Row& row : block.rows) {
      if (!at_foot_) {  // a part of the plan
        blocks_.Put("<h3>" + EscapeHtml(UpperFirst(row.label)) + "</h3>\n");
        blocks_.Of(ListBlock{row.values});
        continue;
      }
      blocks_.BeginSection(Slug(row.label), SentenceCase(row.label));
      blocks_.Of(ListBlock{row.values});
    }
  }
  void Of(const CardBlock& card) {
    if (card.shape == CardBlock::Shape::Step || next_card_ >= cards_.front().size()) return blocks_.Of(card);
    Finding(next_card_++);
  }

  void EndTime() {
    if (!in_time_) return;
    in_time_ = false;
    if (report_.details) WriteAccounts(*report_.details, blocks_);
    WritePath(report_.strip, blocks_);
  }

  // ---------------------------------------------------------------- findings
  // The same finding for three readers: the page shows the level of the root element.
  void Finding(std::size_t index) {
    const CardBlock& head = cards_[static_cast<std::size_t>(Level::Practitioner)][index];
    const auto shown = std::ranges::find(report_.findings, head.number, &ShownFinding::number);
    const std::string number = std::to_string(head.number);
    blocks_.Put("<details class=\"finding " + std::string(head.severity ? rules::Word(*head.severity) : "") +
                "\" id=\"f" + number + "\" open><summary>");
    if (head.severity) blocks_.Put(SeverityHtml(*head.severity) + " ");
    blocks_.Put(NumberHtml(head.number) + " <span class=\"card-title\">" + InlineHtml(head.title) + "</span> ");
    if (shown != report_.findings.end())
      blocks_.Put(DrawSaving(shown->finding.impact, report_.app.duration_ms.value_or(0)));
    blocks_.Put("<span class=\"amount\">" + EscapeHtml(head.note) + "</span></summary>\n<div class=\"inside\">\n");
    for (const Level level : kAllLevels) {
      const CardBlock& card = cards_[static_cast<std::size_t>(level)][index];
      blocks_.Put("<div class=\"level " + std::string(explain::LevelName(level)) + "\">\n");
      if (card.shape == CardBlock::Shape::Dense)
        blocks_.Put("<p>" + InlineHtml(card.title) + " " + EscapeHtml(card.note) + "</p>\n");
      blocks_.Body(card.body);
      blocks_.Put("</div>\n");
    }
    if (shown != report_.findings.end()) Evidence(*shown);
    blocks_.Put("</div></details>\n");
  }

  void Evidence(const ShownFinding& shown) {
    std::string links;
    for (const diagnose::SubjectPart& part : shown.finding.subject) {
      const PathPlace place = PathPlaces(report_).Of({part.entity, part.row});
      if (!part.group && !place.anchor.empty())
        links += "<a href=\"#" + place.anchor + "\">stage " + EscapeHtml(part.key) + "</a> ";
      if (!part.group && part.entity == model::Entity::SqlExecution && HasQuery("q" + part.key))
        links += "<a href=\"#q" + EscapeHtml(part.key) + "\">query " + EscapeHtml(part.key) + "</a> ";
    }
    for (const Action& action : report_.actions) {
      if (action.first && action.number == shown.number) links += "<a href=\"#what-to-do\">what to do</a> ";
    }
    if (!links.empty()) blocks_.Put("<p class=\"aside\">See " + links + "</p>\n");
    if (shown.finding.evidence.empty()) return;
    blocks_.Put("<details class=\"more evidence\"><summary>What was measured</summary>\n<dl class=\"values\">\n");
    for (const diagnose::Evidence& item : shown.finding.evidence) {
      blocks_.Put("<dt><code>" + EscapeHtml(item.name) + "</code></dt><dd>" +
                  (item.text.empty() ? "not in the log" : EscapeHtml(item.text)) + "</dd>\n");
    }
    blocks_.Put("</dl></details>\n");
  }

  [[nodiscard]] bool HasQuery(const std::string& anchor) const {
    return report_.details &&
           std::ranges::find(report_.details->queries, anchor, &QueryDetail::anchor) != report_.details->queries.end();
  }

  void AddDetails() {
    EndTime();
    if (!report_.details) return;
    WriteChoices(report_, blocks_);
    WriteFolds(*report_.details, blocks_);
    WriteQueries(*report_.details, inside_, blocks_);
    WriteStages(*report_.details, inside_, blocks_);
    WriteExecutors(*report_.details, blocks_);
  }

  // ---------------------------------------------------------------- the frame
  [[nodiscard]] std::string Frame() const {
    const std::string level(explain::LevelName(report_.level));
    const std::string title = EscapeHtml(report_.headline.empty() ? "report" : report_.headline.back());
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"en\" data-level=\"" + level +
        "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
        "'none'; script-src " +
        PolicyHash(kPageJsSha256) + "; style-src " + PolicyHash(kPageCssSha256) +
        "; img-src data:; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"advise " +
        std::string(kVersion) + "\">\n<title>advise: " + title + "</title>\n<style>";
    out += kPageCss;
    out += "</style>\n</head>\n<body>\n";
    out += "<a class=\"skip\" href=\"#" + std::string(cards_.front().empty() ? "main" : "findings") +
           "\">Skip to the " + (cards_.front().empty() ? "report" : "findings") + "</a>\n<header class=\"bar\">\n" +
           "<strong>advise</strong>\n<fieldset id=\"levels\" hidden><legend>level</legend>\n";
    for (const Level each : kAllLevels) {
      const std::string name(explain::LevelName(each));
      out += "<label><input type=\"radio\" name=\"level\" value=\"" + name + "\"" +
             (each == report_.level ? " checked" : "") + "> " + name + "</label>\n";
    }
    out += "</fieldset>\n<nav aria-label=\"sections\">\n";
    for (const HtmlBlocks::Section& section : blocks_.sections())
      out += "<a href=\"#" + section.id + "\">" + EscapeHtml(ShortHeading(section)) + "</a>\n";
    out += "</nav>\n</header>\n<main id=\"main\">\n" + blocks_.html() + "</main>\n<footer>\n<p>Made by advise " +
           std::string(kVersion) +
           " from the event log alone; the page needs no network.</p>\n<p id=\"keys\" hidden><kbd>j</kbd> "
           "<kbd>k</kbd> next and previous finding, <kbd>e</kbd> open or fold all, <kbd>l</kbd> level, <kbd>/</kbd> "
           "filter stages, <kbd>↓</kbd> <kbd>↑</kbd> next and previous stage of their table, <kbd>?</kbd> these "
           "keys.</p>\n</footer>\n<script>";
    out += kPageJs;
    out += "</script>\n</body>\n</html>\n";
    return out;
  }
  static std::string ShortHeading(const HtmlBlocks::Section& section) {
    if (section.id == "time") return "Time";
    if (section.id == "queries") return "Queries";
    return section.heading;
  }

  const Report& report_;
  std::size_t inside_;
  std::array<std::vector<CardBlock>, explain::kLevels> cards_;
  HtmlBlocks blocks_;
  std::size_t next_card_ = 0;
  bool in_time_ = false;
  bool at_foot_ = false;
};

}  // namespace

std::string WriteHtml(const Report& report) {
  std::size_t inside = 0;
  if (report.details) {
    for (const QueryDetail& query : report.details->queries) inside += query.plan.empty() ? 0U : 1U;
    inside += static_cast<std::size_t>(std::ranges::count_if(
        report.details->stages, [](const StageDetail& stage) { return stage.inside.has_value(); }));
  }
  for (;;) {
    std::string page = HtmlPage(report, inside).Write();
    if (page.size() <= kPageBytes || inside == 0) return page;
    inside /= 2;
  }
}

std::string WriteHtmlBlocks(const Page& page) {
  HtmlBlocks blocks;
  for (const Block& block : page.blocks) std::visit([&blocks](const auto& b) { blocks.Of(b); }, block);
  blocks.EndSection();
  return blocks.html();
}

}  // namespace advise::report
