// The table of diagnostics.def, and the list that the stages of the program report to.
#include "support/diagnostics.h"

#include <algorithm>
#include <tuple>

#include "support/did_you_mean.h"

namespace advise {
namespace {

constexpr DiagnosticInfo kInfos[] = {
#define ADVISE_DIAGNOSTIC(name, code, severity, title, explanation) \
  {DiagnosticCode::name, code, Severity::severity, title, explanation},
#include "support/diagnostics.def"
#undef ADVISE_DIAGNOSTIC
};

}  // namespace

const DiagnosticInfo& Info(DiagnosticCode code) { return kInfos[static_cast<std::size_t>(code)]; }

std::span<const DiagnosticInfo> AllDiagnostics() { return kInfos; }

Diagnostic& Diagnostics::Report(DiagnosticCode code, std::string message) {
  diagnostics_.push_back({code, Info(code).severity, std::move(message)});
  return diagnostics_.back();
}

Diagnostic& Diagnostics::Report(DiagnosticCode code, SourceSpan primary, std::string message, std::string label) {
  Diagnostic& diagnostic = Report(code, std::move(message));
  diagnostic.labels.push_back({primary, std::move(label)});
  return diagnostic;
}

Diagnostic& Diagnostics::Report(const Error& error) {
  Diagnostic& diagnostic = Report(error.code, error.message);
  if (!error.help.empty()) diagnostic.helps.push_back(error.help);
  return diagnostic;
}

std::vector<Diagnostic> Diagnostics::Sorted() const {
  std::vector<Diagnostic> sorted = diagnostics_;
  const auto key = [](const Diagnostic& d) {
    if (d.labels.empty()) return SourceSpan{};
    return d.labels.front().span;
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    const SourceSpan x = key(a);
    const SourceSpan y = key(b);
    return std::tie(x.source, x.begin, x.end) < std::tie(y.source, y.begin, y.end);
  });
  return sorted;
}

bool Suggest(Diagnostic& diagnostic, SourceSpan span, std::string_view name,
             std::span<const std::string_view> candidates) {
  const std::optional<std::string_view> near = DidYouMean(name, candidates);
  if (!near) return false;
  diagnostic.message += "; did you mean `" + std::string(*near) + "`?";
  diagnostic.fixes = {{span, std::string(*near)}};
  return true;
}

std::size_t Diagnostics::CountErrors() const {
  return static_cast<std::size_t>(std::count_if(diagnostics_.begin(), diagnostics_.end(),
                                                [](const Diagnostic& d) { return d.severity == Severity::Error; }));
}

}  // namespace advise
