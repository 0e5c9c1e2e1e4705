// Where the rule packs and templates of this installation lie.
#pragma once

#include <filesystem>
#include <optional>

namespace advise {

// The folder that holds rulepacks/ and explain-templates/: $ADVISE_DATA_DIR, else beside the binary
// (<prefix>/share/advise for <prefix>/bin/advise), else the source tree the binary was built in (build/…/advise inside
// a checkout). nullopt if none of them holds rulepacks/.
std::optional<std::filesystem::path> FindDataDir();

}  // namespace advise
