// What units that are a whole text share with those of a file.
#include "rules/syntax/parse_whole.h"

#include <string>

namespace advise::rules::syntax {

namespace {

using K = generated::AdviseLexer;

}  // namespace

void WarnOfDecimalUnits(const TokenList& tokens, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.kind(i) != K::QUANTITY) continue;
    const std::string_view word = tokens.word(i);
    if (word.size() < 3 || word.back() != 'B' || word[word.size() - 2] == 'i') continue;
    const char prefix = word[word.size() - 2];
    if (prefix != 'K' && prefix != 'M' && prefix != 'G' && prefix != 'T') continue;
    const std::string unit{prefix, 'B'};
    const std::string binary = std::string(word.substr(0, word.size() - 1)) + "iB";
    diagnostics.Report(DiagnosticCode::DecimalUnit, tokens.Span(i, i), "`" + unit + "` counts in powers of 1000",
                       "did you mean `" + binary + "`?");
  }
}

void ReportTooDeep(const TokenList& tokens, std::size_t at, const Limits& limits, Diagnostics& diagnostics) {
  diagnostics
      .Report(DiagnosticCode::TooDeep, tokens.Span(at, at),
              "this nests deeper than " + std::to_string(limits.rule_nesting) + " levels", "too deep here")
      .helps.emplace_back("split it with `let` or a `def`");
}

ast::ExprPtr ParseHole(Session& session, const Limits& limits, Diagnostics& diagnostics) {
  auto expr =
      ParseWhole(session, Unit::Hole, &Parser::holeText, limits, diagnostics,
                 [](AstBuilder& builder, Parser::HoleTextContext* context) { return builder.Expr(context->expr()); });
  return expr ? std::move(*expr) : nullptr;
}

}  // namespace advise::rules::syntax
