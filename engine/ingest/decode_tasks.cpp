// Task starts and ends: nearly all of a log, so their keys are looked up in tables of their usual order.
#include "ingest/json_decoder.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>

namespace advise::ingest {

namespace {

enum class InfoKey : std::uint8_t {
  Id,
  Index,
  Attempt,
  Partition,
  Launch,
  Executor,
  Host,
  Locality,
  Speculative,
  GettingResult,
  Finish,
  Failed,
  Killed,
  Accumulables
};
constexpr std::array<Key<InfoKey>, 14> kInfoKeys{{{"Task ID", InfoKey::Id},
                                                  {"Index", InfoKey::Index},
                                                  {"Attempt", InfoKey::Attempt},
                                                  {"Partition ID", InfoKey::Partition},
                                                  {"Launch Time", InfoKey::Launch},
                                                  {"Executor ID", InfoKey::Executor},
                                                  {"Host", InfoKey::Host},
                                                  {"Locality", InfoKey::Locality},
                                                  {"Speculative", InfoKey::Speculative},
                                                  {"Getting Result Time", InfoKey::GettingResult},
                                                  {"Finish Time", InfoKey::Finish},
                                                  {"Failed", InfoKey::Failed},
                                                  {"Killed", InfoKey::Killed},
                                                  {"Accumulables", InfoKey::Accumulables}}};

std::uint8_t LocalityOf(std::string_view text) {
  const std::span<const std::string_view> names = model::EnumNames<model::Locality>();
  const auto found = std::find(names.begin(), names.end(), text);
  return found == names.end() ? kMissingEnum : static_cast<std::uint8_t>(found - names.begin());
}

}  // namespace

bool Decoder::TaskInfo(od::value object_value, model::TaskInfo& info, model::TaskEnd* end) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  const Key<InfoKey>* key = FindKey(kInfoKeys, raw, next_info_);
  if (key == nullptr) continue;
  switch (key->slot) {
    case InfoKey::Id: info.id = Int(value); break;
    case InfoKey::Index: info.index = Int(value); break;
    case InfoKey::Attempt: info.attempt = Int(value); break;
    case InfoKey::Partition: info.partition = Int(value); break;
    case InfoKey::Launch: info.launch = Int(value); break;
    case InfoKey::Executor: info.executor = ShortStr(value); break;
    case InfoKey::Host: info.host = ShortStr(value); break;
    case InfoKey::Locality: {
      std::string_view text;
      if (value.get_string().get(text) == simdjson::SUCCESS) info.locality = LocalityOf(text);
      break;
    }
    case InfoKey::Speculative: info.speculative = Bool(value); break;
    case InfoKey::GettingResult: info.getting_result = Int(value); break;
    case InfoKey::Finish: info.finish = Int(value); break;
    case InfoKey::Failed: info.failed = Bool(value); break;
    case InfoKey::Killed: info.killed = Bool(value); break;
    case InfoKey::Accumulables:
      // A start's accumulables are those of earlier posts of the same object (before 4.0): not read.
      if (end != nullptr && !Accumulables(value, *end)) return false;
      break;
  }
  ADVISE_END_FIELDS
  return true;
}

// Keeps {ID, Update} of what is not internal.metrics.*: those values stand in Task Metrics once more. Only integers are
// kept; user accumulators may be any text.
bool Decoder::Accumulables(od::value array_value, model::TaskEnd& end) {
  od::array array;
  if (!IsArray(array_value, array)) return true;
  end.updates_begin = static_cast<std::uint32_t>(batch->updates.size());
  end.named_begin = static_cast<std::uint32_t>(batch->named.size());
  for (auto element : array) {
    od::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return false;
    if (detail_ == Detail::Rest) {
      if (!NamedAccumulator(object, batch->named)) return false;
      if (object.reset().error() != simdjson::SUCCESS) return false;
    }
    od::value value;
    // An absent field is no error; after any other error the iterator must not be used again.
    simdjson::error_code error = object.find_field_unordered("ID").get(value);
    if (error == simdjson::NO_SUCH_FIELD) continue;
    if (error != simdjson::SUCCESS) return false;
    const std::int64_t id = Int(value);
    if (id == kMissing) continue;
    error = object.find_field_unordered("Name").get(value);
    if (error == simdjson::SUCCESS) {
      // Compared raw: the names are plain ASCII, and most entries end here.
      const std::string_view token = value.raw_json_token();
      constexpr std::string_view kInternal = "\"internal.metrics.";
      if (token.substr(0, kInternal.size()) == kInternal) continue;
    } else if (error != simdjson::NO_SUCH_FIELD) {
      return false;
    }
    error = object.find_field_unordered("Update").get(value);
    if (error == simdjson::NO_SUCH_FIELD) continue;
    if (error != simdjson::SUCCESS) return false;
    const std::int64_t update = Int(value);
    if (update != kMissing) batch->updates.push_back({id, update});
  }
  end.updates_end = static_cast<std::uint32_t>(batch->updates.size());
  end.named_end = static_cast<std::uint32_t>(batch->named.size());
  return true;
}

