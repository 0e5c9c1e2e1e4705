// Binds a rule clause by clause: the head first, then lets, patterns and conditions, then what is said and stated.
#include "rules/bind/bind_rule.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>

#include "spark/settings.h"
#include "spark/version.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::rules {
namespace {

// The word of a metadata value: an identifier, or a literal as written.
std::string WordOf(const ast::Expr& expr) {
  if (const auto* identifier = std::get_if<ast::Identifier>(&expr.node)) return identifier->name.text;
  if (const auto* literal = std::get_if<ast::Literal>(&expr.node)) return literal->text;
  return {};
}

void ReportWord(std::string_view clause, std::string_view word, std::span<const std::string_view> words,
                SourceSpan span, Diagnostics& diagnostics) {
  Diagnostic& d = diagnostics.Report(DiagnosticCode::MetaValue, span, Quoted(clause) + " has no " + Quoted(word));
  Suggest(d, span, word, words);
  d.notes.push_back("words: " + Join(words, " "));
}

// The enumerator that the word stands for. nullopt: reported.
template <class Enum>
std::optional<Enum> FindWord(std::string_view clause, std::string_view word, SourceSpan span,
                             Diagnostics& diagnostics) {
  if (const std::optional<Enum> found = ParseWord<Enum>(word)) return found;
  std::span<const std::string_view> words = Words<Enum>();
  if (words.front().empty()) words = words.subspan(1);
  ReportWord(clause, word, words, span, diagnostics);
  return std::nullopt;
}

// Bound before the others: what they may name.
template <class T>
constexpr bool kIsEarly =
    std::is_same_v<T, ast::ForClause> || std::is_same_v<T, ast::MatchClause> || std::is_same_v<T, ast::AppliesClause> ||
    std::is_same_v<T, ast::LetClause> || std::is_same_v<T, ast::WhereClause>;

class RuleBinder {
 public:
  RuleBinder(BindContext& context, const RuleSymbol& symbol)
      : context_(context),
        pack_(symbol.pack),
        ast_(*symbol.rule),
        expr_(context, symbol.pack, symbol.rule->name.text, rule_) {
    rule_.pack = context.symbols.packs[symbol.pack].name;
    rule_.name = ast_.name.text;
    rule_.doc = ast_.doc;
    rule_.layer = ast_.layer;
    rule_.name_span = ast_.name.span;
  }

  std::optional<BoundRule> Run() {
    // What binds variables comes first, whatever its place; then names, then conditions, in order; the rest may use
    // all.
    Each<ast::ForClause>();
    rule_.sees_findings = ast_.layer == Layer::Advice;
    Each<ast::MatchClause>();
    BindHead();
    rule_.query = QuerySlot(rule_);
    if (rule_.group && rule_.query == rule_.group->group) rule_.query_member = rule_.group->member;
    Each<ast::LetClause>();
    for (const ast::Clause& clause : ast_.clauses) {
      Try<ast::AppliesClause>(clause);
      Try<ast::WhereClause>(clause);
    }
    if (rule_.group) expr_.HideMembers(rule_.group->group);
    for (const ast::Clause& clause : ast_.clauses) {
      std::visit(
          [this](const auto& node) {
            if constexpr (!kIsEarly<std::decay_t<decltype(node)>>) Clause(node);
          },
          clause.node);
    }
    JoinConf();
    if (expr_.failed()) return std::nullopt;
    return std::move(rule_);
  }

 private:
  template <class T>
  void Try(const ast::Clause& clause) {
    if (const T* node = std::get_if<T>(&clause.node)) Clause(*node);
  }
  template <class T>
  void Each() {
    for (const ast::Clause& clause : ast_.clauses) Try<T>(clause);
  }

  // ---------------------------------------------------------------- what binds
  void Clause(const ast::ForClause& node) {
    for (const ast::Atom& atom : node.atoms) {
      auto bound = expr_.BindAtom(atom, true);
      if (bound) rule_.for_atoms.push_back(std::move(*bound));
    }
  }

