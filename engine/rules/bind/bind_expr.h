// Binds expressions, atoms and patterns in the scope of one rule: names become slots and attributes, every node gets
// its type, and what does not fit is reported once. Used by bind.cpp and bind_rule.cpp only.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/bind/bound_rule.h"
#include "rules/bind/symbols.h"
#include "support/diagnostics.h"
#include "support/limits.h"
#include "support/source.h"

namespace advise::rules {

// What all rules of one Bind call share.
struct BindContext {
  const SourceManager& sources;
  const Limits& limits;
  const Symbols& symbols;
  const BoundRules& set;  // params, settings; rules bound so far
  Diagnostics& diagnostics;
  std::size_t parts = 0;  // of all expressions so far
};

class ExprBinder {
 public:
  // `scope` gets the slots that patterns and filters need. `pack` is where names are looked up first, `owner` the rule
  // that messages name.
  ExprBinder(BindContext& context, std::size_t pack, std::string_view owner, NameScope& scope);

  // The result has an Error type if something was reported.
  BoundExpr Bind(const ast::Expr& expr);
  // Must be Bool.
  BoundExpr BindCondition(const ast::Expr& expr);
  // Splits at the top-level `and`s and adds what it gets.
  void BindConjuncts(const ast::Expr& expr, bool applies, std::vector<Conjunct>& into);
  void BindPattern(const ast::Pattern& pattern, SlotRole node_role, SlotRole edge_role, BoundPattern& into);
  // `for` atoms may introduce variables, the others only use them. nullopt: reported.
  std::optional<BoundAtom> BindAtom(const ast::Atom& atom, bool introduces);
  // `what` names the text in messages: "title". nullopt: reported.
  std::optional<BoundText> BindText(const std::vector<ast::TextSegment>& segments, std::string_view what);
  NamedExpr BindNamed(const ast::Expr& expr);

  void AddLet(const ast::Name& name, BoundExpr value);
  SlotIndex AddSlot(std::string name, Type type, SlotRole role);
  [[nodiscard]] std::optional<SlotIndex> FindVariable(std::string_view name) const;
  // After `group by` single members are out of sight, except in conditions that come before it.
  void HideMembers(SlotIndex group) { group_ = group; }
  // Formals of a definition that is bound on its own, to check its body.
  void SetFormals(std::map<std::string, BoundExpr, std::less<>> formals) { formals_ = std::move(formals); }

  [[nodiscard]] bool failed() const { return failed_; }
  // Whether the last expression was too large.
  [[nodiscard]] bool too_large() const { return parts_ > context_.limits.expression_parts; }
  void Fail() { failed_ = true; }
  // The source text with white space folded.
  [[nodiscard]] std::string TextOf(SourceSpan span) const;

  void ReportRange(SourceSpan span, std::string message) { Report(DiagnosticCode::Range, span, std::move(message)); }
  // Reports unless `from` may stand where `wanted` is declared. `what` names the place: "the argument `d` of skew".
  bool CheckAccepts(const Type& wanted, const BoundExpr& value, const std::string& what);
  // Both sides of a comparison, sum, … must agree; reports otherwise.
  bool CheckSameUnit(const BoundExpr& left, const BoundExpr& right, SourceSpan whole, std::string_view verb);

 private:
  struct ElementScope {
    SlotIndex slot = 0;
    metrics::EntityType entity;
  };

  BoundExpr BindNode(const ast::Expr& expr);
  BoundExpr BindLiteral(const ast::Literal& literal, SourceSpan span);
  BoundExpr BindUnary(const ast::Unary& unary, SourceSpan span);
  BoundExpr BindBinary(const ast::Binary& binary, SourceSpan span);
  BoundExpr BindLogic(const ast::Binary& binary, ExprKind kind, SourceSpan span);
  BoundExpr BindCompare(const ast::Binary& binary, SourceSpan span);
  BoundExpr BindArithmetic(const ast::Binary& binary, SourceSpan span);
  BoundExpr BindCoalesce(const ast::Binary& binary, SourceSpan span);
  BoundExpr BindRange(const ast::Binary& binary, SourceSpan span);
  BoundExpr BindIf(const ast::If& node, SourceSpan span);
  BoundExpr BindIn(const ast::In& in, SourceSpan span);
  BoundExpr BindMatches(const ast::Matches& matches, SourceSpan span);
  BoundExpr BindSubquery(const ast::Subquery& subquery, SourceSpan span);
  BoundExpr BindConf(const ast::Conf& conf, SourceSpan span);
  // A setting (Conf, ConfIsSet) is asked of the query of the rule's subject; its name is checked.
  BoundExpr AskSubject(BoundExpr setting, SourceSpan key_span);
  void AskMembers(BoundExpr& condition) const;
  BoundExpr BindIdentifier(const ast::Name& name);
  // Names of the findings that an advice is for (bind_import.cpp). nullopt: none has it.
  std::optional<BoundExpr> BindImported(const ast::Name& name);
  BoundExpr Moved(const BoundExpr& value, const BoundAtom& atom);
  BoundExpr WitnessOf(const BoundAtom& atom, SlotIndex of, SourceSpan span);
  [[nodiscard]] std::vector<std::string> ImportedNames() const;
  BoundExpr BindMember(const ast::Member& member, SourceSpan span);
  BoundExpr BindAttribute(BoundExpr object, const ast::Name& name, SourceSpan span);
  BoundExpr BindFilter(const ast::Filter& filter, SourceSpan span);

