// One line of an event log → one event. simdjson lives in event_decoder.cpp and nowhere else.
#pragma once

#include <memory>
#include <string_view>

#include "ingest/event_batch.h"
#include "support/limits.h"

namespace advise::ingest {

// Bytes that must be readable behind the end of every line given to Decode.
inline constexpr std::size_t kLinePadding = 64;

// How much of an event is read.
enum class Detail : std::uint8_t {
  Rules,  // what rules and reports use
  Rest,   // and what only Spark's REST API shows: texts of plans, named accumulators of tasks and stages
};

class EventDecoder {
 public:
  explicit EventDecoder(const Limits& limits, Detail detail = Detail::Rules);
  ~EventDecoder();
  EventDecoder(const EventDecoder&) = delete;
  EventDecoder& operator=(const EventDecoder&) = delete;

  // Lines of a chunk share room for what they hold (Limits::event_growth); called before its first line.
  void StartChunk();

  // Adds the event of `line` (without its '\n') to the batch, or counts in batch.stats why it has none. `number` is the
  // 1-based line inside the chunk, kept as the example. `last` marks a line that ends with the log, not with '\n': if
  // it does not parse it is torn, not bad. A line costs only itself.
  void Decode(std::string_view line, std::uint64_t number, bool last, EventBatch& batch);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace advise::ingest
