// Each fault changes the numbers of events in place; its dial says by how much.
#include "workbench/mutations.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace advise::workbench {
namespace {

using Json = nlohmann::ordered_json;

// Below that a stage has no "others" to compare one task with.
constexpr std::size_t kFewestTasks = 8;

bool IsEvent(const Json& event, std::string_view name) {
  const auto found = event.find("Event");
  return found != event.end() && found->is_string() && found->get_ref<const std::string&>() == name;
}

// The number at a path of keys; nothing if it is not there.
std::optional<std::int64_t> Number(const Json& event, std::initializer_list<const char*> path) {
  const Json* at = &event;
  for (const char* const key : path) {
    const auto found = at->find(key);
    if (found == at->end()) return std::nullopt;
    at = &*found;
  }
  if (!at->is_number_integer()) return std::nullopt;
  return at->get<std::int64_t>();
}

void Scale(Json& object, const char* key, double factor) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return;
  *found = std::llround(static_cast<double>(found->get<std::int64_t>()) * factor);
}

// One stage attempt that ended, and its successful tasks.
struct StageRun {
  std::int64_t id = 0;
  std::int64_t attempt = 0;
  std::int64_t submitted = 0;
  std::int64_t completed = 0;
  std::int64_t run_time = 0;      // of all its tasks
  std::vector<std::size_t> ends;  // numbers of its TaskEnd events
};

// A log as events that can be changed.
class Events {
 public:
  static std::optional<Events> Parse(std::string_view text) {
    Events events;
    bool ended = false;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.empty()) continue;
      Json event = Json::parse(line, nullptr, false);
      if (event.is_discarded() || !event.is_object()) return std::nullopt;
      ended = ended || IsEvent(event, "SparkListenerApplicationEnd");
      events.list.push_back(std::move(event));
    }
    if (!ended) return std::nullopt;
    return events;
  }

  [[nodiscard]] std::string Text() const {
    std::string text;
    for (const Json& event : list) text += event.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    return text;
  }

  // The stage attempt with the most task time among those with enough tasks.
  [[nodiscard]] std::optional<StageRun> MainStage() const {
    std::map<std::pair<std::int64_t, std::int64_t>, StageRun> runs;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Json& event = list[i];
      if (IsEvent(event, "SparkListenerTaskEnd")) {
        const auto id = Number(event, {"Stage ID"});
        const auto attempt = Number(event, {"Stage Attempt ID"});
        const auto time = Number(event, {"Task Metrics", "Executor Run Time"});
        const bool succeeded =
            event.contains("Task End Reason") && event["Task End Reason"].value("Reason", "") == "Success";
        if (!id || !attempt || !time || !succeeded) continue;
        StageRun& run = runs[{*id, *attempt}];
        run.ends.push_back(i);
        run.run_time += *time;
      } else if (IsEvent(event, "SparkListenerStageCompleted")) {
        const auto id = Number(event, {"Stage Info", "Stage ID"});
        const auto attempt = Number(event, {"Stage Info", "Stage Attempt ID"});
        const auto submitted = Number(event, {"Stage Info", "Submission Time"});
        const auto completed = Number(event, {"Stage Info", "Completion Time"});
        if (!id || !attempt || !submitted || !completed) continue;
        StageRun& run = runs[{*id, *attempt}];
        run.id = *id;
        run.attempt = *attempt;
        run.submitted = *submitted;
        run.completed = *completed;
      }
    }
    std::optional<StageRun> best;
    for (auto& [key, run] : runs) {
      if (run.completed == 0 || run.ends.size() < kFewestTasks) continue;
      if (!best || run.run_time > best->run_time) best = run;
    }
    return best;
  }

  // Moves every point in time from `from` on by `by` ms.
  void Shift(std::int64_t from, std::int64_t by) {
    if (by <= 0) return;
    for (Json& event : list) Shift(event, from, by);
  }

  // Puts the event before the completion of the stage.
  void InsertInStage(const StageRun& stage, Json event) {
    const auto completed = std::ranges::find_if(list, [&](const Json& other) {
      return IsEvent(other, "SparkListenerStageCompleted") && Number(other, {"Stage Info", "Stage ID"}) == stage.id &&
             Number(other, {"Stage Info", "Stage Attempt ID"}) == stage.attempt;
    });
    list.insert(completed, std::move(event));
  }

  // Lets a task of the stage end `by` ms later, and all that comes after the stage by what it then ends later.
  void Delay(const StageRun& stage, std::size_t end, std::int64_t by) {
    Json& info = list[end]["Task Info"];
    const std::int64_t finish = Number(info, {"Finish Time"}).value_or(stage.completed) + by;
    Shift(stage.completed, finish - stage.completed);
    list[end]["Task Info"]["Finish Time"] = finish;
    Json late = std::move(list[end]);
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(end));
    InsertInStage(stage, std::move(late));
  }

  [[nodiscard]] std::int64_t Largest(const char* event, std::initializer_list<const char*> path) const {
    std::int64_t largest = 0;
    for (const Json& other : list) {
      if (IsEvent(other, event)) largest = std::max(largest, Number(other, path).value_or(0));
    }
    return largest;
  }

  std::vector<Json> list;

 private:
  // The keys under which Spark writes milliseconds since 1970.
  static bool IsTime(const std::string& key) {
    static constexpr std::array<std::string_view, 9> kTimes{
        "Timestamp", "Submission Time",     "Completion Time",   "Launch Time", "Finish Time",
        "time",      "Getting Result Time", "Registration Time", "Request Time"};
    return std::ranges::find(kTimes, key) != kTimes.end();
  }

  static void Shift(Json& value, std::int64_t from, std::int64_t by) {
    if (value.is_array()) {
      for (Json& item : value) Shift(item, from, by);
    } else if (value.is_object()) {
      for (auto& [key, item] : value.items()) {
        if (item.is_structured()) {
          Shift(item, from, by);
        } else if (IsTime(key) && item.is_number_integer() && item.get<std::int64_t>() >= from) {
          item = item.get<std::int64_t>() + by;
        }
      }
    }
  }
};

