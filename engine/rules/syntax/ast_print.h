// The syntax tree as canonical source text: what `advise fmt` and `advise dump ast` show. Printing and parsing again
// gives the same text, and the same tree but for places. Comments that begin with a single # are not in the tree and
// get lost.
#pragma once

#include <string>

#include "rules/ast.h"

namespace advise::rules::ast {

struct PrintOptions {
  // Clauses in the house order: for, applies, needs, match, let, where, explains, relations, confidence, severity,
  // evidence, title, message, effect, change, the words about the rule, fix, link. false: as written.
  bool order_clauses = true;
  // Parentheses around every operation, so that two trees are alike exactly when their texts are. For tests.
  bool all_parentheses = false;
};

std::string Print(const File& file, const PrintOptions& options = {});
std::string Print(const Item& item, const PrintOptions& options = {});
std::string Print(const Query& query, const PrintOptions& options = {});
std::string Print(const Effect& effect, const PrintOptions& options = {});
std::string Print(const Expr& expr, const PrintOptions& options = {});
std::string Print(const Pattern& pattern, const PrintOptions& options = {});
std::string Print(const TypeName& type);

}  // namespace advise::rules::ast
