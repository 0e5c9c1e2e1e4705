// Values of Spark settings as Spark itself reads them (JavaUtils.byteStringAs, timeStringAs; ConfigBuilder.scala).
// Nothing where Spark would throw: an unreadable setting is unknown, not its default.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace advise::spark {

inline constexpr std::int64_t kKiB = 1024;
inline constexpr std::int64_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kGiB = 1024 * kMiB;

// "512m", "1G", "2gb", "1024": a bare number counts `default_unit` bytes (Spark names a unit for each setting).
// Fractions are an error, as in Spark; -1 and the like (thresholds that are off) are read with the same units.
std::optional<std::int64_t> ParseBytes(std::string_view text, std::int64_t default_unit);

// "10s", "5min", "100ms", "1h": in ms. A bare number counts `default_unit_ms` ms; "us" is rounded towards zero.
std::optional<std::int64_t> ParseTimeMs(std::string_view text, std::int64_t default_unit_ms);

// "true" and "false" in any case (Scala's toBoolean).
std::optional<bool> ParseBool(std::string_view text);

std::optional<std::int64_t> ParseInt(std::string_view text);

// Resource amounts and factors: "0.25".
std::optional<double> ParseReal(std::string_view text);

}  // namespace advise::spark
