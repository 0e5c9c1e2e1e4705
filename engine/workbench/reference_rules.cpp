// Parameters and rules of the packs.
#include <algorithm>
#include <map>
#include <set>

#include "rules/bind/names.h"
#include "rules/bind/symbols.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"
#include "support/typed_value.h"
#include "workbench/reference.h"
#include "workbench/reference_parts.h"

namespace advise::workbench {
namespace {

using rules::BoundParam;
using rules::BoundRule;
using rules::RuleIndex;

std::string ValueText(const rules::BoundExpr& value, const rules::Type& type) {
  const bool text = type.kind == rules::TypeKind::String || type.kind == rules::TypeKind::Version;
  return PrintValue({rules::FormOf(type), value.number, text ? value.text : std::string()}).value_or(value.text);
}

std::string FirstSentence(std::string_view doc) {
  const std::size_t paragraph = std::min(doc.find("\n\n"), doc.size());
  std::string text(doc.substr(0, paragraph));
  std::ranges::replace(text, '\n', ' ');
  const std::size_t end = text.find(". ");
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

// Looks things up in a book.
class BookReader {
 public:
  BookReader(const Rulebook& book, const SourceManager& sources) : book_(book), set_(book.rules), sources_(sources) {
    for (std::size_t i = 0; i < set_.rules.size(); ++i) Read(static_cast<RuleIndex>(i));
  }

  [[nodiscard]] const rules::RuleSet& set() const { return set_; }

  ReferenceEntry ParamEntry(std::uint32_t index, bool qualified, bool whole) const {
    const BoundParam& param = set_.params[index];
    ReferenceEntry entry;
    entry.title = qualified ? param.pack + "." + param.name : param.name;
    entry.doc = param.doc;
    const bool number = param.type.IsNumber();
    entry.fields.push_back({"type", whole ? "type" : "", OneValue(rules::TypeText(param.type))});
    entry.fields.push_back({"value", "value", OneValue(ValueText(param.value, param.type)), false,
                            number ? std::optional(param.value.number) : std::nullopt});
    entry.fields.push_back({"default", whole ? "default" : "", OneValue(ValueText(param.default_value, param.type)),
                            false, number ? std::optional(param.default_value.number) : std::nullopt});
    entry.fields.push_back({"range", "range", OneValue(param.range_text)});
    entry.fields.push_back({"set_by", whole ? "set by" : "", OneValue(param.set_by)});
    std::vector<std::string> users;
    const auto found = users_.find(index);
    if (found != users_.end()) {
      for (const RuleIndex rule : found->second)
        users.push_back(whole || qualified ? set_.rules[rule].Id() : set_.rules[rule].name);
    }
    entry.fields.push_back({"rules", whole ? "asked for by" : "", std::move(users), true});
    return entry;
  }

  ReferenceEntry RuleRow(RuleIndex index, bool qualified) const {
    const BoundRule& rule = set_.rules[index];
    ReferenceEntry entry;
    entry.title = (qualified ? rule.pack + "." : "") + Head(rule);
    entry.doc = FirstSentence(rule.doc);
    entry.fields.push_back({"rule", "", OneValue(rule.Id())});
    entry.fields.push_back({"layer", qualified ? "kind" : "", OneValue(std::string(rules::Word(rule.layer)))});
    entry.fields.push_back({"explains", "", Names(rule.explains), true});
    entry.fields.push_back(
        {"for", rule.layer == rules::Layer::Advice && !qualified ? "for" : "", Names(rule.for_atoms), true});
    entry.fields.push_back(
        {"params", qualified || rule.layer == rules::Layer::Advice ? "" : "parameters", Params(index), true});
    entry.fields.push_back({"tests", "", TestNames(index), true});
    return entry;
  }

  ReferenceEntry WholeRule(RuleIndex index) const {
    const BoundRule& rule = set_.rules[index];
    ReferenceEntry entry;
    entry.title = Head(rule);
    entry.doc = rule.doc;
    const auto say = [&](std::string key, std::string label, std::vector<std::string> values, bool list) {
      entry.fields.push_back({std::move(key), std::move(label), std::move(values), list});
    };
    say("rule", "rule", OneValue(rule.Id()), false);
    say("layer", "kind", OneValue(std::string(rules::Word(rule.layer))), false);
    say("place", "written in", OneValue(Place(rule.name_span)), false);
    if (rule.disabled)
      say("disabled", "switched off", OneValue(rule.disabled_because.empty() ? "yes" : rule.disabled_because), false);
    say("for", "for", Names(rule.for_atoms), true);
    say("explains", "explains", Names(rule.explains), true);
    say("advices", "advised by", AdvicesFor(index), true);
    std::vector<std::string> out;
    for (const rules::BoundRuledOut& other : rule.rules_out)
      out.push_back(other.rule.empty() ? other.phrase : other.rule);
    say("rules_out", "rules out", std::move(out), true);
    std::vector<std::string> needs;
    for (const metrics::AttributeId id : rule.needs) needs.push_back(NameOf(id));
    say("needs", "needs", std::move(needs), true);
    say("attributes", "asks for", Attributes(rule), true);
    say("settings", "settings", Settings(rule), true);
    std::vector<std::string> params;
    for (const std::uint32_t param : ParamsOf(rule))
      params.push_back(set_.params[param].name + " = " + ValueText(set_.params[param].value, set_.params[param].type));
    say("params", "parameters", std::move(params), true);
    say("category", "category", OneValue(std::string(rules::Word(rule.category))), false);
    say("effort", "effort", OneValue(std::string(rules::Word(rule.effort))), false);
    say("risk", "risk", OneValue(std::string(rules::Word(rule.risk))), false);
    say("status", "status", OneValue(std::string(rules::Word(rule.status))), false);
    say("tags", "tags", rule.tags, true);
    const auto explanation = book_.templates.find(index);
    say("explanation", "explained as", OneValue(explanation == book_.templates.end() ? "" : explanation->second.title),
        false);
    say("tests", "tests", TestNames(index), true);
    if (const rules::ast::Rule* ast = Ast(index))
      entry.code.push_back({"THE RULE", std::string(sources_.text(ast->span))});
    for (const rules::BoundTest& test : set_.tests) {
      if (!Tests(test, index) || entry.code.size() > 2) continue;
      entry.code.push_back({"A TEST: " + test.name, std::string(sources_.text(test.span))});
    }
    return entry;
  }

  static std::string Head(const BoundRule& rule) {
    return rule.name + "(" +
           Join(rule.head, ", ",
                [&](rules::SlotIndex slot) {
                  return rule.slots[slot].name + ": " + rules::TypeText(rule.slots[slot].type);
                }) +
           ")";
  }

 private:
  void Read(RuleIndex index) {
    for (const std::uint32_t param : ParamsOf(set_.rules[index])) users_[param].push_back(index);
  }

  // Everything that the rule computes.
  template <class Visit>
  static void EachExpr(const BoundRule& rule, const Visit& visit) {
    for (const rules::Conjunct& conjunct : rule.conjuncts) rules::ForEach(conjunct.condition, visit);
    for (const rules::NamedExpr& let : rule.lets) rules::ForEach(let.value, visit);
    for (const rules::ConfidenceCase& one : rule.confidence) {
      rules::ForEach(one.value, visit);
      if (one.condition) rules::ForEach(*one.condition, visit);
    }
    if (rule.costs) rules::ForEach(*rule.costs, visit);
    for (const rules::BoundRuledOut& other : rule.rules_out) {
      for (const rules::NamedExpr& condition : other.conditions) rules::ForEach(condition.value, visit);
    }
    for (const rules::BoundEffect& effect : rule.effects) {
      if (effect.target) rules::ForEach(*effect.target, visit);
      if (effect.value) rules::ForEach(*effect.value, visit);
    }
    for (const rules::BoundChange& change : rule.changes) {
      if (change.value) rules::ForEach(*change.value, visit);
    }
  }
  static std::set<std::uint32_t> ParamsOf(const BoundRule& rule) {
    std::set<std::uint32_t> params;
    EachExpr(rule, [&](const rules::BoundExpr& e) {
      if (e.kind == rules::ExprKind::Param) params.insert(e.param);
    });
    return params;
  }
  static std::string NameOf(metrics::AttributeId id) {
    const metrics::Attribute& attribute = metrics::Get(id);
    return std::string(model::EntityName(attribute.entity)) + "." + std::string(attribute.name);
  }
  static std::vector<std::string> Attributes(const BoundRule& rule) {
    std::set<std::string> names;
    EachExpr(rule, [&](const rules::BoundExpr& e) {
      using rules::ExprKind;
      if (e.kind == ExprKind::Attribute || e.kind == ExprKind::Collect || e.kind == ExprKind::GroupKey)
        names.insert(NameOf(e.attribute));
      if (e.kind == ExprKind::NodeMetric || e.kind == ExprKind::CollectMetric)
        names.insert("PlanNode metric \"" + e.text + "\"");
    });
    return {names.begin(), names.end()};
  }
  static std::vector<std::string> Settings(const BoundRule& rule) {
    std::set<std::string> names;
    EachExpr(rule, [&](const rules::BoundExpr& e) {
      if (e.kind == rules::ExprKind::Conf || e.kind == rules::ExprKind::ConfIsSet) names.insert(e.text);
    });
    return {names.begin(), names.end()};
  }
  std::vector<std::string> Params(RuleIndex index) const {
    std::vector<std::string> names;
    for (const std::uint32_t param : ParamsOf(set_.rules[index])) names.push_back(set_.params[param].name);
    return names;
  }
  std::vector<std::string> Names(const std::vector<rules::BoundAtom>& atoms) const {
    std::vector<std::string> names;
    for (const rules::BoundAtom& atom : atoms) names.push_back(set_.rules[atom.rule].name);
    return names;
  }
  std::vector<std::string> AdvicesFor(RuleIndex index) const {
    std::vector<std::string> names;
    for (const BoundRule& rule : set_.rules) {
      const auto is_it = [&](const rules::BoundAtom& atom) { return atom.rule == index; };
      if (rule.layer == rules::Layer::Advice && std::ranges::any_of(rule.for_atoms, is_it)) names.push_back(rule.name);
    }
    return names;
  }
  static bool Tests(const rules::BoundTest& test, RuleIndex index) {
    return std::ranges::any_of(test.expectations,
                               [&](const rules::Expectation& expectation) { return expectation.atom.rule == index; });
  }
  std::vector<std::string> TestNames(RuleIndex index) const {
    std::vector<std::string> names;
    for (const rules::BoundTest& test : set_.tests) {
      if (Tests(test, index)) names.push_back(test.name);
    }
    return names;
  }
  [[nodiscard]] const rules::ast::Rule* Ast(RuleIndex index) const {
    for (const rules::RuleSymbol& symbol : set_.symbols->rules) {
      if (symbol.bound == index) return symbol.rule;
    }
    return nullptr;
  }
  // "core/skew.rules:12": the same on every machine.
  [[nodiscard]] std::string Place(SourceSpan span) const {
    return rules::ShownFile(set_.packs, sources_.name(span.source)) + ":" +
           std::to_string(sources_.Place(span.source, span.begin).line);
  }

  const Rulebook& book_;
  const rules::RuleSet& set_;
  const SourceManager& sources_;
  std::map<std::uint32_t, std::vector<RuleIndex>> users_;  // of parameters
};

bool IsPack(const rules::RuleSet& set, std::string_view name) {
  return std::ranges::find(set.packs, name, &rules::PackInfo::name) != set.packs.end();
}

ReferenceSection ParamSection(const BookReader& reader, std::string_view pack) {
  ReferenceSection section{
      "PARAMETERS", "Change one with `--set NAME=VALUE`, or with `override` in a file of your own.", {}, false};
  for (std::uint32_t i = 0; i < reader.set().params.size(); ++i) {
    if (pack.empty() || reader.set().params[i].pack == pack)
      section.entries.push_back(reader.ParamEntry(i, pack.empty(), false));
  }
  return section;
}

}  // namespace

Result<Reference> ParamReference(const Rulebook& book, const SourceManager& sources, std::string_view name) {
  const BookReader reader(book, sources);
  Reference reference{"params", "Parameters", "", {}};
  if (name.empty() || IsPack(reader.set(), name)) {
    if (!name.empty()) reference.title += " of " + std::string(name);
    reference.sections = {ParamSection(reader, name)};
    return reference;
  }
  for (const std::uint32_t i : rules::FindParams(reader.set().params, name)) {
    const BoundParam& param = reader.set().params[i];
    reference.title = param.pack + "." + param.name;
    reference.sections.push_back({"", "", {reader.ParamEntry(i, true, true)}, true});
  }
  if (reference.sections.empty())
    return Fail(DiagnosticCode::Usage, rules::NoSuchParam(reader.set().params, name), "`advise params` lists all");
  return reference;
}

Result<Reference> RuleReference(const Rulebook& book, const SourceManager& sources, std::string_view name) {
  const BookReader reader(book, sources);
  const rules::RuleSet& set = reader.set();
  Reference reference{"rules", "Rules", "", {}};
  if (name.empty()) {
    reference.intro = "`advise rules NAME` shows one of them with its tests, or the page of a pack.";
    ReferenceSection section;
    for (std::size_t i = 0; i < set.rules.size(); ++i)
      section.entries.push_back(reader.RuleRow(static_cast<RuleIndex>(i), true));
    std::ranges::stable_sort(section.entries, {}, &ReferenceEntry::title);
    reference.sections = {std::move(section)};
    return reference;
  }
  if (IsPack(set, name)) {
    const rules::PackInfo& pack = *std::ranges::find(set.packs, name, &rules::PackInfo::name);
    reference.title = pack.name + (pack.version.empty() ? "" : " " + pack.version);
    reference.intro = pack.doc;
    for (const rules::Layer layer : {rules::Layer::Symptom, rules::Layer::Cause, rules::Layer::Advice}) {
      constexpr std::string_view kHeadings[] = {"SYMPTOMS", "CAUSES", "ADVICES"};
      ReferenceSection section{std::string(kHeadings[static_cast<std::size_t>(layer)]), "", {}, false};
      for (std::size_t i = 0; i < set.rules.size(); ++i) {
        if (set.rules[i].layer == layer && set.rules[i].pack == name)
          section.entries.push_back(reader.RuleRow(static_cast<RuleIndex>(i), false));
      }
      std::ranges::stable_sort(section.entries, {}, &ReferenceEntry::title);
      reference.sections.push_back(std::move(section));
    }
    reference.sections.push_back(ParamSection(reader, name));
    return reference;
  }
  const auto index = set.Find(name);
  if (!index) {
    std::vector<std::string> known;
    for (const BoundRule& rule : set.rules) known.push_back(rule.name);
    for (const rules::PackInfo& pack : set.packs) known.push_back(pack.name);
    return NoSuchName("rule or pack", name, known, "advise rules");
  }
  reference.title = set.rules[*index].Id();
  reference.sections = {{"", "", {reader.WholeRule(*index)}, true}};
  return reference;
}

}  // namespace advise::workbench
