// Rules of form, the strip, wrapping, and what must hold in every text report. The texts themselves:
// tests/golden/report.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "golden/report_cases.h"
#include "report/formats.h"
#include "report/make_page.h"
#include "report/strip.h"
#include "report/verdict.h"
#include "report/words.h"
#include "report/writers/markdown.h"
#include "report/writers/text.h"
#include "report/writers/text_layout.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using explain::Level;

TEST_CASE("times") {
  const struct {
    std::int64_t ms;
    std::string plain;
    std::string prose;
  } rows[] = {
      {0, "0 ms", "0 ms"},
      {4, "4 ms", "4 ms"},
      {350, "350 ms", "350 ms"},
      {999, "999 ms", "999 ms"},
      {1000, "1.0 s", "1.0 s"},
      {8449, "8.4 s", "8.4 s"},
      {8450, "8.5 s", "8.5 s"},
      {9949, "9.9 s", "9.9 s"},
      {9950, "10.0 s", "10 s"},
      {35'149, "35.1 s", "35 s"},
      {35'499, "35.5 s", "35 s"},
      {35'500, "35.5 s", "36 s"},
      {59'949, "59.9 s", "1m00s"},
      {59'950, "1m00s", "1m00s"},
      {117'000, "1m57s", "1m57s"},
      {3'599'499, "59m59s", "59m59s"},
      {3'599'500, "1h00m", "1h00m"},
      {7'500'000, "2h05m", "2h05m"},
      {273'600'000, "3d04h", "3d04h"},
      {-1500, "-1.5 s", "-1.5 s"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.ms);
    CHECK(FormatTime(row.ms) == row.plain);
    CHECK(FormatTimeShort(row.ms) == row.prose);
  }
  CHECK(FormatSlotTime(3'769'400) == "3,769 s");
  CHECK(FormatSlotTime(8'400) == "8.4 s");
  CHECK(FormatSlotTime(1'483'200'000) == "412 h");
}

TEST_CASE("intervals") {
  const struct {
    std::int64_t low;
    std::int64_t high;
    std::string want;
  } rows[] = {
      {24'100, 26'900, "24..27 s"},
      {8'100, 8'400, "8.1..8.4 s"},
      {100, 900, "0..1 s"},
      {12'100, 12'300, "12 s"},
      {238'000, 241'000, "4.0 min"},
      {8'100, 8'120, "8.1 s"},
      {-14'000, 10'000, "between 10 s less and 14 s more"},
      {46'000, 56'000, "46..56 s"},
      {1'620'000, 1'980'000, "27..33 min"},
      {-14'000, -2'000, "between 2.0 s and 14 s more"},
      {350, 800, "350..800 ms"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.low);
    CHECK(FormatInterval(row.low, row.high) == row.want);
  }
}

TEST_CASE("bytes, counts, ratios, shares") {
  CHECK(FormatBytes(0) == "0 B");
  CHECK(FormatBytes(1023) == "1023 B");
  CHECK(FormatBytes(1024) == "1 KiB");
  CHECK(FormatBytes(9'405'872'865) == "8.76 GiB");
  CHECK(FormatBytes(41'733'325) == "39.8 MiB");
  CHECK(FormatBytes(332'859'965'440) == "310 GiB");
  CHECK(FormatBytes(134'217'728) == "128 MiB");
  CHECK(FormatBytes(1'073'741'823) == "1.00 GiB");
  CHECK(FormatBytes(1'048'051'711) == "999 MiB");
  CHECK(FormatBytes(1'048'051'712) == "0.98 GiB");
  CHECK(FormatBytes(std::int64_t{2} << 50) == "2,048 TiB");
  CHECK(FormatBytes(-1024) == "-1 KiB");
  CHECK(FormatCount(28'564'493) == "28,564,493");
  CHECK(FormatCount(999) == "999");
  CHECK(FormatCount(-1000) == "-1,000");
  CHECK(FormatCountShort(999'999) == "999,999");
  CHECK(FormatCountShort(28'719'619) == "28.7 million");
  CHECK(FormatCountShort(5'241'443'564) == "5.24 billion");
  CHECK(FormatCountShort(999'600'000) == "1.00 billion");
  CHECK(FormatRatio(1.185) == "1.19");
  CHECK(FormatRatio(183.6) == "184");
  CHECK(FormatRatio(9.999) == "10");
  CHECK(FormatRatio(5) == "5");
  CHECK(FormatShare(0.3) == "30 %");
  CHECK(FormatShare(0.004) == "0.4 %");
  CHECK(FormatShare(0.995) == "99.5 %");
  CHECK(FormatShare(0.99996) == "99.9 %");
  CHECK(FormatShare(0) == "0 %");
  CHECK(FormatShare(1) == "100 %");
}

TEST_CASE("texts of a log are made safe") {
  CHECK(ShortCallSite("collect at /opt/jobs/etl.py:27") == "collect at etl.py:27");
  CHECK(ShortCallSite("collect at Main.scala:7") == "collect at Main.scala:7");
  CHECK(ShortCallSite("read at /data/orders") == "read at /data/orders");
  CHECK(ShortCallSite("look at /opt/a b/etl.py:27") == "look at /opt/a b/etl.py:27");
  CHECK(ShortCallSite("we look at /opt/etl.py:27") == "we look at /opt/etl.py:27");
  CHECK(ShortCallSite("") == "");
  CHECK(CleanText("a\tb\r\n\x1b[31mc  d ") == "a b [31mc d");
  CHECK(CleanText("\xff"
                  "abc\xe2\x80\xae"
                  "def") ==
        "\xEF\xBF\xBD"
        "abcdef");
  CHECK(CleanText("\xed\xa0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(Shorten("abcdefghij", 7) == "abc…hij");
  CHECK(Shorten("abc", 3) == "abc");
}

TEST_CASE("axis labels: 4 to 8, at 1, 2 or 5 times a power of ten") {
  const struct {
    std::int64_t ms;
    std::string want;
  } rows[] = {
      {117'000, "0s 20 40 60 80 100"}, {8'400, "0s 2 4 6 8"},          {900, "0ms 200 400 600 800"},
      {7'999, "0s 1 2 3 4 5 6 7"},     {2'500, "0s 0.5 1 1.5 2 2.5"},  {600'000, "0m 2 4 6 8 10"},
      {3'600'000 * 9, "0h 2 4 6 8"},   {239'999, "0s 50 100 150 200"}, {240'000, "0m 1 2 3 4"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.ms);
    std::string labels;
    for (const AxisLabel& label : AxisLabels(row.ms)) labels += (labels.empty() ? "" : " ") + label.text;
    CHECK(labels == row.want);
  }
  for (std::int64_t ms = 700; ms < std::int64_t{30} * 86'400'000; ms += ms / 7) {
    CAPTURE(ms);
    const std::size_t n = AxisLabels(ms).size();
    CHECK(n >= 4);
    CHECK(n <= 8);
  }
}

std::size_t Columns(const std::string& text) { return Width(Paint(text, true)); }

TEST_CASE("the strip fills its width and never prints a pin outside of it") {
  for (const std::string_view name : golden::ReportCases()) {
    const Strip strip = golden::MakeReportCase(name, Level::Practitioner).strip;
    for (std::size_t columns = 20; columns <= 112; ++columns) {
      CAPTURE(columns);
      const StripRows rows = DrawStrip(strip, columns);
      CHECK(Columns(rows.path) == columns);
      CHECK(Columns(rows.slots) <= columns);
      CHECK(Columns(rows.axis) <= columns);
      CHECK(Columns(rows.find) <= columns);
    }
  }
}

TEST_CASE("many small pieces share a cell; non-zero slots are never blank") {
  Strip strip;
  strip.duration_ms = 100'000;
  strip.busy.assign(kStripBins, 0.001);
  for (std::int64_t i = 0; i < 1000; ++i)
    strip.path.push_back({i * 50, (i + 1) * 50, PathKind::Tasks, "stage " + std::to_string(i), std::to_string(i), {}});
  strip.path.push_back({50'000, 100'000, PathKind::Driver, "planning", "", {}});
  strip.pins = {{0, 1}, {10, 2}, {99'999, 3}};
  const StripRows rows = DrawStrip(strip, 40);
  CHECK(rows.path == "├───1,000 stages────├──planning 50.0s──┤");
  CHECK(rows.slots == "▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁");
  CHECK(rows.find == "└1,2                                  └3");
}

std::vector<std::string> Wrapped(std::string_view text, std::size_t width, bool utf8 = true) {
  std::vector<std::string> lines;
  for (const Line& line : Wrap(PaintInline(ParseInline(text), utf8), width)) lines.push_back(Render(line, false));
  return lines;
}

TEST_CASE("lines break at spaces, never between a number and its unit, inside code or before a dot") {
  CHECK(Wrapped("it took 8.4 s in all", 11) == std::vector<std::string>{"it took", "8.4 s in", "all"});
  CHECK(Wrapped("see `a b c` there", 9) == std::vector<std::string>{"see a b c", "there"});
  CHECK(Wrapped("see it `a b c` there", 10) == std::vector<std::string>{"see it", "a b c", "there"});
  CHECK(Wrapped("in stage 50 there", 10) == std::vector<std::string>{"in", "stage 50", "there"});
  CHECK(Wrapped("one · two", 5) == std::vector<std::string>{"one ·", "two"});
  CHECK(Wrapped("one · two", 5, false) == std::vector<std::string>{"one ;", "two"});
  CHECK(Wrapped("abcdefgh ij", 4) == std::vector<std::string>{"abcd", "efgh", "ij"});
  CHECK(Wrapped("", 10) == std::vector<std::string>{""});
  CHECK(Wrapped("**big** `x`", 10) == std::vector<std::string>{"big x"});
  CHECK(Wrapped("`a b c d e f`", 5) == std::vector<std::string>{"a b c", "d e f"});
}

TEST_CASE("ASCII has a stand-in for every mark of the report") {
  CHECK(Render(Paint("├─┤│└▁█ → × ≥ ≤ ¬a … − –", false), false) == "|-||^.# -> x >= <= not a ... - -");
  CHECK(Render(Paint("\xE2\x82\xAC", false), false) == "?");
}

TEST_CASE("colour repeats: without it the text is the same") {
  const Report report = golden::MakeReportCase("findings", Level::Practitioner);
  std::string coloured = WriteText(MakePage(report), {.width = 100, .utf8 = true, .colour = true});
  CHECK(coloured.find("\x1b[") != std::string::npos);
  for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b'))
    coloured.erase(at, coloured.find('m', at) - at + 1);
  CHECK(coloured == WriteText(MakePage(report), {.width = 100}));
}

// Code may not be wrapped, so a single long line of it may stand out; everything else keeps to the page.
bool IsCode(const std::string& line) {
  return line.starts_with("     ") &&
         (line.find(" = ") != std::string::npos || line.find("\"spark.") != std::string::npos);
}

TEST_CASE("no line is wider than the page, in any case, width, charset and level") {
  for (const std::string_view name : golden::ReportCases()) {
    for (const Level level : {Level::Novice, Level::Practitioner, Level::Expert}) {
      for (const bool flat : {false, true}) {
        const Report report = golden::MakeReportCase(name, level, flat);
        for (std::size_t width = 44; width <= 120; ++width) {
          for (const bool utf8 : {true, false}) {
            std::istringstream lines(WriteText(MakePage(report), {.width = width, .utf8 = utf8, .colour = false}));
            for (std::string line; std::getline(lines, line);) {
              if (IsCode(line)) continue;
              CAPTURE(width);
              CAPTURE(line);
              CHECK(Columns(line) <= width);
              CHECK((line.empty() || line.back() != ' '));
            }
          }
        }
      }
    }
  }
}

TEST_CASE("ASCII reports hold nothing else") {
  for (const std::string_view name : golden::ReportCases()) {
    const std::string text =
        WriteText(MakePage(golden::MakeReportCase(name, Level::Expert)), {.width = 100, .utf8 = false});
    for (const char c : text) CHECK((c == '\n' || (c >= ' ' && c <= '~')));
  }
}

TEST_CASE("the default report of a page fits 80 lines") {
  const std::string text = WriteText(MakePage(golden::MakeReportCase("findings", Level::Practitioner)), {.width = 100});
  CHECK(std::count(text.begin(), text.end(), '\n') <= 80);
}

TEST_CASE("nothing is lost: folded findings are in the data, and --flat shows them") {
  const Report folded = golden::MakeReportCase("findings", Level::Practitioner);
  const Report flat = golden::MakeReportCase("findings", Level::Practitioner, true);
  CHECK(folded.findings.size() == flat.findings.size());
  const auto numbered = [](const Report& report) {
    return std::count_if(report.findings.begin(), report.findings.end(),
                         [](const ShownFinding& f) { return f.number > 0; });
  };
  CHECK(numbered(folded) == 4);
  CHECK(numbered(flat) == 7);
}

TEST_CASE("completeness stands before any finding") {
  for (const std::string_view name : golden::ReportCases()) {
    const std::string text = WriteText(MakePage(golden::MakeReportCase(name, Level::Practitioner)), {.width = 100});
    const std::size_t findings = text.find("FINDINGS");
    const std::size_t log = std::min({text.find("log complete"), text.find("log cut"), text.find("log without end")});
    CHECK(log < findings);
  }
}

TEST_CASE("one line for CI, and the worst severity") {
  CHECK(golden::MakeReportCase("findings", Level::Practitioner).one_line ==
        "logs/q72.zstd: 1m57s; 3 high, 1 low; log complete");
  CHECK(golden::MakeReportCase("cut", Level::Practitioner).one_line ==
        "logs/q72-cut.zstd: ≥ 1m57s; 3 high, 1 low; log cut");
  CHECK(golden::MakeReportCase("nothing", Level::Practitioner).one_line ==
        "app-20261122-0004: 8.4 s; nothing found; log complete");
  CHECK(WorstSeverity(golden::MakeReportCase("failed", Level::Practitioner)) == diagnose::Severity::Critical);
  CHECK_FALSE(WorstSeverity(golden::MakeReportCase("nothing", Level::Practitioner)));
}

TEST_CASE("formats are found by name, and several logs are JSON Lines") {
  CHECK(FindFormat("xml") == nullptr);
  REQUIRE(FindFormat("json") != nullptr);
  std::ostringstream out;
  FindFormat("json")->write(golden::MakeReportCase("nothing", Level::Practitioner), {.text = {}, .several_logs = true},
                            out);
  const std::string text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("spans: code and bold, a mark without its counterpart holds to the end") {
  using enum SpanKind;
  const struct {
    std::string text;
    InlineText spans;
  } rows[] = {
      {"", {}},
      {"plain", {{"plain", Plain}}},
      {"read `a b` **now**", {{"read ", Plain}, {"a b", Code}, {" ", Plain}, {"now", Strong}}},
      {"`a ** b` * c", {{"a ** b", Code}, {" * c", Plain}}},
      {"**a `b` c", {{"a ", Strong}, {"b", Code}, {" c", Strong}}},
      {"a ` b", {{"a ", Plain}, {" b", Code}}},
      {"````", {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(ParseInline(row.text) == row.spans);
  }
  CHECK(JoinInline({ParseInline("a `b`"), {}, ParseInline("`c` d")}, " · ") ==
        InlineText{{"a ", Plain}, {"b", Code}, {" · ", Plain}, {"c", Code}, {" d", Plain}});
}

TEST_CASE("Markdown: no text of a log becomes markup, a link or a mention") {
  const struct {
    std::string text;
    std::string escaped;
  } rows[] = {
      {"stage 5 reads 380 MiB (72 %)", "stage 5 reads 380 MiB (72 %)"},
      {"a_b_c spark.sql.x", "a_b_c spark.sql.x"},
      {"_a_ __b__", "\\_a\\_ \\_\\_b\\_\\_"},
      {"*a* **b**", "\\*a\\* \\*\\*b\\*\\*"},
      {"<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"},
      {"a | b", "a \\| b"},
      {"`x`", "\\`x\\`"},
      {"[a](b) ![c](d)", "\\[a\\](b) !\\[c\\](d)"},
      {"&lt; $x$ ~~y~~", "\\&lt; \\$x\\$ \\~\\~y\\~\\~"},
      {"\\*", "\\\\\\*"},
      {"# heading", "\\# heading"},
      {"- item", "\\- item"},
      {"+ item", "\\+ item"},
      {"12. item", "12\\. item"},
      {"1.5 GiB", "1.5 GiB"},
      {"===", "\\==="},
      {"> quote", "\\> quote"},
      {"    code", "code"},
      {"by @octocat", "by `@octocat`"},
      {"fixes #12", "fixes `#12`"},
      {"id#12 of a plan", "id#12 of a plan"},
      {"http://evil.example", "`http://evil.example`"},
      {"www.evil.example", "`www.evil.example`"},
      {"a`b@c", "``a`b@c``"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(EscapeMarkdown(row.text) == row.escaped);
  }
  CHECK(EscapeMarkdown("- x", false) == "- x");
  Page table;
  table.blocks.push_back(TableBlock{{{"a", false}}, {{PlainInline("x|y @a|b")}, {CodeInline("c|d")}}});
  CHECK(WriteMarkdown(table) == "| a |\n| --- |\n| x\\|y `@a\\|b` |\n| `c\\|d` |\n");
  CHECK(CodeSpan("a") == "`a`");
  CHECK(CodeSpan("a``b") == "```a``b```");
  CHECK(CodeSpan("`a") == "`` `a ``");
  CHECK(CodeSpan(" a ") == "`  a  `");
}

TEST_CASE("Markdown holds every sentence and number of the page, and no control character") {
  for (const std::string_view name : golden::ReportCases()) {
    for (const Level level : {Level::Novice, Level::Practitioner, Level::Expert}) {
      const Report report = golden::MakeReportCase(name, level);
      const std::string text = WriteText(MakePage(report), {.width = 120});
      const std::string markdown = WriteMarkdown(MakePage(report));
      const auto numbers = [](const std::string& of) {
        std::set<std::string> found;
        std::string number;
        for (const char c : of + " ") {
          if (c >= '0' && c <= '9')
            number += c;
          else if (!number.empty())
            found.insert(std::exchange(number, ""));
        }
        return found;
      };
      const std::set<std::string> has = numbers(markdown);
      // The axis of the strip has other labels at another width.
      for (const std::string& number :
           numbers(text.substr(text.find("FINDINGS") == std::string::npos ? text.size() : text.find("FINDINGS")))) {
        CAPTURE(name);
        CAPTURE(number);
        CHECK(has.contains(number));
      }
      for (const char c : markdown) CHECK((c == '\n' || static_cast<unsigned char>(c) >= ' '));
    }
  }
}

TEST_CASE("words") {
  CHECK(LowerFirst("Stage 5 waits") == "stage 5 waits");
  CHECK(LowerFirst("A join") == "a join");
  CHECK(LowerFirst("GC takes 3 s") == "GC takes 3 s");
  CHECK(Counted(1, "cause lies", "causes lie") == "one cause lies");
  CHECK(Counted(12, "cause", "causes") == "12 causes");
}

}  // namespace
}  // namespace advise::report
