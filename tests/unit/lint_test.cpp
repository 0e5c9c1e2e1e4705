// What lint counts and compares: surveys against the matcher itself, rules against each other, baselines.
#include "workbench/lint.h"

#include "rules/match/survey.h"
#include "unit/rules_fixture.h"
#include "workbench/given_model.h"
#include "workbench/lint_static.h"
#include "workbench/source_words.h"

namespace advise::test {
namespace {

// Stages of many sizes, some of them without a value, and the edges between some.
constexpr const char* kJob = R"(
test "job" {
  given a: Stage { partitions = 4 gc_share = 9% duration = 1min }
  given b: Stage { partitions = 40 gc_share = 11% duration = 2min }
  given c: Stage { partitions = 43 gc_share = 30% duration = 3min }
  given d: Stage { partitions = 44 gc_share = missing duration = 3min }
  given e: Stage { partitions = 60 gc_share = 10% duration = 1s }
  given f: Stage { partitions = 39 gc_share = 50% duration = 4min }
  given (a)-[: Shuffle { bytes = 1GiB }]->(b)
  given (b)-[: Shuffle { bytes = 9GiB }]->(c)
  given (b)-[: Shuffle { bytes = 2GiB }]->(f)
  given (b)-[: Shuffle { bytes = 2GiB }]->(d)
  given (c)-[: Shuffle { bytes = 3GiB }]->(e)
  expect all(_)
}
)";

struct Surveyed {
  std::unique_ptr<Compiled> compiled;
  workbench::GivenModel job;
  rules::MatchResults results;

