// The derive steps on hand-made tables, each rule with the case that breaks the obvious way of doing it; where a step
// is clever, an obvious twin on random input. The critical path has a file of its own.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/derive/derive.h"
#include "model/derive/removal_reasons.h"
#include "model/derive/slots.h"
#include "model/derive/timeline.h"
#include "spark/values.h"
#include "unit/model_derive_fixture.h"
#include "unit/random.h"

namespace advise::test {
namespace {

using spark::kGiB;
using spark::kMiB;

// ---------------------------------------------------------------- columns
TEST_CASE("model/derive: a packed column decodes in pieces to what Get gives") {
  Random random(1);
  PackedColumn column;
  const std::int64_t spreads[] = {0, 100, 60'000, 4'000'000'000, std::int64_t{1} << 60};
  for (std::size_t row = 0; row < 5 * PackedColumn::kBlockRows + 17; ++row) {
    const std::int64_t spread = spreads[row / PackedColumn::kBlockRows % 5];
    column.Push(Draw(random, 0, 9) == 0 && spread > 0 ? kMissing : 1000 + Draw(random, 0, spread));
  }
  for (int i = 0; i < 50; ++i) {
    const auto begin = static_cast<std::size_t>(Draw(random, 0, static_cast<std::int64_t>(column.size())));
    const auto end = static_cast<std::size_t>(
        Draw(random, static_cast<std::int64_t>(begin), static_cast<std::int64_t>(column.size())));
    std::vector<std::int64_t> out(end - begin);
    column.Decode(begin, out);
    bool same = true;
    for (std::size_t k = 0; k < out.size(); ++k) same = same && out[k] == column.Get(begin + k);
    CHECK(same);
  }
}

TEST_CASE("model/derive: removal reasons") {
  const struct {
    std::string reason;
    RemovalClass removal_class;
  } rows[] = {
      {"Container container_e87_1_2_01_000002 exited from explicit termination request.", RemovalClass::Idle},
      {"Executor killed by driver.", RemovalClass::Idle},
      {"Executor Process Lost", RemovalClass::LostNode},
      {"worker lost: 10.0.0.1:46767 got disassociated", RemovalClass::LostNode},
      {"Container marked as failed: c_1 on host: h. Exit status: 56. Diagnostics: Exception from container-launch.",
       RemovalClass::Unknown},
      {"Container marked as failed: c_1 on host: h. Exit status: 137. Diagnostics: Container killed on request.",
       RemovalClass::ContainerKilled},
      {"Container marked as failed: c_1 on host: h. Exit status: 1370.", RemovalClass::Unknown},
      {"Command exited with code 52", RemovalClass::Oom},
      {"Command exited with code 521", RemovalClass::Unknown},
      {"Container killed by YARN for exceeding physical memory limits. 5.5 GB of 5.5 GB used.",
       RemovalClass::ContainerKilled},
      {"\nThe executor with id 3 exited with exit code 137(SIGKILL, possible container OOM).",
       RemovalClass::ContainerKilled},
      {"exit code 137, java.lang.OutOfMemoryError: Java heap space", RemovalClass::Oom},
      {"The executor with id 3 was deleted by a user or the framework.", RemovalClass::User},
      {"Executor heartbeat timed out after 125000 ms", RemovalClass::Heartbeat},
      {"Executor decommission: spot instance", RemovalClass::Decommissioned},
      {"Container c on host h was preempted.", RemovalClass::Preempted},
      {"Remote RPC client disassociated. Likely due to containers exceeding thresholds, or network issues.",
       RemovalClass::Unknown},
      {"", RemovalClass::Unknown},
  };
  for (const auto& row : rows) {
    CAPTURE(row.reason);
    CHECK(EnumName(ClassifyRemoval(row.reason)) == EnumName(row.removal_class));
  }
}

// ---------------------------------------------------------------- timeline
TEST_CASE("model/derive: busy times equal a millisecond-by-millisecond count") {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::optional<Interval>> spans;
    std::vector<int> level(120);
    for (std::int64_t i = Draw(random, 0, 12); i > 0; --i) {
      const std::int64_t begin = Draw(random, 0, 100);
      const std::int64_t end = begin + Draw(random, 0, 15);
      spans.push_back(Interval{begin, end});
      for (std::int64_t t = begin; t < end; ++t) ++level[static_cast<std::size_t>(t)];
    }
    std::vector<Interval> want;
    for (std::int64_t t = 0; t < 120; ++t) {
      if (level[static_cast<std::size_t>(t)] == 0) continue;
      if (!want.empty() && want.back().end == t) {
        ++want.back().end;
      } else {
        want.push_back({t, t + 1});
      }
    }
    const BusyTimes busy = FindBusyTimes(spans);
    CHECK(busy.spans == want);
    CHECK(busy.max_running ==
          std::max<std::int64_t>(spans.empty() ? 0 : 1, *std::max_element(level.begin(), level.end())));
  }
}

TEST_CASE("model/derive: level timeline equals a millisecond-by-millisecond mean") {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<LevelTimeline::Presence> presences;
    std::vector<double> level(200);
    for (std::int64_t i = Draw(random, 0, 6); i > 0; --i) {
      const std::int64_t begin = Draw(random, 0, 90);
      const std::int64_t end = Draw(random, begin, 100);
      const std::int64_t weight = Draw(random, 1, 8);
      presences.push_back({{begin, end}, weight});
      for (std::int64_t t = begin; t < std::max(end, begin + 1); ++t)
        level[static_cast<std::size_t>(t)] += static_cast<double>(weight);
    }
    const LevelTimeline timeline(presences);
    CHECK(static_cast<double>(timeline.max()) == *std::max_element(level.begin(), level.end()));
    const std::int64_t begin = Draw(random, 0, 110);
    const std::int64_t end = Draw(random, begin, 120);
    double sum = 0;
    for (std::int64_t t = begin; t < std::max(end, begin + 1); ++t) sum += level[static_cast<std::size_t>(t)];
    CHECK(timeline.Mean({begin, end}) ==
          doctest::Approx(sum / static_cast<double>(std::max<std::int64_t>(1, end - begin))));
  }
}

TEST_CASE("model/derive: an attempt without end runs until its stage, its executor or the log ends") {
  JobModel m = EmptyModel(1000);
  const ExecutorRow stays = PutExecutor(m, "1", 4, 0);
  const ExecutorRow goes = PutExecutor(m, "2", 4, 0, 300);
  const StageRow open = PutStage(m, {.id = 0, .status = StageStatus::Active});
  const StageRow done = PutStage(m, {.id = 1, .completed = 500});
  PutTask(m, {.id = 0, .stage = open, .executor = stays, .launch = 100});
  PutTask(m, {.id = 1, .stage = open, .executor = goes, .launch = 100});
  PutTask(m, {.id = 2, .stage = done, .executor = stays, .launch = 100});
  PutTask(m, {.id = 3, .stage = done, .executor = stays, .launch = 600});
  const auto spans = TaskSpans(m);
  CHECK(spans[0] == Interval{100, 1000});
  CHECK(spans[1] == Interval{100, 300});
  CHECK(spans[2] == Interval{100, 500});
  CHECK(spans[3] == Interval{600, 600});
}

