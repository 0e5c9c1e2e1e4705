// Patterns: (p:Stage)-[x:Shuffle]->(s)-[:Runs]->(j:Join) becomes slots and edges.
#include <algorithm>

#include "rules/bind/bind_expr.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::rules {
namespace {

// The end of an edge that stands on the left (or right) of the arrow as written.
metrics::Entity LeftEnd(const ast::Edge& edge, const metrics::EdgeInfo& info) {
  return edge.left_to_right ? info.from : info.to;
}
metrics::Entity RightEnd(const ast::Edge& edge, const metrics::EdgeInfo& info) {
  return edge.left_to_right ? info.to : info.from;
}

// Whether the name is that of a chain, in `match` or within exists { }.
bool NamesChain(const NameScope& scope, const std::map<std::string, BoundExpr, std::less<>>& inner,
                std::string_view name) {
  const auto let = std::ranges::find(scope.lets, name, &NamedExpr::name);
  const auto formal = inner.find(name);
  return (let != scope.lets.end() && let->value.kind == ExprKind::Chain) ||
         (formal != inner.end() && formal->second.kind == ExprKind::Chain);
}

}  // namespace

std::optional<std::vector<const metrics::EdgeInfo*>> ExprBinder::EdgesOfLabels(const ast::Edge& edge) {
  std::vector<const metrics::EdgeInfo*> infos;
  for (const ast::Name& label : edge.labels) {
    const metrics::EdgeInfo* info = metrics::FindEdge(label.text);
    if (info == nullptr) {
      std::vector<std::string_view> names;
      for (const metrics::EdgeInfo& known : metrics::AllEdges()) names.push_back(known.name);
      Diagnostic& d = Report(DiagnosticCode::UnknownType, label.span, "there is no edge " + Quoted(label.text));
      Suggest(d, label.span, label.text, names);
      d.notes.push_back("edges: " + Join(names, " "));
      return std::nullopt;
    }
    if (!infos.empty() && (info->from != infos[0]->from || info->to != infos[0]->to)) {
      Report(DiagnosticCode::TypeMismatch, label.span,
             Quoted(label.text) + " and " + Quoted(infos[0]->name) + " do not join the same kinds of things");
      return std::nullopt;
    }
    infos.push_back(info);
  }
  return infos;
}

SlotIndex ExprBinder::BindPatternNode(const ast::Node& node, std::optional<metrics::Entity> from_edge,
                                      bool beside_error, SlotRole role, BoundPattern& into) {
  std::vector<metrics::EntityType> labels;
  for (const ast::Name& label : node.labels) {
    const auto type = metrics::FindEntityType(label.text);
    if (!type) {
      Suggest(Report(DiagnosticCode::UnknownType, label.span, "there is no type " + Quoted(label.text)), label.span,
              label.text, metrics::EntityTypeNames());
    } else {
      labels.push_back(*type);
    }
  }
  std::optional<SlotIndex> slot;
  if (node.variable) slot = FindVariable(node.variable->text);
  if (node.variable && !slot && NamesChain(scope_, formals_, node.variable->text)) {
    Report(DiagnosticCode::DuplicateName, node.variable->span,
           Quoted(node.variable->text) + " is bound already, to a chain of edges");
  }
  if (labels.empty() && !slot) {
    if (from_edge && node.labels.empty()) {
      labels.push_back({*from_edge, std::nullopt});
    } else {
      if (node.labels.empty() && !beside_error)
        Report(DiagnosticCode::UnknownType, node.span, "this node needs a type, as in `(s:Stage)`");
      slot = AddSlot(node.variable ? node.variable->text : std::string(), Type(),
                     role);  // an Error type: no more messages
      if (role == SlotRole::Inner && node.variable) inner_.emplace_back(node.variable->text, *slot);
      return *slot;
    }
  }
  for (const metrics::EntityType& label : labels) {
    if (label.entity == labels[0].entity) continue;
    Report(DiagnosticCode::TypeMismatch, node.span, "alternatives must be kinds of plan nodes, not different things");
  }
  if (!slot) {
    const metrics::EntityType type =
        labels.size() == 1 ? labels[0] : metrics::EntityType{labels[0].entity, std::nullopt};
    slot = AddSlot(node.variable ? node.variable->text : std::string(), EntityOf(type), role);
    if (labels.size() > 1) scope_.slots[*slot].any_of = labels;
    if (role == SlotRole::Inner && node.variable) inner_.emplace_back(node.variable->text, *slot);
    into.nodes.push_back(*slot);
    return *slot;
  }
  // A variable that is known already: the label must fit, and may say more.
  Slot& known = scope_.slots[*slot];
  if (labels.size() == 1 && known.type.kind == TypeKind::Entity) {
    if (!Overlaps(labels[0], *known.type.entity)) {
      Report(DiagnosticCode::TypeMismatch, node.span,
             Quoted(known.name) + " is " + EntityTypeText(*known.type.entity) + ", not " + EntityTypeText(labels[0]));
    } else if (IsSubtype(labels[0], *known.type.entity)) {
      known.type.entity = labels[0];
    }
  }
  return *slot;
}

