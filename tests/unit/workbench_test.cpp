// Tests of packs: what a test gives, what follows from it, and what a failed one says.
#include "workbench/run_tests.h"

#include "unit/rules_fixture.h"

namespace advise::test {
namespace {

using workbench::TestResult;

std::vector<TestResult> RunAll(const std::string& text) {
  const auto compiled = CompileRules(text);
  INFO(compiled->Messages());
  const workbench::LoadLog no_logs = [](const std::string& path) -> Result<model::JobModel> {
    return Fail(DiagnosticCode::LogNotFound, "`" + path + "` does not exist");
  };
  auto results = workbench::RunTests(
      compiled->set, compiled->sources, [](const rules::BoundTest&) { return true; }, no_logs);
  for (const TestResult& result : results) {
    for (const auto& failure : result.failures)
      MESSAGE(result.name << " line " << failure.line << ": " << failure.expected << " | " << failure.found << " | "
                          << failure.reason);
  }
  return results;
}

// A symptom `holds(s)` with the condition, and a test that expects it of the given stage `s`.
void CheckHolds(const std::string& condition, const std::string& givens) {
  const auto results = RunAll("symptom holds(s: Stage) {\n  match (s:Stage)\n  where " + condition +
                              "\n}\ntest \"t\" {\n" + givens + "\n  expect holds(s)\n}\n");
  REQUIRE(results.size() == 1);
  CAPTURE(condition);
  CHECK(results[0].failures.empty());
}

// The single failure of the single test.
workbench::TestFailure FailureOf(const std::string& text) {
  const auto results = RunAll(text);
  REQUIRE(results.size() == 1);
  REQUIRE(results[0].failures.size() == 1);
  return results[0].failures[0];
}

constexpr const char* kSpill = R"(symptom spill(s: Stage) {
  match (s:Stage)
  where s.disk_bytes_spilled > 1GiB and s.partitions < 10
  title "Spill of stage {s.id}" message "Stage {s.id} spilled {s.disk_bytes_spilled}."
}
cause memory(s: Stage) {
  for spill(s)
  where not skewed(s) and s.gc_share > 10%
  explains spill(s)
  confidence 80% when s.gc_share > 20%, 60% otherwise
}
cause skewed(s: Stage) {
  match (s:Stage)
  let r = s.winners.shuffle_read
  where max(r) > 4 * p50(r)
}
cause heap(e: Executor) {
  match (e:Executor)
  needs Executor.peak_heap_used
  where e.peak_heap_used > 1GiB
}
cause gaps(k: Group<Gap>) {
  match (g:Gap) group by g.kind as k
  where sum(k.duration) > 2min
}
)";

}  // namespace

TEST_CASE("workbench: sums, shares and counts follow from the tasks of a stage") {
  CheckHolds("s.shuffle_read_bytes = 50MiB and count(s.tasks) = 5 and s.partitions = 5 and s.task_count = 5",
             "given s: Stage { tasks.shuffle_read = [5MiB x 4, 30MiB] }");
  CheckHolds("s.gc_share = 25% and s.executor_run_time = sum(s.tasks.run_time)",
             "given s: Stage { tasks.run_time = [1s x 4] tasks.gc_time = 250ms }");
  CheckHolds("s.cpu_share = 50% and max(s.tasks.off_cpu_time) = 4s",
             "given s: Stage { tasks.run_time = [10s] tasks.cpu_time = [5s] tasks.fetch_wait_time = [1s] }");
  CheckHolds("max(s.tasks.scheduler_delay) = 3s",
             "given s: Stage { tasks.duration = [10s] tasks.run_time = [6s] tasks.deserialize_time = [1s] }");
  CheckHolds("s.failed_tasks = 1 and s.completed_tasks = 9 and count(s.winners) = 9 and count(s.tasks[failed]) = 1",
             "given s: Stage { tasks.failed = [false x 9, true] }");
}

TEST_CASE("workbench: a retried partition has one winner") {
  CheckHolds("count(s.tasks) = 3 and count(s.winners) = 2 and s.partitions = 2",
             "given s: Stage { tasks.index = [0, 0, 1] tasks.failed = [true, false, false] }");
  CheckHolds("count(s.winners) = 1 and max(s.winners.duration) = 2s",
             "given s: Stage { tasks.duration = [1s, 2s] tasks.winner = [false, true] }");
}

