// The table of tools, and what they share.
#include "mcp/tools.h"

#include "mcp/arguments.h"
#include "support/clean_text.h"
#include "support/did_you_mean.h"
#include "support/format.h"
#include "support/quoted.h"

namespace advise::mcp {

std::span<const Tool> Tools() {
  static constexpr Tool kTools[] = {
      {"list_logs", "List logs",
       "The Spark event logs that can be analysed, with the id that all other tools take as `log`. With verdicts: one "
       "line a log on what is wrong, those where most can be saved first.",
       ListLogsSchema, ListLogs},
      {"analyze_log", "Analyse a log",
       "Why one Spark application was slow or failed: verdict, findings with their cost in wall time, recommendations "
       "with predicted savings, the plan, and where the time went. Start here.",
       AnalyzeSchema, AnalyzeLog},
      {"findings", "Findings with evidence",
       "Findings of a log in full: measured evidence, what was ruled out and by which numbers, what it explains, the "
       "explanation at one of three levels, and the exact change to paste.",
       FindingsSchema, Findings},
      {"plan", "Plan of changes",
       "Which changes to make together and in which order: joint saving with interval, what each adds, interactions, "
       "alternatives, and popular remedies that would not help. Can leave out code changes or keep settings as they "
       "are.",
       PlanSchema, PlanOfLog},
      {"whatif", "What if",
       "Predicts the duration of the run with changes that you name, all together: settings, executors, their cores and "
       "memory, partitions, joins, skewed stages split or salted, caches, sizes of files, stages left out, effects of "
       "the rule language, steps of the plan; executors or partitions also over several values.",
       WhatIfSchema, WhatIf},
      {"why", "Why a finding is there",
       "How a finding or a recommendation follows from the log: what its variables stand for, every condition with its "
       "values, limit and parameters, the findings that it rests on and explains, what was ruled out, and what it "
       "costs.",
       WhySchema, Why},
      {"why_not", "Why a finding is not there",
       "Why a rule found nothing, or nothing for certain ids: the nearest candidates with the conditions that fail and "
       "by how much, the parameter with which it would fire, what the log lacks, or the finding that excludes it.",
       WhyNotSchema, WhyNot},
      {"query", "Query the job",
       "Rows by a pattern over the job in the language of the rules: joins along edges, groups, conditions with units, "
       "aggregates, findings. For what `model` cannot say: several entities, or values that are computed.",
       QuerySchema, Query},
      {"compare_logs", "Compare two logs",
       "What differs between two runs: duration, account of the time, findings, settings, queries and stages with "
       "their "
       "bytes and spills.",
       CompareSchema, CompareLogs},
      {"model", "Rows of the job",
       "Measured values of jobs, stages, tasks, executors, hosts, SQL executions, plan nodes, shuffles, gaps, cached "
       "RDDs or the app: filtered, sorted, in pages. Stages have quantiles over their tasks.",
       ModelSchema, Model},
      {"environment", "Settings of a run",
       "Spark properties, JVM, system and Hadoop properties of a run as its log states them, searchable.",
       EnvironmentSchema, Environment},
      {"explain", "Explain a setting, code, rule, or a word of queries",
       "What a Spark setting is (type, default by version, scope, and its value in a log), what a diagnostic code of "
       "advise means, what a rule looks for, or what queries may ask: entities with their attributes and edges, "
       "functions.",
       ExplainSchema, Explain},
  };
  return kTools;
}

Json ListTools() {
  Json tools = Json::array();
  for (const Tool& tool : Tools()) {
    tools.push_back({{"name", tool.name},
                     {"title", tool.title},
                     {"description", tool.description},
                     {"inputSchema", tool.schema()},
                     {"annotations", {{"readOnlyHint", true}, {"idempotentHint", true}, {"openWorldHint", false}}}});
  }
  return {{"tools", tools}};
}

Json CallTool(const Session& session, const Json& params) {
  const auto name = params.find("name");
  if (name == params.end() || !name->is_string()) throw RpcError{kInvalidParams, "`name` of the tool is missing"};
  const Tool* called = nullptr;
  std::vector<std::string_view> names;
  for (const Tool& tool : Tools()) {
    names.push_back(tool.name);
    if (*name == std::string(tool.name)) called = &tool;
  }
  if (called == nullptr) {
    const auto& wrong = name->get_ref<const std::string&>();
    throw RpcError{kInvalidParams, OrDidYouMean("there is no tool " + Quoted(CleanText(wrong, 100)), wrong, names)};
  }
  const Json arguments = params.value("arguments", Json::object());
  if (const auto wrong = CheckArguments(called->schema(), arguments))
    throw RpcError{kInvalidParams, std::string(called->name) + ": " + *wrong};
  Result<Answer> answer = called->run(session, arguments);
  if (!answer) return ErrorResult(answer.error().message, answer.error().help);
  return ToResult(std::move(*answer), arguments.value("max_bytes", kDefaultBytes));
}

Json LogArgument() { return Text("id of a log as list_logs gives it; a path where advise was started without --dir"); }
void AddPartArguments(Json& properties) {
  constexpr std::int64_t kMostId = 1'000'000'000;
  properties["sql"] = Whole("this SQL execution alone, as if it were the application", 0, kMostId);
  properties["job"] = Whole("this job alone; not together with sql", 0, kMostId);
}
Json LevelArgument() {
  return OneOf("for whom texts are: novice explains every word, expert gives numbers; default practitioner",
               {"novice", "practitioner", "expert"});
}
Json BytesArgument() {
  return Whole("most bytes of the answer's data; default " + std::to_string(kDefaultBytes), kLeastBytes, kMostBytes);
}

Result<service::ListedLog> FindLog(const Session& session, const Json& arguments, const char* key) {
  return session.logs.Find(arguments.at(key).get<std::string>());
}

service::Ask AskFor(const Session& session, const Json& arguments) {
  service::Ask ask;
  if (arguments.contains("sql")) ask.selection.sql = arguments.at("sql").get<std::int64_t>();
  if (arguments.contains("job")) ask.selection.job = arguments.at("job").get<std::int64_t>();
  if (ask.selection.sql && ask.selection.job) throw RpcError{kInvalidParams, "`sql` and `job` exclude each other"};
  ask.level = explain::ParseLevel(arguments.value("level", "practitioner")).value_or(ask.level);
  ask.stop = session.stop;
  ask.progress = session.progress;
  return ask;
}

Result<std::shared_ptr<const service::Analysis>> AnalysisFor(const Session& session, const Json& arguments,
                                                             Answer& answer) {
  ADVISE_TRY(const service::ListedLog log, FindLog(session, arguments));
  answer.log = log.id;
  return session.analyst.Analyze(log, AskFor(session, arguments));
}

void AddLogState(const report::Report& report, Answer& answer) {
  if (report.state == report::RunState::Cut)
    AddMissing(answer, "end of the application", "it is not in the log: durations are lower bounds");
  for (const model::IngestNote& note : report.log.notes) {
    if (note.severity == "data-loss")
      AddMissing(answer, note.code + " (" + FormatCount(static_cast<std::int64_t>(note.count)) + ")", note.text);
  }
  for (const diagnose::NotEvaluated& group : report.not_evaluated) {
    std::string what = FormatCount(static_cast<std::int64_t>(group.rules.size()));
    what += group.rules.size() == 1 ? " rule, " : " rules, such as ";
    AddMissing(answer, what + group.rules.front(), group.because);
  }
}

}  // namespace advise::mcp
