// JSON and text of `advise model`, its stream writer, and the schema file beside it.
#include "export/model_writer.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "export/model_quantiles.h"
#include "export/model_schema.h"
#include "metrics/catalogue.h"
#include "model_fixture.h"
#include "support/json_stream.h"

namespace {

using namespace advise;
using model::Entity;
using nlohmann::json;

std::string Json(const exports::ModelOutput& output) {
  std::ostringstream out;
  exports::WriteModelJson(output, out);
  return out.str();
}

std::string TextOf(const exports::ModelOutput& output) {
  std::ostringstream out;
  exports::WriteModelText(output, out);
  return out.str();
}

model::LogInfo Log() {
  model::LogInfo log;
  log.path = "logs/a.zstd";
  log.format = "single";
  log.codec = "zstd";
  log.spark_version = "3.5.3";
  log.environment = "standalone";
  log.events = 12;
  log.notes.push_back(
      {.code = "torn-line", .severity = "data-loss", .count = 1, .text = "the last line is cut", .example = "line 9"});
  return log;
}

template <class Write>
std::string Stream(Write write) {
  std::ostringstream out;
  {
    JsonStream stream(out);
    write(stream);
  }
  return out.str();
}

std::filesystem::path SchemaPath() {
  return std::filesystem::path(ADVISE_SOURCE_DIR) / "engine/export/model.schema.json";
}

}  // namespace

TEST_CASE("json stream: values") {
  const std::string text = Stream([](JsonStream& s) {
    s.BeginArray();
    s.Integer(std::numeric_limits<std::int64_t>::min());
    s.Count(std::numeric_limits<std::uint64_t>::max());
    s.Real(0.1);
    s.Real(5);
    s.Real(1e300);
    s.Real(std::numeric_limits<double>::infinity());
    s.Real(std::numeric_limits<double>::quiet_NaN());
    s.Bool(true);
    s.Null();
    s.BeginObject();
    s.EndObject();
    s.EndArray();
  });
  CHECK(text == "[-9223372036854775808, 18446744073709551615, 0.1, 5, 1e+300, null, null, true, null, {}]");
}

TEST_CASE("json stream: layout") {
  const std::string text = Stream([](JsonStream& s) {
    s.BeginObject(JsonLayout::LinePerMember);
    s.Key("a");
    s.BeginArray(JsonLayout::LinePerMember);
    s.BeginObject();
    s.Key("x");
    s.Integer(1);
    s.Key("y");
    s.Integer(2);
    s.EndObject();
    s.EndArray();
    s.Key("b");
    s.BeginArray(JsonLayout::LinePerMember);
    s.EndArray();
    s.EndObject();
  });
  CHECK(text == "{\n \"a\": [\n  {\"x\": 1, \"y\": 2}\n ],\n \"b\": []\n}");
}

