// Directed graphs over dense node numbers, for the stage graph and the critical path. Boost.Graph does the work in
// job_graph.cpp and shows in no header.
#pragma once

#include <cstdint>
#include <vector>

namespace advise::model {

struct GraphEdge {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  friend auto operator<=>(const GraphEdge&, const GraphEdge&) = default;
};

// The edges that lie on no cycle, in the order given: what is left is acyclic. A cycle can only come from a damaged or
// edited log (or from our repair of skipped stages gone wrong); then none of its edges can be believed. O(nodes +
// edges).
std::vector<GraphEdge> AcyclicEdges(std::size_t nodes, const std::vector<GraphEdge>& edges);

// Every node once, each before all nodes to which it has an edge. The edges must be acyclic. O(nodes + edges).
std::vector<std::uint32_t> TopologicalOrder(std::size_t nodes, const std::vector<GraphEdge>& edges);

}  // namespace advise::model
