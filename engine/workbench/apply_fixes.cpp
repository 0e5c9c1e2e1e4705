// Rounds of compiling and fixing: one fix may make place for the next.
#include "workbench/apply_fixes.h"

#include <algorithm>
#include <map>

namespace advise::workbench {
namespace {

constexpr int kRounds = 20;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Widens a deletion to the lines that it would leave empty.
SourceSpan WholeLines(std::string_view text, SourceSpan span) {
  std::size_t begin = span.begin;
  std::size_t end = span.end;
  while (begin > 0 && IsBlank(text[begin - 1])) --begin;
  while (end < text.size() && IsBlank(text[end])) ++end;
  const bool from_start = begin == 0 || text[begin - 1] == '\n';
  const bool to_end = end < text.size() && text[end] == '\n';
  if (!from_start || !to_end) return span;
  return {span.source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end + 1)};
}

// Of the text itself: a rule that does not parse hides what else is wrong with it.
std::size_t CountSyntaxErrors(const Diagnostics& diagnostics) {
  return static_cast<std::size_t>(std::ranges::count_if(diagnostics.all(), [](const Diagnostic& d) {
    return Info(d.code).code.starts_with("syntax") || d.code == DiagnosticCode::UnknownClause;
  }));
}

// Fewer errors of the text may uncover others; else there must not be more.
bool IsWorse(const Diagnostics& before, const Diagnostics& after) {
  const std::size_t syntax_before = CountSyntaxErrors(before);
  const std::size_t syntax_after = CountSyntaxErrors(after);
  if (syntax_after != syntax_before) return syntax_after > syntax_before;
  return after.CountErrors() > before.CountErrors();
}

}  // namespace

std::string WithFixes(std::string_view text, std::vector<DiagnosticFix> fixes) {
  for (DiagnosticFix& fix : fixes) {
    if (fix.replacement.empty()) fix.span = WholeLines(text, fix.span);
  }
  std::ranges::stable_sort(fixes, {}, [](const DiagnosticFix& fix) { return fix.span.begin; });
  std::string fixed;
  std::size_t at = 0;
  for (const DiagnosticFix& fix : fixes) {
    if (fix.span.begin < at || fix.span.end > text.size()) continue;
    fixed.append(text.substr(at, fix.span.begin - at)).append(fix.replacement);
    at = fix.span.end;
  }
  return fixed.append(text.substr(at));
}

FixResult FixFiles(const std::vector<std::string>& allowed, const std::function<Compiled()>& compile,
                   const std::function<bool(const std::string& path, const std::string& text)>& write) {
  FixResult result;
  for (const std::string& path : allowed) result.files.push_back({path, {}});
  Compiled before = compile();
  for (int round = 0; round < kRounds; ++round) {
    std::map<std::string, std::vector<DiagnosticFix>> fixes;
    std::map<std::string, std::vector<std::string>> done;
    for (const Diagnostic& d : before.diagnostics.Sorted()) {
      if (d.fixes.empty()) continue;
      const SourceSpan span = d.fixes.front().span;
      const std::string path(before.sources.name(span.source));
      const bool here =
          std::ranges::all_of(d.fixes, [&](const DiagnosticFix& f) { return f.span.source == span.source; });
      if (!here || std::ranges::find(allowed, path) == allowed.end()) continue;
      std::vector<DiagnosticFix>& of_file = fixes[path];
      const bool overlaps = std::ranges::any_of(of_file, [&](const DiagnosticFix& other) {
        return std::ranges::any_of(d.fixes, [&](const DiagnosticFix& fix) {
          return fix.span.begin < other.span.end && other.span.begin < fix.span.end;
        });
      });
      if (overlaps) continue;  // in the next round
      of_file.insert(of_file.end(), d.fixes.begin(), d.fixes.end());
      done[path].push_back(path + ":" + std::to_string(before.sources.Place(span.source, span.begin).line) + ": " +
                           d.message);
    }
    if (fixes.empty()) break;
    std::map<std::string, std::string> texts;  // as they were
    bool written = true;
    for (auto& [path, of_file] : fixes) {
      const std::string_view text = before.sources.text(of_file.front().span.source);
      texts.emplace(path, text);
      if (write(path, WithFixes(text, std::move(of_file)))) continue;
      result.unwritten.push_back(path);
      written = false;
    }
    if (!written) break;
    Compiled after = compile();
    if (IsWorse(before.diagnostics, after.diagnostics)) {
      for (const auto& [path, text] : texts) write(path, text);
      break;
    }
    for (FixedFile& file : result.files) {
      std::vector<std::string>& lines = done[file.path];
      file.done.insert(file.done.end(), lines.begin(), lines.end());
    }
    before = std::move(after);
  }
  return result;
}

}  // namespace advise::workbench