  // Calls.
  BoundExpr BindCall(const ast::Call& call, SourceSpan span);
  BoundExpr BindFunction(const FunctionName& name, const ast::Call& call, SourceSpan span);
  BoundExpr BindPick(const RuleFunction& function, const ast::Call& call, SourceSpan span);
  BoundExpr BindConfIsSet(const ast::Call& call, SourceSpan span);
  BoundExpr BindMetric(const RuleFunction& function, const ast::Call& call, SourceSpan span);
  BoundExpr BindDef(const DefSymbol& symbol, const ast::Call& call, SourceSpan span);
  std::optional<BoundAtom> BindAtomParts(const ast::Call& call, SourceSpan span);
  std::optional<BoundAtom> BindAtomArguments(const ast::Name& name, const std::vector<const ast::Expr*>& arguments,
                                             SourceSpan span, bool introduces);
  std::optional<BoundExpr> BindAtomArgument(const ast::Expr& argument, const Type& wanted, bool introduces);
  bool CheckArity(const ast::Call& call, SourceSpan span, std::size_t low, std::size_t high,
                  std::string_view signature);
  bool CheckDist(const BoundExpr& value, TypeKind element, const RuleFunction& function);

  // Patterns.
  SlotIndex BindPatternNode(const ast::Node& node, std::optional<metrics::Entity> from_edge, bool beside_error,
                            SlotRole role, BoundPattern& into);
  void AddUnknown(const std::string& name, SlotRole role);
  std::optional<std::vector<const metrics::EdgeInfo*>> EdgesOfLabels(const ast::Edge& edge);
  void BindPatternEdge(const ast::Edge& edge, const std::vector<const metrics::EdgeInfo*>& infos, SlotIndex from,
                       SlotIndex to, SlotRole role, BoundPattern& into);

  // -[p:Shuffle]->{1,4}: p names the edges on all chains between the two ends.
  void NameChain(const ast::Edge& edge, const metrics::EdgeInfo& info, const PatternEdge& bound, SlotRole role);

  BoundExpr Error(SourceSpan span);
  Diagnostic& Report(DiagnosticCode code, SourceSpan span, std::string message, std::string label = {});
  BoundExpr UnknownName(const ast::Name& name);
  void UnknownField(const metrics::EntityType& entity, const ast::Name& name);
  void UnitMismatch(const BoundExpr& left, const BoundExpr& right, std::string_view verb);
  [[nodiscard]] std::string Explain(const BoundExpr& side) const;
  bool CheckEnumValue(const BoundExpr& value, const BoundExpr& text);
  bool IsUnquotedValue(const BoundExpr& value, const ast::Expr& expr);
  void SuggestLiteral(const BoundExpr& literal, const BoundExpr& other, Diagnostic& d) const;
  void WarnOfShadow(const ast::Name& name, std::string_view what);
  void WarnOfMember(const ast::Name& name, const metrics::EntityType& member);
  BoundExpr Negated(BoundExpr condition, SourceSpan span);
  BoundExpr MakeParam(std::uint32_t index, SourceSpan span);
  BoundExpr MakeSlot(SlotIndex slot, SourceSpan span) const;
  bool Grow(std::size_t parts);  // false: too large
  BoundExpr Copy(const BoundExpr& expr);

  BindContext& context_;
  std::size_t pack_;
  std::string_view owner_;
  NameScope& scope_;
  std::vector<ElementScope> elements_;
  std::vector<std::pair<std::string, SlotIndex>> inner_;   // variables of the patterns of exists { } around us
  std::map<std::string, BoundExpr, std::less<>> formals_;  // of the definition being inlined; chains of inner patterns
  bool in_def_ = false;
  int def_depth_ = 0;
  int depth_ = 0;          // of Bind
  std::size_t parts_ = 0;  // of the expression so far
  std::optional<SlotIndex> group_;
  std::string_view text_what_;  // "message" while a text's hole is bound
  SourceSpan hole_;
  bool failed_ = false;
};

// The SQL metric that a call names: metric(n, "name"), metric("name"), each with a type behind it. nullopt: reported.
struct NamedMetric {
  const ast::Expr* of = nullptr;  // null: the member's
  std::string name;
  SourceSpan name_span;
  metrics::SqlMetricKind kind{};
  metrics::SqlMetricPart part{};
};
std::optional<NamedMetric> ReadMetric(const RuleFunction& function, const ast::Call& call, SourceSpan span,
                                      Diagnostics& diagnostics);

// For an attribute that `entity` does not have and that is not near any: which of its attributes contain the name, and
// which other entity has it.
void AddFieldHints(metrics::Entity entity, std::string_view name, Diagnostic& diagnostic);

// "there is no type …" with the nearest one.
Diagnostic& ReportUnknownType(const ast::TypeName& type, Diagnostics& diagnostics);

// Sets operands[0] and [1] of a two-sided condition that can never hold: reports never-true. Simple cases only: ranges
// of attributes, and percentiles of one distribution.
void CheckNeverTrue(const BoundExpr& comparison, Diagnostics& diagnostics);

// The value of an expression of literals and parameters, in base units; nullopt: not constant, or not a number.
std::optional<double> FoldNumber(const BoundExpr& expr, const std::vector<BoundParam>& params);

}  // namespace advise::rules
