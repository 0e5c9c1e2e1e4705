#include "report/assemble.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "report/facts.h"
#include "report/verdict.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using explain::Level;
using findings::Finding;
using findings::Severity;

constexpr std::array kSeveritiesDown = {Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info};

std::string Joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string FileName(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return CleanText(slash == std::string_view::npos || slash + 1 == path.size() ? path : path.substr(slash + 1), 60);
}

// A path as the user can paste it into a shell.
std::string ShellWord(std::string_view path) {
  const bool plain = std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("/._-+=:@%,").find(c) != std::string_view::npos;
  });
  if (plain && !path.empty()) return std::string(path);
  std::string word = "'";
  for (const char c : path) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string BareName(std::string_view rule) {
  const std::size_t dot = rule.rfind('.');
  return std::string(dot == std::string_view::npos ? rule : rule.substr(dot + 1));
}

// "spark.core.gc_heavy" is "GC heavy".
std::string PlainName(std::string_view rule) {
  std::string name = BareName(rule);
  std::ranges::replace(name, '_', ' ');
  for (const std::string_view word : {"gc", "aqe", "udf", "sql"}) {
    for (std::size_t at = name.find(word); at != std::string::npos; at = name.find(word, at + 1)) {
      const bool whole = (at == 0 || name[at - 1] == ' ') && (at + word.size() == name.size() || name[at + word.size()] == ' ');
      for (std::size_t i = at; whole && i < at + word.size(); ++i) name[i] = static_cast<char>(name[i] - 'a' + 'A');
    }
  }
  return name;
}

// ---------------------------------------------------------------- headline
std::string PlatformName(model::Environment environment) {
  switch (environment) {
    case model::Environment::Emr: return "EMR";
    case model::Environment::Databricks: return "Databricks";
    case model::Environment::Dataproc: return "Dataproc";
    case model::Environment::Yarn: return "YARN";
    case model::Environment::Kubernetes: return "Kubernetes";
    case model::Environment::Standalone: return "standalone";
    case model::Environment::Local: return "local";
    case model::Environment::Unknown: return "";
  }
  return "";
}

struct HeadlineParts {
  std::string file;
  std::string name;
  std::string platform;    // "Spark 3.5.3, Dataproc"
  std::string size;        // "8 executors × 16 slots"
  std::string size_short;  // "8 × 16 slots"
  std::string time;        // "1m57s, log complete"
};

std::string TimeText(const Report& report) {
  if (!report.app.duration_ms) return "duration unknown";
  const std::string time = FormatTime(*report.app.duration_ms);
  const bool cut = !report.app.end_ms;
  const std::string base = cut ? "≥ " + time + ", log cut" : time + (report.log.complete ? ", log complete" : ", log incomplete");
  return base + (report.app.failed ? "  FAILED" : "");
}

HeadlineParts ReadHeadline(const Report& report, const model::JobModel& model) {
  HeadlineParts parts;
  parts.file = FileName(report.log.path);
  if (report.app.name) parts.name = CleanText(*report.app.name, 40);
  parts.platform = report.log.spark_version ? "Spark " + CleanText(*report.log.spark_version, 30) : "Spark version unknown";
  const std::string platform = PlatformName(model.app.environment.Get(0));
  if (!platform.empty()) parts.platform += ", " + platform;
  const std::int64_t executors = model.app.max_executors.Has(0) ? model.app.max_executors.Get(0) : 0;
  const std::int64_t per_executor = model.app.slots_per_executor.Has(0) ? model.app.slots_per_executor.Get(0) : 0;
  if (report.app.slots && executors > 1 && executors * per_executor == *report.app.slots) {
    parts.size = FormatCount(executors) + " executors × " + FormatCount(per_executor) + (per_executor == 1 ? " slot" : " slots");
    parts.size_short = FormatCount(executors) + " × " + FormatCount(per_executor) + (per_executor == 1 ? " slot" : " slots");
  } else if (report.app.slots) {
    parts.size = parts.size_short = FormatCount(*report.app.slots) + (*report.app.slots == 1 ? " slot" : " slots");
  }
  parts.time = TimeText(report);
  return parts;
}

