// The events of one chunk of a log, decoded: plain data without any reference to the log's bytes or to other chunks, so
// that chunks can be decoded on several threads and applied to the builder in order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "ingest/arena.h"
#include "ingest/ingest_stats.h"
#include "model/raw_events.h"

namespace advise::ingest {

// Everything but task starts and ends, which are nearly all of a log and have vectors of their own.
using OtherEvent =
    std::variant<model::LogStart, model::ApplicationStart, model::ApplicationEnd, model::EnvironmentUpdate,
                 model::ResourceProfileAdded, model::ExecutorAdded, model::ExecutorRemoved, model::BlockManagerAdded,
                 model::Exclusion, model::JobStart, model::JobEnd, model::StageSubmitted, model::StageCompleted,
                 model::StageExecutorMetrics, model::UnpersistRdd, model::BlockUpdated, model::SqlStart, model::SqlEnd,
                 model::SqlPlanUpdate, model::SqlMetricUpdates, model::DriverAccumUpdates, model::PlatformHint>;

enum class EventSlot : std::uint8_t { TaskStart, TaskEnd, Other };

struct EventBatch {
  struct Ref {
    EventSlot slot;
    std::uint32_t index;
  };
  Arena arena;
  std::vector<Ref> order;  // events in log order
  std::vector<model::TaskStart> task_starts;
  std::vector<model::TaskEnd> task_ends;
  std::vector<model::AccumulatorUpdate> updates;
  std::vector<model::ExecutorMetrics> executor_metrics;
  std::vector<model::NamedAccumulator> named;
  std::vector<OtherEvent> others;

  IngestStats stats;
  std::uint64_t lines = 0;   // whole or torn, blank ones included
  std::uint64_t events = 0;  // lines that are Spark events, unknown ones included
  std::uint64_t bytes = 0;
  std::map<std::string, std::uint64_t, std::less<>> unknown_events;  // name → count

  void Clear() {
    arena.Clear();
    order.clear();
    task_starts.clear();
    task_ends.clear();
    updates.clear();
    executor_metrics.clear();
    named.clear();
    others.clear();
    stats = IngestStats();
    lines = events = bytes = 0;
    unknown_events.clear();
  }
};

}  // namespace advise::ingest
