// Spark's settings as the rule language asks for them: types, defaults of a version, values as numbers.
#include "recommend/settings_catalogue.h"

#include "spark/settings.h"

namespace advise::recommend {
namespace {

rules::SettingType RuleType(spark::SettingType type) {
  switch (type) {
    case spark::SettingType::Bool: return rules::SettingType::Bool;
    case spark::SettingType::Integer: return rules::SettingType::Integer;
    case spark::SettingType::Real: return rules::SettingType::Real;
    case spark::SettingType::Bytes: return rules::SettingType::Bytes;
    case spark::SettingType::Time: return rules::SettingType::Time;
    case spark::SettingType::Text: return rules::SettingType::Text;
  }
  return rules::SettingType::Text;
}

class Catalogue final : public rules::SettingsCatalogue {
 public:
  [[nodiscard]] std::optional<rules::SettingType> TypeOf(std::string_view key) const override {
    const spark::Setting* setting = spark::FindSetting(key);
    if (setting == nullptr) return std::nullopt;
    return RuleType(setting->type);
  }
  [[nodiscard]] std::optional<std::string_view> DefaultFor(std::string_view key, int version) const override {
    const spark::Setting* setting = spark::FindSetting(key);
    if (setting == nullptr || version == 0) return std::nullopt;  // a default of an unknown version is a guess
    return spark::DefaultFor(*setting, version);
  }
  [[nodiscard]] std::string_view AlternativeOf(std::string_view key) const override {
    const spark::Setting* setting = spark::FindSetting(key);
    return setting == nullptr ? std::string_view() : setting->alternative;
  }
  [[nodiscard]] std::optional<double> ParseValue(std::string_view key, std::string_view text) const override {
    const spark::Setting* setting = spark::FindSetting(key);
    return setting == nullptr ? std::nullopt : spark::ParseValue(*setting, text);
  }
};

}  // namespace

const rules::SettingsCatalogue& SparkSettings() {
  static const Catalogue catalogue;
  return catalogue;
}

}  // namespace advise::recommend
