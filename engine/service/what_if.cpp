// JSON → changes → prediction → JSON.
#include "service/what_if.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "export/whatif_output.h"
#include "support/clean_text.h"
#include "support/diagnostic_render.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"

namespace advise::service {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostPoints = 16;
constexpr std::size_t kMostChanges = 50;
constexpr double kMostCount = 999'999'999;
constexpr std::size_t kShownDiagnostics = 5;  // of an effect

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

// A whole number from 1 on, up to 16 of them, or a text as the command takes it.
Result<std::vector<double>> Counts(const Json& value, const std::string& name) {
  if (value.is_string()) {
    ADVISE_TRY(std::vector<double> counts, ask::ParseCounts(value.get_ref<const std::string&>(), name));
    if (counts.size() > kMostPoints || std::ranges::find(counts, 0.0) != counts.end())
      return Wrong(Quoted(name) + " has a value of 0, or more than 16");
    return counts;
  }
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
  return Wrong(Quoted(name) + " is a whole number from 1 on, a list of up to 16 of them, or a range such as 2..40");
}

Result<std::vector<std::int64_t>> Stages(const Json& value, const std::string& name) {
  std::vector<std::int64_t> stages;
  bool good = value.is_array();
  for (const Json& stage : value) {
    good = good && stage.is_number_unsigned() && stage.get<double>() <= kMostCount;
    if (good) stages.push_back(stage.get<std::int64_t>());
  }
  if (good) return stages;
  return Wrong(Quoted(name) + " is a list of stage ids");
}

// One text, or several.
Result<std::vector<std::string>> Texts(const Json& value, const std::string& what) {
  std::vector<std::string> texts;
  for (const Json& one : value.is_array() ? value : Json::array({value})) {
    const std::optional<std::string> scalar = ScalarText(one);
    if (!scalar) return Wrong(what);
    texts.push_back(*scalar);
  }
  return texts;
}

Result<std::string> Scalar(const Json& value, const std::string& name) {
  if (const std::optional<std::string> scalar = ScalarText(value)) return *scalar;
  return Wrong("the value of " + Quoted(CleanText(name, 100)) + " is a text, a whole number or a flag");
}

// ---------------------------------------------------------------- one function a member
using Asked = ask::WhatIfAsked;
using Done = Result<bool>;  // true, or what is wrong

template <auto Member>
Done ReadStages(const Json& value, const std::string& name, Asked& asked) {
  ADVISE_TRY(asked.*Member, Stages(value, name));
  return true;
}
template <auto Member>
Done ReadCounts(const Json& value, const std::string& name, Asked& asked) {
  ADVISE_TRY(asked.*Member, Counts(value, name));
  return true;
}
template <auto Member>
Done ReadScalar(const Json& value, const std::string& name, Asked& asked) {
  ADVISE_TRY(asked.*Member, Scalar(value, name));
  return true;
}

Done ReadConf(const Json& value, const std::string&, Asked& asked) {
  if (!value.is_object()) return Wrong("`conf` is an object of settings and their values");
  for (const auto& [key, setting] : value.items()) {
    ADVISE_TRY(std::string text, Scalar(setting, key));
    asked.settings.emplace_back(key, std::move(text));
  }
  return true;
}

Done ReadJoins(const Json& value, const std::string&, Asked& asked) {
  constexpr const char* kForm = R"(`join` is a list of joins: [{"how": "broadcast", "at": "12"}])";
  for (const Json& join : value.is_array() ? value : Json::array({value})) {
    const auto how = join.is_object() ? join.find("how") : join.end();
    const auto at = join.is_object() ? join.find("at") : join.end();
    if (!join.is_object() || join.size() != 2 || how == join.end() || at == join.end() || !how->is_string())
      return Wrong(kForm);
    const std::optional<std::string> place = ScalarText(*at);
    if (!place) return Wrong(kForm);
    asked.joins.emplace_back(how->get<std::string>(), *place);
  }
  return true;
}

Done ReadEffects(const Json& value, const std::string&, Asked& asked) {
  ADVISE_TRY(asked.effects, Texts(value, "`effects` is a list of effects of the rule language"));
  return true;
}

Done ReadSteps(const Json& value, const std::string&, Asked& asked) {
  ADVISE_TRY(asked.steps, Texts(value, "`apply` is a list of step numbers or ids of recommendations"));
  return true;
}

struct Member {
  std::string_view name;
  Done (*read)(const Json& value, const std::string& name, Asked& asked);
};
constexpr Member kMembers[] = {
    {"conf", ReadConf},
    {"executors", ReadCounts<&Asked::executors>},
    {"cores", ReadScalar<&Asked::cores>},
    {"memory", ReadScalar<&Asked::memory>},
    {"partitions", ReadCounts<&Asked::partitions>},
    {"join", ReadJoins},
    {"split", ReadStages<&Asked::split>},
    {"salt", ReadStages<&Asked::salted>},
    {"cache", ReadStages<&Asked::cached>},
    {"files", ReadScalar<&Asked::files>},
    {"drop_stages", ReadStages<&Asked::dropped>},
    {"effects", ReadEffects},
    {"apply", ReadSteps},
};
constexpr auto kNames = [] {
  std::array<std::string_view, std::size(kMembers)> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kMembers[i].name;
  return names;
}();

std::size_t CountChanges(const Asked& asked) {
  return asked.settings.size() + asked.joins.size() + asked.split.size() + asked.salted.size() + asked.cached.size() +
         asked.dropped.size() + asked.effects.size() + asked.steps.size();
}

}  // namespace

std::span<const std::string_view> WhatIfMembers() { return kNames; }

Result<WhatIfRequest> ParseWhatIf(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Wrong("the changes are no JSON object");
  Asked asked;
  for (const auto& [name, value] : json.items()) {
    const auto* const member = std::ranges::find(kMembers, name, &Member::name);
    if (member == std::end(kMembers))
      return Wrong(OrDidYouMean("there is no change " + Quoted(CleanText(name, 100)), name, kNames));
    if (const Done read = member->read(value, name, asked); !read) return tl::unexpected(read.error());
  }
  if (CountChanges(asked) > kMostChanges) return Wrong("more than 50 changes at once");
  auto sources = std::make_unique<SourceManager>();
  Diagnostics diagnostics;
  Result<ask::WhatIfQuestion> question = ask::WhatIfQuestion::Make(std::move(asked), *sources, diagnostics);
  if (question) return WhatIfRequest{std::move(sources), std::move(*question)};
  Error error = question.error();
  if (!diagnostics.empty()) error.message += ":\n" + Render(*sources, diagnostics, {.max = kShownDiagnostics});
  return tl::unexpected(std::move(error));
}

std::string AnswerWhatIf(const Analysis& analysis, const WhatIfRequest& request) {
  const model::JobModel& model = analysis.log->model;
  const cost::Workload run = cost::MakeWorkload(model).value_or(cost::Workload());
  const report::Report& report = analysis.report;
  const std::vector<plan::PlanStep> steps = report.plan ? report.plan->steps : std::vector<plan::PlanStep>();
  const cost::WhatIf answer =
      cost::AskWhatIf(model, request.question.SetsFor(model, run, report.recommendations, steps), {});
  std::ostringstream json;
  exports::WriteWhatIfJson({model, analysis.log->info, answer}, json);
  return json.str();
}

}  // namespace advise::service
