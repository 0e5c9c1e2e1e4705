// What-if questions: the changes of `advise whatif`.
#include "mcp/arguments.h"
#include "mcp/tools.h"
#include "service/what_if.h"
#include "support/format.h"

namespace advise::mcp {

namespace {

constexpr std::int64_t kMost = 999'999'999;

Json Several(const Json& items, const std::string& description) {
  return {{"type", "array"}, {"items", items}, {"maxItems", 50}, {"description", description}};
}

Json ListOfStages(const std::string& description) { return Several(Whole("id of a stage", 0, kMost), description); }

Json Counts(const std::string& what) {
  return {{"type", {"integer", "array", "string"}},
          {"items", Whole("one of several values", 1, kMost)},
          {"maxItems", 16},
          {"minimum", 1},
          {"maximum", kMost},
          {"description",
           what + ": a number, up to 16 numbers that are tried one after the other, or a range such as \"2..40\""}};
}

// What a member of the question is, for the assistant.
Json SchemaOf(std::string_view member) {
  const Json scalar = {{"type", {"string", "integer"}}};
  if (member == "conf") {
    return {{"type", "object"},
            {"additionalProperties", true},
            {"description", "settings and their new values, as spark-submit takes them"}};
  }
  if (member == "executors") return Counts("executors at once");
  if (member == "partitions") return Counts("partitions of every shuffle that is no fixed number");
  if (member == "join") {
    Json at = scalar;
    at["description"] = "all joins of a stage (12), or a query and a node of its plan (0/17)";
    return Several(Object({{"how", OneOf("the way to join", ask::kJoinWays)}, {"at", at}}, {"how", "at"}),
                   "joins that are made another way");
  }
  if (member == "split") return ListOfStages("stages whose large partitions are split, as adaptive execution does");
  if (member == "salt") return ListOfStages("stages whose heavy keys get a salt");
  if (member == "cache") return ListOfStages("stages whose result is cached for those that compute the same");
  if (member == "drop_stages") return ListOfStages("without these stages and what they alone need");
  if (member == "effects") {
    return Several(Text("an effect"),
                   "effects of the rule language: scale app.stages.tasks.gc_time by 50%, or match (s:Stage) where "
                   "s.id = 3 effect { scale s.tasks.run_time by 20%..40% }");
  }
  if (member == "apply") return Several(scalar, "steps of the plan by number, or recommendations by id");
  Json schema = scalar;
  schema["description"] = member == "cores"    ? "cores of an executor (spark.executor.cores)"
                          : member == "memory" ? "heap of an executor, such as 4g (spark.executor.memory)"
                                               : "size of the files that are read, such as 128m";
  return schema;
}

}  // namespace

Json WhatIfSchema() {
  Json properties = {{"log", LogArgument()}};
  AddPartArguments(properties);
  for (const std::string_view member : service::WhatIfMembers()) properties[std::string(member)] = SchemaOf(member);
  properties["max_bytes"] = BytesArgument();
  return Object(properties, {"log"});
}

Result<Answer> WhatIf(const Session& session, const Json& arguments) {
  Json changes = Json::object();
  for (const std::string_view member : service::WhatIfMembers()) {
    const std::string name(member);
    if (arguments.contains(name)) changes[name] = arguments.at(name);
  }
  const Result<service::WhatIfRequest> request = service::ParseWhatIf(changes.dump());
  if (!request) {
    const Error& error = request.error();
    // What an effect lacks is told as the answer of the tool, to be mended.
    if (error.code != DiagnosticCode::Usage) return tl::unexpected(error);
    throw RpcError{kInvalidParams, "whatif: " + error.message + (error.help.empty() ? "" : "; " + error.help)};
  }
  Answer answer;
  ADVISE_TRY(const std::shared_ptr<const service::Analysis> analysis, AnalysisFor(session, arguments, answer));
  answer.data = Json::parse(service::AnswerWhatIf(*analysis, *request));
  answer.units = {{"*_ms", "ms"},
                  {"time_ms", "ms of wall time of the application, 80 % interval low..high, mid most likely"},
                  {"slot_time_ms", "ms x slots"},
                  {"*_bytes", "B"},
                  {"replay_error", "share of the duration by which the replay of the run as it was is off"}};
  AddLogState(analysis->report, answer);
  const Json& data = answer.data;
  // A sweep has a class at each point: the least sure one is that of the answer.
  const Json points = data.contains("points") ? data.at("points") : Json::array({data});
  std::string evidence;
  for (const Json& point : points) {
    if (point.at("refused").is_object()) {
      AddMissing(answer, "prediction: " + point.at("refused").at("code").get<std::string>(),
                 point.at("refused").at("text").get<std::string>());
    } else {
      evidence = std::max(evidence, point.at("evidence_class").get<std::string>());
    }
  }
  answer.evidence = evidence.empty() ? "refused" : evidence;
  const auto duration = data.at("base").at("duration_ms").get<std::int64_t>();
  answer.summary = "The run took " + FormatTime(duration) + ".";
  if (!data.contains("points") && data.at("predicted").is_object()) {
    const Json& time = data.at("predicted").at("time_ms");
    answer.summary += " With the changes: " +
                      FormatInterval(time.at("low").get<std::int64_t>(), time.at("high").get<std::int64_t>()) +
                      ", most likely " + FormatTime(time.at("mid").get<std::int64_t>()) + ".";
  }
  AddNext(answer, "plan", {{"log", answer.log}}, "what advise would change");
  return answer;
}

}  // namespace advise::mcp
