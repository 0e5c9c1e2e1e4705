// Canonical source text: the printer walks the tree once; comments before items are kept.
#include "rules/syntax/ast_print.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/syntax/strings.h"

namespace advise::rules::ast {
namespace {

using std::string;

// Lines of a condition or a list of patterns are broken beyond this width.
constexpr std::size_t kWidth = 100;

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

// Precedence levels of the grammar, loosest first; an operand below the level its place asks for gets parentheses.
enum Level { kIf, kOr, kAnd, kNot, kCompare, kRange, kCoalesce, kAdd, kMultiply, kMinus, kPrimary };

Level LevelOf(BinaryOp op) {
  switch (op) {
    case BinaryOp::Or: return kOr;
    case BinaryOp::And: return kAnd;
    case BinaryOp::Eq:
    case BinaryOp::Ne:
    case BinaryOp::Lt:
    case BinaryOp::Le:
    case BinaryOp::Gt:
    case BinaryOp::Ge: return kCompare;
    case BinaryOp::Range: return kRange;
    case BinaryOp::Coalesce: return kCoalesce;
    case BinaryOp::Add:
    case BinaryOp::Sub: return kAdd;
    case BinaryOp::Mul:
    case BinaryOp::Div:
    case BinaryOp::Of: return kMultiply;
  }
  return kPrimary;
}

std::string_view Symbol(BinaryOp op) {
  switch (op) {
    case BinaryOp::Or: return "or";
    case BinaryOp::And: return "and";
    case BinaryOp::Eq: return "=";
    case BinaryOp::Ne: return "!=";
    case BinaryOp::Lt: return "<";
    case BinaryOp::Le: return "<=";
    case BinaryOp::Gt: return ">";
    case BinaryOp::Ge: return ">=";
    case BinaryOp::Add: return "+";
    case BinaryOp::Sub: return "-";
    case BinaryOp::Mul: return "*";
    case BinaryOp::Div: return "/";
    case BinaryOp::Of: return "of";
    case BinaryOp::Coalesce: return "??";
    case BinaryOp::Range: return "..";
  }
  return {};
}

std::string_view Symbol(VersionOp op) {
  switch (op) {
    case VersionOp::Caret: return "^";
    case VersionOp::Tilde: return "~";
    case VersionOp::Eq: return "=";
    case VersionOp::Ne: return "!=";
    case VersionOp::Lt: return "<";
    case VersionOp::Le: return "<=";
    case VersionOp::Gt: return ">";
    case VersionOp::Ge: return ">=";
  }
  return {};
}

std::string_view Word(Relation relation) {
  switch (relation) {
    case Relation::Requires: return "requires";
    case Relation::ConflictsWith: return "conflicts with";
    case Relation::Supersedes: return "supersedes";
    case Relation::OverlapsWith: return "overlaps with";
  }
  return {};
}

std::string_view Word(TextKind kind) {
  switch (kind) {
    case TextKind::Title: return "title";
    case TextKind::Message: return "message";
    case TextKind::Fix: return "fix";
    case TextKind::Link: return "link";
  }
  return {};
}

std::string_view Word(MetaKey key) {
  switch (key) {
    case MetaKey::Category: return "category";
    case MetaKey::Effort: return "effort";
    case MetaKey::Risk: return "risk";
    case MetaKey::Objective: return "objective";
    case MetaKey::Status: return "status";
    case MetaKey::Since: return "since";
    case MetaKey::Tags: return "tags";
  }
  return {};
}

class Printer {
 public:
  explicit Printer(const PrintOptions& options) : options_(options) {}

  // ---------------------------------------------------------------- expressions

  string ExprAt(const Expr& expr, Level place) const {
    const Level level = LevelOf(expr);
    string text = std::visit([&](const auto& node) { return One(node); }, expr.node);
    const bool parentheses = level < place || (options_.all_parentheses && level < kPrimary);
    return parentheses ? "(" + text + ")" : text;
  }
  string ExprAt(const ExprPtr& expr, Level place) const { return ExprAt(*expr, place); }
  string Any(const ExprPtr& expr) const { return ExprAt(*expr, kIf); }