bool Decoder::NamedAccumulator(od::object object, std::vector<model::NamedAccumulator>& list) {
  model::NamedAccumulator accumulator;
  model::Text name;
  bool hidden = false;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "ID")) {
    accumulator.id = Int(value);
  } else if (KeyIs(raw, "Name")) {
    name = OptionalStr(value);
  } else if (KeyIs(raw, "Update")) {
    accumulator.update = Str(value);
  } else if (KeyIs(raw, "Value")) {
    accumulator.value = Str(value);
  } else if (KeyIs(raw, "Internal")) {
    hidden |= Bool(value);
  } else if (KeyIs(raw, "Metadata")) {
    hidden |= Str(value) == "sql";
  }
  ADVISE_END_FIELDS
  // Logs of before 2.0 do not say Internal.
  if (hidden || !name || name->substr(0, 17) == "internal.metrics." || accumulator.id == kMissing) return true;
  accumulator.name = *name;
  list.push_back(accumulator);
  return true;
}

bool Decoder::EndReason(od::value reason_value, model::TaskEnd& end) {
  od::object object;
  if (!IsObject(reason_value, object)) return true;
  std::string_view reason;
  std::string_view class_name;
  std::string_view description;
  std::string_view message;
  std::string_view loss_reason;
  model::Text kill_reason;
  std::int64_t job = kMissing;
  std::int64_t partition = kMissing;
  std::int64_t attempt = kMissing;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Reason")) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) reason = batch->arena.CopyShared(text);
  } else if (KeyIs(raw, "Class Name")) {
    class_name = Str(value);
  } else if (KeyIs(raw, "Description")) {
    description = Str(value);
  } else if (KeyIs(raw, "Message")) {
    message = Str(value);
  } else if (KeyIs(raw, "Loss Reason")) {
    loss_reason = Str(value);
  } else if (KeyIs(raw, "Kill Reason")) {
    kill_reason = OptionalStr(value);
  } else if (KeyIs(raw, "Job ID")) {
    job = Int(value);
  } else if (KeyIs(raw, "Partition ID")) {
    partition = Int(value);
  } else if (KeyIs(raw, "Attempt Number")) {
    attempt = Int(value);
  }
  ADVISE_END_FIELDS
  const std::span<const std::string_view> names = model::EnumNames<model::EndReason>();
  const auto found = std::find(names.begin(), names.end(), reason);
  if (found == names.end()) {
    end.failure = reason;
    return true;
  }
  end.reason = static_cast<std::uint8_t>(found - names.begin());
  Arena& arena = batch->arena;
  switch (static_cast<model::EndReason>(end.reason)) {
    case model::EndReason::Success: break;
    case model::EndReason::Resubmitted: end.failure = "Resubmitted (resubmitted due to lost executor)"; break;
    case model::EndReason::FetchFailed: end.failure = arena.Copy("FetchFailed: " + std::string(message)); break;
    case model::EndReason::ExceptionFailure:
      end.failure = arena.Copy(std::string(class_name) + ": " + std::string(description));
      break;
    case model::EndReason::TaskKilled:
      end.kill_reason = kill_reason.value_or("unknown reason");  // JsonProtocol's own default
      end.failure = end.kill_reason;
      break;
    case model::EndReason::TaskCommitDenied:
      end.kill_reason =
          arena.Copy("TaskCommitDenied (Driver denied task commit) for job: " + std::to_string(job) +
                     ", partition: " + std::to_string(partition) + ", attemptNumber: " + std::to_string(attempt));
      end.failure = end.kill_reason;
      break;
    case model::EndReason::ExecutorLostFailure:
      end.failure = loss_reason.empty() ? std::string_view("ExecutorLostFailure")
                                        : arena.Copy("ExecutorLostFailure: " + std::string(loss_reason));
      break;
    case model::EndReason::TaskResultLost: end.failure = "TaskResultLost (result lost from block manager)"; break;
    case model::EndReason::UnknownReason: end.failure = "UnknownReason"; break;
  }
  return true;
}

