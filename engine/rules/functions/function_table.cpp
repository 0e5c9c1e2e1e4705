// The explicit list of rule functions. The examples are run by tests/unit/rules_match_test.cpp in a stage `s` with five
// tasks of 1, 2, 3, 4 and 10 s that read 10, 20, 30, 40 and 100 MiB; the last one is speculative.
#include <algorithm>
#include <charconv>

#include "rules/functions/function.h"

namespace advise::rules {
namespace {

constexpr RuleFunction kFunctions[] = {
    {.id = FunctionId::Count,
     .name = "count",
     .shape = FunctionShape::CountMembers,
     .signature = "count(set | group | dist)",
     .doc = "Number of members; of a distribution, of the values that are known.",
     .example = "count(s.tasks[not speculative]) = 4"},
    {.id = FunctionId::Sum,
     .name = "sum",
     .shape = FunctionShape::Sum,
     .signature = "sum(dist)",
     .doc = "Sum of the known values; 0 of an empty set. Task durations add up to SlotTime, not to wall time.",
     .example = "sum(s.tasks.shuffle_read) = 200MiB"},
    {.id = FunctionId::Mean,
     .name = "mean",
     .shape = FunctionShape::SameUnit,
     .signature = "mean(dist | series)",
     .doc = "Arithmetic mean of the known values; of a series weighted by time. Missing without values.",
     .example = "mean(s.tasks.duration) = 4s"},
    {.id = FunctionId::Min,
     .name = "min",
     .shape = FunctionShape::Extreme,
     .signature = "min(dist | series) or min(a, b, …)",
     .doc = "Smallest known value of a distribution, or smallest argument.",
     .example = "min(s.tasks.duration) = 1s"},
    {.id = FunctionId::Max,
     .name = "max",
     .shape = FunctionShape::Extreme,
     .signature = "max(dist | series) or max(a, b, …)",
     .doc = "Largest known value of a distribution, or largest argument.",
     .example = "max(3, 7) = 7"},
    {.id = FunctionId::Quantile,
     .name = "p50",
     .shape = FunctionShape::SameUnit,
     .signature = "p50(dist | series), any of p1 to p99, p99_9 for 99.9 %",
     .doc = "Percentile without interpolation, as Spark's own: the value at index min(floor(q*n), n-1) of the "
            "ascending ones.",
     .example = "p50(s.tasks.duration) = 3s and p99(s.tasks.duration) = 10s"},
    {.id = FunctionId::Sd,
     .name = "sd",
     .shape = FunctionShape::SameUnit,
     .signature = "sd(dist)",
     .doc = "Standard deviation (of the population). Missing without values.",
     .example = "sd(s.tasks.duration) in 3.1s..3.2s"},
    {.id = FunctionId::Cv,
     .name = "cv",
     .shape = FunctionShape::PureRatio,
     .signature = "cv(dist)",
     .doc = "Coefficient of variation, sd / mean. Missing when the mean is 0.",
     .example = "cv(s.tasks.duration) in 0.78..0.8"},
    {.id = FunctionId::Gini,
     .name = "gini",
     .shape = FunctionShape::PureRatio,
     .signature = "gini(dist)",
     .doc = "Gini coefficient: 0 when all values are equal, towards 1 when one holds everything. Missing when the sum "
            "is not positive.",
     .example = "gini(s.tasks.duration) in 0.39..0.41"},
    {.id = FunctionId::Mad,
     .name = "mad",
     .shape = FunctionShape::SameUnit,
     .signature = "mad(dist)",
     .doc = "Median absolute deviation from the median (both as p50).",
     .example = "mad(s.tasks.duration) = 1s"},
    {.id = FunctionId::ShareTop,
     .name = "share_top",
     .shape = FunctionShape::TopShare,
     .signature = "share_top(dist, share)",
     .doc = "Part of the sum that the largest values hold, `share` of them, at least one. Missing when the sum is not "
            "positive.",
     .example = "share_top(s.tasks.shuffle_read, 1%) = 50%"},
    {.id = FunctionId::Hist,
     .name = "hist",
     .shape = FunctionShape::Histogram,
     .signature = "hist(dist)",
     .doc = "How many known values lie in each tenth of the way from the smallest to the largest, as a text: for "
            "evidence and messages. Missing without values.",
     .example = "hist(s.tasks.duration) = \"1 1 1 1 0 0 0 0 0 1\""},
    {.id = FunctionId::Any,
     .name = "any",
     .shape = FunctionShape::AnyAll,
     .signature = "any(dist of Bool)",
     .doc = "True if one member is true; unknown if none is and one is unknown.",
     .example = "any(s.tasks.speculative)"},
    {.id = FunctionId::All,
     .name = "all",
     .shape = FunctionShape::AnyAll,
     .signature = "all(dist of Bool)",
     .doc = "False if one member is false; unknown if none is and one is unknown. True of an empty set.",
     .example = "not all(s.tasks.speculative)"},
    {.id = FunctionId::Corr,
     .name = "corr",
     .shape = FunctionShape::Correlation,
     .signature = "corr(dist, dist)",
     .doc = "Pearson correlation over the members for which both values are known; both over the same set. Missing "
            "below three or when one does not vary.",
     .example = "corr(s.tasks.duration, s.tasks.shuffle_read) > 0.99"},
    {.id = FunctionId::ArgMax,
     .name = "argmax",
     .shape = FunctionShape::Pick,
     .signature = "argmax(set by number)",
     .doc = "The member with the largest known value; the first of them in the set's order. Missing without one.",
     .example = "argmax(s.tasks by shuffle_read).duration = 10s"},
    {.id = FunctionId::ArgMin,
     .name = "argmin",
     .shape = FunctionShape::Pick,
     .signature = "argmin(set by number)",
     .doc = "The member with the smallest known value; the first of them in the set's order. Missing without one.",
     .example = "argmin(s.tasks by shuffle_read).duration = 1s"},
    {.id = FunctionId::Top,
     .name = "top",
     .shape = FunctionShape::PickMany,
     .signature = "top(set by number, n)",
     .doc = "The n members with the largest known values, largest first.",
     .example = "sum(top(s.tasks by duration, 2).duration) = sum(s.tasks[duration >= 4s].duration)"},
    {.id = FunctionId::First,
     .name = "first",
     .shape = FunctionShape::OneMember,
     .signature = "first(set | group)",
     .doc = "The first member in the order of the log. Missing of an empty set.",
     .example = "first(s.tasks).duration = 1s"},
    {.id = FunctionId::Last,
     .name = "last",
     .shape = FunctionShape::OneMember,
     .signature = "last(set | group)",
     .doc = "The last member in the order of the log. Missing of an empty set.",
     .example = "last(s.tasks).duration = 10s"},
    {.id = FunctionId::Rest,
     .name = "rest",
     .shape = FunctionShape::OtherMembers,
     .signature = "rest(set | group)",
     .doc = "All members but the first.",
     .example = "count(rest(s.tasks)) = 4"},
    {.id = FunctionId::Distinct,
     .name = "distinct",
     .shape = FunctionShape::CountDistinct,
     .signature = "distinct(dist)",
     .doc = "How many different known values there are. Missing when no member has one. The members of a set are "
            "different anyway: `count` counts them.",
     .example = "distinct(s.tasks.speculative) = 2 and distinct(s.tasks.duration) = 5"},
    {.id = FunctionId::Trend,
     .name = "trend",
     .shape = FunctionShape::Slope,
     .signature = "trend(dist)",
     .doc = "By how much the values grow from one member to the next, in the order in which the members began: the median "
            "(as p50) of the slopes between all pairs (Theil-Sen), which single outliers do not move; of more than 1,000 "
            "values between those half the set apart. Missing below three known values.",
     .example = "trend(s.tasks.duration) = 1s and trend(s.tasks.shuffle_read) = 10MiB"},
    {.id = FunctionId::Lower,
     .name = "lower",
     .shape = FunctionShape::TextOfText,
     .signature = "lower(text)",
     .doc = "The text with small letters for the capital ones of ASCII.",
     .example = "lower(\"Scan PARQUET\") = \"scan parquet\""},
    {.id = FunctionId::Metric,
     .name = "metric",
     .shape = FunctionShape::NodeMetric,
     .signature = "metric(node | set of nodes, \"name\")",
     .doc = "A SQL metric of a plan node, as the SQL tab of Spark's user interface shows it: tasks added up. Sizes are "
            "Bytes, times of tasks SlotTime, those of the driver Duration; of averages the mean. Within `[…]` and `by` "
            "`metric(\"name\")` is the member's own. A metric that is not Spark's own says what it is: "
            "`metric(n, \"op time\", SlotTime)`, else it is taken for a Count. Missing unless the node has it and set "
            "it, and where the log states another type.",
     .example = "sum(metric(s.nodes, \"spill size\")) = 0B and "
                "count(s.nodes[metric(\"spill size\") > 1GiB]) = 0"},
    {.id = FunctionId::MetricMax,
     .name = "metric_max",
     .shape = FunctionShape::NodeMetric,
     .signature = "metric_max(node | set of nodes, \"name\")",
     .doc = "The largest value of a SQL metric that one task (or the driver) sent; otherwise as `metric`. A time of "
            "one task is a Duration.",
     .example = "count(metric_max(s.nodes, \"peak memory\")) = 0"},
    {.id = FunctionId::Ceil,
     .name = "ceil",
     .shape = FunctionShape::RoundNumber,
     .signature = "ceil(number)",
     .doc = "Smallest whole number not below it.",
     .example = "ceil(2.1) = 3"},
    {.id = FunctionId::Floor,
     .name = "floor",
     .shape = FunctionShape::RoundNumber,
     .signature = "floor(number)",
     .doc = "Largest whole number not above it.",
     .example = "floor(2.9) = 2"},
    {.id = FunctionId::Round,
     .name = "round",
     .shape = FunctionShape::RoundNumber,
     .signature = "round(number)",
     .doc = "Nearest whole number, halves away from zero.",
     .example = "round(2.5) = 3"},
    {.id = FunctionId::Abs,
     .name = "abs",
     .shape = FunctionShape::KeepUnit,
     .signature = "abs(number)",
     .doc = "Absolute value.",
     .example = "abs(2s - 5s) = 3s"},
    {.id = FunctionId::Sqrt,
     .name = "sqrt",
     .shape = FunctionShape::Transcendental,
     .signature = "sqrt(number)",
     .doc = "Square root. Missing of a negative number.",
     .example = "sqrt(9) = 3"},
    {.id = FunctionId::Log,
     .name = "log",
     .shape = FunctionShape::Transcendental,
     .signature = "log(number)",
     .doc = "Natural logarithm. Missing unless the number is positive.",
     .example = "log(1) = 0"},
    {.id = FunctionId::ConfIsSet,
     .name = "conf_is_set",
     .shape = FunctionShape::SettingIsSet,
     .signature = "conf_is_set(\"spark.…\")",
     .doc = "The application or the query's session sets it: no default. Missing without EnvironmentUpdate.",
     .example = "not conf_is_set(\"spark.no.such.setting\")"},
};

// "p50" -> 0.5, "p99_9" -> 0.999, "p0_5" -> 0.005. Between 0 and 100, both not included; no leading zeros.
std::optional<double> QuantileOf(std::string_view name) {
  if (name.size() < 2 || name[0] != 'p') return std::nullopt;
  const std::string_view digits = name.substr(1);
  const std::size_t point = digits.find('_');
  const std::string_view whole = digits.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "0" : digits.substr(point + 1);
  const auto number = [](std::string_view text) -> std::optional<int> {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool all = error == std::errc() && end == text.data() + text.size() && !text.empty() && text[0] != '-';
    return all ? std::optional(value) : std::nullopt;
  };
  const auto percent = number(whole);
  const auto part = number(fraction);
  constexpr std::size_t kMostDigits = 4;
  if (!percent || !part || whole.size() > 2 || (whole.size() == 2 && whole[0] == '0') || fraction.size() > kMostDigits)
    return std::nullopt;
  double scale = 100;
  for (std::size_t i = 0; i < fraction.size(); ++i) scale *= 10;
  const double quantile = (*percent * (scale / 100) + *part) / scale;
  return quantile > 0 ? std::optional(quantile) : std::nullopt;
}

}  // namespace

std::span<const RuleFunction> AllFunctions() { return kFunctions; }

std::optional<FunctionName> FindFunction(std::string_view name) {
  if (const auto quantile = QuantileOf(name)) {
    const auto* row = std::ranges::find(kFunctions, FunctionId::Quantile, &RuleFunction::id);
    return FunctionName{row, *quantile};
  }
  const auto* row = std::ranges::find(kFunctions, name, &RuleFunction::name);
  if (row == std::end(kFunctions)) return std::nullopt;
  return FunctionName{row, 0};
}

std::vector<std::string_view> FunctionNames() {
  std::vector<std::string_view> names;
  for (const RuleFunction& function : kFunctions) names.push_back(function.name);
  for (const std::string_view name : {"p25", "p75", "p90", "p95", "p99"}) names.push_back(name);
  return names;
}

}  // namespace advise::rules
