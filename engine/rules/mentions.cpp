// One walk over the syntax tree: each struct has its function.
#include "rules/mentions.h"

namespace advise::rules {
namespace {

class Walk {
 public:
  explicit Walk(const VisitMention& visit) : visit_(visit) {}

  void Say(MentionKind kind, const ast::Name& name, const ast::Expr* object = nullptr) {
    visit_({kind, &name, object});
  }

  // ---------------------------------------------------------------- expressions
  void operator()(const ast::ExprPtr& expr) {
    if (expr != nullptr) (*this)(*expr);
  }
  void operator()(const ast::Expr& expr) {
    std::visit([&](const auto& node) { One(node); }, expr.node);
  }
  void One(const ast::Literal&) {}
  void One(const ast::Conf&) {}
  void One(const ast::Unary& node) { (*this)(node.operand); }
  void One(const ast::Binary& node) {
    (*this)(node.left);
    (*this)(node.right);
  }
  void One(const ast::If& node) {
    (*this)(node.condition);
    (*this)(node.then);
    (*this)(node.otherwise);
  }
  void One(const ast::In& node) {
    (*this)(node.operand);
    for (const ast::ExprPtr& choice : node.choices) (*this)(choice);
  }
  void One(const ast::Matches& node) { (*this)(node.operand); }
  void One(const ast::IsMissing& node) { (*this)(node.operand); }
  void One(const ast::Subquery& node) {
    (*this)(*node.pattern);
    (*this)(node.where);
  }
  void One(const ast::Call& node) {
    Say(MentionKind::Call, node.function);
    for (const ast::Argument& argument : node.arguments) {
      (*this)(argument.value);
      (*this)(argument.by);
    }
  }
  void One(const ast::Identifier& node) { Say(MentionKind::Name, node.name); }
  void One(const ast::Member& node) {
    (*this)(node.object);
    Say(MentionKind::Attribute, node.name, node.object.get());
  }
  void One(const ast::Filter& node) {
    (*this)(node.object);
    (*this)(node.condition);
  }

  // ---------------------------------------------------------------- patterns, atoms, texts
  void operator()(const ast::Pattern& pattern) {
    for (std::size_t i = 0; i < pattern.nodes.size(); ++i) {
      const ast::Node& node = pattern.nodes[i];
      if (node.variable) Say(MentionKind::Declares, *node.variable);
      for (const ast::Name& label : node.labels) Say(MentionKind::Type, label);
      if (i >= pattern.edges.size()) continue;
      const ast::Edge& edge = pattern.edges[i];
      if (edge.variable) Say(MentionKind::Declares, *edge.variable);
      for (const ast::Name& label : edge.labels) Say(MentionKind::Edge, label);
    }
  }
  void operator()(const ast::Atom& atom) {
    Say(MentionKind::Rule, atom.rule);
    for (const ast::ExprPtr& argument : atom.arguments) (*this)(argument);
  }
  void operator()(const std::vector<ast::Atom>& atoms) {
    for (const ast::Atom& atom : atoms) (*this)(atom);
  }
  void operator()(const ast::Text& text) { (*this)(text.segments); }
  void operator()(const std::vector<ast::TextSegment>& text) {
    for (const ast::TextSegment& segment : text) (*this)(segment.hole);
  }
  void operator()(const ast::TypeName& type) {
    Say(MentionKind::Type, type.name);
    for (const ast::TypeName& argument : type.arguments) (*this)(argument);
  }
  void operator()(const std::vector<ast::Formal>& formals) {
    for (const ast::Formal& formal : formals) {
      Say(MentionKind::Declares, formal.name);
      (*this)(formal.type);
    }
  }
  void operator()(const ast::Guarded& cases) {
    for (const ast::GuardedCase& one : cases) {
      (*this)(one.value);
      (*this)(one.condition);
    }
  }

  // ---------------------------------------------------------------- clauses
  void AnyClause(const ast::Clause& clause) {
    std::visit([&](const auto& node) { One(node); }, clause.node);
  }
  void One(const ast::AppliesClause& node) { (*this)(node.condition); }
  void One(const ast::NeedsClause&) {}
  void One(const ast::ForClause& node) { (*this)(node.atoms); }
  void One(const ast::MatchClause& node) {
    for (const ast::Pattern& pattern : node.patterns) (*this)(pattern);
    if (!node.group_by) return;
    for (const ast::ExprPtr& key : node.group_by->keys) (*this)(key);
    Say(MentionKind::Declares, node.group_by->name);
  }
  void One(const ast::LetClause& node) {
    Say(MentionKind::Declares, node.name);
    (*this)(node.value);
  }
  void One(const ast::WhereClause& node) { (*this)(node.condition); }
  void One(const ast::ExplainsClause& node) { (*this)(node.atoms); }
  // Confidence words stand as bare names.
  void One(const ast::ConfidenceClause& node) { (*this)(node.cases); }
  void One(const ast::SeverityClause& node) {
    for (const ast::GuardedCase& one : node.cases) (*this)(one.condition);
  }
  void One(const ast::CostsClause& node) { (*this)(node.value); }
  void One(const ast::RulesOutClause& node) {
    if (node.rule) Say(MentionKind::Rule, *node.rule);
    (*this)(node.condition);
    if (node.because) (*this)(*node.because);
  }
  void One(const ast::RelationClause& node) { (*this)(node.atoms); }
  void One(const ast::EffectClause& node) {
    for (const ast::Effect& effect : node.effects) {
      (*this)(effect.target);
      (*this)(effect.value);
      if (effect.replaced) Say(MentionKind::Name, *effect.replaced);
      if (effect.replacement) Say(MentionKind::Type, *effect.replacement);
      for (const ast::NamedArgument& argument : effect.arguments) (*this)(argument.value);
    }
  }
  void One(const ast::TextClause& node) { (*this)(node.text); }
  void One(const ast::EvidenceClause& node) {
    for (const ast::ExprPtr& value : node.values) (*this)(value);
  }
  void One(const ast::ChangeClause& node) {
    (*this)(node.value);
    if (node.text) (*this)(*node.text);
  }
  void One(const ast::MetaClause&) {}

