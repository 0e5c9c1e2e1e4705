// The life of a task in components that add up to it, each at most what is left (in this order):
//
//   scheduler delay, deserialisation, result     measured
//   on the CPU                                   measured from Spark 2.1 on
//   fetch wait                                   measured
//   garbage collection                           min(GC, what is left): the JVM's counter, so that concurrent
//                                                collectors may count time that was no pause
//   shuffle write                                min(write time, what is left): partly on the CPU
//   spill, input, output                         inferred: what is left follows the bytes of the stage's tasks
//   Python, GPUs                                 what is left in a stage that runs them
//   unknown                                      what is left
//
// Inferred parts come from a regression over the winners of a stage that has enough of them and explains enough. Times
// are the executors' and the life is the driver's: only their proportions count.
#include "model/derive/ledger_components.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "model/derive/scan.h"

namespace advise::model::ledger {
namespace {

// ---------------------------------------------------------------- what stages run
enum class OffCpu : std::uint8_t { Unknown, Python, Native };

std::vector<OffCpu> OffCpuOfStages(const JobModel& model) {
  std::vector<OffCpu> kinds(model.stages.size(), OffCpu::Unknown);
  for (std::size_t stage = 0; stage < kinds.size(); ++stage) {
    for (const NodeRow node : model.stages.nodes.Get(stage)) {
      if (!model.plan_nodes.kind.Has(node.index)) continue;
      if (IsA(model.plan_nodes.kind.Get(node.index), NodeKind::PythonUdf)) kinds[stage] = OffCpu::Python;
      if (model.plan_nodes.engine.Get(node.index) == Engine::Rapids) kinds[stage] = OffCpu::Native;
    }
    if (kinds[stage] != OffCpu::Unknown) continue;
    for (const std::int64_t id : model.stages.rdd_ids.Get(stage)) {
      const RawRdd* const rdd = model.FindRdd(id);
      if (rdd != nullptr && model.strings.Get(rdd->name) == "PythonRDD") kinds[stage] = OffCpu::Python;
    }
  }
  return kinds;
}

// Of a further attempt of a stage: which share of its winners computed what had been computed before. Which of them
// they are, the log does not say (their index is not the partition).
std::vector<double> RecomputedShares(const JobModel& model) {
  std::vector<double> shares(model.stages.size());
  for (std::size_t stage = 0; stage < shares.size(); ++stage) {
    const std::span<const StageRow> attempts = model.stages.attempts.Get(stage);
    if (attempts.size() < 2 || attempts.front().index != stage || !model.stages.task_count.Has(stage)) continue;
    std::int64_t missing = model.stages.task_count.Get(stage);
    for (const StageRow attempt : attempts) {
      const auto won = static_cast<std::int64_t>(model.stages.winners.Get(attempt.index).size());
      const std::int64_t again = std::max<std::int64_t>(0, won - missing);
      if (won > 0) shares[attempt.index] = static_cast<double>(again) / static_cast<double>(won);
      missing -= won - again;
    }
  }
  return shares;
}

// The nearest integer of a number >= 0.
std::int64_t Nearest(double value) { return static_cast<std::int64_t>(value + 0.5); }

// ---------------------------------------------------------------- one attempt
// ns; kMissing where the log does not say.
struct TaskTimes {
  std::int64_t duration = kMissing;
  std::int64_t run = kMissing;
  std::int64_t cpu = kMissing;
  std::int64_t fetch = 0;
  std::int64_t gc = 0;
  std::int64_t write = 0;
  std::int64_t deserialize = 0;
  std::int64_t result = 0;
};

// Of the life of a task, ns.
struct Components {
  std::int64_t delay = 0;
  std::int64_t deserialize = 0;
  std::int64_t result = 0;
  std::int64_t cpu = 0;  // or, without CPU times, all that is left of the run time
  std::int64_t fetch = 0;
  std::int64_t gc = 0;
  std::int64_t write = 0;
  std::int64_t rest = 0;  // off the CPU, not explained by a measurement
  [[nodiscard]] std::int64_t sum() const { return delay + deserialize + result + cpu + fetch + gc + write + rest; }
};

std::int64_t Take(std::int64_t wanted, std::int64_t& left) {
  const std::int64_t taken = std::clamp<std::int64_t>(wanted, 0, left);
  left -= taken;
  return taken;
}

Components Divide(const TaskTimes& times) {
  Components c;
  c.deserialize = std::max<std::int64_t>(0, times.deserialize);
  c.result = std::max<std::int64_t>(0, times.result);
  std::int64_t left = std::max<std::int64_t>(0, times.run);
  c.delay = std::max<std::int64_t>(0, times.duration - left - c.deserialize - c.result);
  if (times.cpu != kMissing) c.cpu = Take(times.cpu, left);
  c.fetch = Take(times.fetch, left);
  c.gc = Take(times.gc, left);
  c.write = Take(times.write, left);
  (times.cpu != kMissing ? c.rest : c.cpu) = left;
  return c;
}

// Block after block of the columns that are needed, as plain arrays.
class TimeReader {
 public:
  static constexpr std::size_t kBlock = PackedColumn::kBlockRows;
  explicit TimeReader(const TaskTable& tasks) : tasks_(tasks) {}

