// Executors, their slots, their memory.
#include <algorithm>
#include <cmath>

#include "cost/calibration.h"
#include "cost/change_models.h"
#include "spark/values.h"
#include "support/format.h"

namespace advise::cost {
namespace {

// UnifiedMemoryManager: reserved memory, and the smallest heap with which an executor starts.
constexpr double kReserved = 300 * spark::kMiB;
constexpr double kSmallestHeap = 1.5 * kReserved;

bool IsLocalRun(const model::JobModel& model) {
  for (std::size_t row = 0; row < model.executors.size(); ++row) {
    if (model.executors.is_driver.Get(row) && model.executors.runs_tasks.Get(row)) return true;
  }
  return false;
}

double MostExecutors(const model::JobModel& model) {
  return model.app.max_executors.Has(0) ? static_cast<double>(model.app.max_executors.Get(0)) : 0;
}

// ---------------------------------------------------------------- memory
// What the log tells of memory that binds, by stage.
struct MemoryEvidence {
  StageList spilled;      // stages that spilled
  double spill_need = 1;  // what their tasks needed ÷ what they got; median
  StageList collected;    // stages whose GC share is high
  bool failures = false;  // tasks or executors failed for memory
  double held = 0;        // execution memory that one task held at most, bytes
  [[nodiscard]] bool any() const { return !spilled.empty() || !collected.empty() || failures; }
};

MemoryEvidence FindMemoryEvidence(const model::JobModel& model, const Workload& workload) {
  MemoryEvidence evidence;
  std::vector<double> needs;
  for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
    const StageWork& stage = workload.stages[i];
    double run = 0;
    double gc = 0;
    double spilled = 0;
    for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
      const TaskArrays& tasks = workload.tasks;
      for (std::size_t c = 0; c < kComponents; ++c) {
        if (RunComponents()[c]) run += static_cast<double>(tasks.parts[c][task]);
      }
      gc += static_cast<double>(tasks.parts[At(Component::Gc)][task]);
      const double over = static_cast<double>(tasks.memory_spilled_bytes[task]);
      const double peak = static_cast<double>(tasks.peak_memory_bytes[task]);
      if (peak > 0) evidence.held = std::max(evidence.held, peak);
      if (over > 0) spilled += over;
      if (over > 0 && peak > 0) needs.push_back((peak + over) / peak);
    }
    if (spilled > 0) evidence.spilled.push_back(i);
    if (run > 0 && gc >= calibration::kGcBinds * run) evidence.collected.push_back(i);
  }
  if (!needs.empty()) {
    std::sort(needs.begin(), needs.end());
    evidence.spill_need = needs[needs.size() / 2];
  }
  for (std::size_t task = 0; task < model.tasks.size() && !evidence.failures; ++task) {
    evidence.failures =
        model.tasks.failure_class.Has(task) && model.tasks.failure_class.Get(task) == model::FailureClass::Memory;
  }
  for (std::size_t row = 0; row < model.executors.size(); ++row) {
    if (!model.executors.removal_class.Has(row)) continue;
    const model::RemovalClass reason = model.executors.removal_class.Get(row);
    evidence.failures =
        evidence.failures || reason == model::RemovalClass::Oom || reason == model::RemovalClass::ContainerKilled;
  }
  return evidence;
}

// g' ÷ g for a heap k times as large when live objects take the share l of it (whatif 2b, gc_model).
double GcFactor(double k, double live) { return k > live ? std::min(10.0, (1 - live) / (k - live)) : 10.0; }

void GcEffect(const MemoryEvidence& evidence, double k, Change& change) {
  if (evidence.collected.empty()) return;
  Range factor{GcFactor(k, calibration::kLiveShare.high), GcFactor(k, calibration::kLiveShare.mid),
               GcFactor(k, calibration::kLiveShare.low)};
  if (k < 1) factor = {factor.high, factor.mid, factor.low};
  change.question.effects.emplace_back(ScaleComponents{evidence.collected, Components({Component::Gc}), factor});
}

void SpillEffect(const MemoryEvidence& evidence, double k, Change& change) {
  if (evidence.spilled.empty()) return;
  // What is still over when a task gets k times as much; it may get between 1/2 and 1 of its share (1/N … 1/2N).
  const auto left = [&](double got) {
    return evidence.spill_need > 1 ? std::clamp((evidence.spill_need - got) / (evidence.spill_need - 1), 0.0, 3.0)
                                   : 1.0;
  };
  const Range factor{left(k * 1.3), left(k), left(k * 0.8)};
  change.question.effects.emplace_back(ScaleComponents{evidence.spilled, Components({Component::Spill}), factor});
}

}  // namespace

