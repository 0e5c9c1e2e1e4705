// Loads a library, asks it through its five functions, and gives back what it allocated.
#include "cost/plugin/shared_library.h"

#include <dlfcn.h>

#include <cstring>
#include <sstream>

#include "cost/plugin/advise_cost.h"
#include "cost/plugin/model_json.h"
#include "cost/plugin/task_table.h"
#include "support/quoted.h"

namespace advise::cost {
namespace {

static_assert(ADVISE_COST_COMPONENT_COUNT == kComponents, "the C header has as many components as the model");

tl::unexpected<Error> LibraryError(const std::string& path, const std::string& what) {
  return Fail(DiagnosticCode::Usage, "the cost model " + Quoted(path) + " " + what,
              "engine/cost/plugin/README.md says what a plug-in has to be");
}

struct Functions {
  decltype(&advise_cost_describe) describe = nullptr;
  decltype(&advise_cost_calibrate) calibrate = nullptr;
  decltype(&advise_cost_predict) predict = nullptr;
  decltype(&advise_cost_free) free = nullptr;
  decltype(&advise_cost_release) release = nullptr;
};

template <class Function>
bool Find(void* library, const char* name, Function& into) {
  into = reinterpret_cast<Function>(dlsym(library, name));
  return into != nullptr;
}

class LibraryModel : public CostModel {
 public:
  LibraryModel(std::string path, void* library, Functions functions, ModelInfo info)
      : path_(std::move(path)), library_(library), functions_(functions), info_(std::move(info)) {}
  LibraryModel(const LibraryModel&) = delete;
  LibraryModel& operator=(const LibraryModel&) = delete;
  ~LibraryModel() override {
    if (model_ != nullptr) functions_.release(model_);
    dlclose(library_);
  }

  [[nodiscard]] const ModelInfo& info() const override { return info_; }

  std::optional<Error> Calibrate(const ModelRun& run) override {
    const TaskTable table = TaskTableOf(run);
    const TaskArrays& arrays = run.workload.tasks;
    advise_cost_tasks tasks{};
    tasks.size = sizeof tasks;
    tasks.n_tasks = arrays.size();
    tasks.stage = table.stage.data();
    tasks.start_ms = table.start.data();
    tasks.duration_ms = arrays.duration.data();
    for (std::size_t c = 0; c < kComponents; ++c) tasks.component_ms[c] = arrays.parts[c].data();
    tasks.input_bytes = arrays.input_bytes.data();
    tasks.shuffle_read_bytes = arrays.shuffle_read_bytes.data();
    tasks.shuffle_write_bytes = arrays.shuffle_write_bytes.data();
    const std::string graph = RunJson(run);
    advise_cost_run given{};
    given.size = sizeof given;
    given.tasks = &tasks;
    given.graph_json = graph.data();
    given.graph_json_len = graph.size();
    if (model_ != nullptr) functions_.release(model_);
    model_ = nullptr;
    char why[512] = "";
    if (functions_.calibrate(&given, &model_, why, sizeof why) == 0 && model_ != nullptr) return std::nullopt;
    return LibraryError(path_, "cannot be calibrated: " + Text(why)).value();
  }

  Result<std::vector<ModelOutcome>> Predict(std::span<const ModelScenario> scenarios, std::uint64_t seed) override {
    std::vector<ModelOutcome> outcomes;
    for (const ModelScenario& scenario : scenarios) {
      const std::string asked = ScenarioJson(scenario);
      char* answer = nullptr;
      std::size_t length = 0;
      char why[512] = "";
      const int status =
          functions_.predict(model_, asked.data(), asked.size(), seed, &answer, &length, why, sizeof why);
      std::string text;
      if (answer != nullptr) {
        if (status == 0) text.assign(answer, length);
        functions_.free(answer);
      }
      if (status != 0) return LibraryError(path_, "cannot predict: " + Text(why));
      ADVISE_TRY(ModelOutcome outcome, ParseOutcome(text));
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }

 private:
  static std::string Text(const char (&why)[512]) {
    const std::string text(why, strnlen(why, sizeof why));
    return text.empty() ? "it does not say why" : text;
  }

  std::string path_;
  void* library_;
  Functions functions_;
  ModelInfo info_;
  advise_cost_model* model_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<CostModel>> OpenSharedLibrary(const std::string& path) {
  // Without a slash dlopen would search the system's folders: a model is only ever the file that was named.
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const why = dlerror();
    return LibraryError(path, std::string("cannot be loaded") + (why != nullptr ? ": " + std::string(why) : ""));
  }
  const auto fail = [&](const std::string& what) {
    dlclose(library);
    return LibraryError(path, what);
  };
  Functions functions;
  if (!Find(library, "advise_cost_describe", functions.describe) ||
      !Find(library, "advise_cost_calibrate", functions.calibrate) ||
      !Find(library, "advise_cost_predict", functions.predict) || !Find(library, "advise_cost_free", functions.free) ||
      !Find(library, "advise_cost_release", functions.release))
    return fail("lacks a function of advise_cost.h");
  advise_cost_info described{};
  described.size = sizeof described;
  if (functions.describe(&described) != 0 || described.id == nullptr || described.version == nullptr)
    return fail("does not say what it is");
  if (described.abi != ADVISE_COST_ABI)
    return fail("was built for version " + std::to_string(described.abi) + " of advise_cost.h, this is " +
                std::to_string(ADVISE_COST_ABI));
  ModelInfo info{described.id, described.version, {}};
  std::stringstream names(described.ops_csv != nullptr ? described.ops_csv : "");
  for (std::string name; std::getline(names, name, ',');) info.operators.push_back(name);
  return std::unique_ptr<CostModel>(std::make_unique<LibraryModel>(path, library, functions, std::move(info)));
}

}  // namespace advise::cost
