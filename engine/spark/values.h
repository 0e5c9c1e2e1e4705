// Values of Spark settings as Spark itself reads and writes them (JavaUtils.byteStringAs, timeStringAs;
// ConfigBuilder.scala). Nothing where Spark would throw: an unreadable value is unknown, not the default.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace advise::spark {

// Of a setting's value; says what its number counts: 0 or 1, the number itself, bytes, milliseconds. Text: no number.
enum class SettingType : std::uint8_t { Bool, Integer, Real, Bytes, Time, Text };

inline constexpr std::int64_t kKiB = 1024;
inline constexpr std::int64_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kGiB = 1024 * kMiB;

// "512m", "1G", "2gb", "1024": a bare number counts `bare` bytes (Spark names a unit for each setting).
// Fractions are an error, as in Spark; -1 and the like (thresholds that are off) are read with the same units.
std::optional<std::int64_t> ParseBytes(std::string_view text, std::int64_t bare);

// "10s", "5min", "100ms", "1h": in ms. A bare number counts `bare_ms` ms; what is finer is rounded towards zero.
std::optional<std::int64_t> ParseTimeMs(std::string_view text, double bare_ms);

// "true" and "false" in any case (Scala's toBoolean).
std::optional<bool> ParseBool(std::string_view text);

std::optional<std::int64_t> ParseInt(std::string_view text);

// Resource amounts and factors: "0.25". Not "inf" and "nan".
std::optional<double> ParseReal(std::string_view text);

// A value of a setting: the text as it stands in a log, a registry or a rule, and what Spark makes of it.
struct SettingValue {
  std::string text{};
  SettingType type = SettingType::Text;  // what `number` counts
  std::optional<double> number{};        // nullopt: Text, a setting that is not registered, or unreadable
  friend bool operator==(const SettingValue&, const SettingValue&) = default;
};

// Any of these by type; `bare` is what a bare number of bytes or time counts (bytes, ms). nullopt for Text.
std::optional<double> ParseNumber(SettingType type, double bare, std::string_view text);

// The number in Spark's own spelling: 536870912 bytes is "512m", 90000 ms "90s", Bool 1 "true". Bytes are rounded up to
// whole MiB from 1 MiB on, times to whole seconds from 10 s on. Text: the shortest text of the number.
std::string SpellNumber(SettingType type, double number);

}  // namespace advise::spark
