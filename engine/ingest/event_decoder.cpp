// simdjson On-Demand over single lines. Lines are split first (chunk_reader.h): its own document streams lose the
// neighbours of a torn line. Objects are read in one pass over their fields, in whatever order they come; a table of
// the usual order makes the next key nearly always the first one compared.
#include "ingest/event_decoder.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>
#include <unordered_map>

namespace advise::ingest {
namespace {

namespace od = simdjson::ondemand;
using model::kMissing;
using model::kMissingEnum;

// ------------------------------------------------------------------------------------------------ keys
// A key of an object in Spark's order and what it means to us.
template <class Slot>
struct Key {
  std::string_view text;
  Slot slot;
};

// Finds the key that starts at `raw` (behind its opening quote). `next` remembers where to look first.
template <class Slot, std::size_t N>
const Key<Slot>* FindKey(const std::array<Key<Slot>, N>& keys, const char* raw, std::size_t& next) {
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t at = next + i < N ? next + i : next + i - N;
    const Key<Slot>& key = keys[at];
    // Reading key.text.size() bytes is safe: lines are padded with kLinePadding bytes, keys are shorter.
    if (std::memcmp(raw, key.text.data(), key.text.size()) == 0 && raw[key.text.size()] == '"') {
      next = at + 1 < N ? at + 1 : 0;
      return &key;
    }
  }
  return nullptr;
}

bool KeyIs(const char* raw, std::string_view text) {
  return std::memcmp(raw, text.data(), text.size()) == 0 && raw[text.size()] == '"';
}

enum class LineError : std::uint8_t { None, Json, Deep };

// ------------------------------------------------------------------------------------------------ the decoder
class Decoder {
 public:
  explicit Decoder(const Limits& limits) : limits_(limits) {}

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

  bool too_deep = false;  // set together with a false result

 private:
  // ---- scalars. Absent, null and values of a foreign type all read as missing; numbers may be written as strings.
  std::int64_t Int(od::value value);
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

  template <class Event>
  bool Add(Event&& event) {
    batch->order.push_back({EventSlot::Other, static_cast<std::uint32_t>(batch->others.size())});
    batch->others.push_back(std::forward<Event>(event));
    return true;
  }

  Limits limits_;
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

// Iterates the fields of an object: `raw` is the key behind its quote, `value` its value. Returns false from the
// enclosing function when the JSON is broken.
#define ADVISE_FOR_FIELDS(object)                                               \
  for (auto field_result : (object)) {                                          \
    od::field field_;                                                           \
    if (std::move(field_result).get(field_) != simdjson::SUCCESS) return false; \
    const char* const raw = field_.key().raw();                                 \
    od::value value = field_.value();

#define ADVISE_END_FIELDS }

bool IsObject(od::value& value, od::object& object) {
  od::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS || type != od::json_type::object) return false;
  return value.get_object().get(object) == simdjson::SUCCESS;
}

bool IsArray(od::value& value, od::array& array) {
  od::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS || type != od::json_type::array) return false;
  return value.get_array().get(array) == simdjson::SUCCESS;
}

// Nothing but blanks follows the object.
bool AtEnd(od::document& document) { return document.current_location().error() == simdjson::OUT_OF_BOUNDS; }

std::int64_t ParseInt(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? number : kMissing;
}

// ------------------------------------------------------------------------------------------------ scalars
std::int64_t Decoder::Int(od::value value) {
  std::int64_t number = 0;
  if (value.get_int64().get(number) == simdjson::SUCCESS) return number;
  od::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return kMissing;
  if (type == od::json_type::string) {
    std::string_view text;
    return value.get_string().get(text) == simdjson::SUCCESS ? ParseInt(text) : kMissing;
  }
  if (type == od::json_type::number) {
    double real = 0;
    if (value.get_double().get(real) != simdjson::SUCCESS || !(std::fabs(real) < 9.2e18)) return kMissing;
    return static_cast<std::int64_t>(real);
  }
  return kMissing;
}

double Decoder::Real(od::value value) {
  double real = 0;
  if (value.get_double().get(real) == simdjson::SUCCESS) return real;
  const std::int64_t number = Int(value);
  return number == kMissing ? 0 : static_cast<double>(number);
}

bool Decoder::Bool(od::value value) {
  bool flag = false;
  return value.get_bool().get(flag) == simdjson::SUCCESS && flag;
}

model::Text Decoder::OptionalStr(od::value value) {
  od::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
  if (type == od::json_type::string) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return batch->arena.Copy(text);
  }
  if (type == od::json_type::number || type == od::json_type::boolean) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && (token.back() == ' ' || token.back() == '\r' || token.back() == '\t'))
      token.remove_suffix(1);
    return batch->arena.Copy(token);
  }
  return std::nullopt;
}

