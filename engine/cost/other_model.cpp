// Asked one scenario at a time; one error ends it.
#include "cost/other_model.h"

#include <algorithm>
#include <set>
#include <string>

#include "support/clean_text.h"
#include "support/text.h"

namespace advise::cost {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kRemembered = 64;  // answers
constexpr std::size_t kLongestName = 60;

}  // namespace

OtherModel::OtherModel(CostModel& model, const Predictor& predictor)
    : model_(model), name_(CleanText(model.info().id + " " + model.info().version, kLongestName)) {
  if (const std::optional<Error> error = model_.Calibrate({predictor.workload(), predictor.unchanged()}))
    failed_ = error->message;
}

std::optional<ModelOutcome> OtherModel::Ask(const std::vector<Effect>& effects) {
  if (!failed_.empty()) return std::nullopt;
  const auto known = std::ranges::find_if(asked_, [&](const auto& one) { return one.first == effects; });
  if (known != asked_.end()) return known->second;
  const ModelScenario scenario{effects, {}};
  Result<std::vector<ModelOutcome>> outcomes = model_.Predict({&scenario, 1}, kSeed);
  if (!outcomes) {
    failed_ = outcomes.error().message;
    return std::nullopt;
  }
  if (asked_.size() == kRemembered) asked_.erase(asked_.begin());
  asked_.emplace_back(effects, outcomes->front());
  return asked_.back().second;
}

std::optional<std::string> OtherModel::Unknown(const ModelOutcome& outcome) const {
  if (outcome.unsupported.empty()) return std::nullopt;
  const std::set<std::string> names(outcome.unsupported.begin(), outcome.unsupported.end());
  return "The cost model " + name_ + " does not know " + CleanText(Join(names, ", "), 200);
}

}  // namespace advise::cost
