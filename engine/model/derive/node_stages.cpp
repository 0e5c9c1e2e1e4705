// The stages in which each node of a final plan ran, and how we know.
//
// A plan is cut into fragments: operators that run in the same stage. The cuts are below what reads a shuffle, a
// broadcast, a subquery or a cached table; an exchange belongs to the fragment that it closes (its map side). Then,
// best first:
//
//   metric     tasks of the stage updated one of the node's own accumulators. Of an exchange only the write metrics
//   count;
//              its read metrics tell the stages that read it, which is evidence for the fragment above
//   cluster    the node's WholeStageCodegen block ran there (its duration, else any operator in it)
//   neighbour  another operator of the fragment ran there, or reads a shuffle in it
//   scope      an RDD of the stage carries the name of a node that stands once in the plan (no metric ever fired)
//   driver     the node has driver metrics only, or is a command
//   none
//
// Frames without work of their own (InputAdapter, query stages, AdaptiveSparkPlan) run nowhere: none.
#include <algorithm>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "model/derive/node_kinds.h"
#include "model/derive/plan_nodes.h"

namespace advise::model {
namespace {

using StageSet = std::vector<StageRow>;  // sorted, unique

void Normalise(StageSet& stages) {
  std::sort(stages.begin(), stages.end());
  stages.erase(std::unique(stages.begin(), stages.end()), stages.end());
}

void Append(StageSet& to, std::span<const StageRow> more) { to.insert(to.end(), more.begin(), more.end()); }

bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

// SQLShuffleMetricsReporter.scala: read metrics are updated by tasks of the reduce stage, write metrics by the map
// stage; "data size" by the serializer on the map side. RAPIDS adds "rs. … time" and "data read size".
enum class ShuffleSide { None, Write, Read };
ShuffleSide SideOf(std::string_view metric) {
  if (ContainsAny(metric, {"read", "fetch", "remote ", "local ", "merged", "deserialization"}))
    return ShuffleSide::Read;
  if (ContainsAny(metric, {"writ", "data size", "serialization", "spill"})) return ShuffleSide::Write;
  return ShuffleSide::None;
}

// One execution's final plan: rows [begin, end) of plan_nodes.
class PlanStages {
 public:
  PlanStages(JobModel& model, const ExecutionStages& stages, SqlRow sql, std::size_t begin, std::size_t end,
             std::size_t& room)
      : m_(model),
        t_(model.plan_nodes),
        stages_(stages),
        sql_(sql),
        begin_(begin),
        room_(room),
        own_(end - begin),
        readers_(end - begin),
        fragment_(end - begin, 0),
        has_fragment_(end - begin, false) {}

  void Run() {
    ReadMetrics();
    CutFragments();
    CollectEvidence();
    UseScopes();
    for (std::size_t i = 0; i < own_.size(); ++i) Decide(i);
    for (std::size_t i = 0; i < own_.size(); ++i) DecideReaders(i);
  }

  // Nodes that the limit left without their stages.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  struct Own {
    StageSet stages;  // by the node's metrics; of a shuffle the write side
    StageSet reads;   // of a shuffle
    bool shuffles = false;
    bool driver = false;  // has a value that no task sent
  };
  struct Fragment {
    StageSet stages;
    bool by_scope = false;
    bool cached = false;  // below a cached table: another execution may have computed it
  };

  [[nodiscard]] NodeKind Kind(std::size_t i) const { return t_.kind.Get(begin_ + i); }
  [[nodiscard]] std::string_view Name(std::size_t i) const { return m_.strings.Get(t_.name.Get(begin_ + i)); }
  [[nodiscard]] bool IsFrame(std::size_t i) const {
    return IsWrapper(Name(i)) || (Kind(i) == NodeKind::ReusedExchange && !t_.id.Has(begin_ + i));
  }
  [[nodiscard]] std::size_t Local(NodeRow row) const { return row.index - begin_; }

  // Stages whose tasks updated the accumulator. Where there are many they are kept: nodes may share it. Valid until the
  // next call.
  std::span<const StageRow> UpdatedBy(std::int64_t accumulator) {
    constexpr std::size_t kMany = 8;
    const auto known = updated_by_.find(accumulator);
    if (known != updated_by_.end()) return known->second;
    updated_.clear();
    stages_.ForEachTotal(accumulator, sql_, [&](const AccumulatorTotal& total) {
      if (total.count > 0) updated_.push_back(total.stage);
    });
    return updated_.size() < kMany ? updated_ : updated_by_.emplace(accumulator, updated_).first->second;
  }

