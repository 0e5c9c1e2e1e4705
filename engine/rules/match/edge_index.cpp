// Edges of a kind are gathered by their near end, once a direction.
#include "rules/match/edge_index.h"

#include <algorithm>
#include <map>
#include <set>

namespace advise::rules {
namespace {

using EdgeEnd = std::uint32_t metrics::EdgeRow::*;

}  // namespace

// The edges come sorted by (from, to, edge), so to count them into the rows of either end leaves each row's neighbours
// in their order.
const EdgeIndex::Both& EdgeIndex::Build(metrics::EdgeKind kind) {
  const std::vector<metrics::EdgeRow> edges = metrics::EdgesOf(model_, kind);
  const auto build = [&edges](EdgeEnd near, EdgeEnd far) {
    Rows rows;
    std::uint32_t last = 0;
    for (const metrics::EdgeRow& edge : edges) last = std::max(last, edge.*near);
    rows.begin.assign(edges.empty() ? 1 : std::size_t{last} + 2, 0);
    for (const metrics::EdgeRow& edge : edges) ++rows.begin[edge.*near + 1];
    for (std::size_t i = 1; i < rows.begin.size(); ++i) rows.begin[i] += rows.begin[i - 1];
    rows.neighbours.resize(edges.size());
    std::vector<std::uint32_t> next = rows.begin;
    for (const metrics::EdgeRow& edge : edges) rows.neighbours[next[edge.*near]++] = {edge.*far, edge.edge};
    return rows;
  };
  std::unique_ptr<Both>& slot = kinds_[static_cast<std::size_t>(kind)];
  slot = std::make_unique<Both>();
  slot->forward = build(&metrics::EdgeRow::from, &metrics::EdgeRow::to);
  slot->backward = build(&metrics::EdgeRow::to, &metrics::EdgeRow::from);
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