// A variable of which nothing is known because of an error that is reported: no more messages about it.
void ExprBinder::AddUnknown(const std::string& name, SlotRole role) {
  const SlotIndex slot = AddSlot(name, Type(), role);
  if (role == SlotRole::Inner) inner_.emplace_back(name, slot);
}

void ExprBinder::BindPatternEdge(const ast::Edge& edge, const std::vector<const metrics::EdgeInfo*>& infos,
                                 SlotIndex from, SlotIndex to, SlotRole role, BoundPattern& into) {
  PatternEdge bound;
  bound.from = from;
  bound.to = to;
  bound.span = edge.span;
  for (const metrics::EdgeInfo* info : infos) bound.kinds.push_back(info->kind);
  const metrics::EdgeInfo& info = *infos[0];
  for (const auto& [slot, entity] : {std::pair(from, info.from), std::pair(to, info.to)}) {
    const Type& type = scope_.slots[slot].type;
    if (type.IsError() || (type.kind == TypeKind::Entity && type.entity->entity == entity)) continue;
    Report(DiagnosticCode::TypeMismatch, edge.span,
           Quoted(info.name) + " leads from " + std::string(model::EntityName(info.from)) + " to " +
               std::string(model::EntityName(info.to)) + ", but " +
               (scope_.slots[slot].name.empty() ? "this end" : Quoted(scope_.slots[slot].name)) + " is " +
               TypeText(type),
           "this edge");
    if (edge.variable && !FindVariable(edge.variable->text)) AddUnknown(edge.variable->text, role);
    return;
  }
  if (edge.quantifier) {
    const auto [low, high] = *edge.quantifier;
    constexpr std::int64_t kMaxHops = 1000;
    if (low > high || high > kMaxHops || high < 1) {
      Report(DiagnosticCode::Range, edge.span, "an edge is followed {m,n} times with m <= n and n in 1..1000");
      return;
    }
    if (info.from != info.to) {
      Report(DiagnosticCode::TypeMismatch, edge.span,
             Quoted(info.name) + " cannot be followed twice: it leads from " +
                 std::string(model::EntityName(info.from)) + " to " + std::string(model::EntityName(info.to)));
      return;
    }
    bound.hops = {static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(high)};
  }
  if (edge.variable && bound.hops && infos.size() == 1) {
    NameChain(edge, info, bound, role);
  } else if (edge.variable) {
    if (!info.as || infos.size() > 1 || bound.hops) {
      Report(DiagnosticCode::TypeMismatch, edge.variable->span,
             bound.hops ? "a chain of different edges takes no variable"
                        : Quoted(info.name) + " has no attributes, so it takes no variable");
      return;
    }
    if (FindVariable(edge.variable->text) || NamesChain(scope_, formals_, edge.variable->text)) {
      Report(DiagnosticCode::DuplicateName, edge.variable->span, Quoted(edge.variable->text) + " is bound already");
      return;
    }
    bound.edge = AddSlot(edge.variable->text, EntityOf({*info.as, std::nullopt}), role);
    if (role == SlotRole::Inner) inner_.emplace_back(edge.variable->text, *bound.edge);
  }
  into.edges.push_back(std::move(bound));
}

// Edges without attributes stand for what they lead from.
void ExprBinder::NameChain(const ast::Edge& edge, const metrics::EdgeInfo& info, const PatternEdge& bound,
                           SlotRole role) {
  BoundExpr chain;
  chain.kind = ExprKind::Chain;
  chain.type = SetOf({info.as.value_or(info.from), std::nullopt});
  chain.span = edge.span;
  chain.edge = info.kind;
  chain.hops = *bound.hops;
  chain.operands.push_back(MakeSlot(bound.from, edge.span));
  chain.operands.push_back(MakeSlot(bound.to, edge.span));
  if (role != SlotRole::Inner) return AddLet(*edge.variable, std::move(chain));
  // A name of this pattern alone, until BindSubquery is done with it.
  const std::string& name = edge.variable->text;
  const bool taken = FindVariable(name) || formals_.contains(name) ||
                     std::ranges::find(scope_.lets, name, &NamedExpr::name) != scope_.lets.end();
  if (taken) {
    Report(DiagnosticCode::DuplicateName, edge.variable->span, Quoted(name) + " is bound already");
  } else {
    formals_.emplace(name, std::move(chain));
  }
}

