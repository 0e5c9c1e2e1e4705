// A generator of workloads, and the slow twin of the replay: no heaps, no order kept, every step a search.
#include "unit/cost_fixture.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "cost/workload_parts.h"

namespace advise::test {
namespace {

using cost::kNone;

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kNotYet = std::numeric_limits<double>::quiet_NaN();

double Real(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}
int Int(Random& random, int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); }
bool Happens(Random& random, double p) { return Real(random, 0, 1) < p; }

void AddTasks(Random& random, const RandomShape& shape, cost::Workload& w, cost::StageWork& stage) {
  stage.first_task = static_cast<std::uint32_t>(w.tasks.size());
  stage.tasks = static_cast<std::uint32_t>(Int(random, 0, shape.max_tasks));
  for (std::uint32_t i = 0; i < stage.tasks; ++i) {
    float sum = 0;
    for (std::size_t c = 0; c < cost::kComponents; ++c) {
      const bool none = c == cost::At(cost::Component::Unknown) || Happens(random, 0.3);
      const float part = none ? 0 : static_cast<float>(Real(random, 0, 100));
      w.tasks.parts[c].push_back(part);
      sum += part;
    }
    w.tasks.duration.push_back(sum);
    w.tasks.reported_gc.push_back(w.tasks.parts[cost::At(cost::Component::Gc)].back());
    const float bytes = static_cast<float>(Real(random, 0, 1e9));
    w.tasks.input_bytes.push_back(0);
    w.tasks.shuffle_read_bytes.push_back(bytes);
    w.tasks.shuffle_read_records.push_back(bytes / 100);
    w.tasks.shuffle_write_bytes.push_back(bytes / 3);
    w.tasks.memory_spilled_bytes.push_back(0);
    w.tasks.disk_spilled_bytes.push_back(0);
    w.tasks.peak_memory_bytes.push_back(bytes);
    const bool pauses = shape.turnaround && i > 0 && Happens(random, 0.2);
    w.tasks.pause.push_back(pauses ? static_cast<float>(Real(random, 0, 40)) : 0);
    stage.paused = stage.paused || pauses;
    w.tasks.needed.push_back(1);
    w.tasks.winner.push_back(1);
  }
  if (shape.turnaround) {
    stage.turnaround = static_cast<float>(Real(random, -5, 10));
    stage.ramp = static_cast<float>(Real(random, 0, 5));
    stage.first_wave = static_cast<std::uint32_t>(Int(random, 0, 3));
  }
  if (!shape.links || stage.tasks < 3) return;
  for (std::uint32_t i = 1; i < stage.tasks; ++i) {
    if (!Happens(random, 0.3)) continue;
    const auto before = static_cast<std::uint32_t>(Int(random, 0, static_cast<int>(i) - 1));
    stage.links.push_back({i, before, Happens(random, 0.5), static_cast<float>(Real(random, 0, 50))});
    if (Happens(random, 0.5)) w.tasks.needed[stage.first_task + before] = 0;
  }
  std::stable_sort(stage.links.begin(), stage.links.end(),
                   [](const cost::TaskLink& a, const cost::TaskLink& b) { return a.before < b.before; });
}

void SetPointNumbers(cost::Workload& w) {
  w.points = {static_cast<std::uint32_t>(w.jobs.size()), static_cast<std::uint32_t>(w.stages.size()),
              static_cast<std::uint32_t>(w.executors.size())};
}

void SetFixtureEdges(cost::Workload& w, std::vector<model::GraphEdge> edges) {
  const cost::PointNumbers& points = w.points;
  std::vector<bool> never(points.size());
  for (std::uint32_t i = 0; i < points.jobs; ++i) {
    edges.push_back({points.JobStart(i), points.JobEnd(i)});
    edges.push_back({points.JobEnd(i), points.AppEnd()});
  }
  for (std::uint32_t i = 0; i < points.stages; ++i) {
    edges.push_back({points.JobStart(w.stages[i].job), points.StageReady(i)});
    for (const std::uint32_t parent : w.stages[i].parents)
      edges.push_back({points.StageEnd(parent), points.StageReady(i)});
    edges.push_back({points.StageEnd(i), points.JobEnd(w.stages[i].job)});
  }
  for (std::uint32_t i = 0; i < points.executors; ++i) {
    never[points.Removal(i)] = std::isnan(w.executors[i].removal);
    if (!never[points.Removal(i)]) edges.push_back({points.Arrival(i), points.Removal(i)});
  }
  cost::SetEdges(std::move(edges), never, w);
}

}  // namespace

