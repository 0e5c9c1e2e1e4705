// Reading the small files that a checkout may bring along: configuration, rules, templates, labels. A link that leads
// to a device, a pipe or another part of the disk must neither hang the program nor be quoted in its messages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace advise {

struct SmallFile {
  std::optional<std::string> text;  // nullopt: it was not read
  std::string why;                  // then: "does not exist", "is no regular file", "leads out of its folder"
};

// The bytes of a regular file of at most `most` bytes. With a folder, the file behind all links must lie below it.
SmallFile ReadSmallFile(const std::filesystem::path& path, const std::filesystem::path& inside = {},
                        std::uint64_t most = std::uint64_t{16} << 20);

}  // namespace advise