// ---------------------------------------------------------------- stage tasks
TEST_CASE("model/derive: winners are first successes; speculative copies and lost outputs lose") {
  JobModel m = EmptyModel(1000);
  const StageRow s = PutStage(m, {.id = 0, .tasks = 4});
  const TaskRow slow = PutTask(m, {.id = 5, .index = 0, .stage = s, .launch = 0, .finish = 90});
  const TaskRow quick = PutTask(m, {.id = 9, .index = 0, .stage = s, .launch = 20, .finish = 80, .speculative = true});
  const TaskRow same_a = PutTask(m, {.id = 7, .index = 1, .stage = s, .launch = 0, .finish = 50});
  PutTask(m, {.id = 8, .index = 1, .stage = s, .launch = 0, .finish = 50});
  // Index 2: the output was lost with its executor, and computed again. Index 3: lost, and never again here.
  PutTask(m, {.id = 10, .index = 2, .stage = s, .launch = 0, .finish = 40});
  PutTask(m, {.id = 10,
              .repeat = 1,
              .index = 2,
              .stage = s,
              .launch = 0,
              .finish = 40,
              .reason = EndReason::Resubmitted,
              .started = false});
  const TaskRow again = PutTask(m, {.id = 11, .index = 2, .stage = s, .launch = 100, .finish = 140});
  const TaskRow lost = PutTask(m, {.id = 12, .index = 3, .stage = s, .launch = 0, .finish = 40});
  PutTask(m, {.id = 12,
              .repeat = 1,
              .index = 3,
              .stage = s,
              .launch = 0,
              .finish = 40,
              .reason = EndReason::Resubmitted,
              .started = false});
  DeriveTasksOfStages(m);
  CHECK(Indices(m.stages.winners.Get(0)) == Rows{quick.index, same_a.index, again.index, lost.index});
  CHECK(m.tasks.winner.Get(quick.index));
  CHECK_FALSE(m.tasks.winner.Get(slow.index));
  CHECK(m.stages.tasks.Get(0).size() == 9);
  CHECK(m.stages.speculative_tasks.Get(0) == 1);
  CHECK(m.stages.last_finish.Get(0) == 140);
  CHECK(m.stages.parallelism.Get(0) == doctest::Approx((90 + 60 + 50 + 50 + 40 + 40 + 40) / 140.0));
}

TEST_CASE("model/derive: an index of a broken log costs no memory") {
  JobModel m = EmptyModel(1000);
  const StageRow s = PutStage(m, {.id = 0});
  PutTask(m, {.id = 0, .index = std::int64_t{1} << 60, .stage = s, .finish = 5});
  PutTask(m, {.id = 1, .index = -4, .stage = s, .finish = 5});
  PutTask(m, {.id = 2, .index = -4, .stage = s, .finish = 4});
  DeriveTasksOfStages(m);
  CHECK(Indices(m.stages.winners.Get(0)) == Rows{0, 2});
}

TEST_CASE("model/derive: stage sums count what Spark's history server counts") {
  JobModel m = EmptyModel(1000);
  const StageRow s = PutStage(m, {.id = 0});
  PutStage(m, {.id = 1});
  PutTask(m, {.id = 0,
              .stage = s,
              .finish = 100,
              .run_time = 80,
              .cpu_time = 40'000'000,
              .gc_time = 20,
              .scheduler_delay = 10,
              .input_bytes = 7});
  PutTask(m, {.id = 1,
              .stage = s,
              .finish = 100,
              .reason = EndReason::ExceptionFailure,
              .run_time = 20,
              .cpu_time = 0,
              .gc_time = 5,
              .scheduler_delay = 30,
              .input_bytes = 3});
  PutTask(m, {.id = 2, .stage = s, .finish = 100, .started = false, .run_time = 1000, .input_bytes = 1000});
  PutTask(m, {.id = 3, .stage = s, .finish = 100, .reason = EndReason::TaskKilled});
  PutTask(m, {.id = 0,
              .repeat = 1,
              .stage = s,
              .finish = 100,
              .reason = EndReason::Resubmitted,
              .started = false,
              .run_time = 80});
  PutTask(m, {.id = 4, .stage = s, .launch = 50});
  DeriveTasksOfStages(m);
  CHECK(m.stages.input_bytes.Get(0) == 10);
  CHECK(m.stages.executor_run_time.Get(0) == 100);
  CHECK(m.stages.gc_share.Get(0) == doctest::Approx(0.25));
  CHECK(m.stages.cpu_share.Get(0) == doctest::Approx(0.4));
  CHECK(m.stages.scheduler_delay_share.Get(0) == doctest::Approx(0.2));
  CHECK(m.stages.input_bytes.Get(1) == 0);  // no task: measured zero
  CHECK_FALSE(m.stages.gc_share.Has(1));
  CHECK_FALSE(m.stages.parallelism.Has(1));
}

TEST_CASE("model/derive: sums of fields that the version never wrote are missing") {
  for (const std::string version : {"1.6.0", "2.4.0", "unknown"}) {
    CAPTURE(version);
    JobModel m = EmptyModel(1000, version);
    const StageRow s = PutStage(m, {.id = 0});
    PutTask(m, {.id = 0, .stage = s, .finish = 100, .run_time = 80});
    DeriveTasksOfStages(m);
    CHECK(m.stages.executor_run_time.Get(0) == 80);
    CHECK(m.stages.executor_cpu_time.Has(0) == (version == "2.4.0"));
    CHECK_FALSE(m.stages.peak_execution_memory.Has(0));
    CHECK(m.stages.input_bytes.Has(0) == (version != "unknown"));
  }
  // Of an unknown version the tasks decide.
  JobModel m = EmptyModel(1000, "");
  const StageRow s = PutStage(m, {.id = 0});
  PutStage(m, {.id = 1});
  PutTask(m, {.id = 0, .stage = s, .finish = 100, .cpu_time = 5});
  DeriveTasksOfStages(m);
  CHECK(m.stages.executor_cpu_time.Get(0) == 5);
  CHECK(m.stages.executor_cpu_time.Get(1) == 0);
}

// ---------------------------------------------------------------- resources
TEST_CASE("model/derive: slots are cores by task.cpus, limited by other resources") {
  const struct {
    std::string what;
    std::vector<std::pair<std::string, std::string>> properties;
    std::int64_t cores;
    std::int64_t slots;
  } rows[] = {
      {"plain", {{"spark.master", "yarn"}}, 8, 8},
      {"task.cpus", {{"spark.task.cpus", "3"}}, 8, 2},
      {"task.cpus unreadable", {{"spark.task.cpus", "*********(redacted)"}}, 8, 8},
      {"gpu", {{"spark.executor.resource.gpu.amount", "1"}, {"spark.task.resource.gpu.amount", "0.25"}}, 8, 4},
      {"gpu 1/16", {{"spark.executor.resource.gpu.amount", "1"}, {"spark.task.resource.gpu.amount", "0.0625"}}, 64, 16},
      {"two gpus, 0.3 each",
       {{"spark.executor.resource.gpu.amount", "2"}, {"spark.task.resource.gpu.amount", "0.3"}},
       64,
       6},
      {"two gpus a task",
       {{"spark.executor.resource.gpu.amount", "5"}, {"spark.task.resource.gpu.amount", "2"}},
       64,
       2},
      {"gpu without executor amount", {{"spark.task.resource.gpu.amount", "1"}}, 8, 8},
      {"local does not use resources",
       {{"spark.master", "local[*]"},
        {"spark.executor.resource.gpu.amount", "1"},
        {"spark.task.resource.gpu.amount", "1"}},
       8,
       8},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    JobModel m = EmptyModel(1000);
    for (const auto& [key, value] : row.properties) SetProperties(m, {{key, value}});
    CHECK(SlotsOf(m, PutExecutor(m, "1", row.cores, 0)) == row.slots);
  }
}

