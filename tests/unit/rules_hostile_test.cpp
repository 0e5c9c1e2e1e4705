// Rules that would look at everything for everything: each is given up after a bounded number of steps, or done with
// few, and the others are evaluated. Steps are counted, so that no clock decides.
#include <string>

#include "diagnose/from_matches.h"
#include "doctest/doctest.h"
#include "rules/match/match.h"
#include "unit/rules_fixture.h"

namespace advise::test {
namespace {

using namespace advise::rules;

constexpr std::size_t kTasks = 3000;
constexpr std::size_t kStages = 30;

// Stages in a chain; tasks of distinct durations.
const model::JobModel& ManyTasks() {
  static const model::JobModel kModel = [] {
    model::JobModel m = EmptyApp();
    for (std::size_t stage = 0; stage < kStages; ++stage) {
      AddStage(m, static_cast<std::int64_t>(stage));
      m.stages.duration.Set(stage, 1000);
      if (stage > 0) AddShuffle(m, stage - 1, stage, 1);
    }
    for (std::size_t task = 0; task < kTasks; ++task) {
      AddTask(m, {.stage = task % kStages,
                  .duration = static_cast<std::int64_t>(task),
                  .shuffle_read = static_cast<std::int64_t>(task % 7)});
    }
    return m;
  }();
  return kModel;
}

// Much less than a look at all pairs of tasks, 9 million.
MatchOptions FewSteps() {
  MatchOptions options;
  options.limits.rule_steps = 100'000;
  options.limits.rule_steps_per_row = 20;
  options.limits.rule_findings = 5'000;
  return options;
}
constexpr std::uint64_t kMostOfARule = 100'000 + 20 * 4000;

struct Judged {
  OutcomeKind kind = OutcomeKind::Evaluated;
  std::size_t matches = 0;
  std::uint64_t steps = 0;
};
// The rule `hostile` of a text, between two rules that must be evaluated whatever it does.
Judged Judge(const std::string& text) {
  const auto compiled =
      CompileRules("symptom before(s: Stage) { match (s:Stage) where s.duration = 1s message \"m\" }\n" + text +
                   "\ncause zafter(s: Stage) { for before(s) message \"m\" }");
  REQUIRE(compiled->Messages() == "");
  const MatchResults results = MatchAll(compiled->set, ManyTasks(), FewSteps());
  for (const char* const rule : {"before", "zafter"}) {
    CHECK(results.outcomes[*compiled->set.Find(rule)].kind == OutcomeKind::Evaluated);
    CHECK(results.outcomes[*compiled->set.Find(rule)].matches == kStages);
  }
  CHECK(MatchAll(compiled->set, ManyTasks(), FewSteps()).steps == results.steps);
  const RuleOutcome& outcome = results.outcomes[*compiled->set.Find("hostile")];
  return {outcome.kind, outcome.matches, results.steps};
}

TEST_CASE("rules/match: hostile rules are given up") {
  const std::string rules[] = {
      // Pairs and triples.
      "symptom hostile(a: Task) { match (a:Task), (b:Task) where a.duration > b.duration + 1h message \"m\" }",
      "symptom hostile(a: Task) { match (a:Task), (b:Task), (c:Task) where a.duration + b.duration < c.duration - 1h "
      "message \"m\" }",
      "symptom hostile() { match (a:Task), (b:Task) group by a.stage as k where a.duration != b.duration and count(k) "
      "> 1 "
      "message \"m\" }",
      // Patterns in patterns.
      "symptom hostile(s: Stage) { match (s:Stage) where exists { (t:Task) where exists { (u:Task) where u.duration > "
      "t.duration + 1h } } message \"m\" }",
      "symptom hostile(s: Stage) { match (s:Stage) where count { (t:Task) where count { (u:Task) where u.duration > "
      "t.duration } > 3 } > 3 message \"m\" }",
      // A set of all tasks for each task.
      "symptom hostile(t: Task) { match (t:Task) where count(app.tasks[duration > t.duration]) > 1000000000 message \"m\" }",
      "symptom hostile(t: Task) { match (t:Task) where argmax(app.tasks by duration - t.duration) != t message \"m\" }",
      "symptom hostile(t: Task) { match (t:Task) where corr(app.tasks[duration >= t.duration].duration, "
      "app.tasks[duration >= t.duration].shuffle_read) > 0.999 message \"m\" }",
      // All findings for each finding.
      "symptom many(t: Task) { match (t:Task) message \"m\" }\n"
      "cause hostile(t: Task) { for many(t) explains many(_) message \"m\" }",
      "symptom many(t: Task) { match (t:Task) message \"m\" }\n"
      "cause hostile(a: Task) { for many(a), many(b) where a.duration > b.duration + 1h message \"m\" }",
      "symptom many(t: Task) { match (t:Task) message \"m\" }\n"
      "advice hostile(t: Task) { for many(t) conflicts with other(_) fix \"f\" }\n"
      "advice other(t: Task) { for many(t) fix \"f\" }",
      // Far along the edges, from everywhere.
      "symptom hostile(t: Task) { match (t:Task), (a:Stage)-[:Shuffle]->{1,1000}(b:Stage) message \"m\" }",
      // All edges of all chains, for each task.
      "symptom hostile(t: Task) { match (t:Task), (a:Stage)-[p:Shuffle]->{1,1000}(b:Stage) where count(p) > "
      "t.duration / 1ms + 1000 message \"m\" }",
  };
  for (const std::string& rule : rules) {
    CAPTURE(rule);
    const Judged judged = Judge(rule);
    CHECK(judged.kind == OutcomeKind::TooMany);
    CHECK(judged.steps > kMostOfARule / 2);
    CHECK(judged.steps < 2 * kMostOfARule);  // with those of the others
  }
}

TEST_CASE("rules/match: what looks hostile is done once, or by a join") {
  const struct {
    std::string rule;
    std::size_t matches;
  } rows[] = {
      // What depends on the application alone is computed once.
      {"symptom hostile(t: Task) { match (t:Task) where corr(app.tasks.duration, app.tasks.run_time) < 0.5 message "
       "\"m\" }",
       0},
      {"symptom hostile(t: Task) { match (t:Task) where argmax(app.tasks by duration) = t message \"m\" }", 1},
      {"symptom hostile(t: Task) { match (t:Task) where t.duration > 99% of max(app.tasks[shuffle_read > 1B].duration) "
       "message \"m\" }",
       30},
      {"symptom hostile(s: Stage) { match (s:Stage) where count { (t:Task) where t.duration >= 1s } = 2000 message "
       "\"m\" }",
       kStages},
      // What depends on a task's stage alone is computed once a stage.
      {"symptom hostile(t: Task) { match (t:Task) where t.duration > 1.9 * p50(t.stage.tasks.duration) message \"m\" }",
       120},
      // Equality is a join.
      {"symptom hostile(a: Task) { match (a:Task), (b:Task) where a.duration = b.duration + 1ms and b.shuffle_read = "
       "6B "
       "message \"m\" }",
       428},
      {"symptom hostile(s: Stage) { match (s:Stage) where exists { (t:Task) where t.stage = s and t.duration = 7ms } "
       "message \"m\" }",
       1},
      {"symptom hostile(s: Stage) { match (s:Stage), (t:Task) where s.key = t.stage.key and t.duration < 3ms message "
       "\"m\" }",
       3},
      // A reach over all stages from each of them.
      {"symptom hostile(s: Stage) { match (a:Stage)-[:Shuffle]->{1,1000}(s:Stage) where a.id = 0 message \"m\" }",
       kStages - 1},
      // The edges of a chain are found once for all that is asked of them.
      {"symptom hostile(s: Stage) { match (a:Stage)-[p:Shuffle]->{1,1000}(s:Stage) where a.id = 0 and "
       "sum(p.bytes) < 1KiB and count(p) < 40 and max(p.bytes) = 1B and count(p.from) = count(p) message \"m\" }",
       kStages - 1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.rule);
    const Judged judged = Judge(row.rule);
    CHECK(judged.kind == OutcomeKind::Evaluated);
    CHECK(judged.matches == row.matches);
    CHECK(judged.steps < 12 * kTasks);
  }
}

TEST_CASE("rules/match: findings, suppressions and all rules together are bounded") {
  const std::string many = "symptom many(t: Task) { match (t:Task) message \"m\" }\n";
  SUBCASE("findings of a rule") {
    const auto compiled = CompileRules(many + "cause reader(t: Task) { for many(t) message \"m\" }");
    MatchOptions options = FewSteps();
    options.limits.rule_findings = kTasks - 1;
    const MatchResults results = MatchAll(compiled->set, ManyTasks(), options);
    CHECK(results.matches.empty());
    CHECK(results.outcomes[0].kind == OutcomeKind::TooMany);
    CHECK(results.outcomes[0].excess == Excess::Findings);
    // Whoever reads it does not know.
    CHECK(results.outcomes[1].unknown == 1);
    REQUIRE(results.outcomes[1].missing.size() == 1);
    CHECK(results.outcomes[1].missing[0].name == "demo.many");
    const diagnose::Coverage coverage = diagnose::CoverageOf(compiled->set, results);
    CHECK(coverage.evaluated == 0);
    REQUIRE(coverage.not_evaluated.size() == 2);
    CHECK(coverage.not_evaluated[0].because.starts_with(diagnose::kGivenUp));
    CHECK(coverage.not_evaluated[0].rules == std::vector<std::string>{"demo.many"});
    CHECK(coverage.not_evaluated[1].missing == std::vector<std::string>{"demo.many"});
  }
  SUBCASE("findings of all rules") {
    const auto compiled = CompileRules(many + "symptom more(t: Task) { match (t:Task) message \"m\" }");
    MatchOptions options = FewSteps();
    options.limits.pack_findings = kTasks + 1;
    const MatchResults results = MatchAll(compiled->set, ManyTasks(), options);
    CHECK(results.matches.size() == kTasks);
    CHECK(results.outcomes[1].excess == Excess::PackFindings);
  }
  SUBCASE("candidates of a rule") {
    const auto compiled = CompileRules(
        "symptom c(a: Task, b: Stage) { match (a:Task), (b:Stage) where a.input_bytes > 0B message \"m\" }");
    MatchOptions options;
    options.limits.rule_candidates = 10'000;
    CHECK(MatchAll(compiled->set, ManyTasks(), options).outcomes[0].kind == OutcomeKind::TooMany);
  }
  SUBCASE("a suppression") {
    const auto compiled =
        CompileRules(many + "suppress many(t) where count(app.tasks[duration > t.duration]) >= 0 because \"DATA-1\"");
    CHECK(compiled->Messages() == "");
    const MatchResults results = MatchAll(compiled->set, ManyTasks(), FewSteps());
    CHECK(results.suppressions[0].given_up);
    CHECK(results.suppressions[0].hidden == 0);
    CHECK(results.matches.size() == kTasks);
    CHECK(std::ranges::none_of(results.matches, &Match::is_suppressed));
  }
  SUBCASE("steps of all rules") {
    std::string rules;
    for (int i = 0; i < 20; ++i) {
      rules += "symptom h" + std::to_string(i) +
               "(a: Task) { match (a:Task), (b:Task) where a.duration > b.duration + " + std::to_string(i) +
               "h message \"m\" }\n";
    }
    const auto compiled = CompileRules(rules);
    MatchOptions options = FewSteps();
    options.limits.pack_steps = 500'000;
    options.limits.pack_steps_per_row = 0;
    const MatchResults results = MatchAll(compiled->set, ManyTasks(), options);
    CHECK(results.steps == 500'000);
    CHECK(results.outcomes.front().excess == Excess::Steps);
    CHECK(results.outcomes.back().excess == Excess::PackSteps);
  }
}

TEST_CASE("rules/bind: definitions that double are left at once") {
  for (const bool first_last : {false, true}) {
    std::vector<std::string> defs = {"def d0(x: Duration) => Duration = x + x\n"};
    for (int i = 1; i < 22; ++i) {
      const std::string before = "d" + std::to_string(i - 1) + "(x)";
      defs.push_back("def d" + std::to_string(i) + "(x: Duration) => Duration = " + before + " + " + before + "\n");
    }
    if (first_last) std::ranges::reverse(defs);
    std::string text =
        "symptom good(s: Stage) { match (s:Stage) where d3(s.duration) > 1s message \"m\" }\n"
        "symptom bad(s: Stage) { match (s:Stage) where d21(s.duration) > 1s message \"m\" }\n";
    for (const std::string& def : defs) text += def;
    const auto compiled = CompileRules(text);
    REQUIRE(compiled->set.rules.size() == 1);
    CHECK(compiled->set.rules[0].name == "good");
    CHECK(compiled->Messages().find("limit-exceeded: this expression has more than 20000 parts") != std::string::npos);
    CHECK(compiled->Messages().find("rule-left-out: rule `bad`") != std::string::npos);
    // What is filled in twice is one instruction.
    CHECK(compiled->set.program.code.instructions.size() < 20);
  }
}

}  // namespace
}  // namespace advise::test