  // ---------------------------------------------------------------- the parts of a rule

  string PatternText(const Pattern& pattern) const {
    string text = NodeText(pattern.nodes.front());
    for (std::size_t i = 0; i < pattern.edges.size(); ++i) {
      text += EdgeText(pattern.edges[i]);
      text += NodeText(pattern.nodes[i + 1]);
    }
    return text;
  }

  string EffectText(const Effect& effect) const {
    switch (effect.kind) {
      case EffectKind::Set: return "set " + Any(effect.target) + " = " + Any(effect.value);
      case EffectKind::Scale: return "scale " + Any(effect.target) + " by " + Any(effect.value);
      case EffectKind::Cap: return "cap " + Any(effect.target) + " at " + Any(effect.value);
      case EffectKind::Drop: return "drop " + Any(effect.target);
      case EffectKind::Replace: break;
    }
    string text = "replace " + effect.replaced->text + " with " + effect.replacement->text;
    if (effect.arguments.empty()) return text;
    return text + "(" +
           Join(effect.arguments, ", ",
                [&](const NamedArgument& argument) { return argument.name.text + " = " + Any(argument.value); }) +
           ")";
  }

  string TypeText(const TypeName& type) const {
    string text = type.name.text;
    if (!type.arguments.empty()) {
      text += "<" + Join(type.arguments, ", ", [&](const TypeName& argument) { return TypeText(argument); }) + ">";
    }
    return type.nullable ? text + "?" : text;
  }

  // ---------------------------------------------------------------- items

  string ItemText(const Item& item) const {
    return std::visit([&](const auto& node) { return DocLines(node.doc) + One(node); }, item);
  }

  string FileText(const File& file) const {
    string text;
    if (file.pack) text += PackText(*file.pack);
    for (const Use& use : file.uses) {
      if (&use == &file.uses.front() && !text.empty()) text += '\n';
      text += DocLines(use.doc) + "use " + use.pack.text;
      if (use.range) text += " " + RangeText(*use.range);
      if (use.alias) text += " as " + use.alias->text;
      text += '\n';
    }
    const Item* before = nullptr;
    for (const Item& item : file.items) {
      // Short items of one kind stand together; everything else is set apart by an empty line.
      const bool together = before != nullptr && before->index() == item.index() && IsShort(item);
      if (!text.empty() && !together) text += '\n';
      text += ItemText(item);
      before = &item;
    }
    return text;
  }

  string QueryText(const Query& query) const {
    string text =
        "match " + Join(query.patterns, ", ", [&](const Pattern& pattern) { return PatternText(pattern); }) + "\n";
    if (query.group_by) {
      text += "group by " + Join(query.group_by->keys, ", ", [&](const ExprPtr& key) { return Any(key); }) + " as " +
              query.group_by->name.text + "\n";
    }
    for (const auto& step : query.steps) {
      text += std::visit(Overloaded{
                             [&](const LetClause& let) { return "let " + let.name.text + " = " + Any(let.value); },
                             [&](const WhereClause& where) { return Condition("where ", *where.condition, 0); },
                         },
                         step) +
              "\n";
    }
    text += "return " +
            Join(query.columns, ", ",
                 [&](const Query::Column& column) {
                   return Any(column.value) + (column.name ? " as " + column.name->text : string());
                 }) +
            "\n";
    if (!query.order.empty()) {
      text += "order by " +
              Join(query.order, ", ",
                   [&](const Query::Order& order) { return Any(order.value) + (order.descending ? " desc" : ""); }) +
              "\n";
    }
    if (query.limit) text += "limit " + std::to_string(*query.limit) + "\n";
    return text;
  }

