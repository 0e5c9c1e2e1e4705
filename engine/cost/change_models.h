// The models of settings: one function a setting or a group of them. Private to cost/.
//
//   change_partitions.cpp   shuffle partitions, adaptive execution: coalescing and splitting
//   change_joins.cpp        broadcast thresholds
//   change_data.cpp         skew, caches, files
//   change_resources.cpp    executors, cores, memory
//   change_allocation.cpp   when executors come and go
//   change_driver.cpp       what the driver does between jobs, the scheduler
#pragma once

#include <span>

#include "cost/changes.h"

namespace advise::cost {

// A setting that is changed, and what it was. Numbers in base units (bytes, ms, 0 or 1).
struct SettingChange {
  const model::JobModel& model;
  const Workload& workload;
  std::string_view key;
  std::optional<double> from;
  double to = 0;
};

// Fills the question of the change, or its refusal.
using SettingModel = void (*)(const SettingChange& setting, Change& change);
struct SettingModelRow {
  std::string_view key;
  SettingModel model;
};
std::span<const SettingModelRow> SettingModels();

void ModelShufflePartitions(const SettingChange& setting, Change& change);
void ModelAdaptive(const SettingChange& setting, Change& change);
void ModelCoalescing(const SettingChange& setting, Change& change);
void ModelSkewJoin(const SettingChange& setting, Change& change);
void ModelBroadcastThreshold(const SettingChange& setting, Change& change);
void ModelExecutorMemory(const SettingChange& setting, Change& change);
void ModelExecutors(const SettingChange& setting, Change& change);
void ModelSlots(const SettingChange& setting, Change& change);
void ModelIdleTimeout(const SettingChange& setting, Change& change);
void ModelMinExecutors(const SettingChange& setting, Change& change);
void ModelInitialExecutors(const SettingChange& setting, Change& change);
void ModelSchedulerMode(const SettingChange& setting, Change& change);
void ModelArrow(const SettingChange& setting, Change& change);

// ---------------------------------------------------------------- what several of them ask
// The effective number of a setting of the application; nullopt: the log does not say.
std::optional<double> SettingNumber(const model::JobModel& model, std::string_view key);

// A stage that reads shuffles, and the exchanges between: of the final plan, by the model's shuffles.
struct ShuffleReader {
  std::uint32_t stage = 0;             // of Workload::stages
  std::vector<std::size_t> exchanges;  // rows of plan_nodes
  double planned = 0;                  // partitions by the plan, before adaptive execution
  bool adaptive = false;               // its query was planned adaptively
  bool governed = false;               // by spark.sql.shuffle.partitions: no number in the program, no single one
};
// Last attempts of stages alone; stages without a known exchange are left out.
std::vector<ShuffleReader> ShuffleReaders(const model::JobModel& model, const Workload& workload);

// The stage attempt with this id that ended last; kNone: there is none.
std::uint32_t FindStage(const Workload& workload, std::int64_t id);

// Model row → Workload::stages; kNone for those that were not submitted.
std::vector<std::uint32_t> StageNumbers(const model::JobModel& model, const Workload& workload);

// Sets the effects of another number of partitions for those stages.
void PartitionEffects(const Workload& workload, const StageList& stages, double partitions, Change& change);

// The count that the number is rounded to: "1,250".
std::string Whole(double value);

void Refuse(Change& change, std::string code, std::string text);
void Note(Change& change, std::string caveat);
void AtMost(Change& change, EvidenceClass evidence);  // not surer than this

}  // namespace advise::cost
