// Lines below the findings: rules that wait for the same input stand together, with the setting that would bring it.
#include "report/foot.h"

#include <algorithm>
#include <string_view>

#include "report/log_state.h"
#include "report/words.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using explain::Level;

// "12 lines that are not JSON; …"; a text that is a sentence of its own stands alone when it holds once.
std::string NoteLine(const model::IngestNote& note) {
  const bool sentence =
      note.text.starts_with("the ") || note.text.starts_with("a ") || note.text.starts_with("reading ");
  if (sentence && note.count == 1) return note.text;
  if (note.count == 1) return note.text + ": 1";  // the texts name things in the plural
  return FormatCount(static_cast<std::int64_t>(note.count)) + (sentence ? " times: " : " ") + note.text;
}

// What brings an input of a later run; empty: nothing that a user can set.
std::string_view SettingFor(std::string_view missing) {
  const auto has = [missing](std::string_view part) { return missing.find(part) != std::string_view::npos; };
  if (has("peak_rss")) return "spark.executor.processTreeMetrics.enabled=true";
  if (has(".peak_") || has(".major_gc_time") || has(".minor_gc_time"))
    return "spark.eventLog.logStageExecutorMetrics=true";
  if (has("rdd_blocks") || has("memory_used") || has("disk_used") || has("CachedRdd."))
    return "spark.eventLog.logBlockUpdates.enabled=true";
  return "";
}

// Rules that wait for the same thing, whatever else they miss.
struct Waiting {
  std::vector<std::string> rules;
  std::vector<std::string> missing;
  std::string setting;
  std::string because;
  std::string in_part{};
};

void AddNew(std::vector<std::string>& into, const std::vector<std::string>& from) {
  for (const std::string& item : from) {
    if (std::ranges::find(into, item) == into.end()) into.push_back(item);
  }
}

std::vector<Waiting> FoldWaiting(const std::vector<diagnose::NotEvaluated>& groups) {
  std::vector<Waiting> folded;
  for (const diagnose::NotEvaluated& group : groups) {
    Waiting waiting{group.rules, group.missing, "", group.because, group.in_part};
    // What an older Spark does not write no setting brings.
    if (!group.because.starts_with("Spark ")) {
      for (const std::string& name : group.missing) {
        if (waiting.setting.empty()) waiting.setting = SettingFor(name);
      }
    }
    if (!waiting.setting.empty())
      waiting.because = waiting.because.substr(0, std::min(waiting.because.find(" ("), waiting.because.find(';')));
    const auto same = std::ranges::find_if(folded, [&](const Waiting& other) {
      if (waiting.in_part != other.in_part) return false;
      return waiting.setting.empty() ? other.because == waiting.because && !waiting.because.empty()
                                     : other.setting == waiting.setting;
    });
    if (same == folded.end()) {
      folded.push_back(std::move(waiting));
      continue;
    }
    AddNew(same->rules, waiting.rules);
    AddNew(same->missing, waiting.missing);
  }
  std::ranges::stable_sort(folded, std::greater<>(), [](const Waiting& w) { return w.rules.size(); });
  return folded;
}

// "2 rules  Executor.peak_rss: never polled; `spark.executor.processTreeMetrics.enabled=true` (submit) brings it"
std::string WaitingLine(const Waiting& waiting, bool with_rules) {
  constexpr std::size_t kNames = 3;
  const std::size_t n = waiting.rules.size();
  std::string line = std::to_string(n) + (n == 1 ? " rule" : " rules");
  if (!waiting.in_part.empty()) line += "  for " + waiting.in_part + " only";
  std::vector<std::string> names = waiting.missing;
  std::string more;
  if (names.size() > kNames) {
    more = " and " + std::to_string(names.size() - kNames) + " more";
    names.resize(kNames);
  }
  if (!names.empty()) line += "  " + Joined(names, ", ") + more;
  if (!waiting.because.empty()) line += ": " + waiting.because;
  if (!waiting.setting.empty())
    line += "; `" + waiting.setting + "` (submit) brings " + (waiting.missing.size() > 1 ? "them" : "it");
  // Whoever wrote a rule that was given up wants to know which it is.
  if (with_rules || waiting.because.starts_with(diagnose::kGivenUp)) line += " (" + Joined(waiting.rules, ", ") + ")";
  return line;
}

}  // namespace

std::vector<std::string> NotEvaluatedLines(const Report& report, std::size_t evaluated) {
  std::vector<std::string> lines;
  for (const diagnose::LeftOutRule& rule : report.in_force.left_out) {
    lines.push_back(CleanText("`" + rule.rule + "` has an error and was left out: " + rule.message + " (" + rule.code +
                                  ", " + rule.place + ")",
                              400));
  }
  for (const Waiting& waiting : FoldWaiting(report.not_evaluated))
    lines.push_back(WaitingLine(waiting, report.level == Level::Expert));
  if (report.not_evaluated.empty()) {
    lines.push_back(std::string(lines.empty() ? "nothing" : "nothing else") + ": the log holds what all " +
                    FormatCount(static_cast<std::int64_t>(evaluated)) + " rules need that apply to it");
  }
  return lines;
}

