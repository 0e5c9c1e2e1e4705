// Models of what a change costs, behind one interface: the built-in ones, a shared library (advise_cost.h), a program
// that speaks JSON lines (README.md). A plug-in runs only when the user names it, and what it says is checked.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cost/effect.h"
#include "cost/predict.h"
#include "cost/replay.h"
#include "cost/workload.h"
#include "support/result.h"

namespace advise::cost {

struct ModelInfo {
  std::string id;
  std::string version;
  std::vector<std::string> operators;  // that it knows (OperatorName)
};

// One set of effects that is made together. `unknown` are further operators, by name: no model has them (model-check).
struct ModelScenario {
  std::vector<Effect> effects;
  std::vector<std::string> unknown;
};

struct ModelOutcome {
  Interval time;  // ms of the run, without the noise between two runs
  std::optional<Interval> slot_time;
  std::optional<Interval> shuffle_bytes;
  std::optional<Interval> spilled_bytes;
  std::vector<std::string> unsupported;  // operators that the model could not apply: never left out in silence
};

// What a model learns of the run: it and its replay with nothing changed. Both outlive the model.
struct ModelRun {
  const Workload& workload;
  const ReplayTrace& unchanged;
};

// Errors are a sentence for the user, with the code "usage". After an error of Predict the model is not asked again.
class CostModel {
 public:
  virtual ~CostModel() = default;
  [[nodiscard]] virtual const ModelInfo& info() const = 0;
  // Once, before Predict.
  virtual std::optional<Error> Calibrate(const ModelRun& run) = 0;
  // One outcome a scenario, in their order. Same seed, same outcomes.
  virtual Result<std::vector<ModelOutcome>> Predict(std::span<const ModelScenario> scenarios, std::uint64_t seed) = 0;
};

struct ModelLimits {
  std::uint32_t call_ms = 10'000;         // of one call of a program; a shared library cannot be stopped
  std::size_t line_bytes = 16ULL << 20;  // of a line of its answers
};

// "replay", "amdahl" or "none", else the path of a plug-in: a shared library (.so), or a program.
Result<std::unique_ptr<CostModel>> OpenCostModel(const std::string& name_or_path, const ModelLimits& limits = {});
std::span<const std::string_view> BuiltInModels();

// "scale", "set_slots", …; the name in scenarios that plug-ins get.
std::string_view OperatorName(const Effect& effect);
std::vector<std::string> OperatorNames();

// ---------------------------------------------------------------- conformance
struct ModelCheck {
  enum class Verdict : std::uint8_t { Holds, Fails, Skipped };
  std::string name;
  Verdict verdict = Verdict::Holds;
  std::string detail;  // what was seen; empty: it holds
};
// What every model must hold to, tried on runs made for it: `open` makes a fresh one.
std::vector<ModelCheck> CheckModel(const std::function<Result<std::unique_ptr<CostModel>>()>& open);

}  // namespace advise::cost
