// One row an entity that has a place in time.
#include "metrics/begin.h"

#include <string_view>

#include "metrics/catalogue.h"

namespace advise::metrics {
namespace {

std::string_view NameOf(Entity entity) {
  switch (entity) {
    case Entity::App:
    case Entity::Job:
    case Entity::SqlExecution:
    case Entity::Gap: return "start";
    case Entity::Stage: return "submitted";
    case Entity::Task: return "launch";
    case Entity::Executor: return "added";
    case Entity::Incident: return "time";
    case Entity::Host:
    case Entity::PlanNode:
    case Entity::Shuffle:
    case Entity::CachedRdd: return {};
  }
  return {};
}

}  // namespace

std::optional<AttributeId> BeginOf(Entity entity) {
  const std::string_view name = NameOf(entity);
  if (name.empty()) return std::nullopt;
  return Find(entity, name)->id;
}

}  // namespace advise::metrics
