// Task updates of SQL accumulators, added up for each stage attempt.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/job_model.h"
#include "model/raw_events.h"

namespace advise::model {

class AccumulatorTotals {
 public:
  void Add(StageRow stage, std::span<const AccumulatorUpdate> updates);
  // Of all stages, by (accumulator, stage).
  [[nodiscard]] std::vector<AccumulatorTotal> Sorted() const;

 private:
  // Accumulators of a stage attempt in order of first appearance. Tasks of a stage update the same accumulators in the
  // same order, so the entry after the last hit is nearly always the next one.
  struct OfStage {
    std::vector<AccumulatorTotal> totals;
    std::unordered_map<std::int64_t, std::uint32_t> places;  // accumulator → in `totals`
  };
  std::vector<OfStage> stages_;  // by row
};

}  // namespace advise::model
