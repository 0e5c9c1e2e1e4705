// The rules of form in code: units and decimals by size, rounding half-up on whole numbers.
#include "support/format.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace advise {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

// value / unit, half-up; value >= 0.
constexpr std::int64_t Rounded(std::int64_t value, std::int64_t unit) {
  return value / unit + (value % unit >= unit - unit / 2 ? 1 : 0);  // no sum that might not fit
}

std::string TwoDigits(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

// 84 is "8.4", 1234 with two decimals "12.34".
std::string Decimal(std::int64_t scaled, int decimals) {
  std::int64_t power = 1;
  for (int i = 0; i < decimals; ++i) power *= 10;
  std::string fraction = std::to_string(scaled % power);
  fraction.insert(0, static_cast<std::size_t>(decimals) - fraction.size(), '0');
  return FormatCount(scaled / power) + "." + fraction;
}

// "1m57s": `small` is the unit of the second number, 1/per_large of the first.
std::string TwoUnits(std::int64_t small, std::int64_t per_large, std::string_view large_name,
                     std::string_view small_name) {
  return std::to_string(small / per_large).append(large_name) + TwoDigits(small % per_large).append(small_name);
}

// From 60 s on; also what rounds up to it, so that no "60.0 s" is written.
std::string LongTime(std::int64_t ms) {
  const std::int64_t seconds = Rounded(ms, kSecond);
  if (seconds < 3600) return TwoUnits(seconds, 60, "m", "s");
  const std::int64_t minutes = Rounded(ms, kMinute);
  if (minutes < 24 * 60) return TwoUnits(minutes, 60, "h", "m");
  return TwoUnits(Rounded(ms, kHour), 24, "d", "h");
}

std::string Tenths(std::int64_t ms) { return Decimal(Rounded(ms, 100), 1); }

std::string FormatTimeWith(std::int64_t ms, bool whole_seconds) {
  if (ms < 0) return "-" + FormatTimeWith(-ms, whole_seconds);
  if (ms < kSecond) return std::to_string(ms) + " ms";
  const bool whole = whole_seconds && Rounded(ms, 100) >= 100;
  if (whole && Rounded(ms, kSecond) < 60) return std::to_string(Rounded(ms, kSecond)) + " s";
  if (!whole && Rounded(ms, 100) < 600) return Tenths(ms) + " s";
  return LongTime(ms);
}

// Both ends of an interval share one unit.
struct IntervalUnit {
  std::int64_t size;
  std::string_view name;
};
IntervalUnit UnitOf(std::int64_t high_ms) {
  if (high_ms < kSecond) return {1, "ms"};
  if (high_ms < 2 * kMinute) return {kSecond, "s"};
  if (high_ms < 2 * kHour) return {kMinute, "min"};
  if (high_ms < 2 * kDay) return {kHour, "h"};
  return {kDay, "d"};
}

// Three significant digits of whole/1000^n: 28,719,619 in millions is "28.7".
std::string ThreeDigits(std::int64_t value, std::int64_t unit) {
  if (Rounded(value, unit / 100) < 1000) return Decimal(Rounded(value, unit / 100), 2);
  if (Rounded(value, unit / 10) < 1000) return Decimal(Rounded(value, unit / 10), 1);
  return FormatCount(Rounded(value, unit));
}

}  // namespace

std::string FormatTime(std::int64_t ms) { return FormatTimeWith(ms, false); }
std::string FormatTimeShort(std::int64_t ms) { return FormatTimeWith(ms, true); }

std::string FormatSlotTime(std::int64_t ms) {
  if (ms < 0) return "-" + FormatSlotTime(-ms);
  if (ms < 10 * kSecond) return FormatTime(ms);
  if (ms >= 100 * kHour) return FormatCount(Rounded(ms, kHour)) + " h";
  return FormatCount(Rounded(ms, kSecond)) + " s";
}

