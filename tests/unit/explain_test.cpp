// Templates: parsing, holes, and what happens when a value is missing.
#include <doctest/doctest.h>

#include <map>

#include "explain/template.h"

namespace advise::explain {
namespace {

constexpr std::string_view kSkew = R"(---
rule: spark.core.skewed_join
words: [task, stage]
---
# A join with a few very large partitions
## What happens
One partition holds {max(r)},
the usual one {p50(r)}.

### novice
A task is
one part of the work.
## Why it is slow
### practitioner
It waits {max(d) - p75(d)}. Heap is {s.heap}. Done.
- item with {max(r)}
- item with {s.heap}
## What to do
### expert
```
df.salt({n})   # {{literal}}
drop {s.heap}
```
)";

Template Parsed(std::string_view text) {
  Result<Template> result = ParseTemplate(text, "t.md");
  REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().message));
  return *result;
}

const std::string& Body(const Template& text, Level level, Heading heading) {
  return text.bodies[static_cast<std::size_t>(level)][static_cast<std::size_t>(heading)];
}

std::optional<std::string> Value(std::string_view hole) {
  const std::map<std::string, std::string, std::less<>> values = {
      {"max(r)", "9.00 GiB"}, {"p50(r)", "60.0 MiB"}, {"max(d) - p75(d)", "36.9 s"}, {"n", "154"}};
  const auto it = values.find(hole);
  if (it == values.end()) return std::nullopt;
  return it->second;
}

TEST_CASE("a template has a rule, a title, words, and bodies by level") {
  const Template text = Parsed(kSkew);
  CHECK(text.rule == "spark.core.skewed_join");
  CHECK(text.title == "A join with a few very large partitions");
  CHECK(text.words == std::vector<std::string>{"task", "stage"});
  CHECK(Body(text, Level::Expert, Heading::WhatHappens) == "One partition holds {max(r)}, the usual one {p50(r)}.");
  CHECK(Body(text, Level::Novice, Heading::WhatHappens) ==
        "One partition holds {max(r)}, the usual one {p50(r)}.\n\nA task is one part of the work.");
  CHECK(Body(text, Level::Novice, Heading::WhySlow).empty());
  CHECK(HolesOf(text) == std::vector<std::string>{"max(d) - p75(d)", "max(r)", "n", "p50(r)", "s.heap"});
}

TEST_CASE("holes are filled; a sentence, item or code line without its value is left out") {
  const Template text = Parsed(kSkew);
  CHECK(FillHoles(Body(text, Level::Expert, Heading::WhatHappens), Value) ==
        "One partition holds 9.00 GiB, the usual one 60.0 MiB.");
  CHECK(FillHoles(Body(text, Level::Practitioner, Heading::WhySlow), Value) ==
        "It waits 36.9 s. Done.\n- item with 9.00 GiB");
  CHECK(FillHoles(Body(text, Level::Expert, Heading::WhatToDo), Value) == "```\ndf.salt(154)   # {literal}\n```");
  CHECK(FillHoles("Only {s.heap}.", Value).empty());
}

TEST_CASE("a condition decides whether its sentence stands") {
  const auto value = [](std::string_view hole) {
    return std::optional<std::string>(hole == "a < b" ? "true" : hole == "c" ? "3 %" : "false");
  };
  CHECK(FillHoles("Not GC ({c}){? a < b}. Not skew{? a > b}.", value) == "Not GC (3 %).");
  CHECK(HolesOf(Parsed("---\nrule: a\n---\n## What happens\nx{? a < b}\n")) == std::vector<std::string>{"a < b"});
}

TEST_CASE("values with stops and braces do not end sentences") {
  const auto value = [](std::string_view) { return std::optional<std::string>("8.4 s. Not a sentence"); };
  CHECK(FillHoles("A {x} b. C {missing(\"}\")} d.", value) == "A 8.4 s. Not a sentence b. C 8.4 s. Not a sentence d.");
  CHECK(FillHoles("Set `a. b` now. Then {x}.", [](std::string_view) { return std::optional<std::string>(); }) ==
        "Set `a. b` now.");
}

TEST_CASE("broken templates are refused with the reason") {
  const struct {
    std::string name;
    std::string text;
    std::string want;
  } rows[] = {
      {"no front matter", "# x\n", "t.md has no front matter"},
      {"not closed", "---\nrule: a\n", "t.md has no front matter"},
      {"no rule", "---\nwords: [a]\n---\n", "the front matter of t.md names no `rule`"},
      {"twice", "---\nrule: a\nrule: b\n---\n", "`rule` stands twice in the front matter of t.md"},
      {"unknown key", "---\nrule: a\ncolour: b\n---\n", "unknown key `colour` in the front matter of t.md"},
      {"unknown heading", "---\nrule: a\n---\n## Why\n", "`## Why` in t.md is no heading of a template"},
      {"unknown level", "---\nrule: a\n---\n## What happens\n### guru\n", "`### guru` in t.md is no level"},
      {"level first", "---\nrule: a\n---\n### novice\n", "`### novice` in t.md is no level"},
      {"open hole", "---\nrule: a\n---\n## What happens\n{a\n", "a hole in t.md is not closed"},
      {"text first", "---\nrule: a\n---\nhello\n", "text before the first heading of t.md"},
      {"heading twice", "---\nrule: a\n---\n## What happens\na\n## What happens\nb\n",
       "`What happens` stands twice in t.md"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const Result<Template> result = ParseTemplate(row.text, "t.md");
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().message == row.want);
  }
  CHECK_FALSE(ParseTemplate("---\n{[\n---\n", "t.md").has_value());
}

TEST_CASE("an explanation as Markdown has its headings in order") {
  Narration narration;
  narration.levels[0] = {{Heading::WhatHappens, "A."}, {Heading::WhatToDo, "B."}};
  CHECK(AsText(narration, Level::Novice) == "**What happens.** A.\n\n**What to do.** B.");
  CHECK(AsText(narration, Level::Expert).empty());
  CHECK(narration.Find(Level::Novice, Heading::WhatToDo)->text == "B.");
  CHECK(narration.Find(Level::Novice, Heading::WhySlow) == nullptr);
}

}  // namespace
}  // namespace advise::explain
