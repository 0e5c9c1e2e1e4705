// Components of task times, and workloads made of models: lags, waits, retries, executors, gaps. Real logs: the parts
// add up, and a replay with nothing changed comes out near the run.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "cost/components.h"
#include "cost/contention.h"
#include "cost/replay.h"
#include "cost/replay_error.h"
#include "cost/workload.h"
#include "ingest/ingest.h"
#include "model/derive/derive.h"
#include "unit/model_derive_fixture.h"

namespace advise::test {
namespace {

using cost::At;
using cost::Component;
using cost::Parts;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

float Sum(const Parts& parts) {
  float sum = 0;
  for (const float part : parts) sum += part;
  return sum;
}

// ---------------------------------------------------------------- components
TEST_CASE("cost/components: what a task's time is made of") {
  struct Row {
    const char* what;
    cost::TaskTimes times;
    std::vector<std::pair<Component, float>> expected;  // the others are 0
    bool clipped;
  };
  const Row rows[] = {
      {"all of it",
       {100, 80, 30, 10, 5, 7, 8, 2, 3},
       {{Component::Scheduler, 7},
        {Component::GettingResult, 3},
        {Component::Deserialize, 8},
        {Component::Cpu, 30},
        {Component::Gc, 10},
        {Component::FetchWait, 5},
        {Component::ShuffleWrite, 7},
        {Component::OffCpu, 28},
        {Component::ResultSerialization, 2}},
       false},
      {"no metrics",
       {100, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown},
       {{Component::Unknown, 100}},
       false},
      {"no processor time: the write time cannot be told from the rest",
       {100, 90, kUnknown, 10, 5, 30, 10, 0, 0},
       {{Component::Deserialize, 10}, {Component::Gc, 10}, {Component::FetchWait, 5}, {Component::OffCpu, 75}},
       false},
      {"GC of other tasks is not more than what this one stood still",
       {100, 100, 90, 60, 5, 0, 0, 0, 0},
       {{Component::Cpu, 90}, {Component::Gc, 5}, {Component::FetchWait, 5}},
       false},
      {"processor time above the run time",
       {50, 40, 45, 0, 0, 0, 0, 0, 0},
       {{Component::Cpu, 40}, {Component::Scheduler, 10}},
       false},
      {"metrics beyond launch and finish are scaled down",
       {50, 80, 80, 0, 0, 0, 20, 0, 0},
       {{Component::Cpu, 40}, {Component::Deserialize, 10}},
       true},
      {"a finish before the launch is no time",
       {-5, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown},
       {},
       false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    bool clipped = false;
    const Parts parts = cost::Decompose(row.times, clipped);
    CHECK(clipped == row.clipped);
    Parts expected{};
    for (const auto& [component, ms] : row.expected) expected[At(component)] = ms;
    for (std::size_t i = 0; i < cost::kComponents; ++i) {
      CAPTURE(cost::ComponentName(static_cast<Component>(i)));
      CHECK(parts[i] == doctest::Approx(expected[i]));
    }
    CHECK(Sum(parts) == doctest::Approx(std::max(0.0, row.times.duration)));
  }
}

TEST_CASE("cost/components: time off the processor goes to what it follows") {
  std::vector<Parts> tasks(20);
  std::vector<cost::OffCpuCauses> causes(20);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    causes[i].input_bytes = static_cast<float>(1000 * (i % 7));
    causes[i].spilled_bytes = static_cast<float>(500 * (i % 3));
    tasks[i][At(Component::OffCpu)] = 0.01F * causes[i].input_bytes + 0.02F * causes[i].spilled_bytes + 5;
  }
  std::vector<Parts> attributed = tasks;
  CHECK(cost::AttributeOffCpu(attributed, causes, false) == doctest::Approx(1).epsilon(0.001));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    CHECK(attributed[i][At(Component::Input)] ==
          doctest::Approx(0.01 * static_cast<double>(causes[i].input_bytes)).epsilon(0.02));
    CHECK(attributed[i][At(Component::Spill)] ==
          doctest::Approx(0.02 * static_cast<double>(causes[i].spilled_bytes)).epsilon(0.02));
    CHECK(Sum(attributed[i]) == doctest::Approx(Sum(tasks[i])));
  }
  SUBCASE("not if it follows nothing") {
    constexpr int kNoise[] = {13, 1, 5, 8, 10, 12, 7, 12, 13, 7, 7, 12, 13, 10, 8, 3, 6, 2, 1, 3};
    for (std::size_t i = 0; i < tasks.size(); ++i) tasks[i][At(Component::OffCpu)] = static_cast<float>(kNoise[i]);
    const std::vector<Parts> before = tasks;
    CHECK(cost::AttributeOffCpu(tasks, causes, false) < 0.3);
    CHECK(tasks == before);
  }
  SUBCASE("nor of few tasks") {
    std::vector<Parts> few(tasks.begin(), tasks.begin() + 7);
    CHECK(cost::AttributeOffCpu(few, std::span(causes).first(7), false) == 0);
    CHECK(few == std::vector<Parts>(tasks.begin(), tasks.begin() + 7));
  }
  SUBCASE("a process outside the JVM takes what is left") {
    CHECK(cost::AttributeOffCpu(tasks, causes, true) > 0.9);
    for (const Parts& parts : tasks) {
      CHECK(parts[At(Component::OffCpu)] == 0);
      CHECK(parts[At(Component::External)] == doctest::Approx(5).epsilon(0.05));
    }
  }
}

TEST_CASE("cost/components: coefficients are never below zero") {
  const std::vector<std::vector<double>> columns = {{1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1}, {7, 7, 7, 7, 7, 7}};
  const std::vector<double> y = {1, 2, 3, 4, 5, 6};
  const cost::NonNegativeFit fit = cost::FitNonNegative(columns, y);
  CHECK(fit.r_squared == doctest::Approx(1).epsilon(1e-6));
  CHECK(fit.coefficients[0] > 0);
  CHECK(fit.coefficients[1] >= 0);
  CHECK(fit.coefficients[2] == 0);
  CHECK(cost::FitNonNegative(columns, std::vector<double>(6, 3)).r_squared == 0);
}

// ---------------------------------------------------------------- workloads
struct Run {
  JobModel model = EmptyModel(1000);
  ExecutorRow executor;
  std::int64_t next_task = 0;