TEST_CASE("model/derive: a resource profile of its own decides before the settings") {
  JobModel m = EmptyModel(1000);
  SetProperties(m, {{"spark.task.cpus", "1"}});
  m.resource_profiles.push_back({.id = 0, .executor = {}, .task = {{m.strings.Intern("cpus"), 1.0}}});
  m.resource_profiles.push_back({.id = 1,
                                 .executor = {{m.strings.Intern("gpu"), 2.0}, {m.strings.Intern("memory"), 4096.0}},
                                 .task = {{m.strings.Intern("cpus"), 2.0}, {m.strings.Intern("gpu"), 0.5}}});
  const ExecutorRow plain = PutExecutor(m, "1", 16, 0);
  const ExecutorRow gpu = PutExecutor(m, "2", 16, 0);
  m.executors.resource_profile.Set(gpu.index, 1);
  CHECK(SlotsOf(m, plain) == 16);
  CHECK(SlotsOf(m, gpu) == 4);
}

TEST_CASE("model/derive: local masters") {
  CHECK(CoresOfLocalMaster("local") == 1);
  CHECK(CoresOfLocalMaster("local[3]") == 3);
  CHECK(CoresOfLocalMaster("local[2,4]") == 2);
  CHECK(CoresOfLocalMaster("local[*]") == std::nullopt);
  CHECK(CoresOfLocalMaster("local-cluster[2,1,1024]") == std::nullopt);
  CHECK(IsLocalMaster("local[*]"));
  CHECK_FALSE(IsLocalMaster("local-cluster[2,1,1024]"));

  JobModel m = EmptyModel(1000);
  SetProperties(m, {{"spark.master", "local[2]"}});
  const ExecutorRow driver = PutExecutor(m, "driver", kMissing, 0);
  const StageRow s = PutStage(m, {.id = 0});
  PutTask(m, {.id = 0, .stage = s, .executor = driver, .launch = 100, .finish = 600});
  PutTask(m, {.id = 1, .index = 1, .stage = s, .executor = driver, .launch = 100, .finish = 600});
  PutTask(m, {.id = 2, .index = 2, .stage = s, .executor = driver, .launch = 599, .finish = 700});
  DeriveTasksOfStages(m);
  DeriveResources(m);
  CHECK(m.app.slots.Get(0) == 2);
  CHECK(m.app.max_running.Get(0) == 3);  // noted, never used to raise slots
  CHECK(m.app.executors.Get(0) == 1);
  CHECK(m.app.max_executors.Get(0) == 1);
  CHECK(m.executors.runs_tasks.Get(0));
}

TEST_CASE("model/derive: executors over time") {
  JobModel m = EmptyModel(1000);
  SetProperties(m, {{"spark.master", "yarn"}});
  PutExecutor(m, "driver", kMissing, 5);
  const ExecutorRow early = PutExecutor(m, "1", 4, -50, 400, "Executor heartbeat timed out after 1 ms");
  const ExecutorRow late = PutExecutor(m, "2", 4, 400);
  m.executors.memory.Set(early.index, 400);
  m.executors.memory.Set(late.index, 400);
  const StageRow s = PutStage(m, {.id = 0});
  PutTask(m, {.id = 0, .stage = s, .executor = early, .launch = 200, .finish = 500, .run_time = 100, .gc_time = 50});
  PutTask(m, {.id = 1,
              .index = 1,
              .stage = s,
              .executor = late,
              .launch = 500,
              .finish = 600,
              .run_time = 100,
              .gc_time = 300});
  PutTask(m, {.id = 2, .index = 2, .stage = s, .executor = late, .launch = 900});
  DeriveTasksOfStages(m);
  DeriveResources(m);
  CHECK(m.executors.lifetime.Get(early.index) == 400);
  CHECK(m.executors.lifetime.Get(late.index) == 600);
  CHECK(m.executors.busy_time.Get(early.index) == 200);  // clipped to its removal
  CHECK(m.executors.busy_time.Get(late.index) == 100);   // the running one has no duration
  CHECK(m.executors.idle_time.Get(late.index) == 2300);
  CHECK(m.executors.gc_share.Get(early.index) == doctest::Approx(0.5));
  CHECK(m.executors.gc_share.Get(late.index) == 1.0);
  CHECK(m.executors.removal_class.Get(early.index) == RemovalClass::Heartbeat);
  CHECK_FALSE(m.executors.removal_class.Has(late.index));
  CHECK_FALSE(m.executors.runs_tasks.Get(0));
  CHECK(m.app.slots.Get(0) == 4);  // they follow each other
  CHECK(m.app.max_executors.Get(0) == 1);
  CHECK(m.app.executors.Get(0) == 2);
  CHECK(m.app.executor_slot_time.Get(0) == 4000);
  CHECK(m.app.busy_slot_time.Get(0) == 300);
  CHECK(m.app.utilisation.Get(0) == doctest::Approx(0.075));
  CHECK(m.app.driver_time.Get(0) == 1000 - 400 - 100);  // the running attempt lasts to the end of the log
  CHECK(m.app.startup_time.Get(0) == 200);
  CHECK(m.app.storage_memory.Get(0) == 800);
  CHECK(m.app.execution_memory_per_slot.Get(0) == 100);
  CHECK(Indices(m.app.executor_list.Get(0)) == Rows{1, 2});
  CHECK(m.stages.lost_executors.Get(0) == 1);
  CHECK(m.stages.slots_available.Get(0) == doctest::Approx(4));
  CHECK(m.stages.waves.Get(0) == doctest::Approx(0.5));
}

TEST_CASE("model/derive: executors given back are not lost; the failure says it when the times do not") {
  JobModel m = EmptyModel(1000);
  const ExecutorRow idle = PutExecutor(m, "1", 4, 0, 400, "Container c exited from explicit termination request.");
  const ExecutorRow lost = PutExecutor(m, "2", 4, 0, 405, "Remote RPC client disassociated.");
  const StageRow s = PutStage(m, {.id = 0});
  PutTask(m, {.id = 0, .stage = s, .executor = idle, .launch = 200, .finish = 500});
  PutTask(m, {.id = 1,
              .index = 1,
              .stage = s,
              .executor = lost,
              .launch = 200,
              .finish = 401,
              .reason = EndReason::ExecutorLostFailure});
  DeriveTasksOfStages(m);
  DeriveResources(m);
  CHECK(m.stages.lost_executors.Get(0) == 1);
}

TEST_CASE("model/derive: without stated cores the observed concurrency stands for slots") {
  JobModel m = EmptyModel(1000);
  const ExecutorRow e = PutExecutor(m, "1", kMissing, 0);
  const StageRow s = PutStage(m, {.id = 0});
  PutTask(m, {.id = 0, .stage = s, .executor = e, .launch = 0, .finish = 500});
  PutTask(m, {.id = 1, .index = 1, .stage = s, .executor = e, .launch = 100, .finish = 200});
  DeriveTasksOfStages(m);
  DeriveResources(m);
  CHECK(m.app.slots.Get(0) == 2);
  CHECK_FALSE(m.app.utilisation.Has(0));
  CHECK_FALSE(m.stages.waves.Has(0));
  CHECK_FALSE(m.executors.idle_time.Has(0));
}

TEST_CASE("model/derive: a model without anything derives") {
  JobModel m;
  m.app.AddRow();
  DeriveAll(m);
  CHECK_FALSE(m.app.duration.Has(0));
  CHECK_FALSE(m.app.slots.Has(0));
  CHECK_FALSE(m.app.driver_time.Has(0));
  CHECK(m.app.executors.Get(0) == 0);
  CHECK_FALSE(m.app.complete.Get(0));
}