void SetChainEdges(cost::Workload& workload) {
  SetPointNumbers(workload);
  SetFixtureEdges(workload, {});
  workload.lag.assign(workload.points.size(), 0);
}

cost::Workload MoveStages(const cost::Workload& workload, const std::vector<std::uint32_t>& new_place) {
  cost::Workload moved = workload;
  for (std::uint32_t i = 0; i < new_place.size(); ++i) {
    cost::StageWork stage = workload.stages[i];
    for (std::uint32_t& parent : stage.parents) parent = new_place[parent];
    moved.stages[new_place[i]] = std::move(stage);
  }
  const cost::PointNumbers& points = workload.points;
  const auto place = [&](std::uint32_t point) {
    if (points.IsStageReady(point)) return points.StageReady(new_place[point - points.StageReady(0)]);
    if (points.IsStageEnd(point)) return points.StageEnd(new_place[point - points.StageEnd(0)]);
    return point;
  };
  std::vector<model::GraphEdge> edges;
  std::vector<bool> never(points.size());
  for (std::uint32_t point = 0; point < points.size(); ++point) {
    moved.lag[place(point)] = workload.lag[point];
    never[point] = points.IsRemoval(point) && workload.points_before[point] == 0;
    for (std::uint32_t i = workload.after_begin[point]; i < workload.after_begin[point + 1]; ++i) {
      edges.push_back({place(point), place(workload.after[i])});
    }
  }
  cost::SetEdges(std::move(edges), never, moved);
  return moved;
}

double LongestChain(const cost::Workload& workload) {
  const cost::PointNumbers& points = workload.points;
  std::vector<model::GraphEdge> edges;
  for (std::uint32_t point = 0; point < points.size(); ++point) {
    for (std::uint32_t i = workload.after_begin[point]; i < workload.after_begin[point + 1]; ++i) {
      edges.push_back({point, workload.after[i]});
    }
  }
  for (std::uint32_t i = 0; i < points.stages; ++i) edges.push_back({points.StageReady(i), points.StageEnd(i)});
  std::vector<double> ready(points.size(), 0);
  std::sort(edges.begin(), edges.end());
  for (const std::uint32_t point : model::TopologicalOrder(points.size(), edges)) {
    double task = 0;
    if (points.IsStageEnd(point)) {
      const cost::StageWork& stage = workload.stages[point - points.StageEnd(0)];
      for (std::uint32_t t = 0; t < stage.tasks; ++t) {
        task = std::max(task, static_cast<double>(workload.tasks.duration[stage.first_task + t]));
      }
    }
    if (point != points.AppStart()) ready[point] += workload.lag[point] + task;  // the application starts at 0
    for (const model::GraphEdge& edge : edges) {
      if (edge.from == point) ready[edge.to] = std::max(ready[edge.to], ready[point]);
    }
  }
  return ready[points.AppEnd()];
}

cost::Workload RandomWorkload(Random& random, const RandomShape& shape) {
  cost::Workload w;
  w.fair = shape.fair;
  w.pools = {"b", "a", "c"};
  const int stages = Int(random, 1, shape.max_stages);
  const int jobs = shape.chain ? 1 : Int(random, 1, 3);
  for (int i = 0; i < jobs; ++i) w.jobs.push_back({i, static_cast<std::uint32_t>(i), 0, 0});
  for (int i = 0; i < stages; ++i) {
    cost::StageWork stage;
    stage.id = i;
    stage.job = static_cast<std::uint32_t>(Int(random, 0, jobs - 1));
    stage.pool = static_cast<std::uint32_t>(Int(random, 0, 2));
    for (int parent = 0; parent < i; ++parent) {
      if (shape.chain ? parent == i - 1 : Happens(random, 0.3))
        stage.parents.push_back(static_cast<std::uint32_t>(parent));
    }
    AddTasks(random, shape, w, stage);
    w.stages.push_back(stage);
  }
  const int executors = Int(random, 1, 3);
  for (int i = 0; i < executors; ++i) {
    cost::ExecutorWork executor;
    executor.slots = static_cast<std::uint32_t>(Int(random, 1, 3));
    executor.removal = kNotYet;
    w.executors.push_back(executor);
  }
  std::vector<model::GraphEdge> more;
  SetPointNumbers(w);
  for (std::uint32_t i = 1; i < w.points.jobs; ++i) {
    if (Happens(random, 0.3)) more.push_back({w.points.JobStart(i - 1), w.points.JobStart(i)});
  }
  for (cost::ExecutorWork& executor : w.executors) {
    if (shape.removals && Happens(random, 0.5)) executor.removal = 1;  // any: the lag says when
  }
  SetFixtureEdges(w, std::move(more));
  for (std::uint32_t i = 0; i < w.points.size(); ++i) w.lag.push_back(Happens(random, 0.3) ? 0 : Real(random, 0, 200));
  w.duration = 1000;
  return w;
}

