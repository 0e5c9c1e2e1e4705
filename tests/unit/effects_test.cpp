// What an advice would do to a run, as typed effects.
#include <doctest/doctest.h>

#include "recommend/effects.h"
#include "unit/rules_fixture.h"

namespace advise::test {
namespace {

using namespace model;

std::vector<model::Effect> EffectsIn(const JobModel& model, const std::string& clauses) {
  const auto compiled = CompileRules(
      "cause c(s: Stage, j: Join) { match (s:Stage)-[:Runs]->(j:Join) where s.id = 1 message \"m\" }\n"
      "advice a(s: Stage, j: Join) { for c(s, j) " +
      clauses + " fix \"f\" }");
  CHECK(compiled->Messages() == "");
  const rules::MatchResults results = rules::MatchAll(compiled->set, model);
  const rules::MatchReader reader(results);
  for (const rules::Match& match : results.matches) {
    if (compiled->set.rules[match.rule].name == "a")
      return recommend::EffectsOf(compiled->set, results, match, reader, model).effects;
  }
  FAIL("the advice does not match");
  return {};
}

// Stage 1 of a query with two tasks and a join; stage 0 stands before it.
JobModel QueryRun() {
  JobModel m = EmptyApp("3.5.3");
  for (std::int64_t id = 0; id < 2; ++id) m.stages.duration.Set(AddStage(m, id), 1000);
  m.stages.attempts.Mutable(1) = {StageRow(std::size_t{0}), StageRow(std::size_t{1})};
  Runs(m, 1, AddNode(m, NodeKind::SortMergeJoin, 7));
  m.stages.sql_execution.Set(1, SqlRow(std::size_t{0}));
  for (const std::int64_t read : {kMiB, 3 * kMiB}) AddTask(m, {.stage = 1, .duration = 1000, .shuffle_read = read});
  return m;
}

TEST_CASE("effects: names become rows, values numbers in base units, intervals both their ends") {
  const JobModel model = QueryRun();
  const auto one = [&](const std::string& effect) {
    const std::vector<model::Effect> effects = EffectsIn(model, "effect { " + effect + " }");
    REQUIRE(effects.size() == 1);
    return effects[0];
  };
  CHECK(one("set s.partitions = 960") ==
        model::Effect(SetAttribute{{Entity::Stage, {1}, "partitions"}, {ValueForm::Number, 960, 960}}));
  CHECK(one("set app.executors = 8") ==
        model::Effect(SetAttribute{{Entity::App, {0}, "executors"}, {ValueForm::Number, 8, 8}}));
  const auto scale = std::get<ScaleAttribute>(one("scale s.tasks.gc_time by 30%..60%"));
  CHECK(scale.target == EffectTarget{Entity::Task, {0, 1}, "gc_time"});
  CHECK(scale.factor.low == doctest::Approx(0.3));
  CHECK(scale.factor.high == doctest::Approx(0.6));
  const auto cap = std::get<CapAttribute>(one("cap s.tasks.shuffle_read at (1.5..2.5) * max(s.tasks.shuffle_read)"));
  CHECK(cap.limit.form == ValueForm::Bytes);
  CHECK(cap.limit.low == 4.5 * kMiB);
  CHECK(cap.limit.high == 7.5 * kMiB);
  CHECK(one("drop s") == model::Effect(DropRows{Entity::Stage, {1}}));
  CHECK(one("drop rest(s.attempts)") == model::Effect(DropRows{Entity::Stage, {1}}));
  const auto replace = std::get<ReplaceNode>(one("replace j with BroadcastHashJoin(bytes = 3MiB)"));
  CHECK(replace.node == NodeRow(std::size_t{0}));
  CHECK(replace.with == NodeKind::BroadcastHashJoin);
  REQUIRE(replace.arguments.size() == 1);
  CHECK(replace.arguments[0].first == "bytes");
  CHECK(replace.arguments[0].second == EffectRange{ValueForm::Bytes, 3.0 * kMiB, 3.0 * kMiB});
}

TEST_CASE("effects: a changed setting is an effect, once, for the queries of its subject") {
  const JobModel model = QueryRun();
  const auto effects = EffectsIn(model,
                                 "effect { set conf \"spark.sql.shuffle.partitions\" = 8 } "
                                 "change conf \"spark.sql.shuffle.partitions\" = 8 scope session "
                                 "change conf \"spark.executor.memory\" = 8GiB");
  REQUIRE(effects.size() == 2);
  const auto& partitions = std::get<SetSetting>(effects[0]);
  CHECK(partitions.key == "spark.sql.shuffle.partitions");
  CHECK(partitions.value == spark::SettingValue{"8", spark::SettingType::Integer, 8});
  CHECK(partitions.subject == Entity::Stage);
  CHECK(partitions.subject_rows == std::vector<std::uint32_t>{1});
  // What no session can change is the application's.
  const auto& memory = std::get<SetSetting>(effects[1]);
  CHECK(memory.value.text == "8g");
  CHECK(memory.subject_rows.empty());
}

TEST_CASE("effects: without a value, or with a filter in the target, there is none") {
  const JobModel model = QueryRun();
  CHECK(EffectsIn(model, "effect { set s.partitions = s.input_records }").empty());
  CHECK(EffectsIn(model, "effect { scale s.tasks[not winner].duration by 0%..10% }").empty());
}

}  // namespace
}  // namespace advise::test