void ModelExecutorMemory(const SettingChange& setting, Change& change) {
  const model::JobModel& model = setting.model;
  AtMost(change, EvidenceClass::D);
  if (IsLocalRun(model)) {
    return Refuse(change, "not-modelled", "A local run has no executors of its own: its heap is spark.driver.memory.");
  }
  if (!setting.from || *setting.from <= 0) {
    return Refuse(change, "no-environment", "The log does not say what spark.executor.memory was.");
  }
  if (setting.to < kSmallestHeap) {
    return Refuse(change, "heap-below-held",
                  "An executor does not start with " + FormatBytes(static_cast<std::int64_t>(setting.to)) +
                      " of heap: Spark asks for at least " + FormatBytes(static_cast<std::int64_t>(kSmallestHeap)) +
                      ".");
  }
  const MemoryEvidence evidence = FindMemoryEvidence(model, setting.workload);
  const double fraction = SettingNumber(model, "spark.memory.fraction").value_or(0.6);
  const double slots =
      model.app.slots_per_executor.Has(0) ? static_cast<double>(model.app.slots_per_executor.Get(0)) : 1;
  const double room = (setting.to - kReserved) * fraction;
  if (setting.to < *setting.from && evidence.held * slots > room) {
    return Refuse(change, "heap-below-held",
                  "Tasks held " + FormatBytes(static_cast<std::int64_t>(evidence.held)) +
                      " of execution memory each, " + Whole(slots) + " at a time; " +
                      FormatBytes(static_cast<std::int64_t>(std::max(0.0, room))) +
                      " would be left. They would spill or fail, and the log does not tell how much.");
  }
  change.question.heap = setting.to;
  const double k = setting.to / *setting.from;
  if (!evidence.any()) {
    change.question.spread = calibration::kMemoryWithoutEvidence;
    return Note(change,
                "Nothing in the log says that memory binds: no spill, little garbage collection, no failure for "
                "memory. Of 610 measured pairs with twice the memory two thirds lay within 5 %.");
  }
  if (evidence.failures) {
    Note(change, "Tasks or executors failed for memory; what that cost is not taken back here.");
  }
  GcEffect(evidence, k, change);
  SpillEffect(evidence, k, change);
  change.question.spread = calibration::kMemoryWithoutEvidence;
}

Change ChangeExecutors(const model::JobModel& model, const Workload& workload, double executors) {
  (void)workload;
  Change change;
  change.kind = "executors";
  change.key = "executors";
  change.to = Whole(executors);
  change.text = change.to + (executors == 1 ? " executor" : " executors");
  if (executors < 1) {
    Refuse(change, "bad-value", "A run needs at least one executor.");
    return change;
  }
  if (IsLocalRun(model)) {
    Refuse(change, "no-executors", "The run is local: its tasks ran in the driver, and there are no executors to add.");
    return change;
  }
  const double most = MostExecutors(model);
  if (most < 1) {
    Refuse(change, "no-executors", "The log names no executor: how many there were is not known.");
    return change;
  }
  change.from = Whole(most);
  if (executors == most) {
    Note(change, "The run had " + change.from + " at most: nothing changes.");
    return change;
  }
  change.question.effects.emplace_back(SetSlots{executors, 0});
  AtMost(change, EvidenceClass::E);
  return change;
}

void ModelExecutors(const SettingChange& setting, Change& change) {
  const double most = MostExecutors(setting.model);
  double executors = setting.to;
  if (setting.key == "spark.cores.max") {
    const double cores =
        setting.model.app.executor_cores.Has(0) ? static_cast<double>(setting.model.app.executor_cores.Get(0)) : 0;
    if (cores < 1) return Refuse(change, "no-executors", "The log does not say how many cores an executor had.");
    executors = std::floor(setting.to / cores);
  }
  if (setting.key == "spark.dynamicAllocation.maxExecutors") {
    if (!setting.workload.dynamic_allocation)
      return Note(change, "Executors are not allocated dynamically: nothing changes.");
    const bool bound = setting.from && *setting.from <= most;
    if (setting.to >= most && !bound) {
      return Note(change, "The run had " + Whole(most) + " executors at most, below the limit: nothing changes.");
    }
  }
  const Change same = ChangeExecutors(setting.model, setting.workload, executors);
  change.question = same.question;
  change.refused = same.refused;
}

void ModelSlots(const SettingChange& setting, Change& change) {
  const model::JobModel& model = setting.model;
  if (IsLocalRun(model)) {
    return Refuse(change, "no-executors", "The run is local: its slots are those of its master.");
  }
  const bool cpus = setting.key == "spark.task.cpus";
  const double cores =
      cpus ? (model.app.executor_cores.Has(0) ? static_cast<double>(model.app.executor_cores.Get(0)) : 0) : setting.to;
  const double task_cpus = cpus ? setting.to : static_cast<double>(model.app.task_cpus.Get(0));
  const double slots = std::floor(cores / std::max(1.0, task_cpus));
  if (slots < 1) {
    return Refuse(change, "bad-value", "No task would fit: an executor has fewer cores than a task needs.");
  }
  change.question.effects.emplace_back(SetSlots{0, slots});
  if (!cpus) change.question.cores = cores;
  AtMost(change, EvidenceClass::E);
  Note(change, "Each task gets another share of the executor's memory; what that does to spills is not counted.");
}

}  // namespace advise::cost
