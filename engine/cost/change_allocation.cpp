// When executors come and how long they stay: cold starts, ramps, dynamic allocation.
#include <algorithm>
#include <cmath>
#include <limits>

#include "cost/calibration.h"
#include "cost/change_models.h"
#include "support/format.h"

namespace advise::cost {
namespace {

std::string Executors(double count) {
  return FormatCount(std::llround(count)) + (count == 1 ? " executor" : " executors");
}

std::vector<std::uint32_t> ByArrival(const Workload& workload) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < workload.executors.size(); ++i) {
    if (workload.executors[i].slots > 0) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return workload.executors[i].arrival; });
  return order;
}

double FirstRemoval(const Workload& workload) {
  double first = std::numeric_limits<double>::infinity();
  for (const ExecutorWork& executor : workload.executors) {
    if (!std::isnan(executor.removal)) first = std::min(first, executor.removal);
  }
  return first;
}

// When an executor was asked for: the start of the job before it, where executors follow the work; else the start of
// the application. The lag of its arrival runs from there.
double AskedFor(const Workload& workload, std::uint32_t executor) {
  return workload.executors[executor].arrival - workload.lag[workload.points.Arrival(executor)];
}

void NeedsDynamicAllocation(const SettingChange& setting, Change& change) {
  if (!setting.workload.dynamic_allocation) Note(change, "Executors are not allocated dynamically: nothing changes.");
}

bool GivenBack(const SettingChange& setting, std::uint32_t executor) {
  const std::uint32_t row = setting.workload.executors[executor].row;
  return row != kNone && !std::isnan(setting.workload.executors[executor].removal) &&
         setting.model.executors.removal_class.Has(row) &&
         setting.model.executors.removal_class.Get(row) == model::RemovalClass::Idle;
}

// Executors that are not given back do the work of those that came in their place. `stays` says of an executor, given
// back while so many others are there, until when it would be there (ms; infinity: to the end).
template <class Stays>
void KeepInPlace(const SettingChange& setting, Stays stays, Change& change) {
  const Workload& workload = setting.workload;
  struct Kept {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    double until = 0;
    std::vector<std::uint32_t> replaced;
  };
  std::vector<Kept> idle;     // given back in the run, still there now
  std::vector<Kept> working;  // of which another has taken the place in the run
  std::vector<Kept> done;
  // Those that are there, as (when it is given back, executor), and who stands for whom.
  struct There {
    double removal = 0;
    std::uint32_t executor = 0;
  };
  std::vector<There> there;
  const auto leave = [&](double now) {
    std::ranges::stable_sort(there, {}, &There::removal);
    while (!there.empty() && there.front().removal <= now) {
      const There gone = there.front();
      there.erase(there.begin());
      const auto as = std::ranges::find(working, gone.executor, &Kept::last);
      Kept kept = as != working.end() ? *as : Kept{gone.executor, gone.executor, 0, {}};
      if (as != working.end()) working.erase(as);
      if (GivenBack(setting, gone.executor)) {
        kept.until = stays(gone.removal, there.size() + idle.size());
        if (kept.until > gone.removal) {
          idle.push_back(std::move(kept));
          continue;
        }
      }
      if (!kept.replaced.empty()) done.push_back(std::move(kept));
    }
  };
  for (const std::uint32_t next : ByArrival(workload)) {
    const ExecutorWork& executor = workload.executors[next];
    const double asked = AskedFor(workload, next);
    leave(asked);
    for (auto kept = idle.begin(); kept != idle.end();) {
      if (kept->until >= asked) {
        ++kept;
        continue;
      }
      if (!kept->replaced.empty()) done.push_back(*kept);
      kept = idle.erase(kept);
    }
    // The one that was given back last has been idle for the shortest time.
    if (!idle.empty()) {
      Kept kept = idle.back();
      idle.pop_back();
      kept.last = next;
      kept.replaced.push_back(next);
      working.push_back(std::move(kept));
    }
    const double never = std::numeric_limits<double>::infinity();
    there.push_back({std::isnan(executor.removal) ? never : executor.removal, next});
  }
  for (Kept& kept : idle) {
    if (!kept.replaced.empty()) done.push_back(std::move(kept));
  }
  for (Kept& kept : working) done.push_back(std::move(kept));
  std::ranges::sort(done, {}, &Kept::first);
  std::size_t replaced = 0;
  for (Kept& kept : done) {
    replaced += kept.replaced.size();
    change.question.effects.emplace_back(KeepExecutor{kept.first, kept.last, std::move(kept.replaced)});
  }
  if (replaced == 0) {
    return Note(change, "No executor that was given back would have been there for the work that came later.");
  }
  Note(change, Executors(static_cast<double>(replaced)) + " of the run would not have to be started again; those that "
                   "are kept cost money while they are idle.");
}

// The first `count` executors are asked for when the application starts.
void AskAtStart(const SettingChange& setting, double count, Change& change) {
  const Workload& workload = setting.workload;
  const std::vector<std::uint32_t> order = ByArrival(workload);
  const double first_removal = FirstRemoval(workload);
  if (order.empty()) return;
  const double latency = workload.lag[workload.points.Arrival(order.front())];
  for (std::size_t i = 0; i < order.size() && static_cast<double>(i) < count; ++i) {
    const std::uint32_t executor = order[i];
    if (workload.executors[executor].arrival > first_removal) break;
    const double lag = workload.lag[workload.points.Arrival(executor)];
    const double then = std::max(0.0, latency - AskedFor(workload, executor));
    if (lag <= 0 || then >= lag) continue;
    const double factor = then / lag;
    change.question.effects.emplace_back(ScaleArrivals{{executor}, {factor, factor, (factor + 1) / 2}});
  }
  if (count > static_cast<double>(order.size()))
    Note(change, "The run had " + Executors(static_cast<double>(order.size())) + " in all; more are not counted.");
}

}  // namespace