TEST_CASE("workbench: what does not follow is missing") {
  CheckHolds(
      "s.shuffle_read_bytes is missing and s.gc_share is missing and s.share_of_app is missing and "
      "s.duration is missing and s.first_launch is missing and app.utilisation is missing",
      "given s: Stage { tasks.duration = [1s x 3] }");
  CheckHolds("s.gc_share is missing", "given s: Stage { tasks.gc_time = [1s x 3] }");
  CheckHolds("s.gc_share is missing and s.disk_bytes_spilled is missing",
             "given s: Stage { tasks.gc_time = [1s] tasks.run_time = [2s] gc_share = missing }");
}

TEST_CASE("workbench: what is given wins over what follows") {
  CheckHolds("s.shuffle_read_bytes = 1GiB and sum(s.tasks.shuffle_read) = 10MiB and s.partitions = 7",
             "given s: Stage { tasks.shuffle_read = [10MiB] shuffle_read_bytes = 1GiB partitions = 7 }");
}

TEST_CASE("workbench: what events tell follows as in a log") {
  CheckHolds("s.job.task_count = 3 and s.job.failed_tasks = 1 and s.job.failed_stages = 0 and s.job.name = \"count\"",
             "given j: Job given s: Stage { job = j name = \"count\" tasks.failed = [false x 2, true] }");
  CheckHolds("s.job.failed_tasks is missing and s.job.task_count is missing and s.job.failed_stages = 0",
             "given j: Job given s: Stage { job = j }");
  CheckHolds("s.duration = 1min and s.job.end - s.job.start = 2min and not s.job.sql_execution.adaptive",
             R"(given q: SqlExecution given j: Job { start = 1min duration = 2min sql_execution = q }
                given s: Stage { job = j submitted = 1min completed = 2min }
                given conf "spark.sql.adaptive.enabled" = false)");
  CheckHolds("s.job.failure_class = \"cancelled\" and s.job.sql_execution.status = \"FAILED\" and app.failed",
             R"(given q: SqlExecution given s: Stage { job = j }
                given j: Job { sql_execution = q status = "FAILED" failure = "Job 0 cancelled by the user" })");
  CheckHolds("count(s.tasks[failed and failure_class = \"fetch\"]) = 1",
             "given s: Stage { tasks.end_reason = [\"FetchFailed\"] }");
  CheckHolds("count(s.parents) = 2 and count(app.stages) = 3 and s.id = 2",
             R"(given p: Stage given again: Stage given s: Stage
                given (p)-[: Retries]->(again) given (p)-[: Shuffle]->(s))");
  CheckHolds("count(s.parents) = 1 and exists { (p:Stage)-[x:Shuffle]->(s) where count(p.children) = 1 }",
             "given p: Stage given s: Stage { parents = [p] }");
  CheckHolds("count(s.nodes) = 1 and s.sql_execution is missing",
             "given s: Stage given n: Sort { sql_execution = missing } given (s)-[: Runs]->(n)");
  CheckHolds("exists { (p:Stage)-[x:Shuffle]->(s) where x.exchange.kind = \"Exchange\" }",
             R"(given p: Stage given s: Stage given e: Exchange { read_stages = [s] }
                given (p)-[: Runs]->(e) given (p)-[: Shuffle]->(s))");
  CheckHolds("count(s.parents) = 1",
             R"(given p: Stage { submitted = 2min } given s: Stage { submitted = 1min } given (p)-[: Shuffle]->(s))");
  CheckHolds("count(app.stages) = 1 and s.status = \"COMPLETE\"",
             "given s: Stage given p: Stage { status = \"PENDING\" }");
  CheckHolds("count(app.stages) = 2 and s.job.skipped_stages = 1",
             "given j: Job given s: Stage { job = j } given p: Stage { job = j status = \"SKIPPED\" } given r: Stage");
  CheckHolds("app.executors = 2 and s.id = 0 and count(app.stages) = 2",
             R"(given e: Executor { id = "<driver>" } given f: Executor { id = "<driver>" }
                given s: Stage { id = 0 } given t: Stage { id = 0 partitions = 4 })");
}