// ---------------------------------------------------------------- parts of a task
void ScaleTimes(Json& metrics, double factor) {
  for (const char* const key : {"Executor Run Time", "Executor CPU Time", "JVM GC Time"}) Scale(metrics, key, factor);
}

void ScaleData(Json& metrics, double factor) {
  static constexpr std::array<std::pair<const char*, std::array<const char*, 3>>, 4> kData{{
      {"Shuffle Read Metrics", {"Remote Bytes Read", "Local Bytes Read", "Total Records Read"}},
      {"Shuffle Write Metrics", {"Shuffle Bytes Written", "Shuffle Records Written", "Shuffle Write Time"}},
      {"Input Metrics", {"Bytes Read", "Records Read", nullptr}},
      {"Output Metrics", {"Bytes Written", "Records Written", nullptr}},
  }};
  for (const auto& [part, keys] : kData) {
    const auto found = metrics.find(part);
    if (found == metrics.end()) continue;
    for (const char* const key : keys) {
      if (key != nullptr) Scale(*found, key, factor);
    }
  }
}

std::int64_t BytesRead(const Json& metrics) {
  return Number(metrics, {"Shuffle Read Metrics", "Remote Bytes Read"}).value_or(0) +
         Number(metrics, {"Shuffle Read Metrics", "Local Bytes Read"}).value_or(0) +
         Number(metrics, {"Input Metrics", "Bytes Read"}).value_or(0);
}

std::int64_t Duration(const Json& end) {
  return std::max<std::int64_t>(
      1, Number(end, {"Task Info", "Finish Time"}).value_or(0) - Number(end, {"Task Info", "Launch Time"}).value_or(0));
}

