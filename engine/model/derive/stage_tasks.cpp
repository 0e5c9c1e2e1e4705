// Tasks into their stages: members, winners, sums, shares. The sums follow Spark's history server (AppStatusListener):
// every ended attempt that had a TaskStart, failed and killed ones too, each once. One pass over each task column,
// block by block, adding into the stage of the row.
#include <algorithm>
#include <limits>

#include "model/derive/derive.h"
#include "model/derive/scan.h"
#include "model/derive/timeline.h"
#include "model/task_times.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

// First Spark version that writes the source of a stage column, out of the schema.
struct Since {
#define ADVISE_SINCE(name, Column, unit, since, scope, missing, doc) [[maybe_unused]] static constexpr int name = since;
  ADVISE_STAGE_COLUMNS(ADVISE_SINCE)
#undef ADVISE_SINCE
};

// Which rows of the task table are ends of attempts.
struct Ends {
  std::vector<std::uint8_t> first;    // the first end of an attempt
  std::vector<std::uint8_t> counted;  // … that also had a TaskStart: part of the sums
  std::vector<std::uint8_t> lost;     // a success that a later Resubmitted end took back
};

Ends FindEnds(const TaskTable& tasks) {
  Ends ends;
  ends.first.resize(tasks.size());
  ends.counted.resize(tasks.size());
  ends.lost.resize(tasks.size());
  std::vector<std::int64_t> resubmitted;  // task ids
  ForEachValue(tasks.repeat, [&](std::size_t row, std::int64_t repeat) {
    const bool is_resubmitted = tasks.end_reason.Has(row) && tasks.end_reason.Get(row) == EndReason::Resubmitted;
    if (is_resubmitted) resubmitted.push_back(tasks.id.Get(row));
    ends.first[row] = repeat <= 0 && !is_resubmitted && !tasks.running.Get(row);
    ends.counted[row] = ends.first[row] && tasks.started.Get(row);
  });
  if (resubmitted.empty()) return ends;
  std::sort(resubmitted.begin(), resubmitted.end());
  ForEachValue(tasks.id, [&](std::size_t row, std::int64_t id) {
    if (ends.first[row] != 0 && std::binary_search(resubmitted.begin(), resubmitted.end(), id)) ends.lost[row] = 1;
  });
  return ends;
}

// ---------------------------------------------------------------- members
template <Entity E>
void FillMembers(const RefColumn<E>& owner, SetColumn<Entity::Task>& members) {
  std::vector<std::size_t> counts(members.size());
  for (std::size_t row = 0; row < owner.size(); ++row) {
    if (owner.Has(row)) ++counts[owner.Get(row).index];
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    members.Mutable(i).clear();
    members.Mutable(i).reserve(counts[i]);
  }
  for (std::size_t row = 0; row < owner.size(); ++row) {
    if (owner.Has(row)) members.Mutable(owner.Get(row).index).push_back(TaskRow(row));
  }
}

void FillExecutors(JobModel& model) {
  constexpr std::size_t kNoStage = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> seen_in(model.executors.size(), kNoStage);  // the last stage that listed it
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    std::vector<ExecutorRow>& executors = model.stages.executors.Mutable(stage);
    executors.clear();
    for (const TaskRow task : model.stages.tasks.Get(stage)) {
      const ExecutorRow executor = model.tasks.executor.Get(task.index);
      if (!executor.valid() || seen_in[executor.index] == stage) continue;
      seen_in[executor.index] = stage;
      executors.push_back(executor);
    }
    std::sort(executors.begin(), executors.end());
  }
}

