// Spark's ids → rows of the tables, which are created on first mention.
#include "model/build/rows_by_id.h"

namespace advise::model {

HostRow RowsById::Host(std::string_view name) {
  const auto [found, fresh] = hosts_.try_emplace(std::string(name), static_cast<std::uint32_t>(model_.hosts.size()));
  if (fresh) model_.hosts.name.Set(model_.hosts.AddRow(), model_.strings.Intern(name));
  return HostRow(std::size_t{found->second});
}

HostRow RowsById::FindHost(std::string_view name) const {
  const auto found = hosts_.find(std::string(name));
  return found == hosts_.end() ? HostRow() : HostRow(std::size_t{found->second});
}

void RowsById::PlaceExecutor(ExecutorRow executor, std::string_view host) {
  if (host.empty() || model_.executors.host.Has(executor.index)) return;
  const HostRow row = Host(host);
  model_.executors.host.Set(executor.index, row);
  if (executors_on_.size() <= row.index) executors_on_.resize(row.index + 1);
  executors_on_[row.index].push_back(executor);
}

void RowsById::PlaceAgain(ExecutorRow executor) {
  if (dropped_.erase(executor.index) != 0)
    executors_on_[model_.executors.host.Get(executor.index).index].push_back(executor);
}

ExecutorRow RowsById::Executor(std::string_view id) {
  if (last_executor_.valid() && id == last_executor_text_) return last_executor_;
  const std::string_view name = id == "<driver>" ? std::string_view("driver") : id;
  const auto [found, fresh] =
      executors_.try_emplace(std::string(name), static_cast<std::uint32_t>(model_.executors.size()));
  if (fresh) {
    const std::size_t row = model_.executors.AddRow();
    model_.executors.id.Set(row, model_.strings.Intern(name));
    model_.executors.is_driver.Set(row, name == "driver");
  }
  last_executor_text_ = id;
  last_executor_ = ExecutorRow(std::size_t{found->second});
  return last_executor_;
}

StageRow RowsById::Stage(std::int64_t id, std::int64_t attempt) {
  const std::pair key{id, attempt};
  if (key == last_stage_key_ && last_stage_.valid()) return last_stage_;
  auto found = stages_.find(key);
  if (found == stages_.end()) {
    StageTable& stages = model_.stages;
    if (stages.size() >= most_stages_ || HasAllAttempts(id)) return {};
    ++attempts_[id];
    const std::size_t row = stages.AddRow();
    stages.id.Set(row, id);
    stages.attempt.Set(row, attempt);
    stages.key.Set(row, model_.strings.Intern(std::to_string(id) + "." + std::to_string(attempt)));
    stages.submitted_flag.Set(row, false);
    found = stages_.emplace(key, static_cast<std::uint32_t>(row)).first;
  }
  last_stage_key_ = key;
  last_stage_ = StageRow(std::size_t{found->second});
  return last_stage_;
}

bool RowsById::HasAllAttempts(std::int64_t stage_id) const {
  const auto found = attempts_.find(stage_id);
  return found != attempts_.end() && found->second >= most_attempts_;
}

StageRow RowsById::FindStage(std::int64_t id, std::int64_t attempt) const {
  const auto found = stages_.find({id, attempt});
  return found == stages_.end() ? StageRow() : StageRow(std::size_t{found->second});
}

JobRow RowsById::Job(std::int64_t id) {
  const auto [found, fresh] = jobs_.try_emplace(id, static_cast<std::uint32_t>(model_.jobs.size()));
  if (fresh) {
    const std::size_t row = model_.jobs.AddRow();
    model_.jobs.id.Set(row, id);
    model_.jobs.status.Set(row, JobStatus::Running);
  }
  return JobRow(std::size_t{found->second});
}

JobRow RowsById::FindJob(std::int64_t id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? JobRow() : JobRow(std::size_t{found->second});
}

SqlRow RowsById::Sql(std::int64_t id) {
  const auto [found, fresh] = sql_.try_emplace(id, static_cast<std::uint32_t>(model_.sql_executions.size()));
  if (fresh) {
    const std::size_t row = model_.sql_executions.AddRow();
    model_.sql_executions.id.Set(row, id);
    if (!model_.excerpt) model_.sql_executions.plan_changes.Set(row, 0);
    model_.raw_sql.emplace_back();
  }
  return SqlRow(std::size_t{found->second});
}

SqlRow RowsById::FindSql(std::int64_t id) const {
  const auto found = sql_.find(id);
  return found == sql_.end() ? SqlRow() : SqlRow(std::size_t{found->second});
}

}  // namespace advise::model
