// Values with the form in which they are printed, and texts that hold such values: what rules hand to everything that
// words a finding. Printing follows the rules of form (support/format.h), so that a value looks the same everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace advise {

// How a value is written. Numbers are in base units: ms, bytes, bytes per ms, epoch ms, 0..1 of a Share.
enum class ValueForm : std::uint8_t {
  Missing,
  Number,
  Count,
  Id,
  Share,
  Ratio,
  Duration,
  SlotTime,
  Bytes,
  Rate,
  Money,
  Timestamp,
  Version,
  Text,
  Word,  // a name out of an enum of the model: "between_jobs" prints as "between jobs"
  Bool,
  Entity
};

// "ms", "slot ms", "B", "B/ms", "count", "share", "ratio", "epoch ms"; "" for the others.
std::string_view UnitText(ValueForm form);

struct TypedValue {
  ValueForm form = ValueForm::Missing;
  double number = 0;   // numbers, Timestamp; Bool: 0 or 1
  std::string text{};  // Text, Word, Version; Entity: its key ("12.0"), several joined with ", "
  friend bool operator==(const TypedValue&, const TypedValue&) = default;
};

// A piece of a text: a literal, or a value in its place.
struct TextSegment {
  std::string literal;
  std::optional<TypedValue> value;  // instead of the literal
};

// Names of the log come out on one line, at most 160 columns, without backticks. nullopt: the value is missing.
std::optional<std::string> PrintValue(const TypedValue& value);

// A title, message or fix with its values. A missing value is "unknown".
std::string PrintText(const std::vector<TextSegment>& text);

// The same, or nullopt if a value is missing: without evidence there is no sentence.
std::optional<std::string> PrintWholeText(const std::vector<TextSegment>& text);

}  // namespace advise
