// The run as a graph of points: which point waits for which, and the lags between them as the log saw them. Gaps as the
// lags of which they consist.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "cost/workload_parts.h"
#include "model/job_graph.h"

namespace advise::cost {
namespace {

using model::GraphEdge;
using model::JobRow;

class PointFiller {
 public:
  PointFiller(const WorkloadBuild& build, Workload& workload)
      : build_(build), model_(build.model), workload_(workload), stages_of_job_(build.model.jobs.size()) {}

  void Run() {
    FillJobs();
    PointNumbers& points = workload_.points;
    points.jobs = static_cast<std::uint32_t>(workload_.jobs.size());
    points.stages = static_cast<std::uint32_t>(workload_.stages.size());
    points.executors = static_cast<std::uint32_t>(workload_.executors.size());
    FillSeen();
    AddJobEdges();
    AddStageEdges();
    AddExecutorEdges();
    MakeGraph();
    FillLags();
    FillPools();
    FillGaps();
  }

 private:
  // ---------------------------------------------------------------- jobs
  void FillJobs() {
    for (std::uint32_t i = 0; i < workload_.stages.size(); ++i) {
      if (workload_.stages[i].job != kNone) stages_of_job_[workload_.stages[i].job].push_back(i);
    }
    const model::JobTable& jobs = model_.jobs;
    std::vector<std::pair<double, double>> active;
    for (std::size_t row = 0; row < jobs.size(); ++row) {
      JobWork job;
      job.id = jobs.id.Get(row);
      job.row = static_cast<std::uint32_t>(row);
      double first = std::numeric_limits<double>::infinity();
      double last = 0;
      for (const std::uint32_t stage : stages_of_job_[row]) {
        first = std::min(first, workload_.stages[stage].submitted);
        last = std::max(last, workload_.stages[stage].ended);
      }
      job.start = jobs.start.Has(row) ? build_.At(jobs.start.Get(row)) : std::isinf(first) ? 0 : first;
      job.start = std::clamp(job.start, 0.0, workload_.duration);
      job.end = jobs.end.Has(row) ? build_.At(jobs.end.Get(row)) : last;
      job.end = std::clamp(job.end, job.start, std::max(job.start, workload_.duration));
      active.emplace_back(job.start, job.end);
      workload_.jobs.push_back(job);
    }
    workload_.observed_in_job = LengthOfUnion(std::move(active));
  }

  // When each point happened by the log.
  void FillSeen() {
    const PointNumbers& points = workload_.points;
    seen_.assign(points.size(), 0);
    seen_[points.AppEnd()] = workload_.duration;
    for (std::uint32_t i = 0; i < points.jobs; ++i) {
      seen_[points.JobStart(i)] = workload_.jobs[i].start;
      seen_[points.JobEnd(i)] = workload_.jobs[i].end;
    }
    for (std::uint32_t i = 0; i < points.stages; ++i) {
      const StageWork& stage = workload_.stages[i];
      seen_[points.StageReady(i)] = std::max(0.0, stage.submitted);
      seen_[points.StageEnd(i)] = std::max(0.0, stage.ended);
    }
    for (std::uint32_t i = 0; i < points.executors; ++i) {
      seen_[points.Arrival(i)] = workload_.executors[i].arrival;
      seen_[points.Removal(i)] = workload_.executors[i].removal;
    }
  }

  // An edge if the first point happened before the second.
  void Connect(std::uint32_t before, std::uint32_t after) {
    if (seen_[before] <= seen_[after]) edges_.push_back({before, after});
  }

  // The SQL execution of a job, or of what started it: its jobs wait for each other.
  [[nodiscard]] std::uint32_t ChainOf(std::size_t job) const {
    const model::SqlRow sql = model_.jobs.sql_execution.Get(job);
    if (!sql.valid()) return kNone;
    const model::SqlRow root = model_.sql_executions.root.Get(sql.index);
    return root.valid() ? root.index : sql.index;
  }

  struct Chain {
    std::vector<std::uint32_t> by_end;
    std::vector<double> latest_start;  // of by_end[0 … i]
  };

