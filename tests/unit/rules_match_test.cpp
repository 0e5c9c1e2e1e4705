// The matcher: functions, three-valued logic, patterns, groups, layers, texts; and its agreement with the naive twin.
#include "rules/match/match.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <random>
#include <sstream>
#include <string>

#include "diagnose/from_matches.h"
#include "doctest/doctest.h"
#include "rules/bind/bind.h"
#include "rules/functions/function.h"
#include "rules/plan/lower.h"
#include "rules/syntax/text_parser.h"
#include "unit/naive_matcher.h"
#include "unit/rules_fixture.h"

namespace advise::test {
namespace {

using namespace advise::rules;

// The ids of all matches, one a line.
std::string Ids(const Compiled& compiled, const model::JobModel& model, const MatchResults& results) {
  std::string ids;
  for (const Match& match : results.matches) ids += MatchId(compiled.set, model, results, match) + "\n";
  return ids;
}

// "found", "unknown", "no" or the messages of the compiler.
std::string Judge(const std::string& condition, const model::JobModel& model) {
  const auto compiled = CompileRules("cause c(s: Stage) { match (s:Stage) where " + condition + " message \"m\" }");
  if (compiled->diagnostics.CountErrors() > 0) return compiled->Messages();
  const MatchResults results = MatchAll(compiled->set, model);
  if (!results.matches.empty()) return "found";
  return results.outcomes[0].unknown > 0 ? "unknown" : "no";
}

std::string Plain(const std::vector<TextSegment>& segments) {
  std::string text;
  for (const TextSegment& segment : segments) {
    if (!segment.value) {
      text += segment.literal;
    } else if (!segment.value->text.empty()) {
      text += segment.value->text;
    } else {
      text +=
          std::to_string(static_cast<std::int64_t>(segment.value->number)) + std::string(UnitText(segment.value->form));
    }
  }
  return text;
}

TEST_CASE("rules/match: every function's example holds") {
  const model::JobModel model = ExampleStage();
  for (const RuleFunction& function : AllFunctions()) {
    const std::string example(function.example);
    CAPTURE(example);
    CHECK(Judge(example, model) == "found");
    CHECK_FALSE(function.doc.empty());
    CHECK_FALSE(function.signature.empty());
  }
}

TEST_CASE("rules/match: conditions") {
  model::JobModel model = ExampleStage();
  model.stages.status.Set(0, model::StageStatus::Failed);
  model.stages.name.Set(0, model.strings.Intern("collect at Job.scala:12"));
  model.spark_properties["spark.executor.memory"] = "4g";
  model.spark_properties["spark.sql.adaptive.enabled"] = "false";
  const struct {
    std::string condition;
    std::string want;
  } rows[] = {
      {"s.duration = 12s", "found"},
      {"s.duration > 12s", "no"},
      {"s.input_bytes > 0B", "unknown"},
      {"s.input_bytes > 0B or s.duration = 12s", "found"},
      {"s.input_bytes > 0B and s.duration = 12s", "unknown"},
      {"s.input_bytes > 0B and s.duration = 11s", "no"},
      {"not s.input_bytes > 0B", "unknown"},
      {"s.input_bytes is missing", "found"},
      {"s.input_bytes is not missing", "no"},
      {"(s.input_bytes ?? 5B) = 5B", "found"},
      {"if s.duration > 1s then s.duration < 20s else s.input_bytes > 0B", "found"},
      {"s.status = \"FAILED\"", "found"},
      {"s.status in (\"ACTIVE\", \"FAILED\")", "found"},
      {"s.status not in (\"ACTIVE\", \"PENDING\")", "found"},
      {"s.name matches \"^collect at\"", "found"},
      {"s.name not matches \"count\"", "found"},
      {"s.duration in 10s..12s", "found"},
      {"spark >= v3.0", "found"},
      {"spark > v3.5", "no"},  // 3.5.3 is 3.5 as far as written
      {"spark = v3.5", "found"},
      {"spark > v3.5.2", "found"},
      {"spark in v3.0..v3.5", "found"},
      {"spark < v3.5.3", "no"},
      {"conf \"spark.executor.memory\" = 4GiB", "found"},
      {"conf \"spark.network.timeout\" = 2min", "found"},  // default
      {"not conf \"spark.sql.adaptive.enabled\"", "found"},
      {"conf \"spark.no.such\" = \"x\"", "unknown"},
      {"conf_is_set(\"spark.executor.memory\") and not conf_is_set(\"spark.network.timeout\")", "found"},
      {"sum(s.tasks.run_time) / app.slots = 5s", "found"},
      {"s.duration / (s.duration - 12s) > 1", "unknown"},  // division by zero
      {"p50(s.tasks[failed].duration) > 0s", "unknown"},   // of nothing
      {"count(s.tasks[failed]) = 0 and sum(s.tasks[failed].duration) = sum(s.tasks[duration > 1h].duration)", "found"},
      {"argmax(s.tasks by duration).speculative", "found"},
      {"count(s.tasks[duration > p50(s.tasks.duration)]) = 2", "found"},
      {"exists { (s)-[:Runs]->(n:Join) }", "no"},
      {"count { (t:Task) where t.stage = s and t.speculative } = 1", "found"},
      {"s.duration + 1s - 1s = 2 * 6s and -s.duration < 0s", "found"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.condition);
    CHECK(Judge(row.condition, model) == row.want);
  }
}

TEST_CASE("rules/match: what is not evaluated names its inputs") {
  const model::JobModel model = ExampleStage();
  const auto compiled = CompileRules(R"rules(
    cause a(s: Stage) { match (s:Stage) where s.input_bytes > 1B and s.duration > 1s message "m" }
    cause b(s: Stage) { match (s:Stage) needs Executor.peak_heap_used message "m" }
    cause c(s: Stage) { applies when spark < v3.0 match (s:Stage) where s.input_bytes > 1B message "m" }
    cause d(s: Stage) { match (s:Stage) where not a(s) message "m" }
    cause e(s: Stage) { for a(s) message "m" }
    cause f(s: Stage) { match (s:Stage) where s.duration / (s.duration - s.duration) > 1 message "m" }
  )rules");
  CHECK(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, model);
  CHECK(results.matches.empty());
  const auto outcome = [&](std::string_view rule) { return results.outcomes[*compiled->set.Find(rule)]; };
  CHECK(outcome("a").unknown == 1);
  REQUIRE(outcome("a").missing.size() == 1);
  CHECK(outcome("a").missing[0].name == "Stage.input_bytes");
  CHECK(outcome("b").kind == OutcomeKind::NeedsMissing);
  CHECK(outcome("b").missing[0].name == "Executor.peak_heap_used");
  CHECK(outcome("c").kind == OutcomeKind::NotApplicable);
  CHECK(outcome("d").unknown == 1);
  CHECK(outcome("d").missing == outcome("a").missing);
  CHECK(outcome("e").unknown == 1);
  CHECK(outcome("e").missing == outcome("a").missing);
  CHECK(outcome("f").unknown == 1);
  CHECK(outcome("f").missing.empty());
}

// Stage 0 and 1 feed stage 2, which runs a join (node 3) and an aggregate (node 4).
model::JobModel Diamond() {
  model::JobModel m = EmptyApp();
  for (std::int64_t id = 0; id < 4; ++id) m.stages.duration.Set(AddStage(m, id), (id + 1) * 1000);
  AddShuffle(m, 0, 2, 100);
  AddShuffle(m, 1, 2, 300);
  AddShuffle(m, 2, 3, 50);
  Runs(m, 2, AddNode(m, model::NodeKind::SortMergeJoin, 3));
  Runs(m, 2, AddNode(m, model::NodeKind::Aggregate, 4));
  m.plan_nodes.keys.Set(0, m.strings.Intern("user_id"));
  return m;
}

TEST_CASE("rules/match: one finding a head, the best witness supplies the text") {
  const model::JobModel model = Diamond();
  const auto compiled = CompileRules(R"rules(
    cause big_input(s: Stage, j: Join) {
      match (p:Stage)-[x:Shuffle]->(s:Stage)-[:Runs]->(j:Join)
      evidence x.bytes, j.keys
      title "Stage {s.key} reads {x.bytes} from {p.key}"
      message "by {j.keys} in {j}"
    }
    cause reached(s: Stage) { match (a:Stage)-[:Shuffle]->{2,3}(s:Stage) where a.id = 1 message "m" }
    cause back(s: Stage) { match (s)<-[x:Shuffle]-(a:Stage) where x.bytes < 80B message "m" }
    cause both(s: Stage) { match (a:Stage)-[x:Shuffle]->(s:Stage), (b:Stage)-[y:Shuffle]->(s) where x.bytes > 2 * y.bytes message "m" }
  )rules");
  CHECK(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, model);
  CHECK(Ids(*compiled, model, results) ==
        "demo.big_input(2.0, 0/3)\ndemo.reached(3.0)\ndemo.back(3.0)\ndemo.both(2.0)\n");
  CHECK(Plain(results.matches[0].title) == "Stage 2.0 reads 300B from 1.0");
  CHECK(Plain(results.matches[0].message) == "by user_id in 0/3");
  CHECK(results.matches[0].evidence[0].name == "x.bytes");
  CHECK(results.matches[0].evidence[0].value.form == ValueForm::Bytes);
  CHECK(results.matches[0].evidence[0].value.number == 300);
  CHECK(results.matches[0].confidence == kConfidenceHigh);
}

TEST_CASE("rules/match: costs, what is ruled out, and what an advice sees of its cause") {
  const model::JobModel model = Diamond();
  const auto compiled = CompileRules(R"rules(
    param much: Bytes = 1KiB
    symptom slow(s: Stage) { match (s:Stage) where s.duration > 1h message "m" }
    cause big_input(s: Stage, j: Join) {
      match (p:Stage)-[x:Shuffle]->(s:Stage)-[:Runs]->(j:Join)
      let share = x.bytes / s.duration
      let inputs = count { (q)-[:Shuffle]->(s) }
      costs s.duration - 1s
      rules out slow when x.bytes < much and s.duration < 1h because "{x.bytes} in {s.duration}"
      rules out "a scan" when x.bytes > much
      rules out "one input" when inputs > 1
      evidence x.bytes
      message "m"
    }
    advice fix_it(s: Stage, j: Join) {
      for big_input(s, j)
      where x.bytes > 200B and share > 1B / 1min and inputs = 2
      fix "{x.bytes} from {p.key}, {count(s.tasks)} tasks, {inputs} inputs"
    }
    advice any_join(s: Stage) { for big_input(s, _) let p = s.id fix "{x.bytes} {j.keys} {p}" }
    advice no_such(s: Stage) { for big_input(s, _) where x.bytes > 300B fix "f" }
  )rules");
  CHECK(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, model);
  REQUIRE(Ids(*compiled, model, results) == "demo.big_input(2.0, 0/3)\ndemo.fix_it(2.0, 0/3)\ndemo.any_join(2.0)\n");
  CHECK(results.matches[0].costs_ms == 2000);
  REQUIRE(results.matches[0].ruled_out.size() == 2);
  const RuledOutValue& slow = results.matches[0].ruled_out[0];
  CHECK(slow.rule == "demo.slow");
  CHECK(Plain(slow.because) == "300B in 3000ms");
  REQUIRE(slow.conditions.size() == 2);
  CHECK(slow.conditions[0].text == "x.bytes < much");
  CHECK(slow.conditions[0].left->number == 300);
  CHECK(results.matches[0].ruled_out[1].phrase == "one input");
  CHECK(Plain(results.matches[1].fix) == "300B from 1.0, 0count tasks, 2count inputs");
  CHECK(Plain(results.matches[2].fix) == "300B user_id 2");
}

TEST_CASE("rules/match: layers, explains, confidence, severity, changes, conditions") {
  model::JobModel model = Diamond();
  const auto compiled = CompileRules(R"rules(
    param limit: Duration = 2s range 1s..1h
    symptom slow(s: Stage) { match (s:Stage) where s.duration > limit message "slow" }
    cause joins(s: Stage, j: Join) {
      match (s:Stage)-[:Runs]->(j:Join)
      explains slow(s)
      confidence 95% when s.duration > 1h, low otherwise
      severity high when s.duration > 1h, low otherwise
      message "joins"
    }
    cause other(s: Stage) { for slow(s) where not joins(s, _) message "other" }
    advice fix(s: Stage) {
      for joins(s, _)
      let n = ceil(s.duration / 400ms)
      change conf "spark.sql.shuffle.partitions" = n scope session
      change code "repartition({n})"
      overlaps with fix2(s)
      fix "Use {n}."
    }
    advice fix2(s: Stage) { for slow(s) fix "f" }
  )rules");
  CHECK(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, model);
  REQUIRE(Ids(*compiled, model, results) ==
          "demo.slow(2.0)\ndemo.slow(3.0)\ndemo.joins(2.0, 0/3)\ndemo.other(3.0)\n"
          "demo.fix2(2.0)\ndemo.fix2(3.0)\ndemo.fix(2.0)\n");
  CHECK(results.matches[2].explains == std::vector<std::uint32_t>{0});
  CHECK(results.matches[2].confidence == 0.5);
  CHECK(results.matches[2].severity == rules::Severity::Low);
  CHECK(results.matches[3].reads == std::vector<std::uint32_t>{1});
  const Match& fix = results.matches[6];
  CHECK(fix.reads == std::vector<std::uint32_t>{2});
  REQUIRE(fix.relations.size() == 1);
  CHECK(fix.relations[0].match == 4);
  REQUIRE(fix.changes.size() == 2);
  CHECK(fix.changes[0].value->number == 8);
  CHECK(fix.changes[0].scope == Scope::Session);
  CHECK(Plain(fix.changes[1].text) == "repartition(8count)");
  REQUIRE(results.matches[0].conditions.size() == 1);
  CHECK(results.matches[0].conditions[0].text == "s.duration > limit");
  CHECK(results.matches[0].conditions[0].left->number == 3000);
  CHECK(results.matches[0].conditions[0].right->number == 2000);
}

TEST_CASE("rules/match: `conf` asks the session of the subject's query, else the application") {
  model::JobModel model = EmptyApp("3.5.3");
  model.spark_properties["spark.sql.shuffle.partitions"] = "400";
  model.spark_properties["spark.executor.memory"] = "4g";
  // Stage 0 is of a query that sets what it can and what it cannot, stage 1 of one that sets nothing, stage 2 of none.
  for (int query = 0; query < 2; ++query) {
    const std::size_t row = model.sql_executions.AddRow();
    model.sql_executions.id.Set(row, query);
  }
  for (const std::string_view conf :
       {"spark.executor.memory=64g", "spark.sql.adaptive.enabled=false", "spark.sql.shuffle.partitions=8"}) {
    model.sql_executions.modified_conf.Mutable(0).push_back(model.strings.Intern(conf));
  }
  for (std::size_t stage = 0; stage < 3; ++stage) {
    AddStage(model, static_cast<std::int64_t>(stage));
    model.stages.duration.Set(stage, 1000);
    if (stage < 2) model.stages.sql_execution.Set(stage, model::SqlRow(stage));
    AddTask(model, {.stage = stage, .duration = 1000, .shuffle_read = {}});
  }
  const struct {
    std::string rule;
    std::string findings;
  } rows[] = {
      {"symptom a(s: Stage) { match (s:Stage) where conf \"spark.sql.shuffle.partitions\" = 8 message \"m\" }",
       "demo.a(0.0)\n"},
      {"symptom a(s: Stage) { match (s:Stage) where conf \"spark.sql.shuffle.partitions\" = 400 message \"m\" }",
       "demo.a(1.0)\ndemo.a(2.0)\n"},
      {"symptom a(s: Stage) { match (s:Stage) where not conf \"spark.sql.adaptive.enabled\" message \"m\" }",
       "demo.a(0.0)\n"},
      {"symptom a(q: SqlExecution) { match (q:SqlExecution) where conf_is_set(\"spark.sql.adaptive.enabled\") message "
       "\"m\" }",
       "demo.a(0)\n"},
      // What a session cannot change stays the application's.
      {"symptom a(s: Stage) { match (s:Stage) where conf \"spark.executor.memory\" = 4GiB message \"m\" }",
       "demo.a(0.0)\ndemo.a(1.0)\ndemo.a(2.0)\n"},
      // A head without anything of a query asks the application, whatever the pattern binds.
      {"symptom a() { match (s:Stage) where s.id = 0 and conf \"spark.sql.shuffle.partitions\" = 400 message \"m\" }",
       "demo.a()\n"},
      // As a number in a computation that is kept for each row.
      {"symptom a(s: Stage) { match (s:Stage) where s.duration * 1 > conf \"spark.sql.shuffle.partitions\" * 10ms "
       "message \"m\" }",
       "demo.a(0.0)\n"},
      // With `group by` the single member is asked, in a condition that does not look at the group.
      {"symptom a(k: Group<Stage>) { match (s:Stage) group by s.status as k where conf "
       "\"spark.sql.shuffle.partitions\" = 400 "
       "and count(k) = 2 message \"m\" }",
       "demo.a(COMPLETE)\n"},
      // Of a group that is read, the queries must agree: here they do not.
      {"symptom b(k: Group<Stage>) { match (s:Stage) group by s.status as k where count(k) = 3 message \"m\" }\n"
       "cause a(k: Group<Stage>) { for b(k) where conf \"spark.sql.shuffle.partitions\" > 0 message \"m\" }",
       "demo.b(COMPLETE)\n"},
      {"symptom b(k: Group<Stage>) { match (s:Stage) group by s.status as k where s.id > 0 and count(k) = 2 message "
       "\"m\" }\n"
       "cause a(k: Group<Stage>) { for b(k) where conf \"spark.sql.shuffle.partitions\" = 400 message \"m\" }",
       "demo.b(COMPLETE)\ndemo.a(COMPLETE)\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rule);
    const auto compiled = CompileRules(row.rule);
    CHECK(compiled->Messages() == "");
    const MatchResults results = MatchAll(compiled->set, model);
    CHECK(Ids(*compiled, model, results) == row.findings);
  }
  const auto compiled = CompileRules(rows[8].rule);
  const MatchResults results = MatchAll(compiled->set, model);
  REQUIRE(results.outcomes[1].missing.size() == 1);
  CHECK(results.outcomes[1].missing[0].name == "conf \"spark.sql.shuffle.partitions\"");
}

TEST_CASE("rules/match: group by") {
  model::JobModel model = EmptyApp();
  const struct {
    model::GapKind kind;
    std::int64_t duration;
  } gaps[] = {{model::GapKind::Planning, 100},
              {model::GapKind::Listing, 5000},
              {model::GapKind::Planning, 7000},
              {model::GapKind::Planning, 10}};
  for (const auto& gap : gaps) {
    const std::size_t row = model.gaps.AddRow();
    model.gaps.id.Set(row, static_cast<std::int64_t>(row));
    model.gaps.kind.Set(row, gap.kind);
    model.gaps.duration.Set(row, gap.duration);
  }
  const auto compiled = CompileRules(R"rules(
    cause gaps(k: Group<Gap>) {
      match (g:Gap) group by g.kind as k
      let idle = sum(k.duration)
      where g.duration >= 50ms and idle > 5% of app.duration
      evidence argmax(k by duration)
      message "{k.kind}: {idle} in {count(k)}, longest {max(k.duration)} ({k})"
    }
    advice plan(k: Group<Gap>) { for gaps(k) where k.kind = "planning" fix "p {k.kind}" }
  )rules");
  CHECK(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, model);
  REQUIRE(Ids(*compiled, model, results) == "demo.gaps(planning)\ndemo.plan(planning)\n");
  CHECK(Plain(results.matches[0].message) == "planning: 7100ms in 2count, longest 7000ms (planning)");
  CHECK(results.groups[results.matches[0].head[0]].members == std::vector<std::uint32_t>{0, 2});
  CHECK(Plain(results.matches[1].fix) == "p planning");
  // The finding is about a group: the row is that of its first member, not that of the group.
  const std::vector<diagnose::Finding> found = diagnose::FromMatches(compiled->set, results, model);
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].subject.size() == 1);
  CHECK(found[0].subject[0].role == "gap_group");
  CHECK(found[0].subject[0].key == "planning");
  CHECK(found[0].subject[0].group);
  CHECK(found[0].subject[0].row == 0);
}

TEST_CASE("rules/match: group by shares tells them apart") {
  model::JobModel model = Diamond();
  const double shares[] = {0.25, 0.5, 0.25, 1.0};
  for (std::size_t row = 0; row < 4; ++row) model.stages.gc_share.Set(row, shares[row]);
  const auto compiled = CompileRules(
      "cause c(k: Group<Stage>) { match (s:Stage) group by s.gc_share as k where count(k) >= 1 message \"{count(k)}\" }");
  CHECK(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, model);
  CHECK(Ids(*compiled, model, results) == "demo.c(0.25)\ndemo.c(0.5)\ndemo.c(1)\n");
}

TEST_CASE("rules/match: overrides and suppressions") {
  model::JobModel model = Diamond();
  model.app.last_event.Set(0, 1'796'083'200'000);  // 2026-12-01
  const std::string rules = R"rules(
    param limit: Duration = 2s range 1s..1h
    symptom slow(s: Stage) { match (s:Stage) where s.duration > limit message "slow" }
    cause c(s: Stage) { for slow(s) message "c" }
    override demo { param limit = 3500ms }
    override c { severity info disable because "we know" until 2026-12-01 }
  )rules";
  SUBCASE("as long as they run") {
    const auto compiled = CompileRules(rules + "suppress slow(s) where s.id = 3 because \"DATA-1\" until 2026-12-02");
    CHECK(compiled->Messages() == "");
    const MatchResults results = MatchAll(compiled->set, model);
    REQUIRE(results.matches.size() == 2);
    CHECK(results.matches[0].suppressed == "DATA-1");
    CHECK(results.matches[1].is_suppressed);
    CHECK(results.matches[1].suppressed == "we know");
    CHECK(results.matches[1].severity == rules::Severity::Info);
  }
  SUBCASE("lapsed by the end of the log") {
    const auto compiled = CompileRules(rules + "suppress slow(_) because \"DATA-1\" until 2026-11-30");
    CHECK(compiled->Messages() == "");
    CHECK_FALSE(MatchAll(compiled->set, model).matches[0].is_suppressed);
  }
  SUBCASE("--set wins over override") {
    const auto compiled = CompileRules(rules, {{"limit", "1500ms"}});
    CHECK(compiled->Messages() == "");
    CHECK(MatchAll(compiled->set, model).outcomes[0].matches == 3);
  }
}

