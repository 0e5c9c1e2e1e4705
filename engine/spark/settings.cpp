// The table of settings.def and what is computed from a row: default of a version, value of a text, text of a value.
#include "spark/settings.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "support/text.h"

namespace advise::spark {
namespace {

// A plain array: the linker places it, nothing runs at start-up.
constexpr Setting kSettings[] = {
#define ADVISE_SETTING(key, type, unit, scope, first, gone, is_public, defaults, alternative) \
  {key, SettingType::type, unit, SettingScope::scope, first, gone, is_public, defaults, alternative},
#include "spark/settings.def"
#undef ADVISE_SETTING
};

constexpr double kKiB = 1024;
constexpr double kMiB = 1024 * kKiB;
constexpr double kGiB = 1024 * kMiB;

struct Suffix {
  std::string_view text;
  double factor;
};
// JavaUtils.scala, byteSuffixes and timeSuffixes.
constexpr Suffix kByteSuffixes[] = {
    {"b", 1},     {"k", kKiB},        {"kb", kKiB},        {"m", kMiB},       {"mb", kMiB},      {"g", kGiB},
    {"gb", kGiB}, {"t", 1024 * kGiB}, {"tb", 1024 * kGiB}, {"p", kMiB* kGiB}, {"pb", kMiB* kGiB}};
constexpr Suffix kTimeSuffixes[] = {{"us", 0.001},  {"ms", 1},      {"s", 1000},    {"m", 60000},
                                    {"min", 60000}, {"h", 3600000}, {"d", 86400000}};
constexpr Suffix kBareUnits[] = {{"B", 1}, {"KiB", kKiB}, {"MiB", kMiB}, {"ms", 1}, {"s", 1000}};

std::optional<double> FactorOf(std::span<const Suffix> suffixes, std::string_view text) {
  const auto it = std::ranges::find(suffixes, text, &Suffix::text);
  if (it == suffixes.end()) return std::nullopt;
  return it->factor;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

template <class T>
std::optional<T> ParseNumber(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "-1", "64MB", "120s": whole digits and an optional suffix.
std::optional<double> ParseWithSuffix(std::string_view text, std::span<const Suffix> suffixes,
                                      std::string_view bare_unit) {
  const std::string lower = Lower(text);
  std::size_t digits = lower.starts_with('-') ? 1 : 0;
  while (digits < lower.size() && lower[digits] >= '0' && lower[digits] <= '9') ++digits;
  const auto number = ParseNumber<std::int64_t>(std::string_view(lower).substr(0, digits));
  if (!number) return std::nullopt;
  const std::string_view suffix = std::string_view(lower).substr(digits);
  const auto factor = suffix.empty() ? FactorOf(kBareUnits, bare_unit) : FactorOf(suffixes, suffix);
  if (!factor) return std::nullopt;
  return static_cast<double>(*number) * *factor;
}

std::string Digits(double value, std::string_view suffix) {
  return std::to_string(static_cast<std::int64_t>(value)).append(suffix);
}

std::string SpellBytes(double value) {
  if (value < kMiB) return Digits(std::ceil(value), "b");
  const double mib = std::ceil(value / kMiB);
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

std::string VersionText(int version) { return std::to_string(version / 10) + "." + std::to_string(version % 10); }

std::string_view Expected(const Setting& setting) {
  switch (setting.type) {
    case SettingType::Bool: return "true or false";
    case SettingType::Integer: return "a whole number";
    case SettingType::Real: return "a number";
    case SettingType::Bytes: return "a size such as 512m";
    case SettingType::Time: return "a time such as 120s";
    case SettingType::Text: return "a text";
  }
  return "";
}

}  // namespace

std::span<const Setting> AllSettings() { return kSettings; }

const Setting* FindSetting(std::string_view key) {
  const auto it = std::ranges::lower_bound(kSettings, key, {}, &Setting::key);
  return it != std::end(kSettings) && it->key == key ? &*it : nullptr;
}

bool ExistsIn(const Setting& setting, int version) {
  return version >= setting.first && (setting.gone == 0 || version < setting.gone);
}

std::optional<std::string_view> DefaultFor(const Setting& setting, int version) {
  if (!ExistsIn(setting, version)) return std::nullopt;
  std::optional<std::string_view> found;
  std::string_view rest = setting.defaults;
  while (!rest.empty()) {
    const std::size_t bar = rest.find(" | ");
    const std::string_view part = rest.substr(0, bar);
    rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 3);
    const std::size_t equals = part.find('=');
    const auto from = ParseNumber<int>(part.substr(0, equals));
    if (!from || (found && *from > version)) break;
    found = part.substr(equals + 1);
  }
  if (!found || *found == "<undefined>") return std::nullopt;
  constexpr std::string_view kValueOf = "<value of ";
  if (found->starts_with(kValueOf)) {
    const Setting* other = FindSetting(found->substr(kValueOf.size(), found->size() - kValueOf.size() - 1));
    return other == nullptr || other == &setting ? std::nullopt : DefaultFor(*other, version);
  }
  if (found->starts_with('<')) return std::nullopt;  // "<local host>" and the like
  return found;
}

std::optional<double> ParseValue(const Setting& setting, std::string_view text) {
  text = Trim(text);
  switch (setting.type) {
    case SettingType::Bool: {
      const std::string lower = Lower(text);
      if (lower == "true") return 1;
      if (lower == "false") return 0;
      return std::nullopt;
    }
    case SettingType::Integer: {
      const auto value = ParseNumber<std::int64_t>(text);
      if (!value) return std::nullopt;
      return static_cast<double>(*value);
    }
    case SettingType::Real: return ParseNumber<double>(text);
    case SettingType::Bytes: return ParseWithSuffix(text, kByteSuffixes, setting.bare_unit);
    case SettingType::Time: return ParseWithSuffix(text, kTimeSuffixes, setting.bare_unit);
    case SettingType::Text: return std::nullopt;
  }
  return std::nullopt;
}

std::string SpellValue(const Setting& setting, double value) {
  switch (setting.type) {
    case SettingType::Bool: return value != 0 ? "true" : "false";
    case SettingType::Integer: return Digits(std::ceil(value), "");
    case SettingType::Bytes: return SpellBytes(value);
    case SettingType::Time: return SpellTime(value);
    case SettingType::Real:
    case SettingType::Text: return SpellReal(value);
  }
  return {};
}

std::optional<std::string> CheckValue(std::string_view key, std::string_view value, int version) {
  const Setting* setting = FindSetting(key);
  if (setting == nullptr) return "Spark has no setting " + std::string(key);
  if (version != 0 && !ExistsIn(*setting, version)) {
    return "Spark " + VersionText(version) + " has no setting " + std::string(key);
  }
  if (setting->type != SettingType::Text && !ParseValue(*setting, value)) {
    return std::string(key) + " wants " + std::string(Expected(*setting)) + ", not " + std::string(value);
  }
  return std::nullopt;
}

std::string_view ScopeName(SettingScope scope) { return scope == SettingScope::Session ? "session" : "submit"; }

}  // namespace advise::spark