  void Clause(const ast::MatchClause& node) {
    for (const ast::Pattern& pattern : node.patterns)
      expr_.BindPattern(pattern, SlotRole::Node, SlotRole::Edge, rule_.match);
    if (node.group_by && !expr_.failed()) rule_.group = BindGroupBy(expr_, rule_, *node.group_by, context_.diagnostics);
  }

  // Every formal must be a variable of a fitting type; it may narrow it (a Join that must be a SortMergeJoin).
  void BindHead() {
    for (const ast::Formal& formal : ast_.formals) {
      const auto type = FindType(formal.type);
      if (!type) {
        expr_.Fail();
        ReportUnknownType(formal.type, context_.diagnostics);
        continue;
      }
      const auto slot = expr_.FindVariable(formal.name.text);
      if (!slot) {
        if (expr_.failed()) continue;  // the pattern that would bind it has an error
        Report(DiagnosticCode::NotGrounded, formal.name.span,
               Quoted(formal.name.text) + " is not bound by `match` or `for` in " + rule_.name)
            .helps.push_back(rule_.group ? "after `group by` only the group can be an argument"
                                         : "add `match (" + formal.name.text + ":" + formal.type.name.text + ")`");
        continue;
      }
      Slot& variable = rule_.slots[*slot];
      if (variable.type.IsError()) continue;
      const bool fits =
          variable.type.kind == type->kind && type->entity && Overlaps(*type->entity, *variable.type.entity);
      if (!fits) {
        Report(DiagnosticCode::TypeMismatch, formal.type.span,
               Quoted(formal.name.text) + " is " + TypeText(variable.type) + ", not " + TypeText(*type));
        continue;
      }
      if (IsSubtype(*type->entity, *variable.type.entity)) variable.type.entity = type->entity;
      rule_.head.push_back(*slot);
    }
  }

  // ---------------------------------------------------------------- conditions and names
  void Clause(const ast::AppliesClause& node) { expr_.BindConjuncts(*node.condition, true, rule_.conjuncts); }
  void Clause(const ast::WhereClause& node) { expr_.BindConjuncts(*node.condition, false, rule_.conjuncts); }
  void Clause(const ast::LetClause& node) {
    BoundExpr value = expr_.Bind(*node.value);
    expr_.AddLet(node.name, std::move(value));
  }

  // ---------------------------------------------------------------- the rest
  void Clause(const ast::NeedsClause& node) {
    for (const ast::Name& name : node.attributes) {
      const std::size_t dot = name.text.rfind('.');
      const std::string entity_name = name.text.substr(0, dot == std::string::npos ? 0 : dot);
      const auto entity = metrics::FindEntityType(entity_name);
      if (!entity) {
        Report(DiagnosticCode::UnknownType, name.span, "`needs` takes attributes such as `Executor.peak_heap_used`");
        continue;
      }
      const std::string attribute_name = name.text.substr(dot + 1);
      const metrics::Attribute* attribute = metrics::Find(entity->entity, attribute_name);
      if (attribute == nullptr || !attribute->for_rules) {
        std::vector<std::string_view> names;
        for (const metrics::Attribute& known : metrics::AttributesOf(entity->entity)) {
          if (known.for_rules) names.push_back(known.name);
        }
        Diagnostic& d =
            Report(DiagnosticCode::UnknownField, name.span, entity_name + " has no " + Quoted(attribute_name));
        SourceSpan last = name.span;
        last.begin = last.end - static_cast<std::uint32_t>(attribute_name.size());
        if (!Suggest(d, last, attribute_name, names)) AddFieldHints(entity->entity, attribute_name, d);
        continue;
      }
      rule_.needs.push_back(attribute->id);
    }
  }

  void Clause(const ast::ExplainsClause& node) {
    for (const ast::Atom& atom : node.atoms) {
      if (IsItself(atom.rule, "explain")) continue;
      auto bound = expr_.BindAtom(atom, false);
      if (bound) rule_.explains.push_back(std::move(*bound));
    }
  }

  void Clause(const ast::ConfidenceClause& node) {
    for (const ast::GuardedCase& one : node.cases) {
      ConfidenceCase bound;
      const auto value = BindConfidenceValue(expr_, *one.value);
      if (!value) continue;
      bound.value = *value;
      if (one.condition != nullptr) bound.condition = expr_.BindCondition(*one.condition);
      rule_.confidence.push_back(std::move(bound));
    }
  }

