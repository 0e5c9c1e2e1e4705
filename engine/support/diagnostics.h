// Diagnostics as data: what is wrong with the user's input, where, and what to do. Rendering is someone else's job
// (diagnostic_render.h).
#pragma once

#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostic_codes.h"
#include "support/result.h"
#include "support/source.h"

namespace advise {

// A place in a source text with the words that belong under it. An empty text underlines only.
struct DiagnosticLabel {
  SourceSpan span;
  std::string text;
};

// A change of the source text: `replacement` stands where `span` was. Empty spans insert.
struct DiagnosticFix {
  SourceSpan span;
  std::string replacement;
};

struct Diagnostic {
  DiagnosticCode code = DiagnosticCode::Internal;
  Severity severity = Severity::Error;    // the code's own unless changed on purpose (--strict)
  std::string message;                    // lower case, no full stop, code in backticks, situation before hint
  std::vector<DiagnosticLabel> labels{};  // first one is the primary place; empty: no place (an option, a whole file)
  std::vector<std::string> notes{};
  std::vector<std::string> helps{};
  // What `advise check --fix` and editors change so that the diagnostic goes away: all of them together. Empty: a
  // person has to decide.
  std::vector<DiagnosticFix> fixes{};
};

// The sink. Order of reporting is kept; Sorted() gives the order a human would fix in (file, place, order).
class Diagnostics {
 public:
  // Adds a diagnostic with the code's own severity and returns it, so that callers can add labels, notes, helps.
  // The reference is valid until the next Report.
  Diagnostic& Report(DiagnosticCode code, std::string message);
  Diagnostic& Report(DiagnosticCode code, SourceSpan primary, std::string message, std::string label = {});
  // "The world failed" becomes a diagnostic without a place.
  Diagnostic& Report(const Error& error);

  [[nodiscard]] const std::vector<Diagnostic>& all() const ADVISE_LIFETIME_BOUND { return diagnostics_; }
  [[nodiscard]] std::vector<Diagnostic> Sorted() const;
  [[nodiscard]] std::size_t CountErrors() const;
  [[nodiscard]] bool empty() const { return diagnostics_.empty(); }

 private:
  std::vector<Diagnostic> diagnostics_;
};

// Where one of the candidates is near the name that stands at `span`: adds "; did you mean `candidate`?" to the
// message, and the fix that writes it. False: none is.
bool Suggest(Diagnostic& diagnostic, SourceSpan span, std::string_view name,
             std::span<const std::string_view> candidates);
template <std::ranges::input_range Names>
bool Suggest(Diagnostic& diagnostic, SourceSpan span, std::string_view name, const Names& candidates) {
  const std::vector<std::string_view> views(std::ranges::begin(candidates), std::ranges::end(candidates));
  return Suggest(diagnostic, span, name, std::span<const std::string_view>(views));
}

}  // namespace advise
