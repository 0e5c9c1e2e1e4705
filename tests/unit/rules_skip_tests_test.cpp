// Tests are left out of a pack's text without moving anything else.
#include <doctest/doctest.h>

#include <string>

#include "rules/syntax/skip_tests.h"

namespace advise::rules::syntax {
namespace {

std::string Blank(const std::string& text) {
  std::string blank = text;
  for (char& c : blank) {
    if (c != '\n') c = ' ';
  }
  return blank;
}

TEST_CASE("tests are blanked with their doc comment, the rest keeps its place") {
  const std::string before = "# note\nparam a: Ratio = 1\n\n";
  const std::string test =
      "## Says why.\ntest \"one } { # key\" from \"x.log\" {\n  # a } comment\n  given s: Stage { name = \"{\" }\n}";
  const std::string after = "\n## Kept.\nsymptom s(x: Stage) { match (x:Stage) title \"test {x.id}\" }\n";
  CHECK(WithoutTests(before + test + after) == before + Blank(test) + after);
}

TEST_CASE("what only looks like a test stays") {
  for (const std::string text :
       {"symptom s(x: Stage) {\n  message \"see test \\\"a\\\" {x.id}\"\n}\n", "# test \"a\" { }\n",
        "param test: Ratio = 1\n", "param latest \"x\"\n", "## doc\n## test \"a\" {\nparam a: Ratio = 1\n"}) {
    CHECK(WithoutTests(text) == text);
  }
}

TEST_CASE("a test without end is left for the parser to report") {
  for (const std::string text :
       {"test \"a\" {\n  given s: Stage { }\n", "test \"a {\n}\n", "test \"a\"", "test \"a\" }"}) {
    CHECK(WithoutTests(text) == text);
  }
}

}  // namespace
}  // namespace advise::rules::syntax
