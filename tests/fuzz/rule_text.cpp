// Fuzzes the road rule text -> tree -> text. Seeds: tests/golden/syntax/*/input.rules and tests/fuzz/seeds/rule_text/.
// Build: -DADVISE_FUZZ=ON with clang. Held for every input:
// - nothing crashes or throws, every diagnostic can be drawn;
// - the driver in parse.cpp and the grammar's rule `file` agree about what is well-formed;
// - what parsed prints, and the print parses again to the same tree (texts with all parentheses are equal).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rules/syntax/ast_print.h"
#include "rules/syntax/parse.h"
#include "support/diagnostic_render.h"

namespace {

using namespace advise;

void Require(bool condition, const char* what, const std::string& text) {
  if (condition) return;
  std::fprintf(stderr, "%s\n----\n%s\n", what, text.c_str());
  std::abort();
}

// Whether the place lies inside a text, whose holes the grammar's rule `file` does not see.
bool InString(std::string_view text, std::size_t place) {
  for (std::size_t i = 0; i < std::min(place, text.size());) {
    if (text[i] == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (text[i] == '"') {
      const bool raw = text.substr(i, 3) == "\"\"\"" && text.find("\"\"\"", i + 3) != std::string_view::npos;
      std::size_t end = raw ? text.find("\"\"\"", i + 3) + 3 : i + 1;
      if (!raw) {
        while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
        ++end;
      }
      if (place < end) return true;
      i = end;
    } else {
      ++i;
    }
  }
  return false;
}

bool IsAboutSyntax(const Diagnostic& diagnostic, std::string_view text) {
  if (!diagnostic.labels.empty() && InString(text, diagnostic.labels.front().span.begin)) return false;
  // Texts that the grammar takes and we do not: calendar, escapes, sizes, twice the same clause, depth.
  switch (diagnostic.code) {
    case DiagnosticCode::SyntaxNumber:
    case DiagnosticCode::SyntaxString:
    case DiagnosticCode::SyntaxPattern:
    case DiagnosticCode::DuplicateClause:
    case DiagnosticCode::TooDeep:
    case DiagnosticCode::NotUtf8:
    case DiagnosticCode::DecimalUnit:
    case DiagnosticCode::Template: return false;
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
  RenderOptions narrow;
  narrow.width = 20;
  narrow.color = true;
  Render(sources, diagnostics, narrow);
  Render(sources, diagnostics);

  bool syntax_error = false;
  for (const Diagnostic& diagnostic : diagnostics.all()) syntax_error = syntax_error || IsAboutSyntax(diagnostic, text);
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
