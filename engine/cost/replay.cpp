// The replay. Two ways through one set of events:
//
//   ahead   FIFO, slots of their own: a task is launched as soon as it is known on which slot and when, its end is
//   known
//           then, and a slot is looked at again only when it is needed. Nearly all runs; kept short (LaunchPlain).
//   in step FAIR, or slots that share processors: who comes next depends on what runs now, so ends are waited for.
#include "cost/replay.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/check.h"

namespace advise::cost {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kNotYet = std::numeric_limits<double>::quiet_NaN();

bool IsPlain(const Schedule::Stage& stage) { return stage.link_count == 0 && stage.needed == nullptr; }
bool InStep(const Schedule& schedule) { return schedule.fair || schedule.contention > 0; }

}  // namespace

double SharedSpeed(double processors, double contention, std::size_t running, std::uint64_t needed) {
  if (running == 0 || needed == 0) return 1;
  const double load = static_cast<double>(needed) / kWholeProcessor;
  if (load <= processors) return 1;
  const double busy_share = load / static_cast<double>(running);  // of a task's time
  return 1 / (1 - busy_share + busy_share * std::pow(load / processors, contention));
}

Schedule UnchangedSchedule(const Workload& workload) {
  Schedule schedule;
  schedule.lag = workload.lag;
  schedule.fair = workload.fair;
  for (const ExecutorWork& executor : workload.executors) schedule.slots.push_back(executor.slots);
  for (const StageWork& stage : workload.stages) {
    Schedule::Stage played;
    played.durations = workload.tasks.duration.data() + stage.first_task;
    played.tasks = stage.tasks;
    const auto needed = workload.tasks.needed.begin() + stage.first_task;
    const bool all = std::all_of(needed, needed + stage.tasks, [](std::uint8_t flag) { return flag != 0; });
    played.needed = all ? nullptr : workload.tasks.needed.data() + stage.first_task;
    played.links = stage.links.data();
    played.link_count = static_cast<std::uint32_t>(stage.links.size());
    played.pauses = stage.paused ? workload.tasks.pause.data() + stage.first_task : nullptr;
    played.turnaround = stage.turnaround;
    schedule.stages.push_back(played);
  }
  return schedule;
}

// ---------------------------------------------------------------- set-up
Replayer::Replayer(const Workload& workload) : workload_(workload) {
  std::vector<std::uint32_t> by_order(workload.stages.size());
  std::iota(by_order.begin(), by_order.end(), 0U);
  std::sort(by_order.begin(), by_order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const StageWork& x = workload.stages[a];
    const StageWork& y = workload.stages[b];
    const std::int64_t job_x = x.job == kNone ? -1 : workload.jobs[x.job].id;
    const std::int64_t job_y = y.job == kNone ? -1 : workload.jobs[y.job].id;
    if (job_x != job_y) return job_x < job_y;
    if (x.id != y.id) return x.id < y.id;
    return x.attempt != y.attempt ? x.attempt < y.attempt : a < b;
  });
  order_.resize(by_order.size());
  for (std::uint32_t i = 0; i < by_order.size(); ++i) order_[by_order[i]] = i;
  std::vector<std::uint32_t> by_name(workload.pools.size());
  std::iota(by_name.begin(), by_name.end(), 0U);
  std::sort(by_name.begin(), by_name.end(),
            [&](std::uint32_t a, std::uint32_t b) { return workload.pools[a] < workload.pools[b]; });
  pool_rank_.resize(by_name.size());
  for (std::uint32_t i = 0; i < by_name.size(); ++i) pool_rank_[by_name[i]] = i;
}