TEST_CASE("rules/match: too many combinations are given up, not waited for") {
  const model::JobModel model = Diamond();
  const auto compiled = CompileRules(
      "cause c(a: Stage) { match (a:Stage), (b:Stage), (c:Stage) message \"m\" } cause d(a: Stage) { for c(a) message "
      "\"m\" }");
  MatchOptions options;
  options.limits.rule_steps = 50;
  options.limits.rule_steps_per_row = 0;
  const MatchResults results = MatchAll(compiled->set, model, options);
  CHECK(results.matches.empty());
  CHECK(results.outcomes[0].kind == OutcomeKind::TooMany);
}

TEST_CASE("rules/match: texts that stand elsewhere") {
  const model::JobModel model = Diamond();
  const auto compiled = CompileRules(R"rules(
    def twice(d: Duration) => Duration = 2 * d
    cause c(s: Stage) { match (s:Stage) let d = s.duration where d > 3s message "m" }
  )rules");
  const MatchResults results = MatchAll(compiled->set, model);
  REQUIRE(results.matches.size() == 1);
  const std::string text = "{s.key}: {twice(d)}, {count(s.tasks[failed])} failed, {count { (p)-[:Shuffle]->(s) }}";
  std::vector<std::uint32_t> offsets(text.size() + 1);
  std::iota(offsets.begin(), offsets.end(), 0U);
  syntax::TextParser parser(compiled->sources.Add("c.md", text), Limits(), compiled->diagnostics);
  const auto segments = parser.Parse(text, offsets);
  REQUIRE(segments);
  const BoundTexts bound =
      BindRuleTexts(compiled->set, 0, {&*segments}, "template", compiled->sources, Limits(), compiled->diagnostics);
  CHECK(compiled->Messages() == "");
  REQUIRE(bound.texts.at(0));
  const MatchReader reader(results);
  std::vector<TextSegment> filled;
  for (const TextPiece& piece : *bound.texts[0]) {
    filled.push_back({piece.literal, std::nullopt});
    if (piece.hole) filled.back().value = reader.Value(results.matches[0], *piece.hole, bound.slots);
  }
  CHECK(Plain(filled) == "3.0: 8000ms, 0count failed, 1count");
}

