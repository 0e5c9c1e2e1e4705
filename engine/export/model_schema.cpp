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

void Member(JsonStream& json, std::string_view name, std::string_view value) {
  json.Key(name);
  json.String(value);
}

void Type(JsonStream& json, std::initializer_list<std::string_view> types) {
  json.Key("type");
  if (types.size() == 1) return json.String(*types.begin());
  json.BeginArray();
  for (const std::string_view type : types) json.String(type);
  json.EndArray();
}

void Names(JsonStream& json, std::string_view key, std::span<const std::string_view> names) {
  json.Key(key);
  json.BeginArray();
  for (const std::string_view name : names) json.String(name);
  json.EndArray();
}

void Reference(JsonStream& json, std::string_view definition) {
  json.BeginObject();
  Member(json, "$ref", "#/$defs/" + std::string(definition));
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
  json.Key(attribute.name);
  json.BeginObject();
  switch (attribute.kind) {
    case ValueKind::Number: Type(json, {attribute.whole ? "integer" : "number", "null"}); break;
    case ValueKind::Text: Type(json, {"string", "null"}); break;
    case ValueKind::Bool: Type(json, {"boolean", "null"}); break;
    case ValueKind::Enum:
      json.Key("enum");
      json.BeginArray();
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
  Member(json, "description", description);
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
    json.Key("key");
    json.BeginObject();
    Type(json, {"string"});
    json.EndObject();
    json.Key("metrics");
    json.BeginObject();
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
  json.Key("additionalProperties");
  json.Bool(false);
  json.Key("required");
  json.BeginArray();
  for (const Attribute& attribute : metrics::AttributesOf(entity)) json.String(attribute.name);
  ExtraNames(json, entity);
  json.EndArray();
  json.Key("properties");
  json.BeginObject(kLines);
  for (const Attribute& attribute : metrics::AttributesOf(entity)) AttributeSchema(json, attribute);
  ExtraMembers(json, entity);
  json.EndObject();
  json.EndObject();
}

void SimpleObject(JsonStream& json, std::initializer_list<std::pair<std::string_view, std::string_view>> members,
                  std::initializer_list<std::string_view> optional) {
  Type(json, {"object"});
  json.Key("additionalProperties");
  json.Bool(false);
  json.Key("required");
  json.BeginArray();
  for (const auto& [name, type] : members) json.String(name);
  json.EndArray();
  json.Key("properties");
  json.BeginObject();
  const auto member = [&json](std::string_view name, std::string_view type) {
    json.Key(name);
    json.BeginObject();
    if (type.starts_with('#')) {
      Member(json, "$ref", type);
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
  json.Key("executor_summary");
  json.BeginObject(kLines);
  Type(json, {"object"});
  json.Key("additionalProperties");
  json.BeginObject();
  Type(json, {"object"});
  json.Key("additionalProperties");
  json.Bool(false);
  Names(json, "required", ExecutorSummaryNames());
  json.Key("properties");
  json.BeginObject();
  for (const std::string_view name : ExecutorSummaryNames()) {
    json.Key(name);
    json.BeginObject();
    Type(json, {"integer"});
    json.EndObject();
  }
  json.Key("isExcludedForStage");
  json.BeginObject();
  Type(json, {"boolean"});
  json.EndObject();
  json.EndObject();
  json.EndObject();
  json.EndObject();
}

void AccumulatorsSchema(JsonStream& json, std::string_view name,
                        std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  json.Key(name);
  json.BeginObject();
  Type(json, {"array"});
  json.Key("items");
  json.BeginObject();
  SimpleObject(json, members, {});
  json.EndObject();
  json.EndObject();
}

void Definitions(JsonStream& json) {
  json.BeginObject(kLines);

  json.Key("advise");
  json.BeginObject();
  SimpleObject(json, {{"version", "string"}, {"schema", "integer"}}, {});
  json.EndObject();

  json.Key("log");
  json.BeginObject();
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

  json.Key("ingest");
  json.BeginObject();
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

  json.Key("notes");
  json.BeginObject();
  Type(json, {"array"});
  json.Key("items");
  json.BeginObject();
  SimpleObject(json, {{"code", "string"}, {"severity", "string"}, {"count", "integer"}, {"text", "string"}},
               {"example"});
  json.EndObject();
  json.EndObject();

  json.Key("texts");
  json.BeginObject();
  Type(json, {"object"});
  json.Key("additionalProperties");
  json.BeginObject();
  Type(json, {"string"});
  json.EndObject();
  json.EndObject();

  json.Key("task_id");
  json.BeginObject();
  Type(json, {"integer", "string"});
  Member(json, "description", "task id; \"17#1\" for the first repeated end of task 17");
  json.EndObject();

  json.Key("metric");
  json.BeginObject();
  SimpleObject(json,
               {{"name", "string"},
                {"type", "string"},
                {"accumulator", "integer"},
                {"total", "integer?"},
                {"min", "integer?"},
                {"max", "integer?"}},
               {});
  json.EndObject();

  json.Key("five");
  json.BeginObject();
  Type(json, {"array", "null"});
  json.Key("items");
  json.BeginObject();
  Type(json, {"integer"});
  json.EndObject();
  json.Key("minItems");
  json.Integer(5);
  json.Key("maxItems");
  json.Integer(5);
  json.EndObject();

  json.Key("quantiles");
  json.BeginObject(kLines);
  Type(json, {"object", "null"});
  json.Key("additionalProperties");
  json.Bool(false);
  Names(json, "required", QuantileMetricNames());
  json.Key("properties");
  json.BeginObject(kLines);
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
  Member(json, "$schema", "https://json-schema.org/draft/2020-12/schema");
  Member(json, "$id", "https://advise.example/model.schema.json");
  Member(json, "title", "advise model LOG --format json");
  Member(json, "description",
         "Written by report/model_schema.cpp from the catalogue of attributes. Members of an array are $defs/Stage and "
         "so on.");
  Type(json, {"object"});
  json.Key("additionalProperties");
  json.Bool(false);
  json.Key("required");
  json.BeginArray();
  for (const std::string_view name : {"advise", "log"}) json.String(name);
  for (std::size_t e = 0; e < model::kEntityCount; ++e) json.String(model::TableName(static_cast<Entity>(e)));
  for (const std::string_view name : {"units", "missing"}) json.String(name);
  json.EndArray();
  json.Key("properties");
  json.BeginObject(kLines);
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
