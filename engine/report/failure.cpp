// Finds the job that tells most about the end, reads Spark's frame of words off its reason, counts how attempts failed.
#include "report/failure.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "model/derive/failures.h"
#include "report/cells.h"
#include "support/clean_text.h"

namespace advise::report {
namespace {

using model::JobModel;

constexpr std::size_t kReason = 140;  // columns of a printed reason

std::string TextOrNone(const JobModel& model, const model::StrColumn& column, std::size_t row) {
  return TextAt(model, column, row).value_or(std::string());
}

std::string_view FirstLine(std::string_view text) { return text.substr(0, text.find_first_of("\r\n")); }

// Digits at the start.
std::string_view Digits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
  return text.substr(0, n);
}

bool IsClassNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

// "com.nvidia.spark.rapids.jni.GpuSplitAndRetryOOM: GPU …" is "GpuSplitAndRetryOOM: GPU …": packages say nothing to a
// reader and fill the line.
std::string WithoutPackage(std::string_view text) {
  std::size_t last_dot = std::string_view::npos;
  std::size_t end = 0;
  while (end < text.size() && (IsClassNameChar(text[end]) || text[end] == '.')) {
    if (text[end] == '.') last_dot = end;
    ++end;
  }
  const bool is_class = last_dot != std::string_view::npos && last_dot + 1 < end && text[last_dot + 1] >= 'A' &&
                        text[last_dot + 1] <= 'Z' && (end == text.size() || text[end] == ':' || text[end] == ' ');
  return std::string(is_class ? text.substr(last_dot + 1) : text);
}

// One readable line: its first sentence, cut at a space where it is too long.
std::string Readable(std::string_view text) {
  constexpr std::size_t kSentence = 20;
  std::string clean = CleanText(WithoutPackage(text));
  std::ranges::replace(clean, '`', '\'');
  if (const std::size_t stop = clean.find(". ", kSentence); stop != std::string::npos) clean.resize(stop);
  std::size_t pos = 0;
  std::size_t columns = 0;
  std::size_t space = 0;
  while (pos < clean.size() && columns < kReason) {
    if (clean[pos] == ' ') space = pos;
    NextCodePoint(clean, pos);
    ++columns;
  }
  if (pos >= clean.size()) return clean;
  return clean.substr(0, space > clean.size() / 4 && space > 40 ? space : pos) + " …";
}

// "Job aborted due to stage failure: Task 51 in stage 34.0 failed 4 times, most recent failure: Lost task 51.3 in
// stage 34.0 (TID 3131) (host executor 0): java.lang.OutOfMemoryError: Java heap space" (DAGScheduler, TaskSetManager).
void ReadReason(std::string_view message, Failure& failure) {
  const std::string_view line = FirstLine(message);
  constexpr std::string_view kTask = "Task ";
  constexpr std::string_view kStage = " in stage ";
  constexpr std::string_view kFailed = " failed ";
  const std::size_t task = line.find(kTask);
  const std::size_t stage = line.find(kStage);
  const std::size_t failed = line.find(kFailed, stage == std::string_view::npos ? 0 : stage);
  if (task != std::string_view::npos && stage != std::string_view::npos && failed != std::string_view::npos &&
      task < stage) {
    const std::string_view number = Digits(line.substr(task + kTask.size()));
    const std::string_view id = Digits(line.substr(stage + kStage.size()));
    const std::string_view times = Digits(line.substr(failed + kFailed.size()));
    if (!number.empty() && !id.empty() && !times.empty()) {
      failure.task = "task " + std::string(number) + " of stage " + std::string(id) + " failed " + std::string(times) +
                     (times == "1" ? " time" : " times");
    }
  }
  failure.stopped = line.find("SparkContext was shut down") != std::string_view::npos;
  failure.reason = Readable(model::SummaryOfFailure(message));
}

// A job that was stopped because another one failed, or the application ended.
bool WasCancelled(const JobModel& model, std::size_t job) {
  return TextOrNone(model, model.jobs.failure, job).find("cancelled") != std::string::npos;
}

// Whether job a tells more about the end than job b: it failed by itself and b did not, or it failed later.
bool FailsLater(const JobModel& model, std::size_t a, std::size_t b) {
  const bool cancelled = WasCancelled(model, a);
  if (cancelled != WasCancelled(model, b)) return !cancelled;
  return IntegerAt(model.jobs.end, a).value_or(0) >= IntegerAt(model.jobs.end, b).value_or(0);
}

std::string JobName(const JobModel& model, std::size_t job) {
  const std::string what = TextOrNone(model, model.jobs.description, job);
  return "job " + std::to_string(model.jobs.id.Get(job)) +
         (CleanText(what).empty() ? "" : " (" + CleanText(what, 60) + ")");
}

// Where the job has no reason: that of a stage of it that failed, else the error of its SQL execution.
std::string ReasonOf(const JobModel& model, std::size_t job) {
  if (std::string own = TextOrNone(model, model.jobs.failure, job); !own.empty()) return own;
  for (const model::StageRow stage : model.jobs.stages.Get(job)) {
    if (std::string text = TextOrNone(model, model.stages.failure_reason, stage.index); !text.empty()) return text;
  }
  if (!model.jobs.sql_execution.Has(job)) return {};
  return TextOrNone(model, model.sql_executions.error, model.jobs.sql_execution.Get(job).index);
}

// The class of an exception without its package, or how Spark names the end: what attempts can be counted by.
std::string KindOf(const JobModel& model, std::size_t task) {
  using model::EndReason;
  const EndReason reason =
      model.tasks.end_reason.Has(task) ? model.tasks.end_reason.Get(task) : EndReason::UnknownReason;
  if (reason == EndReason::FetchFailed) return "fetch failed";
  if (reason == EndReason::ExecutorLostFailure) return "executor lost";
  const std::string message =
      model.tasks.failure.Has(task) ? std::string(model.strings.Get(model.tasks.failure.Get(task))) : std::string();
  const std::string text = WithoutPackage(FirstLine(message));
  std::size_t end = 0;
  while (end < text.size() && IsClassNameChar(text[end])) ++end;
  const bool is_class = end > 0 && text[0] >= 'A' && text[0] <= 'Z' && (end == text.size() || text[end] == ':');
  return is_class ? CleanText(text.substr(0, end), 60) : std::string();
}

void CountFailedTasks(const JobModel& model, std::int64_t start, Failure& failure) {
  struct Kind {
    std::int64_t attempts = 0;
    std::set<std::uint32_t> stages;
  };
  std::map<std::string, Kind> kinds;
  for (std::size_t i = 0; i < model.tasks.size(); ++i) {
    if (!model.tasks.failed.Get(i)) continue;
    ++failure.failed_tasks;
    if (const std::string kind = KindOf(model, i); !kind.empty()) {
      ++kinds[kind].attempts;
      if (model.tasks.stage.Has(i)) kinds[kind].stages.insert(model.tasks.stage.Get(i).index);
    }
    if (!model.tasks.finish.Has(i)) continue;
    const std::int64_t at = std::max<std::int64_t>(0, model.tasks.finish.Get(i) - start);
    failure.first_failed_ms = std::min(failure.first_failed_ms.value_or(at), at);
  }
  for (const auto& [name, kind] : kinds) {
    if (kind.attempts <= failure.same_kind) continue;
    failure.kind = name;
    failure.same_kind = kind.attempts;
    failure.stages_of_kind = static_cast<std::int64_t>(kind.stages.size());
  }
}

}  // namespace

