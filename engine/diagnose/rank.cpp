// Severity by share of the run that a finding may cost (the bands are here), then the order of the report.
#include "diagnose/rank.h"

#include <algorithm>
#include <tuple>

namespace advise::diagnose {
namespace {

// The bands of the report design; share × 100 compared in integers.
struct Band {
  std::int64_t percent;
  Severity severity;
};
constexpr Band kBands[] = {{50, Severity::Critical}, {15, Severity::High}, {5, Severity::Medium}, {1, Severity::Low}};

Severity ByShare(const Finding& finding, const RankContext& context) {
  const std::int64_t duration = context.app_duration.value_or(0) - context.user_idle;
  if (!finding.impact.high || duration <= 0) return Severity::Info;
  for (const Band& band : kBands) {
    if (*finding.impact.high * 100 >= band.percent * duration) return band.severity;
  }
  return Severity::Info;
}

Severity BySubject(const Finding& finding, const RankContext& context) {
  if (finding.category != Category::Reliability) return ByShare(finding, context);
  return context.app_failed ? Severity::Critical : std::max(Severity::Low, ByShare(finding, context));
}

}  // namespace

Severity DeriveSeverity(const Finding& finding, const RankContext& context) {
  if (!finding.impact.high && finding.severity_bound) return *finding.severity_bound;
  return std::min(BySubject(finding, context), finding.severity_bound.value_or(Severity::Critical));
}

std::vector<Finding> Rank(std::vector<Finding> findings, const RankContext& context) {
  for (Finding& finding : findings) finding.severity = DeriveSeverity(finding, context);
  std::ranges::sort(findings, [](const Finding& a, const Finding& b) {
    const auto key = [](const Finding& f) {
      return std::tuple(-static_cast<int>(f.severity), f.category != Category::Reliability, -f.impact.high.value_or(-1),
                        f.layer == Layer::Symptom);
    };
    return std::tuple(key(a), std::string_view(a.id)) < std::tuple(key(b), std::string_view(b.id));
  });
  return findings;
}

}  // namespace advise::diagnose