void Replayer::Reset() {
  const Schedule& schedule = *schedule_;
  const std::size_t points = workload_.points.size();
  times_.point.assign(points, kNotYet);
  times_.first_start.assign(schedule.stages.size(), kNotYet);
  times_.busy_slot_time = 0;
  times_.starved = false;
  points_left_ = workload_.points_before;
  ready_.assign(points, 0);
  active_.resize(schedule.stages.size());
  first_task_.resize(schedule.stages.size() + 1);
  first_task_[0] = 0;
  for (std::uint32_t i = 0; i < schedule.stages.size(); ++i) {
    const Schedule::Stage& stage = schedule.stages[i];
    first_task_[i + 1] = first_task_[i] + stage.tasks;
    Active& active = active_[i];
    active.next = 0;
    active.needed_left = stage.tasks;
    if (stage.needed != nullptr) {
      const auto needed = std::count_if(stage.needed, stage.needed + stage.tasks, [](auto flag) { return flag != 0; });
      active.needed_left = static_cast<std::uint32_t>(needed);
    }
    active.last_end = 0;
    active.last_task = kNone;
    active.in_line = false;
    active.launchable.clear();
  }
  if (InStep(schedule)) {
    stage_of_task_.resize(first_task_.back());
    for (std::uint32_t i = 0; i < schedule.stages.size(); ++i) {
      std::fill(stage_of_task_.begin() + first_task_[i], stage_of_task_.begin() + first_task_[i + 1], i);
    }
  }
  pool_running_.assign(workload_.pools.size(), 0);
  line_.clear();
  events_.clear();
  busy_.Clear();
  departed_.clear();
  free_.clear();
  next_free_ = 0;
  gone_.assign(std::max<std::size_t>(1, schedule.slots.size()), false);
  any_gone_ = false;
  done_ = false;
  now_ = 0;
  needed_ = 0;
  own_clock_ = 0;
  wake_ = kNever;
  if (trace_ == nullptr) return;
  trace_->tasks.assign(first_task_.back(), {});
  trace_->first_task.assign(first_task_.begin(), first_task_.end());
  trace_->point_after.assign(points, kNone);
  trace_->last_task.assign(schedule.stages.size(), kNone);
}

// ---------------------------------------------------------------- events
namespace {

// The earliest event first; of several at one time the smallest point, launches last.
constexpr auto kLater = [](const auto& a, const auto& b) {
  if (a.time != b.time) return a.time > b.time;
  if (a.point != b.point) return a.point > b.point;
  return a.stage != b.stage ? a.stage > b.stage : a.task > b.task;
};

}  // namespace

void Replayer::Enqueue(const Event& event) {
  events_.push_back(event);
  std::push_heap(events_.begin(), events_.end(), kLater);
}

Replayer::Event Replayer::Dequeue() {
  std::pop_heap(events_.begin(), events_.end(), kLater);
  const Event event = events_.back();
  events_.pop_back();
  return event;
}

double Replayer::NextEvent() const { return events_.empty() ? kNever : events_.front().time; }

// The slot's executor has gone: it takes no further task, unless it is taken back.
void Replayer::Depart() {
  departed_.push_back(busy_.First());
  busy_.PopFirst();
}

// ---------------------------------------------------------------- the line of stages
void Replayer::Enter(std::uint32_t stage) {
  if (active_[stage].in_line) return;
  active_[stage].in_line = true;
  const auto at = std::lower_bound(line_.begin(), line_.end(), stage,
                                   [&](std::uint32_t a, std::uint32_t b) { return order_[a] < order_[b]; });
  line_.insert(at, stage);
}

void Replayer::Leave(std::uint32_t stage) {
  if (!active_[stage].in_line) return;
  active_[stage].in_line = false;
  line_.erase(std::find(line_.begin(), line_.end(), stage));
}

// FIFO: the first in line. FAIR: of the pool with the fewest running tasks (no allocation file is in the log: all
// weights are 1, all minimum shares 0), then by name; inside a pool the first in line.
std::uint32_t Replayer::ChooseStage() const {
  std::uint32_t best = line_.front();
  if (!schedule_->fair) return best;
  for (const std::uint32_t stage : line_) {
    const std::uint32_t pool = workload_.stages[stage].pool;
    const std::uint32_t best_pool = workload_.stages[best].pool;
    if (pool == best_pool) continue;
    const std::uint32_t running = pool_running_[pool];
    const std::uint32_t best_running = pool_running_[best_pool];
    if (running < best_running || (running == best_running && pool_rank_[pool] < pool_rank_[best_pool])) best = stage;
  }
  return best;
}

