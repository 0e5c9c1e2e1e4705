// Fuzzes the road rule text -> tree -> text. Seeds: tests/golden/syntax/*/input.rules and tests/fuzz/seeds/rule_text/.
// Build: -DADVISE_FUZZ=ON with clang. Held for every input:
// - nothing crashes or throws, every diagnostic can be drawn;
// - the driver in parse.cpp and the grammar's rule `file` agree about what is well-formed;
// - what parsed prints, and the print parses again to the same tree (texts with all parentheses are equal).
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "rules/ast_print.h"
#include "rules/syntax/parse.h"
#include "support/diagnostic_render.h"

namespace {

using namespace advise;

void Require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "%s\n----\n%s\n", what, text.c_str());
  std::abort();
}

bool IsAboutSyntax(const Diagnostic& diagnostic) {
  // Texts that the grammar takes and we do not: calendar, escapes, sizes, twice the same clause, depth.
  switch (diagnostic.code) {
    case DiagnosticCode::SyntaxNumber:
    case DiagnosticCode::SyntaxString:
    case DiagnosticCode::SyntaxPattern:
    case DiagnosticCode::DuplicateClause:
    case DiagnosticCode::TooDeep:
    case DiagnosticCode::NotUtf8:
    case DiagnosticCode::DecimalUnit: return false;
    default: return diagnostic.severity == Severity::Error;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  SourceManager sources;
  Diagnostics diagnostics;
  const SourceId id = sources.Add("fuzz.rules", text);
  const rules::ast::File file = rules::syntax::ParseFile(sources, id, Limits{}, diagnostics);
  for (const rules::ast::Item& item : file.items) {
    const auto* rule = std::get_if<rules::ast::Rule>(&item);
    if (rule == nullptr) continue;
    for (const rules::ast::Clause& clause : rule->clauses) {
      const auto* words = std::get_if<rules::ast::TextClause>(&clause.node);
      Diagnostics of_holes;
      if (words != nullptr) rules::syntax::ParseTemplate(words->text, Limits{}, of_holes);
      Render(sources, of_holes);
    }
  }
  RenderOptions narrow;
  narrow.width = 20;
  narrow.color = true;
  Render(sources, diagnostics, narrow);
  Render(sources, diagnostics);

  bool syntax_error = false;
  for (const Diagnostic& diagnostic : diagnostics.all()) syntax_error = syntax_error || IsAboutSyntax(diagnostic);
  const bool accepted = rules::syntax::GrammarAccepts(sources, id);
  Require(!(accepted && syntax_error), "the grammar accepts, the driver complains",
          text + "\n" + Render(sources, diagnostics));
  if (diagnostics.CountErrors() == 0) Require(accepted, "the grammar complains, the driver does not", text);

  const std::string printed = rules::ast::Print(file);
  SourceManager printed_sources;
  Diagnostics printed_diagnostics;
  const SourceId printed_id = printed_sources.Add("printed.rules", printed);
  const rules::ast::File again = rules::syntax::ParseFile(printed_sources, printed_id, Limits{}, printed_diagnostics);
  for (const Diagnostic& diagnostic : printed_diagnostics.all()) {
    const bool harmless = diagnostic.severity != Severity::Error;
    Require(harmless, "the print does not parse", printed + "\n" + Render(printed_sources, printed_diagnostics));
  }
  Require(rules::ast::Print(again) == printed, "printing is no fixpoint",
          printed + "\n----\n" + rules::ast::Print(again));
  rules::ast::PrintOptions strict;
  strict.all_parentheses = true;
  Require(rules::ast::Print(again, strict) == rules::ast::Print(file, strict), "the print means something else",
          printed);
  return 0;
}
