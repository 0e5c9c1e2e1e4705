// Walks backwards from the end of the run: from a stage to the dependency that ended last, through gaps.
#include "model/critical_path.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "model/derive/derive.h"

namespace advise::model {
namespace {

// ---------------------------------------------------------------- the walk
class Walk {
 public:
  explicit Walk(const PathInput& input)
      : input_(input), by_end_(input.stages.size()), time_(input.window.end), gap_(input.gaps.size()) {
    times_.stages.resize(input.stages.size());
    times_.gaps.resize(input.gaps.size());
    std::iota(by_end_.begin(), by_end_.end(), 0U);
    std::sort(by_end_.begin(), by_end_.end(), [&](std::uint32_t a, std::uint32_t b) {
      const std::int64_t end_a = input.stages[a].span.end;
      const std::int64_t end_b = input.stages[b].span.end;
      return end_a != end_b ? end_a > end_b : a < b;
    });
  }

  PathTimes Run() {
    while (time_ > input_.window.begin) {
      if (!StepThroughGap()) StepThroughStage();
    }
    return std::move(times_);
  }

 private:
  [[nodiscard]] const Interval& SpanOf(std::uint32_t stage) const { return input_.stages[stage].span; }

  bool StepThroughGap() {
    while (gap_ > 0 && input_.gaps[gap_ - 1].begin >= time_) --gap_;
    if (gap_ == 0 || input_.gaps[gap_ - 1].end < time_) return false;
    times_.gaps[gap_ - 1] += time_ - input_.gaps[gap_ - 1].begin;
    time_ = input_.gaps[gap_ - 1].begin;
    return true;
  }

  void StepThroughStage() {
    std::optional<std::uint32_t> next = StageBefore();
    if (!next) next = RunningStage();
    if (!next) next = LastStage();
    if (!next) {  // a short pause at the very beginning
      if (behind_) times_.stages[*behind_] += time_ - input_.window.begin;
      time_ = input_.window.begin;
      return;
    }
    GoBackTo(SpanOf(*next).end, behind_.value_or(*next));  // a short pause, if it ended before
    GoBackTo(SpanOf(*next).begin, *next);
    behind_ = next;
  }

  // The time back to `begin` belongs to the stage, except for gaps.
  void GoBackTo(std::int64_t begin, std::uint32_t stage) {
    while (time_ > begin) {
      while (gap_ > 0 && input_.gaps[gap_ - 1].begin >= time_) --gap_;
      const bool gap_left = gap_ > 0 && input_.gaps[gap_ - 1].end > begin;
      const std::int64_t gap_end = gap_left ? std::min(time_, input_.gaps[gap_ - 1].end) : begin;
      times_.stages[stage] += time_ - gap_end;
      time_ = gap_end;
      if (!gap_left) return;
      const std::int64_t gap_begin = std::max(begin, input_.gaps[gap_ - 1].begin);
      times_.gaps[gap_ - 1] += time_ - gap_begin;
      time_ = gap_begin;
    }
  }

  // 1. A dependency of the stage that the walk comes from.
  [[nodiscard]] std::optional<std::uint32_t> StageBefore() const {
    if (!behind_) return std::nullopt;
    std::optional<std::uint32_t> best;
    for (const std::uint32_t stage : input_.stages[*behind_].before) {
      const bool ran = SpanOf(stage).length() > 0 && SpanOf(stage).begin < time_;
      if (!ran || input_.stages[stage].finish <= time_ - kMinGapMs) continue;
      if (!best || input_.stages[stage].finish > input_.stages[*best].finish) best = stage;
    }
    return best;
  }

  // 2. The stage running now that finished first. As the walk goes back, stages enter in the order of their ends, so
  // the top of the stack is always the one that finished first; one that began later than now will not be met again.
  [[nodiscard]] std::optional<std::uint32_t> RunningStage() {
    while (entered_ < by_end_.size() && SpanOf(by_end_[entered_]).end >= time_) running_.push_back(by_end_[entered_++]);
    while (!running_.empty() && SpanOf(running_.back()).begin >= time_) running_.pop_back();
    if (running_.empty()) return std::nullopt;
    return running_.back();
  }

  // 3. The stage that finished last before now.
  [[nodiscard]] std::optional<std::uint32_t> LastStage() {
    while (entered_ < by_end_.size() && SpanOf(by_end_[entered_]).length() == 0) ++entered_;
    if (entered_ == by_end_.size() || SpanOf(by_end_[entered_]).end <= input_.window.begin) return std::nullopt;
    return by_end_[entered_];
  }

