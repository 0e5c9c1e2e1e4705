// Arithmetic of dimensions, types of attributes, and their names as authors read them.
#include "rules/bind/types.h"

#include <algorithm>
#include <array>

namespace advise::rules {
namespace {

struct NamedType {
  std::string_view name;
  TypeKind kind;
  Dimension dimension;
  NumberForm form;
};
constexpr NamedType kNamedTypes[] = {
    {"Duration", TypeKind::Number, kTime, NumberForm::Plain},
    {"SlotTime", TypeKind::Number, kSlotTime, NumberForm::Plain},
    {"Bytes", TypeKind::Number, kBytes, NumberForm::Plain},
    {"Rate", TypeKind::Number, kRate, NumberForm::Plain},
    {"Money", TypeKind::Number, kMoney, NumberForm::Plain},
    {"Count", TypeKind::Number, {}, NumberForm::Count},
    {"Ratio", TypeKind::Number, {}, NumberForm::Ratio},
    {"Share", TypeKind::Number, {}, NumberForm::Share},
    {"Number", TypeKind::Number, {}, NumberForm::Plain},
    {"Timestamp", TypeKind::Timestamp, {}, NumberForm::Plain},
    {"Version", TypeKind::Version, {}, NumberForm::Plain},
    {"String", TypeKind::String, {}, NumberForm::Plain},
    {"Bool", TypeKind::Bool, {}, NumberForm::Plain},
    {"Series", TypeKind::Series, {}, NumberForm::Count},
};

// The attributes that count slots: dividing SlotTime by them gives wall time.
constexpr std::string_view kSlotCounts[] = {"slots", "slots_available", "slots_per_executor", "max_running"};

std::int8_t Sum(std::int8_t a, std::int8_t b) { return static_cast<std::int8_t>(a + b); }

std::string ExponentText(std::string_view unit, int exponent) {
  std::string text(unit);
  if (exponent != 1) text += "^" + std::to_string(exponent);
  return text;
}

std::string NumberText(Dimension d, NumberForm form) {
  for (const NamedType& named : kNamedTypes) {
    if (named.kind == TypeKind::Number && !d.none() && named.dimension == d) return std::string(named.name);
  }
  if (d.none()) {
    switch (form) {
      case NumberForm::Count:
      case NumberForm::Slots: return "Count";
      case NumberForm::Share:
      case NumberForm::Ratio: return "Ratio";
      case NumberForm::Id:
      case NumberForm::Plain: return "Number";
    }
  }
  std::string text;
  const std::pair<std::string_view, int> parts[] = {
      {"Bytes", d.bytes}, {"Duration", d.time}, {"Slots", d.slot}, {"Money", d.money}};
  for (const auto& [unit, exponent] : parts) {
    if (exponent == 0) continue;
    if (!text.empty()) text += " * ";
    text += ExponentText(unit, exponent);
  }
  return text;
}

}  // namespace

Dimension operator+(Dimension a, Dimension b) {
  return {Sum(a.time, b.time), Sum(a.bytes, b.bytes), Sum(a.slot, b.slot), Sum(a.money, b.money)};
}

Dimension operator-(Dimension a, Dimension b) {
  const auto minus = [](std::int8_t x) { return static_cast<std::int8_t>(-x); };
  return a + Dimension{minus(b.time), minus(b.bytes), minus(b.slot), minus(b.money)};
}

Type NumberType(Dimension dimension, NumberForm form) {
  Type type;
  type.kind = TypeKind::Number;
  type.dimension = dimension;
  type.form = form;
  return type;
}

Type SimpleType(TypeKind kind) {
  Type type;
  type.kind = kind;
  return type;
}

Type EntityOf(metrics::EntityType entity) {
  Type type;
  type.kind = TypeKind::Entity;
  type.entity = entity;
  return type;
}

Type SetOf(metrics::EntityType entity) {
  Type type = EntityOf(entity);
  type.kind = TypeKind::EntitySet;
  return type;
}

Type TypeOfUnit(metrics::Unit unit) {
  switch (unit) {
    case metrics::Unit::None: return NumberType({});
    case metrics::Unit::Id: return NumberType({}, NumberForm::Id);
    case metrics::Unit::Ms:
    case metrics::Unit::Ns: return NumberType(kTime);
    case metrics::Unit::Bytes: return NumberType(kBytes);
    case metrics::Unit::Count: return NumberType({}, NumberForm::Count);
    case metrics::Unit::Share: return NumberType({}, NumberForm::Share);
    case metrics::Unit::Ratio: return NumberType({}, NumberForm::Ratio);
    case metrics::Unit::EpochMs: return SimpleType(TypeKind::Timestamp);
    case metrics::Unit::SlotMs: return NumberType(kSlotTime);
  }
  return NumberType({});
}

Type TypeOfAttribute(const metrics::Attribute& attribute) {
  Type type;
  switch (attribute.kind) {
    case metrics::ValueKind::Number:
      type = TypeOfUnit(attribute.unit);
      if (std::ranges::find(kSlotCounts, attribute.name) != std::end(kSlotCounts)) type.form = NumberForm::Slots;
      break;
    case metrics::ValueKind::Text:
      // The one text that is a version; "3.3.0-amzn-0" compares as 3.3.0.
      type = SimpleType(attribute.entity == metrics::Entity::App && attribute.name == "spark" ? TypeKind::Version
                                                                                              : TypeKind::String);
      break;
    case metrics::ValueKind::Bool: type = SimpleType(TypeKind::Bool); break;
    case metrics::ValueKind::Enum:
      type = SimpleType(TypeKind::Enum);
      type.enum_values = attribute.enum_values;
      break;
    case metrics::ValueKind::Entity: type = EntityOf({attribute.target, std::nullopt}); break;
    case metrics::ValueKind::EntitySet: type = SetOf({attribute.target, std::nullopt}); break;
    case metrics::ValueKind::TextList:
    case metrics::ValueKind::NumberList: return type;
  }
  type.nullable = attribute.nullable;
  return type;
}

std::string EntityTypeText(const metrics::EntityType& entity) {
  if (entity.node_kind) return std::string(model::EnumName(*entity.node_kind));
  return std::string(model::EntityName(entity.entity));
}

std::string TypeText(const Type& type) {
  switch (type.kind) {
    case TypeKind::Error: return "an error";
    case TypeKind::Number: return (type.interval ? "an interval of " : "") + NumberText(type.dimension, type.form);
    case TypeKind::Timestamp: return "Timestamp";
    case TypeKind::Version: return "Version";
    case TypeKind::String: return "String";
    case TypeKind::Bool: return "Bool";
    case TypeKind::Enum: return "Enum";
    case TypeKind::Entity: return EntityTypeText(*type.entity);
    case TypeKind::EntitySet: return "a set of " + EntityTypeText(*type.entity);
    case TypeKind::Dist: {
      Type element = type;
      element.kind = type.element;
      std::string text = "Dist<" + TypeText(element) + ">";
      if (type.entity) text += " over " + EntityTypeText(*type.entity);
      return text;
    }
    case TypeKind::Series: return "Series";
    case TypeKind::Group: return "Group<" + EntityTypeText(*type.entity) + ">";
    case TypeKind::Wildcard: return "_";
  }
  return {};
}

bool IsSubtype(const metrics::EntityType& narrow, const metrics::EntityType& wide) {
  if (narrow.entity != wide.entity) return false;
  if (!wide.node_kind) return true;
  return narrow.node_kind && model::IsA(*narrow.node_kind, *wide.node_kind);
}

bool Overlaps(const metrics::EntityType& a, const metrics::EntityType& b) { return IsSubtype(a, b) || IsSubtype(b, a); }

bool Accepts(const Type& wanted, const Type& value) {
  if (wanted.IsError() || value.IsError()) return true;
  if (wanted.kind == TypeKind::String && value.kind == TypeKind::Enum) return true;
  // A group is the set of its members wherever a set is wanted.
  if (wanted.kind == TypeKind::EntitySet && value.kind == TypeKind::Group) {
    return Overlaps(*wanted.entity, *value.entity);
  }
  if (wanted.kind != value.kind || wanted.interval != value.interval) return false;
  switch (wanted.kind) {
    case TypeKind::Number: return wanted.dimension == value.dimension;
    case TypeKind::Entity:
    case TypeKind::EntitySet:
    case TypeKind::Group: return Overlaps(*wanted.entity, *value.entity);
    case TypeKind::Dist: {
      if (wanted.entity && value.entity && !Overlaps(*wanted.entity, *value.entity)) return false;
      Type wanted_element = wanted;
      Type value_element = value;
      wanted_element.kind = wanted.element;
      value_element.kind = value.element;
      return Accepts(wanted_element, value_element);
    }
    case TypeKind::Error:
    case TypeKind::Timestamp:
    case TypeKind::Version:
    case TypeKind::String:
    case TypeKind::Bool:
    case TypeKind::Enum:
    case TypeKind::Series:
    case TypeKind::Wildcard: return true;
  }
  return false;
}

std::optional<Type> FindType(const ast::TypeName& name) {
  const std::string& text = name.name.text;
  std::optional<Type> type;
  if (text == "Dist" && name.arguments.size() == 1) {
    type = FindType(name.arguments[0]);
    if (!type) return std::nullopt;
    type->element = type->kind;
    type->kind = TypeKind::Dist;
  } else if ((text == "Group" || text == "Set") && name.arguments.size() == 1) {
    type = FindType(name.arguments[0]);
    if (!type || type->kind != TypeKind::Entity) return std::nullopt;
    type->kind = text == "Group" ? TypeKind::Group : TypeKind::EntitySet;
  } else if (!name.arguments.empty()) {
    return std::nullopt;
  } else {
    for (const NamedType& named : kNamedTypes) {
      if (named.name != text) continue;
      type = NumberType(named.dimension, named.form);
      type->kind = named.kind;
    }
    if (!type) {
      const auto entity = metrics::FindEntityType(text);
      if (entity) type = EntityOf(*entity);
    }
  }
  if (type) type->nullable = name.nullable;
  return type;
}

std::vector<std::string_view> TypeNames() {
  std::vector<std::string_view> names = {"Dist", "Group", "Set"};
  for (const NamedType& named : kNamedTypes) names.push_back(named.name);
  for (const std::string_view name : metrics::EntityTypeNames()) names.push_back(name);
  return names;
}

ValueForm FormOf(const Type& type) {
  switch (type.kind) {
    case TypeKind::Number:
      if (type.dimension == kTime) return ValueForm::Duration;
      if (type.dimension == kSlotTime) return ValueForm::SlotTime;
      if (type.dimension == kBytes) return ValueForm::Bytes;
      if (type.dimension == kRate) return ValueForm::Rate;
      if (type.dimension == kMoney) return ValueForm::Money;
      if (!type.dimension.none()) return ValueForm::Number;
      switch (type.form) {
        case NumberForm::Plain: return ValueForm::Number;
        case NumberForm::Count:
        case NumberForm::Slots: return ValueForm::Count;
        case NumberForm::Share: return ValueForm::Share;
        case NumberForm::Ratio: return ValueForm::Ratio;
        case NumberForm::Id: return ValueForm::Id;
      }
      return ValueForm::Number;
    case TypeKind::Timestamp: return ValueForm::Timestamp;
    case TypeKind::Version: return ValueForm::Version;
    case TypeKind::Bool: return ValueForm::Bool;
    case TypeKind::Entity:
    case TypeKind::EntitySet:
    case TypeKind::Group: return ValueForm::Entity;
    case TypeKind::Enum: return ValueForm::Word;
    case TypeKind::Dist: return type.element == TypeKind::Enum ? ValueForm::Word : ValueForm::Text;
    case TypeKind::String:
    case TypeKind::Series:
    case TypeKind::Error:
    case TypeKind::Wildcard: return ValueForm::Text;
  }
  return ValueForm::Text;
}

}  // namespace advise::rules
