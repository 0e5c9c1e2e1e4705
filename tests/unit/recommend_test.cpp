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
  r.changes.resize(1);
  r.changes[0].key = std::move(key);
  r.changes[0].to.text = std::move(to);
  return r;
}

TEST_CASE("old values come from the log, else from the version's defaults; scopes from the catalogue") {
  model::JobModel model = test::SmallModel("3.5.3");
  model.has_environment = true;
  model.spark_properties["spark.executor.memory"] = "4g";
  const auto settled =
      Settle({Draft("a", "spark.executor.memory", "8g"), Draft("b", "spark.sql.shuffle.partitions", "960")}, model);
  CHECK(settled[0].chosen);
  CHECK(settled[0].changes[0].from->text == "4g");
  CHECK(settled[0].changes[0].from->number == 4.0 * spark::kGiB);
  CHECK((settled[0].changes[0].origin == spark::ValueOrigin::Application));
  CHECK((settled[0].changes[0].scope == Scope::Submit));
  CHECK(settled[1].changes[0].from->text == "200");
  CHECK((settled[1].changes[0].origin == spark::ValueOrigin::Default));
  CHECK((settled[1].changes[0].scope == Scope::Session));
}

TEST_CASE("what the session of a query had set is changed in a session, from its value") {
  model::JobModel model = test::SmallModel("3.5.3");
  model.has_environment = true;
  model.spark_properties["spark.sql.adaptive.enabled"] = "true";
  std::vector<std::uint32_t> queries;
  for (const std::string_view conf : {"spark.sql.adaptive.enabled=false", "spark.sql.adaptive.enabled=false", ""}) {
    const std::size_t row = model.sql_executions.AddRow();
    queries.push_back(static_cast<std::uint32_t>(row));
    if (!conf.empty()) model.sql_executions.modified_conf.Mutable(row).push_back(model.strings.Intern(conf));
  }
  Recommendation draft = Draft("a", "spark.sql.adaptive.enabled", "true");
  draft.changes[0].scope = Scope::Submit;
  CHECK(Settle({draft}, model)[0].reason == "the run has these settings already");

  draft.subject = model::Entity::SqlExecution;
  draft.subject_rows = {queries[0], queries[1]};
  const Recommendation settled = Settle({draft}, model)[0];
  CHECK(settled.chosen);
  REQUIRE(settled.changes.size() == 1);
  REQUIRE(settled.changes[0].from);
  CHECK(settled.changes[0].from->text == "false");
  CHECK((settled.changes[0].origin == spark::ValueOrigin::Session));
  CHECK((settled.changes[0].scope == Scope::Session));

  // Queries that differ have no one old value.
  draft.subject_rows = {queries[0], queries[2]};
  const Recommendation mixed = Settle({draft}, model)[0];
  CHECK(mixed.chosen);
  REQUIRE(mixed.changes.size() == 1);
  CHECK_FALSE(mixed.changes[0].from);
  CHECK((mixed.changes[0].scope == Scope::Session));
}

TEST_CASE("what cannot be changed is not chosen, and says why") {
  const model::JobModel old = test::SmallModel("2.4.8");
  CHECK(Settle({Draft("a", "spark.sql.adaptive.skewJoin.enabled", "true")}, old)[0].reason ==
        "Spark 2.4 has no setting spark.sql.adaptive.skewJoin.enabled");

  model::JobModel model = test::SmallModel("3.5.3");
  model.has_environment = true;
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