  const PathInput& input_;
  std::vector<std::uint32_t> by_end_;   // stages, latest end first
  std::size_t entered_ = 0;             // how many of them ended at or after the time that the walk has reached
  std::vector<std::uint32_t> running_;  // of those, the ones that may be running
  std::int64_t time_;
  std::size_t gap_;                      // gaps before this one are still ahead of the walk
  std::optional<std::uint32_t> behind_;  // the stage that the walk comes from
  PathTimes times_;
};

// ---------------------------------------------------------------- from the model
// First launch, last end and completion of every stage attempt, from its tasks; where the log has none of them, from
// its submission.
std::vector<PathStage> PathStages(const JobModel& model, Interval window) {
  const StageTable& stages = model.stages;
  const std::vector<std::optional<Interval>> tasks = TaskSpans(model);
  std::vector<std::optional<Interval>> spans = SpansWithoutTasks(model);
  for (std::size_t row = 0; row < tasks.size(); ++row) {
    const StageRow stage = model.tasks.stage.Get(row);
    if (!tasks[row] || !stage.valid()) continue;
    std::optional<Interval>& span = spans[stage.index];
    if (!span) span = tasks[row];
    span->begin = std::min(span->begin, tasks[row]->begin);
    span->end = std::max(span->end, tasks[row]->end);
  }
  std::vector<PathStage> path(stages.size());
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    Interval span = spans[stage].value_or(Interval{window.begin, window.begin});
    const bool known_end = spans[stage] && stages.completed.Has(stage);
    const std::int64_t finish = known_end ? std::max(span.begin, stages.completed.Get(stage)) : span.end;
    span.end = std::max(span.end, finish);
    path[stage].span = Clip(span, window);
    path[stage].finish = std::clamp(finish, path[stage].span.begin, path[stage].span.end);
  }
  return path;
}

// The stage of each job that finished last.
std::vector<std::optional<std::uint32_t>> LastStages(const JobModel& model, const std::vector<PathStage>& path) {
  std::vector<std::optional<std::uint32_t>> last(model.jobs.size());
  for (std::uint32_t stage = 0; stage < path.size(); ++stage) {
    const JobRow job = model.stages.job.Get(stage);
    if (!job.valid() || path[stage].span.length() == 0) continue;
    std::optional<std::uint32_t>& best = last[job.index];
    if (!best || path[stage].finish > path[*best].finish) best = stage;
  }
  return last;
}

// Parents, the attempt before, and of the jobs before the stage's job the stage that finished last.
void FillBefore(const JobModel& model, std::vector<PathStage>& path) {
  const std::vector<std::optional<std::uint32_t>> last_of_job = LastStages(model, path);
  std::vector<std::optional<std::uint32_t>> before_job(model.jobs.size());
  for (std::size_t job = 0; job < model.jobs.size(); ++job) {
    for (const JobRow before : model.jobs.after.Get(job)) {
      const std::optional<std::uint32_t> stage = last_of_job[before.index];
      if (stage && (!before_job[job] || path[*stage].finish > path[*before_job[job]].finish)) before_job[job] = stage;
    }
  }
  for (std::size_t stage = 0; stage < path.size(); ++stage) {
    for (const StageRow parent : model.stages.parents.Get(stage)) path[stage].before.push_back(parent.index);
    const JobRow job = model.stages.job.Get(stage);
    if (job.valid() && before_job[job.index]) path[stage].before.push_back(*before_job[job.index]);
  }
  for (const auto& [first, second] : model.retries) path[second.index].before.push_back(first.index);
}

// The graph for the slack: stages, then the start of each job, then its end. Job nodes keep the number of edges at that
// of After, where edges between all stages of two jobs would be their product.
struct SlackGraph {
  std::vector<Interval> nodes;
  std::vector<GraphEdge> edges;
};

SlackGraph MakeSlackGraph(const JobModel& model, const std::vector<PathStage>& path, Interval window) {
  const auto stage_count = static_cast<std::uint32_t>(path.size());
  const auto job_count = static_cast<std::uint32_t>(model.jobs.size());
  const auto start_node = [&](JobRow job) { return stage_count + job.index; };
  const auto end_node = [&](JobRow job) { return stage_count + job_count + job.index; };
  SlackGraph graph;
  for (const PathStage& stage : path) graph.nodes.push_back({stage.span.begin, stage.finish});
  const auto add_point = [&](std::int64_t time) {
    const std::int64_t inside = std::clamp(time, window.begin, window.end);
    graph.nodes.push_back({inside, inside});
  };
  const IntColumn& starts = model.jobs.start;
  const IntColumn& ends = model.jobs.end;
  for (std::size_t job = 0; job < job_count; ++job) add_point(starts.Has(job) ? starts.Get(job) : window.begin);
  for (std::size_t job = 0; job < job_count; ++job) add_point(ends.Has(job) ? ends.Get(job) : window.end);
  for (std::uint32_t stage = 0; stage < stage_count; ++stage) {
    if (path[stage].span.length() == 0) continue;
    for (const StageRow child : model.stages.children.Get(stage)) graph.edges.push_back({stage, child.index});
    const JobRow job = model.stages.job.Get(stage);
    if (!job.valid()) continue;
    graph.edges.push_back({start_node(job), stage});
    graph.edges.push_back({stage, end_node(job)});
  }
  for (const auto& [first, second] : model.retries) graph.edges.push_back({first.index, second.index});
  for (std::size_t job = 0; job < job_count; ++job) {
    for (const JobRow before : model.jobs.after.Get(job))
      graph.edges.push_back({end_node(before), start_node(JobRow(job))});
  }
  return graph;
}

void FillTimes(JobModel& model, const PathTimes& times, Interval window) {
  StageTable& stages = model.stages;
  GapTable& gaps = model.gaps;
  const auto share = [&](std::int64_t time) {
    return static_cast<double>(time) / static_cast<double>(window.length());
  };
  std::int64_t sum = 0;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    stages.critical_time.Set(stage, times.stages[stage]);
    stages.on_critical_path.Set(stage, times.stages[stage] > 0);
    if (window.length() > 0) stages.share_of_app.Set(stage, share(times.stages[stage]));
    sum += times.stages[stage];
  }
  for (std::size_t gap = 0; gap < gaps.size(); ++gap) {
    gaps.critical_time.Set(gap, times.gaps[gap]);
    if (window.length() > 0) gaps.share_of_app.Set(gap, share(times.gaps[gap]));
    sum += times.gaps[gap];
  }
  // Only a run that is shorter than a gap and ran no task has no node at all.
  ADVISE_CHECK(sum == window.length() || (sum == 0 && window.length() < kMinGapMs),
               "the critical path tiles the application");
  model.app.critical_path.Set(0, window.length());
}

