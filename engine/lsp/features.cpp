// Completion, hover, definition, uses and symbols, over the scope of a place and the last compilation.
#include "lsp/features.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "lsp/scope.h"
#include "rules/functions/function.h"
#include "rules/mentions.h"
#include "spark/settings.h"
#include "support/quoted.h"
#include "support/text.h"
#include "support/typed_value.h"

namespace advise::lsp {
namespace {

using metrics::Attribute;

struct Described {
  std::string_view word;
  std::string_view doc;
};
constexpr Described kClauses[] = {
    {"for", "starts from findings of another rule: `for spill(s)`"},
    {"needs", "attributes without which the rule says nothing: `needs Executor.peak_heap_used`"},
    {"match", "a pattern of the graph: `match (p:Stage)-[x:Shuffle]->(s:Stage)`"},
    {"let", "names a value"},
    {"applies when", "for which runs the rule is made; false is not reported: `applies when spark >= v3.0`"},
    {"where", "the condition: the rule finds something where it is true"},
    {"explains", "symptoms that this cause explains: they are folded under it"},
    {"requires", "another advice that has to come with this one"},
    {"conflicts with", "another advice that cannot come with this one"},
    {"supersedes", "another advice that this one makes needless"},
    {"overlaps with", "another advice that saves the same time"},
    {"confidence", "how sure the rule is: `confidence 90%`, `95% when …, 80% otherwise`"},
    {"severity", "bounds the severity, which follows from the cost"},
    {"costs", "the wall time at stake: `costs s.wall_tail`"},
    {"rules out", "a look-alike that was tested: `rules out gc_heavy when s.gc_share < 10%`"},
    {"category", "resource distribution algorithm reliability log"},
    {"evidence", "values that the report shows; the largest first one supplies the text"},
    {"title", "one line; `{…}` prints a value"},
    {"message", "a sentence; `{…}` prints a value"},
    {"effect", "how the run would look: `effect { set s.partitions = n }`"},
    {"fix", "what to do, as an imperative"},
    {"change", "a change of a setting or of code: `change conf \"spark…\" = 200 scope session`"},
    {"effort", "low medium high"},
    {"risk", "low medium high"},
    {"objective", "time or cost"},
    {"status", "draft experimental stable deprecated"},
    {"since", "a version"},
    {"tags", "texts that group rules"},
    {"link", "where to read more"},
};
constexpr Described kItemSnippets[] = {
    {"symptom",
     "symptom ${1:name}(s: Stage) {\n  match (s:Stage)\n  where ${2:condition}\n  message \"${3:Stage {s.id\\}}\"\n}"},
    {"cause",
     "cause ${1:name}(s: Stage) {\n  for ${2:symptom}(s)\n  where ${3:condition}\n  explains ${2:symptom}(s)\n  "
     "message \"$4\"\n}"},
    {"advice",
     "advice ${1:name}(s: Stage) {\n  for ${2:cause}(s)\n  effect { ${3:set s.partitions = 200} }\n  fix \"$4\"\n  "
     "effort low  risk low\n}"},
    {"test", "test \"${1:what is the case}\" {\n  given s: Stage { ${2:duration = 1min} }\n  expect ${3:rule}(s)\n}"},
    {"param", "param ${1:name}: ${2:Duration} = ${3:1min} range ${4:1s..1h}"},
    {"def", "def ${1:name}(d: Dist<Bytes>) => ${2:Ratio} = ${3:max(d) / p50(d)}"},
    {"override", "override ${1:core} {\n  param ${2:name} = ${3:value}\n}"},
    {"suppress", "suppress ${1:rule}(s) where ${2:condition} because \"${3:reason}\""},
    {"use", "use ${1:spark.core} as ${2:core}"},
    {"pack", "pack ${1:name} version v0.1.0"},
};

// ---------------------------------------------------------------- words about things
std::string SinceText(int since) {
  return since == 0 ? "" : "since Spark " + std::to_string(since / 10) + "." + std::to_string(since % 10);
}
std::string TypeName(const Attribute& attribute) {
  const rules::Type type = rules::TypeOfAttribute(attribute);
  return type.IsError() ? "a list" : rules::TypeText(type);
}
std::string Describe(const Attribute& attribute) {
  std::string text = "**" + std::string(model::EntityName(attribute.entity)) + "." + std::string(attribute.name) +
                     "**: " + TypeName(attribute) + "\n\n" + std::string(attribute.doc);
  std::vector<std::string> more;
  if (attribute.high) more.emplace_back("from 0 % to 100 %");
  if (attribute.since != 0) more.push_back(SinceText(attribute.since));
  if (!attribute.missing_because.empty()) more.push_back("missing if " + std::string(attribute.missing_because));
  if (!more.empty()) text += "\n\n" + Join(more, "; ");
  if (!attribute.enum_values.empty())
    text += "\n\nvalues: " +
            Join(attribute.enum_values, " ", [](std::string_view value) { return "`\"" + std::string(value) + "\"`"; });
  return text;
}
std::string Describe(const rules::RuleFunction& function) {
  return "`" + std::string(function.signature) + "`\n\n" + std::string(function.doc) + "\n\n`" +
         std::string(function.example) + "`";
}
std::string ValueText(const rules::BoundExpr& value, const rules::Type& type) {
  const bool text = type.kind == rules::TypeKind::String || type.kind == rules::TypeKind::Version;
  return PrintValue({rules::FormOf(type), value.number, text ? value.text : std::string()}).value_or(value.text);
}
std::string Describe(const rules::BoundParam& param) {
  if (param.type.IsError()) return "**param " + param.name + "**";
  std::string text =
      "**param " + param.name + "**: " + rules::TypeText(param.type) + " = " + ValueText(param.value, param.type);
  if (!param.range_text.empty()) text += " range " + param.range_text;
  if (!param.doc.empty()) text += "\n\n" + param.doc;
  return text;
}
std::string HeadOf(const rules::ast::Rule& rule) {
  return rule.name.text + "(" +
         Join(rule.formals, ", ",
              [](const rules::ast::Formal& formal) {
                return formal.name.text + ": " + formal.type.name.text +
                       (formal.type.arguments.empty() ? "" : "<" + formal.type.arguments.front().name.text + ">");
              }) +
         ")";
}
std::string Describe(const rules::ast::Rule& rule, std::string_view pack) {
  std::string text = "**" + std::string(rules::Word(rule.layer)) + " " + HeadOf(rule) + "** of " + std::string(pack);
  if (!rule.doc.empty()) text += "\n\n" + rule.doc;
  return text;
}
std::string DescribeDef(const rules::ast::Def& def) {
  std::string text = "**def " + def.name.text + "(" +
                     Join(def.formals, ", ", [](const rules::ast::Formal& formal) { return formal.name.text; }) + ")**";
  if (!def.doc.empty()) text += "\n\n" + def.doc;
  return text;
}
std::string DescribeType(std::string_view name) {
  const auto type = metrics::FindEntityType(name);
  if (!type) return "";
  std::size_t attributes = 0;
  for (const Attribute& attribute : metrics::AttributesOf(type->entity)) attributes += attribute.for_rules ? 1 : 0;
  std::string text = "**" + std::string(name) + "**" + (type->node_kind ? ", a kind of PlanNode" : "") + ": " +
                     std::to_string(attributes) + " attributes";
  for (const metrics::EdgeInfo& edge : metrics::AllEdges()) {
    if (edge.from != type->entity && edge.to != type->entity) continue;
    text += "\n\n`(" + std::string(model::EntityName(edge.from)) + ")-[:" + std::string(edge.name) + "]->(" +
            std::string(model::EntityName(edge.to)) + ")` " + std::string(edge.doc);
  }
  return text;
}
std::string DescribeSetting(const spark::Setting& setting) {
  std::string text = "**" + std::string(setting.key) + "**";
  const char* scope =
      setting.scope == spark::SettingScope::Session ? "changed in a session" : "read when the application starts";
  return text + "\n\n" + scope;
}
std::string DescribeMetric(const metrics::SqlMetricInfo& metric) {
  const auto type = [&](metrics::SqlMetricPart part) {
    return rules::TypeText(rules::TypeOfUnit(metrics::UnitOf(metric.kind, part)));
  };
  return "**" + std::string(metric.name) + "**: " + type(metrics::SqlMetricPart::Total) +
         ", the largest of one task: " + type(metrics::SqlMetricPart::Largest) + "\n\n" + std::string(metric.doc);
}
std::string Describe(const Variable& variable) {
  std::string text = "**" + variable.name + "**: " + variable.what;
  if (variable.thing.HasAttributes()) {
    text += variable.thing.kind == Thing::Kind::Set ? ", a set of " : ", one ";
    text += rules::EntityTypeText(variable.thing.entity);
  } else if (variable.thing.attribute != nullptr) {
    text += "\n\n" + Describe(*variable.thing.attribute);
  }
  if (!variable.value.empty()) text += "\n\n`" + variable.value + "`";
  return text;
}

// ---------------------------------------------------------------- what a pack declares
// A rule, definition or parameter, as a name of a file means it.
struct Declared {
  const rules::RuleSymbol* rule = nullptr;
  const rules::DefSymbol* def = nullptr;
  std::optional<std::uint32_t> param;
  std::size_t pack = 0;
  [[nodiscard]] bool any() const { return rule != nullptr || def != nullptr || param; }
};

Declared FindDeclared(const Analysis& analysis, std::string_view name) {
  if (!analysis.book || !analysis.pack) return {};
  const rules::Symbols& symbols = analysis.symbols();
  Declared found;
  if (const auto rule = symbols.FindRule(*analysis.pack, name)) {
    found.rule = &symbols.rules[*rule];
    found.pack = found.rule->pack;
    return found;
  }
  const auto split = symbols.Split(*analysis.pack, name);
  if (!split) return {};
  found.pack = split->pack;
  const rules::PackSymbols& pack = symbols.packs[split->pack];
  if (const auto def = pack.defs.find(split->name); def != pack.defs.end()) {
    found.def = &symbols.defs[def->second];
  } else if (const auto param = pack.params.find(split->name); param != pack.params.end()) {
    found.param = param->second;
  }
  return found;
}

// The name at the offset with the alias before it: `core.skewed_join`.
std::string FullName(const Scope& scope) {
  const std::string word(scope.word());
  return scope.place() == Place::Member && !scope.alias().empty() ? std::string(scope.alias()) + "." + word : word;
}

// The lets and variables of the rules that an advice is for.
std::vector<Variable> Imported(const Analysis& analysis, const Scope& scope) {
  std::vector<Variable> names;
  if (scope.item() != "advice" || !analysis.book) return names;
  for (const std::string_view of : scope.for_rules()) {
    const Declared declared = FindDeclared(analysis, of);
    if (declared.rule == nullptr || !declared.rule->bound) continue;
    const rules::BoundRule& rule = analysis.book->rules.rules[*declared.rule->bound];
    for (const rules::NamedExpr& let : rule.lets) {
      Variable variable{let.name, "`let` of " + rule.name, "", {Thing::Kind::Value, {}, nullptr}, 0, 0};
      if (let.value.type.entity && (let.value.type.kind == rules::TypeKind::Entity || let.value.type.IsSet()))
        variable.thing = {let.value.type.IsSet() ? Thing::Kind::Set : Thing::Kind::Entity, *let.value.type.entity,
                          nullptr};
      variable.value = rules::TypeText(let.value.type);
      names.push_back(std::move(variable));
    }
    for (const rules::Slot& slot : rule.slots) {
      if (slot.name.empty() || slot.role == rules::SlotRole::Element || slot.role == rules::SlotRole::Inner ||
          !slot.type.entity)
        continue;
      const bool set = slot.type.kind == rules::TypeKind::Group;
      names.push_back({slot.name,
                       "variable of " + rule.name,
                       "",
                       {set ? Thing::Kind::Set : Thing::Kind::Entity, *slot.type.entity, nullptr},
                       0,
                       0});
    }
  }
  return names;
}

// ---------------------------------------------------------------- completion
class Completer {
 public:
  Completer(const Analysis& analysis, std::string_view text, std::size_t offset)
      : analysis_(analysis), scope_(text, offset) {}

