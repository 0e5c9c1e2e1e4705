// The best remedy of each finding, then the order of the findings by it.
#include "plan/rank_by_saving.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace advise::plan {
namespace {

using recommend::Recommendation;

// What is known of the remedies of one finding.
struct Remedies {
  std::optional<recommend::Interval> best;
  bool all_estimated = true;
  [[nodiscard]] bool none() const { return !best && all_estimated; }
};

void Add(const Recommendation& recommendation, Remedies& remedies) {
  if (recommendation.rejection == recommend::Rejection::Impossible || recommendation.for_cost) return;
  if (!recommendation.saving) {
    remedies.all_estimated = false;
    return;
  }
  const recommend::Interval& alone = recommendation.saving->alone;
  if (!remedies.best || alone.mid > remedies.best->mid) remedies.best = alone;
}

}  // namespace

Bound BoundOf(const diagnose::Finding& finding) {
  Bound bound{finding.impact.high, {}};
  for (const auto& [entity, row] : finding.path) {
    if (entity == model::Entity::Stage) bound.stages.push_back(row);
  }
  return bound;
}

void RankBySaving(std::vector<diagnose::Finding>& findings, std::vector<Recommendation>& recommendations,
                  const diagnose::RankContext& context) {
  std::vector<Remedies> remedies(findings.size());
  for (const Recommendation& recommendation : recommendations) {
    for (const std::size_t finding : recommendation.for_findings) Add(recommendation, remedies[finding]);
  }
  std::map<std::string_view, std::size_t> by_id;
  for (std::size_t i = 0; i < findings.size(); ++i) by_id.emplace(findings[i].id, i);
  // A symptom under its cause has the remedies of the cause, or it would stand above it.
  const auto cause_of = [&](std::size_t i) {
    const auto cause = findings[i].explained_by ? by_id.find(*findings[i].explained_by) : by_id.end();
    return cause != by_id.end() && remedies[i].none() ? cause->second : i;
  };
  for (std::size_t i = 0; i < findings.size(); ++i) {
    diagnose::Impact& impact = findings[i].impact;
    const Remedies& of = remedies[cause_of(i)];
    if (!impact.high || !of.best) continue;
    impact.high = std::max(*impact.high, of.best->high);
    if (!of.all_estimated) continue;
    impact.mid = std::clamp<std::int64_t>(of.best->mid, 0, *impact.high);
    impact.low = std::clamp<std::int64_t>(of.best->low, 0, *impact.mid);
  }
  by_id.clear();  // it views ids that now move
  const std::vector<std::size_t> went = diagnose::RankAgain(findings, context);
  for (Recommendation& recommendation : recommendations) {
    for (std::size_t& finding : recommendation.for_findings) finding = went[finding];
  }
}

}  // namespace advise::plan