TEST_CASE("workbench: the application") {
  CheckHolds("app.duration = 10min and app.slots = 40 and spark in v3.5..v3.5 and app.complete and not app.failed",
             "given s: Stage");
  CheckHolds("app.duration = 1h and app.slots is missing and spark >= v2.4 and spark < v3.0",
             "given s: Stage given app: App { duration = 1h slots = missing spark = v2.4.8 }");
  CheckHolds("app.busy_slot_time / app.slots = 1min and app.utilisation = 25% and spark >= v3.3 and spark < v3.4",
             R"(given s: Stage
                given app: App {
                  spark = "3.3.0-amzn-1" slots = 60 busy_slot_time = 1h executor_slot_time = 4h
                })");
  CheckHolds("s.share_of_app = 30% and s.critical_time = 3min and s.on_critical_path",
             "given s: Stage { share_of_app = 30% }");
  CheckHolds("s.share_of_app = 50%", "given s: Stage { critical_time = 1min } given app: App { duration = 2min }");
  CheckHolds("conf \"spark.sql.shuffle.partitions\" = 200 and not conf \"spark.sql.adaptive.enabled\"",
             "given s: Stage given conf \"spark.sql.adaptive.enabled\" = false");
  CheckHolds("conf \"spark.executor.memory\" = 4GiB and app.executor_heap = 4GiB",
             "given s: Stage given conf \"spark.executor.memory\" = 4GiB");
}

TEST_CASE("workbench: executors, concurrency and the critical path follow from times") {
  CheckHolds("app.slots = 6 and app.executors = 2 and app.executor_slot_time / app.slots = 10min",
             "given s: Stage given e: Executor { cores = 4 } given f: Executor { cores = 2 }");
  CheckHolds("max(app.running_tasks) = 2 and app.driver_time = 8min and s.share_of_app = 20% and s.waves = 0.5",
             R"(given e: Executor { cores = 4 }
                given s: Stage { tasks.launch = [1min x 2] tasks.duration = 2min tasks.executor = e }
                given app: App { duration = 10min })");
  CheckHolds("count(s.executors) = 1 and sum(s.executors.failed_tasks) = 1",
             "given e: Executor given s: Stage { tasks.executor = [e, e] tasks.failed = [true, false] }");
}

TEST_CASE("workbench: edges, relations and kinds") {
  CheckHolds("exists { (p:Stage)-[x:Shuffle]->(s) where x.bytes = 3GiB and x.map_tasks = 3 } and count(s.parents) = 1",
             "given p: Stage { tasks.shuffle_write = [1GiB x 3] } given s: Stage given (p)-[: Shuffle]->(s)");
  CheckHolds("exists { (p:Stage)-[x:Shuffle]->(s) where x.bytes = 7B and x.side = \"left\" }",
             "given p: Stage given s: Stage given (p)-[: Shuffle { bytes = 7B side = \"left\" }]->(s)");
  CheckHolds(
      "exists { (s)-[:Runs]->(j:Join) where j.left.kind = \"FileScan\" and j.right.kind = \"Exchange\" } and "
      "s.sql_execution.id = 0",
      R"(given s: Stage given j: SortMergeJoin given a: FileScan given b: Exchange
                given (a)-[: Feeds]->(j) given (b)-[: Feeds]->(j) given (s)-[: Runs]->(j))");
  CheckHolds("s.job.name = \"etl\" and count(s.job.stages) = 1 and s.job.status = \"FAILED\"",
             "given s: Stage { job = j } given j: Job { name = \"etl\" status = \"FAILED\" }");
  CheckHolds("count(s.attempts) = 2 and s.attempt = 1 and any(s.attempts.is_cached)",
             "given a: Stage { is_cached = true } given s: Stage given (a)-[: Retries]->(s)");
  CheckHolds(
      "count(s.executors.host) = 1 and sum(s.executors.cores) = 8 and count(first(s.executors).host.executors) = 2",
      R"(given h: Host given e: Executor { host = h cores = 4 } given f: Executor { host = h cores = 4 }
                given s: Stage { tasks.executor = [e, f] })");
  CheckHolds("count(s.caches) = 1 and sum(s.caches.memory) = 1GiB",
             "given s: Stage given c: CachedRdd { memory = 1GiB } given (s)-[: Caches]->(c)");
  CheckHolds("count(app.incidents) = 1 and max(app.gaps.share_of_app) = 10% and sum(app.gaps.duration) = 1min",
             "given s: Stage given i: Incident given g: Gap { duration = 1min }");
}

