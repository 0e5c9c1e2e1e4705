// The catalogue of Spark settings: scope, type, and default per Spark version (settings.def, generated from each
// version's own registry). Rules take the default of an unset setting from here; a paste block is checked against it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace advise::spark {

// Where a setting can be changed. Session: at run time in the SQL session. Static and Submit: only when the application
// is submitted (static is a SQL setting that is fixed at start).
enum class SettingScope : std::uint8_t { Session, Static, Submit };
enum class SettingType : std::uint8_t { Bool, Integer, Real, Bytes, Time, Text };

// Versions are coded as in schema.def: 31 = Spark 3.1, 40 = Spark 4.0.
struct Setting {
  std::string_view key;
  SettingType type = SettingType::Text;
  std::string_view bare_unit;  // of a number without suffix: "B", "KiB", "MiB", "ms", "s"; empty for other types
  SettingScope scope = SettingScope::Submit;
  int first = 0;                 // first version that has it; 0: unknown, taken as all
  int gone = 0;                  // first version without it; 0: still there
  bool is_public = true;         // false: internal to Spark, never advised
  std::string_view defaults;     // see settings.def
  std::string_view alternative;  // the name it had before; still read by Spark
};

std::span<const Setting> AllSettings();            // by key
const Setting* FindSetting(std::string_view key);  // null: not registered in any version we know
bool ExistsIn(const Setting& setting, int version);

// The default of that version as the registry spells it ("64MB", "true"). nullopt: it has none, or the setting does not
// exist in that version. A version older than the registry's first entry takes that entry.
std::optional<std::string_view> DefaultFor(const Setting& setting, int version);

// The value as a number in base units: bytes, milliseconds, 0 or 1, or the number itself. nullopt: Spark would not
// accept the text (JavaUtils.byteStringAs, timeStringAs: no fractions), or the type is Text.
std::optional<double> ParseValue(const Setting& setting, std::string_view text);

// The number (base units) in Spark's own spelling for this setting: 536870912 is "512m", 90000 "90s", 1 "true".
// Bytes are rounded up to whole MiB from 1 MiB on, times to whole seconds from 10 s on.
std::string SpellValue(const Setting& setting, double value);

// What is wrong with KEY=VALUE for this version, or nullopt if Spark accepts it. `version` 0: unknown version, only the
// spelling is checked.
std::optional<std::string> CheckValue(std::string_view key, std::string_view value, int version);

// "session" or "submit" (static settings are submit).
std::string_view ScopeName(SettingScope scope);

}  // namespace advise::spark