  explicit Run(std::int64_t end, std::int64_t slots) : model(EmptyModel(end)) {
    executor = PutExecutor(model, "1", slots, 0);
  }
  void Task(StageRow stage, std::int64_t index, std::int64_t launch, std::int64_t finish,
            EndReason reason = EndReason::Success, bool speculative = false) {
    AttemptCells cells;
    cells.id = next_task++;
    cells.index = index;
    cells.stage = stage;
    cells.executor = executor;
    cells.launch = launch;
    cells.finish = finish;
    cells.reason = reason;
    cells.speculative = speculative;
    cells.run_time = finish == kMissing ? kMissing : finish - launch;
    PutTask(model, cells);
  }
  cost::Workload Make() {
    DeriveAll(model);
    std::optional<cost::Workload> workload = cost::MakeWorkload(model);
    REQUIRE(workload.has_value());
    return *std::move(workload);
  }
};

double Replayed(const cost::Workload& workload) {
  return cost::Replayer(workload).Run(cost::UnchangedSchedule(workload)).duration;
}

TEST_CASE("cost/workload: jobs, stages and their lags come out as they were") {
  Run run(1000, 2);
  const JobRow job = PutJob(run.model, {.id = 0, .start = 100, .end = 520});
  const StageRow map = PutStage(run.model, {.id = 0, .tasks = 2, .submitted = 110, .completed = 302, .job = job});
  const StageRow reduce =
      PutStage(run.model, {.id = 1, .tasks = 1, .submitted = 310, .completed = 505, .parents = {0}, .job = job});
  const JobRow later = PutJob(run.model, {.id = 1, .start = 700, .end = 900});
  const StageRow third = PutStage(run.model, {.id = 2, .tasks = 1, .submitted = 705, .completed = 890, .job = later});
  run.Task(map, 0, 120, 200);
  run.Task(map, 1, 120, 300);
  run.Task(reduce, 0, 320, 500);
  run.Task(third, 0, 710, 880);
  const cost::Workload w = run.Make();
  const cost::PointNumbers& points = w.points;
  CHECK(w.duration == 1000);
  CHECK(w.lag[points.JobStart(0)] == 100);
  CHECK(w.lag[points.StageReady(0)] == 20);  // 10 to the submission, 10 to the launch though slots were free
  CHECK(w.lag[points.StageEnd(0)] == 2);
  CHECK(w.lag[points.StageReady(1)] == 18);
  CHECK(w.lag[points.JobEnd(0)] == 15);
  CHECK(w.lag[points.JobStart(1)] == 180);  // driver time between the jobs
  CHECK(w.lag[points.AppEnd()] == 100);
  CHECK(Replayed(w) == 1000);
  // The gap between the jobs is made of the end of the stage, of the job, of the pause and of the next stage.
  double between = 0;
  for (const cost::GapWork& gap : w.gaps) {
    if (gap.begin != 500) continue;
    for (const auto& [point, ms] : gap.parts) between += static_cast<double>(ms);
    CHECK(gap.length == 210);
  }
  CHECK(between == 210);
}

TEST_CASE("cost/workload: a stage that waited for slots has no lag for it") {
  Run run(500, 1);
  const JobRow a = PutJob(run.model, {.id = 0, .start = 0, .end = 300});
  const JobRow b = PutJob(run.model, {.id = 1, .start = 0, .end = 400});
  const StageRow first = PutStage(run.model, {.id = 0, .tasks = 3, .submitted = 0, .completed = 300, .job = a});
  const StageRow second = PutStage(run.model, {.id = 1, .tasks = 1, .submitted = 0, .completed = 400, .job = b});
  for (std::int64_t i = 0; i < 3; ++i) run.Task(first, i, 100 * i, 100 * i + 100);
  run.Task(second, 0, 300, 400);
  const cost::Workload w = run.Make();
  CHECK(w.stages[1].launch_lag == 0);
  CHECK(Replayed(w) == 500);
}

TEST_CASE(
    "cost/workload: a slot that idles while tasks wait is the stage's pause; on full slots it is the turnaround") {
  Run run(3000, 2);
  const JobRow job = PutJob(run.model, {.id = 0, .start = 0, .end = 3000});
  const StageRow stage = PutStage(run.model, {.id = 0, .tasks = 9, .submitted = 0, .completed = 2900, .job = job});
  for (std::int64_t i = 0; i < 4; ++i) {  // two slots, 5 ms between two tasks
    run.Task(stage, 2 * i, 205 * i, 205 * i + 200);
    run.Task(stage, 2 * i + 1, 205 * i, 205 * i + 200);
  }
  run.Task(stage, 8, 2500, 2900);  // waited for 1,685 ms with both slots free
  const cost::Workload w = run.Make();
  CHECK(w.stages[0].turnaround == 5);
  CHECK(w.tasks.pause[8] == doctest::Approx(2500 - 815));
  CHECK(w.quality.held_back == doctest::Approx(2500 - 815));
  // The pause is counted from the launch before: the 200 ms in which the slots were busy still are lost.
  CHECK(Replayed(w) == 2800);
}

TEST_CASE("cost/workload: a retry follows the failure, a copy its original; the end waits for winners alone") {
  Run run(1000, 2);
  const JobRow job = PutJob(run.model, {.id = 0, .start = 0, .end = 1000});
  const StageRow stage = PutStage(run.model, {.id = 0, .tasks = 2, .submitted = 0, .completed = 700, .job = job});
  run.Task(stage, 0, 0, 300, EndReason::ExceptionFailure);
  run.Task(stage, 1, 0, 900, EndReason::TaskKilled);
  run.Task(stage, 0, 300, 500);
  run.Task(stage, 1, 500, 700, EndReason::Success, true);
  const cost::Workload w = run.Make();
  REQUIRE(w.stages[0].links.size() == 2);
  CHECK(w.stages[0].links[0].task == 2);
  CHECK(w.stages[0].links[0].before == 0);
  CHECK_FALSE(w.stages[0].links[0].from_start);
  CHECK(w.stages[0].links[1].task == 3);
  CHECK(w.stages[0].links[1].from_start);
  CHECK(w.stages[0].links[1].delay == 500);
  CHECK(w.tasks.needed == std::vector<std::uint8_t>{0, 0, 1, 1});
  CHECK(Replayed(w) == 1000);
}

TEST_CASE("cost/workload: executors that take no task while some wait give no slots; late ones come when they work") {
  Run run(1000, 1);
  const ExecutorRow late = PutExecutor(run.model, "2", 1, 100);
  PutExecutor(run.model, "3", 4, 100);
  const JobRow job = PutJob(run.model, {.id = 0, .start = 0, .end = 1000});
  const StageRow stage = PutStage(run.model, {.id = 0, .tasks = 6, .submitted = 0, .completed = 1000, .job = job});
  for (std::int64_t i = 0; i < 5; ++i) run.Task(stage, i, 200 * i, 200 * i + 200);
  run.executor = late;
  run.Task(stage, 5, 500, 900);
  const cost::Workload w = run.Make();
  REQUIRE(w.executors.size() == 3);
  CHECK(w.executors[1].arrival == 500);
  CHECK(w.executors[2].slots == 0);
  CHECK(w.quality.unused_executors == 1);
}

TEST_CASE("cost/workload: without cores the concurrency seen stands for the slots") {
  JobModel model = EmptyModel(100);
  const JobRow job = PutJob(model, {.id = 0, .start = 0, .end = 100});
  const StageRow stage = PutStage(model, {.id = 0, .tasks = 3, .submitted = 0, .completed = 100, .job = job});
  for (std::int64_t i = 0; i < 3; ++i) {
    AttemptCells cells;
    cells.id = i;
    cells.index = i;
    cells.stage = stage;
    cells.launch = i == 2 ? 50 : 0;
    cells.finish = i == 2 ? 100 : 50;
    PutTask(model, cells);
  }
  DeriveAll(model);
  const std::optional<cost::Workload> w = cost::MakeWorkload(model);
  REQUIRE(w.has_value());
  CHECK(w->quality.slots_observed);
  CHECK(w->executors[0].slots == 2);
  CHECK(w->quality.tasks_without_metrics == 3);
  CHECK(Replayed(*w) == 100);
}

TEST_CASE("cost/workload: a log without any time has none") {
  JobModel model;
  model.app.AddRow();
  DeriveAll(model);
  CHECK_FALSE(cost::MakeWorkload(model).has_value());
}

// ---------------------------------------------------------------- real logs
TEST_CASE("cost/workload: parts add up and replays come near on the project's own logs") {
  std::size_t logs = 0;
  std::vector<double> errors;
  for (const char* job :
       {"skewed-join", "whatif", "dynamic-allocation-churn", "executor-lost", "speculation-wins", "serial-jobs"}) {
    const std::filesystem::path folder = std::filesystem::path(ADVISE_SOURCE_DIR) / "pathological-jobs" / job / "logs";
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) {
      ingest::IngestOptions options;
      options.threads = 1;
      const auto found = ingest::FindLogs(path, options.limits);
      if (!found) continue;
      const auto read = ingest::Ingest(found->front(), options);
      if (!read) continue;
      const std::optional<cost::Workload> w = cost::MakeWorkload(read->model);
      REQUIRE(w.has_value());
      ++logs;
      CAPTURE(path);
      bool adds_up = true;
      for (std::size_t i = 0; i < w->tasks.size(); ++i) {
        double sum = 0;
        for (const auto& part : w->tasks.parts) {
          adds_up = adds_up && part[i] >= 0;
          sum += static_cast<double>(part[i]);
        }
        adds_up = adds_up && std::abs(sum - static_cast<double>(w->tasks.duration[i])) < 0.5;
      }
      CHECK(adds_up);
      cost::Replayer replayer(*w);
      cost::ReplayTrace trace;
      const cost::ReplayTimes times = replayer.Run(cost::UnchangedSchedule(*w), &trace);
      errors.push_back(cost::MeasureReplay(*w, times).total);
      // What a task takes alone, played together again, is what it took.
      cost::Schedule schedule = cost::UnchangedSchedule(*w);
      if (schedule.fair) continue;
      const std::vector<std::uint16_t> needs = cost::ProcessorNeeds(*w, 0.3);
      const std::vector<float> alone = cost::TimesAlone(*w, trace, 1, 1.2, needs);
      for (std::size_t i = 0; i < schedule.stages.size(); ++i) {
        schedule.stages[i].durations = alone.data() + w->stages[i].first_task;
        schedule.stages[i].needs = needs.data() + w->stages[i].first_task;
      }
      const double before = times.duration;
      schedule.contention = 1.2;
      CHECK(replayer.Run(schedule).duration == doctest::Approx(before).epsilon(0.01));
    }
  }
  REQUIRE(logs > 20);
  std::sort(errors.begin(), errors.end());
  CHECK(errors[errors.size() / 2] < 0.005);
  CHECK(errors[errors.size() * 9 / 10] < 0.05);
}

}  // namespace
}  // namespace advise::test
