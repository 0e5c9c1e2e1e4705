// What the settings say about the application: task.cpus, memory, dynamic allocation, AQE. Defaults are those of the
// version that wrote the log (the registries of Spark 2.4 to 4.3; before that docs/configuration.md); an unknown
// version has none.
#include <algorithm>
#include <cmath>

#include "model/derive/derive.h"
#include "model/derive/slots.h"
#include "spark/conf_values.h"

namespace advise::model {
namespace {

// The first of the keys that is set.
std::optional<std::string_view> FirstSet(const JobModel& model, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const std::optional<std::string_view> text = model.SparkProperty(key)) return text;
  }
  return std::nullopt;
}

// A memory setting in MiB, or its default.
std::optional<std::int64_t> Memory(const JobModel& model, std::string_view key) {
  if (const std::optional<std::string_view> text = model.SparkProperty(key))
    return spark::ParseBytes(*text, spark::kMiB);
  if (!model.has_environment || !model.version.known) return std::nullopt;
  return model.version.since_code() < 15 ? 512 * spark::kMiB : spark::kGiB;  // 1g since 1.5
}

// Of the heap. 0.1 since 1.4; Kubernetes gives processes outside the JVM 0.4 (BasicDriverFeatureStep).
double OverheadFactor(const JobModel& model) {
  const std::optional<std::string_view> text =
      FirstSet(model, {"spark.executor.memoryOverheadFactor", "spark.kubernetes.memoryOverheadFactor"});
  const std::optional<double> factor = text ? spark::ParseReal(*text) : std::nullopt;
  if (factor && *factor >= 0 && *factor < 1000) return *factor;
  const bool kubernetes = model.strings.Get(model.app.master.Get(0)).starts_with("k8s");
  const std::string_view resource_type = model.SparkProperty("spark.kubernetes.resource.type").value_or("java");
  return kubernetes && resource_type != "java" ? 0.4 : 0.1;
}

std::int64_t Overhead(const JobModel& model, std::int64_t heap) {
  const std::optional<std::string_view> text =
      FirstSet(model, {"spark.executor.memoryOverhead", "spark.yarn.executor.memoryOverhead"});
  if (text) {
    if (const std::optional<std::int64_t> bytes = spark::ParseBytes(*text, spark::kMiB)) return *bytes;
  }
  const std::optional<std::string_view> least_text =
      model.SparkProperty("spark.executor.minMemoryOverhead");  // since 4.0
  const std::int64_t least =
      (least_text ? spark::ParseBytes(*least_text, spark::kMiB) : std::nullopt).value_or(384 * spark::kMiB);
  return std::max(least, static_cast<std::int64_t>(std::floor(OverheadFactor(model) * static_cast<double>(heap))));
}

void FillMemory(JobModel& model) {
  const bool local = IsLocalMaster(model.strings.Get(model.app.master.Get(0)));
  const std::optional<std::int64_t> driver = Memory(model, "spark.driver.memory");
  const std::optional<std::int64_t> executor = local ? driver : Memory(model, "spark.executor.memory");
  if (driver) model.app.driver_heap.Set(0, *driver);
  if (!executor) return;
  model.app.executor_heap.Set(0, *executor);
  model.app.executor_memory_overhead.Set(0, Overhead(model, *executor));
}

void FillFlag(const JobModel& model, FlagColumn& column, std::string_view key, std::optional<bool> default_value) {
  const std::optional<std::string_view> text = model.SparkProperty(key);
  const std::optional<bool> value = text ? spark::ParseBool(*text) : default_value;
  if (model.has_environment && value) column.Set(0, *value);
}

}  // namespace

void DeriveAppSettings(JobModel& model) {
  model.app.task_cpus.Set(0, TaskCpus(model));
  FillMemory(model);
  FillFlag(model, model.app.dynamic_allocation, "spark.dynamicAllocation.enabled", false);
  // SPARK-33679: on by default since 3.2. Settings of a session are not in the environment:
  // sql_executions.modified_conf.
  std::optional<bool> aqe_default;
  if (model.version.known) aqe_default = model.version.since_code() >= 32;
  FillFlag(model, model.app.aqe, "spark.sql.adaptive.enabled", aqe_default);
}

}  // namespace advise::model
