// The catalogue of Spark settings: scope, type, range, and default per Spark version (settings.def, generated from each
// version's own registry). What a setting was in a run or in one of its queries: effective.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spark/values.h"

namespace advise::spark {

// Where a setting can be changed. Session: at run time in the SQL session. Static and Submit: only when the application
// is submitted (static is a SQL setting that is fixed at start).
enum class SettingScope : std::uint8_t { Session, Static, Submit };

// One end of a range, in what a bare number counts.
struct Bound {
  bool any = true;      // no end but that of the type
  bool beyond = false;  // the end itself is not allowed
  double value = 0;
};

// Versions are coded as in schema.def: 31 = Spark 3.1, 40 = Spark 4.0.
struct Setting {
  std::string_view key;
  SettingType type = SettingType::Text;
  double bare = 1;  // what a bare number counts: bytes or ms; 1 for other types
  SettingScope scope = SettingScope::Submit;
  int first = 0;          // first version that has it; 0: unknown, taken as all
  int gone = 0;           // first version without it; 0: still there
  bool is_public = true;  // false: internal to Spark, never advised
  Bound low;              // as Spark 4.0 accepts it
  Bound high;
  std::string_view defaults;  // see settings.def
  std::string_view older;     // names it had before and that Spark still reads, in this order, separated by blanks
};

std::span<const Setting> AllSettings();            // by key
const Setting* FindSetting(std::string_view key);  // null: not registered in any version we know
// The same, and by an older name: null if it is none either. What its values are is the same under both names.
const Setting* FindByAnyName(std::string_view key);
bool ExistsIn(const Setting& setting, int version);
// Each of `older`.
std::vector<std::string_view> OlderNames(const Setting& setting);

// Whether a key that FindSetting does not know may be a setting all the same: an older name of one, outside the spark.
// namespace, below a name there that Spark does not use itself (spark.databricks., spark.rapids., spark.acme.), or one
// of the keys that users name in part (spark.executorEnv.X, spark.sql.catalog.X).
bool MayExist(std::string_view key);
// The registered name nearest to a wrong one; nullopt: none is near.
std::optional<std::string_view> NearestSetting(std::string_view key);

// The default of that version as the registry spells it ("64MB", "true"), or the setting whose value it takes.
struct Default {
  std::optional<std::string_view> text;
  const Setting* same_as = nullptr;
};
// Neither text nor same_as: it has none, or the setting does not exist in that version. A version older than the
// registry's first entry takes that entry.
Default DefaultOf(const Setting& setting, int version);
// The same followed through `same_as`: nullopt if nothing is there either.
std::optional<std::string_view> DefaultFor(const Setting& setting, int version);

// The value as a number in base units: bytes, milliseconds, 0 or 1, or the number itself. nullopt: Spark would not
// accept the text (JavaUtils.byteStringAs, timeStringAs: no fractions), or the type is Text. Ranges are not looked at.
std::optional<double> ParseValue(const Setting& setting, std::string_view text);

// The number (base units) in Spark's own spelling for this setting: 536870912 is "512m", 90000 "90s", 1 "true".
std::string SpellValue(const Setting& setting, double value);

// What Spark says against a number (base units), such as "spark.sql.shuffle.partitions is at least 1"; nullopt:
// nothing.
std::optional<std::string> CheckRange(const Setting& setting, double value);

// What is wrong with KEY=VALUE for this version, or nullopt if Spark accepts it. `version` 0: unknown version, only the
// name and the spelling are checked.
std::optional<std::string> CheckValue(std::string_view key, std::string_view value, int version);

}  // namespace advise::spark
