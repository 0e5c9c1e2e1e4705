// The catalogue is schema.def seen as data: the column type gives kind, target and enum values; the unit gives the
// range.
#include "metrics/catalogue.h"

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "metrics/families.def"
#include "model/job_model.h"
#include "support/check.h"

namespace advise::metrics {
namespace {

using model::EnumColumn;
using model::FlagColumn;
using model::IntColumn;
using model::IntListColumn;
using model::JobModel;
using model::NodeKind;
using model::PackedColumn;
using model::RealColumn;
using model::RefColumn;
using model::SetColumn;
using model::StrColumn;
using model::StrListColumn;

// What a column type says about the values in it.
struct ColumnType {
  ValueKind kind = ValueKind::Number;
  Entity target = Entity::App;
  std::span<const std::string_view> enum_values{};
  bool whole = false;
};

template <class Column>
struct TypeOf;
template <>
struct TypeOf<IntColumn> {
  static ColumnType Get() { return {.kind = ValueKind::Number, .whole = true}; }
};
template <>
struct TypeOf<PackedColumn> {
  static ColumnType Get() { return {.kind = ValueKind::Number, .whole = true}; }
};
template <>
struct TypeOf<RealColumn> {
  static ColumnType Get() { return {.kind = ValueKind::Number}; }
};
template <>
struct TypeOf<StrColumn> {
  static ColumnType Get() { return {.kind = ValueKind::Text}; }
};
template <>
struct TypeOf<FlagColumn> {
  static ColumnType Get() { return {.kind = ValueKind::Bool}; }
};
template <class E>
struct TypeOf<EnumColumn<E>> {
  static ColumnType Get() { return {.kind = ValueKind::Enum, .enum_values = model::EnumNames<E>()}; }
};
template <Entity E>
struct TypeOf<RefColumn<E>> {
  static ColumnType Get() { return {.kind = ValueKind::Entity, .target = E}; }
};
template <Entity E>
struct TypeOf<SetColumn<E>> {
  static ColumnType Get() { return {.kind = ValueKind::EntitySet, .target = E}; }
};
template <>
struct TypeOf<StrListColumn> {
  static ColumnType Get() { return {.kind = ValueKind::TextList}; }
};
template <>
struct TypeOf<IntListColumn> {
  static ColumnType Get() { return {.kind = ValueKind::NumberList}; }
};

enum class Scope : std::uint8_t { Rule, Rest };

// Sets and lists may be empty but are never missing.
bool IsMany(ValueKind kind) {
  return kind == ValueKind::EntitySet || kind == ValueKind::TextList || kind == ValueKind::NumberList;
}

void SetRange(Attribute& attribute) {
  switch (attribute.unit) {
    case Unit::None:
    case Unit::Id:  // an exit code may be negative
      return;
    case Unit::Share:
      attribute.low = 0;
      attribute.high = 1;
      return;
    case Unit::Ms:
    case Unit::Ns:
    case Unit::Bytes:
    case Unit::Count:
    case Unit::Ratio:
    case Unit::EpochMs:
    case Unit::SlotMs: attribute.low = 0; return;
  }
}

struct Catalogue {
  std::vector<Attribute> all;
  std::array<std::size_t, model::kEntityCount + 1> begin{};  // the attributes of entity e are [begin[e], begin[e + 1])
  std::array<std::unordered_map<std::string_view, AttributeId>, model::kEntityCount> by_name;

