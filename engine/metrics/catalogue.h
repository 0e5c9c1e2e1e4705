// The closed list of attributes, its names and members. Needs no log.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "metrics/attribute.h"
#include "model/enums.h"

namespace advise::metrics {

// All attributes, by entity, in the order of schema.def; peak_* columns of executor metrics included.
std::span<const Attribute> AllAttributes();
std::span<const Attribute> AttributesOf(Entity entity);
const Attribute& Get(AttributeId id);
// Null if the entity has no such attribute (whether for rules or not: see Attribute::for_rules).
const Attribute* Find(Entity entity, std::string_view name);

// The entity that a type name of the rule language means: "Stage", "Task" …; plan node kinds ("SortMergeJoin", "Join")
// are PlanNode with a kind. nullopt: no such type.
struct EntityType {
  Entity entity = Entity::App;
  std::optional<model::NodeKind> node_kind;  // only of PlanNode; absent: any node
  friend bool operator==(const EntityType&, const EntityType&) = default;
};
std::optional<EntityType> FindEntityType(std::string_view name);
// All type names, for did-you-mean.
std::span<const std::string_view> EntityTypeNames();

// Edges of patterns.
enum class EdgeKind : std::uint8_t { Shuffle, Runs, Feeds, RanOn, After, Caches, ReadsCache, Retries };
struct EdgeInfo {
  EdgeKind kind;
  std::string_view name;
  Entity from;
  Entity to;
  // The entity that the edge variable is (Shuffle: a row of shuffles); absent: the edge carries no attributes.
  std::optional<Entity> as;
  std::string_view doc;
};
std::span<const EdgeInfo> AllEdges();
const EdgeInfo* FindEdge(std::string_view name);

}  // namespace advise::metrics
