// Stages and their attempts with components. Which attempts wait for which: retries, speculative copies.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "cost/workload_parts.h"

namespace advise::cost {
namespace {

using model::kMissing;

constexpr float kNoFloat = std::numeric_limits<float>::quiet_NaN();
constexpr double kNoDouble = std::numeric_limits<double>::quiet_NaN();
constexpr double kNsPerMs = 1e6;

float FloatOrNan(std::int64_t value) { return value == kMissing ? kNoFloat : static_cast<float>(value); }
double MsOrNan(std::int64_t value) { return value == kMissing ? kNoDouble : static_cast<double>(value); }
double NsOrNan(std::int64_t value) { return value == kMissing ? kNoDouble : static_cast<double>(value) / kNsPerMs; }

TaskTimes TimesOf(const model::TaskTable& tasks, std::size_t row, double duration) {
  TaskTimes times;
  times.duration = duration;
  times.run = MsOrNan(tasks.run_time.Get(row));
  times.cpu = NsOrNan(tasks.cpu_time.Get(row));
  times.gc = MsOrNan(tasks.gc_time.Get(row));
  times.fetch_wait = MsOrNan(tasks.fetch_wait_time.Get(row));
  times.shuffle_write = NsOrNan(tasks.shuffle_write_time.Get(row));
  times.deserialize = MsOrNan(tasks.deserialize_time.Get(row));
  times.result_serialization = MsOrNan(tasks.result_serialization_time.Get(row));
  times.getting_result = MsOrNan(tasks.getting_result_time.Get(row));
  // Spark 2.0 and older write no processor time; some write 0 for it.
  if (times.cpu == 0 && times.run > 0) times.cpu = kNoDouble;
  return times;
}

// Does the plan of the stage hand rows to a process outside the JVM?
bool HasExternalProcess(const model::JobModel& model, std::size_t stage) {
  return std::ranges::any_of(model.stages.nodes.Get(stage), [&](model::NodeRow node) {
    const model::NodeKind kind = model.plan_nodes.kind.Get(node.index);
    return kind == model::NodeKind::PythonUdf || kind == model::NodeKind::JdbcScan;
  });
}

// An action of PySpark on an RDD: its call site is a line of Python, while those of data frames lie in the JVM.
bool IsPythonRdd(const model::JobModel& model, std::size_t stage) {
  return !model.stages.sql_execution.Has(stage) &&
         model.strings.Get(model.stages.name.Get(stage)).find(".py:") != std::string_view::npos;
}

class TaskFiller {
 public:
  TaskFiller(WorkloadBuild& build, Workload& workload)
      : build_(build), model_(build.model), workload_(workload), spans_(model::TaskSpans(build.model)) {
    // Times that contradict the application's (edited logs, a wrong clock) would stretch the run by years.
    for (std::optional<model::Interval>& span : spans_) {
      if (!span || (span->begin >= build.window.begin && span->end <= build.window.end)) continue;
      ++workload.quality.tasks_outside;
      span = model::Clip(*span, build.window);
    }
  }

  void AddStage(std::size_t row) {
    StageWork stage = Describe(row);
    const std::vector<std::uint32_t> attempts = AttemptsOf(row);
    stage.first_task = static_cast<std::uint32_t>(workload_.tasks.size());
    stage.tasks = static_cast<std::uint32_t>(attempts.size());
    double last_winner = kNoDouble;
    for (const std::uint32_t task : attempts) {
      const double end = build_.At(spans_[task]->end);
      if (model_.tasks.winner.Get(task)) last_winner = std::isnan(last_winner) ? end : std::max(last_winner, end);
    }
    if (std::isnan(stage.ended)) stage.ended = last_winner;
    const auto index = static_cast<std::uint32_t>(workload_.stages.size());
    for (const std::uint32_t task : attempts) AddTask(task, index, stage);
    if (std::isnan(stage.ended)) stage.ended = LastEnd(stage);
    AddLinks(attempts, stage);
    Attribute(attempts, HasExternalProcess(model_, row), stage);
    stage.first_launch = stage.tasks > 0 ? build_.seen[stage.first_task].launch : kNoDouble;
    if (std::isnan(stage.submitted)) stage.submitted = stage.tasks > 0 ? stage.first_launch : 0;
    stage.ended = std::max(std::isnan(stage.ended) ? stage.submitted : stage.ended, stage.submitted);
    build_.stage_of_row[row] = index;
    workload_.stages.push_back(std::move(stage));
  }

