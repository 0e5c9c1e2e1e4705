// The logs that the page lists: those of the folder and those that were uploaded, each with what is known of it. One
// thread reads them, what somebody asked for first.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "serve/upload_store.h"
#include "service/analyst.h"

namespace advise::serve {

enum class State : std::uint8_t { Listed, Waiting, Reading, Done, Failed };
std::string_view Name(State state);

// What the list shows of a log. Texts are clean.
struct Summary {
  std::uint64_t id = 0;
  std::string name;
  bool upload = false;
  State state = State::Listed;  // Listed: nobody asked for it yet
  std::uint64_t bytes = 0;      // on disk; 0: unknown
  std::uint64_t read_bytes = 0;
  std::string verdict;  // one line; empty until it is done
  bool run_failed = false;
  std::optional<std::int64_t> duration_ms;
  std::int64_t worth_ms = 0;  // wall time that findings hold
  Error error;                // of Failed
};

// May be used from several threads.
class Analyses {
 public:
  Analyses(service::Analyst& analyst, UploadStore& store, unsigned verdicts);
  ~Analyses();

  // The logs of the folder; the first `verdicts` of them are read when nothing else is to do.
  void AddFolder(const std::vector<service::ListedLog>& logs);
  // All logs in an upload. `name` is what the client calls it. Errors: those of ingest::FindLogs; more logs than one
  // upload may have. The file is the store's again then.
  Result<std::vector<Summary>> AddUpload(const std::filesystem::path& file, const std::string& name);

  // Of names that hold `search` (any case): runs that failed, then where most can be saved, then what is not read yet.
  [[nodiscard]] std::vector<Summary> List(const std::string& search) const;
  [[nodiscard]] std::optional<Summary> Get(std::uint64_t id) const;
  [[nodiscard]] std::optional<std::uint64_t> FindByName(const std::string& name) const;
  // Next to be read, unless it is.
  void Ask(std::uint64_t id);
  // Returns when it is done or failed, or the server ends. nullopt: there is none.
  [[nodiscard]] std::optional<Summary> Wait(std::uint64_t id);
  // Reads it again if it is no longer kept. Errors: LogNotFound for an unknown id, and those of Analyst.
  Result<std::shared_ptr<const service::Analysis>> Report(std::uint64_t id);
  // False: there is none, or it is of the folder.
  bool Remove(std::uint64_t id);
  // What is read is given up, who waits is woken; nothing is read from then on.
  void Stop();

 private:
  struct Entry {
    Summary summary;
    service::ListedLog log;
    std::filesystem::path file;  // of an upload, which may hold several logs
  };
  Entry* Find(std::uint64_t id);
  [[nodiscard]] const Entry* Find(std::uint64_t id) const;
  void Work();
  void ReadNow(std::uint64_t id);

  service::Analyst& analyst_;
  UploadStore& store_;
  const unsigned verdicts_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
  std::deque<std::uint64_t> asked_;
  std::deque<std::uint64_t> idle_;  // to be read when nobody asks for anything
  std::uint64_t next_ = 0;
  std::atomic<bool> stop_{false};
  std::thread worker_;
};

}  // namespace advise::serve
