// advise lsp: the language server, on standard input and output.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/subcommand.h"
#include "cli/usage.h"
#include "lsp/server.h"

namespace advise::cli {

int RunLsp(const std::vector<std::string>& arguments) {
  CLI::App app(
      "A language server for rule files: diagnostics, completion, hover, definitions, renaming, formatting, quick "
      "fixes, and above each rule what the last `advise lint` measured (.advise-lint.json). "
      "Editors start it and speak to it on standard input and output.",
      "advise lsp");
  bool stdio = false;
  app.add_flag("--stdio", stdio, "the default, and what editors pass");
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  std::ios::sync_with_stdio(false);  // so that the server sees whether more messages wait
  return lsp::Serve(std::cin, std::cout) == 0 ? kDone : kFound;
}

}  // namespace advise::cli
