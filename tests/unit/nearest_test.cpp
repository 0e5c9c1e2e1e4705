// Near misses: how far a silent rule was from a finding.
#include "diagnose/nearest.h"

#include <string>

#include "doctest/doctest.h"
#include "rules/match/nearest.h"
#include "unit/rules_fixture.h"

namespace advise::test {
namespace {

// The near misses as "rule of subject: value, limit", one a line.
std::string Nearest(const std::string& rules) {
  const auto compiled = CompileRules(rules);
  REQUIRE_MESSAGE(compiled->diagnostics.CountErrors() == 0, compiled->Messages());
  model::JobModel model = ExampleStage();
  const std::size_t second = AddStage(model, 1);
  model.stages.duration.Set(second, 6'000);
  const rules::MatchResults results = rules::MatchAll(compiled->set, model);
  std::string text;
  for (const diagnose::NearMiss& miss : diagnose::NearestMisses(compiled->set, results, model, {9}))
    text += miss.rule + " of " + miss.subject + ": " + miss.value + ", limit " + miss.limit + "\n";
  return text;
}

TEST_CASE("nearest: the candidate that lacks one number, the closest one") {
  CHECK(Nearest("cause slow(s: Stage) { match (s:Stage) where s.duration > 15s message \"m\" }") ==
        "demo.slow of stage 0.0: 12.0 s, limit 15.0 s\n");
  CHECK(Nearest("cause slow(s: Stage) { match (s:Stage) where 15s <= s.duration message \"m\" }") ==
        "demo.slow of stage 0.0: 12.0 s, limit 15.0 s\n");
  // An upper limit is missed by the smallest value above it.
  CHECK(Nearest("cause quick(s: Stage) { match (s:Stage) where s.duration < 5s message \"m\" }") ==
        "demo.quick of stage 1.0: 6.0 s, limit 5.0 s\n");
  // The closest rule first.
  CHECK(Nearest("cause a(s: Stage) { match (s:Stage) where s.duration > 15s message \"m\" }\n"
                "cause b(s: Stage) { match (s:Stage) where s.duration > 13s message \"m\" }") ==
        "demo.b of stage 0.0: 12.0 s, limit 13.0 s\ndemo.a of stage 0.0: 12.0 s, limit 15.0 s\n");
}

TEST_CASE("nearest: nothing is said where two conditions fail, one is unknown, or the way is long") {
  CHECK(Nearest("cause a(s: Stage) { match (s:Stage) where s.duration > 15s and s.id > 7 message \"m\" }").empty());
  CHECK(Nearest("cause a(s: Stage) { match (s:Stage) where s.duration > 15s and s.input_bytes > 0B message \"m\" }")
            .empty());
  CHECK(Nearest("cause a(s: Stage) { match (s:Stage) where s.duration > 60s message \"m\" }").empty());
  // A rule that found something is no near miss.
  CHECK(Nearest("cause a(s: Stage) { match (s:Stage) where s.duration > 10s message \"m\" }").empty());
  // Not a comparison of numbers.
  CHECK(Nearest("cause a(s: Stage) { match (s:Stage) where s.status = \"FAILED\" message \"m\" }").empty());
}

TEST_CASE("nearest: a guard beside what the rule measures is no near miss") {
  const std::string rule = "cause a(s: Stage) { match (s:Stage) where s.duration > 10s and app.slots >= 5 evidence ";
  CHECK(Nearest(rule + "s.duration message \"m\" }").empty());
  CHECK_FALSE(Nearest(rule + "app.slots message \"m\" }").empty());
}

TEST_CASE("nearest: joined findings and advices") {
  CHECK(Nearest("symptom long(s: Stage) { match (s:Stage) where s.duration > 5s message \"m\" }\n"
                "cause wide(s: Stage) { for long(s) match (s:Stage) where s.duration > 15s message \"m\" }\n"
                "advice less(s: Stage) { for long(s) where s.duration > 13s fix \"f\" }") ==
        "demo.wide of stage 0.0: 12.0 s, limit 15.0 s\n");
}

}  // namespace
}  // namespace advise::test
