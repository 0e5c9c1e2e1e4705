// Which settings stand in the block to paste, in which form, and what stays out.
#include <doctest/doctest.h>

#include "recommend/paste_block.h"
#include "recommend/propose.h"
#include "unit/model_fixture.h"

namespace advise::recommend {
namespace {

model::JobModel Run(std::initializer_list<std::pair<const std::string, std::string>> properties = {}) {
  model::JobModel model = test::SmallModel("3.5.3");
  model.has_environment = true;
  model.spark_properties = spark::Properties(properties);
  return model;
}

Recommendation Asks(std::initializer_list<std::pair<std::string, std::string>> settings) {
  Recommendation recommendation;
  for (const auto& [key, value] : settings) {
    Change change;
    change.key = key;
    change.to.text = value;
    recommendation.changes.push_back(std::move(change));
  }
  return recommendation;
}

PasteBlock Paste(std::vector<Recommendation> asked, const model::JobModel& model) {
  return MakePasteBlock(Settle(std::move(asked), model), model);
}

std::string Keys(const std::vector<PastedSetting>& settings) {
  std::string text;
  for (const PastedSetting& setting : settings) text += setting.key + "=" + setting.value.text + " ";
  return text;
}

TEST_CASE("paste block: settings stand once, where they are changed, with who asks for them") {
  const PasteBlock block = Paste({Asks({{"spark.sql.shuffle.partitions", "960"}, {"spark.executor.memory", "8g"}}),
                                  Asks({{"spark.executor.memory", "8g"}}),
                                  Asks({{"spark.speculation", "true"}, {"spark.speculation.multiplier", "3"}})},
                                 Run());
  CHECK(Keys(block.in_session) == "spark.sql.shuffle.partitions=960 ");
  CHECK(Keys(block.at_start) == "spark.executor.memory=8g spark.speculation=true spark.speculation.multiplier=3 ");
  CHECK(block.at_start[0].recommendations == std::vector<std::size_t>{0, 1});
  CHECK(block.left_out.empty());
  CHECK((block.start_form == StartForm::SparkSubmit));
  CHECK(Paste({}, Run()).empty());
}

TEST_CASE("paste block: what is not chosen, and what is no setting, has no place in it") {
  Recommendation code;
  code.changes.resize(1);
  code.changes[0].kind = ChangeKind::Code;
  code.changes[0].to.text = "df.cache()";
  const PasteBlock block =
      Paste({code, Asks({{"spark.no.such.setting.sql", "1"}}), Asks({{"spark.sql.shuffle.partitions", "0"}})}, Run());
  CHECK(block.in_session.empty());
  CHECK(Keys(block.at_start) == "spark.no.such.setting.sql=1 ");  // of a vendor, for all we know
}

TEST_CASE("paste block: what Spark would not take together stays out, the later one") {
  const struct {
    std::string what;
    model::JobModel model;
    std::vector<Recommendation> asked;
    std::string pasted;
    std::string because;
  } rows[] = {
      {"a task wants more cores than an executor would have",
       Run({{"spark.task.cpus", "4"}}),
       {Asks({{"spark.executor.cores", "2"}})},
       "",
       "spark.task.cpus would exceed spark.executor.cores"},
      {"two that are legal alone",
       Run({{"spark.executor.cores", "8"}}),
       {Asks({{"spark.task.cpus", "4"}}), Asks({{"spark.executor.cores", "2"}})},
       "spark.task.cpus=4 ",
       "spark.task.cpus would exceed spark.executor.cores"},
      {"a timeout below the heartbeat",
       Run(),
       {Asks({{"spark.network.timeout", "10s"}})},
       "",
       "spark.executor.heartbeatInterval would reach spark.network.timeout"},
      {"fewer executors at most than at least",
       Run({{"spark.dynamicAllocation.enabled", "true"}, {"spark.dynamicAllocation.minExecutors", "10"}}),
       {Asks({{"spark.dynamicAllocation.maxExecutors", "4"}})},
       "",
       "spark.dynamicAllocation.minExecutors would exceed spark.dynamicAllocation.maxExecutors"},
      {"without effect while its switch is off",
       Run({{"spark.sql.adaptive.enabled", "false"}}),
       {Asks({{"spark.sql.adaptive.advisoryPartitionSizeInBytes", "128m"}})},
       "",
       "spark.sql.adaptive.advisoryPartitionSizeInBytes has no effect while spark.sql.adaptive.enabled is false"},
      {"the switch comes with it",
       Run({{"spark.sql.adaptive.enabled", "false"}}),
       {Asks({{"spark.sql.adaptive.enabled", "true"}}),
        Asks({{"spark.sql.adaptive.advisoryPartitionSizeInBytes", "128m"}})},
       "spark.sql.adaptive.enabled=true spark.sql.adaptive.advisoryPartitionSizeInBytes=128m ",
       ""},
      {"executors that come and go take their shuffle files along",
       Run({{"spark.dynamicAllocation.shuffleTracking.enabled", "false"}}),
       {Asks({{"spark.dynamicAllocation.enabled", "true"}})},
       "",
       "spark.dynamicAllocation.enabled needs spark.shuffle.service.enabled or "
       "spark.dynamicAllocation.shuffleTracking.enabled"},
      {"tracking is on by default from 3.4 on",
       Run(),
       {Asks({{"spark.dynamicAllocation.enabled", "true"}})},
       "spark.dynamicAllocation.enabled=true ",
       ""},
      {"memory off the heap without a size",
       Run(),
       {Asks({{"spark.memory.offHeap.enabled", "true"}})},
       "",
       "spark.memory.offHeap.enabled needs spark.memory.offHeap.size"},
      // What was wrong before is not the new setting's fault.
      {"a wrong run stays as it is",
       Run({{"spark.task.cpus", "4"}, {"spark.executor.cores", "2"}}),
       {Asks({{"spark.executor.memory", "8g"}})},
       "spark.executor.memory=8g ",
       ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const PasteBlock block = Paste(row.asked, row.model);
    CHECK(Keys(block.at_start) + Keys(block.in_session) == row.pasted);
    CHECK((block.left_out.empty() ? std::string() : block.left_out.back().because) == row.because);
  }
}

TEST_CASE("paste block: platforms take settings in forms of their own") {
  model::JobModel model = Run();
  model.app.environment.Set(0, model::Environment::Databricks);
  CHECK((Paste({}, model).start_form == StartForm::ClusterConfig));
  model.app.environment.Set(0, model::Environment::Dataproc);
  CHECK((Paste({}, model).start_form == StartForm::JobProperties));
  model.app.environment.Set(0, model::Environment::Emr);
  CHECK((Paste({}, model).start_form == StartForm::SparkSubmit));
}

}  // namespace
}  // namespace advise::recommend
