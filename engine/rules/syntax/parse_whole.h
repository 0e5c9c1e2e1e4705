// One unit that is a whole text: a query, an effect, the expression of a hole. Inside rules/syntax only.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "rules/syntax/build_ast.h"
#include "rules/syntax/mistakes.h"
#include "rules/syntax/session.h"
#include "support/diagnostics.h"
#include "support/limits.h"

namespace advise::rules::syntax {

void WarnOfDecimalUnits(const TokenList& tokens, Diagnostics& diagnostics);
void ReportTooDeep(const TokenList& tokens, std::size_t at, const Limits& limits, Diagnostics& diagnostics);

// What `build` makes of the tree. nullopt: reported.
template <class Context, class Build>
auto ParseWhole(Session& session, Unit unit, Context* (Parser::*grammar)(), const Limits& limits,
                Diagnostics& diagnostics, Build build)
    -> std::optional<decltype(build(std::declval<AstBuilder&>(), std::declval<Context*>()))> {
  const TokenList& tokens = session.tokens();
  const std::vector<std::size_t> too_deep = FindTooDeep(tokens, {}, limits.rule_nesting);
  if (!too_deep.empty()) {
    ReportTooDeep(tokens, too_deep.front(), limits, diagnostics);
    return std::nullopt;
  }
  WarnOfDecimalUnits(tokens, diagnostics);
  std::size_t position = 0;
  Context* context = session.Run(grammar, position);
  if (context == nullptr) {
    ReportSyntaxError(tokens, {session.failure(), unit, 0}, diagnostics);
    return std::nullopt;
  }
  AstBuilder builder(tokens, limits, diagnostics);
  auto node = build(builder, context);
  if (builder.TakeFailed()) return std::nullopt;
  return node;
}

// The expression that is the text of the session. Null: reported.
ast::ExprPtr ParseHole(Session& session, const Limits& limits, Diagnostics& diagnostics);

}  // namespace advise::rules::syntax
