// JSON → changes → prediction → JSON.
#include "service/what_if.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cost/resolve.h"
#include "cost/whatif.h"
#include "export/whatif_output.h"
#include "support/clean_text.h"
#include "support/did_you_mean.h"
#include "support/format.h"
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

cost::Change ChangeOfStep(const Analysis& analysis, const cost::Workload& run, const std::string& step) {
  const report::Report& report = analysis.report;
  const recommend::Recommendation* found = nullptr;
  const std::size_t steps = report.plan ? report.plan->steps.size() : 0;
  for (std::size_t i = 0; i < steps; ++i) {
    if (std::to_string(i + 1) == step) found = &report.recommendations[report.plan->steps[i].recommendation];
  }
  for (const recommend::Recommendation& recommendation : report.recommendations) {
    if (recommendation.id == step) found = &recommendation;
  }
  cost::Change change;
  if (found == nullptr) {
    change.text = step;
    change.refused = cost::Refusal{"no-such-step", "The plan of the report has no step `" + step + "`: it has " +
                                                       FormatCount(static_cast<std::int64_t>(steps)) + "."};
  } else if (found->effects.empty()) {
    change.refused = cost::Refusal{"not-modelled", "Not estimated: " + found->not_estimated + "."};
  } else {
    change = cost::ResolveEffects(analysis.log->model, run, found->effects);
  }
  change.kind = "recommendation";
  change.key = found != nullptr ? found->id : step;
  if (found != nullptr) change.text = plan::NameOf(*found);
  return change;
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
  for (const std::string& step : request.steps) common.push_back(ChangeOfStep(analysis, run, step));
  const auto of_executors = [&](double value) { return cost::ChangeExecutors(model, run, value); };
  const auto of_partitions = [&](double value) { return cost::ChangePartitions(model, run, value, std::nullopt); };
  if (request.executors.size() == 1) common.push_back(of_executors(request.executors.front()));
  if (request.partitions.size() == 1) common.push_back(of_partitions(request.partitions.front()));
  const bool executors = request.executors.size() > 1;
  const bool swept = executors || request.partitions.size() > 1;
  const std::vector<double> values = !swept      ? std::vector<double>()
                                     : executors ? request.executors
                                                 : request.partitions;
  std::vector<std::vector<cost::Change>> sets;
  for (const double value : values) {
    sets.push_back({executors ? of_executors(value) : of_partitions(value)});
    sets.back().insert(sets.back().end(), common.begin(), common.end());
  }
  if (!swept) sets.push_back(std::move(common));
  const cost::WhatIf answer = cost::AskWhatIf(model, std::move(sets),
                                              !swept      ? ""
                                              : executors ? "executors"
                                                          : "partitions",
                                              values, {});
  std::ostringstream json;
  exports::WriteWhatIfJson({model, analysis.log->info, answer}, json);
  return json.str();
}

}  // namespace advise::service
