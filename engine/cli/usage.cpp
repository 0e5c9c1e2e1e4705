// Runs CLI11's parser: help to standard output, a mistake as one diagnostic with exit status 2.
#include "cli/usage.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "cli/common.h"
#include "cli/subcommand.h"

namespace advise::cli {

std::optional<int> ParseArguments(CLI::App& app, const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes them from the back
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    const std::string text = app.help();
    std::fwrite(text.data(), 1, text.size(), stdout);
    return kDone;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    if (!message.empty() && message.back() == '\n') message.pop_back();
    PrintError({DiagnosticCode::Usage, message, "`" + app.get_name() + " --help` lists the options"}, When::Auto);
    return kBadInput;
  }
  return std::nullopt;
}

}  // namespace advise::cli
