// What follows from the measured times of one task attempt. kMissing in, kMissing out, where it is needed.
#pragma once

#include <algorithm>
#include <cstdint>

#include "model/column.h"

namespace advise::model {

inline std::int64_t KnownOrZero(std::int64_t value) { return value == kMissing ? 0 : value; }

// ms; what the driver's clock saw beyond the work that the executor measured. The last three count as 0 if missing.
inline std::int64_t SchedulerDelay(std::int64_t duration, std::int64_t run_time, std::int64_t deserialize_time,
                                   std::int64_t result_serialization_time, std::int64_t getting_result_time) {
  if (run_time == kMissing || duration == kMissing) return kMissing;
  return std::max<std::int64_t>(0, duration - run_time - KnownOrZero(deserialize_time) -
                                       KnownOrZero(result_serialization_time) - KnownOrZero(getting_result_time));
}

// ms, of a CPU time in ns. The fetch wait counts as 0 if missing.
inline std::int64_t OffCpuTime(std::int64_t run_time, std::int64_t cpu_time_ns, std::int64_t fetch_wait_time) {
  if (run_time == kMissing || cpu_time_ns == kMissing) return kMissing;
  return std::max<std::int64_t>(0, run_time - cpu_time_ns / 1'000'000 - KnownOrZero(fetch_wait_time));
}

}  // namespace advise::model