void ModelIdleTimeout(const SettingChange& setting, Change& change) {
  AtMost(change, EvidenceClass::D);
  if (!setting.workload.dynamic_allocation) return NeedsDynamicAllocation(setting, change);
  const double before = setting.from.value_or(60'000);
  if (setting.to < before) {
    return Refuse(change, "not-modelled",
                  "Which executors a shorter time would give back, and when new ones would come, cannot be told from "
                  "the log.");
  }
  KeepInPlace(
      setting, [&](double removed, std::size_t) { return removed + setting.to - before; }, change);
}

void ModelMinExecutors(const SettingChange& setting, Change& change) {
  AtMost(change, EvidenceClass::D);
  if (!setting.workload.dynamic_allocation) return NeedsDynamicAllocation(setting, change);
  if (setting.to < setting.from.value_or(0)) {
    return Refuse(change, "not-modelled",
                  "Which executors would be given back below the old minimum, and when new ones would come, cannot be "
                  "told from the log.");
  }
  AskAtStart(setting, setting.to, change);
  KeepInPlace(
      setting,
      [&](double, std::size_t others) {
        return static_cast<double>(others) < setting.to ? std::numeric_limits<double>::infinity() : 0.0;
      },
      change);
}

void ModelInitialExecutors(const SettingChange& setting, Change& change) {
  AtMost(change, EvidenceClass::D);
  if (!setting.workload.dynamic_allocation) return NeedsDynamicAllocation(setting, change);
  if (setting.to < setting.from.value_or(0)) {
    return Refuse(change, "not-modelled", "How fast fewer executors would become more cannot be told from the log.");
  }
  AskAtStart(setting, setting.to, change);
  if (change.question.effects.empty()) Note(change, "No executor would come earlier: nothing changes.");
}

Change EarlierExecutors(const model::JobModel& model, const Workload& workload, const Range& factor, Latecomers which) {
  Change change;
  change.kind = "effect";
  change.text = "executors that come earlier";
  AtMost(change, EvidenceClass::D);
  const double first_removal = FirstRemoval(workload);
  ScaleArrivals earlier{{}, factor};
  for (std::uint32_t i = 0; i < workload.executors.size(); ++i) {
    const ExecutorWork& executor = workload.executors[i];
    if (executor.slots == 0 || workload.lag[workload.points.Arrival(i)] <= 0) continue;
    const bool at_first = executor.arrival <= first_removal;
    if (which == Latecomers::All || at_first == (which == Latecomers::AtFirst)) earlier.arrivals.push_back(i);
  }
  if (earlier.arrivals.empty()) {
    Refuse(change, "not-modelled", "No executor of the run came late: what it waited for is not in the log.");
    return change;
  }
  change.question.effects.emplace_back(std::move(earlier));
  // On YARN and Kubernetes the driver waits for most of them before it goes on, unless they follow the work
  // (spark.scheduler.minRegisteredResourcesRatio, 0.8 there and 0 elsewhere; at most 30 s).
  using enum model::Environment;
  const model::Environment environment = model.app.environment.Get(0);
  const bool asks = environment == Yarn || environment == Kubernetes || environment == Dataproc || environment == Emr;
  if (which == Latecomers::Replacements || workload.dynamic_allocation || !asks || workload.jobs.empty()) return change;
  std::uint32_t first_job = 0;
  for (std::uint32_t i = 0; i < workload.points.jobs; ++i) {
    if (workload.jobs[i].start < workload.jobs[first_job].start) first_job = i;
  }
  const double ratio = SettingNumber(model, "spark.scheduler.minRegisteredResourcesRatio").value_or(0.8);
  const std::vector<std::uint32_t> order = ByArrival(workload);
  const auto enough = static_cast<std::size_t>(std::ceil(ratio * static_cast<double>(order.size())));
  if (enough == 0 || order.empty()) return change;
  constexpr double kLongestWait = 30'000;  // spark.scheduler.maxRegisteredResourcesWaitingTime
  const double came = std::min(workload.executors[order[std::min(enough, order.size()) - 1]].arrival, kLongestWait);
  const double lag = std::min(came, workload.lag[workload.points.JobStart(first_job)]);
  change.question.effects.emplace_back(AddLag{workload.points.JobStart(first_job),
                                              {-(1 - factor.low) * lag, -0.8 * (1 - factor.mid) * lag, 0}});
  return change;
}

Change EarlierExecutorsOf(const Workload& workload, const StageList& stages, const Range& factor) {
  Change change;
  change.kind = "effect";
  change.text = "executors that come earlier";
  AtMost(change, EvidenceClass::D);
  ScaleArrivals earlier{{}, factor};
  for (std::uint32_t i = 0; i < workload.executors.size(); ++i) {
    const ExecutorWork& executor = workload.executors[i];
    if (executor.slots == 0 || workload.lag[workload.points.Arrival(i)] <= 0) continue;
    const bool late = std::ranges::any_of(stages, [&](std::uint32_t number) {
      const StageWork& stage = workload.stages[number];
      return executor.arrival > stage.submitted && AskedFor(workload, i) < stage.ended;
    });
    if (late) earlier.arrivals.push_back(i);
  }
  if (earlier.arrivals.empty()) {
    Refuse(change, "not-modelled", "No executor came while these stages had tasks to launch.");
    return change;
  }
  change.question.effects.emplace_back(std::move(earlier));
  return change;
}

}  // namespace advise::cost