std::vector<std::string> MakeHeadline(const HeadlineParts& p) {
  const auto line = [](std::initializer_list<std::string_view> columns) {
    std::string text;
    for (const std::string_view column : columns) {
      if (!column.empty()) text.append(text.empty() ? "" : "  ").append(column);
    }
    return text;
  };
  const auto with = [](const std::string& platform, const std::string& size) { return size.empty() ? platform : platform + ", " + size; };
  return {line({p.file, p.name, with(p.platform, p.size), p.time}), line({p.file, with(p.platform, p.size), p.time}),
          line({p.file, with(p.platform, p.size_short), p.time}), line({p.file, p.platform, p.time}),
          line({Shorten(p.file, 24), p.platform, p.time})};
}

// ---------------------------------------------------------------- findings
// "0.95" as ".95", as experts read it.
std::string Fraction(double value) {
  const auto hundredths = static_cast<int>(value * 100 + 0.5);
  if (hundredths >= 100) return "1";
  return (hundredths < 10 ? ".0" : ".") + std::to_string(hundredths);
}

// Names and messages of the log stand in these texts: on one line, without what a terminal could obey.
Finding Cleaned(Finding finding) {
  constexpr std::size_t kMessage = 1200;
  finding.title = CleanText(finding.title, 160);
  finding.message = CleanText(finding.message, kMessage);
  for (findings::Evidence& item : finding.evidence) item.text = CleanText(item.text, 120);
  for (findings::RuledOut& other : finding.ruled_out) other.because = CleanText(other.because, 120);
  return finding;
}

// Pieces of Report that describe one finding; all need the run as a whole.
class FindingTexts {
 public:
  FindingTexts(const Report& report, const model::JobModel& model, const std::vector<Finding>& all) : report_(report), model_(model) {
    for (const Finding& finding : all) by_id_.emplace(finding.id, &finding);
  }

  void Fill(ShownFinding& shown) const {
    TakeRuledOut(shown);
    const Finding& finding = shown.finding;
    for (const findings::SubjectPart& part : finding.subject) {
      if (part.entity == model::Entity::Stage && shown.where.empty()) shown.where = StagePurpose(model_, model::StageRow(part.row));
    }
    shown.amount = Amount(finding);
    shown.amount_short = ShortAmount(finding);
    if (finding.layer == findings::Layer::Symptom && !finding.explained_by) shown.cause = "not found: no rule that looked at this run explains it";
    for (const std::string& id : finding.explains) shown.explains.push_back(Phrase(*by_id_.at(id)));
    for (const findings::RuledOut& other : finding.ruled_out) {
      shown.ruled_out.push_back(other.because.empty() ? PlainName(other.rule) : PlainName(other.rule) + " (" + other.because + ")");
    }
    shown.expert_head = finding.id;
    shown.expert_tail = ExpertTail(finding);
    shown.expert_lines = ExpertLines(finding);
  }

 private:
  [[nodiscard]] bool DoesNotFinish(const Finding& finding) const {
    return report_.state == RunState::Failed && finding.severity == Severity::Critical;
  }

  // An upper bound, and named so: until the cost model exists nobody knows what a change saves.
  [[nodiscard]] std::string Amount(const Finding& finding) const {
    if (DoesNotFinish(finding)) return "run does not finish";
    if (!finding.impact.high) return "not estimated";
    std::string text = "at most " + FormatTimeShort(*finding.impact.high);
    if (report_.state == RunState::Complete && report_.app.duration_ms) text += " of " + FormatTimeShort(*report_.app.duration_ms);
    return text;
  }
  [[nodiscard]] std::string ShortAmount(const Finding& finding) const {
    if (DoesNotFinish(finding)) return "run does not finish";
    return finding.impact.high ? "at most " + FormatTimeShort(*finding.impact.high) : "not estimated";
  }

