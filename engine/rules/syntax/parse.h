// Rule text becomes a syntax tree (rules/ast.h). Nothing here throws; what is wrong with the text goes to Diagnostics.
// Names are not looked up and types are not checked: that is rules/bind.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules::syntax {

// A bad item costs only itself: it is missing in the result (its name is in File::broken) and parsing resumes at the
// next one; inside a rule, override or test at its next clause, so that each typo has one message. An item nested
// deeper than Limits::rule_nesting, or a file longer than Limits::rule_bytes, is not parsed at all.
ast::File ParseFile(const SourceManager& sources, SourceId id, const Limits& limits, Diagnostics& diagnostics);

// match … let … where … return …
std::optional<ast::Query> ParseQuery(const SourceManager& sources, SourceId id, const Limits& limits,
                                     Diagnostics& diagnostics);

// One effect as `advise whatif` takes it: set conf "spark.sql.shuffle.partitions" = 400
std::optional<ast::Effect> ParseEffect(const SourceManager& sources, SourceId id, const Limits& limits,
                                       Diagnostics& diagnostics);

// The expression of one {…} of a text. `offsets[i]` is the place of text[i] in `source`, one entry more than text;
// spans of the result and of diagnostics point there. Null when it does not parse.
ast::ExprPtr ParseHole(std::string_view text, SourceId source, std::span<const std::uint32_t> offsets,
                       const Limits& limits, Diagnostics& diagnostics);

// A piece of a text: words to print, or a hole whose value is printed.
struct TemplateSegment {
  std::string literal;  // {{ and }} are { and } here
  ast::ExprPtr hole;    // null for a literal
  SourceSpan span;      // of a hole with its braces
};

// Cuts a text at its holes and parses them; `{{` and `}}` are braces to print. nullopt when a brace is not closed or a
// hole does not parse: all of them are reported.
std::optional<std::vector<TemplateSegment>> ParseTemplate(const ast::Text& text, const Limits& limits,
                                                          Diagnostics& diagnostics);
// A text of its own, such as an explain template: offsets in `id` are offsets in the text.
ast::Text WholeText(const SourceManager& sources, SourceId id);

// Whether the grammar's own rule `file` takes the text, with full LL prediction; the tests hold ParseFile, which drives
// the grammar unit by unit in SLL mode, against it.
bool GrammarAccepts(const SourceManager& sources, SourceId id);

}  // namespace advise::rules::syntax