  void Load(std::size_t begin, std::size_t count) {
    Decode(tasks_.duration, duration_, begin, count);
    Decode(tasks_.run_time, run_, begin, count);
    Decode(tasks_.cpu_time, cpu_, begin, count);
    Decode(tasks_.fetch_wait_time, fetch_, begin, count);
    Decode(tasks_.gc_time, gc_, begin, count);
    Decode(tasks_.shuffle_write_time, write_, begin, count);
    Decode(tasks_.deserialize_time, deserialize_, begin, count);
    Decode(tasks_.result_serialization_time, serialize_, begin, count);
    Decode(tasks_.getting_result_time, getting_, begin, count);
    Decode(tasks_.disk_bytes_spilled, spilled_, begin, count);
    Decode(tasks_.input_bytes, input_, begin, count);
    Decode(tasks_.output_bytes, output_, begin, count);
  }
  [[nodiscard]] TaskTimes At(std::size_t i) const {
    return {.duration = Ns(duration_[i]),
            .run = run_[i] == kMissing ? kMissing : Ns(run_[i]),
            .cpu = cpu_[i],
            .fetch = Ns(fetch_[i]),
            .gc = Ns(gc_[i]),
            .write = KnownOrZero(write_[i]),
            .deserialize = Ns(deserialize_[i]),
            .result = Ns(serialize_[i]) + Ns(getting_[i])};
  }
  // What the time off the CPU may follow: bytes spilled, read, written.
  [[nodiscard]] std::array<double, kCauses> CausesAt(std::size_t i) const {
    const auto bytes = [](std::int64_t value) { return static_cast<double>(std::max<std::int64_t>(0, value)); };
    return {bytes(spilled_[i]), bytes(input_[i]), bytes(output_[i])};
  }

 private:
  using Block = std::array<std::int64_t, kBlock>;
  static std::int64_t KnownOrZero(std::int64_t value) { return value == kMissing ? 0 : value; }
  static std::int64_t Ns(std::int64_t ms) {
    constexpr std::int64_t kNsPerMs = 1'000'000;
    constexpr std::int64_t kMostMs = std::int64_t{1} << 38;  // times beyond 8 years are no times
    return std::clamp<std::int64_t>(KnownOrZero(ms), 0, kMostMs) * kNsPerMs;
  }
  static void Decode(const PackedColumn& column, Block& block, std::size_t begin, std::size_t count) {
    column.Decode(begin, std::span(block).first(count));
  }

  const TaskTable& tasks_;
  Block duration_, run_, cpu_, fetch_, gc_, write_, deserialize_, serialize_, getting_, spilled_, input_, output_;
};

// ---------------------------------------------------------------- inferred parts
constexpr LedgerPart kCausePart[kCauses] = {LedgerPart::Spill, LedgerPart::Input, LedgerPart::Output};
constexpr double kFewestTasks = 8;  // for a regression to mean something
constexpr double kEnoughR2 = 0.3;   // reference: below it the shares are noise, and the time stays unknown

// Weights of a stage, or none.
struct Inferred {
  bool known = false;
  LeastSquares::Fit fit;
};

class TaskDivider {
 public:
  TaskDivider(const JobModel& model, std::span<const std::int64_t> task_units, StageCells& cells,
              std::array<std::int64_t, kLedgerParts>& stageless)
      : model_(model),
        units_(task_units),
        cells_(cells),
        stageless_(stageless),
        reader_(model.tasks),
        off_cpu_(OffCpuOfStages(model)),
        recomputed_(RecomputedShares(model)),
        resubmitted_(ResubmittedIds()) {}

