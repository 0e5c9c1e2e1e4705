// The driver's time by what is open: a job, a query, nothing. Where a query is open without a job, the place among its
// jobs says what the driver does for it, and metrics of the plan limit what may be called listing, commit or broadcast.
#include "model/derive/ledger_driver.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "model/derive/sql_facts.h"

namespace advise::model::ledger {
namespace {

bool HasStream(const JobModel& model) {
  for (std::size_t sql = 0; sql < model.sql_executions.size(); ++sql) {
    if (model.sql_executions.stream.Has(sql)) return true;
  }
  return false;
}

// When the application's context could be told from the log to be there: its block manager.
std::int64_t ContextEnd(const JobModel& model, Interval window) {
  for (std::size_t row = 0; row < model.executors.size(); ++row) {
    if (model.executors.is_driver.Get(row) && model.executors.added.Has(row))
      return std::clamp(model.executors.added.Get(row), window.begin, window.end);
  }
  return window.begin;
}

// ---------------------------------------------------------------- the steps
class DriverSteps {
 public:
  DriverSteps(const JobModel& model, const std::vector<WorkPeriod>& work, Interval window)
      : model_(model),
        work_(work),
        window_(window),
        sql_(CollectSqlFacts(model)),
        interactive_(model.app.interactive.Get(0) && !model.part_of_run),
        streams_(HasStream(model)),
        context_end_(ContextEnd(model, window)),
        begun_jobs_(sql_.size()) {}

  DriverTimes Read() {
    CollectEvents();
    for (const SqlFacts& sql : sql_) {
      times_.budgets.push_back(sql.metadata_time);
      times_.budgets.push_back(std::max<std::int64_t>(0, sql.commit_time));
      times_.budgets.push_back(std::max<std::int64_t>(0, sql.broadcast_time));
    }
    Emit(window_.begin);
    for (std::size_t at = 0; at < events_.size();) {
      const std::int64_t time = events_[at].time;
      const bool idle = active_ == 0;
      for (; at < events_.size() && events_[at].time == time; ++at) Apply(events_[at]);
      if (interactive_ && idle && active_ > 0) times_.rests.push_back(time);
      Emit(time);
    }
    return std::move(times_);
  }

 private:
  // In this order within one moment: what ends, then what begins.
  enum class Kind : std::uint8_t { SqlEnd, WorkEnd, LastTask, ContextEnd, SqlBegin, WorkBegin, WorkPassed };
  struct Event {
    std::int64_t time = 0;
    Kind kind = Kind::ContextEnd;
    std::uint32_t row = 0;  // of sql_executions, or in work_
    auto operator<=>(const Event&) const = default;
  };
  enum Budget : std::uint32_t { kMetadata, kCommit, kBroadcast, kBudgets };

  [[nodiscard]] std::int64_t Inside(std::int64_t time) const { return std::clamp(time, window_.begin, window_.end); }

  void CollectEvents() {
    for (std::uint32_t row = 0; row < work_.size(); ++row) {
      const WorkPeriod& work = work_[row];
      if (work.end <= work.begin) {
        events_.push_back({work.begin, Kind::WorkPassed, row});
        continue;
      }
      first_work_ = std::min(first_work_, work.begin);
      last_work_ = std::max(last_work_, work.end);
      events_.push_back({work.begin, Kind::WorkBegin, row});
      events_.push_back({work.end, Kind::WorkEnd, row});
      if (work.last_task > work.begin) events_.push_back({std::min(work.last_task, work.end), Kind::LastTask, row});
    }
    const SqlTable& sql = model_.sql_executions;
    for (std::uint32_t row = 0; row < sql.size(); ++row) {
      if (!sql.start.Has(row)) continue;
      const std::int64_t begin = Inside(sql.start.Get(row));
      const std::int64_t end = Inside(sql.end.Has(row) ? sql.end.Get(row) : LastJobEnd(row));
      if (end <= begin) continue;
      events_.push_back({begin, Kind::SqlBegin, row});
      events_.push_back({end, Kind::SqlEnd, row});
    }
    events_.push_back({context_end_, Kind::ContextEnd, 0});
    std::ranges::sort(events_);
  }

  // Of a query without end in the log: nothing says that it was open any longer.
  [[nodiscard]] std::int64_t LastJobEnd(std::uint32_t row) const {
    std::int64_t end = model_.sql_executions.start.Get(row);
    for (const JobRow job : model_.sql_executions.jobs.Get(row)) {
      if (model_.jobs.end.Has(job.index)) end = std::max(end, model_.jobs.end.Get(job.index));
    }
    return end;
  }

  void Apply(const Event& event) {
    switch (event.kind) {
      case Kind::ContextEnd: return;
      case Kind::SqlBegin: open_.insert({event.time, event.row}); return;
      case Kind::SqlEnd: open_.erase({Inside(model_.sql_executions.start.Get(event.row)), event.row}); return;
      case Kind::WorkBegin:
        ++active_;
        if (work_[event.row].last_task > work_[event.row].begin) ++waiting_;
        return Begun(work_[event.row].job);
      case Kind::LastTask: --waiting_; return;
      case Kind::WorkEnd:
        --active_;
        last_ended_ = work_[event.row].job;
        return;
      case Kind::WorkPassed: last_ended_ = work_[event.row].job; return Begun(work_[event.row].job);
    }
  }

  void Begun(JobRow job) {
    if (const SqlRow sql = SqlOf(job); sql.valid()) ++begun_jobs_[sql.index];
  }

