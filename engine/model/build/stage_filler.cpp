// Rows of jobs and stage attempts, and the RDDs that stages list.
#include "model/build/stage_filler.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "model/build/cells.h"
#include "model/task_times.h"
#include "support/saturating.h"

namespace advise::model {

// ---------------------------------------------------------------- jobs
void StageFiller::Fill(JobRow job, const JobStart& event) {
  const std::size_t row = job.index;
  StringPool& strings = model_.strings;
  JobTable& t = model_.jobs;
  if (sql_of_job_.size() <= row) sql_of_job_.resize(row + 1, kMissing);
  sql_of_job_[row] = event.sql_execution;
  if (event.sql_execution != kMissing) rows_.Sql(event.sql_execution);  // its own start may not be in the log
  // 0 and negative: not in the log (Spark before 1.3).
  if (event.time > 0) t.start.Set(row, event.time);
  SeeTime(model_.app, event.time);
  SetKnown(strings, t.description, row, event.description);
  SetKnown(strings, t.group, row, event.group);
  SetKnown(strings, t.pool, row, event.pool);
  SetKnown(strings, t.call_site, row, event.call_site);
  if (event.tags) {
    std::set<std::string_view> tags;
    for (std::size_t at = 0; at <= event.tags->size();) {
      const std::size_t comma = std::min(event.tags->find(',', at), event.tags->size());
      if (comma > at) tags.insert(event.tags->substr(at, comma - at));
      at = comma + 1;
    }
    for (const std::string_view tag : tags) t.tags.Mutable(row).push_back(strings.Intern(tag));
  }
  t.stage_ids.Mutable(row) = event.stage_ids;
  std::int64_t tasks = 0;
  bool told = !model_.excerpt || !event.stages.empty();
  const StageInfo* last = nullptr;
  for (const StageInfo& info : event.stages) {
    if (info.id == kMissing) continue;
    if (last == nullptr || info.id >= last->id) last = &info;
    told = told && (!model_.excerpt || info.task_count != kMissing);
    if (info.completed == kMissing) tasks = SaturatingAdd(tasks, KnownOrZero(info.task_count));
  }
  if (last != nullptr) SetTold(model_, t.name, row, last->name);
  if (told) t.task_count.Set(row, tasks);
}

void StageFiller::Fill(JobRow job, const JobEnd& event) {
  const std::size_t row = job.index;
  JobTable& t = model_.jobs;
  t.status.Set(row, !event.has_result ? JobStatus::Unknown
                    : event.succeeded ? JobStatus::Succeeded
                                      : JobStatus::Failed);
  if (event.time > 0) t.end.Set(row, event.time);
  if (!event.succeeded && !event.failure.empty()) t.failure.Set(row, model_.strings.Intern(Shorten(event.failure)));
  SeeTime(model_.app, event.time);
}

// ---------------------------------------------------------------- stages
void StageFiller::Announce(JobRow job, StageRow row, const StageInfo& info) {
  if (!model_.stages.submitted_flag.Get(row.index)) FillInfo(row, info);
  if (!model_.stages.job.Has(row.index)) model_.stages.job.Set(row.index, job);
}

void StageFiller::Fill(StageRow stage, const StageSubmitted& event, std::span<const JobRow> jobs) {
  const std::size_t row = stage.index;
  StageTable& t = model_.stages;
  FillInfo(stage, event.info);
  t.submitted_flag.Set(row, true);
  SetKnown(model_.strings, t.scheduling_pool, row, event.pool);
  SetKnown(model_.strings, t.description, row, event.description);
  for (const JobRow job : jobs) {
    model_.jobs.stages.Mutable(job.index).push_back(stage);
    t.job_list.Mutable(row).push_back(job);
  }
  if (!jobs.empty()) t.job.Set(row, *std::min_element(jobs.begin(), jobs.end()));
}

void StageFiller::Fill(StageRow stage, const StageCompleted& event) {
  const std::size_t row = stage.index;
  FillInfo(stage, event.info);
  KeepNamed(model_.strings, model_.stage_accumulators, row, event.info.accumulators);
  if (!event.info.totals.empty() && !model_.stages.first_launch.Has(row))
    model_.stage_totals.push_back({stage, event.info.totals});
  model_.stages.submitted_flag.Set(row, true);
  if (event.info.failure) SetTold(model_, model_.stages.failure_reason, row, Shorten(*event.info.failure));
}

void StageFiller::FillInfo(StageRow stage, const StageInfo& info) {
  const std::size_t row = stage.index;
  StageTable& t = model_.stages;
  SetTold(model_, t.name, row, info.name);
  SetTold(model_, t.details, row, Shorten(info.details));
  SetKnown(t.task_count, row, info.task_count);
  SetKnown(t.submitted, row, info.submitted);
  SetKnown(t.completed, row, info.completed);
  SetKnown(t.resource_profile, row, info.resource_profile);
  if (info.push_enabled) t.shuffle_push_enabled.Set(row, *info.push_enabled);
  SetKnown(t.shuffle_mergers_count, row, info.mergers);
  if (!t.scheduling_pool.Has(row)) t.scheduling_pool.Set(row, model_.strings.Intern("default"));
  t.parent_ids.Mutable(row) = info.parent_ids;
  std::vector<std::int64_t>& rdd_ids = t.rdd_ids.Mutable(row);
  rdd_ids.clear();
  bool barrier = false;
  for (const RddInfo& rdd : info.rdds) {
    Merge(rdd);
    if (rdd.id != kMissing) rdd_ids.push_back(rdd.id);
    barrier |= rdd.barrier;
  }
  t.barrier.Set(row, barrier);
  SeeTime(model_.app, info.submitted);
  SeeTime(model_.app, info.completed);
}

void StageFiller::Merge(const RddInfo& info) {
  if (info.id == kMissing) return;
  const auto [found, fresh] = rdds_.try_emplace(info.id, static_cast<std::uint32_t>(model_.rdds.size()));
  if (fresh) model_.rdds.emplace_back();
  RawRdd& rdd = model_.rdds[found->second];
  if (fresh) {
    StringPool& strings = model_.strings;
    rdd.id = info.id;
    rdd.name = strings.Intern(info.name);
    if (!info.scope_id.empty()) rdd.scope_id = strings.Intern(info.scope_id);
    if (!info.scope_name.empty()) rdd.scope_name = strings.Intern(info.scope_name);
    if (!info.call_site.empty()) rdd.call_site = strings.Intern(info.call_site);
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

// ---------------------------------------------------------------- the end
void StageFiller::Finish() {
  JobTable& jobs = model_.jobs;
  for (std::size_t row = 0; row < jobs.size(); ++row) {
    if (jobs.start.Has(row) && jobs.end.Has(row)) jobs.duration.Set(row, jobs.end.Get(row) - jobs.start.Get(row));
    if (!jobs.task_count.Has(row) && !model_.excerpt) jobs.task_count.Set(row, 0);
    std::vector<StageRow>& listed = jobs.stages.Mutable(row);
    std::sort(listed.begin(), listed.end());
    const std::int64_t sql = row < sql_of_job_.size() ? sql_of_job_[row] : kMissing;
    if (sql != kMissing) jobs.sql_execution.Set(row, rows_.FindSql(sql));
  }
  StageTable& t = model_.stages;
  for (std::size_t row = 0; row < t.size(); ++row) {
    if (t.submitted.Has(row) && t.completed.Has(row)) t.duration.Set(row, t.completed.Get(row) - t.submitted.Get(row));
    const JobRow job = t.job.Get(row);
    if (!job.valid()) continue;
    const SqlRow sql = jobs.sql_execution.Get(job.index);
    if (!sql.valid()) continue;
    t.sql_execution.Set(row, sql);
    // AQE submits query stages from pool threads: their own description is that of the execution.
    if (!t.description.Has(row) && model_.sql_executions.description.Has(sql.index)) {
      t.description.Set(row, model_.sql_executions.description.Get(sql.index));
    }
  }
  std::sort(model_.rdds.begin(), model_.rdds.end(), [](const RawRdd& a, const RawRdd& b) { return a.id < b.id; });
  std::stable_sort(model_.stage_accumulators.begin(), model_.stage_accumulators.end(),
                   [](const UserAccumulator& a, const UserAccumulator& b) { return a.row < b.row; });
}

}  // namespace advise::model
