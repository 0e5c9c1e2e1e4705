// Reads version numbers, and writes codes back.
#include "spark/version.h"

#include <charconv>

namespace advise::spark {

SparkVersion ParseSparkVersion(std::string_view text) {
  SparkVersion version;
  const char* at = text.data();
  const char* end = text.data() + text.size();
  int* const parts[] = {&version.major, &version.minor, &version.patch};
  int read = 0;
  for (int* part : parts) {
    const auto [next, error] = std::from_chars(at, end, *part);
    if (error != std::errc() || *part < 0) break;
    ++read;
    at = next;
    if (at == end || *at != '.') break;
    ++at;
  }
  version.known = read >= 2 && version.major < 1000 && version.minor < 1000;
  if (!version.known) return {};
  return version;
}

std::string VersionText(int code) { return std::to_string(code / 10) + "." + std::to_string(code % 10); }

}  // namespace advise::spark