  Completion Run() {
    switch (scope_.place()) {
      case Place::Nothing: break;
      case Place::TopLevel:
        for (const Described& item : kItemSnippets)
          Add({std::string(item.word), ItemKind::Snippet, "", "", std::string(item.doc), true});
        break;
      case Place::ClauseStart:
        for (const Described& clause : kClauses)
          Add({std::string(clause.word), ItemKind::Keyword, "", std::string(clause.doc),
               std::string(clause.word) + " "});
        for (const std::string_view word : {"and", "or"}) Add({std::string(word), ItemKind::Keyword, "", "", ""});
        break;
      case Place::TestStart:
        Add({"given", ItemKind::Keyword, "", "makes a thing with its attributes", "given ${1:s}: ${2:Stage} { $3 }",
             true});
        Add({"expect", ItemKind::Keyword, "", "what has to be found", "expect "});
        Add({"expect not", ItemKind::Keyword, "", "what must not be found", "expect not "});
        break;
      case Place::Member: Members(); break;
      case Place::Type: Types(); break;
      case Place::Edge: Edges(); break;
      case Place::Setting: Settings(); break;
      case Place::SqlMetric:
        for (const metrics::SqlMetricInfo& metric : metrics::KnownSqlMetrics())
          Add({std::string(metric.name), ItemKind::Property,
               rules::TypeText(rules::TypeOfUnit(metrics::UnitOf(metric.kind, metrics::SqlMetricPart::Total))),
               DescribeMetric(metric), ""});
        break;
      case Place::EnumValue: EnumValues(); break;
      case Place::RuleName:
        Rules();
        if (scope_.item() == "test") Add({"not", ItemKind::Keyword, "", "", "not "});
        break;
      case Place::Expression: Expression(); break;
    }
    return {std::move(items_), scope_.word_begin(), scope_.word_end()};
  }

