// `advise check --fix`: the fixes of diagnostics put into the files.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/diagnostics.h"
#include "support/source.h"

namespace advise::workbench {

// The text with the fixes in it. `spans` are places of this text; fixes that overlap an earlier one are left out. A fix
// that takes all of a line away takes its line end too.
std::string WithFixes(std::string_view text, std::vector<DiagnosticFix> fixes);

// What was done to one file.
struct FixedFile {
  std::string path;
  std::vector<std::string> done;  // "team.rules:3: there is no type `Byte`; did you mean `Bytes`?"
};

// What one round of compiling says.
struct Compiled {
  SourceManager sources;
  Diagnostics diagnostics;
};

struct FixResult {
  std::vector<FixedFile> files;  // in the order of the paths
  std::vector<std::string> unwritten;
};

// Compiles, fixes the files of `allowed` (names as the sources have them) and compiles again, until nothing is left to
// fix. A round after which there are more errors than before is taken back, but for errors that
// a text that did not parse hid. `write` puts a text into a file.
FixResult FixFiles(const std::vector<std::string>& allowed, const std::function<Compiled()>& compile,
                   const std::function<bool(const std::string& path, const std::string& text)>& write);

}  // namespace advise::workbench