  void Clause(const ast::SeverityClause& node) {
    for (const ast::GuardedCase& one : node.cases) {
      const auto level = BindSeverityValue(*one.value, context_.diagnostics);
      if (!level) {
        expr_.Fail();
        continue;
      }
      SeverityCase bound{*level, std::nullopt};
      if (one.condition != nullptr) bound.condition = expr_.BindCondition(*one.condition);
      rule_.severity.push_back(std::move(bound));
    }
  }

  // `costs` and `rules out` are about what was found.
  bool CheckFinding(SourceSpan span, std::string_view clause, bool allowed, std::string_view help) {
    if (allowed) return true;
    Report(DiagnosticCode::ClauseLayer, span,
           std::string(Word(ast_.layer)) + " " + Quoted(ast_.name.text) + " cannot have " + Quoted(clause))
        .helps.emplace_back(help);
    return false;
  }

  void Clause(const ast::CostsClause& node) {
    if (!CheckFinding(node.value->span, "costs", ast_.layer != Layer::Advice,
                      "symptoms and causes cost time; an advice saves it, as its `effect` says"))
      return;
    BoundExpr value = expr_.Bind(*node.value);
    if (value.type.IsError() || !expr_.CheckAccepts(NumberType(kTime), value, "`costs`")) return;
    rule_.costs = std::move(value);
  }

  void Clause(const ast::RulesOutClause& node) {
    const SourceSpan span = node.rule ? node.rule->span : node.condition->span;
    if (!CheckFinding(span, "rules out", ast_.layer == Layer::Cause, "a cause rules out other causes and symptoms"))
      return;
    BoundRuledOut bound;
    bound.phrase = node.phrase;
    if (node.rule && IsItself(*node.rule, "rule out")) return;
    if (node.rule) bound.rule = QualifiedName(*node.rule);
    AddConditions(*node.condition, bound.conditions);
    if (node.because) SetText(bound.because, *node.because, "`because`");
    rule_.rules_out.push_back(std::move(bound));
  }

  // Splits at the top-level `and`s.
  void AddConditions(const ast::Expr& expr, std::vector<NamedExpr>& into) {
    const auto* binary = std::get_if<ast::Binary>(&expr.node);
    if (binary != nullptr && binary->op == ast::BinaryOp::And) {
      AddConditions(*binary->left, into);
      AddConditions(*binary->right, into);
    } else {
      into.push_back({expr_.TextOf(expr.span), expr_.BindCondition(expr)});
    }
  }

  // "spark.core.spill"; the rule need not be bound. Empty: reported.
  std::string QualifiedName(const ast::Name& name) {
    const Symbols& symbols = context_.symbols;
    if (const auto found = symbols.FindRule(pack_, name.text)) {
      const RuleSymbol& rule = symbols.rules[*found];
      return symbols.packs[rule.pack].name + "." + rule.rule->name.text;
    }
    expr_.Fail();
    if (symbols.IsBroken(pack_, name.text)) return {};
    Diagnostic& d = Report(DiagnosticCode::UnknownRule, name.span, "there is no rule " + Quoted(name.text));
    Suggest(d, name.span, name.text, symbols.RuleNames(pack_));
    d.helps.emplace_back("a look-alike without a rule is a text: `rules out \"one bad record\" when …`");
    return {};
  }

  // BindRelations binds them, once all rules are known.
  void Clause(const ast::RelationClause& node) {
    constexpr std::string_view kVerbs[] = {"require", "conflict with", "supersede", "overlap with"};
    for (const ast::Atom& atom : node.atoms) IsItself(atom.rule, kVerbs[static_cast<std::size_t>(node.relation)]);
  }

  // True: reported.
  bool IsItself(const ast::Name& name, std::string_view verb) {
    const auto found = context_.symbols.FindRule(pack_, name.text);
    if (!found || context_.symbols.rules[*found].rule != &ast_) return false;
    Report(DiagnosticCode::RelationContradicts, name.span,
           Quoted(ast_.name.text) + " cannot " + std::string(verb) + " itself")
        .helps.emplace_back("name another rule, or leave the clause out");
    return true;
  }

