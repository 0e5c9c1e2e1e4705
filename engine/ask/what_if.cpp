// Words → checks → changes of one run.
#include "ask/what_if.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "plan/step_change.h"
#include "spark/settings.h"
#include "spark/values.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::ask {
namespace {

constexpr int kSweepPoints = 16;
constexpr std::size_t kMostDigits = 9;
constexpr std::size_t kMostEffectBytes = 4'096;  // of one text

std::optional<double> ParseWhole(std::string_view text) {
  if (text.empty() || text.size() > kMostDigits || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return std::stod(std::string(text));
}

std::vector<double> Range(double low, double high) {
  std::vector<double> values;
  const double count = high - low + 1;
  for (int i = 0; i < kSweepPoints; ++i) {
    const double share = static_cast<double>(i) / (kSweepPoints - 1);
    const double value = count <= kSweepPoints ? low + i : std::round(low * std::pow(high / low, share));
    if (value > high) break;
    if (values.empty() || value > values.back()) values.push_back(value);
  }
  return values;
}

bool AsksNothing(const WhatIfAsked& asked) {
  return asked.settings.empty() && asked.executors.empty() && asked.partitions.empty() && asked.dropped.empty() &&
         asked.steps.empty() && !asked.cores && !asked.memory && asked.joins.empty() && asked.split.empty() &&
         asked.salted.empty() && asked.cached.empty() && !asked.files && asked.effects.empty();
}

tl::unexpected<Error> Wrong(std::string message, std::string help) {
  return Fail(DiagnosticCode::Usage, std::move(message), std::move(help));
}

}  // namespace

Result<std::vector<double>> ParseCounts(std::string_view text, std::string_view name) {
  const auto wrong = [&] {
    return Wrong(Quoted(text) + " is no value of " + std::string(name),
                 "a number, numbers with commas, or a range such as 2..40");
  };
  if (const std::size_t dots = text.find(".."); dots != std::string_view::npos) {
    const std::optional<double> low = ParseWhole(text.substr(0, dots));
    const std::optional<double> high = ParseWhole(text.substr(dots + 2));
    if (!low || !high || *low < 1 || *high <= *low) return wrong();
    return Range(*low, *high);
  }
  std::vector<double> values;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::optional<double> value = ParseWhole(text.substr(begin, end - begin));
    if (!value) return wrong();
    values.push_back(*value);
    begin = end + 1;
  }
  return values;
}

Result<WhatIfQuestion> WhatIfQuestion::Make(WhatIfAsked asked, SourceManager& sources, Diagnostics& diagnostics) {
  if (AsksNothing(asked)) return Wrong("no change is given", "for instance other executors, partitions or settings");
  for (const auto& [how, place] : asked.joins) {
    if (std::ranges::find(kJoinWays, how) != std::end(kJoinWays)) continue;
    return Wrong(Quoted(how) + " is no way to join",
                 "a join is made broadcast or sort-merge, at a place: a stage (12), or a query and a node of its plan "
                 "(0/17)");
  }
  double file_bytes = 0;
  if (asked.files) {
    const spark::Setting& any_size = *spark::FindSetting("spark.sql.files.maxPartitionBytes");
    file_bytes = spark::ParseValue(any_size, *asked.files).value_or(0);
    if (!(file_bytes > 0)) return Wrong(Quoted(*asked.files) + " is no size of files", "as Spark writes them: 128m");
  }
  if (asked.executors.size() > 1 && asked.partitions.size() > 1)
    return Wrong("executors and partitions both have several values", "one of them at a time goes over a range");
  for (const std::string& text : asked.effects) {
    if (text.size() > kMostEffectBytes)
      return Wrong("an effect is longer than " + std::to_string(kMostEffectBytes) + " bytes", "several are allowed");
  }
  ADVISE_TRY(EffectTexts effects, EffectTexts::Compile(asked.effects, sources, diagnostics));
  return WhatIfQuestion(std::move(asked), file_bytes, std::move(effects));
}

cost::WhatIfSets WhatIfQuestion::SetsFor(const model::JobModel& model, const cost::Workload& run,
                                         const std::vector<recommend::Recommendation>& recommendations,
                                         const std::vector<plan::PlanStep>& steps) const {
  std::vector<cost::Change> common;
  const auto set = [&](const std::string& key, const std::string& value) {
    common.push_back(cost::ChangeSetting(model, run, key, value));
  };
  for (const auto& [key, value] : asked_.settings) set(key, value);
  if (asked_.cores) set("spark.executor.cores", *asked_.cores);
  if (asked_.memory) set("spark.executor.memory", *asked_.memory);
  for (const auto& [how, place] : asked_.joins) {
    const cost::JoinWay way = how == kJoinWays[0] ? cost::JoinWay::Broadcast : cost::JoinWay::SortMerge;
    common.push_back(cost::ChangeJoins(model, run, place, way));
  }
  for (const std::int64_t stage : asked_.split)
    common.push_back(cost::DivideSkew(model, run, stage, cost::SkewRemedy::Split));
  for (const std::int64_t stage : asked_.salted)
    common.push_back(cost::DivideSkew(model, run, stage, cost::SkewRemedy::Salt));
  for (const std::int64_t stage : asked_.cached) common.push_back(cost::CacheStage(model, run, stage));
  if (asked_.files) common.push_back(cost::FilesOfSize(model, run, file_bytes_));
  for (const std::int64_t stage : asked_.dropped) common.push_back(cost::LeaveOutStage(model, run, stage));
  std::ranges::move(effects_.Changes(model, run), std::back_inserter(common));
  for (const std::string& step : asked_.steps)
    common.push_back(plan::ChangeOfStep(model, run, recommendations, steps, step));
  return cost::MakeSets(model, run, std::move(common), asked_.executors, asked_.partitions);
}

}  // namespace advise::ask
