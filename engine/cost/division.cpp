// Divides the data of a stage anew and gives each new task its time.
#include "cost/division.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cost/calibration.h"
#include "cost/draws.h"
#include "cost/numbers.h"

namespace advise::cost {
namespace {

constexpr Component kOverhead[] = {Component::Scheduler, Component::GettingResult, Component::Deserialize,
                                   Component::ResultSerialization};
bool IsOverhead(std::size_t component) {
  return std::ranges::any_of(kOverhead, [&](Component c) { return At(c) == component; });
}

// Data and the time that it takes beyond what every task takes. The first records of a task take longer than the rest,
// because their code is not compiled yet: put together, partitions pay for that once.
struct Piece {
  double bytes = 0;
  double records = 0;
  double time = 0;          // ms
  double cold = 0;          // ms of the first records
  double cold_records = 0;  // how many these are
  double old_tasks = 0;     // so many tasks of the run, and parts of them

  void Add(const Piece& more, double share = 1) {
    bytes += more.bytes * share;
    records += more.records * share;
    time += more.time * share;
    cold += more.cold * share;
    cold_records += more.cold_records * share;
    old_tasks += more.old_tasks * share;
  }
  // ms of the first records of a task that reads all of it.
  [[nodiscard]] double ColdTime() const {
    return cold_records > 0 ? cold * std::min(records, calibration::kColdRecords) / cold_records : 0;
  }
};

// What every task takes, data or not, as its components.
using Fixed = std::array<double, kComponents>;

// The winners of a stage, taken apart.
struct Dissected {
  std::vector<std::uint32_t> tasks;
  std::vector<Piece> pieces;
  std::vector<Fixed> fixed;
  std::vector<std::uint8_t> fixed_known;  // the data does not explain all of the run time
  // What the first tasks of a slot took beyond the later ones, ms, round by round and slot by slot: the slot pays that
  // for the code of the stage, which it then has, and not for their data. Empty: no task of the stage was a later one.
  std::vector<double> warm_up;
  std::uint32_t slots = 1;     // on which the stage ran
  double later_fixed = -1;     // ms of the fixed part of the later tasks; below 0: there are none, or it is not known
  double later_at = 0;         // place of the middle one of them
  Fixed time_shares{};         // of the components in the time that follows the data; sums to 1
  double memory_per_byte = 0;  // of tasks that spilled: execution memory that they needed, a byte read
  double memory = 0;           // what a spilling task could get
  double spilled_share = 0;    // of the memory that spilling tasks needed
  double disk_per_memory = 0;  // spilled bytes on disk ÷ in memory
};

double Sum(const Fixed& parts) {
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

// The tasks that a slot runs first compile and load the code of the stage; a later one with as much data is quicker. Of
// the tasks that were first (second, third …) on their slots, the part by which all exceed what the later ones took for
// their data moves from the pieces to the slots. Only where there are later ones to compare with, a wave of them at
// least; no more than the lower half of a round has of it, since one task alone may have heavy data (of a single slot
// that cannot be told); and never more than in the round before.
void TakeWarmUp(Dissected& stage) {
  const std::size_t slots = stage.slots;
  const std::size_t tasks = stage.pieces.size();
  if (tasks < 2 * slots) return;
  const std::size_t later = std::max(slots, tasks - std::max(slots, tasks / 3));
  std::vector<double> fixed;
  std::vector<double> times;
  std::vector<double> sizes;
  const auto size_of = [&](const Piece& piece) { return piece.bytes > 0 ? piece.bytes : piece.records; };
  for (std::size_t i = later; i < tasks; ++i) {
    if (stage.fixed_known[i] != 0) fixed.push_back(Sum(stage.fixed[i]));
    times.push_back(stage.pieces[i].time + stage.pieces[i].cold);
    sizes.push_back(size_of(stage.pieces[i]));
  }
  if (2 * fixed.size() > times.size()) stage.later_fixed = Median(std::move(fixed));
  stage.later_at = static_cast<double>(later + tasks) / 2;
  const double usual_time = Median(std::move(times));
  const double usual_size = Median(std::move(sizes));
  double most = std::numeric_limits<double>::infinity();
  for (std::size_t begin = 0; begin + slots <= later && most > 0; begin += slots) {
    std::vector<double> over;
    for (std::size_t i = begin; i < begin + slots; ++i) {
      const double size = size_of(stage.pieces[i]);
      const double usual = usual_time * (usual_size > 0 ? std::max(1.0, size / usual_size) : 1);
      over.push_back(std::max(0.0, stage.pieces[i].time + stage.pieces[i].cold - usual));
    }
    std::vector<double> sorted = over;
    std::ranges::sort(sorted);
    most = std::min(most, sorted[(slots - 1) / 2]);
    for (std::size_t slot = 0; slot < slots; ++slot) {
      Piece& piece = stage.pieces[begin + slot];
      const double all = piece.time + piece.cold;
      const double part = std::min(most, over[slot]);
      if (all > 0) {
        piece.time *= 1 - part / all;
        piece.cold *= 1 - part / all;
      }
      stage.warm_up.push_back(part);
    }
  }
}

// ms of warming up that a slot pays for this stretch of its tasks, counted as tasks of the run.
double WarmUp(const Dissected& stage, std::size_t slot, double from, double tasks) {
  double sum = 0;
  for (std::size_t round = 0; round * stage.slots < stage.warm_up.size(); ++round) {
    const auto begin = static_cast<double>(round);
    const double part = std::min(from + tasks, begin + 1) - std::max(from, begin);
    if (part > 0) sum += stage.warm_up[round * stage.slots + slot] * part;
  }
  return sum;
}

Dissected Dissect(const Workload& workload, const StageWork& stage, const DivisionNumbers& numbers) {
  const TaskArrays& tasks = workload.tasks;
  Dissected result;
  double time = 0;
  std::vector<double> got;
  double needed = 0;
  double needed_bytes = 0;
  double spilled = 0;
  double spilled_disk = 0;
  for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
    if (tasks.winner[task] == 0) continue;
    Fixed fixed{};
    double run = 0;
    for (std::size_t c = 0; c < kComponents; ++c) {
      if (IsOverhead(c)) {
        fixed[c] = static_cast<double>(tasks.parts[c][task]);
      } else {
        run += static_cast<double>(tasks.parts[c][task]);
      }
    }
    const double bytes = OrZero(tasks.shuffle_read_bytes[task]) + OrZero(tasks.input_bytes[task]);
    const double records = OrZero(tasks.shuffle_read_records[task]);
    const double first = std::min(records, calibration::kColdRecords);
    const double by_data = bytes / numbers.bytes_per_ms + records / numbers.records_per_ms;
    const double cold = std::min(run, first / numbers.cold_records_per_ms);
    double fixed_most = numbers.fixed_run;
    for (const Component waits : {Component::OffCpu, Component::External}) {
      if (stage.small_files) fixed_most += numbers.commit_share * static_cast<double>(tasks.parts[At(waits)][task]);
    }
    const double fixed_run = std::clamp(run - cold - by_data, 0.0, std::min(run, fixed_most));
    for (std::size_t c = 0; c < kComponents && run > 0; ++c) {
      if (IsOverhead(c)) continue;
      const double part = static_cast<double>(tasks.parts[c][task]);
      fixed[c] = part * fixed_run / run;
      result.time_shares[c] += part * (run - fixed_run) / run;
    }
    time += run - fixed_run;
    result.tasks.push_back(task);
    const double moves = std::max(0.0, run - fixed_run - cold);
    result.pieces.push_back({bytes, records, moves, run - fixed_run - moves, first, 1});
    result.fixed.push_back(fixed);
    result.fixed_known.push_back(fixed_run > 0 || run <= 0 ? 1 : 0);
    const double over = OrZero(tasks.memory_spilled_bytes[task]);
    const double peak = OrZero(tasks.peak_memory_bytes[task]);
    if (over <= 0 || peak <= 0 || bytes <= 0) continue;
    got.push_back(peak);
    needed += peak + over;
    needed_bytes += bytes;
    spilled += over;
    spilled_disk += OrZero(tasks.disk_spilled_bytes[task]);
  }
  for (double& share : result.time_shares) share = time > 0 ? share / time : 0;
  result.slots = std::max<std::uint32_t>(1, stage.first_wave);
  if (stage.first_wave > 0) TakeWarmUp(result);
  if (!got.empty()) {
    result.memory_per_byte = needed / needed_bytes;
    result.memory = Median(std::move(got));
    result.spilled_share = spilled / needed;
    result.disk_per_memory = spilled > 0 ? spilled_disk / spilled : 0;
  }
  return result;
}

// ---------------------------------------------------------------- pieces
// What one partition has beyond twice the median is one key, and goes whole to one of the new partitions. The rest is
// divided evenly but for the spread that the partitions had. With fewer partitions, old ones are put together as
// hashing does it: partition p goes to p modulo their number.
std::vector<Piece> SetNumber(const std::vector<Piece>& old, std::size_t count) {
  std::vector<double> sizes;
  for (const Piece& piece : old) sizes.push_back(piece.bytes);
  const double heavy = calibration::kHeavyKey * Median(sizes);
  std::vector<Piece> light = old;
  std::vector<Piece> pieces(count);
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (heavy <= 0 || old[i].bytes <= heavy) continue;
    const double share = (old[i].bytes - heavy) / old[i].bytes;
    pieces[count < old.size() ? i % count : MixHash(i, count) % count].Add(old[i], share);
    light[i] = {};
    light[i].Add(old[i], 1 - share);
  }
  if (count <= old.size()) {
    for (std::size_t i = 0; i < light.size(); ++i) pieces[i % count].Add(light[i]);
    return pieces;
  }
  Piece all;
  for (const Piece& piece : light) all.Add(piece);
  // The new partitions spread as the old ones, less by the root of the ratio: each holds fewer keys of its own, and
  // larger ones were put together of more.
  const double shrink = std::sqrt(static_cast<double>(old.size()) / static_cast<double>(count));
  const double mean_bytes = all.bytes / static_cast<double>(light.size());
  const double mean_time = all.time / static_cast<double>(light.size());
  struct Share {
    double bytes = 0;
    double time = 0;
  };
  std::vector<Share> shares(count);
  Share sum;
  for (std::size_t j = 0; j < count; ++j) {
    const Piece& like = light[j % light.size()];
    shares[j].bytes = 1 + (mean_bytes > 0 ? (like.bytes / mean_bytes - 1) * shrink : 0);
    shares[j].time = 1 + (mean_time > 0 ? (like.time / mean_time - 1) * shrink : 0);
    sum.bytes += shares[j].bytes;
    sum.time += shares[j].time;
  }
  for (std::size_t j = 0; j < count; ++j) {
    const double of_time = pieces[j].time + all.time * shares[j].time / sum.time;
    pieces[j].Add(all, shares[j].bytes / sum.bytes);
    pieces[j].time = of_time;
  }
  return pieces;
}

std::vector<Piece> Coalesce(const std::vector<Piece>& old, const Division& division) {
  std::vector<double> sizes;
  for (const Piece& piece : old) sizes.push_back(piece.bytes);
  std::vector<Piece> pieces;
  std::size_t next = 0;
  for (const std::uint32_t count :
       CoalesceSizes(sizes, division.coalesce_bytes, division.least_tasks, division.smallest_bytes)) {
    Piece piece;
    for (std::uint32_t i = 0; i < count; ++i, ++next) piece.Add(old[next]);
    pieces.push_back(piece);
  }
  return pieces;
}

std::vector<Piece> Split(const std::vector<Piece>& old, const Division& division, double together) {
  std::vector<Piece> pieces;
  for (const Piece& piece : old) {
    std::size_t count = 1;
    if (piece.bytes > division.split_above && division.piece_bytes > 0) {
      count = static_cast<std::size_t>(
          std::max(1.0, std::min(std::ceil(piece.bytes / division.piece_bytes), division.most_pieces)));
    }
    Piece part;
    part.Add(piece, 1 / static_cast<double>(count));
    if (count > 1) part.time *= together;
    pieces.insert(pieces.end(), count, part);
  }
  return pieces;
}

// ---------------------------------------------------------------- tasks
// Of the winners of the stage: how their fixed part is divided among the components.
Fixed SharesOf(const Dissected& stage) {
  Fixed shares{};
  double sum = 0;
  for (const Fixed& fixed : stage.fixed) {
    for (std::size_t c = 0; c < kComponents; ++c) shares[c] += fixed[c];
  }
  for (const double share : shares) sum += share;
  if (sum <= 0) shares[At(Component::Cpu)] = sum = 1;
  for (double& share : shares) share /= sum;
  return shares;
}

// The fixed part of a task that stands at a place of the launch order: as the winner there had it. Further ones take what
// a task takes in a JVM that has run so many.
Fixed FixedAt(const Dissected& stage, std::size_t place, const Fixed& shares, const DivisionNumbers& numbers) {
  if (place < stage.fixed.size()) return stage.fixed[place];
  const auto run_at = [&](double at) {
    return std::max(1.0, numbers.tasks_before + at / std::max(1.0, numbers.executors));
  };
  const double run = run_at(static_cast<double>(place));
  double ms = numbers.further_task * std::pow(run, -calibration::kWarmUp);
  // The later tasks of the stage tell it better than a curve that other runs gave.
  if (stage.later_fixed >= 0) {
    ms = std::min(ms, numbers.further_ratio * stage.later_fixed *
                          std::pow(run / run_at(stage.later_at), -calibration::kWarmUp));
  }
  Fixed fixed = shares;
  for (double& part : fixed) part *= ms;
  return fixed;
}

}  // namespace

