// Parses texts of settings by the rules of JavaUtils and of Scala's converters: suffixes, blanks, letter case.
#include "spark/conf_values.h"

#include <charconv>
#include <cmath>
#include <span>
#include <string>

#include "support/text.h"

namespace advise::spark {
namespace {

struct Suffix {
  std::string_view text;
  std::int64_t factor;
};

// JavaUtils.byteSuffixes.
constexpr Suffix kByteSuffixes[] = {
    {"b", 1},     {"k", kKiB},        {"kb", kKiB},        {"m", kMiB},       {"mb", kMiB},       {"g", kGiB},
    {"gb", kGiB}, {"t", kGiB * 1024}, {"tb", kGiB * 1024}, {"p", kGiB* kMiB}, {"pb", kGiB* kMiB},
};
// JavaUtils.timeSuffixes, in microseconds.
constexpr Suffix kTimeSuffixes[] = {
    {"us", 1},           {"ms", 1'000},        {"s", 1'000'000},      {"m", 60'000'000},
    {"min", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000},
};

std::string TrimmedLower(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return Lower(text);
}

// Digits and a suffix out of the list; without suffix the factor is `bare`.
std::optional<std::int64_t> ParseScaled(std::string_view text, std::int64_t bare, std::span<const Suffix> suffixes) {
  const std::string lower = TrimmedLower(text);
  std::int64_t number = 0;
  const char* const end = lower.data() + lower.size();
  const auto [rest, error] = std::from_chars(lower.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view suffix(rest, static_cast<std::size_t>(end - rest));
  std::int64_t factor = bare;
  if (!suffix.empty()) {
    factor = 0;
    for (const Suffix& known : suffixes) {
      if (known.text == suffix) factor = known.factor;
    }
    if (factor == 0) return std::nullopt;
  }
  std::int64_t product = 0;
  if (__builtin_mul_overflow(number, factor, &product)) return std::nullopt;
  return product;
}

}  // namespace

std::optional<std::int64_t> ParseBytes(std::string_view text, std::int64_t default_unit) {
  return ParseScaled(text, default_unit, kByteSuffixes);
}

std::optional<std::int64_t> ParseTimeMs(std::string_view text, std::int64_t default_unit_ms) {
  const std::optional<std::int64_t> micros = ParseScaled(text, default_unit_ms * 1000, kTimeSuffixes);
  if (!micros) return std::nullopt;
  return *micros / 1000;
}

std::optional<bool> ParseBool(std::string_view text) {
  const std::string lower = TrimmedLower(text);
  if (lower == "true") return true;
  if (lower == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> ParseInt(std::string_view text) { return ParseScaled(text, 1, {}); }

std::optional<double> ParseReal(std::string_view text) {
  const std::string lower = TrimmedLower(text);
  double number = 0;
  const char* const end = lower.data() + lower.size();
  const auto [rest, error] = std::from_chars(lower.data(), end, number);
  if (error != std::errc() || rest != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace advise::spark
