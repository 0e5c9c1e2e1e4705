#include "report/foot.h"

#include <algorithm>
#include <string_view>

#include "report/words.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using explain::Level;

std::string LogState(const Report& report) {
  return report.log.complete ? "complete" : report.app.end_ms ? "incomplete" : "cut";
}

// "12 lines that are not JSON; …"; a text that is a sentence of its own stands alone when it holds once.
std::string NoteLine(const IngestNote& note) {
  const bool sentence =
      note.text.starts_with("the ") || note.text.starts_with("a ") || note.text.starts_with("reading ");
  if (sentence && note.count == 1) return note.text;
  if (note.count == 1) return "1 × " + note.text;  // the texts name things in the plural
  return FormatCount(static_cast<std::int64_t>(note.count)) + (sentence ? " times: " : " ") + note.text;
}

}  // namespace

std::vector<std::string> NotEvaluatedLines(const Report& report, std::size_t evaluated) {
  std::vector<std::string> lines;
  for (const findings::NotEvaluated& group : report.not_evaluated) {
    const std::size_t n = group.rules.size();
    std::string line = std::to_string(n) + (n == 1 ? " rule" : " rules");
    if (!group.missing.empty()) line += "  " + Joined(group.missing, ", ");
    if (!group.because.empty()) line += ": " + group.because;
    if (report.level == Level::Expert) line += " (" + Joined(group.rules, ", ") + ")";
    lines.push_back(std::move(line));
  }
  if (lines.empty()) lines.push_back("nothing: the log holds what all " + std::to_string(evaluated) + " rules need");
  return lines;
}

std::vector<std::string> LogLines(const Report& report) {
  const LogInfo& log = report.log;
  std::string first = LogState(report);
  first += ", " + FormatCount(static_cast<std::int64_t>(log.events)) + " events";
  first += ", " + FormatBytes(static_cast<std::int64_t>(log.decoded_bytes)) +
           (log.codec == "plain" ? "" : " decoded (" + log.codec + ")");
  first +=
      ", " + FormatCount(static_cast<std::int64_t>(log.bad_lines)) + (log.bad_lines == 1 ? " bad line" : " bad lines");
  std::vector<std::string> lines = {first};
  for (const std::string_view severity : {"data-loss", "notice", "info"}) {
    if (severity == "info" && report.level != Level::Expert) continue;
    for (const IngestNote& note : log.notes) {
      if (note.severity == severity) lines.push_back(CleanText(NoteLine(note)));
    }
  }
  return lines;
}

std::vector<std::string> CheckedLines(const findings::Coverage& coverage) {
  std::vector<std::string> names;
  for (const std::string& rule : coverage.silent_causes) names.push_back(PlainName(rule));
  if (names.empty()) return {};
  return {std::to_string(names.size()) + (names.size() == 1 ? " cause" : " causes") +
          " found nothing: " + Joined(names, ", ")};
}

// Only commands that exist.
std::vector<NextStep> NextSteps(const Report& report) {
  const std::string log = ShellWord(report.log.path);
  std::vector<NextStep> steps;
  for (const ShownFinding& shown : report.findings) {
    if (!shown.shown) continue;
    const auto stage = std::ranges::find(shown.finding.subject, model::Entity::Stage, &findings::SubjectPart::entity);
    if (stage == shown.finding.subject.end()) continue;
    steps.push_back({{"advise model", log, "stages " + stage->key}, "every value of stage " + stage->key});
    break;
  }
  if (report.level == Level::Practitioner && !steps.empty())
    steps.push_back({{"advise", log, "--level novice"}, "with every word explained"});
  if (report.level == Level::Novice) steps.push_back({{"advise", log, "--level expert"}, "the numbers alone"});
  steps.push_back({{"advise", log, "--format json"}, "the same for programs"});
  return steps;
}

std::string OneLine(const Report& report) {
  std::vector<findings::Severity> severities;
  for (const ShownFinding& shown : report.findings) {
    if (shown.number > 0) severities.push_back(shown.finding.severity);
  }
  const std::string time = report.app.duration_ms ? FormatTime(*report.app.duration_ms) : "duration unknown";
  return CleanText(report.log.path) + ": " + (report.app.end_ms ? "" : "≥ ") + time +
         (report.app.failed ? " failed" : "") + "; " + (severities.empty() ? "nothing found" : BySeverity(severities)) +
         "; log " + LogState(report);
}

}  // namespace advise::report
