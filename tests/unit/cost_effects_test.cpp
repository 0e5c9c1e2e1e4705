// Effects on workloads: what each does to tasks, how they compose, what they may never do.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cost/accounts.h"
#include "cost/calibration.h"
#include "cost/contention.h"
#include "cost/division.h"
#include "cost/draws.h"
#include "cost/predict.h"
#include "cost/scenario.h"
#include "unit/cost_fixture.h"

namespace advise::test {
namespace {

using cost::Component;
using cost::Components;
using cost::Effect;
using cost::Exactly;
using cost::kMid;
using cost::Range;
using cost::StageList;
using cost::Workload;

// A workload, its unchanged replay, and what effects make of it.
struct Bench {
  Workload workload;
  cost::ReplayTrace unchanged;
  double before = 0;

  explicit Bench(Workload given) : workload(std::move(given)) {
    before = cost::Replayer(workload).Run(cost::UnchangedSchedule(workload), &unchanged).duration;
  }
  double Time(const std::vector<Effect>& effects, std::uint32_t draw = kMid) const {
    cost::Scenario scenario(workload, unchanged, effects);
    return cost::Replayer(workload).Run(scenario.Draw(draw)).duration;
  }
};

StageList AllStages(const Workload& workload) {
  StageList stages(workload.stages.size());
  std::iota(stages.begin(), stages.end(), 0U);
  return stages;
}

// One job of one stage whose tasks read `bytes` and take `ms` on the processor.
Workload OneStage(const std::vector<double>& bytes, const std::vector<double>& ms, std::uint32_t slots) {
  Workload w;
  w.pools = {"default"};
  w.jobs = {{0, 0, 0, 0}};
  cost::StageWork stage;
  stage.job = 0;
  stage.tasks = static_cast<std::uint32_t>(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (std::size_t c = 0; c < cost::kComponents; ++c) {
      w.tasks.parts[c].push_back(c == cost::At(Component::Cpu) ? static_cast<float>(ms[i]) : 0);
    }
    w.tasks.duration.push_back(static_cast<float>(ms[i]));
    for (auto* column :
         {&w.tasks.reported_gc, &w.tasks.input_bytes, &w.tasks.shuffle_write_bytes, &w.tasks.memory_spilled_bytes,
          &w.tasks.disk_spilled_bytes, &w.tasks.peak_memory_bytes, &w.tasks.shuffle_read_records, &w.tasks.pause}) {
      column->push_back(0);
    }
    w.tasks.shuffle_read_bytes.push_back(static_cast<float>(bytes[i]));
    w.tasks.needed.push_back(1);
    w.tasks.winner.push_back(1);
  }
  w.stages.push_back(stage);
  cost::ExecutorWork executor;
  executor.slots = slots;
  executor.removal = std::numeric_limits<double>::quiet_NaN();
  w.executors.push_back(executor);
  SetChainEdges(w);
  return w;
}

double SumOf(const cost::DividedTasks& divided) {
  double sum = 0;
  for (const cost::Parts& parts : divided.parts) {
    for (const float part : parts) sum += static_cast<double>(part);
  }
  return sum;
}

// ---------------------------------------------------------------- dividing
// Data at 1,000 bytes a ms, no fixed part: time follows bytes.
cost::DivisionNumbers ByBytes() { return {0, 1000, 1e9, 0, 0, 1}; }

TEST_CASE("cost/division: the work of a stage does not depend on its division where nothing is fixed") {
  const Workload w = OneStage(std::vector<double>(12, 50'000), std::vector<double>(12, 50), 2);
  for (const double partitions : {1.0, 2.0, 3.0, 5.0, 11.0, 24.0, 100.0}) {
    CAPTURE(partitions);
    cost::Division division;
    division.partitions = partitions;
    const cost::DividedTasks divided = cost::Divide(w, w.stages[0], division, ByBytes());
    CHECK(static_cast<double>(divided.parts.size()) == partitions);
    CHECK(SumOf(divided) == doctest::Approx(600).epsilon(1e-4));
  }
}

TEST_CASE("cost/division: a division as it was changes nothing") {
  Random random(3);
  std::vector<double> bytes;
  std::vector<double> ms;
  for (int i = 0; i < 30; ++i) {
    bytes.push_back(std::uniform_real_distribution<double>(1000, 90'000)(random));
    ms.push_back(std::uniform_real_distribution<double>(10, 900)(random));
  }
  Workload w = OneStage(bytes, ms, 2);
  // Whatever belongs to the slots and not to the data (0: not known how many there were).
  for (const std::uint32_t slots : {0U, 1U, 2U, 3U, 7U}) {
    CAPTURE(slots);
    w.stages[0].first_wave = slots;
    cost::Division division;
    division.partitions = 30;
    const cost::DividedTasks divided = cost::Divide(w, w.stages[0], division, {120, 30'000, 2000, 0.6, 0.15, 1});
    REQUIRE(divided.parts.size() == 30);
    for (std::size_t i = 0; i < 30; ++i) {
      CHECK(divided.parts[i][cost::At(Component::Cpu)] == doctest::Approx(ms[i]).epsilon(1e-4));
    }
  }
}

TEST_CASE("cost/division: what every task takes comes once a task; further ones take less") {
  const Workload w = OneStage(std::vector<double>(10, 0), std::vector<double>(10, 40), 2);
  cost::Division division;
  division.partitions = 2;
  CHECK(SumOf(cost::Divide(w, w.stages[0], division, {100, 1000, 1000, 50, 0, 1})) == doctest::Approx(80));
  division.partitions = 30;
  // Twenty more, each quicker than the one before: the executor has run more.
  double warm = 0;
  for (int run = 11; run <= 30; ++run) warm += 50 * std::pow(run, -cost::calibration::kWarmUp);
  CHECK(SumOf(cost::Divide(w, w.stages[0], division, {100, 1000, 1000, 50, 0, 1})) == doctest::Approx(400 + warm));
  // On ten executors, after a thousand tasks each, they are all alike.
  const double late = 20 * 50 * std::pow(1002, -cost::calibration::kWarmUp);
  CHECK(SumOf(cost::Divide(w, w.stages[0], division, {100, 1000, 1000, 50, 0, 1, 1e9, 1000, 10})) ==
        doctest::Approx(400 + late).epsilon(1e-3));
}

TEST_CASE("cost/division: the first records of a task are slow, once a task") {
  // 20,000 records a task at 1,000 a ms, the first 10,000 at 100: 100 + 20 ms.
  Workload w = OneStage({1000, 1000, 1000, 1000}, {120, 120, 120, 120}, 2);
  for (float& records : w.tasks.shuffle_read_records) records = 20'000;
  const cost::DivisionNumbers numbers{0, 1e9, 1000, 0, 0, 1, 100};
  const auto sum = [&](double partitions) {
    cost::Division division;
    division.partitions = partitions;
    return SumOf(cost::Divide(w, w.stages[0], division, numbers));
  };
  CHECK(sum(4) == doctest::Approx(480));
  CHECK(sum(2) == doctest::Approx(2 * 100 + 4 * 20));
  CHECK(sum(1) == doctest::Approx(100 + 4 * 20));
  CHECK(sum(8) == doctest::Approx(8 * 100 + 4 * 20));
  CHECK(sum(16) == doctest::Approx(8 * 100 + 4 * 20));  // 5,000 records each: half of what is slow
}

TEST_CASE("cost/division: the code of a stage is compiled once a slot, however its data is divided") {
  // Two slots: 100 ms for the data of each task, 900 and 300 more for the first and second task of each slot.
  Workload w = OneStage(std::vector<double>(12, 1000), {1000, 1000, 400, 400, 100, 100, 100, 100, 100, 100, 100, 100}, 2);
  w.stages[0].first_wave = 2;
  const auto tasks = [&](double partitions) {
    cost::Division division;
    division.partitions = partitions;
    std::vector<double> ms;
    for (const cost::Parts& parts : cost::Divide(w, w.stages[0], division, ByBytes()).parts) {
      double sum = 0;
      for (const float part : parts) sum += static_cast<double>(part);
      ms.push_back(sum);
    }
    return ms;
  };
  const auto near = [](double ms) { return doctest::Approx(ms).epsilon(1e-3); };
  CHECK(tasks(2)[0] == near(6 * 100 + 1200));
  CHECK(tasks(2)[1] == near(6 * 100 + 1200));
  CHECK(tasks(1)[0] == near(12 * 100 + 1200));  // the other slot has nothing to do with it
  const std::vector<double> three = tasks(3);
  CHECK(three[0] == near(4 * 100 + 1200));
  CHECK(three[2] == near(4 * 100));
  const std::vector<double> halves = tasks(24);  // half of the first task of the run, and so on
  CHECK(halves[0] == near(50 + 450));
  CHECK(halves[2] == near(50 + 450));
  CHECK(halves[4] == near(50 + 150));
  CHECK(halves[8] == near(50));
  double sum = 0;
  for (const double ms : halves) sum += ms;
  CHECK(sum == near(12 * 100 + 2400));
  // One task that is slow alone is slow for its data.
  w = OneStage(std::vector<double>(12, 1000), {1000, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100}, 2);
  w.stages[0].first_wave = 2;
  CHECK(tasks(4)[0] == near(1200));
}

TEST_CASE("cost/division: a further task takes what the later tasks of the stage took, and less the more ran") {
  Workload w = OneStage(std::vector<double>(8, 0), {400, 400, 20, 20, 20, 20, 20, 20}, 2);
  w.stages[0].first_wave = 2;
  cost::Division division;
  division.partitions = 28;
  // By the curve each of the twenty would take 100 ms or more; the later ones took 20.
  const double sum = SumOf(cost::Divide(w, w.stages[0], division, {1000, 1000, 1e9, 760, 0, 1}));
  CHECK(sum < 2 * 400 + 26 * 20);
  CHECK(sum > 2 * 400 + 6 * 20 + 20 * 5);
}

TEST_CASE("cost/division: one key stays whole, however many partitions there are") {
  std::vector<double> bytes(20, 10'000);
  std::vector<double> ms(20, 10);
  bytes[7] = 2'000'000;
  ms[7] = 2000;
  const Workload w = OneStage(bytes, ms, 4);
  const Bench bench(w);
  for (const double partitions : {40.0, 200.0, 1000.0}) {
    cost::Division division;
    division.partitions = partitions;
    CHECK(cost::Divide(w, w.stages[0], division, ByBytes()).largest_bytes > 1'900'000);
    const double after = bench.Time({cost::SetPartitions{{0}, partitions}});
    CHECK(after > 0.95 * bench.before);  // next to nothing: the key stays one task
  }
  // Splitting divides it.
  CHECK(bench.Time({cost::SplitTasks{{0}, 100'000, 200'000, 8}}) < 0.5 * bench.before);
}

TEST_CASE("cost/division: what a task takes to commit a small file is saved with the task") {
  const std::size_t tasks = 100;
  const auto waits = [&](bool small_files) {
    Workload w = OneStage(std::vector<double>(tasks, 2000), std::vector<double>(tasks, 900), 4);
    std::swap(w.tasks.parts[cost::At(Component::Cpu)], w.tasks.parts[cost::At(Component::OffCpu)]);
    w.stages[0].small_files = small_files;
    const Bench bench(std::move(w));
    return bench.Time({cost::SetPartitions{{0}, 8}}) / bench.before;
  };
  CHECK(waits(false) > 0.7);
  CHECK(waits(true) < 0.4);
  CHECK(waits(true) > 0.05);  // eight are left
}

TEST_CASE("cost/division: fewer partitions put together what hashing puts together") {
  const Workload w = OneStage({1, 2, 3, 4, 5, 6, 7, 8}, {1, 2, 3, 4, 5, 6, 7, 8}, 2);
  cost::Division division;
  division.partitions = 4;
  cost::DivisionNumbers numbers = ByBytes();
  numbers.bytes_per_ms = 1;
  const cost::DividedTasks divided = cost::Divide(w, w.stages[0], division, numbers);
  REQUIRE(divided.parts.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(divided.parts[i][cost::At(Component::Cpu)] == doctest::Approx(6 + 2 * static_cast<double>(i)));
  }
}

TEST_CASE("cost/division: sizes are put together as Spark does it") {
  using Counts = std::vector<std::uint32_t>;
  struct Row {
    std::vector<double> sizes;
    double target;
    double least;
    double smallest;
    Counts expected;
  };
  const Row rows[] = {
      {{10, 10, 10, 10}, 20, 1, 0, {2, 2}},
      {{10, 15, 10, 10}, 20, 1, 0, {1, 1, 2}},
      {{100, 1, 1, 100}, 20, 1, 0, {1, 2, 1}},
      {{0, 0, 0, 0}, 64, 1, 0, {4}},
      {{10, 10, 10, 10}, 1000, 2, 0, {2, 2}},   // two at least
      {{10, 10, 10, 10}, 1000, 4, 30, {3, 1}},  // but not below 30 each
      {{}, 10, 1, 0, {}},
  };
  for (const Row& row : rows)
    CHECK(cost::CoalesceSizes(row.sizes, row.target, row.least, row.smallest) == row.expected);
}

TEST_CASE("cost/division: spill goes when what a task needs fits") {
  Workload w = OneStage({1000, 1000}, {100, 100}, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    w.tasks.parts[cost::At(Component::Spill)][i] = 50;
    w.tasks.duration[i] += 50;
    w.tasks.memory_spilled_bytes[i] = 600;  // of 1,000 needed
    w.tasks.disk_spilled_bytes[i] = 60;
    w.tasks.peak_memory_bytes[i] = 400;
  }
  cost::Division division;
  division.partitions = 5;  // 400 each
  const cost::DividedTasks divided = cost::Divide(w, w.stages[0], division, {0, 10, 1e9, 1, 0, 1});
  CHECK(divided.spilled_bytes == doctest::Approx(0));
  for (const cost::Parts& parts : divided.parts) CHECK(parts[cost::At(Component::Spill)] == doctest::Approx(0));
  division.partitions = 1;
  const cost::DividedTasks whole = cost::Divide(w, w.stages[0], division, {0, 10, 1e9, 1, 0, 1});
  CHECK(whole.spilled_bytes == doctest::Approx(160));  // 2,000 needed, 400 there
  CHECK(whole.parts[0][cost::At(Component::Spill)] > 100);
}

// ---------------------------------------------------------------- composing
TEST_CASE("cost/scenario: effects of no size change nothing, to the last bit") {
  Random random(21);
  for (int round = 0; round < 100; ++round) {
    RandomShape shape;
    shape.links = round % 2 == 0;
    const Bench bench(RandomWorkload(random, shape));
    const StageList all = AllStages(bench.workload);
    CHECK(bench.Time({}) == bench.before);
    CHECK(bench.Time({cost::AddLag{0, Exactly(0)}, cost::SetFair{false}, cost::ScaleGaps{{}, Exactly(0)}}) ==
          bench.before);
    const std::vector<Effect> ones = {cost::ScaleComponents{all, cost::RunComponents(), Exactly(1)},
                                      cost::CapComponent{all, Component::Cpu, 1e9},
                                      cost::SetSlots{static_cast<double>(bench.workload.executors.size()), 0}};
    CHECK(bench.Time(ones) == doctest::Approx(bench.before).epsilon(1e-6));
  }
}

TEST_CASE("cost/scenario: a set of effects has no order") {
  Random random(22);
  for (int round = 0; round < 60; ++round) {
    const Bench bench(RandomWorkload(random, {}));
    const StageList all = AllStages(bench.workload);
    std::vector<Effect> effects = {
        cost::ScaleComponents{all, Components({Component::Cpu}), Range{0.3, 0.5, 0.9}},
        cost::ScaleComponents{all, Components({Component::Cpu, Component::Gc}), Range{0.1, 0.2, 0.8}},
        cost::CapComponent{all, Component::Cpu, 40},
        cost::CapComponent{{0}, Component::Cpu, 20},
        cost::SetPartitions{{0}, 7},
        cost::AddWork{0, 3, Range{10, 20, 30}},
        cost::AddLag{bench.workload.points.StageReady(0), Range{1, 2, 3}},
        cost::SetSlots{2, 0}};
    const double once = bench.Time(effects, 5);
    for (int i = 0; i < 4; ++i) {
      std::shuffle(effects.begin(), effects.end(), random);
      CHECK(bench.Time(effects, 5) == once);
    }
  }
}

TEST_CASE("cost/scenario: caps take the smallest, scales multiply, dropped work absorbs the rest") {
  const Bench bench(OneStage({0, 0, 0}, {10, 20, 60}, 1));
  const Effect cap30 = cost::CapComponent{{0}, Component::Cpu, 30};
  const Effect cap15 = cost::CapComponent{{0}, Component::Cpu, 15};
  CHECK(bench.Time({cap30}) == doctest::Approx(60));
  CHECK(bench.Time({cap30, cap15}) == bench.Time({cap15}));
  CHECK(bench.Time({cap30, cap30}) == bench.Time({cap30}));
  const Effect half = cost::ScaleComponents{{0}, Components({Component::Cpu}), Exactly(0.5)};
  CHECK(bench.Time({half}) == doctest::Approx(45));
  CHECK(bench.Time({half, half}) == doctest::Approx(22.5));
  CHECK(bench.Time({half, cap30}) == doctest::Approx(30));  // capped first, then scaled
  const Effect drop = cost::DropStages{{0}};
  CHECK(bench.Time({drop}) == 0);
  CHECK(bench.Time({drop, half, cap30, cost::AddWork{0, 1, Exactly(1000)}}) == 0);
}

TEST_CASE("cost/scenario: the same number has the same draw in every scenario") {
  const Bench bench(OneStage({0, 0, 0}, {10, 20, 60}, 1));
  const Effect scale = cost::ScaleComponents{{0}, Components({Component::Cpu}), Range{0.2, 0.5, 0.9}};
  for (std::uint32_t draw = 0; draw < cost::kDraws; draw += 7) {
    const double alone = bench.Time({scale}, draw);
    const double with_lag = bench.Time({scale, cost::AddLag{bench.workload.points.AppEnd(), Exactly(100)}}, draw);
    CHECK(with_lag == doctest::Approx(alone + 100));
  }
  CHECK(bench.Time({scale}, 0) != bench.Time({scale}, 1));
}

TEST_CASE("cost/scenario: contradictions are found, what goes together is not one") {
  const Workload w = OneStage({0, 0}, {1, 1}, 1);
  using Effects = std::vector<Effect>;
  CHECK(cost::FindContradiction(w, Effects{cost::SetPartitions{{0}, 8}, cost::SetPartitions{{0}, 24}}) ==
        "stage 0.0 in 8 and in 24 partitions");
  CHECK(cost::FindContradiction(w, Effects{cost::SetSlots{2, 0}, cost::SetSlots{3, 0}}) == "2 and 3 executors");
  CHECK(cost::FindContradiction(w, Effects{cost::SetSlots{0, 4}, cost::SetSlots{0, 8}}) == "4 and 8 slots an executor");
  CHECK(cost::FindContradiction(w, Effects{cost::SetFair{true}, cost::SetFair{false}}) ==
        "the scheduler FAIR and FIFO");
  CHECK_FALSE(cost::FindContradiction(w, Effects{cost::SetPartitions{{0}, 8}, cost::SetPartitions{{0}, 8},
                                                 cost::SetSlots{2, 0}, cost::SetSlots{0, 4}, cost::SetFair{true}}));
}

TEST_CASE("cost/scenario: slots that are processors: more are never slower by more than crowding") {
  const Bench bench(OneStage(std::vector<double>(64, 0), std::vector<double>(64, 100), 4));
  CHECK(bench.Time({cost::SetSlots{2, 0}}) == doctest::Approx(800 * std::pow(2, 0.1)).epsilon(1e-4));
  CHECK(bench.Time({cost::SetSlots{0, 2}}) == doctest::Approx(3200 * std::pow(0.5, 0.1)).epsilon(1e-4));
}

TEST_CASE("cost/scenario: slots that share a processor bring nothing") {
  Workload w = OneStage(std::vector<double>(64, 0), std::vector<double>(64, 100), 1);
  w.machine.shared = true;
  w.duration = 6400;
  const Bench bench(w);
  const double twice = bench.Time({cost::SetSlots{2, 0}});
  CHECK(twice > 0.9 * bench.before);
  // Of one long task beside short ones only the time beside them is shared.
  std::vector<double> ms(9, 100);
  ms[0] = 5000;
  Workload skewed = OneStage(std::vector<double>(9, 0), ms, 1);
  skewed.machine.shared = true;
  skewed.duration = 5800;
  const Bench hot(skewed);
  const double after = hot.Time({cost::SetSlots{2, 0}});
  CHECK(after > 5000);
  CHECK(after < 7500 + cost::calibration::kStartOnShared.mid);
}

TEST_CASE("cost/scenario: where tasks never waited for a processor, one more is there once the compilers are done") {
  const auto share_left = [](double ms) {
    Workload w = OneStage(std::vector<double>(64, 0), std::vector<double>(64, ms), 1);
    w.machine = {.shared = true, .has_spare = true, .evidence = ""};
    w.duration = 64 * ms;
    return Bench(w).Time({cost::SetSlots{2, 0}}) / w.duration;
  };
  CHECK(share_left(10'000) < 0.6);  // ten minutes of work
  CHECK(share_left(200) > 0.9);     // thirteen seconds: no more processors than before
}

TEST_CASE("cost/scenario: further executors keep the driver waiting as long as those of the log did") {
  const auto eight = [](std::initializer_list<double> arrivals) {
    Workload w = OneStage(std::vector<double>(8, 0), std::vector<double>(8, 100), 1);
    w.machine.shared = true;
    const cost::ExecutorWork first = w.executors.front();
    w.executors.clear();
    for (const double arrival : arrivals) w.executors.emplace_back(first).arrival = arrival;
    SetChainEdges(w);
    w.duration = 400;
    return Bench(w).Time({cost::SetSlots{8, 0}});
  };
  const double each = cost::calibration::kStartOnShared.mid;
  // Four more: 100 ms each, or what is usual where the log shows nothing of the kind.
  CHECK(eight({0, 1e6, 2e6, 3e6}) - eight({0, 100, 200, 300}) == doctest::Approx(4 * (each - 100)));
  // One that came long after the others, with the load, does not count.
  CHECK(eight({0, 100, 200, 1e6}) == doctest::Approx(eight({0, 100, 200, 300})));
  // Never longer than usual.
  CHECK(eight({0, 2900, 5800, 8700}) == doctest::Approx(eight({0, 1e6, 2e6, 3e6})));
}

TEST_CASE("cost/scenario: tasks that wait gain from slots that share a processor") {
  Workload w = OneStage(std::vector<double>(64, 0), std::vector<double>(64, 100), 1);
  w.machine.shared = true;
  w.duration = 6400;
  // 5 ms on the processor, 95 off it: far more than compilers and other JVMs take.
  for (std::size_t i = 0; i < w.tasks.size(); ++i) {
    w.tasks.parts[cost::At(Component::Cpu)][i] = 5;
    w.tasks.parts[cost::At(Component::OffCpu)][i] = 95;
  }
  const Bench waits(w);
  const double twice = waits.Time({cost::SetSlots{2, 0}});
  CHECK(twice < 0.55 * waits.before + cost::calibration::kStartOnShared.mid);
  // Of Python's functions nobody knows: between gaining all of it and next to nothing.
  w.stages[0].python = true;
  const Bench python(w);
  double least = python.before;
  double most = 0;
  for (std::uint32_t draw = 0; draw < cost::kDraws; ++draw) {
    const double time = python.Time({cost::SetSlots{2, 0}}, draw);
    least = std::min(least, time);
    most = std::max(most, time);
  }
  CHECK(least < 0.75 * python.before);
  CHECK(most > 0.85 * python.before);
}

TEST_CASE("cost/contention: what tasks need of a processor") {
  Workload w = OneStage({0, 0, 0}, {100, 100, 100}, 1);
  const auto set = [&](std::size_t task, float cpu, float off, float fetch) {
    w.tasks.parts[cost::At(Component::Cpu)][task] = cpu;
    w.tasks.parts[cost::At(Component::OffCpu)][task] = off;
    w.tasks.parts[cost::At(Component::FetchWait)][task] = fetch;
  };
  set(0, 40, 60, 0);  // a cold JVM: no wait
  set(1, 10, 90, 0);  // 20 of the 90 may be one for the processor
  set(2, 50, 0, 50);  // waits for shuffle data
  std::vector<std::uint16_t> needs = cost::ProcessorNeeds(w, 0.5);
  CHECK(needs[0] == cost::kWholeProcessor);
  CHECK(needs[1] == std::lround(0.3 * cost::kWholeProcessor));
  CHECK(needs[2] == cost::kWholeProcessor / 2);
  w.stages[0].python = true;
  needs = cost::ProcessorNeeds(w, 0.5);
  CHECK(needs[1] == std::lround(0.55 * cost::kWholeProcessor));
  CHECK(cost::ShareOutside(w) == doctest::Approx(0.5));
}

// ---------------------------------------------------------------- when executors come
TEST_CASE("cost/scenario: executors that come earlier, and that stay") {
  // Four tasks of 100 on an executor that comes at 500; a second one comes at 550 and is gone at 600, a third at 1000.
  Workload w = OneStage({0, 0, 0, 0}, {100, 100, 100, 100}, 1);
  cost::ExecutorWork further = w.executors[0];
  w.executors.push_back(further);
  w.executors[1].removal = 600;
  w.executors.push_back(further);
  SetChainEdges(w);
  const auto set_lag = [&](std::uint32_t executor, double ms) {
    w.executors[executor].arrival = ms;
    w.lag[w.points.Arrival(executor)] = ms;
  };
  set_lag(0, 500);
  set_lag(1, 550);
  set_lag(2, 1000);
  w.lag[w.points.Removal(1)] = 50;  // after it came
  const Bench bench(w);
  // 500, 550, 600, 700: the second takes one task before it goes.
  CHECK(bench.before == doctest::Approx(800));
  CHECK(bench.Time({cost::ScaleArrivals{{0, 1}, Exactly(1)}}) == doctest::Approx(800));
  CHECK(bench.Time({cost::ScaleArrivals{{0}, Exactly(0)}}) == doctest::Approx(400));
  // It stays for the third: two work side by side.
  CHECK(bench.Time({cost::KeepExecutor{1, 2, {2}}}) == doctest::Approx(750));
  cost::Scenario scenario(bench.workload, bench.unchanged, std::vector<Effect>{cost::KeepExecutor{1, 2, {2}}});
  CHECK(scenario.Draw(kMid).slots == std::vector<std::uint32_t>{1, 1, 0});
}

TEST_CASE("cost/scenario: volumes follow what is dropped") {
  Workload w = OneStage({0, 0}, {10, 10}, 1);
  w.tasks.shuffle_write_bytes = {100, 200};
  w.tasks.disk_spilled_bytes = {10, 0};
  const Bench bench(w);
  cost::Scenario scenario(bench.workload, bench.unchanged,
                          std::vector<Effect>{cost::ChangeVolume{Exactly(-50), Exactly(5)}});
  scenario.Draw(kMid);
  CHECK(scenario.volumes().shuffle_bytes == doctest::Approx(250));
  CHECK(scenario.volumes().spilled_bytes == doctest::Approx(15));
  cost::Scenario dropped(bench.workload, bench.unchanged, std::vector<Effect>{cost::DropStages{{0}}});
  dropped.Draw(kMid);
  CHECK(dropped.volumes().shuffle_bytes == 0);
}

// ---------------------------------------------------------------- draws
TEST_CASE("cost/draws: the draws of a number cover its distribution evenly") {
  cost::Draws draws;
  std::vector<double> values;
  for (std::uint32_t i = 0; i < cost::kDraws; ++i) values.push_back(draws.Uniform("x", 3, i));
  std::sort(values.begin(), values.end());
  for (std::uint32_t i = 0; i < cost::kDraws; ++i) CHECK(values[i] == doctest::Approx((i + 0.5) / cost::kDraws));
  CHECK(draws.Uniform("x", 3, 5) == cost::Draws().Uniform("x", 3, 5));
  const Range range{1, 2, 6};
  CHECK(cost::QuantileOf(range, 0) == doctest::Approx(1));
  CHECK(cost::QuantileOf(range, 1) == doctest::Approx(6));
  CHECK(cost::QuantileOf(range, 0.2) == doctest::Approx(2));  // the share left of the mode: (2-1)/(6-1)
  CHECK(cost::QuantileOf(Exactly(4), 0.3) == 4);
  CHECK(draws.Value(range, "y", 0, kMid) == 2);
}

TEST_CASE("cost/predict: quantiles of values with noise") {
  const cost::Interval exact = cost::MixWithNoise({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 0);
  CHECK(exact.low == doctest::Approx(2));
  CHECK(exact.mid == doctest::Approx(6));
  CHECK(exact.high == doctest::Approx(10));
  const cost::Interval noisy = cost::MixWithNoise({100}, 0.1);
  CHECK(noisy.mid == doctest::Approx(100).epsilon(0.001));
  CHECK(noisy.low == doctest::Approx(100 * std::exp(-0.128)).epsilon(0.01));
  CHECK(noisy.high == doctest::Approx(100 * std::exp(0.128)).epsilon(0.01));
}

// ---------------------------------------------------------------- accounts
TEST_CASE("cost/accounts: they add up to the duration") {
  Random random(31);
  for (int round = 0; round < 100; ++round) {
    const Workload w = RandomWorkload(random, {});
    const cost::Schedule schedule = cost::UnchangedSchedule(w);
    cost::Replayer replayer(w);
    cost::ReplayTrace trace;
    const cost::ReplayTimes& times = replayer.Run(schedule, &trace);
    std::array<double, cost::kComponents> components{};
    for (std::size_t c = 0; c < cost::kComponents; ++c) {
      for (const float part : w.tasks.parts[c]) components[c] += static_cast<double>(part);
    }
    const cost::WallAccounts accounts = cost::AccountsOf(w, schedule, times, trace, components);
    double sum = accounts.start_up + accounts.driver + accounts.idle_slots;
    for (const double part : accounts.components) sum += part;
    CHECK(sum == doctest::Approx(times.duration).epsilon(1e-9));
  }
}

}  // namespace
}  // namespace advise::test
