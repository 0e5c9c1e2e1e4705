// The stage graph: attempts and retries, what computed the skipped stages, parents and children among executed
// attempts.
//
// AQE runs every query stage as a job of its own, so nearly all Parent IDs point to skipped stages. Such a stage has a
// new id but the RDDs of the stage that did the work (job-model.md, rule 6: the last RDD finds 3,086 of 3,302). A stage
// attempt reads from every attempt of a parent stage that was submitted before it: a retry of the parent adds the
// missing partitions to those of the attempts before.
#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>

#include "model/derive/derive.h"
#include "model/job_graph.h"

namespace advise::model {
namespace {

constexpr std::int64_t kLongAgo = std::numeric_limits<std::int64_t>::min();

// When the stage attempt began, for "before": submission, else first launch (Spark before 2.3 says the submission only
// in StageCompleted). Unknown counts as long ago: it then rules nothing out.
std::int64_t Began(const StageTable& stages, std::size_t stage) {
  if (stages.submitted.Has(stage)) return stages.submitted.Get(stage);
  if (stages.first_launch.Has(stage)) return stages.first_launch.Get(stage);
  return kLongAgo;
}

// Executed attempts by something that stages share (a stage id, an RDD id), each list by (began, row).
using AttemptsBy = std::unordered_map<std::int64_t, std::vector<StageRow>>;

void SortByBegin(const StageTable& stages, std::vector<StageRow>& rows) {
  std::sort(rows.begin(), rows.end(), [&](StageRow a, StageRow b) {
    const std::int64_t begun_a = Began(stages, a.index);
    const std::int64_t begun_b = Began(stages, b.index);
    return begun_a != begun_b ? begun_a < begun_b : a < b;
  });
}

AttemptsBy ExecutedById(const StageTable& stages) {
  AttemptsBy by_id;
  for (std::size_t row = 0; row < stages.size(); ++row) {
    if (stages.submitted_flag.Get(row)) by_id[stages.id.Get(row)].push_back(StageRow(row));
  }
  for (auto& [id, rows] : by_id) SortByBegin(stages, rows);
  return by_id;
}

// ---------------------------------------------------------------- attempts
void FillAttempts(JobModel& model) {
  StageTable& stages = model.stages;
  std::unordered_map<std::int64_t, std::vector<StageRow>> by_id;
  for (std::size_t row = 0; row < stages.size(); ++row) by_id[stages.id.Get(row)].push_back(StageRow(row));
  model.retries.clear();
  for (auto& [id, rows] : by_id) {
    const auto by_attempt = [&](StageRow a, StageRow b) {
      return stages.attempt.Get(a.index) < stages.attempt.Get(b.index);
    };
    std::sort(rows.begin(), rows.end(), by_attempt);
    const std::size_t first = rows.front().index;
    const bool has_first = stages.attempt.Get(first) == 0;
    StageRow before;
    for (const StageRow row : rows) {
      stages.attempts.Set(row.index, rows);
      if (has_first) stages.partitions.Set(row.index, stages.task_count.Get(first));
      if (!stages.submitted_flag.Get(row.index)) continue;
      if (before.valid()) model.retries.emplace_back(before, row);
      before = row;
    }
  }
  std::sort(model.retries.begin(), model.retries.end());
}

// ---------------------------------------------------------------- skipped stages
// Finds what computed a stage that was not submitted.
class Resolver {
 public:
  explicit Resolver(const JobModel& model) : stages_(model.stages), jobs_(model.jobs) {
    AttemptsBy by_last_rdd;
    for (std::size_t row = 0; row < stages_.size(); ++row) {
      const std::span<const std::int64_t> rdds = stages_.rdd_ids.Get(row);
      if (stages_.submitted_flag.Get(row) && !rdds.empty()) by_last_rdd[rdds.front()].push_back(StageRow(row));
    }
    for (auto& [rdd, rows] : by_last_rdd) by_last_rdd_.emplace(rdd, Ranked(std::move(rows)));
  }

