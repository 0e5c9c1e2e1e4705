// ANTLR's parse trees become rules/ast.h, one function per rule of the grammar. Inside rules/syntax only.
#pragma once

#include <vector>

#include "rules/ast.h"
#include "rules/syntax/session.h"
#include "rules/syntax/strings.h"
#include "rules/syntax/text_parser.h"
#include "support/diagnostics.h"

namespace advise::rules::syntax {

using Parser = generated::AdviseParser;

// Only sees trees of units that parsed. What the grammar cannot say (the thirteenth month, an unknown escape, a number
// too large) is reported here. Returned nodes own everything; the parse tree may go.
class AstBuilder {
 public:
  AstBuilder(const TokenList& tokens, const Limits& limits, Diagnostics& diagnostics)
      : tokens_(tokens), diagnostics_(diagnostics), texts_(tokens.source, limits, diagnostics) {}

  // False after a unit in which something had to be reported as an error, or expressions grew deeper than
  // kMaxExpressionDepth; then its nodes may be incomplete. Reset by TakeFailed.
  bool TakeFailed();

  ast::PackDecl Pack(Parser::PackDeclContext* context);
  ast::Use Use(Parser::UseDeclContext* context);
  ast::Param Param(Parser::ParamDeclContext* context);
  ast::Def Def(Parser::DefDeclContext* context);
  ast::Suppress Suppress(Parser::SuppressDeclContext* context);
  ast::Rule RuleHead(Parser::RuleHeadContext* context);
  ast::Clause Clause(Parser::ClauseContext* context);
  ast::Override OverrideHead(Parser::OverrideHeadContext* context);
  void OverrideItem(Parser::OverrideItemContext* context, ast::Override& into);
  ast::Test TestHead(Parser::TestHeadContext* context);
  ast::TestItem TestItem(Parser::TestItemContext* context);
  ast::Effect Effect(Parser::EffectContext* context);
  ast::Query Query(Parser::QueryTextContext* context);
  ast::ExprPtr Expr(Parser::ExprContext* context);

 private:
  using Node = antlr4::tree::TerminalNode;

  [[nodiscard]] SourceSpan SpanOf(antlr4::ParserRuleContext* context) const;
  [[nodiscard]] SourceSpan SpanOf(antlr4::Token* token) const;
  [[nodiscard]] std::string_view Word(antlr4::Token* token) const;
  ast::Name NameOf(antlr4::ParserRuleContext* context) const;
  [[nodiscard]] std::string Doc(Node* doc) const;
  UnescapedString Unescaped(Node* string);  // offsets are places in the source
  std::string StringOf(Node* string);
  // Adjacent strings are one text; a hole stands in one of them.
  ast::Text TextOf(Parser::TextContext* strings);
  ast::Text PlainText(Parser::TextContext* strings);
  std::string StringOf(Parser::TextContext* strings);
  ast::Literal LiteralOf(Parser::LiteralContext* context);
  ast::Literal LiteralOf(antlr4::Token* token);  // not a string
  std::int64_t Integer(Node* token);

  ast::ExprPtr Make(antlr4::ParserRuleContext* context, decltype(ast::Expr::node) node, std::size_t depth);
  ast::ExprPtr Or(Parser::OrExprContext* context);
  ast::ExprPtr And(Parser::AndExprContext* context);
  ast::ExprPtr Not(Parser::NotExprContext* context);
  ast::ExprPtr Compare(Parser::CmpExprContext* context);
  ast::ExprPtr Range(Parser::RangeExprContext* context);
  ast::ExprPtr Coalesce(Parser::CoalesceContext* context);
  ast::ExprPtr Add(Parser::AddExprContext* context);
  ast::ExprPtr Multiply(Parser::MulExprContext* context);
  ast::ExprPtr Unary(Parser::UnaryContext* context);
  ast::ExprPtr Primary(Parser::PrimaryContext* context);
  ast::ExprPtr Path(Parser::PathContext* context);
  ast::ExprPtr CallOf(Parser::CallContext* context);
  ast::ExprPtr Steps(ast::ExprPtr object, const std::vector<Parser::StepContext*>& steps);
  ast::ExprPtr ConfOf(antlr4::ParserRuleContext* context, Node* string);
  ast::ExprPtr Identifier(Parser::IdentContext* context);
  // left op right op right …, left-associative; `operand` builds one operand.
  template <class Context, class Operand>
  ast::ExprPtr Chain(antlr4::ParserRuleContext* context, const std::vector<Context*>& operands, Operand operand);
  ast::ExprPtr Combine(ast::ExprPtr left, ast::BinaryOp op, SourceSpan op_span, ast::ExprPtr right,
                       std::size_t left_depth);

  ast::Pattern PatternOf(Parser::PatternContext* context);
  ast::Node NodeOf(Parser::NodeContext* context);
  ast::Edge EdgeOf(Parser::EdgeContext* context);
  ast::Atom AtomOf(Parser::AtomContext* context);
  std::vector<ast::Atom> Atoms(const std::vector<Parser::AtomContext*>& contexts);
  ast::GroupBy GroupByOf(Parser::GroupByContext* context);
  ast::Guarded GuardedOf(Parser::GuardedContext* context);
  ast::TypeName Type(Parser::TypeContext* context);
  std::vector<ast::Formal> Formals(Parser::FormalsContext* context);
  ast::ExprPtr LvalueOf(Parser::LvalueContext* context);
  ast::Because BecauseOf(Parser::BecauseContext* context);
  ast::VersionRange VersionRangeOf(Parser::VersionRangeContext* context);
  std::vector<ast::Property> Properties(Parser::PropsContext* context);
  ast::GivenHop Hop(Parser::GivenHopContext* context);
  void ExpectTail(Parser::ExpectTailContext* context, ast::Expectation& into);
  ast::MetaClause Meta(Parser::MetaClauseContext* context);
  ast::ChangeClause Change(Parser::ChangeClauseContext* context);
  ast::RulesOutClause RulesOut(Parser::RulesOutClauseContext* context);

  void Fail(DiagnosticCode code, SourceSpan span, std::string message, std::string label, std::string help = {});

  const TokenList& tokens_;
  Diagnostics& diagnostics_;
  TextParser texts_;
  bool failed_ = false;
  std::size_t depth_ = 0;  // of the expression built last
};

}  // namespace advise::rules::syntax
