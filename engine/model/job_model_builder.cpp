// Keeps the counts of jobs, stages and executors as Spark's AppStatusListener.scala does (Spark 4.x: what its history
// server shows), because they depend on the order of events: a stage is "live" from its first mention until it
// completed and its last task ended; only live stages count tasks for their jobs.
#include "model/job_model_builder.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "model/derive/derive.h"
#include "model/task_times.h"

namespace advise::model {
namespace {

// Long texts of the log (stack traces, failure messages) are cut: they are shown, not searched.
constexpr std::size_t kMaxMessage = 4096;

std::string_view Shorten(std::string_view text) {
  if (text.size() <= kMaxMessage) return text;
  std::size_t end = kMaxMessage;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a code point
  return text.substr(0, end);
}

struct StageState {
  bool live = false;
  StageStatus status = StageStatus::Pending;
  std::int64_t active = 0;
  std::int64_t completed = 0;
  std::int64_t completed_indices = 0;
  std::int64_t failed = 0;
  std::int64_t killed = 0;
  std::vector<bool> index_done;  // freed when the stage is no longer live
  std::vector<std::uint32_t> jobs;
  std::map<std::string, std::int64_t, std::less<>> killed_summary;
  std::vector<std::string_view> excluded_executors;
  // Accumulators of this stage attempt in order of first appearance. Tasks of a stage update the same accumulators in
  // the same order, so the entry after the last hit is nearly always the next one.
  std::vector<AccumulatorTotal> accumulators;
  std::unordered_map<std::int64_t, std::uint32_t> accumulator_index;
};

struct JobState {
  bool live = false;
  std::int64_t sql_id = kMissing;
  std::unordered_set<std::int64_t> stage_ids;
  std::set<std::int64_t> completed_stages;
  std::set<std::int64_t> skipped_stages;
  std::int64_t active_tasks = 0;
  std::int64_t completed_tasks = 0;
  std::int64_t skipped_tasks = 0;
  std::int64_t failed_tasks = 0;
  std::int64_t killed_tasks = 0;
  std::int64_t completed_indices = 0;
  std::int64_t active_stages = 0;
  std::int64_t failed_stages = 0;
  std::unordered_map<std::int64_t, std::vector<bool>> index_done;  // by stage id
  std::map<std::string, std::int64_t, std::less<>> killed_summary;
  // Stages that it lists although they had completed before: Spark shows them as skipped in this job.
  std::vector<std::pair<std::int64_t, std::int64_t>> done_before;  // (stage id, tasks)
};

struct ExecutorState {
  bool live = false;
  std::int64_t active = 0;
  std::int64_t total = 0;
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  std::int64_t duration = 0;
  std::int64_t gc = 0;
  std::int64_t input = 0;
  std::int64_t shuffle_read = 0;
  std::int64_t shuffle_write = 0;
  std::set<std::int64_t> excluded_in_stages;
  std::int64_t rdd_blocks = 0;
  std::int64_t memory_used = 0;
  std::int64_t disk_used = 0;
  std::int64_t used_on_heap = 0;
  std::int64_t used_off_heap = 0;
};

// A task that has started and not ended.
struct RunningTask {
  TaskInfo info;  // its views are replaced by the rows below
  StageRow stage;
  ExecutorRow executor;
  HostRow host;
};

struct BlockState {  // of one RDD block, for rdd_blocks
  std::vector<std::uint32_t> executors;
};

bool SetOnce(std::vector<bool>& bits, std::int64_t index) {
  // Indices are positions in a task set: a hostile one must not allocate memory.
  if (index < 0 || index > 100'000'000) return false;
  const auto i = static_cast<std::size_t>(index);
  if (bits.size() <= i) bits.resize(std::max(i + 1, bits.size() * 2));
  if (bits[i]) return false;
  bits[i] = true;
  return true;
}

std::int64_t Known(std::int64_t value) { return value == kMissing ? 0 : value; }

}  // namespace

struct JobModelBuilder::Impl {
  explicit Impl(const Limits& given) : limits(given) { m.app.AddRow(); }

  Limits limits;
  JobModel m;
  BuilderCounts counts;

  std::unordered_map<std::int64_t, std::uint32_t> job_rows;
  std::vector<JobState> jobs;
  std::map<std::pair<std::int64_t, std::int64_t>, std::uint32_t> stage_rows;  // (id, attempt)
  std::vector<StageState> stages;
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> live_jobs_of_stage;  // stage id → live jobs that list it
  std::unordered_map<std::string, std::uint32_t> executor_rows;
  std::vector<ExecutorState> executors;
  std::unordered_map<std::string, std::uint32_t> host_rows;
  std::unordered_map<std::int64_t, std::uint32_t> sql_rows;
  std::vector<std::unordered_set<std::int64_t>> sql_known_metrics;
  std::map<std::int64_t, std::uint32_t> rdd_rows;  // id → index in m.rdds, which is sorted in Build
  std::unordered_set<std::int64_t> live_rdds;
  std::map<std::pair<std::int64_t, std::string>, BlockState> blocks;
  bool saw_block_updates = false;
  std::optional<RunPart> part;

  std::unordered_map<std::int64_t, RunningTask> running;
  std::vector<bool> ended_bits;                 // by task id, for the dense ids that Spark gives
  std::unordered_set<std::int64_t> ended_rest;  // ids that are not dense (hostile or cut logs)
  std::unordered_map<std::int64_t, std::int64_t> repeats;

  // One-entry caches: consecutive task events name the same few executors and stages.
  std::string last_executor_text;
  std::uint32_t last_executor_row = 0xffffffff;
  std::pair<std::int64_t, std::int64_t> last_stage_key{kMissing, kMissing};
  std::uint32_t last_stage_row = 0xffffffff;

  StringId Intern(std::string_view text) { return m.strings.Intern(text); }

  void SetText(StrColumn& column, std::size_t row, const Text& text) {
    if (text) column.Set(row, Intern(*text));
  }
  static void SetInt(IntColumn& column, std::size_t row, std::int64_t value) {
    if (value != kMissing) column.Set(row, value);
  }

  void SeeTime(std::int64_t time) {
    if (time == kMissing || time <= 0) return;
    AppTable& app = m.app;
    if (!app.last_event.Has(0) || time > app.last_event.Get(0)) app.last_event.Set(0, time);
    if (!app.first_event.Has(0) || time < app.first_event.Get(0)) app.first_event.Set(0, time);
  }

  // ------------------------------------------------------------ rows, created on first mention
  std::uint32_t HostRowOf(std::string_view name) {
    const auto [found, fresh] = host_rows.try_emplace(std::string(name), static_cast<std::uint32_t>(m.hosts.size()));
    if (fresh) m.hosts.name.Set(m.hosts.AddRow(), Intern(name));
    return found->second;
  }

  std::uint32_t ExecutorRowOf(std::string_view id) {
    if (last_executor_row != 0xffffffff && id == last_executor_text) return last_executor_row;
    const std::string_view name = id == "<driver>" ? std::string_view("driver") : id;  // Spark 1.x
    const auto [found, fresh] =
        executor_rows.try_emplace(std::string(name), static_cast<std::uint32_t>(m.executors.size()));
    if (fresh) {
      const std::size_t row = m.executors.AddRow();
      m.executors.id.Set(row, Intern(name));
      m.executors.is_driver.Set(row, name == "driver");
      executors.emplace_back();
      executors.back().live = true;
    }
    last_executor_text = id;
    last_executor_row = found->second;
    return found->second;
  }

