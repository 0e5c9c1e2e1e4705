// The explanation of a finding or a recommendation at three levels. Plain data; narrate.h makes it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace advise::explain {

// Novice: what it means, every Spark word explained. Practitioner: why here and what to do. Expert: the numbers.
enum class Level : std::uint8_t { Novice, Practitioner, Expert };
inline constexpr std::size_t kLevels = 3;
std::string_view LevelName(Level level);
std::optional<Level> ParseLevel(std::string_view text);

// The fixed headings, in the order in which they are told.
enum class Heading : std::uint8_t { WhatHappens, WhySlow, HowWeKnow, WhatItIsNot, WhatToDo };
inline constexpr std::size_t kHeadings = 5;
std::string_view HeadingText(Heading heading);  // "What happens"

// `text` is Markdown without headings: paragraphs are one line each, separated by an empty line; fenced code stays as
// it is.
struct Section {
  Heading heading = Heading::WhatHappens;
  std::string text;
};

struct Narration {
  std::string id;                                    // of the finding or recommendation
  std::array<std::vector<Section>, kLevels> levels;  // sections that have something to say, in order
  std::vector<std::string> words;                    // terms for `advise explain`, from the front matter

  [[nodiscard]] const std::vector<Section>& at(Level level) const { return levels[static_cast<std::size_t>(level)]; }
  // Null if the level has no such section.
  [[nodiscard]] const Section* Find(Level level, Heading heading) const;
};

// All sections of a level as Markdown, each with its heading in bold: the `explanation` of the JSON contract.
std::string AsText(const Narration& narration, Level level);

}  // namespace advise::explain
