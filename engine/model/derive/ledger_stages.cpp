// Stages for the sweep. A task is long if it ran for more than 1.5 times the median of its stage's winners, which is
// what Spark itself calls a straggler (spark.speculation.multiplier, 1.5 until 3.5), and 100 ms more than it. It is
// long from the median on: a task that takes x longer makes a tail of x. Why is told from what it read and wrote, from
// where it ran and from its attempts; each cause has to explain half of what the task ran beyond the median.
#include "model/derive/ledger_stages.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "model/derive/ledger_slots.h"
#include "model/derive/scan.h"

namespace advise::model::ledger {
namespace {

constexpr std::int64_t kLongPercent = 150;
constexpr std::int64_t kLongMs = 100;  // the resolution of a log: delays of scheduling are no stragglers

// Sum of columns, missing ones as 0: for comparing tasks of one stage, where all miss the same.
std::vector<std::int64_t> SumOf(std::initializer_list<const PackedColumn*> columns, std::size_t rows) {
  std::vector<std::int64_t> sum(rows);
  for (const PackedColumn* column : columns) {
    ForEachValue(*column, [&](std::size_t row, std::int64_t value) {
      if (value != kMissing) sum[row] += value;
    });
  }
  return sum;
}

// The smaller of the two middle values: of two tasks the longer one is long.
std::int64_t LowerMedian(std::vector<std::int64_t>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// Queries whose successor in the program reads nothing that they wrote or cached, as far as the log tells.
std::vector<std::uint8_t> SerialQueries(const JobModel& model) {
  const SqlTable& sql = model.sql_executions;
  std::vector<std::uint8_t> serial(sql.size());
  if (model.app.interactive.Get(0)) return serial;  // somebody decides what comes next
  const auto root_of = [&](std::size_t row) { return sql.root.Has(row) ? sql.root.Get(row).index : row; };
  std::vector<std::uint8_t> keeps(sql.size());  // its result stays in Spark: files, tables, caches
  for (std::size_t node = 0; node < model.plan_nodes.size(); ++node) {
    const NodeKind kind = model.plan_nodes.kind.Get(node);
    if (!model.plan_nodes.sql_execution.Has(node)) continue;
    if (IsA(kind, NodeKind::Write) || IsA(kind, NodeKind::Command) || IsA(kind, NodeKind::TableCacheScan))
      keeps[root_of(model.plan_nodes.sql_execution.Get(node).index)] = 1;
  }
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    if (model.stages.sql_execution.Has(stage) && !model.stages.caches.Get(stage).empty())
      keeps[root_of(model.stages.sql_execution.Get(stage).index)] = 1;
  }
  std::vector<std::uint32_t> roots;
  for (std::uint32_t row = 0; row < sql.size(); ++row) {
    const bool is_query = root_of(row) == row && sql.start.Has(row) && sql.end.Has(row) && !sql.stream.Has(row);
    if (is_query && !sql.jobs.Get(row).empty()) roots.push_back(row);
  }
  std::ranges::sort(roots, {}, [&](std::uint32_t row) { return std::pair(sql.start.Get(row), row); });
  for (std::size_t at = 0; at + 1 < roots.size(); ++at) {
    const std::uint32_t row = roots[at];
    const bool after = sql.start.Get(roots[at + 1]) >= sql.end.Get(row);
    serial[row] = after && keeps[row] == 0 && sql.status.Get(row) == JobStatus::Succeeded ? 1 : 0;
  }
  std::vector<std::uint8_t> by_row(sql.size());
  for (std::size_t row = 0; row < sql.size(); ++row) by_row[row] = serial[root_of(row)];
  return by_row;
}

// ---------------------------------------------------------------- one stage
struct Counts {
  std::int64_t first = 0;  // first attempts launched
  std::int64_t first_launch = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_launch = std::numeric_limits<std::int64_t>::min();  // of first attempts
};

std::vector<Counts> CountLaunches(const std::vector<TaskLife>& lives, std::size_t stages) {
  std::vector<Counts> counts(stages);
  for (const TaskLife& life : lives) {
    if (life.stage == kNone || life.pending != TaskLife::Pending::First) continue;
    Counts& stage = counts[life.stage];
    ++stage.first;
    stage.first_launch = std::min(stage.first_launch, life.begin);
    stage.last_launch = std::max(stage.last_launch, life.begin);
  }
  return counts;
}

// When the stage could have had tasks: from its submission on. kMissing: never.
std::int64_t OpenFrom(const JobModel& model, std::size_t stage, const Counts& counts, Interval window) {
  const bool launched = counts.first > 0;
  if (!model.stages.submitted.Has(stage)) return launched ? counts.first_launch : kMissing;
  const std::int64_t submitted = std::clamp(model.stages.submitted.Get(stage), window.begin, window.end);
  return launched ? std::min(submitted, counts.first_launch) : submitted;
}

// Tasks that the stage announced and of which no attempt is in the log.
std::int64_t Unseen(const JobModel& model, std::size_t stage, const Counts& counts) {
  const StageTable& stages = model.stages;
  if (!stages.submitted_flag.Get(stage) || !stages.task_count.Has(stage)) return 0;
  return std::max<std::int64_t>(0, stages.task_count.Get(stage) - counts.first);
}

// Until when a stage that did not complete kept its tasks pending.
std::int64_t OpenUntil(const JobModel& model, std::size_t stage, Interval window) {
  const StageTable& stages = model.stages;
  std::int64_t until = window.end;
  const JobRow job = stages.job.Get(stage);
  if (stages.completed.Has(stage)) {
    until = stages.completed.Get(stage);
  } else if (job.valid() && model.jobs.end.Has(job.index)) {
    until = model.jobs.end.Get(job.index);
  }
  return std::clamp(until, window.begin, window.end);
}

class StageReader {
 public:
  StageReader(const JobModel& model, SweepInput& input)
      : model_(model),
        input_(input),
        counts_(CountLaunches(input.tasks, model.stages.size())),
        durations_(AllValues(model.tasks.duration)),
        read_bytes_(SumOf({&model.tasks.input_bytes, &model.tasks.shuffle_read}, model.tasks.size())),
        read_records_(SumOf({&model.tasks.input_records, &model.tasks.shuffle_read_records}, model.tasks.size())),
        written_(SumOf({&model.tasks.output_bytes, &model.tasks.shuffle_write}, model.tasks.size())),
        serial_(SerialQueries(model)) {}

