// Entities, attributes, edges and functions of the language.
#include <algorithm>

#include "metrics/catalogue.h"
#include "metrics/sql_metrics.h"
#include "rules/bind/types.h"
#include "rules/functions/function.h"
#include "support/did_you_mean.h"
#include "support/quoted.h"
#include "support/text.h"
#include "workbench/reference.h"
#include "workbench/reference_parts.h"

namespace advise::workbench {
namespace {

using metrics::Attribute;
using metrics::Entity;

// "21" is "Spark 2.1".
std::string SinceText(int since) {
  return since == 0 ? "" : "Spark " + std::to_string(since / 10) + "." + std::to_string(since % 10);
}

std::string TypeName(const Attribute& attribute) {
  const rules::Type type = rules::TypeOfAttribute(attribute);
  return type.IsError() ? "a list" : rules::TypeText(type);
}

std::string RangeText(const Attribute& attribute) {
  if (attribute.high) return "0 % to 100 %";
  return attribute.low ? "never below 0" : "";
}

ReferenceEntry EntryOf(const Attribute& attribute, bool whole) {
  ReferenceEntry entry;
  entry.title = whole ? std::string(model::EntityName(attribute.entity)) + "." + std::string(attribute.name)
                      : std::string(attribute.name);
  entry.doc = attribute.doc;
  entry.fields.push_back({"type", "type", OneValue(TypeName(attribute))});
  entry.fields.push_back({"unit", "", OneValue(std::string(metrics::UnitName(attribute.unit)))});
  entry.fields.push_back({"since", whole ? "since" : "", OneValue(SinceText(attribute.since))});
  entry.fields.push_back({"range", whole ? "range" : "", OneValue(RangeText(attribute))});
  entry.fields.push_back({"missing", "missing if", OneValue(std::string(attribute.missing_because))});
  std::vector<std::string> values;
  for (const std::string_view value : attribute.enum_values) values.emplace_back("\"" + std::string(value) + "\"");
  entry.fields.push_back({"values", whole ? "values" : "", std::move(values), true});
  return entry;
}

std::vector<const Attribute*> ForRules(Entity entity) {
  std::vector<const Attribute*> all;
  for (const Attribute& attribute : metrics::AttributesOf(entity)) {
    if (attribute.for_rules) all.push_back(&attribute);
  }
  return all;
}

ReferenceSection EdgesSection(std::optional<Entity> of) {
  ReferenceSection section{"EDGES", "", {}, false};
  for (const metrics::EdgeInfo& edge : metrics::AllEdges()) {
    if (of && edge.from != *of && edge.to != *of) continue;
    ReferenceEntry entry;
    entry.title = "(" + std::string(model::EntityName(edge.from)) + ")-[:" + std::string(edge.name) + "]->(" +
                  std::string(model::EntityName(edge.to)) + ")";
    entry.doc = edge.doc;
    entry.fields.push_back({"edge", "", OneValue(std::string(edge.name))});
    entry.fields.push_back({"from", "", OneValue(std::string(model::EntityName(edge.from)))});
    entry.fields.push_back({"to", "", OneValue(std::string(model::EntityName(edge.to)))});
    section.entries.push_back(std::move(entry));
  }
  return section;
}

// What is an entity of its own, by a row of which: the type names that are no kinds of nodes.
std::vector<Entity> Entities() {
  std::vector<Entity> all;
  for (const std::string_view name : metrics::EntityTypeNames()) {
    const auto type = metrics::FindEntityType(name);
    if (type && !type->node_kind && std::ranges::find(all, type->entity) == all.end()) all.push_back(type->entity);
  }
  return all;
}

Reference Overview() {
  Reference reference{
      "schema",
      "What rules may ask",
      "`advise schema Stage` lists the attributes of stages, `advise schema Stage.duration` says all of "
      "one. A value that the log does not hold is missing, and a comparison with it is unknown.",
      {}};
  ReferenceSection entities{"THINGS", "", {}, false};
  for (const Entity entity : Entities()) {
    ReferenceEntry entry;
    entry.title = model::EntityName(entity);
    const auto attributes = ForRules(entity);
    entry.doc = std::to_string(attributes.size()) + " attributes";
    std::vector<std::string> names;
    for (const Attribute* attribute : attributes) names.emplace_back(attribute->name);
    entry.fields.push_back({"attributes", "", std::move(names), true});
    entities.entries.push_back(std::move(entry));
  }
  ReferenceSection kinds{
      "KINDS OF PLAN NODES", "A `Join` is any of the joins below it: each kind is a type in patterns.", {}, false};
  for (const std::string_view name : metrics::EntityTypeNames()) {
    const auto type = metrics::FindEntityType(name);
    if (!type || !type->node_kind) continue;
    ReferenceEntry entry;
    entry.title = name;
    std::vector<std::string> of;
    for (const std::string_view other : metrics::EntityTypeNames()) {
      const auto wide = metrics::FindEntityType(other);
      if (wide && wide->node_kind && other != name && rules::IsSubtype(*type, *wide)) of.emplace_back(other);
    }
    entry.doc = of.empty() ? "" : "a kind of " + Join(of, ", ");
    entry.fields.push_back({"kind_of", "", std::move(of), true});
    kinds.entries.push_back(std::move(entry));
  }
  reference.sections = {std::move(entities), EdgesSection(std::nullopt), std::move(kinds)};
  return reference;
}

}  // namespace

Result<Reference> SchemaReference(std::string_view name) {
  if (name.empty()) return Overview();
  const std::size_t dot = name.find('.');
  const std::string entity_name(name.substr(0, dot));
  const auto type = metrics::FindEntityType(entity_name);
  if (!type) {
    std::vector<std::string> known;
    for (const std::string_view one : metrics::EntityTypeNames()) known.emplace_back(one);
    return NoSuchName("entity", entity_name, known, "advise schema");
  }
  const std::vector<const Attribute*> attributes = ForRules(type->entity);
  Reference reference{"schema", "", "", {}};
  if (dot == std::string_view::npos) {
    reference.title = entity_name;
    if (type->node_kind) reference.intro = "A kind of plan node: it has the attributes of PlanNode.";
    ReferenceSection section{"ATTRIBUTES", "", {}, false};
    for (const Attribute* attribute : attributes) section.entries.push_back(EntryOf(*attribute, false));
    reference.sections = {std::move(section), EdgesSection(type->entity)};
    return reference;
  }
  const std::string attribute_name(name.substr(dot + 1));
  for (const Attribute* attribute : attributes) {
    if (attribute->name != attribute_name) continue;
    ReferenceEntry entry = EntryOf(*attribute, true);
    reference.title = entry.title;
    reference.sections = {{"", "", {std::move(entry)}, true}};
    return reference;
  }
  std::vector<std::string> known;
  for (const Attribute* attribute : attributes) known.emplace_back(attribute->name);
  return NoSuchName("attribute of " + entity_name, attribute_name, known, "advise schema " + entity_name);
}

namespace {

// The SQL metrics that Spark's own operators have, with the types that the function gives them.
ReferenceSection MetricsSection(const rules::RuleFunction& function) {
  const bool largest = function.id == rules::FunctionId::MetricMax;
  ReferenceSection section{"METRICS OF SPARK'S OPERATORS", "", {}, false};
  for (const metrics::SqlMetricInfo& metric : metrics::KnownSqlMetrics()) {
    const metrics::Unit unit = metrics::UnitOf(
        metric.kind, largest ? metrics::SqlMetricPart::Largest : metrics::SqlMetricPart::Total);
    ReferenceEntry entry;
    entry.title = metric.name;
    entry.doc = metric.doc;
    entry.fields.push_back({"type", "type", OneValue(rules::TypeText(rules::TypeOfUnit(unit)))});
    entry.fields.push_back({"unit", "", OneValue(std::string(metrics::UnitName(unit)))});
    section.entries.push_back(std::move(entry));
  }
  return section;
}

}  // namespace

Result<Reference> FunctionReference(std::string_view name) {
  Reference reference{"functions", "Functions of the rule language", "", {}};
  ReferenceSection section{"", "", {}, !name.empty()};
  const auto wanted = rules::FindFunction(name);
  for (const rules::RuleFunction& function : rules::AllFunctions()) {
    if (!name.empty() && (!wanted || wanted->function->id != function.id)) continue;
    ReferenceEntry entry;
    entry.title = name.empty() ? std::string(function.signature) : std::string(name);
    entry.doc = function.doc;
    entry.fields.push_back({"name", "", OneValue(std::string(function.name))});
    entry.fields.push_back(
        {"signature", name.empty() ? "" : "written", OneValue("`" + std::string(function.signature) + "`")});
    entry.fields.push_back({"example", "example", OneValue("`" + std::string(function.example) + "`")});
    section.entries.push_back(std::move(entry));
  }
  if (section.entries.empty()) {
    std::vector<std::string> known;
    for (const std::string_view one : rules::FunctionNames()) known.emplace_back(one);
    return NoSuchName("function", name, known, "advise functions");
  }
  if (!name.empty()) reference.title = name;
  reference.sections = {std::move(section)};
  if (wanted && wanted->function->shape == rules::FunctionShape::NodeMetric)
    reference.sections.push_back(MetricsSection(*wanted->function));
  return reference;
}

}  // namespace advise::workbench
