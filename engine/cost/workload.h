// What a replay needs of a run, and nothing else: tasks with their components, the order of jobs and stages as points
// with lags, executors with the times at which they come and go, gaps. Made once from the const JobModel, never
// changed: a change of the run (effect_phases) makes a Schedule beside it.
//
// Times are ms since the application's start (or the first event of a log without one).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cost/components.h"
#include "model/job_model.h"

namespace advise::cost {

inline constexpr std::uint32_t kNone = 0xffffffff;

// ---------------------------------------------------------------- points
// The run as a graph of points in time: a point happens when all points before it have happened, plus its lag. Points
// of executors (they come, they go) hang on the application's start, or on the job before (dynamic allocation follows
// the work). A stage's end has its tasks before it instead.
struct PointNumbers {
  std::uint32_t jobs = 0;
  std::uint32_t stages = 0;
  std::uint32_t executors = 0;
  [[nodiscard]] std::uint32_t AppStart() const { return 0; }
  [[nodiscard]] std::uint32_t AppEnd() const { return 1; }
  [[nodiscard]] std::uint32_t JobStart(std::uint32_t job) const { return 2 + job; }
  [[nodiscard]] std::uint32_t JobEnd(std::uint32_t job) const { return 2 + jobs + job; }
  // When its tasks may be launched: submission and the wait that free slots do not explain.
  [[nodiscard]] std::uint32_t StageReady(std::uint32_t stage) const { return 2 + 2 * jobs + stage; }
  [[nodiscard]] std::uint32_t StageEnd(std::uint32_t stage) const { return 2 + 2 * jobs + stages + stage; }
  [[nodiscard]] std::uint32_t Arrival(std::uint32_t executor) const { return 2 + 2 * jobs + 2 * stages + executor; }
  [[nodiscard]] std::uint32_t Removal(std::uint32_t executor) const {
    return 2 + 2 * jobs + 2 * stages + executors + executor;
  }
  [[nodiscard]] std::uint32_t size() const { return 2 + 2 * jobs + 2 * stages + 2 * executors; }
  [[nodiscard]] bool IsStageReady(std::uint32_t point) const {
    return point >= 2 + 2 * jobs && point < 2 + 2 * jobs + stages;
  }
  [[nodiscard]] bool IsStageEnd(std::uint32_t point) const {
    return point >= 2 + 2 * jobs + stages && point < 2 + 2 * jobs + 2 * stages;
  }
  [[nodiscard]] bool IsArrival(std::uint32_t point) const {
    return point >= 2 + 2 * jobs + 2 * stages && point < 2 + 2 * jobs + 2 * stages + executors;
  }
  [[nodiscard]] bool IsRemoval(std::uint32_t point) const { return point >= 2 + 2 * jobs + 2 * stages + executors; }
};

// ---------------------------------------------------------------- tasks
// Attempts, by stage and in the order of their launch. One entry a task in each array; bytes and records are NaN where
// the log has none.
struct TaskArrays {
  std::array<std::vector<float>, kComponents> parts;  // ms
  std::vector<float> duration;                        // ms, the sum of the parts
  std::vector<float> reported_gc;                     // ms, at most the run time: the upper bound of Component::Gc
  std::vector<float> input_bytes;
  std::vector<float> shuffle_read_bytes;
  std::vector<float> shuffle_read_records;
  std::vector<float> shuffle_write_bytes;
  std::vector<float> memory_spilled_bytes;
  std::vector<float> disk_spilled_bytes;
  std::vector<float> peak_memory_bytes;  // execution memory
  // ms after the launch before it in the stage in which it was not launched although a slot was free and nobody before
  // the stage in the queue had tasks: the pace of the driver, locality. 0: slots explain the launch.
  std::vector<float> pause;
  std::vector<std::uint32_t> row;    // in the model's table
  std::vector<std::uint8_t> needed;  // its end is awaited by the end of the stage
  std::vector<std::uint8_t> winner;
  [[nodiscard]] std::size_t size() const { return duration.size(); }
};

// A task that waits for another of its stage: a retry for the end of the attempt before (delay 0), a speculative copy
// for the start of what it copies, and `delay` ms.
struct TaskLink {
  std::uint32_t task = 0;  // positions inside the stage
  std::uint32_t before = 0;
  bool from_start = false;
  float delay = 0;
};

// ---------------------------------------------------------------- stages, jobs, executors, gaps
struct StageWork {
  std::int64_t id = 0;
  std::int64_t attempt = 0;
  std::uint32_t row = 0;  // in the model's table
  std::uint32_t job = kNone;
  std::uint32_t pool = 0;  // of Workload::pools
  std::uint32_t first_task = 0;
  std::uint32_t tasks = 0;
  double tasks_before = 0;             // attempts of other stages that were launched before its first
  std::vector<TaskLink> links;         // by TaskLink::before
  std::vector<std::uint32_t> parents;  // stages whose output it reads, all attempts
  float turnaround = 0;  // ms from the end of a task to the launch of the next on the same slot while tasks are
                         // pending; below 0 where finish times are later than the slot was free
  float ramp = 0;        // ms from one launch to the next in the first wave; for tasks that the stage did not have
  std::uint32_t first_wave = 0;  // tasks of it
  bool paused = false;           // some task has a pause
  float launch_lag = 0;          // ms of the lag of StageReady that lie after the submission
  double submitted = 0;
  double first_launch = 0;  // NaN: no task
  double ended = 0;
  bool has_metrics = true;  // every needed attempt has them
  bool python = false;      // an RDD of a Python program: its functions run in processes of which the log tells nothing
  bool small_files = false;  // its tasks write less than calibration::kSmallFile each
  bool clipped = false;      // metrics of some task exceed its duration
  double off_cpu_fit = 0;    // R² of Input, Spill, External
};

struct JobWork {
  std::int64_t id = 0;
  std::uint32_t row = 0;
  double start = 0;
  double end = 0;
};

struct ExecutorWork {
  std::uint32_t row = 0;  // kNone: stands for slots of which no executor tells
  std::uint32_t slots = 0;
  std::uint32_t host = kNone;  // row of the model's hosts
  double arrival = 0;
  double removal = 0;         // NaN: there to the end
  bool follows_work = false;  // comes or goes with the load, not with the clock
};

// A stretch without a running task, and the lags of which it consists: `parts` are (point, ms).
struct GapWork {
  std::uint32_t row = 0;
  model::GapKind kind = model::GapKind::Unknown;
  double begin = 0;
  double length = 0;
  std::vector<std::pair<std::uint32_t, float>> parts;
};

// Executors that share the processors of one machine: a further slot brings no further processor.
struct SharedMachine {
  bool shared = false;
  // Its tasks hardly waited for a processor: beside them there is one at least, for compilers, collectors, the driver.
  bool has_spare = false;
  bool in_driver = false;  // tasks run in the driver's JVM (local mode)
  std::string evidence;  // empty if not shared
};

// What the log does not tell, or tells in contradiction.
struct WorkloadQuality {
  std::uint32_t tasks_without_metrics = 0;
  std::uint32_t clipped_tasks = 0;     // their metrics exceed launch … finish
  std::uint32_t unfinished_tasks = 0;  // their end is not in the log
  std::uint32_t early_executors =
      0;  // were added after their first task by the log's times, or removed before the last
  std::uint32_t unused_executors = 0;  // took no task although tasks waited
  std::uint32_t tasks_outside = 0;     // lie before the start or behind the end of the application
  double held_back = 0;                // ms of pauses of stages, but for the first waves: locality, mostly
  bool slots_observed = false;         // no executor states its cores: the concurrency seen stands for the slots
};

struct Workload {
  double duration = 0;  // ms
  PointNumbers points;
  std::vector<double> lag;                   // one a point; ms, never below 0 but for StageReady
  std::vector<std::uint32_t> points_before;  // how many points a point waits for
  std::vector<std::uint32_t> after_begin;  // CSR: the points after point p are after[after_begin[p] … after_begin[p+1])
  std::vector<std::uint32_t> after;

  TaskArrays tasks;
  std::vector<StageWork> stages;  // submitted attempts, in the order of the model's rows
  std::vector<JobWork> jobs;
  std::vector<ExecutorWork> executors;
  std::vector<GapWork> gaps;
  std::vector<std::string> pools;  // names; at least one
  bool fair = false;               // spark.scheduler.mode=FAIR
  bool dynamic_allocation = false;
  SharedMachine machine;
  std::uint32_t executors_at_once = 1;  // most
  // How quick tasks with little data are here against the curve of calibration.h (kColdTask), at most 1: the fast ones
  // of those that read a shuffle.
  double cold_scale = 1;
  WorkloadQuality quality;
  double observed_in_job = 0;  // ms in which at least one job was active
  double observed_idle = 0;    // ms in which no task ran
};

// nullopt: the log holds no time at all.
std::optional<Workload> MakeWorkload(const model::JobModel& model);

// Union of intervals [begin, end), ms.
double LengthOfUnion(std::vector<std::pair<double, double>> intervals);

}  // namespace advise::cost