// ---------------------------------------------------------------- the naive twin
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool Chance(std::size_t percent) { return Below(100) < percent; }
  // A small value, so that equal ones are common; sometimes missing.
  std::optional<std::int64_t> Small() {
    return Chance(20) ? std::nullopt : std::optional(static_cast<std::int64_t>(Below(5)));
  }
  template <std::size_t N>
  std::string Of(const std::string (&choices)[N]) {
    return choices[Below(N)];
  }

 private:
  std::mt19937_64 engine_;
};

model::JobModel RandomModel(Dice& random) {
  model::JobModel m = EmptyApp();
  if (random.Chance(30)) m.app.slots.Clear(0);
  const std::size_t stages = 1 + random.Below(4);
  const auto set = [&](auto& column, std::size_t row) {
    if (const auto value = random.Small()) column.Set(row, *value);
  };
  for (std::size_t job = 0; job < 2; ++job) {
    m.jobs.id.Set(m.jobs.AddRow(), static_cast<std::int64_t>(job));
    set(m.jobs.duration, job);
  }
  if (random.Chance(60)) m.jobs.after.Mutable(1).push_back(model::JobRow(std::size_t{0}));
  for (std::size_t i = 0; i < stages; ++i) {
    const std::size_t row = AddStage(m, static_cast<std::int64_t>(i));
    if (random.Chance(10)) m.stages.submitted_flag.Set(row, false);
    if (random.Chance(30)) m.stages.status.Set(row, model::StageStatus::Failed);
    set(m.stages.duration, row);
    set(m.stages.shuffle_read_bytes, row);
    set(m.stages.input_bytes, row);
    set(m.stages.partitions, row);
    if (random.Chance(70)) m.stages.job.Set(row, model::JobRow(random.Below(2)));
    if (random.Chance(80)) m.stages.is_cached.Set(row, random.Chance(50));
    if (row > 0 && random.Chance(20)) m.retries.emplace_back(model::StageRow(row - 1), model::StageRow(row));
    for (std::size_t t = random.Below(4); t > 0; --t) {
      AddTask(m, {.stage = row,
                  .duration = random.Small(),
                  .shuffle_read = random.Small(),
                  .failed = random.Chance(20) ? std::nullopt : std::optional(random.Chance(40)),
                  .speculative = random.Chance(30),
                  .winner = random.Chance(70)});
    }
  }
  for (std::size_t i = random.Below(4); i > 0; --i)
    AddShuffle(m, random.Below(stages), random.Below(stages), random.Small());
  m.node_metric_begin.assign(1, 0);
  for (std::size_t i = 0, n = random.Below(4); i < n; ++i) {
    const model::NodeKind kinds[] = {model::NodeKind::SortMergeJoin, model::NodeKind::BroadcastHashJoin,
                                     model::NodeKind::Aggregate};
    const std::size_t node = AddNode(m, kinds[random.Below(3)], static_cast<std::int64_t>(i));
    set(m.plan_nodes.output_rows, node);
    if (random.Chance(70)) {
      model::NodeMetric& metric = m.node_metrics.emplace_back();
      metric.node = model::NodeRow(node);
      metric.name = m.strings.Intern("spill size");
      metric.type = m.strings.Intern(random.Chance(85) ? "size" : "timing");
      if (random.Chance(80)) metric.total = static_cast<std::int64_t>(random.Below(5));
      if (random.Chance(80)) metric.max = static_cast<std::int64_t>(random.Below(5));
    }
    m.node_metric_begin.push_back(static_cast<std::uint32_t>(m.node_metrics.size()));
    if (node > 0 && random.Chance(60)) m.plan_nodes.parent.Set(node, model::NodeRow(random.Below(node)));
    for (std::size_t stage = 0; stage < stages; ++stage) {
      if (random.Chance(40)) Runs(m, stage, node);
    }
  }
  return m;
}

