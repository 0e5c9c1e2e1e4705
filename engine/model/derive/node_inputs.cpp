// What enters each plan node: rows (left_rows, right_rows, input_rows), and the sources and operators below it as one
// hash (subtree). And of each query what its plan does whatever the values in it (plan_shape).
//
// Few operators count rows. One that gives on every row that it gets (a sort, a projection, a shuffle) has the rows of
// its input; a union those of all. Anything else without a count (a map over partitions, a limit) says nothing about
// the rows that leave it, and nothing is guessed.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/derive/node_kinds.h"
#include "model/derive/plan_nodes.h"
#include "model/derive/plan_text.h"
#include "support/fnv_hash.h"
#include "support/saturating.h"
#include "support/text.h"

namespace advise::model {
namespace {

bool Starts(std::string_view text, std::size_t at, std::string_view part) { return text.substr(at).starts_with(part); }

// The text of a node without what differs between two equal nodes: expression ids, "[plan_id=24]", "[id=#24]".
std::string WithoutIds(std::string_view simple_string) {
  static constexpr std::string_view kPlanId = "plan_id=";
  const std::string text = WithoutExpressionIds(simple_string);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    out.push_back(text[i]);
    if (out.back() != '=' || i + 1 < kPlanId.size() || !Starts(text, i + 1 - kPlanId.size(), kPlanId)) continue;
    while (i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') ++i;
  }
  return out;
}

// What adaptive execution and code generation put between the operators: it may differ from one run of a query to the
// next.
bool SaysNothing(NodeKind kind, std::string_view name) {
  return IsWrapper(name) || kind == NodeKind::AqeShuffleRead || kind == NodeKind::AdaptivePlan ||
         kind == NodeKind::WholeStageCodegen || kind == NodeKind::Transition;
}

// A place without the values in it: partitions ("day=3") and folders that are a number or a date lose their digits.
std::string WithoutValues(std::string_view location) {
  std::string kept;
  std::size_t begin = 0;
  while (begin < location.size()) {
    const std::size_t end = std::min(location.find('/', begin), location.size());
    const std::string_view part = location.substr(begin, end - begin);
    const bool value = part.find('=') != std::string_view::npos ||
                       std::ranges::all_of(part, [](char c) { return IsDigit(c) || c == '-' || c == '_'; });
    for (const char c : part) {
      if (!value || !IsDigit(c)) kept.push_back(c);
    }
    kept.push_back('/');
    begin = end + 1;
  }
  return kept;
}

class NodeInputs {
 public:
  explicit NodeInputs(JobModel& model) : m_(model), t_(model.plan_nodes), done_(t_.size(), false) {
    rows_.assign(t_.size(), kMissing);
    hash_.assign(t_.size(), 0);
    shape_.assign(t_.size(), 0);
  }

  // A reused exchange may stand before or after its readers, so the order of rows is no order of work.
  void Run() {
    std::vector<std::size_t> open;
    for (std::size_t row = 0; row < t_.size(); ++row) {
      open.push_back(row);
      while (!open.empty()) {
        const std::size_t node = open.back();
        const std::size_t before = open.size();
        for (const NodeRow child : t_.children.Get(node)) {
          if (!done_[child.index] && !done_[node]) open.push_back(child.index);
        }
        if (open.size() > before) continue;
        open.pop_back();
        if (!done_[node]) Finish(node);
        done_[node] = true;
      }
    }
    SetShapes();
  }

 private:
  // Of each query: the shapes of the roots of its final plan.
  void SetShapes() {
    for (std::size_t query = 0; query < m_.sql_executions.size(); ++query) {
      FnvHash hash;
      bool any = false;
      for (const NodeRow node : m_.sql_executions.nodes.Get(query)) {
        if (t_.parent.Has(node.index)) continue;
        // Parents see through wrappers: the operator below one is a root itself.
        if (SaysNothing(t_.kind.Get(node.index), Name(node.index))) continue;
        hash.Add(shape_[node.index]);
        any = true;
      }
      if (any) m_.sql_executions.plan_shape.Set(query, m_.strings.Intern(HexText(hash.value())));
    }
  }