  [[nodiscard]] SqlRow SqlOf(JobRow job) const {
    return job.valid() ? model_.jobs.sql_execution.Get(job.index) : SqlRow();
  }

  void Emit(std::int64_t time) {
    DriverStep step{.time = time, .active = active_ > 0, .waiting = waiting_ > 0};
    Decide(step);
    if (!times_.steps.empty() && times_.steps.back().time == time) times_.steps.pop_back();
    times_.steps.push_back(step);
  }

  void Decide(DriverStep& step) const {
    if (step.active) {
      step.part = LedgerPart::Collect;
    } else if (!open_.empty()) {
      OfQuery(step, open_.rbegin()->second);
    } else if (step.time < first_work_ && !model_.part_of_run) {
      step.part = BeforeWork(step.time);
    } else if (interactive_) {
      step.part = LedgerPart::UserIdle;
    } else if (step.time < first_work_) {
      step.part = LedgerPart::Planning;
    } else if (step.time >= last_work_) {
      step.part = LedgerPart::End;
    } else {
      step.part = streams_ ? LedgerPart::BetweenBatches : LedgerPart::BetweenJobs;
    }
  }

  [[nodiscard]] LedgerPart BeforeWork(std::int64_t time) const {
    if (model_.app.start.Has(0) && time < context_end_) return LedgerPart::StartContext;
    if (interactive_) return LedgerPart::UserIdle;
    return model_.app.start.Has(0) ? LedgerPart::StartSetUp : LedgerPart::BeforeLog;
  }

  // A query is open and no job.
  void OfQuery(DriverStep& step, std::uint32_t row) const {
    const SqlFacts& sql = sql_[row];
    const auto limit = [&](LedgerPart part, Budget budget) {
      step.first = part;
      step.budget = row * kBudgets + budget;
    };
    if (step.time < first_work_ && !model_.part_of_run) {
      step.part = LedgerPart::StartPlanning;
    } else if (begun_jobs_[row] == 0) {
      step.part = LedgerPart::Planning;
      limit(LedgerPart::Listing, kMetadata);
    } else if (begun_jobs_[row] >= sql.jobs) {
      step.part = LedgerPart::Collect;
      if (sql.writes && sql.commit_time == kMissing) step.part = LedgerPart::Commit;
      if (sql.writes && sql.commit_time != kMissing) limit(LedgerPart::Commit, kCommit);
    } else if (last_ended_.valid() && SqlOf(last_ended_) == SqlRow(row) && CollectsBroadcast(model_, last_ended_)) {
      step.part = sql.broadcast_time == kMissing ? LedgerPart::Broadcast : LedgerPart::Planning;
      if (sql.broadcast_time != kMissing) limit(LedgerPart::Broadcast, kBroadcast);
    } else {
      step.part = LedgerPart::Planning;
    }
  }

  const JobModel& model_;
  const std::vector<WorkPeriod>& work_;
  Interval window_;
  std::vector<SqlFacts> sql_;
  bool interactive_;
  bool streams_;
  std::int64_t context_end_;
  std::int64_t first_work_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_work_ = std::numeric_limits<std::int64_t>::min();

  std::vector<Event> events_;
  std::set<std::pair<std::int64_t, std::uint32_t>> open_;  // queries, by begin
  std::vector<std::int64_t> begun_jobs_;
  std::int64_t active_ = 0;
  std::int64_t waiting_ = 0;
  JobRow last_ended_;
  DriverTimes times_;
};

}  // namespace

std::vector<WorkPeriod> FindWorkPeriods(const JobModel& model, const std::vector<std::int64_t>& last_end,
                                        Interval window) {
  const JobTable& jobs = model.jobs;
  const StageTable& stages = model.stages;
  std::vector<std::int64_t> last_of_job(jobs.size(), kMissing);
  std::vector<WorkPeriod> work;
  const auto add = [&](std::int64_t begin, std::int64_t last_task, std::int64_t end, JobRow job) {
    const Interval when = Clip({begin, std::max(begin, end)}, window);
    work.push_back({when.begin, std::clamp(last_task, when.begin, when.end), when.end, job});
  };
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    if (last_end[stage] == kMissing) continue;
    bool timed = false;
    const auto belongs_to = [&](JobRow job) {
      if (!job.valid() || !jobs.start.Has(job.index)) return;
      timed = true;
      last_of_job[job.index] = std::max(last_of_job[job.index], last_end[stage]);  // kMissing is the smallest
    };
    belongs_to(stages.job.Get(stage));
    for (const JobRow job : stages.job_list.Get(stage)) belongs_to(job);
    if (timed || !stages.first_launch.Has(stage)) continue;
    const std::int64_t first = stages.first_launch.Get(stage);
    const std::int64_t begin = stages.submitted.Has(stage) ? std::min(first, stages.submitted.Get(stage)) : first;
    add(begin, last_end[stage], last_end[stage], {});
  }
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    if (!jobs.start.Has(job)) continue;
    const std::int64_t begin = jobs.start.Get(job);
    const std::int64_t last = last_of_job[job];
    std::int64_t end = last == kMissing ? window.end : last;
    if (jobs.end.Has(job)) end = jobs.end.Get(job);
    add(begin, last == kMissing ? begin : last, end, JobRow(job));
  }
  return work;
}

DriverTimes ReadDriver(const JobModel& model, const std::vector<WorkPeriod>& work, Interval window) {
  return DriverSteps(model, work, window).Read();
}

}  // namespace advise::model::ledger