// Conditions over a stage `s`; `j` is a Join and `x` a Shuffle where the pattern binds them.
class RandomRules {
 public:
  explicit RandomRules(Dice& random) : random_(random) {}

  std::string Text() {
    std::string text =
        "param two: Bytes = 2B range 0B..9B\nparam three: Count = 3\n"
        "def spread(d: Dist<Bytes>) => Bytes = max(d) - min(d)\n";
    Add(text, "symptom a(s: Stage) { match (s:Stage)", false, false, 0);
    Add(text, "symptom b(s: Stage, j: Join) { match (s:Stage)-[:Runs]->(j:" + Kind() + ")", true, false, 0);
    Add(text, "symptom c(x: Shuffle) { match (p:Stage)-[x:Shuffle]->(s:Stage)", false, true, 0);
    text += "symptom g(k: Group<Stage>) { match (s:Stage) group by s.status as k where ";
    text += random_.Of({"", "s.duration > 1ms and ", "s.partitions is missing and "});
    text += GroupCondition() + " message \"m\" }\n";
    switch (random_.Below(4)) {
      case 0: Add(text, "cause d(s: Stage) { match (p:Stage)-[x:Shuffle]->(s:Stage)", false, true, 1); break;
      case 1:
        Add(text, "cause d(s: Stage) { match (p:Stage)-[x:Shuffle]->(s:Stage)-[:Runs]->(j:" + Kind() + ")", true, true,
            1);
        break;
      case 2:
        Add(text, "cause d(s: Stage) { match (p:Stage)-[x:Shuffle]->(s:Stage), (q:Stage)-[z:Shuffle]->(s)", false, true,
            1);
        break;
      default: Add(text, "cause d(s: Stage) { match (s:Stage), (n:SortMergeJoin|Aggregate)", false, false, 1); break;
    }
    Add(text, "cause e(s: Stage) { for a(s)", false, false, 1);
    Add(text, "cause f(s: Stage, j: Join) { for b(s, j), a(s)", true, false, 2);
    Add(text, "cause h(s: Stage) { for b(s, _) match (s)<-[x:Shuffle]-(q:Stage)", false, true, 2);
    text += "cause i(k: Group<Stage>) { for g(k) where " + GroupCondition() + " message \"m\" }\n";
    Add(text, "cause l(s: Stage) { match (q:Stage)-[:Shuffle]->{" + random_.Of({"0,1", "1,2", "2,3"}) + "}(s:Stage)",
        false, false, 2);
    text += "cause v(s: Stage) { match (q:Stage)-[z:Shuffle]->{" + random_.Of({"0,1", "1,2", "1,3", "2,3"}) +
            "}(s:Stage) where " +
            random_.Of({"sum(z.bytes) > 2B", "max(z.bytes) >= " + Small() + "B", "count(z) = " + Small(),
                        "count(z.from) > 1", "p50(z[bytes > 1B].bytes) < 4B", "distinct(z.bytes) > 1"}) +
            " evidence count(z) message \"m\" }\n";
    Add(text, "cause o() { match (s:Stage)", false, false, 2);
    Add(text, "cause q(s: Stage) { for a(s), c(x) match (s:Stage)", false, true, 2);
    Add(text, "cause r(j: Join) { match (s:Stage)-[:Runs]->(j:Join)-[:Feeds]->{1,2}(n:Join|Aggregate)", true, false, 2);
    Add(text, "cause t(s: Stage) { match (w:Stage)-[:Retries]->(s:Stage)", false, false, 1);
    text += "cause u(k: Group<Stage>) { match (s:Stage) group by s.status, s.partitions as k where " +
            GroupCondition() + " and " +
            random_.Of({"k.partitions > 1", "k.partitions is missing or k.partitions < 3", "count(k) = 1"}) +
            " message \"m\" }\n";
    return text;
  }