 private:
  StageWork Describe(std::size_t row) const {
    const model::StageTable& stages = model_.stages;
    StageWork stage;
    stage.id = stages.id.Get(row);
    stage.attempt = stages.attempt.Get(row);
    stage.row = static_cast<std::uint32_t>(row);
    stage.python = IsPythonRdd(model_, row);
    const std::int64_t written = stages.output_bytes.Get(row);
    const auto ended = static_cast<double>(stages.winners.Get(row).size());
    stage.small_files = written > 0 && static_cast<double>(written) < calibration::kSmallFile * ended;
    if (stages.job.Has(row)) stage.job = stages.job.Get(row).index;
    const auto inside = [&](const model::IntColumn& column) {
      return column.Has(row) ? std::clamp(build_.At(column.Get(row)), 0.0, workload_.duration) : kNoDouble;
    };
    stage.submitted = inside(stages.submitted);
    stage.ended = inside(stages.completed);
    return stage;
  }

  std::vector<std::uint32_t> AttemptsOf(std::size_t row) const {
    std::vector<std::uint32_t> attempts;
    for (const model::TaskRow task : model_.stages.tasks.Get(row)) {
      if (spans_[task.index]) attempts.push_back(task.index);
    }
    std::sort(attempts.begin(), attempts.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (spans_[a]->begin != spans_[b]->begin) return spans_[a]->begin < spans_[b]->begin;
      return model_.tasks.id.Get(a) != model_.tasks.id.Get(b) ? model_.tasks.id.Get(a) < model_.tasks.id.Get(b) : a < b;
    });
    return attempts;
  }

  double LastEnd(const StageWork& stage) const {
    double last = kNoDouble;
    for (std::uint32_t i = 0; i < stage.tasks; ++i) {
      const double end = build_.seen[stage.first_task + i].end;
      last = std::isnan(last) ? end : std::max(last, end);
    }
    return last;
  }

  void AddTask(std::uint32_t row, std::uint32_t stage_index, StageWork& stage) {
    const model::TaskTable& table = model_.tasks;
    TaskArrays& tasks = workload_.tasks;
    TaskSeen seen;
    seen.launch = build_.At(spans_[row]->begin);
    seen.end = build_.At(spans_[row]->end);
    seen.stage = stage_index;
    if (table.executor.Has(row)) seen.executor = table.executor.Get(row).index;
    build_.seen.push_back(seen);

    const bool unfinished = table.running.Get(row);
    const bool winner = table.winner.Get(row);
    // The end of a stage waits for its winners. Of a stage that failed, and of attempts whose end was dropped from the
    // log, for what ended before it did.
    const bool complete = model_.stages.status.Get(stage.row) == model::StageStatus::Complete;
    const bool before_end = std::isnan(stage.ended) || seen.end <= stage.ended;
    const bool needed = winner || (before_end && (unfinished || !complete));
    bool clipped = false;
    const TaskTimes times = TimesOf(table, row, seen.end - seen.launch);
    const Parts parts = Decompose(times, clipped);
    float duration = 0;
    for (std::size_t i = 0; i < kComponents; ++i) {
      tasks.parts[i].push_back(parts[i]);
      duration += parts[i];
    }
    tasks.duration.push_back(duration);
    tasks.reported_gc.push_back(
        std::isnan(times.gc) ? 0 : static_cast<float>(std::min(times.gc, std::isnan(times.run) ? 0 : times.run)));
    tasks.input_bytes.push_back(FloatOrNan(table.input_bytes.Get(row)));
    tasks.shuffle_read_bytes.push_back(FloatOrNan(table.shuffle_read.Get(row)));
    tasks.shuffle_read_records.push_back(FloatOrNan(table.shuffle_read_records.Get(row)));
    tasks.shuffle_write_bytes.push_back(FloatOrNan(table.shuffle_write.Get(row)));
    tasks.memory_spilled_bytes.push_back(FloatOrNan(table.memory_bytes_spilled.Get(row)));
    tasks.disk_spilled_bytes.push_back(FloatOrNan(table.disk_bytes_spilled.Get(row)));
    tasks.peak_memory_bytes.push_back(FloatOrNan(table.peak_execution_memory.Get(row)));
    tasks.pause.push_back(0);
    tasks.row.push_back(static_cast<std::uint32_t>(row));
    tasks.needed.push_back(needed ? 1 : 0);
    tasks.winner.push_back(winner ? 1 : 0);
    WorkloadQuality& quality = workload_.quality;
    if (std::isnan(times.run)) ++quality.tasks_without_metrics;
    if (std::isnan(times.run) && needed) stage.has_metrics = false;
    if (unfinished) ++quality.unfinished_tasks;
    if (clipped) ++quality.clipped_tasks;
    stage.clipped = stage.clipped || clipped;
  }

