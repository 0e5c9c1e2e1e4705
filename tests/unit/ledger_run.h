// Runs of a pretended Spark for the tests of the ledger: jobs of one stage each, their tasks given to the first slot
// that is free. What is changed in a run (a task made longer, an executor late …) has the consequences it would have.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/derive/derive.h"
#include "unit/model_derive_fixture.h"

namespace advise::test {

struct RunTask {
  std::int64_t ms = 1000;  // its life; all of it run time but for `delay`
  std::int64_t gc = 0;
  std::int64_t fetch = 0;
  std::int64_t off_cpu = 0;        // beside gc and fetch
  std::int64_t delay = 0;          // scheduler delay
  std::int64_t bytes = 1'000'000;  // read
  std::int64_t spilled = 0;
  std::int64_t fails_after = 0;  // > 0: a first attempt fails after so many ms
  bool metrics = true;
};

struct RunExecutor {
  std::int64_t cores = 4;
  std::int64_t added = 1000;
  std::int64_t removed = kMissing;
  std::string reason{};
};

struct RunJob {
  std::int64_t pause_before = 500;  // of the driver, from the end of the job before (or of the application's context)
  std::vector<RunTask> tasks{};
  std::int64_t collect = 10;  // from the last task to the end of the job
};

struct RunSpec {
  std::vector<RunExecutor> executors{{}, {}};
  std::vector<RunJob> jobs;
  std::int64_t end_pause = 200;
  std::string version = "3.5.3";
  std::string name{};

  // Of all slots a stage of `waves` full waves, its tasks even.
  static std::vector<RunTask> Even(std::size_t tasks, std::int64_t ms = 1000) {
    return std::vector<RunTask>(tasks, RunTask{.ms = ms});
  }
};

class PretendedRun {
 public:
  explicit PretendedRun(const RunSpec& spec) : spec_(spec), m_(EmptyModel(0, spec.version)) {
    for (const RunExecutor& executor : spec.executors) AddExecutor(executor);
  }

  JobModel Make() {
    std::int64_t now = kContext;
    for (const RunJob& job : spec_.jobs) now = AddJob(job, now + job.pause_before);
    now += spec_.end_pause;
    m_.app.end.Set(0, now);
    m_.app.last_event.Set(0, now);
    if (!spec_.name.empty()) m_.app.name.Set(0, m_.strings.Intern(spec_.name));
    m_.raw_sql.resize(m_.sql_executions.size());
    DeriveAll(m_);
    return std::move(m_);
  }

 private:
  static constexpr std::int64_t kContext = 800;
  static constexpr std::int64_t kSubmit = 4;  // from the job's start to the stage's submission, and to the first launch

  struct Slot {
    std::int64_t free = 0;
    std::int64_t gone = 0;
    ExecutorRow executor;
  };
  struct Queued {
    std::int64_t ready = 0;
    std::size_t task = 0;
    std::int64_t attempt = 0;
  };

  void AddExecutor(const RunExecutor& executor) {
    const std::string id = std::to_string(m_.executors.size() + 1);
    const ExecutorRow row = PutExecutor(m_, id, executor.cores, executor.added, executor.removed, executor.reason);
    const std::int64_t gone = executor.removed == kMissing ? INT64_MAX : executor.removed;
    for (std::int64_t slot = 0; slot < executor.cores; ++slot) slots_.push_back({executor.added, gone, row});
  }

  std::int64_t AddJob(const RunJob& job, std::int64_t start) {
    const auto number = static_cast<std::int64_t>(m_.jobs.size());
    const JobRow job_row = PutJob(m_, {.id = number, .start = start});
    const StageRow stage = PutStage(m_, {.id = number,
                                         .tasks = static_cast<std::int64_t>(job.tasks.size()),
                                         .submitted = start + kSubmit,
                                         .job = job_row});
    std::vector<Queued> queue;
    for (std::size_t i = 0; i < job.tasks.size(); ++i) queue.push_back({start + 2 * kSubmit, i, 0});
    std::int64_t last = start + 2 * kSubmit;
    while (!queue.empty()) {
      // The task that can begin first, on the slot that lets it.
      std::size_t best_task = 0;
      std::size_t best_slot = 0;
      std::int64_t best = INT64_MAX;
      for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        for (std::size_t i = 0; i < queue.size(); ++i) {
          const std::int64_t begin = std::max(slots_[slot].free, queue[i].ready);
          if (begin >= slots_[slot].gone || begin >= best) continue;
          best = begin;
          best_task = i;
          best_slot = slot;
        }
      }
      const Queued next = queue[best_task];
      queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(best_task));
      const RunTask& task = job.tasks[next.task];
      const bool fails = task.fails_after > 0 && next.attempt == 0;
      const std::int64_t end = best + (fails ? task.fails_after : task.ms);
      slots_[best_slot].free = end;
      AddTask(task, next, stage, slots_[best_slot].executor, best, end, fails);
      if (fails) queue.push_back({end, next.task, 1});
      last = std::max(last, end);
    }
    m_.stages.completed.Set(stage.index, last);
    m_.jobs.end.Set(job_row.index, last + job.collect);
    m_.jobs.stages.Mutable(job_row.index) = {stage};
    return last + job.collect;
  }

  void AddTask(const RunTask& task, const Queued& queued, StageRow stage, ExecutorRow executor, std::int64_t begin,
               std::int64_t end, bool fails) {
    AttemptCells cells{.id = next_id_++,
                       .index = static_cast<std::int64_t>(queued.task),
                       .attempt = queued.attempt,
                       .stage = stage,
                       .executor = executor,
                       .launch = begin,
                       .finish = end,
                       .reason = fails ? EndReason::ExceptionFailure : EndReason::Success};
    if (task.metrics && !fails) {
      const std::int64_t run = end - begin - task.delay;
      cells.run_time = run;
      cells.cpu_time = (run - task.gc - task.fetch - task.off_cpu) * 1'000'000;
      cells.gc_time = task.gc;
      cells.fetch_wait_time = task.fetch;
      cells.scheduler_delay = task.delay;
      cells.shuffle_write_time = 0;
      cells.disk_bytes_spilled = task.spilled;
      cells.input_bytes = task.bytes;
    }
    PutTask(m_, cells);
  }

  const RunSpec& spec_;
  JobModel m_;
  std::vector<Slot> slots_;
  std::int64_t next_id_ = 0;
};

inline JobModel MakeRun(const RunSpec& spec) { return PretendedRun(spec).Make(); }

// ms of an account, or of a part.
inline double Wall(const JobModel& m, Account account) { return static_cast<double>(m.ledger[account].us) / 1000; }
inline double Wall(const JobModel& m, LedgerPart part) {
  std::int64_t us = 0;
  for (const LedgerEntry& entry : m.ledger.entries) us += entry.part == part ? entry.us : 0;
  return static_cast<double>(us) / 1000;
}

}  // namespace advise::test