  MostUnits Run() {
    Infer();
    ForEachTask([&](std::size_t row, std::size_t i) {
      if (units_[row] > 0) AddTask(row, i);
    });
    return most_;
  }

 private:
  template <class Visit>
  void ForEachTask(Visit visit) {
    for (std::size_t begin = 0; begin < units_.size(); begin += TimeReader::kBlock) {
      const std::size_t count = std::min(TimeReader::kBlock, units_.size() - begin);
      reader_.Load(begin, count);
      for (std::size_t i = 0; i < count; ++i) visit(begin + i, i);
    }
  }

  [[nodiscard]] std::vector<std::int64_t> ResubmittedIds() const {
    std::vector<std::int64_t> ids;
    for (std::size_t row = 0; row < model_.tasks.size(); ++row) {
      if (model_.tasks.end_reason.Has(row) && model_.tasks.end_reason.Get(row) == EndReason::Resubmitted)
        ids.push_back(model_.tasks.id.Get(row));
    }
    std::ranges::sort(ids);
    return ids;
  }

  void Infer() {
    inferred_.resize(model_.stages.size());
    std::vector<LeastSquares> sums(model_.stages.size());
    ForEachTask([&](std::size_t row, std::size_t i) {
      const StageRow stage = model_.tasks.stage.Get(row);
      if (!stage.valid() || !model_.tasks.winner.Get(row) || off_cpu_[stage.index] != OffCpu::Unknown) return;
      const TaskTimes times = reader_.At(i);
      if (times.run == kMissing || times.cpu == kMissing) return;
      sums[stage.index].Add(reader_.CausesAt(i), static_cast<double>(Divide(times).rest));
    });
    for (std::size_t stage = 0; stage < sums.size(); ++stage) {
      if (sums[stage].n < kFewestTasks) continue;
      const LeastSquares::Fit fit = sums[stage].Solve();
      if (fit.r2 >= kEnoughR2) inferred_[stage] = {true, fit};
    }
  }

  void Add(StageRow stage, LedgerPart part, std::int64_t units) {
    if (stage.valid()) {
      cells_.Add(stage.index, part, units);
    } else {
      stageless_[static_cast<std::size_t>(part)] += units;
    }
  }

  void AddTask(std::size_t row, std::size_t i) {
    const TaskTable& tasks = model_.tasks;
    const StageRow stage = tasks.stage.Get(row);
    std::int64_t units = units_[row];
    if (tasks.running.Get(row)) return Add(stage, LedgerPart::Unfinished, units);
    if (!tasks.winner.Get(row)) return Add(stage, WhyWasted(row, stage), units);
    if (stage.valid() && recomputed_[stage.index] > 0) {
      const auto again = Nearest(static_cast<double>(units) * recomputed_[stage.index]);
      const std::int64_t wasted = std::clamp<std::int64_t>(again, 0, units);
      Add(stage, LedgerPart::WastedRecomputed, wasted);
      units -= wasted;
    }
    const TaskTimes times = reader_.At(i);
    if (times.run == kMissing) return Add(stage, LedgerPart::NoMetrics, units);
    AddWinner(stage, times, reader_.CausesAt(i), units);
  }

  [[nodiscard]] LedgerPart WhyWasted(std::size_t row, StageRow stage) const {
    const TaskTable& tasks = model_.tasks;
    if (tasks.failed.Get(row)) return LedgerPart::WastedFailed;
    if (tasks.succeeded.Get(row) && std::ranges::binary_search(resubmitted_, tasks.id.Get(row)))
      return LedgerPart::WastedRecomputed;
    const bool copies = stage.valid() && model_.stages.speculative_tasks.Has(stage.index) &&
                        model_.stages.speculative_tasks.Get(stage.index) > 0;
    if (tasks.succeeded.Get(row) || tasks.speculative.Get(row) || copies) return LedgerPart::WastedSpeculation;
    return LedgerPart::WastedKilled;
  }

