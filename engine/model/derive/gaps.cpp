// Gaps: times in which no task runs, and what the driver most likely did in them.
//
// A kind is decided by tests in a fixed order; the first that hits wins and leaves its evidence in words. Tests about a
// stretch of time (planning, collect, commit) hit if they cover at least half of the gap. The order is from what is
// certain to what is left over: nothing has run yet; the job before collected a broadcast; a write finishes; files were
// listed; a query is planned; a result is fetched; nothing will run any more; the driver's own code between jobs;
// unknown.
//
// A stretch in which a job begins while no executor is there makes two gaps: what the driver did before, and the wait
// of the job for executors.
#include <algorithm>
#include <string>
#include <unordered_map>

#include "model/critical_path.h"
#include "model/derive/derive.h"
#include "model/derive/sql_facts.h"
#include "model/derive/timeline.h"
#include "support/format.h"
#include "support/saturating.h"
#include "support/text.h"

namespace advise::model {
namespace {

std::string Ms(std::int64_t time) { return FormatTime(time); }
std::string JobText(const JobModel& model, JobRow job) { return "job " + std::to_string(model.jobs.id.Get(job.index)); }
std::string SqlText(const JobModel& model, SqlRow sql) {
  return "SQL execution " + std::to_string(model.sql_executions.id.Get(sql.index));
}

// ---------------------------------------------------------------- look-ups
// Which interval of a set covers all of a gap; of several the one that began last. Gaps must be asked in time order.
class InnermostCover {
 public:
  void Add(Interval interval, std::uint32_t index) { waiting_.push_back({interval, index}); }
  void Prepare() {
    std::sort(waiting_.begin(), waiting_.end(), [](const Item& a, const Item& b) {
      return a.interval.begin != b.interval.begin ? a.interval.begin < b.interval.begin : a.index < b.index;
    });
  }
  [[nodiscard]] std::optional<std::uint32_t> Find(Interval gap) {
    while (next_ < waiting_.size() && waiting_[next_].interval.begin <= gap.begin) open_.push_back(waiting_[next_++]);
    // One that ends before this gap does covers no later gap either.
    while (!open_.empty() && open_.back().interval.end < gap.end) open_.pop_back();
    if (open_.empty()) return std::nullopt;
    return open_.back().index;
  }

 private:
  struct Item {
    Interval interval;
    std::uint32_t index = 0;
  };
  std::vector<Item> waiting_;
  std::size_t next_ = 0;
  std::vector<Item> open_;  // by begin
};

// Jobs by time.
class JobTimes {
 public:
  explicit JobTimes(const JobTable& jobs) : jobs_(jobs) {
    for (std::size_t job = 0; job < jobs.size(); ++job) {
      if (!jobs.start.Has(job)) continue;
      by_start_.push_back(JobRow(job));
      if (jobs.end.Has(job)) by_end_.push_back(JobRow(job));
    }
    std::sort(by_start_.begin(), by_start_.end(),
              [&](JobRow a, JobRow b) { return std::pair(Start(a), a) < std::pair(Start(b), b); });
    std::sort(by_end_.begin(), by_end_.end(),
              [&](JobRow a, JobRow b) { return std::pair(End(a), a) < std::pair(End(b), b); });
  }

  // The job that ended last of those that began before the gap and ended before it was over: the end of a job comes
  // some ms after its last task, hence inside the gap that follows it.
  [[nodiscard]] JobRow After(Interval gap) const {
    auto one = std::upper_bound(by_end_.begin(), by_end_.end(), gap.end,
                                [&](std::int64_t time, JobRow job) { return time < End(job); });
    while (one != by_end_.begin()) {
      --one;
      if (Start(*one) < gap.begin) return *one;
    }
    return {};
  }
  // The first job that starts in or after the gap.
  [[nodiscard]] JobRow Before(Interval gap) const {
    const auto one = std::lower_bound(by_start_.begin(), by_start_.end(), gap.begin,
                                      [&](JobRow job, std::int64_t time) { return Start(job) < time; });
    return one == by_start_.end() ? JobRow() : *one;
  }

