#include "cli/common.h"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "support/diagnostic_render.h"

namespace advise::cli {
namespace {

std::atomic<bool> g_stop{false};

extern "C" void OnInterrupt(int) {
  g_stop.store(true, std::memory_order_relaxed);
  std::signal(SIGINT, SIG_DFL);  // the next one ends the program
}

}  // namespace

void PrintDiagnostics(const SourceManager& sources, const Diagnostics& diagnostics, When color) {
  if (diagnostics.empty()) return;
  RenderOptions options;
  options.color = UseColor(color, 2);
  const std::string text = Render(sources, diagnostics, options);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void PrintError(const Error& error, When color) {
  SourceManager sources;
  Diagnostics diagnostics;
  diagnostics.Report(error);
  PrintDiagnostics(sources, diagnostics, color);
}

const std::atomic<bool>& StopOnInterrupt() {
  std::signal(SIGINT, OnInterrupt);
  return g_stop;
}

int ForEachLog(const std::vector<std::string>& paths, ReadOptions options, PhaseTimes& times, When color, When progress,
               const std::function<void(const RunLog&)>& use) {
  options.stop = &StopOnInterrupt();
  int read = 0;
  for (const std::string& path : paths) {
    const Result<std::vector<ingest::LogInput>> logs = ingest::FindLogs(path, options.limits);
    if (!logs) {
      PrintError(logs.error(), color);
      continue;
    }
    for (const ingest::LogInput& input : *logs) {
      Result<RunLog> log = [&] {
        ProgressBar bar(UseColor(progress, 2));
        options.progress = [&bar](std::uint64_t done, std::uint64_t total) { bar.Update(done, total); };
        return ReadLog(input, options, times);
      }();
      if (!log) {
        PrintError(log.error(), color);
        continue;
      }
      ++read;
      use(*log);
    }
  }
  return read;
}

bool WriteOutput(const std::string& path, const std::string& text) {
  if (path.empty()) {
    std::cout << text;
    std::cout.flush();
    return static_cast<bool>(std::cout);
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return true;
  std::fprintf(stderr, "advise: `%s` cannot be written\n", path.c_str());
  return false;
}

}  // namespace advise::cli