// ---------------------------------------------------------------- the twin
namespace {

struct TaskSlot {
  std::uint32_t executor = 0;
  double since = 0;   // free since
  bool used = false;  // it has run a task
  bool busy = false;
  std::uint32_t stage = 0;
  std::uint32_t task = 0;
  double left = 0;  // of the task: ms at full speed
};
struct Release {
  double time = 0;
  std::uint32_t stage = 0;
  std::uint32_t task = 0;
};

class Obvious {
 public:
  Obvious(const cost::Workload& workload, const cost::Schedule& schedule)
      : w_(workload),
        s_(schedule),
        left_(workload.points_before),
        ready_(workload.points.size(), 0),
        event_(workload.points.size(), kNever),
        launched_(schedule.stages.size()),
        may_launch_(schedule.stages.size()),
        needed_left_(schedule.stages.size(), 0),
        last_start_(schedule.stages.size(), 0),
        last_end_(schedule.stages.size(), 0),
        gone_(schedule.slots.size(), false) {
    times_.point.assign(workload.points.size(), kNotYet);
    times_.first_start.assign(schedule.stages.size(), kNotYet);
    for (std::uint32_t i = 0; i < schedule.stages.size(); ++i) {
      launched_[i].assign(schedule.stages[i].tasks, false);
      may_launch_[i].assign(schedule.stages[i].tasks, false);
      for (std::uint32_t task = 0; task < schedule.stages[i].tasks; ++task)
        needed_left_[i] += Needed(i, task) ? 1U : 0U;
    }
  }

  cost::ReplayTimes Run() {
    Happen(w_.points.AppStart(), 0);
    while (std::isnan(times_.point[w_.points.AppEnd()])) Step();
    times_.duration = times_.point[w_.points.AppEnd()];
    return times_;
  }

 private:
  [[nodiscard]] bool InStep() const { return s_.fair || s_.contention > 0; }
  [[nodiscard]] bool Needed(std::uint32_t stage, std::uint32_t task) const {
    return s_.stages[stage].needed == nullptr || s_.stages[stage].needed[task] != 0;
  }

  void Step() {
    double wake = kNever;
    if (const std::optional<std::uint32_t> stage = ChooseStage()) {
      if (Launch(*stage, wake)) return;
    }
    const double next = NextEvent();
    if (InStep() && std::min(wake, NextEnd()) < next) return Advance(std::min(wake, NextEnd()));
    if (next == kNever) return TakeBack();
    if (InStep()) Advance(next);
    now_ = std::max(now_, next);
    LetHappen(next);
  }

  void TakeBack() {
    times_.starved = true;
    gone_.assign(gone_.size(), false);
    for (std::uint32_t e = 0; e < s_.slots.size(); ++e) {
      const auto has =
          std::count_if(slots_.begin(), slots_.end(), [&](const TaskSlot& slot) { return slot.executor == e; });
      for (auto i = static_cast<std::uint32_t>(has); i < s_.slots[e]; ++i)
        slots_.push_back({e, now_, false, false, 0, 0, 0});
    }
  }

