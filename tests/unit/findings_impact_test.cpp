// What a finding can be worth at most: the critical time of its pieces, and less where it is about less.
#include "diagnose/from_matches.h"
#include "rules/match/match.h"
#include "unit/rules_fixture.h"

namespace advise::diagnose {
namespace {

using namespace advise::test;

// A stage of 12 s, all of it on the critical path, with one failed attempt of 3 s.
model::JobModel RunWithFailure() {
  model::JobModel m = EmptyApp();
  const std::size_t stage = AddStage(m, 0);
  m.stages.critical_time.Set(stage, 12'000);
  AddTask(m, {.stage = stage, .duration = 9'000, .shuffle_read = 0, .failed = false, .speculative = false});
  AddTask(m, {.stage = stage, .duration = 3'000, .shuffle_read = 0, .failed = true, .speculative = false});
  return m;
}

// Upper bounds by rule name; -1: not estimated.
std::map<std::string, std::int64_t> Bounds(const std::string& text) {
  const auto compiled = CompileRules(text);
  INFO(compiled->Messages());
  const model::JobModel model = RunWithFailure();
  const rules::MatchResults results = rules::MatchAll(compiled->set, model);
  std::map<std::string, std::int64_t> bounds;
  for (const Finding& finding : FromMatches(compiled->set, results, model))
    bounds[finding.rule] = finding.impact.high.value_or(-1);
  return bounds;
}

constexpr const char* kSlowRules = R"(symptom slow(s: Stage) {
  match (s:Stage)
  where s.critical_time > 1s
  message "slow"
}
symptom fails(k: Group<Task>) {
  match (t:Task) group by t.stage as k
  where t.failed
  message "fails"
}
)";

TEST_CASE("impact: a finding about a stage has its critical time, one about attempts not more than they ran") {
  const auto bounds = Bounds(kSlowRules);
  CHECK(bounds.at("demo.slow") == 12'000);
  CHECK(bounds.at("demo.fails") == 3'000);
}

TEST_CASE("impact: a cause without a place has the time of what it explains") {
  const std::string rules = kSlowRules;
  CHECK(Bounds(rules +
               "cause app_wide() {\n  for fails(_)\n  explains fails(_)\n  where app.slots > 0\n  message \"m\"\n}\n")
            .at("demo.app_wide") == 3'000);
  // Two of the same stage: the stage counts once.
  CHECK(Bounds(rules + "cause both() {\n  for slow(_), fails(_)\n  explains slow(_), fails(_)\n  where app.slots > 0\n"
                       "  message \"m\"\n}\n")
            .at("demo.both") == 12'000);
  CHECK(Bounds(rules + "cause nothing() {\n  where app.slots > 0\n  message \"m\"\n}\n").at("demo.nothing") == -1);
}

}  // namespace
}  // namespace advise::diagnose
