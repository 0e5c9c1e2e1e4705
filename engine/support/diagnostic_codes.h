// The codes of everything advise may say about its user's input; the list itself is diagnostics.def.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace advise {

enum class Severity : std::uint8_t { Note, Warning, Error };

enum class DiagnosticCode : std::uint16_t {
#define ADVISE_DIAGNOSTIC(name, code, severity, title, explanation) name,
#include "support/diagnostics.def"
#undef ADVISE_DIAGNOSTIC
};

struct DiagnosticInfo {
  DiagnosticCode id;
  std::string_view code;  // as printed in error[code] and taken by `advise explain CODE`
  Severity severity;
  std::string_view title;        // one line
  std::string_view explanation;  // what it means, an example, what to do
};

// The row of diagnostics.def.
const DiagnosticInfo& Info(DiagnosticCode code);
// All rows in the order of diagnostics.def.
std::span<const DiagnosticInfo> AllDiagnostics();

}  // namespace advise
