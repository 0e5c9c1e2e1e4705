// Goldens of rules/bind: input.rules (and --set lines in set.txt) -> the diagnostics, then the plans of what survived.
#include <fstream>
#include <sstream>
#include <string>

#include "golden/runners.h"
#include "rules/packs/load.h"
#include "rules/plan/rule_set.h"
#include "support/diagnostic_render.h"

namespace advise::golden {

std::string RunBindGolden(const std::filesystem::path& folder) {
  std::ifstream in(folder / "input.rules", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  SourceManager sources;
  Diagnostics diagnostics;
  rules::CompileOptions options;
  options.tests = true;
  std::ifstream lines(folder / "set.txt");
  for (std::string line; std::getline(lines, line);) {
    options.params.push_back(rules::ParseParamSetting(line).value());
  }
  const rules::RuleSet set = rules::CompileTexts(sources, {{"input.rules", text.str()}}, options, diagnostics);
  std::string out = Render(sources, diagnostics);
  if (!out.empty()) out += "\n";
  out += "---- plans ----\n";
  for (std::size_t rule = 0; rule < set.rules.size(); ++rule)
    out += rules::PrintPlan(set, static_cast<rules::RuleIndex>(rule));
  return out;
}

}  // namespace advise::golden
