// The only tables of Spark's suffixes; everything is read through ParseScaled.
#include "spark/values.h"

#include <charconv>
#include <cmath>
#include <span>

#include "support/text.h"

namespace advise::spark {
namespace {

struct Suffix {
  std::string_view text;
  std::int64_t factor;
};

// JavaUtils.byteSuffixes.
constexpr Suffix kByteSuffixes[] = {
    {"b", 1},     {"k", kKiB},        {"kb", kKiB},        {"m", kMiB},       {"mb", kMiB},       {"g", kGiB},
    {"gb", kGiB}, {"t", kGiB * 1024}, {"tb", kGiB * 1024}, {"p", kGiB* kMiB}, {"pb", kGiB* kMiB},
};
// JavaUtils.timeSuffixes, in microseconds.
constexpr Suffix kTimeSuffixes[] = {
    {"us", 1},           {"ms", 1'000},        {"s", 1'000'000},      {"m", 60'000'000},
    {"min", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000},
};

std::string TrimmedLower(std::string_view text) { return Lower(Trim(text)); }

struct Scaled {
  std::int64_t number = 0;
  std::int64_t factor = 0;  // 0: no suffix
};

// Digits and perhaps a suffix out of the list.
std::optional<Scaled> ParseScaled(std::string_view text, std::span<const Suffix> suffixes) {
  const std::string lower = TrimmedLower(text);
  Scaled scaled;
  const char* const end = lower.data() + lower.size();
  const auto [rest, error] = std::from_chars(lower.data(), end, scaled.number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view suffix(rest, static_cast<std::size_t>(end - rest));
  if (suffix.empty()) return scaled;
  for (const Suffix& known : suffixes) {
    if (known.text == suffix) scaled.factor = known.factor;
  }
  if (scaled.factor == 0) return std::nullopt;
  return scaled;
}

std::optional<std::int64_t> Product(std::int64_t number, std::int64_t factor) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(number, factor, &product)) return std::nullopt;
  return product;
}

std::string Digits(double value, std::string_view suffix) {
  return std::to_string(static_cast<std::int64_t>(value)).append(suffix);
}

std::string SpellBytes(double value) {
  if (value < static_cast<double>(kMiB)) return Digits(std::ceil(value), "b");
  const double mib = std::ceil(value / static_cast<double>(kMiB));
  if (std::fmod(mib, 1024) == 0) return Digits(mib / 1024, "g");
  return Digits(mib, "m");
}

std::string SpellTime(double ms) {
  if (ms < 10'000) return Digits(std::ceil(ms), "ms");
  return Digits(std::ceil(ms / 1000), "s");
}

std::string SpellReal(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc() ? std::string(buffer, end) : std::string();
}

// Whole numbers without exponent: 1e6 is "1000000".
std::string SpellPlain(double value) {
  return value == std::floor(value) && std::abs(value) < 1e15 ? Digits(value, "") : SpellReal(value);
}

}  // namespace

std::optional<std::int64_t> ParseBytes(std::string_view text, std::int64_t bare) {
  const std::optional<Scaled> scaled = ParseScaled(text, kByteSuffixes);
  if (!scaled) return std::nullopt;
  return Product(scaled->number, scaled->factor == 0 ? bare : scaled->factor);
}

std::optional<std::int64_t> ParseTimeMs(std::string_view text, double bare_ms) {
  const std::optional<Scaled> scaled = ParseScaled(text, kTimeSuffixes);
  if (!scaled) return std::nullopt;
  if (scaled->factor == 0) {
    constexpr double kLargest = 9e18;
    const double ms = static_cast<double>(scaled->number) * bare_ms;
    if (std::abs(ms) > kLargest) return std::nullopt;
    return static_cast<std::int64_t>(ms);
  }
  // Microseconds alone are finer than a millisecond.
  return scaled->factor < 1000 ? scaled->number / 1000 : Product(scaled->number, scaled->factor / 1000);
}

std::optional<bool> ParseBool(std::string_view text) {
  const std::string lower = TrimmedLower(text);
  if (lower == "true") return true;
  if (lower == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> ParseInt(std::string_view text) {
  const std::optional<Scaled> scaled = ParseScaled(text, {});
  if (!scaled) return std::nullopt;
  return scaled->number;
}

std::optional<double> ParseReal(std::string_view text) {
  const std::string lower = TrimmedLower(text);
  double number = 0;
  const char* const end = lower.data() + lower.size();
  const auto [rest, error] = std::from_chars(lower.data(), end, number);
  if (error != std::errc() || rest != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<double> ParseNumber(SettingType type, double bare, std::string_view text) {
  const auto number = [](const auto& value) -> std::optional<double> {
    if (!value) return std::nullopt;
    return static_cast<double>(*value);
  };
  switch (type) {
    case SettingType::Bool: return number(ParseBool(text));
    case SettingType::Integer: return number(ParseInt(text));
    case SettingType::Real: return ParseReal(text);
    case SettingType::Bytes: return number(ParseBytes(text, static_cast<std::int64_t>(bare)));
    case SettingType::Time: return number(ParseTimeMs(text, bare));
    case SettingType::Text: return std::nullopt;
  }
  return std::nullopt;
}

std::string SpellNumber(SettingType type, double number) {
  switch (type) {
    case SettingType::Bool: return number != 0 ? "true" : "false";
    case SettingType::Integer: return Digits(std::ceil(number), "");
    case SettingType::Bytes: return SpellBytes(number);
    case SettingType::Time: return SpellTime(number);
    case SettingType::Real: return SpellReal(number);
    case SettingType::Text: return SpellPlain(number);
  }
  return {};
}

}  // namespace advise::spark
