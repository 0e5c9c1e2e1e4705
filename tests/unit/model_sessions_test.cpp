// Failures, garbage collection pauses, shells and micro-batches: derive steps about what a run was like.
#include <doctest/doctest.h>

#include "model/derive/derive.h"
#include "model/derive/failures.h"
#include "unit/model_derive_fixture.h"

namespace advise::test {
namespace {

TEST_CASE("model/derive: why something failed") {
  const struct {
    std::string_view message;
    FailureClass failure_class;
    std::string_view summary;
  } rows[] = {
      {"java.lang.RuntimeException: got a 3, failing", FailureClass::Exception, "RuntimeException: got a 3, failing"},
      {"Job aborted due to stage failure: Task 3 in stage 2.0 failed 1 times, most recent failure: Lost task 3.0 in "
       "stage 2.0 (TID 19, localhost): java.lang.OutOfMemoryError: Java heap space\n\tat A.b(A.java:1)",
       FailureClass::Memory, "OutOfMemoryError: Java heap space"},
      {"Job aborted due to stage failure: Total size of serialized results of 17 tasks (1.1 GiB) is bigger than "
       "spark.driver.maxResultSize (1024.0 MiB)",
       FailureClass::ResultSize,
       "Total size of serialized results of 17 tasks (1.1 GiB) is bigger than spark.driver.maxResultSize (1024.0 MiB)"},
      {"org.apache.spark.api.python.PythonException: Traceback (most recent call last):\n  File \"a.py\", line 51, in "
       "f\n"
       "    raise Exception(\"no\")\nException: no\n\n\tat org.apache.spark.X.y(X.scala:1)",
       FailureClass::Exception, "Exception: no"},
      {"org.apache.spark.SparkException: Job aborted.\n\tat A.b(A.java:1)\nCaused by: java.io.IOException: two\n\tat "
       "C.d\nCaused by: java.io.IOException: No space left on device\n\tat C.d",
       FailureClass::Disk, "IOException: No space left on device"},
      {"Job aborted due to stage failure: ShuffleMapStage 5 (x) has failed the maximum allowable number of times: 4. "
       "Most recent failure reason: \norg.apache.spark.shuffle.FetchFailedException: Failed to connect",
       FailureClass::Fetch, "FetchFailedException: Failed to connect"},
      {"ExecutorLostFailure: Container killed by YARN for exceeding memory limits. 5.5 GB of 5.5 GB used",
       FailureClass::ContainerKilled, "ExecutorLostFailure: Container killed by YARN for exceeding memory limits"},
      {"com.nvidia.spark.rapids.jni.GpuSplitAndRetryOOM: GPU OutOfMemory: could not split", FailureClass::GpuMemory,
       "GpuSplitAndRetryOOM: GPU OutOfMemory: could not split"},
      {"MemoryError", FailureClass::PythonWorker, "MemoryError"},
      {"", FailureClass::Unknown, ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    CHECK(EnumName(ClassifyFailure(row.message)) == EnumName(row.failure_class));
    CHECK(SummaryOfFailure(row.message) == row.summary);
  }
}

TEST_CASE("model/derive: jobs and tasks carry the class of their failure, others none") {
  JobModel m = EmptyModel(1000);
  const JobRow failed = PutJob(m, {.id = 0, .start = 0, .end = 900, .status = JobStatus::Failed});
  m.jobs.failure.Set(failed.index, m.strings.Intern("Job 0 cancelled because SparkContext was shut down"));
  const JobRow good = PutJob(m, {.id = 1, .start = 0, .end = 900});
  DeriveFailures(m);
  CHECK(m.jobs.failure_class.Get(failed.index) == FailureClass::Cancelled);
  CHECK_FALSE(m.jobs.failure_class.Has(good.index));
  CHECK_FALSE(m.jobs.failure_summary.Has(good.index));
}

TEST_CASE("model/derive: a pause that tasks share counts once, pauses of tasks in a row add up") {
  JobModel m = EmptyModel(10'000);
  const StageRow stage = PutStage(m, {.id = 0, .tasks = 5, .submitted = 0, .completed = 10'000});
  const ExecutorRow one = PutExecutor(m, "1", 2, 0);
  const ExecutorRow two = PutExecutor(m, "2", 2, 0);
  const auto put = [&](ExecutorRow executor, std::int64_t launch, std::int64_t finish, std::int64_t gc) {
    const TaskRow task =
        PutTask(m, {.stage = stage, .executor = executor, .launch = launch, .finish = finish, .gc_time = gc});
    m.stages.tasks.Mutable(stage.index).push_back(task);
    m.executors.tasks.Mutable(executor.index).push_back(task);
  };
  put(one, 0, 1000, 400);  // the same pause, seen twice
  put(one, 0, 1000, 400);
  put(one, 1000, 3000, 300);  // after both
  put(one, 500, 2000, 500);   // overlaps all
  put(two, 0, 2000, 100);
  DeriveGcPauses(m);
  CHECK(m.executors.gc_pause.Get(one.index) == 700);
  CHECK(m.executors.gc_pause.Get(two.index) == 100);
  CHECK(m.stages.gc_pause.Get(stage.index) == 400);
}

TEST_CASE("model/derive: no pause can be longer than its task; without metrics it is unknown") {
  JobModel m = EmptyModel(10'000);
  const StageRow stage = PutStage(m, {.id = 0, .submitted = 0, .completed = 10'000});
  const ExecutorRow one = PutExecutor(m, "1", 2, 0);
  DeriveGcPauses(m);
  CHECK_FALSE(m.stages.gc_pause.Has(stage.index));
  const TaskRow task = PutTask(m, {.stage = stage, .executor = one, .launch = 0, .finish = 5, .gc_time = 900});
  m.stages.tasks.Mutable(stage.index).push_back(task);
  DeriveGcPauses(m);
  CHECK(m.stages.gc_pause.Get(stage.index) == 5);
}

TEST_CASE("model/derive: shells are told from names, call sites and settings") {
  const auto interactive = [](std::string_view app, std::string_view stage) {
    JobModel m = EmptyModel(1000);
    m.app.name.Set(0, m.strings.Intern(app));
    const StageRow row = PutStage(m, {.id = 0});
    m.stages.name.Set(row.index, m.strings.Intern(stage));
    DeriveSessions(m);
    return m.app.interactive.Get(0);
  };
  CHECK(interactive("Spark shell", "count at A.scala:1"));
  CHECK(interactive("PySparkShell", ""));
  CHECK(interactive("my app", "count at <console>:26"));
  CHECK(interactive("Databricks Shell", ""));
  CHECK_FALSE(interactive("NDS - Power Run", "count at A.scala:1"));
  CHECK_FALSE(interactive("nightly", "collect at etl.py:12"));
}

TEST_CASE("model/derive: micro-batches are read from the description; nested executions count once") {
  JobModel m = EmptyModel(1000);
  const auto put = [&](std::string_view description, std::int64_t duration) {
    const std::size_t row = m.sql_executions.AddRow();
    m.sql_executions.description.Set(row, m.strings.Intern(description));
    m.sql_executions.duration.Set(row, duration);
    return row;
  };
  const std::size_t inner = put("orders<br/>id = a-1<br/>runId = b<br/>batch = 7", 10);
  const std::size_t outer = put("orders<br/>id = a-1<br/>runId = b<br/>batch = 7", 30);
  const std::size_t unnamed = put("\nid = 8d26\nrunId = e2\nbatch = 0", 5);
  const std::size_t first = put("id = 8d26\nrunId = e2\nbatch = init", 5);
  const std::size_t plain = put("count at batch = 3", 5);
  DeriveSessions(m);
  CHECK_FALSE(m.sql_executions.batch.Has(inner));
  CHECK(m.sql_executions.batch.Get(outer) == 7);
  CHECK(m.strings.Get(m.sql_executions.stream.Get(outer)) == "orders");
  CHECK(m.sql_executions.batch.Get(unnamed) == 0);
  CHECK(m.strings.Get(m.sql_executions.stream.Get(unnamed)) == "8d26");
  CHECK_FALSE(m.sql_executions.batch.Has(first));
  CHECK_FALSE(m.sql_executions.batch.Has(plain));
}

}  // namespace
}  // namespace advise::test
