// The edge After: B after A if A ended before B started and no job lies wholly between.
//
// All starts and ends are put in one order without ties: by time; ends before starts of the same millisecond, except
// that a job of 0 ms ends right after its own start. Then with M = the last start among the jobs that ended before B
// started, A is directly before B exactly if A's end comes after M: any job wholly between would be such a job with a
// start behind A's end. One sweep; the cost is the sort and the edges themselves. Of a thousand jobs that all ended
// while others ran every later one would be after every one of them: a job keeps those that ended last
// (Limits::jobs_before).
#include <algorithm>

#include "model/derive/derive.h"

namespace advise::model {
namespace {

struct Event {
  std::int64_t time = 0;
  int kind = 0;  // 0: end of a job that started earlier; 1: start, or end of a job of 0 ms
  JobRow job;
  bool is_end = false;
};

std::vector<Event> OrderedEvents(const JobTable& jobs) {
  std::vector<Event> events;
  for (std::size_t row = 0; row < jobs.size(); ++row) {
    if (!jobs.start.Has(row)) continue;
    const std::int64_t start = jobs.start.Get(row);
    events.push_back({start, 1, JobRow(row), false});
    if (!jobs.end.Has(row)) continue;
    const std::int64_t end = std::max(start, jobs.end.Get(row));
    events.push_back({end, end == start ? 1 : 0, JobRow(row), true});
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.kind != b.kind) return a.kind < b.kind;
    if (a.job != b.job) return a.job < b.job;
    return a.is_end < b.is_end;
  });
  return events;
}

}  // namespace

std::uint64_t DeriveJobOrder(JobModel& model, const Limits& limits) {
  std::uint64_t left_out = 0;
  JobTable& jobs = model.jobs;
  const std::vector<Event> events = OrderedEvents(jobs);
  std::vector<std::size_t> start_at(jobs.size());     // position of the start of each job
  std::vector<std::pair<std::size_t, JobRow>> ended;  // (position of the end, job), ascending
  std::size_t last_start = 0;                         // M
  for (std::size_t at = 0; at < events.size(); ++at) {
    const Event& event = events[at];
    if (event.is_end) {
      ended.emplace_back(at, event.job);
      last_start = std::max(last_start, start_at[event.job.index]);
      continue;
    }
    start_at[event.job.index] = at;
    std::vector<JobRow>& before = jobs.after.Mutable(event.job.index);
    const auto first = std::upper_bound(ended.begin(), ended.end(), last_start,
                                        [](std::size_t place, const auto& end) { return place < end.first; });
    const auto count = static_cast<std::size_t>(ended.end() - first);
    const std::size_t taken = std::min(count, limits.jobs_before);
    left_out += count - taken;
    for (auto one = ended.end() - static_cast<std::ptrdiff_t>(taken); one != ended.end(); ++one)
      before.push_back(one->second);
    std::sort(before.begin(), before.end());
  }
  return left_out;
}

}  // namespace advise::model
