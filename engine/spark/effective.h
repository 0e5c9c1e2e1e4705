// What a setting was where it is asked: in a query that is what its session says, else what the application says, else
// the default of the Spark version that wrote the log. The one place that decides it: rules (`conf "key"`), derived
// columns of the model and recommendations all ask here (model/effective_setting.h finds the sources of a log).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "spark/settings.h"
#include "spark/version.h"

namespace advise::spark {

// As an EnvironmentUpdate lists them.
using Properties = std::map<std::string, std::string, std::less<>>;

struct Property {
  std::string_view key;
  std::string_view value;
};

// What a log says of settings. All of it outlives what Effective returns.
struct SettingSources {
  const Properties* application = nullptr;  // Spark properties; null: the log has none (no EnvironmentUpdate)
  // Of the query that is asked for: what its session had set apart from the application when it started.
  std::span<const Property> session;
  SparkVersion version;
  bool session_known = true;  // false: the log does not hold what the session set; the application's values are a guess
};

enum class ValueOrigin : std::uint8_t { None, Default, Application, Session };

// Why there is no value, or none that can be read.
enum class NoValue : std::uint8_t {
  HasValue,
  NoEnvironment,  // the log has no Spark properties
  Redacted,       // it is set, and the log hides to what
  NoVersion,      // it is not set, and the log does not say which version's default holds
  NoDefault,      // it is not set, and has no default (in this version)
  Unreadable,     // it is set to something that Spark would not accept
  Differs,        // several queries are asked for, and their sessions have different values
};

struct EffectiveValue {
  std::optional<std::string_view> text;  // as the log or the registry spells it; of Unreadable too
  // In base units (ParseValue); nullopt for Text and for settings that are not registered.
  std::optional<double> number;
  ValueOrigin origin = ValueOrigin::None;  // Redacted, Differs: where it is set
  // Under which name the value stands: the key itself, an older name, or the setting whose value it takes by default.
  std::string_view key;
  bool inherited = false;  // it is that other setting's value
  NoValue why = NoValue::NoDefault;
  bool guessed = false;  // a session that the log does not show may have set something else

  // Under its own or an older name, readable or not.
  [[nodiscard]] bool is_set() const {
    return !inherited && (origin == ValueOrigin::Application || origin == ValueOrigin::Session);
  }
};

// A session counts only for what can be set at run time: of other settings Spark ignores what a session says.
EffectiveValue Effective(std::string_view key, const SettingSources& sources);

// "the log has no EnvironmentUpdate", "its value `x` cannot be read": the rest of a sentence about the setting. Empty
// for HasValue.
std::string Explain(const EffectiveValue& value);

// "*********(redacted)" and the like.
bool IsRedacted(std::string_view value);

}  // namespace advise::spark
