// What is read only for `advise model` (Detail::Rest): user accumulators, texts of plans; and what is left out without.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ingest/event_decoder.h"
#include "model/job_model_builder.h"
#include "support/limits.h"

namespace advise {
namespace {

// Shapes of a Spark 3.5 log, shortened. The accumulables: one of the user, one internal, one SQL metric, one unnamed.
const std::vector<std::string> kLines = {
    R"({"Event":"org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart","executionId":0,"description":"count","details":"","physicalPlanDescription":"== Physical Plan ==\nScan","sparkPlanInfo":{"nodeName":"Scan","simpleString":"Scan","children":[],"metadata":{},"metrics":[]},"time":1})",
    R"({"Event":"org.apache.spark.sql.execution.ui.SparkListenerSQLAdaptiveExecutionUpdate","executionId":0,"physicalPlanDescription":"== Final Plan ==\nScan","sparkPlanInfo":{"nodeName":"Scan","simpleString":"Scan","children":[],"metadata":{},"metrics":[]}})",
    R"({"Event":"SparkListenerStageSubmitted","Stage Info":{"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"s","Number of Tasks":1,"RDD Info":[],"Parent IDs":[],"Details":"","Submission Time":1,"Accumulables":[]}})",
    R"({"Event":"SparkListenerTaskStart","Stage ID":0,"Stage Attempt ID":0,"Task Info":{"Task ID":7,"Index":0,"Attempt":0,"Launch Time":2,"Executor ID":"1","Host":"h","Locality":"ANY","Speculative":false,"Getting Result Time":0,"Finish Time":0,"Failed":false,"Killed":false,"Accumulables":[]}})",
    R"({"Event":"SparkListenerTaskEnd","Stage ID":0,"Stage Attempt ID":0,"Task Type":"ResultTask","Task End Reason":{"Reason":"Success"},"Task Info":{"Task ID":7,"Index":0,"Attempt":0,"Launch Time":2,"Executor ID":"1","Host":"h","Locality":"ANY","Speculative":false,"Getting Result Time":0,"Finish Time":9,"Failed":false,"Killed":false,"Accumulables":[{"ID":3,"Name":"rows seen","Update":"5","Value":"11","Internal":false,"Count Failed Values":false},{"ID":4,"Name":"internal.metrics.executorRunTime","Update":6,"Value":6,"Internal":true,"Count Failed Values":true},{"ID":5,"Name":"number of output rows","Update":"8","Value":"8","Internal":false,"Count Failed Values":true,"Metadata":"sql"},{"ID":6,"Update":"1","Value":"1","Internal":false,"Count Failed Values":false}]}})",
    R"({"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"s","Number of Tasks":1,"RDD Info":[],"Parent IDs":[],"Details":"","Submission Time":1,"Completion Time":9,"Accumulables":[{"ID":5,"Name":"number of output rows","Value":"8","Internal":false,"Count Failed Values":true,"Metadata":"sql"},{"ID":3,"Name":"rows seen","Value":"11","Internal":false,"Count Failed Values":false}]}})",
    R"({"Event":"SparkListenerExecutorAdded","Timestamp":1,"Executor ID":"1","Executor Info":{"Host":"h","Total Cores":1,"Log Urls":{},"Attributes":{},"Resources":{"gpu":{"name":"gpu","addresses":["0","3"]}},"Resource Profile Id":0}})"};

model::JobModel Read(ingest::Detail detail, const std::vector<std::string>& lines = kLines) {
  const Limits limits;
  ingest::EventDecoder decoder(limits, detail);
  ingest::EventBatch batch;
  model::JobModelBuilder builder(limits);
  std::uint64_t number = 0;
  for (const std::string& line : lines) {
    const std::string padded = line + std::string(ingest::kLinePadding, '\0');
    decoder.Decode(std::string_view(padded).substr(0, line.size()), ++number, false, batch);
  }
  for (const ingest::EventBatch::Ref& ref : batch.order) {
    switch (ref.slot) {
      case ingest::EventSlot::TaskStart: builder.On(batch.task_starts[ref.index]); break;
      case ingest::EventSlot::TaskEnd:
        builder.On(batch.task_ends[ref.index], batch.updates, batch.executor_metrics, batch.named);
        break;
      case ingest::EventSlot::Other:
        std::visit([&builder](const auto& event) { builder.On(event); }, batch.others[ref.index]);
        break;
    }
  }
  CHECK(batch.events == lines.size());
  return builder.Build();
}

