// Counts the run, means the busy slots over equal bins, and lays the critical path out end to end.
#include "report/facts.h"

#include <algorithm>
#include <set>

#include "report/cells.h"
#include "report/strip.h"
#include "support/clean_text.h"

namespace advise::report {
namespace {

using model::Entity;
using model::JobModel;

std::int64_t StartOf(const JobModel& model) { return IntegerAt(model.app.first_event, 0).value_or(0); }

std::int64_t CountDistinctStages(const JobModel& model) {
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < model.stages.size(); ++i) {
    if (model.stages.submitted_flag.Get(i)) ids.insert(model.stages.id.Get(i));
  }
  return static_cast<std::int64_t>(ids.size());
}

std::int64_t CountWhere(const model::FlagColumn& flags) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < flags.size(); ++i) count += flags.Get(i) ? 1 : 0;
  return count;
}

// ---------------------------------------------------------------- slots in use
// Adds up amounts × time of intervals by equal bins.
class Binned {
 public:
  Binned(std::int64_t start, std::int64_t duration)
      : start_(static_cast<double>(start)),
        width_(static_cast<double>(duration) / kStripBins),
        part_(kStripBins + 1),
        full_(kStripBins + 2) {}

  void Add(std::int64_t from, std::int64_t to, double amount) {
    const double a = std::clamp((static_cast<double>(from) - start_) / width_, 0.0, static_cast<double>(kStripBins));
    const double b = std::clamp((static_cast<double>(to) - start_) / width_, 0.0, static_cast<double>(kStripBins));
    if (b <= a) return;
    const auto first = static_cast<std::size_t>(a);
    const auto last = static_cast<std::size_t>(b);
    if (first == last) {
      part_[first] += (b - a) * amount;
      return;
    }
    part_[first] += (static_cast<double>(first + 1) - a) * amount;
    part_[last] += (b - static_cast<double>(last)) * amount;
    full_[first + 1] += amount;
    full_[last] -= amount;
  }

  [[nodiscard]] std::vector<double> Means() const {
    std::vector<double> means(kStripBins);
    double running = 0;
    for (std::size_t i = 0; i < kStripBins; ++i) {
      running += full_[i];
      means[i] = running + part_[i];
    }
    return means;
  }

 private:
  double start_;
  double width_;
  std::vector<double> part_;
  std::vector<double> full_;
};

std::vector<double> BusyShares(const JobModel& model, std::int64_t start, std::int64_t duration) {
  Binned busy(start, duration);
  const std::int64_t end = start + duration;
  for (std::size_t i = 0; i < model.tasks.size(); ++i) {
    busy.Add(model.tasks.launch.Get(i), model.tasks.finish.Has(i) ? model.tasks.finish.Get(i) : end, 1);
  }
  Binned owned(start, duration);
  bool known = false;
  for (std::size_t i = 0; i < model.executors.size(); ++i) {
    const auto& executors = model.executors;
    if (!executors.runs_tasks.Get(i) || !executors.slots.Has(i)) continue;
    known = true;
    owned.Add(IntegerAt(executors.added, i).value_or(start), IntegerAt(executors.removed, i).value_or(end),
              static_cast<double>(executors.slots.Get(i)));
  }
  // Where no executor states its slots, the most tasks at once stand for them, as in the ledger.
  const auto seen = known ? 0.0 : static_cast<double>(IntegerAt(model.app.max_running, 0).value_or(0));
  if (!known && seen <= 0) return {};
  std::vector<double> shares = busy.Means();
  const std::vector<double> slots = owned.Means();
  // A bin may hold tasks where no executor is known to exist (times of different clocks): then they are all that is
  // there.
  for (std::size_t i = 0; i < shares.size(); ++i)
    shares[i] = std::min(1.0, shares[i] / std::max({slots[i], seen, shares[i] + 1e-9}));
  return shares;
}

// ---------------------------------------------------------------- critical path
std::string_view GapName(model::GapKind kind) {
  switch (kind) {
    case model::GapKind::Startup: return "start-up";
    case model::GapKind::Planning: return "planning";
    case model::GapKind::Listing: return "listing files";
    case model::GapKind::Collect: return "collect";
    case model::GapKind::Commit: return "commit";
    case model::GapKind::Broadcast: return "broadcast";
    case model::GapKind::BetweenJobs: return "between jobs";
    case model::GapKind::Tail: return "end";
    case model::GapKind::Unknown: return "driver";
  }
  return "";
}

