// What-if questions: the changes of `advise whatif`.
#include "mcp/arguments.h"
#include "mcp/tools.h"
#include "service/what_if.h"
#include "support/format.h"

namespace advise::mcp {

Json WhatIfSchema() {
  const auto counts = [](const std::string& what) -> Json {
    return {{"type", {"integer", "array"}},
            {"items", Whole("one of several values", 1, 999'999'999)},
            {"maxItems", 16},
            {"minimum", 1},
            {"maximum", 999'999'999},
            {"description", what + ": a number, or up to 16 numbers that are tried one after the other"}};
  };
  Json properties = {{"log", LogArgument()}};
  AddPartArguments(properties);
  properties["conf"] = {{"type", "object"},
                        {"additionalProperties", true},
                        {"description", "settings and their new values, as spark-submit takes them"}};
  properties["executors"] = counts("executors at once");
  properties["partitions"] = counts("partitions of every shuffle that is no fixed number");
  properties["drop_stages"] = {{"type", "array"},
                               {"items", Whole("id of a stage", 0, 999'999'999)},
                               {"maxItems", 50},
                               {"description", "without these stages and what they alone need"}};
  properties["apply"] = {{"type", "array"},
                         {"items", {{"type", {"integer", "string"}}}},
                         {"maxItems", 50},
                         {"description", "steps of the plan by number, or recommendations by id"}};
  properties["max_bytes"] = BytesArgument();
  return Object(properties, {"log"});
}

Result<Answer> WhatIf(const Session& session, const Json& arguments) {
  Json changes = Json::object();
  for (const char* name : {"conf", "executors", "partitions", "drop_stages", "apply"}) {
    if (arguments.contains(name)) changes[name] = arguments.at(name);
  }
  const Result<service::WhatIfRequest> request = service::ParseWhatIf(changes.dump());
  if (!request) {
    const Error& error = request.error();
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
