// Rules with every name resolved and every type known: plain data, the form that plan/, recommend/ and explain/ read.
// `let` and `def` are gone (inlined), `of` is a product, `not in` a `Not`: sugar dies in bind/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metrics/sql_metrics.h"
#include "rules/ast.h"
#include "rules/bind/bound_test.h"
#include "rules/bind/types.h"
#include "rules/functions/function.h"
#include "rules/words.h"
#include "support/diagnostic_codes.h"
#include "support/source.h"

namespace advise::rules {

using RuleIndex = std::uint32_t;  // in BoundRules::rules
using SlotIndex = std::uint32_t;  // in BoundRule::slots

// ---------------------------------------------------------------- expressions
enum class ExprKind : std::uint8_t {
  // values
  Constant,      // by type: `number` (Bool: 0 or 1; Version: its code), `text` (String, Enum)
  Param,         // BoundRules::params[param]
  App,           // the one App row
  Slot,          // a variable of the rule, a group, or the member that a filter or `by` looks at
  Wildcard,      // `_` as an argument of an atom
  Attribute,     // operands[0] (Entity) . attribute
  NodeMetric,    // the SQL metric `text` of operands[0] (a PlanNode): `metric`, `metric_part`
  GroupKey,      // operands[0] (Group) . an attribute that is one of its keys
  RunningTasks,  // App.running_tasks
  Conf,       // setting `text`: of the query of operands[0] (the QuerySlot), if there is one, else of the application
  ConfIsSet,  // the same
  // sets and distributions
  Members,      // operands[0] (Entity) . to-many attribute
  Related,      // operands[0] (set) . to-one attribute, each entity once
  FlatMembers,  // operands[0] (set) . to-many attribute: their union
  Chain,        // the rows of all edges that lie on a chain from operands[0] to operands[1] (Entity): `edge`, `hops`
  Filter,       // operands[0] (set) [ operands[1] ], which sees the member as `slot`
  Collect,      // operands[0] (set) . attribute: a Dist
  CollectMetric,  // the SQL metric `text` of the members of operands[0] (a set of PlanNode): a Dist
  // operators
  Not,
  And,
  Or,
  Negate,
  Compare,     // op: Eq Ne Lt Le Gt Ge
  Arithmetic,  // op: Add Sub Mul Div; division by zero is missing
  Coalesce,
  If,
  Range,    // a..b, both ends included
  In,       // operands[0] in (operands[1] …), or in the Range operands[1]
  Matches,  // operands[0] matches the RE2 expression `text`
  IsMissing,
  // calls
  Call,     // function; `number` is the quantile
  Pick,     // argmax, argmin, top: operands[0] set, [1] by (sees the member as `slot`), [2] n of top
  Exists,   // pattern[0] has a match
  CountOf,  // how many matches pattern[0] has
  Atom,     // `rule` has a finding with these arguments
  Witness,  // the row that variable `slot` of `rule` has in the best witness of its finding with these arguments
};

struct BoundPattern;

struct BoundExpr {
  ExprKind kind = ExprKind::Constant;
  Type type;
  SourceSpan span;
  std::vector<BoundExpr> operands{};
  std::vector<BoundPattern> pattern;  // Exists, CountOf: one; else empty
  std::string text{};
  double number = 0;
  int version_parts = 0;  // of a Version constant: how many parts were written; only these are compared
  ast::BinaryOp op = ast::BinaryOp::Eq;
  FunctionId function = FunctionId::Count;
  metrics::AttributeId attribute{};
  SlotIndex slot = 0;       // Slot, Witness; Filter, Pick: of the member
  std::uint32_t param = 0;  // Param
  RuleIndex rule = 0;       // Atom, Witness
  metrics::SqlMetricKind metric{};                 // NodeMetric, CollectMetric
  metrics::SqlMetricPart metric_part{};            // the same
  metrics::EdgeKind edge{};                        // Chain
  std::pair<std::uint32_t, std::uint32_t> hops{};  // Chain: so many edges, both included
};

// major.minor.patch as one comparable number.
double VersionCode(int major, int minor, int patch);
// The code with only its first `parts` parts: 3.1.2 cut to two parts is 3.1.
double CutVersion(double code, int parts);

// ---------------------------------------------------------------- patterns
enum class SlotRole : std::uint8_t {
  Node,     // of `match`
  Edge,     // of `match`; a row of its own
  Group,    // `group by … as g`
  Atom,     // bound by `for` alone
  Element,  // member inside a filter or `by`
  Inner,    // of the pattern of exists or count
};
struct Slot {
  std::string name;                           // empty: anonymous
  Type type;                                  // Entity or Group
  std::vector<metrics::EntityType> any_of{};  // (n:ScalaUDF|PythonUDF); empty: type says it all
  SlotRole role = SlotRole::Node;
};

struct PatternEdge {
  SlotIndex from = 0;  // in the direction of the edge, however it was written
  SlotIndex to = 0;
  std::vector<metrics::EdgeKind> kinds;
  std::optional<SlotIndex> edge;                                // the edge's own variable
  std::optional<std::pair<std::uint32_t, std::uint32_t>> hops;  // {1,3}: reachable in 1 to 3 steps
  SourceSpan span;
};
struct BoundPattern {
  std::vector<SlotIndex> nodes;  // slots that this pattern introduces (edges' own variables not)
  std::vector<PatternEdge> edges;
  std::vector<BoundExpr> conditions{};  // of exists { … where … }; a rule keeps its own in `conjuncts`
};

// ---------------------------------------------------------------- rules
// name(arguments): Slot, Wildcard or another entity expression each.
struct BoundAtom {
  RuleIndex rule = 0;
  std::vector<BoundExpr> arguments;
  SourceSpan span;
};

struct NamedExpr {
  std::string name;  // as written, white space folded
  BoundExpr value;
};

struct Conjunct {
  BoundExpr condition;
  std::string text;           // as written, white space folded
  bool applies = false;       // of `applies when`: false means "not applicable", which nobody reports
  bool before_group = false;  // sees single members, so it holds before `group by`
};

struct BoundGroup {
  SlotIndex member = 0;  // whose rows are grouped
  std::vector<BoundExpr> keys;
  SlotIndex group = 0;
};

struct TextPiece {
  std::string literal;
  std::optional<BoundExpr> hole;
  bool condition = false;  // of an explain template: prints nothing; its sentence stands only where it is true
};
using BoundText = std::vector<TextPiece>;

struct ConfidenceCase {
  BoundExpr value;  // a share
  std::optional<BoundExpr> condition;
};
struct SeverityCase {
  Severity level = Severity::Info;
  std::optional<BoundExpr> condition;
};
// A look-alike that the rule tests: where the condition is true it is not that.
struct BoundRuledOut {
  std::string rule;                   // qualified name; empty: `phrase` stands instead
  std::string phrase;                 // in the words of the user
  std::vector<NamedExpr> conditions;  // all must hold
  BoundText because;                  // empty: the values of the conditions say it
};
struct BoundRelation {
  ast::Relation relation = ast::Relation::Requires;
  BoundAtom atom;
};
struct BoundEffect {
  ast::EffectKind kind = ast::EffectKind::Set;
  std::optional<BoundExpr> target;  // Conf, path, or what is dropped
  std::optional<BoundExpr> value;   // of Set, Scale, Cap
  SlotIndex replaced = 0;           // of Replace
  std::optional<metrics::EntityType> replacement;
  std::vector<NamedExpr> arguments;
  SourceSpan span;
};
struct BoundChange {
  ChangeKind kind = ChangeKind::Conf;
  std::string key;  // "spark.sql.shuffle.partitions", or the word as written: sql, code, executors …
  std::optional<BoundExpr> value;
  std::optional<BoundText> text;
  Scope scope = Scope::Unstated;
};

// What the expressions of a rule, or of a text that belongs to it, may name.
struct NameScope {
  std::vector<Slot> slots;           // of elements and inner patterns too
  std::vector<NamedExpr> lets;       // for templates and `why`; already inlined everywhere
  std::vector<BoundAtom> for_atoms;  // arguments are Slot or Wildcard
  bool sees_findings = false;        // an advice: the names of the findings that it is for are names here, too
  // Whose query `conf` asks for (QuerySlot); absent: the application. With `group by`, conditions that do not look at
  // the group ask for that of the single member.
  std::optional<SlotIndex> query{};
  std::optional<SlotIndex> query_member{};
};

struct BoundRule : NameScope {
  std::string pack;  // "spark.core"
  std::string name;  // "skewed_join"
  std::string doc;
  Layer layer = Layer::Symptom;
  SourceSpan name_span;

