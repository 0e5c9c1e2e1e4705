// A set of effects on one workload: checked against each other, put into the order of the phases, and applied once a
// draw.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cost/division.h"
#include "cost/draws.h"
#include "cost/effect.h"
#include "cost/replay.h"
#include "cost/workload.h"

namespace advise::cost {

// Two effects that cannot both be: in words, without names of rules or settings ("stage 3.0 in 8 and in 24
// partitions"). nullopt: they go together.
std::optional<std::string> FindContradiction(const Workload& workload, std::span<const Effect> effects);

// Bytes of the whole run.
struct Volumes {
  double shuffle_bytes = 0;  // written
  double spilled_bytes = 0;  // to disk
};
Volumes VolumesOf(const Workload& workload);

// What a scenario starts from, summed over all tasks.
struct Totals {
  Volumes volumes;
  std::array<double, kComponents> components{};  // ms x slots
};
Totals TotalsOf(const Workload& workload);

// The effects must not contradict each other. Of `workload` and `unchanged` (its replay with nothing changed, traced)
// views are kept. Who makes many scenarios of one workload sums its totals once.
class Scenario {
 public:
  Scenario(const Workload& workload, const ReplayTrace& unchanged, std::span<const Effect> effects,
           std::uint32_t draws = kDraws);
  Scenario(const Workload& workload, const ReplayTrace& unchanged, const Totals& totals,
           std::span<const Effect> effects, std::uint32_t draws = kDraws);

  // The workload as the effects leave it when what is not known takes its values of that draw (or kMid). Valid until
  // the next call.
  const Schedule& Draw(std::uint32_t draw);
  // Of the last draw.
  [[nodiscard]] const Volumes& volumes() const { return volumes_; }
  // Of the last draw: what each component takes, ms x slots.
  [[nodiscard]] const std::array<double, kComponents>& components() const { return components_; }
  // New slots ÷ observed slots; 1 if they are not changed.
  [[nodiscard]] double slot_ratio() const { return slot_ratio_; }
  // Of the last draw: how many executors stand where the workload has this one.
  [[nodiscard]] double Copies(std::uint32_t executor) const;
  // How far the scenario goes beyond what was observed: the largest of slots and partitions, as a ratio >= 1.
  [[nodiscard]] double reach() const { return reach_; }

 private:
  struct Scale {
    ComponentSet components;
    Range factor;
    std::uint64_t key = 0;
  };
  struct TaskScale {
    std::vector<std::uint32_t> tasks;  // of the stage; numbers of Workload::tasks, ascending
    Scale scale;
  };
  struct StageEdit {
    bool dropped = false;
    Division division;
    bool divided = false;
    std::array<float, kComponents> caps{};
    bool capped = false;
    std::vector<Scale> scales;
    std::vector<TaskScale> task_scales;
    std::vector<Range> task_caps;  // ms
    std::vector<AddWork> work;
    std::vector<float> durations;  // of the last draw
    std::vector<std::uint8_t> needed;
    std::vector<float> pauses;
  };

  StageEdit& EditOf(std::uint32_t stage);
  void Prepare(const Effect& effect);
  void PrepareSlots(const SetSlots& effect);
  void ApplyStage(std::uint32_t stage, StageEdit& edit, std::uint32_t draw);
  void ScaleAllTasks(const StageWork& stage, StageEdit& edit, const std::array<float, kComponents>& factors);
  void ApplySlots(std::uint32_t draw);
  void ApplyLags(std::uint32_t draw);
  void ApplyKept();
  [[nodiscard]] bool Shared() const;

  const Workload& workload_;
  const ReplayTrace& unchanged_;
  Draws draws_;
  std::map<std::uint32_t, StageEdit> edits_;  // by stage
  struct GapScale {
    std::uint32_t gap = 0;
    Range factor;
  };
  std::vector<GapScale> gap_scales_;  // by gap; of one gap in the order of the effects
  std::vector<AddLag> lags_;
  std::vector<ScaleArrivals> arrivals_;
  std::vector<KeepExecutor> kept_;
  std::optional<std::vector<std::uint32_t>> slots_;
  std::vector<ChangeVolume> volume_changes_;
  double slot_ratio_ = 1;
  double executor_ratio_ = 1;
  double more_before_ = 0;  // of the last draw, while it is made: tasks that earlier stages have more than they had
  double slots_each_ = 0;  // of an executor; 0: as observed
  double reach_ = 1;
  Totals totals_;

  Schedule base_;
  Schedule schedule_;
  Volumes volumes_;
  std::array<double, kComponents> components_{};
  std::vector<std::uint16_t> needs_;                       // with contention: what all tasks need of a processor
  std::vector<std::vector<std::uint16_t>> needs_changed_;  // and those of edited stages
  std::vector<float> alone_;                       // with contention: all tasks, at full speed
  std::vector<std::vector<float>> alone_changed_;  // and those of edited stages
};

}  // namespace advise::cost
