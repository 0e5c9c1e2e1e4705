// Who says how long the run takes with a set of changes: the replay, or a model that the user named. The plan weighs
// what it hears of the one or of the other, never of both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cost/other_model.h"
#include "cost/predict.h"

namespace advise::plan {

class Estimator {
 public:
  // `model` null: the replay. Both outlive it.
  Estimator(cost::Predictor& predictor, cost::CostModel* model);

  [[nodiscard]] cost::Predictor& predictor() const { return predictor_; }
  // Of a model that was named; else empty.
  [[nodiscard]] std::string name() const { return other_ ? other_->name() : std::string(); }
  // Why the model says nothing more, a sentence without full stop; empty: it has not failed. What was heard since then
  // is the replay's and means nothing beside what the model said.
  [[nodiscard]] std::string failed() const { return other_ ? other_->failed() : std::string(); }
  // What one question takes, in tasks that could be replayed meanwhile. A model of others may take long.
  [[nodiscard]] double work() const { return work_; }

  // Why the model cannot say what these changes do, a sentence without full stop; nullopt: it can.
  std::optional<std::string> Unknown(const cost::Question& question);
  // At the most likely values. A model's times are taken in proportion to what it says of the run as it was, and it
  // says nothing of executors and money.
  cost::MidRun RunMid(const cost::Question& question);
  // So many draws of the replay, or one where all would be alike; those of two questions can be compared draw by draw.
  // Of a model's interval its quantiles, however many draws are asked for: what is long for one set of changes is taken
  // to be long for the other.
  std::vector<double> Durations(const cost::Question& question, std::uint32_t draws);

 private:
  // In ms of the run; nullopt: it has failed, or knows these changes alone but not together, which is a failure.
  std::optional<cost::Interval> TimeBy(const cost::Question& question);

  cost::Predictor& predictor_;
  std::optional<cost::OtherModel> other_;
  double work_;
  double scale_ = 1;  // of what the model says
};

}  // namespace advise::plan
