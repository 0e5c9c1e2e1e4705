// replay: what all predictions of advise use. amdahl: time without tasks stays, the rest follows work ÷ slots. none: no
// change does anything, the reference that every model has to beat.
#include "cost/plugin/built_in.h"

#include <algorithm>
#include <cmath>

#include "cost/scenario.h"

namespace advise::cost {
namespace {

// What the built-in models share: the run, refusals of operators that nobody knows.
class BuiltIn : public CostModel {
 public:
  BuiltIn(std::string id, std::vector<std::string> operators) {
    info_ = {std::move(id), "1", std::move(operators)};
  }
  [[nodiscard]] const ModelInfo& info() const override { return info_; }

  std::optional<Error> Calibrate(const ModelRun& run) override {
    run_.emplace(run);
    return std::nullopt;
  }

  Result<std::vector<ModelOutcome>> Predict(std::span<const ModelScenario> scenarios, std::uint64_t) override {
    std::vector<ModelOutcome> outcomes;
    for (const ModelScenario& scenario : scenarios) {
      if (const auto clash = FindContradiction(run_->workload, scenario.effects))
        return Fail(DiagnosticCode::Usage, "the changes contradict each other: " + *clash);
      ModelOutcome outcome = OutcomeOf(scenario.effects);
      for (const Effect& effect : scenario.effects) {
        const std::string name(OperatorName(effect));
        if (std::ranges::find(info_.operators, name) == info_.operators.end()) outcome.unsupported.push_back(name);
      }
      outcome.unsupported.insert(outcome.unsupported.end(), scenario.unknown.begin(), scenario.unknown.end());
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }

 protected:
  virtual ModelOutcome OutcomeOf(const std::vector<Effect>& effects) = 0;
  [[nodiscard]] const ModelRun& run() const { return *run_; }

 private:
  ModelInfo info_;
  std::optional<ModelRun> run_;
};

class ReplayModel : public BuiltIn {
 public:
  ReplayModel() : BuiltIn("replay", OperatorNames()) {}

 private:
  ModelOutcome OutcomeOf(const std::vector<Effect>& effects) override {
    const Workload& workload = run().workload;
    Replayer replayer(workload);
    const double base = replayer.Run(UnchangedSchedule(workload)).duration;
    Scenario scenario(workload, run().unchanged, effects);
    std::vector<double> times;
    std::vector<double> slot_times;
    std::vector<double> shuffled;
    std::vector<double> spilled;
    for (std::uint32_t draw = 0; draw < kDraws; ++draw) {
      const ReplayTimes& replayed = replayer.Run(scenario.Draw(draw));
      times.push_back(base > 0 ? workload.duration * replayed.duration / base : 0);
      slot_times.push_back(replayed.busy_slot_time);
      shuffled.push_back(scenario.volumes().shuffle_bytes);
      spilled.push_back(scenario.volumes().spilled_bytes);
    }
    ModelOutcome outcome;
    outcome.time = MixWithNoise(std::move(times), 0);
    outcome.slot_time = MixWithNoise(std::move(slot_times), 0);
    outcome.shuffle_bytes = MixWithNoise(std::move(shuffled), 0);
    outcome.spilled_bytes = MixWithNoise(std::move(spilled), 0);
    return outcome;
  }
};

std::vector<std::string> AllBut(std::initializer_list<std::string_view> left_out) {
  std::vector<std::string> names = OperatorNames();
  std::erase_if(names, [&](const std::string& name) { return std::ranges::find(left_out, name) != left_out.end(); });
  return names;
}

class AmdahlModel : public BuiltIn {
 public:
  AmdahlModel() : BuiltIn("amdahl", AllBut({"fair", "scale_arrivals", "keep_executor"})) {}

 private:
  ModelOutcome OutcomeOf(const std::vector<Effect>& effects) override {
    const Workload& workload = run().workload;
    Scenario scenario(workload, run().unchanged, effects);
    const Schedule& then = scenario.Draw(kMid);
    double work = 0;
    for (const float duration : workload.tasks.duration) work += static_cast<double>(duration);
    double work_then = 0;
    for (const double component : scenario.components()) work_then += component;
    double lags = 0;
    for (std::size_t point = 0; point < workload.lag.size(); ++point) {
      const auto number = static_cast<std::uint32_t>(point);
      if (workload.points.IsArrival(number) || workload.points.IsRemoval(number)) continue;
      lags += then.lag[point] - workload.lag[point];
    }
    const double idle = std::clamp(workload.observed_idle, 0.0, workload.duration);
    const double ratio = work > 0 ? work_then / work / std::max(1e-9, scenario.slot_ratio()) : 1;
    const double time = std::max(0.0, idle + lags) + (workload.duration - idle) * ratio;
    ModelOutcome outcome;
    outcome.time = {time, time, time};
    outcome.slot_time = Interval{work_then, work_then, work_then};
    return outcome;
  }
};

class NoModel : public BuiltIn {
 public:
  NoModel() : BuiltIn("none", OperatorNames()) {}

 private:
  ModelOutcome OutcomeOf(const std::vector<Effect>&) override {
    const double time = run().workload.duration;
    return {{time, time, time}, std::nullopt, std::nullopt, std::nullopt, {}};
  }
};

}  // namespace

std::unique_ptr<CostModel> MakeReplayModel() { return std::make_unique<ReplayModel>(); }
std::unique_ptr<CostModel> MakeAmdahlModel() { return std::make_unique<AmdahlModel>(); }
std::unique_ptr<CostModel> MakeNoModel() { return std::make_unique<NoModel>(); }

}  // namespace advise::cost