TEST_CASE("workbench: expectations that hold") {
  const auto results = RunAll(std::string(kSpill) + R"(
test "all kinds" {
  given s: Stage {
    disk_bytes_spilled = 2GiB partitions = 3 gc_share = 15% critical_time = 1min tasks.shuffle_read = [1MiB x 3]
  }
  given u: Stage
  given a: Gap { kind = "commit" duration = 3min }
  given b: Gap { kind = "listing" duration = 1min }
  expect spill(s) count 1 severity = medium title matches "^Spill of stage 0$" message matches "^Stage 0 spilled 2 GiB"
  expect memory(s) confidence = 60% because spill
  expect spill(s) suppressed by memory(_)
  expect spill(_) count 1
  expect not spill(u) because missing
  expect not heap(_) because missing
  expect gaps(a)
  expect not gaps(b)
}
test "one excludes the other" {
  given s: Stage { disk_bytes_spilled = 2GiB partitions = 3 gc_share = 15% tasks.shuffle_read = [1MiB x 9, 1GiB] }
  expect skewed(s)
  expect not memory(s) because skewed
  expect spill(s) saving 1min..2min
})");
  REQUIRE(results.size() == 2);
  CHECK(results[0].failures.empty());
  CHECK(results[1].failures.empty());
  CHECK(results[1].unchecked == 1);
}

TEST_CASE("workbench: a failed test says why") {
  const std::string pack = kSpill;
  const auto fail = [&](const std::string& givens, const std::string& expect) {
    return FailureOf(pack + "test \"t\" {\n" + givens + "\n  expect " + expect + "\n}\n");
  };
  const std::string stage = "given s: Stage { disk_bytes_spilled = 2GiB partitions = 30 gc_share = 15% }";
  auto failure = fail(stage, "spill(s)");
  CHECK(failure.expected == "spill(s)");
  CHECK(failure.found == "nothing");
  CHECK(failure.reason == "`s.partitions < 10` is false (30 against 10)");
  CHECK(failure.line == 28);
  CHECK(fail(stage, "memory(s)").reason == "`spill` found nothing: `s.partitions < 10` is false (30 against 10)");
  failure = fail("given s: Stage { partitions = 3 }", "spill(s)");
  CHECK(failure.reason ==
        "`s.disk_bytes_spilled > 1GiB` is unknown (missing against 1 GiB); missing: Stage.disk_bytes_spilled");
  const std::string small =
      "given s: Stage { disk_bytes_spilled = 2GiB partitions = 3 gc_share = 15% tasks.shuffle_read = [1MiB] }";
  failure = fail(small, "not spill(s)");
  CHECK(failure.found == "1 finding: demo.spill(0.0)");
  CHECK(failure.reason ==
        "`s.disk_bytes_spilled > 1GiB` holds (2 GiB against 1 GiB), `s.partitions < 10` holds (3 against 10)");
  CHECK(fail(small, "memory(s) confidence >= 80%").found == "confidence 60 %");
  CHECK(fail(small, "spill(s) severity >= medium").found == "severity info");
  CHECK(fail(small, "spill(s) message matches \"gone\"").found == "the message \"Stage 0 spilled 2 GiB.\"");
  CHECK(fail(small, "spill(s) title matches \"spilled\"").found == "the title \"Spill of stage 0\"");
  CHECK(fail(small, "memory(s) title matches \"spilled\"").found == "a finding without a title");
  CHECK(fail(small, "spill(_) count 2").found == "1 finding: demo.spill(0.0)");
  CHECK(fail(small, "memory(s) because skewed").found == "it does not rest on `skewed`");
  CHECK(fail(small, "spill(s) suppressed by skewed(s)").found == "there is no skewed(s)");
  CHECK(fail(small, "not heap(_) because skewed").reason == "not evaluated: nothing has Executor.peak_heap_used");
  CHECK(fail(small, "gaps(_)").reason == "nothing given has the shape of its pattern");
  CHECK(fail("given g: Gap { duration = 1min }", "gaps(g)").reason ==
        "`sum(k.duration) > 2min` is false (1m00s against 2m00s)");
}

