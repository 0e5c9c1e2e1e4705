// advise serve: a page on this machine to drop logs on, and an API.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "serve/access.h"
#include "serve/server.h"

namespace advise::cli {
namespace {

void Wrong(const std::string& message, const std::string& help) {
  PrintError({DiagnosticCode::Usage, message, help}, When::Auto);
}

// Of a cookie and a header.
bool IsToken(const std::string& token) {
  return token.size() >= 16 && token.find_first_not_of(
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                   "-._~") == std::string::npos;
}

}  // namespace

int RunServe(const std::vector<std::string>& arguments) {
  CLI::App app(
      "A page on this machine: drop a log, see why it was slow. No log leaves the machine; what is uploaded is deleted "
      "at the end (Ctrl-C).",
      "advise serve");
  app.footer(
      "API: POST /api/v1/analyses?name=LOG&wait=1 with the bytes of a log, or {\"log\": NAME} of the list as JSON;\n"
      "GET /api/v1/analyses[?search=], /api/v1/analyses/ID[?wait=1], /api/v1/compare?a=ID&b=ID, /analyses/ID, "
      "/healthz;\n"
      "POST /api/v1/analyses/ID/whatif with {\"conf\": {…}, \"executors\": N, \"partitions\": N, \"apply\": [1]}.");
  std::string folder;
  serve::ServeOptions how;
  service::Analyst::Options options;
  std::uint64_t most_upload = how.limits.file_bytes;
  app.add_option("--port", how.port, "0: any that is free")->check(CLI::Range(0, 65535))->capture_default_str();
  app.add_option("--dir", folder, "list the logs of this folder too");
  app.add_option("--bind", how.bind, "address to listen on; other than loopback needs --token")->capture_default_str();
  app.add_option("--token", how.token,
                 "16 characters or more that every request must give; also from the variable ADVISE_SERVE_TOKEN");
  app.add_option("--host-name", how.names, "name under which the server is reached, beside its address (repeatable)")
      ->allow_extra_args(false);
  app.add_option("--verdicts", how.verdicts, "logs of --dir that are read without being asked for")
      ->capture_default_str();
  app.add_option("--max-upload", most_upload, "most bytes of an upload, also 500MB, 8GB")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  app.add_option("--rules", options.rules, "rule file or pack of your own (repeatable)")->allow_extra_args(false);
  app.add_option("--threads", options.threads, "threads that read a log; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;

  if (const char* token = std::getenv("ADVISE_SERVE_TOKEN"); how.token.empty() && token != nullptr) how.token = token;
  how.limits.file_bytes = most_upload;
  how.limits.all_bytes = most_upload > UINT64_MAX / 4 ? UINT64_MAX : most_upload * 4;
  if (!how.token.empty() && !IsToken(how.token)) {
    Wrong("the token is shorter than 16 characters or has others than letters, digits and -._~",
          "`openssl rand -hex 16` makes one");
    return kBadInput;
  }
  if (!serve::IsLoopback(how.bind) && how.token.empty()) {
    Wrong("`--bind " + how.bind + "` lets other machines in, and no token is set",
          "set one with --token or ADVISE_SERVE_TOKEN, or leave --bind out");
    return kBadInput;
  }
  std::error_code error;
  if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
    Wrong("`" + folder + "` is no folder", "--dir takes the folder of the logs");
    return kBadInput;
  }

  // Signals are waited for by this thread alone: blocked before there is another one.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  SourceManager sources;
  Diagnostics diagnostics;
  Result<std::unique_ptr<service::Analyst>> analyst = service::Analyst::Make(options, sources, diagnostics);
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!analyst) {
    PrintError(analyst.error(), When::Auto);
    return kBadInput;
  }
  service::LogLibrary logs(folder);
  const Result<std::monostate> served = serve::Serve(
      how, logs, **analyst,
      [](const std::string& url) {
        std::printf("advise listens on %s\n", url.c_str());
        std::fflush(stdout);
      },
      [&signals] {
        int signal = 0;
        sigwait(&signals, &signal);
      });
  if (served) return kDone;
  PrintError(served.error(), When::Auto);
  return kBadInput;
}

}  // namespace advise::cli
