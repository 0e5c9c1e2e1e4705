// The order in which the report is made: what a part needs of another is done before it.
#include "report/assemble.h"

#include <algorithm>

#include "report/actions.h"
#include "report/details/read_details.h"
#include "report/facts.h"
#include "report/finding_texts.h"
#include "report/foot.h"
#include "report/headline.h"
#include "report/time_lines.h"
#include "report/verdict.h"
#include "report/words.h"

namespace advise::report {
namespace {

using diagnose::Severity;

// Numbers those that are not folded, in order; the first `top` are shown.
void NumberFindings(Report& report, const AssembleOptions& options) {
  int number = 0;
  for (ShownFinding& shown : report.findings) {
    if (shown.finding.explained_by && !options.flat) continue;
    shown.number = ++number;
    shown.shown = static_cast<std::size_t>(number) <= options.top;
  }
}

std::string MoreFindings(const Report& report) {
  std::vector<Severity> hidden;
  std::size_t all = 0;
  for (const ShownFinding& shown : report.findings) {
    all += shown.number > 0 ? 1 : 0;
    if (shown.number > 0 && !shown.shown) hidden.push_back(shown.finding.severity);
  }
  if (hidden.empty()) return {};
  return std::to_string(hidden.size()) + (hidden.size() == 1 ? " more finding (" : " more findings (") +
         BySeverity(hidden) + "): `--top " + std::to_string(all) + "`";
}

void PlacePins(Report& report) {
  for (const ShownFinding& shown : report.findings) {
    if (!shown.shown) continue;
    const auto& pieces = shown.finding.path;
    // The longest of its pieces: where a reader should look.
    const PathSegment* longest = nullptr;
    for (const PathSegment& segment : report.strip.path) {
      if (std::ranges::find(pieces, segment.piece) == pieces.end()) continue;
      if (longest == nullptr || segment.end_ms - segment.start_ms > longest->end_ms - longest->start_ms)
        longest = &segment;
    }
    if (longest != nullptr) report.strip.pins.push_back({longest->start_ms, shown.number});
  }
}

template <class Column>
auto ValueOf(const Column& column) -> std::optional<typename Column::Value> {
  if (!column.Has(0)) return std::nullopt;
  return column.Get(0);
}

}  // namespace

Report Assemble(AssembleInput input, const AssembleOptions& options) {
  const model::AppTable& app = input.model.app;
  Report report;
  report.level = options.level;
  report.log = std::move(input.log);
  report.app = ReadAppInfo(input.model);
  report.state = report.app.failed ? RunState::Failed : report.app.end_ms ? RunState::Complete : RunState::Cut;
  report.headline = MakeHeadline(report, input.model);
  report.strip = ReadStrip(input.model);
  report.ledger = ReadLedger(input.model);
  report.time = SayTime(input.model, report.level);
  report.findings = ShowFindings(report, input.model, std::move(input.findings), input.narrations);
  NumberFindings(report, options);
  report.more_findings = MoreFindings(report);
  PlacePins(report);

  report.recommendations = std::move(input.recommendations);
  report.actions = MakeActions(report, input.narrations);
  report.not_evaluated = std::move(input.coverage.not_evaluated);
  report.not_evaluated_lines = NotEvaluatedLines(report, input.coverage.evaluated);
  report.log_lines = LogLines(report);
  const std::optional<LongestSql> longest_sql = ReadLongestSql(input.model);
  report.next = NextSteps(report, longest_sql);
  report.verdict =
      MakeVerdict({report, ReadFailure(input.model), ValueOf(app.utilisation), ValueOf(app.startup_time),
                   ValueOf(app.completeness), input.coverage.evaluated, ReadRunShape(input.model, report.strip),
                   report.app.failed ? FailedJobs() : ReadFailedJobs(input.model), longest_sql});
  const bool any = std::ranges::any_of(report.findings, [](const ShownFinding& f) {
    return f.number > 0 && f.finding.severity > diagnose::Severity::Info;
  });
  if (!any) {
    report.checked = CheckedLines(input.coverage);
    report.nearest = NearestLines(input.nearest);
  }
  report.worth_ms = CoveredTime(report);
  report.one_line = OneLine(report);
  if (options.details) report.details = ReadDetails(input.model, report);
  return report;
}

std::optional<Severity> WorstSeverity(const Report& report) {
  std::optional<Severity> worst;
  for (const ShownFinding& shown : report.findings) {
    if (shown.number > 0 && (!worst || shown.finding.severity > *worst)) worst = shown.finding.severity;
  }
  return worst;
}

}  // namespace advise::report
