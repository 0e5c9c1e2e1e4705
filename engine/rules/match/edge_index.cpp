// Edges of a kind are sorted by their near end, once a direction.
#include "rules/match/edge_index.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace advise::rules {
namespace {

struct Arc {
  std::uint32_t from = 0;
  Neighbour to;
};

}  // namespace

const EdgeIndex::Both& EdgeIndex::Of(metrics::EdgeKind kind) {
  std::unique_ptr<Both>& slot = kinds_[static_cast<std::size_t>(kind)];
  if (slot != nullptr) return *slot;
  slot = std::make_unique<Both>();
  const std::vector<metrics::EdgeRow> edges = metrics::EdgesOf(model_, kind);
  const auto build = [](std::vector<Arc> arcs, Rows& rows) {
    std::sort(arcs.begin(), arcs.end(), [](const Arc& a, const Arc& b) {
      return std::tuple(a.from, a.to.row, a.to.edge) < std::tuple(b.from, b.to.row, b.to.edge);
    });
    rows.begin.assign(arcs.empty() ? 1 : arcs.back().from + 2, 0);
    for (const Arc& arc : arcs) {
      ++rows.begin[arc.from + 1];
      rows.neighbours.push_back(arc.to);
    }
    for (std::size_t i = 1; i < rows.begin.size(); ++i) rows.begin[i] += rows.begin[i - 1];
  };
  std::vector<Arc> forward;
  std::vector<Arc> backward;
  for (const metrics::EdgeRow& edge : edges) {
    forward.push_back({edge.from, {edge.to, edge.edge}});
    backward.push_back({edge.to, {edge.from, edge.edge}});
  }
  build(std::move(forward), slot->forward);
  build(std::move(backward), slot->backward);
  return *slot;
}

std::vector<std::uint32_t> EdgeIndex::Reach(std::span<const metrics::EdgeKind> kinds, std::uint32_t row, bool forward,
                                            std::pair<std::uint32_t, std::uint32_t> hops,
                                            const std::function<void(std::size_t)>& look) {
  std::set<std::uint32_t> reached;
  std::vector<std::uint32_t> level = {row};  // rows that exactly `step` steps lead to
  for (std::uint32_t step = 0; step <= hops.second && !level.empty(); ++step) {
    // What was reached by fewer steps has led on already.
    if (step >= hops.first) std::erase_if(level, [&](std::uint32_t at) { return !reached.insert(at).second; });
    std::vector<std::uint32_t> next;
    for (const std::uint32_t at : level) {
      for (const metrics::EdgeKind kind : kinds) {
        for (const Neighbour& neighbour : forward ? From(kind, at) : To(kind, at)) next.push_back(neighbour.row);
      }
    }
    look(level.size() + next.size());
    std::ranges::sort(next);
    next.erase(std::unique(next.begin(), next.end()), next.end());
    level = std::move(next);
  }
  return {reached.begin(), reached.end()};
}

std::vector<std::uint32_t> EdgeIndex::Between(metrics::EdgeKind kind, std::uint32_t from, std::uint32_t to,
                                              std::pair<std::uint32_t, std::uint32_t> hops,
                                              const std::function<void(std::size_t)>& look) {
  // Rows from which exactly so many steps lead to the end.
  std::map<std::uint32_t, std::set<std::uint32_t>> left;
  std::set<std::uint32_t> level{to};
  for (std::uint32_t step = 0; step < hops.second && !level.empty(); ++step) {
    std::set<std::uint32_t> before;
    for (const std::uint32_t row : level) {
      left[row].insert(step);
      for (const Neighbour& neighbour : To(kind, row)) before.insert(neighbour.row);
    }
    look(level.size() + before.size());
    level = std::move(before);
  }
  std::set<std::uint32_t> edges;
  level = {from};
  for (std::uint32_t step = 0; step < hops.second && !level.empty(); ++step) {
    std::set<std::uint32_t> next;
    for (const std::uint32_t row : level) {
      for (const Neighbour& neighbour : From(kind, row)) {
        next.insert(neighbour.row);
        const auto steps = left.find(neighbour.row);
        if (steps == left.end()) continue;
        // With this edge the chain has step + 1 edges and those that are left.
        const std::uint32_t least = hops.first > step + 1 ? hops.first - step - 1 : 0;
        const auto fits = steps->second.lower_bound(least);
        if (fits != steps->second.end() && *fits + step + 1 <= hops.second) edges.insert(neighbour.edge);
      }
    }
    look(level.size() + next.size());
    level = std::move(next);
  }
  return {edges.begin(), edges.end()};
}

}  // namespace advise::rules