TEST_CASE("json stream: strings are escaped, broken UTF-8 is replaced and never throws") {
  struct Row {
    std::string name;
    std::string in;
    std::string out;
  };
  const Row rows[] = {
      {"plain", "abc", "\"abc\""},
      {"quotes and controls", "a\"\\\n\t\r\x01\x7f", "\"a\\\"\\\\\\n\\t\\r\\u0001\\u007f\""},
      {"controls above ASCII", "\xC2\x9B\xC2\x80\xC2\xA0", "\"\\u009b\\u0080\xC2\xA0\""},
      {"two, three and four bytes", "é€😀", "\"é€😀\""},
      {"lone continuation", "a\x80z", "\"a\xEF\xBF\xBDz\""},
      {"cut at the end", "a\xE2\x82", "\"a\xEF\xBF\xBD\""},
      {"overlong", "\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"surrogate", "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"above U+10FFFF", "\xF4\x90\x80\x80z", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const std::string text = Stream([&row](JsonStream& s) { s.String(row.in); });
    CHECK(text == row.out);
    CHECK(json::accept(text));
  }
}

TEST_CASE("model JSON: one object with every attribute, null with a reason") {
  const model::JobModel m = test::SmallModel("2.0.1");
  const json whole = json::parse(Json({.model = m, .log = Log()}));
  CHECK(whole["advise"]["schema"] == 1);
  CHECK(whole["log"]["ingest"]["events"] == 12);
  CHECK(whole["log"]["ingest"]["notes"][0]["code"] == "torn-line");
  CHECK(whole["app"]["id"] == "app-1");
  CHECK(whole["app"]["utilisation"] == 0.25);
  CHECK(whole["app"]["stages"] == json({"0.0", "2.0", "2.1"}));
  CHECK(whole["app"]["tasks"] == json({0, 1, 2, 3, "3#1", 4}));
  CHECK(whole["stages"].size() == 4);
  CHECK(whole["stages"][3]["key"] == "2.1");
  CHECK(whole["stages"][3]["job"] == 11);
  CHECK(whole["stages"][3]["tasks"] == json({3, "3#1", 4}));
  CHECK(whole["stages"][3]["nodes"] == json({"7/2", "7/3"}));
  CHECK(whole["stages"][3]["peak_jvm_heap_memory"] == 777);
  CHECK(whole["plan_nodes"][4]["metrics"][0] ==
        json({{"name", "data size"}, {"type", "size"}, {"accumulator", 55}, {"total", 123}, {"min", 1}, {"max", 100}}));
  CHECK(whole["plan_nodes"][4]["metrics"][1]["total"].is_null());
  CHECK(whole["missing"].contains("plan_nodes.metrics.total"));
  CHECK(whole["units"]["tasks.gc_time"] == "ms");
  CHECK(whole["units"]["tasks.cpu_time"] == "ns");
  CHECK(whole["missing"]["tasks.peak_heap"] == "Spark 2.0.1 does not write it (since 3.0)");
  // Whatever is null somewhere has a reason, and only that.
  for (std::size_t e = 0; e < model::kEntityCount; ++e) {
    const auto entity = static_cast<Entity>(e);
    const std::string table(model::TableName(entity));
    const json rows = entity == Entity::App ? json::array({whole[table]}) : whole[table];
    for (const auto& attribute : metrics::AttributesOf(entity)) {
      const std::string name(attribute.name);
      CAPTURE(table);
      CAPTURE(name);
      bool is_null = false;
      for (const json& row : rows) {
        REQUIRE(row.contains(name));
        is_null = is_null || row[name].is_null();
      }
      CHECK(whole["missing"].contains(table + "." + name) == is_null);
    }
  }
}

TEST_CASE("model JSON: quantiles as Spark cuts them, over successes only") {
  const model::JobModel m = test::SmallModel();
  const json stages = json::parse(Json({.model = m, .log = Log(), .entity = Entity::Stage}));
  // n = 2: indices 0, 0, 1, 1, 1.
  CHECK(stages[0]["quantiles"]["executorRunTime"] == json({90, 90, 190, 190, 190}));
  CHECK(stages[0]["quantiles"]["executorCpuTime"] == json({2'500'000, 2'500'000, 5'000'000, 5'000'000, 5'000'000}));
  CHECK(stages[0]["quantiles"]["peakExecutionMemory"].is_null());
  CHECK(stages[3]["quantiles"]["duration"] == json({500, 500, 500, 500, 500}));
  CHECK(stages[2]["quantiles"].is_null());  // no success
}

TEST_CASE("model JSON: one table, one element") {
  const model::JobModel m = test::SmallModel();
  const json stages = json::parse(Json({.model = m, .log = Log(), .entity = Entity::Stage}));
  CHECK(stages.is_array());
  CHECK(stages.size() == 4);
  const json one = json::parse(Json({.model = m, .log = Log(), .entity = Entity::Stage, .id = "2.1"}));
  CHECK(one == stages[3]);
  CHECK(json::parse(Json({.model = m, .log = Log(), .entity = Entity::Stage, .id = "9.9"})).is_null());
  CHECK(json::parse(Json({.model = m, .log = Log(), .entity = Entity::App}))["id"] == "app-1");
  CHECK(json::parse(Json({.model = m, .log = Log(), .entity = Entity::Gap})) == json::array());
}

TEST_CASE("model: names of tables on the command line") {
  CHECK(exports::ParseModelEntity("stages") == Entity::Stage);
  CHECK(exports::ParseModelEntity("stage") == Entity::Stage);
  CHECK(exports::ParseModelEntity("Stage") == Entity::Stage);
  CHECK(exports::ParseModelEntity("sql_executions") == Entity::SqlExecution);
  CHECK(exports::ParseModelEntity("app") == Entity::App);
  CHECK_FALSE(exports::ParseModelEntity("stagess").has_value());
}

TEST_CASE("model text: missing is a dash with its reason, never 0") {
  const model::JobModel m = test::SmallModel();
  const std::string one = TextOf({.model = m, .log = Log(), .entity = Entity::Task, .id = "2"});
  CHECK(one.find("Task 2\n") == 0);
  CHECK(one.find("  cpu_time                              –\n") != std::string::npos);
  CHECK(one.find("cpu_time                              the attempt ended without metrics") != std::string::npos);
  const std::string table = TextOf({.model = m, .log = Log(), .entity = Entity::Stage});
  CHECK(table.find("2.1") != std::string::npos);
  CHECK(table.find("– is missing, not 0:") != std::string::npos);
  const std::string overview = TextOf({.model = m, .log = Log()});
  CHECK(overview.find("torn-line") != std::string::npos);
  CHECK(overview.find("sql_executions  1") != std::string::npos);
  for (std::size_t e = 0; e < model::kEntityCount; ++e) {
    CHECK_FALSE(TextOf({.model = m, .log = Log(), .entity = static_cast<Entity>(e)}).empty());
  }
}

TEST_CASE("model schema: the file is what the catalogue says") {
  std::ostringstream out;
  exports::WriteModelSchema(out);
  CHECK(json::accept(out.str()));
  if (std::getenv("ADVISE_UPDATE_GOLDEN") != nullptr) std::ofstream(SchemaPath()) << out.str();
  std::ifstream file(SchemaPath());
  std::stringstream kept;
  kept << file.rdbuf();
  CHECK_MESSAGE(kept.str() == out.str(),
                "run the unit tests once with ADVISE_UPDATE_GOLDEN=1 to rewrite model.schema.json");
}
