// advise backtest DIR…: predictions against measured pairs of runs.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <sstream>

#include "cli/common.h"
#include "cli/output.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "cost/changes.h"
#include "support/clean_text.h"
#include "workbench/backtest.h"
#include "workbench/backtest_output.h"

namespace advise::cli {
namespace {

namespace fs = std::filesystem;

// Settings that one operator models are one group.
std::string GroupOf(const workbench::AskedChange& asked) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kGroups = {
      {{"spark.sql.adaptive.skewJoin", "skewed joins"},
       {"spark.sql.adaptive", "adaptive execution"},
       {"spark.sql.shuffle.partitions", "shuffle partitions"},
       {"spark.sql.autoBroadcast", "broadcast joins"},
       {"spark.executor.memory", "executor memory"},
       {"spark.sql.execution.arrow", "results by Arrow"},
       {"spark.sql.execution.pythonUDF", "Python by Arrow"},
       {"spark.", "other settings"}}};
  if (asked.kind == "executors") return "executors";
  if (asked.kind == "cache") return "caches";
  for (const auto& [prefix, group] : kGroups) {
    if (asked.key.starts_with(prefix)) return std::string(group);
  }
  return "other";
}

// The log of a side: named in the table, else the variant's own among the job's logs (A is the faulty one), of another
// run. Empty: there is none.
std::string LogOf(const fs::path& folder, const workbench::MeasuredPair& pair, std::size_t side) {
  if (!pair.sides[side].log.empty()) return (folder / pair.sides[side].log).string();
  const fs::path logs = folder.parent_path() / pair.name / "logs";
  std::error_code error;
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(logs, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(side == 0 ? "faulty-3.5" : "remedied-3.5")) found.push_back(entry.path().string());
  }
  std::sort(found.begin(), found.end());
  return found.empty() ? "" : found.front();
}

struct Asked {
  cost::Prediction prediction;
  double own_work = 0;
  double idle_share = 0;
};

Asked Ask(const RunLog& log, const workbench::AskedChange& asked) {
  Asked result;
  std::optional<cost::Workload> workload = cost::MakeWorkload(log.model);
  if (!workload) {
    result.prediction.refused = cost::Refusal{"no-time", ""};
    return result;
  }
  double first = workload->duration;
  for (const cost::JobWork& job : workload->jobs) first = std::min(first, job.start);
  result.own_work = workload->duration - first;
  // Of the work: time without a task after the first job began.
  double idle = 0;
  for (const cost::GapWork& gap : workload->gaps) {
    idle += std::max(0.0, gap.begin + gap.length - std::max(gap.begin, first));
  }
  result.idle_share = result.own_work > 0 ? idle / result.own_work : 0;
  const cost::Change change = asked.kind == "executors"
                                  ? cost::ChangeExecutors(log.model, *workload, std::stod(asked.value))
                              : asked.kind == "cache"
                                  ? cost::CacheRepeated(log.model, *workload)
                                  : cost::ChangeSetting(log.model, *workload, asked.key, asked.value);
  if (change.refused) {
    result.prediction.refused = change.refused;
    return result;
  }
  cost::Predictor predictor(log.model, *std::move(workload));
  result.prediction = predictor.Predict(change.question);
  return result;
}

}  // namespace

int RunBacktest(const std::vector<std::string>& arguments) {
  CLI::App app(
      "Predictions against measured runs: folders with results.tsv (pair, side, setting, work_duration_ms, log) and "
      "logs.",
      "advise backtest");
  std::vector<std::string> folders;
  std::string format = "text";
  std::string output_path;
  unsigned threads = 0;
  app.add_option("folder", folders, "folder with results.tsv")->required();
  app.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  app.add_option("-o,--output", output_path, "write to this file");
  app.add_option("--threads", threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;

  SourceManager sources;
  Diagnostics diagnostics;
  std::vector<workbench::MeasuredPair> pairs;
  std::vector<fs::path> roots;  // of each pair
  for (const std::string& folder : folders) {
    const fs::path root = fs::path(folder).lexically_normal();
    std::vector<workbench::MeasuredPair> read = workbench::ReadPairs((root / "results.tsv").string(), diagnostics);
    if (read.empty()) {
      PrintDiagnostics(sources, diagnostics, When::Auto);
      PrintError({DiagnosticCode::BadLabels, "no measured pair in " + folder,
                  "results.tsv has a line a run; pathological-jobs/whatif/README.md has its columns"},
                 When::Auto);
      return kBadInput;
    }
    roots.insert(roots.end(), read.size(), root);
    std::ranges::move(read, std::back_inserter(pairs));
  }
  PrintDiagnostics(sources, diagnostics, When::Auto);
  Output output(output_path, When::Auto);
  for (const fs::path& root : roots) {
    if (!output.Protect((root / "results.tsv").string())) return kBadInput;
  }
  workbench::Backtest backtest;
  PhaseTimes times;
  for (std::size_t number = 0; number < pairs.size(); ++number) {
    const workbench::MeasuredPair& pair = pairs[number];
    const std::array<std::string, 2> logs = {LogOf(roots[number], pair, 0), LogOf(roots[number], pair, 1)};
    for (const std::size_t from : {std::size_t{0}, std::size_t{1}}) {
      // Where only the run before the change has left its log, nobody asks for the way back.
      if (logs[from].empty() && !logs[1 - from].empty()) continue;
      const workbench::AskedChange asked = workbench::ParseSetting(pair.sides[1 - from].setting);
      if (asked.kind.empty() || logs[from].empty()) {
        backtest.not_asked.push_back(pair.name + ": to " + pair.sides[1 - from].setting +
                                     (logs[from].empty() ? ", no log" : ""));
        continue;
      }
      ReadingRequest request;
      request.paths = {logs[from]};
      request.options.threads = threads;
      request.progress = When::Never;
      ForEachLog(request, times, [&](const RunLog& log, const LogPlace&) {
        const Asked one = Ask(log, asked);
        backtest.cases.push_back(
            workbench::JudgeCase(pair, from, GroupOf(asked), one.prediction, one.own_work, one.idle_share));
      });
    }
  }
  workbench::ScoreCases(pairs, backtest);
  std::ostringstream text;
  if (format == "json") {
    workbench::WriteBacktestJson(backtest, text);
  } else {
    workbench::WriteBacktestText(backtest, text);
  }
  const std::string printed = format == "json" ? text.str() : PrintableText(text.str(), LineEnds::Keep);
  if (!output.Write(printed) || !output.Finish() || diagnostics.CountErrors() > 0) return kBadInput;
  return backtest.cases.empty() ? kNoLog : kDone;
}

}  // namespace advise::cli