std::vector<std::string> ParameterLines(const diagnose::InForce& in_force) {
  std::vector<std::string> lines;
  for (const diagnose::ChangedParam& param : in_force.params) {
    lines.push_back(CleanText(BareName(param.name) + " = " + param.value + " (default " + param.default_value +
                                  ", set by " + param.set_by + ")",
                              300));
  }
  return lines;
}

std::vector<std::string> OverrideLines(const diagnose::InForce& in_force) {
  std::vector<std::string> lines;
  for (const diagnose::RuleChange& rule : in_force.rules) {
    lines.push_back(CleanText(BareName(rule.rule) + ": " + rule.change +
                                  (rule.because.empty() ? "" : ", \"" + rule.because + "\"") + " (" + rule.set_by + ")",
                              300));
  }
  return lines;
}

std::vector<std::string> LogLines(const Report& report) {
  const model::LogInfo& log = report.log;
  std::string first(LogStateName(LogStateOf(report)));
  first += ", " + FormatCount(static_cast<std::int64_t>(log.events)) + " events";
  first += ", " + FormatBytes(static_cast<std::int64_t>(log.decoded_bytes)) +
           (log.codec == "plain" ? "" : " decoded (" + log.codec + ")");
  first +=
      ", " + FormatCount(static_cast<std::int64_t>(log.bad_lines)) + (log.bad_lines == 1 ? " bad line" : " bad lines");
  std::vector<std::string> lines = {first};
  for (const std::string_view severity : {"data-loss", "notice", "info"}) {
    if (severity == "info" && report.level != Level::Expert) continue;
    for (const model::IngestNote& note : log.notes) {
      if (note.severity == severity) lines.push_back(CleanText(NoteLine(note)));
    }
  }
  return lines;
}

// The areas are the tags of the rules, else their names.
std::vector<std::string> CheckedLines(const diagnose::Coverage& coverage) {
  constexpr std::size_t kAreas = 16;
  const std::size_t rules = coverage.silent_causes.size();
  if (rules == 0) return {};
  const std::string head = std::to_string(rules) + (rules == 1 ? " cause" : " causes");
  std::vector<std::string> areas = coverage.silent_areas;
  // Names of rules would read as statements: "all slots busy".
  if (areas.empty()) return {head + " found nothing; `advise rules` lists them"};
  std::string more;
  if (areas.size() > kAreas) {
    more = " and " + std::to_string(areas.size() - kAreas) + " more";
    areas.resize(kAreas);
  }
  return {head + " found nothing: " + Joined(areas, ", ") + more};
}

std::vector<std::string> NearestLines(const std::vector<diagnose::NearMiss>& nearest) {
  std::vector<std::string> lines;
  for (const diagnose::NearMiss& miss : nearest) {
    lines.push_back(CleanText(PlainName(miss.rule) + (miss.subject.empty() ? "" : " of " + miss.subject) + ": " +
                              miss.value + ", limit " + miss.limit + " (`" + miss.condition + "`)"));
  }
  return lines;
}

// Only commands that exist.
std::vector<NextStep> NextSteps(const Report& report, const std::optional<LongestSql>& longest_sql) {
  const std::string log = ShellWord(report.log.path);
  std::vector<NextStep> steps;
  for (const ShownFinding& shown : report.findings) {
    if (!shown.shown) continue;
    const auto stage = std::ranges::find_if(shown.finding.subject, [](const diagnose::SubjectPart& part) {
      return part.entity == model::Entity::Stage && !part.group;
    });
    if (stage == shown.finding.subject.end()) continue;
    steps.push_back({{"advise model", log, "stages " + stage->key}, "every value of stage " + stage->key});
    break;
  }
  const bool shown = !steps.empty();
  constexpr std::int64_t kSeveral = 2;
  const bool decides = longest_sql && longest_sql->duration_ms * 2 > report.app.duration_ms.value_or(0);
  if (longest_sql && !decides && report.app.sql_executions >= kSeveral && report.log.selected.empty()) {
    steps.push_back({{"advise", log, "--sql " + std::to_string(longest_sql->id)},
                     "the longest of " + FormatCount(report.app.sql_executions) + " SQL executions alone"});
  }
  if (report.level == Level::Practitioner && shown)
    steps.push_back({{"advise", log, "--level novice"}, "with every word explained"});
  if (report.level == Level::Novice) steps.push_back({{"advise", log, "--level expert"}, "the numbers alone"});
  steps.push_back({{"advise", log, "--format json"}, "the same for programs"});
  return steps;
}

std::string OneLine(const Report& report) {
  const bool timed =
      report.app.duration_ms && (*report.app.duration_ms > 0 || (report.app.start_ms && report.app.end_ms));
  std::vector<diagnose::Severity> severities;
  for (const ShownFinding& shown : report.findings) {
    if (shown.number > 0 && !shown.like) severities.push_back(shown.finding.severity);
  }
  const std::string time =
      timed ? (report.app.end_ms ? "" : "≥ ") + FormatTime(*report.app.duration_ms) : "duration unknown";
  return CleanText(report.log.path) + (report.log.selected.empty() ? "" : " " + report.log.selected) + ": " + time +
         (report.app.failed ? " failed" : "") + "; " + (severities.empty() ? "nothing found" : BySeverity(severities)) +
         "; log " + std::string(LogStateName(LogStateOf(report)));
}

}  // namespace advise::report
