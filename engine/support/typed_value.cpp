// Printing of typed values: one case a form; numbers by support/format, names of the log cleaned for a terminal.
#include "support/typed_value.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "support/clean_text.h"
#include "support/format.h"

namespace advise {
namespace {

// Half-up to an integer; far values are clamped.
std::int64_t Whole(double value) {
  constexpr double kLimit = 9e18;
  return static_cast<std::int64_t>(std::floor(std::clamp(value, -kLimit, kLimit) + 0.5));
}

std::string CountText(double value) {
  return value == std::floor(value) ? FormatCount(Whole(value)) : FormatRatio(value);
}

// "2026-11-22 18:45:00 UTC"
std::string TimestampText(double epoch_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(Whole(epoch_ms))};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d UTC", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::string MoneyText(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

// Names of the log on one line; a backtick would be taken for markup.
std::string NameText(std::string_view text) {
  constexpr std::size_t kColumns = 160;
  std::string clean = CleanText(ShortCallSite(text), kColumns);
  std::ranges::replace(clean, '`', '\'');
  return clean;
}

// The model's own enums are words to a reader; Spark's own names keep their spelling (PROCESS_LOCAL).
std::string WordText(std::string_view text) {
  std::string words = NameText(text);
  if (std::ranges::none_of(words, [](char c) { return c >= 'A' && c <= 'Z'; })) std::ranges::replace(words, '_', ' ');
  return words;
}

}  // namespace

std::string_view UnitText(ValueForm form) {
  switch (form) {
    case ValueForm::Duration: return "ms";
    case ValueForm::SlotTime: return "slot ms";
    case ValueForm::Bytes: return "B";
    case ValueForm::Rate: return "B/ms";
    case ValueForm::Count: return "count";
    case ValueForm::Share: return "share";
    case ValueForm::Ratio: return "ratio";
    case ValueForm::Timestamp: return "epoch ms";
    case ValueForm::Missing:
    case ValueForm::Number:
    case ValueForm::Id:
    case ValueForm::Money:
    case ValueForm::Version:
    case ValueForm::Text:
    case ValueForm::Word:
    case ValueForm::Bool:
    case ValueForm::Entity: return "";
  }
  return "";
}

std::optional<std::string> PrintValue(const TypedValue& value) {
  const double number = value.number;
  switch (value.form) {
    case ValueForm::Missing: return std::nullopt;
    case ValueForm::Number: return CountText(number);
    case ValueForm::Count: return CountText(number);
    case ValueForm::Id: return std::to_string(Whole(number));
    case ValueForm::Share: return FormatShare(number);
    case ValueForm::Ratio: return FormatRatio(number);
    case ValueForm::Duration: return FormatTime(Whole(number));
    case ValueForm::SlotTime: return FormatSlotTime(Whole(number));
    case ValueForm::Bytes: return FormatBytes(Whole(number));
    case ValueForm::Rate: return FormatBytes(Whole(number * 1000)) + "/s";  // stored per millisecond
    case ValueForm::Money: return MoneyText(number);
    case ValueForm::Timestamp: return TimestampText(number);
    case ValueForm::Bool: return number != 0 ? "true" : "false";
    case ValueForm::Word: return WordText(value.text);
    case ValueForm::Version:
    case ValueForm::Text:
    case ValueForm::Entity: return NameText(value.text);
  }
  return std::nullopt;
}

std::string PrintText(const std::vector<TextSegment>& text) {
  std::string printed;
  for (const TextSegment& segment : text) {
    printed += segment.value ? PrintValue(*segment.value).value_or("unknown") : segment.literal;
  }
  return printed;
}

std::optional<std::string> PrintWholeText(const std::vector<TextSegment>& text) {
  const auto missing = [](const TextSegment& segment) {
    return segment.value && segment.value->form == ValueForm::Missing;
  };
  if (std::ranges::any_of(text, missing)) return std::nullopt;
  return PrintText(text);
}

}  // namespace advise
