// Bytes of a file or of standard input, and a source whose first bytes may be looked at before they are read.
#include "ingest/codecs/file_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace advise::ingest {
namespace {

std::string Reason(int error) { return std::generic_category().message(error); }

class FileSource final : public ByteSource {
 public:
  FileSource(int fd, bool owned, std::string name) : fd_(fd), owned_(owned), name_(std::move(name)) {}
  ~FileSource() override {
    if (owned_) close(fd_);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  [[nodiscard]] Result<std::size_t> Read(std::span<char> out) override {
    std::size_t got = 0;
    while (got < out.size()) {  // pipes give little at a time
      const ssize_t n = read(fd_, out.data() + got, out.size() - got);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && got > 0) break;  // the next call meets it again
      if (n < 0) return Fail(DiagnosticCode::LogUnreadable, "cannot read `" + name_ + "`: " + Reason(errno));
      if (n == 0) break;
      got += static_cast<std::size_t>(n);
    }
    consumed_ += got;
    return got;
  }
  [[nodiscard]] std::uint64_t bytes_consumed() const override { return consumed_; }

 private:
  int fd_;
  bool owned_;
  std::string name_;
  std::uint64_t consumed_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> OpenFile(const std::string& path) {
  if (path == "-") return std::make_unique<FileSource>(STDIN_FILENO, false, "standard input");
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return Fail(missing ? DiagnosticCode::LogNotFound : DiagnosticCode::LogUnreadable,
                "cannot open `" + path + "`: " + Reason(errno));
  }
  static_cast<void>(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));  // a hint; pipes refuse it
  return std::make_unique<FileSource>(fd, true, path);
}

Result<std::string_view> PeekedSource::Head(std::size_t wanted) {
  head_.resize(wanted);
  std::size_t got = 0;
  while (got < wanted) {
    ADVISE_TRY(const std::size_t n, upstream_->Read(std::span<char>(head_).subspan(got)));
    if (n == 0) break;
    got += n;
  }
  head_.resize(got);
  return std::string_view(head_);
}

Result<std::size_t> PeekedSource::Read(std::span<char> out) {
  if (given_ == head_.size()) return upstream_->Read(out);
  const std::size_t n = std::min(out.size(), head_.size() - given_);
  std::memcpy(out.data(), head_.data() + given_, n);
  given_ += n;
  return n;
}

}  // namespace advise::ingest
