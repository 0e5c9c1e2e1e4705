// Which nodes of a plan there are, numbered as Spark's user interface does.
//
// Follows buildSparkPlanGraphNode of sql/core/…/execution/ui/SparkPlanGraph.scala: one counter, pre-order;
// WholeStageCodegen takes a number and is a frame around the nodes down to the next InputAdapter; InputAdapter and
// query stages take none; an exchange or subquery that equals one already drawn is not drawn again, an edge leads to
// the first. "Equals" is SparkPlanInfo.equals: name, simpleString and children, not metrics.
#include <map>
#include <string_view>
#include <unordered_map>

#include "model/derive/node_kinds.h"
#include "model/derive/plan_nodes.h"

namespace advise::model {
namespace {

// Children of every node in plan order, as one array.
class ChildLists {
 public:
  explicit ChildLists(const RawPlan& plan) : begin_(plan.size() + 2, 0), nodes_(plan.size()) {
    // List 0 holds the roots, list i + 1 the children of node i.
    for (std::size_t i = 0; i < plan.size(); ++i) ++begin_[ListOf(plan, i) + 1];
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
    for (std::size_t i = 0; i < plan.size(); ++i) nodes_[next[ListOf(plan, i)]++] = static_cast<std::uint32_t>(i);
  }
  [[nodiscard]] std::span<const std::uint32_t> Roots() const { return List(0); }
  [[nodiscard]] std::span<const std::uint32_t> Of(std::size_t node) const { return List(node + 1); }

 private:
  static std::size_t ListOf(const RawPlan& plan, std::size_t node) {
    const std::int32_t parent = plan[node].parent;
    // A parent stands before its children; anything else would be a cycle, so it becomes a root.
    return parent >= 0 && static_cast<std::size_t>(parent) < node ? static_cast<std::size_t>(parent) + 1 : 0;
  }
  [[nodiscard]] std::span<const std::uint32_t> List(std::size_t list) const {
    return std::span(nodes_).subspan(begin_[list], begin_[list + 1] - begin_[list]);
  }

  std::vector<std::uint32_t> begin_;
  std::vector<std::uint32_t> nodes_;
};

// The same number for equal subtrees.
std::vector<std::uint32_t> SubtreeClasses(const RawPlan& plan, const ChildLists& children) {
  std::vector<std::uint32_t> classes(plan.size());
  std::map<std::vector<std::uint32_t>, std::uint32_t> known;
  for (std::size_t i = plan.size(); i-- > 0;) {
    std::vector<std::uint32_t> key = {static_cast<std::uint32_t>(plan[i].name),
                                      static_cast<std::uint32_t>(plan[i].simple_string)};
    for (const std::uint32_t child : children.Of(i)) key.push_back(classes[child]);
    classes[i] = known.try_emplace(std::move(key), static_cast<std::uint32_t>(known.size())).first->second;
  }
  return classes;
}

class Layout {
 public:
  Layout(const RawPlan& plan, const StringPool& strings)
      : plan_(plan), strings_(strings), children_(plan), classes_(SubtreeClasses(plan, children_)) {}

  std::vector<LaidOutNode> Run() {
    PushAll(children_.Roots(), {});
    while (!stack_.empty()) {
      const Visit visit = stack_.back();
      stack_.pop_back();
      Lay(visit);
    }
    return std::move(nodes_);
  }

 private:
  struct Visit {
    std::uint32_t raw = 0;
    std::int32_t parent = -1;   // operator above
    std::int32_t wrapper = -1;  // wrapper right above
    std::int32_t cluster = -1;
  };

  void PushAll(std::span<const std::uint32_t> raw, Visit visit) {
    for (std::size_t i = raw.size(); i-- > 0;) {
      visit.raw = raw[i];
      stack_.push_back(visit);
    }
  }

  // The node drawn for an equal exchange or subquery, or -1.
  [[nodiscard]] std::int32_t Drawn(std::uint32_t raw) const {
    const auto found = drawn_.find(classes_[raw]);
    return found == drawn_.end() ? -1 : found->second;
  }

  // Adds row `child` to the inputs of what is above it.
  void Feed(std::int32_t child, const Visit& above) {
    if (above.wrapper >= 0) At(above.wrapper).children.push_back(child);
    if (above.parent >= 0 && !At(child).wrapper) At(above.parent).children.push_back(child);
  }

  LaidOutNode& At(std::int32_t row) { return nodes_[static_cast<std::size_t>(row)]; }

  std::int32_t AddRow(const Visit& visit, bool wrapper, bool drawn) {
    const std::int32_t row = static_cast<std::int32_t>(nodes_.size());
    LaidOutNode node;
    node.raw = visit.raw;
    if (drawn) node.number = next_number_++;
    node.parent = visit.parent;
    node.cluster = visit.cluster;
    node.wrapper = wrapper;
    nodes_.push_back(std::move(node));
    Feed(row, visit);
    return row;
  }

  // A second reader of a drawn exchange or subquery.
  void Reuse(std::int32_t target, const Visit& reader) {
    At(target).reused = true;
    Feed(target, reader);
  }

  void Lay(Visit visit) {
    const std::string_view name = strings_.Get(plan_[visit.raw].name);
    const std::span<const std::uint32_t> children = children_.Of(visit.raw);
    const bool may_point =
        !children.empty() && (name == "BroadcastQueryStage" || name == "ShuffleQueryStage" || name == "ReusedExchange");
    const std::int32_t target = may_point ? Drawn(children[0]) : -1;

    if (name == "Subquery") {
      visit.cluster = -1;  // "Subquery should not be included in WholeStageCodegen"
      if (const std::int32_t same = Drawn(visit.raw); same >= 0) return Reuse(same, visit);
    }
    if (target >= 0) {
      visit.wrapper = AddRow(visit, true, false);
      return Reuse(target, visit);
    }
    if (!IsWrapper(name)) {
      const std::int32_t row = AddRow(visit, false, true);
      if (name == "Subquery" || name.find("Exchange") != std::string_view::npos)
        drawn_.insert_or_assign(classes_[visit.raw], row);
      visit.parent = row;
      visit.wrapper = -1;
      return PushAll(children, visit);
    }
    const bool cluster = name.starts_with("WholeStageCodegen");
    const bool leaves_cluster = name == "InputAdapter" || name.ends_with("QueryStage");
    const bool drawn = !leaves_cluster && name != "ReusedSubquery";
    if (cluster) visit.cluster = -1;
    visit.wrapper = AddRow(visit, true, drawn);
    if (cluster) visit.cluster = visit.wrapper;
    if (leaves_cluster) visit.cluster = -1;
    PushAll(children, visit);
  }

  const RawPlan& plan_;
  const StringPool& strings_;
  const ChildLists children_;
  const std::vector<std::uint32_t> classes_;
  std::unordered_map<std::uint32_t, std::int32_t> drawn_;
  std::vector<LaidOutNode> nodes_;
  std::vector<Visit> stack_;
  std::int64_t next_number_ = 0;
};

}  // namespace

std::vector<LaidOutNode> LayOutPlan(const RawPlan& plan, const StringPool& strings) {
  return Layout(plan, strings).Run();
}

}  // namespace advise::model