  void ReadMetrics() {
    for (std::size_t i = 0; i < own_.size(); ++i) {
      Own& own = own_[i];
      // CollectLimit and TakeOrderedAndProject hold a shuffle of their own when they are not the root of a plan.
      const bool can_shuffle = Kind(i) == NodeKind::Exchange || Kind(i) == NodeKind::Limit;
      for (const NodeMetric& metric : m_.MetricsOf(NodeRow(begin_ + i))) {
        const ShuffleSide side = can_shuffle ? SideOf(m_.strings.Get(metric.name)) : ShuffleSide::None;
        const std::span<const StageRow> updated = UpdatedBy(metric.accumulator);
        const bool fired = !updated.empty();
        // What names no side says nothing about an exchange.
        if (side != ShuffleSide::None || Kind(i) != NodeKind::Exchange) {
          const std::size_t some = std::min(updated.size(), room_);
          Append(side == ShuffleSide::Read ? own.reads : own.stages, updated.first(some));
          room_ -= some;
          left_out_ += updated.size() - some;
        }
        own.shuffles = own.shuffles || (fired && side != ShuffleSide::None);
        own.driver = own.driver || (!fired && metric.total != kMissing);
      }
      Normalise(own.stages);
      Normalise(own.reads);
    }
  }

  // True if the operator's output reaches its parent in another stage.
  [[nodiscard]] bool EndsStage(std::size_t i) const {
    switch (Kind(i)) {
      case NodeKind::Exchange:
      case NodeKind::BroadcastExchange:
      case NodeKind::Subquery: return true;
      case NodeKind::Limit: return own_[i].shuffles;
      default: return false;
    }
  }
  // True if the operator does not run its inputs itself: a cached table's plan, the rows of a command that ran before.
  [[nodiscard]] bool HidesInputs(std::size_t i) const {
    return Kind(i) == NodeKind::TableCacheScan || Name(i) == "CommandResult";
  }

  void CutFragments() {
    for (std::size_t i = 0; i < own_.size(); ++i) {
      for (const NodeRow child : t_.children.Get(begin_ + i)) {
        if (!IsFrame(i)) readers_[Local(child)].push_back(i);
      }
      if (IsFrame(i)) continue;
      const NodeRow parent = t_.parent.Get(begin_ + i);
      const bool joined = parent.valid() && !EndsStage(i) && !HidesInputs(Local(parent));
      if (joined) {
        fragment_[i] = fragment_[Local(parent)];
      } else {
        fragment_[i] = fragments_.size();
        Fragment fragment;
        fragment.cached = parent.valid() && (HidesInputs(Local(parent)) || FragmentOf(Local(parent)).cached);
        fragments_.push_back(std::move(fragment));
      }
      has_fragment_[i] = true;
    }
    // A WholeStageCodegen block runs where what it contains runs; it stands above its operators.
    for (std::size_t i = own_.size(); i-- > 0;) {
      const std::span<const NodeRow> children = t_.children.Get(begin_ + i);
      if (Kind(i) != NodeKind::WholeStageCodegen || children.empty() || !has_fragment_[Local(children[0])]) continue;
      fragment_[i] = fragment_[Local(children[0])];
      has_fragment_[i] = true;
    }
  }

  Fragment& FragmentOf(std::size_t i) { return fragments_[fragment_[i]]; }

  void CollectEvidence() {
    for (std::size_t i = 0; i < own_.size(); ++i) {
      if (!has_fragment_[i]) continue;
      Append(FragmentOf(i).stages, own_[i].stages);
      // Who of several readers a read metric belongs to cannot be told.
      if (readers_[i].size() == 1) Append(FragmentOf(readers_[i][0]).stages, own_[i].reads);
      const NodeRow cluster = t_.cluster.Get(begin_ + i);
      if (cluster.valid()) Append(cluster_stages_[cluster.index], own_[i].stages);
    }
    for (Fragment& fragment : fragments_) Normalise(fragment.stages);
    for (auto& [cluster, stages] : cluster_stages_) Normalise(stages);
  }

  // Fragments of which nothing is known: names of RDD scopes are names of plan nodes (RDDOperationScope.scala).
  void UseScopes() {
    if (std::none_of(fragments_.begin(), fragments_.end(),
                     [](const Fragment& f) { return f.stages.empty() && !f.cached; }))
      return;
    std::unordered_map<StringId, StageSet> by_scope;
    for (const StageRow stage : m_.sql_executions.stages.Get(sql_.index)) {
      for (const std::int64_t id : m_.stages.rdd_ids.Get(stage.index)) {
        const RawRdd* const rdd = m_.FindRdd(id);
        if (rdd != nullptr && rdd->scope_name != StringId::None) by_scope[rdd->scope_name].push_back(stage);
      }
    }
    std::unordered_map<StringId, std::size_t> uses;
    for (std::size_t i = 0; i < own_.size(); ++i) ++uses[t_.name.Get(begin_ + i)];
    std::vector<StageSet> found(fragments_.size());
    for (std::size_t i = 0; i < own_.size(); ++i) {
      // Both sides of a shuffle carry the exchange's name.
      if (!has_fragment_[i] || EndsStage(i) || Kind(i) == NodeKind::AqeShuffleRead ||
          Kind(i) == NodeKind::ReusedExchange)
        continue;
      const Fragment& fragment = FragmentOf(i);
      const auto scope = by_scope.find(t_.name.Get(begin_ + i));
      if (!fragment.stages.empty() || fragment.cached || scope == by_scope.end() || uses[t_.name.Get(begin_ + i)] != 1)
        continue;
      Append(found[fragment_[i]], scope->second);
    }
    for (std::size_t f = 0; f < fragments_.size(); ++f) {
      if (found[f].empty()) continue;
      Normalise(found[f]);
      fragments_[f].stages = std::move(found[f]);
      fragments_[f].by_scope = true;
    }
  }