// ---------------------------------------------------------------- the faults
bool StretchTask(Events& events, double factor, bool data) {
  const std::optional<StageRun> stage = events.MainStage();
  if (!stage) return false;
  const std::size_t end = stage->ends.back();
  const std::int64_t more = std::llround(static_cast<double>(Duration(events.list[end])) * (factor - 1));
  ScaleTimes(events.list[end]["Task Metrics"], factor);
  if (data) ScaleData(events.list[end]["Task Metrics"], factor);
  events.Delay(*stage, end, more);
  return true;
}

bool AddGc(Events& events, double share) {
  const std::optional<StageRun> stage = events.MainStage();
  if (!stage) return false;
  for (const std::size_t end : stage->ends) {
    Json& metrics = events.list[end]["Task Metrics"];
    metrics["JVM GC Time"] =
        std::llround(static_cast<double>(Number(metrics, {"Executor Run Time"}).value_or(0)) * share);
  }
  return true;
}

bool AddSpill(Events& events, double factor) {
  const std::optional<StageRun> stage = events.MainStage();
  if (!stage) return false;
  bool any = false;
  for (const std::size_t end : stage->ends) {
    Json& metrics = events.list[end]["Task Metrics"];
    const auto bytes = static_cast<double>(BytesRead(metrics));
    any = any || bytes > 0;
    metrics["Memory Bytes Spilled"] = std::llround(bytes * factor * 3);  // unpacked, about thrice what goes to disk
    metrics["Disk Bytes Spilled"] = std::llround(bytes * factor);
  }
  return any;
}

// Between two jobs: the later half of them begins later. What lies before the only job of a run is start-up.
bool AddGap(Events& events, double share) {
  std::vector<std::int64_t> starts;
  for (const Json& event : events.list) {
    if (!IsEvent(event, "SparkListenerJobStart")) continue;
    if (const auto time = Number(event, {"Submission Time"})) starts.push_back(*time);
  }
  const std::int64_t began = events.Largest("SparkListenerApplicationStart", {"Timestamp"});
  const std::int64_t ended = events.Largest("SparkListenerApplicationEnd", {"Timestamp"});
  if (starts.size() < 2 || ended <= began) return false;
  std::ranges::sort(starts);
  // A gap of that share of the run that it makes longer.
  const double gap = static_cast<double>(ended - began) * share / (1 - share);
  events.Shift(starts[starts.size() / 2], std::llround(gap));
  return true;
}

bool SplitTasks(Events& events, double pieces) {
  const std::optional<StageRun> stage = events.MainStage();
  if (!stage) return false;
  const auto count = static_cast<std::int64_t>(pieces);
  std::int64_t next_id = events.Largest("SparkListenerTaskStart", {"Task Info", "Task ID"}) + 1;
  std::int64_t next_index = 0;
  for (const std::size_t end : stage->ends) {
    next_index = std::max(next_index, Number(events.list[end], {"Task Info", "Index"}).value_or(0) + 1);
  }
  std::vector<Json> added;
  for (const std::size_t end : stage->ends) {
    Json& whole = events.list[end];
    ScaleTimes(whole["Task Metrics"], 1 / pieces);
    ScaleData(whole["Task Metrics"], 1 / pieces);
    const std::int64_t launch = Number(whole, {"Task Info", "Launch Time"}).value_or(0);
    const std::int64_t each = Duration(whole) / count;
    whole["Task Info"]["Finish Time"] = launch + each;
    for (std::int64_t piece = 1; piece < count; ++piece) {
      Json more = whole;
      Json& info = more["Task Info"];
      info["Task ID"] = next_id++;
      info["Index"] = next_index;
      if (info.contains("Partition ID")) info["Partition ID"] = next_index;
      ++next_index;
      info["Launch Time"] = launch + piece * each;
      info["Finish Time"] = launch + (piece + 1) * each;
      Json start = {{"Event", "SparkListenerTaskStart"},
                    {"Stage ID", stage->id},
                    {"Stage Attempt ID", stage->attempt},
                    {"Task Info", info}};
      start["Task Info"]["Finish Time"] = 0;
      added.push_back(std::move(start));
      added.push_back(std::move(more));
    }
  }
  const auto announce = [&](Json& info) {
    if (Number(info, {"Stage ID"}) == stage->id) Scale(info, "Number of Tasks", pieces);
  };
  for (Json& event : events.list) {
    if (event.contains("Stage Info")) announce(event["Stage Info"]);
    if (!event.contains("Stage Infos")) continue;
    for (Json& info : event["Stage Infos"]) announce(info);
  }
  for (Json& event : added) events.InsertInStage(*stage, std::move(event));
  return true;
}

