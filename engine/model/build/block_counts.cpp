// Blocks in the executors' storage, as Spark's AppStatusListener counts them.
#include "model/build/block_counts.h"

#include <algorithm>

#include "support/saturating.h"

namespace advise::model {

BlockCounts::State& BlockCounts::At(ExecutorRow row) {
  if (executors_.size() <= row.index) executors_.resize(row.index + 1);
  return executors_[row.index];
}

void BlockCounts::SubmitStage(const StageInfo& info) {
  for (const RddInfo& rdd : info.rdds) {
    if (rdd.use_disk || rdd.use_memory || rdd.use_off_heap) live_rdds_.insert(rdd.id);
  }
}

void BlockCounts::AddBlockManager(ExecutorRow row, const BlockManagerAdded& event) {
  if (event.on_heap == kMissing) return;
  // SPARK-30594: a block manager that (re-)registers reports all its blocks again.
  State& executor = At(row);
  executor.used_on_heap = 0;
  executor.used_off_heap = 0;
}

void BlockCounts::Update(ExecutorRow row, const BlockUpdated& event) {
  State& executor = At(row);
  const bool valid = event.use_memory || event.use_disk;
  const std::int64_t memory = event.use_memory ? event.memory : -event.memory;
  const std::int64_t disk = event.use_disk ? event.disk : -event.disk;
  const auto add = [](std::int64_t& value, std::int64_t delta) {
    value = std::max<std::int64_t>(0, SaturatingAdd(value, delta));
  };
  add(executor.memory_used, memory);
  add(executor.disk_used, disk);
  if (model_.executors.on_heap_memory.Has(row.index))
    add(event.use_off_heap ? executor.used_off_heap : executor.used_on_heap, memory);
  if (event.rdd == kMissing || !live_rdds_.contains(event.rdd)) return;
  std::vector<ExecutorRow>& holders = blocks_[{event.rdd, std::string(event.block)}];
  const auto at = std::find(holders.begin(), holders.end(), row);
  if (valid && at == holders.end()) {
    holders.push_back(row);
    ++executor.rdd_blocks;
  } else if (!valid) {
    if (at != holders.end()) holders.erase(at);
    --executor.rdd_blocks;
  }
}

void BlockCounts::Write() {
  if (!known_) return;
  ExecutorTable& t = model_.executors;
  executors_.resize(t.size());
  for (std::size_t row = 0; row < t.size(); ++row) {
    const State& executor = executors_[row];
    t.rdd_blocks.Set(row, std::max<std::int64_t>(0, executor.rdd_blocks));
    t.memory_used.Set(row, executor.memory_used);
    t.disk_used.Set(row, executor.disk_used);
    t.used_on_heap_memory.Set(row, executor.used_on_heap);
    t.used_off_heap_memory.Set(row, executor.used_off_heap);
  }
}

}  // namespace advise::model
