// Effects → schedules. Prepared once, applied once a draw; stages that no effect touches are views into the workload.
#include "cost/scenario.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "cost/calibration.h"
#include "cost/contention.h"
#include "cost/numbers.h"

namespace advise::cost {
namespace {

constexpr float kNoCap = std::numeric_limits<float>::infinity();

std::string StageName(const Workload& workload, std::uint32_t stage) {
  return std::to_string(workload.stages[stage].id) + "." + std::to_string(workload.stages[stage].attempt);
}

std::string Number(double value) { return std::to_string(static_cast<std::int64_t>(std::llround(value))); }

// Which number a range is, so that the same effect has the same draws in every scenario.
std::uint64_t KeyOf(const ScaleComponents& effect) {
  std::uint64_t key = effect.components.to_ullong();
  for (const std::uint32_t stage : effect.stages) key = MixHash(key, stage);
  return key;
}

std::uint64_t KeyOf(const ScaleTasks& effect) {
  std::uint64_t key = MixHash(effect.components.to_ullong(), 1);
  for (const std::uint32_t task : effect.tasks) key = MixHash(key, task);
  return key;
}

// The stage of a task.
std::uint32_t StageOfTask(const Workload& workload, std::uint32_t task) {
  const auto after = std::ranges::upper_bound(workload.stages, task, {}, &StageWork::first_task);
  // Stages without tasks begin where the next one does: the last that begins at or before the task has it.
  return static_cast<std::uint32_t>(after - workload.stages.begin()) - 1;
}

// Mean time between the executors that came one after the other at the start, ms: from the first on, as long as the next
// one followed within the longest that one keeps another waiting. nullopt: fewer than three.
std::optional<double> TimeBetweenArrivals(const Workload& workload) {
  std::vector<double> arrivals;
  for (const ExecutorWork& executor : workload.executors) {
    if (executor.row != kNone) arrivals.push_back(executor.arrival);
  }
  std::ranges::sort(arrivals);
  std::size_t together = arrivals.empty() ? 0 : 1;
  while (together < arrivals.size() &&
         arrivals[together] - arrivals[together - 1] <= calibration::kStartOnShared.high)
    ++together;
  constexpr std::size_t kSeveral = 3;
  if (together < kSeveral) return std::nullopt;
  return (arrivals[together - 1] - arrivals.front()) / static_cast<double>(together - 1);
}

}  // namespace

ComponentSet Components(std::initializer_list<Component> components) {
  ComponentSet set;
  for (const Component component : components) set.set(At(component));
  return set;
}

ComponentSet RunComponents() {
  return Components({Component::Cpu, Component::Gc, Component::FetchWait, Component::ShuffleWrite, Component::Spill,
                     Component::Input, Component::External, Component::OffCpu, Component::Unknown});
}

std::optional<std::string> FindContradiction(const Workload& workload, std::span<const Effect> effects) {
  std::map<std::uint32_t, double> partitions;
  std::optional<SetSlots> slots;
  std::optional<SetFair> fair;
  for (const Effect& effect : effects) {
    if (const auto* set = std::get_if<SetPartitions>(&effect)) {
      for (const std::uint32_t stage : set->stages) {
        const auto [entry, is_new] = partitions.try_emplace(stage, set->partitions);
        if (is_new || entry->second == set->partitions) continue;
        return "stage " + StageName(workload, stage) + " in " + Number(entry->second) + " and in " +
               Number(set->partitions) + " partitions";
      }
    } else if (const auto* change = std::get_if<SetSlots>(&effect)) {
      SetSlots both = slots.value_or(SetSlots{});
      const auto merge = [](double& old, double next) {
        const bool clash = old > 0 && next > 0 && old != next;
        if (next > 0) old = next;
        return clash;
      };
      const SetSlots before = both;
      if (merge(both.executors, change->executors)) {
        return Number(before.executors) + " and " + Number(change->executors) + " executors";
      }
      if (merge(both.slots, change->slots)) {
        return Number(before.slots) + " and " + Number(change->slots) + " slots an executor";
      }
      slots = both;
    } else if (const auto* pools = std::get_if<SetFair>(&effect)) {
      if (fair && fair->fair != pools->fair) return "the scheduler FAIR and FIFO";
      fair = *pools;
    }
  }
  return std::nullopt;
}

Volumes VolumesOf(const Workload& workload) {
  Volumes volumes;
  for (std::size_t i = 0; i < workload.tasks.size(); ++i) {
    volumes.shuffle_bytes += OrZero(workload.tasks.shuffle_write_bytes[i]);
    volumes.spilled_bytes += OrZero(workload.tasks.disk_spilled_bytes[i]);
  }
  return volumes;
}

Totals TotalsOf(const Workload& workload) {
  Totals totals;
  totals.volumes = VolumesOf(workload);
  for (std::size_t c = 0; c < kComponents; ++c) {
    for (const float part : workload.tasks.parts[c]) totals.components[c] += static_cast<double>(part);
  }
  return totals;
}

// ---------------------------------------------------------------- preparing
Scenario::Scenario(const Workload& workload, const ReplayTrace& unchanged, std::span<const Effect> effects,
                   std::uint32_t draws)
    : Scenario(workload, unchanged, TotalsOf(workload), effects, draws) {}

Scenario::Scenario(const Workload& workload, const ReplayTrace& unchanged, const Totals& totals,
                   std::span<const Effect> effects, std::uint32_t draws)
    : workload_(workload),
      unchanged_(unchanged),
      draws_(draws),
      totals_(totals),
      base_(UnchangedSchedule(workload)) {
  for (const Effect& effect : effects) Prepare(effect);
  std::ranges::stable_sort(gap_scales_, {}, &GapScale::gap);
  for (auto& [stage, edit] : edits_) {
    edit.capped = std::ranges::any_of(edit.caps, [](float cap) { return cap < kNoCap; });
    // The order in which scales were given must not show in the last bits.
    std::ranges::sort(edit.scales, {}, &Scale::key);
    std::ranges::sort(edit.task_scales, {}, [](const TaskScale& some) { return some.scale.key; });
  }
}

Scenario::StageEdit& Scenario::EditOf(std::uint32_t stage) {
  const auto [entry, is_new] = edits_.try_emplace(stage);
  if (is_new) entry->second.caps.fill(kNoCap);
  return entry->second;
}

void Scenario::Prepare(const Effect& effect) {
  if (const auto* drop = std::get_if<DropStages>(&effect)) {
    for (const std::uint32_t stage : drop->stages) EditOf(stage).dropped = true;
  } else if (const auto* work = std::get_if<AddWork>(&effect)) {
    EditOf(work->stage).work.push_back(*work);
  } else if (const auto* volume = std::get_if<ChangeVolume>(&effect)) {
    volume_changes_.push_back(*volume);
  } else if (const auto* partitions = std::get_if<SetPartitions>(&effect)) {
    for (const std::uint32_t stage : partitions->stages) {
      StageEdit& edit = EditOf(stage);
      edit.division.partitions = std::max(1.0, std::round(partitions->partitions));
      edit.divided = true;
      const double old = std::max(1.0, static_cast<double>(workload_.stages[stage].tasks));
      reach_ = std::max({reach_, edit.division.partitions / old, old / edit.division.partitions});
    }
  } else if (const auto* coalesce = std::get_if<CoalescePartitions>(&effect)) {
    for (const std::uint32_t stage : coalesce->stages) {
      Division& division = EditOf(stage).division;
      const double target = division.coalesce_bytes > 0 ? division.coalesce_bytes : coalesce->target_bytes;
      division.coalesce_bytes = std::min(target, coalesce->target_bytes);
      division.least_tasks = std::max(division.least_tasks, coalesce->least);
      division.smallest_bytes = std::max(division.smallest_bytes, coalesce->smallest_bytes);
      EditOf(stage).divided = true;
    }
  } else if (const auto* split = std::get_if<SplitTasks>(&effect)) {
    for (const std::uint32_t stage : split->stages) {
      Division& division = EditOf(stage).division;
      division.split_above = std::min(division.split_above, split->above_bytes);
      division.piece_bytes =
          division.piece_bytes > 0 ? std::min(division.piece_bytes, split->piece_bytes) : split->piece_bytes;
      division.most_pieces = std::max(division.most_pieces, split->most_pieces);
      EditOf(stage).divided = true;
    }
  } else if (const auto* cap = std::get_if<CapComponent>(&effect)) {
    for (const std::uint32_t stage : cap->stages) {
      float& at = EditOf(stage).caps[At(cap->component)];
      at = std::min(at, static_cast<float>(cap->ms));
    }
  } else if (const auto* scale = std::get_if<ScaleComponents>(&effect)) {
    const auto key = KeyOf(*scale);  // reads all stages
    for (const std::uint32_t stage : scale->stages) EditOf(stage).scales.push_back({scale->components, scale->factor, key});
  } else if (const auto* some = std::get_if<ScaleTasks>(&effect)) {
    std::map<std::uint32_t, std::vector<std::uint32_t>> by_stage;
    for (const std::uint32_t task : some->tasks) by_stage[StageOfTask(workload_, task)].push_back(task);
    const auto key = KeyOf(*some);  // reads all tasks
    for (auto& [stage, tasks] : by_stage) {
      EditOf(stage).task_scales.push_back({std::move(tasks), {some->components, some->factor, key}});
    }
  } else if (const auto* limit = std::get_if<CapTasks>(&effect)) {
    for (const std::uint32_t stage : limit->stages) EditOf(stage).task_caps.push_back(limit->ms);
  } else if (const auto* slots = std::get_if<SetSlots>(&effect)) {
    PrepareSlots(*slots);
  } else if (const auto* fair = std::get_if<SetFair>(&effect)) {
    base_.fair = fair->fair;
  } else if (const auto* gaps = std::get_if<ScaleGaps>(&effect)) {
    for (const std::uint32_t gap : gaps->gaps) gap_scales_.push_back({gap, gaps->factor});
  } else if (const auto* lag = std::get_if<AddLag>(&effect)) {
    lags_.push_back(*lag);
  } else if (const auto* arrivals = std::get_if<ScaleArrivals>(&effect)) {
    arrivals_.push_back(*arrivals);
  } else if (const auto* kept = std::get_if<KeepExecutor>(&effect)) {
    kept_.push_back(*kept);
  }
}

// More executors come several at a time as the observed ones came, fewer leave some of them out: by their order of
// arrival, so that the first and the last stay.
void Scenario::PrepareSlots(const SetSlots& effect) {
  std::vector<std::uint32_t> by_arrival(workload_.executors.size());
  for (std::uint32_t i = 0; i < by_arrival.size(); ++i) by_arrival[i] = i;
  std::ranges::stable_sort(by_arrival, {}, [&](std::uint32_t i) { return workload_.executors[i].arrival; });
  if (!slots_) slots_ = base_.slots;
  double before = 0;
  double most = 0;  // executors at once
  {
    std::vector<std::pair<double, int>> changes;
    for (const ExecutorWork& executor : workload_.executors) {
      changes.emplace_back(executor.arrival, 1);
      if (!std::isnan(executor.removal)) changes.emplace_back(executor.removal, -1);
      before += executor.slots;
    }
    std::sort(changes.begin(), changes.end());
    int now = 0;
    for (const auto& [time, change] : changes) most = std::max<double>(most, now += change);
  }
  const double ratio = effect.executors > 0 && most > 0 ? effect.executors / most : executor_ratio_;
  executor_ratio_ = ratio;
  if (effect.slots > 0) slots_each_ = effect.slots;
  double after = 0;
  for (std::size_t i = 0; i < by_arrival.size(); ++i) {
    const auto place = static_cast<double>(i);
    const double copies = std::round((place + 1) * ratio) - std::round(place * ratio);
    std::uint32_t& slots = (*slots_)[by_arrival[i]];
    const double each = slots_each_ > 0 ? slots_each_ : workload_.executors[by_arrival[i]].slots;
    slots = static_cast<std::uint32_t>(std::max(0.0, copies * each));
    after += slots;
  }
  slot_ratio_ = before > 0 ? after / before : 1;
  if (slot_ratio_ > 0) reach_ = std::max({reach_, slot_ratio_, 1 / slot_ratio_});
}

double Scenario::Copies(std::uint32_t executor) const {
  const double each = slots_each_ > 0 ? slots_each_ : workload_.executors[executor].slots;
  return each > 0 ? schedule_.slots[executor] / each : 0;
}

bool Scenario::Shared() const { return workload_.machine.shared && slots_.has_value() && slot_ratio_ != 1; }

// ---------------------------------------------------------------- applying
const Schedule& Scenario::Draw(std::uint32_t draw) {
  schedule_ = base_;
  volumes_ = totals_.volumes;
  components_ = totals_.components;
  more_before_ = 0;
  for (auto& [stage, edit] : edits_) ApplyStage(stage, edit, draw);
  if (slots_) ApplySlots(draw);
  ApplyLags(draw);
  ApplyKept();
  for (std::size_t i = 0; i < volume_changes_.size(); ++i) {
    volumes_.shuffle_bytes += draws_.Value(volume_changes_[i].shuffle_bytes, "shuffled", i, draw);
    volumes_.spilled_bytes += draws_.Value(volume_changes_[i].spill_bytes, "spilled", i, draw);
  }
  volumes_.shuffle_bytes = std::max(0.0, volumes_.shuffle_bytes);
  volumes_.spilled_bytes = std::max(0.0, volumes_.spilled_bytes);
  return schedule_;
}

// A component after the other, for tasks whose number and order stay: what is not changed adds nothing to the totals.
void Scenario::ScaleAllTasks(const StageWork& stage, StageEdit& edit, const std::array<float, kComponents>& factors) {
  edit.durations.assign(stage.tasks, 0);
  for (std::size_t c = 0; c < kComponents; ++c) {
    const float* parts = workload_.tasks.parts[c].data() + stage.first_task;
    float* durations = edit.durations.data();
    const float factor = factors[c];
    const float cap = edit.caps[c];
    if (factor == 1 && cap >= kNoCap) {
      for (std::uint32_t i = 0; i < stage.tasks; ++i) durations[i] += parts[i];
      continue;
    }
    double more = components_[c];
    for (std::uint32_t i = 0; i < stage.tasks; ++i) {
      const float changed = std::min(parts[i], cap) * factor;
      durations[i] += changed;
      more += static_cast<double>(changed - parts[i]);
    }
    components_[c] = more;
  }
}

void Scenario::ApplyStage(std::uint32_t index, StageEdit& edit, std::uint32_t draw) {
  const StageWork& stage = workload_.stages[index];
  const TaskArrays& tasks = workload_.tasks;
  Schedule::Stage& played = schedule_.stages[index];
  const std::uint32_t end = stage.first_task + stage.tasks;
  if (edit.dropped) {
    for (std::uint32_t task = stage.first_task; task < end; ++task) {
      volumes_.shuffle_bytes -= OrZero(tasks.shuffle_write_bytes[task]);
      volumes_.spilled_bytes -= OrZero(tasks.disk_spilled_bytes[task]);
      for (std::size_t c = 0; c < kComponents; ++c) components_[c] -= static_cast<double>(tasks.parts[c][task]);
    }
    played.tasks = 0;
    played.link_count = 0;
    played.needed = nullptr;
    schedule_.lag[workload_.points.StageReady(index)] = 0;
    schedule_.lag[workload_.points.StageEnd(index)] = 0;
    return;
  }
  std::array<float, kComponents> factors;
  factors.fill(1);
  for (const Scale& scale : edit.scales) {
    const auto factor = static_cast<float>(draws_.Value(scale.factor, "scale", scale.key, draw));
    for (std::size_t c = 0; c < kComponents; ++c) {
      if (scale.components[c]) factors[c] *= factor;
    }
  }
  float longest = kNoCap;
  for (const Range& cap : edit.task_caps) {
    longest = std::min(longest, static_cast<float>(draws_.Value(cap, "longest task", index, draw)));
  }
  edit.durations.clear();
  const auto add = [&](const Parts& parts, const std::array<float, kComponents>& by, bool was) {
    Parts changed;
    float duration = 0;
    for (std::size_t c = 0; c < kComponents; ++c) {
      changed[c] = std::min(parts[c], edit.caps[c]) * by[c];
      duration += changed[c];
    }
    const float shrink = duration > longest ? longest / duration : 1;
    for (std::size_t c = 0; c < kComponents; ++c) {
      components_[c] += static_cast<double>(changed[c] * shrink - (was ? parts[c] : 0));
    }
    edit.durations.push_back(std::min(duration, longest));
  };
  if (edit.divided) {
    DivisionNumbers numbers;
    numbers.fixed_run = draws_.Value(calibration::kFixedRun, "fixed run", 0, draw);
    numbers.commit_share = draws_.Value(calibration::kCommitShare, "commit share", 0, draw);
    numbers.bytes_per_ms = draws_.Value(calibration::kBytesPerMs, "bytes per ms", 0, draw);
    numbers.records_per_ms = draws_.Value(calibration::kRecordsPerMs, "records per ms", 0, draw);
    numbers.cold_records_per_ms = draws_.Value(calibration::kColdRecordsPerMs, "cold records", 0, draw);
    numbers.further_ratio = draws_.Value(calibration::kFurtherTask, "further task", 0, draw);
    numbers.further_task = calibration::kColdTask * workload_.cold_scale * numbers.further_ratio;
    numbers.executors = std::max<double>(1, static_cast<double>(workload_.executors_at_once));
    numbers.tasks_before = (stage.tasks_before + more_before_) / numbers.executors;
    numbers.spill_cpu = draws_.Value(calibration::kSpillCpu, "spill cpu", 0, draw);
    numbers.split_piece = draws_.Value(calibration::kSplitPiece, "split piece", 0, draw);
    for (std::uint32_t task = stage.first_task; task < end; ++task) {
      volumes_.spilled_bytes -= OrZero(tasks.disk_spilled_bytes[task]);
      for (std::size_t c = 0; c < kComponents; ++c) components_[c] -= static_cast<double>(tasks.parts[c][task]);
    }
    const DividedTasks divided = Divide(workload_, stage, edit.division, numbers);
    more_before_ += static_cast<double>(divided.parts.size()) - static_cast<double>(stage.tasks);
    volumes_.spilled_bytes += divided.spilled_bytes;
    for (const Parts& parts : divided.parts) add(parts, factors, false);
    // A slot is free a little before its task is said to have ended; of the tasks of the run that may be much, because
    // they were cold. It is a part of the task, and no more than the reporting of its end.
    double all = 0;
    for (const float ms : edit.durations) all += static_cast<double>(ms);
    constexpr double kReported = 0.1;
    const double mean = edit.durations.empty() ? 0 : all / static_cast<double>(edit.durations.size());
    played.turnaround = std::max(played.turnaround, static_cast<float>(-kReported * mean));
    played.pauses = nullptr;
    played.ramp = stage.ramp;
    played.first_wave = std::max<std::uint32_t>(stage.first_wave, 1);
    played.needed = nullptr;
    played.link_count = 0;
  } else if (longest >= kNoCap && edit.task_scales.empty()) {
    ScaleAllTasks(stage, edit, factors);
  } else {
    struct Some {
      const TaskScale* scale;
      std::size_t next = 0;
      float factor = 1;
    };
    std::vector<Some> some;
    for (const TaskScale& scale : edit.task_scales) {
      some.push_back({&scale, 0, static_cast<float>(draws_.Value(scale.scale.factor, "scale", scale.scale.key, draw))});
    }
    Parts parts;
    for (std::uint32_t task = stage.first_task; task < end; ++task) {
      for (std::size_t c = 0; c < kComponents; ++c) parts[c] = tasks.parts[c][task];
      std::array<float, kComponents> by = factors;
      for (Some& one : some) {
        const std::vector<std::uint32_t>& of = one.scale->tasks;
        if (one.next == of.size() || of[one.next] != task) continue;
        ++one.next;
        for (std::size_t c = 0; c < kComponents; ++c) {
          if (one.scale->scale.components[c]) by[c] *= one.factor;
        }
      }
      add(parts, by, true);
    }
  }
  for (const AddWork& work : edit.work) {
    const double time = draws_.Value(work.slot_time, "work", index, draw);
    const auto count = static_cast<std::size_t>(std::max(1.0, std::round(work.tasks)));
    edit.durations.insert(edit.durations.end(), count, static_cast<float>(time / static_cast<double>(count)));
    if (played.pauses != nullptr) {
      edit.pauses.assign(played.pauses, played.pauses + (end - stage.first_task));
      edit.pauses.resize(edit.durations.size(), 0);
      played.pauses = edit.pauses.data();
    }
    components_[At(Component::Cpu)] += time;
    if (played.needed == nullptr) continue;
    edit.needed.assign(played.needed, played.needed + (end - stage.first_task));
    edit.needed.resize(edit.durations.size(), 1);
    played.needed = edit.needed.data();
  }
  played.durations = edit.durations.data();
  played.tasks = static_cast<std::uint32_t>(edit.durations.size());
}

void Scenario::ApplySlots(std::uint32_t draw) {
  schedule_.slots = *slots_;
  if (slot_ratio_ == 1) return;
  if (!Shared()) {
    // The time of every task, but for what the driver does, grows with the slots beside it.
    const Range& range = slot_ratio_ > 2 ? calibration::kCrowdingFar : calibration::kCrowding;
    const double crowding = draws_.Value(range, "crowding", 0, draw);
    const auto factor = static_cast<float>(std::pow(slot_ratio_, crowding));
    alone_.resize(workload_.tasks.size());
    alone_changed_.resize(schedule_.stages.size());
    for (std::uint32_t i = 0; i < schedule_.stages.size(); ++i) {
      Schedule::Stage& played = schedule_.stages[i];
      std::vector<float>& changed = alone_changed_[i];
      changed.resize(played.tasks);
      for (std::uint32_t task = 0; task < played.tasks; ++task) changed[task] = played.durations[task] * factor;
      played.durations = changed.data();
    }
    return;
  }
  const double contention = draws_.Value(calibration::kContention, "contention", 0, draw);
  const double outside = draws_.Value(calibration::kOutsideNeeds, "outside", 0, draw);
  schedule_.contention = contention;
  schedule_.processors = ProcessorsSeen(workload_, outside);
  needs_ = ProcessorNeeds(workload_, outside);
  alone_ = TimesAlone(workload_, unchanged_, schedule_.processors, contention, needs_);
  alone_changed_.resize(schedule_.stages.size());
  needs_changed_.resize(schedule_.stages.size());
  for (std::uint32_t i = 0; i < schedule_.stages.size(); ++i) {
    const StageWork& stage = workload_.stages[i];
    Schedule::Stage& played = schedule_.stages[i];
    if (edits_.count(i) == 0) {
      played.durations = alone_.data() + stage.first_task;
      played.needs = needs_.data() + stage.first_task;
      continue;
    }
    // Tasks that the run did not have: as crowded as the stage was, and in want of a processor as its tasks were.
    double together = 0;
    double apart = 0;
    double need = 0;
    for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
      const double ms = static_cast<double>(workload_.tasks.duration[task]);
      together += ms;
      apart += static_cast<double>(alone_[task]);
      need += ms * needs_[task];
    }
    const auto factor = static_cast<float>(together > 0 ? apart / together : 1);
    std::vector<float>& changed = alone_changed_[i];
    changed.resize(played.tasks);
    for (std::uint32_t task = 0; task < played.tasks; ++task) changed[task] = played.durations[task] * factor;
    played.durations = changed.data();
    needs_changed_[i].assign(played.tasks,
                             together > 0 ? static_cast<std::uint16_t>(std::lround(need / together)) : kWholeProcessor);
    played.needs = needs_changed_[i].data();
  }
}

