// Where the rule packs and templates of this installation lie.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace advise {

// The folder that holds rulepacks/ and explain-templates/: $ADVISE_DATA_DIR, else beside the binary
// (<prefix>/share/advise for <prefix>/bin/advise), else the source tree the binary was built in (build/…/advise inside
// a checkout). nullopt if none of them holds rulepacks/.
std::optional<std::filesystem::path> FindDataDir();

// Where the image of its packs may lie (rules/image/image.h), likeliest first: in that folder, or, as the build leaves
// it, beside the binary.
std::vector<std::filesystem::path> FindImageFolders();

}  // namespace advise