  // ---- time
  [[nodiscard]] double NextEvent() const {
    double next = kNever;
    for (const double time : event_) next = std::min(next, time);
    for (const Release& release : releases_) next = std::min(next, release.time);
    return next;
  }
  [[nodiscard]] double Speed() const {
    if (s_.contention <= 0) return 1;
    double running = 0;
    double load = 0;  // processors that the running tasks want
    for (const TaskSlot& slot : slots_) {
      if (!slot.busy) continue;
      const std::uint16_t* const needs = s_.stages[slot.stage].needs;
      running += 1;
      load += needs == nullptr ? 1 : static_cast<double>(needs[slot.task]) / cost::kWholeProcessor;
    }
    if (running == 0) return 1;
    const double slowed = std::pow(std::min(1.0, s_.processors / std::max(load, 1e-12)), s_.contention);
    return 1 / (1 - load / running + load / running / slowed);
  }
  [[nodiscard]] double NextEnd() const {
    double next = kNever;
    for (const TaskSlot& slot : slots_) {
      if (slot.busy) next = std::min(next, now_ + slot.left / Speed());
    }
    return next;
  }
  void Advance(double time) {
    while (NextEnd() <= time) {
      const double end = NextEnd();
      const auto done = std::min_element(slots_.begin(), slots_.end(), [](const TaskSlot& a, const TaskSlot& b) {
        return (a.busy ? a.left : kNever) < (b.busy ? b.left : kNever);
      });
      Work(end - now_);
      now_ = end;
      done->busy = false;
      done->since = end;
      NoteEnd(done->stage, done->task, end);
    }
    Work(time - now_);
    now_ = time;
  }
  void Work(double ms) {
    const double speed = Speed();
    for (TaskSlot& slot : slots_) {
      if (!slot.busy) continue;
      slot.left = std::max(0.0, slot.left - ms * speed);
      if (s_.contention > 0) times_.busy_slot_time += ms;
    }
  }

  // ---- events
  void LetHappen(double time) {
    for (std::uint32_t point = 0; point < event_.size(); ++point) {
      if (event_[point] != time) continue;
      event_[point] = kNever;
      return Happen(point, time);
    }
    const auto release = std::min_element(releases_.begin(), releases_.end(),
                                          [](const Release& a, const Release& b) { return a.time < b.time; });
    may_launch_[release->stage][release->task] = true;
    releases_.erase(release);
  }

  void Happen(std::uint32_t point, double time) {
    times_.point[point] = time;
    for (std::uint32_t i = w_.after_begin[point]; i < w_.after_begin[point + 1]; ++i) {
      const std::uint32_t next = w_.after[i];
      ready_[next] = std::max(ready_[next], time);
      if (--left_[next] == 0) event_[next] = ready_[next] + s_.lag[next];
    }
    if (w_.points.IsArrival(point)) {
      const std::uint32_t executor = point - w_.points.Arrival(0);
      if (!gone_[executor]) AddSlots(executor, time);
    }
    if (w_.points.IsRemoval(point)) gone_[point - w_.points.Removal(0)] = true;
    if (!w_.points.IsStageReady(point)) return;
    const std::uint32_t stage = point - w_.points.StageReady(0);
    const cost::Schedule::Stage& played = s_.stages[stage];
    last_start_[stage] = time;
    last_end_[stage] = time;
    for (std::uint32_t task = 0; task < played.tasks; ++task) {
      bool waits = false;
      for (std::uint32_t i = 0; i < played.link_count; ++i) waits = waits || played.links[i].task == task;
      may_launch_[stage][task] = !waits;
    }
    EndIfDone(stage);
  }

  void AddSlots(std::uint32_t executor, double time) {
    for (std::uint32_t i = 0; i < s_.slots[executor]; ++i) slots_.push_back({executor, time, false, false, 0, 0, 0});
  }

  void NoteEnd(std::uint32_t stage, std::uint32_t task, double end) {
    const cost::Schedule::Stage& played = s_.stages[stage];
    for (std::uint32_t i = 0; i < played.link_count; ++i) {
      const cost::TaskLink& link = played.links[i];
      if (link.before == task && !link.from_start) {
        releases_.push_back({end + static_cast<double>(link.delay), stage, link.task});
      }
    }
    if (!Needed(stage, task)) return;
    --needed_left_[stage];
    last_end_[stage] = std::max(last_end_[stage], end);
    EndIfDone(stage);
  }

  void EndIfDone(std::uint32_t stage) {
    const std::uint32_t end = w_.points.StageEnd(stage);
    if (needed_left_[stage] == 0) event_[end] = last_end_[stage] + s_.lag[end];
  }

