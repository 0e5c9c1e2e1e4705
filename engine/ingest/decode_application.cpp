// The application, its environment, resource profiles.
#include "ingest/json_decoder.h"

#include <utility>

namespace advise::ingest {

bool Decoder::Skip(od::object event) {
  ADVISE_FOR_FIELDS(event)
  static_cast<void>(raw);
  static_cast<void>(value);
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::LogStart(od::object event) {
  model::LogStart out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Spark Version")) out.version = Str(value);
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::DatabricksMetadata(od::object event) {
  model::PlatformHint out;
  out.environment = model::Environment::Databricks;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Spark Version")) out.version = Str(value);
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::EmrHint(od::object event) {
  if (!Skip(event)) return false;
  model::PlatformHint out;
  out.environment = model::Environment::Emr;
  return Add(out);
}

bool Decoder::ApplicationStart(od::object event) {
  model::ApplicationStart out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "App Name")) {
    out.name = OptionalStr(value);
  } else if (KeyIs(raw, "App ID")) {
    out.id = OptionalStr(value);
  } else if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "User")) {
    out.user = OptionalStr(value);
  } else if (KeyIs(raw, "App Attempt ID")) {
    out.attempt = OptionalStr(value);
  } else if (KeyIs(raw, "Driver Logs")) {
    if (!Pairs(value, out.driver_logs)) return false;
  } else if (KeyIs(raw, "Driver Attributes")) {
    if (!Pairs(value, out.driver_attributes)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::ApplicationEnd(od::object event) {
  model::ApplicationEnd out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Timestamp")) {
    out.time = Int(value);
  } else if (KeyIs(raw, "ExitCode")) {
    out.exit_code = Int(value);
  }
  ADVISE_END_FIELDS
  return Add(out);
}

bool Decoder::EnvironmentUpdate(od::object event) {
  model::EnvironmentUpdate out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Spark Properties")) {
    if (!Pairs(value, out.spark)) return false;
  } else if (KeyIs(raw, "Hadoop Properties")) {
    if (!Pairs(value, out.hadoop)) return false;
  } else if (KeyIs(raw, "System Properties")) {
    if (!Pairs(value, out.system)) return false;
  } else if (KeyIs(raw, "JVM Information")) {
    if (!Pairs(value, out.jvm)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

bool Decoder::ResourceAmount(od::value request_value, double& amount) {
  od::object object;
  if (!IsObject(request_value, object)) return true;
  ADVISE_FOR_FIELDS(object)
  if (KeyIs(raw, "Amount")) amount = Real(value);
  ADVISE_END_FIELDS
  return true;
}

bool Decoder::Resources(od::value resources_value, std::vector<std::pair<std::string_view, double>>& resources) {
  od::object object;
  if (!IsObject(resources_value, object)) return true;
  for (auto field_result : object) {
    od::field field;
    if (std::move(field_result).get(field) != simdjson::SUCCESS) return false;
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
    const std::string_view name = batch->arena.Copy(key);
    double amount = 0;
    if (!ResourceAmount(field.value(), amount)) return false;
    resources.emplace_back(name, amount);
  }
  return true;
}

bool Decoder::ResourceProfileAdded(od::object event) {
  model::ResourceProfileAdded out;
  ADVISE_FOR_FIELDS(event)
  if (KeyIs(raw, "Resource Profile Id")) {
    out.id = Int(value);
  } else if (KeyIs(raw, "Executor Resource Requests")) {
    if (!Resources(value, out.executor)) return false;
  } else if (KeyIs(raw, "Task Resource Requests")) {
    if (!Resources(value, out.task)) return false;
  }
  ADVISE_END_FIELDS
  return Add(std::move(out));
}

}  // namespace advise::ingest
