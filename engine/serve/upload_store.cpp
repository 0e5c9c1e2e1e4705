// Files of uploads, counted as they grow.
#include "serve/upload_store.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "support/format.h"

namespace advise::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLookAtDisk = std::uint64_t{16} << 20;  // after so many bytes of an upload

Error TooMuch(const std::string& what, std::uint64_t limit, const std::string& help) {
  return {DiagnosticCode::LimitExceeded, what + " more than " + FormatBytes(static_cast<std::int64_t>(limit)), help};
}

}  // namespace

Result<std::unique_ptr<UploadStore>> UploadStore::Make(UploadLimits limits) {
  std::error_code error;
  std::string pattern = (fs::temp_directory_path(error) / "advise-serve-XXXXXX").string();
  if (error || ::mkdtemp(pattern.data()) == nullptr)
    return Fail(DiagnosticCode::OutputFailed, "no folder for uploads can be made", "TMPDIR names another place");
  return std::unique_ptr<UploadStore>(new UploadStore(pattern, limits));
}

UploadStore::~UploadStore() {
  std::error_code error;
  fs::remove_all(folder_, error);
}

std::uint64_t UploadStore::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

bool UploadStore::Take(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  if (bytes > limits_.all_bytes - std::min(bytes_, limits_.all_bytes)) return false;
  bytes_ += bytes;
  return true;
}

void UploadStore::GiveBack(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  bytes_ -= std::min(bytes, bytes_);
}

bool UploadStore::DiskHasRoom() const {
  std::error_code error;
  const fs::space_info space = fs::space(folder_, error);
  return error || space.available >= limits_.free_bytes;
}

std::unique_ptr<UploadStore::Upload> UploadStore::Begin() {
  std::uint64_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = ++next_;
  }
  return std::make_unique<Upload>(*this, folder_ / std::to_string(number));
}

void UploadStore::Remove(const fs::path& file) {
  std::error_code error;
  const std::uint64_t size = fs::file_size(file, error);
  if (!error && fs::remove(file, error)) GiveBack(size);
}

UploadStore::Upload::Upload(UploadStore& store, fs::path path)
    : store_(store), path_(std::move(path)), file_(path_, std::ios::binary) {}

UploadStore::Upload::~Upload() {
  if (kept_) return;
  file_.close();
  std::error_code error;
  fs::remove(path_, error);
  store_.GiveBack(bytes_);
}

bool UploadStore::Upload::Write(const char* data, std::size_t size) {
  const UploadLimits& limits = store_.limits_;
  if (bytes_ + size > limits.file_bytes) {
    why_ = TooMuch("the upload has", limits.file_bytes, "advise reads it from the disk without that limit");
    return false;
  }
  if (!store_.Take(size)) {
    why_ = TooMuch("all uploads together have", limits.all_bytes, "delete some of them first");
    return false;
  }
  const bool look = bytes_ / kLookAtDisk != (bytes_ + size) / kLookAtDisk || bytes_ == 0;
  bytes_ += size;
  if (look && !store_.DiskHasRoom()) {
    why_ = {DiagnosticCode::OutputFailed, "the disk of the server is nearly full", "TMPDIR names another place"};
    return false;
  }
  if (file_.write(data, static_cast<std::streamsize>(size))) return true;
  why_ = {DiagnosticCode::OutputFailed, "the upload cannot be written to the disk of the server", {}};
  return false;
}

fs::path UploadStore::Upload::Keep() {
  file_.close();
  if (!file_) return {};
  kept_ = true;
  return path_;
}

}  // namespace advise::serve
