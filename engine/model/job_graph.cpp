// Boost.Graph behind two functions: edges without cycles, and an order along them.
#include "model/job_graph.h"

#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <iterator>

#include "support/check.h"

namespace advise::model {
namespace {

using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                 boost::no_property, std::uint32_t, std::uint32_t>;

// Boost's depth-first searches keep their own stack: chains of 100,000 stages are no danger.
Graph MakeGraph(std::size_t nodes, const std::vector<GraphEdge>& edges) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  pairs.reserve(edges.size());
  for (const GraphEdge& edge : edges) pairs.emplace_back(edge.from, edge.to);
  return Graph(boost::edges_are_unsorted_multi_pass, pairs.begin(), pairs.end(), static_cast<std::uint32_t>(nodes));
}

}  // namespace

std::vector<GraphEdge> AcyclicEdges(std::size_t nodes, const std::vector<GraphEdge>& edges) {
  const Graph graph = MakeGraph(nodes, edges);
  std::vector<std::uint32_t> component(nodes);
  boost::strong_components(
      graph, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<GraphEdge> kept;
  kept.reserve(edges.size());
  // Both ends in one strong component: the edge is part of a cycle (or a loop).
  std::copy_if(edges.begin(), edges.end(), std::back_inserter(kept),
               [&](const GraphEdge& edge) { return component[edge.from] != component[edge.to]; });
  return kept;
}

std::vector<std::uint32_t> TopologicalOrder(std::size_t nodes, const std::vector<GraphEdge>& edges) {
  const Graph graph = MakeGraph(nodes, edges);
  std::vector<std::uint32_t> order;
  order.reserve(nodes);
  try {
    boost::topological_sort(graph, std::back_inserter(order));
  } catch (const boost::not_a_dag&) {
    ADVISE_CHECK(false, "the caller must remove cycles first");
  }
  std::reverse(order.begin(), order.end());
  return order;
}

}  // namespace advise::model
