// What a program or its tables do with data: heavy keys divided, a subtree kept instead of computed again, files of
// another size.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cost/calibration.h"
#include "cost/change_models.h"
#include "cost/numbers.h"
#include "spark/values.h"
#include "support/format.h"

namespace advise::cost {
namespace {

// The last attempt of a stage, or a refusal.
std::uint32_t StageAsked(const Workload& workload, std::int64_t id, Change& change) {
  const std::uint32_t found = FindStage(workload, id);
  if (found == kNone) Refuse(change, "no-such-stage", "The run has no stage " + std::to_string(id) + ".");
  return found;
}

// Bytes that the winners of a stage read from shuffles and from files.
struct Reads {
  std::vector<double> shuffle;
  double input = 0;
};
Reads ReadsOf(const Workload& workload, const StageWork& stage) {
  Reads reads;
  for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
    if (workload.tasks.winner[task] == 0) continue;
    const float shuffle = workload.tasks.shuffle_read_bytes[task];
    const float input = workload.tasks.input_bytes[task];
    if (!std::isnan(shuffle)) reads.shuffle.push_back(static_cast<double>(shuffle));
    if (!std::isnan(input)) reads.input += static_cast<double>(input);
  }
  return reads;
}

// Ancestors of the stages whose output nobody else reads.
std::set<std::uint32_t> WithTheirOwn(const Workload& workload, std::set<std::uint32_t> stages) {
  std::vector<std::vector<std::uint32_t>> readers(workload.stages.size());
  for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
    for (const std::uint32_t parent : workload.stages[i].parents) readers[parent].push_back(i);
  }
  std::vector<std::uint32_t> open(stages.begin(), stages.end());
  while (!open.empty()) {
    const std::uint32_t stage = open.back();
    open.pop_back();
    for (const std::uint32_t parent : workload.stages[stage].parents) {
      const bool own = std::ranges::all_of(readers[parent], [&](std::uint32_t r) { return stages.contains(r); });
      if (own && stages.insert(parent).second) open.push_back(parent);
    }
  }
  return stages;
}

}  // namespace

Change DivideSkew(const model::JobModel& model, const Workload& workload, std::int64_t id, SkewRemedy remedy) {
  const bool salt = remedy == SkewRemedy::Salt;
  Change change;
  change.kind = salt ? "salt" : "split";
  change.key = "stage(" + std::to_string(id) + ")";
  change.text = (salt ? "a salt for the heavy keys of stage " : "large partitions of stage ") + std::to_string(id) +
                (salt ? "" : " split");
  AtMost(change, EvidenceClass::D);
  const std::uint32_t found = StageAsked(workload, id, change);
  if (found == kNone) return change;
  const StageWork& stage = workload.stages[found];
  const Reads reads = ReadsOf(workload, stage);
  if (stage.parents.empty() || reads.shuffle.empty()) {
    Refuse(change, "no-shuffle", "Stage " + std::to_string(id) + " reads no shuffle: it has no keys to divide.");
    return change;
  }
  const double median = Median(reads.shuffle);
  const double largest = *std::ranges::max_element(reads.shuffle);
  change.from = FormatBytes(std::llround(largest)) + " in one task, median " + FormatBytes(std::llround(median));
  if (largest <= calibration::kHeavyKey * median) {
    Refuse(change, "no-skew",
           "No task of stage " + std::to_string(id) + " reads more than twice the median (" +
               FormatBytes(std::llround(largest)) + " against " + FormatBytes(std::llround(median)) +
               "): there is nothing to divide.");
    return change;
  }
  if (salt) {
    // The program decides how many pieces there are: as many as make them about as large as the others.
    const double piece = std::max(1.0, calibration::kHeavyKey * median);
    change.question.effects.emplace_back(SplitTasks{{found}, piece, piece});
    change.to = "at most about " + FormatBytes(std::llround(piece));
    Note(change, "The other side of a join is copied for each value of the salt, and aggregates need a second step; "
                 "of the first only the longer reading is counted.");
    return change;
  }
  // As adaptive execution does it, without its least size (spark.sql.adaptive.skewJoin.*, OptimizeSkewedJoin).
  const double factor = SettingNumber(model, "spark.sql.adaptive.skewJoin.skewedPartitionFactor").value_or(5);
  const double advisory =
      SettingNumber(model, "spark.sql.adaptive.advisoryPartitionSizeInBytes").value_or(64 * spark::kMiB);
  double map_tasks = 1;
  for (const std::uint32_t parent : stage.parents)
    map_tasks = std::max(map_tasks, static_cast<double>(workload.stages[parent].tasks));
  const double above = std::min(factor, largest / std::max(1.0, median)) * median * (1 - 1e-9);
  const double piece = std::min(advisory, std::max(1.0, calibration::kHeavyKey * median));
  change.question.effects.emplace_back(SplitTasks{{found}, above, piece, map_tasks});
  change.to = "pieces of " + FormatBytes(std::llround(piece));
  Note(change, "A piece holds whole outputs of map tasks, of which there are " +
                   FormatCount(std::llround(map_tasks)) + "; aggregates and full outer joins cannot be split.");
  return change;
}