  // ---- who is next
  [[nodiscard]] bool InLine(std::uint32_t stage) const {
    if (std::isnan(times_.point[w_.points.StageReady(stage)])) return false;
    if (!std::isnan(times_.point[w_.points.StageEnd(stage)])) return false;
    return NextTask(stage).has_value();
  }
  [[nodiscard]] std::optional<std::uint32_t> NextTask(std::uint32_t stage) const {
    for (std::uint32_t task = 0; task < s_.stages[stage].tasks; ++task) {
      if (may_launch_[stage][task] && !launched_[stage][task]) return task;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::uint32_t Running(std::uint32_t pool) const {
    std::uint32_t running = 0;
    for (const TaskSlot& slot : slots_) {
      if (slot.busy && w_.stages[slot.stage].pool == pool) ++running;
    }
    return running;
  }
  [[nodiscard]] bool IsBefore(std::uint32_t a, std::uint32_t b) const {
    const auto& x = w_.stages[a];
    const auto& y = w_.stages[b];
    if (s_.fair && x.pool != y.pool) {
      if (Running(x.pool) != Running(y.pool)) return Running(x.pool) < Running(y.pool);
      return w_.pools[x.pool] < w_.pools[y.pool];
    }
    const auto job = [&](const cost::StageWork& stage) { return w_.jobs[stage.job].id; };
    return job(x) != job(y) ? job(x) < job(y) : x.id < y.id;
  }
  [[nodiscard]] std::optional<std::uint32_t> ChooseStage() const {
    std::optional<std::uint32_t> best;
    for (std::uint32_t stage = 0; stage < s_.stages.size(); ++stage) {
      if (InLine(stage) && (!best || IsBefore(stage, *best))) best = stage;
    }
    return best;
  }

  // A slot never used before one that was; of each kind the one that is free first.
  [[nodiscard]] std::optional<std::size_t> ChooseSlot() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const TaskSlot& slot = slots_[i];
      if (gone_[slot.executor] || slot.busy) continue;
      if (!best) {
        best = i;
        continue;
      }
      const TaskSlot& other = slots_[*best];
      const bool new_first = !InStep() && slot.used != other.used;
      if (new_first ? !slot.used : slot.since < other.since) best = i;
    }
    return best;
  }

  bool Launch(std::uint32_t stage, double& wake) {
    const cost::Schedule::Stage& played = s_.stages[stage];
    const std::optional<std::size_t> chosen = ChooseSlot();
    if (!chosen) return false;
    TaskSlot& slot = slots_[*chosen];
    const std::uint32_t task = *NextTask(stage);
    const double ready = times_.point[w_.points.StageReady(stage)];
    double start = slot.since;
    if (slot.used && slot.since > ready) start += static_cast<double>(played.turnaround);
    start = std::max(start, now_);
    if (task < played.first_wave) start = std::max(start, ready + static_cast<double>(played.ramp) * task);
    if (played.pauses != nullptr && played.pauses[task] > 0) {
      start = std::max(start, last_start_[stage] + static_cast<double>(played.pauses[task]));
    }
    if (InStep() && start > now_) {
      wake = start;
      return false;
    }
    if (!InStep() && start >= NextEvent()) return false;
    const double duration = static_cast<double>(played.durations[task]);
    if (std::isnan(times_.first_start[stage])) times_.first_start[stage] = start;
    if (s_.contention <= 0) times_.busy_slot_time += duration;
    last_start_[stage] = start;
    launched_[stage][task] = true;
    for (std::uint32_t i = 0; i < played.link_count; ++i) {
      const cost::TaskLink& link = played.links[i];
      if (link.before == task && link.from_start) {
        releases_.push_back({start + static_cast<double>(link.delay), stage, link.task});
      }
    }
    slot.used = true;
    slot.stage = stage;
    slot.task = task;
    if (InStep()) {
      slot.busy = true;
      slot.left = duration;
    } else {
      slot.since = start + duration;
      NoteEnd(stage, task, start + duration);
    }
    return true;
  }

  const cost::Workload& w_;
  const cost::Schedule& s_;
  std::vector<std::uint32_t> left_;
  std::vector<double> ready_;
  std::vector<double> event_;  // of each point; kNever: not known yet, or past
  std::vector<Release> releases_;
  std::vector<std::vector<bool>> launched_;
  std::vector<std::vector<bool>> may_launch_;
  std::vector<std::uint32_t> needed_left_;
  std::vector<double> last_start_;
  std::vector<double> last_end_;
  std::vector<TaskSlot> slots_;
  std::vector<bool> gone_;
  double now_ = 0;
  cost::ReplayTimes times_;
};

}  // namespace

cost::ReplayTimes ObviousReplay(const cost::Workload& workload, const cost::Schedule& schedule) {
  return Obvious(workload, schedule).Run();
}

}  // namespace advise::test