// ---------------------------------------------------------------- winners
// Positions of the indices of one stage's tasks: the index itself where indices are dense (always, in real logs), else
// its rank, so that a broken log with an index of 2^60 costs no memory.
class IndexPositions {
 public:
  IndexPositions(std::span<const TaskRow> tasks, const std::vector<std::int64_t>& indices) {
    std::int64_t low = 0;
    std::int64_t high = -1;
    for (const TaskRow task : tasks) {
      low = std::min(low, indices[task.index]);
      high = std::max(high, indices[task.index]);
    }
    if (low == 0 && high < static_cast<std::int64_t>(4 * tasks.size() + 1024)) {
      size_ = static_cast<std::size_t>(high + 1);
      return;
    }
    for (const TaskRow task : tasks) ranked_.push_back(indices[task.index]);
    std::sort(ranked_.begin(), ranked_.end());
    ranked_.erase(std::unique(ranked_.begin(), ranked_.end()), ranked_.end());
    size_ = ranked_.size();
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t Of(std::int64_t index) const {
    if (ranked_.empty()) return static_cast<std::size_t>(index);
    return static_cast<std::size_t>(std::lower_bound(ranked_.begin(), ranked_.end(), index) - ranked_.begin());
  }

 private:
  std::size_t size_ = 0;
  std::vector<std::int64_t> ranked_;
};

// The first success of each index: earliest finish, then id. A success that was resubmitted (its executor died with the
// map output) is a winner only where no other attempt of this stage attempt succeeded: then the partition was computed
// again in a later stage attempt, or never, and this is still the attempt that shows its size and time.
void FillWinners(JobModel& model, const Ends& ends) {
  TaskTable& tasks = model.tasks;
  const std::vector<std::int64_t> indices = AllValues(tasks.index);
  const std::vector<std::int64_t> finishes = AllValues(tasks.finish);
  const std::vector<std::int64_t> ids = AllValues(tasks.id);
  const auto better = [&](std::size_t a, std::size_t b) {
    if (ends.lost[a] != ends.lost[b]) return ends.lost[a] < ends.lost[b];
    if (finishes[a] != finishes[b]) return finishes[a] < finishes[b];
    return ids[a] < ids[b];
  };
  std::vector<TaskRow> best;
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    const std::span<const TaskRow> members = model.stages.tasks.Get(stage);
    std::vector<TaskRow>& winners = model.stages.winners.Mutable(stage);
    winners.clear();
    const IndexPositions positions(members, indices);
    best.assign(positions.size(), {});
    for (const TaskRow task : members) {
      if (ends.first[task.index] == 0 || !tasks.succeeded.Get(task.index)) continue;
      TaskRow& holder = best[positions.Of(indices[task.index])];
      if (!holder.valid() || better(task.index, holder.index)) holder = task;
    }
    for (const TaskRow task : best) {
      if (!task.valid()) continue;
      winners.push_back(task);
      tasks.winner.Set(task.index, true);
    }
    std::sort(winners.begin(), winners.end());
  }
}

// ---------------------------------------------------------------- sums
struct SumOf {
  const PackedColumn& source;
  IntColumn& sum;
  int since;
};

constexpr std::uint32_t kNowhere = 0xffffffff;

// For each row of the task table the stage into whose sums it counts, or kNowhere.
std::vector<std::uint32_t> SumTargets(const TaskTable& tasks, const Ends& ends) {
  std::vector<std::uint32_t> targets(tasks.size(), kNowhere);
  for (std::size_t row = 0; row < targets.size(); ++row) {
    if (ends.counted[row] != 0) targets[row] = tasks.stage.Get(row).index;  // no stage is kNowhere too
  }
  return targets;
}

// A column that the version writes is measured: its sum is 0 where no task says more. Of an unknown version, or one
// that should not know the field (vendor builds), the tasks decide. Of stages whose tasks are all missing
// (SpansWithoutTasks) nothing is known.
// Of an excerpt the tasks of each stage decide for it.
void FillSum(const JobModel& model, const std::vector<std::uint32_t>& targets,
             const std::vector<std::optional<Interval>>& without_tasks, const SumOf& column) {
  const SparkVersion& version = model.version;
  std::vector<std::int64_t> sums(column.sum.size(), model.excerpt ? kMissing : 0);
  bool seen = false;
  ForEachValue(column.source, [&](std::size_t row, std::int64_t value) {
    if (value == kMissing) return;
    seen = true;
    if (targets[row] == kNowhere) return;
    std::int64_t& sum = sums[targets[row]];
    sum = SaturatingAdd(KnownOrZero(sum), value);
  });
  const bool written = column.since == 0 || (version.known && version.since_code() >= column.since);
  if (!seen && !written) return;
  for (std::size_t stage = 0; stage < sums.size(); ++stage) {
    if (!without_tasks[stage]) column.sum.Set(stage, sums[stage]);
  }
}

// Sums of a stage of which the log has no task, as Spark states them.
void FillTotals(StageTable& stages, const StageTotals& totals) {
  const std::size_t row = totals.stage.index;
  for (const auto& [total, value] : totals.values) {
    switch (total) {
#define ADVISE_FILL(Name, text, column) \
  case StageTotal::Name: stages.column.Set(row, value); break;
      ADVISE_STAGE_TOTALS(ADVISE_FILL)
#undef ADVISE_FILL
    }
  }
  const std::int64_t remote = stages.shuffle_remote_bytes_read.Get(row);
  const std::int64_t local = stages.shuffle_local_bytes_read.Get(row);
  if (remote != kMissing && local != kMissing) stages.shuffle_read_bytes.Set(row, SaturatingAdd(remote, local));
  if (stages.disk_bytes_spilled.Has(row)) stages.spill_bytes.Set(row, stages.disk_bytes_spilled.Get(row));
}