void ExprBinder::BindPattern(const ast::Pattern& pattern, SlotRole node_role, SlotRole edge_role, BoundPattern& into) {
  // What the labels of the edges say about the nodes between them.
  std::vector<std::vector<const metrics::EdgeInfo*>> infos;
  std::vector<bool> wrong;  // edges that are reported: their nodes are bound all the same, so that nothing else is
  for (const ast::Edge& edge : pattern.edges) {
    auto labels = EdgesOfLabels(edge);
    wrong.push_back(!labels);
    infos.push_back(labels ? std::move(*labels) : std::vector<const metrics::EdgeInfo*>());
  }
  std::vector<SlotIndex> slots;
  for (std::size_t i = 0; i < pattern.nodes.size(); ++i) {
    std::optional<metrics::Entity> from_edge;
    if (i > 0 && !infos[i - 1].empty()) from_edge = RightEnd(pattern.edges[i - 1], *infos[i - 1][0]);
    if (i < infos.size() && !infos[i].empty()) from_edge = LeftEnd(pattern.edges[i], *infos[i][0]);
    const bool beside_error = (i > 0 && wrong[i - 1]) || (i < wrong.size() && wrong[i]);
    slots.push_back(BindPatternNode(pattern.nodes[i], from_edge, beside_error, node_role, into));
  }
  for (std::size_t i = 0; i < pattern.edges.size(); ++i) {
    const ast::Edge& edge = pattern.edges[i];
    const SlotIndex from = edge.left_to_right ? slots[i] : slots[i + 1];
    const SlotIndex to = edge.left_to_right ? slots[i + 1] : slots[i];
    const bool unknown_end = scope_.slots[from].type.IsError() || scope_.slots[to].type.IsError();
    if (wrong[i] || (infos[i].empty() && unknown_end)) {
      if (edge.variable && !FindVariable(edge.variable->text)) AddUnknown(edge.variable->text, edge_role);
      continue;
    }
    if (infos[i].empty()) {
      for (const metrics::EdgeInfo& info : metrics::AllEdges()) {
        const Type& a = scope_.slots[from].type;
        const Type& b = scope_.slots[to].type;
        if (a.entity && b.entity && a.entity->entity == info.from && b.entity->entity == info.to)
          infos[i].push_back(&info);
      }
      if (infos[i].size() != 1) {
        std::string names;
        for (const metrics::EdgeInfo* info : infos[i]) names += " " + std::string(info->name);
        Report(DiagnosticCode::UnknownType, edge.span,
               infos[i].empty() ? "no edge leads from " + TypeText(scope_.slots[from].type) + " to " +
                                      TypeText(scope_.slots[to].type)
                                : "this edge needs a label, one of" + names);
        continue;
      }
    }
    BindPatternEdge(edge, infos[i], from, to, edge_role, into);
  }
}

BoundExpr ExprBinder::BindSubquery(const ast::Subquery& subquery, SourceSpan span) {
  BoundExpr result;
  result.kind = subquery.count ? ExprKind::CountOf : ExprKind::Exists;
  result.type = subquery.count ? NumberType({}, NumberForm::Count) : SimpleType(TypeKind::Bool);
  const std::size_t depth = inner_.size();
  const bool failed_before = failed_;
  failed_ = false;
  BoundPattern pattern;
  BindPattern(*subquery.pattern, SlotRole::Inner, SlotRole::Inner, pattern);
  std::vector<const ast::Expr*> conjuncts;
  if (subquery.all) {
    // All matches meet a condition: there is none that does not.
    if (subquery.where == nullptr) {
      Report(DiagnosticCode::TypeMismatch, span, "`all { … }` says with `where` what holds of each match");
    } else if (BoundExpr condition = BindCondition(*subquery.where); !condition.type.IsError()) {
      pattern.conditions.push_back(Negated(std::move(condition), subquery.where->span));
    }
  } else if (subquery.where != nullptr) {
    conjuncts.push_back(subquery.where.get());
  }
  for (std::size_t i = 0; i < conjuncts.size() && !failed_; ++i) {
    const auto* binary = std::get_if<ast::Binary>(&conjuncts[i]->node);
    if (binary != nullptr && binary->op == ast::BinaryOp::And) {
      conjuncts.push_back(binary->left.get());
      conjuncts.push_back(binary->right.get());
    } else {
      pattern.conditions.push_back(BindCondition(*conjuncts[i]));
    }
  }
  inner_.resize(depth);
  for (const ast::Edge& edge : subquery.pattern->edges) {
    if (edge.variable && edge.quantifier) formals_.erase(edge.variable->text);
  }
  const bool ok = !failed_;
  failed_ = failed_ || failed_before;
  if (!ok) return Error(span);
  result.pattern.push_back(std::move(pattern));
  return subquery.all ? Negated(std::move(result), span) : result;
}

}  // namespace advise::rules
