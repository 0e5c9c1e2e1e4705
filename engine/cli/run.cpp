// Picks the command, prints the overview of commands, and turns what nobody caught into exit status 70.
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/subcommand.h"
#include "support/version.h"

namespace advise::cli {
namespace {

void PrintHelp() {
  std::printf("advise %s: why a Spark application is slow, and what to change\n\n", kVersion.data());
  std::printf("usage: advise [COMMAND] LOG…\n\ncommands\n");
  for (const Command& command : Commands()) {
    std::printf("  %-10.*s %.*s\n", static_cast<int>(command.name.size()), command.name.data(),
                static_cast<int>(command.summary.size()), command.summary.data());
  }
  std::printf("\n`advise COMMAND --help` lists the options of a command.\n");
}

int Dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    PrintHelp();
    return arguments.empty() ? kBadInput : kDone;
  }
  if (arguments[0] == "--version") return RunVersion();
  for (const Command& command : Commands()) {
    if (command.name == arguments[0]) return command.run({arguments.begin() + 1, arguments.end()});
  }
  return RunAnalyze(arguments);
}

}  // namespace

int Main(const std::vector<std::string>& arguments) {
  try {
    const int status = Dispatch(arguments);
    return FlushStandardOutput() ? status : kBadInput;
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "error[internal]: out of memory\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr,
                 "error[internal]: %s\n  = help: this is a bug of advise; please report it with the command line\n",
                 error.what());
  }
  return kInternal;
}

}  // namespace advise::cli