  // ---------------------------------------------------------------- items
  void AnyItem(const ast::Item& item) {
    std::visit([&](const auto& node) { One(node); }, item);
  }
  void One(const ast::Rule& rule) {
    Say(MentionKind::Declares, rule.name);
    (*this)(rule.formals);
    for (const ast::Clause& clause : rule.clauses) AnyClause(clause);
  }
  void One(const ast::Param& param) {
    Say(MentionKind::Declares, param.name);
    (*this)(param.type);
    (*this)(param.value);
    (*this)(param.range);
  }
  void One(const ast::Def& def) {
    Say(MentionKind::Declares, def.name);
    (*this)(def.formals);
    if (def.result) (*this)(*def.result);
    (*this)(def.body);
  }
  void One(const ast::Override& override) {
    bool params = false;
    for (const auto& item : override.items) params = params || std::holds_alternative<ast::OverrideParam>(item);
    Say(params ? MentionKind::Pack : MentionKind::Rule, override.target);
    for (const auto& item : override.items) {
      if (const auto* param = std::get_if<ast::OverrideParam>(&item)) {
        Say(MentionKind::Param, param->name);
        (*this)(param->value);
      }
    }
  }
  void One(const ast::Suppress& suppress) {
    (*this)(suppress.atom);
    (*this)(suppress.where);
  }
  void One(const ast::Test& test) {
    for (const ast::TestItem& item : test.items) {
      std::visit([&](const auto& node) { InTest(node); }, item.node);
    }
  }
  void Properties(const std::vector<ast::Property>& properties) {
    for (const ast::Property& property : properties) {
      (*this)(property.path);
      (*this)(property.value);
      for (const ast::SampleRun& run : property.sample) (*this)(run.value);
    }
  }
  void InTest(const ast::GivenNode& node) {
    for (const ast::Name& variable : node.variables) Say(MentionKind::Declares, variable);
    Say(MentionKind::Type, node.type);
    Properties(node.properties);
  }
  void InTest(const ast::GivenPath& path) {
    Say(MentionKind::Name, path.from);
    for (const ast::GivenHop& hop : path.hops) {
      if (hop.variable) Say(MentionKind::Declares, *hop.variable);
      Say(MentionKind::Edge, hop.type);
      Properties(hop.properties);
      Say(MentionKind::Name, hop.to);
    }
  }
  void InTest(const ast::GivenConf&) {}
  void InTest(const ast::GivenParam& param) {
    Say(MentionKind::Param, param.name);
    (*this)(param.value);
  }
  void InTest(const ast::GivenFinding& finding) { (*this)(finding.atoms); }
  void InTest(const ast::Expectations& expect) {
    for (const ast::Expectation& one : expect.all) {
      (*this)(one.atom);
      (*this)(one.confidence);
      (*this)(one.saving);
      if (one.because && one.because->text != "missing") Say(MentionKind::Rule, *one.because);
      if (one.suppressed_by) (*this)(*one.suppressed_by);
    }
  }

 private:
  const VisitMention& visit_;
};

}  // namespace

void MentionsOfFile(const ast::File& file, const VisitMention& visit) {
  Walk walk(visit);
  for (const ast::Use& use : file.uses) {
    walk.Say(MentionKind::Pack, use.pack);
    if (use.alias) walk.Say(MentionKind::Declares, *use.alias);
  }
  for (const ast::Item& item : file.items) walk.AnyItem(item);
}
void MentionsOfItem(const ast::Item& item, const VisitMention& visit) { Walk(visit).AnyItem(item); }
void MentionsOfRule(const ast::Rule& rule, const VisitMention& visit) { Walk(visit).One(rule); }
void MentionsOfText(const std::vector<ast::TextSegment>& text, const VisitMention& visit) {
  Walk walk(visit);
  walk(text);
}

}  // namespace advise::rules
