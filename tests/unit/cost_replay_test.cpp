// The replay against its obvious twin on random workloads; what must hold of any schedule (metamorphic properties);
// examples with one point each.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cost/replay_error.h"
#include "unit/cost_fixture.h"

namespace advise::test {
namespace {

using cost::Replayer;
using cost::ReplayTimes;
using cost::Schedule;
using cost::UnchangedSchedule;
using cost::Workload;

double Duration(const Workload& workload) { return Replayer(workload).Run(UnchangedSchedule(workload)).duration; }

bool SameTime(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == doctest::Approx(b).epsilon(1e-9); }

// One job, one stage after the other, all slots from the start.
Workload Chain(const std::vector<std::vector<float>>& stages, std::uint32_t slots) {
  Workload w;
  w.pools = {"default"};
  w.jobs = {{0, 0, 0, 0}};
  for (const std::vector<float>& durations : stages) {
    cost::StageWork stage;
    stage.id = static_cast<std::int64_t>(w.stages.size());
    stage.job = 0;
    stage.first_task = static_cast<std::uint32_t>(w.tasks.size());
    stage.tasks = static_cast<std::uint32_t>(durations.size());
    for (const float duration : durations) {
      for (std::size_t c = 0; c < cost::kComponents; ++c) {
        w.tasks.parts[c].push_back(c == cost::At(cost::Component::Cpu) ? duration : 0);
      }
      w.tasks.duration.push_back(duration);
      w.tasks.pause.push_back(0);
      w.tasks.needed.push_back(1);
      w.tasks.winner.push_back(1);
    }
    if (!w.stages.empty()) stage.parents.push_back(static_cast<std::uint32_t>(w.stages.size() - 1));
    w.stages.push_back(stage);
  }
  cost::ExecutorWork executor;
  executor.slots = slots;
  executor.removal = std::numeric_limits<double>::quiet_NaN();
  w.executors.push_back(executor);
  SetChainEdges(w);
  return w;
}

TEST_CASE("cost/replay: one stage on two slots, tasks in their order") {
  // 10 and 20 at once, 30 behind the 10, 5 behind the 20.
  const Workload w = Chain({{10, 20, 30, 5}}, 2);
  Replayer replayer(w);
  const ReplayTimes& times = replayer.Run(UnchangedSchedule(w));
  CHECK(times.duration == 40);
  CHECK(times.busy_slot_time == 65);
  CHECK(times.first_start[0] == 0);
  CHECK_FALSE(times.starved);
}

TEST_CASE("cost/replay: a stage waits for the longest task of its parent, and for its lag") {
  Workload w = Chain({{10, 50}, {7}}, 2);
  CHECK(Duration(w) == 57);
  w.lag[w.points.StageReady(1)] = 100;
  CHECK(Duration(w) == 157);
  w.lag[w.points.StageEnd(1)] = 3;
  w.lag[w.points.AppEnd()] = 4;
  CHECK(Duration(w) == 164);
}

TEST_CASE("cost/replay: the pause between two tasks counts while a stage has tasks, not for the next stage") {
  Workload w = Chain({{10, 10, 10}, {10}}, 1);
  w.stages[0].turnaround = 2;
  w.stages[1].turnaround = 50;
  CHECK(Duration(w) == 10 + 2 + 10 + 2 + 10 + 10);
}

TEST_CASE("cost/replay: the first wave starts at its pace; a pause counts from the launch before") {
  Workload w = Chain({{10, 10, 10, 10}}, 4);
  Schedule schedule = UnchangedSchedule(w);
  schedule.stages[0].ramp = 3;
  schedule.stages[0].first_wave = 4;
  CHECK(Replayer(w).Run(schedule).duration == 19);
  w.tasks.pause[2] = 100;
  w.stages[0].paused = true;
  CHECK(Duration(w) == 110);
}

TEST_CASE("cost/replay: slots that come late are used when they come") {
  Workload w = Chain({{100, 100, 100}}, 1);
  cost::ExecutorWork late;
  late.slots = 2;
  late.removal = std::numeric_limits<double>::quiet_NaN();
  w.executors.push_back(late);
  SetChainEdges(w);
  w.lag[w.points.Arrival(1)] = 30;
  CHECK(Duration(w) == 130);
}

TEST_CASE("cost/replay: a slot that is gone takes no further task; one that is missed is taken back") {
  Workload w = Chain({{100, 100, 100, 100}}, 1);
  cost::ExecutorWork leaver;
  leaver.slots = 1;
  leaver.removal = 50;
  w.executors.push_back(leaver);
  SetChainEdges(w);
  w.lag[w.points.Removal(1)] = 50;
  CHECK(Duration(w) == 300);  // its task ends, then one slot has two more to do
  w.executors[0].slots = 0;
  const ReplayTimes times = Replayer(w).Run(UnchangedSchedule(w));
  CHECK(times.starved);
  CHECK(times.duration == 400);
}

TEST_CASE("cost/replay: a retry waits for the attempt before, a copy for its delay; nobody waits for a loser") {
  Workload w = Chain({{10, 40, 25}}, 3);
  w.stages[0].links = {{2, 0, false, 0}};
  CHECK(Duration(w) == 40);  // 10, then 25 more beside the 40
  w.tasks.duration[2] = 35;
  CHECK(Duration(w) == 45);
  w.stages[0].links = {{2, 1, true, 20}};  // a copy of the second, 20 ms after it began
  w.tasks.duration[2] = 5;
  CHECK(Duration(w) == 40);
  w.tasks.needed[1] = 0;  // the copy won
  CHECK(Duration(w) == 25);
}

TEST_CASE("cost/replay: FIFO serves the older job, FAIR shares between pools") {
  Workload w = Chain({{10, 10, 10, 10}, {10, 10}}, 2);
  w.jobs.push_back({1, 1, 0, 0});
  w.stages[1].job = 1;
  w.stages[1].parents.clear();
  w.stages[1].pool = 1;
  w.pools = {"first", "second"};
  SetChainEdges(w);
  const ReplayTimes fifo = Replayer(w).Run(UnchangedSchedule(w));
  CHECK(fifo.point[w.points.StageEnd(1)] == 30);
  CHECK(fifo.first_start[1] == 20);
  w.fair = true;
  const ReplayTimes fair = Replayer(w).Run(UnchangedSchedule(w));
  CHECK(fair.first_start[1] == 0);
  CHECK(fair.point[w.points.StageEnd(1)] == 20);
  CHECK(fair.duration == 30);
}

TEST_CASE("cost/replay: slots that share a processor") {
  // Two tasks of 10 at half speed to 20, then the last alone: 5 more.
  const Workload w = Chain({{10, 15}}, 2);
  Schedule schedule = UnchangedSchedule(w);
  schedule.contention = 1;
  CHECK(Replayer(w).Run(schedule).duration == doctest::Approx(25));
  schedule.processors = 2;
  CHECK(Replayer(w).Run(schedule).duration == doctest::Approx(15));
  schedule.processors = 1;
  schedule.contention = 2;  // at a quarter of the speed while both run
  CHECK(Replayer(w).Run(schedule).duration == doctest::Approx(45));
}

TEST_CASE("cost/replay: what tasks wait for is not shared") {
  const Workload w = Chain({{10, 10}}, 2);
  Schedule schedule = UnchangedSchedule(w);
  schedule.contention = 1;
  std::vector<std::uint16_t> needs(2, 0);
  schedule.stages[0].needs = needs.data();
  CHECK(Replayer(w).Run(schedule).duration == doctest::Approx(10));  // nobody wants the processor
  needs = {cost::kWholeProcessor / 2, cost::kWholeProcessor / 2};
  CHECK(Replayer(w).Run(schedule).duration == doctest::Approx(10));  // halves of one
  needs = {cost::kWholeProcessor, cost::kWholeProcessor / 2};
  // Three halves of one processor: of the time of a task 3/4 takes 3/2 as long.
  CHECK(Replayer(w).Run(schedule).duration == doctest::Approx(10 * (0.25 + 0.75 * 1.5)));
}

TEST_CASE("cost/replay: an empty run takes its lags") {
  Workload w;
  w.pools = {"default"};
  SetChainEdges(w);
  w.lag[w.points.AppEnd()] = 77;
  CHECK(Duration(w) == 77);
}

// ---------------------------------------------------------------- the twin
TEST_CASE("cost/replay: agrees with the obvious replay on random workloads") {
  Random random(20260101);
  for (int round = 0; round < 3000; ++round) {
    RandomShape shape;
    shape.fair = round % 3 == 1;
    shape.links = round % 2 == 1;
    shape.removals = round % 5 == 2;
    shape.turnaround = round % 7 != 3;
    const Workload w = RandomWorkload(random, shape);
    Schedule schedule = UnchangedSchedule(w);
    std::vector<std::vector<std::uint16_t>> needs(schedule.stages.size());
    if (round % 4 == 3) {
      schedule.contention = 1.2;
      for (std::size_t i = 0; i < needs.size() && round % 8 == 3; ++i) {
        for (std::uint32_t task = 0; task < schedule.stages[i].tasks; ++task)
          needs[i].push_back(static_cast<std::uint16_t>(random() % (cost::kWholeProcessor + 1)));
        schedule.stages[i].needs = needs[i].data();
      }
    }
    const ReplayTimes got = Replayer(w).Run(schedule);
    const ReplayTimes want = ObviousReplay(w, schedule);
    bool same = SameTime(got.duration, want.duration) && SameTime(got.busy_slot_time, want.busy_slot_time);
    for (std::uint32_t i = 0; i < w.points.stages; ++i) {
      same = same && SameTime(got.point[w.points.StageEnd(i)], want.point[w.points.StageEnd(i)]) &&
             SameTime(got.first_start[i], want.first_start[i]);
    }
    INFO("round ", round, ": ", got.duration, " against ", want.duration);
    REQUIRE(same);
  }
}

TEST_CASE("cost/replay: the same replayer gives the same times again, traced or not") {
  Random random(5);
  for (int round = 0; round < 200; ++round) {
    RandomShape shape;
    shape.links = round % 2 == 0;
    shape.fair = round % 3 == 0;
    const Workload w = RandomWorkload(random, shape);
    const Schedule schedule = UnchangedSchedule(w);
    Replayer replayer(w);
    const double first = replayer.Run(schedule).duration;
    cost::ReplayTrace trace;
    CHECK(replayer.Run(schedule, &trace).duration == first);
    CHECK(replayer.Run(schedule).duration == first);
  }
}

// ---------------------------------------------------------------- properties
TEST_CASE("cost/replay: all times doubled double the run") {
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    RandomShape shape;
    shape.links = round % 2 == 0;
    shape.removals = round % 3 == 0;
    Workload w = RandomWorkload(random, shape);
    const double before = Duration(w);
    for (double& lag : w.lag) lag *= 2;
    for (float& duration : w.tasks.duration) duration *= 2;
    for (float& pause : w.tasks.pause) pause *= 2;
    for (cost::StageWork& stage : w.stages) {
      stage.turnaround *= 2;
      for (cost::TaskLink& link : stage.links) link.delay *= 2;
    }
    CHECK(Duration(w) == doctest::Approx(2 * before).epsilon(1e-12));
  }
}

TEST_CASE("cost/replay: a later start moves everything") {
  Random random(12);
  for (int round = 0; round < 300; ++round) {
    Workload w = RandomWorkload(random, {});
    const double before = Duration(w);
    for (std::uint32_t i = w.after_begin[0]; i < w.after_begin[1]; ++i) w.lag[w.after[i]] += 1024;
    CHECK(Duration(w) == doctest::Approx(before + 1024).epsilon(1e-12));
  }
}

TEST_CASE("cost/replay: the order in which stages stand in the tables changes nothing") {
  Random random(13);
  for (int round = 0; round < 300; ++round) {
    Workload w = RandomWorkload(random, {});
    const double before = Duration(w);
    std::vector<std::uint32_t> new_place(w.stages.size());
    std::iota(new_place.begin(), new_place.end(), 0U);
    std::shuffle(new_place.begin(), new_place.end(), random);
    CHECK(Duration(MoveStages(w, new_place)) == doctest::Approx(before).epsilon(1e-12));
  }
}

TEST_CASE("cost/replay: never below the critical path nor the work over the slots, never above doing all in turn") {
  Random random(14);
  for (int round = 0; round < 500; ++round) {
    RandomShape shape;
    shape.turnaround = false;
    const Workload w = RandomWorkload(random, shape);
    std::uint32_t slots = 0;
    double in_turn = 0;
    for (const cost::ExecutorWork& executor : w.executors) slots += executor.slots;
    for (const double lag : w.lag) in_turn += lag;
    const double work = std::accumulate(w.tasks.duration.begin(), w.tasks.duration.end(), 0.0);
    const double duration = Duration(w);
    CHECK(duration >= doctest::Approx(LongestChain(w)));
    CHECK(duration >= doctest::Approx(work / slots));
    CHECK(duration <= doctest::Approx(in_turn + work));
  }
}

TEST_CASE("cost/replay: where no two stages run at once, a further executor never slows") {
  Random random(15);
  for (int round = 0; round < 300; ++round) {
    RandomShape shape;
    shape.chain = true;
    shape.turnaround = false;
    Workload w = RandomWorkload(random, shape);
    const double before = Duration(w);
    w.executors[0].slots += 1;
    CHECK(Duration(w) <= before + 1e-6);
  }
}

}  // namespace
}  // namespace advise::test
