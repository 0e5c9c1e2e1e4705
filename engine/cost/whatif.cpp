// Predicts each set of changes and finds the knee of a sweep.
#include "cost/whatif.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "cost/draws.h"
#include "cost/other_model.h"

namespace advise::cost {
namespace {

constexpr double kKnee = 0.05;  // gain of a doubling below which it is not worth it

// Puts the times of the model that the user named in the place of the built-in model's.
void Answer(OtherModel& other, const Question& question, const Predictor& predictor, Prediction& prediction) {
  if (prediction.refused) return;
  const std::optional<ModelOutcome> outcome = other.Ask(question.effects);
  if (!outcome) {
    prediction.caveats.push_back("The cost model " + other.name() +
                                 " failed, the times are those of the built-in one: " + other.failed() + ".");
    return;
  }
  if (const std::optional<std::string> unknown = other.Unknown(*outcome)) {
    prediction.refused = Refusal{"unsupported", *unknown + "."};
    return;
  }
  const Range& spread = question.spread;
  prediction.effect = {outcome->time.low * spread.low, outcome->time.mid * spread.mid,
                       outcome->time.high * spread.high};
  // The noise of two runs beside the model's own interval: independent, so their squares add up.
  const double noise = NormalQuantile(0.9) * std::sqrt(2.0) * predictor.sigma();
  const double mid = prediction.effect.mid;
  const auto beyond = [&](double end) {
    return mid > 0 && end > 0 ? std::exp(std::hypot(std::log(end / mid), noise)) : 1;
  };
  prediction.time = {mid / beyond(prediction.effect.low), mid, mid * beyond(prediction.effect.high)};
  if (outcome->slot_time) prediction.slot_time = *outcome->slot_time;
  if (outcome->shuffle_bytes) prediction.shuffle_bytes = *outcome->shuffle_bytes;
  if (outcome->spilled_bytes) prediction.spilled_bytes = *outcome->spilled_bytes;
  prediction.accounts.clear();
  prediction.money.reset();
  prediction.core_hours.reset();
  prediction.caveats.push_back("The times are those of the cost model " + other.name() +
                               "; money is not counted with it.");
}

// "a, b" of the fewest changes that contradict each other: what can be left out without the contradiction going is.
std::string Contradicting(const std::vector<Change>& changes, const Workload& workload) {
  std::vector<Change> left = changes;
  for (std::size_t i = left.size(); i-- > 0;) {
    std::vector<Change> fewer = left;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (FindContradiction(workload, Combine(fewer).effects)) left = std::move(fewer);
  }
  std::string names;
  for (const Change& change : left) names += (names.empty() ? "" : ", ") + change.text;
  return names;
}

// `other`: null without one.
WhatIfPoint Predict(std::vector<Change> changes, Predictor& predictor, OtherModel* other) {
  WhatIfPoint point;
  const auto refused = std::ranges::find_if(changes, [](const Change& change) { return change.refused.has_value(); });
  if (refused != changes.end()) {
    point.prediction.refused = refused->refused;
  } else {
    const Question question = Combine(changes);
    point.prediction = predictor.Predict(question);
    point.predicted = !point.prediction.refused || point.prediction.refused->code != "contradiction";
    if (!point.predicted) {
      point.prediction.refused->text +=
          " These do not go together: " + Contradicting(changes, predictor.workload()) + ".";
    }
    if (other != nullptr) Answer(*other, question, predictor, point.prediction);
  }
  point.changes = std::move(changes);
  return point;
}

std::optional<double> FindKnee(const std::vector<WhatIfPoint>& points) {
  for (const WhatIfPoint& point : points) {
    if (!point.swept || !point.predicted || point.prediction.refused) return std::nullopt;
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto twice =
        std::ranges::find_if(points, [&](const WhatIfPoint& p) { return *p.swept >= 2 * *points[i].swept; });
    if (twice == points.end()) return std::nullopt;
    if (twice->prediction.time.mid > (1 - kKnee) * points[i].prediction.time.mid) return points[i].swept;
  }
  return std::nullopt;
}

std::optional<double> FindCheapest(const std::vector<WhatIfPoint>& points) {
  const WhatIfPoint* best = nullptr;
  for (const WhatIfPoint& point : points) {
    if (!point.swept || !point.predicted || point.prediction.refused || !point.prediction.money) return std::nullopt;
    if (best == nullptr || point.prediction.money->mid < best->prediction.money->mid) best = &point;
  }
  return best == nullptr ? std::nullopt : best->swept;
}

}  // namespace

WhatIfSets MakeSets(const model::JobModel& model, const Workload& run, std::vector<Change> common,
                    const std::vector<double>& executors, const std::vector<double>& partitions) {
  const auto of_executors = [&](double value) { return ChangeExecutors(model, run, value); };
  const auto of_partitions = [&](double value) { return ChangePartitions(model, run, value, std::nullopt); };
  if (executors.size() == 1) common.push_back(of_executors(executors.front()));
  if (partitions.size() == 1) common.push_back(of_partitions(partitions.front()));
  WhatIfSets asked;
  const bool sweeps_executors = executors.size() > 1;
  if (!sweeps_executors && partitions.size() <= 1) {
    asked.sets.push_back(std::move(common));
    return asked;
  }
  asked.swept = sweeps_executors ? "executors" : "partitions";
  asked.values = sweeps_executors ? executors : partitions;
  for (const double value : asked.values) {
    std::vector<Change>& set = asked.sets.emplace_back();
    set.push_back(sweeps_executors ? of_executors(value) : of_partitions(value));
    set.insert(set.end(), common.begin(), common.end());
  }
  return asked;
}

WhatIf AskWhatIf(const model::JobModel& model, WhatIfSets asked, const WhatIfOptions& options) {
  std::vector<std::vector<Change>>& sets = asked.sets;
  const std::vector<double>& values = asked.values;
  WhatIf answer;
  answer.swept = std::move(asked.swept);
  std::optional<Workload> workload = MakeWorkload(model);
  if (!workload) {
    WhatIfPoint point;
    point.changes = std::move(sets.front());
    point.prediction.refused = Refusal{"no-time", "The log holds no time at all."};
    answer.points.push_back(std::move(point));
    return answer;
  }
  answer.duration = workload->duration;
  answer.volumes = VolumesOf(*workload);
  for (const float duration : workload->tasks.duration) answer.slot_time += static_cast<double>(duration);
  Predictor predictor(model, *std::move(workload));
  answer.replay = predictor.replay();
  answer.prices = options.prices;
  if (options.prices) predictor.UsePrices(*options.prices);
  answer.spent = predictor.spent();
  std::optional<OtherModel> other;
  if (options.model != nullptr) other.emplace(*options.model, predictor);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    WhatIfPoint point = Predict(std::move(sets[i]), predictor, other ? &*other : nullptr);
    if (i < values.size()) point.swept = values[i];
    answer.points.push_back(std::move(point));
  }
  if (answer.swept.empty()) return answer;
  answer.knee = FindKnee(answer.points);
  answer.cheapest = FindCheapest(answer.points);
  return answer;
}

bool IsWrongQuestion(const Refusal& refusal) {
  constexpr std::array kWrong = {"unknown-setting", "bad-value",  "not-in-this-version", "no-such-stage",
                                 "contradiction",   "no-shuffle", "no-such-step",        "no-such-join",
                                 "no-match",        "no-skew",    "not-recomputed"};
  return std::ranges::any_of(kWrong, [&](const char* code) { return refusal.code == code; });
}

}  // namespace advise::cost
