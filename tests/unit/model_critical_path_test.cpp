// The critical path: examples with one point each, obvious twins on random input, speed on a long run, and the property
// that it tiles the application on real logs (pathological-jobs/, and the folder that ADVISE_CORPUS names).
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <numeric>

#include "ingest/ingest.h"
#include "model/critical_path.h"
#include "model/derive/derive.h"
#include "unit/model_derive_fixture.h"
#include "unit/random.h"

namespace advise::test {
namespace {

using Durations = std::vector<std::int64_t>;

PathStage Stage(std::int64_t begin, std::int64_t end, std::vector<std::uint32_t> before = {}) {
  return {{begin, end}, end, std::move(before)};
}

std::int64_t Sum(const PathTimes& times) {
  return std::accumulate(times.stages.begin(), times.stages.end(),
                         std::accumulate(times.gaps.begin(), times.gaps.end(), std::int64_t{0}));
}

// ---------------------------------------------------------------- job graph
TEST_CASE("model/critical_path: edges of cycles are dropped, the others kept in order") {
  const std::vector<GraphEdge> edges = {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 3}, {4, 3}, {4, 0}};
  CHECK(AcyclicEdges(5, edges) == std::vector<GraphEdge>{{2, 3}, {4, 3}, {4, 0}});
  CHECK(AcyclicEdges(0, {}).empty());
}

TEST_CASE("model/critical_path: a topological order holds every node once, parents first") {
  Random random(7);
  for (int round = 0; round < 100; ++round) {
    const auto nodes = static_cast<std::size_t>(Draw(random, 1, 20));
    std::vector<GraphEdge> edges;
    for (std::int64_t i = Draw(random, 0, 40); i > 0; --i) {
      edges.push_back({static_cast<std::uint32_t>(Draw(random, 0, static_cast<std::int64_t>(nodes) - 1)),
                       static_cast<std::uint32_t>(Draw(random, 0, static_cast<std::int64_t>(nodes) - 1))});
    }
    const std::vector<GraphEdge> acyclic = AcyclicEdges(nodes, edges);
    const std::vector<std::uint32_t> order = TopologicalOrder(nodes, acyclic);
    REQUIRE(order.size() == nodes);
    std::vector<std::size_t> at(nodes, nodes);
    for (std::size_t i = 0; i < nodes; ++i) at[order[i]] = i;
    for (const GraphEdge& edge : acyclic) CHECK(at[edge.from] < at[edge.to]);
  }
}

// ---------------------------------------------------------------- examples
TEST_CASE("model/critical_path: a chain with gaps") {
  const PathInput input{{0, 1000}, {Stage(100, 400), Stage(410, 800, {0})}, {{0, 100}, {800, 1000}}};
  const PathTimes times = FindCriticalPath(input);
  CHECK(times.stages == Durations{300, 400});  // the pause of 10 ms goes to the stage behind it
  CHECK(times.gaps == Durations{100, 200});
}

TEST_CASE("model/critical_path: of two parents the later one explains the time") {
  const PathInput input{{0, 1000}, {Stage(0, 300), Stage(0, 600), Stage(600, 1000, {0, 1})}, {}};
  CHECK(FindCriticalPath(input).stages == Durations{0, 600, 400});
}

TEST_CASE("model/critical_path: waiting for slots is charged to the stage that held them") {
  // Stage 1 was submitted at 0 and ran from 900 on, when stage 0 was done; no edge between them.
  const PathInput input{{0, 1000}, {Stage(0, 900), Stage(900, 1000)}, {}};
  CHECK(FindCriticalPath(input).stages == Durations{900, 100});
}

TEST_CASE("model/critical_path: a gap inside a stage is the gap's") {
  const PathInput input{{0, 1000}, {Stage(0, 1000)}, {{400, 700}}};
  const PathTimes times = FindCriticalPath(input);
  CHECK(times.stages == Durations{700});
  CHECK(times.gaps == Durations{300});
}

TEST_CASE("model/critical_path: nothing at all") {
  CHECK(Sum(FindCriticalPath({{0, 0}, {}, {}})) == 0);
  CHECK(Sum(FindCriticalPath({{0, 1000}, {}, {{0, 1000}}})) == 1000);
  CHECK(FindCriticalPath({{0, 30}, {}, {}}).stages.empty());
}

TEST_CASE("model/critical_path: slack is the smallest pause on a way to the end") {
  // 0 → 2 (waits for 1), 1 → 2; 3 stands beside all of it and ends before the gap.
  const std::vector<Interval> nodes = {{0, 300}, {0, 600}, {610, 900}, {0, 700}};
  CHECK(FindSlack(nodes, {{0, 2}, {1, 2}}, {{900, 1000}}, {0, 1000}) == Durations{310, 0, 0, 200});
  // Without the gap the end of the application counts.
  CHECK(FindSlack(nodes, {{0, 2}, {1, 2}}, {}, {0, 1000}) == Durations{410, 100, 100, 300});
}

// ---------------------------------------------------------------- twins
// The same walk by looking at everything at each step, and charging millisecond by millisecond.
PathTimes SlowPath(const PathInput& in) {
  PathTimes times{Durations(in.stages.size()), Durations(in.gaps.size())};
  const auto gap_of = [&](std::int64_t ms) -> int {  // the gap that holds [ms, ms + 1)
    for (std::size_t g = 0; g < in.gaps.size(); ++g) {
      if (in.gaps[g].begin <= ms && ms < in.gaps[g].end) return static_cast<int>(g);
    }
    return -1;
  };
  std::int64_t time = in.window.end;
  int behind = -1;
  while (time > in.window.begin) {
    if (const int gap = gap_of(time - 1); gap >= 0) {
      ++times.gaps[static_cast<std::size_t>(gap)];
      --time;
      continue;
    }
    int next = -1;
    const auto count = static_cast<int>(in.stages.size());
    const auto at = [&](int stage) -> const PathStage& { return in.stages[static_cast<std::size_t>(stage)]; };
    const auto usable = [&](int stage) { return at(stage).span.length() > 0 && at(stage).span.begin < time; };
    if (behind >= 0) {
      for (const std::uint32_t before : at(behind).before) {
        const int stage = static_cast<int>(before);
        if (usable(stage) && at(stage).finish > time - kMinGapMs && (next < 0 || at(stage).finish > at(next).finish))
          next = stage;
      }
    }
    if (next < 0) {
      for (int one = 0; one < count; ++one) {
        if (usable(one) && at(one).span.end >= time && (next < 0 || at(one).span.end <= at(next).span.end)) next = one;
      }
    }
    if (next < 0) {
      for (int one = 0; one < count; ++one) {
        if (usable(one) && at(one).span.end > in.window.begin && (next < 0 || at(one).span.end > at(next).span.end))
          next = one;
      }
    }
    if (next < 0) {
      if (behind >= 0) times.stages[static_cast<std::size_t>(behind)] += time - in.window.begin;
      break;
    }
    for (std::int64_t ms = time - 1; ms >= at(next).span.begin; --ms) {
      const int owner = ms >= at(next).span.end && behind >= 0 ? behind : next;
      const int gap = gap_of(ms);
      ++(gap >= 0 ? times.gaps[static_cast<std::size_t>(gap)] : times.stages[static_cast<std::size_t>(owner)]);
    }
    time = at(next).span.begin;
    behind = next;
  }
  return times;
}

// Stages anywhere in the window, edges from stages that began earlier, and the gaps that are left, as the model makes
// them.
PathInput RandomPathInput(Random& random) {
  PathInput input;
  input.window = {0, Draw(random, 60, 1500)};
  const std::int64_t stages = Draw(random, 0, 10);
  std::vector<std::optional<Interval>> spans;
  for (std::int64_t i = 0; i < stages; ++i) {
    const std::int64_t begin = Draw(random, 0, input.window.end);
    const std::int64_t end = std::min(input.window.end, begin + Draw(random, 0, 400));
    PathStage stage = Stage(begin, end);
    stage.finish = Draw(random, 0, 4) == 0 ? Draw(random, begin, end) : end;
    for (std::uint32_t other = 0; other < input.stages.size(); ++other) {
      if (Draw(random, 0, 2) == 0 && input.stages[other].span.begin < begin) stage.before.push_back(other);
    }
    // Tasks need not fill the stage: a gap may lie in it.
    const std::int64_t hole = Draw(random, begin, end);
    spans.push_back(Interval{begin, hole});
    spans.push_back(Interval{std::min(end, hole + Draw(random, 0, 120)), end});
    input.stages.push_back(std::move(stage));
  }
  std::int64_t free_since = 0;
  std::vector<Interval> busy = FindBusyTimes(spans).spans;
  busy.push_back({input.window.end, input.window.end});
  for (const Interval& span : busy) {
    if (span.begin - free_since >= kMinGapMs) input.gaps.push_back({free_since, span.begin});
    free_since = span.end;
  }
  return input;
}

TEST_CASE("model/critical_path: the walk equals a slow one on random runs, and tiles") {
  Random random(11);
  for (int round = 0; round < 3000; ++round) {
    CAPTURE(round);
    const PathInput input = RandomPathInput(random);
    const PathTimes quick = FindCriticalPath(input);
    const PathTimes slow = SlowPath(input);
    CHECK(quick.stages == slow.stages);
    CHECK(quick.gaps == slow.gaps);
    const bool has_node =
        std::any_of(input.stages.begin(), input.stages.end(), [](const PathStage& s) { return s.span.length() > 0; }) ||
        !input.gaps.empty();
    if (has_node) CHECK(Sum(quick) == input.window.length());
    for (std::size_t gap = 0; gap < input.gaps.size(); ++gap) CHECK(quick.gaps[gap] == input.gaps[gap].length());
  }
}

struct SlowSlack {
  const std::vector<Interval>& nodes;
  const std::vector<GraphEdge>& edges;
  const std::vector<Interval>& gaps;
  Interval window;

