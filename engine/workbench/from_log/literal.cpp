// A number is written in the largest unit in which three decimals are enough.
#include "workbench/from_log/literal.h"

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <string_view>

namespace advise::workbench {
namespace {

using metrics::Unit;

struct Named {
  double size;
  std::string_view name;
};
constexpr std::array<Named, 5> kBytes = {
    {{1099511627776.0, "TiB"}, {1073741824.0, "GiB"}, {1048576.0, "MiB"}, {1024.0, "KiB"}, {1, "B"}}};
constexpr std::array<Named, 4> kTimes = {{{3'600'000, "h"}, {60'000, "min"}, {1000, "s"}, {1, "ms"}}};
constexpr std::array<Named, 6> kNanos = {
    {{3.6e12, "h"}, {6e10, "min"}, {1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}}};
constexpr std::array<Named, 1> kShare = {{{0.01, "%"}}};
constexpr std::array<Named, 1> kPlain = {{{1, ""}}};

std::span<const Named> UnitsOf(Unit unit) {
  switch (unit) {
    case Unit::Bytes: return kBytes;
    case Unit::Ms:
    case Unit::SlotMs:
    case Unit::EpochMs: return kTimes;
    case Unit::Ns: return kNanos;
    case Unit::Share: return kShare;
    case Unit::None:
    case Unit::Id:
    case Unit::Count:
    case Unit::Ratio: return kPlain;
  }
  return kPlain;
}

std::string Digits(double number) {
  std::array<char, 400> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  return std::string(text.data(), end);
}

}  // namespace

metrics::Attribute LiteralUnit(metrics::SqlMetricKind kind, metrics::SqlMetricPart part) {
  metrics::Attribute attribute;
  attribute.unit = metrics::UnitOf(kind, part);
  attribute.whole = kind != metrics::SqlMetricKind::Average;
  return attribute;
}

std::string LiteralOf(const metrics::Attribute& attribute, double stored) {
  const std::span<const Named> units = UnitsOf(attribute.unit);
  constexpr double kDecimals = 1000;
  for (const Named& unit : units) {
    const double value = stored / unit.size;
    const bool exact = std::round(value * kDecimals) / kDecimals * unit.size == stored;
    if ((exact && std::abs(value) >= 1) || &unit == &units.back()) {
      return Digits(exact ? std::round(value * kDecimals) / kDecimals : value) + std::string(unit.name);
    }
  }
  return {};
}

double RoundForLiteral(const metrics::Attribute& attribute, double stored, int digits) {
  const std::span<const Named> units = UnitsOf(attribute.unit);
  for (const Named& unit : units) {
    const double value = stored / unit.size;
    if (std::abs(value) < 1 && &unit != &units.back()) continue;
    if (value == 0) return 0;
    const double step = std::pow(10.0, std::floor(std::log10(std::abs(value))) + 1 - digits);
    const double rounded = step < 1 ? std::round(value / step) / std::round(1 / step) : std::round(value / step) * step;
    const double result = rounded * unit.size;
    return attribute.whole || attribute.unit == Unit::Count ? std::round(result) : result;
  }
  return stored;
}

}  // namespace advise::workbench
