// The entities of a Spark run and typed rows of their tables.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace advise::model {

// One table of JobModel each, in the order in which `advise model` prints them. App has exactly one row.
enum class Entity : std::uint8_t {
  App,
  Job,
  Stage,
  Task,
  Executor,
  Host,
  SqlExecution,
  PlanNode,
  Shuffle,
  Gap,
  CachedRdd,
  Incident
};
inline constexpr std::size_t kEntityCount = 12;

// "Stage" (as in rules) and "stages" (as in JSON).
std::string_view EntityName(Entity entity);
std::string_view TableName(Entity entity);

// The row of one entity in its table: not Spark's id. Rows of different entities do not mix (they do not compile).
template <Entity E>
struct Row {
  std::uint32_t index = 0xffffffff;  // the default is "none"
  constexpr Row() = default;
  constexpr explicit Row(std::size_t i) : index(static_cast<std::uint32_t>(i)) {}
  [[nodiscard]] constexpr bool valid() const { return index != 0xffffffff; }
  friend constexpr auto operator<=>(const Row&, const Row&) = default;
};
using JobRow = Row<Entity::Job>;
using StageRow = Row<Entity::Stage>;
using TaskRow = Row<Entity::Task>;
using ExecutorRow = Row<Entity::Executor>;
using HostRow = Row<Entity::Host>;
using SqlRow = Row<Entity::SqlExecution>;
using NodeRow = Row<Entity::PlanNode>;
using ShuffleRow = Row<Entity::Shuffle>;
using GapRow = Row<Entity::Gap>;
using CachedRddRow = Row<Entity::CachedRdd>;
using IncidentRow = Row<Entity::Incident>;

// Whether rows of the entity belong to SQL queries (those of RDD jobs do not): what such a row asks of settings, its
// query's session may answer.
constexpr bool IsOfQueries(Entity entity) {
  return entity == Entity::SqlExecution || entity == Entity::PlanNode || entity == Entity::Stage ||
         entity == Entity::Job || entity == Entity::Task || entity == Entity::Shuffle;
}

}  // namespace advise::model

template <advise::model::Entity E>
struct std::hash<advise::model::Row<E>> {
  std::size_t operator()(advise::model::Row<E> row) const noexcept { return row.index; }
};
