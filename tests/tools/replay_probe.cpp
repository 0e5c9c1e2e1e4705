// advise_replay_probe [--stages] LOG…: replays each log with nothing changed and prints one tab-separated line a log:
// path, tasks, slots, duration and replayed duration (ms), relative error of it and of the time in jobs, share of the
// duration without a task, remarks. Logs without a task have no line. --stages: how each stage compares, too.
#include <cmath>
#include <cstdio>
#include <string_view>

#include "cost/replay.h"
#include "cost/replay_error.h"
#include "cost/workload.h"
#include "ingest/ingest.h"

namespace {

using namespace advise;

void PrintStages(const cost::Workload& workload, const cost::ReplayTimes& times) {
  const cost::PointNumbers& points = workload.points;
  for (std::uint32_t i = 0; i < workload.jobs.size(); ++i) {
    const cost::JobWork& job = workload.jobs[i];
    std::printf("  job %lld  %.0f..%.0f  replayed %.0f..%.0f\n", static_cast<long long>(job.id), job.start, job.end,
                times.point[points.JobStart(i)], times.point[points.JobEnd(i)]);
  }
  for (std::uint32_t i = 0; i < workload.stages.size(); ++i) {
    const cost::StageWork& stage = workload.stages[i];
    std::printf(
        "  stage %lld.%lld  %.0f..%.0f  replayed %.0f..%.0f  tasks %u turn %.1f ramp %.1f x %u lag %.0f (launch %.0f) "
        "links %zu\n",
        static_cast<long long>(stage.id), static_cast<long long>(stage.attempt), stage.first_launch, stage.ended,
        times.first_start[i], times.point[points.StageEnd(i)], stage.tasks, static_cast<double>(stage.turnaround),
        static_cast<double>(stage.ramp), stage.first_wave, workload.lag[points.StageReady(i)],
        static_cast<double>(stage.launch_lag), stage.links.size());
  }
  for (const cost::ExecutorWork& executor : workload.executors) {
    std::printf("  executor %u slots  %.0f..%.0f\n", executor.slots, executor.arrival, executor.removal);
  }
}

std::string Remarks(const cost::Workload& workload, const cost::ReplayTimes& times) {
  std::string text;
  const auto add = [&](bool when, const std::string& what) {
    if (when) text += (text.empty() ? "" : ", ") + what;
  };
  const cost::WorkloadQuality& quality = workload.quality;
  add(workload.fair, "FAIR");
  add(quality.slots_observed, "slots observed");
  add(quality.early_executors > 0, "executor times contradict tasks: " + std::to_string(quality.early_executors));
  add(quality.unused_executors > 0, "executors that took no task: " + std::to_string(quality.unused_executors));
  add(quality.tasks_outside > 0, "tasks outside the application: " + std::to_string(quality.tasks_outside));
  add(quality.unfinished_tasks > 0, "unfinished tasks: " + std::to_string(quality.unfinished_tasks));
  add(quality.tasks_without_metrics > 0, "without metrics: " + std::to_string(quality.tasks_without_metrics));
  add(quality.clipped_tasks > 0, "clipped: " + std::to_string(quality.clipped_tasks));
  add(times.starved, "starved");
  add(workload.machine.shared, workload.machine.evidence);
  return text.empty() ? "-" : text;
}

}  // namespace

int main(int argc, char** argv) {
  bool stages = false;
  int status = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--stages") {
      stages = true;
      continue;
    }
    ingest::IngestOptions options;
    options.threads = 1;
    const auto logs = ingest::FindLogs(argv[i], options.limits);
    if (!logs) {
      status = 3;
      continue;
    }
    for (const ingest::LogInput& log : *logs) {
      const auto read = ingest::Ingest(log, options);
      if (!read) {
        status = 3;
        continue;
      }
      const std::optional<cost::Workload> workload = cost::MakeWorkload(read->model);
      if (!workload || workload->tasks.size() == 0) continue;
      cost::Replayer replayer(*workload);
      const cost::ReplayTimes& times = replayer.Run(cost::UnchangedSchedule(*workload));
      const cost::ReplayError error = cost::MeasureReplay(*workload, times);
      std::uint32_t slots = 0;
      for (const cost::ExecutorWork& executor : workload->executors) slots += executor.slots;
      std::printf("%s\t%zu\t%u\t%.0f\t%.0f\t%.5f\t%.5f\t%.3f\t%s\n", argv[i], workload->tasks.size(), slots,
                  workload->duration, times.duration, error.total, error.in_job, error.frozen_share,
                  Remarks(*workload, times).c_str());
      if (stages) PrintStages(*workload, times);
    }
  }
  return status;
}
