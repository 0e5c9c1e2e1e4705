// The catalogue as data, and values of a small model through it.
#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

#include "metrics/catalogue.h"
#include "metrics/evaluate.h"
#include "model_fixture.h"

namespace {

using namespace advise;
using metrics::Attribute;
using metrics::AttributeId;
using metrics::EdgeKind;
using metrics::EdgeRow;
using metrics::Unit;
using metrics::Value;
using metrics::ValueKind;
using model::Entity;
using model::JobModel;

AttributeId Id(Entity entity, std::string_view name) {
  const Attribute* attribute = metrics::Find(entity, name);
  REQUIRE_MESSAGE(attribute != nullptr, std::string(name));
  return attribute->id;
}

std::string Pairs(const std::vector<EdgeRow>& edges) {
  std::string text;
  for (const EdgeRow& edge : edges)
    text += std::to_string(edge.from) + ">" + std::to_string(edge.to) + "(" + std::to_string(edge.edge) + ") ";
  return text;
}

std::string Numbers(const std::vector<std::uint32_t>& rows) {
  std::string text;
  for (const std::uint32_t row : rows) text += std::to_string(row) + " ";
  return text;
}

}  // namespace

TEST_CASE("catalogue: every row is complete and its kind fits its unit") {
  std::set<std::string> names;
  std::size_t position = 0;
  for (const Attribute& attribute : metrics::AllAttributes()) {
    const std::string name = std::string(model::TableName(attribute.entity)) + "." + std::string(attribute.name);
    CAPTURE(name);
    CHECK(static_cast<std::size_t>(attribute.id) == position++);
    CHECK(&metrics::Get(attribute.id) == &attribute);
    CHECK(metrics::Find(attribute.entity, attribute.name) == &attribute);
    CHECK(names.insert(name).second);
    CHECK_FALSE(attribute.doc.empty());
    // Numbers have a unit (a plain id says so), everything else has none.
    CHECK((attribute.kind == ValueKind::Number) == (attribute.unit != Unit::None));
    CHECK((attribute.kind == ValueKind::Enum) == !attribute.enum_values.empty());
    const bool many = attribute.kind == ValueKind::EntitySet || attribute.kind == ValueKind::TextList ||
                      attribute.kind == ValueKind::NumberList;
    if (many) CHECK_FALSE(attribute.nullable);
    if (!many && !attribute.missing_because.empty()) CHECK(attribute.nullable);
    // Reasons and documentation are parts of sentences.
    CHECK_FALSE(attribute.doc.ends_with('.'));
    CHECK_FALSE(attribute.missing_because.ends_with('.'));
    CHECK((attribute.since == 0 || (attribute.since >= 10 && attribute.since <= 43)));
    if (attribute.unit == Unit::Share) CHECK(attribute.high == 1.0);
    if (attribute.unit == Unit::Bytes) CHECK(attribute.low == 0.0);
  }
  std::size_t of_entities = 0;
  for (std::size_t e = 0; e < model::kEntityCount; ++e) {
    const auto attributes = metrics::AttributesOf(static_cast<Entity>(e));
    CHECK_FALSE(attributes.empty());
    of_entities += attributes.size();
    for (const Attribute& attribute : attributes) CHECK(attribute.entity == static_cast<Entity>(e));
  }
  CHECK(of_entities == metrics::AllAttributes().size());
}

TEST_CASE("catalogue: a row says what schema.def says") {
  const Attribute& cpu = metrics::Get(Id(Entity::Task, "cpu_time"));
  CHECK(cpu.kind == ValueKind::Number);
  CHECK(cpu.unit == Unit::Ns);
  CHECK(metrics::UnitName(cpu.unit) == "ns");
  CHECK(cpu.since == 21);
  CHECK(cpu.nullable);
  CHECK(cpu.for_rules);
  CHECK(cpu.whole);
  const Attribute& status = metrics::Get(Id(Entity::Stage, "status"));
  CHECK(status.kind == ValueKind::Enum);
  CHECK(status.enum_values.size() == 5);
  CHECK_FALSE(status.nullable);
  const Attribute& winners = metrics::Get(Id(Entity::Stage, "winners"));
  CHECK(winners.kind == ValueKind::EntitySet);
  CHECK(winners.target == Entity::Task);
  const Attribute& waves = metrics::Get(Id(Entity::Stage, "waves"));
  CHECK_FALSE(waves.whole);
  CHECK_FALSE(metrics::Get(Id(Entity::Executor, "peak_jvm_heap_memory")).for_rules);
  CHECK(metrics::Find(Entity::Stage, "peak_total_gc_time")->since == 33);
  CHECK(metrics::Find(Entity::Stage, "no_such") == nullptr);
  CHECK(metrics::Find(Entity::Job, "winners") == nullptr);
}

