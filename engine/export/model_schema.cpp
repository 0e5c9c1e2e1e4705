// Builds the JSON Schema from the catalogue of attributes, so that a new column is in it by itself.
#include "export/model_schema.h"

#include <initializer_list>
#include <string>

#include "export/model_executor_summary.h"
#include "export/model_quantiles.h"
#include "metrics/catalogue.h"
#include "support/json_stream.h"

namespace advise::exports {
namespace {

using metrics::Attribute;
using metrics::ValueKind;
using model::Entity;

constexpr JsonLayout kLines = JsonLayout::LinePerMember;

void Type(JsonStream& json, std::initializer_list<std::string_view> types) {
  if (types.size() == 1) return json.String("type", *types.begin());
  json.BeginArray("type");
  for (const std::string_view type : types) json.String(type);
  json.EndArray();
}

void Names(JsonStream& json, std::string_view key, std::span<const std::string_view> names) {
  json.BeginArray(key);
  for (const std::string_view name : names) json.String(name);
  json.EndArray();
}

void Reference(JsonStream& json, std::string_view definition) {
  json.BeginObject();
  json.String("$ref", "#/$defs/" + std::string(definition));
  json.EndObject();
}

// How another entity is referred to (model_writer.cpp, Id).
std::string_view IdType(Entity entity) {
  switch (entity) {
    case Entity::Job:
    case Entity::SqlExecution:
    case Entity::Shuffle:
    case Entity::Gap:
    case Entity::CachedRdd:
    case Entity::Incident: return "integer";
    case Entity::Task: return "task_id";
    case Entity::App:
    case Entity::Stage:
    case Entity::Executor:
    case Entity::Host:
    case Entity::PlanNode: return "string";
  }
  return "string";
}

void Items(JsonStream& json, std::string_view type) {
  Type(json, {"array"});
  json.Key("items");
  if (type == "task_id") return Reference(json, type);
  json.BeginObject();
  Type(json, {type});
  json.EndObject();
}

// Every value but a set or list may be null: the log need not hold it.
void AttributeSchema(JsonStream& json, const Attribute& attribute) {
  json.BeginObject(attribute.name);
  switch (attribute.kind) {
    case ValueKind::Number: Type(json, {attribute.whole ? "integer" : "number", "null"}); break;
    case ValueKind::Text: Type(json, {"string", "null"}); break;
    case ValueKind::Bool: Type(json, {"boolean", "null"}); break;
    case ValueKind::Enum:
      json.BeginArray("enum");
      for (const std::string_view value : attribute.enum_values) json.String(value);
      json.Null();
      json.EndArray();
      break;
    case ValueKind::Entity:
      if (attribute.target == Entity::Task) {
        Type(json, {"integer", "string", "null"});
      } else {
        Type(json, {IdType(attribute.target), "null"});
      }
      break;
    case ValueKind::EntitySet: Items(json, IdType(attribute.target)); break;
    case ValueKind::TextList: Items(json, "string"); break;
    case ValueKind::NumberList: Items(json, "integer"); break;
  }
  std::string description(attribute.doc);
  const std::string_view unit = metrics::UnitName(attribute.unit);
  if (!unit.empty()) description += " [" + std::string(unit) + "]";
  if (attribute.since > 12)
    description +=
        " (since Spark " + std::to_string(attribute.since / 10) + "." + std::to_string(attribute.since % 10) + ")";
  json.String("description", description);
  json.EndObject();
}

// Members that are no attributes: see model_writer.cpp.
void ExtraMembers(JsonStream& json, Entity entity) {
  if (entity == Entity::App) {
    json.Key("conf");
    Reference(json, "texts");
  }
  if (entity == Entity::Stage) {
    json.Key("quantiles");
    Reference(json, "quantiles");
    json.Key("executor_summary");
    Reference(json, "executor_summary");
  }
  if (entity == Entity::Stage || entity == Entity::Task) {
    json.Key("accumulator_updates");
    Reference(json, entity == Entity::Task ? "task_accumulators" : "stage_accumulators");
  }
  if (entity == Entity::PlanNode) {
    json.BeginObject("key");
    Type(json, {"string"});
    json.EndObject();
    json.BeginObject("metrics");
    Type(json, {"array"});
    json.Key("items");
    Reference(json, "metric");
    json.EndObject();
  }
}

void ExtraNames(JsonStream& json, Entity entity) {
  if (entity == Entity::App) json.String("conf");
  if (entity == Entity::Stage) {
    json.String("quantiles");
    json.String("executor_summary");
  }
  if (entity == Entity::Stage || entity == Entity::Task) json.String("accumulator_updates");
  if (entity == Entity::PlanNode) {
    json.String("key");
    json.String("metrics");
  }
}

void EntitySchema(JsonStream& json, Entity entity) {
  json.BeginObject(kLines);
  Type(json, {"object"});
  json.Bool("additionalProperties", false);
  json.BeginArray("required");
  for (const Attribute& attribute : metrics::AttributesOf(entity)) json.String(attribute.name);
  ExtraNames(json, entity);
  json.EndArray();
  json.BeginObject("properties", kLines);
  for (const Attribute& attribute : metrics::AttributesOf(entity)) AttributeSchema(json, attribute);
  ExtraMembers(json, entity);
  json.EndObject();
  json.EndObject();
}

void SimpleObject(JsonStream& json, std::initializer_list<std::pair<std::string_view, std::string_view>> members,
                  std::initializer_list<std::string_view> optional) {
  Type(json, {"object"});
  json.Bool("additionalProperties", false);
  json.BeginArray("required");
  for (const auto& [name, type] : members) json.String(name);
  json.EndArray();
  json.BeginObject("properties");
  const auto member = [&json](std::string_view name, std::string_view type) {
    json.BeginObject(name);
    if (type.starts_with('#')) {
      json.String("$ref", type);
    } else if (type.ends_with('?')) {
      Type(json, {type.substr(0, type.size() - 1), "null"});
    } else {
      Type(json, {type});
    }
    json.EndObject();
  };
  for (const auto& [name, type] : members) member(name, type);
  for (const std::string_view name : optional) member(name, "string");
  json.EndObject();
}

// By executor id.
void ExecutorSummarySchema(JsonStream& json) {
  json.BeginObject("executor_summary", kLines);
  Type(json, {"object"});
  json.BeginObject("additionalProperties");
  Type(json, {"object"});
  json.Bool("additionalProperties", false);
  Names(json, "required", ExecutorSummaryNames());
  json.BeginObject("properties");
  for (const std::string_view name : ExecutorSummaryNames()) {
    json.BeginObject(name);
    Type(json, {"integer"});
    json.EndObject();
  }
  json.BeginObject("isExcludedForStage");
  Type(json, {"boolean"});
  json.EndObject();
  json.EndObject();
  json.EndObject();
  json.EndObject();
}

void AccumulatorsSchema(JsonStream& json, std::string_view name,
                        std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  json.BeginObject(name);
  Type(json, {"array"});
  json.BeginObject("items");
  SimpleObject(json, members, {});
  json.EndObject();
  json.EndObject();
}

void Definitions(JsonStream& json) {
  json.BeginObject(kLines);

  json.BeginObject("advise");
  SimpleObject(json, {{"version", "string"}, {"schema", "integer"}}, {});
  json.EndObject();

  json.BeginObject("log");
  SimpleObject(json,
               {{"path", "string"},
                {"format", "string"},
                {"codec", "string"},
                {"spark_version", "string?"},
                {"environment", "string"},
                {"complete", "boolean"},
                {"selected", "string?"},
                {"ingest", "#/$defs/ingest"}},
               {});
  json.EndObject();

  json.BeginObject("ingest");
  SimpleObject(json,
               {{"bytes", "integer"},
                {"decoded_bytes", "integer"},
                {"lines", "integer"},
                {"events", "integer"},
                {"unknown_events", "integer"},
                {"bad_lines", "integer"},
                {"notes", "#/$defs/notes"}},
               {});
  json.EndObject();

  json.BeginObject("notes");
  Type(json, {"array"});
  json.BeginObject("items");
  SimpleObject(json, {{"code", "string"}, {"severity", "string"}, {"count", "integer"}, {"text", "string"}},
               {"example"});
  json.EndObject();
  json.EndObject();

  json.BeginObject("texts");
  Type(json, {"object"});
  json.BeginObject("additionalProperties");
  Type(json, {"string"});
  json.EndObject();
  json.EndObject();

  json.BeginObject("task_id");
  Type(json, {"integer", "string"});
  json.String("description", "task id; \"17#1\" for the first repeated end of task 17");
  json.EndObject();

  json.BeginObject("metric");
  SimpleObject(json,
               {{"name", "string"},
                {"type", "string"},
                {"accumulator", "integer"},
                {"total", "integer?"},
                {"min", "integer?"},
                {"max", "integer?"}},
               {});
  json.EndObject();

  json.BeginObject("five");
  Type(json, {"array", "null"});
  json.BeginObject("items");
  Type(json, {"integer"});
  json.EndObject();
  json.Integer("minItems", 5);
  json.Integer("maxItems", 5);
  json.EndObject();

  json.BeginObject("quantiles", kLines);
  Type(json, {"object", "null"});
  json.Bool("additionalProperties", false);
  Names(json, "required", QuantileMetricNames());
  json.BeginObject("properties", kLines);
  for (const std::string_view name : QuantileMetricNames()) {
    json.Key(name);
    Reference(json, "five");
  }
  json.EndObject();
  json.EndObject();

  ExecutorSummarySchema(json);
  AccumulatorsSchema(json, "stage_accumulators", {{"id", "integer"}, {"name", "string"}, {"value", "string"}});
  AccumulatorsSchema(json, "task_accumulators",
                     {{"id", "integer"}, {"name", "string"}, {"update", "string?"}, {"value", "string"}});

  for (std::size_t e = 0; e < model::kEntityCount; ++e) {
    const auto entity = static_cast<Entity>(e);
    json.Key(model::EntityName(entity));
    EntitySchema(json, entity);
  }
  json.EndObject();
}

}  // namespace

void WriteModelSchema(std::ostream& out) {
  JsonStream json(out);
  json.BeginObject(kLines);
  json.String("$schema", "https://json-schema.org/draft/2020-12/schema");
  json.String("$id", "https://advise.example/model.schema.json");
  json.String("title", "advise model LOG --format json");
  json.String(
      "description",
      "Written by report/model_schema.cpp from the catalogue of attributes. Members of an array are $defs/Stage and "
      "so on.");
  Type(json, {"object"});
  json.Bool("additionalProperties", false);
  json.BeginArray("required");
  for (const std::string_view name : {"advise", "log"}) json.String(name);
  for (std::size_t e = 0; e < model::kEntityCount; ++e) json.String(model::TableName(static_cast<Entity>(e)));
  for (const std::string_view name : {"units", "missing"}) json.String(name);
  json.EndArray();
  json.BeginObject("properties", kLines);
  for (const std::string_view name : {"advise", "log"}) {
    json.Key(name);
    Reference(json, name);
  }
  for (std::size_t e = 0; e < model::kEntityCount; ++e) {
    const auto entity = static_cast<Entity>(e);
    json.Key(model::TableName(entity));
    if (entity == Entity::App) {
      Reference(json, model::EntityName(entity));
      continue;
    }
    json.BeginObject();
    Type(json, {"array"});
    json.Key("items");
    Reference(json, model::EntityName(entity));
    json.EndObject();
  }
  for (const std::string_view name : {"units", "missing"}) {
    json.Key(name);
    Reference(json, "texts");
  }
  json.EndObject();
  json.Key("$defs");
  Definitions(json);
  json.EndObject();
  json.Flush();
  out << '\n';
}

}  // namespace advise::exports