  explicit Surveyed(const std::string& rules) : compiled(CompileRules(rules + kJob)) {
    INFO(compiled->Messages());
    REQUIRE(compiled->diagnostics.empty());
    job = workbench::MakeModel(compiled->set.tests.at(0));
    results = rules::MatchAll(compiled->set, job.model);
  }
  [[nodiscard]] rules::RuleSurvey Of(const std::string& rule) const {
    return rules::SurveyRule(compiled->set, results, *compiled->set.Find("demo." + rule), true);
  }
  [[nodiscard]] std::size_t Matches(const std::string& rule) const {
    return results.outcomes[*compiled->set.Find("demo." + rule)].matches;
  }
};

// A rule with these conditions.
std::string Rule(const std::string& name, const std::string& conditions) {
  return "symptom " + name + "(p: Stage, s: Stage) {\n  match (p:Stage)-[x:Shuffle]->(s:Stage)\n" +
         (conditions.empty() ? "" : "  where " + conditions + "\n") + "}\n";
}

TEST_CASE("survey: what each condition lets pass is what the matcher finds with the conditions up to it") {
  const std::string first = "s.partitions >= 40";
  const std::string second = "s.gc_share > 10%";
  const std::string third = "x.bytes > 1GiB";
  const Surveyed run("symptom all(s: Stage) { match (s:Stage) }\n" + Rule("none", "") + Rule("one", first) +
                     Rule("two", first + " and " + second) + Rule("three", first + " and " + second + " and " + third) +
                     Rule("without_first", second + " and " + third) + Rule("without_second", first + " and " + third) +
                     Rule("without_third", first + " and " + second) +
                     Rule("unknown", first + " and s.gc_share is missing"));
  const rules::RuleSurvey survey = run.Of("three");
  REQUIRE(survey.conditions.size() == 3);
  CHECK(survey.candidates == run.Matches("none"));
  CHECK(survey.conditions[0].reached == run.Matches("none"));
  CHECK(survey.conditions[0].passed == run.Matches("one"));
  CHECK(survey.conditions[1].reached == run.Matches("one"));
  CHECK(survey.conditions[1].passed == run.Matches("two"));
  CHECK(survey.conditions[1].unknown == run.Matches("unknown"));
  CHECK(survey.conditions[2].passed == run.Matches("three"));
  CHECK(survey.conditions[0].alone == run.Matches("without_first") - run.Matches("three"));
  CHECK(survey.conditions[1].alone == run.Matches("without_second") - run.Matches("three") - run.Matches("unknown"));
  CHECK(survey.conditions[2].alone == run.Matches("without_third") - run.Matches("three"));
  CHECK(run.Matches("three") > 0);
}

TEST_CASE("survey: a tenth more or less, as the matcher finds with thresholds moved by it") {
  const Surveyed run(R"(param least: Count = 40
symptom all(s: Stage) { match (s:Stage) }
symptom wide(s: Stage) { match (s:Stage) where s.partitions > least }
symptom wider(s: Stage) { match (s:Stage) where s.partitions > 1.1 * least }
symptom narrower(s: Stage) { match (s:Stage) where s.partitions >= least / 1.1 }
symptom either(s: Stage) { match (s:Stage) where s.partitions > least or s.duration > 30s }
symptom few(s: Stage) { match (s:Stage) where s.partitions > 3 }
)");
  const rules::RuleSurvey survey = run.Of("wide");
  REQUIRE(survey.terms.size() == 1);
  CHECK(survey.terms[0].lost == run.Matches("wide") - run.Matches("wider"));
  CHECK(survey.terms[0].gained == run.Matches("narrower") - run.Matches("wide"));
  CHECK(survey.terms[0].lost == 2);
  CHECK(survey.terms[0].gained == 2);
  // Of `or` a term decides only where the other does not hold.
  const rules::RuleSurvey either = run.Of("either");
  REQUIRE(either.terms.size() == 2);
  CHECK(either.terms[0].lost == 0);
  CHECK(either.terms[0].seen_true);
  CHECK(either.terms[0].seen_false);
  CHECK(either.terms[1].seen_false);
  // A tenth of three things is none.
  CHECK(run.Of("few").terms[0].lost == 0);
}

TEST_CASE("survey: groups, and conditions on their members") {
  const Surveyed run(R"(symptom all(s: Stage) { match (s:Stage) }
symptom alike(g: Group<Stage>) {
  match (s:Stage) group by s.duration as g
  where s.partitions > 10
    and count(g) > 1
}
)");
  const rules::RuleSurvey survey = run.Of("alike");
  REQUIRE(survey.conditions.size() == 2);
  CHECK(survey.conditions[0].reached == 6);
  CHECK(survey.conditions[0].passed == 5);
  CHECK(survey.conditions[1].reached == 4);  // 2 min, 3 min, 1 s, 4 min
  CHECK(survey.conditions[1].passed == run.Matches("alike"));
  CHECK(survey.conditions[1].passed == 1);
}

TEST_CASE("lint: which rules imply which") {
  const auto compiled = CompileRules(R"(param limit: Bytes = 2GiB
symptom a(s: Stage) { match (s:Stage) where s.shuffle_read_bytes > 1GiB }
symptom b(t: Stage) { match (t:Stage) where t.shuffle_read_bytes > limit and t.gc_share > 10% }
symptom c(s: Stage) { match (s:Stage) where 1GiB < s.shuffle_read_bytes }
symptom d(s: Stage) { match (s:Stage) where s.shuffle_read_bytes < 1GiB }
symptom e(s: Stage) { match (s:Stage) where s.shuffle_read_bytes >= 1GiB }
cause f(s: Stage) { match (s:Stage) where s.shuffle_read_bytes > 1GiB }
symptom g(s: Stage) { match (p:Stage)-[:Shuffle]->(s:Stage) where s.shuffle_read_bytes > 3GiB }
)");
  INFO(compiled->Messages());
  REQUIRE(compiled->diagnostics.empty());
  std::string pairs;
  for (const auto& [x, y] : workbench::ImpliedPairs(compiled->set, std::vector<bool>(compiled->set.rules.size(), true)))
    pairs += compiled->set.rules[x].name + compiled->set.rules[y].name + " ";
  // Other variables, other patterns and other layers; `1GiB < x` is `x > 1GiB`.
  for (const char* implied : {"ac ", "ca ", "ba ", "bc ", "ae ", "ce ", "be "}) {
    CAPTURE(implied);
    CHECK(pairs.find(implied) != std::string::npos);
  }
  CHECK(pairs.size() == 7 * 3);
}

TEST_CASE("lint: what a rule allows, and which statistics need members") {
  const auto compiled = CompileRules(R"(# lint: allow costly because it looks at all tasks
symptom a(s: Stage) {
  match (s:Stage)
  let d = s.winners.duration
  # lint: allow noisy, cliff because every stream has one
  where p95(d) > 1s and p90(d) > 1s and p75(d) > 1s and p10(d) > 1s
    and exists { (s)-[:Shuffle]->(t:Stage) where p99(t.winners.duration) > 1s }
  evidence corr(d, s.winners.run_time)
}
symptom b(s: Stage) {
  match (s:Stage)
  where count(s.winners) >= 10
}
)");
  INFO(compiled->Messages());
  const rules::BoundRule& a = compiled->set.rules[*compiled->set.Find("demo.a")];
  const rules::BoundRule& b = compiled->set.rules[*compiled->set.Find("demo.b")];
  const auto allowed = workbench::AllowedCodes(a, compiled->sources);
  CHECK(allowed.size() == 3);
  CHECK(allowed.at("noisy") == "every stream has one");
  CHECK(allowed.at("cliff") == "every stream has one");
  CHECK(allowed.at("costly") == "it looks at all tasks");
  CHECK(workbench::AllowedCodes(b, compiled->sources).empty());
  std::string needed;
  for (const workbench::SampledStatistic& one : workbench::StatisticsOf(a)) {
    needed += workbench::OneLine(compiled->sources.text(one.span)) + " " + std::to_string(one.needed) + "; ";
  }
  CHECK(needed == "p95(d) 21; p90(d) 11; p10(d) 10; corr(d, s.winners.run_time) 10; ");
  CHECK_FALSE(workbench::CountsMembers(a));
  CHECK(workbench::CountsMembers(b));
}

TEST_CASE("lint: a baseline knows what it has, and tells what is gone") {
  workbench::LintProblem noisy;
  noisy.code = "noisy";
  noisy.rule = "demo.a";
  workbench::LintProblem cliff = noisy;
  cliff.code = "cliff";
  cliff.about = "x > limit";
  workbench::LintProblem note = noisy;
  note.code = "never-fires";
  note.note = true;
  workbench::LintProblem allowed = noisy;
  allowed.rule = "demo.b";
  allowed.allowed = "it is so";
  std::vector<workbench::LintProblem> problems = {noisy, cliff, note, allowed};
  const std::string baseline = workbench::WriteBaseline({noisy, note, allowed});
  CHECK(baseline.find("noisy demo.a\n") != std::string::npos);
  CHECK(baseline.find("never-fires") == std::string::npos);
  CHECK(baseline.find("demo.b") == std::string::npos);
  const auto stale = workbench::ApplyBaseline(baseline + "cliff demo.z x > 1\n", problems);
  CHECK(stale == std::vector<std::string>{"cliff demo.z x > 1"});
  CHECK(problems[0].known);
  CHECK(problems[1].counts());
  CHECK_FALSE(problems[2].counts());
  CHECK_FALSE(problems[3].counts());
}

TEST_CASE("source words: one line without comments") {
  CHECK(workbench::OneLine("a  # why \"not\"\n  and b") == "a and b");
  CHECK(workbench::OneLine("x = \"#1 of\"\n") == "x = \"#1 of\"");
  CHECK(workbench::OneLine("a or b\n )") == "(a or b )");
}

}  // namespace
}  // namespace advise::test
