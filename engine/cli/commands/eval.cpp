// advise eval CORPUS…: holds what the rules find against the labels of logs, which stand beside them or in --labels.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <sstream>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "cli/usage.h"
#include "support/clean_text.h"
#include "support/quoted.h"
#include "workbench/eval_output.h"
#include "workbench/find_in_log.h"
#include "workbench/labels.h"
#include "workbench/score.h"

namespace advise::cli {
namespace {

namespace fs = std::filesystem;

// What was found in the log of one label entry; nothing if it cannot be read (printed).
std::optional<workbench::FoundInLog> ReadAndFind(const std::string& path, bool reasons, unsigned threads,
                                                 const rules::RuleSet& rules, PhaseTimes& times) {
  ReadingRequest request;
  request.paths = {path};
  request.options.threads = threads;
  request.progress = When::Never;
  std::optional<workbench::FoundInLog> found;
  ForEachLog(request, times, [&](const RunLog& log, const LogPlace&) {
    found = workbench::FindInLog(log.model, rules, reasons, times);
  });
  return found;
}

// Faults of every kind and level, put into each clean log.
std::vector<workbench::Curve> DrawCurves(const std::vector<workbench::LabelledLog>& logs,
                                         const std::vector<std::string>& paths, unsigned threads,
                                         const rules::RuleSet& rules, PhaseTimes& times) {
  ingest::IngestOptions options;
  options.threads = threads;
  std::vector<workbench::Curve> curves;
  for (const workbench::Mutation& mutation : workbench::Mutations()) {
    workbench::Curve curve{std::string(mutation.name), std::string(mutation.what), {}};
    for (std::size_t i = 0; i < logs.size(); ++i) {
      if (!workbench::IsClean(*logs[i].labels)) continue;
      const auto points = workbench::DetectionCurve(paths[i], rules, mutation, options, times);
      if (points) workbench::AddCurve(curve, *points);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace

int RunEval(const std::vector<std::string>& arguments) {
  CLI::App app("Precision and recall of each rule on labelled logs: folders with expected.yaml files.", "advise eval");
  RuleOptions options;
  std::vector<std::string> corpora;
  std::string labels_file;
  std::string format = "text";
  std::string output_path;
  bool alone = false;
  bool mutate = false;
  unsigned threads = 0;
  app.add_option("corpus", corpora, "folder with expected.yaml files, at any depth, or one such file")->required();
  app.add_option("--labels", labels_file, "labels of the logs below the one folder named: a file that lies elsewhere")
      ->check(CLI::ExistingFile);
  app.add_option("--rules", options.paths, "rule file or pack folder (repeatable)")->allow_extra_args(false);
  app.add_flag("--no-default-rules", alone, "without the built-in packs");
  app.add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  app.add_option("-o,--output", output_path, "write to this file");
  app.add_flag("--mutate", mutate,
               "also put faults into the clean logs and print from which level on they are noticed");
  app.add_option("--threads", threads, "threads that read; 0: by the machine")->capture_default_str();
  if (const std::optional<int> status = ParseArguments(app, arguments)) return *status;
  options.default_packs = !alone;

  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rulebook> book = Compile(options, sources, diagnostics, times);
  std::vector<workbench::LabelFile> files;
  for (const std::string& corpus : labels_file.empty() ? corpora : std::vector{labels_file}) {
    for (workbench::LabelFile& file : workbench::ReadLabels(corpus, diagnostics)) files.push_back(std::move(file));
  }
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!book) {
    PrintError(book.error(), When::Auto);
    return kBadInput;
  }
  if (!labels_file.empty() && (corpora.size() != 1 || !fs::is_directory(corpora.front()))) {
    PrintError({DiagnosticCode::BadLabels, "skipped: no folder " + Quoted(corpora.front()),
                "the files that the labels name are looked for in the one folder given before --labels"},
               When::Auto);
    return kNoLog;
  }
  if (files.empty()) {
    PrintError({DiagnosticCode::BadLabels, "no labelled log below " + corpora.front(),
                "labels stand in files named expected.yaml; pathological-jobs/README.md has their keys"},
               When::Auto);
    return kBadInput;
  }
  Output output(output_path, When::Auto);
  for (const std::string& path : options.paths) {
    if (!output.Protect(path)) return kBadInput;
  }
  for (const workbench::LabelFile& file : files) {
    if (!output.Protect(file.path)) return kBadInput;
  }
  std::vector<workbench::LabelledLog> logs;
  std::vector<std::string> paths;  // of `logs`
  bool unread = false;
  for (const workbench::LabelFile& file : files) {
    for (const workbench::LogLabels& labels : file.logs) {
      const fs::path folder = labels_file.empty() ? fs::path(file.path).parent_path() : fs::path(corpora.front());
      const std::string path = (folder / labels.file).string();
      std::error_code error;
      if (!fs::is_directory(path, error) && !output.Protect(path)) return kBadInput;
      std::optional<workbench::FoundInLog> found = ReadAndFind(path, !labels.must.empty(), threads, book->rules, times);
      unread = unread || !found;
      if (!found) continue;
      logs.push_back({file.job, &labels, std::move(*found)});
      paths.push_back(path);
    }
  }
  if (logs.empty()) return kNoLog;
  workbench::Score score = workbench::ScoreLogs(logs);
  if (mutate) score.curves = DrawCurves(logs, paths, threads, book->rules, times);
  std::ostringstream text;
  if (format == "json") {
    WriteScoreJson(score, text);
  } else {
    WriteScoreText(score, text);
  }
  // Labels and paths are printed as they are written, but for what a terminal could obey.
  const std::string printed = format == "json" ? text.str() : PrintableText(text.str(), LineEnds::Keep);
  if (!output.Write(printed) || !output.Finish() || unread || diagnostics.CountErrors() > 0) return kBadInput;
  return score.missed.empty() && score.wrong.empty() && score.alarms.empty() ? kDone : kFound;
}

}  // namespace advise::cli