void Scenario::ApplyLags(std::uint32_t draw) {
  for (std::size_t i = 0; i < gap_scales_.size();) {
    const std::uint32_t gap = gap_scales_[i].gap;
    double factor = 1;
    for (; i < gap_scales_.size() && gap_scales_[i].gap == gap; ++i)
      factor *= draws_.Value(gap_scales_[i].factor, "gap", gap, draw);
    for (const auto& [point, ms] : workload_.gaps[gap].parts) {
      double& lag = schedule_.lag[point];
      lag = std::max(0.0, lag - (1 - factor) * static_cast<double>(ms));
    }
  }
  for (const AddLag& lag : lags_) {
    schedule_.lag[lag.point] = std::max(0.0, schedule_.lag[lag.point] + draws_.Value(lag.ms, "lag", lag.point, draw));
  }
  for (const ScaleArrivals& arrivals : arrivals_) {
    for (const std::uint32_t executor : arrivals.arrivals) {
      schedule_.lag[workload_.points.Arrival(executor)] *= draws_.Value(arrivals.factor, "arrival", executor, draw);
    }
  }
  if (!Shared()) return;
  // A further JVM on the same machine comes later, and so do all; the driver waits for them before its first job.
  const double more = (executor_ratio_ - 1) * static_cast<double>(workload_.executors.size());
  // Where several came one after the other, the log shows how long each keeps the next one waiting.
  const double each = draws_.Value(calibration::kStartOnShared, "start on shared", 0, draw);
  const double late = more * std::min(each, TimeBetweenArrivals(workload_).value_or(each));
  const PointNumbers& points = workload_.points;
  for (std::uint32_t i = workload_.after_begin[points.AppStart()]; i < workload_.after_begin[points.AppStart() + 1];
       ++i) {
    double& lag = schedule_.lag[workload_.after[i]];
    lag = std::max(0.0, lag + late);
  }
}

void Scenario::ApplyKept() {
  for (const KeepExecutor& kept : kept_) {
    if (schedule_.slots[kept.executor] == 0) continue;  // the scenario has none of it
    for (const std::uint32_t replaced : kept.replaced) schedule_.slots[replaced] = 0;
    const double last = workload_.executors[kept.last].removal;
    const double own = workload_.executors[kept.executor].removal;
    double& lag = schedule_.lag[workload_.points.Removal(kept.executor)];
    // To the end: far behind it, but a number.
    constexpr double kMuchLater = 1e15;
    lag = std::isnan(last) ? kMuchLater : lag + std::max(0.0, last - own);
  }
}

}  // namespace advise::cost
