// Text → tree → bound query → rows.
#include "ask/query.h"

#include <utility>

#include "rules/syntax/parse.h"

namespace advise::ask {

std::optional<rules::BoundQuery> CompileQuery(const Rulebook& book, std::string text, SourceManager& sources,
                                              Diagnostics& diagnostics) {
  const Limits limits;
  const SourceId source = sources.Add("<query>", std::move(text));
  const auto parsed = rules::syntax::ParseQuery(sources, source, limits, diagnostics);
  if (!parsed) return std::nullopt;
  return rules::BindQuery(book.rules, *parsed, sources, limits, diagnostics);
}

Result<rules::QueryResult> AskQuery(const Rulebook& book, const Diagnosis& diagnosis, const rules::BoundQuery& query) {
  rules::QueryResult result = rules::RunQuery(book.rules, diagnosis.matches, query);
  if (!result.given_up) return result;
  return Fail(DiagnosticCode::LimitExceeded, "this query takes more work, or has more rows, than a query may",
              "join its variables by an edge or by `=`, and test each of them alone where that is possible");
}

}  // namespace advise::ask