// The pieces with their lengths and where they end; laid end to end they tile the run, because the critical path does.
std::vector<PathSegment> PathOf(const JobModel& model, std::int64_t start, std::int64_t duration) {
  std::vector<PathSegment> path;
  for (std::size_t i = 0; i < model.stages.size(); ++i) {
    const std::int64_t ms = IntegerAt(model.stages.critical_time, i).value_or(0);
    if (ms <= 0) continue;
    const std::int64_t end =
        std::max(IntegerAt(model.stages.completed, i).value_or(0), IntegerAt(model.stages.last_finish, i).value_or(0));
    const std::string key = StageLabel(model, model::StageRow(i)).substr(6);
    path.push_back({end - start - ms,
                    end - start,
                    PathKind::Tasks,
                    "stage " + key,
                    key,
                    {Entity::Stage, static_cast<std::uint32_t>(i)}});
  }
  // Of a session: the part of each gap in which nobody asked for anything, ms.
  std::vector<std::int64_t> idle(model.gaps.size());
  for (const model::LedgerEntry& entry : model.ledger.entries) {
    if (entry.part == model::LedgerPart::UserIdle && entry.gap.valid()) idle[entry.gap.index] += entry.us / 1000;
  }
  for (std::size_t i = 0; i < model.gaps.size(); ++i) {
    std::int64_t ms = IntegerAt(model.gaps.critical_time, i).value_or(0);
    if (ms <= 0) continue;
    std::int64_t end = model.gaps.start.Get(i) + model.gaps.duration.Get(i);
    const diagnose::PathPiece piece{Entity::Gap, static_cast<std::uint32_t>(i)};
    if (const std::int64_t waits = std::min(idle[i], ms); waits > 0) {
      path.push_back({end - start - waits, end - start, PathKind::Idle, "nobody asks", "", piece});
      end -= waits;
      ms -= waits;
      if (ms == 0) continue;
    }
    const model::GapKind kind = model.gaps.kind.Get(i);
    const PathKind colour =
        kind == model::GapKind::Startup || kind == model::GapKind::Tail ? PathKind::Idle : PathKind::Driver;
    path.push_back({end - start - ms,
                    end - start,
                    colour,
                    std::string(GapName(kind)),
                    "",
                    piece});
  }
  std::ranges::stable_sort(path, {}, &PathSegment::end_ms);
  std::int64_t at = 0;
  for (PathSegment& segment : path) {
    const std::int64_t ms = segment.end_ms - segment.start_ms;
    segment.start_ms = std::min(at, duration);
    segment.end_ms = std::min(at + ms, duration);
    at += ms;
  }
  return path;
}

// Frames of Spark and the JDK that stand where the user's call site should.
bool IsInternalCallSite(std::string_view name) {
  return name.find("$anonfun$") != std::string_view::npos || name.find("FutureTask.java") != std::string_view::npos ||
         name.find("ThreadPoolExecutor.java") != std::string_view::npos ||
         name.find("Executors.java") != std::string_view::npos ||
         name.find("NativeMethodAccessorImpl.java") != std::string_view::npos ||
         name.find("DirectMethodHandleAccessor.java") != std::string_view::npos ||
         name.find("AdaptiveSparkPlanExec.scala") != std::string_view::npos ||
         name.find("<unknown>") != std::string_view::npos;
}

}  // namespace

AppInfo ReadAppInfo(const JobModel& model) {
  const model::AppTable& app = model.app;
  AppInfo info;
  info.id = TextAt(model, app.id, 0);
  info.name = TextAt(model, app.name, 0);
  info.attempt = TextAt(model, app.attempt, 0);
  info.start_ms = IntegerAt(app.start, 0);
  info.end_ms = IntegerAt(app.end, 0);
  info.duration_ms = IntegerAt(app.duration, 0);
  info.failed = app.failed.Get(0);
  info.executors = IntegerAt(app.executors, 0).value_or(0);
  info.slots = IntegerAt(app.slots, 0);
  info.jobs = static_cast<std::int64_t>(model.jobs.size());
  info.stages = CountDistinctStages(model);
  info.stage_attempts = CountWhere(model.stages.submitted_flag);
  info.tasks = CountWhere(model.tasks.winner);
  info.task_attempts = static_cast<std::int64_t>(model.tasks.size());
  info.failed_tasks = IntegerAt(app.failed_tasks, 0).value_or(0);
  info.sql_executions = static_cast<std::int64_t>(model.sql_executions.size());
  return info;
}

Strip ReadStrip(const JobModel& model) {
  Strip strip;
  strip.duration_ms = IntegerAt(model.app.duration, 0).value_or(0);
  if (strip.duration_ms <= 0) return {};
  const std::int64_t start = StartOf(model);
  strip.busy = BusyShares(model, start, strip.duration_ms);
  strip.path = PathOf(model, start, strip.duration_ms);
  return strip;
}

std::string StageKey(const model::JobModel& model, model::StageRow stage) {
  return std::string(model.strings.Get(model.stages.key.Get(stage.index)));
}

std::string StageLabel(const JobModel& model, model::StageRow stage) {
  const std::int64_t attempt = model.stages.attempt.Get(stage.index);
  return "Stage " + std::to_string(model.stages.id.Get(stage.index)) +
         (attempt > 0 ? "." + std::to_string(attempt) : "");
}

std::string StagePurpose(const JobModel& model, model::StageRow stage) {
  constexpr std::size_t kColumns = 60;
  const auto description = TextAt(model, model.stages.description, stage.index);
  const auto name = TextAt(model, model.stages.name, stage.index);
  if (name && !IsInternalCallSite(*name)) return CleanText(ShortCallSite(*name), kColumns);
  if (description && !description->empty() && !IsInternalCallSite(*description))
    return CleanText(*description, kColumns);
  const auto call_site = TextAt(model, model.stages.call_site, stage.index);
  if (call_site && !IsInternalCallSite(*call_site)) return CleanText(ShortCallSite(*call_site), kColumns);
  return {};
}

}  // namespace advise::report
