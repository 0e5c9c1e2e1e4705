// Task updates of SQL accumulators, added up for each stage attempt.
#include "model/build/accumulator_totals.h"

#include <algorithm>

namespace advise::model {

void AccumulatorTotals::Add(StageRow stage, std::span<const AccumulatorUpdate> updates) {
  if (updates.empty()) return;
  if (stages_.size() <= stage.index) stages_.resize(stage.index + 1);
  OfStage& of = stages_[stage.index];
  std::size_t next = 0;
  for (const AccumulatorUpdate& update : updates) {
    if (next >= of.totals.size() || of.totals[next].accumulator != update.accumulator) {
      const auto [found, fresh] =
          of.places.try_emplace(update.accumulator, static_cast<std::uint32_t>(of.totals.size()));
      if (fresh) of.totals.push_back({update.accumulator, stage});
      next = found->second;
    }
    AccumulatorTotal& total = of.totals[next];
    ++next;
    if (update.value < 0) {
      ++total.negative;
      continue;
    }
    total.min = total.count == 0 ? update.value : std::min(total.min, update.value);
    total.max = std::max(total.max, update.value);
    // Sums of hostile values wrap instead of being undefined.
    total.sum =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(total.sum) + static_cast<std::uint64_t>(update.value));
    ++total.count;
  }
}

std::vector<AccumulatorTotal> AccumulatorTotals::Sorted() const {
  std::size_t count = 0;
  for (const OfStage& stage : stages_) count += stage.totals.size();
  std::vector<AccumulatorTotal> all;
  all.reserve(count);
  for (const OfStage& stage : stages_) all.insert(all.end(), stage.totals.begin(), stage.totals.end());
  std::sort(all.begin(), all.end(), [](const AccumulatorTotal& a, const AccumulatorTotal& b) {
    return std::pair(a.accumulator, a.stage) < std::pair(b.accumulator, b.stage);
  });
  return all;
}

}  // namespace advise::model
