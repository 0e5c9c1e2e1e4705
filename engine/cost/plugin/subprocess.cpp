// hello, calibrate, predict …, bye: one request a line, one reply a line. Large arrays lie in a file of a private folder.
#include "cost/plugin/subprocess.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cost/plugin/line_process.h"
#include "cost/plugin/model_json.h"
#include "cost/plugin/task_table.h"
#include "support/quoted.h"

namespace advise::cost {
namespace {

namespace fs = std::filesystem;

class ProgramModel : public CostModel {
 public:
  ProgramModel(std::string path, const ModelLimits& limits)
      : path_(std::move(path)), process_(limits.call_ms, limits.line_bytes) {}
  ProgramModel(const ProgramModel&) = delete;
  ProgramModel& operator=(const ProgramModel&) = delete;
  ~ProgramModel() override {
    if (process_.running()) (void)Ask("\"op\":\"bye\"", "");
    process_.Stop();
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

  std::optional<Error> Start() {
    if (const std::string why = process_.Start(path_); !why.empty())
      return Error{DiagnosticCode::Usage, "the cost model " + Quoted(path_) + " cannot be started: " + why,
                   "it is run as a program: its file must be executable"};
    const Result<std::string> hello = Ask("\"op\":\"hello\",\"schema\":" + std::to_string(kModelSchema), "model");
    if (!hello) return hello.error();
    Result<ModelInfo> info = ParseInfo(*hello);
    if (!info) return info.error();
    info_ = std::move(*info);
    return std::nullopt;
  }

  [[nodiscard]] const ModelInfo& info() const override { return info_; }

  std::optional<Error> Calibrate(const ModelRun& run) override {
    if (const std::optional<Error> error = MakeFolder()) return error;
    const fs::path graph = folder_ / "graph.json";
    const fs::path tasks = folder_ / "tasks.bin";
    {
      std::ofstream graph_file(graph, std::ios::binary);
      graph_file << RunJson(run) << '\n';
      std::ofstream task_file(tasks, std::ios::binary);
      WriteTaskFile(run, task_file);
      if (!graph_file.flush() || !task_file.flush())
        return Error{DiagnosticCode::Usage, "the run cannot be written for the cost model " + Quoted(path_), ""};
    }
    const Result<std::string> handle =
        Ask("\"op\":\"calibrate\",\"run\":{\"graph\":" + JsonString(graph.string()) +
                ",\"tasks\":" + JsonString(tasks.string()) + "},\"options\":{}",
            "handle");
    if (!handle) return handle.error();
    if (handle->empty()) return Error{DiagnosticCode::Usage, "the cost model answers without `handle`", ""};
    handle_ = *handle;
    return std::nullopt;
  }

  Result<std::vector<ModelOutcome>> Predict(std::span<const ModelScenario> scenarios, std::uint64_t seed) override {
    ADVISE_TRY(const std::string outcomes,
               Ask("\"op\":\"predict\",\"handle\":" + handle_ + ",\"seed\":" + std::to_string(seed) +
                       ",\"scenarios\":" + ScenariosJson(scenarios),
                   "outcomes"));
    return ParseOutcomes(outcomes, scenarios.size());
  }

 private:
  Result<std::string> Ask(const std::string& members, const std::string& wanted) {
    const std::uint64_t id = ++asked_;
    ADVISE_TRY(const std::string line, process_.Ask("{\"id\":" + std::to_string(id) + "," + members + "}"));
    return ReplyMember(line, id, wanted);
  }

  std::optional<Error> MakeFolder() {
    if (!folder_.empty()) return std::nullopt;
    std::error_code error;
    const fs::path base = fs::temp_directory_path(error);
    std::string name = (error ? fs::path("/tmp") : base) / "advise-model-XXXXXX";
    if (mkdtemp(name.data()) == nullptr)
      return Error{DiagnosticCode::Usage, "no folder can be made for the cost model " + Quoted(path_), ""};
    folder_ = name;
    return std::nullopt;
  }

  std::string path_;
  LineProcess process_;
  ModelInfo info_;
  fs::path folder_;
  std::string handle_;
  std::uint64_t asked_ = 0;
};

}  // namespace

Result<std::unique_ptr<CostModel>> OpenSubprocess(const std::string& path, const ModelLimits& limits) {
  auto model = std::make_unique<ProgramModel>(path, limits);
  if (const std::optional<Error> error = model->Start()) return tl::unexpected<Error>(*error);
  return std::unique_ptr<CostModel>(std::move(model));
}

}  // namespace advise::cost