  [[nodiscard]] bool Reaches(std::uint32_t from, std::uint32_t to, std::vector<bool>& seen) const {
    if (from == to) return true;
    seen[from] = true;
    for (const GraphEdge& edge : edges) {
      if (edge.from == from && !seen[edge.to] && nodes[from].begin <= nodes[edge.to].begin &&
          Reaches(edge.to, to, seen))
        return true;
    }
    return false;
  }
  [[nodiscard]] static std::int64_t Pause(std::int64_t pause) { return pause < kMinGapMs ? 0 : pause; }
  [[nodiscard]] std::int64_t Of(std::uint32_t node) const {
    const std::int64_t end = nodes[node].end;
    std::int64_t least = Pause(window.end - end);
    for (auto gap = gaps.rbegin(); gap != gaps.rend(); ++gap) {
      if (gap->end > end) least = Pause(gap->begin - end);
    }
    for (const GraphEdge& edge : edges) {
      std::vector<bool> seen(nodes.size());
      if (edge.from != node || nodes[edge.from].begin > nodes[edge.to].begin || Reaches(edge.to, edge.from, seen))
        continue;
      least = std::min(least, Pause(nodes[edge.to].begin - end) + Of(edge.to));
    }
    return least;
  }
};

TEST_CASE("model/critical_path: slack equals the recursion over all ways on random graphs") {
  Random random(13);
  for (int round = 0; round < 1000; ++round) {
    const PathInput input = RandomPathInput(random);
    std::vector<Interval> nodes;
    for (const PathStage& stage : input.stages) nodes.push_back({stage.span.begin / 40 * 40, stage.finish});
    std::vector<GraphEdge> edges;
    for (std::uint32_t to = 0; to < nodes.size(); ++to) {
      for (std::uint32_t from = 0; from < nodes.size(); ++from) {
        if (Draw(random, 0, 4) == 0) edges.push_back({from, to});
      }
    }
    const std::vector<std::int64_t> slack = FindSlack(nodes, edges, input.gaps, input.window);
    const SlowSlack slow{nodes, edges, input.gaps, input.window};
    for (std::uint32_t node = 0; node < nodes.size(); ++node) CHECK(slack[node] == slow.Of(node));
  }
}

// ---------------------------------------------------------------- the model
TEST_CASE("model/critical_path: jobs in a row, a retry, a skipped parent") {
  JobModel m = EmptyModel(1000);
  const JobRow first = PutJob(m, {.id = 0, .start = 100, .end = 400});
  const JobRow second = PutJob(m, {.id = 1, .start = 405, .end = 1000});
  const StageRow map = PutStage(m, {.id = 0, .submitted = 100, .completed = 395, .rdds = {1}, .job = first});
  const StageRow side = PutStage(m, {.id = 1, .submitted = 100, .completed = 200, .job = first});
  const StageRow failed = PutStage(
      m, {.id = 3, .submitted = 410, .completed = 600, .status = StageStatus::Failed, .parents = {2}, .job = second});
  PutStage(m, {.id = 2, .status = StageStatus::Skipped, .rdds = {1}, .job = second});
  const StageRow again =
      PutStage(m, {.id = 3, .attempt = 1, .submitted = 610, .completed = 1000, .parents = {2}, .job = second});
  std::int64_t id = 0;
  for (const StageRow s : {map, side, failed, again}) {
    PutTask(
        m,
        {.id = id++, .stage = s, .launch = m.stages.submitted.Get(s.index), .finish = m.stages.completed.Get(s.index)});
  }
  DeriveAll(m);
  CHECK(m.app.critical_path.Get(0) == 1000);
  CHECK(m.stages.critical_time.Get(map.index) == 295);
  CHECK(m.stages.critical_time.Get(side.index) == 0);
  CHECK_FALSE(m.stages.on_critical_path.Get(side.index));
  CHECK(m.stages.critical_time.Get(failed.index) == 205);  // with the pause before it
  CHECK(m.stages.critical_time.Get(again.index) == 400);
  CHECK(m.stages.share_of_app.Get(again.index) == doctest::Approx(0.4));
  REQUIRE(m.gaps.size() == 1);
  CHECK(m.gaps.critical_time.Get(0) == 100);
  CHECK(m.stages.slack.Get(map.index) == 0);
  CHECK(m.stages.slack.Get(side.index) == 200);  // to the end of its job
  CHECK(m.stages.slack.Get(again.index) == 0);
  CHECK_FALSE(m.stages.slack.Has(3));  // the skipped one
}

// Anything that tables can hold: times in any order or missing, edges to nowhere, attempts without stage end.
JobModel RandomTables(Random& random) {
  JobModel m = EmptyModel(Draw(random, 0, 3000));
  const auto maybe = [&](std::int64_t value) { return Draw(random, 0, 5) == 0 ? kMissing : value; };
  m.app.start.Set(0, maybe(0));
  m.app.end.Set(0, maybe(m.app.last_event.Get(0)));
  const std::int64_t jobs = Draw(random, 0, 4);
  for (std::int64_t id = 0; id < jobs; ++id) {
    const std::int64_t start = Draw(random, -50, 2500);
    PutJob(m, {.id = id, .start = maybe(start), .end = maybe(start + Draw(random, 0, 900))});
  }
  const std::int64_t executors = Draw(random, 0, 3);
  for (std::int64_t id = 0; id < executors; ++id) {
    PutExecutor(m, id == 0 ? "driver" : std::to_string(id), maybe(Draw(random, 0, 4)), maybe(Draw(random, -100, 2000)),
                maybe(Draw(random, -100, 3000)), "heartbeat");
  }
  const std::int64_t stages = Draw(random, 0, 8);
  for (std::int64_t id = 0; id < stages; ++id) {
    const std::int64_t begin = Draw(random, -50, 2800);
    const auto status = static_cast<StageStatus>(Draw(random, 0, 4));
    PutStage(m, {.id = id / 2,
                 .attempt = id % 2,
                 .tasks = maybe(Draw(random, 0, 5)),
                 .submitted = maybe(begin),
                 .completed = maybe(begin + Draw(random, 0, 900)),
                 .status = status,
                 .parents = {Draw(random, 0, 4), Draw(random, 0, 4)},
                 .rdds = {Draw(random, 0, 3), Draw(random, 0, 3)},
                 .job = jobs > 0 && Draw(random, 0, 3) > 0 ? JobRow(static_cast<std::size_t>(Draw(random, 0, jobs - 1)))
                                                           : JobRow()});
  }
  for (std::int64_t id = 0; id < 4; ++id) PutRdd(m, id, "rdd", {Draw(random, 0, 3)}, Draw(random, 0, 2) == 0);
  for (std::int64_t i = stages > 0 ? Draw(random, 0, 15) : 0; i > 0; --i) {
    const auto stage = static_cast<std::size_t>(Draw(random, 0, stages - 1));
    m.stages.submitted_flag.Set(stage, true);
    const std::int64_t launch = Draw(random, -50, 2900);
    PutTask(m, {.id = i,
                .repeat = Draw(random, 0, 8) == 0 ? 1 : 0,
                .index = Draw(random, 0, 4),
                .stage = StageRow(stage),
                .executor = executors > 0 ? ExecutorRow(static_cast<std::size_t>(Draw(random, 0, executors - 1)))
                                          : ExecutorRow(),
                .launch = launch,
                .finish = maybe(launch + Draw(random, -5, 600)),
                .reason = static_cast<EndReason>(Draw(random, 0, 8)),
                .run_time = maybe(Draw(random, 0, 100))});
  }
  return m;
}

TEST_CASE("model/critical_path: whatever the tables hold, the path tiles the run and shares are shares") {
  Random random(19);
  for (int round = 0; round < 2000; ++round) {
    CAPTURE(round);
    JobModel m = RandomTables(random);
    DeriveAll(m);
    std::int64_t sum = 0;
    std::int64_t gaps = 0;
    for (std::size_t stage = 0; stage < m.stages.size(); ++stage) {
      sum += m.stages.critical_time.Get(stage);
      if (m.stages.slack.Has(stage)) CHECK(m.stages.slack.Get(stage) >= 0);
      for (const StageRow parent : m.stages.parents.Get(stage)) CHECK(m.stages.submitted_flag.Get(parent.index));
    }
    for (std::size_t gap = 0; gap < m.gaps.size(); ++gap) {
      CHECK(m.gaps.critical_time.Get(gap) == m.gaps.duration.Get(gap));
      CHECK(m.gaps.evidence.Has(gap));
      gaps += m.gaps.duration.Get(gap);
    }
    const std::int64_t duration = m.app.duration.Get(0);
    const bool tiled = sum + gaps == duration || (sum + gaps == 0 && duration < kMinGapMs);
    CHECK(tiled);
    CHECK(gaps <= m.app.driver_time.Get(0));
    if (m.app.utilisation.Has(0)) CHECK((m.app.utilisation.Get(0) >= 0 && m.app.utilisation.Get(0) <= 1));
    if (m.app.completeness.Has(0)) CHECK((m.app.completeness.Get(0) >= 0 && m.app.completeness.Get(0) <= 1));
  }
}

// 100,000 stages with three tasks each, in jobs of five of which four run at a time.
JobModel LongRun(std::size_t stage_count) {
  Random random(17);
  JobModel m = EmptyModel(0);
  const ExecutorRow executor = PutExecutor(m, "1", 16, 0);
  std::int64_t now = 100;
  std::int64_t id = 0;
  for (std::size_t i = 0; i < stage_count; ++i) {
    if (i % 5 == 0) PutJob(m, {.id = static_cast<std::int64_t>(i / 5), .start = now, .end = now + 1300});
    const auto stage = static_cast<std::int64_t>(i);
    std::vector<std::int64_t> parents;
    if (i % 5 != 0) parents = {stage - 1};
    const StageRow row = PutStage(m, {.id = stage,
                                      .tasks = 3,
                                      .submitted = now,
                                      .completed = now + 260,
                                      .parents = parents,
                                      .rdds = {stage},
                                      .job = JobRow(i / 5)});
    PutRdd(m, stage, "rdd", i % 5 == 0 ? std::vector<std::int64_t>{} : std::vector<std::int64_t>{stage - 1},
           i % 11 == 0);
    for (std::int64_t k = 0; k < 3; ++k) {
      PutTask(m, {.id = id++,
                  .index = k,
                  .stage = row,
                  .executor = executor,
                  .launch = now + k,
                  .finish = now + 200 + Draw(random, 0, 50),
                  .run_time = 100,
                  .cpu_time = 1,
                  .gc_time = 1,
                  .scheduler_delay = 1,
                  .shuffle_write = 10,
                  .input_bytes = 100});
    }
    now += 65 + (i % 97 == 0 ? 400 : 0);
  }
  m.app.end.Set(0, now + 500);
  m.app.last_event.Set(0, now + 500);
  return m;
}

TEST_CASE("model/critical_path: ten times the stages and tasks take about ten times as long") {
  JobModel small = LongRun(10'000);
  JobModel large = LongRun(100'000);
  const auto seconds = [](JobModel& m) {  // of processor time: other processes do not count
    const std::clock_t begin = std::clock();
    DeriveAll(m);
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  const double of_small = seconds(small);
  const double of_large = seconds(large);
  MESSAGE("10,000 stages: " << of_small << " s, 100,000 stages: " << of_large << " s");
  CHECK(of_large < 40 * std::max(of_small, 0.05));  // ten times as much; squares would be a hundred times
  CHECK(large.app.critical_path.Get(0) == large.app.duration.Get(0));
}

// ---------------------------------------------------------------- real logs
// How many logs below the folder were read; each must be tiled by its path.
int CheckLogs(const std::string& folder) {
  const Result<std::vector<ingest::LogInput>> logs = ingest::FindLogs(folder, {});
  if (!logs) return 0;
  int checked = 0;
  for (const ingest::LogInput& input : *logs) {
    CAPTURE(input.display_path);
    const Result<ingest::Ingested> log = ingest::Ingest(input, {});
    if (!log || !log->model.app.duration.Has(0)) continue;
    const JobModel& m = log->model;
    std::int64_t sum = 0;
    for (std::size_t stage = 0; stage < m.stages.size(); ++stage) sum += m.stages.critical_time.Get(stage);
    for (std::size_t gap = 0; gap < m.gaps.size(); ++gap) sum += m.gaps.critical_time.Get(gap);
    // A run of less than a gap in which no task ran has nothing to tile it with.
    const bool tiled = sum == m.app.duration.Get(0) || (sum == 0 && m.app.duration.Get(0) < kMinGapMs);
    CHECK(tiled);
    CHECK(m.app.critical_path.Get(0) == m.app.duration.Get(0));
    ++checked;
  }
  return checked;
}

TEST_CASE("model/critical_path: real logs are tiled") {
  CHECK(CheckLogs(ADVISE_SOURCE_DIR "/pathological-jobs") > 0);
  if (const char* corpus = std::getenv("ADVISE_CORPUS")) CHECK(CheckLogs(corpus) > 0);
}

}  // namespace
}  // namespace advise::test
