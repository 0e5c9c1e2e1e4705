// The executors of a run and the lanes of its timeline: one an executor, or one a group of equally busy ones where
// there are many. A lane is made of bins, so that no task is left out.
#include <algorithm>
#include <functional>
#include <numeric>

#include "report/details/read_details.h"
#include "support/clean_text.h"
#include "support/format.h"

namespace advise::report {
namespace {

using model::JobModel;

constexpr std::size_t kMostExecutors = 200;
constexpr std::size_t kLanes = 32;  // from one more on they are groups
constexpr std::size_t kGroups = 24;
constexpr std::size_t kLaneBins = 240;

std::string HostOf(const JobModel& model, std::size_t row) {
  if (!model.executors.host.Has(row)) return {};
  return CleanText(model.strings.Get(model.hosts.name.Get(model.executors.host.Get(row).index)), 60);
}

ExecutorDetail DescribeExecutor(const DetailsInput& input, std::size_t row) {
  const model::ExecutorTable& executors = input.model.executors;
  ExecutorDetail detail;
  detail.id = CleanText(input.model.strings.Get(executors.id.Get(row)), 40);
  detail.host = HostOf(input.model, row);
  detail.slots = PrintCount(executors.slots, row);
  const auto added = Since(input, executors.added, row);
  const auto removed = Since(input, executors.removed, row);
  if (added) {
    detail.present = (*added <= 0 ? "from the start" : "from " + FormatTime(*added)) +
                     (removed ? " to " + FormatTime(*removed) : "");
  }
  if (executors.remove_reason.Has(row))
    detail.gone = CleanText(input.model.strings.Get(executors.remove_reason.Get(row)), 80);
  detail.tasks = PrintCount(executors.completed_tasks, row);
  detail.failed = PrintCount(executors.failed_tasks, row);
  if (executors.busy_time.Has(row) && executors.slots.Has(row) && executors.lifetime.Has(row)) {
    const double owned =
        static_cast<double>(executors.slots.Get(row)) * static_cast<double>(executors.lifetime.Get(row));
    if (owned > 0) detail.busy = FormatShare(std::min(1.0, static_cast<double>(executors.busy_time.Get(row)) / owned));
  }
  detail.gc = PrintShare(executors.gc_share, row);
  if (executors.relative_speed.Has(row)) detail.speed = FormatRatio(executors.relative_speed.Get(row));
  return detail;
}

// Time by equal bins of the run: adds `amount` for as long as an interval overlaps a bin.
class Bins {
 public:
  explicit Bins(std::int64_t duration) : width_(static_cast<double>(duration) / kLaneBins), values_(kLaneBins) {}
  void Add(std::int64_t from, std::int64_t to, double amount) {
    const double a = std::clamp(static_cast<double>(from) / width_, 0.0, static_cast<double>(kLaneBins));
    const double b = std::clamp(static_cast<double>(to) / width_, 0.0, static_cast<double>(kLaneBins));
    for (auto i = static_cast<std::size_t>(a); i < kLaneBins && static_cast<double>(i) < b; ++i) {
      const double left = std::max(a, static_cast<double>(i));
      const double right = std::min(b, static_cast<double>(i + 1));
      values_[i] += (right - left) * amount;
    }
  }
  [[nodiscard]] double at(std::size_t i) const { return values_[i]; }

 private:
  double width_;
  std::vector<double> values_;
};

Lane DrawLane(const DetailsInput& input, std::string name, const std::vector<std::size_t>& rows) {
  const JobModel& model = input.model;
  const std::int64_t duration = input.report.strip.duration_ms;
  Bins owned(duration);
  Bins used(duration);
  for (const std::size_t row : rows) {
    owned.Add(Since(input, model.executors.added, row).value_or(0),
              Since(input, model.executors.removed, row).value_or(duration),
              static_cast<double>(model.executors.slots.Get(row)));
    for (const model::TaskRow task : model.executors.tasks.Get(row)) {
      const std::int64_t finish =
          model.tasks.finish.Has(task.index) ? model.tasks.finish.Get(task.index) - input.start_ms : duration;
      used.Add(model.tasks.launch.Get(task.index) - input.start_ms, finish, 1);
    }
  }
  Lane lane{std::move(name), std::vector<double>(kLaneBins), std::vector<bool>(kLaneBins)};
  for (std::size_t i = 0; i < kLaneBins; ++i) {
    lane.present[i] = owned.at(i) > 0 || used.at(i) > 0;
    if (lane.present[i]) lane.busy[i] = std::min(1.0, used.at(i) / std::max(owned.at(i), used.at(i)));
  }
  return lane;
}

// `busiest`: rows of executors, the busiest first.
std::vector<Lane> ReadLanes(const DetailsInput& input, const std::vector<std::size_t>& busiest) {
  std::vector<std::size_t> rows;
  for (const std::size_t row : busiest) {
    if (input.model.executors.slots.Has(row)) rows.push_back(row);
  }
  std::vector<Lane> lanes;
  if (input.report.strip.duration_ms <= 0) return lanes;
  if (rows.size() <= kLanes) {
    std::ranges::sort(rows);
    for (const std::size_t row : rows) {
      const std::string id = CleanText(input.model.strings.Get(input.model.executors.id.Get(row)), 8);
      lanes.push_back(DrawLane(input, id == "driver" ? id : "executor " + id, {row}));
    }
    return lanes;
  }
  for (std::size_t group = 0; group < kGroups; ++group) {
    const std::size_t from = rows.size() * group / kGroups;
    const std::size_t to = rows.size() * (group + 1) / kGroups;
    const std::vector<std::size_t> part(rows.begin() + static_cast<std::ptrdiff_t>(from),
                                        rows.begin() + static_cast<std::ptrdiff_t>(to));
    lanes.push_back(DrawLane(
        input, FormatCount(static_cast<std::int64_t>(part.size())) + (part.size() == 1 ? " executor" : " executors"),
        part));
  }
  return lanes;
}

}  // namespace

void ReadExecutors(const DetailsInput& input, Details& details) {
  const model::ExecutorTable& executors = input.model.executors;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < executors.size(); ++row) {
    if (executors.runs_tasks.Get(row)) rows.push_back(row);
  }
  std::ranges::stable_sort(rows, std::greater(), [&](std::size_t row) {
    return executors.busy_time.Has(row) ? executors.busy_time.Get(row) : 0;
  });
  details.lanes = ReadLanes(input, rows);
  if (rows.size() > kMostExecutors) {
    details.more_executors = rows.size() - kMostExecutors;
    rows.resize(kMostExecutors);
  }
  std::ranges::sort(rows);
  for (const std::size_t row : rows) details.executors.push_back(DescribeExecutor(input, row));
}

}  // namespace advise::report