  std::vector<SlotIndex> head;  // in the order of the formals
  BoundPattern match;
  std::optional<BoundGroup> group;
  std::vector<Conjunct> conjuncts;  // of `applies when` and `where`, all must hold
  std::vector<metrics::AttributeId> needs;

  std::vector<BoundAtom> explains;
  std::vector<ConfidenceCase> confidence;  // the first whose condition holds; none: high
  std::vector<SeverityCase> severity;      // bounds the derived severity; none: not bounded
  std::optional<BoundExpr> costs;          // wall time at stake, in ms
  std::vector<BoundRuledOut> rules_out;
  std::vector<BoundRelation> relations;
  std::vector<BoundEffect> effects;
  std::string no_effect_because;  // why no effect is stated; empty: nothing is said of it
  std::vector<NamedExpr> evidence;
  BoundText title;  // empty: the rule has none
  BoundText message;
  BoundText fix;
  std::string link;
  std::vector<BoundChange> changes;

  Category category = Category::Unstated;
  Grade effort = Grade::Unstated;
  Grade risk = Grade::Unstated;
  Objective objective = Objective::Unstated;
  Status status = Status::Unstated;
  std::string since;  // empty: not stated
  std::vector<std::string> tags;

  int stratum = 0;        // rules read only findings of lower strata
  bool disabled = false;  // by an override
  std::string disabled_because;
  SourceSpan disabled_span{};
  std::optional<double> disabled_until_ms{};  // epoch ms; the rule is back when the log ends later