  void AddLinks(const std::vector<std::uint32_t>& attempts, StageWork& stage) const {
    std::unordered_map<std::int64_t, std::uint32_t> last_of_index;  // position of the latest attempt before
    for (std::uint32_t i = 0; i < attempts.size(); ++i) {
      const std::uint32_t row = attempts[i];
      const auto [entry, is_first] = last_of_index.try_emplace(model_.tasks.index.Get(row), i);
      if (is_first) continue;
      const std::uint32_t before = entry->second;
      const TaskSeen& seen = build_.seen[stage.first_task + i];
      const TaskSeen& earlier = build_.seen[stage.first_task + before];
      if (model_.tasks.speculative.Get(row)) {
        stage.links.push_back({i, before, true, static_cast<float>(seen.launch - earlier.launch)});
      } else if (earlier.end <= seen.launch) {
        // A retry starts with the next offer of a slot; output that got lost is missed later.
        const bool was_good = model_.tasks.succeeded.Get(attempts[before]);
        stage.links.push_back({i, before, false, was_good ? static_cast<float>(seen.launch - earlier.end) : 0.0F});
      }
      entry->second = i;
    }
    std::stable_sort(stage.links.begin(), stage.links.end(),
                     [](const TaskLink& a, const TaskLink& b) { return a.before < b.before; });
  }

  void Attribute(const std::vector<std::uint32_t>& attempts, bool external, StageWork& stage) {
    TaskArrays& tasks = workload_.tasks;
    std::vector<Parts> parts;
    std::vector<OffCpuCauses> causes;
    std::vector<std::uint32_t> members;
    const auto or_zero = [](float value) { return std::isnan(value) ? 0.0F : value; };
    for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
      if (tasks.winner[task] == 0 || tasks.parts[At(Component::Unknown)][task] > 0) continue;
      Parts one;
      for (std::size_t i = 0; i < kComponents; ++i) one[i] = tasks.parts[i][task];
      parts.push_back(one);
      const float records = or_zero(FloatOrNan(model_.tasks.input_records.Get(attempts[task - stage.first_task]))) +
                            or_zero(tasks.shuffle_read_records[task]);
      causes.push_back({or_zero(tasks.input_bytes[task]), or_zero(tasks.disk_spilled_bytes[task]), records});
      members.push_back(task);
    }
    stage.off_cpu_fit = AttributeOffCpu(parts, causes, external);
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t c = 0; c < kComponents; ++c) tasks.parts[c][members[i]] = parts[i][c];
    }
  }

  WorkloadBuild& build_;
  const model::JobModel& model_;
  Workload& workload_;
  std::vector<std::optional<model::Interval>> spans_;
};

}  // namespace

void FillTasks(WorkloadBuild& build, Workload& workload) {
  const model::StageTable& stages = build.model.stages;
  build.stage_of_row.assign(stages.size(), kNone);
  TaskFiller filler(build, workload);
  for (std::size_t row = 0; row < stages.size(); ++row) {
    if (stages.submitted_flag.Get(row)) filler.AddStage(row);
  }
  for (StageWork& stage : workload.stages) {
    for (const model::StageRow parent : stages.parents.Get(stage.row)) {
      if (build.stage_of_row[parent.index] != kNone) stage.parents.push_back(build.stage_of_row[parent.index]);
    }
  }
}

}  // namespace advise::cost
