// Looks settings up, and holds values against them.
#include "spark/settings.h"

#include <algorithm>
#include <charconv>

#include "spark/version.h"
#include "support/did_you_mean.h"

namespace advise::spark {
namespace {

constexpr Bound Any{};
constexpr Bound At(double value) { return {false, false, value}; }
constexpr Bound Beyond(double value) { return {false, true, value}; }

// In bytes or ms.
constexpr double BareUnit(std::string_view unit) {
  if (unit == "KiB") return static_cast<double>(kKiB);
  if (unit == "MiB") return static_cast<double>(kMiB);
  if (unit == "ns") return 1e-6;
  if (unit == "s") return 1000;
  if (unit == "min") return 60'000;
  return 1;  // B, ms, and types without unit
}

// A plain array: the linker places it, nothing runs at start-up.
constexpr Setting kSettings[] = {
#define ADVISE_SETTING(key, type, unit, scope, first, gone, is_public, low, high, defaults, older) \
  {key, SettingType::type, BareUnit(unit), SettingScope::scope, first, gone, is_public, low, high, defaults, older},
#include "spark/settings.def"
#undef ADVISE_SETTING
};

// Keys that users or resources name in part, and those of transport layers and vendors: no registry of Spark holds
// them.
constexpr std::string_view kOpenPrefixes[] = {"spark.executorEnv.",
                                              "spark.yarn.appMasterEnv.",
                                              "spark.kubernetes.",
                                              "spark.driver.resource.",
                                              "spark.executor.resource.",
                                              "spark.task.resource.",
                                              "spark.metrics.conf.",
                                              "spark.ssl.",
                                              "spark.sql.catalog.",
                                              "spark.shuffle.io.",
                                              "spark.rpc.io.",
                                              "spark.sql.hive.metastore.",
                                              "spark.hadoop.",
                                              "spark.databricks.",
                                              "spark.rapids.",
                                              "spark.comet.",
                                              "spark.gluten.",
                                              "spark.emr.",
                                              "spark.dataproc.",
                                              "spark.mesos."};

// "spark.sql." of "spark.sql.shuffle.partitions"; the whole key if there is no second point.
std::string_view Namespace(std::string_view key) {
  const std::size_t first = key.find('.');
  return key.substr(0, key.find('.', first + 1) + 1);
}

std::string_view Expected(SettingType type) {
  switch (type) {
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

const Setting* FindByAnyName(std::string_view key) {
  if (const Setting* setting = FindSetting(key)) return setting;
  const auto has_name = [&](const Setting& setting) {
    if (setting.older.empty()) return false;
    const std::vector<std::string_view> older = OlderNames(setting);
    return std::ranges::find(older, key) != older.end();
  };
  const auto it = std::ranges::find_if(kSettings, has_name);
  return it == std::end(kSettings) ? nullptr : &*it;
}

bool ExistsIn(const Setting& setting, int version) {
  return version >= setting.first && (setting.gone == 0 || version < setting.gone);
}

std::vector<std::string_view> OlderNames(const Setting& setting) {
  std::vector<std::string_view> names;
  std::string_view rest = setting.older;
  while (!rest.empty()) {
    const std::size_t blank = rest.find(' ');
    names.push_back(rest.substr(0, blank));
    rest = blank == std::string_view::npos ? std::string_view() : rest.substr(blank + 1);
  }
  return names;
}

bool MayExist(std::string_view key) {
  if (!key.starts_with("spark.")) return true;
  if (std::ranges::any_of(kOpenPrefixes, [&](std::string_view prefix) { return key.starts_with(prefix); })) return true;
  const std::string_view own = Namespace(key);
  if (FindByAnyName(key) != nullptr) return true;
  const bool used = std::ranges::any_of(
      kSettings, [&](const Setting& setting) { return !own.empty() && setting.key.starts_with(own); });
  return !used && !NearestSetting(key);
}

std::optional<std::string_view> NearestSetting(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const Setting& setting : kSettings) keys.push_back(setting.key);
  return DidYouMean(key, keys);
}

Default DefaultOf(const Setting& setting, int version) {
  if (!ExistsIn(setting, version)) return {};
  std::optional<std::string_view> found;
  std::string_view rest = setting.defaults;
  while (!rest.empty()) {
    const std::size_t bar = rest.find(" | ");
    const std::string_view part = rest.substr(0, bar);
    rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 3);
    const std::size_t equals = part.find('=');
    int from = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + equals, from);
    if (error != std::errc() || (found && from > version)) break;
    found = part.substr(equals + 1);
  }
  if (!found || *found == "<undefined>") return {};
  constexpr std::string_view kValueOf = "<value of ";
  if (found->starts_with(kValueOf)) {
    const Setting* other = FindSetting(found->substr(kValueOf.size(), found->size() - kValueOf.size() - 1));
    return {std::nullopt, other == &setting ? nullptr : other};
  }
  if (found->starts_with('<')) return {};  // "<local host>" and the like
  return {found, nullptr};
}

std::optional<std::string_view> DefaultFor(const Setting& setting, int version) {
  const Default found = DefaultOf(setting, version);
  return found.same_as != nullptr ? DefaultFor(*found.same_as, version) : found.text;
}

std::optional<double> ParseValue(const Setting& setting, std::string_view text) {
  return ParseNumber(setting.type, setting.bare, text);
}

std::string SpellValue(const Setting& setting, double value) { return SpellNumber(setting.type, value); }

std::optional<std::string> CheckRange(const Setting& setting, double value) {
  const auto says = [&](std::string_view relation, const Bound& bound) {
    // An end of 1 bare MiB is spelled 1m.
    return std::string(setting.key) + " is " + std::string(relation) + " " +
           SpellNumber(setting.type, bound.value * setting.bare);
  };
  const double bare = value / setting.bare;
  const Bound& low = setting.low;
  if (!low.any && low.beyond && bare <= low.value) return says("more than", low);
  if (!low.any && !low.beyond && bare < low.value) return says("at least", low);
  const Bound& high = setting.high;
  if (!high.any && high.beyond && bare >= high.value) return says("less than", high);
  if (!high.any && !high.beyond && bare > high.value) return says("at most", high);
  return std::nullopt;
}

std::optional<std::string> CheckValue(std::string_view key, std::string_view value, int version) {
  const Setting* setting = FindSetting(key);
  if (setting == nullptr)
    return MayExist(key) ? std::nullopt : std::optional("Spark has no setting " + std::string(key));
  if (version != 0 && !ExistsIn(*setting, version)) {
    return "Spark " + VersionText(version) + " has no setting " + std::string(key);
  }
  if (setting->type == SettingType::Text) return std::nullopt;
  const std::optional<double> number = ParseValue(*setting, value);
  if (!number) {
    return std::string(key) + " wants " + std::string(Expected(setting->type)) + ", not " + std::string(value);
  }
  return CheckRange(*setting, *number);
}

}  // namespace advise::spark