 private:
  void Add(CompletionItem item) {
    if (seen_.insert(item.label).second) items_.push_back(std::move(item));
  }
  void AddAttributes(const metrics::EntityType& entity) {
    for (const Attribute& attribute : metrics::AttributesOf(entity.entity)) {
      if (attribute.for_rules)
        Add({std::string(attribute.name), ItemKind::Field, TypeName(attribute), Describe(attribute), ""});
    }
  }

  void Members() {
    Thing object = scope_.object();
    if (!object.HasAttributes()) {
      for (const Variable& variable : Imported(analysis_, scope_)) {
        if (variable.name == scope_.alias()) object = variable.thing;
      }
    }
    if (object.HasAttributes()) {
      AddAttributes(object.entity);
      return;
    }
    if (!analysis_.book || !analysis_.pack) return;
    const auto& uses = analysis_.symbols().packs[*analysis_.pack].uses;
    const auto use = uses.find(scope_.alias());
    if (use != uses.end()) OfPack(use->second, "");
  }
  void Types() {
    for (const std::string_view name : metrics::EntityTypeNames())
      Add({std::string(name), ItemKind::Class, "", DescribeType(name), ""});
    if (scope_.item() == "test") return;
    for (const std::string_view name : rules::TypeNames()) Add({std::string(name), ItemKind::Class, "value", "", ""});
  }
  void Edges() {
    for (const metrics::EdgeInfo& edge : metrics::AllEdges())
      Add({std::string(edge.name), ItemKind::Class,
           std::string(model::EntityName(edge.from)) + " to " + std::string(model::EntityName(edge.to)),
           std::string(edge.doc), ""});
  }
  void Settings() {
    for (const spark::Setting& setting : spark::AllSettings())
      Add({std::string(setting.key), ItemKind::Property, "", DescribeSetting(setting), ""});
  }
  void EnumValues() {
    const Attribute* attribute = scope_.object().attribute;
    if (attribute == nullptr) return;
    for (const std::string_view value : attribute->enum_values)
      Add({std::string(value), ItemKind::EnumMember, "", "", ""});
  }

