// Cached RDDs, and which stages compute and read them. A stage reads a cached RDD if it gets to it from its last RDD
// and an earlier stage had computed it; what lies behind it is then not touched. The storage level is the one seen
// last, so a stage that ran before persist() was called counts as the one that cached.
#include <algorithm>
#include <limits>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "model/derive/derive.h"

namespace advise::model {
namespace {

// StorageLevel.description.
std::string StorageLevelText(const RawRdd& rdd) {
  std::string text;
  if (rdd.use_disk) text += "Disk ";
  if (rdd.use_memory) text += rdd.use_off_heap ? "Memory (off heap) " : "Memory ";
  text += rdd.deserialized ? "Deserialized " : "Serialized ";
  return text + std::to_string(rdd.replication) + "x Replicated";
}

// Counts of cached blocks are 0 while the stage is submitted and stay 0 without block updates: then they are unknown.
std::int64_t Measured(std::int64_t value) { return value > 0 ? value : kMissing; }

// Row of the cached RDD by RDD id.
std::unordered_map<std::int64_t, CachedRddRow> FillTable(JobModel& model) {
  std::unordered_map<std::int64_t, CachedRddRow> rows;
  CachedRddTable& table = model.cached_rdds;
  for (const RawRdd& rdd : model.rdds) {
    if (!rdd.has_storage_level()) continue;
    const std::size_t row = table.AddRow();
    rows.emplace(rdd.id, CachedRddRow(row));
    table.id.Set(row, rdd.id);
    table.name.Set(row, rdd.name);
    table.storage_level.Set(row, model.strings.Intern(StorageLevelText(rdd)));
    table.partitions.Set(row, rdd.partitions);
    table.cached_partitions.Set(row, Measured(rdd.cached_partitions));
    const bool measured = table.cached_partitions.Has(row);
    if (measured) table.memory.Set(row, rdd.memory);
    if (measured) table.disk.Set(row, rdd.disk);
    table.uses.Set(row, 0);
  }
  return rows;
}

class CacheTracker {
 public:
  CacheTracker(JobModel& model, const std::unordered_map<std::int64_t, CachedRddRow>& cached)
      : model_(model), cached_(cached) {
    computed_at_.assign(model.cached_rdds.size(), std::numeric_limits<std::int64_t>::max());
    parents_known_ = std::any_of(model.rdds.begin(), model.rdds.end(),
                                 [](const RawRdd& rdd) { return !rdd.parents.empty(); });
  }

  // Stages must come in the order in which they began.
  void Visit(std::size_t stage, std::int64_t began) {
    StageTable& stages = model_.stages;
    const std::span<const std::int64_t> rdds = stages.rdd_ids.Get(stage);
    std::unordered_set<std::int64_t> to_visit(rdds.begin(), rdds.end());  // of this stage, and not reached yet
    std::vector<std::int64_t> reached{rdds.front()};
    // Spark before 1.4 states no parents: a stage lists what it computes or reads, and each of them is reached.
    if (!parents_known_) reached.assign(to_visit.begin(), to_visit.end());
    for (const std::int64_t id : reached) to_visit.erase(id);
    while (!reached.empty()) {
      const std::int64_t id = reached.back();
      reached.pop_back();
      const auto cached = cached_.find(id);
      if (cached != cached_.end()) {
        const CachedRddRow row = cached->second;
        if (computed_at_[row.index] <= began) {
          stages.reads_cache.Mutable(stage).push_back(row);
          model_.cached_rdds.uses.Set(row.index, model_.cached_rdds.uses.Get(row.index) + 1);
          continue;
        }
        stages.caches.Mutable(stage).push_back(row);
      }
      if (const RawRdd* const rdd = model_.FindRdd(id)) {
        for (const std::int64_t parent : rdd->parents) {
          if (to_visit.erase(parent) != 0) reached.push_back(parent);
        }
      }
    }
    NoteComputed(stage);
  }

 private:
  // What the stage computed is there from its completion on; an attempt that failed may have cached a part only.
  void NoteComputed(std::size_t stage) {
    StageTable& stages = model_.stages;
    std::sort(stages.reads_cache.Mutable(stage).begin(), stages.reads_cache.Mutable(stage).end());
    std::sort(stages.caches.Mutable(stage).begin(), stages.caches.Mutable(stage).end());
    if (stages.status.Get(stage) != StageStatus::Complete) return;
    const std::int64_t end = stages.completed.Has(stage) ? stages.completed.Get(stage) : stages.last_finish.Get(stage);
    if (end == kMissing) return;
    for (const CachedRddRow row : stages.caches.Get(stage))
      computed_at_[row.index] = std::min(computed_at_[row.index], end);
  }

  JobModel& model_;
  const std::unordered_map<std::int64_t, CachedRddRow>& cached_;
  std::vector<std::int64_t> computed_at_;
  bool parents_known_ = true;
};

}  // namespace

void DeriveCachedRdds(JobModel& model) {
  const std::unordered_map<std::int64_t, CachedRddRow> cached = FillTable(model);
  StageTable& stages = model.stages;
  std::vector<std::pair<std::int64_t, std::size_t>> in_order;  // (began, stage) of executed stages with a cached RDD
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    const std::span<const std::int64_t> rdds = stages.rdd_ids.Get(stage);
    if (!stages.task_count.Has(stage)) continue;  // no Stage Info
    const bool is_cached = std::any_of(rdds.begin(), rdds.end(), [&](std::int64_t id) { return cached.contains(id); });
    stages.is_cached.Set(stage, is_cached);
    const std::int64_t began =
        stages.submitted.Has(stage) ? stages.submitted.Get(stage) : stages.first_launch.Get(stage);
    if (is_cached && began != kMissing && stages.submitted_flag.Get(stage)) in_order.emplace_back(began, stage);
  }
  std::sort(in_order.begin(), in_order.end());
  CacheTracker tracker(model, cached);
  for (const auto& [began, stage] : in_order) tracker.Visit(stage, began);
}

}  // namespace advise::model
