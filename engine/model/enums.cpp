// Spelled names of the enums, made from the same lists as the enums, and the tree of plan node kinds.
#include "model/enums.h"

#include "model/entity.h"

namespace advise::model {

#define ADVISE_TEXT(name, text) text,
#define ADVISE_NAMES(Type, LIST)                                      \
  template <>                                                         \
  std::span<const std::string_view> EnumNames<Type>() {               \
    static constexpr std::string_view kNames[] = {LIST(ADVISE_TEXT)}; \
    return kNames;                                                    \
  }
ADVISE_NAMES(JobStatus, ADVISE_JOB_STATUS)
ADVISE_NAMES(StageStatus, ADVISE_STAGE_STATUS)
ADVISE_NAMES(TaskStatus, ADVISE_TASK_STATUS)
ADVISE_NAMES(EndReason, ADVISE_END_REASON)
ADVISE_NAMES(Locality, ADVISE_LOCALITY)
ADVISE_NAMES(RemovalClass, ADVISE_REMOVAL_CLASS)
ADVISE_NAMES(FailureClass, ADVISE_FAILURE_CLASS)
ADVISE_NAMES(GapKind, ADVISE_GAP_KIND)
ADVISE_NAMES(Account, ADVISE_ACCOUNT)
ADVISE_NAMES(Environment, ADVISE_ENVIRONMENT)
ADVISE_NAMES(Engine, ADVISE_ENGINE)
ADVISE_NAMES(StagesEvidence, ADVISE_STAGES_EVIDENCE)
ADVISE_NAMES(IncidentKind, ADVISE_INCIDENT_KIND)
#undef ADVISE_TEXT

#define ADVISE_TEXT(name, text, parent) text,
ADVISE_NAMES(NodeKind, ADVISE_NODE_KIND)
#undef ADVISE_TEXT
#undef ADVISE_NAMES

NodeKind ParentKind(NodeKind kind) {
  static constexpr NodeKind kParents[] = {
#define ADVISE_PARENT(name, text, parent) NodeKind::parent,
      ADVISE_NODE_KIND(ADVISE_PARENT)
#undef ADVISE_PARENT
  };
  return kParents[static_cast<std::size_t>(kind)];
}

bool IsA(NodeKind kind, NodeKind super) {
  while (kind != super) {
    const NodeKind parent = ParentKind(kind);
    if (parent == kind) return false;
    kind = parent;
  }
  return true;
}

namespace {
struct EntityNames {
  std::string_view entity;
  std::string_view table;
};
constexpr EntityNames kEntityNames[kEntityCount] = {
    {"App", "app"},
    {"Job", "jobs"},
    {"Stage", "stages"},
    {"Task", "tasks"},
    {"Executor", "executors"},
    {"Host", "hosts"},
    {"SqlExecution", "sql_executions"},
    {"PlanNode", "plan_nodes"},
    {"Shuffle", "shuffles"},
    {"Gap", "gaps"},
    {"CachedRdd", "cached_rdds"},
    {"Incident", "incidents"},
};
}  // namespace

std::string_view EntityName(Entity entity) { return kEntityNames[static_cast<std::size_t>(entity)].entity; }
std::string_view TableName(Entity entity) { return kEntityNames[static_cast<std::size_t>(entity)].table; }

}  // namespace advise::model