  // Rules, and unless `what` says otherwise definitions and parameters.
  void OfPack(std::size_t index, const std::string& alias) {
    const rules::Symbols& symbols = analysis_.symbols();
    const rules::PackSymbols& pack = symbols.packs[index];
    for (const auto& [name, rule] : pack.rules) {
      const rules::ast::Rule& ast = *symbols.rules[rule].rule;
      std::size_t hole = 0;
      const std::string arguments = Join(ast.formals, ", ", [&](const rules::ast::Formal& formal) {
        return "${" + std::to_string(++hole) + ":" + formal.name.text + "}";
      });
      Add({alias + name, ItemKind::Function, std::string(rules::Word(ast.layer)), Describe(ast, pack.name),
           alias + name + "(" + arguments + ")", true});
    }
    if (only_rules_) return;
    for (const auto& [name, param] : pack.params) {
      const rules::BoundParam& bound = analysis_.book->rules.params[param];
      Add({alias + name, ItemKind::Constant, bound.type.IsError() ? "" : rules::TypeText(bound.type), Describe(bound),
           ""});
    }
    for (const auto& [name, def] : pack.defs)
      Add({alias + name, ItemKind::Function, "def", DescribeDef(*symbols.defs[def].def), alias + name + "(${1})",
           true});
  }
  void Rules() {
    if (!analysis_.book || !analysis_.pack) return;
    only_rules_ = true;
    OfPack(*analysis_.pack, "");
    for (const auto& [alias, used] : analysis_.symbols().packs[*analysis_.pack].uses) OfPack(used, alias + ".");
  }
  void Expression() {
    if (scope_.element()) AddAttributes(*scope_.element());
    for (const Variable& variable : scope_.variables())
      Add({variable.name, ItemKind::Variable, variable.what, Describe(variable), ""});
    for (const Variable& variable : Imported(analysis_, scope_))
      Add({variable.name, ItemKind::Variable, variable.what, Describe(variable), ""});
    if (analysis_.book && analysis_.pack) {
      OfPack(*analysis_.pack, "");
      for (const auto& [alias, used] : analysis_.symbols().packs[*analysis_.pack].uses)
        Add({alias, ItemKind::Class, "pack", "", ""});
    }
    for (const rules::RuleFunction& function : rules::AllFunctions()) {
      const bool by = function.shape == rules::FunctionShape::Pick || function.shape == rules::FunctionShape::PickMany;
      Add({std::string(function.name), ItemKind::Function, std::string(function.signature), Describe(function),
           std::string(function.name) + (by ? "(${1} by ${2})" : "(${1})"), true});
    }
    Add({"app", ItemKind::Variable, "the application", "", ""});
    Add({"spark", ItemKind::Variable, "the Spark version of the log", "", ""});
    Add({"conf", ItemKind::Keyword, "a setting in force", "", "conf \"${1}\"", true});
    for (const std::string_view word :
         {"and", "or", "not", "in", "matches", "is missing", "if", "exists", "count", "all", "true", "false"})
      Add({std::string(word), ItemKind::Keyword, "", "", ""});
  }