  // The executed stage with the same last RDD, else with the same set of RDDs: the latest submitted before the first
  // job that lists the skipped stage, since its output was there already when that job began.
  [[nodiscard]] StageRow ComputedBy(std::size_t skipped) {
    const std::span<const std::int64_t> rdds = stages_.rdd_ids.Get(skipped);
    if (rdds.empty()) return {};
    const auto same_last = by_last_rdd_.find(rdds.front());
    if (same_last != by_last_rdd_.end()) return Best(same_last->second, skipped);
    const auto same_set = BySet().find(SortedCopy(rdds));
    return same_set == BySet().end() ? StageRow() : Best(same_set->second, skipped);
  }

 private:
  using Set = std::vector<std::int64_t>;

  // Executed attempts by (began, row), and for each the best of those up to it.
  struct Candidates {
    std::vector<StageRow> rows;
    std::vector<StageRow> best;
  };

  static Set SortedCopy(std::span<const std::int64_t> rdds) {
    Set set(rdds.begin(), rdds.end());
    std::sort(set.begin(), set.end());
    return set;
  }

  // Made on first need: nearly every skipped stage is found by its last RDD.
  const std::map<Set, Candidates>& BySet() {
    if (by_set_) return *by_set_;
    std::map<Set, std::vector<StageRow>> by_set;
    for (std::size_t row = 0; row < stages_.size(); ++row) {
      if (stages_.submitted_flag.Get(row)) by_set[SortedCopy(stages_.rdd_ids.Get(row))].push_back(StageRow(row));
    }
    by_set_.emplace();
    for (auto& [set, rows] : by_set) by_set_->emplace(set, Ranked(std::move(rows)));
    return *by_set_;
  }

  // A skipped stage is a shuffle map stage, and its last RDD may also end a result stage (count, then group): attempts
  // that wrote a shuffle are preferred, then completed ones, then the latest.
  [[nodiscard]] Candidates Ranked(std::vector<StageRow> rows) const {
    SortByBegin(stages_, rows);
    const auto rank = [this](StageRow row) {
      const bool wrote = stages_.shuffle_write_bytes.Has(row.index) && stages_.shuffle_write_bytes.Get(row.index) > 0;
      const bool complete = stages_.status.Get(row.index) == StageStatus::Complete;
      return (wrote ? 2 : 0) + (complete ? 1 : 0);
    };
    std::vector<StageRow> best = rows;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (rank(rows[i]) < rank(best[i - 1])) best[i] = best[i - 1];
    }
    return {std::move(rows), std::move(best)};
  }

  [[nodiscard]] StageRow Best(const Candidates& candidates, std::size_t skipped) const {
    const JobRow job = stages_.job.Get(skipped);
    std::int64_t listed = std::numeric_limits<std::int64_t>::max();
    if (job.valid() && jobs_.start.Has(job.index)) listed = jobs_.start.Get(job.index);
    const auto later =
        std::upper_bound(candidates.rows.begin(), candidates.rows.end(), listed,
                         [this](std::int64_t time, StageRow row) { return time < Began(stages_, row.index); });
    if (later == candidates.rows.begin()) return {};
    return candidates.best[static_cast<std::size_t>(later - candidates.rows.begin()) - 1];
  }

  const StageTable& stages_;
  const JobTable& jobs_;
  std::unordered_map<std::int64_t, Candidates> by_last_rdd_;
  std::optional<std::map<Set, Candidates>> by_set_;
};

// For every row that was not submitted, what computed it; the column shows it for skipped stages only (a pending one
// may still have been going to run).
std::vector<StageRow> ResolveSkipped(JobModel& model) {
  StageTable& stages = model.stages;
  std::vector<StageRow> computed_by(stages.size());
  Resolver resolver(model);
  for (std::size_t row = 0; row < stages.size(); ++row) {
    if (stages.submitted_flag.Get(row)) continue;
    computed_by[row] = resolver.ComputedBy(row);
    if (stages.status.Get(row) == StageStatus::Skipped) stages.computed_by.Set(row, computed_by[row]);
  }
  return computed_by;
}

// ---------------------------------------------------------------- parents
// What a stage attempt reads: the last attempt of each parent before it, and the attempts before that while there is
// room for them (Limits::stage_edges_per_row).
class ParentEdges {
 public:
  ParentEdges(const JobModel& model, const std::vector<StageRow>& computed_by, std::size_t room)
      : stages_(model.stages), computed_by_(computed_by), executed_(ExecutedById(stages_)), room_(room) {
    for (std::size_t row = 0; row < stages_.size(); ++row) {
      if (!stages_.submitted_flag.Get(row)) not_executed_.emplace(stages_.id.Get(row), StageRow(row));
    }
    for (std::size_t child = 0; child < stages_.size(); ++child) {
      if (stages_.submitted_flag.Get(child)) AddParentsOf(child);
    }
  }