namespace {

using M = model::TaskMetric;
enum class MetricsKey : std::uint8_t { Scalar, ShuffleRead, ShuffleWrite, Input, Output };
struct MetricsSlot {
  MetricsKey kind;
  M metric;
};
constexpr std::array<Key<MetricsSlot>, 16> kMetricsKeys{{
    {"Executor Deserialize Time", {MetricsKey::Scalar, M::deserialize_time}},
    {"Executor Deserialize CPU Time", {MetricsKey::Scalar, M::deserialize_cpu_time}},
    {"Executor Run Time", {MetricsKey::Scalar, M::run_time}},
    {"Executor CPU Time", {MetricsKey::Scalar, M::cpu_time}},
    {"Peak Execution Memory", {MetricsKey::Scalar, M::peak_execution_memory}},
    {"Peak On Heap Execution Memory", {MetricsKey::Scalar, M::peak_on_heap_execution_memory}},
    {"Peak Off Heap Execution Memory", {MetricsKey::Scalar, M::peak_off_heap_execution_memory}},
    {"Result Size", {MetricsKey::Scalar, M::result_size}},
    {"JVM GC Time", {MetricsKey::Scalar, M::gc_time}},
    {"Result Serialization Time", {MetricsKey::Scalar, M::result_serialization_time}},
    {"Memory Bytes Spilled", {MetricsKey::Scalar, M::memory_bytes_spilled}},
    {"Disk Bytes Spilled", {MetricsKey::Scalar, M::disk_bytes_spilled}},
    {"Shuffle Read Metrics", {MetricsKey::ShuffleRead, M::Count}},
    {"Shuffle Write Metrics", {MetricsKey::ShuffleWrite, M::Count}},
    {"Input Metrics", {MetricsKey::Input, M::Count}},
    {"Output Metrics", {MetricsKey::Output, M::Count}},
}};
constexpr std::array<Key<M>, 9> kShuffleReadKeys{{
    {"Remote Blocks Fetched", M::shuffle_remote_blocks_fetched},
    {"Local Blocks Fetched", M::shuffle_local_blocks_fetched},
    {"Fetch Wait Time", M::fetch_wait_time},
    {"Remote Bytes Read", M::shuffle_read_remote},
    {"Remote Bytes Read To Disk", M::shuffle_remote_bytes_read_to_disk},
    {"Local Bytes Read", M::shuffle_read_local},
    {"Total Records Read", M::shuffle_read_records},
    {"Remote Requests Duration", M::shuffle_remote_reqs_duration},
    {"Push Based Shuffle", M::Count},
}};
constexpr std::array<Key<M>, 9> kPushKeys{{
    {"Corrupt Merged Block Chunks", M::shuffle_corrupt_merged_block_chunks},
    {"Merged Fetch Fallback Count", M::shuffle_merged_fetch_fallback_count},
    {"Merged Remote Blocks Fetched", M::shuffle_merged_remote_blocks_fetched},
    {"Merged Local Blocks Fetched", M::shuffle_merged_local_blocks_fetched},
    {"Merged Remote Chunks Fetched", M::shuffle_merged_remote_chunks_fetched},
    {"Merged Local Chunks Fetched", M::shuffle_merged_local_chunks_fetched},
    {"Merged Remote Bytes Read", M::shuffle_merged_remote_bytes_read},
    {"Merged Local Bytes Read", M::shuffle_merged_local_bytes_read},
    {"Merged Remote Requests Duration", M::shuffle_merged_remote_reqs_duration},
}};
constexpr std::array<Key<M>, 3> kShuffleWriteKeys{{
    {"Shuffle Bytes Written", M::shuffle_write},
    {"Shuffle Write Time", M::shuffle_write_time},
    {"Shuffle Records Written", M::shuffle_write_records},
}};
constexpr std::array<Key<M>, 2> kInputKeys{{{"Bytes Read", M::input_bytes}, {"Records Read", M::input_records}}};
constexpr std::array<Key<M>, 2> kOutputKeys{
    {{"Bytes Written", M::output_bytes}, {"Records Written", M::output_records}}};

}  // namespace

template <std::size_t N>
bool Decoder::Metrics(od::value object_value, const std::array<Key<M>, N>& keys, std::size_t& next,
                      model::TaskEnd& end) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  const Key<M>* key = FindKey(keys, raw, next);
  if (key != nullptr) end.metrics[static_cast<std::size_t>(key->slot)] = Int(value);
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::ShuffleRead(od::value object_value, model::TaskEnd& end) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  const Key<M>* key = FindKey(kShuffleReadKeys, raw, next_read_);
  if (key == nullptr) {
    // What JsonProtocol's reader expects; its writer says Push Based Shuffle.
    if (KeyIs(raw, "Shuffle Push Read Metrics") && !Metrics(value, kPushKeys, next_push_, end)) return false;
    continue;
  }
  if (key->slot == M::Count) {
    if (!Metrics(value, kPushKeys, next_push_, end)) return false;
  } else {
    end.metrics[static_cast<std::size_t>(key->slot)] = Int(value);
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::TaskMetrics(od::value object_value, model::TaskEnd& end) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  end.has_metrics = true;
  ADVISE_FOR_FIELDS(object)
  const Key<MetricsSlot>* key = FindKey(kMetricsKeys, raw, next_metric_);
  if (key == nullptr) continue;
  std::size_t next = 0;
  switch (key->slot.kind) {
    case MetricsKey::Scalar: end.metrics[static_cast<std::size_t>(key->slot.metric)] = Int(value); break;
    case MetricsKey::ShuffleRead:
      if (!ShuffleRead(value, end)) return false;
      break;
    case MetricsKey::ShuffleWrite:
      if (!Metrics(value, kShuffleWriteKeys, next, end)) return false;
      break;
    case MetricsKey::Input:
      if (!Metrics(value, kInputKeys, next, end)) return false;
      break;
    case MetricsKey::Output:
      if (!Metrics(value, kOutputKeys, next, end)) return false;
      break;
  }
  ADVISE_END_FIELDS
  return true;
}

