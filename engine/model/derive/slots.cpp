// How many tasks an executor runs at once: by cores, and by the scarcest resource that its profile asks for.
#include "model/derive/slots.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "model/effective_setting.h"
#include "spark/values.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

constexpr std::string_view kTaskResourcePrefix = "spark.task.resource.";
constexpr std::string_view kAmountSuffix = ".amount";

const RawResourceProfile* FindProfile(const JobModel& model, std::int64_t id) {
  for (const RawResourceProfile& profile : model.resource_profiles) {
    if (profile.id == id) return &profile;
  }
  return nullptr;
}

std::optional<double> AmountOf(const JobModel& model, const std::vector<RawResource>& resources,
                               std::string_view name) {
  for (const RawResource& resource : resources) {
    if (model.strings.Get(resource.name) == name) return resource.amount;
  }
  return std::nullopt;
}

// How many tasks share `available` addresses of a resource. A task that needs half an address shares one with one other
// task, never halves of two (ResourceUtils.calculateAmountAndPartsForFraction). 1e-9: 1/0.0625 must not become 15.
std::int64_t TasksByResource(double available, double needed) {
  constexpr double kRounding = 1e-9;
  if (needed < 1) return SaturatingInt(std::floor(available + kRounding) * std::floor(1 / needed + kRounding));
  return SaturatingInt(std::floor(available / needed + kRounding));
}

// Limit by gpu and the like out of the profile; no limit where the executor's amount is unknown.
std::int64_t LimitByProfile(const JobModel& model, const RawResourceProfile& profile, std::int64_t slots) {
  for (const RawResource& needed : profile.task) {
    const std::string_view name = model.strings.Get(needed.name);
    if (name == "cpus" || needed.amount <= 0) continue;
    const std::optional<double> available = AmountOf(model, profile.executor, name);
    if (available) slots = std::min(slots, TasksByResource(*available, needed.amount));
  }
  return slots;
}

// The same out of spark.{task,executor}.resource.<name>.amount: Spark 3.0 has resources but logs no profiles.
std::int64_t LimitBySettings(const JobModel& model, std::int64_t slots) {
  for (auto at = model.spark_properties.lower_bound(kTaskResourcePrefix);
       at != model.spark_properties.end() && at->first.starts_with(kTaskResourcePrefix); ++at) {
    if (!at->first.ends_with(kAmountSuffix)) continue;
    const std::optional<double> needed = spark::ParseReal(at->second);
    const std::string executor_key = "spark.executor.resource." + at->first.substr(kTaskResourcePrefix.size());
    const std::optional<std::string_view> executor_amount = model.SparkProperty(executor_key);
    const std::optional<double> available = executor_amount ? spark::ParseReal(*executor_amount) : std::nullopt;
    if (needed && *needed > 0 && available) slots = std::min(slots, TasksByResource(*available, *needed));
  }
  return slots;
}

}  // namespace

std::int64_t TaskCpus(const JobModel& model) {
  const double cpus = EffectiveSetting(model, "spark.task.cpus").number.value_or(1);
  return cpus > 0 ? SaturatingInt(cpus) : 1;
}

bool IsLocalMaster(std::string_view master) { return master == "local" || master.starts_with("local["); }

std::optional<std::int64_t> CoresOfLocalMaster(std::string_view master) {
  if (master == "local") return 1;
  if (!master.starts_with("local[")) return std::nullopt;
  const std::string_view inner = master.substr(6);
  const std::optional<std::int64_t> cores = spark::ParseInt(inner.substr(0, inner.find_first_of(",]")));
  return cores && *cores > 0 ? cores : std::nullopt;
}

std::optional<std::int64_t> SlotsOf(const JobModel& model, ExecutorRow executor) {
  const std::size_t row = executor.index;
  if (!model.executors.cores.Has(row)) return std::nullopt;
  const std::int64_t profile_id =
      model.executors.resource_profile.Has(row) ? model.executors.resource_profile.Get(row) : 0;
  const RawResourceProfile* const profile = FindProfile(model, profile_id);
  const std::optional<double> profile_cpus = profile ? AmountOf(model, profile->task, "cpus") : std::nullopt;
  const std::int64_t cpus = profile_cpus && *profile_cpus >= 1 ? SaturatingInt(*profile_cpus) : TaskCpus(model);
  const std::int64_t slots = model.executors.cores.Get(row) / cpus;
  if (IsLocalMaster(model.strings.Get(model.app.master.Get(0)))) return slots;
  return profile ? LimitByProfile(model, *profile, slots) : LimitBySettings(model, slots);
}

}  // namespace advise::model