  void Clause(const ast::EvidenceClause& node) {
    for (const ast::ExprPtr& value : node.values) {
      NamedExpr bound = expr_.BindNamed(*value);
      const bool numbers = bound.value.type.kind == TypeKind::Dist && bound.value.type.element == TypeKind::Number &&
                           bound.value.type.form != NumberForm::Id;
      if (numbers || bound.value.type.kind == TypeKind::Series) {
        Report(DiagnosticCode::TypeMismatch, value->span, "evidence is one value, not " + TypeText(bound.value.type))
            .helps.push_back("take one number of it, such as `p50(" + bound.name + ")`");
      }
      rule_.evidence.push_back(std::move(bound));
    }
  }

  void Clause(const ast::TextClause& node) {
    switch (node.kind) {
      case ast::TextKind::Title: SetText(rule_.title, node.text, "title"); break;
      case ast::TextKind::Message: SetText(rule_.message, node.text, "message"); break;
      case ast::TextKind::Fix: SetText(rule_.fix, node.text, "fix"); break;
      case ast::TextKind::Link: rule_.link = node.text.segments.front().literal; break;
    }
  }
  void SetText(BoundText& into, const ast::Text& text, std::string_view what) {
    auto bound = expr_.BindText(text.segments, what);
    if (bound) into = std::move(*bound);
  }

  void Clause(const ast::ChangeClause& node) {
    BoundChange change;
    change.key = node.key;
    if (!node.is_conf) change.kind = KindOf(node);
    if (node.scope) SetWord(change.scope, "scope", node.scope->text, node.scope->span);
    if (node.value != nullptr) change.value = expr_.Bind(*node.value);
    if (node.is_conf && change.value)
      CheckSetting(change, node.key_span, node.scope ? node.scope->span : node.key_span);
    if (node.text) change.text = expr_.BindText(node.text->segments, "change");
    rule_.changes.push_back(std::move(change));
  }

  ChangeKind KindOf(const ast::ChangeClause& node) {
    const auto known = std::ranges::find(ChangeWords(), node.key, &ChangeWord::word);
    if (known != ChangeWords().end()) return known->kind;
    std::vector<std::string_view> words{"conf"};
    for (const ChangeWord& word : ChangeWords()) words.push_back(word.word);
    ReportWord("change", node.key, words, node.key_span, context_.diagnostics);
    expr_.Fail();
    return ChangeKind::Conf;
  }

  template <class Enum>
  void SetWord(Enum& into, std::string_view clause, std::string_view word, SourceSpan span) {
    const std::optional<Enum> found = FindWord<Enum>(clause, word, span, context_.diagnostics);
    if (found) {
      into = *found;
    } else {
      expr_.Fail();
    }
  }

  // ---------------------------------------------------------------- changes of settings
  // `set conf` and `change conf` are one thing: what an effect sets is a change too.
  void JoinConf() {
    std::vector<BoundChange> set;
    for (const BoundEffect& effect : rule_.effects) {
      if (effect.kind != ast::EffectKind::Set || !effect.target || effect.target->kind != ExprKind::Conf) continue;
      const std::string& key = effect.target->text;
      const auto is_it = [&](const BoundChange& change) {
        return change.kind == ChangeKind::Conf && change.key == key;
      };
      const auto stated = std::ranges::find_if(rule_.changes, is_it);
      if (stated == rule_.changes.end()) {
        set.push_back({ChangeKind::Conf, key, effect.value, std::nullopt, Scope::Unstated});
      } else if (stated->value && !SameValue(*stated->value, *effect.value)) {
        Report(DiagnosticCode::SettingValue, effect.value->span, Quoted(key) + " is set to two values in one rule")
            .labels.push_back({stated->value->span, "and to this"});
      }
    }
    rule_.changes.insert(rule_.changes.begin(), std::make_move_iterator(set.begin()),
                         std::make_move_iterator(set.end()));
  }

