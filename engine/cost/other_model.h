// A model that the user named (plugin/cost_model.h) on one run: whom `advise whatif` and the plan ask for times, and
// what came of it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cost/plugin/cost_model.h"
#include "cost/predict.h"

namespace advise::cost {

class OtherModel {
 public:
  // Hands the run to the model. Model and predictor outlive it.
  OtherModel(CostModel& model, const Predictor& predictor);

  [[nodiscard]] const std::string& name() const { return name_; }  // "linear-py 1"
  // Why it is no longer asked; a sentence without full stop, empty: it has not failed.
  [[nodiscard]] const std::string& failed() const { return failed_; }
  // From now on it is not asked.
  void Fail(std::string why) { failed_ = std::move(why); }

  // What it says of these effects together, ms as they come from it. nullopt: it has failed, now or before. What was
  // asked last is remembered.
  std::optional<ModelOutcome> Ask(const std::vector<Effect>& effects);

  // "The cost model linear-py 1 does not know set_partitions"; nullopt: it has applied all.
  [[nodiscard]] std::optional<std::string> Unknown(const ModelOutcome& outcome) const;

 private:
  CostModel& model_;
  std::string name_;
  std::string failed_;
  std::vector<std::pair<std::vector<Effect>, ModelOutcome>> asked_;
};

}  // namespace advise::cost
