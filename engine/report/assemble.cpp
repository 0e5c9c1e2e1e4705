// The order in which the report is made: what a part needs of another is done before it.
#include "report/assemble.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "report/actions.h"
#include "report/details/read_details.h"
#include "report/explained.h"
#include "report/facts.h"
#include "report/finding_texts.h"
#include "report/foot.h"
#include "report/headline.h"
#include "report/plan_part.h"
#include "report/time_lines.h"
#include "report/verdict.h"
#include "report/words.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using diagnose::Severity;

// "stage 18 (9.9 s)"; of a group where it is, or its key.
std::string PlaceOf(const ShownFinding& shown, const ShownFinding& first) {
  const diagnose::Finding& finding = shown.finding;
  const diagnose::SubjectPart& part = finding.subject.front();
  const std::string key = part.number ? std::to_string(*part.number) : part.key;
  const bool told = shown.where.empty() || first.where == shown.where;
  std::string place = CleanText(!part.group ? part.role + " " + key : told ? part.key : shown.where, 60);
  if (finding.impact.high) place += " (" + FormatTimeShort(*finding.impact.high) + ")";
  return place;
}

// Numbers those that are not folded, in order; the first `top` are shown. What one rule finds in several places is one
// entry: the first place in full, then the others.
void NumberFindings(Report& report, const AssembleOptions& options) {
  int number = 0;
  std::map<std::string_view, ShownFinding*> first_of;
  for (ShownFinding& shown : report.findings) {
    if (shown.finding.explained_by && !options.flat) continue;
    if (!options.flat && !shown.finding.subject.empty()) {
      const auto [first, is_first] = first_of.emplace(shown.finding.rule, &shown);
      if (!is_first) {
        shown.like = true;
        shown.number = first->second->number;
        shown.shown = first->second->shown;
        first->second->also.push_back(PlaceOf(shown, *first->second));
        continue;
      }
    }
    shown.number = ++number;
    shown.shown = static_cast<std::size_t>(number) <= options.top;
  }
  constexpr std::size_t kPlaces = 8;
  for (auto& [rule, first] : first_of) {
    if (first->also.size() <= kPlaces) continue;
    const std::string more = "and " + std::to_string(first->also.size() - kPlaces) + " more places: `--flat`";
    first->also.resize(kPlaces);
    first->also.push_back(more);
  }
}

// A finding whose time others hold for the most part says whose, if these are shown.
void TellWhatLiesInside(Report& report) {
  std::map<std::string_view, const ShownFinding*> by_id;
  for (const ShownFinding& shown : report.findings) by_id.emplace(shown.finding.id, &shown);
  for (ShownFinding& shown : report.findings) {
    const diagnose::Finding& finding = shown.finding;
    if (!finding.inside || !finding.claim || 2 * finding.claim->us >= finding.claim->bound_us) continue;
    const auto other = by_id.find(*finding.inside);
    if (other == by_id.end() || other->second->number == 0 || other->second->number == shown.number) continue;
    const std::string inside = other->second->shown ? std::to_string(other->second->number) : "others";
    shown.amount += ", " + std::string(finding.claim->us == 0 ? "all" : "most") + " of it in " + inside;
    shown.amount_short += ", in " + inside;
    shown.expert_tail += "  in " + inside;
  }
}

std::string MoreFindings(const Report& report) {
  std::vector<Severity> hidden;
  std::size_t all = 0;
  for (const ShownFinding& shown : report.findings) {
    if (shown.like) continue;
    all += shown.number > 0 ? 1 : 0;
    if (shown.number > 0 && !shown.shown) hidden.push_back(shown.finding.severity);
  }
  if (hidden.empty()) return {};
  return std::to_string(hidden.size()) + (hidden.size() == 1 ? " more finding (" : " more findings (") +
         BySeverity(hidden) + "): `--top " + std::to_string(all) + "`";
}

void PlacePins(Report& report) {
  const std::vector<PathSegment>& path = report.strip.path;
  std::map<diagnose::PathPiece, std::size_t> segment_of;
  for (std::size_t i = 0; i < path.size(); ++i) segment_of.emplace(path[i].piece, i);
  const auto length = [&path](std::size_t i) { return path[i].end_ms - path[i].start_ms; };
  for (const ShownFinding& shown : report.findings) {
    if (!shown.shown) continue;
    // The longest of its pieces, of equal ones the first: where a reader should look.
    std::optional<std::size_t> longest;
    for (const diagnose::PathPiece& piece : shown.finding.path) {
      const auto found = segment_of.find(piece);
      if (found == segment_of.end()) continue;
      const std::size_t i = found->second;
      if (!longest || length(i) > length(*longest) || (length(i) == length(*longest) && i < *longest)) longest = i;
    }
    if (longest) report.strip.pins.push_back({path[*longest].start_ms, shown.number});
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
  report.in_force = std::move(input.in_force);
  report.findings = ShowFindings(report, input.model, std::move(input.findings), input.narrations);
  NumberFindings(report, options);
  TellWhatLiesInside(report);
  report.ledger = ReadLedger(input.model);
  report.time = SayTime(input.model, report.level);
  if (report.ledger) {
    AddClaims(*report.ledger, input.model, report.findings, input.unexplained);
    // Where nothing was found, the verdict says the same of the same parts.
    const bool found = std::ranges::any_of(report.findings, &ShownFinding::shown);
    if (found || report.app.failed) report.time.explained = SayExplained(*report.ledger);
  }
  report.more_findings = MoreFindings(report);
  PlacePins(report);

  report.recommendations = std::move(input.recommendations);
  report.plan = std::move(input.plan);
  report.actions = MakeActions(report, input.narrations);
  report.plan_texts = SayPlan(report);
  report.not_evaluated = std::move(input.coverage.not_evaluated);
  report.not_evaluated_lines = NotEvaluatedLines(report, input.coverage.evaluated);
  report.parameter_lines = ParameterLines(report.in_force);
  report.override_lines = OverrideLines(report.in_force);
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