  // The template's own look-alikes, "- `gc_heavy` 1 % of task time", have values; they replace what the rule's conditions say.
  static void TakeRuledOut(ShownFinding& shown) {
    const explain::Section* section = shown.narration.Find(Level::Practitioner, explain::Heading::WhatItIsNot);
    if (section == nullptr) return;
    const std::string pack = shown.finding.rule.substr(0, shown.finding.rule.rfind('.') + 1);
    std::string_view text = section->text;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      const std::size_t close = line.find("` ", 3);
      if (!line.starts_with("- `") || close == std::string_view::npos) continue;
      const std::string rule = pack + std::string(line.substr(3, close - 3));
      std::erase_if(shown.finding.ruled_out, [&](const findings::RuledOut& other) { return other.rule == rule; });
      shown.finding.ruled_out.push_back({rule, CleanText(line.substr(close + 2), 120)});
    }
  }

  // What is said of a finding that is folded under another.
  static std::string Phrase(const Finding& symptom) { return LowerFirst(WithoutStop(symptom.title)); }

  [[nodiscard]] std::string ExpertTail(const Finding& finding) const {
    std::string text;
    for (const findings::SubjectPart& part : finding.subject) {
      if (part.entity == model::Entity::Stage) text += "stage " + part.key + "  ";
    }
    if (finding.confidence) text += "conf " + Fraction(*finding.confidence) + "  ";
    if (DoesNotFinish(finding)) return text + "run does not finish";
    return text + (finding.impact.high ? "≤ " + FormatTime(*finding.impact.high) : "not estimated");
  }

  [[nodiscard]] std::vector<std::string> ExpertLines(const Finding& finding) const {
    std::vector<std::string> lines;
    std::string values;
    for (const findings::Evidence& item : finding.evidence) values += (values.empty() ? "" : "  ") + item.name + " " + item.text;
    if (!values.empty()) lines.push_back(values);

    std::string path;
    if (finding.impact.high) {
      path = "path " + FormatTime(*finding.impact.high);
      if (report_.state != RunState::Cut && report_.app.duration_ms.value_or(0) > 0) {
        path += " (" + Fraction(static_cast<double>(*finding.impact.high) / static_cast<double>(*report_.app.duration_ms)) + ")";
      }
    }
    std::vector<std::string> explained;
    for (const std::string& id : finding.explains) explained.push_back(BareName(id.substr(0, id.find('('))) + id.substr(std::min(id.find('('), id.size())));
    if (!explained.empty()) path += (path.empty() ? "explains " : "  explains ") + Joined(explained, " ");
    if (!path.empty()) lines.push_back(path);

    std::string others;
    for (const findings::RuledOut& other : finding.ruled_out) {
      others += (others.empty() ? "¬" : "  ¬") + BareName(other.rule) + (other.because.empty() ? "" : " " + other.because);
    }
    if (!others.empty()) lines.push_back(others);
    return lines;
  }

  const Report& report_;
  const model::JobModel& model_;
  std::map<std::string, const Finding*, std::less<>> by_id_;
};

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
  std::map<Severity, std::size_t> hidden;
  std::size_t count = 0;
  std::size_t all = 0;
  for (const ShownFinding& shown : report.findings) {
    if (shown.number == 0) continue;
    ++all;
    if (shown.shown) continue;
    ++hidden[shown.finding.severity];
    ++count;
  }
  if (count == 0) return {};
  std::vector<std::string> by_severity;
  for (const Severity severity : kSeveritiesDown) {
    if (hidden.contains(severity)) by_severity.push_back(std::to_string(hidden[severity]) + " " + std::string(findings::SeverityName(severity)));
  }
  return std::to_string(count) + (count == 1 ? " more finding (" : " more findings (") + Joined(by_severity, ", ") + "): `--top " + std::to_string(all) + "`";
}

void PlacePins(Report& report) {
  for (const ShownFinding& shown : report.findings) {
    if (!shown.shown) continue;
    const auto& pieces = shown.finding.path;
    // The longest of its pieces: where a reader should look.
    const PathSegment* longest = nullptr;
    for (const PathSegment& segment : report.strip.path) {
      if (std::ranges::find(pieces, segment.piece) == pieces.end()) continue;
      if (longest == nullptr || segment.end_ms - segment.start_ms > longest->end_ms - longest->start_ms) longest = &segment;
    }
    if (longest != nullptr) report.strip.pins.push_back({longest->start_ms, shown.number});
  }
}

