// Replay against the run.
#include "cost/replay_error.h"

#include <cmath>
#include <limits>

namespace advise::cost {

ReplayError MeasureReplay(const Workload& workload, const ReplayTimes& times) {
  const auto relative = [](double got, double seen) {
    return seen > 0 ? std::abs(got - seen) / seen : std::numeric_limits<double>::quiet_NaN();
  };
  ReplayError error;
  error.duration = times.duration;
  error.total = relative(times.duration, workload.duration);
  std::vector<std::pair<double, double>> jobs;
  for (std::uint32_t i = 0; i < workload.jobs.size(); ++i) {
    const double start = times.point[workload.points.JobStart(i)];
    const double end = times.point[workload.points.JobEnd(i)];
    if (!std::isnan(start) && !std::isnan(end)) jobs.emplace_back(start, end);
  }
  error.in_job = relative(LengthOfUnion(std::move(jobs)), workload.observed_in_job);
  error.frozen_share = workload.duration > 0 ? workload.observed_idle / workload.duration : 0;
  return error;
}

}  // namespace advise::cost
