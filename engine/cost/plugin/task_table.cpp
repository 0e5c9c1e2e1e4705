// Arrays of tasks, and their bytes in little endian on any machine.
#include "cost/plugin/task_table.h"

#include <bit>

namespace advise::cost {
namespace {

void Write32(std::uint32_t value, std::ostream& out) {
  const char bytes[] = {static_cast<char>(value & 0xff), static_cast<char>(value >> 8 & 0xff),
                        static_cast<char>(value >> 16 & 0xff), static_cast<char>(value >> 24 & 0xff)};
  out.write(bytes, sizeof bytes);
}
void WriteFloats(const std::vector<float>& values, std::ostream& out) {
  for (const float value : values) Write32(std::bit_cast<std::uint32_t>(value), out);
}

}  // namespace

TaskTable TaskTableOf(const ModelRun& run) {
  TaskTable table;
  for (std::uint32_t i = 0; i < run.workload.stages.size(); ++i)
    table.stage.insert(table.stage.end(), run.workload.stages[i].tasks, i);
  for (const TaskTrace& task : run.unchanged.tasks) table.start.push_back(static_cast<float>(task.start));
  table.start.resize(table.stage.size());
  return table;
}

void WriteTaskFile(const ModelRun& run, std::ostream& out) {
  const TaskTable table = TaskTableOf(run);
  const TaskArrays& tasks = run.workload.tasks;
  const std::uint64_t count = tasks.size();
  out.write("ADVT", 4);
  Write32(1, out);
  Write32(kComponents, out);
  Write32(static_cast<std::uint32_t>(count), out);
  Write32(static_cast<std::uint32_t>(count >> 32), out);
  for (const std::uint32_t stage : table.stage) Write32(stage, out);
  WriteFloats(table.start, out);
  WriteFloats(tasks.duration, out);
  for (const std::vector<float>& component : tasks.parts) WriteFloats(component, out);
  WriteFloats(tasks.input_bytes, out);
  WriteFloats(tasks.shuffle_read_bytes, out);
  WriteFloats(tasks.shuffle_write_bytes, out);
}

}  // namespace advise::cost
