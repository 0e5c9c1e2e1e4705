// tests/golden/page/: a page with a block of every kind, and texts that a hostile log could hold, in each format.
#include <sstream>
#include <vector>

#include "golden/runners.h"
#include "report/page.h"
#include "report/writers/html.h"
#include "report/writers/markdown.h"
#include "report/writers/text.h"

namespace advise::golden {
namespace {

using namespace report;

Page AllBlocks() {
  Page page;
  const auto add = [&page](auto block) { page.blocks.push_back(std::move(block)); };
  add(TitleBlock{{"app.zstd  A long name of an application  Spark 3.5.9, standalone, 2 executors × 16 slots  1m57s",
                  "app.zstd  Spark 3.5.9  1m57s"}});
  add(
      ParagraphBlock{ParseInline("Stage **5** reads `orders` for 35.1 s; the median task took 1.2 s. No other stage of "
                                 "the run is as long, and nothing else is read from the same table.")});
  StripBlock strip;
  strip.strip.duration_ms = 100'000;
  strip.strip.busy = {0, 0.1, 0.5, 1, 1, 1, 0.25, 0};
  strip.strip.path = {{0, 20'000, PathKind::Idle, "start-up", "", {}},
                      {20'000, 90'000, PathKind::Tasks, "stage 5", "5", {}},
                      {90'000, 100'000, PathKind::Driver, "end", "", {}}};
  strip.strip.pins = {{20'000, 1}};
  add(strip);
  add(HeadingBlock{"FINDINGS"});

  CardBlock card;
  card.number = 1;
  card.severity = diagnose::Severity::Critical;
  card.title = ParseInline("One task of the join in stage 5 reads 380 MiB, the median task 4.79 MiB");
  card.note = "at most 35 s of 1m40s";
  card.note_short = "at most 35 s";
  card.body.push_back(ParagraphBlock{ParseInline("Key of the join: `a | b`. It ran 45.8 s.")});
  card.body.push_back(ListBlock{{ParseInline("one of them is long enough to be wrapped on a page of a usual width, so "
                                             "that its second line shows"),
                                 ParseInline("`two`")}});
  card.body.push_back(CodeBlock{{{"SELECT *", "", {}}, {"FROM `t`", "", {}}}, true});
  card.body.push_back(
      KeyValueBlock{{{"where", {ParseInline("count at job.py:45")}, false},
                     {"ruled out", {ParseInline("slow host (1.00)"), ParseInline("GC heavy (0.4 %)")}, true}},
                    false});
  add(card);

  CardBlock dense;
  dense.shape = CardBlock::Shape::Dense;
  dense.number = 2;
  dense.severity = diagnose::Severity::Low;
  dense.title = CodeInline("spark.core.spill(5.0)");
  dense.note = "stage 5.0  conf .95  ≤ 35.1 s";
  dense.body.push_back(ParagraphBlock{ParseInline("max 380 MiB  p50 4.79 MiB")});
  add(dense);
  add(ParagraphBlock{ParseInline("2 more findings (2 low): `--top 4`"), true});

  add(HeadingBlock{"WHAT TO DO"});
  CardBlock step;
  step.shape = CardBlock::Shape::Step;
  step.number = 1;
  step.title = ParseInline("Switch adaptive query execution on");
  step.note = "conf, session, effort low";
  step.body.push_back(ParagraphBlock{ParseInline("It splits the partition.")});
  step.body.push_back(CodeBlock{{{"spark.conf.set(\"spark.sql.adaptive.enabled\", \"true\")",
                                  "was false",
                                  {"spark.conf.set(", "    \"spark.sql.adaptive.enabled\",", "    \"true\")"}},
                                 {"x = 1", "set", {}}}});
  add(step);
  step.number = 0;
  step.title = ParseInline("Or broadcast the small side");
  step.body.clear();
  add(step);

  TableBlock table;
  table.columns = {{"step", false}, {"alone", true}, {"in plan", true}, {"basis", false}};
  table.rows = {{ParseInline("1 catalog | tables"), ParseInline("25.5 s"), ParseInline("25.5 s"), ParseInline("`a|b`")},
                {ParseInline("2 join on item and week"), ParseInline("126.2 s"), {}, ParseInline("modelled")}};
  add(table);
  add(ListBlock{{ParseInline("a list"), ParseInline("of the page")}});
  add(CodeBlock{{{"advise app.log", "", {}}}});

  add(KeyValueBlock{
      {{"NOT EVALUATED", {ParseInline("2 rules  Executor.peak_rss"), ParseInline("1 rule  block updates")}, false},
       {"LOG", {ParseInline("complete, 27,321 events")}, false}},
      true});
  add(CommandsBlock{"NEXT",
                    {{{"advise model", "logs/a-rather-long-name-of-a-log-file-in-a-folder.zstd", "stages 5.0"},
                      "every value of stage 5.0"},
                     {{"advise", "app.log"}, "the report"}}});
  return page;
}

// Names of a log, as they come out of the facts.
Page Hostile() {
  Page page;
  for (const char* text :
       {"<img src=x onerror=alert(1)> & [link](http://evil.example) ![i](x)", "**bold** _it_ ~~s~~ `c` $m$", "# h",
        "1. item", "- item", "> quote", "| a | b |", "@octocat #1 user@host www.evil.example", "```",
        "===", "\xE2\x80\xAErtl \x1b[31mred\x1b[0m \xC2\x9B bell\x07", "line\nbreak"}) {
    page.blocks.push_back(ParagraphBlock{PlainInline(text)});
    page.blocks.push_back(ParagraphBlock{CodeInline(text)});
    page.blocks.push_back(ParagraphBlock{{{text, SpanKind::Strong}}});
    page.blocks.push_back(ListBlock{{PlainInline(text)}});
    CardBlock card;
    card.number = 1;
    card.title = PlainInline(text);
    card.note = text;
    page.blocks.push_back(card);
    page.blocks.push_back(CodeBlock{{{text, text, {}}}});
    page.blocks.push_back(TableBlock{{{"a", false}, {"b", false}}, {{PlainInline(text), CodeInline(text)}}});
    page.blocks.push_back(KeyValueBlock{{{"label", {PlainInline(text)}, false}}, false});
  }
  return page;
}

}  // namespace

std::string RunPageGolden(const std::filesystem::path& folder) {
  const bool hostile = folder.filename() == "hostile";
  const Page page = hostile ? Hostile() : AllBlocks();
  std::string text;
  for (const std::size_t width : {std::size_t{44}, std::size_t{72}, std::size_t{100}}) {
    if (hostile && width != 100) continue;
    for (const bool utf8 : {true, false}) {
      text += "######## " + std::to_string(width) + (utf8 ? " utf8\n" : " ascii\n");
      text += WriteText(page, {.width = width, .utf8 = utf8, .colour = false});
    }
  }
  text += "######## markdown\n" + WriteMarkdown(page);
  return text + "######## html\n" + WriteHtmlBlocks(page);
}

}  // namespace advise::golden