TEST_CASE("workbench: a test on a log that is not there, and one with errors, fail") {
  auto failure = FailureOf(std::string(kSpill) + "test \"t\" from \"gone.log\" { expect spill(\"12.0\") }\n");
  CHECK(failure.found == "no log");
  CHECK(failure.reason == "`gone.log` does not exist");
  failure = FailureOf(std::string(kSpill) + "test \"t\" { given s: Stag expect spill(s) }\n");
  CHECK(failure.reason == "it has errors");
  failure = FailureOf(
      "symptom bad(s: Stage) { match (s:Stage) where s.nothing > 1 }\n"
      "test \"t\" { given s: Stage expect bad(s) }\n");
  CHECK(failure.reason == "rule `bad` has errors");
}

// ---------------------------------------------------------------- findings about groups
TEST_CASE("workbench: a finding about a group is given by one of its members") {
  const auto results = RunAll(R"(symptom again(k: Group<Stage>) {
  match (s:Stage) group by s.name as k
  where count(k) > 100
}
cause passed_on(k: Group<Stage>) { for again(k) }
cause of_many(k: Group<Stage>) { for again(k) where count(k) >= 2 }
cause last_of_three(k: Group<Stage>) { for passed_on(k) where sum(k.duration) >= 3min }
test "all that agree in the keys" {
  given a, b, c: Stage { name = "load" duration = 1min }
  given d: Stage { name = "store" duration = 1min }
  given finding again(b)
  expect of_many(a), again(c), again(_) count 1
  expect last_of_three(a), not again(d)
}
test "a rule that passes the group on" {
  given a, b, c: Stage { name = "load" duration = 1min }
  given d: Stage { name = "store" duration = 1min }
  given finding passed_on(b)
  expect last_of_three(a), not again(_), passed_on(c), not passed_on(d)
}
test "a missing key: the member alone" {
  given a, b: Stage { duration = 1min }
  given finding again(a)
  expect again(a), not again(b), not of_many(_)
}
)");
  REQUIRE(results.size() == 3);
  for (const TestResult& result : results) {
    CAPTURE(result.name);
    CHECK(result.failures.empty());
  }
}

// ---------------------------------------------------------------- SQL metrics
TEST_CASE("workbench: SQL metrics of nodes, and what follows from them") {
  const std::string nodes = R"(
  given n: Sort {
    metric("spill size") = 3GiB metric("sort time") = 2h metric_max("sort time") = 5min
    metric("number of output rows") = 7 metric("op time", SlotTime) = 1h metric("peak memory") = missing
  }
  given m: FileScan { metric("size of files read") = 5GiB metric("number of files read") = 9 bytes_read = 1GiB }
  given p: Exchange
  given s: Stage
  given (s)-[: Runs]->(n)
  given (s)-[: Runs]->(m)
  given (s)-[: Runs]->(p))";
  for (const char* condition :
       {"max(metric(s.nodes, \"spill size\")) = 3GiB", "count(metric(s.nodes, \"spill size\")) = 1",
        "sum(metric(s.nodes, \"sort time\")) = 180s * app.slots",
        "max(metric_max(s.nodes, \"sort time\")) = 5min", "max(s.nodes.spill) = 3GiB",
        "count(s.nodes[metric(\"number of output rows\") = 7 and output_rows = 7]) = 1",
        "count(metric(s.nodes, \"peak memory\")) = 0", "max(metric(s.nodes, \"peak memory\")) is missing",
        "sum(metric(s.nodes, \"op time\", SlotTime)) > 0s * app.slots",
        "max(metric(s.nodes, \"size of files read\")) = 5GiB", "max(s.nodes.bytes_read) = 1GiB",
        "max(s.nodes.files_read) = 9", "count(s.nodes) = 3"}) {
    CheckHolds(condition, nodes);
  }
}

}  // namespace advise::test
