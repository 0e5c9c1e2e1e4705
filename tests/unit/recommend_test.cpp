// What is decided about changes.
#include <doctest/doctest.h>

#include "recommend/propose.h"
#include "unit/model_fixture.h"

namespace advise::recommend {
namespace {

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
