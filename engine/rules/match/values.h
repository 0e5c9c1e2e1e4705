// Values while rules are evaluated.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace advise::rules {

// Kleene's logic: And is the minimum, Or the maximum.
enum class Truth : std::uint8_t { False, Unknown, True };
inline Truth TruthOf(bool value) { return value ? Truth::True : Truth::False; }
inline Truth NotTruth(Truth truth) { return static_cast<Truth>(2 - static_cast<int>(truth)); }

struct Value {
  enum class Kind : std::uint8_t { Missing, Number, Bool, Text, Row };
  Kind kind = Kind::Missing;
  bool boolean = false;
  std::uint32_t row = 0;    // of an entity or a group
  double number = 0;        // Number: also Timestamp and Version (its code)
  std::string_view text{};  // views into the model, the rules or the evaluation

  [[nodiscard]] bool missing() const { return kind == Kind::Missing; }
};
inline Value NumberValue(double number) {
  if (std::isnan(number)) return {};
  return {.kind = Value::Kind::Number, .number = number};
}
inline Value BoolValue(bool boolean) { return {.kind = Value::Kind::Bool, .boolean = boolean}; }
inline Value TruthValue(Truth truth) { return truth == Truth::Unknown ? Value{} : BoolValue(truth == Truth::True); }
inline Value TextValue(std::string_view text) { return {.kind = Value::Kind::Text, .text = text}; }
inline Value RowValue(std::uint32_t row) { return {.kind = Value::Kind::Row, .row = row}; }

inline constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();

}  // namespace advise::rules
