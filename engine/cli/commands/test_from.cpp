// Finds the match, and leaves the rest to workbench/from_log.
#include "cli/commands/test_from.h"

#include <iostream>

#include "ask/select.h"
#include "ask/why.h"
#include "cli/common.h"
#include "cli/subcommand.h"
#include "workbench/from_log/write_test.h"

namespace advise::cli {

int WriteTestFrom(const TestFromOptions& from, const RuleOptions& rules) {
  const auto fail = [](const Error& error) {
    PrintError(error, When::Auto);
    return kBadInput;
  };
  if (from.log.empty() || from.finding.empty()) {
    return fail({DiagnosticCode::Usage, "--from and --finding belong together",
                 "`advise test --from app.log --finding 1` writes a test of finding 1 of the report"});
  }
  const auto selector = ask::ParseSelector(from.finding);
  if (!selector) return fail(selector.error());
  PhaseTimes times;
  SourceManager sources;
  Diagnostics diagnostics;
  const Result<Rulebook> book = Compile(rules, sources, diagnostics, times);
  PrintDiagnostics(sources, diagnostics, When::Auto);
  if (!book) return fail(book.error());
  ReadingRequest request;
  request.paths = {from.log};
  int status = kDone;
  bool written = false;
  const ReadingResult reading = ForEachLog(request, times, [&](const RunLog& log, const LogPlace&) {
    if (written) return;
    written = true;
    const Diagnosis diagnosis = Diagnose(log.model, book->rules, times);
    Diagnostics remarks;
    const report::Report report = Assemble(log, *book, diagnosis, {}, sources, remarks, times);
    const auto match = ask::FindMatch({log, *book, sources, diagnosis, report}, *selector);
    if (!match) {
      status = fail(match.error());
      return;
    }
    const auto text = workbench::WriteTests(book->rules, diagnosis.matches, log.model, *match);
    if (!text) {
      status = fail(text.error());
    } else {
      std::cout << *text;
    }
  });
  std::cout.flush();
  return reading.read == 0 ? reading.Failure() : status;
}

}  // namespace advise::cli
