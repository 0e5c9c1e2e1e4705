// What the wall time of each task attempt was spent on, for the ledger. Private to derive/.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/derive/ledger_sweep.h"
#include "model/job_model.h"

namespace advise::model::ledger {

// Most that an inferred or bounded part can be, in units: index LedgerPart. 0 for the others.
using MostUnits = std::array<std::int64_t, kLedgerParts>;

// Divides task_units[row] among the parts of the attempt and adds them to `cells`: the sum of what is added is the sum
// of task_units. Time of attempts without a stage goes to `stageless`, by part.
MostUnits AddComponents(const JobModel& model, std::span<const std::int64_t> task_units, StageCells& cells,
                        std::array<std::int64_t, kLedgerParts>& stageless);

// Weights >= 0 such that intercept + sum of weight x value comes nearest to `y`, in the sense of least squares; out of
// sums over observations. For tests.
inline constexpr std::size_t kCauses = 3;
struct LeastSquares {
  double n = 0;
  double y = 0;
  double yy = 0;
  std::array<double, kCauses> x{};
  std::array<double, kCauses> xy{};
  std::array<std::array<double, kCauses>, kCauses> xx{};

  void Add(const std::array<double, kCauses>& values, double observed);
  struct Fit {
    double intercept = 0;
    std::array<double, kCauses> weight{};
    double r2 = 0;  // share of the variance explained
  };
  [[nodiscard]] Fit Solve() const;
};

}  // namespace advise::model::ledger
