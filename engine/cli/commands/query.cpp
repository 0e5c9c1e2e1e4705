// advise query LOG 'match … where … return …': the patterns of rules as a query.
#include <CLI/CLI.hpp>
#include <sstream>

#include "ask/query.h"
#include "ask/query_output.h"
#include "cli/ask_options.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"

namespace advise::cli {

int RunQuery(const std::vector<std::string>& arguments) {
  CLI::App app(
      "A pattern over the run, in the language of the rules:\n"
      "  match PATTERN [group by x.attribute as g] [let NAME = EXPR] [where CONDITION]\n"
      "  return EXPR [as NAME], … [order by EXPR [desc], …] [limit N]\n"
      "Findings may be asked for too: where skewed_join(s, _)",
      "advise query");
  AskOptions options;
  std::string text;
  DeclareAskOptions(app, options);
  app.add_option("query", text, "as in 'match (s:Stage) where s.gc_share > 10% return s, s.gc_share'")->required();
  app.add_option("--format", options.format, "text, csv or json")
      ->check(CLI::IsMember({"text", "csv", "json"}))
      ->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  const When color = ParseWhen(options.analyze.color);
  std::optional<rules::BoundQuery> query;
  const auto compile = [&](const Rulebook& book, SourceManager& sources) {
    Diagnostics diagnostics;
    query = ask::CompileQuery(book, text, sources, diagnostics);
    PrintDiagnostics(sources, diagnostics, color);
    return query.has_value();
  };
  const auto answer = [&](const AskedLog& asked) -> std::optional<std::string> {
    const Diagnosis diagnosis = Diagnose(asked.log.model, asked.book.rules, asked.times);
    const Result<rules::QueryResult> result = ask::AskQuery(asked.book, diagnosis, *query);
    if (!result) {
      PrintError(result.error(), color);
      return std::nullopt;
    }
    if (options.format == "csv") return ask::QueryCsv(*query, *result);
    if (options.format == "text")
      return ask::QueryText(*query, *result, static_cast<std::size_t>(OutputWidth()), Utf8Output());
    std::ostringstream out;
    ask::WriteQueryJson(*query, *result, asked.log.info, out);
    return out.str();
  };
  return Ask(options, answer, compile);
}

}  // namespace advise::cli
