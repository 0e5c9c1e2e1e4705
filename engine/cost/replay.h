// Discrete-event replay: list scheduling of the tasks over the slots that are there, stages in Spark's order (FIFO or
// FAIR pools), points after their predecessors and lags. Deterministic: same schedule, same times, bit for bit.
//
// What is frozen is what the log cannot explain by slots: driver time between points (lags), the pause of a slot
// between two tasks, the pace of a stage's first wave. A replay with nothing changed says how well the rest explains
// the run (replay_error.h); it says nothing about how well a change is predicted.
#pragma once

#include <cstdint>
#include <vector>

#include "cost/busy_slots.h"
#include "cost/workload.h"

namespace advise::cost {

// Share of its time for which a task needs a processor, in units of 1/kWholeProcessor: integers, so that sums over
// running tasks are exact.
inline constexpr std::uint16_t kWholeProcessor = 1024;

// Speed of each of `running` tasks that share processors, against one that runs alone. `needed`: the sum of what they
// need, in units of 1/kWholeProcessor. What they need runs at min(1, processors ÷ need) ^ contention, what they wait
// for at full speed.
double SharedSpeed(double processors, double contention, std::size_t running, std::uint64_t needed);

// What is played: the workload as it was, or as a change leaves it. Views into the workload, or into the owner of the
// change, which must outlive it.
struct Schedule {
  struct Stage {
    const float* durations = nullptr;  // ms, in the order of launch
    std::uint32_t tasks = 0;
    const std::uint8_t* needed = nullptr;  // null: the end of the stage waits for all
    const TaskLink* links = nullptr;       // by TaskLink::before
    std::uint32_t link_count = 0;
    const std::uint16_t* needs = nullptr;  // of a processor, with contention; null: each a whole one
    const float* pauses = nullptr;  // before each launch, after the one before it (TaskArrays::pause); null: none
    float turnaround = 0;
    float ramp = 0;
    std::uint32_t first_wave = 0;
  };
  std::vector<Stage> stages;
  std::vector<double> lag;           // one a point
  std::vector<std::uint32_t> slots;  // one an executor
  bool fair = false;
  // Slots that share `processors`: tasks run at SharedSpeed. 0: slots are processors of their own; above 0 the
  // durations are those of a task that runs alone.
  double contention = 0;
  double processors = 1;
};

// The workload with nothing changed; contention 0.
Schedule UnchangedSchedule(const Workload& workload);

// When everything happened, ms since the application's start.
struct ReplayTimes {
  std::vector<double> point;        // NaN: did not happen
  std::vector<double> first_start;  // of a stage's tasks; NaN: it has none
  double duration = 0;
  double busy_slot_time = 0;  // ms x slots
  bool starved = false;       // tasks were left and no slot would have come: those that had gone were taken back
};

// Why a task started when it did.
struct TaskTrace {
  double start = 0;
  double end = 0;
  std::uint32_t after_task = kNone;   // number of the task whose slot it waited for
  std::uint32_t after_point = kNone;  // or the point: its stage may run, an executor came
};
// Tasks are numbered through the stages of the schedule.
struct ReplayTrace {
  std::vector<TaskTrace> tasks;
  std::vector<std::uint32_t> first_task;   // of each stage
  std::vector<std::uint32_t> point_after;  // the point that a point waited for last; kNone: none
  std::vector<std::uint32_t> last_task;    // of each stage: the task that ended it; kNone: none
};

// Plays schedules of one workload. Not for several threads at once; buffers are kept between runs.
class Replayer {
 public:
  explicit Replayer(const Workload& workload);
  // Valid until the next call. The trace, if one is asked for, is filled.
  const ReplayTimes& Run(const Schedule& schedule, ReplayTrace* trace = nullptr);

 private:
  using Busy = BusySlots::Busy;  // with contention `end` is a time on the tasks' own clock
  struct Free {
    double since = 0;
    std::uint32_t executor = 0;
    std::uint32_t after_task = kNone;  // kNone: free since the executor came
  };
  struct Event {
    double time = 0;
    std::uint32_t point = 0;  // kNone: a task may be launched
    std::uint32_t stage = 0;
    std::uint32_t task = 0;
  };
  struct Active {  // of one stage
    std::uint32_t next = 0;
    std::uint32_t needed_left = 0;
    double ready = 0;
    double last_start = 0;
    double last_end = 0;
    std::uint32_t last_task = kNone;
    bool in_line = false;
    std::vector<std::uint32_t> launchable;  // of a stage that is not plain: a heap of positions
  };

  void Play();
  void Reset();
  void LetHappen(const Event& event);
  void Happen(std::uint32_t point, double time);
  void Enqueue(const Event& event);
  Event Dequeue();
  [[nodiscard]] double NextEvent() const;
  void Enter(std::uint32_t stage);
  void Leave(std::uint32_t stage);
  void EndWhenDone(std::uint32_t stage);
  [[nodiscard]] std::uint32_t ChooseStage() const;
  [[nodiscard]] std::uint32_t NextTask(std::uint32_t stage) const;
  void TakeTask(std::uint32_t stage);
  void FollowLinks(std::uint32_t stage, std::uint32_t position, bool at_start, double time);
  void NoteEnd(std::uint32_t stage, std::uint32_t position, double end);
  void NoteStart(std::uint32_t stage, std::uint32_t position, double start, const Free& slot);
  [[nodiscard]] double StartOn(std::uint32_t stage, std::uint32_t position, const Free& slot) const;
  bool LaunchPlain(std::uint32_t stage);
  bool LaunchAhead(std::uint32_t stage);
  bool LaunchNow(std::uint32_t stage);
  void AdvanceTo(double time);
  [[nodiscard]] double NextEnd() const;
  [[nodiscard]] double Speed() const;
  [[nodiscard]] std::uint64_t NeedOf(std::uint32_t task) const;
  [[nodiscard]] bool AnyFree() const { return next_free_ < free_.size(); }
  void TakeBackSlots();
  void Depart();

  const Workload& workload_;
  std::vector<std::uint32_t> order_;      // rank of each stage in the queue of FIFO: job, stage, attempt
  std::vector<std::uint32_t> pool_rank_;  // of each pool, by name

  // Of the run.
  const Schedule* schedule_ = nullptr;
  ReplayTrace* trace_ = nullptr;
  ReplayTimes times_;
  std::vector<std::uint32_t> points_left_;
  std::vector<double> ready_;  // of each point: latest predecessor so far
  std::vector<std::uint32_t> first_task_;
  std::vector<std::uint32_t> stage_of_task_;  // filled when ends are waited for
  std::vector<Active> active_;
  std::vector<std::uint32_t> line_;  // stages with tasks to launch, by order_
  std::vector<std::uint32_t> pool_running_;
  std::vector<Event> events_;  // heap
  BusySlots busy_;
  std::vector<Busy> departed_;  // taken out of busy_ because their executors have gone
  std::vector<Free> free_;      // by `since`; those before next_free_ are taken
  std::size_t next_free_ = 0;
  std::vector<bool> gone_;  // of each executor
  bool any_gone_ = false;
  bool done_ = false;
  double now_ = 0;
  std::uint64_t needed_ = 0;  // with contention: what running tasks need of processors
  double own_clock_ = 0;      // with contention: what a task that runs all the time has done
  double wake_ = 0;           // when the task that was chosen may start
};

}  // namespace advise::cost
