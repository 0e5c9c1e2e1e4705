// Models of costs: the built-in ones hold to the suite, an own class is one too, and models that are wrong are found out.
#include <doctest/doctest.h>

#include <algorithm>

#include "cost/plugin/cost_model.h"
#include "cost/plugin/model_json.h"

namespace advise::test {
namespace {

using cost::CostModel;
using cost::ModelCheck;
using cost::ModelOutcome;
using cost::ModelScenario;

std::vector<std::string> FailuresOf(const std::function<Result<std::unique_ptr<CostModel>>()>& open) {
  std::vector<std::string> failed;
  for (const ModelCheck& check : cost::CheckModel(open)) {
    if (check.verdict == ModelCheck::Verdict::Fails) failed.push_back(check.name);
  }
  return failed;
}

TEST_CASE("cost/plugin: the built-in models hold to the suite") {
  for (const std::string_view name : cost::BuiltInModels()) {
    CAPTURE(name);
    CHECK(FailuresOf([&] { return cost::OpenCostModel(std::string(name)); }) == std::vector<std::string>{});
  }
  CHECK_FALSE(cost::OpenCostModel("no-such-model"));
}

// An example of a model in process: time follows the work that is scaled. With faults, for the tests.
enum class Fault : std::uint8_t { None, Forgets, Drifts, Silent, Cold };
class ScaleModel : public CostModel {
 public:
  explicit ScaleModel(Fault fault) : fault_(fault) {}
  [[nodiscard]] const cost::ModelInfo& info() const override { return info_; }
  std::optional<Error> Calibrate(const cost::ModelRun& run) override {
    duration_ = fault_ == Fault::Cold ? 1000 : run.workload.duration;
    return std::nullopt;
  }
  Result<std::vector<ModelOutcome>> Predict(std::span<const ModelScenario> scenarios, std::uint64_t) override {
    std::vector<ModelOutcome> outcomes;
    for (const ModelScenario& scenario : scenarios) {
      double time = duration_;
      ModelOutcome outcome;
      for (const cost::Effect& effect : scenario.effects) {
        if (const auto* scale = std::get_if<cost::ScaleComponents>(&effect)) {
          time *= scale->factor.mid;
        } else if (fault_ != Fault::Silent) {
          outcome.unsupported.emplace_back(cost::OperatorName(effect));
        }
      }
      if (fault_ != Fault::Forgets)
        outcome.unsupported.insert(outcome.unsupported.end(), scenario.unknown.begin(), scenario.unknown.end());
      if (fault_ == Fault::Drifts) time += ++asked_;
      outcome.time = {0.9 * time, time, 1.1 * time};
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }

 private:
  Fault fault_;
  cost::ModelInfo info_{"scale", "1", {"scale"}};
  double duration_ = 0;
  double asked_ = 0;
};

TEST_CASE("cost/plugin: a class of one's own is a model, and faults are found") {
  const auto failures = [](Fault fault) {
    return FailuresOf([fault]() -> Result<std::unique_ptr<CostModel>> { return std::make_unique<ScaleModel>(fault); });
  };
  using Names = std::vector<std::string>;
  CHECK(failures(Fault::None) == Names{});
  CHECK(failures(Fault::Forgets) == Names{"an operator that nobody knows is told, not left out"});
  CHECK(failures(Fault::Silent) == Names{"a lag of 0 changes nothing"});
  const Names drifts = failures(Fault::Drifts);
  CHECK(std::ranges::count(drifts, "the same question has the same answer") == 1);
  CHECK(failures(Fault::Cold) == Names{"no change is the run itself", "all times doubled double the run"});
}

TEST_CASE("cost/plugin: what a plug-in answers is checked") {
  const auto error = [](const std::string& text) {
    const auto outcome = cost::ParseOutcome(text);
    return outcome ? std::string() : outcome.error().message;
  };
  CHECK(error(R"({"time_ms":{"lo":1,"mid":2,"hi":3}})") == "");
  for (const char* const wrong :
       {"", "garbage", "[]", "{}", R"({"time_ms":5})", R"({"time_ms":{"lo":3,"mid":2,"hi":1}})",
        R"({"time_ms":{"lo":-1,"mid":2,"hi":3}})", R"({"time_ms":{"lo":1,"mid":2,"hi":1e999}})",
        R"({"time_ms":{"lo":1,"mid":null,"hi":3}})", R"({"time_ms":{"lo":1,"mid":2,"hi":3},"unsupported":"scale"})",
        R"({"time_ms":{"lo":1,"mid":2,"hi":3},"spill_bytes":{"lo":1}})"}) {
    CAPTURE(wrong);
    CHECK(error(wrong).starts_with("the cost model answers"));
  }
  CHECK_FALSE(cost::ParseOutcomes(R"([{"time_ms":{"lo":1,"mid":2,"hi":3}}])", 2));
  CHECK(*cost::ReplyMember(R"({"id":3,"ok":true,"handle":"h1"})", 3, "handle") == R"("h1")");
  CHECK_FALSE(cost::ReplyMember(R"({"id":4,"ok":true})", 3, "handle"));
  CHECK(cost::ReplyMember(R"({"id":3,"ok":false,"error":{"code":"unsupported","op":"scale"}})", 3, "x").error().message ==
        "the cost model refuses, unsupported, scale");
  CHECK_FALSE(cost::ReplyMember(std::string(100'000, '['), 3, "x"));
}

}  // namespace
}  // namespace advise::test
