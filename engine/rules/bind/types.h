// The types of the rule language. A number has a dimension (exponents of time, bytes, slots and money) and a form,
// which says how to print it and nothing else, with one exception: dividing SlotTime by a number of slots gives
// Duration. Base units: ms, bytes; everything else as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/catalogue.h"
#include "rules/ast.h"
#include "support/typed_value.h"

namespace advise::rules {

struct Dimension {
  std::int8_t time = 0;
  std::int8_t bytes = 0;
  std::int8_t slot = 0;
  std::int8_t money = 0;
  friend bool operator==(const Dimension&, const Dimension&) = default;
  [[nodiscard]] bool none() const { return *this == Dimension{}; }
};
Dimension operator+(Dimension a, Dimension b);
Dimension operator-(Dimension a, Dimension b);

inline constexpr Dimension kTime{1, 0, 0, 0};
inline constexpr Dimension kSlotTime{1, 0, 1, 0};
inline constexpr Dimension kBytes{0, 1, 0, 0};
inline constexpr Dimension kRate{-1, 1, 0, 0};
inline constexpr Dimension kMoney{0, 0, 0, 1};

// What a number without dimension counts.
enum class NumberForm : std::uint8_t { Plain, Count, Slots, Share, Ratio, Id };

enum class TypeKind : std::uint8_t {
  Error,  // already reported: agrees with everything, so that one mistake has one message
  Number,
  Timestamp,  // affine: a difference is a Duration
  Version,
  String,
  Bool,
  Enum,       // a text out of enum_values
  Entity,     // one row of `entity`
  EntitySet,  // rows of `entity`
  Dist,       // one `element` value for each member of a set of `entity`
  Series,     // a step function of time
  Group,      // rows of `entity` that agree in the keys of a `group by`
  Wildcard,   // `_` in an atom
};

struct Type {
  TypeKind kind = TypeKind::Error;
  Dimension dimension{};                            // Number, Dist, Series
  NumberForm form = NumberForm::Plain;              // Number, Dist, Series
  bool interval = false;                            // a..b
  bool nullable = false;                            // the value may be missing
  TypeKind element = TypeKind::Number;              // Dist: Number, Bool, String, Enum, Timestamp or Version
  std::optional<metrics::EntityType> entity{};      // absent in a formal `Dist<Bytes>`: over anything
  std::span<const std::string_view> enum_values{};  // Enum, Dist of Enum
  std::vector<metrics::AttributeId> group_keys{};   // Group: keys that are plain attributes, by position

  [[nodiscard]] bool IsError() const { return kind == TypeKind::Error; }
  [[nodiscard]] bool IsNumber() const { return kind == TypeKind::Number; }
  [[nodiscard]] bool IsSet() const { return kind == TypeKind::EntitySet || kind == TypeKind::Group; }
};

Type NumberType(Dimension dimension, NumberForm form = NumberForm::Plain);
Type SimpleType(TypeKind kind);
Type EntityOf(metrics::EntityType entity);
Type SetOf(metrics::EntityType entity);
// The type that a number in this unit has. EpochMs is a Timestamp.
Type TypeOfUnit(metrics::Unit unit);
// The type that an attribute has in rules. Lists, which rules cannot use, are Error.
Type TypeOfAttribute(const metrics::Attribute& attribute);

// "Bytes", "SlotTime", "Dist<Bytes> over Task", "Group<Stage>", "Bytes * Duration".
std::string TypeText(const Type& type);
std::string EntityTypeText(const metrics::EntityType& entity);

// True if every `narrow` is a `wide`: a SortMergeJoin is a Join is a PlanNode.
bool IsSubtype(const metrics::EntityType& narrow, const metrics::EntityType& wide);
// True if a value can be both.
bool Overlaps(const metrics::EntityType& a, const metrics::EntityType& b);
// True if a value of type `value` may stand where `wanted` is declared.
bool Accepts(const Type& wanted, const Type& value);

// The type that a name in a rule file means. nullopt: no such type.
std::optional<Type> FindType(const ast::TypeName& name);
// All names that FindType knows, for did-you-mean.
std::vector<std::string_view> TypeNames();

// How values of the type are printed.
ValueForm FormOf(const Type& type);

}  // namespace advise::rules
