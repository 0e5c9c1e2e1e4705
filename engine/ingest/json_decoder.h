// Decodes the events of a log, one JSON object at a time, into an EventBatch. Private to ingest (simdjson).
#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/event_batch.h"
#include "ingest/json_fields.h"
#include "model/raw_events.h"
#include "support/limits.h"

namespace advise::ingest {

using model::kMissing;
using model::kMissingEnum;

// kMissing when the text is not an integer.
std::int64_t ParseInt(std::string_view text);

// The decode functions, one a kind of event; their files are decode_<family>.cpp.
class Decoder {
 public:
  Decoder(const Limits& limits, Detail detail) : limits_(limits), detail_(detail), room_(limits.event_free_bytes) {}

  EventBatch* batch = nullptr;

  // Each decode function reads the whole object and adds one event to the batch. false: the JSON is broken.
  bool TaskStart(od::object event);
  bool TaskEnd(od::object event);
  bool LogStart(od::object event);
  bool ApplicationStart(od::object event);
  bool ApplicationEnd(od::object event);
  bool EnvironmentUpdate(od::object event);
  bool ResourceProfileAdded(od::object event);
  bool ExecutorAdded(od::object event);
  bool ExecutorRemoved(od::object event);
  bool BlockManagerAdded(od::object event);
  bool JobStart(od::object event);
  bool JobEnd(od::object event);
  bool StageSubmitted(od::object event);
  bool StageCompleted(od::object event);
  bool StageExecutorMetrics(od::object event);
  bool ExecutorMetricsUpdate(od::object event);
  bool UnpersistRdd(od::object event);
  bool BlockUpdated(od::object event);
  bool SqlStart(od::object event);
  bool SqlEnd(od::object event);
  bool SqlPlanUpdate(od::object event);
  bool SqlMetricUpdates(od::object event);
  bool DriverAccumUpdates(od::object event);
  bool Excluded(od::object event) { return Exclusion(event, true); }
  bool Unexcluded(od::object event) { return Exclusion(event, false); }
  bool DatabricksMetadata(od::object event);
  bool EmrHint(od::object event);
  // Reads to the end, so that a broken line of an event that we skip is still seen as broken.
  bool Skip(od::object event);

  bool too_deep = false;   // set together with a false result
  bool too_dense = false;  // the same

  // Room for what the events of a line make of the model: that of its bytes, and what earlier lines of the chunk left.
  void AddRoom(std::size_t bytes) { room_ += bytes; }
  void StartChunk() { room_ = limits_.event_free_bytes; }

 private:
  // ---- scalars. Absent, null and values of a foreign type all read as missing; numbers may be written as strings.
  std::int64_t Int(od::value value);
  std::int64_t IntOfOther(od::value value);  // of what is no plain integer: a text, 1e3, null
  double Real(od::value value);
  bool Bool(od::value value);
  std::string_view Str(od::value value);       // copied into the arena; numbers as written; empty when missing
  std::string_view ShortStr(od::value value);  // the same for texts that repeat
  model::Text OptionalStr(od::value value);    // nullopt when null or of a foreign type

  bool Pairs(od::value value, model::TextPairs& pairs);
  bool Ints(od::value value, std::vector<std::int64_t>& list);

  // ---- parts of events. The result says whether the JSON is whole.
  bool TaskInfo(od::value value, model::TaskInfo& info, model::TaskEnd* end);
  bool Accumulables(od::value value, model::TaskEnd& end);
  bool StageAccumulables(od::value value, model::StageInfo& info);
  bool StageTotal(od::object object, model::StageTotalValues& totals);
  // Adds to the list what the history server shows of Accumulables: named, not internal, no SQL metric.
  bool NamedAccumulator(od::object object, std::vector<model::NamedAccumulator>& list);
  bool ResourceAddresses(od::value value, std::string& addresses);
  bool EndReason(od::value value, model::TaskEnd& end);
  bool TaskMetrics(od::value value, model::TaskEnd& end);
  template <std::size_t N>
  bool Metrics(od::value value, const std::array<Key<model::TaskMetric>, N>& keys, std::size_t& next,
               model::TaskEnd& end);
  bool ShuffleRead(od::value value, model::TaskEnd& end);
  bool ExecutorMetrics(od::value value, model::ExecutorMetrics& metrics, bool& any);
  bool StageInfo(od::value value, model::StageInfo& info);
  bool RddInfo(od::value value, model::RddInfo& info);
  bool StorageLevel(od::value value, bool& memory, bool& disk, bool& off_heap, bool& deserialized,
                    std::int64_t& replication);
  void Scope(std::string_view json, model::RddInfo& info);
  bool BlockManagerId(od::value value, std::string_view& executor, std::string_view& host, std::int64_t& port);
  bool Plan(od::value value, std::int32_t parent, std::size_t depth, std::vector<model::PlanNodeInfo>& nodes);
  bool PlanMetrics(od::value value, std::vector<model::PlanMetric>& metrics);
  bool Resources(od::value value, std::vector<std::pair<std::string_view, double>>& resources);
  bool ResourceAmount(od::value value, double& amount);
  bool Exclusion(od::object event, bool excluded);

  // A part of an event that becomes so many bytes of the model. false: the line holds more than its size allows.
  bool Spend(std::size_t bytes) {
    if (bytes > room_) {
      too_dense = true;
      return false;
    }
    room_ -= bytes;
    return true;
  }

  template <class Event>
  bool Add(Event&& event) {
    batch->order.push_back({EventSlot::Other, static_cast<std::uint32_t>(batch->others.size())});
    batch->others.push_back(std::forward<Event>(event));
    return true;
  }

  Limits limits_;
  Detail detail_;
  std::size_t room_;  // see AddRoom
  od::parser scope_parser_;
  std::string scope_buffer_;

  // Where to look first in each table of keys: kept from line to line.
  std::size_t next_end_ = 0;
  std::size_t next_info_ = 0;
  std::size_t next_metric_ = 0;
  std::size_t next_read_ = 0;
  std::size_t next_push_ = 0;
  std::size_t next_polled_ = 0;
};

// What becomes of the parts of events, in bytes: the row in its table, the raw part, what derive steps add. Tables of
// 8 bytes a column; checked in no other way than that real events stay far below Limits::event_growth.
inline constexpr std::size_t kStageBytes = 1400;
inline constexpr std::size_t kPlanNodeBytes = 900;
inline constexpr std::size_t kRddBytes = 320;
inline constexpr std::size_t kPlanMetricBytes = 160;
inline constexpr std::size_t kPairBytes = 64;  // of texts
inline constexpr std::size_t kIntBytes = 24;   // an id in a list, and the edge that it is

// Larger numbers are no times, counts or bytes of a Spark run (2^53 ms are 285,000 years): they read as missing, so
// that sums and products of what a hostile log holds stay in range.
inline constexpr std::int64_t kLargestInt = std::int64_t{1} << 53;

// In the header and always inlined: 40 calls a task, nearly all of a plain integer.
[[gnu::always_inline]] inline std::int64_t Decoder::Int(od::value value) {
  std::int64_t number = 0;
  if (value.get_int64().get(number) != simdjson::SUCCESS) [[unlikely]]
    return IntOfOther(value);
  return number <= kLargestInt && number >= -kLargestInt ? number : kMissing;
}

}  // namespace advise::ingest
