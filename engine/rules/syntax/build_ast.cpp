// One function a rule of the grammar. Trees that recovery left incomplete become what can be said of them.
#include "rules/syntax/build_ast.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "rules/syntax/strings.h"
#include "support/check.h"

namespace advise::rules::syntax {
namespace {

using K = generated::AdviseLexer;

// Long chains (`a + b + c …`, `a.b.c …`) become left-deep trees; a tree this deep still prints, binds and is freed
// within a small stack. Brackets and prefix operators are limited before parsing (FindTooDeep).
constexpr std::size_t kMaxExpressionDepth = 1000;

struct UnitFactor {
  std::string_view unit;
  double factor;  // to ms or bytes
};
constexpr UnitFactor kUnits[] = {
    {"ns", 1e-6},
    {"us", 1e-3},
    {"ms", 1},
    {"s", 1e3},
    {"min", 6e4},
    {"h", 3.6e6},
    {"d", 8.64e7},
    {"B", 1},
    {"KB", 1e3},
    {"MB", 1e6},
    {"GB", 1e9},
    {"TB", 1e12},
    {"KiB", 1024.0},
    {"MiB", 1024.0 * 1024},
    {"GiB", 1024.0 * 1024 * 1024},
    {"TiB", 1024.0 * 1024 * 1024 * 1024},
};

double Number(std::string_view digits) {
  std::string plain;
  std::copy_if(digits.begin(), digits.end(), std::back_inserter(plain), [](char c) { return c != '_'; });
  double value = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  return error == std::errc() ? value : HUGE_VAL;
}

ast::BinaryOp Comparison(std::size_t kind) {
  switch (kind) {
    case K::EQ: return ast::BinaryOp::Eq;
    case K::NEQ: return ast::BinaryOp::Ne;
    case K::LT: return ast::BinaryOp::Lt;
    case K::LE: return ast::BinaryOp::Le;
    case K::GT: return ast::BinaryOp::Gt;
    default: return ast::BinaryOp::Ge;
  }
}

ast::BinaryOp Operator(std::size_t kind) {
  switch (kind) {
    case K::OR: return ast::BinaryOp::Or;
    case K::AND: return ast::BinaryOp::And;
    case K::PLUS: return ast::BinaryOp::Add;
    case K::MINUS: return ast::BinaryOp::Sub;
    case K::STAR: return ast::BinaryOp::Mul;
    case K::SLASH: return ast::BinaryOp::Div;
    case K::OF: return ast::BinaryOp::Of;
    case K::QQ: return ast::BinaryOp::Coalesce;
    default: return Comparison(kind);
  }
}

ast::VersionOp VersionComparison(std::size_t kind) {
  switch (kind) {
    case K::CARET: return ast::VersionOp::Caret;
    case K::TILDE: return ast::VersionOp::Tilde;
    case K::EQ: return ast::VersionOp::Eq;
    case K::NEQ: return ast::VersionOp::Ne;
    case K::LT: return ast::VersionOp::Lt;
    case K::LE: return ast::VersionOp::Le;
    case K::GT: return ast::VersionOp::Gt;
    default: return ast::VersionOp::Ge;
  }
}

ast::LiteralKind LiteralKindOf(std::size_t kind) {
  switch (kind) {
    case K::QUANTITY: return ast::LiteralKind::Quantity;
    case K::PERCENT: return ast::LiteralKind::Percent;
    case K::FLOAT: return ast::LiteralKind::Float;
    case K::STRING: return ast::LiteralKind::String;
    case K::VERSION: return ast::LiteralKind::Version;
    case K::DATE: return ast::LiteralKind::Date;
    case K::TRUE: return ast::LiteralKind::True;
    case K::FALSE: return ast::LiteralKind::False;
    default: return ast::LiteralKind::Integer;
  }
}

}  // namespace

bool AstBuilder::TakeFailed() { return std::exchange(failed_, false); }

// ---------------------------------------------------------------- words

SourceSpan AstBuilder::SpanOf(antlr4::ParserRuleContext* context) const {
  const auto begin = static_cast<std::uint32_t>(context->start->getStartIndex());
  const antlr4::Token* last = context->stop != nullptr ? context->stop : context->start;
  return tokens_.Span(begin, static_cast<std::uint32_t>(last->getStopIndex() + 1));
}

SourceSpan AstBuilder::SpanOf(antlr4::Token* token) const {
  return tokens_.Span(static_cast<std::uint32_t>(token->getStartIndex()),
                      static_cast<std::uint32_t>(token->getStopIndex() + 1));
}

std::string_view AstBuilder::Word(antlr4::Token* token) const {
  return std::string_view(tokens_.text)
      .substr(token->getStartIndex(), token->getStopIndex() - token->getStartIndex() + 1);
}

ast::Name AstBuilder::NameOf(antlr4::ParserRuleContext* context) const {
  // A qualified name may have spaces around its dots; its text has not.
  ast::Name name{{}, SpanOf(context)};
  const std::function<void(antlr4::tree::ParseTree*)> append = [&](antlr4::tree::ParseTree* tree) {
    if (auto* terminal = dynamic_cast<antlr4::tree::TerminalNode*>(tree)) name.text += Word(terminal->getSymbol());
    for (antlr4::tree::ParseTree* child : tree->children) append(child);
  };
  append(context);
  return name;
}

std::string AstBuilder::Doc(Node* doc) const {
  return doc != nullptr ? DocText(Word(doc->getSymbol())) : std::string();
}

UnescapedString AstBuilder::Unescaped(Node* string) {
  antlr4::Token* token = string->getSymbol();
  const auto begin = static_cast<std::uint32_t>(token->getStartIndex());
  UnescapedString unescaped = Unescape(Word(token));
  for (const std::uint32_t bad : unescaped.bad_escapes) {
    const SourceSpan span = tokens_.Span(begin + bad, begin + bad + 2);
    const std::string escape(tokens_.text.substr(begin + bad, 2));
    Fail(DiagnosticCode::SyntaxString, span, "`" + escape + "` is not an escape", "unknown escape",
         "a text knows `\\\"`, `\\\\`, `\\n`, `\\t` and `\\r`; write `\\" + escape +
             "` for a backslash, or a raw text `\"\"\"…\"\"\"`");
  }
  for (std::uint32_t& offset : unescaped.offsets) offset = tokens_.Span(begin + offset, begin + offset).begin;
  return unescaped;
}

std::string AstBuilder::StringOf(Node* string) { return Unescaped(string).value; }

ast::Text AstBuilder::TextOf(Parser::TextContext* strings) {
  ast::Text text{{}, SpanOf(strings)};
  for (Node* string : strings->STRING()) {
    const UnescapedString unescaped = Unescaped(string);
    auto segments = texts_.Parse(unescaped.value, unescaped.offsets);
    if (!segments) {
      failed_ = true;
      continue;
    }
    for (ast::TextSegment& segment : *segments) {
      const bool literal = segment.hole == nullptr;
      if (literal && !text.segments.empty() && text.segments.back().hole == nullptr) {
        text.segments.back().literal += segment.literal;
      } else {
        text.segments.push_back(std::move(segment));
      }
    }
  }
  return text;
}

ast::Text AstBuilder::PlainText(Parser::TextContext* strings) {
  ast::Text text{{}, SpanOf(strings)};
  text.segments.emplace_back().literal = StringOf(strings);
  return text;
}

std::string AstBuilder::StringOf(Parser::TextContext* strings) {
  std::string value;
  for (Node* string : strings->STRING()) value += StringOf(string);
  return value;
}

ast::Literal AstBuilder::LiteralOf(Parser::LiteralContext* context) {
  if (Node* string = context->STRING()) return {ast::LiteralKind::String, StringOf(string), 0, {}};
  return LiteralOf(context->start);
}

ast::Literal AstBuilder::LiteralOf(antlr4::Token* token) {
  ast::Literal literal;
  const std::string_view word = Word(token);
  literal.kind = LiteralKindOf(token->getType());
  literal.text = std::string(word);
  switch (literal.kind) {
    case ast::LiteralKind::Integer:
    case ast::LiteralKind::Float: literal.number = Number(word); break;
    case ast::LiteralKind::Percent: literal.number = Number(word.substr(0, word.size() - 1)) / 100; break;
    case ast::LiteralKind::Quantity: {
      const std::size_t unit = word.find_first_not_of("0123456789_.");
      literal.unit = std::string(word.substr(unit));
      const auto* row = std::find_if(std::begin(kUnits), std::end(kUnits),
                                     [&](const UnitFactor& u) { return u.unit == literal.unit; });
      ADVISE_CHECK(row != std::end(kUnits), "a unit of the lexer has no row in kUnits");
      literal.number = Number(word.substr(0, unit)) * row->factor;
      break;
    }
    case ast::LiteralKind::Date: {
      const auto part = [&](std::size_t at, std::size_t length) {
        return static_cast<int>(Number(word.substr(at, length)));
      };
      const std::chrono::year_month_day date{std::chrono::year(part(0, 4)),
                                             std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                             std::chrono::day(static_cast<unsigned>(part(8, 2)))};
      if (!date.ok()) {
        Fail(DiagnosticCode::SyntaxNumber, SpanOf(token), "there is no day " + literal.text, "not in the calendar",
             "dates are year-month-day, such as `2026-12-31`");
        break;
      }
      literal.number = static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
      break;
    }
    case ast::LiteralKind::True: literal.number = 1; break;
    case ast::LiteralKind::String:
    case ast::LiteralKind::Version:
    case ast::LiteralKind::False: break;
  }
  if (literal.number == HUGE_VAL) {
    Fail(DiagnosticCode::SyntaxNumber, SpanOf(token), "this number is too large", "more than a double can hold");
    literal.number = 0;
  }
  return literal;
}

std::int64_t AstBuilder::Integer(Node* token) {
  const double value = Number(Word(token->getSymbol()));
  constexpr double kLargest = 1e12;  // far beyond any count of tasks; exact in a double
  if (value <= kLargest) return static_cast<std::int64_t>(value);
  Fail(DiagnosticCode::SyntaxNumber, SpanOf(token->getSymbol()), "this count is too large", "at most 1000000000000");
  return 0;
}

void AstBuilder::Fail(DiagnosticCode code, SourceSpan span, std::string message, std::string label, std::string help) {
  failed_ = true;
  Diagnostic& diagnostic = diagnostics_.Report(code, span, std::move(message), std::move(label));
  if (!help.empty()) diagnostic.helps.push_back(std::move(help));
}

// ---------------------------------------------------------------- expressions

ast::ExprPtr AstBuilder::Make(antlr4::ParserRuleContext* context, decltype(ast::Expr::node) node, std::size_t depth) {
  depth_ = depth;
  auto expr = std::make_unique<ast::Expr>();
  expr->span = SpanOf(context);
  expr->node = std::move(node);
  return expr;
}

ast::ExprPtr AstBuilder::Combine(ast::ExprPtr left, ast::BinaryOp op, SourceSpan op_span, ast::ExprPtr right,
                                 std::size_t left_depth) {
  const std::size_t depth = std::max(left_depth, depth_) + 1;
  if (depth > kMaxExpressionDepth) {
    if (!failed_) {
      Fail(DiagnosticCode::TooDeep, op_span, "this expression has too many operators in a row", "here is number 1000",
           "split it with `let` or a `def`");
    }
    depth_ = left_depth;
    return left;
  }
  auto expr = std::make_unique<ast::Expr>();
  expr->span = {left->span.source, left->span.begin, right->span.end};
  expr->node = ast::Binary{op, std::move(left), std::move(right), op_span};
  depth_ = depth;
  return expr;
}

template <class Context, class Operand>
ast::ExprPtr AstBuilder::Chain(antlr4::ParserRuleContext* context, const std::vector<Context*>& operands,
                               Operand operand) {
  ast::ExprPtr left = (this->*operand)(operands.front());
  for (std::size_t i = 1; i < operands.size(); ++i) {
    const std::size_t left_depth = depth_;
    // Operands and operators alternate.
    antlr4::Token* op = dynamic_cast<Node*>(context->children[2 * i - 1])->getSymbol();
    ast::ExprPtr right = (this->*operand)(operands[i]);
    left = Combine(std::move(left), Operator(op->getType()), SpanOf(op), std::move(right), left_depth);
  }
  return left;
}

ast::ExprPtr AstBuilder::Expr(Parser::ExprContext* context) {
  if (context->IF() == nullptr) return Or(context->orExpr());
  ast::If node;
  node.condition = Expr(context->expr(0));
  std::size_t depth = depth_;
  node.then = Expr(context->expr(1));
  depth = std::max(depth, depth_);
  node.otherwise = Expr(context->expr(2));
  depth = std::max(depth, depth_);
  return Make(context, std::move(node), depth + 1);
}

ast::ExprPtr AstBuilder::Or(Parser::OrExprContext* context) {
  return Chain(context, context->andExpr(), &AstBuilder::And);
}

ast::ExprPtr AstBuilder::And(Parser::AndExprContext* context) {
  return Chain(context, context->notExpr(), &AstBuilder::Not);
}

ast::ExprPtr AstBuilder::Not(Parser::NotExprContext* context) {
  if (context->NOT() == nullptr) return Compare(context->cmpExpr());
  ast::ExprPtr operand = Not(context->notExpr());
  return Make(context, ast::Unary{ast::UnaryOp::Not, std::move(operand)}, depth_ + 1);
}

ast::ExprPtr AstBuilder::Compare(Parser::CmpExprContext* context) {
  ast::ExprPtr left = Range(context->rangeExpr(0));
  std::size_t depth = depth_;
  const bool negated = context->NOT() != nullptr;
  if (context->cmp() != nullptr) {
    ast::ExprPtr right = Range(context->rangeExpr(1));
    antlr4::Token* op = context->cmp()->start;
    return Combine(std::move(left), Comparison(op->getType()), SpanOf(op), std::move(right), depth);
  }
  if (context->IN() != nullptr) {
    ast::In node{std::move(left), {}, negated};
    const auto add = [&](ast::ExprPtr choice) {
      depth = std::max(depth, depth_);
      node.choices.push_back(std::move(choice));
    };
    for (Parser::ExprContext* choice : context->expr()) add(Expr(choice));
    if (node.choices.empty()) add(Range(context->rangeExpr(1)));
    return Make(context, std::move(node), depth + 1);
  }
  if (context->MATCHES() != nullptr) {
    Parser::TextContext* regex = context->text();
    return Make(context, ast::Matches{std::move(left), StringOf(regex), SpanOf(regex), negated}, depth + 1);
  }
  if (context->IS() != nullptr) return Make(context, ast::IsMissing{std::move(left), negated}, depth + 1);
  return left;
}

ast::ExprPtr AstBuilder::Range(Parser::RangeExprContext* context) {
  ast::ExprPtr low = Coalesce(context->coalesce(0));
  if (context->DOTDOT() == nullptr) return low;
  const std::size_t low_depth = depth_;
  ast::ExprPtr high = Coalesce(context->coalesce(1));
  return Combine(std::move(low), ast::BinaryOp::Range, SpanOf(context->DOTDOT()->getSymbol()), std::move(high),
                 low_depth);
}

ast::ExprPtr AstBuilder::Coalesce(Parser::CoalesceContext* context) {
  return Chain(context, context->addExpr(), &AstBuilder::Add);
}

ast::ExprPtr AstBuilder::Add(Parser::AddExprContext* context) {
  return Chain(context, context->mulExpr(), &AstBuilder::Multiply);
}

ast::ExprPtr AstBuilder::Multiply(Parser::MulExprContext* context) {
  return Chain(context, context->unary(), &AstBuilder::Unary);
}

ast::ExprPtr AstBuilder::Unary(Parser::UnaryContext* context) {
  if (context->MINUS() == nullptr) return Primary(context->primary());
  ast::ExprPtr operand = Unary(context->unary());
  return Make(context, ast::Unary{ast::UnaryOp::Minus, std::move(operand)}, depth_ + 1);
}

ast::ExprPtr AstBuilder::Primary(Parser::PrimaryContext* context) {
  if (context->literal() != nullptr) {
    return Make(context, LiteralOf(context->literal()), 1);
  }
  if (context->pattern() != nullptr) {
    ast::Subquery node;
    node.count = context->COUNT() != nullptr;
    node.all = context->ALL() != nullptr;
    node.pattern = std::make_unique<ast::Pattern>(PatternOf(context->pattern()));
    depth_ = 0;
    if (context->expr() != nullptr) node.where = Expr(context->expr());
    return Make(context, std::move(node), depth_ + 1);
  }
  if (context->call() != nullptr) return Steps(CallOf(context->call()), context->step());
  if (context->path() != nullptr) return Path(context->path());
  if (context->CONF() != nullptr) return ConfOf(context, context->STRING());
  ast::ExprPtr inner = Expr(context->expr());
  // The parentheses are the tree's shape; a step's span begins at them, a bare group keeps its inner span.
  if (!context->step().empty()) inner->span.begin = SpanOf(context->LPAREN()->getSymbol()).begin;
  return Steps(std::move(inner), context->step());
}

ast::ExprPtr AstBuilder::Path(Parser::PathContext* context) {
  return Steps(Identifier(context->ident()), context->step());
}

ast::ExprPtr AstBuilder::Identifier(Parser::IdentContext* context) {
  return Make(context, ast::Identifier{NameOf(context)}, 1);
}

ast::ExprPtr AstBuilder::ConfOf(antlr4::ParserRuleContext* context, Node* string) {
  return Make(context, ast::Conf{StringOf(string), SpanOf(string->getSymbol())}, 1);
}

ast::ExprPtr AstBuilder::CallOf(Parser::CallContext* context) {
  ast::Call node{NameOf(context->qname()), {}};
  std::size_t depth = 0;
  for (Parser::ArgContext* argument : context->arg()) {
    ast::Argument into;
    into.value = Expr(argument->expr(0));
    depth = std::max(depth, depth_);
    if (argument->BY() != nullptr) {
      into.by = Expr(argument->expr(1));
      depth = std::max(depth, depth_);
    }
    node.arguments.push_back(std::move(into));
  }
  return Make(context, std::move(node), depth + 1);
}

ast::ExprPtr AstBuilder::Steps(ast::ExprPtr object, const std::vector<Parser::StepContext*>& steps) {
  for (Parser::StepContext* step : steps) {
    const SourceSpan span{object->span.source, object->span.begin, SpanOf(step).end};
    std::size_t depth = depth_;
    if (depth >= kMaxExpressionDepth) {
      if (!failed_) Fail(DiagnosticCode::TooDeep, SpanOf(step), "this path has too many steps", "here is number 1000");
      return object;
    }
    auto expr = std::make_unique<ast::Expr>();
    expr->span = span;
    if (step->name() != nullptr) {
      expr->node = ast::Member{std::move(object), NameOf(step->name())};
    } else {
      ast::ExprPtr condition = Expr(step->expr());
      depth = std::max(depth, depth_);
      expr->node = ast::Filter{std::move(object), std::move(condition)};
    }
    depth_ = depth + 1;
    object = std::move(expr);
  }
  return object;
}

// ---------------------------------------------------------------- patterns, atoms, types

namespace {

std::vector<Parser::IdentContext*> Labels(Parser::LabelContext* label) {
  return label != nullptr ? label->ident() : std::vector<Parser::IdentContext*>();
}

}  // namespace

ast::Pattern AstBuilder::PatternOf(Parser::PatternContext* context) {
  ast::Pattern pattern;
  pattern.span = SpanOf(context);
  for (Parser::NodeContext* node : context->node()) pattern.nodes.push_back(NodeOf(node));
  for (Parser::EdgeContext* edge : context->edge()) pattern.edges.push_back(EdgeOf(edge));
  return pattern;
}

ast::Node AstBuilder::NodeOf(Parser::NodeContext* context) {
  ast::Node node;
  node.span = SpanOf(context);
  if (context->ident() != nullptr) node.variable = NameOf(context->ident());
  for (Parser::IdentContext* label : Labels(context->label())) node.labels.push_back(NameOf(label));
  return node;
}

ast::Edge AstBuilder::EdgeOf(Parser::EdgeContext* context) {
  ast::Edge edge;
  edge.span = SpanOf(context);
  edge.left_to_right = context->RARROW() != nullptr;
  if (context->ident() != nullptr) edge.variable = NameOf(context->ident());
  for (Parser::IdentContext* label : Labels(context->label())) edge.labels.push_back(NameOf(label));
  if (context->quant() != nullptr) {
    const std::int64_t low = Integer(context->quant()->INT(0));
    const std::int64_t high = Integer(context->quant()->INT(1));
    if (low > high) {
      Fail(DiagnosticCode::SyntaxPattern, SpanOf(context->quant()),
           "this quantifier is empty: its lower bound is above its upper", "write the smaller number first");
    }
    edge.quantifier.emplace(low, high);
  }
  return edge;
}

ast::Atom AstBuilder::AtomOf(Parser::AtomContext* context) {
  ast::Atom atom{NameOf(context->qname()), {}, SpanOf(context)};
  for (Parser::ExprContext* argument : context->expr()) atom.arguments.push_back(Expr(argument));
  return atom;
}

std::vector<ast::Atom> AstBuilder::Atoms(const std::vector<Parser::AtomContext*>& contexts) {
  std::vector<ast::Atom> atoms;
  for (Parser::AtomContext* context : contexts) atoms.push_back(AtomOf(context));
  return atoms;
}

ast::Guarded AstBuilder::GuardedOf(Parser::GuardedContext* context) {
  // Values and conditions alternate; the last value stands alone after `otherwise`, or when there is no `when` at all.
  ast::Guarded cases;
  const std::vector<Parser::ExprContext*> exprs = context->expr();
  for (std::size_t i = 0; i < exprs.size(); i += 2) {
    ast::GuardedCase guarded;
    guarded.value = Expr(exprs[i]);
    if (i + 1 < exprs.size()) guarded.condition = Expr(exprs[i + 1]);
    cases.push_back(std::move(guarded));
  }
  return cases;
}

ast::TypeName AstBuilder::Type(Parser::TypeContext* context) {
  ast::TypeName type;
  type.name = NameOf(context->ident());
  for (Parser::TypeContext* argument : context->type()) type.arguments.push_back(Type(argument));
  type.nullable = context->QUESTION() != nullptr;
  type.span = SpanOf(context);
  return type;
}

std::vector<ast::Formal> AstBuilder::Formals(Parser::FormalsContext* context) {
  std::vector<ast::Formal> formals;
  if (context == nullptr) return formals;
  for (Parser::FormalContext* formal : context->formal()) {
    formals.push_back({NameOf(formal->ident()), Type(formal->type())});
  }
  return formals;
}

// ---------------------------------------------------------------- effects

ast::ExprPtr AstBuilder::LvalueOf(Parser::LvalueContext* context) {
  return context->CONF() != nullptr ? ConfOf(context, context->STRING()) : Path(context->path());
}

ast::Effect AstBuilder::Effect(Parser::EffectContext* context) {
  ast::Effect effect;
  effect.span = SpanOf(context);
  if (context->lvalue() != nullptr) effect.target = LvalueOf(context->lvalue());
  switch (context->start->getType()) {
    case K::SET:
      effect.kind = ast::EffectKind::Set;
      effect.value = Expr(context->expr());
      break;
    case K::SCALE:
      effect.kind = ast::EffectKind::Scale;
      effect.value = Expr(context->expr());
      break;
    case K::CAP:
      effect.kind = ast::EffectKind::Cap;
      effect.value = Expr(context->expr());
      break;
    case K::DROP:
      effect.kind = ast::EffectKind::Drop;
      effect.target = Expr(context->expr());
      break;
    default:
      effect.kind = ast::EffectKind::Replace;
      effect.replaced = NameOf(context->ident(0));
      effect.replacement = NameOf(context->ident(1));
      for (Parser::NamedArgContext* argument : context->namedArg()) {
        effect.arguments.push_back({NameOf(argument->ident()), Expr(argument->expr())});
      }
      break;
  }
  return effect;
}

// ---------------------------------------------------------------- rules

ast::Rule AstBuilder::RuleHead(Parser::RuleHeadContext* context) {
  ast::Rule rule;
  rule.doc = Doc(context->DOC());
  rule.layer = context->SYMPTOM() != nullptr ? Layer::Symptom
               : context->CAUSE() != nullptr ? Layer::Cause
                                             : Layer::Advice;
  rule.name = NameOf(context->ident());
  rule.formals = Formals(context->formals());
  rule.span = SpanOf(context);
  return rule;
}

ast::ChangeClause AstBuilder::Change(Parser::ChangeClauseContext* context) {
  ast::ChangeClause clause;
  const std::vector<Parser::IdentContext*> idents = context->ident();
  clause.is_conf = context->CONF() != nullptr;
  if (clause.is_conf) {
    clause.key = StringOf(context->STRING());
    clause.key_span = SpanOf(context->STRING()->getSymbol());
  } else {
    const ast::Name key = NameOf(idents.front());
    clause.key = key.text;
    clause.key_span = key.span;
    if (context->text() != nullptr) clause.text = TextOf(context->text());
  }
  if (context->expr() != nullptr) clause.value = Expr(context->expr());
  if (context->SCOPE() != nullptr) clause.scope = NameOf(idents.back());
  return clause;
}

ast::MetaClause AstBuilder::Meta(Parser::MetaClauseContext* context) {
  ast::MetaClause clause;
  switch (context->start->getType()) {
    case K::CATEGORY: clause.key = ast::MetaKey::Category; break;
    case K::EFFORT: clause.key = ast::MetaKey::Effort; break;
    case K::RISK: clause.key = ast::MetaKey::Risk; break;
    case K::OBJECTIVE: clause.key = ast::MetaKey::Objective; break;
    case K::STATUS: clause.key = ast::MetaKey::Status; break;
    case K::SINCE: clause.key = ast::MetaKey::Since; break;
    default: clause.key = ast::MetaKey::Tags; break;
  }
  for (Parser::MetaValueContext* value : context->metaValue()) {
    if (value->ident() != nullptr) {
      clause.values.push_back(Identifier(value->ident()));
    } else {
      clause.values.push_back(Make(value, LiteralOf(value->literal()), 1));
    }
  }
  return clause;
}

ast::RulesOutClause AstBuilder::RulesOut(Parser::RulesOutClauseContext* context) {
  ast::RulesOutClause clause;
  std::vector<Parser::TextContext*> texts = context->text();
  if (context->qname() != nullptr) {
    clause.rule = NameOf(context->qname());
  } else {
    clause.phrase = StringOf(texts.front());
  }
  clause.condition = Expr(context->expr());
  if (context->BECAUSE() != nullptr) clause.because = TextOf(texts.back());
  return clause;
}

ast::GroupBy AstBuilder::GroupByOf(Parser::GroupByContext* context) {
  ast::GroupBy group;
  for (Parser::ExprContext* key : context->expr()) group.keys.push_back(Expr(key));
  group.name = NameOf(context->ident());
  return group;
}

ast::Clause AstBuilder::Clause(Parser::ClauseContext* context) {
  ast::Clause clause;
  clause.span = SpanOf(context);
  if (auto* applies = dynamic_cast<Parser::AppliesClauseContext*>(context)) {
    clause.node = ast::AppliesClause{Expr(applies->expr())};
  } else if (auto* needs = dynamic_cast<Parser::NeedsClauseContext*>(context)) {
    ast::NeedsClause node;
    for (Parser::QnameContext* name : needs->qname()) node.attributes.push_back(NameOf(name));
    clause.node = std::move(node);
  } else if (auto* for_clause = dynamic_cast<Parser::ForClauseContext*>(context)) {
    clause.node = ast::ForClause{Atoms(for_clause->atom())};
  } else if (auto* match = dynamic_cast<Parser::MatchClauseContext*>(context)) {
    ast::MatchClause node;
    for (Parser::PatternContext* pattern : match->pattern()) node.patterns.push_back(PatternOf(pattern));
    if (match->groupBy() != nullptr) node.group_by = GroupByOf(match->groupBy());
    clause.node = std::move(node);
  } else if (auto* let = dynamic_cast<Parser::LetClauseContext*>(context)) {
    clause.node = ast::LetClause{NameOf(let->ident()), Expr(let->expr())};
  } else if (auto* where = dynamic_cast<Parser::WhereClauseContext*>(context)) {
    clause.node = ast::WhereClause{Expr(where->expr())};
  } else if (auto* explains = dynamic_cast<Parser::ExplainsClauseContext*>(context)) {
    clause.node = ast::ExplainsClause{Atoms(explains->atom())};
  } else if (auto* confidence = dynamic_cast<Parser::ConfidenceClauseContext*>(context)) {
    clause.node = ast::ConfidenceClause{GuardedOf(confidence->guarded())};
  } else if (auto* severity = dynamic_cast<Parser::SeverityClauseContext*>(context)) {
    clause.node = ast::SeverityClause{GuardedOf(severity->guarded())};
  } else if (auto* costs = dynamic_cast<Parser::CostsClauseContext*>(context)) {
    clause.node = ast::CostsClause{Expr(costs->expr())};
  } else if (auto* rules_out = dynamic_cast<Parser::RulesOutClauseContext*>(context)) {
    clause.node = RulesOut(rules_out);
  } else if (auto* relation = dynamic_cast<Parser::RelationClauseContext*>(context)) {
    const ast::Relation kind = relation->REQUIRES() != nullptr     ? ast::Relation::Requires
                               : relation->CONFLICTS() != nullptr  ? ast::Relation::ConflictsWith
                               : relation->SUPERSEDES() != nullptr ? ast::Relation::Supersedes
                                                                   : ast::Relation::OverlapsWith;
    clause.node = ast::RelationClause{kind, Atoms(relation->atom())};
  } else if (auto* effects = dynamic_cast<Parser::EffectClauseContext*>(context)) {
    ast::EffectClause node;
    for (Parser::EffectContext* effect : effects->effect()) node.effects.push_back(Effect(effect));
    if (effects->NONE() != nullptr) node.none_because = StringOf(effects->text());
    clause.node = std::move(node);
  } else if (auto* text = dynamic_cast<Parser::TextClauseContext*>(context)) {
    const ast::TextKind kind = text->TITLE() != nullptr     ? ast::TextKind::Title
                               : text->MESSAGE() != nullptr ? ast::TextKind::Message
                               : text->FIX() != nullptr     ? ast::TextKind::Fix
                                                            : ast::TextKind::Link;
    // A link has no holes.
    clause.node = kind == ast::TextKind::Link ? ast::TextClause{kind, PlainText(text->text())}
                                              : ast::TextClause{kind, TextOf(text->text())};
  } else if (auto* evidence = dynamic_cast<Parser::EvidenceClauseContext*>(context)) {
    ast::EvidenceClause node;
    for (Parser::ExprContext* value : evidence->expr()) node.values.push_back(Expr(value));
    clause.node = std::move(node);
  } else if (auto* change = dynamic_cast<Parser::ChangeClauseContext*>(context)) {
    clause.node = Change(change);
  } else if (auto* meta = dynamic_cast<Parser::MetaClauseContext*>(context)) {
    clause.node = Meta(meta);
  } else {
    ADVISE_CHECK(false, "a clause of the grammar has no builder");
  }
  return clause;
}

// ---------------------------------------------------------------- the rest of a file

ast::VersionRange AstBuilder::VersionRangeOf(Parser::VersionRangeContext* context) {
  return {VersionComparison(context->start->getType()), std::string(Word(context->VERSION()->getSymbol()))};
}

ast::PackDecl AstBuilder::Pack(Parser::PackDeclContext* context) {
  ast::PackDecl pack;
  pack.doc = Doc(context->DOC());
  pack.name = NameOf(context->qname());
  pack.version = std::string(Word(context->VERSION()->getSymbol()));
  for (Parser::PackFieldContext* field : context->packField()) {
    ast::PackField into;
    into.key = NameOf(field->ident());
    if (field->REQUIRES() != nullptr) {
      into.requirement = ast::VersionRange{VersionComparison(field->cmp()->start->getType()),
                                           std::string(Word(field->VERSION()->getSymbol()))};
    } else {
      into.value = StringOf(field->text());
    }
    pack.fields.push_back(std::move(into));
  }
  pack.span = SpanOf(context);
  return pack;
}

ast::Use AstBuilder::Use(Parser::UseDeclContext* context) {
  ast::Use use;
  use.doc = Doc(context->DOC());
  use.pack = NameOf(context->qname());
  if (context->versionRange() != nullptr) use.range = VersionRangeOf(context->versionRange());
  if (context->ident() != nullptr) use.alias = NameOf(context->ident());
  use.span = SpanOf(context);
  return use;
}

ast::Param AstBuilder::Param(Parser::ParamDeclContext* context) {
  ast::Param param;
  param.doc = Doc(context->DOC());
  param.name = NameOf(context->qname());
  param.type = Type(context->type());
  param.value = Expr(context->expr());
  if (context->rangeExpr() != nullptr) param.range = Range(context->rangeExpr());
  param.span = SpanOf(context);
  return param;
}

ast::Def AstBuilder::Def(Parser::DefDeclContext* context) {
  ast::Def def;
  def.doc = Doc(context->DOC());
  def.name = NameOf(context->ident());
  def.formals = Formals(context->formals());
  if (context->type() != nullptr) def.result = Type(context->type());
  def.body = Expr(context->expr());
  def.span = SpanOf(context);
  return def;
}

ast::Because AstBuilder::BecauseOf(Parser::BecauseContext* context) {
  ast::Because because;
  because.reason = StringOf(context->text());
  if (context->DATE() != nullptr) because.until = LiteralOf(context->DATE()->getSymbol());
  because.span = SpanOf(context);
  return because;
}

ast::Suppress AstBuilder::Suppress(Parser::SuppressDeclContext* context) {
  ast::Suppress suppress;
  suppress.doc = Doc(context->DOC());
  suppress.atom = AtomOf(context->atom());
  if (context->expr() != nullptr) suppress.where = Expr(context->expr());
  suppress.because = BecauseOf(context->because());
  suppress.span = SpanOf(context);
  return suppress;
}

ast::Override AstBuilder::OverrideHead(Parser::OverrideHeadContext* context) {
  ast::Override override_decl;
  override_decl.doc = Doc(context->DOC());
  override_decl.target = NameOf(context->qname());
  override_decl.span = SpanOf(context);
  return override_decl;
}

void AstBuilder::OverrideItem(Parser::OverrideItemContext* context, ast::Override& into) {
  if (context->PARAM() != nullptr) {
    into.items.emplace_back(ast::OverrideParam{NameOf(context->qname()), Expr(context->expr())});
  } else if (context->SEVERITY() != nullptr) {
    into.items.emplace_back(ast::OverrideSeverity{Expr(context->expr())});
  } else {
    ast::OverrideSwitch item;
    item.enable = context->ENABLE() != nullptr;
    if (context->because() != nullptr) item.because = BecauseOf(context->because());
    into.items.emplace_back(std::move(item));
  }
}

ast::Test AstBuilder::TestHead(Parser::TestHeadContext* context) {
  ast::Test test;
  test.doc = Doc(context->DOC());
  test.name = StringOf(context->STRING(0));
  if (context->FROM() != nullptr) test.from = StringOf(context->STRING(1));
  test.span = SpanOf(context);
  return test;
}

std::vector<ast::Property> AstBuilder::Properties(Parser::PropsContext* context) {
  std::vector<ast::Property> properties;
  if (context == nullptr) return properties;
  for (Parser::PropContext* prop : context->prop()) {
    ast::Property property;
    property.path = prop->path() != nullptr ? Path(prop->path()) : CallOf(prop->call());
    property.span = SpanOf(prop);
    if (prop->sample() == nullptr) {
      property.value = Expr(prop->expr());
    } else {
      for (Parser::RunContext* run : prop->sample()->run()) {
        ast::SampleRun sample;
        sample.value = Expr(run->expr());
        if (run->INT() != nullptr) sample.count = Integer(run->INT());
        property.sample.push_back(std::move(sample));
      }
    }
    properties.push_back(std::move(property));
  }
  return properties;
}

void AstBuilder::ExpectTail(Parser::ExpectTailContext* context, ast::Expectation& into) {
  bool twice = false;
  switch (context->start->getType()) {
    case K::CONFIDENCE:
      twice = into.confidence != nullptr;
      into.confidence_op = Comparison(context->cmp()->start->getType());
      into.confidence = Expr(context->expr());
      break;
    case K::SEVERITY:
      twice = into.severity != nullptr;
      into.severity_op = Comparison(context->cmp()->start->getType());
      into.severity = Expr(context->expr());
      break;
    case K::COUNT:
      twice = into.count.has_value();
      into.count = Integer(context->INT());
      break;
    case K::SAVING:
      twice = into.saving != nullptr;
      into.saving = Expr(context->expr());
      break;
    case K::BECAUSE:
      twice = into.because.has_value();
      into.because = NameOf(context->ident());
      break;
    case K::TITLE:
      twice = into.title_matches.has_value();
      into.title_matches = StringOf(context->text());
      break;
    case K::MESSAGE:
      twice = into.message_matches.has_value();
      into.message_matches = StringOf(context->text());
      break;
    default:
      twice = into.suppressed_by.has_value();
      into.suppressed_by = AtomOf(context->atom());
      break;
  }
  if (twice) {
    Fail(DiagnosticCode::DuplicateClause, SpanOf(context->start),
         "an `expect` has `" + std::string(Word(context->start)) + "` twice", "delete one of them");
  }
}

ast::GivenHop AstBuilder::Hop(Parser::GivenHopContext* context) {
  // -[variable? : type]->(to)
  const std::vector<Parser::IdentContext*> idents = context->ident();
  ast::GivenHop hop;
  hop.to = NameOf(idents.back());
  hop.type = NameOf(idents[idents.size() - 2]);
  if (idents.size() == 3) hop.variable = NameOf(idents[0]);
  hop.properties = Properties(context->props());
  hop.span = SpanOf(context);
  return hop;
}

ast::TestItem AstBuilder::TestItem(Parser::TestItemContext* context) {
  ast::TestItem item;
  item.span = SpanOf(context);
  if (auto* node = dynamic_cast<Parser::GivenNodeContext*>(context)) {
    ast::GivenNode given;
    std::vector<Parser::IdentContext*> idents = node->ident();  // names, then the type
    given.type = NameOf(idents.back());
    idents.pop_back();
    for (Parser::IdentContext* ident : idents) given.variables.push_back(NameOf(ident));
    given.properties = Properties(node->props());
    item.node = std::move(given);
  } else if (auto* path = dynamic_cast<Parser::GivenPathContext*>(context)) {
    ast::GivenPath given{NameOf(path->ident()), {}};
    for (Parser::GivenHopContext* hop : path->givenHop()) given.hops.push_back(Hop(hop));
    item.node = std::move(given);
  } else if (auto* conf = dynamic_cast<Parser::GivenConfContext*>(context)) {
    item.node = ast::GivenConf{StringOf(conf->STRING()), LiteralOf(conf->literal())};
  } else if (auto* param = dynamic_cast<Parser::GivenParamContext*>(context)) {
    item.node = ast::GivenParam{NameOf(param->qname()), Expr(param->expr())};
  } else if (auto* finding = dynamic_cast<Parser::GivenFindingContext*>(context)) {
    item.node = ast::GivenFinding{Atoms(finding->atom())};
  } else if (auto* expect = dynamic_cast<Parser::ExpectationsContext*>(context)) {
    ast::Expectations all;
    for (Parser::ExpectationContext* one : expect->expectation()) {
      ast::Expectation expectation;
      expectation.negated = one->NOT() != nullptr;
      expectation.atom = AtomOf(one->atom());
      for (Parser::ExpectTailContext* tail : one->expectTail()) ExpectTail(tail, expectation);
      expectation.span = SpanOf(one);
      all.all.push_back(std::move(expectation));
    }
    item.node = std::move(all);
  } else {
    ADVISE_CHECK(false, "a test item of the grammar has no builder");
  }
  return item;
}

ast::Query AstBuilder::Query(Parser::QueryTextContext* context) {
  ast::Query query;
  query.span = SpanOf(context);
  for (Parser::PatternContext* pattern : context->pattern()) query.patterns.push_back(PatternOf(pattern));
  if (context->groupBy() != nullptr) query.group_by = GroupByOf(context->groupBy());
  for (Parser::QueryStepContext* step : context->queryStep()) {
    if (step->LET() != nullptr) {
      query.steps.emplace_back(ast::LetClause{NameOf(step->ident()), Expr(step->expr())});
    } else {
      query.steps.emplace_back(ast::WhereClause{Expr(step->expr())});
    }
  }
  for (Parser::ColumnContext* column : context->column()) {
    ast::Query::Column into;
    into.value = Expr(column->expr());
    if (column->ident() != nullptr) into.name = NameOf(column->ident());
    query.columns.push_back(std::move(into));
  }
  if (context->orderBy() != nullptr) {
    for (Parser::OrderKeyContext* key : context->orderBy()->orderKey())
      query.order.push_back({Expr(key->expr()), key->DESC() != nullptr});
  }
  if (context->limit() != nullptr) query.limit = Integer(context->limit()->INT());
  return query;
}

}  // namespace advise::rules::syntax
