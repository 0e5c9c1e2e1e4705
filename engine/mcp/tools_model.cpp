// The job as measured: rows of its tables, and the settings of the run.
#include <algorithm>

#include "export/model_writer.h"
#include "mcp/arguments.h"
#include "mcp/tools.h"
#include "model/job_model.h"
#include "service/model_page.h"
#include "spark/settings.h"
#include "support/format.h"
#include "support/quoted.h"
#include "support/text.h"

namespace advise::mcp {
namespace {

using model::Entity;

constexpr std::size_t kMostOfList = 50;  // elements of a list inside a row: ids of tasks and the like

Json EntityNames() {
  Json names = Json::array();
  for (std::size_t e = 0; e < model::kEntityCount; ++e) names.push_back(model::TableName(static_cast<Entity>(e)));
  return names;
}

// Without what is null and what was not asked for; long lists cut. False: a list was cut.
bool Trim(const Json& fields, Json& row) {
  bool whole = true;
  for (auto it = row.begin(); it != row.end();) {
    const bool wanted = fields.empty() || std::find(fields.begin(), fields.end(), Json(it.key())) != fields.end() ||
                        it.key() == "id" || it.key() == "key";
    if (!wanted || it->is_null()) {
      it = row.erase(it);
      continue;
    }
    if (it->is_array() && it->size() > kMostOfList) {
      it->erase(it->begin() + static_cast<std::ptrdiff_t>(kMostOfList), it->end());
      whole = false;
    }
    ++it;
  }
  return whole;
}

service::RowCondition ConditionOf(const std::string& attribute, const Json& value) {
  service::RowCondition condition{attribute, {}, {}, {}};
  if (value.is_object()) {
    if (value.contains("min")) condition.least = value.at("min").get<double>();
    if (value.contains("max")) condition.most = value.at("max").get<double>();
  } else {
    condition.equals = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return condition;
}

}  // namespace

Json ModelSchema() {
  Json properties = {{"log", LogArgument()}};
  properties["entity"] = OneOf("which table", EntityNames());
  properties["id"] = Text("one element: a stage is id.attempt (12.0), a plan node query/number (3/7), others their id");
  properties["where"] = {
      {"type", "object"},
      {"additionalProperties", {{"type", {"string", "number", "boolean", "object"}}}},
      {"description",
       R"(conditions by attribute: {"status": "FAILED"}, {"stage": "12.0"}, {"duration": {"min": 60000}})"}};
  properties["sort"] = Text("an attribute to sort by, with - in front the largest first: -duration");
  properties["fields"] = {
      {"type", "array"}, {"items", Text("an attribute")}, {"maxItems", 200}, {"description", "only these attributes"}};
  properties["offset"] = Whole("skip so many rows", 0, 1'000'000'000);
  properties["limit"] = Whole("most rows; default 10", 1, 1'000);
  AddPartArguments(properties);
  properties["max_bytes"] = BytesArgument();
  return Object(properties, {"log", "entity"});
}

Result<Answer> Model(const Session& session, const Json& arguments) {
  service::RowRequest request;
  request.entity = *exports::ParseModelEntity(arguments.at("entity").get<std::string>());
  request.id = arguments.value("id", "");
  request.sort = arguments.value("sort", "");
  request.descending = request.sort.starts_with('-');
  if (request.descending) request.sort.erase(0, 1);
  const Json where = arguments.value("where", Json::object());
  for (const auto& [attribute, value] : where.items()) {
    const Json schema = Object({{"min", {{"type", "number"}}}, {"max", {{"type", "number"}}}});
    if (value.is_object()) {
      if (const auto wrong = CheckArguments(schema, value))
        throw RpcError{kInvalidParams, "model: where " + Quoted(attribute) + ": " + *wrong};
    } else if (!value.is_string() && !value.is_number() && !value.is_boolean()) {
      throw RpcError{kInvalidParams, "model: where " + Quoted(attribute) + " is a value, or {\"min\": …, \"max\": …}"};
    }
    request.where.push_back(ConditionOf(attribute, value));
  }
  ADVISE_TRY(const service::ListedLog log, FindLog(session, arguments));
  ADVISE_TRY(const std::shared_ptr<const RunLog> run,
             session.analyst.ReadLog(log, AskFor(session, arguments), ingest::Detail::Rest));
  ADVISE_TRY(const std::vector<std::uint32_t> rows, service::PickRows(run->model, request));

  Answer answer;
  answer.log = log.id;
  answer.evidence = "measured";
  const std::size_t offset = std::min(arguments.value("offset", std::size_t{0}), rows.size());
  const std::size_t wanted = std::min(offset + arguments.value("limit", std::size_t{10}), rows.size());
  const std::size_t most_bytes = arguments.value("max_bytes", kDefaultBytes) * 3 / 4;
  const Json fields = arguments.value("fields", Json::array());
  exports::ModelRows writer(run->model, request.entity);
  Json page = Json::array();
  std::size_t bytes = 0;
  std::size_t end = offset;
  bool whole = true;
  for (; end < wanted; ++end) {
    Json row = Json::parse(writer.Row(rows[end]));
    whole = Trim(fields, row) && whole;
    bytes += row.dump(-1, ' ', false, Json::error_handler_t::replace).size();
    if (bytes > most_bytes && end > offset) break;
    page.push_back(std::move(row));
  }
  const std::string table(model::TableName(request.entity));
  const auto strip = [&](const std::string& path) { return path.substr(std::min(path.size(), table.size() + 1)); };
  const auto asked = [&](const std::string& path) {
    const std::string name = strip(path);
    return fields.empty() || std::find(fields.begin(), fields.end(), Json(name)) != fields.end();
  };
  const Json units = Json::parse(writer.Units());
  for (const auto& [path, unit] : units.items()) {
    const std::string name = strip(path);
    if (std::ranges::any_of(page, [&](const Json& row) { return row.contains(name); })) answer.units[name] = unit;
  }
  const Json missing = Json::parse(writer.Missing());
  for (const auto& [path, why] : missing.items()) {
    if (asked(path)) AddMissing(answer, path + ", where a row lacks it", why.get<std::string>());
  }
  if (!whole) AddMissing(answer, "lists beyond 50 elements", "rows are kept small; ask for the rows themselves");
  if (end < wanted) AddMissing(answer, "rows from offset " + std::to_string(end), "the answer is kept small");
  answer.summary = FormatCount(static_cast<std::int64_t>(rows.size())) + " " + table + ", rows " +
                   std::to_string(offset) + " to " + std::to_string(end) + " of them.";
  answer.data = {{"entity", table}, {"total", rows.size()}, {"offset", offset}};
  answer.data["next_offset"] = end < rows.size() ? Json(end) : Json(nullptr);
  answer.data["rows"] = std::move(page);
  if (end < rows.size()) {
    Json more = arguments;
    more["offset"] = end;
    AddNext(answer, "model", std::move(more), "the next rows");
  }
  if (request.entity == Entity::Stage && !answer.data["rows"].empty() && answer.data["rows"][0].contains("key")) {
    AddNext(answer, "model",
            {{"log", log.id},
             {"entity", "tasks"},
             {"where", {{"stage", answer.data["rows"][0]["key"]}}},
             {"sort", "-duration"},
             {"limit", 5}},
            "the longest tasks of the first one");
  }
  return answer;
}

Json EnvironmentSchema() {
  return Object({{"log", LogArgument()},
                 {"section", OneOf("default spark", {"spark", "jvm", "system", "hadoop"})},
                 {"search", Text("only properties whose key or value holds this text")},
                 {"max_bytes", BytesArgument()}},
                {"log"});
}

Result<Answer> Environment(const Session& session, const Json& arguments) {
  ADVISE_TRY(const service::ListedLog log, FindLog(session, arguments));
  ADVISE_TRY(const std::shared_ptr<const RunLog> run,
             session.analyst.ReadLog(log, AskFor(session, arguments), ingest::Detail::Rest));
  const model::JobModel& model = run->model;
  const std::string section = arguments.value("section", "spark");
  const model::Properties& properties = section == "jvm"      ? model.jvm_information
                                        : section == "system" ? model.system_properties
                                        : section == "hadoop" ? model.hadoop_properties
                                                              : model.spark_properties;
  const std::string search = Lower(arguments.value("search", ""));
  Answer answer;
  answer.log = log.id;
  answer.evidence = "measured";
  Json found = Json::object();
  for (const auto& [key, value] : properties) {
    if (Lower(key).find(search) != std::string::npos || Lower(value).find(search) != std::string::npos)
      found[key] = value;
  }
  if (!model.has_environment) AddMissing(answer, "properties", "the log has no EnvironmentUpdate");
  answer.units = {{"values", "as Spark reads them: explain tells what a bare number counts"}};
  answer.summary = FormatCount(static_cast<std::int64_t>(found.size())) + " properties of section " + section + ".";
  for (const auto& [key, value] : found.items()) {
    if (spark::FindByAnyName(key) == nullptr) continue;
    AddNext(answer, "explain", {{"what", key}, {"log", log.id}}, "what a setting does");
    break;
  }
  answer.data = {{"section", section}, {"properties", std::move(found)}};
  return answer;
}

}  // namespace advise::mcp
