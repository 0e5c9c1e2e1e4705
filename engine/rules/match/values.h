// Values while rules are evaluated.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "rules/bind/bound_rule.h"
#include "rules/match/match.h"

namespace advise::rules {

// Kleene's logic: And is the minimum, Or the maximum.
enum class Truth : std::uint8_t { False, Unknown, True };
inline Truth TruthOf(bool value) { return value ? Truth::True : Truth::False; }
inline Truth NotTruth(Truth truth) {
  if (truth == Truth::Unknown) return truth;
  return truth == Truth::True ? Truth::False : Truth::True;
}

struct Value {
  enum class Kind : std::uint8_t { Missing, Number, Bool, Text, Row };
  Kind kind = Kind::Missing;
  double number = 0;  // Number: also Timestamp and Version (its code)
  bool boolean = false;
  std::string_view text{};  // views into the model or the rule set
  std::uint32_t row = 0;    // of an entity or a group

  [[nodiscard]] bool missing() const { return kind == Kind::Missing; }
};
inline Value NumberValue(double number) {
  if (std::isnan(number)) return {};
  return {Value::Kind::Number, number, false, {}, 0};
}
inline Value BoolValue(bool boolean) { return {Value::Kind::Bool, 0, boolean, {}, 0}; }
inline Value TruthValue(Truth truth) { return truth == Truth::Unknown ? Value{} : BoolValue(truth == Truth::True); }
inline Value TextValue(std::string_view text) { return {Value::Kind::Text, 0, false, text, 0}; }
inline Value RowValue(std::uint32_t row) { return {Value::Kind::Row, 0, false, {}, row}; }

inline constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();

// The rows that the variables of one rule have at the moment.
class Frame {
 public:
  explicit Frame(const std::vector<Slot>& slots) : slots_(&slots), rows_(slots.size(), kUnboundSlot) {}
  Frame(const std::vector<Slot>& slots, std::vector<std::uint32_t> rows) : slots_(&slots), rows_(std::move(rows)) {}

  [[nodiscard]] std::uint32_t At(SlotIndex slot) const { return slot < rows_.size() ? rows_[slot] : kUnboundSlot; }
  // Texts that were bound later have slots beyond the rule's own.
  void Set(SlotIndex slot, std::uint32_t row) {
    if (slot >= rows_.size()) rows_.resize(slot + 1, kUnboundSlot);
    rows_[slot] = row;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return rows_; }
  [[nodiscard]] const std::vector<Slot>& slots() const { return *slots_; }

 private:
  const std::vector<Slot>* slots_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace advise::rules
