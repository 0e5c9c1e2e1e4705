// What the settings say about the application: task.cpus, memory, dynamic allocation, AQE.
#include <algorithm>
#include <cmath>

#include "model/derive/derive.h"
#include "model/derive/slots.h"
#include "model/effective_setting.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

// In base units; nullopt where it is unknown.
std::optional<double> Number(const JobModel& model, std::string_view key) {
  return EffectiveSetting(model, key).number;
}

// Of the heap. Kubernetes gives processes outside the JVM more by default (BasicDriverFeatureStep). Before 3.3 the
// factor was fixed.
double OverheadFactor(const JobModel& model) {
  constexpr double kOfJvm = 0.1;
  constexpr double kOfOthers = 0.4;
  const spark::EffectiveValue factor = EffectiveSetting(model, "spark.executor.memoryOverheadFactor");
  if (factor.is_set() && factor.number && *factor.number >= 0 && *factor.number < 1000) return *factor.number;
  const bool kubernetes = model.strings.Get(model.app.master.Get(0)).starts_with("k8s");
  const std::string_view resource_type = model.SparkProperty("spark.kubernetes.resource.type").value_or("java");
  return kubernetes && resource_type != "java" ? kOfOthers : kOfJvm;
}

std::int64_t Overhead(const JobModel& model, std::int64_t heap) {
  if (const std::optional<double> bytes = Number(model, "spark.executor.memoryOverhead")) return SaturatingInt(*bytes);
  // A setting since 4.0, before it a constant.
  constexpr std::int64_t kLeast = 384 * spark::kMiB;
  const auto least =
      SaturatingInt(Number(model, "spark.executor.minMemoryOverhead").value_or(static_cast<double>(kLeast)));
  return std::max(least, SaturatingInt(std::floor(OverheadFactor(model) * static_cast<double>(heap))));
}

void FillMemory(JobModel& model) {
  const bool local = IsLocalMaster(model.strings.Get(model.app.master.Get(0)));
  const std::optional<double> driver = Number(model, "spark.driver.memory");
  const std::optional<double> executor = local ? driver : Number(model, "spark.executor.memory");
  if (driver) model.app.driver_heap.Set(0, SaturatingInt(*driver));
  if (!executor) return;
  const auto heap = SaturatingInt(*executor);
  model.app.executor_heap.Set(0, heap);
  model.app.executor_memory_overhead.Set(0, Overhead(model, heap));
}

}  // namespace

void DeriveAppSettings(JobModel& model) {
  model.app.task_cpus.Set(0, TaskCpus(model));
  FillMemory(model);
  if (!model.has_environment) return;
  const spark::EffectiveValue dynamic = EffectiveSetting(model, "spark.dynamicAllocation.enabled");
  // Off by default in every version, so in an unknown one too.
  if (dynamic.number || !dynamic.is_set()) model.app.dynamic_allocation.Set(0, dynamic.number.value_or(0) != 0);
  // Of the application; a session may say something else. A version that does not know the setting has no AQE.
  const spark::EffectiveValue aqe = EffectiveSetting(model, "spark.sql.adaptive.enabled");
  if (aqe.number || aqe.why == spark::NoValue::NoDefault) model.app.aqe.Set(0, aqe.number.value_or(0) != 0);
}

}  // namespace advise::model