// ---------------------------------------------------------------- points
void Replayer::LetHappen(const Event& event) {
  if (event.point != kNone) {
    if (std::isnan(times_.point[event.point])) Happen(event.point, event.time);
    return;
  }
  if (!std::isnan(times_.point[workload_.points.StageEnd(event.stage)])) return;
  std::vector<std::uint32_t>& launchable = active_[event.stage].launchable;
  launchable.push_back(event.task);
  std::push_heap(launchable.begin(), launchable.end(), std::greater<>());
  Enter(event.stage);
}

void Replayer::Happen(std::uint32_t point, double time) {
  const PointNumbers& points = workload_.points;
  times_.point[point] = time;
  if (point == points.AppEnd()) done_ = true;
  for (std::uint32_t i = workload_.after_begin[point]; i < workload_.after_begin[point + 1]; ++i) {
    const std::uint32_t next = workload_.after[i];
    if (time >= ready_[next]) {
      ready_[next] = time;
      if (trace_ != nullptr) trace_->point_after[next] = point;
    }
    if (--points_left_[next] == 0) Enqueue({ready_[next] + schedule_->lag[next], next, 0, 0});
  }
  if (points.IsStageReady(point)) {
    const std::uint32_t stage = point - points.StageReady(0);
    const Schedule::Stage& played = schedule_->stages[stage];
    active_[stage].ready = time;
    active_[stage].last_start = time;
    active_[stage].last_end = time;
    EndWhenDone(stage);
    if (played.tasks == 0) return;
    if (!IsPlain(played)) {
      std::vector<bool> waits(played.tasks);
      for (std::uint32_t i = 0; i < played.link_count; ++i) waits[played.links[i].task] = true;
      for (std::uint32_t task = 0; task < played.tasks; ++task) {
        if (!waits[task]) active_[stage].launchable.push_back(task);  // ascending: a heap already
      }
    }
    Enter(stage);
  } else if (points.IsStageEnd(point)) {
    Leave(point - points.StageEnd(0));  // what is left of it is not launched any more
  } else if (points.IsArrival(point)) {
    const std::uint32_t executor = point - points.Arrival(0);
    if (!gone_[executor]) free_.insert(free_.end(), schedule_->slots[executor], {time, executor, kNone});
  } else if (points.IsRemoval(point)) {
    const std::uint32_t executor = point - points.Removal(0);
    gone_[executor] = true;
    any_gone_ = true;
    free_.erase(free_.begin(), free_.begin() + static_cast<std::ptrdiff_t>(next_free_));
    next_free_ = 0;
    for (const Free& slot : free_) {
      if (slot.executor == executor) departed_.push_back({slot.since, executor, slot.after_task});
    }
    std::erase_if(free_, [&](const Free& slot) { return slot.executor == executor; });
  }
}

void Replayer::EndWhenDone(std::uint32_t stage) {
  const std::uint32_t end = workload_.points.StageEnd(stage);
  if (active_[stage].needed_left == 0) Enqueue({active_[stage].last_end + schedule_->lag[end], end, 0, 0});
}

// ---------------------------------------------------------------- tasks
std::uint32_t Replayer::NextTask(std::uint32_t stage) const {
  return IsPlain(schedule_->stages[stage]) ? active_[stage].next : active_[stage].launchable.front();
}

void Replayer::TakeTask(std::uint32_t stage) {
  Active& active = active_[stage];
  if (IsPlain(schedule_->stages[stage])) {
    if (++active.next == schedule_->stages[stage].tasks) Leave(stage);
    return;
  }
  std::pop_heap(active.launchable.begin(), active.launchable.end(), std::greater<>());
  active.launchable.pop_back();
  if (active.launchable.empty()) Leave(stage);
}