std::string FormatInterval(std::int64_t low_ms, std::int64_t high_ms) {
  if (high_ms <= 0) return "between " + FormatTimeShort(-high_ms) + " and " + FormatTimeShort(-low_ms) + " more";
  if (low_ms < 0) return "between " + FormatTimeShort(high_ms) + " less and " + FormatTimeShort(-low_ms) + " more";
  const IntervalUnit unit = UnitOf(high_ms);
  const std::string suffix = std::string(" ").append(unit.name);
  if (low_ms < 200 && high_ms <= kSecond) return "0..1 s";
  const std::int64_t low = Rounded(low_ms, unit.size);
  const std::int64_t high = Rounded(high_ms, unit.size);
  if (low == high && unit.size > 1 && high < 10) {
    const std::string tenths = Decimal(Rounded(low_ms, unit.size / 10), 1);
    const std::string high_tenths = Decimal(Rounded(high_ms, unit.size / 10), 1);
    return tenths + (tenths == high_tenths ? "" : ".." + high_tenths) + suffix;
  }
  if (low == high) return FormatCount(high) + suffix;
  return FormatCount(low) + ".." + FormatCount(high) + suffix;
}

std::string FormatBytes(std::int64_t bytes) {
  if (bytes < 0) return "-" + FormatBytes(-bytes);
  constexpr std::array<std::string_view, 4> kNames = {" KiB", " MiB", " GiB", " TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  std::int64_t unit = 1024;
  std::size_t name = 0;
  // A value that would round to 1,000 or more is written in the next unit: 0.98 GiB.
  while (name + 1 < kNames.size() && bytes / unit >= 999 &&
         (bytes % (unit * 1024) == 0 || Rounded(bytes, unit) >= 1000)) {
    unit *= 1024;
    ++name;
  }
  if (bytes % unit == 0) return FormatCount(bytes / unit).append(kNames[name]);
  // In hundredths of the unit; split so that TiB do not overflow.
  const std::int64_t whole = bytes / unit;
  const std::int64_t rest = bytes % unit;
  const std::int64_t hundredths = whole * 100 + (rest * 100 + unit / 2) / unit;
  const std::int64_t tenths = whole * 10 + (rest * 10 + unit / 2) / unit;
  if (hundredths < 1000) return Decimal(hundredths, 2).append(kNames[name]);
  if (tenths < 1000) return Decimal(tenths, 1).append(kNames[name]);
  return FormatCount(Rounded(bytes, unit)).append(kNames[name]);
}

std::string FormatCount(std::int64_t count) {
  if (count < 0) return "-" + FormatCount(-count);
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3;) {
    i -= 3;
    digits.insert(i, 1, ',');
  }
  return digits;
}

std::string FormatCountShort(std::int64_t count) {
  if (count < 0) return "-" + FormatCountShort(-count);
  constexpr std::int64_t kMillion = 1'000'000;
  if (count < kMillion) return FormatCount(count);
  if (count < 1000 * kMillion - kMillion / 2) return ThreeDigits(count, kMillion) + " million";
  return ThreeDigits(count, 1000 * kMillion) + " billion";
}

std::string FormatRatio(double ratio) {
  if (!std::isfinite(ratio)) return "unknown";
  if (ratio < 0) return "-" + FormatRatio(-ratio);
  if (ratio > 1e15) return "more than 1e15";
  const double whole = std::floor(ratio + 0.5);
  if (ratio == whole || ratio >= 9.995) return FormatCount(static_cast<std::int64_t>(whole));
  return Decimal(static_cast<std::int64_t>(std::floor(ratio * 100 + 0.5)), 2);
}

std::string FormatShare(double share) {
  if (!std::isfinite(share)) return "unknown";
  if (share < 0) return "-" + FormatShare(-share);
  const double percent = share * 100;
  const bool fine = (percent > 0 && percent < 1) || (percent > 99 && percent < 100);
  if (!fine) return FormatCount(static_cast<std::int64_t>(std::floor(percent + 0.5))) + " %";
  // 99.97 % must not read as everything.
  const std::int64_t tenths = static_cast<std::int64_t>(std::floor(percent * 10 + 0.5));
  return Decimal(percent > 99 && tenths >= 1000 ? 999 : tenths, 1) + " %";
}

}  // namespace advise
