#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostic_render.h"
#include "support/did_you_mean.h"
#include "support/text.h"

using namespace advise;

namespace {

// The span of the n-th occurrence of `part`.
SourceSpan Find(const SourceManager& sources, SourceId id, std::string_view part, int n = 1) {
  std::size_t at = std::string_view::npos;
  for (int i = 0; i < n; ++i) at = sources.text(id).find(part, at + 1);
  REQUIRE(at != std::string_view::npos);
  return {id, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + part.size())};
}

}  // namespace

TEST_CASE("support/diagnostic_render: the form of the language page") {
  SourceManager sources;
  std::string text;
  for (int line = 1; line < 14; ++line) text += "\n";
  const SourceId id = sources.Add("team.rules", text + "  where sum(s.tasks.run_time) > 20% of s.duration\n");
  Diagnostics diagnostics;
  Diagnostic& diagnostic =
      diagnostics.Report(DiagnosticCode::Syntax, Find(sources, id, "sum(s.tasks.run_time)"),
                         "cannot compare SlotTime with Duration", "this adds up the run time of all tasks: SlotTime");
  diagnostic.labels.push_back({Find(sources, id, "20% of s.duration"), "this is wall time (Duration)"});
  diagnostic.helps.emplace_back(
      "divide by the slots, `sum(s.tasks.run_time) / app.slots`, or compare with `app.executor_slot_time`");
  CHECK(Render(sources, diagnostics) ==
        "error[syntax]: cannot compare SlotTime with Duration\n"
        "  --> team.rules:14:9\n"
        "   |\n"
        "14 |   where sum(s.tasks.run_time) > 20% of s.duration\n"
        "   |         ---------------------   ----------------- this is wall time (Duration)\n"
        "   |         |\n"
        "   |         this adds up the run time of all tasks: SlotTime\n"
        "   = help: divide by the slots, `sum(s.tasks.run_time) / app.slots`, or compare with "
        "`app.executor_slot_time`\n");
  CHECK(RenderOneLine(sources, diagnostics.all().front()) ==
        "team.rules:14:9: error[syntax]: cannot compare SlotTime with Duration");
}

TEST_CASE("support/diagnostic_render: three labels on a line hang from right to left") {
  SourceManager sources;
  const SourceId id = sources.Add("a", "aa bb cc");
  Diagnostic diagnostic{
      DiagnosticCode::Syntax,
      Severity::Error,
      "m",
      {{Find(sources, id, "bb"), "two"}, {Find(sources, id, "aa"), "one"}, {Find(sources, id, "cc"), "three"}}};
  CHECK(Render(sources, diagnostic) ==
        "error[syntax]: m\n"
        " --> a:1:4\n"
        "  |\n"
        "1 | aa bb cc\n"
        "  | -- -- -- three\n"
        "  | |  |\n"
        "  | |  two\n"
        "  | one\n");
}

TEST_CASE("support/diagnostic_render: lines apart, and labels in another file") {
  SourceManager sources;
  const SourceId id = sources.Add("a.rules", "one\ntwo\nthree\nfour\n");
  const SourceId other = sources.Add("b.rules", "five\n");
  Diagnostic diagnostic{
      DiagnosticCode::Syntax,
      Severity::Warning,
      "m",
      {{Find(sources, id, "four"), "here"}, {Find(sources, other, "five"), "there"}, {Find(sources, id, "one"), ""}}};
  diagnostic.notes.emplace_back("a note");
  CHECK(Render(sources, diagnostic) ==
        "warning[syntax]: m\n"
        " --> a.rules:4:1\n"
        "  |\n"
        "1 | one\n"
        "  | ---\n"
        "...\n"
        "4 | four\n"
        "  | ---- here\n"
        " --> b.rules:1:1\n"
        "  |\n"
        "1 | five\n"
        "  | ---- there\n"
        "  = note: a note\n");
}

TEST_CASE("support/diagnostic_render: without a place") {
  SourceManager sources;
  Diagnostics diagnostics;
  diagnostics.Report(DiagnosticCode::Usage, "unknown option `--fast`").helps.emplace_back("`advise --help` lists all");
  CHECK(Render(sources, diagnostics) == "error[usage]: unknown option `--fast`\n = help: `advise --help` lists all\n");
  CHECK(RenderOneLine(sources, diagnostics.all().front()) == "error[usage]: unknown option `--fast`");
}

TEST_CASE("support/diagnostic_render: columns are code points, tabs are expanded, nothing controls the terminal") {
  SourceManager sources;
  const SourceId id = sources.Add("a", "\tä€x = \x1b[31m\xff;");
  Diagnostic diagnostic{
      DiagnosticCode::Syntax, Severity::Error, "found `\x1b[31m`", {{Find(sources, id, "x"), "this"}}};
  CHECK(Render(sources, diagnostic) ==
        "error[syntax]: found `\uFFFD[31m`\n"
        " --> a:1:4\n"
        "  |\n"
        "1 |     ä€x = \uFFFD[31m\uFFFD;\n"
        "  |       - this\n");
}