void Replayer::FollowLinks(std::uint32_t stage, std::uint32_t position, bool at_start, double time) {
  const Schedule::Stage& played = schedule_->stages[stage];
  const TaskLink* const end = played.links + played.link_count;
  const TaskLink* link = std::lower_bound(played.links, end, position,
                                          [](const TaskLink& l, std::uint32_t before) { return l.before < before; });
  for (; link != end && link->before == position; ++link) {
    if (link->from_start == at_start) Enqueue({time + static_cast<double>(link->delay), kNone, stage, link->task});
  }
}

void Replayer::NoteStart(std::uint32_t stage, std::uint32_t position, double start, const Free& slot) {
  if (std::isnan(times_.first_start[stage])) times_.first_start[stage] = start;
  active_[stage].last_start = start;
  if (schedule_->contention <= 0) {
    times_.busy_slot_time += static_cast<double>(schedule_->stages[stage].durations[position]);
  }
  FollowLinks(stage, position, true, start);
  if (trace_ == nullptr) return;
  TaskTrace trace{start, start, kNone, workload_.points.StageReady(stage)};
  if (slot.since > active_[stage].ready && slot.after_task != kNone) trace = {start, start, slot.after_task, kNone};
  if (slot.since >= active_[stage].ready && slot.after_task == kNone) {
    trace.after_point = workload_.points.Arrival(slot.executor);
  }
  trace_->tasks[first_task_[stage] + position] = trace;
}

void Replayer::NoteEnd(std::uint32_t stage, std::uint32_t position, double end) {
  const Schedule::Stage& played = schedule_->stages[stage];
  Active& active = active_[stage];
  const std::uint32_t number = first_task_[stage] + position;
  if (trace_ != nullptr) trace_->tasks[number].end = end;
  FollowLinks(stage, position, false, end);
  if (played.needed != nullptr && played.needed[position] == 0) return;
  --active.needed_left;
  if (end > active.last_end || active.last_task == kNone) {
    active.last_end = std::max(active.last_end, end);
    active.last_task = number;
    if (trace_ != nullptr) trace_->last_task[stage] = number;
  }
  EndWhenDone(stage);
}

// When a task can start on a slot: not before now, nor before the pause after the slot's last task if that ended while
// the stage had tasks to launch, nor before its turn in the first wave or its pause after the launch before.
double Replayer::StartOn(std::uint32_t stage, std::uint32_t position, const Free& slot) const {
  const Schedule::Stage& played = schedule_->stages[stage];
  const double ready = active_[stage].ready;
  const bool pauses = slot.after_task != kNone && slot.since > ready;
  double start = std::max(now_, slot.since + (pauses ? static_cast<double>(played.turnaround) : 0));
  if (position < played.first_wave) start = std::max(start, ready + static_cast<double>(played.ramp) * position);
  if (played.pauses != nullptr && played.pauses[position] > 0) {
    start = std::max(start, active_[stage].last_start + static_cast<double>(played.pauses[position]));
  }
  return start;
}

