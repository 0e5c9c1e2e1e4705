// Opens without waiting (a pipe without a writer would block), looks at what was opened, then reads.
#include "support/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace advise {
namespace {

namespace fs = std::filesystem;

bool LiesBelow(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path file = fs::canonical(path, error);
  if (error) return false;
  const fs::path start = fs::canonical(folder, error);
  return !error && std::mismatch(start.begin(), start.end(), file.begin(), file.end()).first == start.end();
}

SmallFile NotRead(std::string why) { return {std::nullopt, std::move(why)}; }

// Closes what it holds.
struct Descriptor {
  int fd = -1;
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

}  // namespace

SmallFile ReadSmallFile(const fs::path& path, const fs::path& inside, std::uint64_t most) {
  std::error_code error;
  if (!fs::exists(path, error)) return NotRead("does not exist");
  if (!inside.empty() && !LiesBelow(path, inside)) return NotRead("leads out of its folder");
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (file.fd < 0) return NotRead("cannot be read: " + std::generic_category().message(errno));
  struct stat status {};
  if (fstat(file.fd, &status) != 0 || !S_ISREG(status.st_mode)) return NotRead("is no regular file");
  const std::string too_large = "is larger than " + std::to_string(most >> 20) + " MiB";
  if (static_cast<std::uint64_t>(status.st_size) > most) return NotRead(too_large);
  std::string text;
  text.reserve(static_cast<std::size_t>(status.st_size));
  char buffer[1 << 16];
  while (true) {
    const ssize_t got = read(file.fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return NotRead("cannot be read: " + std::generic_category().message(errno));
    if (got == 0) return {std::move(text), ""};
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > most) return NotRead(too_large);  // files of /proc state no size, and some have no end
  }
}

}  // namespace advise
