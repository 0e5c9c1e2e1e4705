// advise check FILE|DIR…: compiles rule files and prints what is wrong with them.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"

namespace advise::cli {

int RunCheck(const std::vector<std::string>& arguments) {
  CLI::App app("Compile rule files and print what is wrong with them.", "advise check");
  RuleOptions options;
  bool alone = false;
  app.add_option("rules", options.paths, "rule files or pack folders; none: the built-in packs");
  app.add_flag("--no-default-rules", alone, "without the built-in packs");
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  options.default_packs = !alone;
  options.tests = true;
  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rulebook> book = Compile(options, sources, diagnostics, times);
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!book) {
    PrintError(book.error(), When::Auto);
    // A file of which nothing is left is what this command is there to tell.
    return book.error().code == DiagnosticCode::NoRules ? kFound : kBadInput;
  }
  const std::size_t errors = diagnostics.CountErrors();
  std::printf("%zu rules, %zu errors, %zu other remarks\n", book->rules.rules.size(), errors,
              diagnostics.all().size() - errors);
  return errors > 0 ? kFound : kDone;
}

}  // namespace advise::cli
