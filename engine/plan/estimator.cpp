// Draws of the replay, or quantiles of the interval that a model gives.
#include "plan/estimator.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <variant>

#include "cost/draws.h"

namespace advise::plan {
namespace {

// A replay costs its tasks, and what preparing it takes as so many tasks.
constexpr double kReplayOverhead = 1'500;
// A model of others is asked some 150 times for a plan (kWork of make_plan.cpp): each question is worth so much.
constexpr double kModelWork = 40'000;

// Of a model's interval; a tenth, the middle and nine tenths are among them.
constexpr int kQuantiles = 41;

// Has no draw another outcome than the next?
bool IsExact(const cost::Question& question) {
  return question.spread.low == question.spread.high &&
         std::ranges::all_of(question.effects, [](const cost::Effect& effect) {
           return std::visit(
               [](const auto& what) {
                 if constexpr (requires { what.factor; })
                   return what.factor.low == what.factor.high;
                 else if constexpr (requires { what.ms.low; })
                   return what.ms.low == what.ms.high;
                 else if constexpr (requires { what.slot_time; })
                   return what.slot_time.low == what.slot_time.high;
                 else if constexpr (requires { what.fair; })
                   return true;
                 else if constexpr (requires { what.component; })
                   return true;
                 else if constexpr (requires { what.shuffle_bytes; })
                   return true;
                 else
                   return std::is_same_v<std::remove_cvref_t<decltype(what)>, cost::DropStages> ||
                          std::is_same_v<std::remove_cvref_t<decltype(what)>, cost::KeepExecutor>;
               },
               effect);
         });
}

// The quantile of a distribution that has a tenth below `low` and a tenth above `high`: on each side of the middle the
// logarithm is normal.
double QuantileOf(const cost::Interval& interval, double p) {
  const double z = cost::NormalQuantile(p);
  const double end = z < 0 ? interval.low : interval.high;
  if (!(interval.mid > 0) || !(end > 0)) return interval.mid;
  return interval.mid * std::exp(std::log(end / interval.mid) * std::abs(z) / cost::NormalQuantile(0.9));
}

}  // namespace

Estimator::Estimator(cost::Predictor& predictor, cost::CostModel* model)
    : predictor_(predictor), work_(static_cast<double>(predictor.workload().tasks.size()) + kReplayOverhead) {
  if (model == nullptr) return;
  other_.emplace(*model, predictor);
  work_ = std::max(work_, kModelWork);
  const std::optional<cost::Interval> unchanged = TimeBy({});
  if (unchanged && unchanged->mid > 0) scale_ = predictor.workload().duration / unchanged->mid;
  if (unchanged && !(unchanged->mid > 0)) other_->Fail("it says that the run as it was takes no time");
}

std::optional<std::string> Estimator::Unknown(const cost::Question& question) {
  if (!other_) return std::nullopt;
  const std::optional<cost::ModelOutcome> outcome = other_->Ask(question.effects);
  return outcome ? other_->Unknown(*outcome) : std::nullopt;
}

std::optional<cost::Interval> Estimator::TimeBy(const cost::Question& question) {
  if (!other_) return std::nullopt;
  const std::optional<cost::ModelOutcome> outcome = other_->Ask(question.effects);
  if (!outcome) return std::nullopt;
  if (!outcome->unsupported.empty()) {
    other_->Fail("it cannot say what several changes do together");
    return std::nullopt;
  }
  return cost::Interval{outcome->time.low * scale_, outcome->time.mid * scale_, outcome->time.high * scale_};
}

cost::MidRun Estimator::RunMid(const cost::Question& question) {
  cost::MidRun run = predictor_.RunMid(question);
  if (const std::optional<cost::Interval> time = TimeBy(question)) {
    run.duration = time->mid;
    run.owned_slots = 0;
    run.money.reset();
  }
  return run;
}

std::vector<double> Estimator::Durations(const cost::Question& question, std::uint32_t draws) {
  std::optional<cost::Interval> time = TimeBy(question);
  if (!time) return predictor_.Durations(question, draws, IsExact(question));
  time->low *= question.spread.low;
  time->mid *= question.spread.mid;
  time->high *= question.spread.high;
  std::vector<double> durations;
  constexpr double kEdge = 0.5 / kQuantiles;
  for (int i = 0; i < kQuantiles; ++i)
    durations.push_back(QuantileOf(*time, std::clamp(i / (kQuantiles - 1.0), kEdge, 1 - kEdge)));
  return durations;
}

}  // namespace advise::plan