  void AddWinner(StageRow stage, const TaskTimes& times, const std::array<double, kCauses>& causes,
                 std::int64_t units) {
    const Components c = Divide(times);
    const std::int64_t sum = c.sum();
    if (sum == 0) return Add(stage, LedgerPart::NoMetrics, units);  // ran, and measured nothing
    // ns of the life → units of wall time. The last part takes what rounding leaves.
    const double scale = static_cast<double>(units) / static_cast<double>(sum);
    std::int64_t left = units;
    const auto wall = [&](std::int64_t ns) { return std::min(left, Nearest(static_cast<double>(ns) * scale)); };
    const auto give = [&](LedgerPart part, std::int64_t ns) {
      const std::int64_t given = wall(ns);
      left -= given;
      Add(stage, part, given);
    };
    const std::int64_t could_be_gc = wall(std::clamp<std::int64_t>(times.gc, 0, std::max<std::int64_t>(0, times.run)));
    most_[static_cast<std::size_t>(LedgerPart::Gc)] += could_be_gc;
    give(LedgerPart::SchedulerDelay, c.delay);
    give(LedgerPart::Deserialisation, c.deserialize);
    give(LedgerPart::Result, c.result);
    give(LedgerPart::FetchWait, c.fetch);
    give(LedgerPart::Gc, c.gc);
    give(LedgerPart::ShuffleWrite, c.write);
    if (times.cpu == kMissing) return Add(stage, LedgerPart::Undivided, left);
    const std::int64_t rest = wall(c.rest);
    left -= rest;
    Add(stage, LedgerPart::Cpu, left);
    AddRest(stage, rest, causes);
  }

  // Off the CPU, and no measurement says why.
  void AddRest(StageRow stage, std::int64_t units, const std::array<double, kCauses>& causes) {
    const auto most = [&](LedgerPart part) -> std::int64_t& { return most_[static_cast<std::size_t>(part)]; };
    const OffCpu kind = stage.valid() ? off_cpu_[stage.index] : OffCpu::Unknown;
    if (kind == OffCpu::Native) return Add(stage, LedgerPart::Native, units);
    for (std::size_t cause = 0; cause < kCauses; ++cause) {
      if (causes[cause] > 0) most(kCausePart[cause]) += units;
    }
    most(LedgerPart::UnknownIo) += units;
    if (kind == OffCpu::Python) {
      most(LedgerPart::Python) += units;
      return Add(stage, LedgerPart::Python, units);
    }
    std::int64_t left = units;
    if (stage.valid() && inferred_[stage.index].known) {
      const LeastSquares::Fit& fit = inferred_[stage.index].fit;
      double expected = fit.intercept;
      for (std::size_t cause = 0; cause < kCauses; ++cause) expected += fit.weight[cause] * causes[cause];
      for (std::size_t cause = 0; cause < kCauses && expected > 0; ++cause) {
        const double share = fit.weight[cause] * causes[cause] / expected;
        const std::int64_t given = std::clamp<std::int64_t>(Nearest(static_cast<double>(units) * share), 0, left);
        left -= given;
        Add(stage, kCausePart[cause], given);
      }
    }
    Add(stage, LedgerPart::UnknownIo, left);
  }

  const JobModel& model_;
  std::span<const std::int64_t> units_;
  StageCells& cells_;
  std::array<std::int64_t, kLedgerParts>& stageless_;
  TimeReader reader_;
  std::vector<OffCpu> off_cpu_;
  std::vector<double> recomputed_;
  std::vector<std::int64_t> resubmitted_;  // task ids, sorted
  std::vector<Inferred> inferred_;
  MostUnits most_{};
};

// ---------------------------------------------------------------- least squares
// Solves the first `size` of a symmetric system in place; false if it has no single solution.
constexpr std::size_t kUnknowns = kCauses + 1;
bool SolveSystem(std::array<std::array<double, kUnknowns + 1>, kUnknowns>& rows, std::size_t size) {
  for (std::size_t column = 0; column < size; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < size; ++row) {
      if (std::abs(rows[row][column]) > std::abs(rows[pivot][column])) pivot = row;
    }
    constexpr double kSingular = 1e-9;  // the diagonal is scaled to 1
    if (std::abs(rows[pivot][column]) < kSingular) return false;
    std::swap(rows[pivot], rows[column]);
    for (std::size_t row = 0; row < size; ++row) {
      if (row == column) continue;
      const double factor = rows[row][column] / rows[column][column];
      for (std::size_t k = column; k <= size; ++k) rows[row][k] -= factor * rows[column][k];
    }
  }
  for (std::size_t row = 0; row < size; ++row) rows[row][size] /= rows[row][row];
  return true;
}

}  // namespace

