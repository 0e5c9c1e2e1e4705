// Folds a symptom under the one cause that explains most: confidence times the time that the cause may cost.
#include "diagnose/merge.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace advise::diagnose {
namespace {

// How well a cause accounts for the symptoms that it explains. An unstated confidence counts as medium (75 %).
double Weight(const Finding& cause) {
  constexpr double kUnstatedConfidence = 0.75;
  return cause.confidence.value_or(kUnstatedConfidence) * static_cast<double>(cause.impact.high.value_or(0));
}

bool Better(const Finding& a, const Finding& b) {
  if (Weight(a) != Weight(b)) return Weight(a) > Weight(b);
  return a.id < b.id;
}

}  // namespace

std::vector<Finding> Merge(std::vector<Finding> findings) {
  std::map<std::string, std::size_t, std::less<>> by_id;
  for (std::size_t i = 0; i < findings.size(); ++i) by_id.emplace(findings[i].id, i);

  for (Finding& finding : findings) {
    std::erase_if(finding.explains, [&](const std::string& id) { return id == finding.id || !by_id.contains(id); });
    std::ranges::sort(finding.explains);
    finding.explains.erase(std::unique(finding.explains.begin(), finding.explains.end()), finding.explains.end());
  }

  std::map<std::size_t, std::size_t> best;  // symptom → cause
  for (std::size_t cause = 0; cause < findings.size(); ++cause) {
    for (const std::string& id : findings[cause].explains) {
      const std::size_t symptom = by_id.find(id)->second;
      const auto [it, first] = best.emplace(symptom, cause);
      if (!first && Better(findings[cause], findings[it->second])) it->second = cause;
    }
  }
  for (const auto& [symptom, cause] : best) findings[symptom].explained_by = findings[cause].id;
  return findings;
}

}  // namespace advise::diagnose