 private:
  static Level LevelOf(const Expr& expr) {
    return std::visit(Overloaded{
                          [](const If&) { return kIf; },
                          [](const Binary& binary) { return ast::LevelOf(binary.op); },
                          [](const Unary& unary) { return unary.op == UnaryOp::Not ? kNot : kMinus; },
                          [](const In&) { return kCompare; },
                          [](const Matches&) { return kCompare; },
                          [](const IsMissing&) { return kCompare; },
                          [](const auto&) { return kPrimary; },
                      },
                      expr.node);
  }
  // A step (.name or [filter]) takes names, calls and other steps as they are.
  string Object(const ExprPtr& object) const {
    const bool bare = std::holds_alternative<ast::Identifier>(object->node) ||
                      std::holds_alternative<Call>(object->node) || std::holds_alternative<Member>(object->node) ||
                      std::holds_alternative<Filter>(object->node);
    const string text = Any(object);
    const bool has_parentheses = options_.all_parentheses && LevelOf(*object) < kPrimary;
    return bare || has_parentheses ? text : "(" + text + ")";
  }

  template <class List, class Text>
  static string Join(const List& list, std::string_view separator, Text text) {
    string joined;
    for (const auto& element : list) {
      if (&element != &list.front()) joined += separator;
      joined += text(element);
    }
    return joined;
  }

  string One(const Literal& literal) const {
    return literal.kind == LiteralKind::String ? syntax::Quote(literal.text, 4) : literal.text;
  }
  string One(const Unary& unary) const {
    return unary.op == UnaryOp::Not ? "not " + ExprAt(unary.operand, kNot) : "-" + ExprAt(unary.operand, kMinus);
  }
  string One(const Binary& binary) const {
    const Level level = ast::LevelOf(binary.op);
    const auto tighter = static_cast<Level>(level + 1);
    // Comparisons and intervals do not chain; everything else associates to the left.
    const bool chains = level != kCompare && level != kRange;
    const string left = ExprAt(binary.left, chains ? level : tighter);
    const string right = ExprAt(binary.right, tighter);
    const bool tight = level == kRange && LevelOf(*binary.left) >= kMinus && LevelOf(*binary.right) >= kMinus;
    if (tight) return left + ".." + right;
    return left + " " + string(Symbol(binary.op)) + " " + right;
  }
  string One(const If& node) const {
    return "if " + Any(node.condition) + " then " + Any(node.then) + " else " + Any(node.otherwise);
  }
  string One(const In& in) const {
    const string head = ExprAt(in.operand, kRange) + (in.negated ? " not in " : " in ");
    if (in.choices.size() == 1) return head + ExprAt(in.choices.front(), kRange);
    return head + "(" + Join(in.choices, ", ", [&](const ExprPtr& choice) { return Any(choice); }) + ")";
  }
  string One(const Matches& matches) const {
    return ExprAt(matches.operand, kRange) + (matches.negated ? " not matches " : " matches ") +
           syntax::Quote(matches.regex, 4);
  }
  string One(const IsMissing& node) const {
    return ExprAt(node.operand, kRange) + (node.negated ? " is not missing" : " is missing");
  }
  string One(const Subquery& query) const {
    string text = (query.count ? "count { " : query.all ? "all { " : "exists { ") + PatternText(*query.pattern);
    if (query.where) text += " where " + Any(query.where);
    return text + " }";
  }
  string One(const Call& call) const {
    return call.function.text + "(" +
           Join(call.arguments, ", ",
                [&](const Argument& argument) {
                  return Any(argument.value) + (argument.by ? " by " + Any(argument.by) : string());
                }) +
           ")";
  }
  string One(const ast::Identifier& identifier) const { return identifier.name.text; }
  string One(const Member& member) const { return Object(member.object) + "." + member.name.text; }
  string One(const Filter& filter) const { return Object(filter.object) + "[" + Any(filter.condition) + "]"; }
  string One(const Conf& conf) const { return "conf " + syntax::Quote(conf.key, 4); }

