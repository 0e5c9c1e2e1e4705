// The report as a list of blocks, between the facts (report.h) and the formats (writers/): which block stands where and
// what it says is decided here, how it looks in a format in the writer alone. No block knows a part of the report.
//
// To add a block: a struct and its place in Block; each writer then does not compile until it can write it, and
// tests/golden/page shows it in each format. To add a part of the report: see make_page.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "diagnose/finding.h"
#include "report/inline_text.h"
#include "report/report.h"

namespace advise::report {

// The first line of the page, in falling length: writers of narrow pages take the first form that fits.
struct TitleBlock {
  std::vector<std::string> forms;  // plain text; at least one
};

// Above a part of the page.
struct HeadingBlock {
  std::string text;
};

struct ParagraphBlock {
  InlineText text;
  bool aside = false;  // a remark about what stands above it
};

struct ListBlock {
  std::vector<InlineText> items;
};

// Lines to paste or to read as they are: never wrapped. CodeLine has the comment behind a line and the same line
// broken.
struct CodeBlock {
  std::vector<CodeLine> lines;
  bool inset = false;  // set in from the text around it
};

// Labels and what is said of each.
struct KeyValueBlock {
  struct Row {
    std::string label;
    std::vector<InlineText> values;
    bool quiet = false;  // less important than its neighbours
  };
  std::vector<Row> rows;
  bool line_each = false;  // each value begins a line of its own; else values run on, "·" between them
};

// Columns of figures; the first column names the row.
struct TableBlock {
  struct Column {
    std::string name;
    bool right = false;  // numbers end in one column
  };
  std::vector<Column> columns;
  std::vector<std::vector<InlineText>> rows;  // a cell a column
};

// The time strip of report.h; writers that draw text use strip.h.
struct StripBlock {
  Strip strip;
};

// Commands that go on from here.
struct CommandsBlock {
  std::string label;
  std::vector<NextStep> steps;
};

// What may stand in a card.
using BodyBlock = std::variant<ParagraphBlock, ListBlock, CodeBlock, KeyValueBlock, TableBlock>;

// A numbered thing with a title, a short note at its right edge and a body: a finding, a step of what to do.
struct CardBlock {
  enum class Shape : std::uint8_t { Finding, Dense, Step };
  Shape shape = Shape::Finding;  // Dense: for experts, nothing set in
  int number = 0;                // 0: goes on with the number of the card before it
  std::optional<diagnose::Severity> severity;
  InlineText title;
  std::string note;        // "at most 49 s of 1m08s", "conf, session, effort low"
  std::string note_short;  // for narrow pages; empty: the same
  std::vector<BodyBlock> body;
  bool spaced = false;  // the body begins below an empty line
};

using Block = std::variant<ParagraphBlock, ListBlock, CodeBlock, KeyValueBlock, TableBlock, TitleBlock, HeadingBlock,
                           StripBlock, CommandsBlock, CardBlock>;

struct Page {
  std::vector<Block> blocks;
};

}  // namespace advise::report
