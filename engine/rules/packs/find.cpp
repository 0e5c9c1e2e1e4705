// Folders of the data tree and paths of the command line → packs.
#include "rules/packs/find.h"

#include <algorithm>
#include <system_error>

#include "support/quoted.h"

namespace advise::rules {

namespace fs = std::filesystem;

Result<PackPaths> FindPacks(const std::optional<fs::path>& data, bool built_in, const std::vector<std::string>& own) {
  PackPaths packs;
  std::error_code error;
  if (built_in && !data) {
    return Fail(
        DiagnosticCode::DataNotFound, "the built-in rule packs were not found",
        "set ADVISE_DATA_DIR to the folder that holds rulepacks/ and explain-templates/, or give --no-default-rules");
  }
  if (built_in) {
    for (const fs::directory_entry& entry : fs::directory_iterator(*data / "rulepacks", error)) {
      if (entry.is_directory(error)) packs.paths.push_back(entry.path().string());
    }
    std::ranges::sort(packs.paths);
  }
  packs.built_in = packs.paths.size();
  for (const std::string& path : own) {
    if (!fs::exists(path, error))
      return Fail(DiagnosticCode::RulesNotFound, "the rule file " + Quoted(path) + " does not exist");
    packs.paths.push_back(path);
  }
  return packs;
}

std::vector<fs::path> FilesOf(const fs::path& pack) {
  std::error_code error;
  if (!fs::is_directory(pack, error)) return {pack};
  std::vector<fs::path> files;
  for (fs::directory_iterator it(pack, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".rules") files.push_back(it->path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace advise::rules
