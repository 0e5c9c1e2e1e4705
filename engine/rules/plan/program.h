// The rules of a set as a program, the form that match/ runs: a flat arena of small typed instructions, a plan of steps
// a pattern, and what each rule prints. Made by lower.h from the bound trees; const from then on and shared by threads.
// Everything is named by its number in a vector of Code.
//
// Equal instructions are one over the whole pack. An instruction whose leaf is Self is a function of one row: so rules
// share it, whatever they call the variable that holds the row. A costly function of one row is a derived column: its
// values are kept, one a row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/bind/bound_rule.h"

namespace advise::rules {

using Ref = std::uint32_t;  // of an instruction, in Code::instructions
using VariableIndex =
    std::uint32_t;  // that holds the row of a pattern's node or of a set's member; a rule's slots are its first
inline constexpr std::uint32_t kNone = 0xffffffff;  // no number: no instruction, no variable …

// ---------------------------------------------------------------- instructions
enum class Op : std::uint8_t {
#define ADVISE_OP(name, doc) name,
#include "rules/plan/ops.def"
#undef ADVISE_OP
};

enum class Yield : std::uint8_t { Truth, Number, Text, Row, Rows, Dist };

// What each operation takes and gives: ops.def. Fields that an operation has no use for keep their default.
struct Instruction {
  Op op = Op::Constant;
  Yield yield = Yield::Number;
  ast::BinaryOp compare = ast::BinaryOp::Eq;  // Compare; of texts, rows and truths Eq or Ne
  FunctionId function = FunctionId::Count;    // Aggregate, Series, Round; Pick: ArgMax or ArgMin
  std::uint8_t version_parts = 0;             // CutVersion
  metrics::AttributeId attribute{};           // Attribute, GroupKey, Members, Related, FlatMembers, Collect, Any, All
  std::array<Ref, 3> operands{kNone, kNone, kNone};
  VariableIndex variable = kNone;  // Variable; Filter, Pick, Top: the member that b sees; none: b is a function of it
  std::uint32_t number = kNone;    // Constant; Aggregate, Series: the quantile
  std::uint32_t text = kNone;      // Constant, Setting, SettingIsSet, Matches, Metric, CollectMetric
  metrics::SqlMetricKind metric{};       // Metric, CollectMetric
  metrics::SqlMetricPart metric_part{};  // the same
  std::uint32_t param = kNone;     // Param
  RuleIndex rule = kNone;          // Atom, Witness
  std::uint32_t list = kNone;      // Atom, Witness; none of them: any row
  SlotIndex witness = kNone;       // Witness: the variable, a slot of `rule`
  std::optional<metrics::Entity> entity{};  // Setting, SettingIsSet: what a is
  bool group = false;                       // … a group of them
  std::uint32_t pattern = kNone;            // Exists, CountMatches, Chain
  std::uint32_t column = kNone;             // Column
  // What follows from the others:
  bool cheap = true;         // a few array reads: neither members nor findings are visited
  bool on_self = false;      // may depend on Self
  bool on_variable = false;  // may depend on a variable
  [[nodiscard]] bool fixed() const { return !on_self && !on_variable; }
  friend bool operator==(const Instruction&, const Instruction&) = default;
};

// A costly function of one row that is kept.
struct DerivedColumn {
  std::optional<metrics::Entity> entity;  // of the row; absent: the row is a group
  Ref body = kNone;                       // yields a Truth, Number or Row
  std::uint32_t distribution = kNone;     // of whose values it is a statistic
};
// All that is asked of one distribution of a row is computed at once.
struct Distribution {
  Ref values = kNone;                  // Collect
  std::vector<std::uint32_t> columns;  // whose bodies are aggregates of it
};

// ---------------------------------------------------------------- plans
// The rows that a pattern variable may have: those of these types (metrics::RowsOfType).
using Domain = std::vector<metrics::EntityType>;

enum class StepKind : std::uint8_t {
  Scan,     // binds `variable` to every row of its domain
  Finding,  // joins the findings of `rule`; binds the variables that are new
  Follow,   // from the row `here` along the edge to `variable`; binds it, and the edge's own variable
  Check,    // the edge joins the rows `here` and `there`; binds the edge's own variable
};

// An argument of a joined finding.
struct JoinArgument {
  enum class Kind : std::uint8_t { Any, Given, New, Same };
  Kind kind = Kind::Any;
  VariableIndex variable =
      kNone;                     // Given: bound by an earlier step; New: bound here; Same: bound by an argument before
  std::uint32_t domain = kNone;  // New; none: any row
  friend bool operator==(const JoinArgument&, const JoinArgument&) = default;
};

struct Step {
  StepKind kind = StepKind::Scan;
  VariableIndex variable = kNone;  // Scan, Follow: what is bound
  std::uint32_t domain = kNone;    // of it
  // Scan: cheap functions of the row that are tested for all rows at once, and the conditions that they stand for.
  // Follow: tests among the filters that may be made so, if the table is large; then only `rest` is left to test.
  std::vector<Ref> tests{};
  std::vector<std::size_t> tested{};
  std::vector<std::size_t> rest{};
  // Scan: a function of the row that must equal what the bound rows say; the filters test it too.
  Ref key = kNone;
  Ref equals = kNone;
  RuleIndex rule = kNone;  // Finding
  std::vector<JoinArgument> arguments{};
  std::vector<metrics::EdgeKind> kinds{};  // Follow, Check
  std::optional<std::pair<std::uint32_t, std::uint32_t>> hops{};
  bool forward = true;                 // `here` is where the edge begins
  Ref here = kNone;                    // a row that is bound
  Ref there = kNone;                   // Check: the other
  VariableIndex edge = kNone;          // of the edge's own row
  std::vector<std::size_t> filters{};  // conditions whose rows are all bound now, cheap ones first
  friend bool operator==(const Step&, const Step&) = default;
};

// How the candidates of a pattern are enumerated: of a rule, or of what stands in exists { } and count { }.
struct Plan {
  std::vector<Ref> conditions{};
  std::vector<std::size_t> once{};  // conditions that depend on no variable of the pattern
  std::vector<Step> steps{};        // empty: one candidate without variables
  std::vector<std::size_t> after_group{};
  VariableIndex first = 0;  // of its variables, `count` of them
  VariableIndex count = 0;
  friend bool operator==(const Plan&, const Plan&) = default;
};

// ---------------------------------------------------------------- rules
// A value to print.
struct Output {
  Ref value = kNone;  // of a Dist (texts, flags, ids) and of Rows: the first few by name
  ValueForm form = ValueForm::Missing;
  metrics::Entity entity = metrics::Entity::App;  // of a Row and of Rows
  bool group = false;                             // the Row is a group
};
struct OutputPiece {
  std::string literal{};
  std::optional<Output> value{};  // instead of the literal
};
using OutputText = std::vector<OutputPiece>;

// A condition as people see it: what it compares, and its parts.
struct ConditionCode {
  Ref test = kNone;
  SourceSpan span;
  ast::BinaryOp compare = ast::BinaryOp::Eq;
  bool measured = false;               // compares numbers
  std::optional<Output> left{};        // of a comparison, `in` and `matches`
  std::optional<Output> right{};       // of a comparison
  std::vector<ConditionCode> parts{};  // of `and`, `or`
};

// name(arguments) of another rule: rows, or none for any.
struct AtomCode {
  RuleIndex rule = 0;
  std::vector<Ref> arguments;
};
struct GuardedCode {
  Ref value = kNone;      // of a confidence: a share
  Ref condition = kNone;  // none: always
};
// A look-alike that is ruled out where all conditions hold.
struct RuledOutCode {
  std::vector<ConditionCode> conditions;
  OutputText because;
};
struct ChangeCode {
  std::optional<Output> value;
  OutputText text;
};

// What is evaluated of one rule; each vector is as long as that of BoundRule, which holds the words.
struct RuleCode {
  Plan plan;  // its conditions are the conjuncts; its variables the slots
  std::vector<ConditionCode> conditions;
  std::vector<Output> group_keys;
  std::vector<AtomCode> explains;
  std::vector<AtomCode> relations;
  std::vector<GuardedCode> confidence;
  std::vector<Ref> severity;  // conditions; none: always
  Ref costs = kNone;
  std::vector<RuledOutCode> rules_out;
  std::vector<Output> evidence;
  OutputText title;
  OutputText message;
  OutputText fix;
  std::vector<ChangeCode> changes;
};

// Everything that instructions name by its number.
struct Code {
  // Of a comparison of a number that depends on a row with one that depends on none: which operand is the fixed one.
  [[nodiscard]] std::optional<std::size_t> ThresholdOf(const Instruction& compare) const {
    if (compare.op != Op::Compare || instructions[compare.operands[0]].yield != Yield::Number) return std::nullopt;
    const bool left = instructions[compare.operands[0]].fixed();
    if (left == instructions[compare.operands[1]].fixed()) return std::nullopt;
    return left ? 0 : 1;
  }

  std::vector<Instruction> instructions;  // operands stand before what uses them
  std::vector<double> numbers;
  std::vector<std::string> texts;
  std::vector<std::vector<Ref>> lists;
  std::vector<Plan> patterns;
  std::vector<Domain> domains;
  std::vector<DerivedColumn> columns;
  std::vector<Distribution> distributions;
  VariableIndex variables = 0;  // that are in use at once
};

struct Program {
  Code code;
  std::vector<RuleCode> rules;                 // one a rule of the set
  std::vector<std::vector<Ref>> suppressions;  // one a suppression: its conditions
};

}  // namespace advise::rules
