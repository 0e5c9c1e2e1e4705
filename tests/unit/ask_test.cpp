// The parameters that `why-not` tells are tried: at the value the rule fires, one step further it does not. Near
// candidates, and queries against their slow twin.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ask/limits_of_params.h"
#include "ask/select.h"
#include "doctest/doctest.h"
#include "rules/bind/bind_query.h"
#include "rules/match/run_query.h"
#include "rules/match/why_not.h"
#include "rules/syntax/parse.h"
#include "unit/rules_fixture.h"

namespace advise::test {
namespace {

using namespace advise::rules;

constexpr std::string_view kParams =
    "param ratio: Ratio = 4 range 0..1000\n"
    "param size: Bytes = 1GiB range 0B..64GiB\n"
    "param time: Duration = 1h range 0s..48h\n"
    "param share: Ratio = 90%\n"
    "param many: Count = 100 range 0..1000\n";

struct Needed {
  std::string text;  // "size <= 31.99MiB"; empty: none
  bool fires = false;
  bool fires_beyond = false;  // a thousandth further
};

Needed Ask(const std::string& condition) {
  const model::JobModel model = ExampleStage();
  const auto compiled =
      CompileRules(std::string(kParams) + "symptom c(s: Stage) { match (s:Stage) where " + condition + " message \"m\" }");
  REQUIRE(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, model);
  REQUIRE(results.matches.empty());
  Needed needed;
  std::vector<ask::ParamNeed> needs;
  {
    ask::ConditionReader reader(compiled->set, model, results, results.groups, compiled->sources);
    const std::vector<std::uint32_t> rows{0};
    reader.Look(compiled->set.rules[0], rows);
    needs = ask::NeedsOf(compiled->set.rules[0].conjuncts[0].condition, compiled->set, reader);
  }
  if (needs.empty()) return needed;
  MatchOptions options;
  MatchOptions beyond;
  for (const ask::ParamNeed& need : needs) {
    needed.text += (needed.text.empty() ? "" : ", ") + compiled->set.params[need.param].name +
                   (need.at_most ? " <= " : " >= ") + need.literal;
    options.params.push_back({need.param, need.number, {}});
    // Whole numbers have no thousandths.
    const double step = std::max(need.number * 0.002, need.number == std::floor(need.number) ? 1.0 : 0.0);
    beyond.params.push_back({need.param, need.number + (need.at_most ? step : -step), {}});
  }
  needed.fires = !MatchAll(compiled->set, model, options).matches.empty();
  needed.fires_beyond = !MatchAll(compiled->set, model, beyond).matches.empty();
  return needed;
}

}  // namespace

TEST_CASE("ask: the parameter that is told makes the rule fire, and no further one does") {
  // The stage has tasks of 1, 2, 3, 4 and 10 s that read 10 to 100 MiB, and took 12 s.
  const struct {
    std::string condition;
    std::string needed;
  } rows[] = {
      {"max(s.tasks.shuffle_read) / p50(s.tasks.shuffle_read) > ratio", "ratio <= 3.333"},
      {"max(s.tasks.shuffle_read) / p50(s.tasks.shuffle_read) >= ratio", "ratio <= 3.333"},
      {"max(s.tasks.shuffle_read) > size", "size <= 99.9MiB"},
      {"max(s.tasks.shuffle_read) >= size", "size <= 100MiB"},
      {"not max(s.tasks.shuffle_read) < size", "size <= 100MiB"},
      {"size < max(s.tasks.shuffle_read)", "size <= 99.9MiB"},
      {"max(s.tasks.shuffle_read) > 2 * size", "size <= 49.99MiB"},
      {"max(s.tasks.shuffle_read) > size / 2", "size <= 199.9MiB"},
      {"max(s.tasks.shuffle_read) - size > 10MiB", "size <= 89.99MiB"},
      {"10MiB + size < max(s.tasks.shuffle_read)", "size <= 89.99MiB"},
      {"max(s.tasks.shuffle_read) > max(size, 1MiB)", "size <= 99.9MiB"},
      {"max(s.tasks.shuffle_read) > max(size, 1GiB)", ""},
      {"max(s.tasks.shuffle_read) < min(50MiB, 1MiB * ratio)", ""},
      {"s.duration > time", "time <= 11.99s"},
      {"s.duration > share * 20s", "share <= 0.5999"},
      {"s.duration in time..2h", "time <= 12s"},
      {"count(s.tasks) > many", "many <= 4"},
      {"count(s.tasks) >= many", "many <= 5"},
      {"1 > many / 50", "many <= 49"},
      {"100 / many > 20", "many <= 4"},
      {"(count(s.tasks) > many and s.duration > time) or s.duration > 1h", "many <= 4, time <= 11.99s"},
      {"count(s.tasks) > many or s.duration > time", "many <= 4"},
      {"count(s.tasks) = many", ""},
      {"max(s.tasks.shuffle_read) > size * ratio", "size <= 24.99MiB, ratio <= 0.09765"},
      {"count(s.tasks[duration > time]) > 0", ""},
      {"count(s.tasks) > 100", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.condition);
    const Needed needed = Ask(row.condition);
    CHECK(needed.text == row.needed);
    if (needed.text.empty()) continue;
    CHECK(needed.fires);
    // Of two parameters in one comparison each is told for itself.
    if (row.needed.find(", ratio") == std::string::npos && row.condition.find(" or ") == std::string::npos)
      CHECK_FALSE(needed.fires_beyond);
  }
}

TEST_CASE("ask: candidates come nearest first") {
  model::JobModel m = EmptyApp();
  for (std::int64_t id = 0; id < 4; ++id) {
    const std::size_t row = AddStage(m, id);
    m.stages.duration.Set(row, (id + 1) * 1000);
    if (id != 2) m.stages.partitions.Set(row, 10 * id);
  }
  const auto compiled = CompileRules(
      "symptom c(s: Stage) { match (s:Stage) where s.duration > 3500ms and s.partitions > 40 message \"m\" }\n"
      "symptom g(k: Group<Stage>) { match (s:Stage) group by s.status as k where sum(k.duration) > 1h message \"m\" }\n"
      "symptom p(s: Stage) { match (s:Stage)-[:Runs]->(j:Join) message \"m\" }\n"
      "cause q(s: Stage) { for p(s) message \"m\" }\n");
  REQUIRE(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, m);
  REQUIRE(results.matches.empty());
  const NearCandidates near = FindNearCandidates(compiled->set, results, 0, {0xfffffffe}, 10);
  REQUIRE(near.candidates.size() == 4);
  std::vector<std::uint32_t> order;
  for (const NearCandidate& one : near.candidates) order.push_back(one.head[0]);
  // Stage 3 lacks one condition; stage 2 one and one is unknown; the others lack two, of which stage 1 is nearer.
  CHECK(order == std::vector<std::uint32_t>{3, 2, 1, 0});
  CHECK(near.candidates[0].slack == doctest::Approx(0.25));
  const NearCandidates groups = FindNearCandidates(compiled->set, results, *compiled->set.Find("g"), {0xfffffffe}, 10);
  REQUIRE(groups.candidates.size() == 1);
  CHECK(groups.groups[groups.candidates[0].head[0]].members.size() == 4);
  const NearCandidates none = FindNearCandidates(compiled->set, results, *compiled->set.Find("p"), {0xfffffffe}, 10);
  CHECK(none.kind == WhyNot::Kind::NoPattern);
  CHECK(none.stuck.has_value());
  const NearCandidates waits = FindNearCandidates(compiled->set, results, *compiled->set.Find("q"), {0xfffffffe}, 10);
  CHECK(waits.kind == WhyNot::Kind::NoFinding);
  CHECK(waits.rule == *compiled->set.Find("p"));
}

TEST_CASE("ask: what a question names") {
  CHECK(ask::ParseSelector("3")->number == 3);
  CHECK(ask::ParseSelector(" skewed_join ")->rule == "skewed_join");
  CHECK_FALSE(ask::ParseSelector("skewed_join")->ids);
  CHECK(*ask::ParseSelector("a.b( 12 , _, \"x y\")")->ids == std::vector<std::string>{"12", "_", "x y"});
  CHECK(ask::ParseSelector("idle()")->ids->empty());
  CHECK_FALSE(ask::ParseSelector("idle("));
  CHECK_FALSE(ask::ParseSelector("(3)"));
  CHECK_FALSE(ask::ParseSelector("  "));
}

TEST_CASE("ask: a query has the rows of nested loops") {
  model::JobModel m = EmptyApp();
  for (std::int64_t id = 0; id < 12; ++id) {
    const std::size_t row = AddStage(m, id);
    if (id % 5 != 4) m.stages.duration.Set(row, 1000 * ((id * 7) % 11));
    m.stages.partitions.Set(row, id % 3);
  }
  for (std::size_t i = 0; i + 1 < 12; ++i) AddShuffle(m, i, (i * 5 + 3) % 12, static_cast<std::int64_t>(i * 100));
  AddShuffle(m, 0, 3, 900);  // a second edge between the same stages
  const auto compiled = CompileRules("param limit: Duration = 4s\nsymptom slow(s: Stage) { match (s:Stage) where "
                                     "s.duration > limit message \"m\" }\n");
  const MatchResults results = MatchAll(compiled->set, m);
  const auto run = [&](const std::string& text) {
    Diagnostics diagnostics;
    const auto parsed =
        syntax::ParseQuery(compiled->sources, compiled->sources.Add("<query>", text), Limits(), diagnostics);
    REQUIRE(parsed);
    const auto bound = BindQuery(compiled->set, *parsed, compiled->sources, Limits(), diagnostics);
    CHECK(diagnostics.empty());
    REQUIRE(bound);
    return RunQuery(compiled->set, results, *bound);
  };
  const auto texts = [](const QueryResult& result) {
    std::string text;
    for (const auto& row : result.rows) {
      for (const TypedValue& value : row) text += PrintValue(value).value_or("-") + " ";
    }
    return text;
  };
  // Stages whose duration is missing are unknown.
  const QueryResult slow = run("match (s:Stage) where s.duration > limit return s order by s");
  std::string wanted;
  std::size_t unknown = 0;
  for (std::size_t row = 0; row < m.stages.size(); ++row) {
    if (!m.stages.duration.Has(row)) ++unknown;
    if (m.stages.duration.Has(row) && m.stages.duration.Get(row) > 4000) wanted += std::to_string(row) + ".0 ";
  }
  CHECK(texts(slow) == wanted);
  CHECK(slow.unknown == unknown);
  REQUIRE(slow.missing.size() == 1);
  CHECK(slow.missing[0].name == "Stage.duration");
  CHECK(texts(run("match (s:Stage) where slow(s) return s")) == wanted);
  // Anonymous edges are one way, named ones one each.
  const QueryResult pairs = run("match (a:Stage)-[:Shuffle]->(b:Stage) return a, b");
  const QueryResult edges = run("match (a:Stage)-[x:Shuffle]->(b:Stage) return x.bytes order by x.bytes desc limit 2");
  CHECK(edges.found == m.shuffles.size());
  CHECK(pairs.found == m.shuffles.size() - 1);
  CHECK(texts(edges) == "1000 B 900 B ");
  // Groups, and missing values at the end in both directions.
  CHECK(texts(run("match (s:Stage) group by s.partitions as k return k.partitions, count(k), sum(k.duration) as d "
                  "order by k.partitions desc limit 1")) == "2 4 " + [&] {
    std::int64_t sum = 0;
    for (const std::size_t row : {2U, 5U, 8U, 11U}) sum += m.stages.duration.Has(row) ? m.stages.duration.Get(row) : 0;
    return PrintValue({ValueForm::Duration, static_cast<double>(sum), {}}).value_or("") + " ";
  }());
  const QueryResult up = run("match (s:Stage) return s.duration order by s.duration");
  const QueryResult down = run("match (s:Stage) return s.duration order by s.duration desc");
  CHECK(up.rows.back()[0].form == ValueForm::Missing);
  CHECK(down.rows.back()[0].form == ValueForm::Missing);
  CHECK(run("match (s:Stage) return s limit 0").rows.empty());
  CHECK(run("match (s:Stage) return s limit 0").found == 12);
}

}  // namespace advise::test
