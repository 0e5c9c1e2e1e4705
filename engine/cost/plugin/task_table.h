// Tasks of a run as plug-ins get them: plain arrays, and the file of them for programs. Private to cost/plugin.
#pragma once

#include <ostream>
#include <vector>

#include "cost/plugin/cost_model.h"

namespace advise::cost {

struct TaskTable {
  std::vector<std::uint32_t> stage;
  std::vector<float> start;  // ms, in the replay of the run
};
TaskTable TaskTableOf(const ModelRun& run);

// tasks.bin: "ADVT", the version (1), the number of components and of tasks (uint64), then the arrays one after the
// other: stage (uint32), start, duration, each component, bytes of input, of shuffle read and written (float32). Little
// endian.
void WriteTaskFile(const ModelRun& run, std::ostream& out);

}  // namespace advise::cost
