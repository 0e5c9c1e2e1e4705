// Shuffles: one for each edge of the stage graph, since a stage can read another only through a shuffle. Later, when
// plan nodes are known, the Exchange that shows it and the side of the join that it feeds.
#include <algorithm>

#include "model/derive/derive.h"
#include "model/derive/scan.h"
#include "support/saturating.h"

namespace advise::model {
namespace {

// Σ over the winners of each stage; kMissing where no winner has the value.
std::vector<std::int64_t> SumOverWinners(const JobModel& model, const PackedColumn& column) {
  std::vector<std::int64_t> sums(model.stages.size(), kMissing);
  ForEachValue(column, [&](std::size_t row, std::int64_t value) {
    const StageRow stage = model.tasks.stage.Get(row);
    if (value == kMissing || !stage.valid() || !model.tasks.winner.Get(row)) return;
    std::int64_t& sum = sums[stage.index];
    sum = sum == kMissing ? value : SaturatingAdd(sum, value);
  });
  return sums;
}

// The shuffle between two stages; tables are sorted by (to, from).
std::optional<std::size_t> FindShuffle(const ShuffleTable& shuffles, StageRow from, StageRow to) {
  std::size_t low = 0;
  std::size_t high = shuffles.size();
  const std::pair wanted(to, from);
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (std::pair(shuffles.to.Get(middle), shuffles.from.Get(middle)) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == shuffles.size() || shuffles.to.Get(low) != to || shuffles.from.Get(low) != from) return std::nullopt;
  return low;
}

// "left" or "right" if exactly one join of the stage lies above the exchange, else empty. The walk ends where the data
// leave the stage: at the next exchange or broadcast.
std::string_view JoinSide(const NodeTable& nodes, NodeRow exchange, StageRow stage) {
  std::string_view side;
  NodeRow below = exchange;
  for (NodeRow node = nodes.parent.Get(exchange.index); node.valid();
       below = node, node = nodes.parent.Get(node.index)) {
    const NodeKind kind = nodes.kind.Get(node.index);
    if (IsA(kind, NodeKind::Exchange) || IsA(kind, NodeKind::BroadcastExchange)) break;
    if (!IsA(kind, NodeKind::Join)) continue;
    const std::span<const StageRow> runs_in = nodes.stages.Get(node.index);
    if (!std::binary_search(runs_in.begin(), runs_in.end(), stage)) continue;
    if (!side.empty()) return {};
    if (nodes.left.Get(node.index) == below) side = "left";
    if (nodes.right.Get(node.index) == below) side = "right";
  }
  return side;
}

}  // namespace

void DeriveShuffles(JobModel& model) {
  const std::vector<std::int64_t> bytes = SumOverWinners(model, model.tasks.shuffle_write);
  const std::vector<std::int64_t> records = SumOverWinners(model, model.tasks.shuffle_write_records);
  const StageTable& stages = model.stages;
  ShuffleTable& shuffles = model.shuffles;
  for (std::size_t to = 0; to < stages.size(); ++to) {
    for (const StageRow from : stages.parents.Get(to)) {
      const std::size_t row = shuffles.AddRow();
      shuffles.id.Set(row, static_cast<std::int64_t>(row));
      shuffles.from.Set(row, from);
      shuffles.to.Set(row, StageRow(to));
      shuffles.bytes.Set(row, bytes[from.index]);
      shuffles.records.Set(row, records[from.index]);
      shuffles.partitions.Set(row, stages.partitions.Get(to));
      shuffles.map_tasks.Set(row, stages.partitions.Get(from.index));
      shuffles.broadcast.Set(row, false);
    }
  }
}

void DeriveShuffleSides(JobModel& model) {
  const NodeTable& nodes = model.plan_nodes;
  ShuffleTable& shuffles = model.shuffles;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    if (nodes.kind.Get(node) != NodeKind::Exchange || !nodes.final_plan.Get(node)) continue;
    for (const StageRow from : nodes.stages.Get(node)) {
      for (const StageRow to : nodes.read_stages.Get(node)) {
        const std::optional<std::size_t> shuffle = FindShuffle(shuffles, from, to);
        if (!shuffle || shuffles.exchange.Has(*shuffle)) continue;
        shuffles.exchange.Set(*shuffle, NodeRow(node));
        const std::string_view side = JoinSide(nodes, NodeRow(node), to);
        if (!side.empty()) shuffles.side.Set(*shuffle, model.strings.Intern(side));
      }
    }
  }
}

}  // namespace advise::model
