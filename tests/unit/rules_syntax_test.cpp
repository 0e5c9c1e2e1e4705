#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "rules/syntax/ast_print.h"
#include "rules/syntax/parse.h"
#include "rules/syntax/strings.h"
#include "rules/syntax/text_parser.h"
#include "rules/syntax/utf8.h"
#include "support/diagnostic_render.h"

using namespace advise;
using namespace advise::rules;

namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A parsed text with what it needs to stay alive.
struct Parsed {
  explicit Parsed(std::string text, const Limits& limits = {}) {
    id = sources.Add("test.rules", std::move(text));
    file = syntax::ParseFile(sources, id, limits, diagnostics);
    messages = Render(sources, diagnostics);
  }
  SourceManager sources;
  Diagnostics diagnostics;
  SourceId id = SourceId::None;
  ast::File file;
  std::string messages;
};

// The examples of the language page and of grammar/README.md.
std::vector<std::string> Examples() {
  const std::filesystem::path root = ADVISE_SOURCE_DIR;
  std::vector<std::string> examples = {ReadAll(root / "tests/golden/syntax/example-pack/input.rules"),
                                       ReadAll(root / "tests/golden/syntax/team-file/input.rules"),
                                       ReadAll(root / "tests/golden/syntax/print-precedence/input.rules"),
                                       ReadAll(root / "tests/golden/syntax/print-clause-order/input.rules")};
  const std::string page = ReadAll(root / "grammar/README.md");
  const std::string fence = "```rules\n";
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    const std::size_t begin = at + fence.size();
    examples.push_back(page.substr(begin, page.find("```", begin) - begin));
  }
  return examples;
}

// The value of `param p: T = text`, printed.
std::string Canonical(const std::string& text, bool all_parentheses = false) {
  const Parsed parsed("param p: T = " + text);
  CAPTURE(parsed.messages);
  REQUIRE(parsed.diagnostics.CountErrors() == 0);
  ast::PrintOptions options;
  options.all_parentheses = all_parentheses;
  return ast::Print(*std::get<ast::Param>(parsed.file.items.at(0)).value, options);
}

const ast::Literal& LiteralOf(const Parsed& parsed) {
  return std::get<ast::Literal>(std::get<ast::Param>(parsed.file.items.at(0)).value->node);
}

}  // namespace

TEST_CASE("rules/syntax: the examples parse, and printing them is a fixpoint") {
  const std::vector<std::string> examples = Examples();
  REQUIRE(examples.size() >= 12);
  for (const std::string& example : examples) {
    CAPTURE(example);
    const Parsed first(example);
    CHECK(first.messages == "");
    CHECK(syntax::GrammarAccepts(first.sources, first.id));
    const Parsed second(ast::Print(first.file));
    CHECK(second.messages == "");
    CHECK(ast::Print(second.file) == ast::Print(first.file));
    ast::PrintOptions strict;
    strict.all_parentheses = true;
    CHECK(ast::Print(second.file, strict) == ast::Print(first.file, strict));
    strict.order_clauses = false;
    CHECK(Parsed(ast::Print(first.file, strict)).messages == "");
  }
}

TEST_CASE("rules/syntax: holes of the example pack parse, and point into the file") {
  const Parsed pack(Examples().front());
  std::size_t holes = 0;
  for (const ast::Item& item : pack.file.items) {
    const auto* rule = std::get_if<ast::Rule>(&item);
    if (rule == nullptr) continue;
    for (const ast::Clause& clause : rule->clauses) {
      const auto* text = std::get_if<ast::TextClause>(&clause.node);
      if (text == nullptr) continue;
      for (const ast::TextSegment& segment : text->text.segments) {
        if (segment.hole == nullptr) continue;
        ++holes;
        const std::string_view source = pack.sources.text(segment.span);
        CHECK(source.substr(1, source.size() - 2) == pack.sources.text(segment.hole->span));
      }
    }
  }
  CHECK(holes >= 45);
}

