// Diagnostics as data: what is wrong with the user's input, where, and what to do. Rendering is someone else's job
// (diagnostic_render.h).
#pragma once

#include <string>
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

struct Diagnostic {
  DiagnosticCode code = DiagnosticCode::Internal;
  Severity severity = Severity::Error;    // the code's own unless changed on purpose (--strict)
  std::string message;                    // lower case, no full stop, code in backticks, situation before hint
  std::vector<DiagnosticLabel> labels{};  // first one is the primary place; empty: no place (an option, a whole file)
  std::vector<std::string> notes{};
  std::vector<std::string> helps{};
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

}  // namespace advise