  Catalogue();
  void Add(Entity entity, std::string_view name, ColumnType type, Unit unit, int since, Scope scope,
           std::string_view missing_because, std::string_view doc);
};

void Catalogue::Add(Entity entity, std::string_view name, ColumnType type, Unit unit, int since, Scope scope,
                    std::string_view missing_because, std::string_view doc) {
  Attribute attribute{.id = AttributeId{static_cast<std::uint16_t>(all.size())},
                      .entity = entity,
                      .name = name,
                      .kind = type.kind,
                      .unit = unit,
                      .target = type.target,
                      .enum_values = type.enum_values,
                      .since = since,
                      .nullable = !IsMany(type.kind) && (!missing_because.empty() || since > 0),
                      .for_rules = scope == Scope::Rule,
                      .missing_because = missing_because,
                      .doc = doc,
                      .whole = type.whole};
  SetRange(attribute);
  const bool is_new = by_name[static_cast<std::size_t>(entity)].emplace(name, attribute.id).second;
  ADVISE_CHECK(is_new, "schema.def names an attribute twice");
  all.push_back(attribute);
  begin[static_cast<std::size_t>(entity) + 1] = all.size();
}

Catalogue::Catalogue() {
#define ADVISE_COLUMN(name, Column, unit, since, scope, missing, doc) \
  Add(entity, #name, TypeOf<decltype(Table::name)>::Get(), Unit::unit, since, Scope::scope, missing, doc);
#define ADVISE_TABLE(EntityName, table, COLUMNS)  \
  {                                               \
    constexpr Entity entity = Entity::EntityName; \
    using Table = decltype(JobModel::table);      \
    COLUMNS(ADVISE_COLUMN)                        \
  }
#define ADVISE_PEAK(Spark, suffix, unit, since)                                                  \
  Add(entity, "peak_" #suffix, TypeOf<IntColumn>::Get(), Unit::unit, since, Scope::Rest,         \
      "executor metrics were never polled (spark.eventLog.logStageExecutorMetrics brings more)", \
      "largest " #Spark " seen at a poll; StageExecutorMetrics and Task Executor Metrics");
#define ADVISE_PEAKS(EntityName, table)           \
  {                                               \
    constexpr Entity entity = Entity::EntityName; \
    ADVISE_EXECUTOR_METRICS(ADVISE_PEAK)          \
  }
  ADVISE_FAMILIES(ADVISE_TABLE, ADVISE_PEAKS)
#undef ADVISE_COLUMN
#undef ADVISE_TABLE
#undef ADVISE_PEAK
#undef ADVISE_PEAKS
}

const Catalogue& TheCatalogue() {
  static const Catalogue kCatalogue;
  return kCatalogue;
}

constexpr EdgeInfo kEdges[] = {
    {.kind = EdgeKind::Shuffle,
     .name = "Shuffle",
     .from = Entity::Stage,
     .to = Entity::Stage,
     .as = Entity::Shuffle,
     .doc = "the map stage wrote what the reduce stage read; the edge variable is a Shuffle"},
    {.kind = EdgeKind::Runs,
     .name = "Runs",
     .from = Entity::Stage,
     .to = Entity::PlanNode,
     .as = std::nullopt,
     .doc = "the node of the final plan ran in the stage attempt (known by metric, cluster or neighbour)"},
    {.kind = EdgeKind::Feeds,
     .name = "Feeds",
     .from = Entity::PlanNode,
     .to = Entity::PlanNode,
     .as = std::nullopt,
     .doc = "the first node is an input of the second in the final plan; code generation blocks and nodes that Spark's "
            "graph does not draw are passed over"},
    {.kind = EdgeKind::RanOn,
     .name = "RanOn",
     .from = Entity::Stage,
     .to = Entity::Executor,
     .as = std::nullopt,
     .doc = "a task of the stage attempt ran on the executor"},
    {.kind = EdgeKind::After,
     .name = "After",
     .from = Entity::Job,
     .to = Entity::Job,
     .as = std::nullopt,
     .doc = "(a)-[:After]->(b): b started after a had ended, and no job lies wholly between"},
    {.kind = EdgeKind::Caches,
     .name = "Caches",
     .from = Entity::Stage,
     .to = Entity::CachedRdd,
     .as = std::nullopt,
     .doc = "the stage computed the cached RDD"},
    {.kind = EdgeKind::ReadsCache,
     .name = "ReadsCache",
     .from = Entity::Stage,
     .to = Entity::CachedRdd,
     .as = std::nullopt,
     .doc = "the stage read the RDD, which an earlier stage had computed and cached"},
    {.kind = EdgeKind::Retries,
     .name = "Retries",
     .from = Entity::Stage,
     .to = Entity::Stage,
     .as = std::nullopt,
     .doc = "(a)-[:Retries]->(b): b is the next attempt of the stage after a"},
};

struct TypeNames {
  std::vector<std::string_view> names;
  std::unordered_map<std::string_view, EntityType> types;
};

// "Shuffle" is an entity; the node kinds have names of their own.
const TypeNames& Types() {
  static const TypeNames kTypes = [] {
    TypeNames types;
    const auto add = [&types](std::string_view name, EntityType type) {
      if (types.types.emplace(name, type).second) types.names.push_back(name);
    };
    for (std::size_t e = 0; e < model::kEntityCount; ++e) {
      const auto entity = static_cast<Entity>(e);
      add(model::EntityName(entity), {.entity = entity, .node_kind = std::nullopt});
    }
    const auto kinds = model::EnumNames<NodeKind>();
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      add(kinds[k], {.entity = Entity::PlanNode, .node_kind = static_cast<NodeKind>(k)});
    }
    return types;
  }();
  return kTypes;
}

}  // namespace

std::string_view UnitName(Unit unit) {
  switch (unit) {
    case Unit::None:
    case Unit::Id: return "";
    case Unit::Ms: return "ms";
    case Unit::Ns: return "ns";
    case Unit::Bytes: return "B";
    case Unit::Count: return "count";
    case Unit::Share: return "share";
    case Unit::Ratio: return "ratio";
    case Unit::EpochMs: return "epoch ms";
    case Unit::SlotMs: return "slot ms";
  }
  return "";
}

std::span<const Attribute> AllAttributes() { return TheCatalogue().all; }

std::span<const Attribute> AttributesOf(Entity entity) {
  const Catalogue& catalogue = TheCatalogue();
  const auto e = static_cast<std::size_t>(entity);
  return std::span(catalogue.all).subspan(catalogue.begin[e], catalogue.begin[e + 1] - catalogue.begin[e]);
}

const Attribute& Get(AttributeId id) { return TheCatalogue().all[static_cast<std::size_t>(id)]; }

const Attribute* Find(Entity entity, std::string_view name) {
  const Catalogue& catalogue = TheCatalogue();
  const auto& names = catalogue.by_name[static_cast<std::size_t>(entity)];
  const auto found = names.find(name);
  return found == names.end() ? nullptr : &catalogue.all[static_cast<std::size_t>(found->second)];
}

std::optional<EntityType> FindEntityType(std::string_view name) {
  const auto& types = Types().types;
  const auto found = types.find(name);
  if (found == types.end()) return std::nullopt;
  return found->second;
}

std::span<const std::string_view> EntityTypeNames() { return Types().names; }

std::span<const EdgeInfo> AllEdges() { return kEdges; }

const EdgeInfo* FindEdge(std::string_view name) {
  for (const EdgeInfo& edge : kEdges) {
    if (edge.name == name) return &edge;
  }
  return nullptr;
}

}  // namespace advise::metrics
