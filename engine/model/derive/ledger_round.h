// Units of the sweep to whole microseconds, so that the sum stays exact. Private to derive/.
#pragma once

#include <cstdint>
#include <vector>

namespace advise::model::ledger {

// Each value in µs, rounded down or up, such that they add up to `total_us`: those with the largest remainders go up,
// of equal ones the first. `units` are 1/2^bits ms and add up to exactly total_us / 1000 ms.
std::vector<std::int64_t> RoundToMicroseconds(std::vector<std::int64_t> units, int bits, std::int64_t total_us);

}  // namespace advise::model::ledger