Change CacheStage(const model::JobModel& model, const Workload& workload, std::int64_t id) {
  Change change;
  change.kind = "cache";
  change.key = "stage(" + std::to_string(id) + ")";
  change.text = "the result of stage " + std::to_string(id) + " cached";
  AtMost(change, EvidenceClass::D);
  const std::uint32_t found = StageAsked(workload, id, change);
  if (found == kNone) return change;
  const auto lineage = [&](std::uint32_t stage) {
    return model.strings.Get(model.stages.lineage_fingerprint.Get(workload.stages[stage].row));
  };
  StageList same;
  if (!lineage(found).empty()) {
    for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
      if (workload.stages[i].attempt == 0 && workload.stages[i].tasks > 0 && lineage(i) == lineage(found))
        same.push_back(i);
    }
  }
  if (same.size() < 2) {
    Refuse(change, "not-recomputed",
           "No other stage computes what stage " + std::to_string(id) + " does: a cache would be read by nobody.");
    return change;
  }
  std::ranges::sort(same, {}, [&](std::uint32_t i) { return workload.stages[i].submitted; });
  const std::uint32_t first = same.front();
  change.from = "computed " + FormatCount(static_cast<std::int64_t>(same.size())) + " times";
  StageList again(same.begin() + 1, same.end());
  std::ranges::sort(again);
  const std::set<std::uint32_t> gone = WithTheirOwn(workload, {again.begin(), again.end()});
  StageList ancestors;
  for (const std::uint32_t stage : gone) {
    if (!std::ranges::binary_search(again, stage) && stage != first) ancestors.push_back(stage);
  }
  if (!ancestors.empty()) change.question.effects.emplace_back(DropStages{std::move(ancestors)});
  change.question.effects.emplace_back(ScaleComponents{{first}, RunComponents(), calibration::kFillCache});
  change.question.effects.emplace_back(ScaleComponents{again, RunComponents(), calibration::kReadCache});
  const Reads reads = ReadsOf(workload, workload.stages[first]);
  double bytes = reads.input;
  for (const double read : reads.shuffle) bytes += read;
  const double heap = bytes * calibration::kInMemory.mid;
  if (model.app.storage_memory.Has(0) && heap > static_cast<double>(model.app.storage_memory.Get(0))) {
    Note(change, "What it reads (" + FormatBytes(std::llround(bytes)) + ") may take " +
                     FormatBytes(std::llround(heap)) + " in memory, and executors have " +
                     FormatBytes(model.app.storage_memory.Get(0)) +
                     " for it: what does not fit is computed again, unless it is kept on disk too.");
  }
  Note(change, "Whether the program can keep one result for all of them is not in the log.");
  return change;
}

