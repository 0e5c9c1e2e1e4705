// Takes recommendation after recommendation while the settings stay legal together.
#include "recommend/paste_block.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "model/effective_setting.h"

namespace advise::recommend {
namespace {

// What would be in force: the new values over those of the application.
class Together {
 public:
  explicit Together(const model::JobModel& model) : model_(&model) {}

  void Set(const std::string& key, const spark::SettingValue& value) { set_.insert_or_assign(key, value); }
  [[nodiscard]] const spark::SettingValue* Find(std::string_view key) const {
    const auto found = set_.find(key);
    return found == set_.end() ? nullptr : &found->second;
  }

  // nullopt: unknown, or not set and without a default.
  [[nodiscard]] std::optional<double> Number(std::string_view key) const {
    if (const spark::SettingValue* value = Find(key)) return value->number;
    const spark::EffectiveValue value = model::EffectiveSetting(*model_, key);
    // Not set, an executor of a standalone cluster takes all cores of its worker, whatever the registry's default.
    if (key == "spark.executor.cores" && !value.is_set()) return std::nullopt;
    return value.number;
  }
  [[nodiscard]] bool IsOn(std::string_view key) const { return Number(key).value_or(0) != 0; }
  [[nodiscard]] bool IsOff(std::string_view key) const { return Number(key).value_or(1) == 0; }

