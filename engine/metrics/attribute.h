// What may be asked of an entity: its attributes with type, unit, range, null-ability, first Spark version and
// documentation. Made from model/schema.def; the catalogue is closed: an unlisted name is an error with did-you-mean.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/entity.h"

namespace advise::metrics {

using model::Entity;

// How values are stored and compared.
enum class ValueKind : std::uint8_t {
  Number,  // with a unit
  Text,
  Bool,
  Enum,       // a text out of enum_values
  Entity,     // to-one: `target`
  EntitySet,  // to-many: `target`
  TextList,   // only `advise model`, and `any`/`count` later
  NumberList,
};

// Units of stored numbers (schema.def). Rules see: Ms and Ns as Duration (in ms), SlotMs as SlotTime, Bytes as Bytes,
// Count and Id as Count, Share and Ratio as Ratio, EpochMs as Timestamp.
enum class Unit : std::uint8_t { None, Id, Ms, Ns, Bytes, Count, Share, Ratio, EpochMs, SlotMs };
// "ms", "ns", "B", "count", "share", "ratio", "epoch ms", "slot ms"; "" for None and Id.
std::string_view UnitName(Unit unit);

enum class AttributeId : std::uint16_t {};

struct Attribute {
  AttributeId id{};
  Entity entity = Entity::App;
  std::string_view name;
  ValueKind kind = ValueKind::Number;
  Unit unit = Unit::None;
  Entity target = Entity::App;                      // of Entity and EntitySet
  std::span<const std::string_view> enum_values{};  // of Enum
  int since = 0;                                    // 21 = Spark 2.1; 0: all versions
  bool nullable = false;                            // may be missing in a log of such a version
  bool for_rules = false;                           // false: only `advise model` shows it
  std::string_view missing_because;                 // why it may be missing, besides the version
  std::string_view doc;                             // what it is, and its source
  bool whole = false;                               // a Number that is always an integer
  // Range of values, for "can never hold" checks: Share 0..1, other units >= 0 where they cannot be negative.
  std::optional<double> low{};
  std::optional<double> high{};
};

}  // namespace advise::metrics
