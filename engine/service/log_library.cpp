// A folder of logs as a list of ids, and the way back; each part is held against the folder once more before it is
// read.
#include "service/log_library.h"

#include <algorithm>
#include <filesystem>

#include "support/clean_text.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::service {
namespace {

namespace fs = std::filesystem;

std::string IdOf(const std::string& folder, const std::string& path) {
  if (!path.starts_with(folder)) return path;
  std::string id = path.substr(folder.size());
  id.erase(0, std::min(id.find_first_not_of('/'), id.size()));
  return id.empty() ? fs::path(folder).filename().string() : id;
}

}  // namespace

std::uint64_t ListedLog::bytes() const {
  std::uint64_t sum = 0;
  for (const ingest::LogPart& part : input.parts) sum += part.bytes;
  return sum;
}

LogLibrary::LogLibrary(std::string folder, Limits limits) : folder_(std::move(folder)), limits_(limits) {
  while (folder_.size() > 1 && folder_.ends_with('/')) folder_.pop_back();
  std::error_code error;
  if (has_folder()) canonical_ = fs::canonical(folder_, error).string();
}

Result<std::vector<ListedLog>> LogLibrary::List(const std::string& path) {
  if (!has_folder() && path.empty())
    return Fail(DiagnosticCode::Usage, "no folder is named", "start advise with --dir, or give the path of one");
  const std::string& from = has_folder() ? folder_ : path;
  if (from == "-") return Fail(DiagnosticCode::Usage, "standard input carries requests, no log");
  Result<std::vector<ingest::LogInput>> found = ingest::FindLogs(from, limits_);
  std::vector<ListedLog> logs;
  if (!found && found.error().code != DiagnosticCode::LogEmpty) return tl::unexpected<Error>(found.error());
  if (found) {
    for (ingest::LogInput& input : *found) {
      ListedLog log{has_folder() ? IdOf(from, input.display_path) : input.display_path, std::move(input)};
      log.input.display_path = log.id;
      if (!has_folder() || IsInside(log.input)) logs.push_back(std::move(log));
    }
  }
  if (has_folder()) {
    const std::scoped_lock lock(mutex_);
    known_ = logs;
  }
  return logs;
}

bool LogLibrary::IsInside(const ingest::LogInput& input) const {
  return std::ranges::all_of(input.parts, [this](const ingest::LogPart& part) {
    std::error_code error;
    const std::string real = fs::canonical(part.path, error).string();
    return !error && !canonical_.empty() &&
           (real == canonical_ || real.starts_with(canonical_ == "/" ? canonical_ : canonical_ + "/"));
  });
}

Result<ListedLog> LogLibrary::FindByPath(const std::string& path) const {
  if (path == "-") return Fail(DiagnosticCode::Usage, "standard input carries requests, no log");
  ADVISE_TRY(std::vector<ingest::LogInput> logs, ingest::FindLogs(path, limits_));
  if (logs.size() == 1) return ListedLog{logs.front().display_path, logs.front()};
  logs.resize(std::min<std::size_t>(logs.size(), 5));
  return Fail(DiagnosticCode::Usage, Quoted(CleanText(path, 200)) + " holds several logs",
              "name one of them, such as " +
                  Join(logs, ", ", [](const ingest::LogInput& log) { return Quoted(CleanText(log.display_path)); }));
}

Result<ListedLog> LogLibrary::Find(const std::string& id) {
  if (!has_folder()) return FindByPath(id);
  const auto known = [&]() -> std::optional<ListedLog> {
    const std::scoped_lock lock(mutex_);
    const auto log = std::ranges::find(known_, id, &ListedLog::id);
    return log == known_.end() ? std::nullopt : std::optional(*log);
  };
  std::optional<ListedLog> log = known();
  if (!log) {
    ADVISE_TRY(const std::vector<ListedLog> logs, List());
    log = known();
    if (!log) {
      std::vector<std::string_view> names;
      for (const ListedLog& other : logs) names.push_back(other.id);
      const std::optional<std::string_view> near = DidYouMean(id, names);
      return Fail(DiagnosticCode::LogNotFound, "there is no log " + Quoted(CleanText(id, 200)) + " in the folder",
                  near ? "did you mean " + Quoted(CleanText(*near)) + "?" : "list_logs names those that are there");
    }
  }
  if (!IsInside(log->input))
    return Fail(DiagnosticCode::LogUnreadable, Quoted(CleanText(id, 200)) + " leads out of the folder, or is gone");
  return *log;
}

}  // namespace advise::service
