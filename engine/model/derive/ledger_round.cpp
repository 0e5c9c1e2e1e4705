// Rounding by largest remainders.
#include "model/derive/ledger_round.h"

#include <algorithm>
#include <cstddef>

#include "support/check.h"

namespace advise::model::ledger {

std::vector<std::int64_t> RoundToMicroseconds(std::vector<std::int64_t> units, int bits, std::int64_t total_us) {
  struct Remainder {
    std::int64_t rest = 0;
    std::size_t at = 0;
  };
  const std::int64_t per_ms = std::int64_t{1} << bits;
  std::vector<Remainder> remainders;
  std::int64_t sum = 0;
  for (std::size_t at = 0; at < units.size(); ++at) {
    const std::int64_t part = units[at] % per_ms * 1000;
    units[at] = units[at] / per_ms * 1000 + part / per_ms;
    sum += units[at];
    remainders.push_back({part % per_ms, at});
  }
  const auto missing = static_cast<std::size_t>(total_us - sum);
  ADVISE_CHECK(total_us >= sum && missing <= units.size(), "the ledger's units add up to its duration");
  std::ranges::nth_element(
      remainders, remainders.begin() + static_cast<std::ptrdiff_t>(missing),
      [](const Remainder& a, const Remainder& b) { return a.rest != b.rest ? a.rest > b.rest : a.at < b.at; });
  for (std::size_t i = 0; i < missing; ++i) ++units[remainders[i].at];
  return units;
}

}  // namespace advise::model::ledger
