#include "diagnose/finding.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace advise::diagnose {
namespace {

constexpr std::array<std::string_view, 6> kCategories = {"",          "resource",    "distribution",
                                                         "algorithm", "reliability", "log"};
constexpr std::array<std::string_view, 5> kSeverities = {"info", "low", "medium", "high", "critical"};

template <class E, std::size_t N>
std::optional<E> Parse(const std::array<std::string_view, N>& names, std::string_view text) {
  const auto it = std::ranges::find(names, text);
  if (it == names.end() || text.empty()) return std::nullopt;
  return static_cast<E>(it - names.begin());
}

}  // namespace

std::string_view LayerName(Layer layer) { return layer == Layer::Symptom ? "symptom" : "cause"; }
std::string_view CategoryName(Category category) { return kCategories[static_cast<std::size_t>(category)]; }
std::string_view SeverityName(Severity severity) { return kSeverities[static_cast<std::size_t>(severity)]; }
std::optional<Category> ParseCategory(std::string_view text) { return Parse<Category>(kCategories, text); }
std::optional<Severity> ParseSeverity(std::string_view text) { return Parse<Severity>(kSeverities, text); }

}  // namespace advise::diagnose