// Launches tasks of a plain stage, past its first wave and up to the next pause, while slots come free before the next
// event.
bool Replayer::LaunchPlain(std::uint32_t stage) {
  const Schedule::Stage& played = schedule_->stages[stage];
  Active& active = active_[stage];
  const double next_event = NextEvent();
  const double turnaround = static_cast<double>(played.turnaround);
  const std::uint32_t first = active.next;
  double last_end = active.last_end;
  double busy_time = 0;
  std::uint32_t task = first;
  double start = active.last_start;
  while (task < played.tasks && (played.pauses == nullptr || played.pauses[task] <= 0)) {
    const Busy top = busy_.First();
    const bool in_stage = top.end > active.ready;
    const double may_start = std::max(now_, in_stage ? top.end + turnaround : top.end);
    if (may_start >= next_event) break;
    if (any_gone_ && gone_[top.executor]) {
      Depart();
      if (busy_.empty()) break;
      continue;
    }
    start = may_start;
    const double duration = static_cast<double>(played.durations[task]);
    const double end = start + duration;
    const std::uint32_t number = first_task_[stage] + task;
    if (task == first && std::isnan(times_.first_start[stage])) times_.first_start[stage] = start;
    if (trace_ != nullptr) {
      trace_->tasks[number] = {start, end, in_stage ? top.task : kNone,
                               in_stage ? kNone : workload_.points.StageReady(stage)};
    }
    if (end > last_end || active.last_task == kNone) {
      last_end = std::max(last_end, end);
      active.last_task = number;
    }
    busy_time += duration;
    busy_.ReplaceFirst({end, top.executor, number});
    ++task;
  }
  if (task == first) return false;
  active.next = task;
  active.last_start = start;
  active.last_end = last_end;
  active.needed_left -= task - first;
  times_.busy_slot_time += busy_time;
  if (trace_ != nullptr) trace_->last_task[stage] = active.last_task;
  if (task == played.tasks) {
    Leave(stage);
    EndWhenDone(stage);
  }
  return true;
}

// Launches one task of any stage, on a free slot or on the next that comes free before the next event.
bool Replayer::LaunchAhead(std::uint32_t stage) {
  while (any_gone_ && !AnyFree() && !busy_.empty() && gone_[busy_.First().executor]) Depart();
  const bool wait = !AnyFree();
  if (wait && busy_.empty()) return false;
  const Busy first = wait ? busy_.First() : Busy();
  const Free slot = wait ? Free{first.end, first.executor, first.task} : free_[next_free_];
  const std::uint32_t position = NextTask(stage);
  const double start = StartOn(stage, position, slot);
  if (start >= NextEvent()) return false;
  if (wait) {
    busy_.PopFirst();
  } else {
    ++next_free_;
  }
  TakeTask(stage);
  NoteStart(stage, position, start, slot);
  const double end = start + static_cast<double>(schedule_->stages[stage].durations[position]);
  busy_.Push({end, slot.executor, first_task_[stage] + position});
  NoteEnd(stage, position, end);
  return true;
}

// ---------------------------------------------------------------- in step
// How fast each task runs that runs now.
double Replayer::Speed() const {
  if (schedule_->contention <= 0) return 1;
  return SharedSpeed(schedule_->processors, schedule_->contention, busy_.size(), needed_);
}

std::uint64_t Replayer::NeedOf(std::uint32_t task) const {
  const std::uint32_t stage = stage_of_task_[task];
  const std::uint16_t* const needs = schedule_->stages[stage].needs;
  return needs == nullptr ? kWholeProcessor : needs[task - first_task_[stage]];
}

double Replayer::NextEnd() const {
  if (busy_.empty()) return kNever;
  return std::max(now_, now_ + (busy_.First().end - own_clock_) / Speed());
}

// Time goes on; tasks that end by then free their slots.
void Replayer::AdvanceTo(double time) {
  while (!busy_.empty() && NextEnd() <= time) {
    const Busy done = busy_.First();
    const double end = NextEnd();
    if (schedule_->contention > 0) times_.busy_slot_time += (end - now_) * static_cast<double>(busy_.size());
    now_ = end;
    own_clock_ = std::max(own_clock_, done.end);
    busy_.PopFirst();
    needed_ -= NeedOf(done.task);
    const std::uint32_t stage = stage_of_task_[done.task];
    --pool_running_[workload_.stages[stage].pool];
    if (gone_[done.executor]) {
      departed_.push_back({now_, done.executor, done.task});
    } else {
      free_.push_back({now_, done.executor, done.task});
    }
    NoteEnd(stage, done.task - first_task_[stage], now_);
  }
  if (time <= now_) return;
  if (schedule_->contention > 0) times_.busy_slot_time += (time - now_) * static_cast<double>(busy_.size());
  own_clock_ += (time - now_) * Speed();
  now_ = time;
}

