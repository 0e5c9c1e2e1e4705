// The structs and enums of rules/ast.h as tree_archive.h has to know them: one row each.
#pragma once

#include "rules/ast.h"
#include "rules/image/tree_archive.h"

namespace advise::rules {

// clang-format off
template <> inline constexpr unsigned kEnumerators<ast::LiteralKind> = 9;
template <> inline constexpr unsigned kEnumerators<ast::UnaryOp> = 2;
template <> inline constexpr unsigned kEnumerators<ast::BinaryOp> = 15;
template <> inline constexpr unsigned kEnumerators<ast::EffectKind> = 5;
template <> inline constexpr unsigned kEnumerators<ast::Relation> = 4;
template <> inline constexpr unsigned kEnumerators<ast::TextKind> = 4;
template <> inline constexpr unsigned kEnumerators<ast::MetaKey> = 7;
template <> inline constexpr unsigned kEnumerators<ast::VersionOp> = 8;
template <> inline constexpr unsigned kEnumerators<Layer> = 3;

template <> inline constexpr int kFields<ast::Name> = 2;
template <> inline constexpr int kFields<ast::Literal> = 4;
template <> inline constexpr int kFields<ast::Unary> = 2;
template <> inline constexpr int kFields<ast::Binary> = 4;
template <> inline constexpr int kFields<ast::If> = 3;
template <> inline constexpr int kFields<ast::In> = 3;
template <> inline constexpr int kFields<ast::Matches> = 4;
template <> inline constexpr int kFields<ast::IsMissing> = 2;
template <> inline constexpr int kFields<ast::Subquery> = 4;
template <> inline constexpr int kFields<ast::Argument> = 2;
template <> inline constexpr int kFields<ast::Call> = 2;
template <> inline constexpr int kFields<ast::Identifier> = 1;
template <> inline constexpr int kFields<ast::Member> = 2;
template <> inline constexpr int kFields<ast::Filter> = 2;
template <> inline constexpr int kFields<ast::Conf> = 2;
template <> inline constexpr int kFields<ast::Expr> = 2;
template <> inline constexpr int kFields<ast::Node> = 3;
template <> inline constexpr int kFields<ast::Edge> = 5;
template <> inline constexpr int kFields<ast::Pattern> = 3;
template <> inline constexpr int kFields<ast::Atom> = 3;
template <> inline constexpr int kFields<ast::TypeName> = 4;
template <> inline constexpr int kFields<ast::Formal> = 2;
template <> inline constexpr int kFields<ast::GuardedCase> = 2;
template <> inline constexpr int kFields<ast::TextSegment> = 4;
template <> inline constexpr int kFields<ast::Text> = 2;
template <> inline constexpr int kFields<ast::NamedArgument> = 2;
template <> inline constexpr int kFields<ast::Effect> = 7;
template <> inline constexpr int kFields<ast::AppliesClause> = 1;
template <> inline constexpr int kFields<ast::NeedsClause> = 1;
template <> inline constexpr int kFields<ast::ForClause> = 1;
template <> inline constexpr int kFields<ast::GroupBy> = 2;
template <> inline constexpr int kFields<ast::MatchClause> = 2;
template <> inline constexpr int kFields<ast::LetClause> = 2;
template <> inline constexpr int kFields<ast::WhereClause> = 1;
template <> inline constexpr int kFields<ast::ExplainsClause> = 1;
template <> inline constexpr int kFields<ast::ConfidenceClause> = 1;
template <> inline constexpr int kFields<ast::SeverityClause> = 1;
template <> inline constexpr int kFields<ast::CostsClause> = 1;
template <> inline constexpr int kFields<ast::RulesOutClause> = 4;
template <> inline constexpr int kFields<ast::RelationClause> = 2;
template <> inline constexpr int kFields<ast::EffectClause> = 2;
template <> inline constexpr int kFields<ast::TextClause> = 2;
template <> inline constexpr int kFields<ast::EvidenceClause> = 1;
template <> inline constexpr int kFields<ast::ChangeClause> = 6;
template <> inline constexpr int kFields<ast::MetaClause> = 2;
template <> inline constexpr int kFields<ast::Clause> = 2;
template <> inline constexpr int kFields<ast::Rule> = 6;
template <> inline constexpr int kFields<ast::Param> = 6;
template <> inline constexpr int kFields<ast::Def> = 6;
template <> inline constexpr int kFields<ast::OverrideParam> = 2;
template <> inline constexpr int kFields<ast::OverrideSeverity> = 1;
template <> inline constexpr int kFields<ast::Because> = 3;
template <> inline constexpr int kFields<ast::OverrideSwitch> = 2;
template <> inline constexpr int kFields<ast::Override> = 4;
template <> inline constexpr int kFields<ast::Suppress> = 5;
template <> inline constexpr int kFields<ast::SampleRun> = 2;
template <> inline constexpr int kFields<ast::Property> = 4;
template <> inline constexpr int kFields<ast::GivenNode> = 3;
template <> inline constexpr int kFields<ast::GivenHop> = 5;
template <> inline constexpr int kFields<ast::GivenPath> = 2;
template <> inline constexpr int kFields<ast::GivenConf> = 2;
template <> inline constexpr int kFields<ast::GivenParam> = 2;
template <> inline constexpr int kFields<ast::GivenFinding> = 1;
template <> inline constexpr int kFields<ast::Expectation> = 13;
template <> inline constexpr int kFields<ast::Expectations> = 1;
template <> inline constexpr int kFields<ast::TestItem> = 2;
template <> inline constexpr int kFields<ast::Test> = 5;
template <> inline constexpr int kFields<ast::VersionRange> = 2;
template <> inline constexpr int kFields<ast::Use> = 5;
template <> inline constexpr int kFields<ast::PackField> = 3;
template <> inline constexpr int kFields<ast::PackDecl> = 5;
template <> inline constexpr int kFields<ast::File> = 6;
// clang-format on

// Compiled once, in tree_bytes.cpp.
template <>
void TreeWriter::Put(const ast::Expr& expr);
template <>
void TreeReader::Get(ast::Expr& expr);

}  // namespace advise::rules
