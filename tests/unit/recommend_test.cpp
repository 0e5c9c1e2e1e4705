// The catalogue of settings, and what is decided about changes.
#include <doctest/doctest.h>

#include "recommend/propose.h"
#include "recommend/settings_catalogue.h"
#include "spark/settings.h"
#include "unit/model_fixture.h"

namespace advise::recommend {
namespace {

TEST_CASE("settings are sorted by key, once each, with defaults that parse") {
  const auto settings = spark::AllSettings();
  REQUIRE(settings.size() > 1500);
  for (std::size_t i = 1; i < settings.size(); ++i) CHECK(settings[i - 1].key < settings[i].key);
  for (const spark::Setting& setting : settings) {
    const std::string key(setting.key);
    CAPTURE(key);
    CHECK(spark::FindSetting(setting.key) == &setting);
    if (setting.type == spark::SettingType::Text) continue;
    for (const int version : {24, 30, 31, 32, 33, 34, 35, 40, 41, 42, 43}) {
      if (const auto value = spark::DefaultFor(setting, version)) {
        const std::string text(*value);
        CAPTURE(text);
        CHECK(spark::ParseValue(setting, *value).has_value());
      }
    }
  }
}

TEST_CASE("defaults by version") {
  const struct {
    std::string key;
    int version;
    std::optional<std::string_view> want;
  } rows[] = {
      {"spark.sql.adaptive.enabled", 24, "false"},
      {"spark.sql.adaptive.enabled", 31, "false"},
      {"spark.sql.adaptive.enabled", 32, "true"},
      {"spark.sql.adaptive.enabled", 43, "true"},
      {"spark.sql.shuffle.partitions", 35, "200"},
      {"spark.sql.adaptive.skewJoin.enabled", 24, std::nullopt},
      {"spark.sql.adaptive.advisoryPartitionSizeInBytes", 35, "64MB"},
      {"spark.sql.adaptive.coalescePartitions.initialPartitionNum", 35, std::nullopt},
      {"spark.speculation.quantile", 35, "0.75"},
      {"spark.speculation.quantile", 40, "0.9"},
      {"spark.sql.adaptive.minNumPostShufflePartitions", 24, "-1"},
      {"spark.sql.adaptive.minNumPostShufflePartitions", 30, std::nullopt},
      {"spark.memory.fraction", 24, "0.6"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.key);
    CAPTURE(row.version);
    const spark::Setting* setting = spark::FindSetting(row.key);
    REQUIRE(setting != nullptr);
    CHECK(spark::DefaultFor(*setting, row.version) == row.want);
  }
  CHECK(spark::FindSetting("spark.sql.no.such.setting") == nullptr);
}

TEST_CASE("values in base units, as Spark parses them") {
  const struct {
    std::string key;
    std::string text;
    std::optional<double> want;
  } rows[] = {
      {"spark.executor.memory", "4g", 4.0 * 1024 * 1024 * 1024},
      {"spark.executor.memory", "512", 512.0 * 1024 * 1024},
      {"spark.executor.memory", "1.5g", std::nullopt},
      {"spark.sql.files.maxPartitionBytes", "10GB", 10.0 * 1024 * 1024 * 1024},
      {"spark.sql.files.maxPartitionBytes", "134217728", 134217728.0},
      {"spark.sql.autoBroadcastJoinThreshold", "-1", -1.0},
      {"spark.network.timeout", "120s", 120'000.0},
      {"spark.network.timeout", "800", 800'000.0},
      {"spark.locality.wait", "3min", 180'000.0},
      {"spark.sql.adaptive.enabled", "TRUE", 1.0},
      {"spark.sql.adaptive.enabled", "yes", std::nullopt},
      {"spark.sql.shuffle.partitions", "400", 400.0},
      {"spark.sql.shuffle.partitions", "4e2", std::nullopt},
      {"spark.speculation.quantile", "0.9", 0.9},
  };
  for (const auto& row : rows) {
    CAPTURE(row.key);
    CAPTURE(row.text);
    const spark::Setting* setting = spark::FindSetting(row.key);
    REQUIRE(setting != nullptr);
    CHECK(spark::ParseValue(*setting, row.text) == row.want);
  }
}

TEST_CASE("what is spelled is read back") {
  const struct {
    std::string key;
    double value;
    std::string want;
  } rows[] = {
      {"spark.executor.memory", 6.0 * 1024 * 1024 * 1024, "6g"},
      {"spark.executor.memory", 6.5 * 1024 * 1024 * 1024, "6656m"},
      {"spark.sql.files.maxPartitionBytes", 1000, "1000b"},
      {"spark.sql.adaptive.advisoryPartitionSizeInBytes", 128.0 * 1024 * 1024, "128m"},
      {"spark.sql.shuffle.partitions", 959.2, "960"},
      {"spark.sql.adaptive.enabled", 1, "true"},
      {"spark.network.timeout", 300'000, "300s"},
      {"spark.locality.wait", 0, "0ms"},
      {"spark.speculation.quantile", 0.9, "0.9"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.key);
    const spark::Setting* setting = spark::FindSetting(row.key);
    REQUIRE(setting != nullptr);
    const std::string text = spark::SpellValue(*setting, row.value);
    CHECK(text == row.want);
    CHECK(spark::ParseValue(*setting, text).value_or(-7) >= row.value);
  }
}

TEST_CASE("legality names the version or what is expected") {
  CHECK_FALSE(spark::CheckValue("spark.sql.shuffle.partitions", "960", 35));
  CHECK(spark::CheckValue("spark.sql.adaptive.skewJoin.enabled", "true", 24) ==
        "Spark 2.4 has no setting spark.sql.adaptive.skewJoin.enabled");
  CHECK_FALSE(spark::CheckValue("spark.sql.adaptive.skewJoin.enabled", "true", 0));
  CHECK(spark::CheckValue("spark.sql.shuffle.partitions", "many", 35) ==
        "spark.sql.shuffle.partitions wants a whole number, not many");
  CHECK(spark::CheckValue("spark.no.such", "1", 35) == "Spark has no setting spark.no.such");
}

TEST_CASE("the rule leg sees the same catalogue") {
  const rules::SettingsCatalogue& settings = SparkSettings();
  CHECK(settings.TypeOf("spark.executor.memory") == rules::SettingType::Bytes);
  CHECK_FALSE(settings.TypeOf("spark.no.such"));
  CHECK(settings.DefaultFor("spark.sql.adaptive.enabled", 32) == "true");
  CHECK_FALSE(settings.DefaultFor("spark.sql.adaptive.enabled", 0));
  CHECK(settings.ParseValue("spark.network.timeout", "2m") == 120'000.0);
  CHECK(settings.AlternativeOf("spark.memory.offHeap.enabled") == "spark.unsafe.offHeap");
}

// ---------------------------------------------------------------- settling
Recommendation Draft(std::string id, std::string key, std::string to) {
  Recommendation r;
  r.id = std::move(id);
  r.changes = {
      {.kind = "conf", .key = std::move(key), .from = std::nullopt, .to = std::move(to), .scope = std::nullopt}};
  return r;
}

TEST_CASE("old values come from the log, else from the version's defaults; scopes from the catalogue") {
  model::JobModel model = test::SmallModel("3.5.3");
  model.spark_properties["spark.executor.memory"] = "4g";
  const auto settled =
      Settle({Draft("a", "spark.executor.memory", "8g"), Draft("b", "spark.sql.shuffle.partitions", "960")}, model);
  CHECK(settled[0].chosen);
  CHECK(settled[0].changes[0].from == "4g");
  CHECK_FALSE(settled[0].changes[0].from_is_default);
  CHECK(settled[0].changes[0].scope == "submit");
  CHECK(settled[1].changes[0].from == "200");
  CHECK(settled[1].changes[0].from_is_default);
  CHECK(settled[1].changes[0].scope == "session");
}

TEST_CASE("what cannot be changed is not chosen, and says why") {
  const model::JobModel old = test::SmallModel("2.4.8");
  CHECK(Settle({Draft("a", "spark.sql.adaptive.skewJoin.enabled", "true")}, old)[0].reason ==
        "Spark 2.4 has no setting spark.sql.adaptive.skewJoin.enabled");

  const model::JobModel model = test::SmallModel("3.5.3");
  const auto same = Settle({Draft("a", "spark.sql.adaptive.advisoryPartitionSizeInBytes", "65536k")}, model);
  CHECK_FALSE(same[0].chosen);
  CHECK(same[0].reason == "the run has these settings already");

  const auto twice =
      Settle({Draft("a", "spark.sql.shuffle.partitions", "960"), Draft("b", "spark.sql.shuffle.partitions", "300"),
              Draft("c", "spark.sql.shuffle.partitions", "960")},
             model);
  CHECK(twice[0].chosen);
  CHECK_FALSE(twice[1].chosen);
  CHECK(twice[1].reason == "spark.sql.shuffle.partitions=300 contradicts 960 of a");
  CHECK(twice[2].chosen);

  CHECK(Settle({Draft("a", "spark.rapids.sql.concurrentGpuTasks", "2")}, model)[0].chosen);
  CHECK_FALSE(Settle({Draft("a", "spark.sgl.shuffle.partitions", "2")}, model)[0].chosen);
}

TEST_CASE("a log without a version: no defaults, only the spelling is checked") {
  const model::JobModel model = test::SmallModel("unknown");
  const auto settled = Settle({Draft("a", "spark.sql.adaptive.skewJoin.enabled", "true")}, model);
  CHECK(settled[0].chosen);
  CHECK_FALSE(settled[0].changes[0].from);
}

}  // namespace
}  // namespace advise::recommend
