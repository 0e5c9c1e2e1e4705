// Checks changes against the catalogue of settings and hands them to their models; puts several together.
#include "cost/changes.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "cost/change_models.h"
#include "model/effective_setting.h"
#include "support/format.h"

namespace advise::cost {
namespace {

constexpr SettingModelRow kSettingModels[] = {
    {"spark.cores.max", ModelExecutors},
    {"spark.dynamicAllocation.executorIdleTimeout", ModelIdleTimeout},
    {"spark.dynamicAllocation.initialExecutors", ModelInitialExecutors},
    {"spark.dynamicAllocation.maxExecutors", ModelExecutors},
    {"spark.dynamicAllocation.minExecutors", ModelMinExecutors},
    {"spark.executor.cores", ModelSlots},
    {"spark.executor.instances", ModelExecutors},
    {"spark.executor.memory", ModelExecutorMemory},
    {"spark.scheduler.mode", ModelSchedulerMode},
    {"spark.sql.adaptive.advisoryPartitionSizeInBytes", ModelCoalescing},
    {"spark.sql.adaptive.autoBroadcastJoinThreshold", ModelBroadcastThreshold},
    {"spark.sql.adaptive.coalescePartitions.enabled", ModelCoalescing},
    {"spark.sql.adaptive.enabled", ModelAdaptive},
    {"spark.sql.adaptive.skewJoin.enabled", ModelSkewJoin},
    {"spark.sql.adaptive.skewJoin.skewedPartitionFactor", ModelSkewJoin},
    {"spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes", ModelSkewJoin},
    {"spark.sql.autoBroadcastJoinThreshold", ModelBroadcastThreshold},
    {"spark.sql.execution.arrow.pyspark.enabled", ModelArrow},
    {"spark.sql.shuffle.partitions", ModelShufflePartitions},
    {"spark.task.cpus", ModelSlots},
};

}  // namespace

std::uint32_t FindStage(const Workload& workload, std::int64_t id) {
  std::uint32_t found = kNone;
  for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
    if (workload.stages[i].id == id &&
        (found == kNone || workload.stages[i].attempt >= workload.stages[found].attempt)) {
      found = i;
    }
  }
  return found;
}

std::string Whole(double value) { return FormatCount(static_cast<std::int64_t>(std::llround(value))); }

std::span<const SettingModelRow> SettingModels() { return kSettingModels; }

std::vector<std::string_view> ModelledSettings() {
  std::vector<std::string_view> keys;
  for (const SettingModelRow& row : kSettingModels) keys.push_back(row.key);
  return keys;
}

void Refuse(Change& change, std::string code, std::string text) {
  if (!change.refused) change.refused = Refusal{std::move(code), std::move(text)};
}
void Note(Change& change, std::string caveat) { change.question.caveats.push_back(std::move(caveat)); }
void AtMost(Change& change, EvidenceClass evidence) {
  change.question.evidence = std::max(change.question.evidence, evidence);
}

std::optional<double> SettingNumber(const model::JobModel& model, std::string_view key) {
  return model::EffectiveSetting(model, key).number;
}

Change ChangeSetting(const model::JobModel& model, const Workload& workload, std::string_view key,
                     std::string_view value) {
  Change change;
  change.kind = "conf";
  change.key = key;
  change.to = value;
  change.text = change.key + " = " + change.to;
  const spark::Setting* const setting = spark::FindSetting(key);
  if (setting == nullptr) {
    const std::optional<std::string_view> nearest = spark::NearestSetting(key);
    Refuse(change, spark::MayExist(key) ? "not-modelled" : "unknown-setting",
           "Spark has no setting `" + change.key + "`" +
               (nearest ? "; did you mean `" + std::string(*nearest) + "`?" : "."));
    return change;
  }
  const int version = model.version.known ? model.version.since_code() : 0;
  if (const std::optional<std::string> wrong = spark::CheckValue(key, value, version)) {
    const bool missing = version > 0 && !spark::ExistsIn(*setting, version);
    Refuse(change, missing ? "not-in-this-version" : "bad-value", *wrong + ".");
    return change;
  }
  const auto* const row = std::ranges::find(kSettingModels, key, &SettingModelRow::key);
  if (row == std::end(kSettingModels)) {
    Refuse(change, "not-modelled",
           "What `" + change.key +
               "` would do to this run cannot be told from its log. `advise whatif --help` lists the "
               "settings that can be predicted.");
    return change;
  }
  const spark::EffectiveValue now = model::EffectiveSetting(model, key);
  if (now.text) change.from = *now.text;
  SettingChange what{model, workload, key, now.number, 0};
  if (setting->type != spark::SettingType::Text) {
    what.to = *spark::ParseValue(*setting, value);
    if (now.number && *now.number == what.to) {
      Note(change, "`" + change.key + "` was " + change.from + " in this run: nothing changes.");
      return change;
    }
  } else if (now.text && *now.text == value) {
    Note(change, "`" + change.key + "` was " + change.from + " in this run: nothing changes.");
    return change;
  }
  row->model(what, change);
  return change;
}

