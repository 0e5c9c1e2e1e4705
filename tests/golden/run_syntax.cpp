// Goldens of rules/syntax: input.rules -> its diagnostics, then the text printed from the tree of what survived.
#include <fstream>
#include <sstream>
#include <string>

#include "golden/runners.h"
#include "rules/syntax/ast_print.h"
#include "rules/syntax/parse.h"
#include "support/diagnostic_render.h"

namespace advise::golden {
std::string RunSyntaxGolden(const std::filesystem::path& folder) {
  std::ifstream in(folder / "input.rules", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  SourceManager sources;
  Diagnostics diagnostics;
  const SourceId id = sources.Add("input.rules", text.str());
  const rules::ast::File file = rules::syntax::ParseFile(sources, id, Limits{}, diagnostics);
  const std::string messages = Render(sources, diagnostics);
  const std::string printed = rules::ast::Print(file);
  return messages + (messages.empty() || printed.empty() ? "" : "\n") + "---- printed ----\n" + printed;
}

}  // namespace advise::golden
