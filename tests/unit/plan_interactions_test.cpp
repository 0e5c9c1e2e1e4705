// Which stages decide when a run ends, and what is said of two changes by them.
#include <doctest/doctest.h>

#include <numeric>

#include "cost/critical_stages.h"
#include "plan/interactions.h"
#include "unit/cost_fixture.h"

namespace advise::test {
namespace {

using cost::Workload;

TEST_CASE("cost/critical_stages: the way to the end is made of tasks and lags") {
  Random random(41);
  for (int round = 0; round < 300; ++round) {
    RandomShape shape;
    shape.links = round % 2 == 0;
    shape.fair = round % 3 == 0;
    const Workload w = RandomWorkload(random, shape);
    cost::ReplayTrace trace;
    cost::Replayer replayer(w);
    const double duration = replayer.Run(cost::UnchangedSchedule(w), &trace).duration;
    const std::vector<double> critical = cost::CriticalStages(w, trace);
    const double sum = std::accumulate(critical.begin(), critical.end(), 0.0);
    CHECK(sum <= duration * (1 + 1e-9) + 1e-6);
    for (const double ms : critical) CHECK(ms >= 0);
  }
}

TEST_CASE("cost/critical_stages: of stages side by side the longer one decides") {
  Workload w;
  w.pools = {"default"};
  w.jobs = {{0, 0, 0, 0}};
  for (const float ms : {30.0F, 10.0F}) {
    cost::StageWork stage;
    stage.id = static_cast<std::int64_t>(w.stages.size());
    stage.job = 0;
    stage.first_task = static_cast<std::uint32_t>(w.stages.size());
    stage.tasks = 1;
    w.stages.push_back(stage);
    for (std::size_t c = 0; c < cost::kComponents; ++c) w.tasks.parts[c].push_back(c == 3 ? ms : 0);
    w.tasks.duration.push_back(ms);
    w.tasks.needed.push_back(1);
    w.tasks.winner.push_back(1);
  }
  cost::ExecutorWork executor;
  executor.slots = 2;
  executor.removal = std::numeric_limits<double>::quiet_NaN();
  w.executors.push_back(executor);
  SetChainEdges(w);
  cost::ReplayTrace trace;
  cost::Replayer replayer(w);
  CHECK(replayer.Run(cost::UnchangedSchedule(w), &trace).duration == doctest::Approx(30));
  CHECK(cost::CriticalStages(w, trace) == std::vector<double>{30, 0});
}

TEST_CASE("plan/interactions: what is said of two changes") {
  Workload w;
  for (std::int64_t id = 0; id < 3; ++id) {
    cost::StageWork stage;
    stage.id = 10 + id;
    w.stages.push_back(stage);
  }
  const auto touches = [](std::set<std::uint32_t> stages) { return plan::Footprint{std::move(stages), false, false, false}; };
  // Both shorten stage 10; then stage 11 decides, which ran beside it.
  CHECK(plan::WhyOverlap(w, touches({0}), touches({0}), {{100, 0, 5}, {10, 70, 5}, {20, 70, 5}}, 2) ==
        "both shorten stage 10; after either, stage 11 decides when the run ends");
  CHECK(plan::WhyOverlap(w, touches({0}), touches({0}), {{100, 0, 5}, {60, 0, 5}, {50, 0, 5}}, 2) ==
        "both shorten stage 10");
  CHECK(plan::WhyOverlap(w, touches({0}), touches({2}), {{100, 0, 5}, {100, 0, 5}, {100, 0, 5}}, 2) ==
        "after either, the other's part no longer decides when the run ends");
  // The second touches stage 11, which decides only once stage 10 is shorter.
  CHECK(plan::WhySynergy(w, touches({0}), touches({1}), {{100, 0, 0}, {0, 90, 0}, {100, 0, 0}}, 2) ==
        "after the first, stage 11 decides, which the second shortens");
  CHECK(plan::WhySynergy(w, touches({1}), touches({0}), {{100, 0, 0}, {100, 0, 0}, {0, 90, 0}}, 2) ==
        "after the second, stage 11 decides, which the first shortens");
  CHECK(plan::WhySynergy(w, touches({0}), touches({1}), {{100, 0, 0}, {100, 0, 0}, {100, 0, 0}}, 2) ==
        "they run side by side: the run is shorter only when both are");
}

}  // namespace
}  // namespace advise::test
