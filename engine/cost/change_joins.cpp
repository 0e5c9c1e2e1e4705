// Broadcast against sort-merge: which joins change, what is shuffled then, and what that takes.
#include <algorithm>
#include <cmath>

#include "cost/calibration.h"
#include "cost/change_models.h"
#include "support/format.h"

namespace advise::cost {
namespace {

struct ExecutedJoin {
  std::size_t node = 0;
  std::uint32_t stage = kNone;  // in which it ran
  double probe_rows = -1;       // of the side that is not broadcast; below 0: unknown
};

std::uint32_t StageOf(const model::JobModel& model, const std::vector<std::uint32_t>& numbers, std::size_t node) {
  for (const model::StageRow stage : model.plan_nodes.stages.Get(node)) {
    if (numbers[stage.index] != kNone) return numbers[stage.index];
  }
  return kNone;
}

// The nearest operator of that kind below a node; nullopt if a join or the end of the plan comes first.
std::optional<std::size_t> Below(const model::JobModel& model, model::NodeRow from, model::NodeKind kind) {
  const model::NodeTable& nodes = model.plan_nodes;
  for (model::NodeRow node = from; node.valid();) {
    if (IsA(nodes.kind.Get(node.index), kind)) return node.index;
    if (IsA(nodes.kind.Get(node.index), model::NodeKind::Join)) return std::nullopt;
    const auto children = nodes.children.Get(node.index);
    if (children.size() != 1) return std::nullopt;
    node = children[0];
  }
  return std::nullopt;
}

// May the side be the one that is broadcast? (JoinSelection: canBuildBroadcastLeft, canBuildBroadcastRight)
bool MayBroadcast(std::string_view type, bool left) {
  if (type == "Inner" || type == "Cross") return true;
  return left ? type == "RightOuter"
              : type == "LeftOuter" || type == "LeftSemi" || type == "LeftAnti" || type == "ExistenceJoin";
}

// A broadcast join as it ran; nullopt: the stage is not known.
std::optional<ExecutedJoin> BroadcastJoinAt(const model::JobModel& model, const std::vector<std::uint32_t>& numbers,
                                    std::size_t node) {
  const model::NodeTable& nodes = model.plan_nodes;
  const bool build_left = model.strings.Get(nodes.build_side.Get(node)) == "left";
  ExecutedJoin join;
  join.node = node;
  join.stage = StageOf(model, numbers, node);
  if (join.stage == kNone) return std::nullopt;
  const model::IntColumn& rows = build_left ? nodes.right_rows : nodes.left_rows;
  if (rows.Has(node)) join.probe_rows = static_cast<double>(rows.Get(node));
  return join;
}

// How much longer a row takes in the stage than where kSortMergeRow was measured: its tasks wait for a processor. 1 where
// it cannot be told, or where tasks read input and may wait for that.
double Slowdown(const Workload& workload, std::uint32_t stage) {
  const TaskArrays& tasks = workload.tasks;
  const StageWork& work = workload.stages[stage];
  double on = 0;
  double all = 0;
  for (std::uint32_t task = work.first_task; task < work.first_task + work.tasks; ++task) {
    if (tasks.input_bytes[task] > 0) return 1;
    const auto part = [&](Component component) { return static_cast<double>(tasks.parts[At(component)][task]); };
    on += part(Component::Cpu);
    all += part(Component::Cpu) + part(Component::Gc) + part(Component::OffCpu);
  }
  constexpr double kMost = 5;
  return on > 0 ? std::clamp(calibration::kSortMergeCpuShare * all / on, 1 / kMost, kMost) : 1;
}

// ---------------------------------------------------------------- broadcast → sort-merge
void ToSortMerge(const SettingChange& setting, const ExecutedJoin& join, bool adaptive, Change& change) {
  const Workload& workload = setting.workload;
  if (join.probe_rows < 0) {
    return Note(change, "A join whose rows are not in the log is not counted.");
  }
  const double rows = join.probe_rows;
  const double slowdown = Slowdown(workload, join.stage);
  const double partitions = SettingNumber(setting.model, "spark.sql.shuffle.partitions").value_or(200);
  const double cores = setting.model.app.slots.Has(0) ? static_cast<double>(setting.model.app.slots.Get(0)) : 2;
  const double bytes = rows * calibration::kRowBytes.mid;
  // Adaptive execution reads small shuffles in as many tasks as there are slots.
  const double by_size = std::ceil(bytes / (64.0 * 1024 * 1024));
  const double tasks = adaptive ? std::min(partitions, std::max(std::max(2.0, cores), by_size)) : partitions;
  const auto time = [&](double per_row, double per_task) { return rows * per_row * slowdown + tasks * per_task; };
  change.question.effects.emplace_back(
      AddWork{join.stage, tasks,
              Range{time(calibration::kSortMergeRow.low, calibration::kSmallTask.low),
                    time(calibration::kSortMergeRow.mid, calibration::kSmallTask.mid),
                    time(calibration::kSortMergeRow.high, calibration::kSmallTask.high)}});
  change.question.effects.emplace_back(
      ChangeVolume{{rows * calibration::kRowBytes.low, bytes, rows * calibration::kRowBytes.high}, Exactly(0)});
  if (adaptive) {
    change.question.effects.emplace_back(AddLag{workload.points.StageEnd(join.stage), calibration::kAdaptivePlanning});
  }
}

// ---------------------------------------------------------------- sort-merge → broadcast
// What is left of a join's stage without reading, sorting and merging its rows: what follows the join in the same stage.
Range WithoutSort(const SettingChange& setting, std::size_t node, std::uint32_t stage) {
  const model::NodeTable& nodes = setting.model.plan_nodes;
  if (!nodes.left_rows.Has(node) || !nodes.right_rows.Has(node)) return calibration::kJoinWithoutSort;
  const double rows = static_cast<double>(nodes.left_rows.Get(node) + nodes.right_rows.Get(node));
  const Workload& workload = setting.workload;
  double time = 0;
  const StageWork& work = workload.stages[stage];
  for (std::uint32_t task = work.first_task; task < work.first_task + work.tasks; ++task)
    time += static_cast<double>(workload.tasks.duration[task]);
  const double slowdown = Slowdown(workload, stage);
  const auto left = [&](double per_row) {
    return time > 0 ? std::clamp(1 - rows * per_row * slowdown / time, 0.05, 0.95) : 1.0;
  };
  return {left(calibration::kSortMergeRow.high), left(calibration::kSortMergeRow.mid),
          left(calibration::kSortMergeRow.low)};
}

// Takes away what a stage, and its job if that has no other stage before it, waited for.
void WithoutLagOf(const Workload& workload, std::uint32_t stage, Change& change) {
  const auto take = [&](std::uint32_t point) {
    const double lag = workload.lag[point];
    if (lag > 0) change.question.effects.emplace_back(AddLag{point, {-lag, -0.9 * lag, -0.5 * lag}});
  };
  take(workload.points.StageReady(stage));
  const std::uint32_t job = workload.stages[stage].job;
  if (job == kNone) return;
  for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
    if (i != stage && workload.stages[i].job == job && workload.stages[i].submitted <= workload.stages[stage].submitted)
      return;
  }
  take(workload.points.JobStart(job));
}

// What is gone: the shuffle of both sides (exact bytes), the sorts, the tasks of the join's stage as tasks of their
// own.
bool ToBroadcast(const SettingChange& setting, std::size_t node, const std::vector<std::uint32_t>& numbers,
                 Change& change) {
  const model::JobModel& model = setting.model;
  const model::NodeTable& nodes = model.plan_nodes;
  const std::string_view type = model.strings.Get(nodes.type.Get(node));
  const std::uint32_t stage = StageOf(model, numbers, node);
  if (stage == kNone || !nodes.left.Has(node) || !nodes.right.Has(node)) return false;
  const auto left = Below(model, nodes.left.Get(node), model::NodeKind::Exchange);
  const auto right = Below(model, nodes.right.Get(node), model::NodeKind::Exchange);
  if (!left || !right || !nodes.data_size.Has(*left) || !nodes.data_size.Has(*right)) return false;
  const auto size = [&](std::size_t exchange) { return static_cast<double>(nodes.data_size.Get(exchange)); };
  const bool left_fits = MayBroadcast(type, true) && size(*left) <= setting.to;
  const bool right_fits = MayBroadcast(type, false) && size(*right) <= setting.to;
  if (!left_fits && !right_fits) return false;
  const bool build_left = left_fits && (!right_fits || size(*left) < size(*right));
  const std::size_t small = build_left ? *left : *right;
  const std::size_t big = build_left ? *right : *left;
  double shuffled = 0;
  for (std::size_t row = 0; row < model.shuffles.size(); ++row) {
    const model::NodeRow exchange = model.shuffles.exchange.Get(row);
    if (!exchange.valid() || (exchange.index != small && exchange.index != big)) continue;
    if (numbers[model.shuffles.to.Get(row).index] != stage) continue;
    if (model.shuffles.bytes.Has(row)) shuffled += static_cast<double>(model.shuffles.bytes.Get(row));
  }
  const std::uint32_t map = StageOf(model, numbers, big);
  if (map != kNone) {
    change.question.effects.emplace_back(
        ScaleComponents{{map}, Components({Component::ShuffleWrite}), Range{0, 0.02, 0.1}});
    change.question.effects.emplace_back(
        ScaleComponents{{map}, Components({Component::Cpu, Component::OffCpu}), calibration::kMapWithoutShuffle});
    // What comes after the join is done by the tasks that read the large side; what each task of the join's stage took
    // whatever its data goes with the tasks that are too many.
    const std::uint32_t readers = setting.workload.stages[map].tasks;
    if (readers > 0 && readers < setting.workload.stages[stage].tasks) {
      change.question.effects.emplace_back(SetPartitions{{stage}, static_cast<double>(readers)});
    }
  }
  change.question.effects.emplace_back(
      ScaleComponents{{stage}, Components({Component::FetchWait, Component::Spill}), Range{0, 0.05, 0.2}});
  change.question.effects.emplace_back(ScaleComponents{
      {stage}, Components({Component::Cpu, Component::Gc, Component::OffCpu}), WithoutSort(setting, node, stage)});
  change.question.effects.emplace_back(
      ScaleComponents{{stage},
                      Components({Component::Scheduler, Component::Deserialize, Component::ResultSerialization}),
                      Range{0, 0.3, 0.8}});
  // The small side comes to the driver and goes to the executors before the big one is read; what the join's stage, and
  // under adaptive execution its job, waited for is gone: it is no stage of its own.
  const double collect = size(small) / calibration::kCollectBytesPerMs;
  change.question.effects.emplace_back(
      AddLag{setting.workload.points.StageReady(map != kNone ? map : stage),
             Range{calibration::kBroadcast.low + collect * 0.5, calibration::kBroadcast.mid + collect,
                   calibration::kBroadcast.high + 2 * collect}});
  WithoutLagOf(setting.workload, stage, change);
  change.question.effects.emplace_back(ChangeVolume{Exactly(-shuffled), Exactly(0)});
  Note(change, "The shuffle of a join goes: " + FormatBytes(static_cast<std::int64_t>(shuffled)) + ". Instead " +
                   FormatBytes(static_cast<std::int64_t>(size(small))) +
                   " are sent to each executor; it stays a broadcast only while that side is below the threshold.");
  return true;
}

}  // namespace

