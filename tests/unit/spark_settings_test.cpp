// The catalogue of settings, their values, and which value is in force where.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "spark/effective.h"
#include "spark/settings.h"
#include "spark/values.h"
#include "spark/version.h"

namespace advise::spark {
namespace {

// ---------------------------------------------------------------- values
TEST_CASE("spark: byte settings are read as Spark reads them") {
  const struct {
    std::string text;
    std::int64_t unit;
    std::optional<std::int64_t> bytes;
  } rows[] = {
      {"1g", kMiB, kGiB},
      {"512m", kMiB, 512 * kMiB},
      {"1024", kMiB, kGiB},
      {"1024", 1, 1024},
      {" 2GB ", kMiB, 2 * kGiB},
      {"9397M", kMiB, 9397 * kMiB},
      {"64k", 1, 65536},
      {"-1", 1, -1},
      {"1.5g", kMiB, std::nullopt},
      {"", kMiB, std::nullopt},
      {"g", kMiB, std::nullopt},
      {"1x", kMiB, std::nullopt},
      {"8192p", 1, std::nullopt},
      {"7p", 1, 7 * kGiB * kMiB},
      {"10 m", 1, std::nullopt},
      {"99999999999999999999", 1, std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(ParseBytes(row.text, row.unit) == row.bytes);
  }
}

TEST_CASE("spark: times, flags and numbers of settings") {
  CHECK(ParseTimeMs("10s", 1) == 10'000);
  CHECK(ParseTimeMs("5min", 1) == 300'000);
  CHECK(ParseTimeMs("2h", 1) == 7'200'000);
  CHECK(ParseTimeMs("120", 1000) == 120'000);
  CHECK(ParseTimeMs("1500us", 1) == 1);
  CHECK(ParseTimeMs("100MS", 1) == 100);
  CHECK(ParseTimeMs("1w", 1) == std::nullopt);
  CHECK(ParseBool("TRUE ") == true);
  CHECK(ParseBool("false") == false);
  CHECK(ParseBool("yes") == std::nullopt);
  CHECK(ParseInt(" 42 ") == 42);
  CHECK(ParseInt("4.0") == std::nullopt);
  CHECK(ParseReal("0.25") == 0.25);
  CHECK(ParseReal("1/4") == std::nullopt);
  CHECK(ParseReal("nan") == std::nullopt);
}

// ---------------------------------------------------------------- the catalogue
TEST_CASE("spark: settings are sorted by key, once each, with defaults that parse") {
  const auto settings = AllSettings();
  REQUIRE(settings.size() > 1500);
  for (std::size_t i = 1; i < settings.size(); ++i) CHECK(settings[i - 1].key < settings[i].key);
  for (const Setting& setting : settings) {
    const std::string key(setting.key);
    CAPTURE(key);
    CHECK(FindSetting(setting.key) == &setting);
    if (setting.type == SettingType::Text) continue;
    for (const int version : {24, 30, 31, 32, 33, 34, 35, 40, 41, 42, 43}) {
      if (const auto value = DefaultFor(setting, version)) {
        const std::string text(*value);
        CAPTURE(text);
        CHECK(ParseValue(setting, *value).has_value());
      }
    }
  }
}

TEST_CASE("spark: defaults by version") {
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
    const Setting* setting = FindSetting(row.key);
    REQUIRE(setting != nullptr);
    CHECK(DefaultFor(*setting, row.version) == row.want);
  }
  CHECK(FindSetting("spark.sql.no.such.setting") == nullptr);
}

TEST_CASE("spark: values in base units, as Spark parses them") {
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
    const Setting* setting = FindSetting(row.key);
    REQUIRE(setting != nullptr);
    CHECK(ParseValue(*setting, row.text) == row.want);
  }
}

TEST_CASE("spark: what is spelled is read back") {
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
    const Setting* setting = FindSetting(row.key);
    REQUIRE(setting != nullptr);
    const std::string text = SpellValue(*setting, row.value);
    CHECK(text == row.want);
    CHECK(ParseValue(*setting, text).value_or(-7) >= row.value);
  }
}

TEST_CASE("spark: legality names the version or what is expected") {
  CHECK_FALSE(CheckValue("spark.sql.shuffle.partitions", "960", 35));
  CHECK(CheckValue("spark.sql.adaptive.skewJoin.enabled", "true", 24) ==
        "Spark 2.4 has no setting spark.sql.adaptive.skewJoin.enabled");
  CHECK_FALSE(CheckValue("spark.sql.adaptive.skewJoin.enabled", "true", 0));
  CHECK(CheckValue("spark.sql.shuffle.partitions", "many", 35) ==
        "spark.sql.shuffle.partitions wants a whole number, not many");
  CHECK(CheckValue("spark.sql.shuffle.partitions", "0", 35) == "spark.sql.shuffle.partitions is at least 1");
  CHECK(CheckValue("spark.memory.storageFraction", "1", 35) == "spark.memory.storageFraction is less than 1");
  CHECK(CheckValue("spark.sql.shufle.partitions", "1", 35) == "Spark has no setting spark.sql.shufle.partitions");
  CHECK_FALSE(CheckValue("spark.rapids.sql.enabled", "1", 35));
}

TEST_CASE("spark: a key that is not registered may exist, unless it is near to one that is") {
  for (const std::string_view key :
       {"mapreduce.input.fileinputformat.split.maxsize", "spark.databricks.io.cache.enabled", "spark.hadoop.fs.s3a.x",
        "spark.executorEnv.PATH", "spark.sql.catalog.lake", "spark.task.resource.gpu.amount", "spark.acme.owner",
        "spark.shuffle.io.maxRetries", "spark.yarn.executor.memoryOverhead"}) {
    const std::string name(key);
    CAPTURE(name);
    CHECK(FindSetting(key) == nullptr);
    CHECK(MayExist(key));
  }
  for (const std::string_view key :
       {"spark.sql.shufle.partitions", "spark.sgl.shuffle.partitions", "spark.executor.memroy",
        "spark.sql.no.such.thing", "spark.executor.nothing.like.it"}) {
    const std::string name(key);
    CAPTURE(name);
    CHECK_FALSE(MayExist(key));
  }
  CHECK(FindByAnyName("spark.yarn.executor.memoryOverhead") == FindSetting("spark.executor.memoryOverhead"));
  CHECK(FindByAnyName("spark.acme.owner") == nullptr);
  CHECK(NearestSetting("spark.sql.shufle.partitions") == "spark.sql.shuffle.partitions");
  CHECK_FALSE(NearestSetting("spark.acme.owner"));
}

// ---------------------------------------------------------------- what is in force
TEST_CASE("spark: a query's session comes before the application, and that before the default") {
  const Properties application = {{"spark.sql.shuffle.partitions", "400"},
                                  {"spark.executor.memory", "4g"},
                                  {"spark.yarn.executor.memoryOverhead", "1024"},
                                  {"spark.network.timeout", "300s"},
                                  {"spark.sql.files.maxPartitionBytes", "lots"},
                                  {"spark.ssl.keyPassword", "*********(redacted)"},
                                  {"spark.acme.owner", "sales"}};
  const std::vector<Property> session = {{"spark.sql.shuffle.partitions", "8"},
                                         {"spark.sql.adaptive.enabled", "false"},
                                         {"spark.executor.memory", "64g"},
                                         {"spark.acme.owner", "me"}};
  const SettingSources run{&application, {}, ParseSparkVersion("3.5.1")};
  const SettingSources query{&application, session, ParseSparkVersion("3.5.1")};
  const struct {
    std::string what;
    SettingSources where;
    std::string key;
    std::optional<std::string_view> text;
    std::optional<double> number;
    ValueOrigin origin;
    NoValue why;
  } rows[] = {
      {"application", run, "spark.sql.shuffle.partitions", "400", 400, ValueOrigin::Application, NoValue::HasValue},
      {"session", query, "spark.sql.shuffle.partitions", "8", 8, ValueOrigin::Session, NoValue::HasValue},
      {"default of the version", run, "spark.sql.adaptive.enabled", "true", 1, ValueOrigin::Default, NoValue::HasValue},
      {"session over the default", query, "spark.sql.adaptive.enabled", "false", 0, ValueOrigin::Session,
       NoValue::HasValue},
      {"what a session cannot change", query, "spark.executor.memory", "4g", 4.0 * kGiB, ValueOrigin::Application,
       NoValue::HasValue},
      {"an older name", query, "spark.executor.memoryOverhead", "1024", 1.0 * kGiB, ValueOrigin::Application,
       NoValue::HasValue},
      {"another setting's value", run, "spark.cleaner.referenceTracking.blocking.timeout", std::nullopt, std::nullopt,
       ValueOrigin::None, NoValue::NoDefault},
      {"unreadable", query, "spark.sql.files.maxPartitionBytes", "lots", std::nullopt, ValueOrigin::Application,
       NoValue::Unreadable},
      {"redacted", query, "spark.ssl.keyPassword", std::nullopt, std::nullopt, ValueOrigin::Application,
       NoValue::Redacted},
      {"not registered", query, "spark.acme.owner", "me", std::nullopt, ValueOrigin::Session, NoValue::HasValue},
      {"neither set nor registered", query, "spark.acme.cost", std::nullopt, std::nullopt, ValueOrigin::None,
       NoValue::NoDefault},
      {"no default", query, "spark.cores.max", std::nullopt, std::nullopt, ValueOrigin::None, NoValue::NoDefault},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const EffectiveValue value = Effective(row.key, row.where);
    CHECK(value.text == row.text);
    CHECK(value.number == row.number);
    CHECK((value.origin == row.origin));
    CHECK((value.why == row.why));
    CHECK(Explain(value).empty() == (row.why == NoValue::HasValue));
  }
}

TEST_CASE("spark: a setting that takes another's value takes what that is in force") {
  const Properties application = {{"spark.network.timeout", "800"},
                                  {"spark.sql.adaptive.shuffle.targetPostShuffleInputSize", "1g"}};
  const SettingSources run{&application, {}, ParseSparkVersion("4.2.0")};
  const EffectiveValue size = Effective("spark.sql.adaptive.advisoryPartitionSizeInBytes", run);
  CHECK(size.number == 1.0 * kGiB);
  CHECK(size.inherited);
  CHECK_FALSE(size.is_set());
  CHECK(size.key == "spark.sql.adaptive.shuffle.targetPostShuffleInputSize");
  // A bare number of that other setting counts seconds, here milliseconds.
  CHECK(Effective("spark.cleaner.referenceTracking.blocking.timeout", run).number == 800'000);
}

TEST_CASE("spark: an older name has the type of the new one, but not its default") {
  const Properties application = {{"spark.yarn.executor.memoryOverhead", "1024"}};
  const SettingSources run{&application, {}, ParseSparkVersion("2.2.1")};
  CHECK(Effective("spark.yarn.executor.memoryOverhead", run).number == 1.0 * kGiB);
  CHECK_FALSE(Effective("spark.akka.frameSize", run).text);
}

TEST_CASE("spark: what a session that the log does not hold may have set is a guess") {
  const Properties application = {{"spark.sql.adaptive.enabled", "true"}};
  const std::vector<Property> session = {{"spark.sql.adaptive.enabled", "false"}};
  SettingSources query{&application, {}, ParseSparkVersion("3.2.4")};
  query.session_known = false;
  CHECK(Effective("spark.sql.adaptive.enabled", query).guessed);
  CHECK(Effective("spark.sql.adaptive.enabled", query).number == 1);
  CHECK_FALSE(Effective("spark.executor.memory", query).guessed);  // no session sets it
  query.session = session;
  CHECK_FALSE(Effective("spark.sql.adaptive.enabled", query).guessed);
}

TEST_CASE("spark: without an EnvironmentUpdate or a version nothing is a default") {
  const std::vector<Property> session = {{"spark.sql.shuffle.partitions", "8"}};
  const SettingSources no_environment{nullptr, session, ParseSparkVersion("3.5.1")};
  CHECK((Effective("spark.sql.adaptive.enabled", no_environment).why == NoValue::NoEnvironment));
  CHECK(Effective("spark.sql.shuffle.partitions", no_environment).number == 8);
  const Properties empty;
  const SettingSources no_version{&empty, {}, {}};
  CHECK((Effective("spark.sql.adaptive.enabled", no_version).why == NoValue::NoVersion));
  CHECK((Effective("spark.acme.owner", no_version).why == NoValue::NoDefault));
}

TEST_CASE("spark: versions") {
  CHECK(ParseSparkVersion("3.3.0-amzn-0").since_code() == 33);
  CHECK(ParseSparkVersion("4.0").known);
  CHECK_FALSE(ParseSparkVersion("3").known);
  CHECK_FALSE(ParseSparkVersion("x.y").known);
  CHECK(VersionText(41) == "4.1");
}

}  // namespace
}  // namespace advise::spark
