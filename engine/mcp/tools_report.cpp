// What the report says, in the portions that an assistant asks for: the list of logs, the verdict, findings, the plan,
// two logs beside each other.
#include <algorithm>
#include <sstream>

#include "mcp/arguments.h"
#include "mcp/tools.h"
#include "report/writers/json.h"
#include "service/compare.h"
#include "support/clean_text.h"
#include "support/format.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::mcp {
namespace {

using service::Analysis;

constexpr std::size_t kMostVerdicts = 20;

Json ReportUnits() {
  return {{"*_ms", "ms of wall time"},
          {"saving", "ms of wall time, 80 % interval low..high, mid most likely"},
          {"joint_saving", "ms of wall time"},
          {"evidence[].value", "evidence[].unit"},
          {"confidence", "0..1"},
          {"share", "0..1"},
          {"bytes", "B"}};
}

Json ContractJson(const Analysis& analysis) {
  std::ostringstream text;
  report::WriteJson(analysis.report, text, {.one_line = true});
  return Json::parse(text.str());
}

// One line about the run, by its file's name and nothing longer.
std::string AboutRun(const Analysis& analysis) {
  const report::Report& report = analysis.report;
  std::string text = "Application " + QuoteName(report.app.name.value_or("without a name"));
  if (report.app.duration_ms) text += ", " + FormatTime(*report.app.duration_ms);
  if (report.log.spark_version) text += ", Spark " + QuoteName(*report.log.spark_version);
  switch (report.state) {
    case report::RunState::Complete: return text + ", log complete.";
    case report::RunState::Cut: return text + ", log cut before its end.";
    case report::RunState::Failed: return text + ", failed.";
  }
  return text;
}

std::int64_t ClaimedBy(const report::Report& report, const std::string& finding) {
  std::int64_t ms = 0;
  if (!report.ledger) return ms;
  for (const report::LedgerAccount& account : report.ledger->accounts) {
    for (const report::LedgerAccount::Claim& claim : account.claims) ms += claim.finding == finding ? claim.ms : 0;
  }
  return ms;
}

// What of the report belongs to a finding beside its own object.
void AddShown(const Analysis& analysis, const report::ShownFinding& shown, Json& finding) {
  finding["number"] = shown.number > 0 && !shown.like ? Json(shown.number) : Json(nullptr);
  finding["amount"] = shown.amount;
  finding["claimed_ms"] = ClaimedBy(analysis.report, shown.finding.id);
  if (!shown.where.empty()) finding["where"] = shown.where;
  if (!shown.cause.empty()) finding["cause"] = shown.cause;
  if (!shown.also.empty()) finding["also"] = shown.also;
  Json actions = Json::array();
  for (const report::Action& action : analysis.report.actions) {
    if (action.number != shown.number || shown.number == 0) continue;
    Json code = Json::array();
    for (const report::CodeLine& line : action.code)
      code.push_back(line.note.empty() ? line.code : line.code + "  # " + line.note);
    actions.push_back({{"recommendation", action.recommendation},
                       {"title", action.title},
                       {"tags", action.tags},
                       {"saving", action.saving},
                       {"remarks", action.remarks},
                       {"code", code}});
  }
  finding["actions"] = std::move(actions);
}

void NextOfFinding(const std::string& log, const report::ShownFinding& shown, Answer& answer) {
  for (const diagnose::SubjectPart& part : shown.finding.subject) {
    if (part.group || part.entity == model::Entity::App) continue;
    AddNext(answer, "model", {{"log", log}, {"entity", model::TableName(part.entity)}, {"id", part.key}},
            "every value of its " + part.role);
    return;
  }
}

Json ReportMembers() {
  Json properties = {{"log", LogArgument()}};
  AddPartArguments(properties);
  properties["level"] = LevelArgument();
  properties["max_bytes"] = BytesArgument();
  return properties;
}

}  // namespace

// ---------------------------------------------------------------- list_logs
Json ListLogsSchema() {
  return Object({{"folder", Text("where to look; only if advise was started without --dir")},
                 {"search", Text("only logs whose id holds this text")},
                 {"verdicts", Flag("analyse up to " + std::to_string(kMostVerdicts) +
                                   " of the page's logs and add a line on each; takes a second a log or more")},
                 {"offset", Whole("skip so many", 0, 10'000'000)},
                 {"limit", Whole("most logs of the answer; default 50", 1, 500)},
                 {"max_bytes", BytesArgument()}});
}

