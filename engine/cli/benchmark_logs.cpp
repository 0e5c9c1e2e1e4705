// Labels find their logs by path: that of the label file's folder with the name that the label has.
#include "cli/benchmark_logs.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "support/clean_text.h"
#include "support/quoted.h"

namespace advise::cli {
namespace {

namespace fs = std::filesystem;

std::string Normal(const fs::path& path) {
  std::string text = path.lexically_normal().generic_string();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

bool BenchmarkLogs::ReadLabels(Diagnostics& diagnostics) {
  std::error_code error;
  if (!options_.labels.empty() && (options_.paths.size() != 1 || !fs::is_directory(options_.paths.front(), error))) {
    PrintError({DiagnosticCode::BadLabels, "no one folder of logs for " + Quoted(options_.labels),
                "the files that the labels name are looked for in the one folder given beside --labels"},
               When::Auto);
    return false;
  }
  for (const std::string& path : options_.labels.empty() ? options_.paths : std::vector{options_.labels}) {
    if (options_.labels.empty() && !fs::is_directory(path, error)) continue;
    for (workbench::LabelFile& file : workbench::ReadLabels(path, diagnostics)) files_.push_back(std::move(file));
  }
  for (const workbench::LabelFile& file : files_) {
    const fs::path folder =
        options_.labels.empty() ? fs::path(file.path).parent_path() : fs::path(options_.paths.front());
    for (const workbench::LogLabels& labels : file.logs) by_path_[Normal(folder / labels.file)] = {file.job, &labels};
  }
  return true;
}

bool BenchmarkLogs::Protect(Output& output) const {
  return std::ranges::all_of(files_, [&](const workbench::LabelFile& file) { return output.Protect(file.path); });
}

// A label may also name the folder in which the log lies; it is that of one log.
std::map<std::string, BenchmarkLogs::Labelled>::iterator BenchmarkLogs::Find(fs::path path) {
  while (true) {
    const auto labelled = by_path_.find(path.generic_string());
    if (labelled != by_path_.end()) return labelled->second.read ? by_path_.end() : labelled;
    if (!path.has_parent_path() || path.parent_path() == path) return by_path_.end();
    path = path.parent_path();
  }
}

ReadingResult BenchmarkLogs::ForEach(Output& output, PhaseTimes& times, const Use& use) {
  ReadingRequest request;
  request.paths = options_.paths;
  request.options.threads = options_.threads;
  request.output = &output;
  const ReadingResult result = ForEachLog(request, times, [&](const RunLog& log, const LogPlace&) {
    const auto labelled = Find(Normal(log.info.path));
    if (labelled == by_path_.end()) return use(log, "", nullptr);
    labelled->second.read = true;
    use(log, labelled->second.job, labelled->second.labels);
  });
  std::vector<std::string> unread;
  for (const auto& [path, labelled] : by_path_) {
    if (!labelled.read) unread.push_back(path);
  }
  if (!unread.empty() && result.read > 0) {
    std::fprintf(stderr, "advise: %zu labelled %s not among the logs that were read: %s%s\n", unread.size(),
                 unread.size() == 1 ? "log is" : "logs are", CleanText(unread.front()).c_str(),
                 unread.size() == 1 ? "" : " …");
  }
  return result;
}

}  // namespace advise::cli