 private:
  std::string Kind() { return random_.Of({"Join", "Join", "SortMergeJoin"}); }
  // The rest of a rule: conditions over `s` and what else the head of the rule binds. `level`: 0 reads no rule, 1 may
  // read a, b and c, 2 also d and e.
  void Add(std::string& text, const std::string& head, bool join, bool shuffle, int level) {
    bound_j_ = join;
    bound_x_ = shuffle;
    text += head;
    const std::size_t conditions = random_.Below(4);
    for (std::size_t i = 0; i < conditions; ++i) text += (i == 0 ? " where " : " and ") + Condition(level, 2);
    if (random_.Chance(50)) text += " evidence " + Bytes();
    if (random_.Chance(30)) {
      text += " confidence 95% when " + Condition(0, 1) +
              random_.Of({", 70% when " + Condition(0, 0) + ", 60% otherwise", ", 60% otherwise", ""});
    }
    if (level > 0 && random_.Chance(40))
      text += random_.Of({" explains a(s)", " explains a(_), b(_, _)", " explains b(s, _)"});
    text += " message \"m\" }\n";
  }

  std::string Compare() { return random_.Of({" > ", " >= ", " < ", " <= ", " = ", " != "}); }

  std::string Condition(int level, int depth) {
    if (depth > 0 && random_.Chance(25)) {
      const std::string left = Condition(level, depth - 1);
      const std::string right = Condition(level, depth - 1);
      return random_.Of({"(" + left + " and " + right + ")", "(" + left + " or " + right + ")", "not (" + left + ")",
                         "(if " + left + " then " + right + " else " + Condition(level, 0) + ")"});
    }
    if (level > 0 && random_.Chance(30)) {
      const std::string no = random_.Of({"not ", ""});
      if (level > 1 && random_.Chance(40)) return no + random_.Of({"d(s)", "d(_)", "e(s)"});
      return no + random_.Of({"a(s)", "b(s, _)", "a(_)", "b(_, _)", "c(_)"});
    }
    switch (random_.Below(17)) {
      case 16:
        return random_.Of({"sum(metric(s.nodes, \"spill size\")) > 2B", "distinct(metric(s.nodes, \"spill size\")) > 1",
                           "count(s.nodes[metric(\"spill size\") > 1B]) = " + Small(),
                           "metric_max(first(s.nodes), \"spill size\") >= 2B",
                           "argmax(s.nodes by metric_max(\"spill size\")).output_rows > 1",
                           "metric(last(s.nodes), \"spill size\") is missing",
                           "hist(metric(s.nodes, \"spill size\")) = \"1 0 0 0 0 0 0 0 0 0\""});
      case 15:
        return random_.Of({"exists { (s)-[c1:Shuffle]->{1,3}(q:Stage) where sum(c1.bytes) > 2B }",
                           "count { (q:Stage)-[c1:Shuffle]->{0,2}(s) where count(c1) = " + Small() + " } > 1",
                           "exists { (n:Join)-[c1:Feeds]->{1,3}(o:PlanNode) where max(metric(c1, \"spill size\")) > 1B "
                           "and sum(c1.output_rows) > 1 }",
                           "all { (s)-[:Runs]->(n:" + Kind() + ") where n.output_rows" + Compare() + Count() + " }",
                           "not all { (s)-[:Runs]->(n) where n.output_rows > 1 and metric(n, \"spill size\") > 1B }",
                           "all { (n:Join)-[:Feeds]->{1,2}(o:PlanNode) where metric(o, \"spill size\") < 3B }"});
      case 14:
        return random_.Of({"s.status matches \"^FA\"", "s.key matches \"[02][.]0$\"", "s.key not matches \"1\""});
      case 13:
        return random_.Of({"cv(s.tasks.duration) > 45%", "gini(s.tasks" + Filter() + ".duration) < 27%",
                           "corr(s.tasks.duration, s.tasks.shuffle_read) > 0.55",
                           "share_top(s.tasks.shuffle_read, 50%) > 55%", "sd(s.winners.duration) > 0.9ms",
                           "sqrt(s.partitions) > 1.5", "log(s.partitions) < 0.8",
                           "trend(s.tasks.duration) > 0ms", "trend(s.winners" + Filter() + ".shuffle_read) >= 1B",
                           "distinct(s.tasks.duration) = 2", "distinct(s.tasks.failed) > 1",
                           "distinct(s.tasks" + Filter() + ".status) < 2", "lower(s.status) = \"failed\"",
                           "lower(s.key) != s.key"});
      case 12:
        return random_.Of({"hist(s.tasks.duration) = \"1 0 0 0 0 0 0 0 0 0\"",
                           "hist(s.winners.shuffle_read) != \"1 0 0 0 0 0 0 0 0 1\"",
                           "hist(s.tasks.duration) is missing"});
      case 11:
        return random_.Of({"exists { (o:Job)-[:After]->(r:Job) where r.duration > o.duration }",
                           "exists { (s)-[:Retries]->{1,3}(q:Stage) }", "s.is_cached", "not s.is_cached",
                           "s.job.id = " + Small(), "first(s.tasks).failed", "last(s.tasks).failed",
                           "exists { (n:Join)-[:Feeds]->(o:PlanNode) where n.output_rows > o.output_rows }"});
      case 10:
        return random_.Of({"first(s.tasks).duration", "last(s.winners).duration", "argmin(s.tasks by duration).duration",
                           "argmax(top(s.winners by duration, 2) by shuffle_read).duration"}) +
               Compare() + Time();
      case 0: return Compared(Bytes(), Bytes());
      case 1: return Compared(Time(), Time());
      case 2: return Compared(Count(), Count());
      case 3: return Bytes() + " in 1B..3B";
      case 4: return Bytes() + " is missing";
      case 5:
        return random_.Of({"s.status = \"FAILED\"", "any(s.tasks.failed)", "all(s.tasks.failed)", "s.job is missing",
                           "s.status in (\"FAILED\", \"ACTIVE\")"});
      case 6: return "exists { (s)-[:Runs]->(n:" + Kind() + ") where n.output_rows" + Compare() + Count() + " }";
      case 7: return "argmax(s.tasks by shuffle_read).duration" + Compare() + Time();
      case 8:
        return "exists { (s)-[y:Shuffle]->(q:Stage) where y.bytes" + Compare() + Bytes() + " and q.duration" +
               Compare() + Time() + " }";
      default: return Bytes() + Compare() + Small() + "B";
    }
  }