 private:
  [[nodiscard]] std::int64_t Start(JobRow job) const { return jobs_.start.Get(job.index); }
  [[nodiscard]] std::int64_t End(JobRow job) const { return jobs_.end.Get(job.index); }
  const JobTable& jobs_;
  std::vector<JobRow> by_start_;
  std::vector<JobRow> by_end_;
};

// SQL executions without jobs (DDL, commands): how much of a gap they fill. They may be nested; then the sum is capped.
class JoblessSql {
 public:
  JoblessSql(const JobModel& model, const std::vector<SqlFacts>& facts) {
    for (std::size_t sql = 0; sql < facts.size(); ++sql) {
      const bool known = model.sql_executions.start.Has(sql) && model.sql_executions.end.Has(sql);
      if (facts[sql].first_job.valid() || !known) continue;
      intervals_.push_back({model.sql_executions.start.Get(sql), model.sql_executions.end.Get(sql)});
    }
    std::sort(intervals_.begin(), intervals_.end(),
              [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  }
  // Of those that begin in the gap.
  [[nodiscard]] std::int64_t TimeIn(Interval gap) const {
    auto one = std::lower_bound(intervals_.begin(), intervals_.end(), gap.begin,
                                [](const Interval& i, std::int64_t time) { return i.begin < time; });
    std::int64_t sum = 0;
    for (; one != intervals_.end() && one->begin < gap.end; ++one) sum += Clip(*one, gap).length();
    return std::min(sum, gap.length());
  }

 private:
  std::vector<Interval> intervals_;
};

// ---------------------------------------------------------------- the tests
// One gap and its surroundings.
struct GapCase {
  const JobModel& model;
  const std::vector<SqlFacts>& facts;
  const JoblessSql& jobless;
  std::unordered_map<std::uint32_t, std::int64_t>& results;  // by job, see ResultOf
  Interval gap;
  bool first = false;  // no task ran before
  bool last = false;   // no task runs after
  JobRow after;
  JobRow before;
  bool waits = false;  // begins with a job that finds no executor
  SqlRow sql;          // open over all of it
  JobRow open_job;     // open over all of it
  bool no_executor = false;

  [[nodiscard]] SqlRow SqlOf(JobRow job) const {
    return job.valid() ? model.jobs.sql_execution.Get(job.index) : SqlRow();
  }
  [[nodiscard]] bool CoversHalf(Interval part) const {
    return part.end > part.begin && 2 * Clip(part, gap).length() >= gap.length();
  }
  // From the last task to the end of the SQL execution whose last job came before the gap; empty if there is none.
  [[nodiscard]] Interval EndOfQuery() const {
    const SqlRow query = SqlOf(after);
    if (!query.valid() || facts[query.index].last_job != after || !model.sql_executions.end.Has(query.index)) return {};
    return {gap.begin, model.sql_executions.end.Get(query.index)};
  }
};

using Evidence = std::optional<std::string>;

Evidence TestStartup(const GapCase& c) {
  if (!c.first || c.last) return std::nullopt;
  for (std::size_t row = 0; row < c.model.executors.size(); ++row) {
    if (c.model.executors.is_driver.Get(row) || !c.model.executors.added.Has(row)) continue;
    const std::int64_t wait = c.model.executors.added.Get(row) - c.gap.begin;
    if (wait > 0 && wait <= c.gap.length()) return "no task ran before; the first executor came after " + Ms(wait);
    break;
  }
  return "no task ran before";
}

Evidence TestBroadcast(const GapCase& c) {
  const SqlRow query = c.SqlOf(c.after);
  if (!query.valid() || !c.facts[query.index].has_broadcast || !CollectsBroadcast(c.model, c.after))
    return std::nullopt;
  const IntColumn& ends = c.model.sql_executions.end;
  if (ends.Has(query.index) && !c.CoversHalf({c.gap.begin, ends.Get(query.index)})) return std::nullopt;
  return JobText(c.model, c.after) + " right before it collected a broadcast of " + SqlText(c.model, query);
}

Evidence TestCommit(const GapCase& c) {
  if (!c.after.valid()) return std::nullopt;
  const SqlRow query = c.SqlOf(c.after);
  const Interval end = c.EndOfQuery();
  if (query.valid() && c.facts[query.index].writes && c.CoversHalf(end)) {
    return SqlText(c.model, query) + " writes, and ended " + Ms(end.length()) + " after its last task";
  }
  const std::string_view name = c.model.strings.Get(c.model.jobs.name.Get(c.after.index));
  if (!query.valid() && (name.starts_with("saveAs") || Contains(name, "SparkHadoopWriter"))) {
    return JobText(c.model, c.after) + " right before it wrote files (" + std::string(name) + ")";
  }
  return std::nullopt;
}

Evidence TestListing(const GapCase& c) {
  for (const JobRow job : {c.after, c.before}) {
    if (!job.valid()) continue;
    const JobTable& jobs = c.model.jobs;
    const StringId texts[] = {jobs.description.Get(job.index), jobs.name.Get(job.index), jobs.call_site.Get(job.index)};
    for (const StringId text : texts) {
      if (Contains(c.model.strings.Get(text), "Listing leaf files"))
        return JobText(c.model, job) + " beside it lists files";
    }
  }
  const SqlRow query = c.SqlOf(c.before);
  if (!query.valid() || c.facts[query.index].first_job != c.before) return std::nullopt;
  const std::int64_t metadata = c.facts[query.index].metadata_time;
  if (2 * metadata < c.gap.length()) return std::nullopt;
  return "the scans of " + SqlText(c.model, query) + " took " + Ms(metadata) + " for metadata";
}

Evidence TestPlanning(const GapCase& c) {
  const SqlRow next = c.SqlOf(c.before);
  if (next.valid() && c.facts[next.index].first_job == c.before && c.model.sql_executions.start.Has(next.index)) {
    const std::int64_t start = c.model.sql_executions.start.Get(next.index);
    if (c.CoversHalf({start, c.gap.end})) {
      return SqlText(c.model, next) + " began " + Ms(c.model.jobs.start.Get(c.before.index) - start) +
             " before its first job";
    }
  }
  if (next.valid() && next == c.SqlOf(c.after) && c.facts[next.index].adaptive) {
    return "between two query stages of " + SqlText(c.model, next) + ", which AQE planned again";
  }
  const std::int64_t jobless = c.jobless.TimeIn(c.gap);
  if (2 * jobless >= c.gap.length()) return "SQL executions without jobs filled " + Ms(jobless) + " of it";
  if (c.sql.valid() && !c.facts[c.sql.index].first_job.valid()) return SqlText(c.model, c.sql) + " ran no job";
  return std::nullopt;
}

// What the tasks of a job sent to the driver, in bytes. Several gaps may come after one job: each is added up once.
std::int64_t ResultOf(const GapCase& c, JobRow job) {
  const JobModel& model = c.model;
  const auto [known, fresh] = c.results.try_emplace(job.index, 0);
  if (!fresh) return known->second;
  std::int64_t& bytes = known->second;
  for (const StageRow stage : model.jobs.stages.Get(job.index)) {
    for (const TaskRow task : model.stages.winners.Get(stage.index)) {
      if (model.tasks.result_size.Has(task.index))
        bytes = SaturatingAdd(bytes, model.tasks.result_size.Get(task.index));
    }
  }
  return bytes;
}

Evidence TestCollect(const GapCase& c) {
  const SqlRow query = c.SqlOf(c.after);
  const Interval end = c.EndOfQuery();
  if (query.valid() && !c.facts[query.index].writes && c.CoversHalf(end)) {
    return SqlText(c.model, query) + " ended " + Ms(end.length()) + " after its last task";
  }
  if (!c.after.valid()) return std::nullopt;
  const std::int64_t job_end = c.model.jobs.end.Get(c.after.index);
  if (c.CoversHalf({c.gap.begin, job_end})) {
    return JobText(c.model, c.after) + " ended " + Ms(job_end - c.gap.begin) + " after its last task";
  }
  // The driver makes objects of what it collected, after the job: for Python some 10 MB/s.
  constexpr std::int64_t kLargeResult = std::int64_t{16} << 20;
  const std::int64_t result = ResultOf(c, c.after);
  if (result < kLargeResult) return std::nullopt;
  return JobText(c.model, c.after) + " right before it sent " + std::to_string(result >> 20) + " MiB to the driver";
}

Evidence TestTail(const GapCase& c) {
  if (!c.last || c.first) return std::nullopt;
  return "no task ran after it";
}

Evidence TestBetweenJobs(const GapCase& c) {
  if (!c.after.valid() || !c.before.valid() || c.open_job.valid() || c.no_executor) return std::nullopt;
  const std::string jobs = "between " + JobText(c.model, c.after) + " and " + JobText(c.model, c.before);
  return c.sql.valid() ? jobs + " of " + SqlText(c.model, c.sql) : jobs + ", no query open over it";
}

constexpr const char* kNoExecutor = "no executor was there";  // rules ask for it

Evidence TestWait(const GapCase& c) { return c.waits ? Evidence(kNoExecutor) : std::nullopt; }

// Never fails: says what is known.
Evidence TestUnknown(const GapCase& c) {
  if (c.no_executor) return kNoExecutor;
  if (c.open_job.valid()) return JobText(c.model, c.open_job) + " was open, none of its tasks running";
  return c.first && c.last ? "no task ran at all" : "nothing in the log tells";
}

struct Test {
  GapKind kind;
  Evidence (*test)(const GapCase&);
};
constexpr Test kTests[] = {
    {GapKind::Startup, TestStartup}, {GapKind::Unknown, TestWait},    {GapKind::Broadcast, TestBroadcast},
    {GapKind::Commit, TestCommit},   {GapKind::Listing, TestListing}, {GapKind::Planning, TestPlanning},
    {GapKind::Collect, TestCollect}, {GapKind::Tail, TestTail},       {GapKind::BetweenJobs, TestBetweenJobs},
    {GapKind::Unknown, TestUnknown},
};

// ---------------------------------------------------------------- the table
std::vector<Interval> FindGaps(const std::vector<Interval>& busy, Interval window) {
  std::vector<Interval> gaps;
  const auto add = [&](std::int64_t begin, std::int64_t end) {
    const Interval gap = Clip({begin, end}, window);
    if (gap.length() >= kMinGapMs) gaps.push_back(gap);
  };
  std::int64_t free_since = window.begin;
  for (const Interval& span : busy) {
    add(free_since, span.begin);
    free_since = std::max(free_since, span.end);
  }
  add(free_since, window.end);
  return gaps;
}

InnermostCover CoverOfSql(const JobModel& model, Interval window) {
  InnermostCover cover;
  const SqlTable& sql = model.sql_executions;
  for (std::uint32_t row = 0; row < sql.size(); ++row) {
    if (sql.start.Has(row)) cover.Add({sql.start.Get(row), sql.end.Has(row) ? sql.end.Get(row) : window.end}, row);
  }
  cover.Prepare();
  return cover;
}

InnermostCover CoverOfJobs(const JobModel& model, Interval window) {
  InnermostCover cover;
  const JobTable& jobs = model.jobs;
  for (std::uint32_t row = 0; row < jobs.size(); ++row) {
    if (jobs.start.Has(row)) cover.Add({jobs.start.Get(row), jobs.end.Has(row) ? jobs.end.Get(row) : window.end}, row);
  }
  cover.Prepare();
  return cover;
}

LevelTimeline ExecutorsPresent(const JobModel& model, Interval window) {
  std::vector<LevelTimeline::Presence> present;
  const ExecutorTable& executors = model.executors;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (!executors.runs_tasks.Get(row) || !executors.added.Has(row)) continue;
    const std::int64_t added = executors.added.Get(row);
    const std::int64_t end = executors.removed.Has(row) ? executors.removed.Get(row) : window.end;
    present.push_back({{added, std::max(added, end)}, 1});
  }
  return LevelTimeline(present);
}

struct GapPart {
  Interval time;
  bool waits = false;
};

// Cut where the next job begins, if no executor is there then.
std::vector<GapPart> CutAtWait(const JobModel& model, Interval gap, JobRow next, const LevelTimeline& executors) {
  if (!next.valid() || executors.max() == 0) return {{gap, false}};
  const std::int64_t start = model.jobs.start.Get(next.index);
  if (start >= gap.end - kMinGapMs || executors.Mean({start, start}) > 0) return {{gap, false}};
  if (start < gap.begin + kMinGapMs) return {{gap, true}};
  return {{{gap.begin, start}, false}, {{start, gap.end}, true}};
}

void AddRow(JobModel& model, const GapCase& c) {
  GapTable& gaps = model.gaps;
  const std::size_t row = gaps.AddRow();
  gaps.id.Set(row, static_cast<std::int64_t>(row));
  gaps.start.Set(row, c.gap.begin);
  gaps.duration.Set(row, c.gap.length());
  gaps.after_job.Set(row, c.after);
  gaps.before_job.Set(row, c.before);
  gaps.sql_execution.Set(row, c.sql);
  for (const Test& test : kTests) {
    const Evidence evidence = test.test(c);
    if (!evidence) continue;
    gaps.kind.Set(row, test.kind);
    gaps.evidence.Set(row, model.strings.Intern(*evidence));
    return;
  }
}

}  // namespace

void DeriveGaps(JobModel& model) {
  const std::optional<Interval> window = AppWindow(model);
  if (!window) return;
  std::vector<std::optional<Interval>> spans = TaskSpans(model);
  const std::vector<std::optional<Interval>> without_tasks = SpansWithoutTasks(model);
  spans.insert(spans.end(), without_tasks.begin(), without_tasks.end());
  const std::vector<Interval> busy = FindBusyTimes(spans).spans;
  const std::vector<SqlFacts> facts = CollectSqlFacts(model);
  const JoblessSql jobless(model, facts);
  const JobTimes jobs(model.jobs);
  const LevelTimeline executors = ExecutorsPresent(model, *window);
  std::unordered_map<std::uint32_t, std::int64_t> results;
  InnermostCover open_sql = CoverOfSql(model, *window);
  InnermostCover open_jobs = CoverOfJobs(model, *window);
  for (const Interval& gap : FindGaps(busy, *window)) {
    const bool first = busy.empty() || gap.begin < busy.front().begin;
    const bool last = busy.empty() || gap.end > busy.back().end;
    // the wait before the first task has its own words, and after the last one nothing tells what was waited for
    std::vector<GapPart> parts{{gap, false}};
    if (!first && !last) parts = CutAtWait(model, gap, jobs.Before(gap), executors);
    for (const auto& [time, waits] : parts) {
      GapCase c{model, facts,    jobless,  results, time, first, last, jobs.After(time), jobs.Before(time),
                waits, SqlRow(), JobRow(), false};
      if (const std::optional<std::uint32_t> sql = open_sql.Find(time)) c.sql = SqlRow(*sql);
      if (const std::optional<std::uint32_t> job = open_jobs.Find(time)) c.open_job = JobRow(*job);
      c.no_executor = executors.Mean(time) <= 0;
      AddRow(model, c);
    }
  }
}

}  // namespace advise::model
