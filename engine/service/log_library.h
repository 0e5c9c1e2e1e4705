// The logs that a server may read: those below one folder. A client names a log by its id out of the list and nothing
// else, so that no path of a client ever reaches the disk. Without a folder a client's path is read as that of a
// command line is.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "ingest/log_source.h"
#include "support/result.h"

namespace advise::service {

// `id`: the path below the folder ("etl/app-1.zstd", "logs.zip!app-1"), or as the client wrote it. It also stands for
// the log in every report: paths above the folder are nobody's business.
struct ListedLog {
  std::string id;
  ingest::LogInput input;
  [[nodiscard]] std::uint64_t bytes() const;  // on disk; 0: unknown
};

// May be asked from several threads.
class LogLibrary {
 public:
  // Empty: there is no folder.
  explicit LogLibrary(std::string folder, Limits limits = {});

  [[nodiscard]] bool has_folder() const { return !folder_.empty(); }
  // What is there now, by name. `path` is looked at only without a folder. A folder without logs is an empty list.
  // Errors: those of ingest::FindLogs; Usage without folder and path.
  Result<std::vector<ListedLog>> List(const std::string& path = {});
  // Errors: LogNotFound, with the nearest name; LogUnreadable of one that leads out of the folder; Usage of a path that
  // holds several logs, and of standard input, which carries requests.
  Result<ListedLog> Find(const std::string& id);

 private:
  [[nodiscard]] bool IsInside(const ingest::LogInput& input) const;
  Result<ListedLog> FindByPath(const std::string& path) const;

  std::string folder_;
  std::string canonical_;  // with its links resolved
  Limits limits_;
  std::mutex mutex_;
  std::vector<ListedLog> known_;  // as last listed
};

}  // namespace advise::service