void FillSums(JobModel& model, const Ends& ends) {
  const TaskTable& t = model.tasks;
  StageTable& s = model.stages;
  const SumOf columns[] = {
      {t.input_bytes, s.input_bytes, Since::input_bytes},
      {t.input_records, s.input_records, Since::input_records},
      {t.output_bytes, s.output_bytes, Since::output_bytes},
      {t.output_records, s.output_records, Since::output_records},
      {t.shuffle_read, s.shuffle_read_bytes, Since::shuffle_read_bytes},
      {t.shuffle_read_records, s.shuffle_read_records, Since::shuffle_read_records},
      {t.shuffle_write, s.shuffle_write_bytes, Since::shuffle_write_bytes},
      {t.shuffle_write_records, s.shuffle_write_records, Since::shuffle_write_records},
      {t.memory_bytes_spilled, s.memory_bytes_spilled, Since::memory_bytes_spilled},
      {t.disk_bytes_spilled, s.disk_bytes_spilled, Since::disk_bytes_spilled},
      {t.disk_bytes_spilled, s.spill_bytes, Since::spill_bytes},
      {t.run_time, s.executor_run_time, Since::executor_run_time},
      {t.cpu_time, s.executor_cpu_time, Since::executor_cpu_time},
      {t.deserialize_time, s.executor_deserialize_time, Since::executor_deserialize_time},
      {t.deserialize_cpu_time, s.executor_deserialize_cpu_time, Since::executor_deserialize_cpu_time},
      {t.gc_time, s.jvm_gc_time, Since::jvm_gc_time},
      {t.result_serialization_time, s.result_serialization_time, Since::result_serialization_time},
      {t.result_size, s.result_size, Since::result_size},
      {t.peak_execution_memory, s.peak_execution_memory, Since::peak_execution_memory},
      {t.fetch_wait_time, s.shuffle_fetch_wait_time, Since::shuffle_fetch_wait_time},
      {t.shuffle_remote_blocks_fetched, s.shuffle_remote_blocks_fetched, Since::shuffle_remote_blocks_fetched},
      {t.shuffle_local_blocks_fetched, s.shuffle_local_blocks_fetched, Since::shuffle_local_blocks_fetched},
      {t.shuffle_read_remote, s.shuffle_remote_bytes_read, Since::shuffle_remote_bytes_read},
      {t.shuffle_remote_bytes_read_to_disk, s.shuffle_remote_bytes_read_to_disk,
       Since::shuffle_remote_bytes_read_to_disk},
      {t.shuffle_read_local, s.shuffle_local_bytes_read, Since::shuffle_local_bytes_read},
      {t.shuffle_remote_reqs_duration, s.shuffle_remote_reqs_duration, Since::shuffle_remote_reqs_duration},
      {t.shuffle_corrupt_merged_block_chunks, s.shuffle_corrupt_merged_block_chunks,
       Since::shuffle_corrupt_merged_block_chunks},
      {t.shuffle_merged_fetch_fallback_count, s.shuffle_merged_fetch_fallback_count,
       Since::shuffle_merged_fetch_fallback_count},
      {t.shuffle_merged_remote_blocks_fetched, s.shuffle_merged_remote_blocks_fetched,
       Since::shuffle_merged_remote_blocks_fetched},
      {t.shuffle_merged_local_blocks_fetched, s.shuffle_merged_local_blocks_fetched,
       Since::shuffle_merged_local_blocks_fetched},
      {t.shuffle_merged_remote_chunks_fetched, s.shuffle_merged_remote_chunks_fetched,
       Since::shuffle_merged_remote_chunks_fetched},
      {t.shuffle_merged_local_chunks_fetched, s.shuffle_merged_local_chunks_fetched,
       Since::shuffle_merged_local_chunks_fetched},
      {t.shuffle_merged_remote_bytes_read, s.shuffle_merged_remote_bytes_read, Since::shuffle_merged_remote_bytes_read},
      {t.shuffle_merged_local_bytes_read, s.shuffle_merged_local_bytes_read, Since::shuffle_merged_local_bytes_read},
      {t.shuffle_merged_remote_reqs_duration, s.shuffle_merged_remote_reqs_duration,
       Since::shuffle_merged_remote_reqs_duration},
      {t.shuffle_write_time, s.shuffle_write_time, Since::shuffle_write_time},
  };
  const std::vector<std::uint32_t> targets = SumTargets(t, ends);
  const std::vector<std::optional<Interval>> without_tasks = SpansWithoutTasks(model);
  for (const SumOf& column : columns) FillSum(model, targets, without_tasks, column);
  for (const StageTotals& totals : model.stage_totals) {
    if (without_tasks[totals.stage.index]) FillTotals(s, totals);
  }
}

