// Tells the kind of a failure from its message by a table of texts, and finds the sentence of it that says most.
#include "model/derive/failures.h"

#include <algorithm>
#include <optional>

#include "model/derive/derive.h"
#include "model/derive/removal_reasons.h"
#include "support/text.h"

namespace advise::model {
namespace {

struct FailureText {
  std::string_view text;  // compared without case
  FailureClass failure_class;
};

// The first row that occurs decides. What names one operation stands before what only says that memory ran out.
constexpr FailureText kTexts[] = {
    {"maxResultSize", FailureClass::ResultSize},               // TaskSetManager.canFetchMoreResults
    {"Cannot broadcast the table", FailureClass::Broadcast},   // BroadcastExchangeExec: more than 8 GiB or 512 M rows
    {"Could not execute broadcast", FailureClass::Broadcast},  // spark.sql.broadcastTimeout
    {"Not enough memory to build and broadcast", FailureClass::Broadcast},
    {"FetchFailed", FailureClass::Fetch},  // FetchFailedException, MetadataFetchFailedException
    {"Missing an output location for shuffle", FailureClass::Fetch},
    {"GpuSplitAndRetryOOM", FailureClass::GpuMemory},  // RAPIDS
    {"GpuRetryOOM", FailureClass::GpuMemory},
    {"GpuOOM", FailureClass::GpuMemory},
    {"CudfException: std::bad_alloc", FailureClass::GpuMemory},
    {"memory limits", FailureClass::ContainerKilled},  // YARN, inside ExecutorLostFailure
    {"running beyond physical memory", FailureClass::ContainerKilled},
    {"running beyond virtual memory", FailureClass::ContainerKilled},
    {"OOMKilled", FailureClass::ContainerKilled},
    {"container OOM", FailureClass::ContainerKilled},
    {"Exit status: 137", FailureClass::ContainerKilled},
    {"exit code 137", FailureClass::ContainerKilled},
    {"OutOfMemoryError", FailureClass::Memory},  // SparkOutOfMemoryError too
    {"GC overhead limit exceeded", FailureClass::Memory},
    {"exited with code 52", FailureClass::Memory},  // SparkExitCode.OOM
    {"exit code 52", FailureClass::Memory},
    {"Exit status: 52", FailureClass::Memory},
    {"Python worker exited unexpectedly", FailureClass::PythonWorker},
    {"Python worker failed to connect", FailureClass::PythonWorker},
    {"MemoryError", FailureClass::PythonWorker},
    {"No space left on device", FailureClass::Disk},
    {"DiskChecker", FailureClass::Disk},
    {"Disk quota exceeded", FailureClass::Disk},
    {"SlowDown", FailureClass::Throttled},  // S3
    {"Slow Down", FailureClass::Throttled},
    {"TooManyRequests", FailureClass::Throttled},  // Azure, Glue
    {"Rate exceeded", FailureClass::Throttled},
    {"was preempted", FailureClass::Preempted},
    {"Executor decommission", FailureClass::Preempted},
    {"ExecutorLostFailure", FailureClass::ExecutorLost},
    {"Executor heartbeat timed out", FailureClass::ExecutorLost},
    {"TaskResultLost", FailureClass::ExecutorLost},
    {"Futures timed out", FailureClass::Timeout},
    {"TimeoutException", FailureClass::Timeout},
};

std::string_view FirstLine(std::string_view text) { return text.substr(0, text.find('\n')); }

// What follows the last `mark`; nothing if it does not occur.
std::optional<std::string_view> AfterLast(std::string_view text, std::string_view mark) {
  const std::size_t at = text.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return text.substr(at + mark.size());
}

// The line behind the frames of a Python traceback: frames are indented, the exception is not.
std::string_view LineOfTraceback(std::string_view text) {
  constexpr std::string_view kHead = "Traceback (most recent call last):";
  const std::size_t head = text.find(kHead);
  if (head == std::string_view::npos) return {};
  std::string_view rest = text.substr(head + kHead.size());
  while (!rest.empty()) {
    const std::string_view line = FirstLine(rest);
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty() || line.front() == ' ' || line.front() == '\t') continue;
    return Trim(line);
  }
  return {};  // cut before its end
}

// Without "Job aborted due to stage failure: Task 51 in stage 34.0 failed 4 times, most recent failure: Lost task …):
// ".
std::string_view LastTry(std::string_view message) {
  const std::string_view line = FirstLine(message);
  if (const std::size_t recent = line.find("most recent failure: "); recent != std::string_view::npos) {
    const std::size_t where = line.find("): ", recent);
    if (where != std::string_view::npos) return message.substr(where + 3);
  }
  constexpr std::string_view kRecentReason = "Most recent failure reason:";
  if (const std::size_t reason = message.find(kRecentReason); reason != std::string_view::npos)
    return message.substr(reason + kRecentReason.size());
  constexpr std::string_view kAborted = "Job aborted due to stage failure: ";
  if (message.starts_with(kAborted)) return message.substr(kAborted.size());
  return message;
}

// "com.nvidia.spark.rapids.jni.GpuSplitAndRetryOOM: GPU …" without its package, which says nothing to a reader.
std::string_view WithoutPackage(std::string_view line) {
  const std::size_t end = line.find_first_of(": \t");
  const std::string_view name = line.substr(0, end);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot + 1 >= name.size() || name[dot + 1] < 'A' || name[dot + 1] > 'Z') return line;
  return line.substr(dot + 1);
}