namespace {

using model::ExecutorMetric;
constexpr std::array<Key<ExecutorMetric>, model::kExecutorMetricCount> kExecutorMetricKeys{{
#define ADVISE_KEY(Spark, suffix, unit, since) {#Spark, ExecutorMetric::Spark},
    ADVISE_EXECUTOR_METRICS(ADVISE_KEY)
#undef ADVISE_KEY
}};

}  // namespace

bool Decoder::ExecutorMetrics(od::value object_value, model::ExecutorMetrics& metrics, bool& any) {
  metrics.fill(kMissing);
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  const Key<ExecutorMetric>* key = FindKey(kExecutorMetricKeys, raw, next_polled_);
  if (key == nullptr) continue;
  const std::int64_t number = Int(value);
  metrics[static_cast<std::size_t>(key->slot)] = number;
  any |= number != kMissing && number > 0;
  ADVISE_END_FIELDS
  return true;
}

namespace {

enum class EndKey : std::uint8_t { Event, Stage, Attempt, Type, Reason, Info, Polled, Metrics };
constexpr std::array<Key<EndKey>, 8> kEndKeys{{{"Event", EndKey::Event},
                                               {"Stage ID", EndKey::Stage},
                                               {"Stage Attempt ID", EndKey::Attempt},
                                               {"Task Type", EndKey::Type},
                                               {"Task End Reason", EndKey::Reason},
                                               {"Task Info", EndKey::Info},
                                               {"Task Executor Metrics", EndKey::Polled},
                                               {"Task Metrics", EndKey::Metrics}}};

}  // namespace

bool Decoder::TaskEnd(od::object event) {
  model::TaskEnd end;
  end.metrics.fill(kMissing);
  const std::size_t updates_before = batch->updates.size();
  const std::size_t named_before = batch->named.size();
  end.updates_begin = end.updates_end = static_cast<std::uint32_t>(updates_before);
  bool whole = true;
  const auto read = [&]() -> bool {
    ADVISE_FOR_FIELDS(event)
    const Key<EndKey>* key = FindKey(kEndKeys, raw, next_end_);
    if (key == nullptr) continue;
    switch (key->slot) {
      case EndKey::Event:
      case EndKey::Type: break;
      case EndKey::Stage: end.info.stage_id = Int(value); break;
      case EndKey::Attempt: end.info.stage_attempt = std::max<std::int64_t>(0, Int(value)); break;
      case EndKey::Reason:
        if (!EndReason(value, end)) return false;
        break;
      case EndKey::Info:
        if (!TaskInfo(value, end.info, &end)) return false;
        break;
      case EndKey::Polled: {
        model::ExecutorMetrics polled;
        bool any = false;
        if (!ExecutorMetrics(value, polled, any)) return false;
        if (any) {
          end.executor_metrics = static_cast<std::int32_t>(batch->executor_metrics.size());
          batch->executor_metrics.push_back(polled);
        }
        break;
      }
      case EndKey::Metrics:
        if (!TaskMetrics(value, end)) return false;
        break;
    }
    ADVISE_END_FIELDS
    return true;
  };
  whole = read();
  if (!whole) {
    batch->updates.resize(updates_before);
    batch->named.resize(named_before);
    return false;
  }
  batch->order.push_back({EventSlot::TaskEnd, static_cast<std::uint32_t>(batch->task_ends.size())});
  batch->task_ends.push_back(end);
  return true;
}

bool Decoder::TaskStart(od::object event) {
  model::TaskStart start;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Stage ID")) {
    start.info.stage_id = Int(value);
  } else if (KeyIs(raw, "Stage Attempt ID")) {
    start.info.stage_attempt = std::max<std::int64_t>(0, Int(value));
  } else if (KeyIs(raw, "Task Info")) {
    if (!TaskInfo(value, start.info, nullptr)) return false;
  }
  ADVISE_END_FIELDS
  batch->order.push_back({EventSlot::TaskStart, static_cast<std::uint32_t>(batch->task_starts.size())});
  batch->task_starts.push_back(start);
  return true;
}

}  // namespace advise::ingest