Result<Answer> ListLogs(const Session& session, const Json& arguments) {
  ADVISE_TRY(std::vector<service::ListedLog> logs, session.logs.List(arguments.value("folder", "")));
  const std::string search = Lower(arguments.value("search", ""));
  std::erase_if(logs, [&](const service::ListedLog& log) { return Lower(log.id).find(search) == std::string::npos; });
  const std::size_t offset = std::min(arguments.value("offset", std::size_t{0}), logs.size());
  const std::size_t end = std::min(offset + arguments.value("limit", std::size_t{50}), logs.size());
  const bool verdicts = arguments.value("verdicts", false);
  struct Row {
    std::int64_t worth = -1;
    Json json;
  };
  std::vector<Row> rows;
  for (std::size_t i = offset; i < end; ++i) {
    const service::ListedLog& log = logs[i];
    Row row;
    row.json = {{"log", log.id},
                {"bytes", log.bytes()},
                {"layout", ingest::Name(log.input.layout)},
                {"in_progress", log.input.in_progress}};
    if (verdicts && i - offset < kMostVerdicts) {
      service::Ask ask;
      ask.stop = session.stop;
      const Result<std::shared_ptr<const Analysis>> analysis = session.analyst.Analyze(log, ask);
      if (session.stop != nullptr && session.stop->load()) return Fail(DiagnosticCode::Usage, "cancelled");
      row.json["verdict"] = analysis ? (*analysis)->report.one_line : "cannot be read: " + analysis.error().message;
      row.json["findings_hold_ms"] = analysis ? Json((*analysis)->report.worth_ms) : Json(nullptr);
      row.worth = analysis ? (*analysis)->report.worth_ms : -1;
    }
    rows.push_back(std::move(row));
  }
  std::ranges::stable_sort(rows, std::greater(), &Row::worth);
  Answer answer;
  answer.summary = FormatCount(static_cast<std::int64_t>(logs.size())) + (logs.size() == 1 ? " log" : " logs") +
                   (search.empty() ? "." : " whose id holds the text searched for.");
  answer.evidence = "measured";
  answer.units = {{"bytes", "B on disk"}, {"findings_hold_ms", "ms of wall time that findings account for"}};
  answer.data = {{"total", logs.size()}, {"offset", offset}};
  answer.data["next_offset"] = end < logs.size() ? Json(end) : Json(nullptr);
  answer.data["logs"] = Json::array();
  for (Row& row : rows) answer.data["logs"].push_back(std::move(row.json));
  if (verdicts && end - offset > kMostVerdicts)
    AddMissing(answer, "verdicts beyond the first " + std::to_string(kMostVerdicts), "ask for the next page");
  if (offset < end) AddNext(answer, "analyze_log", {{"log", logs[offset].id}}, "why that run was slow");
  return answer;
}

// ---------------------------------------------------------------- analyze_log
Json AnalyzeSchema() { return Object(ReportMembers(), {"log"}); }

Result<Answer> AnalyzeLog(const Session& session, const Json& arguments) {
  Answer answer;
  ADVISE_TRY(const std::shared_ptr<const Analysis> analysis, AnalysisFor(session, arguments, answer));
  const report::Report& report = analysis->report;
  answer.summary = AboutRun(*analysis);
  answer.evidence = "mixed";
  answer.units = ReportUnits();
  AddLogState(report, answer);
  answer.data["headline"] = report.headline.empty() ? "" : report.headline.front();
  answer.data["verdict"] = report.verdict;
  answer.data["report"] = ContractJson(*analysis);
  for (const report::ShownFinding& shown : report.findings) {
    if (!shown.shown || shown.like) continue;
    AddNext(answer, "findings", {{"log", answer.log}, {"finding", shown.finding.id}},
            "evidence and change of finding " + std::to_string(shown.number));
  }
  if (report.plan && !report.plan->steps.empty()) {
    AddNext(answer, "plan", {{"log", answer.log}}, "which changes to make together");
    AddNext(answer, "whatif", {{"log", answer.log}, {"apply", Json::array({1})}}, "the first step alone");
  }
  AddNext(answer, "model", {{"log", answer.log}, {"entity", "stages"}, {"sort", "-duration"}, {"limit", 5}},
          "the longest stages");
  return answer;
}