  [[nodiscard]] std::string Id() const { return pack + "." + name; }
};

// The confidence of a rule that states none, and the meaning of the words (rule-language.md, section 3).
inline constexpr double kConfidenceLow = 0.50;
inline constexpr double kConfidenceMedium = 0.75;
inline constexpr double kConfidenceHigh = 0.90;

// ---------------------------------------------------------------- everything together
struct BoundParam {
  std::string pack;
  std::string name;
  std::string doc;
  Type type;
  BoundExpr value;                                   // a Constant: the default, or what an override or --set says
  BoundExpr default_value{};                         // what the declaration says
  std::optional<std::pair<double, double>> range{};  // base units, both ends allowed
  std::string range_text{};                          // as written: "2..20"
  std::string set_by{};  // who changed it: "--set", ".advise.yaml", the place of an override; empty: nobody
  SourceSpan span;
};

// What an override says of a rule.
struct ChangedRule {
  std::string rule;    // qualified
  std::string change;  // "severity info", "disabled"
  std::string because;
  std::string set_by;  // place of the override: "team.rules:9"
};

// A rule that was left out because it, or one that it reads, has errors.
struct BrokenRule {
  std::string rule;                                   // qualified
  DiagnosticCode code = DiagnosticCode::RuleLeftOut;  // of its first error
  std::string place;                                  // "team.rules:3:9"
  std::string message;
};

struct BoundSuppression {
  RuleIndex rule = 0;
  std::vector<Slot> slots;                          // one a named argument
  std::vector<std::optional<SlotIndex>> arguments;  // nullopt: `_`
  std::vector<Conjunct> conditions;
  std::string reason;
  std::optional<double> until_ms;  // epoch ms; lapses when the log ends later
  SourceSpan span;
  std::string set_by;  // its place: "team.rules:9"
};

struct PackInfo {
  std::string name;
  std::string version;  // "v0.1.0"; empty: none stated
  std::string doc;
  std::string path;            // file or folder, as it was given
  bool built_in = false;       // steps back for another pack of its name
  bool changes_rules = false;  // has overrides, suppressions or tests
};

struct Symbols;  // bind/symbols.h

// All packs of a run. With its program it is a RuleSet (plan/rule_set.h).
struct BoundRules {
  std::vector<BoundRule> rules;  // in order of evaluation
  std::vector<BoundParam> params;
  std::vector<BoundSuppression> suppressions;
  std::vector<BoundTest> tests;  // in the order of the files
  std::vector<PackInfo> packs;
  std::vector<ChangedRule> changed_rules{};
  std::vector<BrokenRule> broken_rules{};  // in the order of the packs' names, then by name
  std::size_t wrong_settings = 0;  // values of parameters and overrides that could not be followed: all reported
  std::vector<std::unique_ptr<ast::File>> files;  // definitions live here for texts that are bound later
  std::unique_ptr<Symbols> symbols;

  BoundRules();
  ~BoundRules();
  BoundRules(BoundRules&&) noexcept;
  BoundRules& operator=(BoundRules&&) noexcept;

  // By "pack.name", or by the bare name if only one pack has it.
  [[nodiscard]] std::optional<RuleIndex> Find(std::string_view name) const;
};

// ---------------------------------------------------------------- looking at expressions
// Calls visit(expr) for the expression and everything inside it, patterns' conditions too, parents first.
template <class Visit>
void ForEach(const BoundExpr& expr, const Visit& visit) {
  visit(expr);
  for (const BoundExpr& operand : expr.operands) ForEach(operand, visit);
  for (const BoundPattern& pattern : expr.pattern) {
    for (const BoundExpr& condition : pattern.conditions) ForEach(condition, visit);
  }
}

// The slots on which the value depends and that the expression does not bind itself, ascending.
std::vector<SlotIndex> FreeSlots(const BoundExpr& expr);

// Whether two expressions of one rule always have the same value, wherever they stand. `scope`: the rule, whose slots say
// of which kinds the nodes of inner patterns are; without it two such patterns count as different.
bool SameValue(const BoundExpr& a, const BoundExpr& b, const NameScope* scope = nullptr);

// The slot of the head whose query `conf` asks for: the first formal that is a SqlExecution, PlanNode, Stage, Job, Task
// or Shuffle, or a group of these. nullopt: the application is asked.
std::optional<SlotIndex> QuerySlot(const BoundRule& rule);

}  // namespace advise::rules