void LeastSquares::Add(const std::array<double, kCauses>& values, double observed) {
  n += 1;
  y += observed;
  yy += observed * observed;
  for (std::size_t i = 0; i < kCauses; ++i) {
    x[i] += values[i];
    xy[i] += values[i] * observed;
    for (std::size_t j = 0; j < kCauses; ++j) xx[i][j] += values[i] * values[j];
  }
}

// Each subset of the unknowns is solved, and the best one without a negative weight is taken: four unknowns make 16.
LeastSquares::Fit LeastSquares::Solve() const {
  Fit best;
  const double variance = yy - y * y / n;
  if (n < 2 || !(variance > 1e-9 * yy)) return best;
  // Unknown 0 is the intercept, 1 … the weights; scaled by the root of the sum of squares of its values.
  std::array<double, kUnknowns> scale{};
  scale[0] = std::sqrt(n);
  for (std::size_t i = 0; i < kCauses; ++i) scale[i + 1] = std::sqrt(xx[i][i]);
  const auto product = [&](std::size_t i, std::size_t j) {
    if (i == 0 && j == 0) return n;
    if (i == 0) return x[j - 1];
    if (j == 0) return x[i - 1];
    return xx[i - 1][j - 1];
  };
  const auto with_y = [&](std::size_t i) { return i == 0 ? y : xy[i - 1]; };
  double least = yy;
  for (unsigned subset = 1; subset < 1U << kUnknowns; ++subset) {
    std::array<std::size_t, kUnknowns> chosen{};
    std::size_t size = 0;
    bool usable = true;
    for (std::size_t i = 0; i < kUnknowns; ++i) {
      if ((subset >> i & 1U) == 0) continue;
      usable = usable && scale[i] > 0;
      chosen[size++] = i;
    }
    if (!usable) continue;
    std::array<std::array<double, kUnknowns + 1>, kUnknowns> rows{};
    for (std::size_t a = 0; a < size; ++a) {
      for (std::size_t b = 0; b < size; ++b)
        rows[a][b] = product(chosen[a], chosen[b]) / (scale[chosen[a]] * scale[chosen[b]]);
      rows[a][size] = with_y(chosen[a]) / scale[chosen[a]];
    }
    if (!SolveSystem(rows, size)) continue;
    double left = yy;  // at the least-squares solution: yy - sum(solution x right side)
    bool negative = false;
    for (std::size_t a = 0; a < size; ++a) {
      negative = negative || rows[a][size] < 0;
      left -= rows[a][size] * with_y(chosen[a]) / scale[chosen[a]];
    }
    // Not by rounding alone: a value that is the same in all tasks is no better than the intercept, which comes first.
    constexpr double kBetter = 1e-9;
    if (negative || left > least - kBetter * yy) continue;
    least = left;
    best = {};
    for (std::size_t a = 0; a < size; ++a)
      (chosen[a] == 0 ? best.intercept : best.weight[chosen[a] - 1]) = rows[a][size] / scale[chosen[a]];
  }
  best.r2 = std::clamp(1 - least / variance, 0.0, 1.0);
  return best;
}

MostUnits AddComponents(const JobModel& model, std::span<const std::int64_t> task_units, StageCells& cells,
                        std::array<std::int64_t, kLedgerParts>& stageless) {
  // Not on the stack: it holds a block of each column.
  return std::make_unique<TaskDivider>(model, task_units, cells, stageless)->Run();
}

}  // namespace advise::model::ledger
