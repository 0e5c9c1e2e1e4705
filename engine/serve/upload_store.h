// Where uploads lie until the server ends: a folder of its own that nobody else may read, with a limit on each file and
// on all together. Names of the client never become names of files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "support/result.h"

namespace advise::serve {

struct UploadLimits {
  std::uint64_t file_bytes = std::uint64_t{4} << 30;
  std::uint64_t all_bytes = std::uint64_t{16} << 30;
  std::uint64_t free_bytes = std::uint64_t{256} << 20;  // that stay free on the disk
};

// May be used from several threads; each Upload by one.
class UploadStore {
 public:
  // Makes the folder below the system's folder for temporary files. Errors: OutputFailed.
  static Result<std::unique_ptr<UploadStore>> Make(UploadLimits limits);
  // Takes everything away.
  ~UploadStore();
  UploadStore(const UploadStore&) = delete;
  UploadStore& operator=(const UploadStore&) = delete;

  // A file that is being written; gone again unless it is kept.
  class Upload {
   public:
    Upload(UploadStore& store, std::filesystem::path path);
    ~Upload();
    Upload(const Upload&) = delete;
    Upload& operator=(const Upload&) = delete;
    // False: a limit is reached or the disk is full; `why` says which.
    bool Write(const char* data, std::size_t size);
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] const Error& why() const { return why_; }
    // The whole file is there. Empty: it could not be written.
    std::filesystem::path Keep();

   private:
    UploadStore& store_;
    std::filesystem::path path_;
    std::ofstream file_;
    std::uint64_t bytes_ = 0;
    bool kept_ = false;
    Error why_;
  };
  std::unique_ptr<Upload> Begin();
  // Of a file that was kept.
  void Remove(const std::filesystem::path& file);

  [[nodiscard]] const UploadLimits& limits() const { return limits_; }
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  UploadStore(std::filesystem::path folder, UploadLimits limits) : folder_(std::move(folder)), limits_(limits) {}
  bool Take(std::uint64_t bytes);  // false: all together would be too much
  void GiveBack(std::uint64_t bytes);
  [[nodiscard]] bool DiskHasRoom() const;

  std::filesystem::path folder_;
  UploadLimits limits_;
  mutable std::mutex mutex_;
  std::uint64_t bytes_ = 0;
  std::uint64_t next_ = 0;
};

}  // namespace advise::serve
