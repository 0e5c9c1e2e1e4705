// Goldens of rules/plan: input.rules -> the program that matching runs; and nothing else if there are diagnostics.
#include <fstream>
#include <sstream>
#include <string>

#include "golden/runners.h"
#include "rules/packs/load.h"
#include "rules/plan/rule_set.h"
#include "support/diagnostic_render.h"

namespace advise::golden {

std::string RunProgramGolden(const std::filesystem::path& folder) {
  std::ifstream in(folder / "input.rules", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  SourceManager sources;
  Diagnostics diagnostics;
  rules::CompileOptions options;
  const rules::RuleSet set = rules::CompileTexts(sources, {{"input.rules", text.str()}}, options, diagnostics);
  return diagnostics.empty() ? rules::PrintProgram(set) : Render(sources, diagnostics);
}

}  // namespace advise::golden
