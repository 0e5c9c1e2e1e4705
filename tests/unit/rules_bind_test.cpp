// The binder where goldens (tests/golden/bind) would say too little: types, plans, orders, versions.
#include "rules/bind/bind.h"

#include <string>

#include "doctest/doctest.h"
#include "rules/plan/rule_set.h"
#include "unit/rules_fixture.h"

namespace advise::test {
namespace {

using namespace advise::rules;

// The type of an expression over a stage `s`, or the compiler's messages.
std::string TypeOf(const std::string& expr) {
  const auto compiled = CompileRules("symptom c(s: Stage) { match (s:Stage) let v = " + expr + " message \"m\" }");
  if (compiled->diagnostics.CountErrors() > 0) return compiled->Messages();
  return TypeText(compiled->set.rules[0].lets[0].value.type);
}

TEST_CASE("rules/bind: types of expressions") {
  const struct {
    std::string expr;
    std::string want;
  } rows[] = {
      {"s.duration", "Duration"},
      {"sum(s.tasks.run_time)", "SlotTime"},
      {"sum(s.tasks[failed].run_time)", "SlotTime"},
      {"mean(s.tasks.run_time)", "Duration"},
      {"p99_9(s.tasks.run_time)", "Duration"},
      {"sum(s.tasks.run_time) / app.slots", "Duration"},
      {"sum(s.tasks.run_time) / (2 * app.slots)", "Duration"},
      {"s.duration * s.slots_available", "SlotTime"},
      {"app.executor_slot_time / sum(s.tasks.run_time)", "Ratio"},
      {"sum(app.stages.duration)", "Duration"},
      {"sum(s.attempts.duration)", "Duration"},
      {"s.input_bytes / s.duration", "Rate"},
      {"s.input_bytes / s.duration * 1min", "Bytes"},
      {"s.input_bytes * s.input_bytes", "Bytes^2"},
      {"5% of s.input_bytes", "Bytes"},
      {"s.input_bytes / 128MiB", "Ratio"},
      {"ceil(s.input_bytes / 128MiB)", "Count"},
      {"s.partitions * 2", "Count"},
      {"s.completed - s.submitted", "Duration"},
      {"s.completed + 1min", "Timestamp"},
      {"s.tasks", "a set of Task"},
      {"s.tasks[failed]", "a set of Task"},
      {"s.tasks.executor", "a set of Executor"},
      {"s.tasks.executor.gc_share", "Dist<Ratio> over Executor"},
      {"s.tasks.failed", "Dist<Bool> over Task"},
      {"s.winners.shuffle_read", "Dist<Bytes> over Task"},
      {"s.job", "Job"},
      {"s.job.stages", "a set of Stage"},
      {"argmax(s.tasks by shuffle_read)", "Task"},
      {"argmax(s.tasks by shuffle_read).executor.host.name", "String"},
      {"top(s.tasks by duration, 3)", "a set of Task"},
      {"share_top(s.winners.shuffle_read, 1%)", "Ratio"},
      {"corr(s.winners.duration, s.winners.shuffle_read)", "Ratio"},
      {"app.running_tasks", "Series"},
      {"p95(app.running_tasks)", "Count"},
      {"spark", "Version"},
      {"conf \"spark.executor.memory\"", "Bytes"},
      {"conf \"spark.network.timeout\"", "Duration"},
      {"conf \"spark.sql.shuffle.partitions\"", "Count"},
      {"conf \"spark.sql.adaptive.enabled\"", "Bool"},
      {"conf \"spark.no.such\"", "String"},
      {"count { (s)-[:Runs]->(n:Join) }", "Count"},
      {"exists { (s)-[:Runs]->(n:Join) }", "Bool"},
      {"max(s.input_bytes, 1MiB)", "Bytes"},
      {"(1.5..2.5) * s.input_bytes", "an interval of Bytes"},
      {"s.status", "Enum"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.expr);
    CHECK(TypeOf(row.expr) == row.want);
  }
}

TEST_CASE("rules/bind: a bad rule costs itself and its readers") {
  const auto compiled = CompileRules(R"rules(
    symptom good(s: Stage) { match (s:Stage) message "m" }
    symptom bad(s: Stage) { match (s:Stage) where s.no_such > 1 message "m" }
    cause reads_bad(s: Stage) { for bad(s) message "m" }
    cause reads_good(s: Stage) { for good(s) message "m" }
    advice reads_reader(s: Stage) { for reads_bad(s) fix "f" }
  )rules");
  CHECK(compiled->Messages() ==
        "unknown-field: Stage has no `no_such`\n"
        "rule-left-out: rule `reads_bad` is left out: it reads `bad`, which has errors\n"
        "rule-left-out: rule `reads_reader` is left out: it reads `reads_bad`, which has errors\n");
  REQUIRE(compiled->set.rules.size() == 2);
  CHECK(compiled->set.rules[1].Id() == "demo.reads_good");
}

TEST_CASE("rules/bind: strata follow layers and reads, not the order of the text") {
  const auto compiled = CompileRules(R"rules(
    advice z(s: Stage) { for y(s) fix "f" }
    cause y(s: Stage) { for x(s) where not w(s) message "m" }
    cause x(s: Stage) { for v(s) message "m" }
    symptom w(s: Stage) { match (s:Stage) message "m" }
    symptom v(s: Stage) { match (s:Stage) message "m" }
  )rules");
  CHECK(compiled->Messages() == "");
  std::string order;
  for (const BoundRule& rule : compiled->set.rules) order += rule.name + std::to_string(rule.stratum) + " ";
  CHECK(order == "w0 v0 x1 y2 z3 ");
}

TEST_CASE("rules/bind: plans start where rows are few and test cheap conditions first") {
  const auto compiled = CompileRules(R"rules(
    symptom v(s: Stage) { match (s:Stage) message "m" }
    cause c(s: Stage, j: Join) {
      applies when spark >= v3.0
      match (p:Stage)-[x:Shuffle]->(s:Stage)-[:Runs]->(j:Join)
      where max(s.winners.shuffle_read) > 1GiB and s.share_of_app > 5% and x.bytes > 10% of s.shuffle_read_bytes and j.type = "Inner"
    }
    cause d(s: Stage) { for v(s) match (s)-[:Runs]->(j:Join) where not c(s, j) }
  )rules");
  CHECK(compiled->Messages() == "");
  CHECK(PrintPlan(compiled->set, *compiled->set.Find("c")) ==
        "demo.c (stratum 1)\n"
        "  once\n"
        "    if spark >= v3.0\n"
        "  scan s:Stage\n"
        "    column s.share_of_app > 5%\n"
        "    filter max(s.winners.shuffle_read) > 1GiB\n"
        "  follow (s:Stage)-[:Runs]->(j:Join) to j:Join\n"
        "    filter j.type = \"Inner\"\n"
        "  follow (p:Stage)-[x:Shuffle]->(s:Stage) to p:Stage\n"
        "    filter x.bytes > 10% of s.shuffle_read_bytes\n");
  CHECK(PrintPlan(compiled->set, *compiled->set.Find("d")) ==
        "demo.d (stratum 2)\n"
        "  findings of demo.v(s:Stage)\n"
        "  follow (s:Stage)-[:Runs]->(j:Join) to j:Join\n"
        "    filter not c(s, j)\n");
}

TEST_CASE("rules/bind: the same expression in two rules is one column") {
  const auto compiled = CompileRules(R"rules(
    def skew(d: Dist<Bytes>) => Ratio = max(d) / p50(d)
    symptom a(s: Stage) { match (s:Stage) let r = s.winners.shuffle_read where skew(r) > 3 and s.duration > 1s }
    symptom b(t: Stage) { match (p:Stage)-[:Shuffle]->(t:Stage) where skew(t.winners.shuffle_read) > 5 and t.duration > 2s }
  )rules");
  CHECK(compiled->Messages() == "");
  CHECK(compiled->set.program.code.columns.size() == 2);  // max, p50
  CHECK(compiled->set.program.code.distributions.size() == 1);
}

TEST_CASE("rules/bind: packs use each other whatever their order") {
  Compiled compiled;
  CompileOptions options;
  compiled.set = CompileTexts(compiled.sources,
                              {{"team.rules",
                                "use spark.core ^v1.0 as core\noverride core { param limit = 3s }\n"
                                "cause t(s: Stage) { for core.slow(s) where s.duration > core.limit message \"m\" }\n"
                                "override core.slow { severity low }\n"},
                               {"core.rules",
                                "pack spark.core version v1.2.0\nparam limit: Duration = 2s range 1s..1min\n"
                                "symptom slow(s: Stage) { match (s:Stage) where s.duration > limit message \"m\" }\n"}},
                              options, compiled.diagnostics);
  CHECK(compiled.Messages() == "");
  REQUIRE(compiled.set.rules.size() == 2);
  CHECK(compiled.set.Find("spark.core.slow") == RuleIndex{0});
  CHECK(compiled.set.Find("t") == RuleIndex{1});
  CHECK(compiled.set.params[0].value.number == 3000);
  CHECK(compiled.set.rules[0].severity[0].level == rules::Severity::Low);
}

TEST_CASE("rules/bind: use wants a version") {
  const struct {
    std::string range;
    bool fits;
  } rows[] = {{"^v1.0", true},  {"^v1.3", false},  {"^v2.0", false},  {"~v1.2", true},
              {"~v1.1", false}, {">= v1.1", true}, {"< v1.2", false}, {"= v1.2.0", true}};
  for (const auto& row : rows) {
    CAPTURE(row.range);
    Compiled compiled;
    compiled.set = CompileTexts(
        compiled.sources,
        {{"team.rules", "use spark.core " + row.range + "\n"}, {"core.rules", "pack spark.core version v1.2.0\n"}}, {},
        compiled.diagnostics);
    const std::string message = "pack-version: pack `spark.core` is v1.2.0, not " + row.range + "\n";
    CHECK(compiled.Messages() == (row.fits ? "" : message));
  }
}

TEST_CASE("rules/bind: names that double cannot fill the memory") {
  std::string lets = "let a0 = s.duration + s.duration ";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "a" + std::to_string(i - 1);
    lets += "let a" + std::to_string(i) + " = " + before + " + " + before + " ";
  }
  const auto compiled = CompileRules("cause c(s: Stage) { match (s:Stage) " + lets + " where a59 > 1s message \"m\" }");
  CHECK(compiled->set.rules.empty());
  CHECK(compiled->Messages().starts_with("limit-exceeded: this expression has more than 20000 parts"));
}

TEST_CASE("rules/bind: --set") {
  const std::string text = "param limit: Duration = 2s range 1s..1min\nparam word: String = \"a\"\n";
  CHECK(CompileRules(text, {{"limit", "5s"}})->set.params[0].value.number == 5000);
  CHECK(CompileRules(text, {{"demo.limit", "2 * 3s"}})->set.params[0].value.number == 6000);
  CHECK(CompileRules(text, {{"word", "\"b\""}})->set.params[1].value.text == "b");
  CHECK(CompileRules(text, {{"limit", "5min"}})->Messages() == "range: parameter `limit` is out of its range\n");
  CHECK(CompileRules(text, {{"limit", "5MiB"}})->Messages() ==
        "unit-mismatch: parameter `limit` is Duration, not Bytes\n");
  CHECK(CompileRules(text, {{"limt", "5s"}})->Messages() ==
        "unknown-param: --set: there is no parameter `limt`; did you mean `limit`?\n");
  // By spelling, else by words; the name of the pack does not matter for what is alike.
  const std::string several =
      "param skew_ratio: Duration = 2s\nparam skew_time: Duration = 2s\nparam lost_time: Duration = 2s\n";
  const std::pair<const char*, const char*> cases[] = {
      {"skew_rato", "did you mean `skew_ratio`?"},
      {"Skew_Ratio", "did you mean `skew_ratio`?"},
      {"skew", "did you mean `skew_ratio` or `skew_time`?"},
      {"a_time_that_is_lost", "did you mean `lost_time` or `skew_time`?"},
      {"dmo.skew_ratio", "did you mean `demo.skew_ratio`?"},
      {"demo.skew", "did you mean `demo.skew_ratio` or `demo.skew_time`?"},
      {"xyzzy", "`xyzzy`"},
      {".", "`.`"},
      {"demo.", "`demo.`"}};
  for (const auto& one : cases) {
    const std::string given = one.first;
    const std::string told = one.second;
    CAPTURE(given);
    const std::string message = CompileRules(several, {{given, "5s"}})->Messages();
    CHECK(message.starts_with("unknown-param: --set: there is no parameter `" + given + "`"));
    CHECK(message.ends_with(told + "\n"));
  }
}

TEST_CASE("rules/bind: the core pack compiles without a word") {
  Compiled compiled;
  CompileOptions options;
  compiled.set = Compile(compiled.sources, {ADVISE_SOURCE_DIR "/rulepacks/core"}, options, compiled.diagnostics);
  CHECK(compiled.Messages() == "");
  for (const std::string_view rule :
       {"spark.core.skewed_join", "spark.core.too_few_partitions", "spark.core.driver_gaps"}) {
    CHECK(compiled.set.Find(rule).has_value());
  }
  for (const BoundRule& rule : compiled.set.rules) {
    CAPTURE(rule.name);
    CHECK_FALSE(rule.doc.empty());
    if (rule.layer == Layer::Cause) CHECK_FALSE((rule.category == Category::Unstated));
    if (rule.layer != Layer::Advice) CHECK_FALSE(rule.title.empty());
    if (rule.layer != Layer::Advice) CHECK_FALSE(rule.message.empty());
    if (rule.layer == Layer::Advice) CHECK_FALSE(rule.fix.empty());
    if (rule.layer == Layer::Advice) CHECK_FALSE(rule.changes.empty());
    if (rule.layer == Layer::Advice) CHECK_FALSE((rule.effort == Grade::Unstated));
  }
}

TEST_CASE("rules/bind: paths that cannot be read") {
  Compiled compiled;
  compiled.set = Compile(compiled.sources, {"/no/such/file.rules"}, {}, compiled.diagnostics);
  CHECK(compiled.Messages() == "rules-unreadable: `/no/such/file.rules` does not exist\n");
  CHECK(compiled.set.rules.empty());
}

}  // namespace
}  // namespace advise::test
