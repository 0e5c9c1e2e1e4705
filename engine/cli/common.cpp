// Reading the logs of a command line one after the other (progress, Ctrl-C, errors), and what all commands print.
#include "cli/common.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <future>
#include <memory>
#include <numeric>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "anonymise/anonymise.h"
#include "cli/subcommand.h"
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

InterruptGuard::InterruptGuard() : before_(std::signal(SIGINT, OnInterrupt)) {}
InterruptGuard::~InterruptGuard() { std::signal(SIGINT, before_ == SIG_IGN ? SIG_IGN : SIG_DFL); }
const std::atomic<bool>& InterruptGuard::stop() { return g_stop; }

int ReadingResult::Failure() const { return bad_input ? kBadInput : kNoLog; }

namespace {

// One reading of all logs of a command.
class LogLoop {
 public:
  LogLoop(const ReadingRequest& request, PhaseTimes& times)
      : request_(request), times_(times), options_(request.options) {
    options_.stop = &InterruptGuard::stop();
    options_.opener = ingest::MakeOpener(options_.limits);
  }

  ReadingResult Run(const std::function<void(const RunLog&, const LogPlace&)>& use) {
    for (std::size_t i = 0; i < request_.paths.size(); ++i) {
      if (InterruptGuard::stop()) {
        ++not_read_;
        continue;
      }
      Result<std::vector<ingest::LogInput>> logs = ingest::FindLogs(request_.paths[i], options_.limits);
      if (!logs) {
        Print(logs.error(), request_.paths[i], ++number_);
        continue;
      }
      for (std::size_t at = 0; at < logs->size(); ++at) {
        const ingest::LogInput& input = (*logs)[at];
        std::optional<ReadAhead> ahead = std::exchange(ahead_, std::nullopt);
        if (InterruptGuard::stop()) {
          ++not_read_;
          continue;
        }
        ++number_;
        if (!Protected(input)) {
          result_.bad_input = true;
          return result_;
        }
        Result<RunLog> log = ahead ? Take(*ahead) : Read(input);
        if (at + 1 < logs->size()) StartOn((*logs)[at + 1]);
        if (!log) {
          Print(log.error(), input.display_path, number_);
          continue;
        }
        if (request_.anonymise) anonymise::Anonymise(log->model, log->info, number_);
        ++result_.read;
        use(*log, {i, logs->size()});
      }
    }
    if (not_read_ > 0) {
      std::fprintf(stderr, "advise: interrupted: %zu more %s not read\n", not_read_,
                   not_read_ == 1 ? "log or folder was" : "logs or folders were");
    }
    return result_;
  }

 private:
  [[nodiscard]] bool Protected(const ingest::LogInput& input) const {
    return request_.output == nullptr || std::ranges::all_of(input.parts, [this](const ingest::LogPart& part) {
             return request_.output->Protect(part.path);
           });
  }

  Result<RunLog> Read(const ingest::LogInput& input) {
    const InterruptGuard guard;
    ProgressBar bar(UseColor(request_.progress, 2));
    options_.progress = [&bar](std::uint64_t done, std::uint64_t total) { bar.Update(done, total); };
    return advise::Read(input, options_, times_);
  }

  // A small log that is read while the one before it is looked at.
  struct ReadAhead {
    std::unique_ptr<PhaseTimes> times;  // in place while the thread adds to it
    std::future<Result<RunLog>> log;
  };

  // Only a log that one thread reads (in less time than anybody would interrupt), so that two are in memory at most,
  // and Ctrl-C meanwhile is about the one that is looked at.
  void StartOn(const ingest::LogInput& input) {
    constexpr std::uint64_t kSmall = 4 << 20;  // bytes on disk
    const auto bytes = [](std::uint64_t sum, const ingest::LogPart& part) { return sum + part.bytes; };
    const std::uint64_t all = std::accumulate(input.parts.begin(), input.parts.end(), std::uint64_t{0}, bytes);
    const bool pipe = std::ranges::any_of(input.parts, [](const ingest::LogPart& part) { return part.bytes == 0; });
    if (pipe || all > kSmall || options_.threads == 1 || std::thread::hardware_concurrency() < 2) return;
    auto times = std::make_unique<PhaseTimes>();
    ingest::IngestOptions options = options_;
    options.threads = 1;
    options.progress = {};
    try {
      std::future<Result<RunLog>> log = std::async(std::launch::async, [&input, options, times = times.get()] {
        return advise::Read(input, options, *times);
      });
      ahead_ = ReadAhead{std::move(times), std::move(log)};
    } catch (const std::system_error&) {
      // No thread is to be had: it is read when its turn comes.
    }
  }

  Result<RunLog> Take(ReadAhead& ahead) {
    const InterruptGuard guard;
    Result<RunLog> log = ahead.log.get();
    for (const PhaseTimes::Phase& phase : ahead.times->phases()) times_.Add(phase.name, phase.milliseconds);
    return log;
  }

  void Print(Error error, const std::string& path, std::size_t number) {
    result_.bad_input |= error.code == DiagnosticCode::Usage;
    if (request_.anonymise) {
      error.message = anonymise::AnonymousMessage(error.message, path, number);
      error.help = anonymise::WithoutPath(error.help, path, number);
    }
    PrintError(error, request_.color);
  }

  const ReadingRequest& request_;
  PhaseTimes& times_;
  ingest::IngestOptions options_;
  ReadingResult result_;
  std::optional<ReadAhead> ahead_;  // of the next log, once it is read on the side
  std::size_t number_ = 0;    // of the log among all
  std::size_t not_read_ = 0;  // logs, and paths of which no log is known, after an interruption
};

}  // namespace

ReadingResult ForEachLog(const ReadingRequest& request, PhaseTimes& times,
                         const std::function<void(const RunLog&, const LogPlace&)>& use) {
  return LogLoop(request, times).Run(use);
}

}  // namespace advise::cli
