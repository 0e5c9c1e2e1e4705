// Rules of the last compilation, by their qualified names, beside the result of lint.
#include "lsp/lint_lens.h"

#include <algorithm>
#include <variant>

#include "support/format.h"
#include "workbench/source_words.h"

namespace advise::lsp {
namespace {

std::string LogsText(std::uint64_t some, std::uint64_t all) {
  return FormatCount(static_cast<std::int64_t>(some)) + " of " + FormatCount(static_cast<std::int64_t>(all)) +
         (all == 1 ? " log" : " logs");
}

std::string LensText(const LintedRule& linted, const std::string& fingerprint, std::uint64_t logs) {
  std::string text = "fires in " + LogsText(linted.fired, logs);
  if (linted.undecided > 0) text += ", not decided in " + FormatCount(static_cast<std::int64_t>(linted.undecided));
  if (!linted.fingerprint.empty() && linted.fingerprint != fingerprint) text += " (before the rule changed)";
  return text;
}

}  // namespace

std::vector<Lens> LintLenses(const Analysis& analysis, const LintResult& result) {
  std::vector<Lens> lenses;
  const rules::ast::File* tree = analysis.Tree(analysis.source);
  if (tree == nullptr || !analysis.pack) return lenses;
  const std::string pack = analysis.symbols().packs[*analysis.pack].name + ".";
  const bool of_pack =
      std::ranges::any_of(result.rules, [&](const auto& rule) { return rule.first.starts_with(pack); });
  if (!of_pack && result.why.empty()) return lenses;
  for (const rules::ast::Item& item : tree->items) {
    const auto* rule = std::get_if<rules::ast::Rule>(&item);
    if (rule == nullptr) continue;
    const auto add = [&](std::string text) {
      lenses.push_back({std::move(text), rule->name.span.begin, rule->name.span.end});
    };
    if (!result.why.empty()) {
      add(result.path + " " + result.why + ": `advise lint --format json -o FILE` writes one");
      break;
    }
    const auto linted = result.rules.find(pack + rule->name.text);
    if (linted == result.rules.end()) {
      add("not in the result of lint");
    } else {
      const std::string fingerprint = workbench::FingerprintOf(analysis.sources.text(rule->span));
      add(LensText(linted->second, fingerprint, result.logs));
    }
  }
  return lenses;
}

}  // namespace advise::lsp
