#include "golden/report_cases.h"

#include <array>

#include "diagnose/diagnose.h"
#include "diagnose/merge.h"
#include "diagnose/rank.h"
#include "report/assemble.h"
#include "unit/model_fixture.h"

namespace advise::golden {
namespace {

using diagnose::Finding;
using model::Entity;
using model::JobModel;

constexpr std::array<std::string_view, 7> kCases = {"findings", "nothing", "cut",        "open",
                                                    "failed",   "planned", "unevaluated"};
constexpr std::int64_t kStart = 1'700'000'000'000;

// ---------------------------------------------------------------- models
JobModel BareModel(std::string_view name, std::string_view version, std::int64_t duration_ms) {
  JobModel m;
  m.version = model::ParseSparkVersion(version);
  m.app.AddRow();
  m.app.id.Set(0, test::Text(m, "app-20261122-0001"));
  m.app.name.Set(0, test::Text(m, name));
  m.app.spark.Set(0, test::Text(m, version));
  m.app.environment.Set(0, model::Environment::Standalone);
  m.app.start.Set(0, kStart);
  m.app.first_event.Set(0, kStart);
  m.app.end.Set(0, kStart + duration_ms);
  m.app.duration.Set(0, duration_ms);
  m.app.complete.Set(0, true);
  m.app.failed.Set(0, false);
  m.app.failed_tasks.Set(0, 0);
  return m;
}

void AddExecutors(JobModel& m, std::int64_t count, std::int64_t slots, std::int64_t added_ms) {
  for (std::int64_t i = 0; i < count; ++i) {
    const std::size_t row = m.executors.AddRow();
    m.executors.id.Set(row, test::Text(m, std::to_string(i)));
    m.executors.runs_tasks.Set(row, true);
    m.executors.slots.Set(row, slots);
    m.executors.added.Set(row, kStart + added_ms);
  }
  m.app.executors.Set(0, count);
  m.app.max_executors.Set(0, count);
  m.app.slots.Set(0, count * slots);
  m.app.slots_per_executor.Set(0, slots);
}

// A stage on the critical path for its whole time, with equal tasks on `slots` slots.
void AddStage(JobModel& m, std::int64_t id, std::int64_t from_ms, std::int64_t to_ms, std::int64_t slots) {
  const std::size_t row = m.stages.AddRow();
  m.stages.id.Set(row, id);
  m.stages.attempt.Set(row, 0);
  m.stages.key.Set(row, test::Text(m, std::to_string(id) + ".0"));
  m.stages.submitted_flag.Set(row, true);
  m.stages.completed.Set(row, kStart + to_ms);
  m.stages.last_finish.Set(row, kStart + to_ms);
  m.stages.critical_time.Set(row, to_ms - from_ms);
  for (std::int64_t i = 0; i < slots; ++i) {
    test::AddTask(m, {.id = id * 1000 + i,
                      .stage = row,
                      .executor = static_cast<std::size_t>(i) % m.executors.size(),
                      .launch = kStart + from_ms,
                      .finish = kStart + to_ms});
  }
}

void AddGap(JobModel& m, model::GapKind kind, std::int64_t from_ms, std::int64_t to_ms) {
  const std::size_t row = m.gaps.AddRow();
  m.gaps.id.Set(row, static_cast<std::int64_t>(row));
  m.gaps.kind.Set(row, kind);
  m.gaps.start.Set(row, kStart + from_ms);
  m.gaps.duration.Set(row, to_ms - from_ms);
  m.gaps.critical_time.Set(row, to_ms - from_ms);
}

JobModel ThreeCausesModel() {
  JobModel m = BareModel("NDS - Power Run", "3.5.3", 117'000);
  AddExecutors(m, 8, 4, 12'000);
  AddGap(m, model::GapKind::Startup, 0, 17'500);
  AddStage(m, 0, 17'500, 22'000, 32);
  AddGap(m, model::GapKind::Planning, 22'000, 41'000);
  AddStage(m, 4, 41'000, 42'000, 30);
  AddStage(m, 5, 42'000, 84'100, 5);
  AddGap(m, model::GapKind::Planning, 84'100, 84'900);
  AddStage(m, 8, 84'900, 112'000, 28);
  AddStage(m, 9, 112'000, 116'000, 3);
  AddGap(m, model::GapKind::Tail, 116'000, 117'000);
  m.app.utilisation.Set(0, 0.34);
  m.app.startup_time.Set(0, 17'500);
  m.app.completeness.Set(0, 1);
  return m;
}

JobModel ShortModel() {
  JobModel m = BareModel("Spark Pi", "3.2.4", 8'400);
  AddExecutors(m, 2, 2, 2'500);
  AddGap(m, model::GapKind::Startup, 0, 3'000);
  AddStage(m, 0, 3'000, 8'400, 4);
  m.app.utilisation.Set(0, 0.92);
  m.app.startup_time.Set(0, 3'000);
  return m;
}

JobModel FailedModel() {
  JobModel m = BareModel("NDS - Power Run", "3.3.1", 136'000);
  AddExecutors(m, 2, 16, 3'000);
  AddGap(m, model::GapKind::Startup, 0, 6'000);
  AddStage(m, 31, 6'000, 60'000, 8);
  AddStage(m, 34, 60'000, 135'000, 8);
  AddGap(m, model::GapKind::Tail, 135'000, 136'000);
  for (std::int64_t i = 0; i < 4; ++i) {
    test::AddTask(m, {.id = 90'000 + i,
                      .stage = 1,
                      .executor = 0,
                      .launch = kStart + 61'000,
                      .finish = kStart + 62'000 + i * 10'000,
                      .succeeded = false});
    m.tasks.failed.Set(m.tasks.size() - 1, true);
    m.tasks.failure.Set(m.tasks.size() - 1, test::Text(m, "java.lang.OutOfMemoryError: Java heap space"));
  }
  m.app.failed.Set(0, true);
  m.app.failed_tasks.Set(0, 4);
  const std::size_t job = m.jobs.AddRow();
  m.jobs.id.Set(job, 32);
  m.jobs.status.Set(job, model::JobStatus::Failed);
  m.jobs.end.Set(job, kStart + 135'000);
  m.jobs.description.Set(job, test::Text(m, "query9"));
  m.jobs.failure.Set(
      job,
      test::Text(m,
                 "Job aborted due to stage failure: Task 51 in stage 34.0 failed 4 times, most recent failure: Lost "
                 "task 51.3 in stage 34.0 (TID 3131) (10.0.0.7 executor 0): java.lang.OutOfMemoryError: Java heap "
                 "space\n\tat x"));
  m.jobs.failure_summary.Set(job, test::Text(m, "java.lang.OutOfMemoryError: Java heap space"));
  return m;
}

// Where the time of the stages and gaps went: half of a stage is a tail, a tenth garbage collection.
void AddLedger(JobModel& m) {
  using model::LedgerPart;
  m.ledger.known = true;
  m.ledger.duration_us = m.app.duration.Get(0) * 1000;
  std::int64_t left = m.ledger.duration_us;
  const auto add = [&](LedgerPart part, model::StageRow stage, model::GapRow gap, std::int64_t us) {
    if (us <= 0) return;
    m.ledger.entries.push_back({part, stage, gap, us});
    m.ledger.accounts[static_cast<std::size_t>(AccountOf(part))].us += us;
    left -= us;
  };
  for (std::size_t i = 0; i < m.stages.size(); ++i) {
    const std::int64_t us = m.stages.critical_time.Get(i) * 1000;
    add(LedgerPart::TailSkew, model::StageRow(i), {}, us / 2);
    add(LedgerPart::Gc, model::StageRow(i), {}, us / 10);
    add(LedgerPart::Cpu, model::StageRow(i), {}, us - us / 2 - us / 10);
  }
  for (std::size_t i = 0; i < m.gaps.size(); ++i) {
    const bool start = m.gaps.kind.Get(i) == model::GapKind::Startup;
    add(start ? LedgerPart::StartSetUp : LedgerPart::Planning, {}, model::GapRow(i),
        m.gaps.critical_time.Get(i) * 1000);
  }
  add(LedgerPart::End, {}, {}, left);
}

// Costs as of rules that state none: the time of the path.
void AddCosts(std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    if (!finding.impact.high) continue;
    finding.cost = diagnose::Cost{*finding.impact.high * 1000, {}};
    for (const auto& [entity, row] : finding.path) {
      diagnose::CostPlace place{diagnose::PartSet().set(), {}, {}};
      if (entity == Entity::Stage) place.stage = model::StageRow(std::size_t{row});
      if (entity == Entity::Gap) place.gap = model::GapRow(std::size_t{row});
      finding.cost->places.push_back(place);
    }
  }
}

// ---------------------------------------------------------------- findings
Finding StageFinding(std::string name, diagnose::Layer layer, std::int64_t stage, std::uint32_t row,
                     std::int64_t critical_ms) {
  Finding f;
  f.rule = "spark.core." + name;
  f.id = f.rule + "(" + std::to_string(stage) + ".0)";
  f.layer = layer;
  f.subject = {{"stage", Entity::Stage, row, std::to_string(stage) + ".0", stage}};
  f.impact.high = critical_ms;
  f.path = {{Entity::Stage, row}};
  return f;
}

std::vector<Finding> ThreeCauses() {
  using diagnose::Layer;
  Finding skew = StageFinding("skewed_join", Layer::Cause, 5, 2, 42'100);
  skew.id = "spark.core.skewed_join(5.0,1/7)";
  skew.subject.push_back({"node", Entity::PlanNode, 7, "1/7", 7});
  skew.category = diagnose::Category::Distribution;
  skew.confidence = 0.95;
  skew.title = "One task of stage 5 joins 9.00 GiB while the median joins 60.0 MiB";
  skew.message =
      "Task 17 of the join on user_id read 9.00 GiB, 154 times the median of 60.0 MiB, and ran 41.0 s; the other 199 "
      "tasks were done after 4.1 s.";
  skew.evidence = {{"max(r)", 9663676416.0, std::nullopt, "B", "9.00 GiB"},
                   {"skew(r)", 153.6, std::nullopt, "ratio", "154"},
                   {"j.keys", std::nullopt, "user_id", "", "user_id"}};
  skew.explains = {"spark.core.stragglers(5.0)", "spark.core.spill(5.0)"};
  skew.ruled_out = {{"spark.core.slow_host", "p50 of the hosts 3.9..4.3 s"},
                    {"spark.core.gc_heavy", "GC 1 % of run time"}};

  Finding stragglers = StageFinding("stragglers", Layer::Symptom, 5, 2, 42'100);
  stragglers.title = "Stage 5 waits 36.9 s for its slowest tasks";
  Finding spill = StageFinding("spill", Layer::Symptom, 5, 2, 42'100);
  spill.title = "Stage 5 spilled 12.5 GiB to disk";

  Finding memory = StageFinding("partition_exceeds_memory", Layer::Cause, 8, 3, 27'100);
  memory.category = diagnose::Category::Resource;
  memory.confidence = 0.9;
  memory.title = "Each task of stage 8 sorts 600 MiB in 340 MiB of memory";
  memory.message =
      "Stage 8 read 120 GiB of shuffle in 200 partitions; the median task needs 600 MiB and its slot has 340 MiB, so "
      "98 % of the tasks spilled, 310 GiB in all.";
  memory.explains = {"spark.core.spill(8.0)"};
  Finding spill8 = StageFinding("spill", Layer::Symptom, 8, 3, 27'100);
  spill8.title = "Stage 8 spilled 310 GiB to disk";

  Finding gaps;
  gaps.rule = "spark.core.driver_gaps";
  gaps.id = "spark.core.driver_gaps(planning)";
  gaps.category = diagnose::Category::Algorithm;
  gaps.confidence = 0.75;
  gaps.title = "The driver plans for 19.8 s while all 32 slots wait";
  gaps.message = "No task ran for 19.8 s in 2 gaps (planning); the longest is 19.0 s, after job 0.";
  gaps.impact.high = 19'800;
  gaps.path = {{Entity::Gap, 1}, {Entity::Gap, 2}};

  Finding few = StageFinding("too_few_partitions", Layer::Cause, 9, 4, 4'000);
  few.title = "Stage 9 used 3 of 32 slots";
  return {skew, stragglers, spill, memory, spill8, gaps, few};
}

std::vector<Finding> OutOfMemory() {
  Finding oom = StageFinding("task_out_of_memory", diagnose::Layer::Cause, 34, 1, 75'000);
  oom.category = diagnose::Category::Reliability;
  oom.confidence = 0.9;
  oom.title = "Memory ran out in the scans of query9 (stage 34)";
  oom.message =
      "4 failed attempts, all java.lang.OutOfMemoryError; they read 1.30 GiB each, 16 of them share a heap of 4 GiB.";
  return {oom};
}

// ---------------------------------------------------------------- recommendations
using recommend::Grade;
using recommend::Scope;
using spark::ValueOrigin;

recommend::Recommendation Advice(std::string name, const std::vector<Finding>& findings, std::string_view for_finding,
                                 std::string fix) {
  const auto found = std::ranges::find(findings, for_finding, &Finding::id);
  recommend::Recommendation r;
  r.rule = "spark.core." + name;
  r.id = r.rule + std::string(for_finding.substr(for_finding.find('(')));
  r.for_findings = {static_cast<std::size_t>(found - findings.begin())};
  r.fix = std::move(fix);
  r.effort = Grade::Low;
  r.risk = Grade::Low;
  return r;
}

recommend::Change Conf(std::string key, std::string from, std::string to, Scope scope,
                       ValueOrigin origin = ValueOrigin::Application) {
  recommend::Change change;
  change.key = std::move(key);
  change.from = spark::SettingValue{.text = std::move(from)};
  change.origin = origin;
  change.to.text = std::move(to);
  change.scope = scope;
  return change;
}

std::vector<recommend::Recommendation> ThreeAdvices(const std::vector<Finding>& findings) {
  auto aqe =
      Advice("aqe_skew_join", findings, "spark.core.skewed_join(5.0,1/7)", "Let Spark split the large partition.");
  aqe.changes = {Conf("spark.sql.adaptive.enabled", "false", "true", Scope::Session),
                 Conf("spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes", "256MB", "128m", Scope::Session,
                      ValueOrigin::Default)};
  auto salt = Advice("salt_join_key", findings, "spark.core.skewed_join(5.0,1/7)",
                     "Add a salt of 154 values to user_id on both sides.");
  salt.effort = Grade::High;
  salt.risk = Grade::Medium;
  salt.changes = {{.kind = recommend::ChangeKind::Code,
                   .key = "code",
                   .to = {.text = "import pyspark.sql.functions as F\n"
                                  "left = left.withColumn(\"salt\", (F.rand() * 154).cast(\"int\"))\n"
                                  "right = right.withColumn(\"salt\", F.explode(F.sequence(F.lit(0), F.lit(153))))\n"
                                  "left.join(right, [\"user_id\", \"salt\"])"}}};
  auto partitions = Advice("more_partitions", findings, "spark.core.partition_exceeds_memory(8.0)",
                           "Raise the number of shuffle partitions from 200 to 960.");
  partitions.changes = {Conf("spark.sql.shuffle.partitions", "200", "960", Scope::Session, ValueOrigin::Default),
                        Conf("spark.executor.memory", "4g", "8g", Scope::Submit)};
  return {aqe, salt, partitions};
}

// ---------------------------------------------------------------- plans
// Two of the three together; the third is an alternative to the first.
plan::Plan TwoOfThree(std::vector<recommend::Recommendation>& advice, const JobModel& m) {
  advice[0].saving = recommend::Saving{{30'000, 33'400, 35'900}, {30'000, 33'400, 35'900}, 0.62};
  advice[0].evidence_class = "D";
  advice[1].saving = recommend::Saving{{-2'000, 31'000, 36'000}, {}, 0};
  advice[1].evidence_class = "B";
  advice[1].chosen = false;
  advice[1].rejection = recommend::Rejection::Plan;
  advice[1].reason = "adds nothing to the plan: both change stage 5";
  advice[2].saving = recommend::Saving{{14'000, 18'100, 24'000}, {12'500, 16'900, 21'700}, 0.38};
  advice[2].evidence_class = "E";
  plan::Plan plan;
  plan.replay = plan::Replay{0.004, 0.011, 0.15};
  plan.duration = 117'000;
  plan.steps = {
      {0,
       {30'000, 33'400, 35'900},
       32'000,
       30'100,
       {81'100, 83'600, 87'000},
       "no task of stage 5 reads much more than 64 MiB",
       0.71},
      {2,
       {12'500, 16'900, 21'700},
       18'300,
       16'900,
       {60'000, 66'700, 74'000},
       "stage 8 has 960 tasks (200 before)",
       0.63}};
  plan.money = plan::PlanMoney{"EUR", "the contract of 2026", "per_executor", 0.98, 0.63, 4.2};
  plan.doubts = {{2, 0.125, 900}};
  plan.joint = {43'000, 50'300, 57'000};
  plan.sum_of_separate = 51'500;
  plan.interactions = {{0, 1, plan::InteractionKind::Conflict, 0, "they set the same to different values"},
                       {0, 2, plan::InteractionKind::Overlap, -1'200, "after either, the other's part decides less"}};
  plan.no_help = {{"twice the executors (16)", {-10'000, 1'000, 14'000}, 'E', ""},
                  {"twice the executor memory (8 GiB)", {0, 0, 900}, 'D', "nothing in the log says that memory binds"}};
  plan.paste = recommend::MakePasteBlock(advice, m);
  return plan;
}

// ---------------------------------------------------------------- explanations
explain::Narration SkewNarration() {
  using explain::Heading;
  explain::Narration n;
  n.id = "spark.core.skewed_join(5.0,1/7)";
  n.levels[0] = {
      {Heading::WhatHappens,
       "Spark brings all rows with the same key to the same task (a task is the work on one part of the data). One "
       "part holds 9.00 GiB, the usual one 60.0 MiB."},
      {Heading::WhySlow,
       "A stage, a set of equal tasks that run side by side, is done when its last task is done. 199 of the 200 tasks "
       "of `stage 5` were done after 4.1 s; the last one ran 41.0 s."},
      {Heading::HowWeKnow, "Spark writes down what each task read:\n\n- the largest 9.00 GiB,\n- the median 60.0 MiB."},
      {Heading::WhatItIsNot, "Not a slow machine: all hosts are equally fast."},
      {Heading::WhatToDo, "Let Spark cut the large part into pieces: see 1 below."}};
  n.levels[1] = {{Heading::WhySlow, "31 of 32 slots were idle for 36.9 s."}};
  n.levels[2] = {{Heading::HowWeKnow, "r p50 60.0 MiB p95 61.2 MiB max 9.00 GiB  d p50 3.9 s max 41.0 s  n 200/200"}};
  n.words = {"task", "stage"};
  return n;
}

model::LogInfo CompleteLog(std::string path) {
  model::LogInfo log;
  log.path = std::move(path);
  log.format = "single";
  log.codec = "zstd";
  log.spark_version = "3.5.3";
  log.environment = "standalone";
  log.complete = true;
  log.bytes = 1'500'000;
  log.decoded_bytes = 48'234'496;
  log.lines = log.events = 27'321;
  return log;
}

// All that was started has ended, but the application has not.
model::LogInfo OpenLog() {
  model::LogInfo log = CompleteLog("logs/notebook");
  log.complete = false;
  log.notes = {{"no-application-end", "notice", 1,
                "the log has no ApplicationEnd: the application was running, was killed, or the end is missing", ""}};
  return log;
}

model::LogInfo CutLog() {
  model::LogInfo log = CompleteLog("logs/q72-cut.zstd");
  log.complete = false;
  log.events = 26'422;
  log.notes = {
      {"torn-line", "data-loss", 1,
       "the last line is cut: the log was copied while the application ran, or the driver died; only that line is lost",
       "line 26423"},
      {"no-application-end", "notice", 1,
       "the log has no ApplicationEnd: the application was running, was killed, or the end is missing", ""},
      {"start-without-end", "notice", 108, "task starts without end: running when the log ends, or dropped events", ""},
      {"job-without-end", "notice", 2, "jobs whose end is not in the log", ""}};
  return log;
}

diagnose::Coverage Coverage(std::string_view name) {
  diagnose::Coverage coverage;
  coverage.evaluated = 7;
  coverage.silent_causes = {"spark.core.driver_gaps", "spark.core.partition_exceeds_memory", "spark.core.skewed_join"};
  if (name == "nothing") return coverage;
  const std::string polled = "executor metrics were never polled (spark.eventLog.logStageExecutorMetrics brings more)";
  coverage.not_evaluated = {
      {{"spark.core.gc_memory_pressure", "spark.core.smaller_executors"}, {"Executor.peak_heap_used"}, polled}};
  if (name != "unevaluated") return coverage;
  coverage.silent_areas = {"skew", "spill", "gaps"};
  coverage.not_evaluated.push_back({{"spark.core.old_generation"}, {"Executor.major_gc_time"}, polled});
  coverage.not_evaluated.push_back({{"spark.core.container_killed", "spark.core.off_heap", "spark.core.python_memory"},
                                    {"Executor.peak_rss"},
                                    "never polled, or spark.executor.processTreeMetrics.enabled is off"});
  coverage.not_evaluated.push_back({{"spark.core.cache_unused"},
                                    {"Job.start", "SqlExecution.start", "Stage.submitted", "Task.peak_heap"},
                                    "Spark 1.2.0 does not write it (since 1.3)"});
  return coverage;
}

}  // namespace

std::span<const std::string_view> ReportCases() { return kCases; }

report::Report MakeReportCase(std::string_view name, explain::Level level, bool flat, bool details) {
  const bool silent = name == "nothing" || name == "unevaluated";
  JobModel m = silent ? ShortModel() : name == "failed" ? FailedModel() : ThreeCausesModel();
  model::LogInfo log = name == "cut"    ? CutLog()
                       : name == "open" ? OpenLog()
                                        : CompleteLog(silent ? "app-20261122-0004" : "logs/q72.zstd");
  std::vector<Finding> found = silent ? std::vector<Finding>() : name == "failed" ? OutOfMemory() : ThreeCauses();
  std::vector<recommend::Recommendation> advice;
  if (name == "cut" || name == "open") {
    m.app.end.Clear(0);
    m.app.complete.Set(0, false);
  }
  if (name == "failed") {
    advice = {Advice("smaller_pieces", found, found.front().id, "Read smaller pieces.")};
    advice.front().changes = {Conf("spark.sql.files.maxPartitionBytes", "10gb", "512m", Scope::Session)};
  }
  const diagnose::RankContext context{m.app.duration.Get(0), 0, m.app.failed.Get(0)};
  if (!silent) AddLedger(m);
  AddCosts(found);
  found = diagnose::Rank(diagnose::Merge(std::move(found)), context);
  std::vector<diagnose::Unexplained> unexplained = diagnose::ShareLedger(m.ledger, found);
  if (name == "findings" || name == "cut" || name == "open" || name == "planned") advice = ThreeAdvices(found);
  std::optional<plan::Plan> plan;
  if (name == "planned") plan = TwoOfThree(advice, m);
  if (name == "failed") {
    plan.emplace();
    plan->refused = "A run that fails has no time to compare with.";
    plan->refused_code = "failed";
  }
  report::AssembleInput input{.model = m,
                              .log = std::move(log),
                              .findings = std::move(found),
                              .recommendations = std::move(advice),
                              .narrations = {SkewNarration()},
                              .coverage = Coverage(name),
                              .nearest = {},
                              .unexplained = std::move(unexplained),
                              .plan = std::move(plan)};
  if (name == "nothing") {
    input.nearest = {
        {"spark.core.too_small_tasks", "stage 0.0", "p50(s.winners.duration) < small_task", "31 ms", "20 ms"}};
  }
  return report::Assemble(std::move(input), {.level = level, .top = 3, .flat = flat, .details = details});
}

}  // namespace advise::golden
