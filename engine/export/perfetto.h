// A run as a trace for ui.perfetto.dev and its trace processor: `advise export LOG --format perfetto`.
//
// Processes: the driver (critical path, findings, queries, jobs, stages, pauses, counters) and each executor with a
// track a slot. What overlaps on a track of one kind gets a further track. Times are those of the driver's clock, from
// the start of the application on. Slices have their values as arguments, in the units of the model, named with them.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "model/job_model.h"

namespace advise::exports {

// Something to be shown over a time, told by who knows it: ms from the start of the application.
struct TraceNote {
  std::string name;
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::vector<std::pair<std::string, std::string>> values;
};

struct TraceInput {
  const model::JobModel& model;
  std::vector<TraceNote> critical_path;
  std::vector<TraceNote> findings;
};

void WritePerfetto(const TraceInput& input, std::ostream& out);

}  // namespace advise::exports