// ---------------------------------------------------------------- times and shares
// part / whole, at most 1. Missing without a whole: stages of 0 ms have no shares.
void SetShare(RealColumn& column, std::size_t row, std::int64_t part, std::int64_t whole) {
  if (part == kMissing || whole == kMissing || whole <= 0) return;
  column.Set(row, std::min(1.0, static_cast<double>(part) / static_cast<double>(whole)));
}

void FillShares(StageTable& s) {
  constexpr std::int64_t kNsPerMs = 1'000'000;
  for (std::size_t stage = 0; stage < s.size(); ++stage) {
    const std::int64_t run = s.executor_run_time.Get(stage);
    const std::int64_t cpu = s.executor_cpu_time.Get(stage);
    SetShare(s.gc_share, stage, s.jvm_gc_time.Get(stage), run);
    SetShare(s.cpu_share, stage, cpu, run == kMissing ? kMissing : SaturatingMultiply(run, kNsPerMs));
    SetShare(s.fetch_wait_share, stage, s.shuffle_fetch_wait_time.Get(stage), run);
  }
}

void FillTimes(JobModel& model, const Ends& ends) {
  const TaskTable& tasks = model.tasks;
  StageTable& stages = model.stages;
  struct Times {
    std::int64_t ended = 0;       // sum of durations of ended attempts
    std::int64_t delay = 0;       // sum of scheduler delays …
    std::int64_t delay_base = 0;  // … and of the durations of the attempts that have one
    std::int64_t speculative = 0;
  };
  std::vector<Times> times(stages.size());
  const std::vector<std::int64_t> durations = AllValues(tasks.duration);
  ForEachValue(tasks.finish, [&](std::size_t row, std::int64_t finish) {
    const StageRow stage = tasks.stage.Get(row);
    if (!stage.valid() || finish == kMissing || ends.first[row] == 0) return;
    Times& of = times[stage.index];
    of.ended = SaturatingAdd(of.ended, std::max<std::int64_t>(0, durations[row]));
    stages.last_finish.Set(stage.index,
                           std::max(stages.last_finish.Get(stage.index), finish));  // kMissing is the smallest
  });
  ForEachValue(tasks.scheduler_delay, [&](std::size_t row, std::int64_t delay) {
    const StageRow stage = tasks.stage.Get(row);
    if (!stage.valid() || delay == kMissing || ends.first[row] == 0 || durations[row] == kMissing) return;
    Times& of = times[stage.index];
    of.delay = SaturatingAdd(of.delay, delay);
    of.delay_base = SaturatingAdd(of.delay_base, durations[row]);
  });
  for (std::size_t row = 0; row < tasks.size(); ++row) {
    const StageRow stage = tasks.stage.Get(row);
    const bool attempt = ends.first[row] != 0 || tasks.running.Get(row);
    if (attempt && stage.valid() && tasks.speculative.Get(row)) ++times[stage.index].speculative;
  }
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    const Times& t = times[stage];
    if (!model.excerpt || !stages.tasks.Get(stage).empty()) stages.speculative_tasks.Set(stage, t.speculative);
    SetShare(stages.scheduler_delay_share, stage, t.delay, t.delay_base);
    if (!stages.first_launch.Has(stage) || !stages.last_finish.Has(stage)) continue;
    const std::int64_t span = stages.last_finish.Get(stage) - stages.first_launch.Get(stage);
    if (span > 0) stages.parallelism.Set(stage, static_cast<double>(t.ended) / static_cast<double>(span));
  }
}

}  // namespace

void DeriveTasksOfStages(JobModel& model) {
  const Ends ends = FindEnds(model.tasks);
  FillMembers(model.tasks.stage, model.stages.tasks);
  FillMembers(model.tasks.executor, model.executors.tasks);
  FillExecutors(model);
  FillWinners(model, ends);
  FillSums(model, ends);
  FillTimes(model, ends);
  FillShares(model.stages);
}

}  // namespace advise::model