  const Analysis& analysis_;
  Scope scope_;
  std::vector<CompletionItem> items_;
  std::set<std::string> seen_;
  bool only_rules_ = false;
};

// ---------------------------------------------------------------- uses
Location LocationOf(const Analysis& analysis, SourceSpan span) {
  return {std::string(analysis.sources.name(span.source)), span.begin, span.end};
}

// The last part of a qualified name alone: what a rename changes.
Location LastPart(const Analysis& analysis, const rules::ast::Name& name) {
  Location place = LocationOf(analysis, name.span);
  const std::size_t dot = name.text.rfind('.');
  if (dot != std::string::npos) place.begin = place.end - (name.text.size() - dot - 1);
  return place;
}

}  // namespace

Completion Complete(const Analysis& analysis, std::string_view text, std::size_t offset) {
  return Completer(analysis, text, offset).Run();
}

std::optional<HoverText> Hover(const Analysis& analysis, std::string_view text, std::size_t offset) {
  const Scope scope(text, offset);
  const auto say = [&](std::string what) { return HoverText{std::move(what), scope.word_begin(), scope.word_end()}; };
  const std::string word(scope.word());
  if (word.empty()) return std::nullopt;
  if (scope.place() == Place::Setting) {
    const spark::Setting* setting = spark::FindByAnyName(word);
    return setting != nullptr ? std::optional(say(DescribeSetting(*setting))) : std::nullopt;
  }
  if (scope.place() == Place::SqlMetric) {
    const metrics::SqlMetricInfo* metric = metrics::FindSqlMetric(word);
    return metric != nullptr ? std::optional(say(DescribeMetric(*metric))) : std::nullopt;
  }
  if (scope.place() == Place::Nothing || scope.place() == Place::EnumValue) return std::nullopt;
  if (scope.place() == Place::Member) {
    Thing object = scope.object();
    for (const Variable& variable : Imported(analysis, scope)) {
      if (!object.HasAttributes() && variable.name == scope.alias()) object = variable.thing;
    }
    if (object.HasAttributes()) {
      const Attribute* attribute = metrics::Find(object.entity.entity, word);
      return attribute != nullptr ? std::optional(say(Describe(*attribute))) : std::nullopt;
    }
  }
  if (scope.place() == Place::Type) {
    const std::string described = DescribeType(word);
    return described.empty() ? std::nullopt : std::optional(say(described));
  }
  if (scope.place() == Place::Edge) {
    const metrics::EdgeInfo* edge = metrics::FindEdge(word);
    return edge != nullptr ? std::optional(say("**" + word + "**: " + std::string(edge->doc))) : std::nullopt;
  }
  if (scope.place() != Place::Member) {
    if (scope.element()) {
      const Attribute* attribute = metrics::Find(scope.element()->entity, word);
      if (attribute != nullptr && attribute->for_rules) return say(Describe(*attribute));
    }
    if (const Variable* variable = scope.Find(word)) return say(Describe(*variable));
    for (const Variable& variable : Imported(analysis, scope)) {
      if (variable.name == word) return say(Describe(variable));
    }
  }
  const Declared declared = FindDeclared(analysis, FullName(scope));
  if (declared.rule != nullptr)
    return say(Describe(*declared.rule->rule, analysis.symbols().packs[declared.pack].name));
  if (declared.def != nullptr) return say(DescribeDef(*declared.def->def));
  if (declared.param) return say(Describe(analysis.book->rules.params[*declared.param]));
  if (scope.is_call()) {
    if (const auto function = rules::FindFunction(word)) return say(Describe(*function->function));
  }
  if (word == "app") return say(DescribeType("App"));
  if (word == "spark") return say(Describe(*metrics::Find(metrics::Entity::App, "spark")));
  for (const Described& clause : kClauses) {
    if (clause.word == word || clause.word.starts_with(word + " ")) return say(std::string(clause.doc));
  }
  return std::nullopt;
}

std::vector<Location> Definition(const Analysis& analysis, std::string_view text, std::size_t offset) {
  const Scope scope(text, offset);
  if (scope.word().empty()) return {};
  if (scope.place() != Place::Member) {
    if (const Variable* variable = scope.Find(scope.word()))
      return {{std::string(analysis.sources.name(analysis.source)), variable->begin, variable->end}};
  }
  const Declared declared = FindDeclared(analysis, FullName(scope));
  if (declared.rule != nullptr) return {LocationOf(analysis, declared.rule->rule->name.span)};
  if (declared.def != nullptr) return {LocationOf(analysis, declared.def->def->name.span)};
  if (declared.param) return {LocationOf(analysis, analysis.book->rules.params[*declared.param].span)};
  // A name of the cause that an advice is for.
  for (const std::string_view of : scope.for_rules()) {
    const Declared cause = FindDeclared(analysis, of);
    if (cause.rule == nullptr) continue;
    std::optional<Location> found;
    rules::MentionsOfRule(*cause.rule->rule, [&](const rules::Mention& mention) {
      if (!found && mention.kind == rules::MentionKind::Declares && mention.name->text == scope.word())
        found = LocationOf(analysis, mention.name->span);
    });
    if (found) return {*found};
  }
  return {};
}

Uses FindUses(const Analysis& analysis, std::string_view text, std::size_t offset) {
  const Scope scope(text, offset);
  Uses uses;
  uses.begin = scope.word_begin();
  uses.end = scope.word_end();
  const std::string word(scope.word());
  const rules::ast::File* tree = analysis.Tree(analysis.source);
  if (word.empty() || scope.place() == Place::Nothing || tree == nullptr) {
    uses.why = "there is no name here";
    return uses;
  }
  if (!tree->broken.empty()) {
    uses.why =
        Quoted(tree->broken.front().text) + " does not parse: mend it first, or a use of the name could be missed";
    return uses;
  }
  const std::string path(analysis.sources.name(analysis.source));
  // A variable or let: within its item.
  if (scope.place() != Place::Member && scope.Find(word) != nullptr) {
    for (const rules::ast::Item& item : tree->items) {
      const SourceSpan span = std::visit([](const auto& node) { return node.span; }, item);
      if (offset < span.begin || offset > span.end) continue;
      rules::MentionsOfItem(item, [&](const rules::Mention& mention) {
        const bool name = mention.kind == rules::MentionKind::Name || mention.kind == rules::MentionKind::Declares;
        if (name && mention.name->text == word) uses.places.push_back(LocationOf(analysis, mention.name->span));
      });
    }
    // An advice that reads the let by this name.
    for (const rules::ast::Item& item : tree->items) {
      const auto* advice = std::get_if<rules::ast::Rule>(&item);
      if (advice == nullptr || advice->layer != rules::Layer::Advice) continue;
      bool of_this = false;
      bool own = false;
      rules::MentionsOfRule(*advice, [&](const rules::Mention& mention) {
        if (mention.kind == rules::MentionKind::Rule && mention.name->text == scope.item_name()) of_this = true;
        if (mention.kind == rules::MentionKind::Declares && mention.name->text == word) own = true;
      });
      if (!of_this || own) continue;
      rules::MentionsOfRule(*advice, [&](const rules::Mention& mention) {
        if (mention.kind == rules::MentionKind::Name && mention.name->text == word)
          uses.places.push_back(LocationOf(analysis, mention.name->span));
      });
    }
  } else {
    const Declared declared = FindDeclared(analysis, FullName(scope));
    if (!declared.any()) {
      uses.why = Quoted(word) + " is a word of the language";
      return uses;
    }
    const std::string& pack_name = analysis.symbols().packs[declared.pack].name;
    if (analysis.book->rules.packs[declared.pack].built_in) {
      uses.why = Quoted(word) + " is of the built-in pack " + pack_name;
      return uses;
    }
    for (const auto& file : analysis.book->rules.files) {
      const auto pack = analysis.PackOf(file->source);
      if (!pack || analysis.book->rules.packs[*pack].built_in) continue;
      rules::MentionsOfFile(*file, [&](const rules::Mention& mention) {
        const std::string& name = mention.name->text;
        const std::string last = name.substr(name.rfind('.') + 1);
        if (last != word) return;
        bool hit = false;
        switch (mention.kind) {
          case rules::MentionKind::Rule:
          case rules::MentionKind::Call:
          case rules::MentionKind::Name: {
            const auto split = analysis.symbols().Split(*pack, name);
            const auto rule = analysis.symbols().FindRule(*pack, name);
            hit = rule ? &analysis.symbols().rules[*rule] == declared.rule
                       : declared.rule == nullptr && split && split->pack == declared.pack;
            break;
          }
          case rules::MentionKind::Attribute: {  // core.skew_ratio
            const auto* alias =
                mention.object == nullptr ? nullptr : std::get_if<rules::ast::Identifier>(&mention.object->node);
            hit = alias != nullptr && declared.param &&
                  analysis.symbols().Split(*pack, alias->name.text + ".x").has_value() &&
                  analysis.symbols().Split(*pack, alias->name.text + ".x")->pack == declared.pack;
            break;
          }
          case rules::MentionKind::Declares: {
            const SourceSpan at = declared.rule != nullptr  ? declared.rule->rule->name.span
                                  : declared.def != nullptr ? declared.def->def->name.span
                                                            : analysis.book->rules.params[*declared.param].span;
            hit = mention.name->span == at;
            break;
          }
          case rules::MentionKind::Param: hit = declared.param.has_value(); break;
          default: break;
        }
        if (hit) uses.places.push_back(LastPart(analysis, *mention.name));
      });
    }
  }
  std::ranges::sort(uses.places, [](const Location& a, const Location& b) {
    return std::tie(a.path, a.begin) < std::tie(b.path, b.begin);
  });
  const auto same = [](const Location& a, const Location& b) { return a.path == b.path && a.begin == b.begin; };
  uses.places.erase(std::unique(uses.places.begin(), uses.places.end(), same), uses.places.end());
  if (uses.places.empty()) uses.why = "no use of " + Quoted(word) + " was found";
  return uses;
}

std::vector<Symbol> Symbols(const Analysis& analysis) {
  std::vector<Symbol> symbols;
  const rules::ast::File* tree = analysis.Tree(analysis.source);
  if (tree == nullptr) return symbols;
  constexpr int kConstant = 14;
  constexpr int kFunction = 12;
  constexpr int kClass = 5;
  constexpr int kMethod = 6;
  const auto add = [&](std::string name, std::string detail, int kind, SourceSpan span, SourceSpan at) {
    symbols.push_back({std::move(name), std::move(detail), kind, span.begin, span.end, at.begin, at.end});
  };
  for (const rules::ast::Item& item : tree->items) {
    if (const auto* rule = std::get_if<rules::ast::Rule>(&item)) {
      add(rule->name.text, std::string(rules::Word(rule->layer)), kClass, rule->span, rule->name.span);
    } else if (const auto* param = std::get_if<rules::ast::Param>(&item)) {
      add(param->name.text, "param", kConstant, param->span, param->name.span);
    } else if (const auto* def = std::get_if<rules::ast::Def>(&item)) {
      add(def->name.text, "def", kFunction, def->span, def->name.span);
    } else if (const auto* test = std::get_if<rules::ast::Test>(&item)) {
      add(test->name, "test", kMethod, test->span, test->span);
    } else if (const auto* override = std::get_if<rules::ast::Override>(&item)) {
      add(override->target.text, "override", kClass, override->span, override->target.span);
    }
  }
  return symbols;
}

}  // namespace advise::lsp