  std::string Compared(const std::string& left, const std::string& right) { return left + Compare() + right; }

  std::string GroupCondition() {
    return random_.Of({"count(k) > 1", "sum(k.duration) > 2ms", "k.status = \"FAILED\"",
                       "max(k.shuffle_read_bytes) >= 2B", "count(k.tasks) > " + Small(), "count(rest(k)) >= 1",
                       "count(k[is_cached]) > 0", "mean(k[duration > 1ms].duration) > 2ms", "any(k.is_cached)",
                       "sum(k.tasks.shuffle_read) > 2B", "argmax(k by duration).shuffle_read_bytes > 1B", "trend(k.duration) >= 0ms",
                       "distinct(k.duration) > 1", "last(k).is_cached", "distinct(k.tasks.duration) = 3"});
  }

  std::string Small() { return std::to_string(random_.Below(5)); }
  std::string Filter() {
    return random_.Of({"", "", "[failed]", "[not speculative]", "[duration > 1ms and winner]",
                       "[shuffle_read is missing]", "[duration >= p50(s.tasks.duration)]", "[failed][duration > 1ms]",
                       "[duration in 1ms..2ms]"});
  }
  std::string Bytes() {
    if (bound_x_ && random_.Chance(40)) return "x.bytes";
    if (bound_j_ && random_.Chance(20)) return "metric(j, \"spill size\")";
    return random_.Of({"s.shuffle_read_bytes", "s.input_bytes", "two", Small() + "B", "(s.input_bytes ?? two)",
                       "max(s.tasks" + Filter() + ".shuffle_read)", "sum(s.winners" + Filter() + ".shuffle_read)",
                       "p50(s.tasks" + Filter() + ".shuffle_read)", "spread(s.tasks.shuffle_read)",
                       "(s.shuffle_read_bytes + s.input_bytes)", "2 * s.shuffle_read_bytes",
                       "max(s.shuffle_read_bytes, s.input_bytes)", "sum(s.children.input_bytes)",
                       "sum(top(s.tasks by duration, 2).shuffle_read)", "mad(s.tasks.shuffle_read)",
                       "p99_9(s.tasks.shuffle_read)", "min(s.winners" + Filter() + ".shuffle_read)",
                       "abs(s.shuffle_read_bytes - s.input_bytes)"});
  }
  std::string Time() {
    return random_.Of({"s.duration", Small() + "ms", "mean(s.tasks" + Filter() + ".duration)",
                       "p75(s.winners.duration)", "(s.duration - 1ms)", "min(s.tasks.duration)", "50% of s.duration",
                       "p0_5(s.tasks.duration)", "-s.duration", "s.job.duration"});
  }
  std::string Count() {
    if (bound_j_ && random_.Chance(40)) return "j.output_rows";
    return random_.Of({"s.partitions", "count(s.tasks" + Filter() + ")", "three", Small(), "app.slots",
                       "count(s.tasks.shuffle_read)", "count { (s)-[:Runs]->(n:Join) }",
                       "count { (q:Stage)-[y:Shuffle]->(s) where y.bytes >= 1B }", "ceil(s.shuffle_read_bytes / two)",
                       "count(s.tasks.stage)", "floor(s.partitions / 2)", "round(s.partitions / 3)",
                       "count(top(s.tasks by duration, 2))", "count { (o:Job)-[:After]->(r:Job) }"});
  }

