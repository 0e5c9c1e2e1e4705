// The syntax tree of rule files, exactly as written: no names resolved, no types. grammar/AdviseParser.g4 is its
// mirror; rules/syntax/parse.h makes it, rules/syntax/ast_print.h prints it back, rules/bind/ gives it meaning. Every
// node carries its span, which diagnostics underline.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rules/words.h"
#include "support/source.h"

namespace advise::rules::ast {

// A name and where it stands. A qualified name (`spark.core.spill`) is one Name with dots in its text.
struct Name {
  std::string text;
  SourceSpan span;
};

// ---------------------------------------------------------------- expressions
struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Pattern;

enum class LiteralKind : std::uint8_t { Integer, Float, Percent, Quantity, String, Version, Date, True, False };

// `text` is the literal as written, for a String its unescaped value. `number` is the numeric value in the base unit of
// its kind: Percent 5% = 0.05; Quantity in ms (time) or bytes; Date as days since 1970-01-01; otherwise the number
// itself.
struct Literal {
  LiteralKind kind = LiteralKind::Integer;
  std::string text;
  double number = 0;
  std::string unit;  // of a Quantity: "ms", "MiB", … as written
};

enum class UnaryOp : std::uint8_t { Minus, Not };
enum class BinaryOp : std::uint8_t { Or, And, Eq, Ne, Lt, Le, Gt, Ge, Add, Sub, Mul, Div, Of, Coalesce, Range };

struct Unary {
  UnaryOp op = UnaryOp::Minus;
  ExprPtr operand;
};
struct Binary {
  BinaryOp op = BinaryOp::Or;
  ExprPtr left;
  ExprPtr right;
  SourceSpan op_span;
};
struct If {
  ExprPtr condition;
  ExprPtr then;
  ExprPtr otherwise;
};
// `x in (a, b)` has several choices, `x in a..b` one that is a Range.
struct In {
  ExprPtr operand;
  std::vector<ExprPtr> choices;
  bool negated = false;
};
struct Matches {  // RE2
  ExprPtr operand;
  std::string regex;
  SourceSpan regex_span;
  bool negated = false;
};
struct IsMissing {
  ExprPtr operand;
  bool negated = false;
};
// exists { pattern where … }, count { … } and all { … }
struct Subquery {
  bool count = false;
  bool all = false;
  std::unique_ptr<Pattern> pattern;
  ExprPtr where;  // may be null
};
struct Argument {
  ExprPtr value;
  ExprPtr by;  // `argmax(s.tasks by shuffle_read)`; may be null
};
// Both functions, `max(d)`, and atoms, `skewed_join(s, _)`: only the binder can tell them apart.
struct Call {
  Name function;
  std::vector<Argument> arguments;
};
struct Identifier {  // a variable, parameter, let name, `app`, `spark`, `_`, or a bare attribute inside a filter
  Name name;
};
struct Member {  // object.name
  ExprPtr object;
  Name name;
};
struct Filter {  // object[condition]
  ExprPtr object;
  ExprPtr condition;
};
struct Conf {  // conf "spark.sql.adaptive.enabled"
  std::string key;
  SourceSpan key_span;
};

struct Expr {
  SourceSpan span;
  std::variant<Literal, Unary, Binary, If, In, Matches, IsMissing, Subquery, Call, Identifier, Member, Filter, Conf>
      node;
};

// ---------------------------------------------------------------- patterns
struct Node {
  std::optional<Name> variable;
  std::vector<Name> labels;  // (n:ScalaUDF|PythonUDF); empty: any entity the edge allows
  SourceSpan span;
};
struct Edge {
  std::optional<Name> variable;
  std::vector<Name> labels;
  bool left_to_right = true;
  std::optional<std::pair<std::int64_t, std::int64_t>> quantifier;  // {1,3}: reachability, inclusive
  SourceSpan span;
};
// nodes.size() == edges.size() + 1; edges[i] joins nodes[i] and nodes[i+1].
struct Pattern {
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  SourceSpan span;
};

// name(arguments) of another rule; `_` stands as Identifier "_".
struct Atom {
  Name rule;
  std::vector<ExprPtr> arguments;
  SourceSpan span;
};

struct TypeName {
  Name name;
  std::vector<TypeName> arguments;  // Dist<Bytes>, Group<Stage>
  bool nullable = false;
  SourceSpan span;
};
struct Formal {
  Name name;
  TypeName type;
};

// `95% when a, 80% otherwise`; a single unguarded value has a null condition. At most the last condition is null.
struct GuardedCase {
  ExprPtr value;
  ExprPtr condition;
};
using Guarded = std::vector<GuardedCase>;

// A piece of a text: words to print, or a hole whose value is printed.
struct TextSegment {
  std::string literal;     // unescaped; `{{` and `}}` are braces here
  ExprPtr hole;            // null: a literal
  bool condition = false;  // `{? expr}` of explain templates: prints nothing, but decides whether its sentence stands
  SourceSpan span;         // of a hole with its braces
};
struct Text {
  std::vector<TextSegment> segments;
  SourceSpan span;  // with its quotes
};

// ---------------------------------------------------------------- effects
enum class EffectKind : std::uint8_t { Set, Scale, Cap, Drop, Replace };
struct NamedArgument {
  Name name;
  ExprPtr value;
};
struct Effect {
  EffectKind kind = EffectKind::Set;
  ExprPtr target;                // Conf or path; the dropped expression; null for Replace
  ExprPtr value;                 // of Set, Scale, Cap
  std::optional<Name> replaced;  // replace J with T(args)
  std::optional<Name> replacement;
  std::vector<NamedArgument> arguments;
  SourceSpan span;
};

// ---------------------------------------------------------------- rules
enum class Relation : std::uint8_t { Requires, ConflictsWith, Supersedes, OverlapsWith };
enum class TextKind : std::uint8_t { Title, Message, Fix, Link };
enum class MetaKey : std::uint8_t { Category, Effort, Risk, Objective, Status, Since, Tags };

struct AppliesClause {
  ExprPtr condition;
};
struct NeedsClause {
  std::vector<Name> attributes;
};
struct ForClause {
  std::vector<Atom> atoms;
};
struct GroupBy {
  std::vector<ExprPtr> keys;
  Name name;
};
struct MatchClause {
  std::vector<Pattern> patterns;
  std::optional<GroupBy> group_by;
};
struct LetClause {
  Name name;
  ExprPtr value;
};
struct WhereClause {
  ExprPtr condition;
};
struct ExplainsClause {
  std::vector<Atom> atoms;
};
struct ConfidenceClause {
  Guarded cases;
};
struct SeverityClause {
  Guarded cases;
};
struct CostsClause {
  ExprPtr value;
};
// rules out gc_heavy when s.gc_share < 10% because "{s.gc_share} of task time"
struct RulesOutClause {
  std::optional<Name> rule;
  std::string phrase;  // instead of a rule
  ExprPtr condition;
  std::optional<Text> because;
};
struct RelationClause {
  Relation relation = Relation::Requires;
  std::vector<Atom> atoms;
};
struct EffectClause {
  std::vector<Effect> effects;
  std::optional<std::string> none_because;  // `effect none because "…"`
};
struct TextClause {
  TextKind kind = TextKind::Message;
  Text text;
};
struct EvidenceClause {
  std::vector<ExprPtr> values;
};
// change conf "k" = expr | change sql "…" | change executors = 20, optional `scope session`.
struct ChangeClause {
  std::string key;  // the conf key, or the word
  SourceSpan key_span;
  bool is_conf = false;
  ExprPtr value;  // null when a text stands instead
  std::optional<Text> text;
  std::optional<Name> scope;
};
struct MetaClause {
  MetaKey key = MetaKey::Tags;
  std::vector<ExprPtr> values;  // Identifier or Literal
};

struct Clause {
  SourceSpan span;
  std::variant<AppliesClause, NeedsClause, ForClause, MatchClause, LetClause, WhereClause, ExplainsClause,
               ConfidenceClause, SeverityClause, CostsClause, RulesOutClause, RelationClause, EffectClause, TextClause,
               EvidenceClause, ChangeClause, MetaClause>
      node;
};

struct Rule {
  std::string doc;  // the ## lines above it, without the marks
  Layer layer = Layer::Symptom;
  Name name;
  std::vector<Formal> formals;
  std::vector<Clause> clauses;
  SourceSpan span;
};

// ---------------------------------------------------------------- the rest of a file
struct Param {
  std::string doc;
  Name name;
  TypeName type;
  ExprPtr value;
  ExprPtr range;  // may be null
  SourceSpan span;
};
struct Def {
  std::string doc;
  Name name;
  std::vector<Formal> formals;
  std::optional<TypeName> result;
  ExprPtr body;
  SourceSpan span;
};
struct OverrideParam {
  Name name;
  ExprPtr value;
};
struct OverrideSeverity {
  ExprPtr value;
};
struct Because {
  std::string reason;
  std::optional<Literal> until;
  SourceSpan span;
};
struct OverrideSwitch {
  bool enable = false;
  std::optional<Because> because;
};
struct Override {
  std::string doc;
  Name target;
  std::vector<std::variant<OverrideParam, OverrideSeverity, OverrideSwitch>> items;
  SourceSpan span;
};
struct Suppress {
  std::string doc;
  Atom atom;
  ExprPtr where;  // may be null
  Because because;
  SourceSpan span;
};

struct SampleRun {  // 60MiB x 199
  ExprPtr value;
  std::int64_t count = 1;
};
struct Property {  // tasks.shuffle_read = [60MiB x 199, 9GiB]
  ExprPtr path;
  ExprPtr value;  // null when a sample stands instead
  std::vector<SampleRun> sample;
  SourceSpan span;
};
struct GivenNode {  // given a, b: Stage { … }: each of them
  std::vector<Name> variables;
  Name type;
  std::vector<Property> properties;
};
struct GivenHop {  // -[x: Shuffle { … }]->(to)
  std::optional<Name> variable;
  Name type;
  std::vector<Property> properties;
  Name to;
  SourceSpan span;
};
struct GivenPath {  // given (from)-[…]->(a)-[…]->(b)
  Name from;
  std::vector<GivenHop> hops;
};
struct GivenConf {
  std::string key;
  Literal value;
};
struct GivenParam {  // given param skew_ratio = 6
  Name name;
  ExprPtr value;
};
struct GivenFinding {  // given finding core.spill(s), core.skewed_join(s, j)
  std::vector<Atom> atoms;
};
struct Expectation {
  bool negated = false;
  Atom atom;
  // Tails, each at most once; null or empty: not stated.
  std::optional<BinaryOp> confidence_op;
  ExprPtr confidence;
  std::optional<BinaryOp> severity_op;
  ExprPtr severity;
  std::optional<std::int64_t> count;
  ExprPtr saving;
  std::optional<Name> because;
  std::optional<std::string> title_matches;
  std::optional<std::string> message_matches;
  std::optional<Atom> suppressed_by;
  SourceSpan span;
};
struct Expectations {  // expect a(s), not b(s)
  std::vector<Expectation> all;
};
struct TestItem {
  SourceSpan span;
  std::variant<GivenNode, GivenPath, GivenConf, Expectations, GivenParam, GivenFinding> node;
};
struct Test {
  std::string doc;
  std::string name;
  std::optional<std::string> from;
  std::vector<TestItem> items;
  SourceSpan span;
};

enum class VersionOp : std::uint8_t { Caret, Tilde, Eq, Ne, Lt, Le, Gt, Ge };
struct VersionRange {
  VersionOp op = VersionOp::Caret;
  std::string version;  // "v2.3"
};
struct Use {
  std::string doc;
  Name pack;
  std::optional<VersionRange> range;
  std::optional<Name> alias;
  SourceSpan span;
};
struct PackField {  // license "Apache-2.0", requires advise >= v1.4
  Name key;
  std::string value;                        // of a text field
  std::optional<VersionRange> requirement;  // of `requires KEY range`
};
struct PackDecl {
  std::string doc;
  Name name;
  std::string version;
  std::vector<PackField> fields;
  SourceSpan span;
};

using Item = std::variant<Param, Def, Rule, Override, Suppress, Test>;

// One rule file. Items that did not parse are missing here and have an error in the diagnostics: a bad rule costs
// itself. `broken` has their names, as far as they could be read, so that uses of them need not be reported again.
struct File {
  SourceId source = SourceId::None;
  std::optional<PackDecl> pack;
  std::vector<Use> uses;
  std::vector<Item> items;
  std::vector<Name> broken;
  std::int64_t broken_overrides = 0;  // overrides and suppressions that did not parse
};

// match … group by … let … where … return … order by … limit …
struct Query {
  std::vector<Pattern> patterns;
  std::optional<GroupBy> group_by;
  std::vector<std::variant<LetClause, WhereClause>> steps;
  struct Column {
    ExprPtr value;
    std::optional<Name> name;
  };
  std::vector<Column> columns;
  struct Order {
    ExprPtr value;
    bool descending = false;
  };
  std::vector<Order> order;
  std::optional<std::int64_t> limit;
  SourceSpan span;
};

}  // namespace advise::rules::ast