Change ChangePartitions(const model::JobModel& model, const Workload& workload, double partitions,
                        std::optional<std::int64_t> stage) {
  Change change;
  change.kind = "partitions";
  change.to = Whole(partitions);
  change.key = stage ? "stage(" + std::to_string(*stage) + ")" : "all stages";
  change.text = change.to + " partitions" + (stage ? " in stage " + std::to_string(*stage) : "");
  if (partitions < 1) {
    Refuse(change, "bad-value", "A shuffle has at least one partition.");
    return change;
  }
  StageList stages;
  if (stage) {
    const std::uint32_t found = FindStage(workload, *stage);
    if (found == kNone) {
      Refuse(change, "no-such-stage", "The run has no stage " + std::to_string(*stage) + ".");
      return change;
    }
    if (workload.stages[found].parents.empty()) {
      Refuse(change, "no-shuffle",
             "Stage " + std::to_string(*stage) + " reads no shuffle: how many tasks it has is up to its source.");
      return change;
    }
    change.from = Whole(workload.stages[found].tasks);
    stages.push_back(found);
  } else {
    for (const ShuffleReader& reader : ShuffleReaders(model, workload)) {
      if (reader.governed) stages.push_back(reader.stage);
    }
    if (stages.empty()) {
      Refuse(change, "no-shuffle", "No stage of the run reads a shuffle whose number of partitions is a setting.");
      return change;
    }
  }
  PartitionEffects(workload, stages, partitions, change);
  return change;
}

Change LeaveOutStage(const model::JobModel& model, const Workload& workload, std::int64_t stage) {
  (void)model;
  Change change;
  change.kind = "drop";
  change.key = "stage(" + std::to_string(stage) + ")";
  change.text = "without stage " + std::to_string(stage);
  const std::uint32_t found = FindStage(workload, stage);
  if (found == kNone) {
    Refuse(change, "no-such-stage", "The run has no stage " + std::to_string(stage) + ".");
    return change;
  }
  std::set<std::uint32_t> dropped;
  for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
    if (workload.stages[i].id == stage) dropped.insert(i);
  }
  // What only dropped stages read is not needed either.
  for (bool grown = true; grown;) {
    grown = false;
    for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
      if (dropped.count(i) > 0) continue;
      bool read = false;
      bool read_by_others = false;
      for (std::uint32_t j = 0; j < workload.stages.size(); ++j) {
        if (std::ranges::find(workload.stages[j].parents, i) == workload.stages[j].parents.end()) continue;
        read = true;
        read_by_others = read_by_others || dropped.count(j) == 0;
      }
      if (read && !read_by_others) grown = dropped.insert(i).second;
    }
  }
  bool needed = false;
  for (std::uint32_t j = 0; j < workload.stages.size(); ++j) {
    const std::vector<std::uint32_t>& parents = workload.stages[j].parents;
    if (dropped.count(j) > 0) continue;
    needed = needed || std::ranges::any_of(parents, [&](std::uint32_t parent) { return dropped.count(parent) > 0; });
  }
  if (needed) Note(change, "Another stage reads its output: the program must do without it.");
  if (dropped.size() > 1) {
    Note(change,
         Whole(static_cast<double>(dropped.size())) + " stage attempts go with it: nobody else reads their output.");
  }
  change.question.effects.push_back(DropStages{{dropped.begin(), dropped.end()}});
  return change;
}

Question Combine(std::span<const Change> changes) {
  Question question;
  for (const Change& change : changes) {
    const Question& one = change.question;
    question.effects.insert(question.effects.end(), one.effects.begin(), one.effects.end());
    question.evidence = std::max(question.evidence, one.evidence);
    for (const std::string& caveat : one.caveats) {
      if (std::ranges::find(question.caveats, caveat) == question.caveats.end()) question.caveats.push_back(caveat);
    }
    question.spread.low *= one.spread.low;
    question.spread.mid *= one.spread.mid;
    question.spread.high *= one.spread.high;
    if (one.heap) question.heap = one.heap;
    if (one.cores) question.cores = one.cores;
  }
  return question;
}

}  // namespace advise::cost