  // Name, type, range, scope and version of a setting and its new value, as far as they can be told without a log.
  void CheckSetting(const BoundChange& change, SourceSpan key_span, SourceSpan scope_span) {
    const BoundExpr& value = *change.value;
    const BoundExpr setting = expr_.Bind(ast::Expr{key_span, ast::Conf{change.key, key_span}});
    const spark::Setting* known = spark::FindByAnyName(change.key);
    if (value.type.IsError() || setting.type.IsError() || known == nullptr) return;
    if (change.scope == Scope::Session && known->scope != spark::SettingScope::Session) {
      Report(DiagnosticCode::SettingValue, scope_span, Quoted(change.key) + " cannot be changed in a session")
          .helps.push_back("it is read when the application starts: `scope submit`");
    }
    if (known->key == change.key) CheckVersion(*known, key_span);  // an older name has versions of its own
    // A text fits every setting, if Spark can read it.
    if (value.type.kind == TypeKind::String) {
      if (value.kind != ExprKind::Constant) return;
      if (auto problem = spark::CheckValue(change.key, value.text, 0))
        Report(DiagnosticCode::SettingValue, value.span, std::move(*problem));
      return;
    }
    if (!expr_.CheckAccepts(setting.type, value, "the setting " + Quoted(change.key))) return;
    const std::optional<double> number = FoldNumber(value, context_.set.params);
    if (!number || known->type == spark::SettingType::Text) return;
    if (auto problem = spark::CheckRange(*known, *number))
      Report(DiagnosticCode::SettingValue, value.span, std::move(*problem));
  }

  // Where `applies when` excludes every version that has the setting.
  void CheckVersion(const spark::Setting& setting, SourceSpan key_span) {
    constexpr int kNewest = 1'000'000;
    int low = 0;
    int high = kNewest;
    for (const Conjunct& conjunct : rule_.conjuncts) {
      if (conjunct.applies) NarrowVersions(conjunct.condition, low, high);
    }
    const std::string name = Quoted(std::string(setting.key));
    if (setting.first > 0 && high < setting.first) {
      Report(DiagnosticCode::SettingValue, key_span,
             name + " came with Spark " + spark::VersionText(setting.first) +
                 ", after the versions that this rule is for");
    } else if (setting.gone > 0 && low >= setting.gone) {
      Report(DiagnosticCode::SettingValue, key_span,
             name + " went with Spark " + spark::VersionText(setting.gone) +
                 ", before the versions that this rule is for");
    }
  }

  // `spark >= v3.0`, `spark < v3.2`, `spark in v3.0..v3.1`; codes of the first and last version for which it can hold.
  static void NarrowVersions(const BoundExpr& condition, int& low, int& high) {
    const auto code = [](const BoundExpr& e) -> std::optional<int> {
      if (e.kind != ExprKind::Constant || e.type.kind != TypeKind::Version || e.text.empty()) return std::nullopt;
      const spark::SparkVersion version = spark::ParseSparkVersion(std::string_view(e.text).substr(1));
      if (!version.known) return std::nullopt;
      return version.since_code();
    };
    const auto of_spark = [](const BoundExpr& e) {
      return e.kind == ExprKind::Attribute && e.type.kind == TypeKind::Version && e.operands[0].kind == ExprKind::App;
    };
    if (condition.operands.size() < 2 || !of_spark(condition.operands[0])) return;
    const BoundExpr& limit = condition.operands[1];
    if (condition.kind == ExprKind::In && limit.kind == ExprKind::Range) {
      if (const auto from = code(limit.operands[0])) low = std::max(low, *from);
      if (const auto to = code(limit.operands[1])) high = std::min(high, *to);
    }
    const auto at = code(limit);
    if (condition.kind != ExprKind::Compare || !at) return;
    switch (condition.op) {
      case ast::BinaryOp::Ge:
      case ast::BinaryOp::Gt: low = std::max(low, *at); break;
      case ast::BinaryOp::Le: high = std::min(high, *at); break;
      case ast::BinaryOp::Lt: high = std::min(high, *at - 1); break;
      case ast::BinaryOp::Eq:
        low = std::max(low, *at);
        high = std::min(high, *at);
        break;
      default: break;
    }
  }

