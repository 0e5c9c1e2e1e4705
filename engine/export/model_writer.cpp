// The JSON of `advise model`, streamed row by row; notes what was null on the way and says why at the end.
#include "export/model_writer.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "export/log_json.h"
#include "export/model_executor_summary.h"
#include "export/model_quantiles.h"
#include "metrics/catalogue.h"
#include "metrics/evaluate.h"
#include "support/json_stream.h"
#include "support/text.h"

namespace advise::exports {
namespace {

using metrics::Attribute;
using metrics::Value;
using metrics::ValueKind;
using model::Entity;
using model::JobModel;
using model::kMissing;

// Which attributes were null in what was written, by `tasks.peak_heap`, with the reason.
using MissingReasons = std::map<std::string, std::string>;

class ModelJson {
 public:
  ModelJson(const JobModel& model, JsonStream& json) : model_(model), json_(json) {
    null_seen_.resize(metrics::AllAttributes().size());
  }

  void Element(Entity entity, std::uint32_t row);
  void Array(Entity entity);
  void Units(std::optional<Entity> only = std::nullopt);
  void Missing();  // for everything written so far

 private:
  void Member(const Attribute& attribute, std::uint32_t row);
  void Id(Entity entity, std::uint32_t row);
  void Single(const Value& value, const Attribute& attribute);
  void Quantiles(std::uint32_t stage);
  void ExecutorSummary(std::uint32_t stage);
  void Accumulators(const std::vector<model::UserAccumulator>& accumulators, std::uint32_t row, bool of_task);
  void Metrics(std::uint32_t node);
  void Configuration();
  void MetricValue(std::string_view name, std::int64_t value);

