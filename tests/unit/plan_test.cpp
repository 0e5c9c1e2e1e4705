// Effects of the model as changes of a real run, and plans of hand-made recommendations for it.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "cost/plugin/cost_model.h"
#include "cost/resolve.h"
#include "ingest/ingest.h"
#include "model/derive/derive.h"
#include "plan/make_plan.h"
#include "recommend/propose.h"
#include "unit/model_derive_fixture.h"

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

TEST_CASE("cost/resolve: executors of a stage's own resource profile that come earlier, though others were there") {
  model::JobModel m = EmptyModel(10'000);
  const model::JobRow job = PutJob(m, {.id = 0, .start = 1000, .end = 10'000});
  const model::StageRow stage = PutStage(m, {.id = 0, .tasks = 4, .submitted = 1000, .completed = 10'000, .job = job});
  const model::ExecutorRow usual = PutExecutor(m, "1", 4, 0);
  const model::ExecutorRow own = PutExecutor(m, "2", 4, 6000);
  m.executors.resource_profile.Set(usual.index, 0);
  m.executors.resource_profile.Set(own.index, 1);
  m.stages.resource_profile.Set(stage.index, 1);
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
  model::DeriveAll(m);
  cost::Predictor predictor(m, *cost::MakeWorkload(m));
  const auto saved = [&](double factor) {
    const ScaleAttribute scale{{Entity::Stage, {stage.index}, "wall_wait_executors"}, Times(factor, factor)};
    const std::vector<model::Effect> effects = {scale};
    const cost::Change change = cost::ResolveEffects(m, predictor.workload(), effects);
    REQUIRE(!change.refused);
    return predictor.MidTime({}) - predictor.MidTime(change.question.effects);
  };
  CHECK(saved(1) == doctest::Approx(0).epsilon(1e-6));
  CHECK(saved(0.5) == doctest::Approx(2500).epsilon(0.05));
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
  const std::uint32_t stage = HeavyStage(m);
  const plan::Bound bounds[] = {{2'500, {stage}}};
  const plan::Plan plan = plan::MakePlan(advice, m, {}, bounds);
  REQUIRE(advice[0].saving);
  CHECK(advice[0].saving->alone.high <= 2'500);
  CHECK(plan.joint.high <= 2'500);
  CHECK(plan.joint.mid <= 2'500);
  const plan::Bound unknown[] = {{std::nullopt, {stage}}};
  CHECK(plan::MakePlan(advice, m, {}, unknown).joint.mid == free.joint.mid);
  // What it does to another stage is no part of what the finding costs.
  const plan::Bound elsewhere[] = {{2'500, {stage + 1}}};
  CHECK(plan::MakePlan(advice, m, {}, elsewhere).joint.mid == free.joint.mid);
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

// ---------------------------------------------------------------- times by a model of others
// Effects that scale save a tenth of the run, others a fifth, together both; and it takes the run to be shorter than it
// was, which does not matter to what a change saves.
class Tenths : public cost::CostModel {
 public:
  enum class Fault : std::uint8_t { None, Crashes, NotTogether, NoTime };
  explicit Tenths(Fault fault = Fault::None) : fault_(fault) {}
  [[nodiscard]] const cost::ModelInfo& info() const override { return info_; }
  std::optional<Error> Calibrate(const cost::ModelRun& run) override {
    duration_ = fault_ == Fault::NoTime ? 0 : 0.9 * run.workload.duration;
    return std::nullopt;
  }
  Result<std::vector<cost::ModelOutcome>> Predict(std::span<const cost::ModelScenario> scenarios,
                                                  std::uint64_t) override {
    if (fault_ == Fault::Crashes && ++asked_ > 4) return Fail(DiagnosticCode::Usage, "it crashed");
    std::vector<cost::ModelOutcome> outcomes;
    for (const cost::ModelScenario& scenario : scenarios) {
      cost::ModelOutcome outcome;
      bool scales = false;
      bool other = false;
      for (const cost::Effect& effect : scenario.effects) {
        const std::string_view name = cost::OperatorName(effect);
        (name.starts_with("scale") ? scales : other) = true;
        if (name == "set_partitions") outcome.unsupported.emplace_back(name);
      }
      if (scales && other && fault_ == Fault::NotTogether) outcome.unsupported.emplace_back("scale");
      const double time = duration_ * (1 - (scales ? 0.1 : 0) - (other ? 0.2 : 0));
      outcome.time = {0.95 * time, time, 1.05 * time};
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }

 private:
  cost::ModelInfo info_{"tenths", "1", {}};
  Fault fault_;
  double duration_ = 0;
  int asked_ = 0;
};

std::vector<Recommendation> ScaleAndCap(const model::JobModel& m) {
  const std::vector<std::uint32_t> tasks = TasksOf(m, HeavyStage(m));
  std::vector<Recommendation> advice = {
      Advice("scale", ScaleAttribute{{Entity::Task, tasks, "run_time"}, Times(0.85, 0.95)}),
      Advice("cap", CapAttribute{{Entity::Task, tasks, "duration"}, {ValueForm::Duration, 3000, 5000}})};
  advice[1].for_findings = {1};
  return advice;
}

TEST_CASE("plan: a model that was named says all times") {
  const model::JobModel& m = SkewedRun();
  std::vector<Recommendation> advice = ScaleAndCap(m);
  advice.push_back(Advice("unknown", SetAttribute{{Entity::Stage, {HeavyStage(m)}, "partitions"}, Times(48, 48)}));
  Tenths model;
  const plan::Plan plan = plan::MakePlan(advice, m, {.subsets = true, .model = &model});
  CHECK(plan.model == "tenths 1");
  CHECK(plan.model_failed.empty());
  const auto run = static_cast<double>(plan.duration);
  CHECK(run == doctest::Approx(static_cast<double>(m.app.duration.Get(0))).epsilon(0.01));
  REQUIRE(advice[0].saving);
  REQUIRE(advice[1].saving);
  CHECK(static_cast<double>(advice[0].saving->alone.mid) == doctest::Approx(0.1 * run).epsilon(0.001));
  CHECK(static_cast<double>(advice[1].saving->alone.mid) == doctest::Approx(0.2 * run).epsilon(0.001));
  CHECK(static_cast<double>(advice[1].saving->alone.low) == doctest::Approx((1 - 0.8 * 1.05) * run).epsilon(0.001));
  CHECK(static_cast<double>(advice[1].saving->alone.high) == doctest::Approx((1 - 0.8 * 0.95) * run).epsilon(0.001));
  REQUIRE(plan.steps.size() == 2);
  CHECK(static_cast<double>(plan.joint.mid) == doctest::Approx(0.3 * run).epsilon(0.001));
  CHECK(plan.steps[0].saving.mid + plan.steps[1].saving.mid == plan.joint.mid);
  CHECK(!advice[2].saving);
  CHECK(advice[2].not_estimated == "The cost model tenths 1 does not know set_partitions");
}

TEST_CASE("plan: a model that fails, or knows nothing of changes together, says none of the times") {
  const model::JobModel& m = SkewedRun();
  std::vector<Recommendation> by_replay = ScaleAndCap(m);
  const plan::Plan expected = plan::MakePlan(by_replay, m, {});
  const auto same = [](const recommend::Interval& a, const recommend::Interval& b) {
    return a.low == b.low && a.mid == b.mid && a.high == b.high;
  };
  const std::pair<Tenths::Fault, const char*> cases[] = {
      {Tenths::Fault::Crashes, "it crashed"},
      {Tenths::Fault::NotTogether, "it cannot say what several changes do together"},
      {Tenths::Fault::NoTime, "it says that the run as it was takes no time"}};
  for (const auto& one : cases) {
    const Tenths::Fault fault = one.first;
    const std::string why = one.second;
    CAPTURE(why);
    std::vector<Recommendation> advice = ScaleAndCap(m);
    Tenths model(fault);
    const plan::Plan plan = plan::MakePlan(advice, m, {.model = &model});
    CHECK(plan.model == "tenths 1");
    CHECK(plan.model_failed == why);
    CHECK(same(plan.joint, expected.joint));
    REQUIRE(plan.steps.size() == expected.steps.size());
    for (std::size_t i = 0; i < advice.size(); ++i) {
      REQUIRE(advice[i].saving.has_value() == by_replay[i].saving.has_value());
      if (advice[i].saving) CHECK(same(advice[i].saving->alone, by_replay[i].saving->alone));
      CHECK(advice[i].chosen == by_replay[i].chosen);
      CHECK(advice[i].reason == by_replay[i].reason);
    }
  }
}

}  // namespace
}  // namespace advise::test