// Without any time there is no path: nothing is critical.
void FillNothing(JobModel& model) {
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    model.stages.critical_time.Set(stage, 0);
    model.stages.on_critical_path.Set(stage, false);
  }
}

}  // namespace

PathTimes FindCriticalPath(const PathInput& input) { return Walk(input).Run(); }

std::vector<std::int64_t> FindSlack(const std::vector<Interval>& nodes, const std::vector<GraphEdge>& edges,
                                    const std::vector<Interval>& gaps, Interval window) {
  const auto pause = [](std::int64_t from, std::int64_t to) { return to - from < kMinGapMs ? 0 : to - from; };
  std::vector<GraphEdge> forward;
  std::copy_if(edges.begin(), edges.end(), std::back_inserter(forward),
               [&](const GraphEdge& edge) { return nodes[edge.from].begin <= nodes[edge.to].begin; });
  forward = AcyclicEdges(nodes.size(), forward);
  std::sort(forward.begin(), forward.end());
  std::vector<std::int64_t> slack(nodes.size());
  const std::vector<std::uint32_t> order = TopologicalOrder(nodes.size(), forward);
  for (auto node = order.rbegin(); node != order.rend(); ++node) {
    const std::int64_t end = nodes[*node].end;
    const auto gap = std::upper_bound(gaps.begin(), gaps.end(), end,
                                      [](std::int64_t time, const Interval& g) { return time < g.end; });
    std::int64_t least = pause(end, gap != gaps.end() ? gap->begin : window.end);
    auto edge = std::lower_bound(forward.begin(), forward.end(), GraphEdge{*node, 0});
    for (; edge != forward.end() && edge->from == *node; ++edge) {
      least = std::min(least, pause(end, nodes[edge->to].begin) + slack[edge->to]);
    }
    slack[*node] = least;
  }
  return slack;
}

void DeriveCriticalPath(JobModel& model) {
  const std::optional<Interval> known_window = AppWindow(model);
  if (!known_window) return FillNothing(model);
  PathInput input;
  input.window = *known_window;
  input.stages = PathStages(model, input.window);
  FillBefore(model, input.stages);
  for (std::size_t gap = 0; gap < model.gaps.size(); ++gap) {
    const std::int64_t begin = model.gaps.start.Get(gap);
    input.gaps.push_back({begin, begin + model.gaps.duration.Get(gap)});
  }
  FillTimes(model, FindCriticalPath(input), input.window);

  constexpr int kParentIdsSince = 14;
  if (model.version.known && model.version.since_code() < kParentIdsSince) return;
  const SlackGraph graph = MakeSlackGraph(model, input.stages, input.window);
  const std::vector<std::int64_t> slack = FindSlack(graph.nodes, graph.edges, input.gaps, input.window);
  for (std::size_t stage = 0; stage < model.stages.size(); ++stage) {
    if (model.stages.last_finish.Has(stage)) model.stages.slack.Set(stage, slack[stage]);
  }
}

}  // namespace advise::model