  void SetHost(std::uint32_t executor, std::string_view host) {
    if (host.empty() || m.executors.host.Has(executor)) return;
    m.executors.host.Set(executor, HostRow(HostRowOf(host)));
  }

  void AddedAt(std::uint32_t executor, std::int64_t time) {
    if (time == kMissing || m.executors.added.Has(executor)) return;
    m.executors.added.Set(executor, time);
  }

  // nullopt beyond the limit.
  std::optional<std::uint32_t> StageRowOf(std::int64_t id, std::int64_t attempt) {
    const std::pair key{id, attempt};
    if (key == last_stage_key && last_stage_row != 0xffffffff) return last_stage_row;
    auto found = stage_rows.find(key);
    if (found == stage_rows.end()) {
      if (m.stages.size() >= limits.stages) {
        ++counts.too_many_stages;
        return std::nullopt;
      }
      const std::size_t row = m.stages.AddRow();
      m.stages.id.Set(row, id);
      m.stages.attempt.Set(row, attempt);
      m.stages.key.Set(row, Intern(std::to_string(id) + "." + std::to_string(attempt)));
      m.stages.submitted_flag.Set(row, false);
      stages.emplace_back();
      stages.back().live = true;
      found = stage_rows.emplace(key, static_cast<std::uint32_t>(row)).first;
    }
    last_stage_key = key;
    last_stage_row = found->second;
    return found->second;
  }

  std::uint32_t JobRowOf(std::int64_t id, bool& fresh) {
    const auto [found, inserted] = job_rows.try_emplace(id, static_cast<std::uint32_t>(m.jobs.size()));
    fresh = inserted;
    if (inserted) {
      const std::size_t row = m.jobs.AddRow();
      m.jobs.id.Set(row, id);
      m.jobs.status.Set(row, JobStatus::Running);
      jobs.emplace_back();
    }
    return found->second;
  }

  std::uint32_t SqlRowOf(std::int64_t id) {
    const auto [found, fresh] = sql_rows.try_emplace(id, static_cast<std::uint32_t>(m.sql_executions.size()));
    if (fresh) {
      const std::size_t row = m.sql_executions.AddRow();
      m.sql_executions.id.Set(row, id);
      m.sql_executions.plan_changes.Set(row, 0);
      m.raw_sql.emplace_back();
      sql_known_metrics.emplace_back();
    }
    return found->second;
  }

  // ------------------------------------------------------------ stages
  void MergeRdd(const RddInfo& info) {
    if (info.id == kMissing) return;
    const auto [found, fresh] = rdd_rows.try_emplace(info.id, static_cast<std::uint32_t>(m.rdds.size()));
    if (fresh) m.rdds.emplace_back();
    RawRdd& rdd = m.rdds[found->second];
    if (fresh) {
      rdd.id = info.id;
      rdd.name = Intern(info.name);
      if (!info.scope_id.empty()) rdd.scope_id = Intern(info.scope_id);
      if (!info.scope_name.empty()) rdd.scope_name = Intern(info.scope_name);
      if (!info.call_site.empty()) rdd.call_site = Intern(info.call_site);
      rdd.parents = info.parents;
      rdd.barrier = info.barrier;
    }
    // The storage level may be set after the first stage that lists the RDD.
    rdd.use_disk |= info.use_disk;
    rdd.use_memory |= info.use_memory;
    rdd.use_off_heap |= info.use_off_heap;
    rdd.deserialized |= info.deserialized;
    rdd.replication = std::max(rdd.replication, info.replication);
    rdd.partitions = std::max(rdd.partitions, info.partitions);
    // Counts are 0 until something was cached; the largest seen is kept.
    rdd.cached_partitions = std::max(rdd.cached_partitions, info.cached_partitions);
    rdd.memory = std::max(rdd.memory, info.memory);
    rdd.disk = std::max(rdd.disk, info.disk);
  }

  void ApplyInfo(std::uint32_t row, const StageInfo& info) {
    StageTable& t = m.stages;
    t.name.Set(row, Intern(info.name));
    t.details.Set(row, Intern(Shorten(info.details)));
    SetInt(t.task_count, row, info.task_count);
    SetInt(t.submitted, row, info.submitted);
    SetInt(t.completed, row, info.completed);
    SetInt(t.resource_profile, row, info.resource_profile);
    if (info.push_enabled) t.shuffle_push_enabled.Set(row, *info.push_enabled);
    SetInt(t.shuffle_mergers_count, row, info.mergers);
    if (!t.scheduling_pool.Has(row)) t.scheduling_pool.Set(row, Intern("default"));
    t.parent_ids.Mutable(row) = info.parent_ids;
    std::vector<std::int64_t>& rdd_ids = t.rdd_ids.Mutable(row);
    rdd_ids.clear();
    bool barrier = false;
    for (const RddInfo& rdd : info.rdds) {
      MergeRdd(rdd);
      if (rdd.id != kMissing) rdd_ids.push_back(rdd.id);
      barrier |= rdd.barrier;
    }
    t.barrier.Set(row, barrier);
    SeeTime(info.submitted);
    SeeTime(info.completed);
  }

  void EndStageIfDone(StageState& stage) {
    if (stage.active != 0) return;
    if (stage.status != StageStatus::Complete && stage.status != StageStatus::Failed &&
        stage.status != StageStatus::Skipped)
      return;
    stage.live = false;
    stage.index_done = {};
  }

  // ------------------------------------------------------------ tasks
  bool WasEnded(std::int64_t id) const {
    if (id >= 0 && static_cast<std::size_t>(id) < ended_bits.size()) return ended_bits[static_cast<std::size_t>(id)];
    return ended_rest.contains(id);
  }

  void MarkEnded(std::int64_t id) {
    // Dense ids live in a bitmap that may be at most 64 times as large as what was seen.
    const std::size_t bound = (m.tasks.size() + 1024) * 64;
    if (id >= 0 && static_cast<std::size_t>(id) < bound) {
      const auto i = static_cast<std::size_t>(id);
      if (ended_bits.size() <= i) {
        const std::size_t before = ended_bits.size();
        ended_bits.resize(std::max(i + 1, before + before / 2 + 4096));
        // Ids that were kept apart while the bitmap was small move in.
        for (auto it = ended_rest.begin(); it != ended_rest.end();) {
          if (*it >= 0 && static_cast<std::size_t>(*it) < ended_bits.size()) {
            ended_bits[static_cast<std::size_t>(*it)] = true;
            it = ended_rest.erase(it);
          } else {
            ++it;
          }
        }
      }
      ended_bits[i] = true;
    } else {
      ended_rest.insert(id);
    }
  }

