// Bills: per executor, per node as a step function of the executors that are there, and capacity.
#include "cost/prices.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "cost/change_models.h"
#include "spark/values.h"

namespace advise::cost {
namespace {

constexpr double kMsPerHour = 3'600'000;
// spark.executor.memoryOverhead where it is not set: a tenth of the heap, at least 384 MiB.
constexpr double kOverheadShare = 0.1;
constexpr double kLeastOverhead = 384 * spark::kMiB;
// h until an executor that was taken back is there again. A prior.
constexpr double kRestartHours = 0.03;

double WithOverhead(double heap, std::optional<double> overhead) {
  return heap + (overhead && *overhead > 0 ? *overhead : std::max(kLeastOverhead, kOverheadShare * heap));
}

double BilledHours(const Prices& prices, double ms) {
  const double unit = std::max(prices.granularity_s, 0.001);
  const double seconds = std::ceil(ms / 1000 / unit - 1e-9) * unit;
  return std::max(seconds, prices.minimum_s) / 3600;
}

double ExecutorHours(const Usage& usage) {
  double hours = 0;
  for (const Lifetime& life : usage.executors) hours += life.count * std::max(0.0, life.to - life.from) / kMsPerHour;
  return hours;
}

// Expected hours that are worked again after an interruption, and waited: half of a task, or of all that the executor
// had done, since outputs go with it.
double SpotFactor(const Spot& spot, const Usage& usage) {
  double most = 0;
  for (const Lifetime& life : usage.executors) most = std::max(most, (life.to - life.from) / kMsPerHour);
  const double lost = spot.outputs_survive ? 0 : most / 2;
  return 1 + spot.interruptions * (lost + kRestartHours);
}

std::optional<double> NodeBill(const Prices& prices, const Container& container, const Usage& usage) {
  const NodeType* type = nullptr;
  double holds = 0;
  for (const NodeType& node : prices.nodes) {
    holds = std::floor(std::min(node.vcpu / container.cores,
                                container.memory_gib > 0 ? node.memory_gib / container.memory_gib : node.vcpu));
    if (holds < 1) continue;
    type = &node;
    break;
  }
  if (type == nullptr) return std::nullopt;
  struct Change {
    double time = 0;
    double executors = 0;
  };
  std::vector<Change> changes;
  for (const Lifetime& life : usage.executors) {
    if (life.to <= life.from || life.count <= 0) continue;
    changes.push_back({life.from, life.count});
    changes.push_back({life.to, -life.count});
  }
  std::ranges::stable_sort(changes, {}, &Change::time);
  // Node n is there while more executors are than the nodes before it hold. Those that are there at once are the same.
  double bill = 0;
  std::vector<double> since;
  double executors = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    executors += changes[i].executors;
    if (i + 1 < changes.size() && changes[i + 1].time == changes[i].time) continue;
    const auto nodes = static_cast<std::size_t>(std::ceil(executors / holds - 1e-9));
    while (since.size() < nodes) since.push_back(changes[i].time);
    while (since.size() > nodes) {
      bill += BilledHours(prices, changes[i].time - since.back());
      since.pop_back();
    }
  }
  const double hour = type->spot ? type->spot->hour * SpotFactor(*type->spot, usage) : type->hour;
  return bill * hour;
}

}  // namespace

std::string_view Word(Billing billing) {
  switch (billing) {
    case Billing::PerExecutor: return "per_executor";
    case Billing::PerNode: return "per_node";
    case Billing::FixedCluster: return "fixed_cluster";
  }
  return "";
}

std::optional<Container> ContainerOf(const model::JobModel& model, std::optional<double> heap,
                                     std::optional<double> cores) {
  Container container;
  if (!heap && model.app.executor_heap.Has(0)) heap = static_cast<double>(model.app.executor_heap.Get(0));
  if (!heap) heap = SettingNumber(model, "spark.executor.memory");
  if (!cores && model.app.executor_cores.Has(0)) cores = static_cast<double>(model.app.executor_cores.Get(0));
  if (!heap || !cores || *cores < 1) return std::nullopt;
  container.cores = *cores;
  double bytes = WithOverhead(*heap, SettingNumber(model, "spark.executor.memoryOverhead"));
  if (SettingNumber(model, "spark.memory.offHeap.enabled").value_or(0) > 0)
    bytes += SettingNumber(model, "spark.memory.offHeap.size").value_or(0);
  bytes += SettingNumber(model, "spark.executor.pyspark.memory").value_or(0);
  container.memory_gib = bytes / spark::kGiB;
  container.driver_cores = SettingNumber(model, "spark.driver.cores").value_or(1);
  container.driver_memory_gib = WithOverhead(SettingNumber(model, "spark.driver.memory").value_or(spark::kGiB),
                                             SettingNumber(model, "spark.driver.memoryOverhead")) /
                                spark::kGiB;
  return container;
}

std::optional<double> BillFor(const Prices& prices, const Container& container, const Usage& usage) {
  const double shuffle = usage.shuffle_bytes / spark::kGiB * usage.duration / kMsPerHour * prices.shuffle_gib_hour;
  switch (prices.billing) {
    case Billing::PerExecutor: {
      double hours = 0;
      for (const Lifetime& life : usage.executors) {
        if (life.to > life.from) hours += life.count * BilledHours(prices, life.to - life.from);
      }
      const auto rate = [&](double cores, double gib) { return cores * prices.vcpu_hour + gib * prices.gib_hour; };
      return hours * rate(container.cores, container.memory_gib) +
             BilledHours(prices, usage.duration) * rate(container.driver_cores, container.driver_memory_gib) + shuffle;
    }
    case Billing::PerNode: {
      const std::optional<double> nodes = NodeBill(prices, container, usage);
      if (!nodes) return std::nullopt;
      return *nodes + shuffle;
    }
    case Billing::FixedCluster: break;
  }
  return std::nullopt;
}

double CoreHours(const Container& container, const Usage& usage) { return ExecutorHours(usage) * container.cores; }

std::string FormatMoney(double amount, const std::string& currency) {
  const double size = std::abs(amount);
  const int whole = size > 0 ? static_cast<int>(std::floor(std::log10(size))) : 2;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", std::clamp(2 - whole, 0, 9), amount);
  return std::string(text) + " " + currency;
}

}  // namespace advise::cost