  void Decide(std::size_t i) {
    if (!has_fragment_[i]) return;
    const Fragment& fragment = FragmentOf(i);
    const NodeRow cluster = Kind(i) == NodeKind::WholeStageCodegen ? NodeRow(begin_ + i) : t_.cluster.Get(begin_ + i);
    if (!own_[i].stages.empty()) return Set(i, own_[i].stages, StagesEvidence::Metric);
    if (cluster.valid()) {
      const StageSet& ran = own_[Local(cluster)].stages;
      if (!ran.empty()) return Set(i, ran, StagesEvidence::Cluster);
      const auto siblings = cluster_stages_.find(cluster.index);
      if (siblings != cluster_stages_.end() && !siblings->second.empty())
        return Set(i, siblings->second, StagesEvidence::Cluster);
    }
    if (!fragment.stages.empty())
      return Set(i, fragment.stages, fragment.by_scope ? StagesEvidence::Scope : StagesEvidence::Neighbour);
    if (own_[i].driver || Kind(i) == NodeKind::Command) Set(i, {}, StagesEvidence::Driver);
  }

  bool Spend(std::size_t stages) {
    if (stages > room_) {
      ++left_out_;
      return false;
    }
    room_ -= stages;
    return true;
  }

  void Set(std::size_t i, const StageSet& stages, StagesEvidence evidence) {
    if (!Spend(stages.size())) return;
    const std::size_t row = begin_ + i;
    t_.stages.Set(row, stages);
    t_.stages_evidence.Set(row, evidence);
    if (evidence > StagesEvidence::Neighbour) return;
    for (const StageRow stage : stages) m_.stages.nodes.Mutable(stage.index).push_back(NodeRow(row));
  }

  // The stages that read an exchange: by its read metrics, else those of the fragments above it.
  void DecideReaders(std::size_t i) {
    const NodeKind kind = Kind(i);
    if (kind != NodeKind::Exchange && kind != NodeKind::BroadcastExchange) return;
    StageSet reads = own_[i].reads;
    if (reads.empty()) {
      std::size_t all = 0;
      for (const std::size_t reader : readers_[i]) all += FragmentOf(reader).stages.size();
      if (!Spend(all)) return;
      for (const std::size_t reader : readers_[i]) Append(reads, FragmentOf(reader).stages);
      Normalise(reads);
    }
    t_.read_stages.Set(begin_ + i, std::move(reads));
  }

  JobModel& m_;
  NodeTable& t_;
  const ExecutionStages& stages_;
  const SqlRow sql_;
  const std::size_t begin_;
  std::size_t& room_;  // for stages of nodes (Limits::node_stages_per_row), of all plans
  std::uint64_t left_out_ = 0;
  std::vector<StageRow> updated_;
  std::unordered_map<std::int64_t, std::vector<StageRow>> updated_by_;  // by accumulator
  std::vector<Own> own_;                           // one a row of the plan, as all below
  std::vector<std::vector<std::size_t>> readers_;  // operators that have it as input
  std::vector<std::size_t> fragment_;
  std::vector<bool> has_fragment_;  // false: a frame that runs nothing
  std::vector<Fragment> fragments_;
  std::unordered_map<std::uint32_t, StageSet> cluster_stages_;  // of the operators in a WholeStageCodegen block
};

}  // namespace

std::uint64_t DeriveNodeStages(JobModel& model, const Limits& limits) {
  const ExecutionStages stages(model);
  std::size_t room =
      limits.node_stages_per_row * (model.plan_nodes.size() + model.stages.size()) + 2 * model.accumulators.size();
  std::uint64_t left_out = 0;
  for (std::size_t row = 0; row < model.stages.size(); ++row) model.stages.nodes.Mutable(row).clear();
  for (std::size_t sql = 0; sql < model.sql_executions.size(); ++sql) {
    const std::span<const NodeRow> nodes = model.sql_executions.nodes.Get(sql);
    if (nodes.empty()) continue;
    PlanStages plan(model, stages, SqlRow(sql), nodes.front().index, nodes.back().index + std::size_t{1}, room);
    plan.Run();
    left_out += plan.left_out();
  }
  return left_out;
}

}  // namespace advise::model
