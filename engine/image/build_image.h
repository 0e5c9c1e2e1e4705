// What the parsers make of the files of a data tree (rulepacks/, explain-templates/), as an image
// (rules/image/image.h).
#pragma once

#include <filesystem>
#include <string>

#include "support/result.h"

namespace advise {

// Files about which a parser has anything to say are left out: whoever reads them shall read that, too. The same files,
// the same bytes. Errors: DataNotFound.
Result<std::string> BuildImage(const std::filesystem::path& data);

}  // namespace advise
