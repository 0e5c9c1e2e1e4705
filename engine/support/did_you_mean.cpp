// Distances between names, and the question that follows from them.
#include "support/did_you_mean.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/quoted.h"
#include "support/text.h"

namespace advise {
namespace {

constexpr std::size_t kLongestName = 100;

}  // namespace

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::optional<std::string_view> DidYouMean(std::string_view wrong, std::span<const std::string_view> candidates) {
  if (wrong.size() > kLongestName) return std::nullopt;
  const std::string wanted = Lower(wrong);
  const std::size_t allowed = (wrong.size() + 1) / 3;
  std::optional<std::string_view> best;
  std::size_t best_distance = allowed + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t shorter = std::min(candidate.size(), wanted.size());
    if (std::max(candidate.size(), wanted.size()) - shorter >= best_distance) continue;
    const std::size_t distance = EditDistance(wanted, Lower(candidate));
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

bool AddDidYouMean(std::string& message, std::string_view wrong, std::span<const std::string_view> candidates) {
  const std::optional<std::string_view> near = DidYouMean(wrong, candidates);
  if (near) message += "; did you mean " + Quoted(*near) + "?";
  return near.has_value();
}

}  // namespace advise