  [[nodiscard]] const std::vector<GraphEdge>& edges() const { return edges_; }
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  [[nodiscard]] const std::vector<StageRow>* AttemptsOf(std::int64_t parent_id) const {
    const auto direct = executed_.find(parent_id);
    if (direct != executed_.end()) return &direct->second;
    const auto skipped = not_executed_.find(parent_id);
    if (skipped == not_executed_.end() || !computed_by_[skipped->second.index].valid()) return nullptr;
    return &executed_.at(stages_.id.Get(computed_by_[skipped->second.index].index));
  }

  void AddParentsOf(std::size_t child) {
    const std::span<const std::int64_t> listed = stages_.parent_ids.Get(child);
    parent_ids_.assign(listed.begin(), listed.end());
    std::sort(parent_ids_.begin(), parent_ids_.end());
    parent_ids_.erase(std::unique(parent_ids_.begin(), parent_ids_.end()), parent_ids_.end());
    const std::int64_t began = Began(stages_, child);
    for (const std::int64_t parent_id : parent_ids_) {
      const std::vector<StageRow>* const parents = AttemptsOf(parent_id);
      // Null: an empty stage (0 tasks), or not in the log.
      if (parents == nullptr || stages_.id.Get(parents->front().index) == stages_.id.Get(child)) continue;
      auto later = parents->end();
      if (began != kLongAgo) {
        later = std::upper_bound(parents->begin(), parents->end(), began,
                                 [this](std::int64_t time, StageRow row) { return time < Began(stages_, row.index); });
      }
      if (later == parents->begin()) continue;
      const auto before = static_cast<std::size_t>(later - parents->begin()) - 1;
      const std::size_t taken = std::min(before, room_);
      room_ -= taken;
      left_out_ += before - taken;
      for (auto parent = later - 1 - static_cast<std::ptrdiff_t>(taken); parent != later; ++parent)
        edges_.push_back({parent->index, static_cast<std::uint32_t>(child)});
    }
  }

  const StageTable& stages_;
  const std::vector<StageRow>& computed_by_;
  const AttemptsBy executed_;                                // by stage id
  std::unordered_map<std::int64_t, StageRow> not_executed_;  // by stage id
  std::size_t room_;
  std::uint64_t left_out_ = 0;
  std::vector<std::int64_t> parent_ids_;
  std::vector<GraphEdge> edges_;
};

void FillParents(JobModel& model, const std::vector<GraphEdge>& edges) {
  StageTable& stages = model.stages;
  for (const GraphEdge& edge : edges) {
    stages.parents.Mutable(edge.to).push_back(StageRow(edge.from));
    stages.children.Mutable(edge.from).push_back(StageRow(edge.to));
  }
  const auto sort_unique = [](std::vector<StageRow>& rows) {
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  };
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    sort_unique(stages.parents.Mutable(stage));
    sort_unique(stages.children.Mutable(stage));
  }
}

}  // namespace

std::uint64_t DeriveStageGraph(JobModel& model, const Limits& limits) {
  FillAttempts(model);
  const std::vector<StageRow> computed_by = ResolveSkipped(model);
  const ParentEdges parents(model, computed_by, limits.stage_edges_per_row * model.stages.size());
  FillParents(model, AcyclicEdges(model.stages.size(), parents.edges()));
  return parents.left_out();
}

}  // namespace advise::model