Change CacheRepeated(const model::JobModel& model, const Workload& workload) {
  struct Group {
    std::int64_t first = 0;
    double first_time = -1;  // ms x slots
    double all = 0;
  };
  std::map<std::string_view, Group> groups;
  for (const StageWork& stage : workload.stages) {
    const std::string_view lineage = model.strings.Get(model.stages.lineage_fingerprint.Get(stage.row));
    if (lineage.empty() || stage.attempt != 0 || stage.tasks == 0) continue;
    double time = 0;
    for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task)
      time += static_cast<double>(workload.tasks.duration[task]);
    Group& group = groups[lineage];
    if (group.first_time < 0) group.first = stage.id;
    if (group.first_time < 0) group.first_time = time;
    group.all += time;
  }
  const Group* best = nullptr;
  for (const auto& [lineage, group] : groups) {
    if (group.all <= group.first_time) continue;
    if (best == nullptr || group.all - group.first_time > best->all - best->first_time) best = &group;
  }
  if (best != nullptr) return CacheStage(model, workload, best->first);
  Change change;
  change.kind = "cache";
  change.text = "a cache";
  Refuse(change, "not-recomputed", "No stage of the run computes what another one does.");
  return change;
}

Change FilesOfSize(const model::JobModel& model, const Workload& workload, double bytes) {
  Change change;
  change.kind = "files";
  change.key = "files";
  change.to = FormatBytes(std::llround(bytes));
  change.text = "files of " + change.to;
  AtMost(change, EvidenceClass::D);
  if (bytes < spark::kMiB) {
    Refuse(change, "bad-value", "Files of less than 1 MiB are what one does not want.");
    return change;
  }
  // FilePartition.maxSplitBytes: at most maxPartitionBytes, at least what opening a file counts as, else an equal share
  // for each slot.
  const double most = SettingNumber(model, "spark.sql.files.maxPartitionBytes").value_or(128 * spark::kMiB);
  const double open = SettingNumber(model, "spark.sql.files.openCostInBytes").value_or(4 * spark::kMiB);
  const double slots = model.app.slots.Has(0) ? static_cast<double>(model.app.slots.Get(0)) : 1;
  const std::vector<std::uint32_t> numbers = StageNumbers(model, workload);
  double files_now = 0;
  double files_then = 0;
  std::size_t changed = 0;
  std::set<std::uint32_t> seen;
  for (std::size_t node = 0; node < model.plan_nodes.size(); ++node) {
    if (!model.plan_nodes.final_plan.Get(node) || !model.plan_nodes.files_read.Has(node)) continue;
    const double files = static_cast<double>(model.plan_nodes.files_read.Get(node));
    for (const model::StageRow row : model.plan_nodes.stages.Get(node)) {
      const std::uint32_t number = numbers[row.index];
      if (number == kNone || !seen.insert(number).second) continue;
      const StageWork& stage = workload.stages[number];
      const double input = ReadsOf(workload, stage).input;
      if (input <= 0 || !stage.parents.empty() || files < 2) continue;
      const double then = std::max(1.0, std::ceil(input / bytes));
      if (then >= files) continue;
      files_now += files;
      files_then += then;
      const double padded = input + then * open;
      const double split = std::min(most, std::max(open, padded / slots));
      const double tasks = std::min<double>(stage.tasks, std::max(1.0, std::ceil(padded / split)));
      ++changed;
      if (tasks < stage.tasks) change.question.effects.emplace_back(SetPartitions{{number}, tasks});
    }
  }
  if (changed == 0) {
    Refuse(change, "not-modelled",
           "No stage of the run reads several files that are smaller than that, or the log does not count them.");
    return change;
  }
  change.from = FormatCount(std::llround(files_now)) + " files";
  ScaleGaps listings{{}, {files_then / files_now, (1 + files_then / files_now) / 2, 1}};
  for (std::uint32_t i = 0; i < workload.gaps.size(); ++i) {
    if (workload.gaps[i].kind == model::GapKind::Listing) listings.gaps.push_back(i);
  }
  if (!listings.gaps.empty()) change.question.effects.emplace_back(std::move(listings));
  Note(change, FormatCount(std::llround(files_now)) + " files become about " + FormatCount(std::llround(files_then)) +
                   "; what writing them anew takes is not counted.");
  return change;
}

}  // namespace advise::cost
