// Effects of the model as changes of a real run, and plans of hand-made recommendations for it.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "cost/resolve.h"
#include "ingest/ingest.h"
#include "plan/make_plan.h"
#include "recommend/propose.h"

namespace advise::test {
namespace {

using model::CapAttribute;
using model::DropRows;
using model::EffectRange;
using model::EffectTarget;
using model::Entity;
using model::ScaleAttribute;
using model::SetAttribute;
using recommend::Recommendation;

// A join whose one heavy task takes most of the run: stage 2 of the log.
const model::JobModel& SkewedRun() {
  static const model::JobModel model = [] {
    const std::filesystem::path path =
        std::filesystem::path(ADVISE_SOURCE_DIR) / "pathological-jobs/skewed-join/logs/faulty-3.5.9.zstd";
    ingest::IngestOptions options;
    options.threads = 1;
    const auto found = ingest::FindLogs(path.string(), options.limits);
    REQUIRE(found);
    auto read = ingest::Ingest(found->front(), options);
    REQUIRE(read);
    return std::move(read->model);
  }();
  return model;
}

std::uint32_t HeavyStage(const model::JobModel& model) {
  for (std::size_t row = 0; row < model.stages.size(); ++row) {
    if (model.stages.id.Get(row) == 2) return static_cast<std::uint32_t>(row);
  }
  FAIL("the log has no stage 2");
  return 0;
}

std::vector<std::uint32_t> TasksOf(const model::JobModel& model, std::uint32_t stage) {
  std::vector<std::uint32_t> rows;
  for (const model::TaskRow task : model.stages.tasks.Get(stage)) rows.push_back(task.index);
  std::ranges::sort(rows);
  return rows;
}

EffectRange Times(double low, double high) { return {ValueForm::Number, low, high}; }

struct Asked {
  cost::Change change;
  double saved = 0;  // ms
};
Asked Ask(const model::JobModel& model, const std::vector<model::Effect>& effects) {
  static cost::Predictor predictor(SkewedRun(), *cost::MakeWorkload(SkewedRun()));
  Asked asked;
  asked.change = cost::ResolveEffects(model, predictor.workload(), effects);
  if (!asked.change.refused) asked.saved = predictor.MidTime({}) - predictor.MidTime(asked.change.question.effects);
  return asked;
}

TEST_CASE("cost/resolve: attributes of tasks, stages and gaps become operators; what has no model is refused") {
  const model::JobModel& m = SkewedRun();
  const std::uint32_t stage = HeavyStage(m);
  const std::vector<std::uint32_t> tasks = TasksOf(m, stage);
  const auto of_tasks = [&](std::string_view attribute) { return EffectTarget{Entity::Task, tasks, attribute}; };
  const double duration = static_cast<double>(m.app.duration.Get(0));

  const Asked nothing = Ask(m, {ScaleAttribute{of_tasks("run_time"), Times(1, 1)}});
  CHECK(nothing.saved == doctest::Approx(0).epsilon(1));
  const Asked half = Ask(m, {ScaleAttribute{of_tasks("run_time"), Times(0.5, 0.5)}});
  CHECK(half.saved > 0.2 * duration);
  CHECK(half.saved < 0.5 * duration);
  const Asked processor = Ask(m, {ScaleAttribute{of_tasks("cpu_time"), Times(0.5, 0.5)}});
  CHECK(processor.saved > 0);
  CHECK(processor.saved < half.saved);
  const Asked collections = Ask(m, {ScaleAttribute{of_tasks("gc_time"), Times(0, 0.5)}});
  CHECK((collections.change.question.evidence == cost::EvidenceClass::B));

  // The longest task alone: as a part of its stage.
  const auto longest =
      std::ranges::max_element(tasks, {}, [&](std::uint32_t row) { return m.tasks.duration.Get(row); });
  const Asked one = Ask(m, {ScaleAttribute{{Entity::Task, {*longest}, "duration"}, Times(0.5, 0.5)}});
  CHECK(one.saved > 0.2 * duration);
  CHECK(one.saved <= half.saved * 1.2);
  const Asked gone = Ask(m, {DropRows{Entity::Task, {*longest}}});
  CHECK(gone.saved > one.saved);

  const Asked capped = Ask(m, {CapAttribute{of_tasks("duration"), {ValueForm::Duration, 5000, 5000}}});
  CHECK(capped.saved > 0.4 * duration);
  // Data above the limit is read by further tasks: less is saved than if it were gone.
  const Asked divided = Ask(m, {CapAttribute{of_tasks("shuffle_read"), {ValueForm::Bytes, 64e6, 64e6}}});
  CHECK(divided.saved > 0.1 * duration);
  CHECK(divided.saved < gone.saved);
  CHECK((divided.change.question.evidence == cost::EvidenceClass::D));
  CHECK(Ask(m, {DropRows{Entity::Stage, {stage}}}).saved > divided.saved);

  CHECK(Ask(m, {SetAttribute{{Entity::Stage, {stage}, "partitions"}, Times(48, 48)}}).change.question.effects.size() >=
        1);

  // Of a query: its tasks and what the driver does around them, so more than its tasks alone.
  std::vector<std::uint32_t> queries;
  std::vector<std::uint32_t> of_queries;
  for (std::size_t row = 0; row < m.sql_executions.size(); ++row) queries.push_back(static_cast<std::uint32_t>(row));
  for (std::size_t row = 0; row < m.stages.size(); ++row) {
    if (!m.stages.sql_execution.Get(row).valid()) continue;
    const std::vector<std::uint32_t> more = TasksOf(m, static_cast<std::uint32_t>(row));
    of_queries.insert(of_queries.end(), more.begin(), more.end());
  }
  std::ranges::sort(of_queries);
  REQUIRE(!of_queries.empty());
  const auto query_takes = [&](double factor) {
    return Ask(m, {ScaleAttribute{{Entity::SqlExecution, queries, "duration"}, Times(factor, factor)}}).saved;
  };
  const double tasks_gone = Ask(m, {ScaleAttribute{{Entity::Task, of_queries, "duration"}, Times(0, 0)}}).saved;
  CHECK(query_takes(1) == doctest::Approx(0).epsilon(1));
  CHECK(query_takes(0.5) > 0.3 * duration);
  CHECK(query_takes(0) > tasks_gone);
  CHECK(query_takes(0) < duration);
  CHECK(Ask(m, {ScaleAttribute{{Entity::SqlExecution, {}, "duration"}, Times(0.5, 0.5)}}).change.refused);
  CHECK(Ask(m, {}).change.refused);
  CHECK(Ask(m, {ScaleAttribute{of_tasks("peak_heap"), Times(0.5, 0.5)}}).change.refused->code == "not-modelled");
  CHECK(Ask(m, {SetAttribute{{Entity::App, {0}, "duration"}, Times(1, 1)}}).change.refused);
  CHECK(Ask(m, {CapAttribute{{Entity::Task, {*longest}, "duration"}, {ValueForm::Duration, 1, 1}}}).change.refused);
  CHECK(Ask(m, {DropRows{Entity::Host, {0}}}).change.refused);
  // One of two cannot be told: nothing is said of both.
  CHECK(Ask(m, {ScaleAttribute{of_tasks("gc_time"), Times(0.5, 0.5)},
                SetAttribute{{Entity::App, {0}, "duration"}, Times(1, 1)}})
            .change.refused);
}

TEST_CASE("cost/resolve: a setting for some queries does nothing to others") {
  const model::JobModel& m = SkewedRun();
  const std::uint32_t stage = HeavyStage(m);
  model::SetSetting set{
      "spark.sql.shuffle.partitions", {"48", spark::SettingType::Integer, 48}, Entity::Stage, {stage}};
  const Asked here = Ask(m, {set});
  REQUIRE(!here.change.refused);
  REQUIRE(!here.change.question.effects.empty());
  std::uint32_t other = 0;
  while (other < m.stages.size() && m.stages.sql_execution.Get(other).index == m.stages.sql_execution.Get(stage).index)
    ++other;
  if (other == m.stages.size() || !m.stages.sql_execution.Get(other).valid()) return;
  set.subject_rows = {other};
  CHECK(std::abs(Ask(m, {set}).saved) < 1);
}

// ---------------------------------------------------------------- plans
Recommendation Advice(std::string id, model::Effect effect) {
  Recommendation advice;
  advice.id = std::move(id);
  advice.fix = "Do it";
  advice.for_findings = {0};
  advice.effects = {std::move(effect)};
  return advice;
}

TEST_CASE("plan: the better of two alternatives, an independent one beside it, and a reason for the rest") {
  const model::JobModel& m = SkewedRun();
  const std::uint32_t stage = HeavyStage(m);
  const std::vector<std::uint32_t> tasks = TasksOf(m, stage);
  const EffectTarget run_time{Entity::Task, tasks, "run_time"};
  std::vector<Recommendation> advice = {
      Advice("a little", ScaleAttribute{run_time, Times(0.85, 0.95)}),
      Advice("most of it", CapAttribute{{Entity::Task, tasks, "duration"}, {ValueForm::Duration, 3000, 5000}}),
      Advice("nothing", ScaleAttribute{{Entity::Task, tasks, "getting_result_time"}, Times(0, 0)}),
      Advice("unknown", SetAttribute{{Entity::App, {0}, "duration"}, Times(1, 1)}),
  };
  const plan::Plan plan = plan::MakePlan(advice, m, {});
  REQUIRE(plan.refused_code.empty());
  REQUIRE(!plan.steps.empty());
  CHECK(plan.steps[0].recommendation == 1);
  CHECK(!plan.steps[0].check.empty());
  std::int64_t steps = 0;
  std::int64_t shares = 0;
  for (const plan::PlanStep& step : plan.steps) {
    steps += step.saving.mid;
    shares += step.fair_share;
    CHECK(step.saving.low <= step.saving.mid);
    CHECK(step.saving.mid <= step.saving.high);
  }
  CHECK(steps == plan.joint.mid);
  CHECK(shares == plan.joint.mid);
  CHECK(!advice[2].chosen);
  CHECK(!advice[2].reason.empty());
  CHECK(!advice[3].saving);
  CHECK(advice[3].chosen);
  CHECK(!advice[3].not_estimated.empty());
  REQUIRE(plan.replay);
  CHECK(plan.replay->error < 0.05);
}

TEST_CASE("plan: nothing saves more than its findings cost") {
  const model::JobModel& m = SkewedRun();
  const std::vector<std::uint32_t> tasks = TasksOf(m, HeavyStage(m));
  std::vector<Recommendation> advice = {
      Advice("most of it", CapAttribute{{Entity::Task, tasks, "duration"}, {ValueForm::Duration, 3000, 5000}})};
  const plan::Plan free = plan::MakePlan(advice, m, {});
  REQUIRE(free.joint.mid > 4'000);
  advice[0].saving.reset();
  const std::optional<std::int64_t> bounds[] = {2'500};
  const plan::Plan plan = plan::MakePlan(advice, m, {}, bounds);
  REQUIRE(advice[0].saving);
  CHECK(advice[0].saving->alone.high <= 2'500);
  CHECK(plan.joint.high <= 2'500);
  CHECK(plan.joint.mid <= 2'500);
  const std::optional<std::int64_t> unknown[] = {std::nullopt};
  CHECK(plan::MakePlan(advice, m, {}, unknown).joint.mid == free.joint.mid);
}

TEST_CASE("plan: limits and wishes of the user, and a failed run") {
  const model::JobModel& m = SkewedRun();
  const std::vector<std::uint32_t> tasks = TasksOf(m, HeavyStage(m));
  const auto advice = [&] {
    std::vector<Recommendation> both = {
        Advice("code", CapAttribute{{Entity::Task, tasks, "duration"}, {ValueForm::Duration, 3000, 5000}}),
        Advice("conf", ScaleAttribute{{Entity::Task, tasks, "cpu_time"}, Times(0.3, 0.6)})};
    both[0].changes = {{.kind = recommend::ChangeKind::Code, .key = "code", .to = {.text = "x"}}};
    both[1].changes = {{.key = "spark.sql.shuffle.partitions", .to = {.text = "48"}}};
    return both;
  };
  std::vector<Recommendation> none = advice();
  CHECK(plan::MakePlan(none, m, {.max_changes = 0}).steps.empty());
  std::vector<Recommendation> settings = advice();
  const plan::Plan without_code = plan::MakePlan(settings, m, {.no_code_changes = true});
  CHECK(!settings[0].chosen);
  for (const plan::PlanStep& step : without_code.steps) CHECK(step.recommendation == 1);
  std::vector<Recommendation> pinned = advice();
  const plan::Plan kept = plan::MakePlan(pinned, m, {.pinned = {"spark.sql.shuffle.partitions"}});
  CHECK(!pinned[1].chosen);
  CHECK(pinned[1].reason == "spark.sql.shuffle.partitions stays as it is");
  for (const plan::PlanStep& step : kept.steps) CHECK(step.recommendation == 0);
}

}  // namespace
}  // namespace advise::test
