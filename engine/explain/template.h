// Explain templates: one Markdown file per cause or advice, explain-templates/<pack>/<name>.md.
//
//   ---
//   rule: spark.core.skewed_join          # which rule it explains
//   words: [stage, task, partition]       # terms to look up; optional
//   ---
//   # A join with a few very large partitions
//   ## What happens
//   Text for all levels.
//   ### novice
//   Text for this level only. One partition is {max(r)}.
//
// The five headings are fixed (narration.h). `{expression}` is a hole in the rule's own scope, `{{` a brace. A sentence
// with a hole whose value is missing is left out: without evidence there is no sentence. `{? condition}` prints
// nothing; its sentence stands only where the condition is true.
//
// An item of "What it is not" that begins with a name, "- `gc_heavy` Not garbage collection …", stands where the rule
// rules that out (its `rules out` clauses, by rule or phrase); the name itself is not printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explain/narration.h"
#include "rules/bind/bound_rule.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::explain {

// A paragraph, or an item of a list ("- …"); the empty line between two; the ``` around code, and the code.
enum class LineKind : std::uint8_t { Words, Blank, Fence, Code };
template <class Text>
struct TemplateLine {
  LineKind kind = LineKind::Words;
  std::string fence;        // as written
  std::vector<Text> texts;  // sentences with the space behind them, or one line of code: each stands or goes as a whole
  std::string ruled_out{};  // of an item of "What it is not": what it is about; empty: it always stands
  SourceSpan place{};       // of that name
};
// What stands below a heading, for one level or for all of them.
template <class Text>
struct TemplatePart {
  Heading heading = Heading::WhatHappens;
  std::optional<Level> level;
  std::vector<TemplateLine<Text>> lines;
};

template <class Text>
struct TemplateOf {
  std::string rule;   // qualified name
  std::string title;  // its first-level heading
  std::vector<std::string> words;
  std::vector<TemplatePart<Text>> parts;  // as they stand in the file
};
using ParsedTemplate = TemplateOf<std::vector<rules::ast::TextSegment>>;
// A template whose holes mean something. Sentences of which a hole did not bind are gone.
struct Template : TemplateOf<rules::BoundText> {
  std::vector<rules::Slot> slots;  // of its holes: those of its rule, then their own
};

// nullopt: no front matter, no rule, an unknown or repeated heading; reported (code Template). A paragraph of which a
// hole does not parse is reported and left out.
std::optional<ParsedTemplate> ParseTemplate(const SourceManager& sources, SourceId id, const Limits& limits,
                                            Diagnostics& diagnostics);

}  // namespace advise::explain