  // Jobs of the same SQL execution that ended right before; of its first job, and without SQL, the jobs that ended
  // right before in the application.
  void AddJobEdges() {
    const PointNumbers& points = workload_.points;
    std::map<std::uint32_t, Chain> chains;
    for (std::uint32_t job = 0; job < points.jobs; ++job) {
      if (const std::uint32_t chain = ChainOf(job); chain != kNone) chains[chain].by_end.push_back(job);
    }
    for (auto& [number, chain] : chains) {
      std::sort(chain.by_end.begin(), chain.by_end.end(), [&](std::uint32_t a, std::uint32_t b) {
        return workload_.jobs[a].end != workload_.jobs[b].end ? workload_.jobs[a].end < workload_.jobs[b].end : a < b;
      });
      double latest = 0;
      for (const std::uint32_t job : chain.by_end) {
        latest = std::max(latest, workload_.jobs[job].start);
        chain.latest_start.push_back(latest);
      }
    }
    for (std::uint32_t job = 0; job < points.jobs; ++job) {
      const std::uint32_t number = ChainOf(job);
      bool connected = number != kNone && ConnectChain(chains.at(number), job);
      if (!connected) {
        for (const JobRow before : model_.jobs.after.Get(job)) {
          if (before.index == job || workload_.jobs[before.index].end > workload_.jobs[job].start) continue;
          Connect(points.JobEnd(before.index), points.JobStart(job));
          connected = true;
        }
      }
      if (!connected) Connect(points.AppStart(), points.JobStart(job));
      bool any_stage = false;
      for (const std::uint32_t stage : stages_of_job_[job]) {
        if (workload_.stages[stage].ended > workload_.jobs[job].end) continue;
        Connect(points.StageEnd(stage), points.JobEnd(job));
        any_stage = true;
      }
      if (!any_stage) Connect(points.JobStart(job), points.JobEnd(job));
      Connect(points.JobEnd(job), points.AppEnd());
    }
    if (points.jobs == 0) Connect(points.AppStart(), points.AppEnd());
  }

  bool ConnectChain(const Chain& chain, std::uint32_t job) {
    const double start = workload_.jobs[job].start;
    const auto after = std::upper_bound(chain.by_end.begin(), chain.by_end.end(), start,
                                        [&](double time, std::uint32_t j) { return time < workload_.jobs[j].end; });
    auto count = static_cast<std::size_t>(after - chain.by_end.begin());
    bool connected = false;
    const double latest = count > 0 ? chain.latest_start[count - 1] : 0;
    while (count-- > 0) {
      const std::uint32_t before = chain.by_end[count];
      if (workload_.jobs[before].end < latest) break;  // another job of the chain lies wholly between
      if (before == job) continue;
      Connect(workload_.points.JobEnd(before), workload_.points.JobStart(job));
      connected = true;
    }
    return connected;
  }

  // ---------------------------------------------------------------- stages
  void AddStageEdges() {
    const PointNumbers& points = workload_.points;
    for (std::uint32_t i = 0; i < points.stages; ++i) {
      const StageWork& stage = workload_.stages[i];
      const std::size_t before = edges_.size();
      if (stage.job != kNone) Connect(points.JobStart(stage.job), points.StageReady(i));
      for (const std::uint32_t parent : stage.parents) Connect(points.StageEnd(parent), points.StageReady(i));
      if (edges_.size() == before) Connect(points.AppStart(), points.StageReady(i));
      edges_.push_back({points.StageReady(i), points.StageEnd(i)});  // its tasks
    }
    for (const auto& [first, second] : model_.retries) {
      const std::uint32_t a = build_.stage_of_row[first.index];
      const std::uint32_t b = build_.stage_of_row[second.index];
      if (a != kNone && b != kNone) Connect(points.StageEnd(a), points.StageReady(b));
    }
  }

  // ---------------------------------------------------------------- executors
  void AddExecutorEdges() {
    const PointNumbers& points = workload_.points;
    std::vector<std::uint32_t> by_start(points.jobs);
    for (std::uint32_t i = 0; i < points.jobs; ++i) by_start[i] = i;
    std::sort(by_start.begin(), by_start.end(), [&](std::uint32_t a, std::uint32_t b) {
      return workload_.jobs[a].start != workload_.jobs[b].start ? workload_.jobs[a].start < workload_.jobs[b].start
                                                                : a < b;
    });
    const auto job_before = [&](double time) {
      const auto after = std::upper_bound(by_start.begin(), by_start.end(), time,
                                          [&](double t, std::uint32_t job) { return t < workload_.jobs[job].start; });
      return after == by_start.begin() ? points.AppStart() : points.JobStart(*(after - 1));
    };
    for (std::uint32_t i = 0; i < points.executors; ++i) {
      const ExecutorWork& executor = workload_.executors[i];
      Connect(executor.follows_work ? job_before(executor.arrival) : points.AppStart(), points.Arrival(i));
      // A lost executor was lost by the work, as an idle one was given back after it.
      if (!std::isnan(executor.removal)) Connect(job_before(executor.removal), points.Removal(i));
    }
  }

  // ---------------------------------------------------------------- the graph
  void MakeGraph() {
    std::vector<bool> never(workload_.points.size());
    for (std::uint32_t point = 0; point < never.size(); ++point) never[point] = std::isnan(seen_[point]);
    edges_ = SetEdges(std::move(edges_), never, workload_);
  }