  void Read(const std::vector<std::int64_t>& last_ends) {
    input_.stages.resize(model_.stages.size());
    for (std::size_t stage = 0; stage < model_.stages.size(); ++stage) {
      ReadIdle(stage);
      ReadPending(stage, last_ends[stage]);
      ReadLong(stage);
    }
    ReadRetries();
  }

 private:
  void ReadIdle(std::size_t stage) {
    StageIdle& idle = input_.stages[stage];
    if (model_.stages.attempt.Get(stage) > 0) {
      idle.part = LedgerPart::TailRetry;
      return;
    }
    const Counts& counts = counts_[stage];
    const std::int64_t slots = counts.first > 0 ? SlotsAt(input_.slots, counts.last_launch) : 0;
    idle.one_wave = counts.first <= std::max<std::int64_t>(1, slots);
    if (!idle.one_wave) return;
    const SqlRow sql = model_.stages.sql_execution.Get(stage);
    idle.part = sql.valid() && serial_[sql.index] != 0 ? LedgerPart::FewSerial : LedgerPart::FewTasks;
  }

  void ReadPending(std::size_t stage, std::int64_t last_end) {
    const Counts& counts = counts_[stage];
    const std::int64_t open = OpenFrom(model_, stage, counts, input_.window);
    if (open == kMissing) return;
    const auto row = static_cast<std::uint32_t>(stage);
    if (counts.first > 0) input_.pending.push_back({open, row, PendingChange::Kind::First, counts.first});
    const std::int64_t unseen = Unseen(model_, stage, counts);
    if (unseen == 0 || last_end == kMissing || last_end <= open) return;
    // Of a stage that completed they ran unseen; of another they were pending until it was over.
    const auto kind = model_.stages.status.Get(stage) == StageStatus::Complete ? PendingChange::Kind::Missing
                                                                               : PendingChange::Kind::First;
    const std::int64_t until = OpenUntil(model_, stage, input_.window);
    if (until <= open) return;
    input_.pending.push_back({open, row, kind, unseen});
    input_.pending.push_back({until, row, kind, -unseen});
  }