TEST_CASE("model/derive: memory settings and their defaults") {
  const struct {
    std::string what;
    std::string version;
    std::vector<std::pair<std::string, std::string>> properties;
    std::int64_t heap;
    std::int64_t overhead;
  } rows[] = {
      {"defaults", "3.5.0", {{"spark.master", "yarn"}}, spark::kGiB, 384 * spark::kMiB},
      {"before 1.5", "1.4.1", {{"spark.master", "yarn"}}, 512 * spark::kMiB, 384 * spark::kMiB},
      {"set", "3.5.0", {{"spark.executor.memory", "10g"}}, 10 * spark::kGiB, spark::kGiB},
      {"bare MiB",
       "3.5.0",
       {{"spark.executor.memory", "4096"}, {"spark.executor.memoryOverhead", "1024"}},
       4 * spark::kGiB,
       spark::kGiB},
      {"old key",
       "2.2.0",
       {{"spark.executor.memory", "8g"}, {"spark.yarn.executor.memoryOverhead", "2048"}},
       8 * spark::kGiB,
       2 * spark::kGiB},
      {"factor",
       "3.5.0",
       {{"spark.executor.memory", "10g"}, {"spark.executor.memoryOverheadFactor", "0.5"}},
       10 * spark::kGiB,
       5 * spark::kGiB},
      {"python on K8s",
       "3.5.0",
       {{"spark.master", "k8s://x"}, {"spark.executor.memory", "10g"}, {"spark.kubernetes.resource.type", "python"}},
       10 * spark::kGiB,
       4 * spark::kGiB},
      {"least",
       "4.0.0",
       {{"spark.executor.memory", "1g"}, {"spark.executor.minMemoryOverhead", "512m"}},
       spark::kGiB,
       512 * spark::kMiB},
      {"local",
       "3.5.0",
       {{"spark.master", "local[4]"}, {"spark.driver.memory", "6g"}, {"spark.executor.memory", "1g"}},
       6 * spark::kGiB,
       6 * spark::kGiB / 10},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    JobModel m = EmptyModel(1000, row.version);
    for (const auto& [key, value] : row.properties) SetProperties(m, {{key, value}});
    DeriveAppSettings(m);
    CHECK(m.app.executor_heap.Get(0) == row.heap);
    CHECK(m.app.executor_memory_overhead.Get(0) == row.overhead);
  }
}

TEST_CASE("model/derive: unknown settings are missing, not their defaults") {
  JobModel none = EmptyModel(1000);
  DeriveAppSettings(none);
  CHECK_FALSE(none.app.executor_heap.Has(0));
  CHECK_FALSE(none.app.aqe.Has(0));
  CHECK_FALSE(none.app.dynamic_allocation.Has(0));
  CHECK(none.app.task_cpus.Get(0) == 1);

  JobModel unversioned = EmptyModel(1000, "");
  SetProperties(unversioned, {{"spark.dynamicAllocation.enabled", "true"}, {"spark.driver.memory", "x"}});
  DeriveAppSettings(unversioned);
  CHECK_FALSE(unversioned.app.executor_heap.Has(0));
  CHECK_FALSE(unversioned.app.driver_heap.Has(0));
  CHECK_FALSE(unversioned.app.aqe.Has(0));
  CHECK(unversioned.app.dynamic_allocation.Get(0));

  for (const auto& [version, aqe] :
       std::map<std::string, bool>{{"2.4.8", false}, {"3.1.3", false}, {"3.2.0", true}, {"4.0.0", true}}) {
    JobModel m = EmptyModel(1000, version);
    SetProperties(m, {});
    DeriveAppSettings(m);
    CHECK(m.app.aqe.Get(0) == aqe);
    CHECK(m.app.dynamic_allocation.Has(0));
    CHECK_FALSE(m.app.dynamic_allocation.Get(0));
  }
}