  // `name:Label|Label`, each part optional.
  static string Tag(const std::optional<Name>& variable, const std::vector<Name>& labels) {
    string text = variable ? variable->text : string();
    if (!labels.empty()) text += ":" + Join(labels, "|", [](const Name& label) { return label.text; });
    return text;
  }
  static string NodeText(const Node& node) { return "(" + Tag(node.variable, node.labels) + ")"; }
  static string EdgeText(const Edge& edge) {
    const string tag = Tag(edge.variable, edge.labels);
    const string inner = tag.empty() ? string() : "[" + tag + "]";
    string text = edge.left_to_right ? "-" + inner + "->" : "<-" + inner + "-";
    if (edge.quantifier) {
      text += "{" + std::to_string(edge.quantifier->first) + "," + std::to_string(edge.quantifier->second) + "}";
    }
    return text;
  }

  string AtomText(const Atom& atom) const {
    return atom.rule.text + "(" + Join(atom.arguments, ", ", [&](const ExprPtr& argument) { return Any(argument); }) +
           ")";
  }
  string AtomList(const std::vector<Atom>& atoms) const {
    return Join(atoms, ", ", [&](const Atom& atom) { return AtomText(atom); });
  }
  string GuardedText(const Guarded& cases) const {
    return Join(cases, ", ", [&](const GuardedCase& guarded) {
      if (guarded.condition) return Any(guarded.value) + " when " + Any(guarded.condition);
      return Any(guarded.value) + (cases.size() > 1 ? " otherwise" : "");
    });
  }

  // `word condition`, broken before its outermost `and`s or `or`s when the line would be too long.
  string Condition(const string& head, const Expr& condition, std::size_t indent) const {
    string line = head + ExprAt(condition, kIf);
    const auto* top = std::get_if<Binary>(&condition.node);
    const bool logic = top != nullptr && (top->op == BinaryOp::And || top->op == BinaryOp::Or);
    if (indent + line.size() <= kWidth || !logic || options_.all_parentheses) return line;
    std::vector<string> parts;
    const Expr* left = &condition;
    const auto place = static_cast<Level>(ast::LevelOf(top->op) + 1);
    for (const auto* chain = top; chain != nullptr && chain->op == top->op; chain = std::get_if<Binary>(&left->node)) {
      parts.push_back(ExprAt(chain->right, place));
      left = chain->left.get();
    }
    line = head + ExprAt(*left, place);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      line += "\n" + string(indent + 2, ' ') + string(Symbol(top->op)) + " " + *part;
    }
    return line;
  }

