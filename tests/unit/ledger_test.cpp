// The ledger on whole models: it adds up; what is put into a run moves the account of it and no other; what the log
// does not say is not invented.
#include <doctest/doctest.h>

#include <cmath>

#include "model/derive/ledger_components.h"
#include "model/derive/ledger_round.h"
#include "unit/ledger_adds_up.h"
#include "unit/ledger_run.h"
#include "unit/random.h"

namespace advise::test {
namespace {

// Two jobs on two executors of four slots: three full waves, then two.
RunSpec Base() {
  RunSpec spec;
  spec.jobs = {{.tasks = RunSpec::Even(24)}, {.tasks = RunSpec::Even(16)}};
  return spec;
}

struct Move {
  Account account;
  double ms;
};

// Every account moves by what is given, or not at all.
void CheckMoves(const JobModel& before, const JobModel& after, const std::vector<Move>& moves) {
  constexpr double kNoiseMs = 15;
  CheckAddsUp(before);
  CheckAddsUp(after);
  for (std::size_t i = 0; i < kAccounts; ++i) {
    const auto account = static_cast<Account>(i);
    double expected = 0;
    for (const Move& move : moves) expected += move.account == account ? move.ms : 0;
    CAPTURE(EnumName(account));
    CHECK(std::abs(Wall(after, account) - Wall(before, account) - expected) <= kNoiseMs);
  }
}

// ---------------------------------------------------------------- random models
JobModel RandomRun(Random& random) {
  const std::int64_t end = Draw(random, 1, 2000);
  JobModel m = EmptyModel(end, Chance(random, 80) ? "3.5.3" : "1.6.0");
  const auto time = [&] { return Draw(random, -200, end + 200); };
  const auto maybe = [&](std::int64_t value) { return Chance(random, 80) ? value : kMissing; };
  if (Chance(random, 20)) m.app.start.Clear(0);
  if (Chance(random, 20)) m.app.end.Clear(0);
  if (Chance(random, 20)) m.app.name.Set(0, m.strings.Intern("Spark shell"));
  if (Chance(random, 50)) PutExecutor(m, "driver", kMissing, Draw(random, 0, end));
  for (std::int64_t i = Draw(random, 0, 3); i > 0; --i) {
    const std::int64_t added = time();
    PutExecutor(m, std::to_string(i), maybe(Draw(random, 0, 4)), maybe(added), Chance(random, 30) ? time() : kMissing,
                Chance(random, 50) ? "Container killed by YARN for exceeding memory limits" : "");
  }
  for (std::int64_t i = Draw(random, 0, 3); i > 0; --i) {
    const std::size_t sql = m.sql_executions.AddRow();
    m.sql_executions.id.Set(sql, static_cast<std::int64_t>(sql));
    m.sql_executions.start.Set(sql, time());
    if (Chance(random, 70)) m.sql_executions.end.Set(sql, time());
  }
  m.raw_sql.resize(m.sql_executions.size());
  const std::int64_t jobs = Draw(random, 0, 4);
  for (std::int64_t i = 0; i < jobs; ++i) {
    const std::int64_t start = time();
    const JobRow job = PutJob(
        m, {.id = i, .start = maybe(start), .end = Chance(random, 70) ? start + Draw(random, 0, 900) : kMissing});
    if (m.sql_executions.size() > 0 && Chance(random, 60))
      m.jobs.sql_execution.Set(
          job.index,
          SqlRow(static_cast<std::size_t>(Draw(random, 0, static_cast<std::int64_t>(m.sql_executions.size()) - 1))));
  }
  std::int64_t id = 0;
  for (std::int64_t i = Draw(random, 0, 4); i > 0; --i) {
    const std::int64_t submitted = time();
    constexpr StageStatus kStatus[] = {StageStatus::Complete, StageStatus::Failed, StageStatus::Active};
    const StageRow stage =
        PutStage(m, {.id = i,
                     .attempt = Chance(random, 20) ? 1 : 0,
                     .tasks = Draw(random, 0, 12),
                     .submitted = maybe(submitted),
                     .completed = maybe(submitted + Draw(random, 0, 800)),
                     .status = kStatus[Draw(random, 0, 2)],
                     .job = jobs > 0 && Chance(random, 80) ? JobRow(static_cast<std::size_t>(Draw(random, 0, jobs - 1)))
                                                           : JobRow()});
    for (std::int64_t t = Draw(random, 0, 12); t > 0; --t) {
      AttemptCells cells{.id = id++, .index = t, .attempt = Chance(random, 20) ? 1 : 0, .stage = stage};
      cells.launch = time();
      if (Chance(random, 90)) cells.finish = cells.launch + Draw(random, 0, 700);
      constexpr EndReason kEnds[] = {EndReason::Success, EndReason::Success, EndReason::ExceptionFailure,
                                     EndReason::TaskKilled, EndReason::Resubmitted};
      cells.reason = kEnds[Draw(random, 0, 4)];
      cells.speculative = Chance(random, 10);
      if (m.executors.size() > 0 && Chance(random, 90))
        cells.executor =
            ExecutorRow(static_cast<std::size_t>(Draw(random, 0, static_cast<std::int64_t>(m.executors.size()) - 1)));
      cells.run_time = maybe(Draw(random, 0, 900));
      cells.cpu_time = maybe(Draw(random, 0, 900) * 1'000'000);
      cells.gc_time = maybe(Draw(random, 0, 900));
      cells.fetch_wait_time = maybe(Draw(random, 0, 300));
      cells.shuffle_write_time = maybe(Draw(random, 0, 300'000'000));
      cells.input_bytes = maybe(Draw(random, 0, 1'000'000));
      cells.disk_bytes_spilled = maybe(Draw(random, 0, 10'000));
      if (Chance(random, 30)) cells.locality = Locality::NodeLocal;
      PutTask(m, cells);
    }
  }
  DeriveAll(m);
  return m;
}

}  // namespace

TEST_CASE("ledger: the accounts of any model add up to its duration") {
  Random random(7);
  for (int round = 0; round < 500; ++round) {
    CAPTURE(round);
    CheckAddsUp(RandomRun(random));
  }
}

TEST_CASE("ledger: a log without any time has none") {
  JobModel m;
  m.app.AddRow();
  DeriveAll(m);
  CHECK(!m.ledger.known);
  CHECK(m.ledger.entries.empty());
  CHECK(!m.app.wall_tail.Has(0));
}

// ---------------------------------------------------------------- where time goes
TEST_CASE("ledger: a run of even tasks is start-up, driver and work") {
  const JobModel m = MakeRun(Base());
  CheckAddsUp(m);
  CHECK(Wall(m, Account::Work) == doctest::Approx(5000));
  CHECK(Wall(m, LedgerPart::StartSetUp) == doctest::Approx(1300));  // no block manager of a driver says more
  CHECK(Wall(m, Account::WaitScheduler) == doctest::Approx(16));
  CHECK(Wall(m, LedgerPart::Submission) == doctest::Approx(16));
  CHECK(Wall(m, LedgerPart::Collect) == doctest::Approx(20));
  CHECK(Wall(m, LedgerPart::BetweenJobs) == doctest::Approx(500));
  CHECK(Wall(m, LedgerPart::End) == doctest::Approx(200));
  CHECK(m.stages.wall.Get(0) == doctest::Approx(3008));
  CHECK(m.stages.recoverable.Get(0) == doctest::Approx(8));
  CHECK(m.app.active_duration.Get(0) == doctest::Approx(static_cast<double>(m.app.duration.Get(0))));
}

TEST_CASE("ledger: fewer tasks than slots, a partial wave, and neither beside tasks that wait") {
  RunSpec spec;
  spec.jobs = {{.tasks = RunSpec::Even(2, 4000)}};
  const JobModel few = MakeRun(spec);
  CHECK(Wall(few, Account::FewTasks) == doctest::Approx(4000.0 * 6 / 8));
  CHECK(Wall(few, Account::Tail) == doctest::Approx(0));
  spec.jobs = {{.tasks = RunSpec::Even(10, 4000)}};  // 8, then 2
  const JobModel partial = MakeRun(spec);
  CHECK(Wall(partial, Account::PartialWave) == doctest::Approx(4000.0 * 6 / 8));
  CHECK(Wall(partial, Account::FewTasks) == doctest::Approx(0));
  CHECK(partial.stages.wall_partial_wave.Get(0) == doctest::Approx(3000));
}

TEST_CASE("ledger: stages that run at once share an instant by the slots they hold") {
  RunSpec spec;
  spec.jobs = {{.tasks = RunSpec::Even(8, 1000)}};
  spec.jobs[0].tasks.resize(6);
  JobModel m = MakeRun(spec);
  const double alone = m.stages.wall.Get(0);
  // The same six tasks, two of them of another stage of the same job.
  JobModel two = EmptyModel(3000);
  const JobRow job = PutJob(two, {.id = 0, .start = 0, .end = 3000});
  const StageRow a = PutStage(two, {.id = 0, .tasks = 4, .submitted = 0, .completed = 1000, .job = job});
  const StageRow b = PutStage(two, {.id = 1, .tasks = 2, .submitted = 0, .completed = 1000, .job = job});
  const ExecutorRow executor = PutExecutor(two, "1", 8, 0);
  for (std::int64_t i = 0; i < 6; ++i) {
    PutTask(two, {.id = i,
                  .index = i % 4,
                  .attempt = 0,
                  .stage = i < 4 ? a : b,
                  .executor = executor,
                  .launch = 0,
                  .finish = 1000,
                  .run_time = 1000,
                  .cpu_time = 1'000'000'000});
  }
  DeriveAll(two);
  CHECK(alone == doctest::Approx(1008));
  CHECK(two.stages.wall.Get(a.index) == doctest::Approx(1000.0 * 4 / 6));
  CHECK(two.stages.wall.Get(b.index) == doctest::Approx(1000.0 * 2 / 6));
}

// ---------------------------------------------------------------- mutations of known size
TEST_CASE("ledger: a task made longer is tail beside its own time") {
  RunSpec spec = Base();
  const JobModel before = MakeRun(spec);
  spec.jobs[0].tasks.back().ms += 6000;
  const JobModel after = MakeRun(spec);
  CheckMoves(before, after, {{Account::Tail, 6000.0 * 7 / 8}, {Account::Work, 6000.0 / 8}});
  CHECK(Wall(after, LedgerPart::TailUnexplained) == doctest::Approx(6000.0 * 7 / 8));
  // With as much more to read it is skew.
  spec.jobs[0].tasks.back().bytes *= 7;
  const JobModel skewed = MakeRun(spec);
  CheckMoves(after, skewed, {});
  CHECK(Wall(skewed, LedgerPart::TailSkew) == doctest::Approx(6000.0 * 7 / 8));
  CHECK(skewed.stages.wall_tail_skew.Get(0) == doctest::Approx(6000.0 * 7 / 8));
  CHECK(skewed.stages.recoverable.Get(0) == doctest::Approx(6000.0 * 7 / 8 + 8));
}

TEST_CASE("ledger: one of a few tasks made longer is tail, not fewer tasks") {
  RunSpec spec;
  spec.jobs = {{.tasks = RunSpec::Even(3)}};
  const JobModel before = MakeRun(spec);
  spec.jobs[0].tasks[1].ms += 5000;
  CheckMoves(before, MakeRun(spec), {{Account::Tail, 5000.0 * 7 / 8}, {Account::Work, 5000.0 / 8}});
}

TEST_CASE("ledger: an executor that comes later is ramp-up of its slots") {
  RunSpec spec = Base();
  spec.jobs[0].tasks = RunSpec::Even(48);
  const JobModel before = MakeRun(spec);
  spec.executors[1].added = 5308;  // 4 s after the first launch: 4 waves of 4, then 4 full ones
  CheckMoves(before, MakeRun(spec), {{Account::RampUp, 4000.0 * 4 / 8}});
}

TEST_CASE("ledger: all executors later is waiting for executors") {
  RunSpec spec = Base();
  const JobModel before = MakeRun(spec);
  for (RunExecutor& executor : spec.executors) executor.added += 3308;
  const JobModel after = MakeRun(spec);
  CheckMoves(before, after, {{Account::WaitExecutors, 3000}});
  CHECK(Wall(after, LedgerPart::WaitCold) == doctest::Approx(3000 + 8).epsilon(0.01));
  CHECK(after.stages.wall_wait_executors.Get(0) == doctest::Approx(3000).epsilon(0.01));
  REQUIRE(after.gaps.size() > 0);
}

TEST_CASE("ledger: an executor that is lost takes its slots away from tasks that wait") {
  RunSpec spec = Base();
  spec.jobs[0].tasks = RunSpec::Even(48);
  const JobModel before = MakeRun(spec);
  // After two waves; the other executor does the 32 tasks left in 8 waves instead of 4.
  spec.executors[1].removed = 3308;
  spec.executors[1].reason = "Container killed by YARN for exceeding memory limits";
  const JobModel after = MakeRun(spec);
  CheckAddsUp(after);
  // Not in the last wave of each stage: nothing waits any more.
  CHECK(Wall(after, Account::LostSlots) == doctest::Approx((7000.0 + 3000.0) * 4 / 8));
  CHECK(Wall(after, Account::RampUp) == doctest::Approx(0));
  CHECK(Wall(before, Account::LostSlots) == doctest::Approx(0));
}

TEST_CASE("ledger: a pause of the driver is the driver's") {
  RunSpec spec = Base();
  const JobModel before = MakeRun(spec);
  spec.jobs[1].pause_before += 7000;
  const JobModel after = MakeRun(spec);
  CheckMoves(before, after, {{Account::Driver, 7000}});
  CHECK(Wall(after, LedgerPart::BetweenJobs) == doctest::Approx(7500));
  spec.name = "Spark shell";
  const JobModel shell = MakeRun(spec);
  CHECK(Wall(shell, Account::Driver) < 100);
  CHECK(shell.app.active_duration.Get(0) < static_cast<double>(shell.app.duration.Get(0)) - 7000);
}

TEST_CASE("ledger: a result that takes the driver long is collecting") {
  RunSpec spec = Base();
  const JobModel before = MakeRun(spec);
  spec.jobs[0].collect += 2500;
  const JobModel after = MakeRun(spec);
  CheckMoves(before, after, {{Account::Driver, 2500}});
  CHECK(Wall(after, LedgerPart::Collect) == doctest::Approx(2520));
  REQUIRE(after.gaps.size() >= 2);
  CHECK(after.gaps.account.Get(1) == Account::Driver);
  CHECK(after.strings.Get(after.gaps.account_part.Get(1)) == "collect");
  CHECK(after.gaps.account_time.Get(1) ==
        doctest::Approx(static_cast<double>(after.gaps.duration.Get(1))).epsilon(0.3));
}

TEST_CASE("ledger: an attempt that fails is wasted, and what it delays is a retry") {
  RunSpec spec = Base();
  const JobModel before = MakeRun(spec);
  spec.jobs[1].tasks[15].fails_after = 400;  // in the last wave, which ends 400 ms later
  const JobModel after = MakeRun(spec);
  CheckMoves(before, after, {{Account::Wasted, 400.0 / 8}, {Account::Tail, 400.0 * 7 / 8}});
  CHECK(Wall(after, LedgerPart::TailRetry) == doctest::Approx(400.0 * 7 / 8));
  CHECK(Wall(after, LedgerPart::WastedFailed) == doctest::Approx(50));
}

TEST_CASE("ledger: pauses of garbage collection, fetch waits and delays are what the tasks say") {
  const JobModel before = MakeRun(Base());
  const auto with = [](auto change) {
    RunSpec spec = Base();
    for (RunTask& task : spec.jobs[0].tasks) {
      task.ms += 300;
      change(task);
    }
    return MakeRun(spec);
  };
  CheckMoves(before, with([](RunTask& task) { task.gc = 300; }), {{Account::Gc, 900}});
  CheckMoves(before, with([](RunTask& task) { task.fetch = 300; }), {{Account::FetchWait, 900}});
  CheckMoves(before, with([](RunTask& task) { task.delay = 300; }), {{Account::Overhead, 900}});
  CheckMoves(before, with([](RunTask& task) { task.off_cpu = 300; }), {{Account::UnknownIo, 900}});
  CheckMoves(before, with([](RunTask&) {}), {{Account::Work, 900}});
}

TEST_CASE("ledger: time off the CPU that follows what was spilled or read is inferred, with bounds") {
  RunSpec spec = Base();
  for (std::size_t i = 0; i < 24; ++i) {
    RunTask& task = spec.jobs[0].tasks[i];
    task.off_cpu = 20 + 10 * static_cast<std::int64_t>(i % 8);
    task.spilled = 1000 * static_cast<std::int64_t>(i % 8);
  }
  const JobModel m = MakeRun(spec);
  CheckAddsUp(m);
  CHECK(Wall(m, Account::Spill) == doctest::Approx(24 * 35.0 / 8).epsilon(0.01));
  CHECK(Wall(m, Account::UnknownIo) == doctest::Approx(24 * 20.0 / 8).epsilon(0.01));
  CHECK(m.ledger[Account::Spill].most_us > m.ledger[Account::Spill].us);
  CHECK(m.ledger[Account::UnknownIo].most_us == doctest::Approx(24 * 55'000.0 / 8).epsilon(0.01));
}

TEST_CASE("ledger: one task as two, one after the other, changes nothing") {
  RunSpec spec = Base();
  const JobModel before = MakeRun(spec);
  spec.jobs[0].tasks.erase(spec.jobs[0].tasks.begin());
  spec.jobs[0].tasks.insert(spec.jobs[0].tasks.begin(), 2, RunTask{.ms = 500});
  // The pretended Spark gives them to two slots; put them into one by hand: two tasks of a full second share a slot.
  const JobModel after = [] {
    RunSpec halves = Base();
    for (std::size_t i = 0; i < 8; ++i) halves.jobs[0].tasks[i].ms = 500;
    halves.jobs[0].tasks.insert(halves.jobs[0].tasks.begin(), 8, RunTask{.ms = 500});
    return MakeRun(halves);
  }();
  CheckMoves(before, after, {});
}

TEST_CASE("ledger: the order of tasks in the log does not show") {
  Random random(3);
  for (int round = 0; round < 20; ++round) {
    RunSpec spec;
    spec.jobs.resize(2);
    for (RunJob& job : spec.jobs) {
      for (std::int64_t i = Draw(random, 1, 30); i > 0; --i)
        job.tasks.push_back(
            {.ms = 100 * Draw(random, 1, 9), .gc = Draw(random, 0, 50), .off_cpu = Draw(random, 0, 50)});
    }
    const JobModel m = MakeRun(spec);
    CheckAddsUp(m);
    // The rows of the task table the other way round.
    JobModel turned = EmptyModel(m.app.end.Get(0));
    for (std::size_t row = 0; row < m.executors.size(); ++row)
      PutExecutor(turned, m.strings.Get(m.executors.id.Get(row)), m.executors.cores.Get(row),
                  m.executors.added.Get(row));
    for (std::size_t row = 0; row < m.jobs.size(); ++row)
      PutJob(turned, {.id = m.jobs.id.Get(row), .start = m.jobs.start.Get(row), .end = m.jobs.end.Get(row)});
    for (std::size_t row = 0; row < m.stages.size(); ++row) {
      PutStage(turned, {.id = m.stages.id.Get(row),
                        .tasks = m.stages.task_count.Get(row),
                        .submitted = m.stages.submitted.Get(row),
                        .completed = m.stages.completed.Get(row),
                        .job = m.stages.job.Get(row)});
    }
    for (std::size_t row = m.tasks.size(); row-- > 0;) {
      PutTask(turned, {.id = m.tasks.id.Get(row),
                       .index = m.tasks.index.Get(row),
                       .attempt = 0,
                       .stage = m.tasks.stage.Get(row),
                       .executor = m.tasks.executor.Get(row),
                       .launch = m.tasks.launch.Get(row),
                       .finish = m.tasks.finish.Get(row),
                       .run_time = m.tasks.run_time.Get(row),
                       .cpu_time = m.tasks.cpu_time.Get(row),
                       .gc_time = m.tasks.gc_time.Get(row),
                       .fetch_wait_time = m.tasks.fetch_wait_time.Get(row),
                       .scheduler_delay = m.tasks.scheduler_delay.Get(row),
                       .shuffle_write_time = m.tasks.shuffle_write_time.Get(row),
                       .disk_bytes_spilled = m.tasks.disk_bytes_spilled.Get(row),
                       .input_bytes = m.tasks.input_bytes.Get(row)});
    }
    DeriveAll(turned);
    REQUIRE(turned.ledger.entries.size() == m.ledger.entries.size());
    for (std::size_t i = 0; i < m.ledger.entries.size(); ++i) {
      CHECK(turned.ledger.entries[i].part == m.ledger.entries[i].part);
      CHECK(turned.ledger.entries[i].stage == m.ledger.entries[i].stage);
      CHECK(turned.ledger.entries[i].gap == m.ledger.entries[i].gap);
      CHECK(std::abs(turned.ledger.entries[i].us - m.ledger.entries[i].us) <= 1);
    }
  }
}

// ---------------------------------------------------------------- what the log does not say
TEST_CASE("ledger: tasks without metrics are unknown, not nothing") {
  RunSpec spec = Base();
  for (RunTask& task : spec.jobs[0].tasks) task.metrics = false;
  const JobModel m = MakeRun(spec);
  CheckAddsUp(m);
  CHECK(Wall(m, LedgerPart::NoMetrics) == doctest::Approx(3000));
  CHECK(m.stages.wall_unknown.Get(0) == doctest::Approx(3000));
  CHECK(!m.stages.wall_gc.Has(0));
  CHECK(!m.stages.wall_work.Has(0));
  CHECK(m.stages.wall_gc.Get(1) == doctest::Approx(0));
  CHECK(m.stages.recoverable.Get(0) == doctest::Approx(8));
  CHECK(m.app.wall_gc.Has(0));
}

TEST_CASE("ledger: without executors' cores the slots seen count, and nothing is said to wait for executors") {
  RunSpec spec = Base();
  for (RunExecutor& executor : spec.executors) executor.added = 4000;
  JobModel m = EmptyModel(10'000);
  const JobRow job = PutJob(m, {.id = 0, .start = 1000, .end = 9000});
  const StageRow stage = PutStage(m, {.id = 0, .tasks = 4, .submitted = 1000, .completed = 9000, .job = job});
  for (std::int64_t i = 0; i < 4; ++i) {
    PutTask(m, {.id = i,
                .index = i,
                .attempt = 0,
                .stage = stage,
                .launch = i < 3 ? 5000 : 7000,
                .finish = i < 3 ? 7000 : 9000,
                .run_time = 2000,
                .cpu_time = 2'000'000'000});
  }
  DeriveAll(m);
  CheckAddsUp(m);
  CHECK(m.ledger.slots_observed);
  CHECK(Wall(m, Account::WaitExecutors) == doctest::Approx(0));
  CHECK(Wall(m, LedgerPart::Submission) == doctest::Approx(4000));
  CHECK(Wall(m, Account::PartialWave) == doctest::Approx(2000.0 * 2 / 3));
  CHECK(!MakeRun(spec).ledger.slots_observed);
}

TEST_CASE("ledger: a stage of which tasks are missing in the log did not idle") {
  JobModel m = EmptyModel(10'000);
  const JobRow job = PutJob(m, {.id = 0, .start = 0, .end = 10'000});
  const StageRow stage = PutStage(m, {.id = 0, .tasks = 20, .submitted = 0, .completed = 10'000, .job = job});
  const ExecutorRow executor = PutExecutor(m, "1", 4, 0);
  PutTask(m, {.id = 0,
              .index = 0,
              .attempt = 0,
              .stage = stage,
              .executor = executor,
              .launch = 4000,
              .finish = 6000,
              .run_time = 2000,
              .cpu_time = 2'000'000'000});
  DeriveAll(m);
  CheckAddsUp(m);
  CHECK(Wall(m, LedgerPart::MissingTasks) == doctest::Approx(8000 + 2000.0 * 3 / 4));
  CHECK(Wall(m, Account::Work) == doctest::Approx(500));
}

TEST_CASE("ledger: a stage waits for executors of its own resource profile though others are there") {
  for (const std::int64_t profile : {0, 1}) {
    CAPTURE(profile);
    JobModel m = EmptyModel(10'000);
    const JobRow job = PutJob(m, {.id = 0, .start = 1000, .end = 10'000});
    const StageRow stage = PutStage(m, {.id = 0, .tasks = 4, .submitted = 1000, .completed = 10'000, .job = job});
    const ExecutorRow usual = PutExecutor(m, "1", 4, 0);
    const ExecutorRow own = PutExecutor(m, "2", 4, 6000);
    m.executors.resource_profile.Set(usual.index, 0);
    m.executors.resource_profile.Set(own.index, profile);
    m.stages.resource_profile.Set(stage.index, profile);
    for (std::int64_t i = 0; i < 4; ++i) {
      PutTask(m, {.id = i,
                  .index = i,
                  .attempt = 0,
                  .stage = stage,
                  .executor = own,
                  .launch = 6000,
                  .finish = 10'000,
                  .run_time = 4000,
                  .cpu_time = 4'000'000'000});
    }
    DeriveAll(m);
    CheckAddsUp(m);
    // Where all have the usual profile, a slot was there.
    CHECK(Wall(m, LedgerPart::WaitCold) == doctest::Approx(profile == 1 ? 5000 : 0));
    CHECK(Wall(m, LedgerPart::Submission) == doctest::Approx(profile == 1 ? 0 : 5000));
    CHECK(m.stages.wall_wait_executors.Get(stage.index) == doctest::Approx(profile == 1 ? 5000 : 0));
  }
}

TEST_CASE("ledger: a log that is cut gives open tasks and jobs their time until its end") {
  JobModel m = EmptyModel(10'000);
  m.app.end.Clear(0);
  const JobRow job = PutJob(m, {.id = 0, .start = 0, .status = JobStatus::Running});
  const StageRow stage = PutStage(m, {.id = 0, .tasks = 8, .submitted = 0, .status = StageStatus::Active, .job = job});
  const ExecutorRow executor = PutExecutor(m, "1", 2, 0);
  for (std::int64_t i = 0; i < 2; ++i)
    PutTask(m, {.id = i, .index = i, .attempt = 0, .stage = stage, .executor = executor, .launch = 2000});
  DeriveAll(m);
  CheckAddsUp(m);
  CHECK(Wall(m, LedgerPart::Unfinished) == doctest::Approx(8000));
  CHECK(Wall(m, LedgerPart::Submission) == doctest::Approx(2000));
}

TEST_CASE("ledger: before Spark 2.1 run time is not divided into work and waiting") {
  RunSpec spec = Base();
  JobModel m = EmptyModel(1000, "1.6.0");
  const JobRow job = PutJob(m, {.id = 0, .start = 0, .end = 1000});
  const StageRow stage = PutStage(m, {.id = 0, .tasks = 1, .submitted = 0, .completed = 1000, .job = job});
  const ExecutorRow executor = PutExecutor(m, "1", 1, 0);
  PutTask(m, {.id = 0,
              .index = 0,
              .attempt = 0,
              .stage = stage,
              .executor = executor,
              .launch = 0,
              .finish = 1000,
              .run_time = 900,
              .gc_time = 100});
  DeriveAll(m);
  CheckAddsUp(m);
  CHECK(Wall(m, LedgerPart::Undivided) == doctest::Approx(800));
  CHECK(Wall(m, Account::Gc) == doctest::Approx(100));
  CHECK(Wall(m, Account::Overhead) == doctest::Approx(100));
  CHECK(!m.stages.wall_unknown_io.Has(0));
}

// ---------------------------------------------------------------- parts of it
TEST_CASE("ledger: rounding keeps the sum, the largest remainders go up") {
  using ledger::RoundToMicroseconds;
  // 1/4 ms = 250 µs are whole; with 2 bits nothing is to round.
  CHECK(RoundToMicroseconds({4, 2, 1}, 2, 1750) == std::vector<std::int64_t>{1000, 500, 250});
  // 1/1024 ms = 0.976 µs: 1023 and 1 add up to 1 ms.
  CHECK(RoundToMicroseconds({1023, 1}, 10, 1000) == std::vector<std::int64_t>{999, 1});
  CHECK(RoundToMicroseconds({1, 1023}, 10, 1000) == std::vector<std::int64_t>{1, 999});
  CHECK(RoundToMicroseconds({512, 512, 0}, 10, 1000) == std::vector<std::int64_t>{500, 500, 0});
  CHECK(RoundToMicroseconds({}, 10, 0).empty());
}

TEST_CASE("ledger: least squares without negative weights") {
  ledger::LeastSquares sums;
  for (int i = 0; i < 20; ++i) {
    const double a = i;
    const double b = i * i % 7;
    sums.Add({a, b, 0}, 5 + 2 * a + 3 * b);
  }
  const ledger::LeastSquares::Fit fit = sums.Solve();
  CHECK(fit.intercept == doctest::Approx(5));
  CHECK(fit.weight[0] == doctest::Approx(2));
  CHECK(fit.weight[1] == doctest::Approx(3));
  CHECK(fit.weight[2] == 0);
  CHECK(fit.r2 == doctest::Approx(1));
  ledger::LeastSquares falling;
  for (int i = 0; i < 20; ++i) falling.Add({static_cast<double>(i), 0, 0}, 100 - i);
  CHECK(falling.Solve().weight[0] == 0);
  CHECK(falling.Solve().r2 == doctest::Approx(0));
  ledger::LeastSquares constant;
  for (int i = 0; i < 20; ++i) constant.Add({1, 2, 3}, 7);
  CHECK(constant.Solve().r2 == 0);
}

}  // namespace advise::test