  // ---------------------------------------------------------------- long tasks
  // Usual values of the stage's winners, of those that have one; 0: none has.
  struct Usual {
    std::int64_t duration = 0;
    std::int64_t read_bytes = 0;
    std::int64_t read_records = 0;
    std::int64_t written = 0;
  };

  [[nodiscard]] std::int64_t MedianOf(const std::vector<std::int64_t>& values, std::size_t stage) {
    scratch_.clear();
    for (const TaskRow task : model_.stages.winners.Get(stage)) {
      if (values[task.index] != kMissing) scratch_.push_back(values[task.index]);
    }
    return scratch_.empty() ? 0 : LowerMedian(scratch_);
  }

  void ReadLong(std::size_t stage) {
    Usual usual{.duration = model_.stages.winners.Get(stage).empty() ? 0 : MedianOf(durations_, stage)};
    bool complete = false;                               // the other medians are read
    std::optional<std::vector<std::int64_t>> overtaken;  // indices whose copy won
    for (const TaskRow task : model_.stages.tasks.Get(stage)) {
      TaskLife& life = input_.tasks[task.index];
      if (!life.ran) continue;
      if (life.pending != TaskLife::Pending::First) continue;  // ReadRetries and copies
      const std::int64_t length = life.end - life.begin;
      if (model_.tasks.running.Get(task.index)) {  // when it ended, nobody knows
        input_.long_tasks.push_back({life.begin + usual.duration, task.index, LedgerPart::Unfinished});
        continue;
      }
      if (usual.duration == 0) continue;
      const std::int64_t late = life.begin - counts_[stage].first_launch;
      life.late = late > kLongMs && 2 * late > usual.duration;
      if (100 * length <= kLongPercent * usual.duration || length <= usual.duration + kLongMs) continue;
      if (!complete) {
        usual.read_bytes = MedianOf(read_bytes_, stage);
        usual.read_records = MedianOf(read_records_, stage);
        usual.written = MedianOf(written_, stage);
        complete = true;
      }
      if (!overtaken) overtaken = Overtaken(stage);
      const bool copy_won = std::ranges::binary_search(*overtaken, model_.tasks.index.Get(task.index));
      const LedgerPart why = copy_won ? LedgerPart::TailSlowPlace : WhyLong(task, length, usual);
      input_.long_tasks.push_back({life.begin + usual.duration, task.index, why});
    }
  }

  [[nodiscard]] std::vector<std::int64_t> Overtaken(std::size_t stage) const {
    std::vector<std::int64_t> indices;
    for (const TaskRow task : model_.stages.winners.Get(stage)) {
      if (model_.tasks.speculative.Get(task.index)) indices.push_back(model_.tasks.index.Get(task.index));
    }
    std::ranges::sort(indices);
    return indices;
  }

  [[nodiscard]] LedgerPart WhyLong(TaskRow task, std::int64_t length, const Usual& usual) const {
    // Of the time beyond the usual, half has to be explained.
    const double needed = 1 + 0.5 * (static_cast<double>(length) / static_cast<double>(usual.duration) - 1);
    if (model_.stages.attempt.Get(model_.tasks.stage.Get(task.index).index) > 0) return LedgerPart::TailRetry;
    const auto explains = [&](std::int64_t value, std::int64_t usually) {
      return value > 0 && static_cast<double>(value) >= needed * static_cast<double>(usually);
    };
    if (explains(read_bytes_[task.index], usual.read_bytes) ||
        explains(read_records_[task.index], usual.read_records) || explains(written_[task.index], usual.written))
      return LedgerPart::TailSkew;
    const auto is_slow = [&](const RealColumn& speed, std::size_t row) {
      return speed.Has(row) && speed.Get(row) < 1 && needed * speed.Get(row) <= 1;
    };
    const ExecutorRow executor = model_.tasks.executor.Get(task.index);
    if (executor.valid() && is_slow(model_.executors.relative_speed, executor.index)) return LedgerPart::TailSlowPlace;
    const HostRow host = model_.tasks.host.Get(task.index);
    if (host.valid() && is_slow(model_.hosts.relative_speed, host.index)) return LedgerPart::TailSlowPlace;
    return LedgerPart::TailUnexplained;
  }