  void FillLags() {
    const PointNumbers& points = workload_.points;
    std::vector<double> ready(points.size(), 0);
    for (const GraphEdge& edge : edges_) ready[edge.to] = std::max(ready[edge.to], seen_[edge.from]);
    workload_.lag.assign(points.size(), 0);
    for (std::uint32_t point = 0; point < points.size(); ++point) {
      if (!std::isnan(seen_[point])) workload_.lag[point] = std::max(0.0, seen_[point] - ready[point]);
    }
    for (std::uint32_t i = 0; i < points.stages; ++i) {
      const StageWork& stage = workload_.stages[i];
      workload_.lag[points.StageReady(i)] += stage.launch_lag;
      double last = -std::numeric_limits<double>::infinity();
      for (std::uint32_t task = stage.first_task; task < stage.first_task + stage.tasks; ++task) {
        if (workload_.tasks.needed[task] != 0) last = std::max(last, build_.seen[task].end);
      }
      if (std::isinf(last)) last = seen_[points.StageReady(i)] + stage.launch_lag;
      workload_.lag[points.StageEnd(i)] = std::max(0.0, seen_[points.StageEnd(i)] - last);
    }
  }

  void FillPools() {
    std::map<std::string, std::uint32_t, std::less<>> numbers;
    for (StageWork& stage : workload_.stages) {
      std::string name(model_.strings.Get(model_.stages.scheduling_pool.Get(stage.row)));
      if (name.empty() || !workload_.fair) name = "default";
      const auto [entry, is_new] = numbers.try_emplace(name, static_cast<std::uint32_t>(workload_.pools.size()));
      if (is_new) workload_.pools.push_back(name);
      stage.pool = entry->second;
    }
    if (workload_.pools.empty()) workload_.pools.emplace_back("default");
  }

  // ---------------------------------------------------------------- gaps
  void FillGaps() {
    const model::GapTable& gaps = model_.gaps;
    for (std::size_t row = 0; row < gaps.size(); ++row) {
      GapWork gap;
      gap.row = static_cast<std::uint32_t>(row);
      gap.kind = gaps.kind.Get(row);
      gap.begin = build_.At(gaps.start.Get(row));
      gap.length = static_cast<double>(gaps.duration.Get(row));
      workload_.observed_idle += gap.length;
      workload_.gaps.push_back(std::move(gap));
    }
    const PointNumbers& points = workload_.points;
    for (std::uint32_t point = 1; point < points.size(); ++point) {
      if (points.IsArrival(point) || points.IsRemoval(point) || workload_.lag[point] <= 0) continue;
      double end = seen_[point];
      if (points.IsStageReady(point)) end += workload_.stages[point - points.StageReady(0)].launch_lag;
      AddToGaps(point, end - workload_.lag[point], end);
    }
  }

  void AddToGaps(std::uint32_t point, double begin, double end) {
    auto gap = std::upper_bound(workload_.gaps.begin(), workload_.gaps.end(), begin,
                                [](double time, const GapWork& g) { return time < g.begin + g.length; });
    for (; gap != workload_.gaps.end() && gap->begin < end; ++gap) {
      const double part = std::min(end, gap->begin + gap->length) - std::max(begin, gap->begin);
      if (part > 0) gap->parts.emplace_back(point, static_cast<float>(part));
    }
  }

  const WorkloadBuild& build_;
  const model::JobModel& model_;
  Workload& workload_;
  std::vector<std::vector<std::uint32_t>> stages_of_job_;
  std::vector<double> seen_;  // by point, ms; NaN: never
  std::vector<GraphEdge> edges_;
};

}  // namespace

std::vector<GraphEdge> SetEdges(std::vector<GraphEdge> edges, const std::vector<bool>& never, Workload& workload) {
  const PointNumbers& points = workload.points;
  const std::size_t size = points.size();
  edges = model::AcyclicEdges(size, edges);
  std::erase_if(edges, [&](const GraphEdge& edge) { return points.IsStageEnd(edge.to); });
  std::vector<bool> reached(size);
  for (const GraphEdge& edge : edges) reached[edge.to] = true;
  for (std::uint32_t point = 1; point < size; ++point) {
    if (!reached[point] && !never[point] && !points.IsStageEnd(point)) edges.push_back({points.AppStart(), point});
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  workload.points_before.assign(size, 0);
  workload.after_begin.assign(size + 1, 0);
  workload.after.clear();
  for (const GraphEdge& edge : edges) {
    ++workload.points_before[edge.to];
    ++workload.after_begin[edge.from + 1];
    workload.after.push_back(edge.to);
  }
  for (std::size_t i = 0; i < size; ++i) workload.after_begin[i + 1] += workload.after_begin[i];
  return edges;
}

void FillPoints(const WorkloadBuild& build, Workload& workload) { PointFiller(build, workload).Run(); }

}  // namespace advise::cost