  string ClauseText(const Clause& clause) const {
    return std::visit([&](const auto& node) { return One(node); }, clause.node);
  }
  string One(const AppliesClause& clause) const { return Condition("applies when ", *clause.condition, 2); }
  string One(const NeedsClause& clause) const {
    return "needs " + Join(clause.attributes, ", ", [](const Name& name) { return name.text; });
  }
  string One(const ForClause& clause) const { return "for " + AtomList(clause.atoms); }
  string One(const MatchClause& clause) const {
    const auto print = [&](const Pattern& pattern) { return PatternText(pattern); };
    string text = "match " + Join(clause.patterns, ", ", print);
    if (text.size() + 2 > kWidth) text = "match " + Join(clause.patterns, ",\n        ", print);
    if (!clause.group_by) return text;
    return text + " group by " + Join(clause.group_by->keys, ", ", [&](const ExprPtr& key) { return Any(key); }) +
           " as " + clause.group_by->name.text;
  }
  string One(const LetClause& clause) const { return "let " + clause.name.text + " = " + Any(clause.value); }
  string One(const WhereClause& clause) const { return Condition("where ", *clause.condition, 2); }
  string One(const ExplainsClause& clause) const { return "explains " + AtomList(clause.atoms); }
  string One(const ConfidenceClause& clause) const { return "confidence " + GuardedText(clause.cases); }
  string One(const SeverityClause& clause) const { return "severity " + GuardedText(clause.cases); }
  string One(const CostsClause& clause) const { return "costs " + Any(clause.value); }
  string One(const RulesOutClause& clause) const {
    string text = "rules out " + (clause.rule ? clause.rule->text : syntax::Quote(clause.phrase, 4));
    text += " when " + Any(clause.condition);
    if (clause.because) text += " because " + syntax::Quote(TextValue(*clause.because), 4);
    return text;
  }
  string One(const RelationClause& clause) const {
    return string(Word(clause.relation)) + " " + AtomList(clause.atoms);
  }
  string One(const EffectClause& clause) const {
    if (clause.none_because) return "effect none because " + syntax::Quote(*clause.none_because, 4);
    if (clause.effects.empty()) return "effect { }";
    const auto print = [&](const Effect& effect) { return EffectText(effect); };
    if (clause.effects.size() == 1) {
      const string text = "effect { " + print(clause.effects.front()) + " }";
      if (text.size() + 2 <= kWidth) return text;
    }
    return "effect {\n    " + Join(clause.effects, "\n    ", print) + "\n  }";
  }
  // As it stands between the quotes, before these: holes printed, other braces doubled.
  string TextValue(const Text& text) const {
    string value;
    for (const TextSegment& segment : text.segments) {
      if (segment.hole != nullptr) {
        value += (segment.condition ? "{? " : "{") + Any(segment.hole) + "}";
        continue;
      }
      for (const char c : segment.literal) value += c == '{' || c == '}' ? string(2, c) : string(1, c);
    }
    return value;
  }
  string One(const TextClause& clause) const {
    const bool link = clause.kind == TextKind::Link;  // has no holes
    const string value = link ? clause.text.segments.front().literal : TextValue(clause.text);
    return string(Word(clause.kind)) + " " + syntax::Quote(value, 4);
  }
  string One(const EvidenceClause& clause) const {
    return "evidence " + Join(clause.values, ", ", [&](const ExprPtr& value) { return Any(value); });
  }
  string One(const ChangeClause& clause) const {
    string text = "change ";
    text += clause.is_conf ? "conf " + syntax::Quote(clause.key, 4) : clause.key;
    text += clause.text ? " " + syntax::Quote(TextValue(*clause.text), 4) : " = " + Any(clause.value);
    if (clause.scope) text += " scope " + clause.scope->text;
    return text;
  }
  string One(const MetaClause& clause) const {
    return string(Word(clause.key)) + " " + Join(clause.values, ", ", [&](const ExprPtr& value) { return Any(value); });
  }

  static string DocLines(const string& doc) {
    if (doc.empty()) return {};
    string text = "## ";
    for (const char c : doc) {
      text += c;
      if (c == '\n') text += "## ";
    }
    string lines;
    // No spaces at the ends of lines.
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      string line = text.substr(begin, end - begin);
      line.erase(line.find_last_not_of(' ') + 1);
      lines += line + "\n";
      begin = end + 1;
    }
    return lines;
  }
  string FormalList(const std::vector<Formal>& formals) const {
    return "(" +
           Join(formals, ", ", [&](const Formal& formal) { return formal.name.text + ": " + TypeText(formal.type); }) +
           ")";
  }
  string BecauseText(const Because& because) const {
    return "because " + syntax::Quote(because.reason, 4) + (because.until ? " until " + because.until->text : string());
  }
  static string RangeText(const VersionRange& range) {
    const string symbol(Symbol(range.op));
    return range.op == VersionOp::Caret || range.op == VersionOp::Tilde ? symbol + range.version
                                                                        : symbol + " " + range.version;
  }