TEST_CASE("catalogue: type names of the rule language") {
  CHECK(metrics::FindEntityType("Stage") == metrics::EntityType{.entity = Entity::Stage, .node_kind = std::nullopt});
  CHECK(metrics::FindEntityType("PlanNode") ==
        metrics::EntityType{.entity = Entity::PlanNode, .node_kind = std::nullopt});
  CHECK(metrics::FindEntityType("SortMergeJoin") ==
        metrics::EntityType{.entity = Entity::PlanNode, .node_kind = model::NodeKind::SortMergeJoin});
  CHECK_FALSE(metrics::FindEntityType("stage").has_value());
  std::set<std::string> names;
  for (const std::string_view name : metrics::EntityTypeNames()) {
    CHECK(names.insert(std::string(name)).second);
    CHECK(metrics::FindEntityType(name).has_value());
  }
  for (const auto& edge : metrics::AllEdges()) {
    CHECK(metrics::FindEdge(edge.name) == &edge);
    CHECK_FALSE(edge.doc.empty());
  }
  CHECK(metrics::FindEdge("Shuffle")->as == Entity::Shuffle);
  CHECK(metrics::FindEdge("shuffle") == nullptr);
}

TEST_CASE("values: many rows at once are the rows one by one") {
  JobModel m;
  for (std::int64_t row = 0; row < 10'000; ++row) {  // several blocks, of several widths, and an open one
    const bool missing = row % 7 == 3;
    const std::int64_t value = row < 5000 ? row % 200 : row * 100'000'000;
    if (missing) {
      m.tasks.cpu_time.PushMissing();
    } else {
      m.tasks.cpu_time.Push(value);
    }
    if (missing) {
      m.tasks.failed.PushMissing();
    } else {
      m.tasks.failed.Push(row % 2 == 0);
    }
  }
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 3; row < 9'990; row += row % 1000 < 990 ? 1 : 5) rows.push_back(row);  // runs and gaps
  rows.insert(rows.end(), {9'999, 0, 1, 5, 4});
  std::vector<double> numbers(rows.size());
  metrics::EvaluateNumbers(m, Id(Entity::Task, "cpu_time"), rows, numbers);
  std::vector<std::uint8_t> flags(rows.size());
  metrics::EvaluateFlags(m, Id(Entity::Task, "failed"), rows, flags);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double number = metrics::EvaluateNumber(m, Id(Entity::Task, "cpu_time"), rows[i]);
    REQUIRE((std::isnan(number) ? std::isnan(numbers[i]) : number == numbers[i]));
    const Value flag = metrics::Evaluate(m, Id(Entity::Task, "failed"), rows[i]);
    REQUIRE(flags[i] == (flag.missing() ? 2 : static_cast<int>(flag.boolean)));
  }
}

TEST_CASE("values: missing stays missing, numbers come in the unit of rules") {
  const JobModel m = test::SmallModel();
  const AttributeId cpu = Id(Entity::Task, "cpu_time");
  CHECK(metrics::Evaluate(m, cpu, 0).integer == 2'500'000);  // as stored: ns
  CHECK(metrics::EvaluateNumber(m, cpu, 0) == 2.5);          // for rules: ms
  CHECK(metrics::Evaluate(m, cpu, 2).missing());
  CHECK(std::isnan(metrics::EvaluateNumber(m, cpu, 2)));
  const std::uint32_t rows[] = {1, 2, 3};
  double out[3] = {};
  metrics::EvaluateNumbers(m, cpu, rows, out);
  CHECK(out[0] == 5.0);
  CHECK(std::isnan(out[1]));
  CHECK(out[2] == 1e-6);
  CHECK(metrics::EvaluateNumber(m, Id(Entity::Task, "shuffle_read"), 0) == 0);  // 0 is a value
  CHECK(metrics::EvaluateNumber(m, Id(Entity::Stage, "peak_jvm_heap_memory"), 3) == 777);
  CHECK(std::isnan(metrics::EvaluateNumber(m, Id(Entity::Stage, "peak_jvm_heap_memory"), 0)));

  const Value share = metrics::Evaluate(m, Id(Entity::App, "utilisation"), 0);
  CHECK(share.state == Value::State::Real);
  CHECK(share.real == 0.25);
  CHECK(metrics::Evaluate(m, Id(Entity::Stage, "status"), 1).text == "SKIPPED");
  CHECK(metrics::Evaluate(m, Id(Entity::App, "id"), 0).text == "app-1");
  CHECK(metrics::Evaluate(m, Id(Entity::App, "name"), 0).missing());
  CHECK(metrics::Evaluate(m, Id(Entity::App, "complete"), 0).missing());
  const Value job = metrics::Evaluate(m, Id(Entity::Stage, "job"), 2);
  CHECK(job.state == Value::State::Entity);
  CHECK(job.integer == 1);
}

TEST_CASE("values: sets and lists") {
  const JobModel m = test::SmallModel();
  CHECK(Numbers(metrics::EvaluateSet(m, Id(Entity::Job, "stages"), 1)) == "2 3 ");
  CHECK(Numbers(metrics::EvaluateSet(m, Id(Entity::Stage, "tasks"), 3)) == "3 4 5 ");
  CHECK(metrics::EvaluateSet(m, Id(Entity::Stage, "tasks"), 1).empty());
  // The sets of App are never stored.
  CHECK(metrics::EvaluateSet(m, Id(Entity::App, "tasks"), 0).size() == 6);
  CHECK(Numbers(metrics::EvaluateSet(m, Id(Entity::App, "stages"), 0)) == "0 2 3 ");
  CHECK(Numbers(metrics::EvaluateSet(m, Id(Entity::App, "executor_list"), 0)) == "1 ");
  CHECK(Numbers(metrics::EvaluateSet(m, Id(Entity::App, "jobs"), 0)) == "0 1 ");
  const auto ids = metrics::EvaluateNumberList(m, Id(Entity::Job, "stage_ids"), 1);
  REQUIRE(ids.size() == 2);
  CHECK(ids[0] == 1);
  CHECK(metrics::EvaluateTextList(m, Id(Entity::Job, "tags"), 0).empty());
}

TEST_CASE("why a value is missing") {
  const AttributeId cpu = Id(Entity::Task, "cpu_time");
  CHECK(metrics::WhyMissing(test::SmallModel("2.0.1"), cpu) == "Spark 2.0.1 does not write it (since 2.1)");
  CHECK(metrics::WhyMissing(test::SmallModel("2.1.0"), cpu) == "the attempt ended without metrics");
  CHECK(metrics::WhyMissing(test::SmallModel("vendor"), cpu).find("since") == std::string::npos);
  CHECK(metrics::WhyMissing(test::SmallModel("vendor"), cpu).find("older than Spark 2.1") != std::string::npos);
  CHECK(metrics::WhyMissing(test::SmallModel(), Id(Entity::Job, "end")) == "the job's end is not in the log");
  CHECK_FALSE(metrics::WhyMissing(test::SmallModel(), Id(Entity::Job, "status")).empty());
}

TEST_CASE("keys of entities, both ways") {
  const JobModel m = test::SmallModel();
  CHECK(metrics::EntityKey(m, Entity::Job, 1) == "11");
  CHECK(metrics::EntityKey(m, Entity::Stage, 3) == "2.1");
  CHECK(metrics::EntityKey(m, Entity::Task, 4) == "3#1");
  CHECK(metrics::EntityKey(m, Entity::Executor, 0) == "driver");
  CHECK(metrics::EntityKey(m, Entity::PlanNode, 2) == "7/2");
  CHECK(metrics::EntityKey(m, Entity::PlanNode, 3) == "7/p3");
  CHECK(metrics::EntityKey(m, Entity::PlanNode, 5) == "7/i0");
  for (std::size_t e = 0; e < model::kEntityCount; ++e) {
    const auto entity = static_cast<Entity>(e);
    for (std::uint32_t row = 0; row < m.RowCount(entity); ++row) {
      const std::string key = metrics::EntityKey(m, entity, row);
      CAPTURE(key);
      CHECK(metrics::FindEntity(m, entity, key) == row);
    }
  }
  CHECK(metrics::FindEntity(m, Entity::Stage, "2") == 2);
  CHECK_FALSE(metrics::FindEntity(m, Entity::Stage, "9.0").has_value());
}

TEST_CASE("rows that a pattern variable may bind") {
  const JobModel m = test::SmallModel();
  CHECK(Numbers(metrics::RowsOfType(m, *metrics::FindEntityType("Stage"))) == "0 2 3 ");
  CHECK(Numbers(metrics::RowsOfType(m, *metrics::FindEntityType("Job"))) == "0 1 ");
  CHECK(Numbers(metrics::RowsOfType(m, *metrics::FindEntityType("Join"))) == "2 ");  // not the initial plan's
  CHECK(Numbers(metrics::RowsOfType(m, *metrics::FindEntityType("PlanNode"))) == "0 1 2 3 4 ");
}

TEST_CASE("edges of patterns") {
  const JobModel m = test::SmallModel();
  CHECK(Pairs(metrics::EdgesOf(m, EdgeKind::Shuffle)) == "0>3(0) ");
  CHECK(Pairs(metrics::EdgesOf(m, EdgeKind::Runs)) == "3>4(3) ");          // the join's stage is only guessed
  CHECK(Pairs(metrics::EdgesOf(m, EdgeKind::Feeds)) == "2>0(2) 4>2(4) ");  // over codegen block and query stage
  CHECK(Pairs(metrics::EdgesOf(m, EdgeKind::RanOn)) == "0>1(0) ");
  CHECK(Pairs(metrics::EdgesOf(m, EdgeKind::After)) == "0>1(0) ");
  CHECK(Pairs(metrics::EdgesOf(m, EdgeKind::Retries)) == "2>3(2) ");
  CHECK(metrics::EdgesOf(m, EdgeKind::Caches).empty());
}

TEST_CASE("running tasks over time") {
  const JobModel m = test::SmallModel();
  const auto series = metrics::RunningTasks(m);
  std::string text;
  for (std::size_t i = 0; i < series.times.size(); ++i)
    text += std::to_string(series.times[i]) + ":" + std::to_string(static_cast<int>(series.values[i])) + " ";
  // The attempt without end runs to the end of the log.
  CHECK(text == "1000:0 1100:2 1200:1 1300:1 1350:0 1400:2 1500:3 1900:2 1950:1 2000:0 ");
  CHECK(metrics::RunningTasks(JobModel()).times.empty());
}
