// Writes results as a whole file or to standard output, and says why where that fails.
#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <system_error>
#include <utility>

#include "cli/common.h"

namespace advise::cli {
namespace {

namespace fs = std::filesystem;

std::string Reason() { return errno == 0 ? "" : ": " + std::generic_category().message(errno); }

// The file lies somewhere below the folder.
bool IsBelow(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::canonical(file, error);
  if (error) return false;
  const fs::path start = fs::canonical(folder, error);
  if (error) return false;
  return std::mismatch(start.begin(), start.end(), whole.begin(), whole.end()).first == start.end();
}

}  // namespace

Output::~Output() {
  if (temporary_.empty()) return;
  std::error_code error;
  file_.close();
  fs::remove(temporary_, error);
}

bool Output::Fail(const std::string& what, const std::string& help) {
  if (!failed_) PrintError({DiagnosticCode::OutputFailed, what, help}, color_);
  failed_ = true;
  return false;
}

bool Output::Protect(const std::string& input) {
  std::error_code error;
  if (path_.empty() || !fs::is_regular_file(path_, error)) return true;
  const bool read = fs::is_directory(input, error) ? IsBelow(path_, input) : fs::equivalent(path_, input, error);
  return !read ||
         Fail("`" + path_ + "` is read by this command: writing to it would destroy it", "give -o another file");
}

bool Output::Open() {
  open_ = true;
  std::error_code error;
  target_ = fs::is_symlink(path_, error) ? fs::weakly_canonical(path_, error) : fs::path(path_);
  const fs::file_status before = fs::status(target_, error);
  errno = 0;
  if (!fs::exists(before) || fs::is_regular_file(before)) {
    fs::path beside = target_;
    beside.replace_filename("." + target_.filename().string() + "." + std::to_string(getpid()) + ".tmp");
    file_.open(beside, std::ios::binary | std::ios::trunc);
    if (file_) {
      temporary_ = beside;
      if (fs::exists(before)) fs::permissions(beside, before.permissions(), error);
      return true;
    }
    file_.clear();
  }
  // A device, a pipe, or a file in a folder that takes no new ones.
  errno = 0;
  file_.open(target_, std::ios::binary | std::ios::trunc);
  return static_cast<bool>(file_) || Fail("`" + path_ + "` cannot be written" + Reason());
}

bool Output::Write(std::string_view text) {
  if (failed_) return false;
  if (path_.empty()) {
    std::cout << text;
    return true;
  }
  if (!open_ && !Open()) return false;
  errno = 0;
  file_ << text;
  return static_cast<bool>(file_) || Fail("`" + path_ + "` cannot be written" + Reason());
}

bool Output::Finish() {
  if (failed_) return false;
  if (path_.empty()) return true;
  if (!open_ && !Open()) return false;
  errno = 0;
  file_.close();
  if (!file_) return Fail("`" + path_ + "` cannot be written" + Reason());
  if (temporary_.empty()) return true;
  std::error_code error;
  fs::rename(temporary_, target_, error);
  if (error) return Fail("`" + path_ + "` cannot be written: " + error.message());
  temporary_.clear();
  return true;
}

bool FlushStandardOutput() {
  errno = 0;
  std::cout.flush();
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
  if (!written)
    PrintError({DiagnosticCode::OutputFailed, "standard output cannot be written" + Reason(), ""}, When::Auto);
  return written;
}

}  // namespace advise::cli