  // The text of a node, without ids, is cut further: numbers go. Conditions go whole, for texts in them have no quotes.
  [[nodiscard]] std::uint64_t ShapeOf(std::size_t node, std::string_view text) const {
    FnvHash hash;
    const bool wrapper = SaysNothing(t_.kind.Get(node), Name(node));
    if (!wrapper) {
      std::string kept;
      for (const char c : t_.kind.Get(node) == NodeKind::Filter ? Name(node) : text) {
        if (!IsDigit(c)) kept.push_back(c);
      }
      if (t_.kind.Get(node) == NodeKind::FileScan) {
        // DataFilters and the like stand between the columns and the place.
        kept = std::string(Name(node)) + std::string(m_.strings.Get(t_.read_schema.Get(node))) +
               WithoutValues(m_.strings.Get(t_.location.Get(node)));
      }
      hash.Add(kept);
    }
    std::uint64_t only = 0;
    std::size_t children = 0;
    for (const NodeRow child : t_.children.Get(node)) {
      hash.Add(shape_[child.index]);
      only = shape_[child.index];
      ++children;
    }
    return wrapper && children == 1 ? only : hash.value();
  }

  [[nodiscard]] bool PassesRowsOn(std::size_t node) const {
    switch (t_.kind.Get(node)) {
      case NodeKind::Sort:
      case NodeKind::Project:
      case NodeKind::ScalaUdf:
      case NodeKind::Window:
      case NodeKind::Union:
      case NodeKind::Exchange:
      case NodeKind::BroadcastExchange:
      case NodeKind::ReusedExchange:
      case NodeKind::AqeShuffleRead:
      case NodeKind::AdaptivePlan:
      case NodeKind::WholeStageCodegen:
      case NodeKind::Transition: return true;
      // BatchEvalPython, ArrowEvalPython: one row out for one in; the others of the kind may change the number.
      case NodeKind::PythonUdf: return Name(node).find("EvalPython") != std::string_view::npos;
      default: return Name(node) == "Coalesce" || Name(node) == "InputAdapter" || Name(node).ends_with("QueryStage");
    }
  }
  [[nodiscard]] std::string_view Name(std::size_t node) const { return m_.strings.Get(t_.name.Get(node)); }

  // All inputs of the node are done.
  void Finish(std::size_t node) {
    std::int64_t inputs = 0;
    bool any = false;
    FnvHash hash;
    hash.Add(Name(node));
    const std::string text = WithoutIds(m_.strings.Get(t_.simple_string.Get(node)));
    hash.Add(text);
    shape_[node] = ShapeOf(node, text);
    for (const NodeRow child : t_.children.Get(node)) {
      hash.Add(hash_[child.index]);
      if (t_.kind.Get(child.index) == NodeKind::Subquery) continue;
      any = true;
      if (rows_[child.index] == kMissing) inputs = kMissing;
      if (inputs != kMissing) inputs = SaturatingAdd(inputs, rows_[child.index]);
    }
    // One exchange that both sides of a join read stands once among the children.
    const bool self_join = t_.left.Has(node) && t_.left.Get(node) == t_.right.Get(node);
    if (self_join && inputs != kMissing) inputs = SaturatingAdd(inputs, inputs);
    hash_[node] = hash.value();
    t_.subtree.Set(node, m_.strings.Intern(HexText(hash.value())));
    if (any && inputs != kMissing) t_.input_rows.Set(node, inputs);
    if (t_.left.Has(node)) SetRows(t_.left_rows, node, t_.left.Get(node));
    if (t_.right.Has(node)) SetRows(t_.right_rows, node, t_.right.Get(node));
    if (t_.output_rows.Has(node)) {
      rows_[node] = t_.output_rows.Get(node);
    } else if (any && PassesRowsOn(node)) {
      rows_[node] = inputs;
    }
  }

  void SetRows(IntColumn& column, std::size_t node, NodeRow input) {
    if (rows_[input.index] != kMissing) column.Set(node, rows_[input.index]);
  }

  JobModel& m_;
  NodeTable& t_;
  std::vector<bool> done_;
  std::vector<std::int64_t> rows_;   // that leave the node
  std::vector<std::uint64_t> hash_;   // of its subtree
  std::vector<std::uint64_t> shape_;  // the same without values
};

}  // namespace

void DeriveNodeInputs(JobModel& model) { NodeInputs(model).Run(); }

}  // namespace advise::model