// ---------------------------------------------------------------- findings
Json FindingsSchema() {
  Json properties = ReportMembers();
  properties["finding"] = {{"type", {"string", "integer"}},
                           {"description", "id of one finding, or its number in the report"}};
  properties["rule"] = Text("only findings of this rule, such as spark.core.skewed_join");
  properties["severity"] = OneOf("only findings at least as severe", {"info", "low", "medium", "high", "critical"});
  properties["folded"] = Flag("also symptoms that another finding explains");
  properties["offset"] = Whole("skip so many", 0, 1'000'000);
  properties["limit"] = Whole("most findings of the answer; default 10", 1, 100);
  return Object(properties, {"log"});
}

Result<Answer> Findings(const Session& session, const Json& arguments) {
  Answer answer;
  ADVISE_TRY(const service::ListedLog log, FindLog(session, arguments));
  service::Ask ask = AskFor(session, arguments);
  ask.top = 1'000;  // actions are made for what is shown
  ADVISE_TRY(const std::shared_ptr<const Analysis> analysis, session.analyst.Analyze(log, ask));
  answer.log = log.id;
  const report::Report& report = analysis->report;
  const Json one = arguments.value("finding", Json(""));
  const std::string wanted = one.is_string() ? one.get<std::string>() : one.dump();
  const std::string rule = arguments.value("rule", "");
  const auto severity = rules::ParseWord<rules::Severity>(arguments.value("severity", "info"));
  const bool folded = arguments.value("folded", false) || !wanted.empty() || !rule.empty();
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const report::ShownFinding& shown = report.findings[i];
    if (!wanted.empty() && shown.finding.id != wanted &&
        (shown.like || shown.number == 0 || std::to_string(shown.number) != wanted))
      continue;
    if (!rule.empty() && shown.finding.rule != rule) continue;
    if (shown.finding.severity < *severity || (!folded && shown.number == 0)) continue;
    rows.push_back(i);
  }
  if (!wanted.empty() && rows.empty())
    return Fail(DiagnosticCode::Usage, "the log has no finding " + Quoted(CleanText(wanted, 200)),
                "`findings` without `finding` lists all");
  const std::size_t offset = std::min(arguments.value("offset", std::size_t{0}), rows.size());
  const std::size_t end = std::min(offset + arguments.value("limit", std::size_t{10}), rows.size());
  const Json contract = ContractJson(*analysis);
  answer.summary = AboutRun(*analysis) + " " + FormatCount(static_cast<std::int64_t>(rows.size())) +
                   (rows.size() == 1 ? " finding." : " findings.");
  answer.evidence = "mixed";
  answer.units = ReportUnits();
  AddLogState(report, answer);
  answer.data = {{"total", rows.size()}, {"offset", offset}};
  answer.data["next_offset"] = end < rows.size() ? Json(end) : Json(nullptr);
  answer.data["findings"] = Json::array();
  for (std::size_t i = offset; i < end; ++i) {
    Json finding = contract.at("findings").at(rows[i]);
    AddShown(*analysis, report.findings[rows[i]], finding);
    answer.data["findings"].push_back(std::move(finding));
    if (i - offset < 3) NextOfFinding(answer.log, report.findings[rows[i]], answer);
  }
  if (offset < end) {
    AddNext(answer, "explain", {{"what", report.findings[rows[offset]].finding.rule}},
            "what the rule of the first one looks for");
  }
  return answer;
}

// ---------------------------------------------------------------- plan
Json PlanSchema() {
  Json properties = ReportMembers();
  properties["objective"] = OneOf("what is to be small; default time", {"time", "cost"});
  properties["max_changes"] = Whole("most steps", 1, 50);
  properties["no_code_changes"] = Flag("settings alone");
  properties["pinned"] = {{"type", "array"},
                          {"items", Text("a setting that stays as it is")},
                          {"maxItems", 50},
                          {"description", "settings that stay as they are"}};
  return Object(properties, {"log"});
}