// ---------------------------------------------------------------- what to do
std::string PythonString(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

CodeLine SettingLine(const recommend::Change& change) {
  CodeLine line;
  if (change.from) line.note = "was " + CleanText(*change.from, 40) + (change.from_is_default ? ", the default" : "");
  if (change.scope == "session") {
    const std::string key = PythonString(change.key);
    const std::string value = PythonString(change.to);
    line.code = "spark.conf.set(" + key + ", " + value + ")";
    line.broken = {"spark.conf.set(", "    " + key + ",", "    " + value + ")"};
  } else {
    line.code = "--conf " + change.key + "=" + change.to;
    line.broken = {"--conf \\", change.key + "=" + change.to};
  }
  return line;
}

void AddText(std::vector<CodeLine>& code, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t comment = line.find("  # ");
    if (comment == std::string_view::npos || comment == 0) {
      code.push_back({std::string(line), "", {}});
    } else {
      std::string_view before = line.substr(0, comment);
      while (before.ends_with(' ')) before.remove_suffix(1);
      code.push_back({std::string(before), std::string(line.substr(comment + 4)), {}});
    }
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
}

// Settings of one scope stand together, below a comment where there are several scopes; texts to paste follow.
std::vector<CodeLine> CodeOf(const recommend::Recommendation& recommendation) {
  const auto of_scope = [](std::string_view scope) {
    return [scope](const recommend::Change& change) { return change.kind == "conf" && change.scope == scope; };
  };
  constexpr std::array<std::string_view, 3> kScopes = {"session", "submit", "cluster"};
  const auto scopes = std::ranges::count_if(kScopes, [&](std::string_view scope) { return std::ranges::any_of(recommendation.changes, of_scope(scope)); });
  std::vector<CodeLine> code;
  for (const std::string_view scope : kScopes) {
    bool first = scopes > 1;
    for (const recommend::Change& change : recommendation.changes) {
      if (!of_scope(scope)(change)) continue;
      if (std::exchange(first, false)) code.push_back({"# " + std::string(scope) + (scope == "session" ? ", in the program" : ", with spark-submit"), "", {}});
      code.push_back(SettingLine(change));
    }
  }
  for (const recommend::Change& change : recommendation.changes) {
    if (change.kind == "code" || change.kind == "query") AddText(code, change.to);
  }
  return code;
}

std::string TagsOf(const recommend::Recommendation& recommendation) {
  std::vector<std::string> tags;
  const auto add = [&tags](std::string tag) {
    if (!tag.empty() && std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
  };
  for (const recommend::Change& change : recommendation.changes) {
    add(change.kind);
    add(change.scope.value_or(""));
  }
  if (!recommendation.effort.empty()) add("effort " + recommendation.effort);
  if (!recommendation.risk.empty()) add("risk " + recommendation.risk);
  return Joined(tags, ", ");
}

// The rule's title, or the fix up to its colon ("Switch it on: it splits …") or full stop; the rest stands below.
void TakeFix(Action& action, const recommend::Recommendation& recommendation) {
  const std::string& fix = recommendation.fix;
  if (!recommendation.title.empty()) {
    action.title = WithoutStop(recommendation.title);
    if (!fix.empty()) action.remarks.push_back(fix);
    return;
  }
  constexpr std::size_t kTitle = 78;
  const std::size_t cut = std::min(fix.find(": "), fix.find(". "));
  if (cut > kTitle) {
    action.title = WithoutStop(fix);
    return;
  }
  action.title = fix.substr(0, cut);
  action.remarks.push_back(UpperFirst(fix.substr(cut + 2)));
}

void MakeActions(Report& report, const std::map<std::string, explain::Narration, std::less<>>& narrations) {
  std::map<std::string, int, std::less<>> shown_numbers;  // by finding id
  for (const ShownFinding& shown : report.findings) {
    if (shown.shown) shown_numbers.emplace(shown.finding.id, shown.number);
  }
  std::vector<Action> actions;
  for (const recommend::Recommendation& recommendation : report.recommendations) {
    std::vector<int> numbers;
    for (const std::string& id : recommendation.for_findings) {
      if (const auto it = shown_numbers.find(id); it != shown_numbers.end()) numbers.push_back(it->second);
    }
    if (numbers.empty() || !recommendation.chosen) continue;
    std::ranges::sort(numbers);
    Action action;
    action.number = numbers.front();
    TakeFix(action, recommendation);
    action.tags = TagsOf(recommendation);
    if (const auto it = narrations.find(recommendation.id); it != narrations.end()) {
      const explain::Section* how = it->second.Find(report.level, explain::Heading::WhatToDo);
      if (how != nullptr) action.remarks.push_back(how->text);
    }
    action.code = CodeOf(recommendation);
    action.also_for.assign(numbers.begin() + 1, numbers.end());
    action.recommendation = recommendation.id;
    actions.push_back(std::move(action));
  }
  std::ranges::stable_sort(actions, {}, &Action::number);
  for (std::size_t i = 0; i < actions.size(); ++i) actions[i].first = i == 0 || actions[i - 1].number != actions[i].number;
  report.actions = std::move(actions);
}

// ---------------------------------------------------------------- foot
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

// "12 lines that are not JSON; …"; a text that is a sentence of its own stands alone when it holds once.
std::string NoteLine(const IngestNote& note) {
  const bool sentence = note.text.starts_with("the ") || note.text.starts_with("a ") || note.text.starts_with("reading ");
  if (sentence && note.count == 1) return note.text;
  if (note.count == 1) return "1 × " + note.text;  // the texts name things in the plural
  return FormatCount(static_cast<std::int64_t>(note.count)) + (sentence ? " times: " : " ") + note.text;
}

std::vector<std::string> LogLines(const Report& report) {
  const LogInfo& log = report.log;
  std::string first = log.complete ? "complete" : report.app.end_ms ? "incomplete" : "cut";
  first += ", " + FormatCount(static_cast<std::int64_t>(log.events)) + " events";
  first += ", " + FormatBytes(static_cast<std::int64_t>(log.decoded_bytes)) + (log.codec == "plain" ? "" : " decoded (" + log.codec + ")");
  first += ", " + FormatCount(static_cast<std::int64_t>(log.bad_lines)) + (log.bad_lines == 1 ? " bad line" : " bad lines");
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
  return {std::to_string(names.size()) + (names.size() == 1 ? " cause" : " causes") + " found nothing: " + Joined(names, ", ")};
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
  if (report.level == Level::Practitioner && !steps.empty()) steps.push_back({{"advise", log, "--level novice"}, "with every word explained"});
  if (report.level == Level::Novice) steps.push_back({{"advise", log, "--level expert"}, "the numbers alone"});
  steps.push_back({{"advise", log, "--format json"}, "the same for programs"});
  return steps;
}

std::string OneLine(const Report& report) {
  std::map<Severity, std::size_t> counts;
  for (const ShownFinding& shown : report.findings) {
    if (shown.number > 0) ++counts[shown.finding.severity];
  }
  std::vector<std::string> found;
  for (const Severity severity : kSeveritiesDown) {
    if (counts.contains(severity)) found.push_back(std::to_string(counts[severity]) + " " + std::string(findings::SeverityName(severity)));
  }
  const std::string time = report.app.duration_ms ? FormatTime(*report.app.duration_ms) : "duration unknown";
  return CleanText(report.log.path) + ": " + (report.app.end_ms ? "" : "≥ ") + time + (report.app.failed ? " failed" : "") + "; " +
         (found.empty() ? "nothing found" : Joined(found, ", ")) + "; log " +
         (report.log.complete ? "complete" : report.app.end_ms ? "incomplete" : "cut");
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
  report.headline = MakeHeadline(ReadHeadline(report, input.model));
  report.strip = ReadStrip(input.model);

  std::map<std::string, explain::Narration, std::less<>> narrations;
  for (explain::Narration& narration : input.narrations) {
    std::string id = narration.id;
    narrations.emplace(std::move(id), std::move(narration));
  }
  for (Finding& finding : input.findings) finding = Cleaned(std::move(finding));
  const FindingTexts texts(report, input.model, input.findings);
  for (const Finding& finding : input.findings) {
    ShownFinding shown;
    shown.finding = finding;
    if (const auto it = narrations.find(finding.id); it != narrations.end()) shown.narration = it->second;
    texts.Fill(shown);
    report.findings.push_back(std::move(shown));
  }
  NumberFindings(report, options);
  report.more_findings = MoreFindings(report);
  PlacePins(report);

  report.recommendations = std::move(input.recommendations);
  MakeActions(report, narrations);
  report.not_evaluated = std::move(input.coverage.not_evaluated);
  report.not_evaluated_lines = NotEvaluatedLines(report, input.coverage.evaluated);
  report.log_lines = LogLines(report);
  report.next = NextSteps(report);
  report.verdict = MakeVerdict({report, ReadFailure(input.model), ValueOf(app.utilisation), ValueOf(app.startup_time),
                                ValueOf(app.completeness), input.coverage.evaluated});
  const bool any = std::ranges::any_of(report.findings, [](const ShownFinding& f) { return f.number > 0; });
  if (!any) report.checked = CheckedLines(input.coverage);
  report.one_line = OneLine(report);
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