  Dice& random_;
  bool bound_j_ = false;
  bool bound_x_ = false;
};

// Groups have no order that both matchers know.
std::string Sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// What both matchers say, as text, so that a difference is readable.
std::string Describe(const RuleSet& set, const MatchResults& results) {
  std::vector<std::string> lines;
  for (const Match& match : results.matches) {
    std::string text = set.rules[match.rule].name + "(";
    for (std::size_t i = 0; i < match.head.size(); ++i) {
      const bool group = set.rules[match.rule].slots[set.rules[match.rule].head[i]].type.kind == TypeKind::Group;
      for (const std::uint32_t row : group ? results.groups[match.head[i]].members : std::vector{match.head[i]})
        text += std::to_string(row) + " ";
    }
    text += "):";
    for (std::size_t slot = 0; slot < match.witness.size(); ++slot) {
      const Slot& variable = set.rules[match.rule].slots[slot];
      const bool row = variable.type.kind == TypeKind::Entity && variable.role != SlotRole::Element &&
                       variable.role != SlotRole::Inner;
      text += " " + (row && match.witness[slot] != kUnboundSlot && !set.rules[match.rule].group
                         ? std::to_string(match.witness[slot])
                         : "-");
    }
    text += " " + std::to_string(match.confidence);
    for (const std::uint32_t other : match.explains) {
      text += " " + set.rules[results.matches[other].rule].name;
      for (const std::uint32_t row : results.matches[other].head) text += " " + std::to_string(row);
    }
    lines.push_back(text);
  }
  return Sorted(std::move(lines));
}
std::string Describe(const RuleSet& set, const NaiveResults& results) {
  std::vector<std::string> lines;
  for (const NaiveMatch& match : results.matches) {
    std::string text = set.rules[match.rule].name + "(";
    for (const auto& rows : match.head) {
      for (const std::uint32_t row : rows) text += std::to_string(row) + " ";
    }
    text += "):";
    for (const std::uint32_t row : match.witness) text += " " + (row == kUnboundSlot ? "-" : std::to_string(row));
    text += " " + std::to_string(match.confidence);
    // Those of one rule are in the order of their heads, rules in that of the set; each once.
    auto explains = match.explains;
    std::sort(explains.begin(), explains.end());
    explains.erase(std::unique(explains.begin(), explains.end()), explains.end());
    for (const auto& [rule, head] : explains) {
      text += " " + set.rules[rule].name;
      for (const auto& rows : head) text += " " + std::to_string(rows.at(0));
    }
    lines.push_back(text);
  }
  return Sorted(std::move(lines));
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ADVISE_SLOW_BUILD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define ADVISE_SLOW_BUILD 1
#endif
#endif
#ifdef ADVISE_SLOW_BUILD
constexpr std::size_t kDefaultCases = 5'000;
#else
constexpr std::size_t kDefaultCases = 100'000;
#endif

// A case is one rule on one model. ADVISE_RULE_CASES in the environment asks for another number.
TEST_CASE("rules/match: random rules over random models agree with the naive matcher") {
  constexpr int kModels = 5;  // a set of rules: compiling it takes longer than matching
  const char* const wanted = std::getenv("ADVISE_RULE_CASES");
  const std::size_t cases = wanted == nullptr ? kDefaultCases : static_cast<std::size_t>(std::atoll(wanted));
  std::size_t done = 0;
  std::size_t found = 0;
  std::size_t unknown = 0;
  for (std::size_t seed = 0; done < cases; ++seed) {
    Dice random(seed);
    const std::string text = RandomRules(random).Text();
    CAPTURE(seed);
    CAPTURE(text);
    const auto compiled = CompileRules(text);
    CAPTURE(compiled->Messages());
    REQUIRE(compiled->diagnostics.CountErrors() == 0);
    for (int i = 0; i < kModels; ++i) {
      const model::JobModel model = RandomModel(random);
      const MatchResults planned = MatchAll(compiled->set, model);
      const NaiveResults naive = MatchNaively(compiled->set, model);
      REQUIRE(Describe(compiled->set, planned) == Describe(compiled->set, naive));
      for (std::size_t rule = 0; rule < naive.unknown.size(); ++rule) {
        const BoundRule& bound = compiled->set.rules[rule];
        CAPTURE(bound.name);
        if (!bound.group) REQUIRE(planned.outcomes[rule].unknown == naive.unknown[rule]);
        unknown += naive.unknown[rule];
      }
      found += planned.matches.size();
      done += compiled->set.rules.size();
    }
  }
  if (cases >= 5000) {
    CHECK(found > cases / 10);
    CHECK(unknown > cases / 10);
  }
}

// Enough rows and thresholds that columns are coded (evaluation_batch.cpp).
TEST_CASE("rules/match: scans of many rows agree with the naive matcher") {
  Dice random(11);
  model::JobModel model = EmptyApp();
  for (std::int64_t id = 0; id < 5000; ++id) {
    const std::size_t row = AddStage(model, id);
    if (const auto value = random.Small()) model.stages.duration.Set(row, *value);
    if (const auto value = random.Small()) model.stages.input_bytes.Set(row, *value);
    if (random.Chance(10)) model.stages.submitted_flag.Set(row, false);
    if (random.Chance(30)) model.stages.status.Set(row, model::StageStatus::Failed);
  }
  std::string text;
  for (const std::string op : {">", ">=", "<", "<=", "=", "!="}) {
    for (const std::string limit : {"0", "2", "4"}) {
      text += "symptom r" + std::to_string(text.size()) + "(s: Stage) { match (s:Stage) where s.duration " + op + " " +
              limit + "ms and 3B " + op + " s.input_bytes + " + limit +
              "B and (s.duration > 1ms or not s.status = \"FAILED\") message \"m\" }\n";
    }
  }
  text += "symptom last(s: Stage) { match (s:Stage) where s.duration > app.duration - app.duration message \"m\" }\n";
  // A threshold that no scan of a rule has.
  text +=
      "symptom inner(x: App) { match (x:App) where count { (s:Stage) where s.duration > 3ms } > 0 and "
      "count { (s:Stage) where s.duration > 3ms } != count { (s:Stage) where s.duration > 4ms } message \"m\" }\n";
  text += "symptom none(s: Stage) { match (s:Stage) where s.duration > app.startup_time message \"m\" }\n";
  const auto compiled = CompileRules(text);
  REQUIRE(compiled->diagnostics.CountErrors() == 0);  // some can never hold
  const MatchResults planned = MatchAll(compiled->set, model);
  const NaiveResults naive = MatchNaively(compiled->set, model);
  CHECK(Describe(compiled->set, planned) == Describe(compiled->set, naive));
  CHECK(planned.matches.size() > 10'000);
  for (std::size_t rule = 0; rule < naive.unknown.size(); ++rule)
    CHECK(planned.outcomes[rule].unknown == naive.unknown[rule]);
}

// Among others a rule's comparisons are made for all rows at once (Step::tests); alone it has too few thresholds.
TEST_CASE("rules/match: steps along edges of many rows find what each rule finds alone") {
  Dice random(12);
  model::JobModel model = EmptyApp();
  constexpr std::size_t kStages = 4200;
  for (std::size_t i = 0; i < kStages; ++i) {
    const std::size_t row = AddStage(model, static_cast<std::int64_t>(i));
    if (const auto value = random.Small()) model.stages.duration.Set(row, *value);
    if (const auto value = random.Small()) model.stages.input_bytes.Set(row, *value);
    if (random.Chance(10)) model.stages.submitted_flag.Set(row, false);
    if (random.Chance(30)) model.stages.status.Set(row, model::StageStatus::Failed);
  }
  for (std::size_t i = 0; i < kStages; ++i) {
    const std::size_t from = random.Below(kStages);
    const std::size_t to = random.Below(kStages);
    for (std::size_t k = random.Chance(10) ? 2 : 1; k > 0; --k) AddShuffle(model, from, to, random.Small());
  }
  const auto small = [&] { return std::to_string(random.Below(5)); };
  const auto op = [&] { return random.Of({" > ", " >= ", " < ", " <= ", " = ", " != "}); };
  const auto condition = [&](const std::string& row) {
    const std::string duration = row + ".duration" + op() + small() + "ms";
    const std::string bytes = small() + "B" + op() + row + ".input_bytes";
    return random.Of({duration, bytes, row + ".input_bytes + 1B" + op() + small() + "B", "not (" + bytes + ")",
                      "(" + duration + " or " + bytes + ")", row + ".status = \"FAILED\"",
                      "p.duration" + op() + "s.duration"});
  };
  std::vector<std::string> texts;
  for (int i = 0; i < 60; ++i) {
    const std::string name = "r" + std::to_string(i);
    const bool edge = random.Chance(40);
    const std::string head = random.Of({"s: Stage", "p: Stage", "p: Stage, s: Stage"}) + (edge ? ", x: Shuffle" : "");
    std::string text = "symptom " + name + "(" + head + ") { match (p:Stage)-[" + (edge ? "x" : "") + ":Shuffle]->" +
                       (edge ? "" : random.Of({"", "", "{1,2}"})) + "(s:Stage) where s.duration" + op() + small() +
                       "ms and 2B" + op() + "p.input_bytes";
    for (std::size_t k = random.Below(3); k > 0; --k) text += " and " + condition(random.Of({"p", "s"}));
    if (edge && random.Chance(50)) text += " and x.bytes" + op() + small() + "B";
    if (random.Chance(50)) text += " evidence " + random.Of({"p.duration", "s.input_bytes"});
    texts.push_back(text + " message \"m\" }\n");
  }
  std::string all;
  for (const std::string& text : texts) all += text;
  const auto together = CompileRules(all);
  REQUIRE(together->diagnostics.CountErrors() == 0);
  const MatchResults results = MatchAll(together->set, model);
  std::string alone;
  std::size_t unknown = 0;
  for (const std::string& text : texts) {
    CAPTURE(text);
    const auto compiled = CompileRules(text);
    const MatchResults one = MatchAll(compiled->set, model);
    const RuleOutcome& outcome = results.outcomes[*together->set.Find(compiled->set.rules[0].name)];
    CHECK(outcome.kind == one.outcomes[0].kind);
    CHECK(outcome.matches == one.outcomes[0].matches);
    CHECK(outcome.unknown == one.outcomes[0].unknown);
    CHECK(outcome.missing == one.outcomes[0].missing);
    unknown += outcome.unknown;
    alone += Describe(compiled->set, one);
  }
  // Line by line: those of one rule stand together, and sorted, in both.
  std::istringstream lines(alone);
  std::vector<std::string> sorted;
  for (std::string line; std::getline(lines, line);) sorted.push_back(line);
  CHECK(Describe(together->set, results) == Sorted(std::move(sorted)));
  CHECK(results.matches.size() > 1000);
  CHECK(unknown > 1000);
}

}  // namespace
}  // namespace advise::test
