// JSON → changes → prediction → JSON.
#include "service/what_if.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cost/whatif.h"
#include "export/whatif_output.h"
#include "plan/step_change.h"
#include "support/clean_text.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"

namespace advise::service {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostPoints = 16;
constexpr std::size_t kMostChanges = 50;
constexpr double kMostCount = 999'999'999;

tl::unexpected<Error> Wrong(std::string message, std::string help = {}) {
  return Fail(DiagnosticCode::Usage, std::move(message), std::move(help));
}

// A setting's value as spark-submit takes it: true, 96 and "96" are the same.
std::optional<std::string> ScalarText(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_integer()) return value.dump();
  return std::nullopt;
}

// A whole number from 1 on, or up to 16 of them.
Result<std::vector<double>> Counts(const Json& value, const std::string& name) {
  std::vector<double> counts;
  const auto add = [&](const Json& item) {
    if (!item.is_number()) return false;
    const double count = item.get<double>();
    if (!(count >= 1 && count <= kMostCount) || std::floor(count) != count) return false;
    counts.push_back(count);
    return true;
  };
  bool good = value.is_array() ? !value.empty() && value.size() <= kMostPoints : add(value);
  if (value.is_array()) {
    for (const Json& item : value) good = good && add(item);
  }
  if (good) return counts;
  return Wrong(Quoted(name) + " is a whole number from 1 on, or a list of up to 16 of them");
}

}  // namespace

Result<WhatIfRequest> ParseWhatIf(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Wrong("the changes are no JSON object");
  WhatIfRequest request;
  for (const auto& [name, value] : json.items()) {
    if (name == "conf") {
      if (!value.is_object()) return Wrong("`conf` is an object of settings and their values");
      for (const auto& [key, setting] : value.items()) {
        const std::optional<std::string> scalar = ScalarText(setting);
        if (!scalar)
          return Wrong("the value of " + Quoted(CleanText(key, 100)) + " is a text, a whole number or a flag");
        request.settings.emplace_back(key, *scalar);
      }
    } else if (name == "executors") {
      ADVISE_TRY(request.executors, Counts(value, name));
    } else if (name == "partitions") {
      ADVISE_TRY(request.partitions, Counts(value, name));
    } else if (name == "drop_stages") {
      if (!value.is_array()) return Wrong("`drop_stages` is a list of stage ids");
      for (const Json& stage : value) {
        if (!stage.is_number_unsigned() || stage.get<double>() > kMostCount)
          return Wrong("`drop_stages` is a list of stage ids");
        request.dropped_stages.push_back(stage.get<std::int64_t>());
      }
    } else if (name == "apply") {
      const Json steps = value.is_array() ? value : Json::array({value});
      for (const Json& step : steps) {
        const std::optional<std::string> scalar = ScalarText(step);
        if (!scalar) return Wrong("`apply` is a list of step numbers or ids of recommendations");
        request.steps.push_back(*scalar);
      }
    } else {
      static constexpr std::string_view kNames[] = {"conf", "executors", "partitions", "drop_stages", "apply"};
      return Wrong(OrDidYouMean("there is no change " + Quoted(CleanText(name, 100)), name, kNames));
    }
  }
  const std::size_t changes = request.settings.size() + request.dropped_stages.size() + request.steps.size();
  if (changes == 0 && request.executors.empty() && request.partitions.empty())
    return Wrong("no change is given", R"(for instance {"conf": {"spark.sql.shuffle.partitions": 96}})");
  if (changes > kMostChanges) return Wrong("more than 50 changes at once");
  if (request.executors.size() > 1 && request.partitions.size() > 1)
    return Wrong("`executors` and `partitions` both have several values", "one of them at a time goes over a range");
  return request;
}

std::string AnswerWhatIf(const Analysis& analysis, const WhatIfRequest& request) {
  const model::JobModel& model = analysis.log->model;
  const cost::Workload run = cost::MakeWorkload(model).value_or(cost::Workload());
  std::vector<cost::Change> common;
  for (const auto& [key, value] : request.settings) common.push_back(cost::ChangeSetting(model, run, key, value));
  for (const std::int64_t stage : request.dropped_stages) common.push_back(cost::LeaveOutStage(model, run, stage));
  const report::Report& report = analysis.report;
  const std::vector<plan::PlanStep> steps = report.plan ? report.plan->steps : std::vector<plan::PlanStep>();
  for (const std::string& step : request.steps)
    common.push_back(plan::ChangeOfStep(model, run, report.recommendations, steps, step));
  const cost::WhatIf answer =
      cost::AskWhatIf(model, cost::MakeSets(model, run, std::move(common), request.executors, request.partitions), {});
  std::ostringstream json;
  exports::WriteWhatIfJson({model, analysis.log->info, answer}, json);
  return json.str();
}

}  // namespace advise::service
