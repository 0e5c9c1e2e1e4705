// What the rule leg needs to know of Spark's settings: an input, because the catalogue itself belongs to recommend/.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace advise::rules {

enum class SettingType : std::uint8_t { Bool, Integer, Real, Bytes, Time, Text };

// Keys that no version registers are texts without a default.
class SettingsCatalogue {
 public:
  SettingsCatalogue() = default;
  SettingsCatalogue(const SettingsCatalogue&) = delete;
  SettingsCatalogue& operator=(const SettingsCatalogue&) = delete;
  virtual ~SettingsCatalogue() = default;

  // nullopt: unknown key.
  [[nodiscard]] virtual std::optional<SettingType> TypeOf(std::string_view key) const = 0;
  // As Spark spells it. `version` as in schema.def (35 = Spark 3.5), 0 = unknown. nullopt: no default in that version.
  [[nodiscard]] virtual std::optional<std::string_view> DefaultFor(std::string_view key, int version) const = 0;
  // An older name that Spark still reads; empty: none.
  [[nodiscard]] virtual std::string_view AlternativeOf(std::string_view key) const = 0;
  // In base units: bytes, ms, 0 or 1, or the number. nullopt: Spark would not accept the text. Not for Text.
  [[nodiscard]] virtual std::optional<double> ParseValue(std::string_view key, std::string_view text) const = 0;
};

}  // namespace advise::rules