  // Items without braces and doc comment.
  static bool IsShort(const Item& item) {
    return std::visit(Overloaded{
                          [](const Param& param) { return param.doc.empty(); },
                          [](const Def& def) { return def.doc.empty(); },
                          [](const Suppress& suppress) { return suppress.doc.empty(); },
                          [](const auto&) { return false; },
                      },
                      item);
  }

  string PackText(const PackDecl& pack) const {
    string text = DocLines(pack.doc) + "pack " + pack.name.text + " version " + pack.version + "\n";
    for (const PackField& field : pack.fields) {
      text += field.requirement ? "  requires " + field.key.text + " " + RangeText(*field.requirement)
                                : "  " + field.key.text + " " + syntax::Quote(field.value, 4);
      text += '\n';
    }
    return text;
  }
  string One(const Param& param) const {
    string text = "param " + param.name.text + ": " + TypeText(param.type) + " = " + Any(param.value);
    if (param.range) text += " range " + ExprAt(param.range, kRange);
    return text + "\n";
  }
  string One(const Def& def) const {
    string text = "def " + def.name.text + FormalList(def.formals);
    if (def.result) text += " => " + TypeText(*def.result);
    return text + " = " + Any(def.body) + "\n";
  }
  string One(const Rule& rule) const {
    string text = string(Word(rule.layer)) + " " + rule.name.text + FormalList(rule.formals) + " {\n";
    std::vector<const Clause*> clauses;
    for (const Clause& clause : rule.clauses) clauses.push_back(&clause);
    if (options_.order_clauses) {
      std::stable_sort(clauses.begin(), clauses.end(),
                       [](const Clause* a, const Clause* b) { return ClauseRank(*a) < ClauseRank(*b); });
    }
    for (const Clause* clause : clauses) text += "  " + ClauseText(*clause) + "\n";
    return text + "}\n";
  }
  string One(const Override& node) const {
    string text = "override " + node.target.text + " {\n";
    for (const auto& item : node.items) {
      text += "  " +
              std::visit(
                  Overloaded{
                      [&](const OverrideParam& param) { return "param " + param.name.text + " = " + Any(param.value); },
                      [&](const OverrideSeverity& severity) { return "severity " + Any(severity.value); },
                      [&](const OverrideSwitch& change) {
                        string word = change.enable ? "enable" : "disable";
                        return change.because ? word + " " + BecauseText(*change.because) : word;
                      },
                  },
                  item) +
              "\n";
    }
    return text + "}\n";
  }
  string One(const Suppress& suppress) const {
    string text = "suppress " + AtomText(suppress.atom);
    if (suppress.where) text += " where " + Any(suppress.where);
    return text + " " + BecauseText(suppress.because) + "\n";
  }

