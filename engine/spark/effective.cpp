// Session, application, default: in this order.
#include "spark/effective.h"

#include <algorithm>

namespace advise::spark {
namespace {

// Where the key itself is set.
std::optional<EffectiveValue> SetAs(std::string_view key, const SettingSources& sources, bool ask_session) {
  EffectiveValue value;
  value.key = key;
  if (ask_session) {
    const auto found = std::ranges::find(sources.session, key, &Property::key);
    if (found != sources.session.end()) {
      value.text = found->value;
      value.origin = ValueOrigin::Session;
      return value;
    }
  }
  if (sources.application == nullptr) return std::nullopt;
  const auto found = sources.application->find(key);
  if (found == sources.application->end()) return std::nullopt;
  value.text = found->second;
  value.origin = ValueOrigin::Application;
  return value;
}

// A text becomes a number where the setting has one.
EffectiveValue Read(EffectiveValue value, const Setting* setting) {
  value.why = NoValue::HasValue;
  if (IsRedacted(*value.text)) {
    value.text.reset();
    value.why = NoValue::Redacted;
  } else if (setting != nullptr && setting->type != SettingType::Text) {
    value.number = ParseValue(*setting, *value.text);
    if (!value.number) value.why = NoValue::Unreadable;
  }
  return value;
}

EffectiveValue Nothing(std::string_view key, NoValue why) {
  EffectiveValue value;
  value.key = key;
  value.why = why;
  return value;
}

// Of other settings Spark ignores what a session says.
bool AskSession(const Setting* setting) { return setting == nullptr || setting->scope == SettingScope::Session; }

EffectiveValue Find(std::string_view key, const SettingSources& sources) {
  const Setting* setting = FindSetting(key);
  const bool ask_session = AskSession(setting);
  if (auto value = SetAs(key, sources, ask_session))
    return Read(*value, setting != nullptr ? setting : FindByAnyName(key));
  if (setting != nullptr) {
    for (const std::string_view older : OlderNames(*setting)) {
      if (auto value = SetAs(older, sources, ask_session)) return Read(*value, setting);
    }
  }
  if (sources.application == nullptr) return Nothing(key, NoValue::NoEnvironment);
  if (setting == nullptr) return Nothing(key, NoValue::NoDefault);
  if (!sources.version.known) return Nothing(key, NoValue::NoVersion);
  const Default found = DefaultOf(*setting, sources.version.since_code());
  if (found.same_as != nullptr) {
    EffectiveValue value = Find(found.same_as->key, sources);
    value.inherited = true;
    return value.text && setting->type != found.same_as->type ? Read(value, setting) : value;
  }
  if (!found.text) return Nothing(key, NoValue::NoDefault);
  EffectiveValue value;
  value.key = key;
  value.text = found.text;
  value.origin = ValueOrigin::Default;
  return Read(value, setting);
}

}  // namespace

EffectiveValue Effective(std::string_view key, const SettingSources& sources) {
  EffectiveValue value = Find(key, sources);
  value.guessed = !sources.session_known && value.origin != ValueOrigin::Session && AskSession(FindSetting(key));
  return value;
}

std::string Explain(const EffectiveValue& value) {
  switch (value.why) {
    case NoValue::HasValue: return "";
    case NoValue::NoEnvironment: return "the log has no EnvironmentUpdate";
    case NoValue::Redacted: return "the log hides its value";
    case NoValue::NoVersion: return "it is not set, and the log does not say the Spark version, whose default holds";
    case NoValue::NoDefault: return "it is not set, and this Spark version has no default for it";
    case NoValue::Differs: return "the queries that it is asked of have different values";
    case NoValue::Unreadable: return "its value `" + std::string(value.text.value_or("")) + "` cannot be read";
  }
  return "";
}

bool IsRedacted(std::string_view value) { return value.find("(redacted)") != std::string_view::npos; }

}  // namespace advise::spark
