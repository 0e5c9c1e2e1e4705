// advise --version: the program, its packs, and where they were found in words (no path of the machine).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "cli/common.h"
#include "cli/subcommand.h"
#include "support/data_dir.h"
#include "support/version.h"

namespace advise::cli {
namespace {

std::string DataPlace() {
  const char* named = std::getenv("ADVISE_DATA_DIR");
  const std::optional<std::filesystem::path> data = FindDataDir();
  if (named != nullptr && *named != '\0') return data ? "named by ADVISE_DATA_DIR" : "ADVISE_DATA_DIR holds no packs";
  if (!data) return "not found";
  return data->filename() == "advise" && data->parent_path().filename() == "share"
             ? "share/advise beside the program"
             : "the source tree around the program";
}

}  // namespace

int RunVersion() {
  std::printf("advise %s\n", kVersion.data());
  std::printf("data  %s\n", DataPlace().c_str());
  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rulebook> book = Compile(RuleOptions(), sources, diagnostics, times);
  if (!book) return kDone;
  for (const rules::PackInfo& pack : book->rules.packs) {
    std::printf("pack  %s %s, %td rules\n", pack.name.c_str(),
                pack.version.empty() ? "without version" : pack.version.c_str(),
                std::ranges::count(book->rules.rules, pack.name, &rules::BoundRule::pack));
  }
  return kDone;
}

}  // namespace advise::cli
