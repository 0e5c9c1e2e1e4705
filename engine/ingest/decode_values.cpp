// Scalars and small collections. Absent, null and values of a foreign type all read as missing.
#include "ingest/json_decoder.h"

#include <charconv>
#include <cmath>

namespace advise::ingest {

std::int64_t ParseInt(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole && number <= kLargestInt && number >= -kLargestInt ? number : kMissing;
}

std::int64_t Decoder::IntOfOther(od::value value) {
  od::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return kMissing;
  if (type == od::json_type::string) {
    std::string_view text;
    return value.get_string().get(text) == simdjson::SUCCESS ? ParseInt(text) : kMissing;
  }
  if (type == od::json_type::number) {
    double real = 0;
    if (value.get_double().get(real) != simdjson::SUCCESS || !(std::fabs(real) <= static_cast<double>(kLargestInt)))
      return kMissing;
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
    if (!Spend(kPairBytes)) return false;
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
    if (!Spend(kIntBytes)) return false;
    const std::int64_t number = Int(item);
    if (number != kMissing) list.push_back(number);
  }
  return true;
}

}  // namespace advise::ingest