  void AddUpdates(std::uint32_t stage_row, StageState& stage, std::span<const AccumulatorUpdate> updates) {
    std::size_t next = 0;
    for (const AccumulatorUpdate& update : updates) {
      if (next >= stage.accumulators.size() || stage.accumulators[next].accumulator != update.accumulator) {
        const auto [found, fresh] = stage.accumulator_index.try_emplace(
            update.accumulator, static_cast<std::uint32_t>(stage.accumulators.size()));
        if (fresh) stage.accumulators.push_back({update.accumulator, StageRow(stage_row)});
        next = found->second;
      }
      AccumulatorTotal& total = stage.accumulators[next];
      ++next;
      if (update.value < 0) {
        ++total.negative;
        continue;
      }
      total.min = total.count == 0 ? update.value : std::min(total.min, update.value);
      total.max = std::max(total.max, update.value);
      // Sums of hostile values wrap instead of being undefined.
      total.sum =
          static_cast<std::int64_t>(static_cast<std::uint64_t>(total.sum) + static_cast<std::uint64_t>(update.value));
      ++total.count;
    }
  }

  // The columns that a task has from its start on.
  void PushInfo(const TaskInfo& info, StageRow stage, ExecutorRow executor, HostRow host, std::int64_t repeat,
                bool started) {
    TaskTable& t = m.tasks;
    t.id.Push(info.id);
    t.repeat.Push(repeat);
    t.index.Push(info.index);
    t.attempt.Push(info.attempt);
    // -1 where Spark itself does not know the partition.
    t.partition.Push(info.partition < 0 ? kMissing : info.partition);
    t.stage.Push(stage);
    t.executor.Push(executor);
    t.host.Push(host);
    if (info.locality == kMissingEnum)
      t.locality.PushMissing();
    else
      t.locality.Push(static_cast<Locality>(info.locality));
    t.launch.Push(info.launch);
    t.speculative.Push(info.speculative);
    t.winner.Push(false);
    t.failure_class.PushMissing();
    t.failure_summary.PushMissing();
    t.started.Push(started);
  }

  void PushMetrics(const TaskEnd& end, std::int64_t duration, std::int64_t getting, const ExecutorMetrics* polled) {
    TaskTable& t = m.tasks;
#define ADVISE_PUSH(name) t.name.Push(end.metrics[static_cast<std::size_t>(TaskMetric::name)]);
    ADVISE_TASK_METRICS(ADVISE_PUSH)
#undef ADVISE_PUSH
    const auto metric = [&end](TaskMetric which) { return end.metrics[static_cast<std::size_t>(which)]; };
    const std::int64_t remote = metric(TaskMetric::shuffle_read_remote);
    const std::int64_t local = metric(TaskMetric::shuffle_read_local);
    t.shuffle_read.Push(remote == kMissing && local == kMissing ? kMissing : Known(remote) + Known(local));
    const std::int64_t run = metric(TaskMetric::run_time);
    t.getting_result_time.Push(getting);
    t.scheduler_delay.Push(SchedulerDelay(duration, run, metric(TaskMetric::deserialize_time),
                                          metric(TaskMetric::result_serialization_time), getting));
    t.off_cpu_time.Push(OffCpuTime(run, metric(TaskMetric::cpu_time), metric(TaskMetric::fetch_wait_time)));
    std::int64_t heap = kMissing;
    std::int64_t rss = kMissing;
    if (polled != nullptr) {
      const auto poll = [polled](ExecutorMetric which) { return (*polled)[static_cast<std::size_t>(which)]; };
      if (Known(poll(ExecutorMetric::JVMHeapMemory)) > 0) heap = poll(ExecutorMetric::JVMHeapMemory);
      const std::int64_t sum = Known(poll(ExecutorMetric::ProcessTreeJVMRSSMemory)) +
                               Known(poll(ExecutorMetric::ProcessTreePythonRSSMemory)) +
                               Known(poll(ExecutorMetric::ProcessTreeOtherRSSMemory));
      if (sum > 0) rss = sum;
    }
    t.peak_heap.Push(heap);
    t.peak_rss.Push(rss);
  }

  template <class Peaks>
  static void RaisePeaks(Peaks& peaks, std::size_t row, const ExecutorMetrics& polled) {
    std::size_t i = 0;
    const auto raise = [row, &polled, &i](IntColumn& column) {
      const std::int64_t value = polled[i++];
      if (value == kMissing) return;
      if (!column.Has(row) || column.Get(row) < value) column.Set(row, value);
    };
#define ADVISE_RAISE(Spark, suffix, unit, since) raise(peaks.peak_##suffix);
    ADVISE_EXECUTOR_METRICS(ADVISE_RAISE)
#undef ADVISE_RAISE
  }

  // ------------------------------------------------------------ SQL
  RawMetric Metric(const PlanMetric& metric) { return {Intern(metric.name), metric.accumulator, Intern(metric.type)}; }

  void KnowMetric(std::uint32_t sql, const RawMetric& metric) {
    if (metric.accumulator == kMissing) return;
    if (sql_known_metrics[sql].insert(metric.accumulator).second) m.raw_sql[sql].all_metrics.push_back(metric);
  }

  void KeepNamed(std::vector<UserAccumulator>& kept, std::size_t row, std::span<const NamedAccumulator> named) {
    for (const NamedAccumulator& accumulator : named) {
      kept.push_back({static_cast<std::uint32_t>(row), accumulator.id, Intern(accumulator.name),
                      accumulator.update.empty() ? StringId::None : Intern(accumulator.update),
                      Intern(accumulator.value)});
    }
  }

  RawPlan Plan(std::uint32_t sql, const std::vector<PlanNodeInfo>& nodes) {
    RawPlan plan;
    plan.reserve(nodes.size());
    for (const PlanNodeInfo& node : nodes) {
      RawPlanNode raw;
      raw.parent = node.parent;
      raw.name = Intern(node.name);
      raw.simple_string = Intern(node.simple_string);
      for (const auto& [key, value] : node.metadata) raw.metadata.emplace_back(Intern(key), Intern(value));
      for (const PlanMetric& metric : node.metrics) {
        if (metric.accumulator == kMissing) continue;
        raw.metrics.push_back(Metric(metric));
        KnowMetric(sql, raw.metrics.back());
      }
      plan.push_back(std::move(raw));
    }
    return plan;
  }

  void FillPairs(std::vector<StringId>& list, const TextPairs& pairs) {
    std::vector<std::string> texts;
    texts.reserve(pairs.size());
    for (const auto& [key, value] : pairs) texts.push_back(std::string(key) + "=" + std::string(value));
    std::sort(texts.begin(), texts.end());
    list.clear();
    for (const std::string& text : texts) list.push_back(Intern(text));
  }

  void FillCounts(std::vector<StringId>& list, const std::map<std::string, std::int64_t, std::less<>>& summary) {
    for (const auto& [reason, count] : summary) list.push_back(Intern(reason + "=" + std::to_string(count)));
  }