// Launches one task on a free slot, if it may start now; else says when (wake_).
bool Replayer::LaunchNow(std::uint32_t stage) {
  if (!AnyFree()) return false;
  const Free slot = free_[next_free_];
  const std::uint32_t position = NextTask(stage);
  const double start = StartOn(stage, position, slot);
  if (start > now_) {
    wake_ = start;
    return false;
  }
  ++next_free_;
  TakeTask(stage);
  NoteStart(stage, position, start, slot);
  ++pool_running_[workload_.stages[stage].pool];
  const double work = static_cast<double>(schedule_->stages[stage].durations[position]);
  busy_.Push({own_clock_ + work, slot.executor, first_task_[stage] + position});
  needed_ += NeedOf(first_task_[stage] + position);
  return true;
}

// ---------------------------------------------------------------- the loop
// Executors that the log saw go may be needed when the change leaves more work than it had: they are taken back.
void Replayer::TakeBackSlots() {
  times_.starved = true;
  any_gone_ = false;
  gone_.assign(gone_.size(), false);
  free_.erase(free_.begin(), free_.begin() + static_cast<std::ptrdiff_t>(next_free_));
  next_free_ = 0;
  std::vector<std::uint32_t> left = schedule_->slots;
  const auto held = [&](std::uint32_t executor) {
    if (executor < left.size() && left[executor] > 0) --left[executor];
  };
  for (const Free& slot : free_) held(slot.executor);
  busy_.ForEach([&](const Busy& busy) { held(busy.executor); });
  for (const Busy& slot : departed_) {  // one may run its task still
    held(slot.executor);
    if (InStep(*schedule_) || slot.task == kNone) {
      free_.push_back({slot.end, slot.executor, slot.task});
    } else {
      busy_.Push(slot);
    }
  }
  departed_.clear();
  std::uint32_t slots = 0;
  for (std::uint32_t executor = 0; executor < left.size(); ++executor) {
    slots += schedule_->slots[executor];
    free_.insert(free_.end(), left[executor], {now_, executor, kNone});
  }
  if (slots == 0) free_.push_back({now_, 0, kNone});
  std::stable_sort(free_.begin(), free_.end(), [](const Free& a, const Free& b) { return a.since < b.since; });
}

void Replayer::Play() {
  Reset();
  const bool in_step = InStep(*schedule_);
  Happen(workload_.points.AppStart(), 0);
  while (!done_) {
    wake_ = kNever;
    if (!line_.empty()) {
      const std::uint32_t stage = ChooseStage();
      const Schedule::Stage& played = schedule_->stages[stage];
      const std::uint32_t next = active_[stage].next;
      const bool one = AnyFree() || busy_.empty() || !IsPlain(played) || next < played.first_wave ||
                       (played.pauses != nullptr && played.pauses[next] > 0);
      const bool launched = in_step ? LaunchNow(stage) : one ? LaunchAhead(stage) : LaunchPlain(stage);
      if (launched) continue;
    }
    if (in_step && std::min(wake_, NextEnd()) < NextEvent()) {
      AdvanceTo(std::min(wake_, NextEnd()));
      continue;
    }
    if (events_.empty()) {
      if (line_.empty()) break;
      TakeBackSlots();
      continue;
    }
    const Event event = Dequeue();
    if (in_step) AdvanceTo(event.time);
    now_ = std::max(now_, event.time);
    LetHappen(event);
  }
  times_.duration = times_.point[workload_.points.AppEnd()];
  ADVISE_CHECK(!std::isnan(times_.duration), "every point before the end of the application happens");
}

const ReplayTimes& Replayer::Run(const Schedule& schedule, ReplayTrace* trace) {
  schedule_ = &schedule;
  trace_ = trace;
  Play();
  return times_;
}

}  // namespace advise::cost