  // ---------------------------------------------------------------- further attempts
  // Copies and attempts after a failure: nothing waits for them but what went wrong before, so they are long from the
  // begin. An attempt after a failure was pending from that failure on.
  void ReadRetries() {
    std::vector<std::uint32_t> further;
    for (std::uint32_t row = 0; row < input_.tasks.size(); ++row) {
      const TaskLife& life = input_.tasks[row];
      if (life.ran && life.stage != kNone && life.pending != TaskLife::Pending::First) further.push_back(row);
    }
    if (further.empty()) return;
    using Failure = std::tuple<std::uint32_t, std::int64_t, std::int64_t>;  // stage, index, end
    std::vector<Failure> failures;
    for (std::uint32_t row = 0; row < input_.tasks.size(); ++row) {
      const TaskLife& life = input_.tasks[row];
      const bool failed = model_.tasks.failed.Get(row) || model_.tasks.killed.Get(row);
      if (life.ran && life.stage != kNone && failed)
        failures.emplace_back(life.stage, model_.tasks.index.Get(row), life.end);
    }
    std::ranges::sort(failures);
    for (const std::uint32_t row : further) {
      TaskLife& life = input_.tasks[row];
      const bool copy = model_.tasks.speculative.Get(row);
      const bool won = model_.tasks.winner.Get(row);
      input_.long_tasks.push_back({life.begin, row,
                                   copy && won ? LedgerPart::TailSlowPlace
                                   : copy      ? LedgerPart::TailUnexplained
                                               : LedgerPart::TailRetry});
      if (copy) continue;
      // The last failure of the same partition that had ended when this one began.
      const Failure key{life.stage, model_.tasks.index.Get(row), life.begin};
      auto before = std::ranges::upper_bound(failures, key);
      if (before == failures.begin()) continue;
      --before;
      if (std::get<0>(*before) != life.stage || std::get<1>(*before) != std::get<1>(key)) continue;
      life.pending = TaskLife::Pending::Retry;
      input_.pending.push_back({std::get<2>(*before), life.stage, PendingChange::Kind::Retry, 1});
    }
  }

  const JobModel& model_;
  SweepInput& input_;
  std::vector<Counts> counts_;
  std::vector<std::int64_t> durations_;
  std::vector<std::int64_t> read_bytes_;
  std::vector<std::int64_t> read_records_;
  std::vector<std::int64_t> written_;
  std::vector<std::uint8_t> serial_;
  mutable std::vector<std::int64_t> scratch_;
};

}  // namespace

std::vector<TaskLife> ReadLives(const JobModel& model, const std::vector<std::optional<Interval>>& spans,
                                Interval window) {
  const TaskTable& tasks = model.tasks;
  std::vector<TaskLife> lives(spans.size());
  ForEachValue(tasks.attempt, [&](std::size_t row, std::int64_t attempt) {
    TaskLife& life = lives[row];
    life.ran = spans[row].has_value();
    if (!life.ran) return;
    const Interval inside = Clip(*spans[row], window);
    life.begin = inside.begin;
    life.end = inside.end;
    if (tasks.stage.Has(row)) life.stage = tasks.stage.Get(row).index;
    if (life.stage != kNone && attempt <= 0 && !tasks.speculative.Get(row))  // missing is below 0
      life.pending = TaskLife::Pending::First;
    life.has_place = tasks.locality.Has(row) && tasks.locality.Get(row) != Locality::NoPref;
  });
  return lives;
}

std::vector<std::int64_t> LastEnds(const JobModel& model, const std::vector<TaskLife>& lives, Interval window) {
  std::vector<std::int64_t> last(model.stages.size(), kMissing);
  for (const TaskLife& life : lives) {
    if (life.ran && life.stage != kNone) last[life.stage] = std::max(last[life.stage], life.end);
  }
  const std::vector<Counts> counts = CountLaunches(lives, last.size());
  for (std::size_t stage = 0; stage < last.size(); ++stage) {
    if (Unseen(model, stage, counts[stage]) == 0 || OpenFrom(model, stage, counts[stage], window) == kMissing) continue;
    last[stage] = std::max(last[stage], OpenUntil(model, stage, window));
  }
  return last;
}

void ReadStages(const JobModel& model, const std::vector<std::int64_t>& last_ends, SweepInput& input) {
  StageReader(model, input).Read(last_ends);
}

}  // namespace advise::model::ledger
