// Severity by share of the run that a finding is worth (the bands are here), then the order of the report.
#include "diagnose/rank.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

#include "diagnose/cost.h"

namespace advise::diagnose {
namespace {

// The bands of the report design; share × 100 compared in integers.
struct Band {
  std::int64_t percent;
  Severity severity;
};
constexpr Band kBands[] = {{50, Severity::Critical}, {15, Severity::High}, {5, Severity::Medium}, {1, Severity::Low}};

std::optional<std::int64_t> Worth(const Finding& finding) {
  return finding.impact.mid ? finding.impact.mid : finding.impact.high;
}

// What a change is expected to save, for the order alone: of a bound without a simulation two thirds, as changes saved in
// the trial (bounds were 1.3 and 1.5 times the gain: pathological-jobs/trial/README.md).
std::int64_t Expected(const Finding& finding) {
  return finding.impact.mid ? *finding.impact.mid : finding.impact.high ? *finding.impact.high * 2 / 3 : -1;
}

Severity ByShare(const Finding& finding, const RankContext& context) {
  const std::int64_t duration = context.app_duration.value_or(0) - context.user_idle;
  const std::optional<std::int64_t> worth = Worth(finding);
  if (!worth || duration <= 0) return Severity::Info;
  for (const Band& band : kBands) {
    if (*worth * 100 >= band.percent * duration) return band.severity;
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

RankContext ContextOf(const model::JobModel& model) {
  const model::AppTable& app = model.app;
  RankContext context;
  if (app.duration.Has(0)) context.app_duration = app.duration.Get(0);
  context.app_failed = app.failed.Has(0) && app.failed.Get(0);
  context.user_idle = model.ledger.known ? model.ledger[model::Account::UserIdle].us / kMicros : 0;
  return context;
}

std::vector<Finding> Rank(std::vector<Finding> findings, const RankContext& context) {
  RankAgain(findings, context);
  return findings;
}

std::vector<std::size_t> RankAgain(std::vector<Finding>& findings, const RankContext& context) {
  for (Finding& finding : findings) finding.severity = DeriveSeverity(finding, context);
  std::vector<std::size_t> order(findings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const auto key = [](const Finding& f) {
      return std::tuple(-static_cast<int>(f.severity), f.category != Category::Reliability, -Expected(f),
                        f.layer == Layer::Symptom);
    };
    return std::tuple(key(findings[a]), std::string_view(findings[a].id)) <
           std::tuple(key(findings[b]), std::string_view(findings[b].id));
  });
  std::vector<Finding> sorted;
  sorted.reserve(findings.size());
  std::vector<std::size_t> went(findings.size());
  for (const std::size_t from : order) {
    went[from] = sorted.size();
    sorted.push_back(std::move(findings[from]));
  }
  findings = std::move(sorted);
  return went;
}

}  // namespace advise::diagnose
