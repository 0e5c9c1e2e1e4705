// Predicts each set of changes and finds the knee of a sweep.
#include "cost/whatif.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace advise::cost {
namespace {

constexpr double kKnee = 0.05;  // gain of a doubling below which it is not worth it

WhatIfPoint Predict(std::vector<Change> changes, Predictor& predictor) {
  WhatIfPoint point;
  const auto refused = std::ranges::find_if(changes, [](const Change& change) { return change.refused.has_value(); });
  if (refused != changes.end()) {
    point.prediction.refused = refused->refused;
  } else {
    point.prediction = predictor.Predict(Combine(changes));
    point.predicted = !point.prediction.refused || point.prediction.refused->code != "contradiction";
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

}  // namespace

WhatIf AskWhatIf(const model::JobModel& model, std::vector<std::vector<Change>> sets, std::string swept,
                 const std::vector<double>& values) {
  WhatIf answer;
  answer.swept = std::move(swept);
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
  for (std::size_t i = 0; i < sets.size(); ++i) {
    WhatIfPoint point = Predict(std::move(sets[i]), predictor);
    if (i < values.size()) point.swept = values[i];
    answer.points.push_back(std::move(point));
  }
  if (!answer.swept.empty()) answer.knee = FindKnee(answer.points);
  return answer;
}

bool IsWrongQuestion(const Refusal& refusal) {
  constexpr std::array kWrong = {"unknown-setting", "bad-value",  "not-in-this-version", "no-such-stage",
                                 "contradiction",   "no-shuffle", "no-such-step"};
  return std::ranges::any_of(kWrong, [&](const char* code) { return refusal.code == code; });
}

}  // namespace advise::cost