  // ------------------------------------------------------------ the end
  void AppendRunningTasks();
  void FinishJobs();
  void FinishStages();
  void FinishExecutors();
  void FinishSql();
  void FinishApp();
  void SortRdds();
  void CollectAccumulators();
};

JobModelBuilder::JobModelBuilder(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
JobModelBuilder::~JobModelBuilder() = default;

const JobModel& JobModelBuilder::model() const { return impl_->m; }
const BuilderCounts& JobModelBuilder::counts() const { return impl_->counts; }

void JobModelBuilder::SetEnvironment(Environment environment, std::string_view platform_version) {
  impl_->m.app.environment.Set(0, environment);
  if (!platform_version.empty()) impl_->m.app.platform_version.Set(0, impl_->Intern(platform_version));
}

void JobModelBuilder::SetVersionHint(std::string_view version) {
  if (impl_->m.app.spark.Has(0)) return;
  impl_->m.app.spark.Set(0, impl_->Intern(version));
  impl_->m.version = ParseSparkVersion(version);
}

// ---------------------------------------------------------------- application
void JobModelBuilder::On(const LogStart& event) {
  impl_->m.app.spark.Set(0, impl_->Intern(event.version));
  impl_->m.version = ParseSparkVersion(event.version);
}

void JobModelBuilder::On(const PlatformHint& event) {
  // A version of the vendor's first line stands for the LogStart that the log does not have.
  if (!event.version.empty()) SetVersionHint(event.version);
}

void JobModelBuilder::On(const ApplicationStart& event) {
  Impl& i = *impl_;
  AppTable& app = i.m.app;
  if (app.start.Has(0)) {
    ++i.counts.duplicates;
    return;
  }
  i.SetText(app.name, 0, event.name);
  i.SetText(app.id, 0, event.id);
  i.SetText(app.attempt, 0, event.attempt);
  i.SetText(app.user, 0, event.user);
  Impl::SetInt(app.start, 0, event.time);
  i.SeeTime(event.time);
  if (!event.driver_logs.empty() || !event.driver_attributes.empty()) {
    const std::uint32_t driver = i.ExecutorRowOf("driver");
    i.FillPairs(i.m.executors.log_urls.Mutable(driver), event.driver_logs);
    i.FillPairs(i.m.executors.attributes.Mutable(driver), event.driver_attributes);
  }
}

void JobModelBuilder::On(const ApplicationEnd& event) {
  Impl::SetInt(impl_->m.app.end, 0, event.time);
  Impl::SetInt(impl_->m.app.exit_code, 0, event.exit_code);
  impl_->SeeTime(event.time);
}

void JobModelBuilder::On(const EnvironmentUpdate& event) {
  JobModel& m = impl_->m;
  m.has_environment = true;
  const auto fill = [](Properties& properties, const TextPairs& pairs) {
    properties.clear();
    for (const auto& [key, value] : pairs) properties.insert_or_assign(std::string(key), std::string(value));
  };
  fill(m.spark_properties, event.spark);
  fill(m.hadoop_properties, event.hadoop);
  fill(m.system_properties, event.system);
  fill(m.jvm_information, event.jvm);
}

void JobModelBuilder::On(const ResourceProfileAdded& event) {
  if (event.id == kMissing) {
    ++impl_->counts.malformed;
    return;
  }
  RawResourceProfile profile;
  profile.id = event.id;
  for (const auto& [name, amount] : event.executor) profile.executor.push_back({impl_->Intern(name), amount});
  for (const auto& [name, amount] : event.task) profile.task.push_back({impl_->Intern(name), amount});
  std::erase_if(impl_->m.resource_profiles, [&event](const RawResourceProfile& p) { return p.id == event.id; });
  impl_->m.resource_profiles.push_back(std::move(profile));
}

// ---------------------------------------------------------------- executors
void JobModelBuilder::On(const ExecutorAdded& event) {
  Impl& i = *impl_;
  if (event.id.empty()) {
    ++i.counts.malformed;
    return;
  }
  const std::uint32_t row = i.ExecutorRowOf(event.id);
  ExecutorTable& t = i.m.executors;
  i.AddedAt(row, event.time);
  i.SetHost(row, event.host);
  Impl::SetInt(t.cores, row, event.cores);
  Impl::SetInt(t.resource_profile, row, event.resource_profile);
  Impl::SetInt(t.registration_time, row, event.registration_time);
  Impl::SetInt(t.request_time, row, event.request_time);
  i.FillPairs(t.log_urls.Mutable(row), event.log_urls);
  i.FillPairs(t.resources.Mutable(row), event.resources);
  i.FillPairs(t.attributes.Mutable(row), event.attributes);
  i.executors[row].live = true;
  t.removed.Clear(row);  // re-registered after it was thought dead
  t.remove_reason.Clear(row);
  i.SeeTime(event.time);
}

void JobModelBuilder::On(const ExecutorRemoved& event) {
  Impl& i = *impl_;
  if (event.id.empty()) {
    ++i.counts.malformed;
    return;
  }
  const std::uint32_t row = i.ExecutorRowOf(event.id);
  Impl::SetInt(i.m.executors.removed, row, event.time);
  i.SetText(i.m.executors.remove_reason, row, event.reason);
  i.executors[row].live = false;
  i.SeeTime(event.time);
}

void JobModelBuilder::On(const BlockManagerAdded& event) {
  Impl& i = *impl_;
  if (event.executor.empty()) {
    ++i.counts.malformed;
    return;
  }
  const std::uint32_t row = i.ExecutorRowOf(event.executor);
  ExecutorTable& t = i.m.executors;
  i.AddedAt(row, event.time);
  i.SetHost(row, event.host);
  if (event.port != kMissing && !event.host.empty()) {
    t.host_port.Set(row, i.Intern(std::string(event.host) + ":" + std::to_string(event.port)));
  }
  Impl::SetInt(t.memory, row, event.memory);
  if (event.on_heap != kMissing) {
    t.on_heap_memory.Set(row, event.on_heap);
    Impl::SetInt(t.off_heap_memory, row, event.off_heap);
    // SPARK-30594: a block manager that (re-)registers reports all its blocks again.
    i.executors[row].used_on_heap = 0;
    i.executors[row].used_off_heap = 0;
  }
  i.SeeTime(event.time);
}

void JobModelBuilder::On(const Exclusion& event) {
  Impl& i = *impl_;
  std::vector<std::uint32_t> rows;
  if (event.executor) rows.push_back(i.ExecutorRowOf(*event.executor));
  if (event.host) {
    for (std::uint32_t row = 0; row < i.m.executors.size(); ++row) {
      const HostRow host = i.m.executors.host.Get(row);
      if (host.valid() && i.executors[row].live && i.m.strings.Get(i.m.hosts.name.Get(host.index)) == *event.host)
        rows.push_back(row);
    }
  }
  for (const std::uint32_t row : rows) {
    if (event.excluded) i.m.executors.was_excluded.Set(row, true);
    if (event.stage_id == kMissing) {
      i.m.executors.is_excluded.Set(row, event.excluded);
    } else if (i.executors[row].live) {
      i.executors[row].excluded_in_stages.insert(event.stage_id);
    }
  }
}

void JobModelBuilder::On(const StageExecutorMetrics& event) {
  Impl& i = *impl_;
  if (!event.executor.empty()) {
    Impl::RaisePeaks(i.m.executors.peaks, i.ExecutorRowOf(event.executor), event.metrics);
  }
  const auto found = i.stage_rows.find({event.stage_id, event.stage_attempt});
  if (found != i.stage_rows.end() && i.stages[found->second].live)
    Impl::RaisePeaks(i.m.stages.peaks, found->second, event.metrics);
}

// ---------------------------------------------------------------- blocks
void JobModelBuilder::On(const UnpersistRdd& event) {
  if (event.rdd == kMissing) {
    ++impl_->counts.malformed;
    return;
  }
  impl_->m.unpersisted_rdds.push_back(event.rdd);
  impl_->live_rdds.erase(event.rdd);
}

void JobModelBuilder::On(const BlockUpdated& event) {
  Impl& i = *impl_;
  i.saw_block_updates = true;
  if (event.executor.empty() || (event.rdd == kMissing && !event.broadcast)) return;
  const std::uint32_t row = i.ExecutorRowOf(event.executor);
  ExecutorState& executor = i.executors[row];
  const bool valid = event.use_memory || event.use_disk;
  const std::int64_t memory = event.use_memory ? event.memory : -event.memory;
  const std::int64_t disk = event.use_disk ? event.disk : -event.disk;
  const auto add = [](std::int64_t& value, std::int64_t delta) { value = std::max<std::int64_t>(0, value + delta); };
  add(executor.memory_used, memory);
  add(executor.disk_used, disk);
  if (i.m.executors.on_heap_memory.Has(row))
    add(event.use_off_heap ? executor.used_off_heap : executor.used_on_heap, memory);
  if (event.rdd == kMissing || !i.live_rdds.contains(event.rdd)) return;
  BlockState& block = i.blocks[{event.rdd, std::string(event.block)}];
  const auto at = std::find(block.executors.begin(), block.executors.end(), row);
  if (valid && at == block.executors.end()) {
    block.executors.push_back(row);
    ++executor.rdd_blocks;
  } else if (!valid) {
    if (at != block.executors.end()) block.executors.erase(at);
    --executor.rdd_blocks;
  }
}

// ---------------------------------------------------------------- jobs and stages
void JobModelBuilder::On(const JobStart& event) {
  Impl& i = *impl_;
  if (event.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  bool fresh = false;
  const std::uint32_t row = i.JobRowOf(event.id, fresh);
  if (!fresh) {
    ++i.counts.duplicates;
    return;
  }
  JobState& job = i.jobs[row];
  JobTable& t = i.m.jobs;
  job.live = true;
  job.sql_id = event.sql_execution;
  if (event.sql_execution != kMissing) i.SqlRowOf(event.sql_execution);  // its own start may not be in the log
  // 0 and negative: not in the log (Spark before 1.3).
  if (event.time > 0) t.start.Set(row, event.time);
  i.SeeTime(event.time);
  i.SetText(t.description, row, event.description);
  i.SetText(t.group, row, event.group);
  i.SetText(t.pool, row, event.pool);
  i.SetText(t.call_site, row, event.call_site);
  if (event.tags) {
    std::set<std::string_view> tags;
    for (std::size_t at = 0; at <= event.tags->size();) {
      const std::size_t comma = std::min(event.tags->find(',', at), event.tags->size());
      if (comma > at) tags.insert(event.tags->substr(at, comma - at));
      at = comma + 1;
    }
    for (const std::string_view tag : tags) t.tags.Mutable(row).push_back(i.Intern(tag));
  }
  t.stage_ids.Mutable(row) = event.stage_ids;
  job.stage_ids.insert(event.stage_ids.begin(), event.stage_ids.end());
  for (const std::int64_t stage : job.stage_ids) i.live_jobs_of_stage[stage].push_back(row);

  std::int64_t tasks = 0;
  const StageInfo* last = nullptr;
  for (const StageInfo& info : event.stages) {
    if (info.id == kMissing) continue;
    if (last == nullptr || info.id >= last->id) last = &info;
    if (info.completed == kMissing) tasks += Known(info.task_count);
    const std::optional<std::uint32_t> stage_row = i.StageRowOf(info.id, info.attempt);
    if (!stage_row) continue;
    StageState& stage = i.stages[*stage_row];
    if (!stage.live) {
      job.done_before.emplace_back(info.id, Known(info.task_count));
      continue;
    }
    const bool started = i.m.stages.submitted_flag.Get(*stage_row);
    if (!started) i.ApplyInfo(*stage_row, info);
    stage.jobs.push_back(row);
    if (!i.m.stages.job.Has(*stage_row)) i.m.stages.job.Set(*stage_row, JobRow(row));
  }
  if (last != nullptr) t.name.Set(row, i.Intern(last->name));
  t.task_count.Set(row, tasks);
}

void JobModelBuilder::On(const JobEnd& event) {
  Impl& i = *impl_;
  if (event.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  bool fresh = false;
  const std::uint32_t row = i.JobRowOf(event.id, fresh);
  JobState& job = i.jobs[row];
  if (!fresh && !job.live) {
    ++i.counts.duplicates;
    return;
  }
  job.live = false;
  for (const std::int64_t id : job.stage_ids) {
    const auto live = i.live_jobs_of_stage.find(id);
    if (live != i.live_jobs_of_stage.end()) std::erase(live->second, row);
    // Stages that it announced and that nobody submitted: their output existed.
    for (auto at = i.stage_rows.lower_bound({id, 0}); at != i.stage_rows.end() && at->first.first == id; ++at) {
      StageState& stage = i.stages[at->second];
      if (!stage.live || stage.status != StageStatus::Pending || i.m.stages.submitted_flag.Get(at->second)) continue;
      stage.status = StageStatus::Skipped;
      stage.live = false;
      job.skipped_stages.insert(id);
      job.skipped_tasks += Known(i.m.stages.task_count.Get(at->second));
    }
  }
  for (const auto& [id, tasks] : job.done_before) {
    job.skipped_stages.insert(id);
    job.skipped_tasks += tasks;
  }
  JobTable& t = i.m.jobs;
  t.status.Set(row, !event.has_result ? JobStatus::Unknown
                    : event.succeeded ? JobStatus::Succeeded
                                      : JobStatus::Failed);
  if (event.time > 0) t.end.Set(row, event.time);
  if (!event.succeeded && !event.failure.empty()) t.failure.Set(row, i.Intern(Shorten(event.failure)));
  i.SeeTime(event.time);
}

void JobModelBuilder::On(const StageSubmitted& event) {
  Impl& i = *impl_;
  if (event.info.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::optional<std::uint32_t> found = i.StageRowOf(event.info.id, event.info.attempt);
  if (!found) return;
  const std::uint32_t row = *found;
  StageState& stage = i.stages[row];
  StageTable& t = i.m.stages;
  if (stage.status != StageStatus::Pending) {
    // The stage was skipped in one job and is computed for another (its output was lost): it lives again.
    if (stage.status != StageStatus::Skipped) {
      ++i.counts.duplicates;
      return;
    }
    stage.live = true;
  }
  i.ApplyInfo(row, event.info);
  t.submitted_flag.Set(row, true);
  stage.status = StageStatus::Active;
  if (event.pool) t.scheduling_pool.Set(row, i.Intern(*event.pool));
  i.SetText(t.description, row, event.description);
  const auto jobs = i.live_jobs_of_stage.find(event.info.id);
  stage.jobs = jobs != i.live_jobs_of_stage.end() ? jobs->second : std::vector<std::uint32_t>();
  for (const std::uint32_t job_row : stage.jobs) {
    JobState& job = i.jobs[job_row];
    job.completed_stages.erase(event.info.id);
    ++job.active_stages;
    i.m.jobs.stages.Mutable(job_row).push_back(StageRow(row));
    t.job_list.Mutable(row).push_back(JobRow(job_row));
  }
  if (!stage.jobs.empty()) t.job.Set(row, JobRow(*std::min_element(stage.jobs.begin(), stage.jobs.end())));
  for (const RddInfo& rdd : event.info.rdds) {
    if (rdd.use_disk || rdd.use_memory || rdd.use_off_heap) i.live_rdds.insert(rdd.id);
  }
}

void JobModelBuilder::On(const StageCompleted& event) {
  Impl& i = *impl_;
  if (event.info.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::optional<std::uint32_t> found = i.StageRowOf(event.info.id, event.info.attempt);
  if (!found) return;
  const std::uint32_t row = *found;
  StageState& stage = i.stages[row];
  if (stage.status == StageStatus::Complete || stage.status == StageStatus::Failed) {
    ++i.counts.duplicates;
    return;
  }
  i.ApplyInfo(row, event.info);
  i.KeepNamed(i.m.stage_accumulators, row, event.info.accumulators);
  StageTable& t = i.m.stages;
  t.submitted_flag.Set(row, true);
  if (event.info.failure) {
    t.failure_reason.Set(row, i.Intern(Shorten(*event.info.failure)));
    stage.status = StageStatus::Failed;
  } else if (event.info.submitted != kMissing) {
    stage.status = StageStatus::Complete;
  } else {
    stage.status = StageStatus::Skipped;
  }
  for (const std::uint32_t job_row : stage.jobs) {
    JobState& job = i.jobs[job_row];
    if (stage.status == StageStatus::Complete) {
      job.completed_stages.insert(event.info.id);
    } else if (stage.status == StageStatus::Skipped) {
      job.skipped_stages.insert(event.info.id);
      job.skipped_tasks += Known(event.info.task_count);
    } else {
      ++job.failed_stages;
    }
    --job.active_stages;
  }
  for (ExecutorState& executor : i.executors) executor.excluded_in_stages.erase(event.info.id);
  i.EndStageIfDone(stage);
}

// ---------------------------------------------------------------- tasks
void JobModelBuilder::On(const TaskStart& event) {
  Impl& i = *impl_;
  const TaskInfo& info = event.info;
  if (info.id == kMissing || info.stage_id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::optional<std::uint32_t> stage_row = i.StageRowOf(info.stage_id, info.stage_attempt);
  if (!stage_row) return;
  if (i.WasEnded(info.id) || i.running.contains(info.id)) {
    ++i.counts.duplicates;
    return;
  }
  RunningTask task;
  task.info = info;
  task.info.executor = {};
  task.info.host = {};
  task.stage = StageRow(*stage_row);
  if (!info.executor.empty()) {
    const std::uint32_t executor_row = i.ExecutorRowOf(info.executor);
    task.executor = ExecutorRow(executor_row);
    i.SetHost(executor_row, info.host);
    ExecutorState& executor = i.executors[executor_row];
    if (executor.live) {
      ++executor.active;
      ++executor.total;
    }
  }
  if (!info.host.empty()) task.host = HostRow(i.HostRowOf(info.host));
  i.running.emplace(info.id, task);
  StageTable& t = i.m.stages;
  if (info.launch != kMissing && (!t.first_launch.Has(*stage_row) || t.first_launch.Get(*stage_row) > info.launch)) {
    t.first_launch.Set(*stage_row, info.launch);
  }
  i.SeeTime(info.launch);
  StageState& stage = i.stages[*stage_row];
  t.submitted_flag.Set(*stage_row, true);
  if (!stage.live) return;
  ++stage.active;
  for (const std::uint32_t job : stage.jobs) ++i.jobs[job].active_tasks;
}

void JobModelBuilder::On(const TaskEnd& event, std::span<const AccumulatorUpdate> updates,
                         std::span<const ExecutorMetrics> executor_metrics, std::span<const NamedAccumulator> named) {
  Impl& i = *impl_;
  const TaskInfo& info = event.info;
  if (info.id == kMissing || info.stage_id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::optional<std::uint32_t> stage_found = i.StageRowOf(info.stage_id, info.stage_attempt);
  if (!stage_found) return;
  if (i.m.tasks.size() >= i.limits.tasks) {
    ++i.counts.too_many_tasks;
    return;
  }
  const std::uint32_t stage_row = *stage_found;
  const auto reason = static_cast<EndReason>(event.reason);
  const bool known_reason = event.reason != kMissingEnum;
  const bool resubmitted = known_reason && reason == EndReason::Resubmitted;
  const bool success = known_reason && reason == EndReason::Success;
  const bool killed = known_reason && (reason == EndReason::TaskKilled || reason == EndReason::TaskCommitDenied);

  std::int64_t repeat = 0;
  if (i.WasEnded(info.id)) {
    if (!resubmitted) {
      ++i.counts.duplicates;
      return;
    }
    repeat = ++i.repeats[info.id];
  }
  const auto started_at = i.running.find(info.id);
  const bool started = started_at != i.running.end();
  if (!started && !resubmitted) ++i.counts.ends_without_start;

  ExecutorRow executor_row;
  HostRow host_row;
  if (!info.executor.empty()) {
    executor_row = ExecutorRow(i.ExecutorRowOf(info.executor));
    i.SetHost(executor_row.index, info.host);
  }
  if (!info.host.empty()) {
    // Nearly always the executor's own host.
    const HostRow own = executor_row.valid() ? i.m.executors.host.Get(executor_row.index) : HostRow();
    host_row = own.valid() && i.m.strings.Get(i.m.hosts.name.Get(own.index)) == info.host
                   ? own
                   : HostRow(i.HostRowOf(info.host));
  }

  // ---- the row
  const std::int64_t finish = info.finish == kMissing || info.finish <= 0 ? kMissing : info.finish;
  const std::int64_t duration = finish == kMissing || info.launch == kMissing ? kMissing : finish - info.launch;
  TaskInfo row_info = info;
  // 3.3+ writes the partition in both events; an end may lack it after a re-write.
  if (row_info.partition == kMissing && started) row_info.partition = started_at->second.info.partition;
  i.PushInfo(row_info, StageRow(stage_row), executor_row, host_row, repeat, started);
  TaskTable& t = i.m.tasks;
  t.finish.Push(finish);
  t.duration.Push(duration);
  const std::int64_t fetch =
      info.getting_result == kMissing || info.getting_result <= 0 ? kMissing : info.getting_result;
  t.getting_result.Push(fetch);
  std::int64_t getting = kMissing;
  if (duration != kMissing) getting = fetch == kMissing ? 0 : finish - fetch;
  t.status.Push(success ? TaskStatus::Success : killed ? TaskStatus::Killed : TaskStatus::Failed);
  if (known_reason)
    t.end_reason.Push(reason);
  else
    t.end_reason.PushMissing();
  if (event.failure.empty())
    t.failure.PushMissing();
  else
    t.failure.Push(i.Intern(Shorten(event.failure)));
  t.succeeded.Push(success);
  t.failed.Push(!success && !killed);
  t.killed.Push(killed);
  t.running.Push(false);
  const ExecutorMetrics* polled = nullptr;
  if (event.executor_metrics >= 0) polled = &executor_metrics[static_cast<std::size_t>(event.executor_metrics)];
  i.PushMetrics(event, duration, getting, polled);
  if (polled != nullptr) {
    Impl::RaisePeaks(i.m.stages.peaks, stage_row, *polled);
    if (executor_row.valid()) Impl::RaisePeaks(i.m.executors.peaks, executor_row.index, *polled);
  }
  if (event.named_end > event.named_begin) {
    i.KeepNamed(i.m.task_accumulators, t.size() - 1,
                named.subspan(event.named_begin, event.named_end - event.named_begin));
  }
  if (repeat == 0) i.MarkEnded(info.id);
  if (started) i.running.erase(started_at);
  i.SeeTime(finish);
  i.SeeTime(info.launch);

  // ---- counts, as AppStatusListener.onTaskEnd
  StageState& stage = i.stages[stage_row];
  StageTable& stages = i.m.stages;
  stages.submitted_flag.Set(stage_row, true);
  if (!started && info.launch != kMissing &&
      (!stages.first_launch.Has(stage_row) || stages.first_launch.Get(stage_row) > info.launch)) {
    stages.first_launch.Set(stage_row, info.launch);
  }
  if (!resubmitted) {
    i.AddUpdates(stage_row, stage, updates.subspan(event.updates_begin, event.updates_end - event.updates_begin));
  }
  const std::int64_t active_delta = resubmitted ? 0 : 1;  // SPARK-41187: it has no TaskStart of its own
  if (stage.live) {
    stage.active -= active_delta;
    if (success) {
      ++stage.completed;
      if (SetOnce(stage.index_done, info.index)) ++stage.completed_indices;
    } else if (killed) {
      ++stage.killed;
      ++stage.killed_summary[std::string(event.kill_reason)];
    } else {
      ++stage.failed;
    }
    for (const std::uint32_t job_row : stage.jobs) {
      JobState& job = i.jobs[job_row];
      job.active_tasks -= active_delta;
      if (success) {
        ++job.completed_tasks;
        if (SetOnce(job.index_done[info.stage_id], info.index)) ++job.completed_indices;
      } else if (killed) {
        ++job.killed_tasks;
        ++job.killed_summary[std::string(event.kill_reason)];
      } else {
        ++job.failed_tasks;
      }
    }
    i.EndStageIfDone(stage);
  }
  if (executor_row.valid() && i.executors[executor_row.index].live) {
    ExecutorState& executor = i.executors[executor_row.index];
    executor.active -= active_delta;
    if (success) ++executor.completed;
    if (!success && !killed) ++executor.failed;
    if (!resubmitted) {
      executor.duration += Known(duration);
      const auto metric = [&event](TaskMetric which) { return Known(event.metrics[static_cast<std::size_t>(which)]); };
      executor.gc += metric(TaskMetric::gc_time);
      executor.input += metric(TaskMetric::input_bytes);
      executor.shuffle_read += metric(TaskMetric::shuffle_read_remote) + metric(TaskMetric::shuffle_read_local);
      executor.shuffle_write += metric(TaskMetric::shuffle_write);
    }
  }
}

// ---------------------------------------------------------------- SQL
void JobModelBuilder::On(const SqlStart& event) {
  Impl& i = *impl_;
  if (event.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::uint32_t row = i.SqlRowOf(event.id);
  SqlTable& t = i.m.sql_executions;
  if (t.start.Has(row)) {
    ++i.counts.duplicates;
    return;
  }
  // Before 3.4 the log does not say it; Spark's own server shows the execution itself.
  t.root_id.Set(row, event.root_id == kMissing ? event.id : event.root_id);
  Impl::SetInt(t.start, row, event.time);
  i.SetText(t.description, row, event.description);
  if (event.details) t.details.Set(row, i.Intern(Shorten(*event.details)));
  i.m.raw_sql[row].initial = i.Plan(row, event.plan);
  i.SetText(t.plan_description, row, event.plan_description);
  i.FillPairs(t.modified_conf.Mutable(row), event.modified_conf);
  i.SeeTime(event.time);
}

void JobModelBuilder::On(const SqlEnd& event) {
  Impl& i = *impl_;
  if (event.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::uint32_t row = i.SqlRowOf(event.id);
  Impl::SetInt(i.m.sql_executions.end, row, event.time);
  if (event.error && !event.error->empty()) i.m.sql_executions.error.Set(row, i.Intern(Shorten(*event.error)));
  i.SeeTime(event.time);
}

void JobModelBuilder::On(const SqlPlanUpdate& event) {
  Impl& i = *impl_;
  if (event.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::uint32_t row = i.SqlRowOf(event.id);
  IntColumn& changes = i.m.sql_executions.plan_changes;
  changes.Set(row, changes.Get(row) + 1);
  RawPlan plan = i.Plan(row, event.plan);
  if (!plan.empty()) i.m.raw_sql[row].last_update = std::move(plan);
  if (event.plan_description) i.SetText(i.m.sql_executions.plan_description, row, event.plan_description);
}

void JobModelBuilder::On(const SqlMetricUpdates& event) {
  Impl& i = *impl_;
  if (event.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::uint32_t row = i.SqlRowOf(event.id);
  for (const PlanMetric& metric : event.metrics) {
    if (metric.accumulator != kMissing) i.KnowMetric(row, i.Metric(metric));
  }
}

void JobModelBuilder::On(const DriverAccumUpdates& event) {
  Impl& i = *impl_;
  if (event.id == kMissing) {
    ++i.counts.malformed;
    return;
  }
  const std::uint32_t row = i.SqlRowOf(event.id);
  for (const AccumulatorUpdate& update : event.updates) {
    i.m.raw_sql[row].driver_updates.emplace_back(update.accumulator, update.value);
  }
}

// ---------------------------------------------------------------- the end
void JobModelBuilder::SetPart(RunPart part) { impl_->part = std::move(part); }

void JobModelBuilder::Impl::AppendRunningTasks() {
  std::vector<const RunningTask*> rest;
  rest.reserve(running.size());
  for (const auto& [id, task] : running) rest.push_back(&task);
  std::sort(rest.begin(), rest.end(),
            [](const RunningTask* a, const RunningTask* b) { return a->info.id < b->info.id; });
  counts.starts_without_end = rest.size();
  TaskEnd nothing;
  nothing.metrics.fill(kMissing);
  TaskTable& t = m.tasks;
  for (const RunningTask* task : rest) {
    PushInfo(task->info, task->stage, task->executor, task->host, 0, true);
    t.finish.PushMissing();
    t.duration.PushMissing();
    t.getting_result.PushMissing();
    t.status.Push(TaskStatus::Running);
    t.end_reason.PushMissing();
    t.failure.PushMissing();
    t.succeeded.Push(false);
    t.failed.Push(false);
    t.killed.Push(false);
    t.running.Push(true);
    PushMetrics(nothing, kMissing, kMissing, nullptr);
  }
}

void JobModelBuilder::Impl::FinishJobs() {
  JobTable& t = m.jobs;
  for (std::size_t row = 0; row < t.size(); ++row) {
    JobState& job = jobs[row];
    if (t.start.Has(row) && t.end.Has(row)) t.duration.Set(row, t.end.Get(row) - t.start.Get(row));
    if (!t.task_count.Has(row)) t.task_count.Set(row, 0);
    t.active_tasks.Set(row, job.active_tasks);
    t.completed_tasks.Set(row, job.completed_tasks);
    t.skipped_tasks.Set(row, job.skipped_tasks);
    t.failed_tasks.Set(row, job.failed_tasks);
    t.killed_tasks.Set(row, job.killed_tasks);
    t.completed_indices.Set(row, job.completed_indices);
    t.active_stages.Set(row, job.active_stages);
    t.completed_stages.Set(row, static_cast<std::int64_t>(job.completed_stages.size()));
    t.skipped_stages.Set(row, static_cast<std::int64_t>(job.skipped_stages.size()));
    t.failed_stages.Set(row, job.failed_stages);
    FillCounts(t.killed_tasks_summary.Mutable(row), job.killed_summary);
    std::vector<StageRow>& listed = t.stages.Mutable(row);
    std::sort(listed.begin(), listed.end());
    const auto sql = sql_rows.find(job.sql_id);
    if (job.sql_id != kMissing && sql != sql_rows.end()) t.sql_execution.Set(row, SqlRow(sql->second));
  }
}

void JobModelBuilder::Impl::FinishStages() {
  StageTable& t = m.stages;
  for (std::size_t row = 0; row < t.size(); ++row) {
    const StageState& stage = stages[row];
    t.status.Set(row, stage.status);
    t.active_tasks.Set(row, stage.active);
    t.completed_tasks.Set(row, stage.completed);
    t.completed_indices.Set(row, stage.completed_indices);
    t.failed_tasks.Set(row, stage.failed);
    t.killed_tasks.Set(row, stage.killed);
    FillCounts(t.killed_tasks_summary.Mutable(row), stage.killed_summary);
    if (t.submitted.Has(row) && t.completed.Has(row)) t.duration.Set(row, t.completed.Get(row) - t.submitted.Get(row));
    const JobRow job = t.job.Get(row);
    if (!job.valid()) continue;
    const SqlRow sql = m.jobs.sql_execution.Get(job.index);
    if (!sql.valid()) continue;
    t.sql_execution.Set(row, sql);
    // AQE submits query stages from pool threads: their own description is that of the execution.
    if (!t.description.Has(row) && m.sql_executions.description.Has(sql.index)) {
      t.description.Set(row, m.sql_executions.description.Get(sql.index));
    }
  }
}

void JobModelBuilder::Impl::FinishExecutors() {
  ExecutorTable& t = m.executors;
  const std::int64_t start = m.app.start.Get(0);
  for (std::size_t row = 0; row < t.size(); ++row) {
    const ExecutorState& e = executors[row];
    t.active_tasks.Set(row, std::max<std::int64_t>(0, e.active));
    t.total_tasks.Set(row, e.total);
    t.completed_tasks.Set(row, e.completed);
    t.failed_tasks.Set(row, e.failed);
    t.total_duration.Set(row, e.duration);
    t.gc_time.Set(row, e.gc);
    t.input_bytes.Set(row, e.input);
    t.shuffle_read_bytes.Set(row, e.shuffle_read);
    t.shuffle_write_bytes.Set(row, e.shuffle_write);
    t.is_active.Set(row, !t.removed.Has(row));
    if (!t.is_excluded.Has(row)) t.is_excluded.Set(row, false);
    if (!t.was_excluded.Has(row)) t.was_excluded.Set(row, false);
    for (const std::int64_t stage : e.excluded_in_stages) t.excluded_in_stages.Mutable(row).push_back(stage);
    if (!t.host_port.Has(row) && t.host.Has(row)) t.host_port.Set(row, m.hosts.name.Get(t.host.Get(row).index));
    if (saw_block_updates) {
      t.rdd_blocks.Set(row, std::max<std::int64_t>(0, e.rdd_blocks));
      t.memory_used.Set(row, e.memory_used);
      t.disk_used.Set(row, e.disk_used);
      t.used_on_heap_memory.Set(row, e.used_on_heap);
      t.used_off_heap_memory.Set(row, e.used_off_heap);
    }
    if (start != kMissing && t.added.Has(row) && t.added.Get(row) < start && !t.is_driver.Get(row))
      ++counts.executors_before_application;
  }
}

void JobModelBuilder::Impl::FinishSql() {
  SqlTable& t = m.sql_executions;
  for (std::size_t row = 0; row < t.size(); ++row) {
    if (t.start.Has(row) && t.end.Has(row)) t.duration.Set(row, t.end.Get(row) - t.start.Get(row));
  }
}

void JobModelBuilder::Impl::FinishApp() {
  AppTable& app = m.app;
  if (app.start.Has(0)) app.first_event.Set(0, app.start.Get(0));
  if (!app.environment.Has(0)) app.environment.Set(0, Environment::Unknown);
  if (const std::optional<std::string_view> master = m.SparkProperty("spark.master"))
    app.master.Set(0, Intern(*master));
  const std::int64_t end = app.end.Has(0) ? app.end.Get(0) : app.last_event.Get(0);
  if (app.first_event.Has(0) && end != kMissing)
    app.duration.Set(0, std::max<std::int64_t>(0, end - app.first_event.Get(0)));
}

void JobModelBuilder::Impl::SortRdds() {
  std::sort(m.rdds.begin(), m.rdds.end(), [](const RawRdd& a, const RawRdd& b) { return a.id < b.id; });
}

void JobModelBuilder::Impl::CollectAccumulators() {
  std::size_t sum = 0;
  for (const StageState& stage : stages) sum += stage.accumulators.size();
  m.accumulators.reserve(sum);
  for (const StageState& stage : stages)
    m.accumulators.insert(m.accumulators.end(), stage.accumulators.begin(), stage.accumulators.end());
  std::sort(m.accumulators.begin(), m.accumulators.end(), [](const AccumulatorTotal& a, const AccumulatorTotal& b) {
    return std::pair(a.accumulator, a.stage) < std::pair(b.accumulator, b.stage);
  });
}

JobModel JobModelBuilder::Build() {
  Impl& i = *impl_;
  i.AppendRunningTasks();
  i.FinishJobs();
  i.FinishStages();
  i.FinishExecutors();
  i.FinishSql();
  i.FinishApp();
  i.SortRdds();
  i.CollectAccumulators();
  std::stable_sort(i.m.stage_accumulators.begin(), i.m.stage_accumulators.end(),
                   [](const UserAccumulator& a, const UserAccumulator& b) { return a.row < b.row; });
  JobModel model = std::move(i.m);
  if (i.part) CutToPart(model, *i.part);
  DeriveAll(model);
  if (i.part) RenameFirstGap(model);
  return model;
}

}  // namespace advise::model