  const JobModel& model_;
  JsonStream& json_;
  std::vector<bool> null_seen_;   // by AttributeId
  MissingReasons other_missing_;  // of members that are no attributes
};

// Another entity is its id: a number where it is one, else its key.
void ModelJson::Id(Entity entity, std::uint32_t row) {
  switch (entity) {
    case Entity::Job: return json_.Integer(model_.jobs.id.Get(row));
    case Entity::SqlExecution: return json_.Integer(model_.sql_executions.id.Get(row));
    case Entity::Shuffle: return json_.Integer(model_.shuffles.id.Get(row));
    case Entity::Gap: return json_.Integer(model_.gaps.id.Get(row));
    case Entity::CachedRdd: return json_.Integer(model_.cached_rdds.id.Get(row));
    case Entity::Incident: return json_.Integer(model_.incidents.id.Get(row));
    case Entity::Task:
      if (model_.tasks.repeat.Get(row) <= 0) return json_.Integer(model_.tasks.id.Get(row));
      break;
    case Entity::App:
    case Entity::Stage:
    case Entity::Executor:
    case Entity::Host:
    case Entity::PlanNode: break;
  }
  json_.String(metrics::EntityKey(model_, entity, row));
}

void ModelJson::Single(const Value& value, const Attribute& attribute) {
  switch (value.state) {
    case Value::State::Missing: null_seen_[static_cast<std::size_t>(attribute.id)] = true; return json_.Null();
    case Value::State::Integer: return json_.Integer(value.integer);
    case Value::State::Real: return json_.Real(value.real);
    case Value::State::Bool: return json_.Bool(value.boolean);
    case Value::State::Text: return json_.String(value.text);
    case Value::State::Entity: return Id(attribute.target, static_cast<std::uint32_t>(value.integer));
  }
}

void ModelJson::Member(const Attribute& attribute, std::uint32_t row) {
  json_.Key(attribute.name);
  switch (attribute.kind) {
    case ValueKind::Number:
    case ValueKind::Text:
    case ValueKind::Bool:
    case ValueKind::Enum:
    case ValueKind::Entity: return Single(metrics::Evaluate(model_, attribute.id, row), attribute);
    case ValueKind::EntitySet:
      json_.BeginArray();
      for (const std::uint32_t member : metrics::EvaluateSet(model_, attribute.id, row)) Id(attribute.target, member);
      return json_.EndArray();
    case ValueKind::TextList:
      json_.BeginArray();
      for (const std::string_view text : metrics::EvaluateTextList(model_, attribute.id, row)) json_.String(text);
      return json_.EndArray();
    case ValueKind::NumberList:
      json_.BeginArray();
      for (const std::int64_t number : metrics::EvaluateNumberList(model_, attribute.id, row)) json_.Integer(number);
      return json_.EndArray();
  }
}

void ModelJson::Quantiles(std::uint32_t stage) {
  const model::StageRow row(stage);
  json_.Key("quantiles");
  if (!HasSuccess(model_, row)) {
    other_missing_["stages.quantiles"] = "no task of the stage attempt whose start and end are in the log succeeded";
    return json_.Null();
  }
  const auto names = QuantileMetricNames();
  json_.BeginObject();
  for (std::size_t metric = 0; metric < names.size(); ++metric) {
    json_.Key(names[metric]);
    const auto quantiles = StageQuantiles(model_, row, metric);
    if (!quantiles) {
      json_.Null();
      const Attribute& source = QuantileMetricSource(metric);
      other_missing_["stages.quantiles." + std::string(names[metric])] = metrics::WhyMissing(model_, source.id);
      continue;
    }
    json_.BeginArray();
    for (const std::int64_t value : *quantiles) json_.Integer(value);
    json_.EndArray();
  }
  json_.EndObject();
}

void ModelJson::ExecutorSummary(std::uint32_t stage) {
  json_.BeginObject("executor_summary");
  for (const exports::ExecutorSummary& summary : ExecutorSummaries(model_, model::StageRow(stage))) {
    json_.BeginObject(model_.strings.Get(model_.executors.id.Get(summary.executor.index)));
    const auto names = ExecutorSummaryNames();
    for (std::size_t i = 0; i < names.size(); ++i) {
      json_.Integer(names[i], summary.values[i]);
    }
    json_.Bool("isExcludedForStage", summary.excluded);
    json_.EndObject();
  }
  json_.EndObject();
}

void ModelJson::Accumulators(const std::vector<model::UserAccumulator>& accumulators, std::uint32_t row, bool of_task) {
  auto own = std::lower_bound(accumulators.begin(), accumulators.end(), row,
                              [](const model::UserAccumulator& a, std::uint32_t wanted) { return a.row < wanted; });
  json_.BeginArray("accumulator_updates");
  for (; own != accumulators.end() && own->row == row; ++own) {
    const model::UserAccumulator& accumulator = *own;
    json_.BeginObject();
    json_.Integer("id", accumulator.id);
    json_.String("name", model_.strings.Get(accumulator.name));
    if (of_task) {
      if (accumulator.update == StringId::None) {
        json_.Null("update");
      } else {
        json_.String("update", model_.strings.Get(accumulator.update));
      }
    }
    json_.String("value", model_.strings.Get(accumulator.value));
    json_.EndObject();
  }
  json_.EndArray();
}

void ModelJson::MetricValue(std::string_view name, std::int64_t value) {
  json_.Key(name);
  if (value != kMissing) return json_.Integer(value);
  json_.Null();
  other_missing_["plan_nodes.metrics." + std::string(name)] =
      "no task and no driver update in the log set it; from Spark 3.4 on this cannot be told from 0";
}

void ModelJson::Metrics(std::uint32_t node) {
  json_.BeginArray("metrics");
  for (const model::NodeMetric& metric : model_.MetricsOf(model::NodeRow(node))) {
    json_.BeginObject();
    json_.String("name", model_.strings.Get(metric.name));
    json_.String("type", model_.strings.Get(metric.type));
    json_.Integer("accumulator", metric.accumulator);
    MetricValue("total", metric.total);
    MetricValue("min", metric.min);
    MetricValue("max", metric.max);
    json_.EndObject();
  }
  json_.EndArray();
}

// What conf(key) of rules reads, as the log holds it (redacted values stay redacted).
void ModelJson::Configuration() {
  json_.BeginObject("conf");
  for (const auto& [key, value] : model_.spark_properties) {
    json_.String(key, value);
  }
  json_.EndObject();
}

void ModelJson::Element(Entity entity, std::uint32_t row) {
  json_.BeginObject();
  if (entity == Entity::PlanNode) {
    json_.String("key", metrics::EntityKey(model_, entity, row));
  }
  for (const Attribute& attribute : metrics::AttributesOf(entity)) Member(attribute, row);
  if (entity == Entity::App) Configuration();
  if (entity == Entity::Stage) {
    Quantiles(row);
    ExecutorSummary(row);
    Accumulators(model_.stage_accumulators, row, false);
  }
  if (entity == Entity::Task) Accumulators(model_.task_accumulators, row, true);
  if (entity == Entity::PlanNode) Metrics(row);
  json_.EndObject();
}

void ModelJson::Array(Entity entity) {
  json_.BeginArray(JsonLayout::LinePerMember);
  const std::size_t count = model_.RowCount(entity);
  for (std::size_t row = 0; row < count; ++row) Element(entity, static_cast<std::uint32_t>(row));
  json_.EndArray();
}

std::string PathOf(const Attribute& attribute) {
  return std::string(model::TableName(attribute.entity)) + "." + std::string(attribute.name);
}

void ModelJson::Units(std::optional<Entity> only) {
  json_.BeginObject(JsonLayout::LinePerMember);
  for (const Attribute& attribute : metrics::AllAttributes()) {
    const std::string_view unit = metrics::UnitName(attribute.unit);
    if (unit.empty() || (only && attribute.entity != *only)) continue;
    json_.String(PathOf(attribute), unit);
  }
  json_.EndObject();
}

void ModelJson::Missing() {
  json_.BeginObject(JsonLayout::LinePerMember);
  for (const Attribute& attribute : metrics::AllAttributes()) {
    if (!null_seen_[static_cast<std::size_t>(attribute.id)]) continue;
    json_.String(PathOf(attribute), metrics::WhyMissing(model_, attribute.id));
  }
  for (const auto& [path, why] : other_missing_) {
    json_.String(path, why);
  }
  json_.EndObject();
}

void WriteWhole(const ModelOutput& output, JsonStream& json) {
  ModelJson model(output.model, json);
  json.BeginObject(JsonLayout::LinePerMember);
  WriteAdviseMember(json);
  json.Key("log");
  WriteLogJson(output.log, json);
  json.Key("app");
  model.Element(Entity::App, 0);
  for (std::size_t e = 1; e < model::kEntityCount; ++e) {
    const auto entity = static_cast<Entity>(e);
    json.Key(model::TableName(entity));
    model.Array(entity);
  }
  json.Key("units");
  model.Units();
  json.Key("missing");
  model.Missing();
  json.EndObject();
}

bool SameIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

}  // namespace

struct ModelRows::Writer {
  Writer(const JobModel& of, Entity rows_of) : entity(rows_of), json(text), model(of, json) {}
  std::string Take() {
    json.Flush();
    std::string taken = std::move(text).str();
    text = std::ostringstream();
    return taken;
  }
  Entity entity;
  std::ostringstream text;
  JsonStream json;
  ModelJson model;
};

ModelRows::ModelRows(const JobModel& model, Entity entity) : writer_(std::make_unique<Writer>(model, entity)) {}
ModelRows::~ModelRows() = default;

std::string ModelRows::Row(std::uint32_t row) {
  writer_->model.Element(writer_->entity, row);
  return writer_->Take();
}
std::string ModelRows::Units() {
  writer_->model.Units(writer_->entity);
  return writer_->Take();
}
std::string ModelRows::Missing() {
  writer_->model.Missing();
  return writer_->Take();
}

std::optional<Entity> ParseModelEntity(std::string_view name) {
  for (std::size_t e = 0; e < model::kEntityCount; ++e) {
    const auto entity = static_cast<Entity>(e);
    if (name == model::TableName(entity) || SameIgnoringCase(name, model::EntityName(entity))) return entity;
    std::string_view singular = model::TableName(entity);
    if (singular.ends_with('s')) singular.remove_suffix(1);
    if (name == singular) return entity;
  }
  return std::nullopt;
}

void WriteModelJson(const ModelOutput& output, std::ostream& out) {
  JsonStream json(out);
  if (!output.entity) {
    WriteWhole(output, json);
  } else {
    ModelJson model(output.model, json);
    if (*output.entity == Entity::App) {
      model.Element(Entity::App, 0);
    } else if (output.id.empty()) {
      model.Array(*output.entity);
    } else if (const auto row = metrics::FindEntity(output.model, *output.entity, output.id)) {
      model.Element(*output.entity, *row);
    } else {
      json.Null();
    }
  }
  json.Flush();
  out << '\n';
}

}  // namespace advise::exports