// A failed attempt of the task before the one that succeeded, as long as that; what follows moves back.
void FailFirst(Events& events, const StageRun& stage, std::size_t end, std::int64_t failed_id, const Json& reason) {
  Json failed = events.list[end];
  Json& info = failed["Task Info"];
  const std::int64_t length = Duration(failed);
  info["Task ID"] = failed_id;
  info["Failed"] = true;
  failed["Task End Reason"] = reason;
  Json start = {{"Event", "SparkListenerTaskStart"},
                {"Stage ID", stage.id},
                {"Stage Attempt ID", stage.attempt},
                {"Task Info", info}};
  start["Task Info"]["Finish Time"] = 0;
  start["Task Info"]["Failed"] = false;
  Json& again = events.list[end]["Task Info"];
  again["Launch Time"] = Number(again, {"Launch Time"}).value_or(0) + length;
  again["Attempt"] = Number(again, {"Attempt"}).value_or(0) + 1;
  const std::int64_t id = Number(again, {"Task ID"}).value_or(-1);
  for (Json& event : events.list) {
    if (!IsEvent(event, "SparkListenerTaskStart") || Number(event, {"Task Info", "Task ID"}) != id) continue;
    event["Task Info"]["Launch Time"] = again["Launch Time"];
    event["Task Info"]["Attempt"] = again["Attempt"];
  }
  events.InsertInStage(stage, std::move(start));
  events.InsertInStage(stage, std::move(failed));
  events.Delay(stage, end, length);
}

// The last `count` tasks of the stage fail once each. From the end on: events move to behind those still to be changed.
void FailTasks(Events& events, std::size_t count, const Json& reason) {
  std::set<std::int64_t> done;
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<StageRun> stage = events.MainStage();
    if (!stage) return;
    const auto next = std::find_if(stage->ends.rbegin(), stage->ends.rend(), [&](std::size_t end) {
      return !done.contains(Number(events.list[end], {"Task Info", "Task ID"}).value_or(-1));
    });
    if (next == stage->ends.rend()) return;
    done.insert(Number(events.list[*next], {"Task Info", "Task ID"}).value_or(-1));
    const std::int64_t id = events.Largest("SparkListenerTaskStart", {"Task Info", "Task ID"}) + 1;
    FailFirst(events, *stage, *next, id, reason);
  }
}

std::size_t PartOf(const StageRun& stage, double share) {
  return std::max<std::size_t>(1,
                               static_cast<std::size_t>(std::lround(static_cast<double>(stage.ends.size()) * share)));
}

bool FailShare(Events& events, double share) {
  const std::optional<StageRun> stage = events.MainStage();
  if (!stage) return false;
  const Json reason = {{"Reason", "ExceptionFailure"},
                       {"Class Name", "java.lang.IllegalStateException"},
                       {"Description", "injected fault"},
                       {"Stack Trace", Json::array()},
                       {"Full Stack Trace", "java.lang.IllegalStateException: injected fault"},
                       {"Accumulator Updates", Json::array()}};
  FailTasks(events, PartOf(*stage, share), reason);
  return true;
}

