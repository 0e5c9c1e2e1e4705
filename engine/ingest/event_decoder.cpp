// simdjson On-Demand over single lines. Lines are split first (chunk_reader.h): its own document streams lose the
// neighbours of a torn line. Which function decodes which event: events.def.
#include "ingest/event_decoder.h"

#include <simdjson.h>

#include <optional>
#include <string>
#include <unordered_map>

#include "ingest/json_decoder.h"

namespace advise::ingest {
namespace {

// Nothing but blanks follows the object.
bool AtEnd(od::document& document) { return document.current_location().error() == simdjson::OUT_OF_BOUNDS; }

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
  Impl(const Limits& given, Detail detail) : limits(given), decoder(given, detail) {}
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

EventDecoder::EventDecoder(const Limits& limits, Detail detail) : impl_(std::make_unique<Impl>(limits, detail)) {}
EventDecoder::~EventDecoder() = default;

void EventDecoder::StartChunk() { impl_->decoder.StartChunk(); }

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
  decoder.too_dense = false;
  decoder.AddRoom(impl_->limits.event_growth * line.size());
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
    else if (decoder.too_dense)
      batch.stats.Add(Stat::DenseLine, 1, example());
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