void ModelBroadcastThreshold(const SettingChange& setting, Change& change) {
  AtMost(change, EvidenceClass::D);
  const model::JobModel& model = setting.model;
  const model::NodeTable& nodes = model.plan_nodes;
  const std::vector<std::uint32_t> numbers = StageNumbers(model, setting.workload);
  std::uint32_t changed = 0;
  bool to_sort_merge = false;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    if (!nodes.final_plan.Get(node)) continue;
    const model::SqlRow query = nodes.sql_execution.Get(node);
    const bool adaptive = query.valid() && model.sql_executions.adaptive.Get(query.index);
    if (nodes.kind.Get(node) == model::NodeKind::BroadcastHashJoin) {
      const bool build_left = model.strings.Get(nodes.build_side.Get(node)) == "left";
      const model::NodeRow build = build_left ? nodes.left.Get(node) : nodes.right.Get(node);
      const auto exchange = Below(model, build, model::NodeKind::BroadcastExchange);
      const double size =
          exchange && nodes.data_size.Has(*exchange) ? static_cast<double>(nodes.data_size.Get(*exchange)) : 0;
      if (setting.to >= size) continue;
      const std::optional<ExecutedJoin> join = BroadcastJoinAt(model, numbers, node);
      if (!join) continue;
      ToSortMerge(setting, *join, adaptive, change);
      to_sort_merge = true;
      ++changed;
    } else if (nodes.kind.Get(node) == model::NodeKind::SortMergeJoin && setting.to > 0) {
      if (ToBroadcast(setting, node, numbers, change)) ++changed;
    }
  }
  if (changed == 0) {
    return Note(change, "No join of the run has a side between the old and the new threshold: nothing changes.");
  }
  if (!to_sort_merge) {
    return Note(change, "Spark plans by estimates that are not in the log; the sizes are those of this run.");
  }
  ScaleGaps broadcasts{{}, calibration::kWithoutBroadcast};
  for (std::uint32_t i = 0; i < setting.workload.gaps.size(); ++i) {
    if (setting.workload.gaps[i].kind == model::GapKind::Broadcast) broadcasts.gaps.push_back(i);
  }
  if (!broadcasts.gaps.empty()) change.question.effects.emplace_back(broadcasts);
  Note(change, FormatCount(changed) + (changed == 1 ? " join sorts and shuffles" : " joins sort and shuffle") +
                   " both sides instead; joins with a broadcast hint would not, which the log does not tell.");
}

