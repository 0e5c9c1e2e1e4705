// Which packs a run has: the built-in ones, and those that are named.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/result.h"

namespace advise::rules {

struct PackPaths {
  std::vector<std::string> paths;
  std::size_t built_in = 0;  // how many of the first are built in
};

// The folders of `data`/rulepacks by name, if `built_in` ones are wanted, then `own` (files and folders) as they stand.
// Errors: DataNotFound, RulesNotFound.
Result<PackPaths> FindPacks(const std::optional<std::filesystem::path>& data, bool built_in,
                            const std::vector<std::string>& own);

// The *.rules files of a pack by name: of a folder, its sub-folders not; a file is itself.
std::vector<std::filesystem::path> FilesOf(const std::filesystem::path& pack);

}  // namespace advise::rules