TEST_CASE("support/diagnostic_render: long lines are cut around their label") {
  SourceManager sources;
  const SourceId id = sources.Add("a", std::string(300, 'a') + "X" + std::string(300, 'b'));
  Diagnostic diagnostic{DiagnosticCode::Syntax, Severity::Error, "m", {{Find(sources, id, "X"), "this"}}};
  RenderOptions options;
  options.width = 20;
  CHECK(Render(sources, diagnostic, options) ==
        "error[syntax]: m\n"
        " --> a:1:301\n"
        "  |\n"
        "1 | …aaaaXbbbbbbbbbbbbb…\n"
        "  |      - this\n");
}

TEST_CASE("support/diagnostic_render: spans over lines, at the end of the text, and empty ones") {
  SourceManager sources;
  const SourceId id = sources.Add("a", "one\ntwo");
  CHECK(Render(sources, Diagnostic{DiagnosticCode::Syntax, Severity::Error, "m", {{{id, 1, 6}, "first line only"}}}) ==
        "error[syntax]: m\n --> a:1:2\n  |\n1 | one\n  |  -- first line only\n");
  CHECK(Render(sources, Diagnostic{DiagnosticCode::Syntax, Severity::Error, "m", {{{id, 7, 7}, "end"}}}) ==
        "error[syntax]: m\n --> a:2:4\n  |\n2 | two\n  |    - end\n");
}

TEST_CASE("support/diagnostic_render: sorted by place, capped with a count, in colour") {
  SourceManager sources;
  const SourceId id = sources.Add("a", "one two three");
  Diagnostics diagnostics;
  diagnostics.Report(DiagnosticCode::Syntax, Find(sources, id, "three"), "third");
  diagnostics.Report(DiagnosticCode::DecimalUnit, Find(sources, id, "two"), "second");
  diagnostics.Report(DiagnosticCode::Syntax, Find(sources, id, "one"), "first");
  RenderOptions options;
  options.max = 1;
  CHECK(Render(sources, diagnostics, options) ==
        "error[syntax]: first\n --> a:1:1\n  |\n1 | one two three\n  | ---\n\n… and 1 more error, 1 more warning\n");
  options.color = true;
  CHECK(Render(sources, diagnostics, options).starts_with("\x1b[1;31merror[syntax]\x1b[0m\x1b[1m: first\x1b[0m\n"));
  CHECK(Render(sources, Diagnostics{}).empty());
}

TEST_CASE("support/did_you_mean: distances") {
  CHECK(EditDistance("", "") == 0);
  CHECK(EditDistance("", "abc") == 3);
  CHECK(EditDistance("mesage", "message") == 1);
  CHECK(EditDistance("abcd", "abdc") == 1);
  CHECK(EditDistance("kitten", "sitting") == 3);
}

TEST_CASE("support/did_you_mean: did you mean") {
  const std::array<std::string_view, 6> words = {"message", "match", "shuffle_read", "Stage", "fix", "fox"};
  struct Row {
    std::string wrong;
    std::string want;
  };
  const std::array<Row, 9> rows = {{{"mesage", "message"},
                                    {"shufle_raed", "shuffle_read"},
                                    {"stage", "Stage"},
                                    {"fx", "fix"},  // ties go to the first
                                    {"ftx", "fix"},
                                    {"x", ""},
                                    {"recommendation", ""},
                                    {"", ""},
                                    {std::string(1000, 'm'), ""}}};
  for (const Row& row : rows) {
    CAPTURE(row.wrong);
    CHECK(std::string(DidYouMean(row.wrong, words).value_or("")) == row.want);
    const std::string asked = row.want.empty() ? "no" : "no; did you mean `" + row.want + "`?";
    CHECK(OrDidYouMean("no", row.wrong, words) == asked);
  }
}

TEST_CASE("support/text: joined, lower, trimmed") {
  CHECK(Join(std::vector<std::string>(), ", ").empty());
  CHECK(Join(std::vector<std::string>{"a"}, ", ") == "a");
  CHECK(Join(std::vector<std::string>{"", "b", ""}, ", ") == ", b, ");
  CHECK(Join(std::vector<int>{1, 2}, " ", [](int i) { return std::to_string(i); }) == "1 2");
  CHECK(Lower("ABZ Äaz09") == "abz Äaz09");
  CHECK(Trim(" \t a b \r\n") == "a b");
  CHECK(Trim("  ").empty());
}
