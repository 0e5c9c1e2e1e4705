// Names of operators and models; which way a path is opened.
#include "cost/plugin/cost_model.h"

#include <array>
#include <filesystem>

#include "cost/plugin/built_in.h"
#include "cost/plugin/shared_library.h"
#include "cost/plugin/subprocess.h"
#include "support/quoted.h"

namespace advise::cost {
namespace {

// By Effect::index().
constexpr std::array<std::string_view, std::variant_size_v<Effect>> kOperators = {
    "drop_stages",   "add_work",    "change_volume", "set_partitions", "coalesce",      "split_tasks",
    "cap_component", "scale",       "scale_tasks",   "cap_tasks",      "set_slots",     "scale_arrivals",
    "keep_executor", "fair",        "scale_gaps",    "add_lag"};

struct BuiltInModel {
  std::string_view name;
  std::unique_ptr<CostModel> (*make)();
};
constexpr BuiltInModel kBuiltInModels[] = {
    {"replay", MakeReplayModel}, {"amdahl", MakeAmdahlModel}, {"none", MakeNoModel}};
constexpr std::string_view kBuiltInNames[] = {"replay", "amdahl", "none"};

}  // namespace

std::string_view OperatorName(const Effect& effect) { return kOperators[effect.index()]; }

std::vector<std::string> OperatorNames() { return {kOperators.begin(), kOperators.end()}; }

std::span<const std::string_view> BuiltInModels() { return kBuiltInNames; }

Result<std::unique_ptr<CostModel>> OpenCostModel(const std::string& name_or_path, const ModelLimits& limits) {
  for (const BuiltInModel& model : kBuiltInModels) {
    if (name_or_path == model.name) return model.make();
  }
  std::error_code error;
  if (!std::filesystem::is_regular_file(name_or_path, error)) {
    return Fail(DiagnosticCode::Usage, "there is no cost model " + Quoted(name_or_path),
                "replay, amdahl and none are built in; anything else is the path of a plug-in");
  }
  const std::filesystem::path path(name_or_path);
  return path.extension() == ".so" ? OpenSharedLibrary(name_or_path) : OpenSubprocess(name_or_path, limits);
}

}  // namespace advise::cost
