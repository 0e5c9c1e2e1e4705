// The tools that an assistant may call: one row each. To add one: a function here, its row in tools.cpp. Private to
// mcp/.
#pragma once

#include <span>
#include <string_view>

#include "mcp/answer.h"
#include "mcp/session.h"

namespace advise::mcp {

struct Tool {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  Json (*schema)();  // of its arguments
  // `arguments` keep to the schema. An Error is told to the assistant as the result of the call.
  Result<Answer> (*run)(const Session& session, const Json& arguments);
};

std::span<const Tool> Tools();

// tools/list and tools/call. CallTool throws RpcError for an unknown tool and for arguments against its schema.
Json ListTools();
Json CallTool(const Session& session, const Json& params);

// ---------------------------------------------------------------- the tools
Json ListLogsSchema();
Result<Answer> ListLogs(const Session& session, const Json& arguments);
Json AnalyzeSchema();
Result<Answer> AnalyzeLog(const Session& session, const Json& arguments);
Json FindingsSchema();
Result<Answer> Findings(const Session& session, const Json& arguments);
Json PlanSchema();
Result<Answer> PlanOfLog(const Session& session, const Json& arguments);
Json WhatIfSchema();
Result<Answer> WhatIf(const Session& session, const Json& arguments);
Json WhySchema();
Result<Answer> Why(const Session& session, const Json& arguments);
Json WhyNotSchema();
Result<Answer> WhyNot(const Session& session, const Json& arguments);
Json QuerySchema();
Result<Answer> Query(const Session& session, const Json& arguments);
Json CompareSchema();
Result<Answer> CompareLogs(const Session& session, const Json& arguments);
Json ModelSchema();
Result<Answer> Model(const Session& session, const Json& arguments);
Json EnvironmentSchema();
Result<Answer> Environment(const Session& session, const Json& arguments);
Json ExplainSchema();
Result<Answer> Explain(const Session& session, const Json& arguments);

// ---------------------------------------------------------------- what they share
// The members `log`, `sql`, `job`, `level` and `max_bytes` of schemas.
Json LogArgument();
void AddPartArguments(Json& properties);
Json LevelArgument();
Json BytesArgument();

// The log that `arguments.at(key)` names, and the question as far as those members state it.
Result<service::ListedLog> FindLog(const Session& session, const Json& arguments, const char* key = "log");
service::Ask AskFor(const Session& session, const Json& arguments);
// Both together; fills Answer::log.
Result<std::shared_ptr<const service::Analysis>> AnalysisFor(const Session& session, const Json& arguments,
                                                             Answer& answer);
// What the log lacks: its end, lines, rules that could not be evaluated.
void AddLogState(const report::Report& report, Answer& answer);

}  // namespace advise::mcp
