// Neighbours along the edges of the model, both ways, in compressed rows; each kind is built when first asked for.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "metrics/evaluate.h"

namespace advise::rules {

struct Neighbour {
  std::uint32_t row = 0;   // the other end
  std::uint32_t edge = 0;  // the edge's own row
};

// Neighbours of one row: part of the index, or a list of its own.
class NeighbourList {
 public:
  explicit NeighbourList(std::span<const Neighbour> part) : all_(part) {}
  explicit NeighbourList(std::vector<Neighbour> own) : own_(std::move(own)), all_(own_) {}
  NeighbourList(const NeighbourList&) = delete;
  NeighbourList& operator=(const NeighbourList&) = delete;
  [[nodiscard]] auto begin() const { return all_.begin(); }
  [[nodiscard]] auto end() const { return all_.end(); }

 private:
  std::vector<Neighbour> own_;
  std::span<const Neighbour> all_;
};

class EdgeIndex {
 public:
  explicit EdgeIndex(const model::JobModel& model) : model_(model) {}

  // Ascending by row, then edge.
  std::span<const Neighbour> From(metrics::EdgeKind kind, std::uint32_t row) { return Of(kind).forward.At(row); }
  std::span<const Neighbour> To(metrics::EdgeKind kind, std::uint32_t row) { return Of(kind).backward.At(row); }

  // Rows that `hops.first` to `hops.second` steps lead to, ascending; 0 steps lead to the row itself. `look(n)` is told
  // how many edges are followed.
  std::vector<std::uint32_t> Reach(std::span<const metrics::EdgeKind> kinds, std::uint32_t row, bool forward,
                                   std::pair<std::uint32_t, std::uint32_t> hops,
                                   const std::function<void(std::size_t)>& look);

  // Rows of the edges that lie on a chain of `hops.first` to `hops.second` edges from one row to another, ascending,
  // each once.
  std::vector<std::uint32_t> Between(metrics::EdgeKind kind, std::uint32_t from, std::uint32_t to,
                                     std::pair<std::uint32_t, std::uint32_t> hops,
                                     const std::function<void(std::size_t)>& look);

 private:
  struct Rows {
    std::vector<std::uint32_t> begin;  // one a row and one more
    std::vector<Neighbour> neighbours;
    [[nodiscard]] std::span<const Neighbour> At(std::uint32_t row) const {
      if (row + 1 >= begin.size()) return {};
      return std::span(neighbours).subspan(begin[row], begin[row + 1] - begin[row]);
    }
  };
  struct Both {
    Rows forward;
    Rows backward;
  };
  const Both& Of(metrics::EdgeKind kind) {
    const std::unique_ptr<Both>& known = kinds_[static_cast<std::size_t>(kind)];
    return known != nullptr ? *known : Build(kind);
  }
  const Both& Build(metrics::EdgeKind kind);

  const model::JobModel& model_;
  std::array<std::unique_ptr<Both>, 16> kinds_;
};

}  // namespace advise::rules
