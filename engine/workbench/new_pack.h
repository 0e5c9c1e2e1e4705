// `advise new PACK`: the files of a first pack.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace advise::workbench {

struct NewFile {
  std::string path;  // below the folder of the pack
  std::string text;
};

// Whether a pack may have the name: small letters, digits and `_`, in parts that dots join.
bool IsPackName(std::string_view name);

// A rule file with a symptom, its cause and what to do, a parameter and two tests that pass; the explanation of the
// cause; a workflow that checks all of it.
std::vector<NewFile> NewPack(std::string_view name);

}  // namespace advise::workbench
