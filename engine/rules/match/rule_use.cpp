// Adds up what suppressions hid, log by log, and says at the end what was of no use.
#include "rules/match/rule_use.h"

#include <algorithm>

#include "support/quoted.h"

namespace advise::rules {

void RuleUse::Add(const MatchResults& results) {
  ++logs;
  hidden.resize(results.suppressions.size());
  lapsed.resize(results.suppressions.size());
  given_up.resize(results.suppressions.size());
  for (std::size_t i = 0; i < results.suppressions.size(); ++i) {
    hidden[i] += results.suppressions[i].hidden;
    lapsed[i] = lapsed[i] || results.suppressions[i].lapsed;
    given_up[i] = given_up[i] || results.suppressions[i].given_up;
  }
  enabled_again.insert(enabled_again.end(), results.enabled_again.begin(), results.enabled_again.end());
  std::ranges::sort(enabled_again);
  enabled_again.erase(std::unique(enabled_again.begin(), enabled_again.end()), enabled_again.end());
}

void ReportUse(const RuleSet& rules, const RuleUse& use, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < use.hidden.size(); ++i) {
    const BoundSuppression& suppression = rules.suppressions[i];
    const std::string rule = Quoted(rules.rules[suppression.rule].Id());
    if (use.lapsed[i]) {
      diagnostics.Report(DiagnosticCode::Lapsed, suppression.span,
                         "this suppression of " + rule + " ended before the log did: its findings are shown");
    } else if (use.given_up[i]) {
      diagnostics
          .Report(DiagnosticCode::LimitExceeded, suppression.span,
                  "this suppression of " + rule + " looks at too many rows or findings: it hides nothing")
          .severity = advise::Severity::Warning;
    } else if (use.hidden[i] == 0) {
      diagnostics
          .Report(
              DiagnosticCode::StaleSuppression, suppression.span,
              "this suppression of " + rule + " hid nothing in " + (use.logs == 1 ? "this log" : "any of these logs"))
          .severity = advise::Severity::Note;
    }
  }
  for (const RuleIndex rule : use.enabled_again) {
    const BoundRule& disabled = rules.rules[rule];
    diagnostics.Report(DiagnosticCode::Lapsed, disabled.disabled_span,
                       Quoted(disabled.Id()) + " was disabled until a day before the end of the log: it is on again");
  }
}

}  // namespace advise::rules