 private:
  const model::JobModel* model_;
  std::map<std::string, spark::SettingValue, std::less<>> set_;
};

// One setting may not be larger than another.
struct Order {
  std::string_view small;
  std::string_view large;
  bool equal = true;        // they may be equal
  std::string_view when{};  // counts only while this is on; empty: always
};
constexpr Order kOrders[] = {
    // TaskSchedulerImpl, ResourceProfile: an executor without room for a task.
    {"spark.task.cpus", "spark.executor.cores"},
    {"spark.executor.cores", "spark.cores.max"},
    // ExecutorAllocationManager.validateSettings.
    {"spark.dynamicAllocation.minExecutors", "spark.dynamicAllocation.maxExecutors", true,
     "spark.dynamicAllocation.enabled"},
    // Utils.getDynamicAllocationInitialExecutors warns and takes the larger; the smaller is then without effect.
    {"spark.dynamicAllocation.minExecutors", "spark.dynamicAllocation.initialExecutors", true,
     "spark.dynamicAllocation.enabled"},
    {"spark.dynamicAllocation.initialExecutors", "spark.dynamicAllocation.maxExecutors", true,
     "spark.dynamicAllocation.enabled"},
    // SparkConf.validateSettings.
    {"spark.executor.heartbeatInterval", "spark.network.timeout", false},
    // KryoSerializer.
    {"spark.kryoserializer.buffer", "spark.kryoserializer.buffer.max"},
};

// A setting, or all below a prefix that ends in a point, that does nothing or fails unless another is on.
struct Need {
  std::string_view key;
  std::string_view on;
};
constexpr Need kNeeds[] = {
    {"spark.sql.adaptive.", "spark.sql.adaptive.enabled"},
    {"spark.sql.adaptive.skewJoin.", "spark.sql.adaptive.skewJoin.enabled"},
    {"spark.sql.adaptive.coalescePartitions.", "spark.sql.adaptive.coalescePartitions.enabled"},
    {"spark.dynamicAllocation.", "spark.dynamicAllocation.enabled"},
    {"spark.storage.decommission.", "spark.decommission.enabled"},
    {"spark.speculation.", "spark.speculation"},
};

bool Covers(const Need& need, std::string_view key) {
  if (key == need.on) return false;
  return need.key.ends_with('.') ? key.starts_with(need.key) : key == need.key;
}

// What is against the settings together; nullopt: nothing that is known. `changed` are the keys that matter: what is
// wrong already without them is not theirs.
std::optional<std::string> Problem(const Together& all, const std::vector<std::string_view>& changed) {
  const auto touches = [&](std::string_view key) { return std::ranges::find(changed, key) != changed.end(); };
  for (const Order& order : kOrders) {
    if (!touches(order.small) && !touches(order.large)) continue;
    if (!order.when.empty() && !all.IsOn(order.when)) continue;
    const auto small = all.Number(order.small);
    const auto large = all.Number(order.large);
    if (!small || !large || *small < *large || (order.equal && *small == *large)) continue;
    return std::string(order.small) + " would " + (order.equal ? "exceed " : "reach ") + std::string(order.large);
  }
  for (const Need& need : kNeeds) {
    for (const std::string_view key : changed) {
      if (Covers(need, key) && all.IsOff(need.on))
        return std::string(key) + " has no effect while " + std::string(need.on) + " is false";
    }
  }
  // ExecutorAllocationManager.validateSettings: what keeps shuffled data when an executor goes.
  if (touches("spark.dynamicAllocation.enabled") && all.IsOn("spark.dynamicAllocation.enabled") &&
      !all.IsOn("spark.shuffle.service.enabled") && !all.IsOn("spark.dynamicAllocation.shuffleTracking.enabled") &&
      !(all.IsOn("spark.decommission.enabled") && all.IsOn("spark.storage.decommission.shuffleBlocks.enabled"))) {
    return "spark.dynamicAllocation.enabled needs spark.shuffle.service.enabled or "
           "spark.dynamicAllocation.shuffleTracking.enabled";
  }
  // MemoryManager requires a size.
  if (touches("spark.memory.offHeap.enabled") && all.IsOn("spark.memory.offHeap.enabled") &&
      all.Number("spark.memory.offHeap.size").value_or(0) <= 0)
    return "spark.memory.offHeap.enabled needs spark.memory.offHeap.size";
  return std::nullopt;
}

StartForm FormOf(const model::JobModel& model) {
  switch (model.app.environment.Get(0)) {
    case model::Environment::Databricks: return StartForm::ClusterConfig;
    case model::Environment::Dataproc: return StartForm::JobProperties;
    default: return StartForm::SparkSubmit;
  }
}

// Once a key; `number` is the recommendation that asks.
void Add(std::vector<PastedSetting>& settings, const Change& change, std::size_t number) {
  const auto known = std::ranges::find(settings, change.key, &PastedSetting::key);
  if (known == settings.end()) {
    settings.push_back({change.key, change.to, {number}});
  } else if (known->recommendations.back() != number) {
    known->recommendations.push_back(number);
  }
}

}  // namespace

PasteBlock MakePasteBlock(const std::vector<Recommendation>& recommendations, const model::JobModel& model) {
  PasteBlock block;
  block.start_form = FormOf(model);
  Together all(model);
  for (std::size_t number = 0; number < recommendations.size(); ++number) {
    const Recommendation& recommendation = recommendations[number];
    if (!recommendation.chosen) continue;
    Together with = all;
    std::vector<std::string_view> changed;
    for (const Change& change : recommendation.changes) {
      if (change.kind != ChangeKind::Conf) continue;
      with.Set(change.key, change.to);
      changed.push_back(change.key);
    }
    if (changed.empty()) continue;
    if (auto problem = Problem(with, changed)) {
      block.left_out.push_back({number, std::move(*problem)});
      continue;
    }
    all = std::move(with);
    for (const Change& change : recommendation.changes) {
      if (change.kind != ChangeKind::Conf) continue;
      Add(change.scope == Scope::Session ? block.in_session : block.at_start, change, number);
    }
  }
  return block;
}

std::optional<std::string> AgainstTogether(const std::vector<const Recommendation*>& recommendations,
                                           const model::JobModel& model) {
  Together all(model);
  std::vector<std::string_view> changed;
  for (const Recommendation* recommendation : recommendations) {
    for (const Change& change : recommendation->changes) {
      if (change.kind != ChangeKind::Conf) continue;
      const spark::SettingValue* other = all.Find(change.key);
      if (other != nullptr && other->text != change.to.text)
        return change.key + " cannot be " + other->text + " and " + change.to.text;
      all.Set(change.key, change.to);
      changed.push_back(change.key);
    }
  }
  return Problem(all, changed);
}

}  // namespace advise::recommend
