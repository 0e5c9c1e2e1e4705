// The functions that rules may call. One row in function_table.cpp is all there is to one: name, shape (its types),
// words for the documentation and an example that a test runs. The numbers behind them are in statistics.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace advise::rules {

enum class FunctionId : std::uint8_t {
  Count,
  Sum,
  Mean,
  Min,
  Max,
  Quantile,
  Sd,
  Cv,
  Gini,
  Mad,
  ShareTop,
  Hist,
  Any,
  All,
  Corr,
  ArgMax,
  ArgMin,
  Top,
  First,
  Last,
  Rest,
  Distinct,
  Trend,
  Lower,
  Metric,
  MetricMax,
  Ceil,
  Floor,
  Round,
  Abs,
  Sqrt,
  Log,
  ConfIsSet
};

// What a function takes and gives; the binder has one case for each.
enum class FunctionShape : std::uint8_t {
  CountMembers,    // (set | group | Dist) -> Count
  Sum,             // (Dist<number>) -> number; over tasks a Duration becomes SlotTime
  SameUnit,        // (Dist<number> | Series) -> number of the same dimension
  Extreme,         // SameUnit, or (number, number, …) -> number
  PureRatio,       // (Dist<number>) -> Ratio
  Histogram,       // (Dist<number>) -> String
  TopShare,        // (Dist<number>, share) -> Ratio
  AnyAll,          // (Dist<Bool>) -> Bool
  Correlation,     // (Dist<number>, Dist<number> over the same set) -> Ratio
  Pick,            // (set by number) -> entity
  PickMany,        // (set by number, n) -> set
  OneMember,       // (set | group) -> entity
  OtherMembers,    // (set | group) -> set
  CountDistinct,   // (Dist) -> Count
  Slope,           // (Dist<number>) -> number of the same dimension: what one member adds
  TextOfText,      // (String | Enum) -> String
  RoundNumber,     // (number without dimension) -> Count
  KeepUnit,        // (number) -> number
  Transcendental,  // (number without dimension) -> number
  SettingIsSet,    // ("spark.…") -> Bool
  NodeMetric,      // (PlanNode | set of PlanNode, "name", type) -> number | Dist<number>; ("name") of a member
};

struct RuleFunction {
  FunctionId id;
  std::string_view name;  // of quantiles "p50"; any of p1 … p99 and, as p99_9, with a fraction is one
  FunctionShape shape;
  std::string_view signature;
  std::string_view doc;      // what it is, and when it is missing
  std::string_view example;  // a condition that holds in the test's example stage `s`
};

// All functions, in the order of the documentation.
std::span<const RuleFunction> AllFunctions();

struct FunctionName {
  const RuleFunction* function = nullptr;
  double quantile = 0;  // 0.5 for p50
};
// p99_9 is the 99.9th percentile, p0_5 the 0.5th. nullopt: no such function.
std::optional<FunctionName> FindFunction(std::string_view name);
// Names for did-you-mean.
std::vector<std::string_view> FunctionNames();

}  // namespace advise::rules
