// Tests of packs with every name resolved: plain data. workbench/ makes a job of the givens and compares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metrics/catalogue.h"
#include "metrics/sql_metrics.h"
#include "rules/ast.h"
#include "support/source.h"

namespace advise::rules {

// The value of one cell.
struct GivenCell {
  enum class Kind : std::uint8_t { Missing, Number, Text, Bool, Given };
  Kind kind = Kind::Missing;
  double number = 0;         // in the unit in which the attribute is stored
  std::string text{};        // Text, Enum, and the version of App.spark
  bool boolean = false;      // Bool
  std::uint32_t given = 0;   // Given: index in BoundTest::givens
  bool since_start = false;  // a Timestamp written as the time since the application's start
};
struct GivenValue {
  metrics::AttributeId attribute{};
  GivenCell cell;
};
// tasks.duration = [20s x 199, 11min]: an attribute of the tasks of a stage.
struct GivenSample {
  metrics::AttributeId attribute{};
  std::vector<std::pair<GivenCell, std::int64_t>> runs;
  bool every = false;  // written without brackets: one value for all tasks
};
// metric("spill size") = 2GiB: a SQL metric of a plan node.
struct GivenMetric {
  std::string name;
  metrics::SqlMetricKind kind{};
  metrics::SqlMetricPart part{};
  std::optional<double> number;  // times in ms; absent: the node has the metric and never set it
};
struct GivenEntity {
  std::string name;  // empty: an edge without a name
  metrics::EntityType type;
  std::vector<GivenValue> values;
  std::vector<GivenSample> tasks{};  // of a Stage; those that are not `every` have equal lengths
  std::vector<GivenMetric> metrics{};  // of a PlanNode
};
// An edge between two givens; of a Shuffle `as` is its own row.
struct GivenLink {
  metrics::EdgeKind kind{};
  std::uint32_t from = 0;  // indices in BoundTest::givens
  std::uint32_t to = 0;
  std::optional<std::uint32_t> as;
};

// given param skew_ratio = 6
struct GivenParamValue {
  std::uint32_t param = 0;  // in BoundRules::params
  double number = 0;
  std::string text{};
};
// given finding core.skewed_join(s, j): the rule has this finding, whatever its conditions say.
struct GivenFindingHead {
  std::uint32_t rule = 0;              // in BoundRules::rules
  std::vector<std::uint32_t> givens;   // one an argument; of a group one of its members
};

// One argument of an expected finding.
struct ExpectedArgument {
  enum class Kind : std::uint8_t { Any, Given, Key };
  Kind kind = Kind::Any;
  std::uint32_t given = 0;
  std::string key{};  // of a test on a log: "12.0", as `advise model` prints it
};
struct ExpectedAtom {
  std::uint32_t rule = 0;  // in BoundRules::rules
  std::vector<ExpectedArgument> arguments;
  std::string text;  // as written
};
struct Expectation {
  bool negated = false;
  ExpectedAtom atom;
  std::optional<std::pair<ast::BinaryOp, double>> confidence;
  std::optional<std::pair<ast::BinaryOp, int>> severity;  // a Severity
  std::optional<std::int64_t> count;
  bool saving = false;                   // stated, but there is no cost model yet
  std::optional<std::uint32_t> because;  // a rule
  bool because_missing = false;
  std::optional<std::string> title_matches;
  std::optional<std::string> message_matches;  // of an advice: its fix
  std::optional<ExpectedAtom> suppressed_by;
  std::string text;  // as written: "skewed_join(s, j) confidence >= 90%"
  SourceSpan span;
};

struct BoundTest {
  std::string pack;
  std::string name;
  std::string log{};  // of `from`; empty: the job is made of the givens
  SourceSpan log_span{};
  SourceSpan span;
  std::vector<GivenEntity> givens;
  std::vector<GivenLink> links;
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<GivenParamValue> params{};
  std::vector<GivenFindingHead> findings{};
  std::vector<Expectation> expectations;
  // Why it cannot run: it has errors, or expects a rule that has. Empty: it can.
  std::string broken{};
};

}  // namespace advise::rules
