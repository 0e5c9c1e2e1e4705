// Rule text becomes a syntax tree (rules/ast.h), down to the expressions in the holes of its texts. Nothing here
// throws; what is wrong with the text goes to Diagnostics. Names are not looked up and types are not checked: that is
// rules/bind. Texts that stand elsewhere, as in explain templates: text_parser.h.
#pragma once

#include <optional>

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

// One expression, such as the value of `--set PARAM=VALUE`. Null when it does not parse.
ast::ExprPtr ParseExpr(const SourceManager& sources, SourceId id, const Limits& limits, Diagnostics& diagnostics);

// Whether the grammar's own rule `file` takes the text, with full LL prediction; the tests hold ParseFile, which drives
// the grammar unit by unit in SLL mode, against it.
bool GrammarAccepts(const SourceManager& sources, SourceId id);

}  // namespace advise::rules::syntax