  void Clause(const ast::MetaClause& node) {
    for (const ast::ExprPtr& value : node.values) {
      const std::string word = WordOf(*value);
      const auto set = [&](auto& into, std::string_view clause) { SetWord(into, clause, word, value->span); };
      switch (node.key) {
        case ast::MetaKey::Category: set(rule_.category, "category"); break;
        case ast::MetaKey::Effort: set(rule_.effort, "effort"); break;
        case ast::MetaKey::Risk: set(rule_.risk, "risk"); break;
        case ast::MetaKey::Objective: set(rule_.objective, "objective"); break;
        case ast::MetaKey::Status: set(rule_.status, "status"); break;
        case ast::MetaKey::Since: rule_.since = word; break;
        case ast::MetaKey::Tags:
          if (std::holds_alternative<ast::Identifier>(value->node)) {
            Diagnostic& d = Report(DiagnosticCode::MetaValue, value->span, "a tag is a text: `\"" + word + "\"`");
            d.fixes = {{value->span, "\"" + word + "\""}};
          }
          rule_.tags.push_back(word);
          break;
      }
    }
  }

  // ---------------------------------------------------------------- effects: typed here, composed by the cost model
  void Clause(const ast::EffectClause& node) {
    for (const ast::Effect& effect : node.effects) BindEffect(effect);
    rule_.no_effect_because = node.none_because.value_or("");
  }

  void BindEffect(const ast::Effect& effect) {
    BoundEffect bound;
    bound.kind = effect.kind;
    bound.span = effect.span;
    if (effect.target != nullptr) bound.target = expr_.Bind(*effect.target);
    if (effect.value != nullptr) bound.value = expr_.Bind(*effect.value);
    const bool error = (bound.target && bound.target->type.IsError()) || (bound.value && bound.value->type.IsError());
    if (error) return;
    switch (effect.kind) {
      case ast::EffectKind::Set:
      case ast::EffectKind::Cap:
        if (bound.target->kind == ExprKind::Conf) {
          CheckSetting({ChangeKind::Conf, bound.target->text, bound.value, std::nullopt, Scope::Unstated},
                       bound.target->span, bound.target->span);
        } else {
          CheckEffectValue(*bound.target, *bound.value);
        }
        break;
      case ast::EffectKind::Scale: {
        Type factor = NumberType({});
        factor.interval = bound.value->type.interval;
        expr_.CheckAccepts(factor, *bound.value, "the factor");
        break;
      }
      case ast::EffectKind::Drop:
        if (bound.target->type.kind != TypeKind::Entity && !bound.target->type.IsSet()) {
          Report(DiagnosticCode::TypeMismatch, bound.target->span,
                 "only entities can be dropped, not " + TypeText(bound.target->type));
        }
        break;
      case ast::EffectKind::Replace: BindReplace(effect, bound); break;
    }
    rule_.effects.push_back(std::move(bound));
  }

  // set s.partitions = n; cap s.tasks.shuffle_read at x: the value has the type of one target.
  void CheckEffectValue(const BoundExpr& target, const BoundExpr& value) {
    Type wanted = target.type;
    if (wanted.kind == TypeKind::Dist) {
      wanted.kind = wanted.element;
      wanted.entity.reset();
    }
    wanted.interval = value.type.interval;
    expr_.CheckAccepts(wanted, value, "the target of this effect");
  }

  void BindReplace(const ast::Effect& effect, BoundEffect& bound) {
    const auto slot = effect.replaced ? expr_.FindVariable(effect.replaced->text) : std::nullopt;
    if (!slot) {
      const SourceSpan span = effect.replaced ? effect.replaced->span : effect.span;
      Report(DiagnosticCode::UnknownName, span, "`replace` needs a variable of this rule");
      return;
    }
    bound.replaced = *slot;
    bound.replacement = metrics::FindEntityType(effect.replacement->text);
    if (!bound.replacement || !bound.replacement->node_kind) {
      Report(DiagnosticCode::UnknownType, effect.replacement->span,
             Quoted(effect.replacement->text) + " is no kind of plan node");
    }
    for (const ast::NamedArgument& argument : effect.arguments) {
      bound.arguments.push_back({argument.name.text, expr_.Bind(*argument.value)});
    }
  }

