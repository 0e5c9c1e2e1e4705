// Decides event by event what belongs to the chosen SQL execution or job: events come in log order, ids are learnt as
// they pass.
#include "ingest/selection.h"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace advise::ingest {

std::string Selection::Name() const {
  if (sql) return "SQL execution " + std::to_string(*sql);
  if (job) return "job " + std::to_string(*job);
  return {};
}

bool EventFilter::On(const model::SqlStart& event) {
  if (selection_.job) return true;
  known_.insert(event.id);
  if (event.id != *selection_.sql && event.root_id != *selection_.sql) return false;
  sql_.insert(event.id);
  if (event.id == *selection_.sql) {
    found_ = true;
    start_ = event.time;
  }
  return true;
}

bool EventFilter::On(const model::SqlEnd& event) {
  if (selection_.sql && event.id == *selection_.sql) end_ = event.time;
  return KeepsSql(event.id);
}

bool EventFilter::On(const model::JobStart& event) {
  if (selection_.job) {
    known_.insert(event.id);
    if (event.id != *selection_.job) return false;
    found_ = true;
    start_ = event.time;
    if (event.sql_execution != model::kMissing) sql_.insert(event.sql_execution);
  } else {
    if (event.sql_execution != model::kMissing) known_.insert(event.sql_execution);
    const bool first_seen = event.sql_execution == *selection_.sql && !found_;
    if (event.sql_execution != *selection_.sql && !sql_.contains(event.sql_execution)) return false;
    // The start of the execution is not in the log: its first job stands for it.
    if (first_seen) {
      found_ = true;
      start_ = event.time;
      sql_.insert(event.sql_execution);
    }
  }
  jobs_.insert(event.id);
  std::vector<std::int64_t>& stages = running_jobs_[event.id];
  stages = event.stage_ids;
  for (const model::StageInfo& stage : event.stages) stages.push_back(stage.id);
  return true;
}

bool EventFilter::On(const model::JobEnd& event) {
  running_jobs_.erase(event.id);
  if (selection_.job && event.id == *selection_.job) end_ = event.time;
  return jobs_.contains(event.id);
}

bool EventFilter::On(const model::StageSubmitted& event) {
  const bool listed = std::ranges::any_of(
      running_jobs_, [&](const auto& job) { return std::ranges::find(job.second, event.info.id) != job.second.end(); });
  if (listed) live_stages_.insert({event.info.id, event.info.attempt});
  return listed;
}

bool EventFilter::Keeps(const OtherEvent& event) {
  return std::visit(
      [this](const auto& e) {
        using E = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<E, model::SqlStart> || std::is_same_v<E, model::SqlEnd> ||
                      std::is_same_v<E, model::JobStart> || std::is_same_v<E, model::JobEnd> ||
                      std::is_same_v<E, model::StageSubmitted>) {
          return On(e);
        } else if constexpr (std::is_same_v<E, model::SqlPlanUpdate> || std::is_same_v<E, model::SqlMetricUpdates> ||
                             std::is_same_v<E, model::DriverAccumUpdates>) {
          return KeepsSql(e.id);
        } else if constexpr (std::is_same_v<E, model::StageCompleted>) {
          return IsLive(e.info);
        } else if constexpr (std::is_same_v<E, model::StageExecutorMetrics>) {
          return live_stages_.contains({e.stage_id, e.stage_attempt});
        } else {
          return !std::is_same_v<E, model::ApplicationEnd>;
        }
      },
      event);
}

model::RunPart EventFilter::part() const { return {start_, end_, {sql_.begin(), sql_.end()}}; }

std::string EventFilter::KnownIds() const {
  constexpr std::size_t kRanges = 20;
  std::string text;
  std::size_t ranges = 0;
  for (auto first = known_.begin(); first != known_.end();) {
    if (ranges++ == kRanges) return text + " …";
    auto last = first;
    auto next = std::next(first);
    while (next != known_.end() && *next == *last + 1) last = next++;
    text += (text.empty() ? "" : ", ") + std::to_string(*first);
    if (*last == *first + 1) text += ", " + std::to_string(*last);
    if (*last > *first + 1) text += ".." + std::to_string(*last);
    first = next;
  }
  return text;
}

}  // namespace advise::ingest
