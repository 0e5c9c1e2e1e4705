// How fast the replay is, and how many sets of effects can be compared.
//   replay_bench [TASKS [SLOTS]]
// Targets (design/README.md): 20 M tasks/s; 4,096 subsets of a 13,500-task application in at most 2 s.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

#include "cost/replay.h"
#include "cost/scenario.h"
#include "cost/workload_parts.h"

namespace {

using namespace advise;

// Stages one after the other, log-normal task times, executors of 16 slots.
cost::Workload MakeRun(std::uint32_t stages, std::uint32_t tasks, std::uint32_t slots) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<float> times(5, 1);
  cost::Workload w;
  w.pools = {"default"};
  w.jobs = {{0, 0, 0, 0}};
  for (std::uint32_t i = 0; i < stages; ++i) {
    cost::StageWork stage;
    stage.id = i;
    stage.job = 0;
    stage.first_task = static_cast<std::uint32_t>(w.tasks.size());
    stage.tasks = tasks / stages;
    stage.turnaround = 2;
    if (i > 0) stage.parents = {i - 1};
    for (std::uint32_t task = 0; task < stage.tasks; ++task) {
      float sum = 0;
      for (std::size_t c = 0; c < cost::kComponents; ++c) {
        const float part = c < 9 ? times(random) / 9 : 0;
        w.tasks.parts[c].push_back(part);
        sum += part;
      }
      w.tasks.duration.push_back(sum);
      w.tasks.pause.push_back(0);
      for (auto* column : {&w.tasks.reported_gc, &w.tasks.input_bytes, &w.tasks.shuffle_read_bytes,
                           &w.tasks.shuffle_read_records, &w.tasks.shuffle_write_bytes, &w.tasks.memory_spilled_bytes,
                           &w.tasks.disk_spilled_bytes, &w.tasks.peak_memory_bytes}) {
        column->push_back(1e6F * sum);
      }
      w.tasks.needed.push_back(1);
      w.tasks.winner.push_back(1);
    }
    w.stages.push_back(stage);
  }
  for (std::uint32_t i = 0; i < std::max(1U, slots / 16); ++i) {
    cost::ExecutorWork executor;
    executor.slots = 16;
    executor.removal = std::numeric_limits<double>::quiet_NaN();
    w.executors.push_back(executor);
  }
  w.points = {1, stages, static_cast<std::uint32_t>(w.executors.size())};
  const cost::PointNumbers& points = w.points;
  std::vector<model::GraphEdge> edges = {{points.JobStart(0), points.JobEnd(0)}, {points.JobEnd(0), points.AppEnd()}};
  std::vector<bool> never(points.size());
  for (std::uint32_t i = 0; i < stages; ++i) {
    edges.push_back({points.JobStart(0), points.StageReady(i)});
    if (i > 0) edges.push_back({points.StageEnd(i - 1), points.StageReady(i)});
    edges.push_back({points.StageEnd(i), points.JobEnd(0)});
  }
  for (std::uint32_t i = 0; i < points.executors; ++i) never[points.Removal(i)] = true;
  cost::SetEdges(edges, never, w);
  w.lag.assign(points.size(), 5);
  return w;
}

class Stopwatch {
 public:
  [[nodiscard]] double Seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

// Twelve changes: components of all stages, of one stage, partitions, slots, dropped stages.
std::vector<cost::Effect> Effects(const cost::Workload& w) {
  cost::StageList all;
  for (std::uint32_t i = 0; i < w.stages.size(); ++i) all.push_back(i);
  using cost::Component;
  return {cost::ScaleComponents{all, cost::Components({Component::Gc}), {0.1, 0.3, 0.5}},
          cost::ScaleComponents{all, cost::Components({Component::Deserialize}), {0.2, 0.4, 0.8}},
          cost::ScaleComponents{all, cost::Components({Component::FetchWait}), cost::Exactly(0.5)},
          cost::ScaleComponents{all, cost::Components({Component::ShuffleWrite}), cost::Exactly(0.5)},
          cost::ScaleComponents{{3}, cost::RunComponents(), cost::Exactly(0.7)},
          cost::ScaleComponents{{7}, cost::RunComponents(), cost::Exactly(0.7)},
          cost::CapComponent{{9}, Component::Cpu, 20},
          cost::SetPartitions{{11}, 100},
          cost::SplitTasks{{13}, 2e8, 5e7, 8},
          cost::DropStages{{17}},
          cost::SetSlots{static_cast<double>(2 * w.executors.size()), 0},
          cost::AddLag{w.points.StageReady(5), cost::Exactly(100)}};
}

}  // namespace

int main(int argc, char** argv) {
  const auto tasks = static_cast<std::uint32_t>(argc > 1 ? std::atol(argv[1]) : 1'000'000);
  const auto slots = static_cast<std::uint32_t>(argc > 2 ? std::atol(argv[2]) : 128);
  {
    const cost::Workload w = MakeRun(50, tasks, slots);
    const cost::Schedule schedule = cost::UnchangedSchedule(w);
    cost::Replayer replayer(w);
    double best = 1e9;
    double duration = 0;
    for (int run = 0; run < 7; ++run) {
      const Stopwatch watch;
      duration = replayer.Run(schedule).duration;
      best = std::min(best, watch.Seconds());
    }
    std::printf("replay     %8.4f s   %zu tasks on %u slots, %.1f M tasks/s (target 20), %.0f s of run\n", best,
                w.tasks.size(), slots, static_cast<double>(w.tasks.size()) / best / 1e6, duration / 1000);
  }
  const cost::Workload w = MakeRun(50, 13'500, 128);
  cost::Replayer replayer(w);
  cost::ReplayTrace trace;
  replayer.Run(cost::UnchangedSchedule(w), &trace);
  const std::vector<cost::Effect> effects = Effects(w);
  const cost::Totals totals = cost::TotalsOf(w);
  const Stopwatch watch;
  double sum = 0;
  for (std::uint32_t set = 0; set < 4096; ++set) {
    std::vector<cost::Effect> chosen;
    for (std::size_t i = 0; i < effects.size(); ++i) {
      if ((set >> i) & 1U) chosen.push_back(effects[i]);
    }
    cost::Scenario scenario(w, trace, totals, chosen);
    sum += replayer.Run(scenario.Draw(cost::kMid)).duration;
  }
  std::printf("subsets    %8.4f s   4,096 of 12 changes on %zu tasks (target 2), mean %.0f s of run\n", watch.Seconds(),
              w.tasks.size(), sum / 4096 / 1000);
  return 0;
}