TEST_CASE("ingest: executors that came after the application had ended are counted") {
  model::JobModelBuilder builder{Limits()};
  builder.On(model::ApplicationStart{.time = 100});
  builder.On(model::ExecutorAdded{.time = 200, .id = "1"});
  builder.On(model::ExecutorAdded{.time = 50, .id = "2"});
  builder.On(model::ApplicationEnd{.time = 1000});
  builder.On(model::ExecutorAdded{.time = 5'000'000, .id = "3"});
  const model::JobModel m = builder.Build();
  CHECK(builder.counts().executors_before_application == 1);
  CHECK(builder.counts().executors_after_application == 1);
}

TEST_CASE("ingest: a stage whose tasks are not in the log has the sums that it states itself") {
  const std::string completed =
      R"({"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"s","Number of Tasks":4,"RDD Info":[],"Parent IDs":[],"Details":"","Submission Time":1,"Completion Time":90,"Accumulables":[{"ID":4,"Name":"internal.metrics.executorRunTime","Value":60,"Internal":true},{"ID":5,"Name":"internal.metrics.jvmGCTime","Value":"15","Internal":true},{"ID":6,"Name":"internal.metrics.shuffle.read.remoteBytesRead","Value":100},{"ID":7,"Name":"internal.metrics.shuffle.read.localBytesRead","Value":11},{"ID":8,"Name":"internal.metrics.diskBytesSpilled","Value":null},{"ID":9,"Name":"rows seen","Value":"11"},{"ID":10},{"ID":11,"Name":5,"Value":1}]}})";
  for (const ingest::Detail detail : {ingest::Detail::Rest, ingest::Detail::Rules}) {
    const model::JobModel m = Read(detail, {kLines[2], completed});
    CHECK(m.stages.executor_run_time.Get(0) == 60);
    CHECK(m.stages.gc_share.Get(0) == doctest::Approx(0.25));
    CHECK(m.stages.shuffle_read_bytes.Get(0) == 111);
    CHECK_FALSE(m.stages.disk_bytes_spilled.Has(0));
    CHECK_FALSE(m.stages.input_bytes.Has(0));
  }
  // One task in the log: sums are those of the tasks, as Spark's history server shows them.
  const model::JobModel m = Read(ingest::Detail::Rules, {kLines[2], kLines[3], kLines[4], completed});
  CHECK(m.stage_totals.empty());
  CHECK(m.stages.executor_run_time.Get(0) == 0);
}

TEST_CASE("rest detail: user accumulators, without internal ones and SQL metrics") {
  const model::JobModel m = Read(ingest::Detail::Rest);
  REQUIRE(m.task_accumulators.size() == 1);
  const model::UserAccumulator& of_task = m.task_accumulators[0];
  CHECK(m.tasks.id.Get(of_task.row) == 7);
  CHECK(of_task.id == 3);
  CHECK(m.strings.Get(of_task.name) == "rows seen");
  CHECK(m.strings.Get(of_task.update) == "5");
  CHECK(m.strings.Get(of_task.value) == "11");
  REQUIRE(m.stage_accumulators.size() == 1);
  CHECK(m.stage_accumulators[0].id == 3);
  CHECK(m.stage_accumulators[0].update == StringId::None);
  CHECK(m.strings.Get(m.stage_accumulators[0].value) == "11");
}

TEST_CASE("rest detail: the text of the last plan, and resources of executors") {
  const model::JobModel m = Read(ingest::Detail::Rest);
  REQUIRE(m.sql_executions.plan_description.Has(0));
  CHECK(m.strings.Get(m.sql_executions.plan_description.Get(0)) == "== Final Plan ==\nScan");
  REQUIRE(m.executors.size() == 1);
  REQUIRE(m.executors.resources.Get(0).size() == 1);
  CHECK(m.strings.Get(m.executors.resources.Get(0)[0]) == "gpu=0,3");
}

TEST_CASE("rest detail: not read for rules, and SQL metrics are read either way") {
  const model::JobModel m = Read(ingest::Detail::Rules);
  CHECK(m.task_accumulators.empty());
  CHECK(m.stage_accumulators.empty());
  CHECK_FALSE(m.sql_executions.plan_description.Has(0));
  const model::JobModel rest = Read(ingest::Detail::Rest);
  REQUIRE(m.accumulators.size() == rest.accumulators.size());
  REQUIRE(m.accumulators.size() == 3);  // all integer updates that are not internal
  CHECK(rest.accumulators[1].sum == m.accumulators[1].sum);
}

}  // namespace
}  // namespace advise
