// How shuffles are divided: the number of partitions, and what adaptive execution makes of it
// (CoalesceShufflePartitions, OptimizeSkewedJoin).
#include <algorithm>
#include <cmath>
#include <map>

#include "cost/calibration.h"
#include "cost/change_models.h"
#include "model/effective_setting.h"
#include "spark/values.h"
#include "support/format.h"

namespace advise::cost {
namespace {

// What coalescing would go by, with one setting changed.
struct Coalescing {
  double target = 64 * spark::kMiB;
  double least = 1;
  double smallest = spark::kMiB;
};

Coalescing CoalescingOf(const SettingChange& setting) {
  const model::JobModel& model = setting.model;
  const auto number = [&](std::string_view key) {
    return setting.key == key ? std::optional<double>(setting.to) : SettingNumber(model, key);
  };
  Coalescing result;
  result.target = number("spark.sql.adaptive.advisoryPartitionSizeInBytes").value_or(64 * spark::kMiB);
  // SPARK-35650: since 3.2 a smallest size, and parallelism first unless it is switched off.
  const bool since_32 = model.version.known && model.version.since_code() >= 32;
  result.smallest =
      since_32 ? number("spark.sql.adaptive.coalescePartitions.minPartitionSize").value_or(spark::kMiB) : 0;
  const bool parallel = !since_32 || number("spark.sql.adaptive.coalescePartitions.parallelismFirst").value_or(1) > 0;
  const double cores = model.app.slots.Has(0) ? static_cast<double>(model.app.slots.Get(0)) : 2;
  const double parallelism = number("spark.default.parallelism").value_or(std::max(2.0, cores));
  if (parallel) {
    result.least = number("spark.sql.adaptive.coalescePartitions.minPartitionNum").value_or(parallelism);
  }
  return result;
}

bool JoinsShuffled(const model::JobModel& model, std::size_t stage_row) {
  return std::ranges::any_of(model.stages.nodes.Get(stage_row), [&](model::NodeRow node) {
    const model::NodeKind kind = model.plan_nodes.kind.Get(node.index);
    return kind == model::NodeKind::SortMergeJoin || kind == model::NodeKind::ShuffledHashJoin;
  });
}

std::vector<double> ReadSizes(const Workload& workload, const StageWork& stage) {
  std::vector<double> sizes;
  for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
    const float bytes = workload.tasks.shuffle_read_bytes[task];
    if (workload.tasks.winner[task] != 0 && !std::isnan(bytes)) sizes.push_back(static_cast<double>(bytes));
  }
  return sizes;
}

double MedianOf(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Skewed partitions of the joins of a stage, as OptimizeSkewedJoin finds and splits them; nothing if there is none.
std::optional<SplitTasks> SkewSplit(const SettingChange& setting, std::uint32_t index) {
  const model::JobModel& model = setting.model;
  const auto number = [&](std::string_view key, double otherwise) {
    return setting.key == key ? setting.to : SettingNumber(model, key).value_or(otherwise);
  };
  if (number("spark.sql.adaptive.skewJoin.enabled", 1) <= 0) return std::nullopt;
  const StageWork& stage = setting.workload.stages[index];
  if (!JoinsShuffled(model, stage.row)) return std::nullopt;
  const std::vector<double> sizes = ReadSizes(setting.workload, stage);
  const double median = MedianOf(sizes);
  const double threshold =
      std::max(number("spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes", 256 * spark::kMiB),
               median * number("spark.sql.adaptive.skewJoin.skewedPartitionFactor", 5));
  double others = 0;
  double count = 0;
  bool skewed = false;
  for (const double size : sizes) {
    skewed = skewed || size > threshold;
    if (size > threshold) continue;
    others += size;
    ++count;
  }
  if (!skewed) return std::nullopt;
  const double advisory = number("spark.sql.adaptive.advisoryPartitionSizeInBytes", 64 * spark::kMiB);
  // A piece holds whole map outputs: there are no more pieces than map tasks.
  double map_tasks = 1;
  for (const std::uint32_t parent : stage.parents) {
    map_tasks = std::max(map_tasks, static_cast<double>(setting.workload.stages[parent].tasks));
  }
  return SplitTasks{{index}, threshold, std::max(advisory, count > 0 ? others / count : 0), map_tasks};
}

void AddSkewSplits(const SettingChange& setting, std::span<const ShuffleReader> readers, Change& change) {
  for (const ShuffleReader& reader : readers) {
    if (const std::optional<SplitTasks> split = SkewSplit(setting, reader.stage)) {
      change.question.effects.emplace_back(*split);
    }
  }
}

}  // namespace

std::vector<std::uint32_t> StageNumbers(const model::JobModel& model, const Workload& workload) {
  std::vector<std::uint32_t> numbers(model.stages.size(), kNone);
  for (std::uint32_t i = 0; i < workload.stages.size(); ++i) numbers[workload.stages[i].row] = i;
  return numbers;
}

std::vector<ShuffleReader> ShuffleReaders(const model::JobModel& model, const Workload& workload) {
  const std::vector<std::uint32_t> numbers = StageNumbers(model, workload);
  std::map<std::uint32_t, ShuffleReader> by_stage;
  for (std::size_t row = 0; row < model.shuffles.size(); ++row) {
    const model::StageRow to = model.shuffles.to.Get(row);
    if (!to.valid() || numbers[to.index] == kNone || !model.shuffles.exchange.Has(row)) continue;
    ShuffleReader& reader = by_stage[numbers[to.index]];
    reader.stage = numbers[to.index];
    reader.exchanges.push_back(model.shuffles.exchange.Get(row).index);
  }
  std::vector<ShuffleReader> readers;
  for (auto& [stage, reader] : by_stage) {
    if (workload.stages[stage].tasks == 0) continue;
    const model::NodeTable& nodes = model.plan_nodes;
    reader.governed = true;
    for (const std::size_t exchange : reader.exchanges) {
      const std::string_view partitioning = model.strings.Get(nodes.partitioning.Get(exchange));
      const std::string_view text = model.strings.Get(nodes.simple_string.Get(exchange));
      const bool by_key = partitioning.starts_with("hash") || partitioning.starts_with("range");
      const bool by_number = text.find("REPARTITION_BY_NUM") != std::string_view::npos;
      if (!by_key || by_number || !nodes.partitions.Has(exchange)) reader.governed = false;
      if (nodes.partitions.Has(exchange)) {
        reader.planned = std::max(reader.planned, static_cast<double>(nodes.partitions.Get(exchange)));
      }
      const model::SqlRow query = nodes.sql_execution.Get(exchange);
      if (query.valid()) reader.adaptive = reader.adaptive || model.sql_executions.adaptive.Get(query.index);
      // Before the origin of a shuffle stood in the plan (3.1), a number of its own tells.
      const std::optional<double> set =
          model::EffectiveSetting(model, "spark.sql.shuffle.partitions",
                                  query.valid() ? std::optional<model::SqlRow>(query) : std::nullopt)
              .number;
      if (set && nodes.partitions.Has(exchange) && *set != static_cast<double>(nodes.partitions.Get(exchange))) {
        reader.governed = false;
      }
    }
    readers.push_back(std::move(reader));
  }
  return readers;
}

void PartitionEffects(const Workload& workload, const StageList& stages, double partitions, Change& change) {
  change.question.effects.emplace_back(SetPartitions{stages, partitions});
  AtMost(change, EvidenceClass::C);
  double whole_keys = 0;
  double read = 0;
  for (const std::uint32_t index : stages) {
    const std::vector<double> sizes = ReadSizes(workload, workload.stages[index]);
    const double heavy = calibration::kHeavyKey * MedianOf(sizes);
    for (const double size : sizes) {
      read += size;
      if (heavy > 0 && size > heavy) whole_keys += size - heavy;
    }
  }
  if (read > 0 && whole_keys > 0.1 * read) {
    Note(change, FormatShare(whole_keys / read) +
                     " of what is read lies in partitions far above the median: single keys, most likely, which no "
                     "number of partitions divides.");
  }
}

void ModelShufflePartitions(const SettingChange& setting, Change& change) {
  StageList plain;
  std::uint32_t adaptive = 0;
  bool divided = false;  // some adaptive stage is
  const Coalescing coalescing = CoalescingOf(setting);
  const bool coalesces = SettingNumber(setting.model, "spark.sql.adaptive.coalescePartitions.enabled").value_or(1) > 0;
  for (const ShuffleReader& reader : ShuffleReaders(setting.model, setting.workload)) {
    if (!reader.governed) continue;
    const double now = setting.workload.stages[reader.stage].tasks;
    if (!reader.adaptive || (setting.to < now && now < reader.planned) || (now >= reader.planned && setting.to < now)) {
      plain.push_back(reader.stage);
      continue;
    }
    ++adaptive;
    if (now < reader.planned) continue;
    // Nothing was put together, because there were no more partitions: more of them are read by as many tasks as their
    // sizes ask for, or the slots.
    double bytes = 0;
    for (const double size : ReadSizes(setting.workload, setting.workload.stages[reader.stage])) bytes += size;
    const double by_size = std::max(std::ceil(bytes / std::max(1.0, coalescing.target)), coalescing.least);
    const double tasks = coalesces ? std::clamp(by_size, now, setting.to) : setting.to;
    if (tasks == now) continue;
    divided = true;
    PartitionEffects(setting.workload, {reader.stage}, tasks, change);
  }
  if (plain.empty() && adaptive == 0) {
    Note(change, "No stage of the run reads a shuffle whose number of partitions is this setting: nothing changes.");
    return;
  }
  if (!plain.empty()) PartitionEffects(setting.workload, plain, setting.to, change);
  if (adaptive > 0) {
    Note(change, "Adaptive execution puts the partitions of " + FormatCount(adaptive) +
                     (adaptive == 1 ? " stage" : " stages") + " together by size" +
                     (divided ? "." : ": about as many tasks as now."));
    AtMost(change, EvidenceClass::C);
  }
}

void ModelAdaptive(const SettingChange& setting, Change& change) {
  if (!setting.model.version.known || setting.model.version.since_code() < 30) {
    return Refuse(change, "not-modelled", "Adaptive execution before Spark 3.0 is another thing, and not modelled.");
  }
  AtMost(change, EvidenceClass::D);
  const std::vector<ShuffleReader> readers = ShuffleReaders(setting.model, setting.workload);
  if (setting.to > 0) {
    const Coalescing coalescing = CoalescingOf(setting);
    StageList stages;
    std::vector<ShuffleReader> joins;
    for (const ShuffleReader& reader : readers) {
      if (reader.adaptive) continue;
      joins.push_back(reader);
      if (!reader.governed) continue;
      stages.push_back(reader.stage);
      // Each query stage becomes a job of its own, planned again when the one before it is done.
      change.question.effects.emplace_back(
          AddLag{setting.workload.points.StageReady(reader.stage), calibration::kAdaptivePlanning});
    }
    if (SettingNumber(setting.model, "spark.sql.adaptive.coalescePartitions.enabled").value_or(1) > 0 &&
        !stages.empty()) {
      change.question.effects.emplace_back(
          CoalescePartitions{stages, coalescing.target, coalescing.least, coalescing.smallest});
    }
    AddSkewSplits(setting, joins, change);
    if (joins.empty()) Note(change, "No query of the run reads a shuffle: nothing changes.");
    Note(change, "Joins that adaptive execution would turn into broadcasts are not counted.");
    return;
  }
  for (const ShuffleReader& reader : readers) {
    if (!reader.adaptive || !reader.governed) continue;
    if (reader.planned != setting.workload.stages[reader.stage].tasks) {
      change.question.effects.emplace_back(SetPartitions{{reader.stage}, reader.planned});
    }
  }
  ScaleGaps planning{{}, calibration::kPlanningWithoutAdaptive};
  for (std::uint32_t i = 0; i < setting.workload.gaps.size(); ++i) {
    const GapWork& gap = setting.workload.gaps[i];
    const std::string_view evidence = setting.model.strings.Get(setting.model.gaps.evidence.Get(gap.row));
    if (gap.kind == model::GapKind::Planning && evidence.find("AQE") != std::string_view::npos)
      planning.gaps.push_back(i);
  }
  if (!planning.gaps.empty()) change.question.effects.emplace_back(planning);
}

void ModelCoalescing(const SettingChange& setting, Change& change) {
  AtMost(change, EvidenceClass::C);
  const bool on = setting.key == "spark.sql.adaptive.coalescePartitions.enabled"
                      ? setting.to > 0
                      : SettingNumber(setting.model, "spark.sql.adaptive.coalescePartitions.enabled").value_or(1) > 0;
  const Coalescing coalescing = CoalescingOf(setting);
  bool any = false;
  for (const ShuffleReader& reader : ShuffleReaders(setting.model, setting.workload)) {
    if (!reader.adaptive || !reader.governed) continue;
    const StageWork& stage = setting.workload.stages[reader.stage];
    const bool coalesced = stage.tasks < reader.planned;
    if (!on) {
      if (coalesced) change.question.effects.emplace_back(SetPartitions{{reader.stage}, reader.planned});
      any = any || coalesced;
      continue;
    }
    // Smaller pieces than now: as many as the target gives, at most the planned partitions.
    double bytes = 0;
    for (const double size : ReadSizes(setting.workload, stage)) bytes += size;
    const double wanted = std::min(reader.planned, std::ceil(bytes / std::max(1.0, coalescing.target)));
    if (coalesced && wanted > stage.tasks) {
      change.question.effects.emplace_back(SetPartitions{{reader.stage}, wanted});
    } else {
      change.question.effects.emplace_back(
          CoalescePartitions{{reader.stage}, coalescing.target, coalescing.least, coalescing.smallest});
    }
    any = true;
  }
  if (!any) Note(change, "No stage of the run is read adaptively: nothing changes.");
}

void ModelSkewJoin(const SettingChange& setting, Change& change) {
  AtMost(change, EvidenceClass::D);
  std::vector<ShuffleReader> joins;
  bool was_split = false;
  for (const ShuffleReader& reader : ShuffleReaders(setting.model, setting.workload)) {
    if (!reader.adaptive) continue;
    joins.push_back(reader);
    for (const std::size_t exchange : reader.exchanges) {
      was_split = was_split || setting.model.plan_nodes.skewed.Get(exchange);
    }
  }
  if (was_split) {
    return Refuse(change, "not-modelled",
                  "Adaptive execution split partitions in this run; how large they were before is not in the log.");
  }
  AddSkewSplits(setting, joins, change);
  if (!change.question.effects.empty()) return;
  Note(change, joins.empty() ? "No join of the run is planned adaptively: nothing changes."
                             : "No partition of an adaptive join is above the threshold: nothing changes.");
}

}  // namespace advise::cost