std::vector<std::uint32_t> CoalesceSizes(const std::vector<double>& bytes, double target, double least,
                                         double smallest) {
  double sum = 0;
  for (const double size : bytes) sum += size;
  target = std::max(1.0, std::min(target, std::max(smallest, std::ceil(sum / std::max(1.0, least)))));
  std::vector<std::uint32_t> counts;
  double size = 0;
  std::uint32_t count = 0;
  for (const double next : bytes) {
    if (count > 0 && size + next > target) {
      counts.push_back(count);
      size = 0;
      count = 0;
    }
    size += next;
    ++count;
  }
  if (count > 0) counts.push_back(count);
  return counts;
}

DividedTasks Divide(const Workload& workload, const StageWork& stage, const Division& division,
                    const DivisionNumbers& numbers) {
  const Dissected before = Dissect(workload, stage, numbers);
  DividedTasks result;
  std::vector<Piece> pieces = before.pieces;
  const auto wanted = static_cast<std::size_t>(std::max(0.0, division.partitions));
  if (wanted > 0 && wanted != pieces.size() && !pieces.empty()) pieces = SetNumber(pieces, wanted);
  if (division.coalesce_bytes > 0) pieces = Coalesce(pieces, division);
  pieces = Split(pieces, division, numbers.split_piece);
  const Fixed shares = SharesOf(before);
  std::vector<double> done(before.slots);  // tasks of the run that a slot has behind it
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Fixed fixed = FixedAt(before, i, shares, numbers);
    // Spilling follows what a task needs beyond what it gets.
    double spill_ratio = 1;
    double cpu_ratio = 1;
    if (before.spilled_share > 0) {
      const double needed = pieces[i].bytes * before.memory_per_byte;
      const double over = std::max(0.0, needed - before.memory);
      spill_ratio = needed > 0 ? std::min(1.5, over / needed / before.spilled_share) : 0;
      cpu_ratio = 1 - numbers.spill_cpu * before.spilled_share * (1 - std::min(1.0, spill_ratio));
      result.spilled_bytes += over * before.disk_per_memory;
    }
    const std::size_t slot = i % done.size();
    double& behind = done[slot];
    const double by_data = pieces[i].time + pieces[i].ColdTime() + WarmUp(before, slot, behind, pieces[i].old_tasks);
    behind += pieces[i].old_tasks;
    Parts parts;
    for (std::size_t c = 0; c < kComponents; ++c) {
      double part = fixed[c] + by_data * before.time_shares[c];
      if (c == At(Component::Spill)) part *= spill_ratio;
      if (c == At(Component::Cpu)) part *= cpu_ratio;
      parts[c] = static_cast<float>(part);
    }
    result.parts.push_back(parts);
    result.largest_bytes = std::max(result.largest_bytes, pieces[i].bytes);
  }
  return result;
}

}  // namespace advise::cost
