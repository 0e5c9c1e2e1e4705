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

}  // namespace advise::rules
