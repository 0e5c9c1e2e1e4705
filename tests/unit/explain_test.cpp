// Templates: parsing, holes, and what happens when a value is missing.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "explain/narrate.h"
#include "explain/template.h"
#include "rules/bind/bind.h"
#include "unit/rules_fixture.h"

namespace advise::explain {
namespace {

constexpr std::string_view kSkew = R"(---
rule: demo.slow
words: [task, stage]
---
# A stage with a few very large partitions
## What happens
One stage runs {d},
the usual one {p50(app.stages.duration)}.

### novice
A task is
one part of the work.
## Why it is slow
### practitioner
It waits {2 * d}. Heap is {s.gc_pause}. Done.
- item with {d}
- item with {s.gc_pause}
## What to do
### expert
```
df.salt({s.id})   # {{}}
drop {s.gc_pause}

```
)";

struct Read {
  SourceManager sources;
  Diagnostics diagnostics;
  std::optional<ParsedTemplate> parsed;

  explicit Read(std::string_view text) {
    parsed = ParseTemplate(sources, sources.Add("t.md", std::string(text)), Limits(), diagnostics);
  }
  [[nodiscard]] std::string Messages() const {
    std::string text;
    for (const Diagnostic& d : diagnostics.Sorted()) text += d.message + "\n";
    return text;
  }
};

// What the template, below its front matter, says of the stage `demo.slow(0.0)`, which runs 9 s and has no known pause.
// At the end what was reported.
std::string Told(const std::string& text, Level level) {
  auto model = test::EmptyApp();
  model.stages.duration.Set(test::AddStage(model, 0), 9000);
  const auto compiled =
      test::CompileRules("symptom slow(s: Stage) { match (s:Stage) let d = s.duration where d > 1s message \"slow\" }");
  const auto folder =
      std::filesystem::temp_directory_path() /
      ("advise_explain_" + std::to_string(std::hash<std::string>()(text + std::string(LevelName(level)))));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "slow.md", std::ios::binary) << text;
  std::ofstream(folder / "README.md") << "no template";
  const TemplateLibrary library = ReadTemplates(FindTemplates(folder, "explain"), compiled->set, nullptr,
                                                compiled->sources, Limits(), compiled->diagnostics);
  std::filesystem::remove_all(folder);
  const rules::MatchResults results = rules::MatchAll(compiled->set, model);
  const rules::MatchReader reader(results);
  diagnose::Finding finding;
  finding.id = "demo.slow(0.0)";
  const std::vector<Narration> told = Narrate({&library}, results, reader, {finding}, {});
  return (told.empty() ? "nothing" : AsText(told[0], level)) + compiled->Messages();
}
std::string Told(const std::string& body) { return Told("---\nrule: demo.slow\n---\n" + body, Level::Expert); }
std::string Happens(const std::string& words) {
  const std::string told = Told("## What happens\n" + words + "\n");
  constexpr std::string_view kHeading = "**What happens.** ";
  return told.starts_with(kHeading) ? told.substr(kHeading.size()) : told;
}

TEST_CASE("a template has a rule, a title, words, and parts by level") {
  const Read read(kSkew);
  CHECK(read.Messages() == "");
  REQUIRE(read.parsed);
  CHECK(read.parsed->rule == "demo.slow");
  CHECK(read.parsed->title == "A stage with a few very large partitions");
  CHECK(read.parsed->words == std::vector<std::string>{"task", "stage"});
  REQUIRE(read.parsed->parts.size() == 4);
  CHECK(read.parsed->parts[1].heading == Heading::WhatHappens);
  CHECK(read.parsed->parts[1].level == Level::Novice);
  const auto& sentence = read.parsed->parts[0].lines.at(0).texts.at(0);
  CHECK(read.sources.text(sentence.at(3).span) == "{p50(app.stages.duration)}");
  CHECK(sentence.at(2).literal == ", the usual one ");
}

TEST_CASE("holes are filled; a sentence, item or code line without its value is left out") {
  const std::string text(kSkew);
  CHECK(Told(text, Level::Novice) ==
        "**What happens.** One stage runs 9.0 s, the usual one 9.0 s.\n\nA task is one part of the work.");
  CHECK(Told(text, Level::Practitioner) ==
        "**What happens.** One stage runs 9.0 s, the usual one 9.0 s.\n\n"
        "**Why it is slow.** It waits 18.0 s. Done.\n- item with 9.0 s");
  CHECK(Told(text, Level::Expert) ==
        "**What happens.** One stage runs 9.0 s, the usual one 9.0 s.\n\n"
        "**What to do.** ```\ndf.salt(0)   # {}\n\n```");
  CHECK(Told("## What happens\nOnly {s.gc_pause}.\n").empty());
}

TEST_CASE("a condition decides whether its sentence stands") {
  CHECK(Happens("Not GC ({d}){? d > 1s}. Not skew{? d > 1h}. Not known{? s.gc_pause > 1s}.") == "Not GC (9.0 s).");
  CHECK(Happens("x{? d}").ends_with("type-mismatch: expected a condition, found Duration\n"));
}

TEST_CASE("stops in holes and code do not end sentences") {
  CHECK(Happens("A {d} b. C {if \"}. x\" = \"a\" then 1s else d} d.") == "A 9.0 s b. C 9.0 s d.");
  CHECK(Happens("Set `a. b` now. Then {s.gc_pause}.") == "Set `a. b` now.");
}

TEST_CASE("a hole that is wrong costs its sentence, one that does not parse its paragraph") {
  CHECK(Happens("A {d}. B {e}. C.") ==
        "A 9.0 s. C.template: `{e}` in this template: `e` is not bound in slow; bound: s, d\n");
  CHECK(Happens("A {d +}. B.\n\nC {d}.") == "C 9.0 s.syntax: expected a value, found the end\n");
}

TEST_CASE("broken templates are refused with the reason") {
  const struct {
    std::string name;
    std::string text;
    std::string want;
  } rows[] = {
      {"no front matter", "# x\n", "this template has no front matter"},
      {"not closed", "---\nrule: a\n", "this template has no front matter"},
      {"empty", "", "this template has no front matter"},
      {"no rule", "---\nwords: [a]\n---\n", "no `rule` is named in the front matter"},
      {"no keys", "---\nrule\n---\n", "no `rule` is named in the front matter"},
      {"twice", "---\nrule: a\nrule: b\n---\n", "`rule` stands twice in the front matter"},
      {"unknown key", "---\nrule: a\ncolour: b\n---\n", "unknown key `colour` in the front matter"},
      {"unknown heading", "---\nrule: a\n---\n## Why\n", "`## Why` is no heading of a template"},
      {"unknown level", "---\nrule: a\n---\n## What happens\n### guru\n", "`### guru` is no level"},
      {"level first", "---\nrule: a\n---\n### novice\n", "`### novice` is no level"},
      {"text first", "---\nrule: a\n---\nhello\n", "this text stands before the first heading"},
      {"heading twice", "---\nrule: a\n---\n## What happens\na\n## What happens\nb\n", "`What happens` stands twice"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const Read read(row.text);
    CHECK_FALSE(read.parsed);
    CHECK(read.Messages() == row.want + "\n");
  }
  CHECK_FALSE(Read("---\n{[\n---\n").parsed);
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
