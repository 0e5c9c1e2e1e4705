// advise mcp: the tools of advise for assistants that speak the Model Context Protocol.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "mcp/server.h"

namespace advise::cli {

int RunMcp(const std::vector<std::string>& arguments) {
  CLI::App app(
      "Facts about Spark logs for assistants: the Model Context Protocol over standard input and output. An assistant "
      "starts it by itself, for instance with `claude mcp add spark -- advise mcp --dir LOGS`.",
      "advise mcp");
  std::string folder;
  service::Analyst::Options options;
  app.add_option("--dir", folder, "only logs of this folder may be read; without it every path that you may read");
  app.add_option("--rules", options.rules, "rule file or pack of your own (repeatable)")->allow_extra_args(false);
  app.add_option("--threads", options.threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  std::error_code error;
  if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
    PrintError({DiagnosticCode::Usage, "`" + folder + "` is no folder", "--dir takes the folder of the logs"},
               When::Auto);
    return kBadInput;
  }
  SourceManager sources;
  Diagnostics diagnostics;
  Result<std::unique_ptr<service::Analyst>> analyst = service::Analyst::Make(options, sources, diagnostics);
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!analyst) {
    PrintError(analyst.error(), When::Auto);
    return kBadInput;
  }
  std::signal(SIGPIPE, SIG_IGN);  // a client that goes away is no failure
  service::LogLibrary logs(folder);
  mcp::Serve(logs, **analyst, STDIN_FILENO, STDOUT_FILENO);
  return kDone;
}

}  // namespace advise::cli
