// Looks for the folder with rulepacks/: by the environment, beside the installed binary, above it in a checkout.
#include "support/data_dir.h"

#include <cstdlib>
#include <system_error>

namespace advise {
namespace {

bool HoldsPacks(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::is_directory(folder / "rulepacks", error);
}

}  // namespace

std::optional<std::filesystem::path> FindDataDir() {
  if (const char* named = std::getenv("ADVISE_DATA_DIR"); named != nullptr && *named != '\0') {
    const std::filesystem::path folder = named;
    return HoldsPacks(folder) ? std::optional(folder) : std::nullopt;
  }
  std::error_code error;
  const std::filesystem::path binary = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  const std::filesystem::path installed = binary.parent_path().parent_path() / "share" / "advise";
  if (HoldsPacks(installed)) return installed;
  // A build folder inside a checkout: walk up until the folder with rulepacks/.
  for (std::filesystem::path folder = binary.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    if (HoldsPacks(folder)) return folder;
  }
  return std::nullopt;
}

std::vector<std::filesystem::path> FindImageFolders() {
  std::vector<std::filesystem::path> folders;
  if (const auto data = FindDataDir()) folders.push_back(*data);
  std::error_code error;
  const std::filesystem::path binary = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back(binary.parent_path());
  return folders;
}

}  // namespace advise