// The executor of the stage's last task goes away while its tasks run; they run again.
bool LoseExecutor(Events& events, double share) {
  const std::optional<StageRun> stage = events.MainStage();
  if (!stage) return false;
  const std::string executor = events.list[stage->ends.back()]["Task Info"].value("Executor ID", "");
  if (executor.empty() || executor == "driver") return false;
  const std::string why = "Container killed on request. Exit code is 137";
  const Json reason = {
      {"Reason", "ExecutorLostFailure"}, {"Executor ID", executor}, {"Exit Caused By App", true}, {"Loss Reason", why}};
  FailTasks(events, PartOf(*stage, share), reason);
  const std::optional<StageRun> after = events.MainStage();
  if (!after) return false;
  events.InsertInStage(*after, {{"Event", "SparkListenerExecutorRemoved"},
                                {"Timestamp", after->completed - 1},
                                {"Executor ID", executor},
                                {"Removed Reason", why}});
  return true;
}

using Apply = bool (*)(Events&, double);
struct Row {
  Mutation mutation;
  Apply apply;
};

const std::vector<Row>& MutationRows() {
  static const std::vector<Row> rows{
      {{"stretch-task",
        "bytes, records and time of one task, times",
        {2, 4, 8, 16, 32, 64},
        {"spark.core.skewed_join", "spark.core.skewed_aggregation", "spark.core.skewed_shuffle",
         "spark.core.skewed_input", "spark.core.skewed_output", "spark.core.few_row_groups"}},
       [](Events& events, double level) { return StretchTask(events, level, true); }},
      {{"slow-task",
        "time of one task with the same data, times",
        {2, 4, 8, 16, 32, 64},
        {"spark.core.stalled_tasks", "spark.core.stragglers", "spark.core.slow_host"}},
       [](Events& events, double level) { return StretchTask(events, level, false); }},
      {{"gc",
        "garbage collection as a share of the run time of a stage's tasks",
        {0.05, 0.1, 0.2, 0.4, 0.6},
        {"spark.core.gc_heavy", "spark.core.heap_pressure", "spark.core.object_churn"}},
       AddGc},
      {{"spill",
        "bytes spilled to disk by the tasks of a stage, a byte read",
        {0.1, 0.5, 1, 2, 4},
        {"spark.core.spill", "spark.core.partition_exceeds_memory"}},
       AddSpill},
      {{"driver-gap",
        "share of the run in which nothing runs, between two jobs",
        {0.02, 0.05, 0.1, 0.2, 0.4},
        {"spark.core.driver_gaps"}},
       AddGap},
      {{"split-tasks",
        "pieces of each task of a stage",
        {4, 16, 64, 256},
        {"spark.core.tiny_partitions", "spark.core.small_splits"}},
       SplitTasks},
      {{"fail-tasks",
        "share of a stage's tasks that fail once",
        {0.05, 0.1, 0.25, 0.5},
        {"spark.core.tasks_throw", "spark.core.tasks_fail"}},
       FailShare},
      {{"lose-executor",
        "share of a stage's tasks that run again after the loss of their executor",
        {0.05, 0.1, 0.25, 0.5},
        {"spark.core.executors_lost", "spark.core.container_too_small"}},
       LoseExecutor},
  };
  return rows;
}

}  // namespace

std::span<const Mutation> Mutations() {
  static const std::vector<Mutation> mutations = [] {
    std::vector<Mutation> list;
    for (const Row& row : MutationRows()) list.push_back(row.mutation);
    return list;
  }();
  return mutations;
}

std::optional<std::string> Mutate(std::string_view text, const Mutation& mutation, double level) {
  const auto row =
      std::ranges::find_if(MutationRows(), [&](const Row& one) { return one.mutation.name == mutation.name; });
  std::optional<Events> events = Events::Parse(text);
  if (row == MutationRows().end() || !events || !row->apply(*events, level)) return std::nullopt;
  return events->Text();
}

}  // namespace advise::workbench
