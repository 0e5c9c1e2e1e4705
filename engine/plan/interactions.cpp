// Compares the critical time of stages before and after each change.
#include "plan/interactions.h"

#include <algorithm>
#include <optional>

namespace advise::plan {
namespace {

std::string StageName(const cost::Workload& workload, std::size_t stage) {
  return "stage " + std::to_string(workload.stages[stage].id);
}

// The stage that decides for longest; nullopt: none for as long as the tolerance.
std::optional<std::size_t> Longest(const std::vector<double>& critical, double tolerance) {
  const auto most = std::ranges::max_element(critical);
  if (most == critical.end() || *most <= tolerance) return std::nullopt;
  return static_cast<std::size_t>(most - critical.begin());
}

// The stage that both make shorter on the way, and by most.
std::optional<std::size_t> ShortenedByBoth(const CriticalTimes& times, double tolerance) {
  std::optional<std::size_t> found;
  double best = tolerance;
  for (std::size_t stage = 0; stage < times.before.size(); ++stage) {
    const double both = std::min(times.before[stage] - times.after_a[stage], times.before[stage] - times.after_b[stage]);
    if (both <= best) continue;
    best = both;
    found = stage;
  }
  return found;
}

}  // namespace

std::string WhyOverlap(const cost::Workload& workload, const Footprint& a, const Footprint& b,
                       const CriticalTimes& times, double tolerance) {
  const std::optional<std::size_t> both = ShortenedByBoth(times, tolerance);
  std::string text = both ? "both shorten " + StageName(workload, *both) : InCommon(workload, a, b);
  const std::optional<std::size_t> after_a = Longest(times.after_a, tolerance);
  const std::optional<std::size_t> after_b = Longest(times.after_b, tolerance);
  const std::optional<std::size_t> before = Longest(times.before, tolerance);
  if (after_a && after_a == after_b && after_a != before && after_a != both)
    return text + (text.empty() ? "" : "; ") + "after either, " + StageName(workload, *after_a) +
           " decides when the run ends";
  if (!text.empty()) return text;
  return "after either, the other's part no longer decides when the run ends";
}

std::string WhySynergy(const cost::Workload& workload, const Footprint& a, const Footprint& b,
                       const CriticalTimes& times, double tolerance) {
  // A stage that decides only once the other change is made.
  const auto comes_up = [&](const Footprint& touched, const std::vector<double>& after) -> std::optional<std::size_t> {
    std::optional<std::size_t> found;
    double best = tolerance;
    for (const std::uint32_t stage : touched.stages) {
      const double more = after[stage] - times.before[stage];
      if (more <= best) continue;
      best = more;
      found = stage;
    }
    return found;
  };
  if (const auto stage = comes_up(b, times.after_a))
    return "after the first, " + StageName(workload, *stage) + " decides, which the second shortens";
  if (const auto stage = comes_up(a, times.after_b))
    return "after the second, " + StageName(workload, *stage) + " decides, which the first shortens";
  const std::string common = InCommon(workload, a, b);
  return common.empty() ? "they run side by side: the run is shorter only when both are" : common;
}

}  // namespace advise::plan
