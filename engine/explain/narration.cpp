// Levels and headings by their words, and one level as text.
#include "explain/narration.h"

#include <algorithm>

namespace advise::explain {
namespace {

constexpr std::array<std::string_view, kLevels> kLevelNames = {"novice", "practitioner", "expert"};
constexpr std::array<std::string_view, kHeadings> kHeadingTexts = {"What happens", "Why it is slow", "How we know",
                                                                   "What it is not", "What to do"};

}  // namespace

std::string_view LevelName(Level level) { return kLevelNames[static_cast<std::size_t>(level)]; }

std::optional<Level> ParseLevel(std::string_view text) {
  const auto it = std::ranges::find(kLevelNames, text);
  if (it == kLevelNames.end()) return std::nullopt;
  return static_cast<Level>(it - kLevelNames.begin());
}

std::string_view HeadingText(Heading heading) { return kHeadingTexts[static_cast<std::size_t>(heading)]; }

const Section* Narration::Find(Level level, Heading heading) const {
  const auto it = std::ranges::find(at(level), heading, &Section::heading);
  return it == at(level).end() ? nullptr : &*it;
}

std::string AsText(const Narration& narration, Level level) {
  std::string text;
  for (const Section& section : narration.at(level)) {
    if (!text.empty()) text += "\n\n";
    text.append("**").append(HeadingText(section.heading)).append(".** ").append(section.text);
  }
  return text;
}

}  // namespace advise::explain