// Its first sentence, cut at a space where it is long.
std::string ShortLine(std::string_view line) {
  constexpr std::size_t kSentence = 20;
  constexpr std::size_t kLength = 120;
  line = WithoutPackage(line);
  if (const std::size_t stop = line.find(". ", kSentence); stop != std::string_view::npos) line = line.substr(0, stop);
  if (line.size() <= kLength) return std::string(line);
  const std::size_t space = line.rfind(' ', kLength);
  return std::string(line.substr(0, space == std::string_view::npos || space < kLength / 2 ? kLength : space)) + " …";
}

// The end reason knows what the message need not say.
FailureClass ClassOfTask(const JobModel& model, std::size_t task) {
  const TaskTable& tasks = model.tasks;
  const std::string_view message = model.strings.Get(tasks.failure.Get(task));
  if (!tasks.end_reason.Has(task)) return ClassifyFailure(message);
  switch (tasks.end_reason.Get(task)) {
    case EndReason::FetchFailed: return FailureClass::Fetch;
    case EndReason::Resubmitted: return FailureClass::Resubmitted;
    case EndReason::ExecutorLostFailure: {
      const ExecutorRow executor = tasks.executor.Get(task);
      const bool removed = executor.valid() && model.executors.removal_class.Has(executor.index);
      switch (removed ? model.executors.removal_class.Get(executor.index) : RemovalClass::Unknown) {
        case RemovalClass::Oom: return FailureClass::Memory;
        case RemovalClass::ContainerKilled: return FailureClass::ContainerKilled;
        case RemovalClass::Preempted:
        case RemovalClass::Decommissioned: return FailureClass::Preempted;
        case RemovalClass::Idle:
        case RemovalClass::Heartbeat:
        case RemovalClass::LostNode:
        case RemovalClass::User:
        case RemovalClass::Unknown: return ClassifyFailure(message);
      }
      return FailureClass::ExecutorLost;
    }
    case EndReason::TaskResultLost: return FailureClass::ExecutorLost;
    case EndReason::Success:
    case EndReason::ExceptionFailure:
    case EndReason::TaskKilled:
    case EndReason::TaskCommitDenied:
    case EndReason::UnknownReason: break;
  }
  return ClassifyFailure(message);
}

// A job or a stage may also be stopped from outside.
FailureClass ClassOfJob(std::string_view message) {
  return OccursIn(FirstLine(message), "cancelled") ? FailureClass::Cancelled : ClassifyFailure(message);
}

void SetSummary(JobModel& model, StrColumn& column, std::size_t row, StringId message) {
  const std::string summary = SummaryOfFailure(model.strings.Get(message));
  if (!summary.empty()) column.Set(row, model.strings.Intern(summary));
}

}  // namespace

FailureClass ClassifyFailure(std::string_view message) {
  if (Trim(message).empty() || Trim(message) == "UnknownReason") return FailureClass::Unknown;
  for (const FailureText& row : kTexts) {
    if (OccursIn(message, row.text)) return row.failure_class;
  }
  return FailureClass::Exception;
}

std::string SummaryOfFailure(std::string_view message) {
  const std::string_view text = Trim(LastTry(message));
  if (const std::string_view python = LineOfTraceback(text); !python.empty()) return ShortLine(python);
  if (const auto cause = AfterLast(text, "\nCaused by: ")) return ShortLine(Trim(FirstLine(*cause)));
  return ShortLine(Trim(FirstLine(text)));
}

void DeriveFailures(JobModel& model) {
  TaskTable& tasks = model.tasks;
  for (std::size_t task = 0; task < tasks.size(); ++task) {
    if (!tasks.failed.Get(task)) continue;
    tasks.failure_class.Set(task, ClassOfTask(model, task));
    if (tasks.failure.Has(task)) SetSummary(model, tasks.failure_summary, task, tasks.failure.Get(task));
  }
  JobTable& jobs = model.jobs;
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    if (!jobs.status.Has(job) || jobs.status.Get(job) != JobStatus::Failed) continue;
    jobs.failure_class.Set(job, ClassOfJob(model.strings.Get(jobs.failure.Get(job))));
    if (jobs.failure.Has(job)) SetSummary(model, jobs.failure_summary, job, jobs.failure.Get(job));
  }
  StageTable& stages = model.stages;
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    if (!stages.failure_reason.Has(stage)) continue;
    stages.failure_class.Set(stage, ClassOfJob(model.strings.Get(stages.failure_reason.Get(stage))));
    SetSummary(model, stages.failure_summary, stage, stages.failure_reason.Get(stage));
  }
}

}  // namespace advise::model
