// Tells why an executor was removed from the reason text; the table says how often each text was met in the corpus.
#include "model/derive/removal_reasons.h"

#include <algorithm>

#include "support/text.h"

namespace advise::model {
namespace {

// Order matters: what names a cause stands before what names only the way in which it ended ("Container marked as
// failed … exit code 137"). The count is executors / logs among the 130 logs of the corpus; 0 / 0: text known from
// Spark's or Hadoop's source only. Left out on purpose, hence unknown: "Container marked as failed" with other exit
// codes (11 / 4), "Remote RPC client disassociated" (0 / 0: crash or network), exit code 143 (SIGTERM, by anybody).
constexpr RemovalReason kReasons[] = {
    // Out of heap: SparkExitCode.OOM is 52.
    {"exited with code 52", RemovalClass::Oom},      // 0 / 0  standalone, YARN
    {"exit code 52", RemovalClass::Oom},             // 0 / 0  K8s ExecutorPodsLifecycleManager
    {"exit code: 52", RemovalClass::Oom},            // 0 / 0  Hadoop diagnostics
    {"exit status: 52", RemovalClass::Oom},          // 0 / 0  YarnAllocator
    {"OutOfMemoryError", RemovalClass::Oom},         // 0 / 0  diagnostics with a stack
    {"preempt", RemovalClass::Preempted},            // 0 / 0  YarnAllocator: "was preempted"; cloud nodes
    {"exit status: -102", RemovalClass::Preempted},  // 0 / 0  ContainerExitStatus.PREEMPTED
    {"decommission", RemovalClass::Decommissioned},  // 0 / 0  ExecutorDecommission, since 3.1
    // Out of the container's memory.
    {"memory limits", RemovalClass::ContainerKilled},  // 0 / 0  YARN: "for exceeding (physical) memory limits"
    {"running beyond physical memory", RemovalClass::ContainerKilled},  // 0 / 0  NodeManager diagnostics
    {"running beyond virtual memory", RemovalClass::ContainerKilled},   // 0 / 0
    {"OOMKilled", RemovalClass::ContainerKilled},                       // 0 / 0  K8s reason of the terminated container
    {"container OOM", RemovalClass::ContainerKilled},         // 0 / 0  K8s: "137(SIGKILL, possible container OOM)"
    {"exit code 137", RemovalClass::ContainerKilled},         // 0 / 0  128 + SIGKILL
    {"exit code: 137", RemovalClass::ContainerKilled},        // 0 / 0
    {"exit status: 137", RemovalClass::ContainerKilled},      // 0 / 0
    {"exited with code 137", RemovalClass::ContainerKilled},  // 0 / 0
    {"heartbeat", RemovalClass::Heartbeat},                   // 0 / 0  "Executor heartbeat timed out after N ms"
    {"worker lost", RemovalClass::LostNode},                  // 1 / 1  standalone, with "got disassociated"
    {"Executor Process Lost", RemovalClass::LostNode},        // 2 / 1  ExecutorProcessLost, since 3.1
    {"slave lost", RemovalClass::LostNode},                   // 0 / 0  the same before 3.1
    {"lost node", RemovalClass::LostNode},                    // 0 / 0  "Container released on a *lost* node"
    {"*lost* node", RemovalClass::LostNode},                  // 0 / 0
    {"exit status: -100", RemovalClass::LostNode},            // 0 / 0  ContainerExitStatus.ABORTED
    {"deleted by a user", RemovalClass::User},                // 0 / 0  K8s: "by a user or the framework"
    {"killed by user", RemovalClass::User},                   // 0 / 0
    // Given back on purpose: dynamic allocation.
    {"explicit termination request", RemovalClass::Idle},  // 59 / 3  YARN
    {"Executor killed by driver", RemovalClass::Idle},     // 14 / 1  CoarseGrainedSchedulerBackend
    {"Dynamic allocation", RemovalClass::Idle},            // 3 / 3
    {"idle", RemovalClass::Idle},                          // 0 / 0  Databricks and others
};

}  // namespace

bool OccursIn(std::string_view in, std::string_view text) {
  const auto same = [](char a, char b) { return Lower(a) == Lower(b); };
  auto at = in.begin();
  while (true) {
    at = std::search(at, in.end(), text.begin(), text.end(), same);
    if (at == in.end()) return false;
    const auto behind = at + static_cast<std::ptrdiff_t>(text.size());
    if (!IsDigit(text.back()) || behind == in.end() || !IsDigit(*behind)) return true;
    ++at;
  }
}

std::span<const RemovalReason> RemovalReasons() { return kReasons; }

RemovalClass ClassifyRemoval(std::string_view reason) {
  for (const RemovalReason& row : kReasons) {
    if (OccursIn(reason, row.text)) return row.removal_class;
  }
  return RemovalClass::Unknown;
}

}  // namespace advise::model