TEST_CASE("rules/syntax: precedence") {
  struct Row {
    std::string text;
    std::string want;
  };
  const std::vector<Row> rows = {
      {"not a > b", "(not (a > b))"},
      {"a or b and not c", "(a or (b and (not c)))"},
      {"1..2 * x", "(1..(2 * x))"},
      {"5% of a + b", "((5% of a) + b)"},
      {"a ?? b + c", "(a ?? (b + c))"},
      {"a - b - c", "((a - b) - c)"},
      {"- a * b", "((-a) * b)"},
      {"a.b[c > 1].d", "a.b[(c > 1)].d"},
      {"(a + b).c", "(a + b).c"},
      {"if a then b else c or d", "(if a then b else (c or d))"},
      {"x in 1..2 and y not in (a, b)", "((x in (1..2)) and (y not in (a, b)))"},
      {"a.b.c(d by e)", "a.b.c(d by e)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    std::string printed = Canonical(row.text, true);
    // Intervals of complex operands print with spaces.
    printed.erase(std::remove(printed.begin(), printed.end(), ' '), printed.end());
    std::string want = row.want;
    want.erase(std::remove(want.begin(), want.end(), ' '), want.end());
    CHECK(printed == want);
  }
}

TEST_CASE("rules/syntax: numbers have their base unit") {
  struct Row {
    std::string text;
    double want;
    std::string unit;
  };
  const std::vector<Row> rows = {{"128MiB", 128.0 * 1024 * 1024, "MiB"},
                                 {"1.5h", 5.4e6, "h"},
                                 {"250ms", 250, "ms"},
                                 {"1us", 1e-3, "us"},
                                 {"20%", 0.2, ""},
                                 {"1_000", 1000, ""},
                                 {"2KiB", 2048, "KiB"},
                                 {"1970-01-02", 1, ""},
                                 {"2026-12-31", 20818, ""},
                                 {"true", 1, ""},
                                 {"2.5", 2.5, ""}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Parsed parsed("param p: T = " + row.text);
    CHECK(LiteralOf(parsed).number == doctest::Approx(row.want));
    CHECK(LiteralOf(parsed).unit == row.unit);
    CHECK(LiteralOf(parsed).text == row.text);
  }
}

TEST_CASE("rules/syntax: soft keywords are names") {
  const Parsed parsed(R"(
symptom scale(x: Stage, count: Group<Stage>) {
  match (x:Stage)
  let message = x.where.for.match + count.title
  where message > count(x.tasks) and severity = 1
}
)");
  CHECK(parsed.messages == "");
  CHECK(parsed.file.items.size() == 1);
}

TEST_CASE("rules/syntax: a bad item costs only itself, and its name is known") {
  const Parsed parsed(R"(
param a: Count = 1
cause bad(s: Stage) {
  where s.x ==== 1
}
cause good() { }
param b.c: Count 5
def d(x: T) = x
suppress bad
)");
  CHECK(parsed.diagnostics.CountErrors() == 3);
  CHECK(parsed.file.items.size() == 3);
  REQUIRE(parsed.file.broken.size() == 2);
  CHECK(parsed.file.broken[0].text == "bad");
  CHECK(parsed.file.broken[1].text == "b.c");
}

TEST_CASE("rules/syntax: spans underline what they name") {
  const Parsed parsed("# c\n## doc\ncause  c ( s : Stage ) { where s . a >  1 }");
  const auto& rule = std::get<ast::Rule>(parsed.file.items.at(0));
  CHECK(rule.doc == "doc");
  CHECK(parsed.sources.text(rule.name.span) == "c");
  CHECK(parsed.sources.text(rule.clauses.at(0).span) == "where s . a >  1");
  const auto& condition = std::get<ast::Binary>(std::get<ast::WhereClause>(rule.clauses.at(0).node).condition->node);
  CHECK(parsed.sources.text(condition.left->span) == "s . a");
  CHECK(parsed.sources.text(condition.op_span) == ">");
  CHECK(parsed.sources.text(rule.span).ends_with("}"));
}

TEST_CASE("rules/syntax: limits") {
  Limits limits;
  limits.rule_nesting = 5;
  CHECK(Parsed("param a: T = (((((1)))))", limits).messages == "");
  CHECK(Parsed("param a: T = ((((((1))))))", limits).diagnostics.all().front().code == DiagnosticCode::TooDeep);
  limits.rule_bytes = 10;
  const Parsed parsed("param a: T = 1", limits);
  CHECK(parsed.diagnostics.all().front().code == DiagnosticCode::LimitExceeded);
  CHECK(parsed.file.items.empty());
}

TEST_CASE("rules/syntax: nesting bombs neither crash nor pass") {
  const auto repeat = [](const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
  };
  for (const std::string part :
       {"(", "not ", "- ", "[", "{", "if ", "f(", "a[", "exists { (a) where ", "T<", "a in (", "(a)-[b]->"}) {
    CAPTURE(part);
    const Parsed as_value("param p: T = " + repeat(part, 20000) + "\nparam q: T = 1");
    CHECK(as_value.diagnostics.CountErrors() > 0);
    CHECK(as_value.file.items.size() == 1);
    const Parsed as_file(repeat(part, 20000));
    CHECK(as_file.diagnostics.CountErrors() > 0);
    Diagnostics diagnostics;
    SourceManager sources;
    CHECK(!syntax::ParseQuery(sources, sources.Add("<query>", "match (a) return " + repeat(part, 20000)), Limits{},
                              diagnostics));
  }
  CHECK(Parsed("param p: T = 1" + repeat(" + 1", 20000)).diagnostics.all().front().code == DiagnosticCode::TooDeep);
  CHECK(Parsed("param p: T = a" + repeat(".b", 20000)).diagnostics.all().front().code == DiagnosticCode::TooDeep);
}

TEST_CASE("rules/syntax: queries and effects") {
  SourceManager sources;
  Diagnostics diagnostics;
  const auto query = syntax::ParseQuery(
      sources,
      sources.Add(
          "<query>",
          "match (s:Stage)-[:Runs]->(j:Join), (p) let n = s.x where n > 1MiB return s, n as bytes, count(s.tasks)"),
      Limits{}, diagnostics);
  REQUIRE(query);
  CHECK(query->columns.size() == 3);
  CHECK(query->columns[1].name->text == "bytes");
  CHECK(ast::Print(*query) ==
        "match (s:Stage)-[:Runs]->(j:Join), (p)\nlet n = s.x\nwhere n > 1MiB\nreturn s, n as bytes, count(s.tasks)\n");
  const auto ordered = syntax::ParseQuery(
      sources,
      sources.Add("<query>", "match (g:Gap) group by g.kind as order where count(order) > 1 return order.kind, "
                             "sum(order.duration) as limit order by limit desc, order.kind asc, 1 limit 5"),
      Limits{}, diagnostics);
  REQUIRE(ordered);
  CHECK(ordered->limit == 5);
  REQUIRE(ordered->order.size() == 3);
  CHECK(ordered->order[0].descending);
  CHECK(ast::Print(*ordered) ==
        "match (g:Gap)\ngroup by g.kind as order\nwhere count(order) > 1\nreturn order.kind, sum(order.duration) as "
        "limit\norder by limit desc, order.kind, 1\nlimit 5\n");
  const auto effect =
      syntax::ParseEffect(sources, sources.Add("<effect>", "set conf \"spark.x\" = 400"), Limits{}, diagnostics);
  REQUIRE(effect);
  CHECK(ast::Print(*effect) == "set conf \"spark.x\" = 400");
  CHECK(diagnostics.empty());
  CHECK(!syntax::ParseQuery(sources, sources.Add("<query>", "match (s:Stage) return s extra"), Limits{}, diagnostics));
  CHECK(!syntax::ParseEffect(sources, sources.Add("<effect>", "set conf \"spark.x\" == 400"), Limits{}, diagnostics));
  CHECK(!syntax::ParseEffect(sources, sources.Add("<effect>", ""), Limits{}, diagnostics));
  CHECK(diagnostics.CountErrors() == 3);
}

TEST_CASE("rules/syntax: templates") {
  SourceManager sources;
  Diagnostics diagnostics;
  const auto parse = [&](const std::string& text, syntax::TextParser::Conditions conditions) {
    std::vector<std::uint32_t> offsets(text.size() + 1);
    std::iota(offsets.begin(), offsets.end(), 0U);
    syntax::TextParser parser(sources.Add("explain.md", text), Limits{}, diagnostics);
    return parser.Parse(text, offsets, conditions);
  };
  using enum syntax::TextParser::Conditions;
  const auto segments = parse("Stage {s.id}: {{x}} {max(s.tasks[name = \"}\"].x)} and {count { (s)-->(t) }}.", No);
  REQUIRE(segments);
  REQUIRE(segments->size() == 7);
  CHECK((*segments)[0].literal == "Stage ");
  CHECK(ast::Print(*(*segments)[1].hole) == "s.id");
  CHECK((*segments)[2].literal == ": {x} ");
  CHECK(ast::Print(*(*segments)[3].hole) == "max(s.tasks[name = \"}\"].x)");
  CHECK(ast::Print(*(*segments)[5].hole) == "count { (s)-->(t) }");
  CHECK((*segments)[6].literal == ".");
  CHECK(diagnostics.CountErrors() == 0);
  CHECK(!parse("a {b", No));
  CHECK(parse("", No)->empty());
  CHECK(!parse("a {? b > c}", No));
  const auto condition = parse("a{? b > c} {d}", Yes);
  REQUIRE(condition);
  REQUIRE(condition->size() == 4);
  CHECK((*condition)[1].condition);
  CHECK(ast::Print(*(*condition)[1].hole) == "b > c");
  CHECK_FALSE((*condition)[3].condition);
}

TEST_CASE("rules/syntax: strings") {
  struct Row {
    std::string literal;
    std::string value;
  };
  const std::vector<Row> rows = {
      {R"("a\"b\\c\nd\te")", "a\"b\\c\nd\te"}, {R"("")", ""},
      {R"("""a "b" \n""")", "a \"b\" \\n"},    {"\"\"\"\n    a\n      b\n\n    c\n    \"\"\"", "a\n  b\n\nc"},
      {"\"\"\"\n    a\n  \"\"\"", "  a"},      {"\"\"\"\r\n  a\r\n  b\r\n  \"\"\"", "a\nb"},
      {"\"\"\"a\n  b\"\"\"", "a\n  b"},        {"\"\"\"\n\"\"\"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.literal);
    const syntax::UnescapedString unescaped = syntax::Unescape(row.literal);
    CHECK(unescaped.value == row.value);
    CHECK(unescaped.offsets.size() == row.value.size() + 1);
    CHECK(std::is_sorted(unescaped.offsets.begin(), unescaped.offsets.end()));
    CHECK(syntax::Unescape(syntax::Quote(row.value, 4)).value == row.value);
  }
  // Every short text over the difficult characters survives quoting.
  const std::string difficult = "a \n\"\\\t\r";
  std::vector<std::string> texts = {""};
  for (std::size_t i = 0; i < texts.size() && texts.size() < 3000; ++i) {
    for (const char c : difficult) texts.push_back(texts[i] + c);
  }
  for (const std::string& text : texts) {
    const std::string back = syntax::Unescape(syntax::Quote(text, 2)).value;
    if (back != text) FAIL_CHECK(text);
  }
}

TEST_CASE("rules/syntax: UTF-8 is checked") {
  struct Row {
    std::string text;
    std::string want;
  };
  const std::vector<Row> rows = {{"aä€😀", "aä€😀"},   {"\xff", "?"},           {"\xc3", "?"},
                                 {"\xc0\x80", "??"}, {"\xed\xa0\x80", "???"}, {"a\xe2\x82z", "a??z"}};
  for (const Row& row : rows) {
    std::string text = row.text;
    const bool repaired = syntax::RepairUtf8(text).has_value();
    CHECK(text == row.want);
    CHECK(repaired == (row.want != row.text));
  }
}

TEST_CASE("rules/syntax: driver and grammar agree on every golden") {
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(ADVISE_SOURCE_DIR) / "tests/golden/syntax")) {
    const Parsed parsed(ReadAll(entry.path() / "input.rules"));
    CAPTURE(entry.path().filename().string());
    CAPTURE(parsed.messages);
    const bool clean = parsed.diagnostics.CountErrors() == 0;
    if (clean) CHECK(syntax::GrammarAccepts(parsed.sources, parsed.id));
    // What is left always prints and parses.
    CHECK(Parsed(ast::Print(parsed.file)).diagnostics.CountErrors() == 0);
  }
}