Change ChangeJoins(const model::JobModel& model, const Workload& workload, std::string_view place, JoinWay way) {
  const bool broadcast = way == JoinWay::Broadcast;
  Change change;
  change.kind = "join";
  change.key = place;
  change.to = broadcast ? "broadcast" : "sort-merge";
  change.text = (broadcast ? "a broadcast join at " : "a sort-merge join at ") + std::string(place);
  AtMost(change, EvidenceClass::D);
  const std::vector<std::uint32_t> numbers = StageNumbers(model, workload);
  const model::NodeTable& nodes = model.plan_nodes;
  const std::size_t slash = place.find('/');
  const auto number = [](std::string_view text) -> std::optional<std::int64_t> {
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string_view::npos)
      return std::nullopt;
    return std::stoll(std::string(text));
  };
  const std::optional<std::int64_t> query =
      slash == std::string_view::npos ? std::nullopt : number(place.substr(0, slash));
  const std::optional<std::int64_t> id = number(slash == std::string_view::npos ? place : place.substr(slash + 1));
  std::size_t joins = 0;
  std::size_t changed = 0;
  for (std::size_t node = 0; node < nodes.size() && id; ++node) {
    if (!nodes.final_plan.Get(node) || !IsA(nodes.kind.Get(node), model::NodeKind::Join)) continue;
    const model::SqlRow sql = nodes.sql_execution.Get(node);
    const std::uint32_t stage = StageOf(model, numbers, node);
    if (slash == std::string_view::npos) {
      if (stage == kNone || workload.stages[stage].id != *id) continue;
    } else if (!query || !sql.valid() || model.sql_executions.id.Get(sql.index) != *query || !nodes.id.Has(node) ||
               nodes.id.Get(node) != *id) {
      continue;
    }
    ++joins;
    change.from = model::EnumName(nodes.kind.Get(node));
    if (broadcast && nodes.kind.Get(node) == model::NodeKind::SortMergeJoin) {
      constexpr double kLargestBroadcast = 8e9;
      const SettingChange any{model, workload, "", std::nullopt, kLargestBroadcast};
      if (ToBroadcast(any, node, numbers, change)) ++changed;
    } else if (!broadcast && nodes.kind.Get(node) == model::NodeKind::BroadcastHashJoin) {
      const std::optional<ExecutedJoin> join = BroadcastJoinAt(model, numbers, node);
      if (!join) continue;
      const bool adaptive = sql.valid() && model.sql_executions.adaptive.Get(sql.index);
      ToSortMerge({model, workload, "", std::nullopt, -1}, *join, adaptive, change);
      ++changed;
    }
  }
  if (joins == 0) {
    Refuse(change, "no-such-join",
           "The final plans have no join at `" + std::string(place) +
               "`: name a stage (12), or a query and a node of its plan (0/17).");
  } else if (changed == 0) {
    Refuse(change, "not-modelled",
           broadcast ? "No sort-merge join there can become a broadcast: its type does not allow it, or the sizes of "
                       "both sides are not known."
                     : "No broadcast join there whose rows are in the log.");
  }
  return change;
}

Change BroadcastJoin(const model::JobModel& model, const Workload& workload, std::size_t node) {
  Change change;
  change.kind = "effect";
  change.text = "a broadcast join";
  AtMost(change, EvidenceClass::D);
  // Broadcasts are at most 8 GB (SparkStrategies, BroadcastExchangeExec).
  constexpr double kLargestBroadcast = 8e9;
  const SettingChange any{model, workload, "", std::nullopt, kLargestBroadcast};
  if (model.plan_nodes.kind.Get(node) != model::NodeKind::SortMergeJoin ||
      !ToBroadcast(any, node, StageNumbers(model, workload), change)) {
    Refuse(change, "not-modelled",
           "What a broadcast would do to this join cannot be told from its log: its type does not allow it, or the "
           "sizes of both sides are not known.");
  }
  return change;
}

}  // namespace advise::cost
