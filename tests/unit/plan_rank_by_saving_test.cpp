// A finding is as severe as what its best remedy saves; where a remedy is not estimated, as what it costs.
#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/rank_by_saving.h"

namespace advise::plan {
namespace {

using diagnose::Finding;
using diagnose::Severity;
using recommend::Recommendation;

Finding Costs(const std::string& id, std::optional<std::int64_t> most) {
  Finding finding;
  finding.id = id;
  finding.impact.high = most;
  return finding;
}

Recommendation For(std::vector<std::size_t> findings, std::optional<recommend::Interval> saving) {
  Recommendation recommendation;
  recommendation.for_findings = std::move(findings);
  if (saving) recommendation.saving = recommend::Saving{*saving, {}, 0};
  return recommendation;
}

constexpr diagnose::RankContext kRun{.app_duration = 1000};

TEST_CASE("what saves more comes before what costs more, and recommendations follow") {
  std::vector<Finding> findings{Costs("a", 600), Costs("b", 400)};
  std::vector<Recommendation> remedies{For({0}, recommend::Interval{10, 20, 40}),
                                       For({1}, recommend::Interval{200, 300, 350}),
                                       For({1}, recommend::Interval{50, 100, 150}), For({0, 1}, recommend::Interval{})};
  RankBySaving(findings, remedies, kRun);
  CHECK(findings[0].id == "b");
  CHECK(findings[0].severity == Severity::High);
  CHECK(findings[0].impact.mid == 300);
  CHECK(findings[0].impact.low == 200);
  CHECK(findings[1].severity == Severity::Low);
  CHECK(findings[1].impact.mid == 20);
  CHECK(remedies[0].for_findings == std::vector<std::size_t>{1});
  CHECK(remedies[3].for_findings == std::vector<std::size_t>{1, 0});
}

TEST_CASE("a remedy that is not estimated may be worth all that the finding costs") {
  std::vector<Finding> findings{Costs("a", 600)};
  std::vector<Recommendation> remedies{For({0}, recommend::Interval{0, 5, 9}), For({0}, std::nullopt)};
  RankBySaving(findings, remedies, kRun);
  CHECK(findings[0].severity == Severity::Critical);
  CHECK(!findings[0].impact.mid);
  remedies[1].rejection = recommend::Rejection::Impossible;  // then it is no remedy
  RankBySaving(findings, remedies, kRun);
  CHECK(findings[0].severity == Severity::Info);
}

TEST_CASE("a symptom is worth what the change of its cause is worth") {
  std::vector<Finding> findings{Costs("symptom", 600), Costs("cause", 500), Costs("alone", 590)};
  findings[0].explained_by = "cause";
  std::vector<Recommendation> remedies{For({1}, recommend::Interval{80, 100, 120})};
  RankBySaving(findings, remedies, kRun);
  CHECK(findings[0].id == "alone");  // nobody knows what a change of it would save
  CHECK(findings[1].impact.mid == 100);
  CHECK(findings[2].impact.mid == 100);
  CHECK(findings[2].severity == Severity::Medium);
}

TEST_CASE("a finding is worth what a change saves beside it, too, and never less than nothing") {
  std::vector<Finding> findings{Costs("a", 100), Costs("b", 90), Costs("c", std::nullopt)};
  std::vector<Recommendation> remedies{For({0}, recommend::Interval{300, 400, 500}),
                                       For({1}, recommend::Interval{-30, -20, 10}),
                                       For({2}, recommend::Interval{300, 400, 500})};
  RankBySaving(findings, remedies, kRun);
  CHECK(findings[0].impact.high == 500);
  CHECK(findings[0].impact.mid == 400);
  CHECK(findings[0].impact.low == 300);
  CHECK(findings[1].impact.high == 90);
  CHECK(findings[1].impact.mid == 0);
  CHECK(findings[1].impact.low == 0);
  CHECK(!findings[2].impact.mid);  // its bound is unknown, and so is the share of the remedy that is due to it
}

}  // namespace
}  // namespace advise::plan
