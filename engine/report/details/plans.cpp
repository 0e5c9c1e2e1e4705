// The final plan of a query from its result down. Wrappers (blocks of generated code, the adaptive plan) are seen
// through; the time of a block stands at the operator with which it begins, because Spark measures no time inside it.
#include <algorithm>
#include <set>

#include "report/details/read_details.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using model::JobModel;
using model::NodeKind;
using model::NodeRow;

constexpr std::size_t kOperators = 200;

struct Placed {
  NodeRow node;
  int depth = 0;
};

bool IsWrapper(const JobModel& model, NodeRow node) {
  const NodeKind kind = model.plan_nodes.kind.Get(node.index);
  return kind == NodeKind::WholeStageCodegen || kind == NodeKind::AdaptivePlan;
}

// Depth first, left before right.
std::vector<Placed> InOrder(const JobModel& model, std::size_t query) {
  std::vector<Placed> order;
  std::vector<Placed> open;
  std::set<NodeRow> seen;
  const auto nodes = model.sql_executions.nodes.Get(query);
  for (const NodeRow node : nodes) {
    if (!model.plan_nodes.parent.Has(node.index) && !IsWrapper(model, node)) open.push_back({node, 0});
  }
  // A plan whose root is a wrapper begins below it.
  if (open.empty()) {
    for (const NodeRow node : nodes) {
      if (IsWrapper(model, node) || !model.plan_nodes.parent.Has(node.index)) continue;
      if (IsWrapper(model, model.plan_nodes.parent.Get(node.index))) open.push_back({node, 0});
    }
  }
  std::ranges::reverse(open);
  while (!open.empty()) {
    const Placed at = open.back();
    open.pop_back();
    if (!seen.insert(at.node).second) continue;
    order.push_back(at);
    const auto children = model.plan_nodes.children.Get(at.node.index);
    const int depth = at.depth + (children.size() > 1 ? 1 : 0);
    for (auto child = children.rbegin(); child != children.rend(); ++child) open.push_back({*child, depth});
  }
  return order;
}

std::string TextOf(const JobModel& model, std::size_t row) {
  constexpr std::size_t kText = 90;
  const model::NodeTable& nodes = model.plan_nodes;
  for (const model::StrColumn* column : {&nodes.keys, &nodes.condition, &nodes.location}) {
    if (column->Has(row)) return CleanText(model.strings.Get(column->Get(row)), kText);
  }
  return {};
}

// ms of tasks; nullopt: Spark does not measure it.
struct Time {
  std::int64_t ms = 0;
  bool of_block = false;
};
std::optional<Time> TimeOf(const JobModel& model, NodeRow node, std::set<NodeRow>& blocks) {
  const model::NodeTable& nodes = model.plan_nodes;
  if (nodes.cluster.Has(node.index)) {
    const NodeRow block = nodes.cluster.Get(node.index);
    if (blocks.insert(block).second && nodes.time.Has(block.index)) return Time{nodes.time.Get(block.index), true};
  }
  if (nodes.time.Has(node.index)) return Time{nodes.time.Get(node.index), false};
  return std::nullopt;
}

}  // namespace

void ReadPlan(const DetailsInput& input, std::size_t row, const std::vector<StageDetail>& stages, QueryDetail& query) {
  const JobModel& model = input.model;
  const model::NodeTable& nodes = model.plan_nodes;
  std::vector<Placed> order = InOrder(model, row);
  if (order.size() < 2) return;
  if (order.size() > kOperators) {
    query.more_operators = order.size() - kOperators;
    order.resize(kOperators);
  }
  std::set<NodeRow> blocks;
  std::int64_t most_rows = 1;
  std::int64_t all_ms = 1;
  std::vector<std::optional<Time>> times;
  for (const Placed& placed : order) {
    if (nodes.output_rows.Has(placed.node.index))
      most_rows = std::max(most_rows, nodes.output_rows.Get(placed.node.index));
    times.push_back(TimeOf(model, placed.node, blocks));
    if (times.back()) all_ms += times.back()->ms;
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t node = order[i].node.index;
    OperatorDetail detail;
    detail.anchor =
        query.anchor + "n" + (nodes.id.Has(node) ? std::to_string(nodes.id.Get(node)) : "-" + std::to_string(i));
    detail.depth = order[i].depth;
    detail.name = CleanText(model.strings.Get(nodes.name.Get(node)), 60);
    detail.text = TextOf(model, node);
    if (nodes.output_rows.Has(node)) {
      detail.rows = FormatCount(nodes.output_rows.Get(node));
      detail.rows_share = static_cast<double>(nodes.output_rows.Get(node)) / static_cast<double>(most_rows);
    }
    detail.bytes = PrintBytes(nodes.bytes, node);
    if (times[i]) {
      detail.time = (times[i]->of_block ? "block " : "") + FormatTime(times[i]->ms);
      detail.time_share = static_cast<double>(times[i]->ms) / static_cast<double>(all_ms);
    }
    detail.spill = PrintBytes(nodes.spill, node);
    for (const model::StageRow stage : nodes.stages.Get(node)) {
      constexpr std::size_t kStages = 3;
      if (detail.stages.size() == kStages) break;
      const auto shown = std::ranges::find(stages, stage.index, &StageDetail::row);
      detail.stages.push_back({std::string(model.strings.Get(model.stages.key.Get(stage.index))),
                               shown == stages.end() ? "" : shown->anchor, ""});
    }
    detail.findings = input.node_findings[node];
    query.plan.push_back(std::move(detail));
  }
}

}  // namespace advise::report
