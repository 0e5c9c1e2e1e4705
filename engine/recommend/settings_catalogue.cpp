#include "recommend/settings_catalogue.h"

#include "recommend/settings.h"

namespace advise::recommend {
namespace {

rules::SettingType RuleType(SettingType type) {
  switch (type) {
    case SettingType::Bool: return rules::SettingType::Bool;
    case SettingType::Integer: return rules::SettingType::Integer;
    case SettingType::Real: return rules::SettingType::Real;
    case SettingType::Bytes: return rules::SettingType::Bytes;
    case SettingType::Time: return rules::SettingType::Time;
    case SettingType::Text: return rules::SettingType::Text;
  }
  return rules::SettingType::Text;
}

class Catalogue final : public rules::SettingsCatalogue {
 public:
  [[nodiscard]] std::optional<rules::SettingType> TypeOf(std::string_view key) const override {
    const Setting* setting = FindSetting(key);
    if (setting == nullptr) return std::nullopt;
    return RuleType(setting->type);
  }
  [[nodiscard]] std::optional<std::string_view> DefaultFor(std::string_view key, int version) const override {
    const Setting* setting = FindSetting(key);
    if (setting == nullptr || version == 0) return std::nullopt;  // a default of an unknown version is a guess
    return recommend::DefaultFor(*setting, version);
  }
  [[nodiscard]] std::string_view AlternativeOf(std::string_view key) const override {
    const Setting* setting = FindSetting(key);
    return setting == nullptr ? std::string_view() : setting->alternative;
  }
  [[nodiscard]] std::optional<double> ParseValue(std::string_view key, std::string_view text) const override {
    const Setting* setting = FindSetting(key);
    return setting == nullptr ? std::nullopt : recommend::ParseValue(*setting, text);
  }
};

}  // namespace

const rules::SettingsCatalogue& SparkSettings() {
  static const Catalogue catalogue;
  return catalogue;
}

}  // namespace advise::recommend