std::optional<Failure> ReadFailure(const JobModel& model) {
  if (!model.app.failed.Get(0)) return std::nullopt;
  Failure failure;
  const std::int64_t start = IntegerAt(model.app.first_event, 0).value_or(0);
  failure.exit_code = IntegerAt(model.app.exit_code, 0);

  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < model.jobs.size(); ++i) {
    if (model.jobs.status.Get(i) != model::JobStatus::Failed) continue;
    failure.cancelled_jobs += WasCancelled(model, i) ? 1 : 0;
    if (!last || FailsLater(model, i, *last)) last = i;
  }
  if (last && WasCancelled(model, *last)) --failure.cancelled_jobs;  // it is named itself
  if (last) {
    failure.job = JobName(model, *last);
    if (const auto end = IntegerAt(model.jobs.end, *last)) failure.at_ms = std::max<std::int64_t>(0, *end - start);
    ReadReason(ReasonOf(model, *last), failure);
  } else {
    for (std::size_t i = 0; i < model.sql_executions.size(); ++i) {
      const std::string error = TextOrNone(model, model.sql_executions.error, i);
      if (!error.empty()) ReadReason(error, failure);
    }
  }
  CountFailedTasks(model, start, failure);
  return failure;
}

FailedJobs ReadFailedJobs(const JobModel& model) {
  FailedJobs jobs;
  for (std::size_t i = 0; i < model.jobs.size(); ++i) {
    if (model.jobs.status.Get(i) != model::JobStatus::Failed) continue;
    if (++jobs.count > 1) continue;
    jobs.first = JobName(model, i);
    Failure failure;
    ReadReason(ReasonOf(model, i), failure);
    jobs.reason = failure.reason;
  }
  return jobs;
}

}  // namespace advise::report