TEST_CASE("model/derive: a slow host is slower in three stages of its warm executors, or it is unknown") {
  JobModel m = EmptyModel(100'000);
  for (int host = 0; host < 2; ++host) m.hosts.AddRow();
  for (int executor = 0; executor < 2; ++executor) m.executors.AddRow();
  std::int64_t id = 0;
  for (std::int64_t stage = 0; stage < 4; ++stage) {
    const bool cold = stage == 0;  // all start then: nothing is said about who is quick
    const StageRow s = PutStage(m, {.id = stage, .tasks = 15});
    for (std::int64_t i = 0; i < 15; ++i) {
      const bool slow = i < 5;
      PutTask(m, {.id = id++,
                  .index = i,
                  .stage = s,
                  .executor = ExecutorRow(slow ? 0 : 1),
                  .host = HostRow(slow ? 1 : 0),
                  .launch = stage * 40'000,
                  .finish = stage * 40'000 + 1000,
                  .run_time = slow != cold ? 400 : 100});
    }
    JobModel& so_far = m;
    if (stage == 2) {
      DeriveTasksOfStages(so_far);
      DeriveHosts(so_far);
      CHECK_FALSE(m.hosts.relative_speed.Has(1));
      CHECK_FALSE(m.executors.relative_speed.Has(0));
    }
  }
  DeriveTasksOfStages(m);
  DeriveHosts(m);
  CHECK(m.hosts.relative_speed.Get(0) == doctest::Approx(1.0));
  CHECK(m.hosts.relative_speed.Get(1) == doctest::Approx(0.25));
  CHECK(m.hosts.task_count.Get(1) == 20);
  CHECK(m.executors.relative_speed.Get(0) == doctest::Approx(0.25));
  CHECK(m.executors.relative_speed.Get(1) == doctest::Approx(1.0));
}

TEST_CASE("model/derive: six attempts make a slow host if each of them is slow") {
  struct Row {
    const char* what;
    std::int64_t slow_attempts;
    bool one_is_quick;
    bool known;
  };
  for (const Row& row :
       {Row{"six slow ones", 6, false, true}, Row{"five", 5, false, false},
        Row{"nine, one of them quick", 9, true, false}, Row{"ten, one of them quick", 10, true, true}}) {
    CAPTURE(row.what);
    JobModel m = EmptyModel(200'000);
    for (int host = 0; host < 2; ++host) m.hosts.AddRow();
    for (int executor = 0; executor < 2; ++executor) m.executors.AddRow();
    std::int64_t id = 0;
    std::int64_t left = row.slow_attempts;
    for (std::int64_t stage = 0; stage < 4; ++stage) {
      const StageRow s = PutStage(m, {.id = stage, .tasks = 15});
      // the first stage makes both executors warm; the others share the attempts of the slow host
      const std::int64_t there = stage == 0 ? 1 : (left + 3 - stage) / (4 - stage);
      if (stage > 0) left -= there;
      for (std::int64_t i = 0; i < 15; ++i) {
        const bool slow = i < there;
        const bool quick = row.one_is_quick && stage == 1 && i == 0;
        PutTask(m, {.id = id++,
                    .index = i,
                    .stage = s,
                    .executor = ExecutorRow(slow ? 0 : 1),
                    .host = HostRow(slow ? 1 : 0),
                    .launch = stage * 40'000,
                    .finish = stage * 40'000 + 1000,
                    .run_time = slow && !quick ? 400 : 100});
      }
    }
    DeriveTasksOfStages(m);
    DeriveHosts(m);
    CHECK(m.hosts.relative_speed.Has(1) == row.known);
    CHECK(m.executors.relative_speed.Has(0) == row.known);
    if (row.known) CHECK(m.hosts.relative_speed.Get(1) == doctest::Approx(0.25));
  }
}

// ---------------------------------------------------------------- stage graph
TEST_CASE("model/derive: AQE's parents are found through the last RDD") {
  JobModel m = EmptyModel(10'000);
  const JobRow first = PutJob(m, {.id = 0, .start = 0, .end = 90});
  const JobRow second = PutJob(m, {.id = 1, .start = 100, .end = 900});
  const StageRow map =
      PutStage(m, {.id = 0, .tasks = 7, .submitted = 1, .completed = 80, .rdds = {5, 4}, .job = first});
  const StageRow skipped =
      PutStage(m, {.id = 1, .tasks = 7, .status = StageStatus::Skipped, .rdds = {5, 4}, .job = second});
  const StageRow reduce = PutStage(
      m, {.id = 2, .tasks = 3, .submitted = 101, .completed = 900, .parents = {1}, .rdds = {8, 7}, .job = second});
  PutTask(m, {.id = 0, .stage = map, .launch = 1, .finish = 80, .shuffle_write = 100});
  PutTask(m, {.id = 1, .stage = map, .launch = 1, .finish = 90, .shuffle_write = 50});  // same index: a loser
  DeriveTasksOfStages(m);
  DeriveStageGraph(m);
  DeriveShuffles(m);
  CHECK(m.stages.computed_by.Get(skipped.index) == map);
  CHECK(Indices(m.stages.parents.Get(reduce.index)) == Rows{map.index});
  CHECK(Indices(m.stages.children.Get(map.index)) == Rows{reduce.index});
  CHECK(m.stages.children.Get(skipped.index).empty());
  REQUIRE(m.shuffles.size() == 1);
  CHECK(m.shuffles.bytes.Get(0) == 100);
  CHECK_FALSE(m.shuffles.records.Has(0));
  CHECK(m.shuffles.partitions.Get(0) == 3);
  CHECK(m.shuffles.map_tasks.Get(0) == 7);
}

TEST_CASE("model/derive: what computed a skipped stage wrote a shuffle, completed, and came before") {
  JobModel m = EmptyModel(10'000);
  const JobRow job = PutJob(m, {.id = 9, .start = 500, .end = 900});
  PutStage(m, {.id = 0, .submitted = 10, .completed = 20, .rdds = {5}});
  const StageRow wanted = PutStage(m, {.id = 1, .submitted = 30, .completed = 40, .rdds = {5}});
  PutStage(m, {.id = 2, .submitted = 50, .completed = 60, .rdds = {5}});    // a result stage over the same RDD
  PutStage(m, {.id = 3, .submitted = 600, .completed = 700, .rdds = {5}});  // too late
  const StageRow skipped = PutStage(m, {.id = 4, .status = StageStatus::Skipped, .rdds = {5}, .job = job});
  PutTask(m, {.id = 0, .stage = wanted, .finish = 40, .shuffle_write = 1});
  PutTask(m, {.id = 1, .stage = StageRow(3), .finish = 700, .shuffle_write = 1});
  // Another order of the same RDDs, and an RDD that nothing computed.
  const StageRow other = PutStage(m, {.id = 5, .submitted = 70, .completed = 80, .rdds = {21, 20, 22}});
  const StageRow by_set = PutStage(m, {.id = 6, .status = StageStatus::Skipped, .rdds = {22, 20, 21}, .job = job});
  const StageRow empty = PutStage(m, {.id = 7, .tasks = 0, .status = StageStatus::Skipped, .rdds = {99}, .job = job});
  DeriveTasksOfStages(m);
  DeriveStageGraph(m);
  CHECK(m.stages.computed_by.Get(skipped.index) == wanted);
  CHECK(m.stages.computed_by.Get(by_set.index) == other);
  CHECK_FALSE(m.stages.computed_by.Has(empty.index));
}

TEST_CASE("model/derive: retries: attempts, partitions, and parents that were there in time") {
  JobModel m = EmptyModel(10'000);
  const StageRow map0 = PutStage(m, {.id = 0, .attempt = 0, .tasks = 10, .submitted = 0, .completed = 100});
  const StageRow red0 = PutStage(m, {.id = 1,
                                     .attempt = 0,
                                     .tasks = 5,
                                     .submitted = 100,
                                     .completed = 200,
                                     .status = StageStatus::Failed,
                                     .parents = {0}});
  const StageRow map1 = PutStage(m, {.id = 0, .attempt = 1, .tasks = 2, .submitted = 200, .completed = 300});
  const StageRow red1 =
      PutStage(m, {.id = 1, .attempt = 1, .tasks = 4, .submitted = 300, .completed = 400, .parents = {0}});
  DeriveTasksOfStages(m);
  DeriveStageGraph(m);
  CHECK(Indices(m.stages.parents.Get(red0.index)) == Rows{map0.index});
  CHECK(Indices(m.stages.parents.Get(red1.index)) == Rows{map0.index, map1.index});
  CHECK(m.retries == std::vector<std::pair<StageRow, StageRow>>{{map0, map1}, {red0, red1}});
  CHECK(Indices(m.stages.attempts.Get(map1.index)) == Rows{map0.index, map1.index});
  CHECK(m.stages.partitions.Get(map1.index) == 10);
  CHECK(m.stages.partitions.Get(red1.index) == 5);
}

TEST_CASE("model/derive: a cycle of a broken log is cut out") {
  JobModel m = EmptyModel(10'000);
  PutStage(m, {.id = 0, .parents = {2}});
  PutStage(m, {.id = 1, .parents = {0}});
  PutStage(m, {.id = 2, .parents = {1}});
  PutStage(m, {.id = 3, .parents = {2, 3, 77}});
  DeriveTasksOfStages(m);
  DeriveStageGraph(m);
  CHECK(m.stages.parents.Get(0).empty());
  CHECK(m.stages.parents.Get(1).empty());
  CHECK(Indices(m.stages.parents.Get(3)) == Rows{2});
}

TEST_CASE("model/derive: After equals its definition on random jobs") {
  Random random(4);
  for (int round = 0; round < 400; ++round) {
    JobModel m = EmptyModel(1000);
    const std::int64_t jobs = Draw(random, 0, 12);
    for (std::int64_t id = 0; id < jobs; ++id) {
      const std::int64_t start = Draw(random, 0, 20);
      PutJob(m, {.id = id, .start = start, .end = Draw(random, 0, 6) == 0 ? kMissing : start + Draw(random, 1, 8)});
    }
    DeriveJobOrder(m);
    const auto before = [&](std::size_t a, std::size_t b) {
      return a != b && m.jobs.end.Has(a) && m.jobs.end.Get(a) <= m.jobs.start.Get(b);
    };
    for (std::size_t b = 0; b < m.jobs.size(); ++b) {
      Rows want;
      for (std::size_t a = 0; a < m.jobs.size(); ++a) {
        bool between = false;
        for (std::size_t c = 0; c < m.jobs.size(); ++c) between = between || (before(a, c) && before(c, b));
        if (before(a, b) && !between) want.push_back(a);
      }
      CHECK(Indices(m.jobs.after.Get(b)) == want);
    }
  }
}

TEST_CASE("model/derive: jobs of 0 ms stand in a row") {
  JobModel m = EmptyModel(1000);
  PutJob(m, {.id = 0, .start = 0, .end = 5});
  PutJob(m, {.id = 1, .start = 5, .end = 5});
  PutJob(m, {.id = 2, .start = 5, .end = 5});
  PutJob(m, {.id = 3, .start = 5, .end = 9});
  DeriveJobOrder(m);
  CHECK(m.jobs.after.Get(0).empty());
  CHECK(Indices(m.jobs.after.Get(1)) == Rows{0});
  CHECK(Indices(m.jobs.after.Get(2)) == Rows{1});
  CHECK(Indices(m.jobs.after.Get(3)) == Rows{2});
}

TEST_CASE("model/derive: lineage is equal where everything before it is, whatever the ids") {
  JobModel m = EmptyModel(1000);
  PutRdd(m, 1, "scan a");
  PutRdd(m, 2, "map", {1});
  PutRdd(m, 3, "scan a");
  PutRdd(m, 4, "map", {3});
  PutRdd(m, 5, "scan b");
  PutRdd(m, 6, "map", {5});
  PutRdd(m, 7, "zip", {2, 6});
  PutRdd(m, 8, "zip", {6, 2});
  for (const std::int64_t last : {2, 4, 6, 7, 8}) PutStage(m, {.id = last, .rdds = {last}});
  PutStage(m, {.id = 9});
  DeriveLineage(m);
  const StrColumn& prints = m.stages.lineage_fingerprint;
  CHECK(prints.Get(0) == prints.Get(1));
  CHECK(prints.Get(0) != prints.Get(2));
  CHECK(prints.Get(3) != prints.Get(4));
  CHECK_FALSE(prints.Has(5));
  CHECK(m.strings.Get(prints.Get(0)).size() == 16);
}

TEST_CASE("model/derive: sources are equal where the same files are read, whatever is done with them") {
  JobModel m = EmptyModel(1000);
  PutRdd(m, 1, "hdfs://name/data/a");
  PutRdd(m, 2, "MapPartitionsRDD", {1});
  PutRdd(m, 3, "hdfs://name/data/a");
  PutRdd(m, 4, "PythonRDD", {3});
  PutRdd(m, 5, "hdfs://name/data/b");
  PutRdd(m, 6, "ParallelCollectionRDD");
  PutRdd(m, 7, "UnionRDD", {5, 6});
  const StageRow first = PutStage(m, {.id = 0, .rdds = {2, 1}});
  const StageRow again = PutStage(m, {.id = 1, .rdds = {4, 3}});
  const StageRow other = PutStage(m, {.id = 2, .rdds = {5}});
  const StageRow mixed = PutStage(m, {.id = 3, .rdds = {7, 6, 5}});
  const StageRow reads_shuffle = PutStage(m, {.id = 4, .rdds = {2, 1}});
  m.stages.parents.Mutable(reads_shuffle.index) = {first};
  PutRdd(m, 8, "PythonRDD", {6});
  PutRdd(m, 9, "FileScanRDD");
  PutRdd(m, 10, "UnionRDD", {6, 9});
  PutRdd(m, 11, "my own RDD");
  PutRdd(m, 12, "ShuffledRDD", {100});
  const StageRow collection = PutStage(m, {.id = 5, .rdds = {8, 6}});
  const StageRow two_classes = PutStage(m, {.id = 6, .rdds = {10, 9, 6}});
  const StageRow named = PutStage(m, {.id = 7, .rdds = {11}});
  const StageRow of_shuffle = PutStage(m, {.id = 8, .rdds = {12}});
  DeriveLineage(m);
  CHECK(m.strings.Get(m.stages.source_rdd.Get(collection.index)) == "ParallelCollectionRDD");
  for (const StageRow none : {first, two_classes, named, of_shuffle}) CHECK_FALSE(m.stages.source_rdd.Has(none.index));
  const StrColumn& sources = m.stages.source_fingerprint;
  CHECK(sources.Has(first.index));
  CHECK(sources.Get(first.index) == sources.Get(again.index));
  CHECK(sources.Get(first.index) != sources.Get(other.index));
  CHECK_FALSE(sources.Has(mixed.index));
  CHECK_FALSE(sources.Has(reads_shuffle.index));
}

TEST_CASE("model/derive: who computes and who reads a cached RDD") {
  JobModel m = EmptyModel(1000);
  PutRdd(m, 1, "scan");
  PutRdd(m, 2, "kept", {1}, true);
  PutRdd(m, 3, "map", {2});
  PutRdd(m, 4, "kept too", {3}, true);
  PutRdd(m, 5, "map", {4});
  const StageRow first = PutStage(m, {.id = 0, .submitted = 0, .completed = 100, .rdds = {3, 1, 2}});
  const StageRow parallel = PutStage(m, {.id = 1, .submitted = 50, .completed = 150, .rdds = {3, 1, 2}});
  const StageRow second = PutStage(m, {.id = 2, .submitted = 200, .completed = 300, .rdds = {5, 4, 3, 2, 1}});
  const StageRow third = PutStage(m, {.id = 3, .submitted = 400, .completed = 500, .rdds = {5, 4, 3, 2, 1}});
  const StageRow plain = PutStage(m, {.id = 4, .submitted = 600, .completed = 700, .rdds = {1}});
  DeriveCachedRdds(m);
  CHECK(m.cached_rdds.size() == 2);
  CHECK(m.strings.Get(m.cached_rdds.storage_level.Get(0)) == "Memory Deserialized 1x Replicated");
  CHECK(Indices(m.stages.caches.Get(first.index)) == Rows{0});
  CHECK(Indices(m.stages.caches.Get(parallel.index)) == Rows{0});
  CHECK(Indices(m.stages.reads_cache.Get(second.index)) == Rows{0});
  CHECK(Indices(m.stages.caches.Get(second.index)) == Rows{1});
  CHECK(Indices(m.stages.reads_cache.Get(third.index)) == Rows{1});  // stops at the nearer one
  CHECK(m.cached_rdds.uses.Get(0) == 1);
  CHECK(m.cached_rdds.uses.Get(1) == 1);
  CHECK(m.stages.is_cached.Get(first.index));
  CHECK(m.stages.is_cached.Has(plain.index));
  CHECK_FALSE(m.stages.is_cached.Get(plain.index));
  CHECK_FALSE(m.cached_rdds.cached_partitions.Has(0));
}

TEST_CASE("model/derive: a cached RDD in a log that states no parents (Spark before 1.4)") {
  JobModel m = EmptyModel(1000, "1.2.0");
  PutRdd(m, 1, "scan");
  PutRdd(m, 2, "kept", {}, true);
  PutRdd(m, 3, "map");
  const StageRow first = PutStage(m, {.id = 0, .submitted = 0, .completed = 100, .rdds = {2, 1}});
  const StageRow second = PutStage(m, {.id = 1, .submitted = 200, .completed = 300, .rdds = {3, 2, 1}});
  DeriveCachedRdds(m);
  CHECK(Indices(m.stages.caches.Get(first.index)) == Rows{0});
  CHECK(Indices(m.stages.reads_cache.Get(second.index)) == Rows{0});
  CHECK(m.cached_rdds.uses.Get(0) == 1);
}

TEST_CASE("model/derive: a stage whose tasks are all missing has no sums, and is no time of the driver") {
  JobModel m = EmptyModel(1000);
  const StageRow seen = PutStage(m, {.id = 0, .submitted = 100, .completed = 300});
  const StageRow unseen = PutStage(m, {.id = 1, .tasks = 8, .submitted = 400, .completed = 800});
  const StageRow empty = PutStage(m, {.id = 2, .tasks = 0, .submitted = 800, .completed = 900});
  PutTask(m, {.stage = seen, .launch = 100, .finish = 300, .input_bytes = 7});
  DeriveTasksOfStages(m);
  DeriveResources(m);
  DeriveGaps(m);
  DeriveCriticalPath(m);
  CHECK(m.stages.input_bytes.Get(seen.index) == 7);
  CHECK_FALSE(m.stages.input_bytes.Has(unseen.index));
  CHECK_FALSE(m.stages.executor_run_time.Has(unseen.index));
  CHECK(m.stages.input_bytes.Get(empty.index) == 0);
  CHECK(m.app.driver_time.Get(0) == 1000 - 200 - 400);
  CHECK(m.app.max_running.Get(0) == 1);
  CHECK(m.stages.critical_time.Get(unseen.index) == 400);
  REQUIRE(m.gaps.size() == 3);
  CHECK(m.gaps.start.Get(1) == 300);
  CHECK(m.gaps.duration.Get(1) == 100);
  CHECK(m.gaps.start.Get(2) == 800);
}

TEST_CASE("model/derive: executors of another clock, after the end, have no slots in the run") {
  JobModel m = EmptyModel(1000);
  const ExecutorRow own = PutExecutor(m, "1", 4, 0);
  PutExecutor(m, "2", 8, 5'000'000);
  const StageRow stage = PutStage(m, {.id = 0, .submitted = 100, .completed = 300});
  PutTask(m, {.stage = stage, .executor = own, .launch = 100, .finish = 300});
  DeriveTasksOfStages(m);
  DeriveResources(m);
  CHECK(m.app.executors.Get(0) == 2);
  CHECK(m.app.max_executors.Get(0) == 1);
  CHECK(m.app.slots.Get(0) == 4);
}

TEST_CASE("model/derive: the user's line of a stage") {
  JobModel m = EmptyModel(1000);
  const std::string_view details[] = {
      "org.apache.spark.sql.Dataset.collect(Dataset.scala:10)\n  "
      "com.acme.Main$.main(Main.scala:7)\njava.lang.Thread.run(Thread.java:1)",
      "org.apache.spark.api.python.PythonRDD.collect(P.scala:1)\nsun.reflect.X(Y.java:1)\npy4j.Gateway.invoke(G.java:"
      "3)",
      "org.apache.spark.examples.SparkPi$.main(SparkPi.scala:3)", ""};
  const std::string_view want[] = {"com.acme.Main$.main(Main.scala:7)", "name 1",
                                   "org.apache.spark.examples.SparkPi$.main(SparkPi.scala:3)", "name 3"};
  for (std::size_t row = 0; row < 4; ++row) {
    PutStage(m, {.id = static_cast<std::int64_t>(row)});
    m.stages.details.Set(row, m.strings.Intern(details[row]));
    m.stages.name.Set(row, m.strings.Intern("name " + std::to_string(row)));
  }
  DeriveCallSites(m);
  for (std::size_t row = 0; row < 4; ++row)
    CHECK(std::string(m.strings.Get(m.stages.call_site.Get(row))) == std::string(want[row]));
}

// ---------------------------------------------------------------- shuffles and plan nodes
TEST_CASE("model/derive: the side of a join that a shuffle feeds") {
  JobModel m = EmptyModel(1000);
  const StageRow left = PutStage(m, {.id = 0, .submitted = 0});
  const StageRow right = PutStage(m, {.id = 1, .submitted = 0});
  const StageRow join = PutStage(m, {.id = 2, .submitted = 100, .parents = {0, 1}});
  DeriveTasksOfStages(m);
  DeriveStageGraph(m);
  DeriveShuffles(m);
  // Join(0) ← Sort(1) ← Exchange(2); Join ← Sort(3) ← Exchange(4).
  const NodeKind kinds[] = {NodeKind::SortMergeJoin, NodeKind::Sort, NodeKind::Exchange, NodeKind::Sort,
                            NodeKind::Exchange};
  const std::int64_t parents[] = {-1, 0, 1, 0, 3};
  for (std::size_t row = 0; row < 5; ++row) {
    m.plan_nodes.AddRow();
    m.plan_nodes.kind.Set(row, kinds[row]);
    m.plan_nodes.final_plan.Set(row, true);
    if (parents[row] >= 0) m.plan_nodes.parent.Set(row, NodeRow(static_cast<std::size_t>(parents[row])));
    m.plan_nodes.stages.Set(row, {join});
  }
  m.plan_nodes.left.Set(0, NodeRow(1));
  m.plan_nodes.right.Set(0, NodeRow(3));
  m.plan_nodes.stages.Set(2, {left});
  m.plan_nodes.read_stages.Set(2, {join});
  m.plan_nodes.stages.Set(4, {right});
  m.plan_nodes.read_stages.Set(4, {join});
  DeriveShuffleSides(m);
  REQUIRE(m.shuffles.size() == 2);
  CHECK(std::string(m.strings.Get(m.shuffles.side.Get(0))) == "left");
  CHECK(std::string(m.strings.Get(m.shuffles.side.Get(1))) == "right");
  CHECK(m.shuffles.exchange.Get(1) == NodeRow(4));
}

// ---------------------------------------------------------------- gaps
TEST_CASE("model/derive: gaps and what the driver did in them") {
  JobModel m = EmptyModel(10'000);
  PutExecutor(m, "1", 4, 0);
  const StageRow s = PutStage(m, {.id = 0, .tasks = 6});
  const auto sql = [&](std::int64_t id, std::int64_t start, std::int64_t end) {
    const std::size_t row = m.sql_executions.AddRow();
    m.sql_executions.id.Set(row, id);
    m.sql_executions.start.Set(row, start);
    m.sql_executions.end.Set(row, end);
    m.sql_executions.adaptive.Set(row, false);
    return SqlRow(row);
  };
  std::int64_t id = 0;
  const auto job = [&](std::int64_t begin, std::int64_t end, SqlRow of = {}, std::string_view description = {}) {
    const JobRow row = PutJob(m, {.id = id, .start = begin, .end = end + 5, .description = description});
    m.jobs.sql_execution.Set(row.index, of);
    PutTask(m, {.id = id, .index = id, .stage = s, .executor = ExecutorRow(0), .launch = begin, .finish = end});
    ++id;
  };
  const SqlRow query = sql(3, 1200, 2900);                 // planned for 300 ms, result fetched for 400 ms
  const SqlRow write = sql(4, 2990, 4800);                 // commits for 800 ms
  const SqlRow joins = sql(5, 4810, 6900);                 // collects a broadcast
  job(1000, 1100);                                         // startup before it
  job(1500, 2500, query);                                  // planning before it (300 of 400 ms)
  job(3000, 4000, write);                                  // collect before it (400 of 500 ms)
  job(4900, 5000, joins, "broadcast exchange (runId x)");  // commit before it
  job(5600, 6900, joins);                                  // broadcast before it
  job(7900, 8000);                                         // between jobs before it; tail after it
  const std::size_t node = m.plan_nodes.AddRow();
  m.plan_nodes.kind.Set(node, NodeKind::Write);
  m.plan_nodes.sql_execution.Set(node, write);
  m.plan_nodes.final_plan.Set(node, true);
  const std::size_t broadcast = m.plan_nodes.AddRow();
  m.plan_nodes.kind.Set(broadcast, NodeKind::BroadcastExchange);
  m.plan_nodes.sql_execution.Set(broadcast, joins);
  m.plan_nodes.final_plan.Set(broadcast, true);
  DeriveTasksOfStages(m);
  DeriveResources(m);
  DeriveGaps(m);
  const std::string want[] = {"startup", "planning", "collect", "commit", "broadcast", "between_jobs", "tail"};
  REQUIRE(m.gaps.size() == 7);
  for (std::size_t row = 0; row < 7; ++row) {
    CAPTURE(std::string(m.strings.Get(m.gaps.evidence.Get(row))));
    CHECK(std::string(EnumName(m.gaps.kind.Get(row))) == want[row]);
  }
  CHECK(m.gaps.after_job.Get(2) == JobRow(1));
  CHECK(m.gaps.before_job.Get(2) == JobRow(2));
  CHECK_FALSE(m.gaps.after_job.Has(0));
  CHECK_FALSE(m.gaps.before_job.Has(6));
  CHECK(m.gaps.sql_execution.Get(4) == joins);
  CHECK_FALSE(m.gaps.sql_execution.Has(2));
  std::int64_t sum = 0;
  for (std::size_t row = 0; row < m.gaps.size(); ++row) sum += m.gaps.duration.Get(row);
  CHECK(sum == m.app.driver_time.Get(0));
}

TEST_CASE("model/derive: from its begin a job without executors waits for them; before, it is the driver") {
  struct Row {
    const char* what;
    std::int64_t gone;      // the first executor
    std::int64_t back;      // the second one
    std::int64_t next_job;  // its start; its first task starts at 5000
    std::vector<std::pair<std::string, std::int64_t>> want;
  };
  const Row rows[] = {
      {"given back while the driver works", 2000, 4900, 3000, {{"between_jobs", 1900}, {"unknown", 2000}}},
      {"gone before the job before ended", 1050, 4900, 1120, {{"unknown", 3900}}},
      {"there when the job begins", 3500, 4900, 3000, {{"between_jobs", 3900}}},
      {"a new one comes at once", 2000, 2500, 3000, {{"between_jobs", 3900}}},
      {"the wait is a moment", 2000, 4990, 4970, {{"between_jobs", 3900}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    JobModel m = EmptyModel(6000);
    PutExecutor(m, "1", 1, 0, row.gone, "idle");
    PutExecutor(m, "2", 1, row.back);
    const StageRow s = PutStage(m, {.id = 0, .tasks = 2});
    PutJob(m, {.id = 0, .start = 0, .end = 1110});
    PutJob(m, {.id = 1, .start = row.next_job, .end = 6000});
    PutTask(m, {.id = 0, .index = 0, .stage = s, .executor = ExecutorRow(0), .launch = 0, .finish = 1100});
    PutTask(m, {.id = 1, .index = 1, .stage = s, .executor = ExecutorRow(1), .launch = 5000, .finish = 6000});
    DeriveTasksOfStages(m);
    DeriveResources(m);
    DeriveGaps(m);
    REQUIRE(m.gaps.size() == row.want.size());
    for (std::size_t i = 0; i < row.want.size(); ++i) {
      CHECK(std::string(EnumName(m.gaps.kind.Get(i))) == row.want[i].first);
      CHECK(m.gaps.duration.Get(i) == row.want[i].second);
      if (row.want[i].first == "unknown") CHECK(m.strings.Get(m.gaps.evidence.Get(i)) == "no executor was there");
      CHECK(m.gaps.before_job.Get(i) == JobRow(1));
    }
  }
}

TEST_CASE("model/derive: gaps below 50 ms are none; a run without tasks is one") {
  JobModel m = EmptyModel(500);
  const StageRow s = PutStage(m, {.id = 0});
  PutTask(m, {.id = 0, .stage = s, .launch = 10, .finish = 200});
  PutTask(m, {.id = 1, .stage = s, .launch = 249, .finish = 500});
  DeriveGaps(m);
  CHECK(m.gaps.size() == 0);

  JobModel idle = EmptyModel(500);
  DeriveGaps(idle);
  REQUIRE(idle.gaps.size() == 1);
  CHECK(idle.gaps.kind.Get(0) == GapKind::Unknown);
  CHECK(idle.gaps.duration.Get(0) == 500);
}

// ---------------------------------------------------------------- completeness
TEST_CASE("model/derive: missing tasks are indices without end, however many attempts there were") {
  JobModel m = EmptyModel(1000);
  PutJob(m, {.id = 0, .start = 0, .end = 900});
  const StageRow whole = PutStage(m, {.id = 0, .tasks = 2, .submitted = 0, .completed = 100});
  const StageRow torn = PutStage(m, {.id = 1, .tasks = 4, .submitted = 100, .completed = 200});
  const StageRow failed =
      PutStage(m, {.id = 2, .tasks = 50, .submitted = 200, .completed = 300, .status = StageStatus::Failed});
  PutTask(m, {.id = 0, .index = 0, .stage = whole, .finish = 50});
  PutTask(m, {.id = 1, .index = 1, .stage = whole, .finish = 50});
  for (std::int64_t id = 2; id < 6; ++id)
    PutTask(m, {.id = id, .index = 0, .stage = torn, .finish = 150, .reason = EndReason::ExceptionFailure});
  PutTask(m, {.id = 6, .index = 1, .stage = torn, .finish = 150});
  PutTask(m, {.id = 7, .index = 0, .stage = failed, .finish = 250, .reason = EndReason::ExceptionFailure});
  DeriveTasksOfStages(m);
  DeriveCompleteness(m);
  CHECK(m.stages.missing_tasks.Get(whole.index) == 0);
  CHECK(m.stages.missing_tasks.Get(torn.index) == 2);
  CHECK(m.stages.missing_tasks.Get(failed.index) == 0);
  CHECK(m.app.completeness.Get(0) == doctest::Approx(4.0 / 6));
  CHECK_FALSE(m.app.complete.Get(0));
  CHECK(m.app.failed_tasks.Get(0) == 5);
  CHECK(m.app.task_count.Get(0) == 8);
  CHECK_FALSE(m.app.failed.Get(0));
}

TEST_CASE("model/derive: tasks of a failed stage have no end where the application ended with it") {
  for (const std::int64_t end : {std::int64_t{30'000}, std::int64_t{90'000}}) {
    CAPTURE(end);
    JobModel m = EmptyModel(end);
    PutJob(m, {.id = 0, .start = 0, .end = 300});
    const StageRow failed =
        PutStage(m, {.id = 0, .tasks = 4, .submitted = 0, .completed = 300, .status = StageStatus::Failed});
    PutTask(m, {.id = 0, .index = 0, .stage = failed, .finish = 250, .reason = EndReason::ExceptionFailure});
    PutTask(m, {.id = 1, .index = 1, .stage = failed, .launch = 100, .finish = kMissing});
    DeriveTasksOfStages(m);
    DeriveCompleteness(m);
    const bool with_it = end == 30'000;
    CHECK(m.stages.missing_tasks.Get(failed.index) == (with_it ? 0 : 1));
    CHECK(m.app.complete.Get(0) == with_it);
  }
}

TEST_CASE("model/derive: complete means start, end, and the end of everything announced") {
  const auto make = [] {
    JobModel m = EmptyModel(1000);
    PutJob(m, {.id = 0, .start = 0, .end = 900});
    const StageRow s = PutStage(m, {.id = 0, .tasks = 1, .submitted = 0, .completed = 100});
    PutTask(m, {.id = 0, .stage = s, .finish = 50});
    return m;
  };
  const auto complete = [](JobModel m) {
    DeriveTasksOfStages(m);
    DeriveCompleteness(m);
    return m.app.complete.Get(0);
  };
  CHECK(complete(make()));
  JobModel no_end = make();
  no_end.app.end.Clear(0);
  CHECK_FALSE(complete(std::move(no_end)));
  JobModel open_job = make();
  open_job.jobs.status.Set(0, JobStatus::Running);
  CHECK_FALSE(complete(std::move(open_job)));
  JobModel open_stage = make();
  open_stage.stages.completed.Clear(0);
  CHECK_FALSE(complete(std::move(open_stage)));
  JobModel exit = make();
  exit.app.exit_code.Set(0, 1);
  DeriveCompleteness(exit);
  CHECK(exit.app.failed.Get(0));
}

}  // namespace
}  // namespace advise::test
