// The JSON between advise and plug-ins: the run, scenarios, outcomes. Private to cost/plugin.
#pragma once

#include <string>
#include <vector>

#include "cost/plugin/cost_model.h"

namespace advise::cost {

inline constexpr int kModelSchema = 1;

// Stages, jobs, executors, gaps of the run; one object without line ends.
std::string RunJson(const ModelRun& run);
// [{"effects":[{"op":"scale", …}, …]}, …]
std::string ScenariosJson(std::span<const ModelScenario> scenarios);
// {"effects":[…]}
std::string ScenarioJson(const ModelScenario& scenario);

// Checked: finite numbers from 0 on, lo <= mid <= hi, as many as scenarios.
Result<std::vector<ModelOutcome>> ParseOutcomes(const std::string& text, std::size_t count);
Result<ModelOutcome> ParseOutcome(const std::string& text);
// A reply {"id":N,"ok":true,…}: its member as JSON text ("model", "outcomes"; "" where the reply has none), or the
// error that it tells.
Result<std::string> ReplyMember(const std::string& line, std::uint64_t id, const std::string& member);
Result<ModelInfo> ParseInfo(const std::string& text);
// A text as a JSON string, quoted.
std::string JsonString(const std::string& text);

}  // namespace advise::cost
