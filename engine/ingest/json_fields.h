// Reading JSON objects in one pass over their fields, in whatever order they come; a table of the usual order makes the
// next key nearly always the first one compared. Private to the decoder (simdjson).
#pragma once

#include <simdjson.h>

#include <array>
#include <cstring>
#include <string_view>

#include "ingest/event_decoder.h"

namespace advise::ingest {

namespace od = simdjson::ondemand;

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

inline bool KeyIs(const char* raw, std::string_view text) {
  return std::memcmp(raw, text.data(), text.size()) == 0 && raw[text.size()] == '"';
}

// Iterates the fields of an object: `raw` is the key behind its quote, `value` its value. Returns false from the
// enclosing function when the JSON is broken.
#define ADVISE_FOR_FIELDS(object) ADVISE_FOR_FIELDS_AS(object, raw, value)

// The same for an object inside of that, with names of its own for key and value.
#define ADVISE_FOR_FIELDS_AS(object, name, part)                                       \
  for (auto name##_result : (object)) {                                                \
    od::field name##_field;                                                            \
    if (std::move(name##_result).get(name##_field) != simdjson::SUCCESS) return false; \
    const char* const name = name##_field.key().raw();                                 \
    od::value part = name##_field.value();

#define ADVISE_END_FIELDS }

inline bool IsObject(od::value& value, od::object& object) {
  od::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS || type != od::json_type::object) return false;
  return value.get_object().get(object) == simdjson::SUCCESS;
}

inline bool IsArray(od::value& value, od::array& array) {
  od::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS || type != od::json_type::array) return false;
  return value.get_array().get(array) == simdjson::SUCCESS;
}

}  // namespace advise::ingest
