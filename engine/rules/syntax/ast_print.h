// The syntax tree as canonical source text: for tests and messages. Printing and parsing again gives the same text, and
// the same tree but for places. Comments that begin with a single # and the author's line breaks are not in the tree;
// `advise fmt` keeps both (format.h).
#pragma once

#include <string>

#include "rules/ast.h"

namespace advise::rules::ast {

struct PrintOptions {
  // Clauses in the house order (ClauseRank). false: as written.
  bool order_clauses = true;
  // Parentheses around every operation, so that two trees are alike exactly when their texts are. For tests.
  bool all_parentheses = false;
};

// The place of a clause in the house order: for, needs, match, let, applies, where, explains, relations, confidence,
// severity, costs, rules out, category, evidence, title, message, effect, fix, change, the other words about the rule,
// link. Clauses of one rank stay as they are.
int ClauseRank(const Clause& clause);

std::string Print(const File& file, const PrintOptions& options = {});
std::string Print(const Item& item, const PrintOptions& options = {});
std::string Print(const Query& query, const PrintOptions& options = {});
std::string Print(const Effect& effect, const PrintOptions& options = {});
std::string Print(const Expr& expr, const PrintOptions& options = {});
std::string Print(const Pattern& pattern, const PrintOptions& options = {});
std::string Print(const TypeName& type);

}  // namespace advise::rules::ast