  Diagnostic& Report(DiagnosticCode code, SourceSpan span, std::string message) {
    expr_.Fail();
    return context_.diagnostics.Report(code, span, std::move(message));
  }

  BindContext& context_;
  std::size_t pack_;
  const ast::Rule& ast_;
  BoundRule rule_;
  ExprBinder expr_;
};

}  // namespace

std::optional<BoundGroup> BindGroupBy(ExprBinder& binder, NameScope& scope, const ast::GroupBy& group_by,
                                      Diagnostics& diagnostics) {
  const auto report = [&](DiagnosticCode code, SourceSpan span, std::string message) {
    binder.Fail();
    diagnostics.Report(code, span, std::move(message));
    return std::nullopt;
  };
  BoundGroup group;
  std::optional<SlotIndex> member;
  std::vector<metrics::AttributeId> keys;
  for (const ast::ExprPtr& key : group_by.keys) {
    BoundExpr bound = binder.Bind(*key);
    if (bound.type.IsError()) return std::nullopt;
    const bool plain = bound.kind == ExprKind::Attribute && bound.operands[0].kind == ExprKind::Slot;
    if (!plain || (member && *member != bound.operands[0].slot)) {
      return report(DiagnosticCode::TypeMismatch, key->span,
                    "`group by` takes attributes of one variable, as in `group by g.kind`");
    }
    member = bound.operands[0].slot;
    keys.push_back(bound.attribute);
    group.keys.push_back(std::move(bound));
  }
  if (!member) return std::nullopt;
  group.member = *member;
  Type type = scope.slots[*member].type;
  type.kind = TypeKind::Group;
  type.group_keys = std::move(keys);
  if (binder.FindVariable(group_by.name.text)) {
    return report(DiagnosticCode::DuplicateName, group_by.name.span, Quoted(group_by.name.text) + " is bound already");
  }
  group.group = binder.AddSlot(group_by.name.text, std::move(type), SlotRole::Group);
  binder.HideMembers(group.group);
  return group;
}

std::optional<BoundExpr> BindConfidenceValue(ExprBinder& binder, const ast::Expr& expr) {
  const std::string word = WordOf(expr);
  BoundExpr value;
  value.span = expr.span;
  value.type = NumberType({}, NumberForm::Share);
  const std::pair<std::string_view, double> words[] = {
      {"low", kConfidenceLow}, {"medium", kConfidenceMedium}, {"high", kConfidenceHigh}};
  for (const auto& [name, number] : words) {
    if (word != name || !std::holds_alternative<ast::Identifier>(expr.node)) continue;
    value.number = number;
    return value;
  }
  value = binder.Bind(expr);
  if (value.type.IsError()) return std::nullopt;
  if (!binder.CheckAccepts(NumberType({}, NumberForm::Share), value, "confidence")) return std::nullopt;
  if (value.kind == ExprKind::Constant && (value.number < 0 || value.number > 1)) {
    binder.ReportRange(expr.span, "a confidence is a share from 0 % to 100 %");
    return std::nullopt;
  }
  return value;
}

std::optional<Severity> BindSeverityValue(const ast::Expr& expr, Diagnostics& diagnostics) {
  return FindWord<Severity>("severity", WordOf(expr), expr.span, diagnostics);
}

std::optional<BoundRule> BindRule(BindContext& context, const RuleSymbol& symbol) {
  return RuleBinder(context, symbol).Run();
}

std::vector<BoundRelation> BindRelations(BindContext& context, const RuleSymbol& symbol, NameScope& scope) {
  std::vector<BoundRelation> relations;
  ExprBinder binder(context, symbol.pack, symbol.rule->name.text, scope);
  for (const ast::Clause& clause : symbol.rule->clauses) {
    const auto* relation = std::get_if<ast::RelationClause>(&clause.node);
    if (relation == nullptr) continue;
    for (const ast::Atom& atom : relation->atoms) {
      auto bound = binder.BindAtom(atom, false);
      if (bound) relations.push_back({relation->relation, std::move(*bound)});
    }
  }
  return relations;
}

}  // namespace advise::rules