std::string_view Decoder::Str(od::value value) { return OptionalStr(value).value_or(std::string_view()); }

std::string_view Decoder::ShortStr(od::value value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return batch->arena.CopyShared(text);
  return Str(value);
}

bool Decoder::Pairs(od::value value, model::TextPairs& pairs) {
  od::object object;
  if (!IsObject(value, object)) return true;
  for (auto field_result : object) {
    od::field field;
    if (std::move(field_result).get(field) != simdjson::SUCCESS) return false;
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    const std::string_view kept = batch->arena.Copy(key);
    pairs.emplace_back(kept, Str(field.value()));
  }
  return true;
}

bool Decoder::Ints(od::value value, std::vector<std::int64_t>& list) {
  od::array array;
  if (!IsArray(value, array)) return true;
  for (auto element : array) {
    od::value item;
    if (std::move(element).get(item) != simdjson::SUCCESS) return false;
    const std::int64_t number = Int(item);
    if (number != kMissing) list.push_back(number);
  }
  return true;
}

// ------------------------------------------------------------------------------------------------ tasks
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
  for (auto element : array) {
    od::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return false;
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

using E = model::ExecutorMetric;
constexpr std::array<Key<E>, model::kExecutorMetricCount> kExecutorMetricKeys{{
#define ADVISE_KEY(Spark, suffix, unit, since) {#Spark, E::Spark},
    ADVISE_EXECUTOR_METRICS(ADVISE_KEY)
#undef ADVISE_KEY
}};

bool Decoder::ExecutorMetrics(od::value object_value, model::ExecutorMetrics& metrics, bool& any) {
  metrics.fill(kMissing);
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  const Key<E>* key = FindKey(kExecutorMetricKeys, raw, next_polled_);
  if (key == nullptr) continue;
  const std::int64_t number = Int(value);
  metrics[static_cast<std::size_t>(key->slot)] = number;
  any |= number != kMissing && number > 0;
  ADVISE_END_FIELDS
  return true;
}

enum class EndKey : std::uint8_t { Event, Stage, Attempt, Type, Reason, Info, Polled, Metrics };
constexpr std::array<Key<EndKey>, 8> kEndKeys{{{"Event", EndKey::Event},
                                               {"Stage ID", EndKey::Stage},
                                               {"Stage Attempt ID", EndKey::Attempt},
                                               {"Task Type", EndKey::Type},
                                               {"Task End Reason", EndKey::Reason},
                                               {"Task Info", EndKey::Info},
                                               {"Task Executor Metrics", EndKey::Polled},
                                               {"Task Metrics", EndKey::Metrics}}};

bool Decoder::TaskEnd(od::object event) {
  model::TaskEnd end;
  end.metrics.fill(kMissing);
  const std::size_t updates_before = batch->updates.size();
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

// ------------------------------------------------------------------------------------------------ application
bool Decoder::Skip(od::object event) {
  ADVISE_FOR_FIELDS(event)
  static_cast<void>(raw);
  static_cast<void>(value);
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::LogStart(od::object event) {
  model::LogStart out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Spark Version")) out.version = Str(value);
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::DatabricksMetadata(od::object event) {
  model::PlatformHint out;
  out.environment = model::Environment::Databricks;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Spark Version")) out.version = Str(value);
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::EmrHint(od::object event) {
  if (!Skip(event)) return false;
  model::PlatformHint out;
  out.environment = model::Environment::Emr;
  return Add(out);
}

bool Decoder::ApplicationStart(od::object event) {
  model::ApplicationStart out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "App Name")) {
    out.name = OptionalStr(value);
  } else if (KeyIs(raw, "App ID")) {
    out.id = OptionalStr(value);
  } else if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "User")) {
    out.user = OptionalStr(value);
  } else if (KeyIs(raw, "App Attempt ID")) {
    out.attempt = OptionalStr(value);
  } else if (KeyIs(raw, "Driver Logs")) {
    if (!Pairs(value, out.driver_logs)) return false;
  } else if (KeyIs(raw, "Driver Attributes")) {
    if (!Pairs(value, out.driver_attributes)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::ApplicationEnd(od::object event) {
  model::ApplicationEnd out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "ExitCode")) {
    out.exit_code = Int(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::EnvironmentUpdate(od::object event) {
  model::EnvironmentUpdate out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Spark Properties")) {
    if (!Pairs(value, out.spark)) return false;
  } else if (KeyIs(raw, "Hadoop Properties")) {
    if (!Pairs(value, out.hadoop)) return false;
  } else if (KeyIs(raw, "System Properties")) {
    if (!Pairs(value, out.system)) return false;
  } else if (KeyIs(raw, "JVM Information")) {
    if (!Pairs(value, out.jvm)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::ResourceAmount(od::value request_value, double& amount) {
  od::object object;
  if (!IsObject(request_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Amount")) amount = Real(value);
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::Resources(od::value resources_value, std::vector<std::pair<std::string_view, double>>& resources) {
  od::object object;
  if (!IsObject(resources_value, object)) return true;
  for (auto field_result : object) {
    od::field field;
    if (std::move(field_result).get(field) != simdjson::SUCCESS) return false;
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    const std::string_view name = batch->arena.Copy(key);
    double amount = 0;
    if (!ResourceAmount(field.value(), amount)) return false;
    resources.emplace_back(name, amount);
  }
  return true;
}

bool Decoder::ResourceProfileAdded(od::object event) {
  model::ResourceProfileAdded out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Resource Profile Id")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "Executor Resource Requests")) {
    if (!Resources(value, out.executor)) return false;
  } else if (KeyIs(raw, "Task Resource Requests")) {
    if (!Resources(value, out.task)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

// ------------------------------------------------------------------------------------------------ executors
bool Decoder::ExecutorAdded(od::object event) {
  model::ExecutorAdded out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Executor ID")) {
    out.id = Str(value);
  } else if (KeyIs(raw, "Executor Info")) {
    od::object info;
    if (!IsObject(value, info)) continue;
    for (auto info_result : info) {
      od::field field;
      if (std::move(info_result).get(field) != simdjson::SUCCESS) return false;
      const char* const key = field.key().raw();
      od::value part = field.value();
      if (KeyIs(key, "Host")) {
        out.host = Str(part);
      } else if (KeyIs(key, "Total Cores")) {
        out.cores = Int(part);
      } else if (KeyIs(key, "Log Urls")) {
        if (!Pairs(part, out.log_urls)) return false;
      } else if (KeyIs(key, "Attributes")) {
        if (!Pairs(part, out.attributes)) return false;
      } else if (KeyIs(key, "Resource Profile Id")) {
        out.resource_profile = Int(part);
      } else if (KeyIs(key, "Registration Time")) {
        out.registration_time = Int(part);
      } else if (KeyIs(key, "Request Time")) {
        out.request_time = Int(part);
      }
    }
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::ExecutorRemoved(od::object event) {
  model::ExecutorRemoved out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Executor ID")) {
    out.id = Str(value);
  } else if (KeyIs(raw, "Removed Reason")) {
    out.reason = OptionalStr(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::BlockManagerId(od::value object_value, std::string_view& executor, std::string_view& host,
                             std::int64_t& port) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Executor ID")) {
    executor = Str(value);
  } else if (KeyIs(raw, "Host")) {
    host = Str(value);
  } else if (KeyIs(raw, "Port")) {
    port = Int(value);
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::BlockManagerAdded(od::object event) {
  model::BlockManagerAdded out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Block Manager ID")) {
    if (!BlockManagerId(value, out.executor, out.host, out.port)) return false;
  } else if (KeyIs(raw, "Maximum Memory")) {
    out.memory = Int(value);
  } else if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Maximum Onheap Memory")) {
    out.on_heap = Int(value);
  } else if (KeyIs(raw, "Maximum Offheap Memory")) {
    out.off_heap = Int(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::Exclusion(od::object event, bool excluded) {
  model::Exclusion out;
  out.excluded = excluded;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "executorId")) {
    out.executor = OptionalStr(value);
  } else if (KeyIs(raw, "hostId")) {
    out.host = OptionalStr(value);
  } else if (KeyIs(raw, "stageId")) {
    out.stage_id = Int(value);
  } else if (KeyIs(raw, "stageAttemptId")) {
    out.stage_attempt = Int(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::StageExecutorMetrics(od::object event) {
  model::StageExecutorMetrics out;
  bool any = false;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Executor ID")) {
    out.executor = Str(value);
  } else if (KeyIs(raw, "Stage ID")) {
    out.stage_id = Int(value);
  } else if (KeyIs(raw, "Stage Attempt ID")) {
    out.stage_attempt = Int(value);
  } else if (KeyIs(raw, "Executor Metrics")) {
    if (!ExecutorMetrics(value, out.metrics, any)) return false;
  }
  ADVISE_END_FIELDS
  return any ? Add(out) : true;
}

// Only the driver's is ever logged (spark.eventLog.logStageExecutorMetrics); task metrics of running tasks in it are
// not used: the TaskEnd repeats them.
bool Decoder::ExecutorMetricsUpdate(od::object event) {
  std::string_view executor;
  std::vector<model::StageExecutorMetrics> entries;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Executor ID")) {
    executor = Str(value);
  } else if (KeyIs(raw, "Executor Metrics Updated")) {
    od::array array;
    if (!IsArray(value, array)) continue;
    for (auto element : array) {
      od::object object;
      if (element.get_object().get(object) != simdjson::SUCCESS) return false;
      model::StageExecutorMetrics entry;
      bool any = false;
      for (auto entry_result : object) {
        od::field field;
        if (std::move(entry_result).get(field) != simdjson::SUCCESS) return false;
        const char* const key = field.key().raw();
        if (KeyIs(key, "Stage ID")) {
          entry.stage_id = Int(field.value());
        } else if (KeyIs(key, "Stage Attempt ID")) {
          entry.stage_attempt = Int(field.value());
        } else if (KeyIs(key, "Executor Metrics")) {
          if (!ExecutorMetrics(field.value(), entry.metrics, any)) return false;
        }
      }
      if (any) entries.push_back(entry);
    }
  }
  ADVISE_END_FIELDS
  for (model::StageExecutorMetrics& entry : entries) {
    entry.executor = executor;
    Add(entry);
  }
  return true;
}

// ------------------------------------------------------------------------------------------------ blocks
bool Decoder::StorageLevel(od::value level_value, bool& memory, bool& disk, bool& off_heap, bool& deserialized,
                           std::int64_t& replication) {
  od::object object;
  if (!IsObject(level_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Use Disk")) {
    disk = Bool(value);
  } else if (KeyIs(raw, "Use Memory")) {
    memory = Bool(value);
  } else if (KeyIs(raw, "Use Off Heap") || KeyIs(raw, "Use ExternalBlockStore") || KeyIs(raw, "Use Tachyon")) {
    off_heap = Bool(value);
  } else if (KeyIs(raw, "Deserialized")) {
    deserialized = Bool(value);
  } else if (KeyIs(raw, "Replication")) {
    replication = std::max<std::int64_t>(0, Int(value));
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::UnpersistRdd(od::object event) {
  model::UnpersistRdd out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "RDD ID")) out.rdd = Int(value);
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::BlockUpdated(od::object event) {
  model::BlockUpdated out;
  ADVISE_FOR_FIELDS(event)
  if (!KeyIs(raw, "Block Updated Info")) continue;
  od::object info;
  if (!IsObject(value, info)) continue;
  for (auto info_result : info) {
    od::field field;
    if (std::move(info_result).get(field) != simdjson::SUCCESS) return false;
    const char* const key = field.key().raw();
    od::value part = field.value();
    if (KeyIs(key, "Block Manager ID")) {
      std::string_view host;
      std::int64_t port = kMissing;
      if (!BlockManagerId(part, out.executor, host, port)) return false;
    } else if (KeyIs(key, "Block ID")) {
      out.block = Str(part);
    } else if (KeyIs(key, "Storage Level")) {
      bool deserialized = false;
      std::int64_t replication = 0;
      if (!StorageLevel(part, out.use_memory, out.use_disk, out.use_off_heap, deserialized, replication)) return false;
    } else if (KeyIs(key, "Memory Size")) {
      out.memory = std::max<std::int64_t>(0, Int(part));
    } else if (KeyIs(key, "Disk Size")) {
      out.disk = std::max<std::int64_t>(0, Int(part));
    }
  }
  ADVISE_END_FIELDS
  constexpr std::string_view kRdd = "rdd_";
  if (out.block.substr(0, kRdd.size()) == kRdd) {
    const std::string_view rest = out.block.substr(kRdd.size());
    out.rdd = ParseInt(rest.substr(0, rest.find('_')));
  }
  out.broadcast = out.block.substr(0, 10) == "broadcast_";
  return Add(out);
}

// ------------------------------------------------------------------------------------------------ jobs and stages
// Scope is JSON text inside a string: {"id":"12","name":"WholeStageCodegen (3)","parent":{…}}.
void Decoder::Scope(std::string_view json, model::RddInfo& info) {
  scope_buffer_.assign(json);
  scope_buffer_.append(kLinePadding, '\0');
  od::document document;
  od::object object;
  if (scope_parser_.iterate(scope_buffer_.data(), json.size(), scope_buffer_.size()).get(document) != simdjson::SUCCESS)
    return;
  if (document.get_object().get(object) != simdjson::SUCCESS) return;
  for (auto field_result : object) {
    od::field field;
    if (std::move(field_result).get(field) != simdjson::SUCCESS) return;
    const char* const raw = field.key().raw();
    if (KeyIs(raw, "id")) {
      info.scope_id = ShortStr(field.value());
    } else if (KeyIs(raw, "name")) {
      info.scope_name = ShortStr(field.value());
    }
  }
}

bool Decoder::RddInfo(od::value object_value, model::RddInfo& info) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "RDD ID")) {
    info.id = Int(value);
  } else if (KeyIs(raw, "Name")) {
    info.name = Str(value);
  } else if (KeyIs(raw, "Scope")) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) Scope(text, info);
  } else if (KeyIs(raw, "Callsite")) {
    info.call_site = ShortStr(value);
  } else if (KeyIs(raw, "Parent IDs")) {
    if (!Ints(value, info.parents)) return false;
  } else if (KeyIs(raw, "Storage Level")) {
    if (!StorageLevel(value, info.use_memory, info.use_disk, info.use_off_heap, info.deserialized, info.replication))
      return false;
  } else if (KeyIs(raw, "Barrier")) {
    info.barrier = Bool(value);
  } else if (KeyIs(raw, "Number of Partitions")) {
    info.partitions = Int(value);
  } else if (KeyIs(raw, "Number of Cached Partitions")) {
    info.cached_partitions = Int(value);
  } else if (KeyIs(raw, "Memory Size")) {
    info.memory = Int(value);
  } else if (KeyIs(raw, "Disk Size")) {
    info.disk = Int(value);
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::StageInfo(od::value object_value, model::StageInfo& info) {
  od::object object;
  if (!IsObject(object_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Stage ID")) {
    info.id = Int(value);
  } else if (KeyIs(raw, "Stage Attempt ID")) {
    info.attempt = std::max<std::int64_t>(0, Int(value));
  } else if (KeyIs(raw, "Stage Name")) {
    info.name = Str(value);
  } else if (KeyIs(raw, "Number of Tasks")) {
    info.task_count = Int(value);
  } else if (KeyIs(raw, "RDD Info")) {
    od::array array;
    if (!IsArray(value, array)) continue;
    for (auto element : array) {
      od::value item;
      if (std::move(element).get(item) != simdjson::SUCCESS) return false;
      model::RddInfo rdd;
      if (!RddInfo(item, rdd)) return false;
      info.rdds.push_back(std::move(rdd));
    }
  } else if (KeyIs(raw, "Parent IDs")) {
    if (!Ints(value, info.parent_ids)) return false;
  } else if (KeyIs(raw, "Details")) {
    info.details = Str(value);
  } else if (KeyIs(raw, "Submission Time")) {
    info.submitted = Int(value);
  } else if (KeyIs(raw, "Completion Time")) {
    info.completed = Int(value);
  } else if (KeyIs(raw, "Failure Reason")) {
    info.failure = OptionalStr(value);
  } else if (KeyIs(raw, "Resource Profile Id")) {
    info.resource_profile = Int(value);
  } else if (KeyIs(raw, "Shuffle Push Enabled")) {
    info.push_enabled = Bool(value);
  } else if (KeyIs(raw, "Shuffle Push Mergers Count")) {
    info.mergers = Int(value);
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::JobStart(od::object event) {
  model::JobStart out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Job ID")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "Submission Time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Stage Infos")) {
    od::array array;
    if (!IsArray(value, array)) continue;
    out.has_stage_infos = true;
    for (auto element : array) {
      od::value item;
      if (std::move(element).get(item) != simdjson::SUCCESS) return false;
      model::StageInfo stage;
      if (!StageInfo(item, stage)) return false;
      out.stages.push_back(std::move(stage));
    }
  } else if (KeyIs(raw, "Stage IDs")) {
    if (!Ints(value, out.stage_ids)) return false;
  } else if (KeyIs(raw, "Properties")) {
    od::object properties;
    if (!IsObject(value, properties)) continue;
    for (auto property_result : properties) {
      od::field field;
      if (std::move(property_result).get(field) != simdjson::SUCCESS) return false;
      const char* const key = field.key().raw();
      od::value part = field.value();
      if (KeyIs(key, "spark.job.description")) {
        out.description = OptionalStr(part);
      } else if (KeyIs(key, "spark.jobGroup.id")) {
        out.group = OptionalStr(part);
      } else if (KeyIs(key, "spark.job.tags")) {
        out.tags = OptionalStr(part);
      } else if (KeyIs(key, "spark.scheduler.pool")) {
        out.pool = OptionalStr(part);
      } else if (KeyIs(key, "callSite.short")) {
        out.call_site = OptionalStr(part);
      } else if (KeyIs(key, "spark.sql.execution.id")) {
        out.sql_execution = Int(part);
      }
    }
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::JobEnd(od::object event) {
  model::JobEnd out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Job ID")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "Completion Time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "Job Result")) {
    od::object result;
    if (!IsObject(value, result)) continue;
    for (auto result_field : result) {
      od::field field;
      if (std::move(result_field).get(field) != simdjson::SUCCESS) return false;
      const char* const key = field.key().raw();
      od::value part = field.value();
      if (KeyIs(key, "Result")) {
        out.has_result = true;
        out.succeeded = Str(part) == "JobSucceeded";
      } else if (KeyIs(key, "Exception")) {
        od::object exception;
        if (!IsObject(part, exception)) continue;
        for (auto exception_field : exception) {
          od::field detail;
          if (std::move(exception_field).get(detail) != simdjson::SUCCESS) return false;
          if (KeyIs(detail.key().raw(), "Message")) out.failure = Str(detail.value());
        }
      }
    }
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::StageSubmitted(od::object event) {
  model::StageSubmitted out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Stage Info")) {
    if (!StageInfo(value, out.info)) return false;
  } else if (KeyIs(raw, "Properties")) {
    od::object properties;
    if (!IsObject(value, properties)) continue;
    for (auto property_result : properties) {
      od::field field;
      if (std::move(property_result).get(field) != simdjson::SUCCESS) return false;
      const char* const key = field.key().raw();
      if (KeyIs(key, "spark.job.description")) {
        out.description = OptionalStr(field.value());
      } else if (KeyIs(key, "spark.scheduler.pool")) {
        out.pool = OptionalStr(field.value());
      }
    }
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::StageCompleted(od::object event) {
  model::StageCompleted out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Stage Info") && !StageInfo(value, out.info)) return false;
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

// ------------------------------------------------------------------------------------------------ SQL
bool Decoder::PlanMetrics(od::value array_value, std::vector<model::PlanMetric>& metrics) {
  od::array array;
  if (!IsArray(array_value, array)) return true;
  for (auto element : array) {
    od::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return false;
    model::PlanMetric metric;
    ADVISE_FOR_FIELDS(object)
    if (KeyIs(raw, "name")) {
      metric.name = ShortStr(value);
    } else if (KeyIs(raw, "accumulatorId")) {
      metric.accumulator = Int(value);
    } else if (KeyIs(raw, "metricType")) {
      metric.type = ShortStr(value);
    }
    ADVISE_END_FIELDS
    metrics.push_back(metric);
  }
  return true;
}

// Adds the node and everything below it in pre-order. Recursion is bounded by Limits::json_nesting.
bool Decoder::Plan(od::value object_value, std::int32_t parent, std::size_t depth,
                   std::vector<model::PlanNodeInfo>& nodes) {
  if (depth * 2 > limits_.json_nesting) {  // a level of the plan is two of the JSON: the array and the object
    too_deep = true;
    return false;
  }
  od::object object;
  if (!IsObject(object_value, object)) return true;
  const std::size_t self = nodes.size();
  nodes.emplace_back();
  nodes[self].parent = parent;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "nodeName")) {
    nodes[self].name = Str(value);
  } else if (KeyIs(raw, "simpleString")) {
    nodes[self].simple_string = Str(value);
  } else if (KeyIs(raw, "children")) {
    od::array children;
    if (!IsArray(value, children)) continue;
    for (auto element : children) {
      od::value child;
      if (std::move(element).get(child) != simdjson::SUCCESS) return false;
      if (!Plan(child, static_cast<std::int32_t>(self), depth + 1, nodes)) return false;
    }
  } else if (KeyIs(raw, "metadata")) {
    if (!Pairs(value, nodes[self].metadata)) return false;
  } else if (KeyIs(raw, "metrics")) {
    if (!PlanMetrics(value, nodes[self].metrics)) return false;
  }
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::SqlStart(od::object event) {
  model::SqlStart out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "rootExecutionId")) {
    out.root_id = Int(value);
  } else if (KeyIs(raw, "description")) {
    out.description = OptionalStr(value);
  } else if (KeyIs(raw, "details")) {
    out.details = OptionalStr(value);
  } else if (KeyIs(raw, "sparkPlanInfo")) {
    if (!Plan(value, -1, 1, out.plan)) return false;
  } else if (KeyIs(raw, "time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "modifiedConfigs")) {
    if (!Pairs(value, out.modified_conf)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::SqlEnd(od::object event) {
  model::SqlEnd out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "time")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "errorMessage")) {
    out.error = OptionalStr(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::SqlPlanUpdate(od::object event) {
  model::SqlPlanUpdate out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "sparkPlanInfo")) {
    if (!Plan(value, -1, 1, out.plan)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::SqlMetricUpdates(od::object event) {
  model::SqlMetricUpdates out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "sqlPlanMetrics")) {
    if (!PlanMetrics(value, out.metrics)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::DriverAccumUpdates(od::object event) {
  model::DriverAccumUpdates out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "executionId")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "accumUpdates")) {
    od::array array;
    if (!IsArray(value, array)) continue;
    for (auto element : array) {  // [id, value] pairs
      std::vector<std::int64_t> pair;
      od::value item;
      if (std::move(element).get(item) != simdjson::SUCCESS || !Ints(item, pair)) return false;
      if (pair.size() == 2) out.updates.push_back({pair[0], pair[1]});
    }
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

#undef ADVISE_FOR_FIELDS
#undef ADVISE_END_FIELDS

// ------------------------------------------------------------------------------------------------ dispatch
using DecodeFunction = bool (Decoder::*)(od::object);
struct EventInfo {
  DecodeFunction decode;
  bool ignored;
};

const std::unordered_map<std::string_view, EventInfo>& Events() {
  static const std::unordered_map<std::string_view, EventInfo> events = {
#define ADVISE_EVENT(name, function) {name, {&Decoder::function, false}},
#define ADVISE_IGNORED_EVENT(name, because) {name, {&Decoder::Skip, true}},
#include "ingest/events.def"
#undef ADVISE_EVENT
#undef ADVISE_IGNORED_EVENT
  };
  return events;
}

// Nesting of brackets outside strings, for lines whose JSON simdjson refuses: too deep is told apart from broken.
bool NestedDeeper(std::string_view line, std::size_t limit) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limit) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace

struct EventDecoder::Impl {
  explicit Impl(const Limits& given) : limits(given), decoder(given) {}
  Limits limits;
  od::parser parser;
  Decoder decoder;

  // The event's name without its package; nullopt: the object has none.
  static std::optional<std::string> EventName(od::object& object) {
    od::value value;
    std::string_view name;
    if (object.find_field_unordered("Event").get(value) != simdjson::SUCCESS) return std::nullopt;
    if (value.get_string().get(name) != simdjson::SUCCESS) return std::nullopt;
    return std::string(name);
  }
};

EventDecoder::EventDecoder(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
EventDecoder::~EventDecoder() = default;

void EventDecoder::Decode(std::string_view line, std::uint64_t number, bool last, EventBatch& batch) {
  ++batch.lines;
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  std::size_t blanks = 0;
  while (blanks < line.size() && (line[blanks] == ' ' || line[blanks] == '\t' || line[blanks] == '\0')) ++blanks;
  line.remove_prefix(blanks);
  const auto example = [number] { return "line " + std::to_string(number); };
  if (line.empty()) {
    batch.stats.Add(Stat::BlankLine);
    return;
  }
  const auto broken = [&] {
    if (NestedDeeper(line, impl_->limits.json_nesting)) {
      batch.stats.Add(Stat::DeepLine, 1, example());
    } else {
      batch.stats.Add(last ? Stat::TornLine : Stat::BadLine, 1, example());
    }
  };
  // A UTF-8 byte order mark comes with logs that were edited.
  if (line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
  if (line.empty() || line.front() != '{') {
    broken();
    return;
  }
  od::document document;
  od::object object;
  // Parses from the start; called again where the name was searched: a search that failed may have ended the iterator.
  const auto open = [&] {
    return impl_->parser.iterate(line.data(), line.size(), line.size() + kLinePadding).get(document) ==
               simdjson::SUCCESS &&
           document.get_object().get(object) == simdjson::SUCCESS;
  };
  if (!open()) {
    broken();
    return;
  }
  // The name is nearly always the first field: then nothing is read twice.
  std::string_view name;
  std::optional<std::string> found;
  constexpr std::string_view kPrefix = "{\"Event\":\"";
  if (line.substr(0, kPrefix.size()) == kPrefix) {
    const std::string_view rest = line.substr(kPrefix.size(), 256);
    name = rest.substr(0, rest.find('"'));
  } else {
    found = Impl::EventName(object);
    if (!found) {
      // No event: either some other JSON, or a line so broken that the key is gone.
      const bool whole = open() && impl_->decoder.Skip(object) && AtEnd(document);
      if (whole)
        batch.stats.Add(Stat::ForeignLine, 1, example());
      else
        broken();
      return;
    }
    if (!open()) {
      broken();
      return;
    }
    name = *found;
  }
  const std::size_t dot = name.rfind('.');
  const auto event = Events().find(dot == std::string_view::npos ? name : name.substr(dot + 1));
  Decoder& decoder = impl_->decoder;
  decoder.batch = &batch;
  decoder.too_deep = false;
  const std::size_t others_before = batch.others.size();
  const std::size_t order_before = batch.order.size();
  const DecodeFunction decode = event == Events().end() ? &Decoder::Skip : event->second.decode;
  const bool whole = (decoder.*decode)(object) && AtEnd(document);
  if (!whole) {
    // Nothing of a broken line is used.
    while (batch.order.size() > order_before) {
      switch (batch.order.back().slot) {
        case EventSlot::TaskStart: batch.task_starts.pop_back(); break;
        case EventSlot::TaskEnd: batch.task_ends.pop_back(); break;
        case EventSlot::Other: break;
      }
      batch.order.pop_back();
    }
    batch.others.resize(others_before);
    if (decoder.too_deep)
      batch.stats.Add(Stat::DeepLine, 1, example());
    else
      broken();
    return;
  }
  ++batch.events;
  if (event == Events().end()) {
    batch.stats.Add(Stat::UnknownEvent, 1, name);
    ++batch.unknown_events[std::string(name)];
  } else if (event->second.ignored) {
    batch.stats.Add(Stat::IgnoredEvent, 1, name);
  }
}

}  // namespace advise::ingest