  string PropertyText(const Property& property) const {
    string text = Any(property.path) + " = ";
    if (property.value) return text + Any(property.value);
    return text + "[" +
           Join(property.sample, ", ",
                [&](const SampleRun& run) {
                  return Any(run.value) + (run.count == 1 ? string() : " x " + std::to_string(run.count));
                }) +
           "]";
  }
  string PropertyList(const std::vector<Property>& properties) const {
    const auto print = [&](const Property& property) { return PropertyText(property); };
    if (properties.empty()) return {};
    if (properties.size() == 1) return " { " + print(properties.front()) + " }";
    return " {\n    " + Join(properties, "\n    ", print) + "\n  }";
  }
  string One(const GivenNode& node) const {
    return "given " + Join(node.variables, ", ", [](const Name& name) { return name.text; }) + ": " + node.type.text +
           PropertyList(node.properties);
  }
  string One(const GivenPath& path) const {
    string text = "given (" + path.from.text + ")";
    for (const GivenHop& hop : path.hops) {
      text += "-[" + (hop.variable ? hop.variable->text : string()) + ": " + hop.type.text +
              PropertyList(hop.properties) + "]->(" + hop.to.text + ")";
    }
    return text;
  }
  string One(const GivenConf& conf) const {
    return "given conf " + syntax::Quote(conf.key, 4) + " = " + One(conf.value);
  }
  string One(const GivenParam& param) const { return "given param " + param.name.text + " = " + Any(param.value); }
  string One(const GivenFinding& finding) const {
    return "given finding " + Join(finding.atoms, ", ", [&](const Atom& atom) { return AtomText(atom); });
  }
  string One(const Expectations& expect) const {
    return "expect " + Join(expect.all, ", ", [&](const Expectation& one) { return ExpectationText(one); });
  }
  string ExpectationText(const Expectation& expect) const {
    string text = string(expect.negated ? "not " : "") + AtomText(expect.atom);
    if (expect.confidence)
      text += " confidence " + string(Symbol(*expect.confidence_op)) + " " + Any(expect.confidence);
    if (expect.severity) text += " severity " + string(Symbol(*expect.severity_op)) + " " + Any(expect.severity);
    if (expect.count) text += " count " + std::to_string(*expect.count);
    if (expect.saving) text += " saving " + Any(expect.saving);
    if (expect.because) text += " because " + expect.because->text;
    if (expect.title_matches) text += " title matches " + syntax::Quote(*expect.title_matches, 4);
    if (expect.message_matches) text += " message matches " + syntax::Quote(*expect.message_matches, 4);
    if (expect.suppressed_by) text += " suppressed by " + AtomText(*expect.suppressed_by);
    return text;
  }
  string One(const Test& test) const {
    string text = "test " + syntax::Quote(test.name, 4);
    if (test.from) text += " from " + syntax::Quote(*test.from, 4);
    text += " {\n";
    for (const TestItem& item : test.items) {
      text += "  " + std::visit([&](const auto& node) { return One(node); }, item.node) + "\n";
    }
    return text + "}\n";
  }

  const PrintOptions& options_;
};

}  // namespace

int ClauseRank(const Clause& clause) {
  return std::visit(Overloaded{
                        [](const ForClause&) { return 0; },
                        [](const NeedsClause&) { return 1; },
                        [](const MatchClause&) { return 2; },
                        [](const LetClause&) { return 3; },
                        [](const AppliesClause&) { return 4; },
                        [](const WhereClause&) { return 5; },
                        [](const ExplainsClause&) { return 6; },
                        [](const RelationClause&) { return 7; },
                        [](const ConfidenceClause&) { return 8; },
                        [](const SeverityClause&) { return 9; },
                        [](const CostsClause&) { return 10; },
                        [](const RulesOutClause&) { return 11; },
                        [](const EvidenceClause&) { return 13; },
                        [](const TextClause& text) {
                          switch (text.kind) {
                            case TextKind::Title: return 14;
                            case TextKind::Message: return 15;
                            case TextKind::Fix: return 17;
                            case TextKind::Link: return 20;
                          }
                          return 20;
                        },
                        [](const EffectClause&) { return 16; },
                        [](const ChangeClause&) { return 18; },
                        [](const MetaClause& meta) { return meta.key == MetaKey::Category ? 12 : 19; },
                    },
                    clause.node);
}

std::string Print(const File& file, const PrintOptions& options) { return Printer(options).FileText(file); }
std::string Print(const Item& item, const PrintOptions& options) { return Printer(options).ItemText(item); }
std::string Print(const Query& query, const PrintOptions& options) { return Printer(options).QueryText(query); }
std::string Print(const Effect& effect, const PrintOptions& options) { return Printer(options).EffectText(effect); }
std::string Print(const Expr& expr, const PrintOptions& options) { return Printer(options).ExprAt(expr, kIf); }
std::string Print(const Pattern& pattern, const PrintOptions& options) { return Printer(options).PatternText(pattern); }
std::string Print(const TypeName& type) { return Printer(PrintOptions{}).TypeText(type); }

}  // namespace advise::rules::ast
