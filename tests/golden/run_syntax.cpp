// Goldens of rules/syntax: input.rules -> its diagnostics, then the text printed from the tree of what survived.
#include <fstream>
#include <sstream>
#include <string>
#include <variant>

#include "golden/runners.h"
#include "rules/ast_print.h"
#include "rules/syntax/parse.h"
#include "support/diagnostic_render.h"

namespace advise::golden {
namespace {

// Texts are parsed by the binder; here, to show the messages of their holes, by the runner.
void ParseTexts(const rules::ast::File& file, Diagnostics& diagnostics) {
  for (const rules::ast::Item& item : file.items) {
    const auto* rule = std::get_if<rules::ast::Rule>(&item);
    if (rule == nullptr) continue;
    for (const rules::ast::Clause& clause : rule->clauses) {
      const auto* text = std::get_if<rules::ast::TextClause>(&clause.node);
      if (text != nullptr) rules::syntax::ParseTemplate(text->text, Limits{}, diagnostics);
    }
  }
}

}  // namespace

std::string RunSyntaxGolden(const std::filesystem::path& folder) {
  std::ifstream in(folder / "input.rules", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  SourceManager sources;
  Diagnostics diagnostics;
  const SourceId id = sources.Add("input.rules", text.str());
  const rules::ast::File file = rules::syntax::ParseFile(sources, id, Limits{}, diagnostics);
  ParseTexts(file, diagnostics);
  const std::string messages = Render(sources, diagnostics);
  const std::string printed = rules::ast::Print(file);
  return messages + (messages.empty() || printed.empty() ? "" : "\n") + "---- printed ----\n" + printed;
}

}  // namespace advise::golden