Result<Answer> PlanOfLog(const Session& session, const Json& arguments) {
  Answer answer;
  ADVISE_TRY(const service::ListedLog log, FindLog(session, arguments));
  service::Ask ask = AskFor(session, arguments);
  if (arguments.value("objective", "time") == "cost") ask.plan.objective = plan::Objective::Cost;
  if (arguments.contains("max_changes")) ask.plan.max_changes = arguments.at("max_changes").get<std::size_t>();
  ask.plan.no_code_changes = arguments.value("no_code_changes", false);
  for (const Json& key : arguments.value("pinned", Json::array())) ask.plan.pinned.push_back(key.get<std::string>());
  ADVISE_TRY(const std::shared_ptr<const Analysis> analysis, session.analyst.Analyze(log, ask));
  answer.log = log.id;
  const report::Report& report = analysis->report;
  const Json contract = ContractJson(*analysis);
  answer.units = ReportUnits();
  AddLogState(report, answer);
  answer.data["summary"] = report.plan_texts.summary;
  answer.data["plan"] = contract.at("plan");
  answer.data["recommendations"] = contract.at("recommendations");
  answer.data["replay"] = contract.at("replay");
  answer.data["checks"] = report.plan_texts.checks;
  answer.data["not_chosen"] = report.plan_texts.not_chosen;
  answer.data["no_help"] = report.plan_texts.no_help;
  Json paste = Json::array();
  for (const report::CodeLine& line : report.plan_texts.paste)
    paste.push_back(line.note.empty() ? line.code : line.code + "  # " + line.note);
  answer.data["paste"] = std::move(paste);
  answer.evidence = "mixed";
  const bool refused = report.plan && !report.plan->refused.empty();
  if (refused) {
    answer.evidence = "refused";
    AddMissing(answer, "savings", report.plan->refused);
  }
  const std::size_t steps = report.plan ? report.plan->steps.size() : 0;
  answer.summary = AboutRun(*analysis) +
                   (refused      ? " No saving can be predicted from this log."
                    : steps == 0 ? " There is no change to plan."
                                 : " A plan of " + std::to_string(steps) + (steps == 1 ? " step." : " steps."));
  Json all = Json::array();
  for (std::size_t i = 1; i <= steps; ++i) {
    all.push_back(i);
    if (i == steps || i == 1)
      AddNext(answer, "whatif", {{"log", answer.log}, {"apply", all}}, i == 1 ? "the first step alone" : "all steps");
  }
  return answer;
}

// ---------------------------------------------------------------- compare_logs
Json CompareSchema() {
  return Object({{"a", Text("id of the log before")},
                 {"b", Text("id of the log after")},
                 {"limit", Whole("most queries and stages; default 20", 1, 200)},
                 {"max_bytes", BytesArgument()}},
                {"a", "b"});
}

Result<Answer> CompareLogs(const Session& session, const Json& arguments) {
  ADVISE_TRY(const service::ListedLog a, FindLog(session, arguments, "a"));
  ADVISE_TRY(const service::ListedLog b, FindLog(session, arguments, "b"));
  const service::Ask ask = AskFor(session, Json::object());
  ADVISE_TRY(const std::shared_ptr<const Analysis> before, session.analyst.Analyze(a, ask));
  ADVISE_TRY(const std::shared_ptr<const Analysis> after, session.analyst.Analyze(b, ask));
  const service::Comparison comparison = service::Compare(*before, *after, arguments.value("limit", std::size_t{20}));
  std::ostringstream text;
  service::WriteCompareJson(comparison, text);
  Answer answer;
  answer.summary = "a: " + AboutRun(*before) + " b: " + AboutRun(*after);
  answer.evidence = "measured";
  answer.units = {{"*_ms", "ms"}, {"ms", "ms of wall time"}, {"*_bytes", "B"}, {"tasks", "count"}};
  answer.data = Json::parse(text.str());
  for (const std::string& caveat : comparison.caveats) AddMissing(answer, "comparability", caveat);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string& log = i == 0 ? a.id : b.id;
    AddNext(answer, "findings", {{"log", log}}, std::string("evidence of ") + (i == 0 ? "a" : "b"));
    if (!comparison.stages.empty() && comparison.stages.front().key[i]) {
      AddNext(answer, "model", {{"log", log}, {"entity", "stages"}, {"id", *comparison.stages.front().key[i]}},
              "quantiles of the stage that differs most");
    }
  }
  return answer;
}

}  // namespace advise::mcp
