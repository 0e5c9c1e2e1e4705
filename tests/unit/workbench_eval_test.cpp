// Labels of logs, what is found held against them, and faults put into events.
#include <filesystem>
#include <fstream>

#include "doctest/doctest.h"
#include "ingest/ingest.h"
#include "workbench/labels.h"
#include "workbench/mutations.h"
#include "workbench/score.h"

namespace advise::test {
namespace {

using workbench::FoundFinding;
using workbench::Label;
using workbench::LabelledLog;
using workbench::LogLabels;
using workbench::Mutation;
using workbench::Score;
using workbench::Share;

// ---------------------------------------------------------------- labels
// An expected.yaml in a folder that goes away with it.
class LabelFolder {
 public:
  explicit LabelFolder(const std::string& yaml) {
    std::filesystem::create_directories(path_ / "job");
    std::ofstream(path_ / "job" / "expected.yaml") << yaml;
  }
  ~LabelFolder() { std::filesystem::remove_all(path_); }
  LabelFolder(const LabelFolder&) = delete;
  LabelFolder& operator=(const LabelFolder&) = delete;
  [[nodiscard]] std::vector<workbench::LabelFile> Read(Diagnostics& diagnostics) const {
    return workbench::ReadLabels(path_.string(), diagnostics);
  }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / "advise_labels_test";
};

TEST_CASE("labels: every key is read, and what holds everywhere holds in each log") {
  const LabelFolder folder(R"(job: j
provenance: injected
everywhere:
  may: [{rule: p.cold}]
logs:
  - file: logs/a.zstd
    variant: faulty
    spark: 3.5.9
    must:
      - {pattern: D01, rule: [p.a, p.b], subject: {stage: [2, 3], job: 4, query: q72, node: Sort, executor: "0"},
         advice: [{kind: conf, key: spark.x, to: true}], note: why}
      - {problem: nobody tells it, first: true}
    measured: {anything: 1}
    held_out: true
    unknown: the rest
  - {file: logs/b.zstd, variant: clean, partial: true, queries: [q1], must_not: [{rule: p.a, subject: {sql: 7}}]}
runs:
  - {variant: faulty, spark: 3.5.9, app_duration_ms: [3, 1, 2], load: [0.1, 2.2, 2.3]}
)");
  Diagnostics diagnostics;
  const auto files = folder.Read(diagnostics);
  REQUIRE(diagnostics.empty());
  REQUIRE(files.size() == 1);
  REQUIRE(files[0].logs.size() == 2);
  const LogLabels& first = files[0].logs[0];
  REQUIRE(first.must.size() == 2);
  const Label& label = first.must[0];
  CHECK(label.pattern == "D01");
  CHECK(label.rules == std::vector<std::string>{"p.a", "p.b"});
  CHECK(label.subject.stages == std::vector<std::int64_t>{2, 3});
  CHECK(label.subject.jobs == std::vector<std::int64_t>{4});
  CHECK(label.subject.queries == std::vector<std::string>{"q72"});
  CHECK(label.subject.nodes == std::vector<std::string>{"Sort"});
  CHECK(label.subject.executors == std::vector<std::string>{"0"});
  REQUIRE(label.changes.size() == 1);
  CHECK(label.changes[0].key == "spark.x");
  CHECK_FALSE(label.first);
  CHECK(first.must[1].rules.empty());
  CHECK(first.must[1].problem == "nobody tells it");
  CHECK(first.must[1].first);
  CHECK(first.held_out);
  CHECK(first.runs_ms == std::vector<std::int64_t>{3, 1, 2});
  CHECK(first.may.size() == 1);
  CHECK(files[0].logs[1].partial);
  CHECK_FALSE(files[0].logs[1].held_out);
  CHECK(files[0].logs[1].may.size() == 1);
  CHECK(files[0].logs[1].must_not[0].subject.sql == std::vector<std::int64_t>{7});
}

TEST_CASE("labels: a mistake is reported with its line and costs its entry alone") {
  const LabelFolder folder(R"(job: j
logs:
  - {file: logs/a.zstd, must: [{rule: p.a, subject: {stage: two}}]}
  - {file: logs/b.zstd, mut: []}
runs:
  - {variant: remedied, spark: 3.5.9, app_duration_ms: [1]}
)");
  Diagnostics diagnostics;
  const auto files = folder.Read(diagnostics);
  REQUIRE(files.size() == 1);
  REQUIRE(files[0].logs.size() == 1);
  CHECK(files[0].logs[0].file == "logs/b.zstd");
  REQUIRE(diagnostics.all().size() == 3);
  CHECK(diagnostics.all()[0].message.find("expected.yaml:3`") != std::string::npos);
  CHECK(diagnostics.all()[1].message.find("has no key `mut`") != std::string::npos);
  CHECK(diagnostics.all()[2].message.find("expected.yaml:6` has runs of `remedied 3.5.9`") != std::string::npos);
}

TEST_CASE("labels: broken YAML and no labels at all") {
  for (const char* const yaml : {"logs: [", "- a list", "job: j\n"}) {
    CAPTURE(yaml);
    const LabelFolder folder(yaml);
    Diagnostics diagnostics;
    CHECK(folder.Read(diagnostics).empty());
    CHECK(diagnostics.all().size() == 1);
  }
}

// ---------------------------------------------------------------- scores
FoundFinding Finding(const std::string& rule, std::vector<std::int64_t> stages, std::size_t rank = 1,
                     diagnose::Severity severity = diagnose::Severity::High) {
  FoundFinding finding;
  finding.id = rule + "(x)";
  finding.rule = rule;
  finding.severity = severity;
  finding.rank = rank;
  finding.stages = std::move(stages);
  return finding;
}

Label Wanted(const std::string& rule, std::vector<std::int64_t> stages = {}) {
  Label label;
  label.pattern = "P";
  if (!rule.empty()) label.rules = {rule};
  label.subject.stages = std::move(stages);
  return label;
}

TEST_CASE("score: Wilson's interval") {
  // Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  struct Row {
    Share share;
    double low;
    double high;
  };
  for (const Row& row : {Row{{81, 263}, 0.2553, 0.3662}, Row{{15, 148}, 0.0624, 0.1605}, Row{{0, 20}, 0, 0.1611},
                         Row{{1, 29}, 0.0061, 0.1718}}) {
    CHECK(row.share.low() == doctest::Approx(row.low).epsilon(0.001));
    CHECK(row.share.high() == doctest::Approx(row.high).epsilon(0.001));
  }
}

TEST_CASE("score: found, found elsewhere, missed with its reason, not covered") {
  LogLabels labels;
  labels.file = "a";
  labels.must = {Wanted("p.found", {2}), Wanted("p.elsewhere", {2}), Wanted("p.missed"), Wanted("")};
  LabelledLog log{"j", &labels, {}};
  log.found.findings = {Finding("p.found", {2}, 2), Finding("p.elsewhere", {3}, 1)};
  log.found.silent = {{"p.missed", "not evaluated: no GC times"}};
  const Score score = workbench::ScoreLogs({log});
  CHECK(score.recall.hits == 1);
  CHECK(score.recall.of == 3);
  CHECK(score.place.hits == 1);
  CHECK(score.place.of == 2);
  CHECK(score.top1.hits == 0);
  CHECK(score.top3.hits == 1);
  REQUIRE(score.missed.size() == 2);
  CHECK(score.missed[0].reason == "found at p.elsewhere(x)");
  CHECK(score.missed[1].reason == "not evaluated: no GC times");
  CHECK(score.not_covered.size() == 1);
  // The finding in the wrong place is not what the label allows.
  CHECK(score.wrong.size() == 1);
  CHECK(score.alarms.empty());
}

TEST_CASE("score: a problem that no rule names is missed") {
  LogLabels labels;
  labels.must = {Wanted("p.found"), Wanted("")};
  labels.must[1].pattern = "";
  labels.must[1].problem = "a partial wave";
  LabelledLog log{"j", &labels, {}};
  log.found.findings = {Finding("p.found", {})};
  const Score score = workbench::ScoreLogs({log});
  CHECK(score.recall.hits == 1);
  CHECK(score.recall.of == 2);
  CHECK(score.not_covered.empty());
  REQUIRE(score.missed.size() == 1);
  CHECK(score.missed[0].pattern == "a partial wave");
  CHECK(score.missed[0].rule.empty());
}

TEST_CASE("score: what should be first is first, or one of those that may be; nothing said is not first") {
  LogLabels labels;
  labels.must = {Wanted("p.a", {2}), Wanted("p.b"), Wanted("p.c")};
  labels.must[0].first = true;
  labels.must[1].first = true;
  struct Row {
    const char* what;
    std::vector<FoundFinding> findings;
    std::size_t hits;
    const char* reason;
  };
  for (const Row& row :
       {Row{"the one", {Finding("p.a", {2}, 1)}, 1, ""},
        Row{"the other", {Finding("p.a", {2}, 2), Finding("p.b", {}, 1)}, 1, ""},
        Row{"a must that is not first", {Finding("p.c", {}, 1)}, 0, "first is p.c(x)"},
        Row{"elsewhere", {Finding("p.a", {3}, 1)}, 0, "first is p.a(x)"},
        Row{"folded", {Finding("p.a", {2}, 0)}, 0, "nothing is said"}, Row{"nothing", {}, 0, "nothing is said"}}) {
    CAPTURE(row.what);
    LabelledLog log{"j", &labels, {}};
    log.found.findings = row.findings;
    const Score score = workbench::ScoreLogs({log});
    CHECK(score.first.of == 1);
    CHECK(score.first.hits == row.hits);
    CHECK(score.not_first.size() == 1 - row.hits);
    if (row.hits == 0) CHECK(score.not_first[0].reason == row.reason);
  }
  labels.must[0].first = labels.must[1].first = false;
  LabelledLog log{"j", &labels, {}};
  CHECK(workbench::ScoreLogs({log}).first.of == 0);
}

TEST_CASE("score: logs that are held out are scored apart, too") {
  LogLabels open;
  open.must = {Wanted("p.a")};
  LogLabels held_out;
  held_out.held_out = true;
  LabelledLog with_finding{"j", &open, {}};
  with_finding.found.findings = {Finding("p.a", {})};
  LabelledLog alarmed{"j", &held_out, {}};
  alarmed.found.findings = {Finding("p.a", {})};
  CHECK(workbench::ScoreLogs({with_finding}).halves.empty());
  const Score score = workbench::ScoreLogs({with_finding, alarmed});
  REQUIRE(score.halves.size() == 2);
  CHECK(score.logs == 2);
  CHECK_FALSE(score.halves[0].held_out);
  CHECK(score.halves[0].logs == 1);
  CHECK(score.halves[0].recall.hits == 1);
  CHECK(score.halves[0].alarms == 0);
  CHECK(score.halves[1].held_out);
  CHECK(score.halves[1].clean_logs == 1);
  CHECK(score.halves[1].recall.of == 0);
  CHECK(score.halves[1].precision.hits == 0);
  CHECK(score.halves[1].alarms == 1);
}

TEST_CASE("score: what no label allows is wrong; on a clean log of medium severity it is a false alarm") {
  LogLabels labels;
  labels.may = {Wanted("p.true")};
  labels.must_not = {Wanted("p.symptom")};
  labels.must_not[0].note = "one task of 24";
  LabelledLog log{"j", &labels, {}};
  FoundFinding symptom = Finding("p.symptom", {}, 4);
  symptom.layer = diagnose::Layer::Symptom;
  FoundFinding silent_symptom = symptom;
  silent_symptom.rule = "p.unlabelled_symptom";
  silent_symptom.rank = 0;
  log.found.findings = {Finding("p.true", {}, 1),
                        Finding("p.false", {}, 2),
                        Finding("p.small", {}, 3, diagnose::Severity::Low),
                        symptom,
                        silent_symptom,
                        Finding("p.info", {}, 0, diagnose::Severity::Info)};
  const Score score = workbench::ScoreLogs({log});
  CHECK(score.clean_logs == 1);
  CHECK(score.precision.hits == 1);
  CHECK(score.precision.of == 3);
  REQUIRE(score.wrong.size() == 3);
  CHECK(score.wrong[2].because == "one task of 24");
  REQUIRE(score.alarms.size() == 2);
  CHECK(score.alarms[0].rule == "p.false");
  CHECK(score.alarms[1].rule == "p.symptom");
}

TEST_CASE("score: an advice that a label forbids is wrong, where the label says") {
  LogLabels labels;
  labels.may = {Wanted("p.a")};
  labels.must_not = {Wanted("p.more_memory", {2})};
  LabelledLog log{"j", &labels, {}};
  log.found.findings = {Finding("p.a", {2}), Finding("p.a", {3}, 2)};
  for (FoundFinding& finding : log.found.findings) finding.advices = {"p.more_memory"};
  const Score score = workbench::ScoreLogs({log});
  REQUIRE(score.wrong.size() == 1);
  CHECK(score.wrong[0].finding == "p.more_memory against p.a(x)");
}

TEST_CASE("score: of a partial log only findings of labelled queries are judged") {
  LogLabels labels;
  labels.partial = true;
  labels.queries = {"q1"};
  LabelledLog log{"j", &labels, {}};
  FoundFinding labelled = Finding("p.a", {});
  labelled.queries = {"q1"};
  FoundFinding other = Finding("p.a", {});
  other.queries = {"q2"};
  log.found.findings = {labelled, other, Finding("p.app", {})};
  const Score score = workbench::ScoreLogs({log});
  CHECK(score.precision.of == 1);
  CHECK(score.wrong.size() == 1);
  CHECK(score.clean_logs == 0);
}

TEST_CASE("score: changes asked for, and the bound against the remedied twin rather than the clean one") {
  LogLabels faulty;
  faulty.variant = "faulty";
  faulty.must = {Wanted("p.a")};
  faulty.must[0].changes = {{"conf", "spark.x"}, {"code", ""}};
  LogLabels clean;
  clean.variant = "clean";
  LogLabels remedied;
  remedied.variant = "remedied";
  LabelledLog log{"j", &faulty, {}};
  log.found.duration_ms = 60'000;
  log.found.findings = {Finding("p.a", {})};
  log.found.findings[0].bound_ms = 30'000;
  log.found.findings[0].changes = {{"conf", "spark.y"}};
  LabelledLog of_clean{"j", &clean, {}};
  of_clean.found.duration_ms = 10'000;
  LabelledLog of_remedied{"j", &remedied, {}};
  of_remedied.found.duration_ms = 40'000;
  Score score = workbench::ScoreLogs({log, of_clean, of_remedied});
  CHECK(score.advised.hits == 0);
  CHECK(score.advised.of == 1);
  REQUIRE(score.unadvised.size() == 1);
  CHECK(score.unadvised[0].reason == "conf spark.x, code");
  REQUIRE(score.twins.size() == 1);
  CHECK(score.twins[0].twin == "remedied");
  CHECK(score.twins[0].twin_ms == 40'000);
  CHECK(score.twins[0].bound_ms == 30'000);
  log.found.findings[0].changes.push_back({"code", "python"});
  score = workbench::ScoreLogs({log});
  CHECK(score.advised.hits == 1);
  CHECK(score.twins.empty());
}

TEST_CASE("score: of repeated runs the median counts, and the twin that has them comes first") {
  LogLabels faulty;
  faulty.variant = "faulty";
  faulty.must = {Wanted("p.a")};
  faulty.runs_ms = {90'000, 50'000, 52'000};
  LogLabels clean;
  clean.variant = "clean";
  clean.runs_ms = {30'000, 31'000, 99'000};
  LogLabels remedied;
  remedied.variant = "remedied";
  LabelledLog log{"j", &faulty, {}};
  log.found.duration_ms = 90'000;
  log.found.findings = {Finding("p.a", {})};
  log.found.findings[0].bound_ms = 21'000;
  LabelledLog of_clean{"j", &clean, {}};
  of_clean.found.duration_ms = 30'000;
  LabelledLog of_remedied{"j", &remedied, {}};
  of_remedied.found.duration_ms = 40'000;
  Score score = workbench::ScoreLogs({log, of_clean, of_remedied});
  REQUIRE(score.twins.size() == 1);
  CHECK(score.twins[0].twin == "clean");
  CHECK(score.twins[0].faulty_ms == 52'000);
  CHECK(score.twins[0].twin_ms == 31'000);
  CHECK(score.twins[0].twin_runs == 3);
  CHECK(score.bounds_held.hits == 1);
  CHECK(score.repeated_bounds_held.of == 1);
  clean.runs_ms = {};  // one run of each twin: the remedied one, and nothing is repeated on both sides
  score = workbench::ScoreLogs({log, of_clean, of_remedied});
  CHECK(score.twins[0].twin == "remedied");
  CHECK(score.twins[0].twin_runs == 1);
  CHECK(score.bounds_held.of == 1);
  CHECK(score.repeated_bounds_held.of == 0);
}

TEST_CASE("score: a fault is noticed by what is new or worse, not by what was there before") {
  workbench::Mutation mutation;
  mutation.rules = {"p.expected"};
  workbench::FoundInLog healthy;
  healthy.findings = {Finding("p.expected", {}, 1, diagnose::Severity::Low)};
  workbench::FoundInLog faulty = healthy;
  faulty.findings.push_back(Finding("p.other", {}));
  faulty.findings.push_back(Finding("p.info", {}, 0, diagnose::Severity::Info));
  workbench::CurvePoint point = workbench::Notice(healthy, faulty, mutation, 4);
  CHECK(point.level == 4);
  CHECK(point.noticed.hits == 0);
  CHECK(point.noticed.of == 1);
  CHECK(point.rules == std::map<std::string, std::size_t>{{"p.other", 1}});
  faulty.findings[0].severity = diagnose::Severity::Medium;
  point = workbench::Notice(healthy, faulty, mutation, 8);
  CHECK(point.noticed.hits == 1);
  CHECK(point.rules.size() == 2);
  workbench::Curve curve;
  workbench::AddCurve(curve, {point});
  workbench::AddCurve(curve, {point});
  CHECK(curve.points[0].noticed.of == 2);
  CHECK(curve.points[0].rules.at("p.other") == 2);
}

// ---------------------------------------------------------------- mutations
// Two jobs; stage 0 has ten tasks of 1 s and 100 bytes each on two executors, stage 1 one task.
std::string HealthyRun() {
  std::string text = R"({"Event":"SparkListenerLogStart","Spark Version":"3.5.1"}
{"Event":"SparkListenerApplicationStart","App Name":"a","App ID":"app-1","Timestamp":1000,"User":"u"}
{"Event":"SparkListenerJobStart","Job ID":0,"Submission Time":2000,"Stage Infos":[{"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"s","Number of Tasks":10}],"Stage IDs":[0]}
{"Event":"SparkListenerStageSubmitted","Stage Info":{"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"s","Number of Tasks":10,"Submission Time":2000}}
)";
  const auto task = [&](int id, int index, int stage, int launch) {
    const std::string info =
        R"("Task Info":{"Task ID":)" + std::to_string(id) + R"(,"Index":)" + std::to_string(index) +
        R"(,"Attempt":0,"Launch Time":)" + std::to_string(launch) + R"(,"Executor ID":")" + std::to_string(id % 2) +
        R"(","Host":"h","Locality":"ANY","Speculative":false,)" + R"("Getting Result Time":0,"Finish Time":)";
    const std::string head = R"(,"Stage ID":)" + std::to_string(stage) + R"(,"Stage Attempt ID":0,)";
    text += R"({"Event":"SparkListenerTaskStart")" + head + info + R"(0,"Failed":false,"Killed":false}})" + "\n";
    text +=
        R"({"Event":"SparkListenerTaskEnd")" + head + R"("Task Type":"T","Task End Reason":{"Reason":"Success"},)" +
        info + std::to_string(launch + 1000) +
        R"(,"Failed":false,"Killed":false},"Task Metrics":{"Executor Run Time":900,"Executor CPU Time":800000000,)" +
        R"("JVM GC Time":10,"Memory Bytes Spilled":0,"Disk Bytes Spilled":0,"Input Metrics":{"Bytes Read":100,)" +
        R"("Records Read":10}}})" + "\n";
  };
  for (int i = 0; i < 10; ++i) task(i, i, 0, 2000 + (i / 2) * 1000);
  text +=
      R"({"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":0,"Stage Attempt ID":0,"Stage Name":"s","Number of Tasks":10,"Submission Time":2000,"Completion Time":7000}}
{"Event":"SparkListenerJobEnd","Job ID":0,"Completion Time":7000,"Job Result":{"Result":"JobSucceeded"}}
{"Event":"SparkListenerJobStart","Job ID":1,"Submission Time":7100,"Stage Infos":[{"Stage ID":1,"Stage Attempt ID":0,"Stage Name":"t","Number of Tasks":1}],"Stage IDs":[1]}
{"Event":"SparkListenerStageSubmitted","Stage Info":{"Stage ID":1,"Stage Attempt ID":0,"Stage Name":"t","Number of Tasks":1,"Submission Time":7100}}
)";
  task(10, 0, 1, 7100);
  text +=
      R"({"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":1,"Stage Attempt ID":0,"Stage Name":"t","Number of Tasks":1,"Submission Time":7100,"Completion Time":8100}}
{"Event":"SparkListenerJobEnd","Job ID":1,"Completion Time":8100,"Job Result":{"Result":"JobSucceeded"}}
{"Event":"SparkListenerApplicationEnd","Timestamp":9000}
)";
  return text;
}

const Mutation& Named(std::string_view name) {
  for (const Mutation& mutation : workbench::Mutations()) {
    if (mutation.name == name) return mutation;
  }
  FAIL("no such mutation");
  return workbench::Mutations().front();
}

model::JobModel Mutated(std::string_view name, double level) {
  const std::optional<std::string> text = workbench::Mutate(HealthyRun(), Named(name), level);
  REQUIRE(text);
  auto read = ingest::IngestText(*text, "made", {});
  REQUIRE(read);
  CHECK(read->stats.count(ingest::Stat::BadLine) == 0);
  CHECK(read->stats.count(ingest::Stat::EndWithoutStart) == 0);
  CHECK(read->stats.count(ingest::Stat::MissingTasks) == 0);
  return std::move(read->model);
}

// The largest task of stage 0, as (duration, bytes).
std::pair<std::int64_t, std::int64_t> Largest(const model::JobModel& m) {
  std::pair<std::int64_t, std::int64_t> largest{0, 0};
  for (const model::TaskRow task : m.stages.winners.Get(0))
    largest = std::max(largest, {m.tasks.duration.Get(task.index), m.tasks.input_bytes.Get(task.index)});
  return largest;
}

TEST_CASE("mutations: a stretched task takes its data along and delays what follows") {
  const model::JobModel m = Mutated("stretch-task", 8);
  CHECK(Largest(m) == std::pair<std::int64_t, std::int64_t>(8000, 800));
  CHECK(m.app.duration.Get(0) == 8000 + 7000);
  CHECK(m.stages.completed.Get(0) == 14'000);
  CHECK(m.stages.submitted.Get(1) == 14'100);
  CHECK(Largest(Mutated("slow-task", 8)) == std::pair<std::int64_t, std::int64_t>(8000, 100));
}

TEST_CASE("mutations: garbage collection and spill of every task") {
  const model::JobModel gc = Mutated("gc", 0.4);
  CHECK(gc.tasks.gc_time.Get(3) == 360);
  const model::JobModel spill = Mutated("spill", 2);
  CHECK(spill.tasks.disk_bytes_spilled.Get(3) == 200);
  CHECK(spill.tasks.memory_bytes_spilled.Get(3) == 600);
}

TEST_CASE("mutations: a gap of a fifth of the longer run, before the second job") {
  const model::JobModel m = Mutated("driver-gap", 0.2);
  CHECK(m.app.duration.Get(0) == 10'000);
  CHECK(m.jobs.start.Get(1) == 9100);
  CHECK(m.stages.completed.Get(0) == 7000);
}

TEST_CASE("mutations: split tasks keep the data and the time") {
  const model::JobModel m = Mutated("split-tasks", 4);
  CHECK(m.stages.task_count.Get(0) == 40);
  CHECK(m.stages.winners.Get(0).size() == 40);
  CHECK(Largest(m) == std::pair<std::int64_t, std::int64_t>(250, 25));
  CHECK(m.app.duration.Get(0) == 8000);
}

TEST_CASE("mutations: failed attempts come before those that succeed") {
  const model::JobModel m = Mutated("fail-tasks", 0.25);
  CHECK(m.stages.failed_tasks.Get(0) == 3);  // 2.5 tasks
  CHECK(m.stages.winners.Get(0).size() == 10);
  CHECK(m.app.duration.Get(0) > 8000);
  const model::JobModel lost = Mutated("lose-executor", 0.25);
  CHECK(lost.stages.failed_tasks.Get(0) == 3);
  bool removed = false;
  for (std::size_t row = 0; row < lost.executors.size(); ++row) removed = removed || lost.executors.removed.Has(row);
  CHECK(removed);
}

TEST_CASE("mutations: a run without a place for the fault is left alone") {
  std::string text = HealthyRun();
  for (const Mutation& mutation : workbench::Mutations()) {
    CAPTURE(mutation.name);
    CHECK_FALSE(workbench::Mutate("", mutation, 1));
    CHECK_FALSE(workbench::Mutate("no log\n", mutation, 1));
    // The end of the application is cut off.
    CHECK_FALSE(workbench::Mutate(text.substr(0, text.size() - 60), mutation, mutation.levels.back()));
    CHECK(std::ranges::is_sorted(mutation.levels));
    CHECK_FALSE(mutation.rules.empty());
  }
}

}  // namespace
}  // namespace advise::test
